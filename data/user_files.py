"""A planner's own figures and targets: every fault with its row and column, all at once, before anything is used."""

import re
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from data.catalogue import TABLE_COLUMNS, Catalogue, read_csv_text, read_table, with_numbers
from data.faults import InputFault, file_faults
from data.records import Fact, Record, Target, records

FACT_REQUIRED = ("place", "measure", "period", "value")
TARGET_REQUIRED = ("place", "measure", "due", "value")
FACT_DEFAULTS = {"scope": "total", "kind": "level", "status": "observed", "wording": "exact"}
TARGET_DEFAULTS = {"scope": "total", "kind": "level", "wording": "at_least", "due_basis": "stated", "match": "exact"}
WORDINGS = ("exact", "about", "nearly", "over", "at_least", "under", "range")
FACT_KINDS = ("level", "growth", "average_growth", "multiple", "sum")
TARGET_KINDS = ("level", "count", "average_growth", "multiple")
MONEY_UNITS = ("USD", "CNY", "HKD")
UNITS_OF_KIND = {"growth": "percent", "average_growth": "percent", "multiple": "ratio"}
YEAR = re.compile(r"(19|20)\d\d")
SPAN = re.compile(r"(19|20)\d\d/(19|20)\d\d")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
ALWAYS = "9999-12-31"


def add_user_data(catalogue: Catalogue, path: Path) -> Catalogue:
    """Add a folder of tables, or one tidy file of figures, to a catalogue."""
    if not path.is_dir():
        if path.suffix.casefold() != ".csv":
            raise InputFault(f"{path}: expected a folder of tables or a tidy .csv file")
        return add_user_facts(catalogue, path)
    known = [path / f"{table}.csv" for table in ("places", "measures", "facts", "targets")]
    if not any(file.exists() for file in known):
        raise InputFault(f"{path}: holds none of {', '.join(file.name for file in known)}")
    if (path / "places.csv").exists():
        rows = read_table(path / "places.csv", "places")
        catalogue = replace(catalogue, places=pd.concat([catalogue.places, rows], ignore_index=True))
    if (path / "measures.csv").exists():
        rows = read_table(path / "measures.csv", "measures")
        catalogue = replace(catalogue, measures=pd.concat([catalogue.measures, rows], ignore_index=True))
    if (path / "facts.csv").exists():
        catalogue = add_user_facts(catalogue, path / "facts.csv")
    if (path / "targets.csv").exists():
        catalogue = add_user_targets(catalogue, path / "targets.csv")
    return catalogue


def add_user_facts(catalogue: Catalogue, path: Path) -> Catalogue:
    """Add the figures of one tidy file; a measure that is new is taken for a positive flow, with a note."""
    catalogue, rows = user_records(catalogue, path, "facts", Fact, FACT_REQUIRED, FACT_DEFAULTS)
    faults = [fault for row in rows for fault in fact_faults(catalogue, row)]
    seen: dict[tuple[str, ...], float] = {}
    for row in rows:
        key = (row.place, row.measure, row.scope, row.unit, row.period, row.kind, row.source)
        if key in seen:
            faults.append(
                f"row {row.line:.0f}: a second figure for the same place, measure, scope, unit and period as row {seen[key]:.0f}"
            )
        seen.setdefault(key, row.line)
    if faults:
        raise file_faults(path.name, faults)
    dated = [replace(row, known_by=row.known_by or f"{row.period[-4:]}-12-31") for row in rows]
    return replace(catalogue, facts=with_rows(catalogue.facts, dated))


def add_user_targets(catalogue: Catalogue, path: Path) -> Catalogue:
    """Add the targets of one table; each is matched with the series of its own place, measure, scope and unit."""
    catalogue, rows = user_records(catalogue, path, "targets", Target, TARGET_REQUIRED, TARGET_DEFAULTS)
    faults = [fault for row in rows for fault in target_faults(catalogue, row)]
    if faults:
        raise file_faults(path.name, faults)
    dated = [replace(row, known_by=row.known_by or ALWAYS) for row in rows]
    return replace(catalogue, targets=with_rows(catalogue.targets, dated))


def with_rows(table: pd.DataFrame, rows: list[Fact] | list[Target]) -> pd.DataFrame:
    """Append records to a table."""
    added = pd.DataFrame([asdict(row) for row in rows])[list(table.columns)]
    return added if table.empty else pd.concat([table, added], ignore_index=True)


def user_records(
    catalogue: Catalogue, path: Path, table: str, kind: type[Record], required: tuple[str, ...], defaults: dict[str, str]
) -> tuple[Catalogue, list[Record]]:
    """Read a user's table: required columns checked, optional ones filled, names resolved (new ones are added with a note)."""
    text = read_csv_text(path)
    text.columns = pd.Index([str(column).strip().casefold() for column in text.columns])
    missing = [column for column in required if column not in text.columns]
    if missing:
        found = ", ".join(text.columns)
        raise InputFault(f"{path.name}: missing column {', '.join(missing)}; found {found}; required: {', '.join(required)}")
    columns = {**TABLE_COLUMNS[table], "known_by": False}
    rows = pd.DataFrame({c: text[c].str.strip() if c in text.columns else "" for c in columns}, index=text.index, dtype=str)
    empty = [f"row {row + 2}, column {c}: empty" for c in required for row in rows.index[rows[c] == ""]]
    if empty or rows.empty:
        raise file_faults(path.name, empty or ["no rows below the column names"])
    for column, default in (defaults | {"source": path.name}).items():
        rows[column] = rows[column].where(rows[column] != "", default)
    rows["line"] = [str(row + 2) for row in rows.index]
    rows[table[:-1]] = [f"{path.stem}-{row + 2}" for row in rows.index]
    read = []
    for row in records(with_numbers(rows, [column for column, numeric in columns.items() if numeric], path.name), kind):
        catalogue, place = resolved(catalogue, "place", row.place, path.name)
        catalogue, measure = resolved(catalogue, "measure", row.measure, path.name)
        unit = row.unit or default_unit(catalogue, measure, row.kind)
        read.append(replace(row, place=place, measure=measure, unit=unit))
    return catalogue, read


def resolved(catalogue: Catalogue, kind: str, name: str, file: str) -> tuple[Catalogue, str]:
    """Match a place or measure with the known ones; one that only the user knows is added to the catalogue with a note."""
    try:
        return catalogue, catalogue.find_place(name) if kind == "place" else catalogue.find_measure(name)
    except InputFault:
        pass
    if kind == "place":
        row = {"place": name, "name_en": name, "name_zh": "", "kind": "city", "parent": "", "region": ""}
        places = pd.concat([catalogue.places, pd.DataFrame([row])], ignore_index=True)
        return replace(catalogue, places=places, notes=(*catalogue.notes, f"{file}: new place {name}")), name
    row = {"measure": name, "name_en": name, "name_zh": "", "family": "other", "quantity": "count", "flow_or_stock": "flow"}
    measures = pd.concat([catalogue.measures, pd.DataFrame([row | {"definition": ""}])], ignore_index=True)
    note = f"{file}: new measure {name}, taken for a positive yearly flow of the family 'other'"
    return replace(catalogue, measures=measures, notes=(*catalogue.notes, note)), name


def quantity_of(catalogue: Catalogue, measure: str) -> str:
    """Return what a measure counts: money, people, count, share or area."""
    rows = catalogue.measures
    return str(rows.loc[rows["measure"] == measure, "quantity"].iloc[0])


def default_unit(catalogue: Catalogue, measure: str, kind: str) -> str:
    """Return the unit of a figure without one: percent for growth, persons or count for stocks; money must name its currency."""
    return UNITS_OF_KIND.get(kind, {"money": "", "people": "persons"}.get(quantity_of(catalogue, measure), "count"))


def fact_faults(catalogue: Catalogue, row: Fact) -> list[str]:
    """List what is wrong with one figure of the user."""
    spans = row.kind in ("average_growth", "sum")
    least = -100.0 if row.kind in ("growth", "average_growth") else 0.0
    return listed(
        row.line,
        [
            ("kind", row.kind, row.kind in FACT_KINDS, f"allowed: {', '.join(FACT_KINDS)}"),
            ("wording", row.wording, row.wording in WORDINGS, f"allowed: {', '.join(WORDINGS)}"),
            (
                "period",
                row.period,
                bool((SPAN if spans else YEAR).fullmatch(row.period)),
                "allowed: " + ("two years such as 2007/2011" if spans else "a year such as 2012"),
            ),
            ("value", f"{row.value:g}", row.value > least, f"allowed: above {least:g}"),
            unit_check(catalogue, row),
            (
                "value_high",
                f"{row.value_high:g}",
                row.wording != "range" or row.value_high > row.value,
                "a range needs one above value",
            ),
            (
                "known_by",
                row.known_by,
                row.known_by == "" or bool(DATE.fullmatch(row.known_by)),
                "allowed: a date such as 2013-06-30",
            ),
        ],
    )


def target_faults(catalogue: Catalogue, row: Target) -> list[str]:
    """List what is wrong with one target of the user."""
    return listed(
        row.line,
        [
            ("kind", row.kind, row.kind in TARGET_KINDS, f"allowed: {', '.join(TARGET_KINDS)}"),
            ("wording", row.wording, row.wording in WORDINGS, f"allowed: {', '.join(WORDINGS)}"),
            ("value", f"{row.value:g}", row.value > 0, "a target is a positive number"),
            ("due", f"{row.due:g}", row.due % 1 == 0 and 1990 <= row.due <= 2100, "allowed: a year from 1990 to 2100"),
            unit_check(catalogue, row),
        ],
    )


def unit_check(catalogue: Catalogue, row: Fact | Target) -> tuple[str, str, bool, str]:
    """Check that money names its currency."""
    money = quantity_of(catalogue, row.measure) == "money" and row.kind not in UNITS_OF_KIND
    return "unit", row.unit, not money or row.unit in MONEY_UNITS, f"{row.measure} is money, allowed: {', '.join(MONEY_UNITS)}"


def listed(line: float, checks: list[tuple[str, str, bool, str]]) -> list[str]:
    """Write the failed checks of one row: (column, found, good, what is allowed)."""
    return [f"row {line:.0f}, column {column}: {found!r} found; {allowed}" for column, found, good, allowed in checks if not good]
