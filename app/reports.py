"""Reports as files: a page (HTML), a print (PDF), a document (DOCX) or a workbook (XLSX); equal input gives equal bytes."""

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.language import Language
from app.report_content import Report, Run, gather
from data import Catalogue, InputFault
from data.exchange import written
from forecast import Belief
from scenarios import TargetAssessment

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
}
MOMENT = (1980, 1, 1, 0, 0, 0)  # of every part of an archive: the time of making would make equal reports differ


def report_bytes(report: Report, ending: str, progress: Callable[[float], None] | None = None) -> bytes:
    """Return a report as the content of a file.

    Parameters
    ----------
    report : Report
    ending : str
        html, pdf, docx or xlsx.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If PDF is asked for and the machine lacks what it takes.
    """
    if ending == "xlsx":
        from app.report_workbook import workbook_bytes

        return timeless(workbook_bytes(report))
    from app.report_blocks import chapters

    laid_out = chapters(report)
    if ending == "docx":
        from app.report_word import word_bytes

        return timeless(word_bytes(report, laid_out, progress))
    from app.report_html import html_text, pdf_bytes

    page = html_text(report, laid_out, progress)
    return pdf_bytes(page) if ending == "pdf" else page.encode()


def place_report(
    catalogue: Catalogue, assessed: Sequence[TargetAssessment], belief_of: Callable[[str], Belief], run: Run, language: Language,
    place: str, ending: str,
) -> bytes:  # fmt: skip
    """Return the report of one place as the content of a file; see `gather` and `report_bytes`."""
    return report_bytes(gather(catalogue, assessed, belief_of, run, language, [place]), ending)


def timeless(archive: bytes) -> bytes:
    """Take the time of making out of an office file."""
    kept = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(kept, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(ZipInfo(name, MOMENT), content, ZIP_DEFLATED)
    return kept.getvalue()


def write_report(content: bytes, path: Path) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    InputFault
        If it cannot be written.
    """
    try:
        with written(path) as draft:
            draft.write_bytes(content)
    except OSError as error:
        raise InputFault(f"{path}: cannot be written: {error.strerror or error}") from error
