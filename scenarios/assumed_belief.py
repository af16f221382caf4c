"""What assumptions change in a belief: the long run, how booms fade, how wide, heavy-tailed and alike the yearly shocks are.

What is known of a series up to its origin stays as it is; only what comes after changes.
"""

from dataclasses import fields, replace
from functools import lru_cache
from math import inf
from types import MappingProxyType
from typing import Any

import numpy as np

from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.series import Floats
from scenarios.assumptions import Breaks, Correlation, LongRunGrowth, Reversion, Tails, Volatility
from scenarios.fields import ALL
from scenarios.quantities import Quantity
from scenarios.terms import Term

SPLITS, WITHIN = 8, 25
BELIEFS_KEPT = 16  # a scenario that is moved a little, or taken apart, has most assumptions as before
OF_FAMILY = ("fade", "persistence", "common_mean", "common_covariance")
OF_SERIES = ("base", "slope", "covariance", "own_shock", "level_noise")


@lru_cache(BELIEFS_KEPT)
def assumed_belief(belief: Belief, assumptions: tuple[Term, ...]) -> Belief:
    """Return a belief with assumptions; of several that set the same thing the last one counts.

    A distribution of what is set by node becomes nodes: each splits into equally likely ones, one for each eighth of the distribution.
    Correlation, breaks and tails that are drawn, and a correlation of some places, are no part of a belief (`compilation.py` has pushes of them).
    """
    widths: dict[str, Volatility] = {}
    long_run: dict[str, LongRunGrowth] = {}
    for term in assumptions:
        if isinstance(term, LongRunGrowth):
            long_run |= dict.fromkeys(pooled(belief, term.families), term)
        elif isinstance(term, Volatility):
            widths |= {str(one.key): term for one in belief.series if concerns(term, one, belief)}
        elif isinstance(term, Reversion):
            for name in pooled(belief, term.families):
                belief = reverting(belief, name, term)
        elif isinstance(term, Correlation | Breaks | Tails) and not is_pushed(term):
            changed = {name: shocked(term, family) for name, family in belief.families.items()}
            belief = replace(belief, families=MappingProxyType(changed))
    for name, growth in long_run.items():
        belief = with_long_run(belief, name, growth)
    for term in dict.fromkeys(widths.values()):
        series = {name for name, its in widths.items() if its is term}
        for name in dict.fromkeys(one.family for one in belief.series if str(one.key) in series):
            belief, factors = by_node(belief, name, term.factor)
            belief = replace(belief, series=tuple(widened(one, factors, name, series) for one in belief.series))
    return belief


def by_node(belief: Belief, name: str, quantity: Quantity) -> tuple[Belief, Floats]:
    """Return a belief whose nodes of a family are split as a distribution needs, and the value of each node."""
    family = belief.families[name]
    low, high = quantity.ends
    if low == high:
        return belief, np.full(len(family.weights), low)
    values = quantity.quantile((np.arange(SPLITS * WITHIN) + 0.5) / (SPLITS * WITHIN)).reshape(SPLITS, WITHIN).mean(axis=1)
    split: dict[str, Any] = {field: np.repeat(getattr(family, field), SPLITS, axis=0) for field in OF_FAMILY}
    family = replace(family, **split, weights=np.repeat(family.weights / SPLITS, SPLITS))
    series = tuple(split_series(one) if one.family == name else one for one in belief.series)
    belief = replace(belief, series=series, families=MappingProxyType({**belief.families, name: family}))
    return belief, np.tile(values, len(family.weights) // SPLITS)


def split_series(one: SeriesBelief) -> SeriesBelief:
    """Return a series with its nodes split."""
    split: dict[str, Any] = {field: np.repeat(getattr(one, field), SPLITS, axis=0) for field in OF_SERIES}
    return replace(one, **split)


def named(belief: Belief, families: tuple[str, ...]) -> tuple[str, ...]:
    """Return the families of a belief that are named, with those that one of their series has for itself."""
    return tuple(name for name, family in belief.families.items() if families == ALL or family.known_as in families)


def pooled(belief: Belief, families: tuple[str, ...]) -> tuple[str, ...]:
    """Return the families named whose growth is pooled over places; a series with a family of its own is not part of that."""
    return tuple(name for name in named(belief, families) if not belief.families[name].kin)


def concerns(term: Volatility, one: SeriesBelief, belief: Belief) -> bool:
    """Tell whether a volatility is that of a series: of the measure named, or else of the families named."""
    if term.measure != "all":
        return one.key.measure == term.measure
    return term.families == ALL or belief.family_of(one) in term.families


def widened(one: SeriesBelief, factors: Floats, family: str, series: set[str]) -> SeriesBelief:
    """Return a series, if it is one of those of a family, with yearly shocks and level noise so many times as wide by node."""
    if one.family != family or str(one.key) not in series or (factors == 1.0).all():
        return one
    return replace(one, own_shock=factors * one.own_shock, level_noise=factors * one.level_noise)


def reverting(belief: Belief, name: str, term: Reversion) -> Belief:
    """Return a belief in which the boom of a family fades, and its places return, as assumed."""
    for field in ("fade", "persistence"):
        quantity: Quantity | None = getattr(term, field)
        if quantity is not None:
            belief, values = by_node(belief, name, quantity)
            changed: dict[str, Any] = {field: values}
            family = replace(belief.families[name], **changed)
            belief = replace(belief, families=MappingProxyType({**belief.families, name: family}))
    return belief


def shocked(term: Correlation | Breaks | Tails, family: FamilyBelief) -> FamilyBelief:
    """Return a family whose yearly shocks are as alike, as broken or as heavy-tailed as assumed."""
    if isinstance(term, Tails):
        return replace(family, tail=inf if isinstance(term.freedom, str) else term.freedom.ends[0])
    if isinstance(term, Breaks):
        (chance, _), (scale, _) = term.probability.ends, term.factor.ends
        return replace(family, break_chance=chance, break_scale=scale) if chance else replace(family, break_chance=0.0)
    # The share of a shock that a place's series have in common is also the most that they can have in common with other places.
    coefficient, _ = term.coefficient.ends
    same_place = max(family.same_place, coefficient)
    return replace(family, same_place=same_place, between_places=coefficient / same_place if same_place else 0.0)


def is_pushed(term: Term) -> bool:
    """Tell whether a correlation, breaks or tails are drawn by the simulation, or of some places alone, and so no numbers of a belief."""
    if isinstance(term, Correlation):
        return term.places != ALL or not term.coefficient.is_certain
    if isinstance(term, Tails):
        return isinstance(term.freedom, Quantity) and not term.freedom.is_certain
    return (
        isinstance(term, Breaks)
        and term.probability.ends != (0, 0)
        and (not term.probability.is_certain or not term.factor.is_certain)
    )


def with_long_run(belief: Belief, name: str, term: LongRunGrowth) -> Belief:
    """Return a belief with another long-run growth of a family.

    The long run m is moved by some d, and the common deviations F that are known by -d: growth up to the last known year stays, and the years
    after have d (1 - fade**h) more. A rate in percent is certain: F and the series are conditioned on m before.
    """
    quantity = term.points if term.percent is None else term.percent
    assert quantity is not None  # noqa: S101  (a term has one of both)
    if quantity is term.points and quantity.ends == (0.0, 0.0):
        return belief
    belief, values = by_node(belief, name, quantity)
    family, moved = belief.families[name], np.log1p(values / 100)
    if quantity is term.percent:
        moved = moved - family.common_mean[:, 0]
        family = replace(family, common_covariance=given_long_run(family.common_covariance))
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
    if one is other:
        return True
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
