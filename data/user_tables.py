"""A planner's table as entries: one figure each, whether the file is tidy (a row a figure) or wide (a column a year)."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from data.catalogue import TABLE_COLUMNS
from data.faults import InputFault
from data.sentences import phrased, phrased_number
from data.user_cells import is_missing, read_date, read_period
from data.user_words import TOTALS, WIDER_PLACES, column_of, plain

# What a spreadsheet takes for a formula, also behind blanks, which it drops, and in wide letters, or for an error; an apostrophe before it
# may be ours.
FORMULA = re.compile(r"'*(?:[\t\r]|\s*[=+\-@＝＋－＠]|\s*#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!)\s*$)", re.IGNORECASE)
REQUIRED = {"facts": ("place", "measure", "period", "value"), "targets": ("place", "measure", "due", "value")}
DATES_AS_YEARS = {
    "01-01": phrased("dates at the beginning of a year are taken for years"),
    "12-31": phrased("dates at the end of a year are taken for years"),
}


class Entry(NamedTuple):
    """One figure of a user's file: its cells by column of the tables, but for empty ones, and the headers that they stand under."""

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
        there = what_is_there(table, kind, missing)
        raise InputFault(phrased("{file}: missing column {columns}; {there}", file=name, columns=", ".join(missing), there=there))
    if table.empty:
        raise InputFault(phrased("{file}: no rows below the column names", file=name))
    if "period" in headers:
        years = dates_that_are_years(table[headers["period"]])
    columns = {column: [unguarded(text) for text in table[header].tolist()] for column, header in headers.items()}
    used = {column for column in defaults if not all(columns.get(column, [""]))}
    for column in used:
        columns[column] = [text or defaults[column] for text in columns.get(column, [""] * len(table))]
    if years and not wide:
        columns["period"] = [day[:4] for day in columns["period"]]
    if periods:  # as many figures in a row as there are periods, each under its own header
        figures = [[text.strip() for text in table[header].tolist()] for header in periods]
        at = [(period, named | dict.fromkeys(("period", "value"), header.strip())) for header, period in periods.items()]
    else:
        figures, at = [columns["value"]], [("", named)]
    names_of_totals = {place for place in set(columns["place"]) if plain(place).casefold() in TOTALS}
    found, absent, totals = [], 0, 0
    rows = zip(*columns.values(), strict=True)
    for index, texts, values in zip(table.index.tolist(), rows, zip(*figures, strict=True), strict=True):
        cells = {column: text for column, text in zip(columns, texts, strict=True) if text}
        if cells.get("place") in names_of_totals:
            totals += 1
            continue
        for (period, heads), value in zip(at, values, strict=True):
            if is_missing(value):
                absent += 1
            elif not periods:
                found.append(Entry(index + 2, cells, heads))
            elif value:
                found.append(Entry(index + 2, cells | {"period": period, "value": value}, heads))
    unused = [header.strip() for header in table.columns if header not in (*headers.values(), *periods)]
    notes: list[str] = [phrased("column {column} is not used", column=header) for header in unused if header]
    notes += [
        phrased("--{column} is not used: every row names its own", column=column) for column in defaults if column not in used
    ]
    notes += [years] if years else []
    notes += [phrased_number("{number} row of totals left out", "{number} rows of totals left out", totals)] if totals else []
    if absent:
        notes += [phrased_number("{number} figure not available, left out", "{number} figures not available, left out", absent)]
    return found, tuple(phrased("{file}: {note}", file=name, note=note) for note in notes)


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
                raise both_mean(name, column, headers[column], header)
        elif column and column in headers:
            raise both_mean(name, column, headers[column], header)
        if column:
            headers[column] = header
    return headers


def both_mean(name: str, column: str, one: str, other: str) -> InputFault:
    """Refuse two headers that mean the same column."""
    return InputFault(
        phrased(
            "{file}: columns {one} and {other} both mean {column}; keep one",
            file=name,
            one=one.strip(),
            other=other.strip(),
            column=column,
        )
    )


def what_is_there(table: pd.DataFrame, kind: str, missing: list[str]) -> str:
    """Say which columns were found and which layouts are allowed."""
    wide = phrased(", or place, measure and a column a year (if the rows are the years, turn the table)") if kind == "facts" else ""
    option = set(missing) <= {"place", "measure"}
    return phrased(
        "found {found}; required: {required}{wide}{option}",
        found=", ".join(header.strip() for header in table.columns),
        required=", ".join(REQUIRED[kind]),
        wide=wide,
        option=phrased("; if they are all alike, import the file with --{column}", column=missing[0]) if option else "",
    )


def dates_that_are_years(texts: Iterable[str]) -> str:
    """Tell whether dates mean years: all on the first or all on the last day of one; '' if not, else a note that says so."""
    try:
        days = {read_date(text)[5:] for text in texts if text.strip()}
    except ValueError:
        return ""
    return DATES_AS_YEARS.get(days.pop(), "") if len(days) == 1 else ""


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
    """Neutralise what a spreadsheet would take for a formula or an error; what looks neutralised already is so once more, to come back as it is."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Undo `guarded`, and drop spaces around."""
    text = text.strip()
    return text[1:].strip() if text.startswith("'") and FORMULA.match(text, 1) else text
