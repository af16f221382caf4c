"""Files as tables of text: CSV in the encodings and with the separators that occur, XLSX, every cell with its row in the file."""

import csv
import re
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO
from math import nan
from pathlib import Path

import pandas as pd

from data.faults import InputFault, cell_faults
from data.sentences import phrased

SEPARATORS = ",;\t"
WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
LARGEST_FILE = 200_000_000  # bytes, unpacked
TEXT = pd.StringDtype("python", na_value=nan)  # read cell by cell: twice as fast as the same kept by pyarrow


def read_text_table(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a CSV or XLSX file with every cell as text, '' for empty ones; the index is the row in the file less two.

    Returns
    -------
    table, notes : DataFrame, tuple of str
        Column names as they stand in the file; what a user may want to know about the reading.

    Raises
    ------
    InputFault
        If the file cannot be read, is empty, names a column twice, or a row has more cells than there are columns.
    """
    ending = path.suffix.casefold()
    if ending not in (*WORKBOOKS, *TEXTS):
        raise InputFault(
            phrased(
                "{file}: not a table that can be read; allowed: {allowed}", file=path.name, allowed=", ".join((*TEXTS, *WORKBOOKS))
            )
        )
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputFault(
                phrased("{file}: larger than {size} MB; cut it into several files", file=path.name, size=LARGEST_FILE // 1_000_000)
            )
        rows, notes = workbook_rows(path) if ending in WORKBOOKS else csv_rows(path)
    except FileNotFoundError:
        raise InputFault(phrased("{path}: no such file", path=path)) from None
    except OSError as error:
        raise InputFault(phrased("{path}: cannot be read ({reason})", path=path, reason=error.strerror or error)) from None
    table = table_of(path.name, rows)
    table.attrs["decimal_comma"] = f"{path.name}: separated by semicolons" in notes
    return table, tuple(note for note in notes if not note.endswith("semicolons"))


def csv_rows(path: Path) -> tuple[list[list[str]], tuple[str, ...]]:
    """Return the rows of a CSV file."""
    text, note = decoded(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), strict=True, skipinitialspace=True, delimiter=separator))
    except csv.Error as error:
        raise InputFault(
            phrased("{file}: not a readable CSV file: {reason}; see to its quotation marks", file=path.name, reason=error)
        ) from None
    return rows, (*note, f"{path.name}: separated by semicolons") if separator == ";" else note


def decoded(path: Path) -> tuple[str, tuple[str, ...]]:
    """Decode a text file: by its byte order mark, as UTF-8, or as GB 18030, which holds GBK and GB 2312."""
    content = path.read_bytes()
    if content.startswith(BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, (phrased("{file}: read as Chinese text in GBK", file=path.name),) if encoding == "gb18030" else ()
    raise InputFault(phrased("{file}: neither UTF-8 nor GBK text; save it as UTF-8", file=path.name))


def workbook_rows(path: Path) -> tuple[list[list[str]], tuple[str, ...]]:
    """Return the rows of the first visible sheet that holds a table; the stored results stand for formulas."""
    from openpyxl import load_workbook  # only those who bring a workbook wait for it

    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > LARGEST_FILE:
            raise InputFault(
                phrased(
                    "{file}: larger than {size} MB unpacked; cut it into several files",
                    file=path.name,
                    size=LARGEST_FILE // 1_000_000,
                )
            )
        results, formulas = (load_workbook(path, read_only=True, data_only=stored) for stored in (True, False))
        filled: list[tuple[bool, bool, int, str, list[list[str]]]] = []
        for sheet, written in zip(results.worksheets, formulas.worksheets, strict=True):
            rows = [
                [cell_text(cell.value, str(cell.number_format), source.value) for cell, source in zip(row, sources, strict=True)]
                for row, sources in zip(sheet.iter_rows(), written.iter_rows(), strict=True)
            ]
            if any(cell for row in rows for cell in row):
                table = sum(len(trimmed(row)) > 1 for row in rows) > 1
                filled.append((sheet.sheet_state != "visible", not table, len(filled), sheet.title, rows))
        results.close()
        formulas.close()
    except (InputFault, OSError):
        raise
    except Exception as error:  # a damaged workbook fails in every way that zip, XML and openpyxl know
        raise InputFault(
            phrased(
                "{file}: not a readable XLSX file ({reason}); save it again or as CSV", file=path.name, reason=type(error).__name__
            )
        ) from None
    if not filled:
        return [], ()
    *_, title, rows = min(filled, key=lambda one: one[:3])
    if len(filled) == 1:
        return rows, ()
    return rows, (
        phrased(
            "{file}: only the sheet {sheet} was read, of {number} with content", file=path.name, sheet=title, number=len(filled)
        ),
    )


def cell_text(value: object, number_format: str, formula: object) -> str:
    """Write a cell of a workbook as its reader sees it; a formula that was never computed stands for itself."""
    if value is None:
        return formula if isinstance(formula, str) and formula.startswith("=") else ""
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).casefold()  # without literal text, escapes and colours
    if isinstance(value, datetime | date):
        return str(value.year) if "y" in shown and "m" not in shown else value.isoformat()[:10]
    if isinstance(value, float | int) and not isinstance(value, bool):
        if "%" in shown:
            return f"{100 * value:.12g}%"
        return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def table_of(name: str, read: Iterable[list[str]]) -> pd.DataFrame:
    """Make a table of text of the rows of a file; the first row with anything in it names the columns."""
    # A row that is blank is no row, yet it counts: the user's editor numbers it too.
    rows = {number: cells for number, cells in enumerate(read, start=1) if "".join(cells).strip()}
    if not rows:
        raise InputFault(phrased("{file}: the file is empty; its first line must hold the column names", file=name))
    # A title above the column names has one cell.
    header = next((number for number, cells in rows.items() if sum(bool(cell.strip()) for cell in cells) != 1), min(rows))
    names = [one_line(cell) for cell in trimmed(rows[header])]
    rows = {number: cells for number, cells in rows.items() if number > header}
    twice = sorted({one for one in names if sum(one.strip().casefold() == other.strip().casefold() for other in names) > 1})
    if twice:
        columns = ", ".join(repr(one) if not one.strip() else one for one in twice)
        raise InputFault(phrased("{file}: column {columns} is named twice; keep one", file=name, columns=columns))
    cells = {number: trimmed(row) for number, row in rows.items()}
    wide = {
        (number, ""): phrased(
            "{cells} cells found for {columns} columns; put a text or number with a comma into quotation marks",
            cells=len(row),
            columns=len(names),
        )
        for number, row in cells.items()
        if len(row) > len(names)
    }
    if wide:
        raise cell_faults(name, wide)
    unnamed = {
        (number, ""): phrased("{found!r} stands in column {column}, which has no name; name it", found=row[place], column=place + 1)
        for place in (place for place, name_of in enumerate(names) if not name_of)
        for number, row in cells.items()
        if place < len(row) and row[place].strip()
    }
    if unnamed:
        raise cell_faults(name, unnamed)
    padded = [row + [""] * (len(names) - len(row)) for row in cells.values()]
    return pd.DataFrame(padded, index=[number - 2 for number in cells], columns=names, dtype=TEXT)


def one_line(text: str) -> str:
    """Return a text as one line of letters that can be printed: headers of workbooks are often broken over lines."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def trimmed(cells: list[str]) -> list[str]:
    """Drop empty cells at the end of a row: a spreadsheet writes one for every column it ever used."""
    used = len(cells)
    while used and not cells[used - 1].strip():
        used -= 1
    return cells[:used]
