"""What a scenario does to a place, for a report: its terms, the odds before and after, the part of each term, and both fans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from app.comparison_tables import signed
from app.language import Language
from app.numbers import error_in_hundred
from app.place_tables import View
from app.what_if_tables import PRESET_TITLES, from_last_known, levels_table, odds_table, parts_table, term_words
from data import Catalogue
from forecast import believe
from scenarios import Comparison, Scenario, TargetAssessment, compare
from scenarios.level_table import believed_levels
from scenarios.scenario import BASELINE

HORIZON = 2020


@dataclass(frozen=True, eq=False)
class Effects:
    """A scenario beside the baseline: every target compared, and the simulated levels of both (rows of `simulated_levels`)."""

    scenario: Scenario
    compared: Sequence[Comparison]
    before: Sequence[Mapping[str, object]]
    after: Sequence[Mapping[str, object]]

    def of_place(self, place: str) -> list[Comparison]:
        """Return the targets of one place that have odds under both."""
        return [one for one in self.compared if one.place == place and one.difference is not None]

    def told(self, assessed: Sequence[TargetAssessment]) -> list[TargetAssessment]:
        """Give targets the odds of the comparison, which are less noisy than those counted, so that a report has one number for each."""
        found = {one.target: (one.probability, one.probability_error) for one in self.compared if one.probability is not None}
        return [
            replace(one, probability=found[one.target][0], probability_error=found[one.target][1]) if one.target in found else one
            for one in assessed
        ]

    def fans(self, view: View) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Return the levels of a series in the unit shown, without and with the scenario; None where nothing is simulated."""
        key, series = view.one.key, view.one.series
        found = []
        for rows in (self.before, self.after):
            own = [row for row in rows if row["place"] == key.place]
            levels = levels_table(own, key.measure, key.scope, key.unit)
            if levels.empty:
                return None
            levels = from_last_known(levels, series.origin, series.level(series.origin))
            factors = levels["year"].map(view.factor)
            found.append(levels.assign(**{name: factors * levels[name] for name in levels.columns if name != "year"}))
        return found[0], found[1]


def effects_of(
    catalogue: Catalogue, scenario: Scenario, known_by: str, vintage: str, paths: int, seed: int, threads: int | None, places: Sequence[str]
) -> Effects | None:  # fmt: skip
    """Simulate a scenario beside the baseline; None for the baseline itself.

    Parameters
    ----------
    known_by : str
        As of `assess_targets`.
    vintage : str
        The date up to which known years and futures are shown.
    """
    if not scenario.levers and not scenario.assumptions:
        return None
    both = compare(catalogue, [BASELINE, scenario], known_by=known_by, paths=paths, seed=seed, threads=threads, places=places)
    compared = [one for one in both if one.scenario == scenario.title]
    belief = believe(catalogue, vintage)
    before, after = (
        believed_levels(belief, catalogue, one.model_copy(update={"horizon": HORIZON}), paths, seed, threads, places)
        for one in (BASELINE, scenario)
    )
    return Effects(scenario, compared, before, after)


def scenario_title(scenario: Scenario, language: Language) -> str:
    """Name a scenario; the presets have their names in every language."""
    return language.say(scenario.title) if scenario.title in PRESET_TITLES.values() else scenario.title


def terms_told(scenario: Scenario, names: Mapping[str, str], language: Language) -> tuple[str, ...]:
    """Name every lever and assumption of a scenario."""
    return tuple(term_words(term, names, language) for term in (*scenario.levers, *scenario.assumptions))


def amounts_told(scenario: Scenario, language: Language) -> tuple[str, ...]:
    """Give the amounts of every lever and assumption, in English in the words of scenario files: 'trainees 5000, retention beta [7, 3]'."""
    comma = "，" if language.code == "zh" else ", "
    told = []
    for term in (*scenario.levers, *scenario.assumptions):
        stated = term.model_dump(exclude_defaults=True, exclude=set(term.address))
        words = ((language.word("field", name).replace("_", " "), in_words(value, language)) for name, value in stated.items())
        told.append(comma.join(f"{name} {amount}" for name, amount in words))
    return tuple(told)


def in_words(value: object, language: Language) -> str:
    """Write an amount: a number, a distribution with its arguments, or amounts by year."""
    if isinstance(value, dict):
        return ", ".join(f"{language.word('distribution', str(name))} {in_words(one, language)}" for name, one in value.items())
    return f"{value:,.10g}" if isinstance(value, float) else str(value).replace("_", " ")


def change_rows(
    compared: Sequence[Comparison], assessed: Sequence[TargetAssessment], names: Mapping[str, str], language: Language
) -> list[tuple[str, ...]]:
    """Set the odds before and after side by side: target, before, after, change and its error, of a hundred; dashes where one year is known."""
    table = odds_table(compared, {one.target: one for one in assessed}, names, language)
    return [
        (
            row["label"],
            *("–" if pd.isna(row[name]) else f"{row[name]:.0f}" for name in ("before", "after")),
            signed(row["change"] / 100),
            "–" if pd.isna(row["error"]) else f"±{error_in_hundred(row['error'] / 100)}",
        )
        for row in table.to_dict("records")
    ]


def part_rows(
    effects: Effects, place: str, assessed: Sequence[TargetAssessment], names: Mapping[str, str], language: Language
) -> list[tuple[str, ...]]:
    """List what part of each change each term has: target, term, part and its error, of a hundred."""
    by_target = {one.target: one for one in assessed}
    table = parts_table(effects.of_place(place), effects.scenario, by_target, names, language)
    return [
        (row["target"], row["term"], signed(row["part"] / 100), f"±{error_in_hundred(row['error'] / 100)}")
        for row in table.to_dict("records")
    ]
