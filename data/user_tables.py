"""A planner's table as entries: one figure each, whether the file is tidy (a row a figure) or wide (a column a year)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data.catalogue import TABLE_COLUMNS
from data.faults import InputFault
from data.user_cells import is_missing, read_period
from data.user_words import column_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
REQUIRED = {"facts": ("place", "measure", "period", "value"), "targets": ("place", "measure", "due", "value")}


@dataclass(frozen=True)
class Entry:
    """One figure of a user's file: the cells by column of the tables ('' if absent), and where they stand."""

    row: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]

    def place(self, column: str) -> tuple[int, str]:
        """Return row and column in the words of the file, for a fault."""
        return self.row, self.headers.get(column, column)


def table_kind(table: pd.DataFrame) -> str:
    """Tell a table of targets, which has a column of due years, from one of facts."""
    known = (*TABLE_COLUMNS["targets"], "known_by")
    return "targets" if any(column_of(header, known) == "due" for header in table.columns) else "facts"


def entries(name: str, table: pd.DataFrame, kind: str, defaults: Mapping[str, str]) -> tuple[list[Entry], tuple[str, ...]]:
    """Cut a table into entries; `defaults` fill columns that the file lacks.

    Returns
    -------
    entries, notes
        Notes name columns that are not used and count the figures that the file says are not available.

    Raises
    ------
    InputFault
        If a required column is missing, two columns mean the same, or there are no rows.
    """
    known = (*TABLE_COLUMNS[kind], "known_by")
    meant = {header: column_of(header, known) for header in table.columns}
    headers: dict[str, str] = {}
    for header, column in meant.items():
        if column in headers:
            raise InputFault(f"{name}: columns {headers[column]} and {header} both mean {column}; keep one")
        if column:
            headers[column] = header.strip()
    periods = {} if {"period", "value"} & set(headers) or kind == "targets" else period_columns(table)
    given = {column: value for column, value in defaults.items() if column not in headers}
    missing = [
        column for column in REQUIRED[kind] if column not in (*headers, *given) and not (periods and column in ("period", "value"))
    ]
    if missing:
        found = ", ".join(header.strip() for header in table.columns)
        wide = ", or a column a year in place of period and value" if kind == "facts" else ""
        option = f"; if they are all alike, import the file with --{missing[0]}" if set(missing) <= {"place", "measure"} else ""
        required = ", ".join(REQUIRED[kind])
        raise InputFault(f"{name}: missing column {', '.join(missing)}; found {found}; required: {required}{wide}{option}")
    if table.empty:
        raise InputFault(f"{name}: no rows below the column names")
    unused = [header.strip() for header, column in meant.items() if not column and header not in periods and header.strip()]
    found_entries = []
    absent = 0
    for index, texts in zip(table.index, table.to_dict("records"), strict=True):
        cells = dict.fromkeys(known, "") | given | {column: unguarded(texts[header]) for header, column in meant.items() if column}
        row = int(index) + 2
        if not periods:
            absent += is_missing(cells["value"])
            if not is_missing(cells["value"]):
                found_entries.append(Entry(row, cells, headers))
            continue
        for header, period in periods.items():
            value = texts[header].strip()
            absent += is_missing(value)
            if value and not is_missing(value):
                at = headers | dict.fromkeys(("period", "value"), header.strip())
                found_entries.append(Entry(row, cells | {"period": period, "value": value}, at))
    notes = [f"{name}: column {header} is not used" for header in unused]
    if absent:
        notes.append(f"{name}: {absent} figure{'s' if absent > 1 else ''} not available, left out")
    return found_entries, tuple(notes)


def period_columns(table: pd.DataFrame) -> dict[str, str]:
    """Return the headers that are years, quarters or months, with the period that each means."""
    found = {}
    for header in table.columns:
        try:
            found[header] = read_period(header)
        except ValueError:
            continue
    return found


def guarded(text: str) -> str:
    """Neutralise a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def unguarded(text: str) -> str:
    """Undo `guarded`, and drop spaces around."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
