"""A report as DOCX: real headings, tables with a heading row, pictures with alternative texts."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph

from app.report_blocks import Block, Chapter, Grid, Heading, Picture, Points, Text
from app.report_content import Report

LATIN, CHINESE = "Arial", "Microsoft YaHei"  # the reader's machine replaces what it lacks
LANGUAGE_TAGS = {"en": "en-US", "zh": "zh-CN"}
INK, FAINT = RGBColor(0x1F, 0x5A, 0x7A), RGBColor(0x5A, 0x5A, 0x5A)
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(1.8)
TEXT_WIDTH = Emu(PAGE_WIDTH - 2 * MARGIN)
SIZES = {"Normal": 10, "Title": 20, "Heading 1": 17, "Heading 2": 13, "Heading 3": 11}


def word_bytes(report: Report, chapters: Sequence[Chapter], progress: Callable[[float], None] | None = None) -> bytes:
    """Write chapters as a document of Word; `progress` is called with the share of chapters done."""
    document = Document()
    prepare(document, report)
    if len(report.sheets) > 1:
        document.add_heading(report.title(), 0)
        document.add_heading(report.language.say("Contents"), 2)
        for chapter in chapters:
            contents_line(document, chapter)
    for number, chapter in enumerate(chapters):
        heading = document.add_heading(chapter.title, 1)
        if len(report.sheets) > 1:
            heading.paragraph_format.page_break_before = True
        elif number:
            heading.paragraph_format.space_before = Pt(24)
        bookmark(heading, chapter.name, number)
        for block in chapter.blocks:
            add(document, block)
        if progress:
            progress((number + 1) / len(chapters))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def prepare(document: WordDocument, report: Report) -> None:
    """Set the page, the fonts, the language, the title and the number at the foot of each page."""
    page = document.sections[0]
    page.page_width, page.page_height = PAGE_WIDTH, PAGE_HEIGHT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    for name in ("Header", "Footer"):  # the template's stops in the middle of a narrower page
        for stop in list(document.styles[name].element.iter(qn("w:tabs"))):
            stop.getparent().remove(stop)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(0)
    for name, size in SIZES.items():
        style: Any = document.styles[name]
        style.font.size = Pt(size)
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), CHINESE)
        if name != "Normal":
            style.font.color.rgb = INK
    tag = LANGUAGE_TAGS[report.language.code]
    language = made("w:lang", val=tag, eastAsia="zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    said = document.core_properties
    said.title, said.language, said.author = report.title(), tag, report.manifest()[0][1]
    said.comments = ""
    foot = page.footer.paragraphs[0]
    stops = foot.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{report.title()}\t")
    field(foot, "PAGE")
    foot.add_run(" / ")
    field(foot, "NUMPAGES")
    foot.style.font.size, foot.style.font.color.rgb = Pt(8), FAINT


def add(document: WordDocument, block: Block) -> None:
    """Add one block."""
    if isinstance(block, Heading):
        document.add_heading(block.text, block.level)
    elif isinstance(block, Text):
        paragraph(document, block.text, small=block.kind == "small", bold=block.kind == "lead")
    elif isinstance(block, Points):
        for item in block.items:
            added = document.add_paragraph("" if block.marked else item, style="List Bullet")
            if block.marked:
                rich(added, item)
    elif isinstance(block, Picture):
        picture(document, block)
    else:
        table(document, block)


def paragraph(document: WordDocument, text: str, *, small: bool = False, bold: bool = False) -> Paragraph:
    """Add a paragraph."""
    added = document.add_paragraph()
    added.paragraph_format.space_after = Pt(4)
    run = added.add_run(text)
    run.bold = bold
    if small:
        run.font.size, run.font.color.rgb = Pt(8.5), FAINT
    return added


def rich(added: Paragraph, text: str) -> None:
    """Set what stands between ** in bold type."""
    for number, part in enumerate(text.split("**")):
        if part:
            added.add_run(part).bold = bool(number % 2)


def picture(document: WordDocument, block: Picture) -> None:
    """Add a chart as wide as the text, with its alternative text."""
    shape = document.add_picture(BytesIO(block.png()), width=TEXT_WIDTH)
    shape._inline.docPr.set("descr", block.alternative)  # python-docx has no door for it
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")  # what is left open is 3 mm for some programs, and pushes the picture out of the text


def table(document: WordDocument, block: Grid) -> None:
    """Add a table; its heading row is repeated on every page, and no row is cut by one."""
    title = paragraph(document, block.title, bold=True)
    title.paragraph_format.space_before = Pt(8)
    title.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=0, cols=len(block.headings), style="Table Grid")
    grid.autofit = False
    widths = [Emu(TEXT_WIDTH * width // sum(block.widths)) for width in block.widths]
    for number, row in enumerate((block.headings, *block.rows)):
        added = grid.add_row()
        properties = added._tr.get_or_add_trPr()
        properties.append(made("w:cantSplit"))
        if number == 0:
            properties.append(made("w:tblHeader"))
        for column, (cell, text) in enumerate(zip(added.cells, row, strict=True)):
            cell.width = widths[column]
            line = cell.paragraphs[0]
            words = line.add_run(text)
            words.font.size, words.bold = Pt(8), number == 0
            line.paragraph_format.keep_with_next = number == 0 or (block.short and number < len(block.rows))
            if column in block.numbers:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    properties = grid._tbl.tblPr
    layout = properties.find(qn("w:tblLook"))
    layout.addprevious(cell_margins())
    properties.append(made("w:tblCaption", val=block.title))
    after = document.add_paragraph()  # two tables in a row would be one
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(6)


def cell_margins() -> Any:
    """Make the room between the words of a cell and its lines."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70)):
        margins.append(made(f"w:{side}", w=str(width), type="dxa"))
    return margins


def contents_line(document: WordDocument, chapter: Chapter) -> None:
    """Add a line of the contents that leads to its chapter."""
    line = document.add_paragraph()
    line.paragraph_format.space_after = Pt(0)
    link = made("w:hyperlink", anchor=chapter.name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = chapter.title
    run.append(text)
    link.append(run)
    line._p.append(link)


def bookmark(heading: Paragraph, name: str, number: int) -> None:
    """Let links lead to a heading."""
    heading._p.insert(1, made("w:bookmarkStart", id=str(number), name=name))
    heading._p.append(made("w:bookmarkEnd", id=str(number)))


def field(line: Paragraph, code: str) -> None:
    """Add what the reader's program computes, such as the number of the page."""
    part = made("w:fldSimple", instr=code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    part.append(run)
    line._p.append(part)


def made(tag: str, **attributes: str) -> Any:
    """Make an element of the format for which python-docx has no door."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
