"""Scenarios side by side: which can be chosen, the odds of each target under each, and what makes the changes, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from app.comparison_tables import NEGLIGIBLE, signed
from app.kept_scenarios import Kept
from app.language import Language
from app.numbers import error_in_hundred, in_hundred
from app.scenario_links import link_text, presets
from app.sentences import dated_aim
from app.what_if_tables import PRESET_TITLES, aim_of, term_words
from scenarios import Comparison, Scenario, TargetAssessment

MOST = 4
ERRORS_SHOWN = 2  # standard errors to either side: 95 of 100 runs with other random numbers would give odds within
OWN, PRESENT = "own ", "present"
ODDS_COLUMNS = ("label", "scenario", "odds", "low", "high", "error", "change", "change_error")


def choices(kept: Kept, present: Scenario) -> dict[str, Scenario]:
    """Return the scenarios that can be chosen by key: presets by name, those kept, and the present one if it is neither."""
    found: dict[str, Scenario] = dict(presets()) | {f"{OWN}{one.title}": one for one in kept.scenarios}
    return found if present in found.values() else found | {PRESENT: present}


def title_of(key: str, scenario: Scenario, language: Language) -> str:
    """Name a choice."""
    if key in PRESET_TITLES:
        return language.say(PRESET_TITLES[key])
    return language.say("{name} (now on What-if)", name=scenario.title) if key == PRESENT else scenario.title


def key_of(scenario: Scenario, found: Mapping[str, Scenario]) -> str:
    """Return the key of a scenario among the choices, '' if it is none of them."""
    return next((key for key, one in found.items() if one == scenario), "")


def address_of(scenarios: Sequence[Scenario]) -> str:
    """Write scenarios for an address: presets by name, others packed; those that are too long for one are left out."""
    return ",".join(text for one in scenarios if (text := link_text(one)))


def odds_rows(
    compared: Sequence[Comparison],
    titles: Sequence[str],
    assessed: Mapping[str, TargetAssessment],
    names: Mapping[str, str],
    language: Language,
) -> pd.DataFrame:
    """Return the odds of each target under each scenario: columns `ODDS_COLUMNS`, of a hundred.

    `low` and `high` are two standard errors away. Odds are NaN where one year alone is known of a figure, changes where a scenario gives no
    odds. The label is the target as stated; rows stand by target, then in the order of the scenarios.
    """
    rows = []
    for one in compared:
        odds, error = hundred(one.probability if one.data_weight else None), hundred(one.probability_error)
        ends = (max(odds - ERRORS_SHOWN * error, 0.0), min(odds + ERRORS_SHOWN * error, 100.0))
        label = dated_aim(assessed[one.target], names, language)
        rows.append((label, titles[int(one.scenario)], odds, *ends, error, hundred(one.difference), hundred(one.difference_error)))
    return pd.DataFrame(rows, columns=list(ODDS_COLUMNS)).astype(dict.fromkeys(ODDS_COLUMNS[2:], float))


def hundred(share: float | None) -> float:
    """Return a share in hundredths, NaN for None."""
    return float("nan") if share is None else 100 * share


def odds_grid(rows: pd.DataFrame, titles: Sequence[str], language: Language) -> pd.DataFrame:
    """Return a row a target and a column a scenario: the odds with their error, and below the first scenario the change from it."""
    say = language.say
    grid = []
    for label, own in rows.groupby("label", sort=False):
        cells = {say("Target"): label}
        for number, row in enumerate(own.to_dict("records")):
            cells[str(row["scenario"])] = cell(
                {str(name): value for name, value in row.items()}, first=number == 0, language=language
            )
        grid.append(cells)
    return pd.DataFrame(grid, columns=[say("Target"), *titles]).fillna("–")


def cell(row: Mapping[str, Any], *, first: bool, language: Language) -> str:
    """Write the odds of a target under a scenario, and the change from the first."""
    say = language.say
    odds = "" if pd.isna(row["odds"]) else f"{in_hundred(row['odds'] / 100)} ±{error_in_hundred(row['error'] / 100)}"
    if first:
        return odds or "–"
    if pd.isna(row["change"]):
        return "–"
    change = f"{signed(row['change'] / 100)} ±{error_in_hundred(row['change_error'] / 100)}"
    return say("{odds} ({change})", odds=odds, change=change).strip()


def odds_words(rows: pd.DataFrame, first: str, language: Language) -> pd.DataFrame:
    """Put the odds under headings in the language, to be taken away."""
    say = language.say
    heads = {
        "label": say("Target"),
        "scenario": say("Scenario"),
        "odds": say("Odds in 100"),
        "error": say("Error ±"),
        "change": say("Change from {scenario}", scenario=first),
        "change_error": say("Error of the change ±"),
    }
    return rows[list(heads)].rename(columns=heads).round(2)


def parts_rows(
    compared: Sequence[Comparison],
    scenario: Scenario,
    assessed: Mapping[str, TargetAssessment],
    names: Mapping[str, str],
    language: Language,
) -> pd.DataFrame:
    """Return what each term of a scenario adds to the odds under the baseline: columns target, term, part, error (of a hundred).

    `compared` are those of this scenario. What a target does not feel is left out.
    """
    terms = (*scenario.levers, *scenario.assumptions)
    rows = [
        (aim_of(one, assessed, names, language), term_words(term, names, language), 100 * part.part, 100 * part.error)
        for one in compared
        for term, part in zip(terms, one.parts, strict=False)
        if abs(part.part) >= NEGLIGIBLE
    ]
    return pd.DataFrame(rows, columns=["target", "term", "part", "error"])
