"""What assumptions change in a belief: the long run, how booms fade, how wide, heavy-tailed and alike the yearly shocks are.

What is known of a series up to its origin stays as it is; only what comes after changes.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from math import inf, log1p
from types import MappingProxyType

import numpy as np

from data import InputFault
from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.series import Floats
from scenarios.assumptions import Breaks, Correlation, LongRunGrowth, Reversion, Tails, Volatility
from scenarios.fields import ALL
from scenarios.quantities import Quantity
from scenarios.scenario import Scenario


def number_of(quantity: Quantity, what: str) -> float:
    """Return the value of an amount that must be certain.

    Raises
    ------
    InputFault
        If it is a distribution.
    """
    low, high = quantity.ends
    if low != high:
        raise InputFault(f"{what}: a distribution found; a number is allowed here, for it holds in all futures alike")
    return low


def assumed_belief(belief: Belief, scenario: Scenario) -> Belief:
    """Return a belief with the assumptions of a scenario; of several that set the same thing the last one counts.

    Raises
    ------
    InputFault
        If an amount is a distribution, or a correlation is not one of all places.
    """
    factors: dict[str, float] = {}
    long_run: dict[str, LongRunGrowth] = {}
    for term in scenario.assumptions:
        if isinstance(term, LongRunGrowth):
            long_run |= dict.fromkeys(named(belief, term.families), term)
        elif isinstance(term, Volatility):
            factor = number_of(term.factor, "volatility, factor")
            chosen = [one for one in belief.series if concerns(term, one)]
            factors |= {str(one.key): factor for one in chosen}
        elif isinstance(term, Reversion):
            belief = with_families(belief, named(belief, term.families), partial(reverting, term))
        elif isinstance(term, Correlation | Breaks | Tails):
            belief = with_families(belief, tuple(belief.families), partial(shocked, term))
    for name, growth in long_run.items():
        belief = with_long_run(belief, name, growth)
    series = tuple(widened(one, factors.get(str(one.key), 1.0)) for one in belief.series)
    return replace(belief, series=series)


def named(belief: Belief, families: tuple[str, ...]) -> tuple[str, ...]:
    """Return the families of a belief that are named."""
    return tuple(name for name in belief.families if families == ALL or name in families)


def with_families(belief: Belief, names: tuple[str, ...], change: Callable[[FamilyBelief], FamilyBelief]) -> Belief:
    """Return a belief of which some families are changed."""
    changed = {name: change(family) if name in names else family for name, family in belief.families.items()}
    return replace(belief, families=MappingProxyType(changed))


def concerns(term: Volatility, one: SeriesBelief) -> bool:
    """Tell whether a volatility is that of a series: of the measure named, or else of the families named."""
    if term.measure != "all":
        return one.key.measure == term.measure
    return term.families == ALL or one.family in term.families


def widened(one: SeriesBelief, factor: float) -> SeriesBelief:
    """Return a series whose yearly shocks and level noise are so many times as wide."""
    return one if factor == 1.0 else replace(one, own_shock=factor * one.own_shock, level_noise=factor * one.level_noise)


def reverting(term: Reversion, family: FamilyBelief) -> FamilyBelief:
    """Return a family whose boom fades, and whose places return, as assumed."""
    fade, persistence = family.fade, family.persistence
    if term.fade is not None:
        fade = np.full_like(fade, number_of(term.fade, "reversion, fade"))
    if term.persistence is not None:
        persistence = np.full_like(persistence, number_of(term.persistence, "reversion, persistence"))
    return replace(family, fade=fade, persistence=persistence)


def shocked(term: Correlation | Breaks | Tails, family: FamilyBelief) -> FamilyBelief:
    """Return a family whose yearly shocks are as alike, as broken or as heavy-tailed as assumed."""
    if isinstance(term, Tails):
        return replace(family, tail=inf if isinstance(term.freedom, str) else number_of(term.freedom, "tails, freedom"))
    if isinstance(term, Breaks):
        chance, scale = number_of(term.probability, "breaks, probability"), number_of(term.factor, "breaks, factor")
        return replace(family, break_chance=chance, break_scale=scale) if chance else replace(family, break_chance=0.0)
    if term.places != ALL:
        raise InputFault(
            f"correlation, places: {', '.join(term.places)} found; all is allowed, for one number holds for any two places"
        )
    # The share of a shock that a place's series have in common is also the most that they can have in common with other places.
    coefficient = number_of(term.coefficient, "correlation, coefficient")
    same_place = max(family.same_place, coefficient)
    return replace(family, same_place=same_place, between_places=coefficient / same_place if same_place else 0.0)


def with_long_run(belief: Belief, name: str, term: LongRunGrowth) -> Belief:
    """Return a belief with another long-run growth of a family.

    The long run m is moved by some d, and the common deviations F that are known by -d: growth up to the last known year stays, and the years
    after have d (1 - fade**h) more. A rate in percent is certain: F and the series are conditioned on m before.
    """
    family = belief.families[name]
    if term.percent is not None:
        moved = log1p(number_of(term.percent, "long_run_growth, percent") / 100) - family.common_mean[:, 0]
        family = replace(family, common_covariance=given_long_run(family.common_covariance))
    elif term.points is not None:
        moved = np.full(len(family.weights), log1p(number_of(term.points, "long_run_growth, points") / 100))
    if term.points is not None and not moved.any():
        return belief
    step = np.repeat(-moved[:, None], family.common_mean.shape[1], axis=1)
    step[:, 0] = moved
    series = tuple(
        replace(one, base=one.base - np.einsum("kid,kd->ki", one.slope, step)) if one.family == name else one
        for one in belief.series
    )
    family = replace(family, common_mean=family.common_mean + step)
    return replace(belief, series=series, families=MappingProxyType({**belief.families, name: family}))


def given_long_run(covariance: Floats) -> Floats:
    """Covariance (K, D, D) of the common parameters once the first of them, the long run, is certain."""
    column = covariance[:, :, 0]
    variance = np.maximum(column[:, :1, None], np.finfo(float).tiny)
    known = covariance - column[:, :, None] * column[:, None, :] / variance
    known[:, 0, :] = 0.0
    known[:, :, 0] = 0.0
    return np.asarray(known)


def is_same(one: Belief, other: Belief) -> bool:
    """Tell whether two beliefs about the same series say the same."""
    families = zip(one.families.values(), other.families.values(), strict=True)
    series = zip(one.series, other.series, strict=True)
    return all(same_values(*pair) for pair in families) and all(same_values(*pair) for pair in series)


def same_values(one: FamilyBelief | SeriesBelief, other: FamilyBelief | SeriesBelief) -> bool:
    """Tell whether all fields are equal, arrays by their values."""
    return one is other or all(
        getattr(one, field.name) is getattr(other, field.name)
        or (field.name != "series" and np.array_equal(getattr(one, field.name), getattr(other, field.name)))
        for field in fields(one)
    )
