"""A report as a workbook: a sheet a table, over all places; numbers are numbers, and the heading row stays in sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.class_tables import class_name
from app.method_text import LIMITS, STEPS
from app.place_tables import QUANTILE_NAMES, QUANTILES, ruling_sentence
from app.reasons import reason_words
from app.report_blocks import source_words
from app.report_content import PlaceSheet, Report, SeriesSheet
from app.report_scenario import terms_told
from app.sentences import dated_aim, plain_reason, target_sentence
from app.what_if_tables import SHOWN_QUANTILES
from data.user_tables import guarded
from scenarios import TargetAssessment

Cell = str | int | float | None
PLAIN, SHARE, ERROR, GROWTH, AMOUNT = "General", "0%", "0.0%", "0.0", "#,##0"
NARROWEST, WIDEST, WIDEST_HEADING = 8, 60, 16
TEXT = Alignment(wrap_text=True, vertical="top")
NUMBER = Alignment(horizontal="right", vertical="top", indent=1)  # apart from the words on its right
WIDEST_PRINT, LINE = 200, 15  # letters across a page; points


@dataclass(frozen=True)
class Table:
    """One sheet: its name, headings, the number format of each column, and the rows."""

    name: str
    headings: Sequence[str]
    formats: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook_bytes(report: Report) -> bytes:
    """Write all tables of a report; a table without rows is left out."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = report.title(), report.manifest()[0][1]
    for table in (
        targets(report),
        growth_elsewhere(report),
        changes(report),
        scenario_parts(report),
        known_years(report),
        futures(report),
        scenario_futures(report),
        facts(report),
        rulings(report),
        method(report),
        made_with(report),
    ):
        if table.rows:
            add(book, table)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def add(book: Workbook, table: Table) -> None:
    """Add one sheet; text that would run as a formula is guarded."""
    page = book.create_sheet(table.name)
    page.append([guarded(heading) for heading in table.headings])
    for row in table.rows:
        page.append([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    for heading in page[1]:
        heading.font, heading.alignment = Font(bold=True), TEXT
    for number, (column, kind) in enumerate(zip(page.iter_cols(), table.formats, strict=True), start=1):
        for cell in column[1:]:
            cell.number_format = kind
            cell.alignment = NUMBER if isinstance(cell.value, int | float) else TEXT
        width = max(heading_width(str(column[0].value)), *(shown_width(cell.value, kind) for cell in column[1:]))
        page.column_dimensions[get_column_letter(number)].width = min(max(width + 2, NARROWEST), WIDEST)
    for row in page.iter_rows():
        page.row_dimensions[row[0].row].height = LINE * max(
            lines(cell.value, page.column_dimensions[cell.column_letter].width) for cell in row
        )
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    set_for_print(page)


def lines(value: object, width: float) -> int:
    """Estimate how many lines a text takes in its column; programs that do not measure it would cut it. A font may be wider."""
    return max(1, ceil(shown_width(value, PLAIN) / (0.85 * width))) if isinstance(value, str) else 1


def set_for_print(page: Worksheet) -> None:
    """Let a sheet print on A4 in letters that can be read, with its headings, its name and the number of the page on every one."""
    across = ceil(sum(column.width for column in page.column_dimensions.values()) / WIDEST_PRINT)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = across, 0
    page.print_title_rows = "1:1"
    if across > 1:
        page.print_title_cols = "A:B"
    page.page_margins = PageMargins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    foot: Any = page.oddFooter
    foot.left.text, foot.right.text = "&A", "&P / &N"


def heading_width(heading: str) -> int:
    """Estimate how wide a column must be for its heading, which may take three lines but cuts no word."""
    room = 3 if heading.isascii() else 2  # for the arrow of the filter
    longest = max(shown_width(word, PLAIN) for word in heading.split() or [""])
    return max(min(longest, WIDEST_HEADING), ceil(shown_width(heading, PLAIN) / 3)) + room


def shown_width(value: object, kind: str) -> int:
    """Estimate how many letters wide a cell is; a Chinese letter is two wide."""
    if isinstance(value, float | int):
        return len(f"{value:,.0f}") + 3 if kind == AMOUNT else 8
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in str(value or ""))


def targets(report: Report) -> Table:
    """List all targets: what is aimed at, the odds with both errors, growth, and where it stands."""
    say = report.language.say
    columns = {
        say("Place"): PLAIN, say("Target"): PLAIN, say("By"): "0", say("Amount"): AMOUNT, say("Unit"): PLAIN, say("Odds"): SHARE,
        say("Monte Carlo error"): ERROR, say("Range from"): SHARE, say("Range to"): SHARE, say("Growth needed, % a year"): GROWTH,
        say("Growth last, % a year"): GROWTH, say("Extra points for 50 of 100"): GROWTH, say("Extra points for 80 of 100"): GROWTH,
        say("First year likelier than not"): "0", say("Weight of own figures"): SHARE, say("In words"): PLAIN,
        say("Why no odds"): PLAIN, say("Source"): PLAIN,
    }  # fmt: skip
    rows = [target_row(report, one) for sheet in report.sheets for one in sheet.assessed]
    return Table(say("Targets"), list(columns), list(columns.values()), rows)


def target_row(report: Report, one: TargetAssessment) -> list[Cell]:
    """Return one target; its odds are left open where only a range is known."""
    language = report.language
    refused = one.status != "assessed"
    return [
        report.names[one.place], dated_aim(one, report.names, language), one.due, one.value, one.unit,
        None if one.data_weight == 0 else one.probability, None if one.data_weight == 0 else one.probability_error,
        one.probability_low, one.probability_high, one.required_growth, one.observed_growth, one.extra_growth_50, one.extra_growth_80,
        one.first_likely_year, one.data_weight, target_sentence(one, report.names, language),
        reason_words(plain_reason(one.reason), language) if refused else "", source_words(one),
    ]  # fmt: skip


def growth_elsewhere(report: Report) -> Table:
    """List what stands in place of withheld odds: how the reference class grew; no rows where none are withheld."""
    say, language = report.language.say, report.language
    columns = {
        say("Place"): PLAIN, say("Target"): PLAIN, say("Growth needed, % a year"): GROWTH, say("Compared with"): PLAIN, say("Years"): "0",
        say("Stretches"): AMOUNT, say("As fast"): AMOUNT, say("Slow tenth"): GROWTH, say("Middle"): GROWTH, say("Fast tenth"): GROWTH,
        say("Fastest"): GROWTH, say("Stretches on record"): AMOUNT, say("As fast on record"): AMOUNT, say("Source"): PLAIN,
    }  # fmt: skip
    shown = ("q10", "q50", "q90", "fastest")
    rows: list[list[Cell]] = [
        [
            report.names[one.place], dated_aim(one, report.names, language), one.required_growth, class_name(told, language), told["years"],
            told["episodes"], told["as_fast"], *(told[name] for name in shown), one.episodes, one.episodes_as_fast, told["source"],
        ]
        for sheet in report.sheets
        for one in sheet.without
        for told in one.reference_class
    ]  # fmt: skip
    return Table(say("In place of withheld odds"), list(columns), list(columns.values()), rows)


def series_of(report: Report) -> list[tuple[PlaceSheet, SeriesSheet]]:
    """Return every series with its place."""
    return [(sheet, one) for sheet in report.sheets for one in sheet.series]


def known_years(report: Report) -> Table:
    """List the known years of every series."""
    say = report.language.say
    basis = {"stated": say("printed"), "derived": say("worked out")}
    bounds = [say("{share} of 100 lie below", share=share) for share in ("10", "90")]
    headings = [say("Place"), say("Series"), say("Year"), say("level"), *bounds, say("What it is")]
    rows: list[list[Cell]] = [
        [report.names[sheet.place], one.title, *row[:4], basis[row[4]]]
        for sheet, one in series_of(report)
        for row in one.history.itertuples(index=False, name=None)
    ]
    return Table(say("Known years"), headings, [PLAIN, PLAIN, "0", AMOUNT, AMOUNT, AMOUNT, PLAIN], rows)


def futures(report: Report) -> Table:
    """List the quantiles of the futures of every series by year."""
    say = report.language.say
    bounds = [say("{share} of 100 lie below", share=f"{100 * level:g}") for level in QUANTILES]
    rows: list[list[Cell]] = [
        [report.names[sheet.place], one.title, int(row[0]), *row[1:]]
        for sheet, one in series_of(report)
        if one.fan is not None
        for row in one.fan[["year", *QUANTILE_NAMES]].iloc[1:].itertuples(index=False, name=None)
    ]
    formats = [PLAIN, PLAIN, "0", *[AMOUNT] * len(bounds)]
    return Table(say("Futures"), [say("Place"), say("Series"), say("Year"), *bounds], formats, rows)


def changes(report: Report) -> Table:
    """List the odds without and with the scenario; no rows for the baseline. Odds are left open where only a range is known."""
    say = report.language.say
    columns = {
        say("Place"): PLAIN, say("Target"): PLAIN, say("Baseline"): SHARE, say("Scenario"): SHARE, say("Change"): ERROR, say("Error ±"): ERROR,
    }  # fmt: skip
    rows: list[list[Cell]] = [
        [
            report.names[sheet.place], dated_aim(by_target[one.target], report.names, report.language),
            one.baseline if one.data_weight else None, one.probability if one.data_weight else None, one.difference, one.difference_error,
        ]
        for sheet in report.sheets
        for by_target in [{one.target: one for one in sheet.assessed}]
        for one in (report.effects.of_place(sheet.place) if report.effects else [])
    ]  # fmt: skip
    return Table(say("Scenario"), list(columns), list(columns.values()), rows)


def scenario_parts(report: Report) -> Table:
    """List what part of each change each lever and assumption has; no rows for the baseline."""
    say, language, effects = report.language.say, report.language, report.effects
    columns = {say("Place"): PLAIN, say("Target"): PLAIN, say("Lever or assumption"): PLAIN}
    columns |= {say("Part of the change"): ERROR, say("Error ±"): ERROR}
    terms = terms_told(effects.scenario, report.names, language) if effects else ()
    rows: list[list[Cell]] = [
        [report.names[sheet.place], dated_aim(by_target[one.target], report.names, language), term, part.part, part.error]
        for sheet in report.sheets
        for by_target in [{one.target: one for one in sheet.assessed}]
        for one in (effects.of_place(sheet.place) if effects else [])
        for term, part in zip(terms, one.parts, strict=True)
    ]
    return Table(say("What makes the change"), list(columns), list(columns.values()), rows)


def scenario_futures(report: Report) -> Table:
    """List the quantiles of the futures under the scenario; no rows for the baseline."""
    say = report.language.say
    bounds = [say("{share} of 100 lie below", share=name[1:]) for name in SHOWN_QUANTILES]
    rows: list[list[Cell]] = [
        [report.names[sheet.place], one.title, int(row[0]), *row[1:]]
        for sheet, one in series_of(report)
        if one.both
        for row in one.both[1].iloc[1:].itertuples(index=False, name=None)
    ]
    formats = [PLAIN, PLAIN, "0", *[AMOUNT] * len(bounds)]
    return Table(say("Futures, scenario"), [say("Place"), say("Series"), say("Year"), *bounds], formats, rows)


def facts(report: Report) -> Table:
    """List the facts behind every series."""
    say = report.language.say
    rows: list[list[Cell]] = [
        [report.names[sheet.place], one.title, *row]
        for sheet, one in series_of(report)
        for row in one.facts.itertuples(index=False, name=None)
    ]
    named = next((list(map(str, one.facts.columns)) for _, one in series_of(report) if len(one.facts)), [])
    headings = [say("Place"), say("Series"), *named]
    return Table(say("The facts behind"), headings, [PLAIN] * len(headings), rows)


def rulings(report: Report) -> Table:
    """List the rulings applied."""
    say = report.language.say
    rows = [
        (report.names[sheet.place], ruling_sentence(one, report.catalogue, report.language))
        for sheet in report.sheets
        for one in sheet.rulings
    ]
    return Table(say("Rulings applied"), (say("Place"), say("Ruling")), (PLAIN, PLAIN), rows)


def method(report: Report) -> Table:
    """Say in short how the odds come about and what they cannot tell."""
    say = report.language.say
    rows = [(say("Method in short"), say(text).replace("**", "")) for text in STEPS]
    rows += [(say("What cannot be concluded"), say(text)) for text in LIMITS]
    return Table(say("Method"), (say("What"), say("In words")), (PLAIN, PLAIN), rows)


def made_with(report: Report) -> Table:
    """Say what the report was computed with."""
    say = report.language.say
    return Table(say("Made with"), (say("What"), say("Value")), (PLAIN, PLAIN), report.manifest())
