"""What moves the odds of a target, as tables and sentences in the reader's language, for the page What matters."""

from collections.abc import Mapping

import pandas as pd

from app.comparison_tables import signed
from app.language import Language, mark
from app.numbers import MONEY, amount, error_in_hundred
from app.sensitivity_tables import LEAST_SWING, MOST_ROWS, point_words
from app.sensitivity_words import thing_words
from app.sentences import series_words
from scenarios import Sensitivity, Solution
from scenarios.figure_values import FigureValue
from scenarios.goal_seeking import in_words
from scenarios.misses import Condition, Misses

WHY = {
    "next": mark("next of its own"),
    "earlier": mark("gap in its past"),
    "place": mark("of the same place"),
    "family": mark("of a large place"),
}
NO_BOX = (
    mark("The target is missed in nearly none of the futures, so there is nothing that its misses have in common."),
    mark("The target is missed in nearly all futures, whatever else happens in them."),
    mark("The misses have nothing in common that could be told in a few conditions."),
)
LEVER_WORDS = {
    "growth": mark("more growth each year"),
    "programme": mark("a programme: a level gained up to the due year"),
    "talent": mark("people trained each year who stay"),
    "fdi": mark("investment attracted each year"),
    "ceiling": mark("a higher ceiling"),
    "target": mark("another target"),
}
UNITS = {
    "percentage points a year": mark("percentage points a year"),
    "persons a year": mark("persons a year"),
    "persons": mark("persons"),
    "percent": mark("percent"),
    "ratio": mark("times"),
    "count": mark("units"),
}


def swings_words(found: Sensitivity, names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Return the tornado as a table under headings in the language; odds only where they are given."""
    say = language.say
    rows = []
    for one in found.swings:
        if abs(one.swing) < LEAST_SWING:
            continue
        points = [point_words(one, point, language) for point in (one.low, one.high)]
        odds = [100 * share if found.data_weight else None for share in (one.probability_at_low, one.probability_at_high)]
        rows.append((thing_words(one.thing, names, language), *points, *odds, 100 * one.swing, 100 * one.swing_error))
    heads = [say("Thing"), say("Low"), say("High"), say("Odds at low"), say("Odds at high"), say("Change"), say("Error ±")]
    table = pd.DataFrame(rows[:MOST_ROWS], columns=heads)
    return table.astype(dict.fromkeys(heads[3:], float)).round(2)


def miss_sentence(one: Misses, names: Mapping[str, str], language: Language) -> str:
    """Say when a target is missed."""
    say = language.say
    if one.density is None or one.coverage is None or one.size is None:
        return say(one.sentence) if one.sentence in NO_BOX else one.sentence
    return say(
        "With {conditions} the target is missed in {density} (±{density_error}) of 100 futures. {size} of 100 futures are like that, and "
        "{coverage} (±{coverage_error}) of 100 misses lie among them.",
        conditions=say(" and ").join(condition_words(limit, names, language) for limit in one.conditions),
        density=f"{100 * one.density:.0f}", density_error=error_in_hundred(one.density_error or 0.0), size=f"{100 * one.size:.0f}",
        coverage=f"{100 * one.coverage:.0f}", coverage_error=error_in_hundred(one.coverage_error or 0.0),
    )  # fmt: skip


def condition_words(one: Condition, names: Mapping[str, str], language: Language) -> str:
    """Say one limit: 'growth of the contracts family in 2013 to 2015 at most 39.1 % a year'."""
    thing, unit = thing_words(one.thing, names, language), thing_words(one.unit, names, language) if one.unit else ""
    low, high = (None if end is None else f"{end:,.10g} {unit}".strip() for end in (one.low, one.high))
    if low is None:
        return language.say("{thing} at most {end}", thing=thing, end=high)
    if high is None:
        return language.say("{thing} at least {end}", thing=thing, end=low)
    return language.say("{thing} from {low} to {high}", thing=thing, low=low, high=high)


def figures_words(found: Sensitivity, names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Rank the missing figures under headings in the language."""
    say = language.say
    heads = [say("Figure"), say("Year"), say("What it is"), say("Odds move by"), say("Error ±"), say("Doubt removed, %")]
    rows = [
        (
            figure_name(one, names, language),
            one.year,
            say(WHY[one.why]),
            100 * one.change,
            100 * one.change_error,
            100 * one.variance_share,
        )
        for one in found.figures[:MOST_ROWS]
    ]
    return pd.DataFrame(rows, columns=heads).round(2)


def figure_name(one: FigureValue, names: Mapping[str, str], language: Language) -> str:
    """Name the series of a figure."""
    return series_words("|".join((one.place, one.measure, one.scope, one.unit)), names, language)


def figure_sentence(one: FigureValue, names: Mapping[str, str], language: Language) -> str:
    """Say what the figure would do that helps most."""
    return language.say(
        "The figure of {year} of {series} would move the odds by {change} of 100 on average, up or down.", year=one.year,
        series=figure_name(one, names, language), change=f"{100 * one.change:.0f}",
    )  # fmt: skip


def solution_sentence(found: Solution, language: Language) -> str:
    """Say how much of a lever would be enough, or that none is."""
    say, wanted = language.say, f"{100 * found.wanted:.0f}"
    again = f"{100 * found.probability:.0f}"
    if found.amount is None:
        return say("No amount reaches {wanted} of 100: at the largest it is {odds}.", wanted=wanted, odds=again)
    if found.amount == 0:
        return say("Nothing is needed: it is {odds} of 100 without it.", odds=f"{100 * found.baseline:.0f}")
    ends = ["…" if end is None else amount_words(end, found.unit, language) for end in (found.amount_low, found.amount_high)]
    return say(
        "**{amount}** give {wanted} of 100 (between {low} and {high}, allowing two Monte Carlo errors). Simulated again with other random numbers it "
        "is met in {odds} (±{error}) of 100 futures.",
        amount=amount_words(found.amount, found.unit, language), wanted=wanted, low=ends[0], high=ends[1], odds=again,
        error=error_in_hundred(found.probability_error),
    )  # fmt: skip


def amount_words(value: float, unit: str, language: Language) -> str:
    """Write the amount of a lever with its unit."""
    money, yearly = unit.removesuffix(" a year"), unit.endswith(" a year")
    if money in MONEY:
        said = amount(value, money, language=language)
        return language.say("{amount} a year", amount=said) if yearly else said
    return f"{in_words(value)} {language.say(UNITS[unit]) if unit in UNITS else unit}"


def change_words(found: Sensitivity, names: Mapping[str, str], language: Language) -> str:
    """Say in one sentence what moves the odds most."""
    widest = found.swings[0]
    return language.say(
        "Nothing moves the odds as much as {thing}: {change} of 100 from low to high.", thing=thing_words(widest.thing, names, language),
        change=signed(widest.swing),
    )  # fmt: skip
