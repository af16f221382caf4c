"""What a report tells: for each place its targets, the series they are measured by with known years and futures, facts and rulings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from app.language import Language
from app.numbers import MONEY
from app.place_tables import (
    View,
    fact_rows,
    fan_table,
    flags,
    history_table,
    peer_record,
    places_with_figures,
    rulings_about,
    series_of,
    view_in,
)
from app.report_scenario import HORIZON, Effects, scenario_title
from app.sentences import PeerRecord, measure_words, names_of
from app.vintages import DOCUMENT, LATEST, shown_up_to, vintage_of
from data import Catalogue
from data.fingerprint import fingerprint
from data.rulings import Ruling
from forecast import Belief, SeriesBelief
from forecast.routing import answer_auto
from scenarios import TargetAssessment
from scenarios.scenario import BASELINE


@dataclass(frozen=True)
class Run:
    """What a report was computed with, but for the scenario; `known_by` is a date, 'latest' or 'document'."""

    known_by: str = DOCUMENT
    paths: int = 10_000
    seed: int = 1

    @property
    def vintage(self) -> str:
        """Return the date up to which known years and futures are shown."""
        return shown_up_to(self.known_by)


@dataclass(frozen=True, eq=False)
class SeriesSheet:
    """One series of a place: its name, known years, futures (None where none lie ahead), targets as flags, and the facts behind.

    `both` are the simulated futures without and with the scenario, None where there is no scenario or nothing lies ahead.
    """

    title: str
    view: View
    history: pd.DataFrame
    fan: pd.DataFrame | None
    model: str
    flags: pd.DataFrame
    facts: pd.DataFrame
    both: tuple[pd.DataFrame, pd.DataFrame] | None


@dataclass(frozen=True, eq=False)
class PlaceSheet:
    """All that a report tells of one place."""

    place: str
    assessed: tuple[TargetAssessment, ...]
    records: dict[str, PeerRecord | None]
    series: tuple[SeriesSheet, ...]
    rulings: tuple[Ruling, ...]

    @property
    def with_odds(self) -> list[TargetAssessment]:
        """Return the targets whose odds are given."""
        return [one for one in self.assessed if one.status == "assessed"]

    @property
    def without(self) -> list[TargetAssessment]:
        """Return the targets without odds."""
        return [one for one in self.assessed if one.status != "assessed"]


@dataclass(frozen=True, eq=False)
class Report:
    """The sheets of a report in one language with what they rest on; `silent` are places of which neither target nor level is known."""

    sheets: tuple[PlaceSheet, ...]
    silent: tuple[str, ...]
    catalogue: Catalogue
    names: dict[str, str]
    titles: dict[str, str]
    run: Run
    language: Language
    effects: Effects | None

    def title(self) -> str:
        """Name the report by its place, or as a book, and by its scenario."""
        say = self.language.say
        if len(self.sheets) == 1:
            title = say("{place}: targets and odds", place=self.names[self.sheets[0].place])
        else:
            title = say("Targets and odds of {number} places", number=len(self.sheets))
        return f"{title} – {self.scenario_title()}" if self.effects else title

    def scenario_title(self) -> str:
        """Name the scenario."""
        return scenario_title(self.effects.scenario if self.effects else BASELINE, self.language)

    def manifest(self) -> list[tuple[str, str]]:
        """Say what the report was computed with, so that it can be made again."""
        say, run = self.language.say, self.run
        known = {DOCUMENT: say("each target as of its own document")} | dict.fromkeys((LATEST, "latest"), say("everything known"))
        return [
            (say("Version"), f"sourcecast {version('sourcecast')}"),
            (say("Tables (SHA-256)"), fingerprint(self.catalogue)),
            (say("What was known"), known.get(run.known_by, say("documents up to {date}", date=run.known_by))),
            (say("Scenario"), self.scenario_title()),
            (say("Simulated futures"), f"{run.paths:,}"),
            (say("Seed"), str(run.seed)),
            (say("Places"), "、".join(self.placenames()) if self.language.code == "zh" else ", ".join(self.placenames())),
        ]

    def placenames(self) -> list[str]:
        """Name the places of the report."""
        return [self.names[sheet.place] for sheet in self.sheets]


def gather(
    catalogue: Catalogue,
    assessed: Sequence[TargetAssessment],
    belief_of: Callable[[str], Belief],
    run: Run,
    language: Language,
    places: Sequence[str] = (),
    effects: Effects | None = None,
) -> Report:
    """Gather a report.

    Parameters
    ----------
    catalogue : Catalogue
    assessed : sequence of TargetAssessment
        At least the targets of the places wanted.
    belief_of : callable
        Gives the beliefs of a vintage (ISO date); it is asked for the same one many times.
    run : Run
        What the targets were assessed with.
    language : Language
    places : sequence of str
        Each gets its sheet, whatever is known of it; empty for all places of which a target or a level is known.
    effects : Effects, optional
        The scenario under which the targets were assessed, beside the baseline; none for the baseline itself.
    """
    assessed = effects.told(assessed) if effects else assessed
    known = catalogue.known_by(run.vintage)
    names = names_of(catalogue, language)
    wanted = tuple(dict.fromkeys(places)) or places_with_figures(known)
    sheets = [place_sheet(known, assessed, belief_of, run, names, language, place, effects) for place in wanted]
    told = [sheet for sheet in sheets if places or sheet.assessed or sheet.series]
    silent = tuple(sheet.place for sheet in sheets if sheet not in told)
    titles = dict(zip(catalogue.sources["source"], catalogue.sources["title"], strict=True))
    return Report(tuple(told), silent, catalogue, names, titles, run, language, effects)


def place_sheet(
    catalogue: Catalogue,
    assessed: Sequence[TargetAssessment],
    belief_of: Callable[[str], Belief],
    run: Run,
    names: dict[str, str],
    language: Language,
    place: str,
    effects: Effects | None,
) -> PlaceSheet:
    """Gather what is told of one place."""
    own = tuple(one for one in assessed if one.place == place)
    belief = belief_of(run.vintage)
    # The growth of others counts as it was known when the target was assessed.
    records = {one.target: peer_record(belief_of(vintage_of(one)), one) for one in own if one.status == "assessed"}
    sheets = tuple(
        series_sheet(catalogue, belief, belief_of, one, own, names, language, effects) for one in shown_series(belief, place, own)
    )
    ruled = {ruling.ruling: ruling for sheet in sheets for ruling in rulings_about(sheet.view, own, catalogue)}
    return PlaceSheet(place, own, records, sheets, tuple(ruled.values()))


def shown_series(belief: Belief, place: str, own: Sequence[TargetAssessment]) -> list[SeriesBelief]:
    """Return the series that targets of a place are measured by, those with odds first, or the one with most known years."""
    ranked = sorted((one for one in own if one.assessed_by), key=lambda one: (one.status != "assessed", one.due or 0))
    aimed = [one.assessed_by for one in ranked if one.assessed_by]
    series = series_of(belief, place, aimed)
    return [one for one in series if str(one.key) in aimed] or series[:1]


def series_sheet(
    catalogue: Catalogue,
    belief: Belief,
    belief_of: Callable[[str], Belief],
    one: SeriesBelief,
    own: Sequence[TargetAssessment],
    names: dict[str, str],
    language: Language,
    effects: Effects | None,
) -> SeriesSheet:
    """Gather what is told of one series, in its own currency."""
    view = view_in([one], one.key.unit, catalogue.exchange_rates, HORIZON)
    fan, model = None, ""
    if one.series.origin < HORIZON:
        answer = answer_auto(belief, one, HORIZON)
        fan, model = fan_table(view, answer.prediction), answer.model
    title = measure_words(one.key.measure, one.key.scope, names, language) + (f" ({view.unit})" if view.unit in MONEY else "")
    return SeriesSheet(
        title, view, history_table(view), fan, model, flags(own, view, belief_of, language),
        fact_rows(view, catalogue, language, short=True), effects.fans(view) if effects and fan is not None else None,
    )  # fmt: skip
