"""Reports as files: what stands in them, in both languages, and that equal input gives equal bytes."""

import re
import time
from html.parser import HTMLParser
from io import BytesIO

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from app import report_html
from app.report_blocks import Chapter, Grid, Picture, Points, Text, chapters
from app.report_html import can_print, html_text, pdf_bytes, rich
from app.report_word import word_bytes
from app.reports import KINDS, place_report, report_bytes
from data import InputFault
from tests.app.reporting import belief_of, report
from tests.conftest import require

LANGUAGES = pytest.mark.parametrize("code", ["en", "zh"])


class Page(HTMLParser):
    """Gathers the addresses, alternative texts, headings and text of a page, and that every element is closed."""

    EMPTY = frozenset({"meta", "img", "col", "link", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.alternatives: list[str] = []
        self.names: list[str] = []
        self.language = ""
        self.text = ""
        self.stack: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.addresses += [told[name] for name in ("src", "href") if name in told]
        self.alternatives += [told.get("alt", "")] if tag == "img" else []
        self.names += [told["id"]] if "id" in told else []
        self.language = told.get("lang", self.language)
        if tag not in self.EMPTY:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if "style" not in self.stack else ""


@LANGUAGES
def test_the_page_asks_for_nothing_from_outside_and_says_everything(code: str) -> None:
    laid_out = chapters(report(code))
    text = html_text(report(code), laid_out)
    page = Page(text)
    assert page.stack == []
    assert page.language == {"en": "en", "zh": "zh-Hans"}[code]
    assert all(one.startswith(("data:image/svg+xml;base64,", "#")) for one in page.addresses)
    assert {one[1:] for one in page.addresses if one.startswith("#")} <= set(page.names)
    assert not re.search(r"@import|url\(|<script|https?://", text)
    blocks = [block for chapter in laid_out for block in chapter.blocks]
    assert page.alternatives == [block.alternative for block in blocks if isinstance(block, Picture)]
    for block in blocks:
        if isinstance(block, Text):
            assert block.text in page.text
        if isinstance(block, Grid):
            assert all(cell in page.text for row in block.rows for cell in row)


def test_text_is_never_markup_and_no_name_makes_it_bold() -> None:
    assert rich("a **b <i>** & **c**") == "a <strong>b &lt;i&gt;</strong> &amp; <strong>c</strong>"
    hostile = "a **b <i>** & **c**"
    blocks = (Text(hostile), Text(hostile, "lead"), Points((hostile,)), Points(("**Ours.** Said.",), marked=True))
    chapter = Chapter("x", "Of it", "", blocks)
    text = html_text(report("en"), [chapter])
    assert text.count("a **b &lt;i&gt;** &amp; **c**") == 3
    assert text.count("<strong>") == text.count("<strong>Ours.</strong> Said.") == 1
    runs = [run for one in Document(BytesIO(word_bytes(report("en"), [chapter]))).paragraphs for run in one.runs]
    assert [run.bold for run in runs if run.text == hostile] == [False, True, None]


@LANGUAGES
def test_the_print_has_its_contents_with_pages_and_every_chapter_begins_one(code: str) -> None:
    require(can_print(), "the library Pango")
    laid_out = chapters(report(code))
    with pypdfium2.PdfDocument(report_bytes(report(code), "pdf")) as document:
        assert document.get_metadata_value("Title") == report(code).title()
        pages = [lines_of(page) for page in document]
    contents = {line.split(".")[0]: line.split(".")[-1] for line in pages[0] if ".." in line}
    begins = {lines[0]: number for number, lines in enumerate(pages, start=1)}
    for chapter in laid_out:
        title = "".join(chapter.title.split())
        assert contents.pop(title) == str(begins[title])
    assert contents == {}
    assert all(lines[-1].endswith(f"{number}/{len(pages)}") for number, lines in enumerate(pages, start=1))


def test_no_page_begins_with_a_table_torn_from_its_words() -> None:
    require(can_print(), "the library Pango")
    with pypdfium2.PdfDocument(report_bytes(report(places=("Hong Kong",)), "pdf")) as document:
        begins = [lines_of(page)[0] for page in document]
    assert begins == ["HongKong", "Howthiswasmade"]  # a page between them held one row of facts
    with pypdfium2.PdfDocument(report_bytes(report(places=("Hangzhou",)), "pdf")) as document:
        told = [lines_of(page) for page in document]
    assert "Howthiswasmade" in told[2][1:]  # below the place; the last of five pages held a short table alone
    assert len(told) == 4
    with pypdfium2.PdfDocument(report_bytes(report(places=("Suzhou",)), "pdf")) as document:
        told = [lines_of(page) for page in document]
    legend, table = (next(number for number, page in enumerate(told) if any(line.startswith(words) for line in page))
        for words in ("Oddsin100:", "Statedtargetsandtheirodds"))  # fmt: skip
    assert legend == table


def lines_of(page: pypdfium2.PdfPage) -> list[str]:
    text = page.get_textpage()
    lines = ["".join(line.split()) for line in text.get_text_range().splitlines()]
    text.close()
    page.close()
    return lines


def test_a_letter_without_a_font_is_refused_rather_than_printed_as_a_box() -> None:
    require(can_print(), "the library Pango")
    with pytest.raises(InputFault, match=r"needs a font that has '\\U0010fffd'"):
        pdf_bytes("<p>Suzhou \U0010fffd</p>")


def test_a_machine_without_pango_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_html, "can_print", lambda: False)
    with pytest.raises(InputFault, match=r"needs the library Pango.*\.html and \.docx do without"):
        pdf_bytes("<p>Suzhou</p>")


@LANGUAGES
def test_the_document_has_headings_tables_with_a_heading_row_and_pictures_with_words(code: str) -> None:
    laid_out = chapters(report(code))
    document = Document(BytesIO(report_bytes(report(code), "docx")))
    headings = [one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert headings == [chapter.title for chapter in laid_out]
    grids = [block for chapter in laid_out for block in chapter.blocks if isinstance(block, Grid)]
    for table, grid in zip(document.tables, grids, strict=True):
        assert [tuple(cell.text for cell in row.cells) for row in table.rows] == [grid.headings, *grid.rows]
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(line.paragraph_format.keep_with_next for cell in table.rows[0].cells for line in cell.paragraphs)
        together = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]
        assert together == [True, *[grid.short] * (len(grid.rows) - 1), False]
    assert {one._inline.get(f"dist{side}") for one in document.inline_shapes for side in "TBLR"} == {"0"}
    foot = document.sections[0].footer.paragraphs[0]
    assert foot.text.startswith(report(code).title())
    assert [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    told = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    assert told == [block.alternative for chapter in laid_out for block in chapter.blocks if isinstance(block, Picture)]
    links = {one.get(qn("w:anchor")) for one in document.element.iter(qn("w:hyperlink"))}
    assert links == {one.get(qn("w:name")) for one in document.element.iter(qn("w:bookmarkStart"))}
    assert document.core_properties.language == {"en": "en-US", "zh": "zh-CN"}[code]


def test_the_workbook_has_numbers_as_numbers_and_keeps_the_headings_in_sight() -> None:
    book = load_workbook(BytesIO(report_bytes(report(), "xlsx")))
    assert book.sheetnames == [
        "Targets", "In place of withheld odds", "Known years", "Futures", "The facts behind", "Rulings applied", "Method", "Made with",
    ]  # fmt: skip
    assert all(page.freeze_panes == "A2" for page in book)
    headings, *rows = book["Targets"].iter_rows(values_only=True)
    assessed = [one for sheet in report().sheets for one in sheet.assessed]
    assert len(rows) == len(assessed)
    for one, row in zip(assessed, rows, strict=True):
        told = dict(zip(headings, row, strict=True))
        assert told["Amount"] == one.value
        assert told["Odds"] == (None if one.data_weight == 0 else pytest.approx(one.probability))
        assert told["Range from"] == (None if one.probability_low is None else pytest.approx(one.probability_low))
        assert bool(told["Why no odds"]) is (one.status != "assessed")
    heads, instead = book["In place of withheld odds"].iter_rows(values_only=True)  # of Guangzhou's 35 % a year
    told = dict(zip(heads, instead, strict=True))
    assert (told["Years"], told["Stretches"], told["As fast"]) == (8, 707, 7)
    assert told["Slow tenth"] < told["Middle"] < told["Fast tenth"] < told["Fastest"]
    futures = [row for row in book["Futures"].iter_rows(min_row=2, values_only=True) if row[0] == "Suzhou"]
    assert {row[2] for row in futures} == set(range(2013, 2021))
    assert all(list(row[3:]) == sorted(row[3:]) for row in futures)


@LANGUAGES
def test_the_workbook_prints_in_letters_that_can_be_read_and_cuts_no_word(code: str) -> None:
    book = load_workbook(BytesIO(report_bytes(report(code), "xlsx")))
    for page in book:
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToHeight == 0
        assert page.print_title_rows == "$1:$1"
        assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("&A", "&P / &N")
        widths = {letter: column.width for letter, column in page.column_dimensions.items()}
        assert sum(widths.values()) / page.page_setup.fitToWidth <= 200
        for heading in page[1]:
            longest = max(len(word) for word in heading.value.split())
            assert widths[heading.column_letter] > longest or code == "zh"
            assert page.row_dimensions[1].height >= 15 * len(heading.value) / widths[heading.column_letter]
        for row in page.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert (cell.alignment.horizontal, cell.alignment.indent) == ("right", 1)  # or it touches the words beside it
                elif isinstance(cell.value, str):
                    assert page.row_dimensions[cell.row].height >= 15 * len(cell.value) / widths[cell.column_letter]


def test_the_chinese_workbook_is_chinese() -> None:
    book = load_workbook(BytesIO(report_bytes(report("zh"), "xlsx")))
    assert book.sheetnames[0] == "目标"
    assert [cell.value for cell in book["目标"][1]][:2] == ["地方", "目标"]


@pytest.mark.parametrize("ending", KINDS)
def test_equal_input_gives_equal_bytes_at_any_time(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    require(ending != "pdf" or can_print(), "the library Pango")
    made = report(places=("Wuxi",))
    first = report_bytes(made, ending)
    later = time.time() + 100_000
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert report_bytes(made, ending) == first
    page = place_report(made.catalogue, made.sheets[0].assessed, belief_of, made.run, made.language, "Wuxi", ending)
    assert page == first
