"""Figures leave and come in: a tidy CSV or XLSX file of everything known, and a user's file made into a folder of tables."""

import csv
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from math import isnan
from pathlib import Path

import pandas as pd

from data.catalogue import TABLE_COLUMNS, Catalogue, bundled_catalogue
from data.faults import InputFault
from data.user_files import add_user_data
from data.user_tables import guarded

NEW_MEASURE = "Taken over with the figures of a file; family, flow or stock may have to be put right here"


@dataclass(frozen=True)
class Imported:
    """What an import brought: rows by table, and notes."""

    rows: dict[str, int]
    notes: tuple[str, ...]


def import_file(path: Path, folder: Path, defaults: Mapping[str, str]) -> Imported:
    """Check a user's file and write it as tables of a folder that `--data` reads; nothing is written if anything is wrong.

    Rows that came from a file of the same name before are replaced, all others stay. Each table is replaced at once, never half.

    Parameters
    ----------
    path : Path
        A CSV or XLSX file.
    folder : Path
        Made if it is not there.
    defaults : mapping
        Cells of columns that the file lacks: measure, unit, place or scope.

    Raises
    ------
    InputFault
        With every fault of the file, or if the folder cannot be written.
    """
    if path.is_dir():
        raise InputFault(f"{path}: a folder found; allowed: a CSV or XLSX file")
    if folder.exists() and not folder.is_dir():
        raise InputFault(f"--to: {folder} is a file; allowed: a folder")
    bundled = bundled_catalogue()
    bare = replace(bundled, facts=bundled.facts.iloc[:0], targets=bundled.targets.iloc[:0])
    held = add_user_data(bare, folder) if any((folder / f"{table}.csv").exists() for table in TABLE_COLUMNS) else bare
    kept = replace(held, facts=of_other_files(held.facts, "fact", path), targets=of_other_files(held.targets, "target", path))
    after = add_user_data(kept, path, defaults)
    texts = {
        "places": csv_text(new_names(after.places, bare.places, "place"), "places"),
        "measures": csv_text(described(new_names(after.measures, bare.measures, "measure")), "measures"),
        "facts": csv_text(after.facts, "facts"),
        "targets": csv_text(after.targets, "targets"),
    }
    write_tables(
        {table: text for table, text in texts.items() if text.count("\n") > 1 or (folder / f"{table}.csv").exists()}, folder, bare
    )
    counts = {table: len(getattr(after, table)) - len(getattr(kept, table)) for table in ("facts", "targets", "places", "measures")}
    replaced = len(held.facts) + len(held.targets) - len(kept.facts) - len(kept.targets)
    notes = after.notes[len(held.notes) :]
    notes += (f"{path.name}: {replaced} row{'s' if replaced > 1 else ''} of an earlier file of that name replaced",) * (
        replaced > 0
    )
    return Imported({table: count for table, count in counts.items() if count}, notes)


def of_other_files(rows: pd.DataFrame, key: str, path: Path) -> pd.DataFrame:
    """Leave out the rows that came from a file of this name: their ids begin with its stem, unless the file brought its own source."""
    own = rows[key].str.fullmatch(rf"{re.escape(path.stem)}-\d+(-.*)?\+*") | (rows["source"] == path.name)
    return rows[~own]


def write_tables(texts: Mapping[str, str], folder: Path, bare: Catalogue) -> None:
    """Write tables beside the folder, read them back as a check, and only then move them in."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as name:
            draft = Path(name)
            for table, text in texts.items():
                (draft / f"{table}.csv").write_text(text, encoding="utf-8")
            add_user_data(bare, draft)
            folder.mkdir(exist_ok=True)
            for table in texts:
                os.replace(draft / f"{table}.csv", folder / f"{table}.csv")
    except OSError as error:
        raise InputFault(f"--to: {folder} cannot be written ({error.strerror})") from None


def export_facts(catalogue: Catalogue, path: Path) -> int:
    """Write facts as one tidy file, CSV (for spreadsheets, with a byte order mark) or XLSX; returns how many.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, which the import takes off again.

    Raises
    ------
    InputFault
        If the ending is another one or the file cannot be written.
    """
    ending = path.suffix.casefold()
    if ending not in (".csv", ".xlsx"):
        raise InputFault(f"{path}: ending {ending or 'missing'}; allowed: .csv, .xlsx")
    try:
        with written(path) as file:
            if ending == ".csv":
                file.write_text(csv_text(catalogue.facts, "facts"), encoding="utf-8-sig", newline="")
            else:
                write_workbook(file, catalogue.facts)
    except OSError as error:
        raise InputFault(f"{path}: cannot be written ({error.strerror})") from None
    return len(catalogue.facts)


def write_workbook(path: Path, facts: pd.DataFrame) -> None:
    """Write facts as the only sheet of a workbook, numbers as numbers."""
    from openpyxl import Workbook  # only those who want a workbook wait for it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("facts")
    columns = file_columns("facts")
    sheet.append(list(columns))
    for row in facts[list(columns)].to_dict("records"):
        sheet.append([cell_of(row[column], numeric) for column, numeric in columns.items()])
    book.save(path)


def cell_of(value: object, numeric: bool) -> object:
    """Return what stands in a cell of a workbook."""
    if numeric:
        return None if isinstance(value, float) and isnan(value) else value
    return guarded(str(value)) or None


def csv_text(table: pd.DataFrame, name: str) -> str:
    """Write a table as CSV."""
    columns = file_columns(name)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in table.reindex(columns=list(columns)).to_dict("records"):
        writer.writerow([number_text(row[column]) if numeric else guarded(str(row[column])) for column, numeric in columns.items()])
    return text.getvalue()


def file_columns(table: str) -> dict[str, bool]:
    """Return the columns of a table in a file, and whether they hold numbers; facts and targets say from when they are known."""
    return TABLE_COLUMNS[table] | ({"known_by": False} if table in ("facts", "targets") else {})


def number_text(value: float) -> str:
    """Write a number so that reading it gives the same number, without an exponent where it is a whole one."""
    if isnan(value):
        return ""
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(float(value))


def new_names(after: pd.DataFrame, before: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the places or measures that only the user knows."""
    return after[~after[key].isin(before[key])]


def described(measures: pd.DataFrame) -> pd.DataFrame:
    """Give new measures what the table of measures asks for; the user may change it there."""
    return measures.assign(
        name_zh=measures["name_zh"].where(measures["name_zh"] != "", measures["measure"]),
        definition=measures["definition"].where(measures["definition"] != "", NEW_MEASURE),
    )


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, which takes its place at the end, or vanishes if anything fails."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    try:
        yield Path(name)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)  # a temporary file is its owner's alone
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
