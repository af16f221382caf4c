"""Scenario + Belief -> what `make_plan` takes: the belief under the assumptions, pushes, exchange rates; and the targets that levers move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
import pandas as pd

from data import Catalogue, InputFault, Target
from data.sentences import phrased
from forecast.belief import Belief
from forecast.currency import MONEY, conversion
from forecast.history_beliefs import with_histories
from forecast.series import SeriesKey
from scenarios import assumptions, levers
from scenarios.aims import DrawnTarget
from scenarios.amounts import address, amount_of, is_zero, median, middle
from scenarios.assumed_belief import assumed_belief, is_pushed, is_same, named
from scenarios.expected_growth import peer_lifts
from scenarios.fields import ALL, LAST_YEAR
from scenarios.lever_warnings import LeverWarning, lever_warnings, unreached_warnings
from scenarios.plan import Alike, Amount, Breaks, Ceiling, CommonShock, Gain, Growth, Link, Push, Rates, Tails
from scenarios.quantities import Quantity
from scenarios.rate_paths import assumed_rates
from scenarios.scenario import Scenario
from scenarios.scenario_names import check_names
from scenarios.terms import Term

SHORTEST_HALF_LIFE = 0.01  # years: 1e-30 of the push is left after one


@dataclass(frozen=True, eq=False)
class Compiled:
    """A scenario made ready for a belief.

    Attributes
    ----------
    belief : Belief
        That given, with the assumptions.
    pushes : tuple
        What levers, links and common shocks do, in an order that does not depend on that of the terms.
    rates : tuple of Rates
    warnings : tuple of LeverWarning
        Levers that lead out of what the record has seen, and assumptions that do not reach a series.
    is_assumed : bool
        Whether assumptions change what is believed.
    is_baseline : bool
        Whether nothing is pushed or supposed.
    """

    belief: Belief
    pushes: tuple[Push, ...]
    rates: tuple[Rates, ...]
    warnings: tuple[LeverWarning, ...]
    is_assumed: bool
    is_baseline: bool


def compile_scenario(scenario: Scenario, catalogue: Catalogue, belief: Belief, horizon: int | None = None) -> Compiled:
    """Turn the terms of a scenario into what the simulation needs.

    Levers and assumptions that do nothing leave nothing behind: a neutral scenario gives the same bytes as the baseline.

    Parameters
    ----------
    scenario : Scenario
    catalogue : Catalogue
        Its names and exchange rates.
    belief : Belief
        What the levers and assumptions are about, of the vintage that is assessed.
    horizon : int, optional
        Last year simulated; that of the scenario if not given.

    Raises
    ------
    InputFault
        If a name is unknown, or correlations of some places do not go together.
    """
    scenario = check_names(scenario, catalogue)
    horizon = horizon or scenario.horizon
    belief = with_histories(belief, horizon)
    rates = catalogue.known_by(belief.vintage).exchange_rates
    pushes = with_lowest_ceilings([push for term in scenario.levers for push in lever_pushes(term, belief, rates, horizon)])
    pushes += links_of(scenario, belief, pushed(pushes))
    pushes += [shock for term in scenario.assumptions for shock in shocks_of(term, belief)]
    assumed = assumed_belief(belief, scenario.assumptions) if scenario.assumptions else belief
    pushes += [*alike_pushes(scenario, assumed), *drawn_shocks(scenario)]
    ordered = tuple(sorted(pushes, key=repr))
    rates_assumed = assumed_rates(scenario, rates)
    is_assumed = not is_same(assumed, belief)
    warnings = (*lever_warnings(assumed, ordered, horizon), *unreached_warnings(belief, scenario))
    return Compiled(assumed, ordered, rates_assumed, warnings, is_assumed, not (ordered or rates_assumed or is_assumed))


def moved_target(row: Target, scenario: Scenario) -> Target:
    """Return a stated target as the levers of a scenario move it; a `DrawnTarget` where its value is a distribution."""
    for term in scenario.levers:
        if isinstance(term, levers.Target) and term.target == row.target:
            if term.value is not None:
                row = replace(row, value=middle(term.value), value_high=nan)
            if term.due is not None:
                row = replace(row, due=float(term.due))
            if term.value is not None and not term.value.is_certain:
                row = DrawnTarget(**vars(row), drawn=amount_of(term, "value"))
    return row


def lever_pushes(term: Term, belief: Belief, rates: pd.DataFrame, horizon: int) -> list[Push]:
    """Turn a lever into what it does to each series; one that does nothing gives nothing."""
    match term:
        case levers.Growth():
            return growth_pushes(term, belief, horizon)
        case levers.Programme():
            years = range(term.years[0], term.years[1] + 1)
            profile = dict.fromkeys(years, 1 / len(years))
            gains = [Gain(name, amount, profile) for name, amount in amounts_of(term, "level", term.scope, belief, rates)]
        case levers.Talent():
            stay = amount_of(term, "retention")
            gains = [
                Gain(name, amount, profile_of(term.years), stay)
                for name, amount in amounts_of(term, "trainees", "total", belief, rates)
            ]
        case levers.Fdi():
            profile = profile_of(term.years, term.ramp)
            gains = [
                Gain(name, amount, profile, lasts=False) for name, amount in amounts_of(term, "amount", "total", belief, rates)
            ]
        case levers.Ceiling():
            return [Ceiling(name, amount) for name, amount in amounts_of(term, "level", term.scope, belief, rates)]
        case _:
            return []
    return [gain for gain in gains if not is_zero(gain.amount) and not is_zero(gain.times)]


def growth_pushes(term: levers.Growth, belief: Belief, horizon: int) -> list[Push]:
    """Turn a growth lever into a push of all its series, or of each place up to the best peers."""
    chosen = [
        one
        for one in belief.series
        if (term.places == ALL or one.key.place in term.places)
        and term.measure in ("all", one.key.measure)
        and term.scope in ("all", one.key.scope)
    ]
    profile = profile_of(term.years, term.ramp)
    if isinstance(term.points, Quantity):
        points = amount_of(term, "points")
        return [] if is_zero(points) or not chosen else [Growth(tuple(str(one.key) for one in chosen), points, profile)]
    lifts = peer_lifts(belief, horizon)
    whole = Amount(address(term, "points"), 1.0)
    pushes: list[Push] = []
    for one in chosen:
        lift = lifts.get((one.key.place, belief.family_of(one)), {})
        steps = {year: 100 * float(np.expm1(lift[year])) * profile.get(year, 0.0) for year in lift}
        if any(steps.values()):
            pushes.append(Growth((str(one.key),), whole, steps))
    return pushes


def profile_of(years: tuple[int, int | None], ramp: int = 1) -> dict[int, float]:
    """Return the share of an amount in each year of a lever, rising in equal steps over the years of its ramp."""
    start, end = years
    return {year: min(1.0, (year - start + 1) / ramp) for year in range(start, (end or LAST_YEAR) + 1)}


def amounts_of(
    term: levers.Programme | levers.Talent | levers.Fdi | levers.Ceiling, field: str, scope: str, belief: Belief, rates: pd.DataFrame
) -> list[tuple[str, Amount]]:  # fmt: skip
    """Return the series of a lever with its amount in the unit of each; money is converted at the last known rate."""
    unit = getattr(term, "unit", None)
    found = []
    for one in belief.series:
        key = one.key
        if (term.places != ALL and key.place not in term.places) or key.measure != term.measure or key.scope != scope:
            continue
        factor = 1.0
        if unit in MONEY and key.unit in MONEY and (rate := conversion(rates, unit, key.unit)) is not None:
            factor = float(np.exp(rate.log_rate))
        found.append((str(key), amount_of(term, field, factor)))
    return found


def with_lowest_ceilings(pushes: Sequence[Push]) -> list[Push]:
    """Of several ceilings of a series keep that with the lowest median, and all other pushes."""
    lowest: dict[str, Ceiling] = {}
    for push in pushes:
        if isinstance(push, Ceiling) and (push.series not in lowest or median(push.level) < median(lowest[push.series].level)):
            lowest[push.series] = push
    return [*lowest.values(), *(push for push in pushes if not isinstance(push, Ceiling))]


def pushed(pushes: Iterable[Push]) -> set[str]:
    """Return the series that levers move, for links to hand on."""
    moved: set[str] = set()
    for push in pushes:
        if isinstance(push, Growth):
            moved |= set(push.series)
        elif isinstance(push, Gain):
            moved.add(push.series)
    return moved


def links_of(scenario: Scenario, belief: Belief, moved: set[str]) -> list[Link]:
    """Lay the links of a scenario between the series of each place, as far as levers move their sources, directly or by another link."""
    every = []
    for term in scenario.assumptions:
        if isinstance(term, assumptions.Link) and not is_zero(elasticity := amount_of(term, "elasticity")):
            sources = [one.key for one in belief.series if one.key.measure == term.from_measure]
            for one in belief.series:
                if one.key.measure == term.to_measure and (source := source_of(one.key, sources)) is not None:
                    every.append(Link(str(source), str(one.key), elasticity, term.lag))
    kept: list[Link] = []
    while coming := [link for link in every if link.source in moved and link not in kept]:
        kept += coming
        moved = moved | {link.target for link in coming}
    return kept


def source_of(target: SeriesKey, sources: Iterable[SeriesKey]) -> SeriesKey | None:
    """Return the one of some series that is linked to another of its place: of the same scope, or else the total; of its unit first."""
    known = [key for key in sources if key.place == target.place and key.scope in (target.scope, "total")]
    return min(known, key=lambda key: (key.scope != target.scope, key.unit != target.unit, key), default=None)


def shocks_of(term: Term, belief: Belief) -> list[CommonShock]:
    """Turn an assumption into a common shock, if it is one that can happen and does something."""
    if not isinstance(term, assumptions.CommonShock):
        return []
    percent, probability = amount_of(term, "percent"), amount_of(term, "probability")
    half_life = amount_of(term, "half_life", floor=SHORTEST_HALF_LIFE)
    if is_zero(percent) or is_zero(probability):
        return []
    return [CommonShock(named(belief, term.families), term.year, percent, probability, half_life)]


def alike_pushes(scenario: Scenario, assumed: Belief) -> list[Alike]:
    """Return the correlations that are drawn, or of some places alone, but for those that say what holds for all places anyway.

    Raises
    ------
    InputFault
        If a place stands in two of them, or places of a list are less alike than all places: what all have in common, they have too.
    """
    terms = [term for term in scenario.assumptions if isinstance(term, assumptions.Correlation)]
    everywhere = next((term.coefficient.ends for term in terms if term.places == ALL), None)
    if everywhere is None:
        common = max((family.same_place * family.between_places for family in assumed.families.values()), default=0.0)
        everywhere = (common, common)
    found, listed = [], set()
    for term in terms:
        if term.places == ALL:
            found += [Alike(amount_of(term, "coefficient"))] if is_pushed(term) else []
            continue
        for place in term.places:
            if place in listed:
                raise InputFault(
                    phrased(
                        "correlation, places: {place} found in two of them; allowed: one list for a place, besides all", place=place
                    )
                )
            listed.add(place)
        low, high = term.coefficient.ends
        if low < everywhere[1]:
            raise InputFault(
                phrased(
                    "correlation of {places}: a coefficient of {low:g} found; allowed: at least {least:g}, which holds for all places",
                    places=", ".join(term.places), low=low, least=everywhere[1],
                )
            )  # fmt: skip
        if (low, high) != everywhere:
            found.append(Alike(amount_of(term, "coefficient"), term.places))
    return found


def drawn_shocks(scenario: Scenario) -> list[Breaks | Tails]:
    """Return the breaks and the tails that are drawn."""
    found: list[Breaks | Tails] = []
    for term in scenario.assumptions:
        if isinstance(term, assumptions.Breaks) and is_pushed(term):
            found.append(Breaks(amount_of(term, "probability"), amount_of(term, "factor")))
        if isinstance(term, assumptions.Tails) and is_pushed(term):
            found.append(Tails(amount_of(term, "freedom")))
    return found
