"""A planner's own figures and targets: every fault with its row and column, all at once, before anything is used."""

import re
from dataclasses import asdict, replace
from datetime import date
from math import isnan
from pathlib import Path

import pandas as pd

from data.catalogue import TABLE_COLUMNS, Catalogue, read_csv_text, read_numbers, read_table
from data.faults import InputFault, cell_faults, file_faults
from data.records import Fact, Record, Target, records

FACT_REQUIRED = ("place", "measure", "period", "value")
TARGET_REQUIRED = ("place", "measure", "due", "value")
FACT_DEFAULTS = {"scope": "total", "kind": "level", "status": "observed", "wording": "exact"}
TARGET_DEFAULTS = {"scope": "total", "kind": "level", "wording": "at_least", "due_basis": "stated", "match": "exact"}
WORDINGS = ("exact", "about", "nearly", "over", "at_least", "under", "range")
STATUSES = ("observed", "forecast")
FACT_KINDS = ("level", "growth", "average_growth", "multiple", "sum")
TARGET_KINDS = ("level", "count", "average_growth", "multiple")
UNITS_OF_KIND = {"growth": "percent", "average_growth": "percent", "multiple": "ratio"}
UNITS_OF_QUANTITY = {
    "money": ("USD", "CNY", "HKD"),
    "people": ("persons",),
    "count": ("count",),
    "share": ("percent",),
    "area": ("m2",),
}
ALL_UNITS = tuple(unit for units in UNITS_OF_QUANTITY.values() for unit in units)
YEAR = re.compile(r"(19|20)\d\d")
SPAN = re.compile(r"(19|20)\d\d/(19|20)\d\d")

CellFaults = dict[tuple[int, str], str]  # (row, column) -> what is wrong; the first fault of a cell stands


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
        catalogue = replace(catalogue, places=with_names(catalogue.places, path / "places.csv", "places"))
    if (path / "measures.csv").exists():
        catalogue = replace(catalogue, measures=with_names(catalogue.measures, path / "measures.csv", "measures"))
    if (path / "facts.csv").exists():
        catalogue = add_user_facts(catalogue, path / "facts.csv")
    if (path / "targets.csv").exists():
        catalogue = add_user_targets(catalogue, path / "targets.csv")
    return catalogue


def with_names(known: pd.DataFrame, path: Path, table: str) -> pd.DataFrame:
    """Add a user's table of places or measures; a name that is known already is described anew."""
    from data.schemas import schema_faults  # pandera takes a second to import and serves nothing else

    rows = read_table(path, table)
    faults = schema_faults(table, rows)
    if faults:
        raise file_faults(path.name, faults)
    key = table[:-1]
    return pd.concat([known[~known[key].isin(rows[key])], rows], ignore_index=True)


def add_user_facts(catalogue: Catalogue, path: Path) -> Catalogue:
    """Add the figures of one tidy file; a measure that is new is taken for a positive flow, with a note."""
    catalogue, rows, faults = user_records(catalogue, path, "facts", Fact, FACT_REQUIRED, FACT_DEFAULTS)
    seen: dict[tuple[str, ...], float] = {}
    for row in rows:
        for cell, fault in fact_faults(catalogue, row).items():
            faults.setdefault(cell, fault)
        key = (row.place, row.measure, row.scope, row.unit, row.period, row.kind, row.source)
        if "" in key:
            continue
        if key in seen:
            faults[int(row.line), ""] = (
                f"a second figure for the same place, measure, scope, unit and period as row {seen[key]:.0f}"
            )
        seen.setdefault(key, row.line)
    if faults:
        raise cell_faults(path.name, faults)
    dated = [replace(row, known_by=row.known_by or f"{row.period[-4:]}-12-31") for row in rows]
    return replace(catalogue, facts=with_rows(catalogue.facts, dated))


def add_user_targets(catalogue: Catalogue, path: Path) -> Catalogue:
    """Add the targets of one table; each is matched with the series of its own place, measure, scope and unit.

    A target without `known_by` belongs to every vintage and is assessed with all that is known.
    """
    catalogue, rows, faults = user_records(catalogue, path, "targets", Target, TARGET_REQUIRED, TARGET_DEFAULTS)
    for row in rows:
        for cell, fault in target_faults(catalogue, row).items():
            faults.setdefault(cell, fault)
    if faults:
        raise cell_faults(path.name, faults)
    return replace(catalogue, targets=with_rows(catalogue.targets, rows))


def with_rows(table: pd.DataFrame, rows: list[Fact] | list[Target]) -> pd.DataFrame:
    """Append records to a table."""
    added = pd.DataFrame([asdict(row) for row in rows])[list(table.columns)]
    return added if table.empty else pd.concat([table, added], ignore_index=True)


def user_records(
    catalogue: Catalogue, path: Path, table: str, kind: type[Record], required: tuple[str, ...], defaults: dict[str, str]
) -> tuple[Catalogue, list[Record], CellFaults]:
    """Read a user's table: required columns checked, optional ones filled, names resolved (new ones are added with a note).

    The faults are the required cells that are empty and the numbers that are none; those cells are '' and NaN in the records.
    """
    text = read_csv_text(path)
    text.columns = pd.Index([str(column).strip().casefold() for column in text.columns])
    missing = [column for column in required if column not in text.columns]
    if missing:
        found = ", ".join(text.columns)
        raise InputFault(f"{path.name}: missing column {', '.join(missing)}; found {found}; required: {', '.join(required)}")
    columns = {**TABLE_COLUMNS[table], "known_by": False}
    rows = pd.DataFrame({c: text[c].str.strip() if c in text.columns else "" for c in columns}, index=text.index, dtype=str)
    if rows.empty:
        raise InputFault(f"{path.name}: no rows below the column names")
    faults = {(row + 2, column): "empty" for column in required for row in rows.index[rows[column] == ""]}
    for column, default in (defaults | {"source": path.name}).items():
        rows[column] = rows[column].where(rows[column] != "", default)
    rows["line"] = [str(row + 2) for row in rows.index]
    stem, taken = path.stem, set(getattr(catalogue, table)[table[:-1]])
    while any(f"{stem}-{row + 2}" in taken for row in rows.index):  # two folders may both hold a facts.csv
        stem += "+"
    rows[table[:-1]] = [f"{stem}-{row + 2}" for row in rows.index]
    numbers, unread = read_numbers(rows, [column for column, numeric in columns.items() if numeric])
    read = []
    for row in records(numbers, kind):
        catalogue, place = resolved(catalogue, "place", row.place, path.name)
        catalogue, measure = resolved(catalogue, "measure", row.measure, path.name)
        unit = row.unit or default_unit(catalogue, measure, row.kind)
        read.append(replace(row, place=place, measure=measure, unit=unit))
    return catalogue, read, unread | faults


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


def allowed_units(catalogue: Catalogue, measure: str, kind: str) -> tuple[str, ...]:
    """Return the units that a figure of this measure and kind may have; a measure that only the user knows may have any."""
    if kind in UNITS_OF_KIND:
        return (UNITS_OF_KIND[kind],)
    rows = catalogue.measures[catalogue.measures["measure"] == measure]
    described = bool((rows["definition"] != "").any())
    return UNITS_OF_QUANTITY[str(rows["quantity"].iloc[0])] if described else ALL_UNITS


def default_unit(catalogue: Catalogue, measure: str, kind: str) -> str:
    """Return the unit of a figure without one: the only one allowed; money must name its currency; a new measure is a count."""
    units = allowed_units(catalogue, measure, kind)
    return "count" if units == ALL_UNITS else units[0] if len(units) == 1 else ""


def fact_faults(catalogue: Catalogue, row: Fact) -> CellFaults:
    """List what is wrong with one figure of the user."""
    spans = row.kind in ("average_growth", "sum")
    least = -100.0 if row.kind in ("growth", "average_growth") else 0.0
    return failed(
        row.line,
        [
            one_of("kind", row.kind, FACT_KINDS),
            one_of("status", row.status, STATUSES),
            one_of("wording", row.wording, WORDINGS),
            (
                "period",
                row.period,
                bool((SPAN if spans else YEAR).fullmatch(row.period)),
                "allowed: " + ("two years such as 2007/2011" if spans else "a year such as 2012"),
            ),
            ("value", f"{row.value:g}", row.value > least, f"allowed: above {least:g}"),
            ("value", f"{row.value:g}", row.kind not in ("level", "sum") or sized(row.value), SIZES),
            one_of("unit", row.unit, allowed_units(catalogue, row.measure, row.kind)),
            range_check(row),
            date_check(row),
        ],
    )


def target_faults(catalogue: Catalogue, row: Target) -> CellFaults:
    """List what is wrong with one target of the user."""
    return failed(
        row.line,
        [
            one_of("kind", row.kind, TARGET_KINDS),
            one_of("wording", row.wording, WORDINGS),
            ("value", f"{row.value:g}", row.value > 0, "a target is a positive number"),
            ("value", f"{row.value:g}", sized(row.value), SIZES),
            ("due", f"{row.due:g}", row.due % 1 == 0 and 1990 <= row.due <= 2100, "allowed: a year from 1990 to 2100"),
            one_of("unit", row.unit, allowed_units(catalogue, row.measure, row.kind)),
            range_check(row),
            date_check(row),
        ],
    )


SMALLEST, LARGEST = 1e-9, 1e21  # beyond these nobody counts, and logarithms of sums lose their digits
SIZES = f"allowed: from {SMALLEST:g} to {LARGEST:g}"

Check = tuple[str, str, bool, str]  # column, what was found, whether it is good, what is allowed


def sized(value: float) -> bool:
    """Tell whether a positive number is of a size that somebody may count; others are refused for their sign."""
    return not value > 0 or SMALLEST <= value <= LARGEST


def one_of(column: str, found: str, allowed: tuple[str, ...]) -> Check:
    """Check a word against the words allowed."""
    return column, found, found in allowed, f"allowed: {', '.join(allowed)}"


def range_check(row: Fact | Target) -> Check:
    """Check that a range has two ends in order."""
    found = "" if isnan(row.value_high) else f"{row.value_high:g}"
    return (
        "value_high",
        found,
        row.wording != "range" or row.value_high > row.value or isnan(row.value),
        "a range needs one above value",
    )


def date_check(row: Fact | Target) -> Check:
    """Check the date from which a figure may be used."""
    return "known_by", row.known_by, row.known_by == "" or is_date(row.known_by), "allowed: a date such as 2013-06-30"


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar, written like 2013-06-30."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def failed(line: float, checks: list[Check]) -> CellFaults:
    """Name the failed checks of one row by row and column."""
    return {(int(line), column): f"{found!r} found; {allowed}" for column, found, good, allowed in checks if not good}
