"""Reports as files: a page (HTML), a print (PDF), a document (DOCX) or a workbook (XLSX); equal input gives equal bytes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.language import Language
from app.report_content import Report, Run, gather
from data import Catalogue, InputFault
from data.exchange import written
from data.office_files import timeless
from forecast import Belief
from scenarios import TargetAssessment

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
}


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
