"""A report as a page that asks for nothing from outside, and the same page as PDF."""

import logging
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import get_ident

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.language import mark
from app.report_blocks import Chapter, Picture
from app.report_content import Report
from data import InputFault

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
NO_PANGO = mark(
    "PDF needs the library Pango, which is not on this machine (Debian and Ubuntu: libpangoft2-1.0-0); .html and .docx do without"
)
NO_GLYPH = "PDF needs a font that has {letter!r}, which is not on this machine (Debian and Ubuntu: fonts-noto-cjk); .html and .docx do without"


def html_text(report: Report, chapters: Sequence[Chapter], progress: Callable[[float], None] | None = None) -> str:
    """Write chapters as one page that holds its pictures; `progress` is called with the share of chapters done."""
    say = report.language.say
    pictures: dict[Picture, str] = {}
    for number, chapter in enumerate(chapters, start=1):
        pictures |= {block: inline(block) for block in chapter.blocks if isinstance(block, Picture)}
        if progress:
            progress(number / len(chapters))
    room = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return room.get_template("report.html").render(
        lang=LANGUAGE_TAGS[report.language.code],
        generator=report.manifest()[0][1],
        title=report.title(),
        subtitle=say("How likely stated targets are, what growth they need, and what is known."),
        contents=len(report.sheets) > 1,
        contents_title=say("Contents"),
        chapters=chapters,
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704  (a file of ours)
        rich=rich,
        pictures=pictures,
    )


def rich(text: str) -> Markup:
    """Set what stands between ** in bold type."""
    parts = [escape(part) for part in text.split("**")]
    return Markup("").join(Markup("<strong>{}</strong>").format(part) if odd % 2 else part for odd, part in enumerate(parts))


def inline(picture: Picture) -> str:
    """Return the address of a picture that holds the picture itself."""
    return "data:image/svg+xml;base64," + b64encode(picture.svg().encode()).decode()


@lru_cache
def can_print() -> bool:
    """Tell whether the machine has the library that sets type for PDF."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


class Unprintable(logging.Handler):
    """Remembers the first letter that no font has, of those set by the thread that made it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = get_ident()
        self.letter = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Take the letter out of such a message."""
        if "notdef" in str(record.msg) and record.thread == self.thread and not self.letter:
            self.letter = str(record.args[0]) if isinstance(record.args, tuple) and record.args else "?"


def pdf_bytes(page: str) -> bytes:
    """Print a page.

    Raises
    ------
    InputFault
        If the machine lacks the library that sets type, or a font for one of the letters: boxes would be printed in their place.
    """
    if not can_print():
        raise InputFault(NO_PANGO)
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    logger, unprintable = logging.getLogger("weasyprint"), Unprintable()
    logger.addHandler(unprintable)
    try:
        content = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols={"data"})).write_pdf()
    finally:
        logger.removeHandler(unprintable)
    if unprintable.letter:
        raise InputFault(NO_GLYPH.format(letter=unprintable.letter))
    return bytes(content)
