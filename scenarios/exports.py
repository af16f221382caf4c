"""The tables of a run for other programs: CSV, XLSX and netCDF, each with units and with the manifest inside or beside it."""

import json
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from data import InputFault
from data.exchange import written
from data.office_files import timeless
from data.user_tables import guarded
from scenarios.run_manifest import json_bytes
from scenarios.run_store import EXPORTS, Manifest, Store, files_of, no_room
from scenarios.run_tables import TABLES, tables_in

SHEET_ROWS = 1_048_575  # of a workbook, below the heading
CELL_LETTERS = 32_767  # of a workbook; openpyxl cuts off what is more
WORKBOOK = "results.xlsx"
NETCDF_LIBRARIES = ("xarray", "h5netcdf")


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format for which a library is missing, before any work is done.

    Raises
    ------
    InputFault
    """
    missing = [name for name in NETCDF_LIBRARIES if find_spec(name) is None]
    if "netcdf" in formats and missing:
        raise InputFault(f"netcdf: {' and '.join(missing)} not installed; they come with `sourcecast[netcdf]`")


def export_run(store: Store, manifest: Manifest, formats: Sequence[str]) -> list[str]:
    """Write a finished run in some formats into its folder `exports`, with a copy of the manifest; returns what is to be said of it.

    Raises
    ------
    InputFault
        If a file of the run is damaged, there is no room on the disk, a library is missing, or another process works on the run.
    """
    check_formats(formats)
    manifest = json.loads(json_bytes(manifest))  # in the order in which it is read later, whoever made it
    wanted = [one for one in formats if one != "parquet"]
    if not wanted:
        return []
    store.check(manifest["run"], manifest)  # a file may be read without a fault and hold other numbers
    folder = store.folder / manifest["run"] / EXPORTS
    said: list[str] = []
    try:
        with store.held(manifest["run"]):
            folder.mkdir(exist_ok=True)
            for left in folder.glob(".*"):  # by a program that was killed here
                left.unlink()
            with written(folder / "manifest.json") as draft:
                draft.write_bytes(json_bytes(manifest))
            for one in wanted:
                said += WRITERS[one](folder, manifest)
    except OSError as error:
        why = no_room(error) or error.strerror or str(error)
        raise InputFault(f"run {manifest['run']}: finished, but not exported: {why}; the same command exports it again") from None
    return said


def filled(manifest: Manifest) -> list[str]:
    """Return the tables that have rows."""
    return [name for name in TABLES if manifest["tables"][name]["rows"]]


def flat(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Make columns that a spreadsheet can hold: what is nested becomes JSON, and no text is run as a formula."""
    for table in tables:
        columns = []
        for field in table.schema:
            column = table[field.name]
            if pa.types.is_nested(field.type):
                texts = [json.dumps(one, ensure_ascii=False) for one in column.to_pylist()]
                columns.append(pa.array(texts, pa.string()))
            elif pa.types.is_dictionary(field.type):
                columns.append(pa.chunked_array([safe(one) for one in column.chunks], pa.string()))
            else:
                columns.append(column)
        yield pa.table(dict(zip(table.schema.names, columns, strict=True)))


def safe(texts: pa.DictionaryArray) -> pa.Array:
    """Neutralise texts that a spreadsheet would take for formulas."""
    different = pa.array([guarded(text) for text in texts.dictionary.to_pylist()], pa.string())
    return different.take(texts.indices)


def write_csv(folder: Path, manifest: Manifest) -> list[str]:
    """Write each table as one CSV file, block by block."""
    for name in filled(manifest):
        with written(folder / f"{name}.csv") as draft, draft.open("wb") as file:
            heading = True
            for table in flat(tables_in(folder.parent, files_of(manifest, name))):
                pa_csv.write_csv(
                    table, file, pa_csv.WriteOptions(include_header=heading, quoting_style="needed", quoting_header="needed")
                )
                heading = False
    return []


def write_workbook(folder: Path, manifest: Manifest) -> list[str]:
    """Write a workbook with a sheet a table and one of the manifest; a table that does not fit a sheet is left out."""
    from openpyxl import Workbook  # a third of a second, which every run would wait for
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    said = []
    for name in filled(manifest):
        rows = manifest["tables"][name]["rows"]
        if rows > SHEET_ROWS:
            said.append(f"{name}: {rows:,} rows do not fit a sheet of {WORKBOOK} and are left out of it")
            continue
        sheet = book.create_sheet(name)
        sheet.append(TABLES[name][1].names)
        for table in flat(tables_in(folder.parent, files_of(manifest, name))):
            for row in zip(*(table[column].to_pylist() for column in table.schema.names), strict=True):
                sheet.append(row)
    sheet = book.create_sheet("manifest")
    for name, text in manifest_lines({name: value for name, value in manifest.items() if name != "timing"}):
        for start in range(0, max(1, len(text)), CELL_LETTERS):
            part = WriteOnlyCell(sheet, text[start : start + CELL_LETTERS])
            part.data_type = "s"  # a later part may look like a formula
            sheet.append((name, part))
    with written(folder / WORKBOOK) as draft:
        book.save(draft)
        draft.write_bytes(timeless(draft.read_bytes()))
    return said


def manifest_lines(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Lay the manifest out as names and values, without its lists of files."""
    for name, value in manifest.items():
        if name not in ("blocks", "facts"):
            for key, one in value.items() if isinstance(value, dict) else [("", value)]:
                text = one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, sort_keys=True)
                yield f"{name}.{key}".rstrip("."), guarded(text)


def write_netcdf(folder: Path, manifest: Manifest) -> list[str]:
    """Write netCDF files; see `netcdf_files`."""
    from scenarios.netcdf_files import write_netcdf_files  # xarray is an extra

    write_netcdf_files(folder, manifest)
    return []


WRITERS: dict[str, Callable[[Path, Manifest], list[str]]] = {"csv": write_csv, "xlsx": write_workbook, "netcdf": write_netcdf}
