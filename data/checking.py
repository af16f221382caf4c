"""What `data check` does: schemas, references between tables, and every printed figure against the documents where they are at hand."""

import hashlib
import json
import os
import re
from dataclasses import dataclass, field, replace
from math import isnan
from pathlib import Path

from data.catalogue import TABLE_COLUMNS, TABLES_FOLDER, Catalogue, bundled_catalogue
from data.printed import read_printed
from data.records import Fact, Target, records
from data.rulings import findings, ruling_faults
from data.user_files import add_user_data

SOURCES_VARIABLE = "SOURCECAST_SOURCES"
CONTEXT_LINES = 3  # a printed figure may run over line breaks
GAP = r"[\s\-‐‑–—•]*"


@dataclass
class Report:
    """What was checked, what could not be, and every fault found."""

    checked: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def check_bundled() -> Report:
    """Check the bundled tables, and the documents if they are at hand."""
    from data.schemas import schema_faults  # pandera takes a second to import and serves nothing else

    report = Report()
    catalogue = bundled_catalogue()
    for table in TABLE_COLUMNS:
        rows = getattr(catalogue, table)
        report.faults += [f"{table}.csv: {fault}" for fault in schema_faults(table, rows)]
        report.checked.append(f"{table}: {len(rows)} rows")
    report.faults += reference_faults(catalogue)
    computed = findings(catalogue)
    report.faults += ruling_faults(catalogue, computed)
    report.checked.append(f"findings: {len(computed)} contradictions and outliers among the facts, recomputed")
    report.faults += package_faults()
    report.faults += [fault for rows in figures(catalogue) for fault in printed_faults(rows)]
    folder = documents_folder()
    if folder is None:
        report.left_out.append(f"figures against the documents (set {SOURCES_VARIABLE} to their folder)")
    else:
        absent = [source for source in catalogue.sources["source"] if not any(folder.glob(f"{source}*.txt"))]
        report.left_out += [f"figures against document {source} (not in {folder})" for source in absent]
        counted, faults = document_faults(catalogue, folder)
        report.faults += faults
        report.checked.append(f"documents: {counted} figures re-read at their lines")
    return report


def check_user_file(path: Path) -> Report:
    """Check a file or a folder of the user's: all faults are raised together, and contradictions with what is known are named."""
    before = bundled_catalogue()
    after = add_user_data(before, path)
    added = {
        table: len(getattr(after, table)) - len(getattr(before, table)) for table in ("facts", "targets", "places", "measures")
    }
    lines = [f"{path.name}: {count} {table}" for table, count in added.items() if count]
    own = set(after.facts["fact"].iloc[len(before.facts) :])
    doubts = [one.text for one in findings(after) if own.intersection(one.facts)] if own else []
    return Report(checked=lines + [f"note: {note}" for note in after.notes] + [f"look at: {doubt}" for doubt in doubts])


def figures(catalogue: Catalogue) -> tuple[list[Fact], list[Target]]:
    """Return all facts and all targets as records."""
    return records(catalogue.facts, Fact), records(catalogue.targets, Target)


def reference_faults(catalogue: Catalogue) -> list[str]:
    """List places, measures and sources that are named and not described."""
    known = {
        "place": set(catalogue.places["place"]),
        "measure": set(catalogue.measures["measure"]),
        "source": set(catalogue.sources["source"]),
    }
    faults = []
    for table in ("facts", "targets"):
        rows = getattr(catalogue, table)
        for column, names in known.items():
            faults += [
                f"{table}.csv: row {row + 2}: unknown {column} {name!r}" for row, name in rows[column].items() if name not in names
            ]
    return faults


def package_faults() -> list[str]:
    """List tables whose hash or columns differ from datapackage.json."""
    package = json.loads((TABLES_FOLDER.parent / "datapackage.json").read_text(encoding="utf-8"))
    faults = []
    for resource in package["resources"]:
        path = TABLES_FOLDER.parent / resource["path"]
        if hashlib.sha256(path.read_bytes()).hexdigest() != resource["hash"].removeprefix("sha256:"):
            faults.append(f"datapackage.json: the hash of {resource['path']} is out of date; run python -m data.package")
        if [column["name"] for column in resource["schema"]["fields"]] != list(TABLE_COLUMNS[resource["name"]]):
            faults.append(f"datapackage.json: the fields of {resource['path']} are out of date")
    return faults


def printed_faults(rows: list[Fact] | list[Target]) -> list[str]:
    """List rows whose value, upper value or unit is not what their printed figure says."""
    faults = []
    for row in rows:
        if isnan(row.value):
            continue
        where = f"{row.source}:{row.line:.0f} {row.place} {row.measure} {row.printed!r}"
        try:
            read = read_printed(row.printed)
        except ValueError as error:
            faults.append(f"{where}: {error}, the table has {row.value:g}")
            continue
        if row.unit == "percent" and read.unit == "ratio":  # "a quarter" of something
            read = replace(read, value=100 * read.value, unit="percent")
        if abs(abs(row.value) - read.value) > 1e-9 * max(1.0, read.value):
            faults.append(f"{where}: the figure reads {read.value:g}, the table has {row.value:g}")
        if read.value_high is not None and row.value_high != read.value_high:
            faults.append(f"{where}: the figure reads up to {read.value_high:g}, the table has {row.value_high:g}")
        if read.unit and row.unit != read.unit:
            faults.append(f"{where}: the figure is in {read.unit}, the table has {row.unit}")
    return faults


def documents_folder() -> Path | None:
    """Return the folder of the five documents, None if it is not at hand."""
    named = os.environ.get(SOURCES_VARIABLE)
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "sources"
    return folder if folder.is_dir() else None


def document_faults(catalogue: Catalogue, folder: Path) -> tuple[int, list[str]]:
    """Re-read every figure at its line; returns how many were read and every one that is not there."""
    lines = {path.name[:3]: path.read_text(encoding="utf-8").split("\n") for path in sorted(folder.glob("*.txt"))}
    counted, faults = 0, []
    for rows in figures(catalogue):
        for row in rows:
            if row.source not in lines:
                continue
            counted += 1
            if not stands_at(row.printed, lines[row.source], int(row.line), footnote="footnote mark" in row.note):
                faults.append(f"{row.place} {row.measure}: {row.printed!r} does not stand at {row.source}:{row.line:.0f}")
    return counted, faults


def stands_at(printed: str, lines: list[str], line: int, *, footnote: bool = False) -> bool:
    """Tell whether a printed figure stands in the text with its first digit (or number word) on the given line.

    Letter case and what the extraction of the text may have changed (spaces, line breaks, hyphens at line ends) do not count; a figure
    cut out of a longer one ("4,925" out of "24,925") is not there. Only where the note of the row says so (`footnote`), the mark of a
    footnote may be glued to its end: "RMB 55,636" in "RMB 55,636.7".
    """
    if line > len(lines):
        return False
    digits = re.search(r"\d", printed)
    start = digits.start() if digits else 0
    before, figure = spaced(printed[:start]), spaced(printed[start:])
    lead = "".join(text + "\n" for text in lines[max(0, line - 3) : line - 1])
    text = lead + "\n".join(lines[line - 1 : line - 1 + CONTEXT_LINES])
    cut = r"(?<=\d)(?![.,]\d\d?(?![\d]))[.,]?\d" if footnote else r"(?<=\d)[.,]?\d"
    whole = rf"(?={before}(?<!\d)(?<!\d[.,])({figure})(?!{cut}))"
    here = range(len(lead), len(lead) + len(lines[line - 1]))
    return any(match.start(1) in here for match in re.finditer(whole, text, re.IGNORECASE))


def spaced(text: str) -> str:
    """Return the pattern of a text with any spaces, line breaks, hyphens and bullets after each character."""
    return "".join(re.escape(character) + GAP for character in text if not re.fullmatch(GAP, character))
