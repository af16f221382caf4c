"""A planner's table as entries: one figure each, whether the file is tidy (a row a figure) or wide (a column a year)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from data.catalogue import TABLE_COLUMNS
from data.faults import InputFault
from data.user_cells import is_missing, read_date, read_period
from data.user_words import TOTALS, WIDER_PLACES, column_of, plain

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
REQUIRED = {"facts": ("place", "measure", "period", "value"), "targets": ("place", "measure", "due", "value")}


@dataclass(frozen=True)
class Entry:
    """One figure of a user's file: the cells by column of the tables ('' if absent), and where they stand."""

    row: int
    cells: dict[str, str]
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
    headers = headers_of(name, table, kind)
    named = {column: header.strip() for column, header in headers.items()}
    wide = not {"period", "value"} & set(headers) and kind == "facts"
    periods, years = period_columns(table) if wide else ({}, "")
    missing = [
        column
        for column in REQUIRED[kind]
        if column not in (*headers, *defaults) and not (periods and column in ("period", "value"))
    ]
    if missing:
        raise InputFault(f"{name}: missing column {', '.join(missing)}; {what_is_there(table, kind, missing)}")
    if table.empty:
        raise InputFault(f"{name}: no rows below the column names")
    if "period" in headers:
        years = dates_that_are_years(table[headers["period"]])
    found, absent, totals, used = [], 0, 0, set()
    empty = dict.fromkeys((*TABLE_COLUMNS[kind], "known_by"), "")
    rows = zip(*(table[header].tolist() for header in table.columns), strict=True)
    for index, row_of_texts in zip(table.index.tolist(), rows, strict=True):
        texts = dict(zip(table.columns, row_of_texts, strict=True))
        cells = empty | {column: unguarded(texts[header]) for column, header in headers.items()}
        used |= {column for column in defaults if not cells[column]}
        cells |= {column: text for column, text in defaults.items() if not cells[column]}
        row = int(index) + 2
        if plain(cells["place"]).casefold() in TOTALS:
            totals += 1
            continue
        if years and not wide:
            cells["period"] = cells["period"][:4]
        figures = [(header, period, texts[header].strip()) for header, period in periods.items()]
        for header, period, value in figures or [("", cells.get("period", ""), cells["value"])]:
            if is_missing(value):
                absent += 1
            elif header and value:
                at = named | dict.fromkeys(("period", "value"), header.strip())
                found.append(Entry(row, cells | {"period": period, "value": value}, at))
            elif not header:
                found.append(Entry(row, cells, named))
    unused = [header.strip() for header in table.columns if header not in (*headers.values(), *periods)]
    notes = [f"column {header} is not used" for header in unused if header]
    notes += [f"--{column} is not used: every row names its own" for column in defaults if column not in used]
    notes += [f"dates at the {years} of a year are taken for years"] if years else []
    notes += [f"{totals} row{'s' if totals > 1 else ''} of totals left out"] if totals else []
    notes += [f"{absent} figure{'s' if absent > 1 else ''} not available, left out"] if absent else []
    return found, tuple(f"{name}: {note}" for note in notes)


def headers_of(name: str, table: pd.DataFrame, kind: str) -> dict[str, str]:
    """Return the header that means each column; of a province and a city the city is the place."""
    known = (*TABLE_COLUMNS[kind], "known_by")
    headers: dict[str, str] = {}
    for header in table.columns:
        column = column_of(header, known)
        if column == "place" and column in headers:
            if plain(header).casefold() in WIDER_PLACES:
                continue
            if plain(headers[column]).casefold() not in WIDER_PLACES:
                raise InputFault(f"{name}: columns {headers[column].strip()} and {header.strip()} both mean {column}; keep one")
        elif column and column in headers:
            raise InputFault(f"{name}: columns {headers[column].strip()} and {header.strip()} both mean {column}; keep one")
        if column:
            headers[column] = header
    return headers


def what_is_there(table: pd.DataFrame, kind: str, missing: list[str]) -> str:
    """Say which columns were found and which layouts are allowed."""
    found = f"found {', '.join(header.strip() for header in table.columns)}; required: {', '.join(REQUIRED[kind])}"
    wide = ", or place, measure and a column a year (if the rows are the years, turn the table)" if kind == "facts" else ""
    option = f"; if they are all alike, import the file with --{missing[0]}" if set(missing) <= {"place", "measure"} else ""
    return found + wide + option


def dates_that_are_years(texts: Iterable[str]) -> str:
    """Tell whether dates mean years: all on the first or all on the last day of one; '' if not, else 'beginning' or 'end'."""
    try:
        days = {read_date(text)[5:] for text in texts if text.strip()}
    except ValueError:
        return ""
    return {"01-01": "beginning", "12-31": "end"}.get(days.pop(), "") if len(days) == 1 else ""


def period_columns(table: pd.DataFrame) -> tuple[dict[str, str], str]:
    """Return the headers that are years, quarters or months, with the period that each means, and whether dates there mean years."""
    found = {}
    for header in table.columns:
        try:
            found[header] = read_period(header)
        except ValueError:
            continue
    years = dates_that_are_years(found)
    return {header: period[:4] for header, period in found.items()} if years else found, years


def guarded(text: str) -> str:
    """Neutralise a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def unguarded(text: str) -> str:
    """Undo `guarded`, and drop spaces around."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
