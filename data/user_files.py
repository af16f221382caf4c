"""A planner's own figures and targets: every fault with its row and column, all at once, before anything is used."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan, nan
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd

from data.catalogue import TABLE_COLUMNS, Catalogue, read_table
from data.faults import InputFault, cell_faults, file_faults
from data.records import Fact, Target, records
from data.sentences import phrased, phrased_number
from data.text_tables import TEXTS, WORKBOOKS, read_text_table
from data.user_cells import exact, last_day, read_amount, read_date, read_period, read_unit
from data.user_checks import wrong_in_fact, wrong_in_target
from data.user_names import Names
from data.user_tables import REQUIRED, Entry, entries, table_kind, unguarded
from data.user_words import word_of

DEFAULTS = {
    "facts": {"scope": "total", "kind": "level", "status": "observed", "wording": "exact"},
    "targets": {"scope": "total", "kind": "level", "wording": "at_least", "due_basis": "stated", "match": "exact"},
}

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # what no workbook or document can hold
CellFaults = dict[tuple[int, str], str]  # (row, column) -> what is wrong; the first fault of a cell stands


def add_user_data(catalogue: Catalogue, path: Path, defaults: Mapping[str, str] | None = None) -> Catalogue:
    """Add a folder of tables, or one file of figures or targets; `defaults` fill columns that the file lacks."""
    if not path.is_dir():
        if path.suffix.casefold() not in (*TEXTS, *WORKBOOKS):
            raise InputFault(f"{path}: expected a folder of tables or a file ending in {', '.join((*TEXTS, *WORKBOOKS))}")
        return add_user_table(catalogue, path, defaults or {})
    known = [path / f"{table}.csv" for table in ("places", "measures", "facts", "targets")]
    if not any(file.exists() for file in known):
        raise InputFault(f"{path}: holds none of {', '.join(file.name for file in known)}")
    for table in ("places", "measures"):
        if (path / f"{table}.csv").exists():
            catalogue = changed(catalogue, table, with_names(getattr(catalogue, table), path / f"{table}.csv", table))
    for table in ("facts", "targets"):
        if (path / f"{table}.csv").exists():
            catalogue = add_user_table(catalogue, path / f"{table}.csv", {}, table)
    return catalogue


def with_names(known: pd.DataFrame, path: Path, table: str) -> pd.DataFrame:
    """Add a user's table of places or measures; a name that is known already is described anew."""
    from data.schemas import schema_faults  # pandera takes a second to import and serves nothing else

    rows = read_table(path, table)
    faults = schema_faults(table, rows)
    if faults:
        raise file_faults(path.name, faults)
    texts = [column for column, numeric in TABLE_COLUMNS[table].items() if not numeric]
    rows[texts] = rows[texts].map(unguarded)  # as the cells of facts are read
    key = table[:-1]
    return pd.concat([known[~known[key].isin(rows[key])], rows], ignore_index=True)


def add_user_table(catalogue: Catalogue, path: Path, defaults: Mapping[str, str], kind: str = "") -> Catalogue:
    """Add the figures or targets of one file. A target without `known_by` belongs to every vintage.

    A name that nobody knows is added with a note, a measure as a positive yearly flow; a figure that is there already, id and all, is
    not added twice.
    """
    table, notes = read_text_table(path)
    kind = kind or table_kind(table)
    found, more = entries(path.name, table, kind, defaults)
    decimal_comma = bool(table.attrs.get("decimal_comma"))
    names = Names(replace(catalogue, notes=(*catalogue.notes, *notes, *more)))
    faults: CellFaults = {}
    if decimal_comma:
        faults |= {
            entry.place("value"): phrased(
                "{found!r} between semicolons may mean thousands or a decimal; write it without the comma or with a point",
                found=entry.cells["value"],
            )
            for entry in found
            if thousands(entry.cells.get("value", ""))
        }
    usual = dict.fromkeys((*TABLE_COLUMNS[kind], "known_by"), "") | DEFAULTS[kind] | {"source": path.name}
    read = [(entry, user_record(names, entry, kind, usual, faults)) for entry in found]
    twice(read, faults)
    if faults:
        raise cell_faults(path.name, faults)
    catalogue = names.extended(path.name)
    rows = named_apart([row for _, row in read], catalogue, kind)
    if known := len(read) - len(rows):
        note = (
            phrased_number("{number} fact known already, not added twice", "{number} facts known already, not added twice", known)
            if kind == "facts"
            else phrased_number(
                "{number} target known already, not added twice", "{number} targets known already, not added twice", known
            )
        )
        catalogue = replace(catalogue, notes=(*catalogue.notes, phrased("{file}: {note}", file=path.name, note=note)))
    return changed(catalogue, kind, with_rows(getattr(catalogue, kind), kind[:-1], rows))


def thousands(text: str) -> bool:
    """Tell whether a number has one comma and three digits behind it: thousands, or one and a bit."""
    return bool(re.fullmatch(r"[+-]?\d{1,3},\d{3}", text.strip()))


def changed(catalogue: Catalogue, table: str, rows: pd.DataFrame) -> Catalogue:
    """Return the catalogue with another table in the place of one."""
    tables: dict[str, Any] = {table: rows}
    return replace(catalogue, **tables)


def with_rows(table: pd.DataFrame, key: str, rows: Mapping[str, Fact | Target]) -> pd.DataFrame:
    """Append records to a table, in whose column `key` stands the name that each goes by."""
    if not rows:
        return table
    # Each column in its type from the start: on the way through another one every cell would become a text of its own.
    columns = zip(*map(attrgetter(*table.columns), rows.values()), strict=True)
    cells = dict(zip(table.columns, columns, strict=True)) | {key: list(rows)}
    added = pd.DataFrame({name: pd.Series(column, dtype=table[name].dtype) for name, column in cells.items()})
    return added if table.empty else pd.concat([table, added], ignore_index=True)


def named_apart(rows: Sequence[Fact | Target], catalogue: Catalogue, kind: str) -> dict[str, Fact | Target]:
    """Return rows by the name that each goes by, but for those that are known already; an id of another figure is made longer."""
    key = kind[:-1]
    known: Sequence[Fact | Target] = records(catalogue.facts, Fact) if kind == "facts" else records(catalogue.targets, Target)
    held = {getattr(row, key): row for row in known}
    kept = {}
    for row in rows:
        name = getattr(row, key)
        if name in held and same(row, held[name]):
            continue
        while name in held:  # two folders may both hold a facts.csv
            name += "+"
        held[name] = kept[name] = row
    return kept


def same(one: Fact | Target, other: Fact | Target) -> bool:
    """Compare two records field by field; NaN equals NaN."""
    pairs = ((getattr(one, name), getattr(other, name)) for name in one.__annotations__)
    return all(mine == theirs or (mine != mine and theirs != theirs) for mine, theirs in pairs)


def user_record(names: Names, entry: Entry, kind: str, usual: Mapping[str, str], faults: CellFaults) -> Fact | Target:
    """Read one entry; its faults are added to `faults`, and what could not be read is '' or NaN in the record.

    `usual` is what an empty cell of each column stands for; the usual source is the file itself.
    """
    cells = {**usual, **entry.cells}
    document = cells["source"] in names.documents
    optional = ("period", "due") if document else ()  # the documents hold undated figures
    for column in REQUIRED[kind]:
        if not cells[column] and column not in optional and not (kind == "targets" and document):
            faults[entry.place(column)] = phrased("empty")
    letters = "".join(cells.values())
    if "|" in letters or not letters.isprintable():  # rarely, so that all cells are looked at together first
        refuse_letters(entry, cells, faults)
    place = names.place(cells["place"])
    unit, value, high, digits = read_figures(entry, cells, faults)
    words = {column: word_of(column, cells[column]) for column in ("kind", "scope", "wording")}
    if kind == "targets" and words["kind"] == "sum":  # of figures a sum is known; a target aims at one
        words["kind"] = "cumulative"
    measure = names.measure(cells["measure"], unit, words["kind"])
    row: dict[str, Any] = cells | words | {"place": place, "measure": measure, "value": value, "value_high": high}
    row["unit"] = unit or names.default_unit(measure, words["kind"])
    row["line"] = number_cell(entry, "line", faults) if cells["line"] else float(entry.row)
    key = kind[:-1]
    wide = f"-{cells['period']}" if entry.headers.get("value") == entry.headers.get("period") else ""
    row[key] = cells[key] or f"{usual['source'].rpartition('.')[0]}-{entry.row}{wide}"
    if cells["known_by"]:
        row["known_by"] = read_cell(read_date, entry, "known_by", faults)
    elif document:
        row["known_by"] = names.documents[cells["source"]]
    record: Fact | Target
    if kind == "facts":
        row["status"] = word_of("status", cells["status"])
        row["period"] = cells["period"] if document else read_cell(read_period, entry, "period", faults)
        if row["period"] and not row["known_by"] and not document:
            row["known_by"] = last_day(row["period"])
        row["digits"] = number_cell(entry, "digits", faults) if cells["digits"] else digits
        record = Fact(**row)
        wrong = wrong_in_fact(names, record, stated="kind" in entry.cells, document=document)
    else:
        due = read_cell(read_period, entry, "due", faults) if cells["due"] else ""
        row["due"] = float(due[:4]) if due else nan
        record = Target(**row)
        wrong = wrong_in_target(names, record, cells["due"]) if not document else iter(())
    for column, found, allowed in wrong:
        if column not in REQUIRED[kind] or cells[column]:
            text = found if isinstance(found, str) else "" if isnan(found) else f"{found:g}"
            faults.setdefault(entry.place(column), phrased("{found!r} found; {allowed}", found=text, allowed=allowed))
    return record


def refuse_letters(entry: Entry, cells: dict[str, str], faults: CellFaults) -> None:
    """Note the cells that hold what no name or no file may; names among them are emptied."""
    for column in ("place", "measure", "scope", "source"):
        if not cells[column].isprintable():
            faults[entry.place(column)] = phrased("{found!r} holds letters that cannot be printed", found=cells[column])
            cells[column] = ""
        elif "|" in cells[column] and column != "source":
            faults[entry.place(column)] = phrased(
                "{found!r} holds |, which parts names from each other; write another sign", found=cells[column]
            )
            cells[column] = ""
    for column, text in cells.items():
        if UNWRITABLE.search(text) and entry.place(column) not in faults:
            faults[entry.place(column)] = phrased("{found!r} holds letters that cannot be printed", found=text)


def read_figures(entry: Entry, cells: dict[str, str], faults: CellFaults) -> tuple[str, float, float, float]:
    """Read unit, value, upper value and last digit of an entry; a scale in the unit column multiplies the figures."""
    unit, scale = known_unit(cells["unit"])
    values, digits = {"value": nan, "value_high": nan}, nan
    for column in values:
        amount = read_cell(read_amount, entry, column, faults)
        if not amount:
            continue
        values[column] = exact(amount.value, scale)
        if scale != 1 and (amount.unit or not isnan(amount.digits)):
            faults.setdefault(
                entry.place(column),
                phrased(
                    "{found!r} names a unit or scale and so does the unit, {unit}; say it once",
                    found=cells[column],
                    unit=cells["unit"],
                ),
            )
        if amount.unit and unit not in ("", amount.unit):
            faults.setdefault(
                entry.place(column),
                phrased(
                    "{found!r} is in {one}, but the unit is {other}; make them agree",
                    found=cells[column],
                    one=amount.unit,
                    other=unit,
                ),
            )
        unit = unit or amount.unit
        if column == "value":
            if amount.wording and "wording" not in entry.cells:
                cells["wording"] = amount.wording
            if not isnan(amount.digits):
                digits = exact(amount.digits, scale)
            elif scale != 1:
                digits = exact(10.0 ** -len(cells["value"].partition(".")[2].strip("%")), scale)
    return unit, values["value"], values["value_high"], digits


def known_unit(text: str) -> tuple[str, float]:
    """Read a unit with its scale; what is none stays as it is, to be refused beside the units that the measure may have."""
    try:
        return read_unit(text) if text else ("", 1.0)
    except ValueError:
        return text, 1.0


def read_cell(read: Any, entry: Entry, column: str, faults: CellFaults) -> Any:
    """Read one cell; a fault is noted and gives an empty answer."""
    text = entry.cells.get(column, "")
    try:
        return read(text) if text else ""
    except ValueError as error:
        faults.setdefault(entry.place(column), error.args[0])  # not str(error), which forgets what a Sentence keeps
        return ""


def number_cell(entry: Entry, column: str, faults: CellFaults) -> float:
    """Read a plain number."""
    amount = read_cell(read_amount, entry, column, faults)
    return amount.value if amount else nan


def twice(read: list[tuple[Entry, Fact | Target]], faults: CellFaults) -> None:
    """Note every figure that stands in the file twice; targets may be stated twice."""
    seen: dict[tuple[Any, ...], int] = {}
    for entry, row in read:
        if not isinstance(row, Fact) or "" in (row.place, row.measure, row.unit, row.period):
            continue
        place = entry.cells.get("line", "")
        key = (row.place, row.measure, row.scope, row.unit, row.period, row.kind, row.relative_to, row.source, place)
        if key in seen:
            at = (entry.row, entry.headers["value"] if entry.headers.get("value") == entry.headers.get("period") else "")
            faults[at] = phrased("a second figure for the same place, measure, scope, unit and period as row {row}", row=seen[key])
        seen.setdefault(key, entry.row)
