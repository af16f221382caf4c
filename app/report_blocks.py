"""A report as chapters of plain blocks, which every format of pages lays out in its own way."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from app.charts import fan_chart
from app.class_tables import class_headings, class_legend, class_rows
from app.drawings import columns_of
from app.language import Language
from app.method_text import LIMITS, STEPS
from app.numbers import amount, percent
from app.overview_tables import odds_words, range_words
from app.place_tables import fan_legend, known_legend, rest_sentence, ruling_sentence
from app.reasons import reason_words
from app.report_content import PlaceSheet, Report, SeriesSheet
from app.report_scenario import HORIZON, amounts_told, change_rows, part_rows, terms_told
from app.sentences import (
    aim_words,
    basis_sentence,
    dated_aim,
    effort_sentence,
    elsewhere_sentence,
    growth_sentence,
    joined,
    peer_sentence,
    plain_reason,
    target_sentence,
    weight_sentence,
)
from app.what_if_charts import two_fans
from scenarios import TargetAssessment

CHART_WIDTH, CHART_HEIGHT = 600, 200
PIXELS_A_POINT = 2.5
CHINESE_FONTS = (
    "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"  # else any that has the letter
)
MOST_TOGETHER = 8  # rows of a table that a page break does not cut
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


@dataclass(frozen=True)
class Heading:
    """A heading within a chapter; level 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph; `kind` is text, lead (what matters most, bold) or small (where it stands)."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Points:
    """A list of sentences; if `marked`, what stands between ** is bold, which names of a user may hold for themselves."""

    items: tuple[str, ...]
    marked: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: headings, rows of text, which columns are numbers, and how wide each column is beside the others."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    numbers: frozenset[int] = frozenset()

    @property
    def short(self) -> bool:
        """Tell whether the table stays together: a few rows alone on the next page say nothing."""
        return len(self.rows) <= MOST_TOGETHER


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart with the words for who cannot see it; `fonts` are preferred for its letters."""

    chart: alt.LayerChart
    alternative: str
    fonts: str = ""

    def specification(self) -> dict[str, Any]:
        """Lay the chart out; the specification is ours and was checked piece by piece, so it is not checked again as a whole."""
        laid_out: dict[str, Any] = self.chart.to_dict(validate=False)
        if self.fonts:
            laid_out["config"]["font"] = self.fonts
        return laid_out

    def svg(self) -> str:
        """Draw the chart."""
        return str(vl_convert.vegalite_to_svg(self.specification(), vl_version=VEGA_LITE))

    def png(self) -> bytes:
        """Draw the chart in points fine enough for print."""
        return bytes(vl_convert.vegalite_to_png(self.specification(), vl_version=VEGA_LITE, scale=PIXELS_A_POINT))


Block = Heading | Text | Points | Grid | Picture


@dataclass(frozen=True, eq=False)
class Chapter:
    """A sheet of a report, on a page of its own; `name` serves links (letters, digits, _), `summary` stands beside its title in the contents."""

    name: str
    title: str
    summary: str
    blocks: tuple[Block, ...]


def chapters(report: Report) -> list[Chapter]:
    """Lay a report out: a chapter a place, and one that says how it was computed."""
    return [*(place_chapter(report, sheet, number) for number, sheet in enumerate(report.sheets, start=1)), method_chapter(report)]


def place_chapter(report: Report, sheet: PlaceSheet, number: int) -> Chapter:
    """Lay out one place."""
    say = report.language.say
    blocks: list[Block] = [*scenario_blocks(report, sheet), Heading(say("Targets"))]
    if not sheet.assessed:
        blocks.append(Text(say("No target is stated in the documents chosen.")))
    blocks += chain.from_iterable(target_blocks(report, sheet, one) for one in sheet.with_odds)
    if sheet.with_odds:
        blocks.append(targets_grid(report, sheet.with_odds))
        blocks.append(Text(targets_legend(report.language), "small"))
    if sheet.without:
        blocks.append(refused_grid(report, sheet.without))
        blocks += class_blocks(report, sheet.without)
    blocks.append(Heading(say("What is known, and what may come")))
    if not sheet.series:
        blocks.append(Text(say("No level is known of this place, so nothing can be drawn.")))
    if any(one.fan is not None for one in sheet.series):
        blocks.append(Text(chart_legend(report), "small"))  # before the charts: behind them it stood alone on a page of its own
    blocks += chain.from_iterable(series_blocks(report, sheet, one) for one in sheet.series)
    if sheet.rulings:
        blocks.append(Heading(say("Rulings applied")))
        blocks.append(Points(tuple(ruling_sentence(one, report.catalogue, report.language) for one in sheet.rulings)))
    summary = say("{known} of {number} targets with odds", known=len(sheet.with_odds), number=len(sheet.assessed))
    title = report.names[sheet.place] + (f" {sheet.place}" if report.language.code == "zh" else "")
    return Chapter(f"place_{number}", title, summary if sheet.assessed else "", tuple(blocks))


def scenario_blocks(report: Report, sheet: PlaceSheet) -> list[Block]:
    """Tell the scenario of a report: what is moved and supposed, what that does to the odds, and which part each has; nothing for the baseline."""
    if report.effects is None:
        return []
    say, language, effects = report.language.say, report.language, report.effects
    blocks: list[Block] = [Heading(say("Scenario: {title}", title=report.scenario_title()))]
    blocks.append(Text(say("All odds of this report are those under this scenario; where the baseline is meant, it says so.")))
    brackets = ("（", "）") if language.code == "zh" else (" (", ")")
    told = zip(terms_told(effects.scenario, report.names, language), amounts_told(effects.scenario, language), strict=True)
    blocks.append(Points(tuple(f"{term}{brackets[0]}{amounts}{brackets[1]}" if amounts else term for term, amounts in told)))
    changes = change_rows(effects.of_place(sheet.place), sheet.assessed, report.names, language)
    if changes:
        headings = (say("Target"), say("Baseline"), say("Scenario"), say("Change"), say("Error ±"))
        title = say("Odds in 100, without and with the scenario")
        blocks.append(Grid(title, headings, tuple(changes), (52, 12, 12, 12, 12), frozenset(range(1, 5))))
    if parts := part_rows(effects, sheet.place, sheet.assessed, report.names, language):
        heads = (say("Target"), say("Lever or assumption"), say("Part of the change"), say("Error ±"))
        blocks.append(Grid(say("What makes the change"), heads, tuple(parts), (40, 36, 12, 12), frozenset({2, 3})))
    return blocks


def target_blocks(report: Report, sheet: PlaceSheet, one: TargetAssessment) -> list[Block]:
    """Tell one target with odds: the sentence, the growth it needs, and where it stands."""
    names, language = report.names, report.language
    record = sheet.records[one.target]
    more = [
        growth_sentence(one, language),
        peer_sentence(record, language) if record else "",
        elsewhere_sentence(record, language) if record else "",
        effort_sentence(one, language),
        weight_sentence(one, language),
    ]
    return [
        Heading(dated_aim(one, names, language), 3),
        Text(target_sentence(one, names, language), "lead"),
        Text(joined(more, language)),
        Text(basis_sentence(one, names, report.titles, language), "small"),
    ]


def targets_grid(report: Report, rows: list[TargetAssessment]) -> Grid:
    """Set the targets with odds side by side."""
    say, language = report.language.say, report.language
    known = (say("Target"), say("By"), say("Odds in 100"), say("Range"))
    growth = (say("Growth needed"), say("Growth last"), say("Extra for 50"), say("Extra for 80"))
    cells = tuple(
        (
            aim_words(one, report.names, language),
            str(one.due),
            "–" if one.data_weight == 0 else odds_words(one),
            range_words(one),
            percent(one.required_growth, language),
            "–" if one.observed_growth is None else percent(one.observed_growth, language),
            points(one.extra_growth_50),
            points(one.extra_growth_80),
            source_words(one),
        )
        for one in rows
    )
    widths = (30, 7, 11, 9, 11, 10, 9, 9, 11)
    return Grid(say("Stated targets and their odds"), (*known, *growth, say("Source")), cells, widths, frozenset(range(1, 8)))


def targets_legend(language: Language) -> str:
    """Say how the table of targets is read."""
    return language.say(
        "Odds in 100: the share of simulated futures in which the target is met, ± what their number leaves open; a dash where only a range "
        "is known. Range: how the odds vary with plausible growth. Extra: percentage points of growth a year to be added for 50 and for 80 of 100."
    )


def refused_grid(report: Report, rows: list[TargetAssessment]) -> Grid:
    """List the targets without odds with the reason."""
    say, language = report.language.say, report.language
    cells = tuple(
        (
            aim_words(one, report.names, language),
            str(one.due or "–"),
            reason_words(plain_reason(one.reason), language),
            source_words(one),
        )
        for one in rows
    )
    title = say("Targets without odds, and why ({number})", number=len(rows))
    return Grid(title, (say("Target"), say("By"), say("Why"), say("Source")), cells, (38, 8, 42, 12))


def class_blocks(report: Report, rows: list[TargetAssessment]) -> list[Block]:
    """Tell what stands in place of withheld odds; nothing where none are withheld."""
    cells = class_rows(rows, report.names, report.language)
    if not cells:
        return []
    title, widths = report.language.say("In place of withheld odds"), (20, 7, 10, 14, 11, 18, 10, 10)
    grid = Grid(title, class_headings(report.language), tuple(cells), widths, frozenset({1, 2, *range(4, 8)}))
    return [grid, Text(class_legend(report.language), "small")]


def source_words(one: TargetAssessment) -> str:
    """Cite a document and its line: 003:4581."""
    return f"{one.source}:{one.line}" if one.line is not None else one.source


def points(extra: float | None) -> str:
    """Write percentage points to be added."""
    return "–" if extra is None else f"{extra:+.1f}" if extra else "0"


def series_blocks(report: Report, sheet: PlaceSheet, one: SeriesSheet) -> list[Block]:
    """Tell one series: the chart with its words, what to mind, and the facts behind."""
    say, language, series = report.language.say, report.language, one.view.one.series
    blocks: list[Block] = [Heading(one.title[0].upper() + one.title[1:], 3)]
    if one.fan is not None:
        until = last_year_drawn(one)
        blocks.append(picture(report, sheet, one, one.fan, until))
        blocks.append(Text(future_words(one.both[1] if one.both else one.fan, until, one, language)))
    if len(series.years) == 1:
        blocks.append(Text(say("Only one year is known of this figure: its growth is wholly that of comparable places.")))
    blocks += [Text(say("Figures disagree: {conflict}", conflict=conflict)) for conflict in series.conflicts]
    blocks.append(facts_grid(one, language))
    return blocks


def last_year_drawn(one: SeriesSheet) -> int:
    """Return the last year that a target of a series is due, or the horizon where none is."""
    ahead = one.flags["year"][(one.flags["year"] > one.view.one.series.origin) & (one.flags["year"] <= HORIZON)]
    return HORIZON if ahead.empty else int(ahead.max())


def picture(report: Report, sheet: PlaceSheet, one: SeriesSheet, fan: pd.DataFrame, until: int) -> Picture:
    """Draw a series up to a year."""
    say, language = report.language.say, report.language
    shown = one.flags[one.flags["year"] <= until]
    if one.both:
        before, after = (columns_of(levels[levels["year"] <= until], "year", "q10", "q50", "q90") for levels in one.both)
        chart = two_fans(before, after, one.history, shown, "", language).chart()
    else:
        chart = fan_chart(fan[fan["year"] <= until], one.history, shown, "", language)  # the heading above names it
    last = one.history.iloc[-1]
    alternative = say(
        "{place}, {title}: known up to {year} ({level}); futures to {until}.", place=report.names[sheet.place], title=one.title,
        year=int(last["year"]), level=amount(float(last["level"]), one.view.unit, language=language), until=until,
    )  # fmt: skip
    fonts = CHINESE_FONTS if language.code == "zh" else ""
    return Picture(chart.properties(width=CHART_WIDTH, height=CHART_HEIGHT), alternative, fonts)


def chart_legend(report: Report) -> str:
    """Say how the charts are read, and how far each goes."""
    ends = report.language.say(
        "Each chart ends with the last year in which one of its targets is due; in {year} where there is none.", year=HORIZON
    )
    if report.effects is None:
        return joined([fan_legend(report.language), ends], report.language)
    both = report.language.say(
        "Shades: 80 of 100 possible futures; line: the middle one; dashed and grey: the baseline. Triangles: targets."
    )
    return joined([known_legend(report.language), both, ends], report.language)


def future_words(levels: pd.DataFrame, until: int, one: SeriesSheet, language: Language) -> str:
    """Say where the futures lie in the last year drawn, and what they rest on."""
    last = levels[levels["year"] == until].iloc[0]
    low, quarter, three, high = (
        amount(float(last[name]), one.view.unit, language=language) for name in ("q10", "q25", "q75", "q90")
    )
    said = language.say(
        "In {year} half of the futures lie between {quarter} and {three}, four in five between {low} and {high}.", year=until,
        quarter=quarter, three=three, low=low, high=high,
    )  # fmt: skip
    return joined([said, rest_sentence(one.model, language)], language)


def facts_grid(one: SeriesSheet, language: Language) -> Grid:
    """List the facts behind a series; `fact_rows` gives its columns in this order."""
    rows = tuple(tuple(map(str, row)) for row in one.facts.itertuples(index=False))
    widths = (16, 10, 18, 12, 8, 16, 30)
    told = len(widths) if any(row[-1] for row in rows) else len(widths) - 1  # the last column is the note
    headings = tuple(map(str, one.facts.columns))[:told]
    return Grid(language.say("The facts behind"), headings, tuple(row[:told] for row in rows), widths[:told], frozenset({4}))


def method_chapter(report: Report) -> Chapter:
    """Say in short how the odds come about, what they cannot tell, which documents they rest on, and with what all was computed."""
    say = report.language.say
    sources = report.catalogue.sources
    used = {one.source for sheet in report.sheets for one in sheet.assessed}
    used |= {ruling.source for sheet in report.sheets for ruling in sheet.rulings}
    used |= set(report.catalogue.facts["source"][report.catalogue.facts["fact"].isin(facts_used(report))])
    documents = tuple(
        (str(row["source"]), str(row["title"]), str(row["publisher"]), str(row["published"]))
        for row in sources[sources["source"].isin(used)].to_dict("records")
    )
    headings = (say("Document"), say("Title"), say("Publisher"), say("Published"))
    blocks: list[Block] = [
        Heading(say("Method in short")),
        Points(tuple(map(say, STEPS)), marked=True),
        Heading(say("What cannot be concluded")),
        Points(tuple(map(say, LIMITS))),
    ]
    if documents:
        blocks += [Heading(say("Documents")), Grid(say("Where the figures come from"), headings, documents, (12, 48, 24, 16))]
    blocks.append(Heading(say("Made with")))
    blocks.append(Grid(say("Version, data and settings"), (say("What"), say("Value")), tuple(report.manifest()), (25, 75)))
    if report.silent:
        silent = ("、" if report.language.code == "zh" else ", ").join(report.names[place] for place in report.silent)
        blocks.append(Text(say("Neither a target nor a level is known of: {places}.", places=silent), "small"))
    return Chapter("method", say("How this was made"), "", tuple(blocks))


def facts_used(report: Report) -> set[str]:
    """Return the facts that stand behind the series of a report, those set aside included."""
    series = [one.view.one.series for sheet in report.sheets for one in sheet.series]
    return {fact for one in series for fact in one.facts} | {fact for one in series for fact, _ in one.set_aside}
