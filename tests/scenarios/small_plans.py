"""Plans of the small made-up world, and what tests of its futures share."""

from dataclasses import replace
from math import log
from types import MappingProxyType

import numpy as np

from forecast.belief import Belief
from scenarios.plan import Amount, Event, Plan
from scenarios.simulation import DRAWS_AT_ONCE, PATHS_PER_DRAW, simulate

HORIZON = 2020
BLOCK_PATHS = DRAWS_AT_ONCE * PATHS_PER_DRAW
KEY = "City 0|contract_value_executed|total|USD"
JOBS = "City 2|employees|total|persons"


def with_families(belief: Belief, **changes: float) -> Belief:
    """The same belief with other tails, correlations or breaks."""
    return replace(belief, families=MappingProxyType({name: replace(one, **changes) for name, one in belief.families.items()}))


def city_events(belief):
    return [
        Event("first", "City 0|contract_value_executed|total|USD", 2015, log(2.5e9)),
        Event("second", "City 0|contract_value_executed|total|USD", 2018, log(4e9)),
        Event("jobs", "City 2|employees|total|persons", 2015, log(120_000)),
    ]


def levels_of(plan: Plan, paths: int, seed: int) -> dict[str, np.ndarray]:
    """ln(level) (years, paths) of every series of a plan."""
    watched = replace(plan, watched=tuple(str(one.key) for one in plan.series))
    outcomes = simulate(watched, paths, seed)
    return {str(one.key): outcomes.watched[str(one.key)] + one.series.log_level[-1] for one in plan.series}


def triangular(name: str, low: float, high: float) -> Amount:
    return Amount(name, lambda u: low + (high - low) * u)


def at_one_value(amount: Amount) -> Amount:
    """Draw an amount that has the same value in every draw."""
    assert isinstance(amount.quantile, float)
    return Amount(amount.name, lambda u, value=amount.quantile: np.full(u.shape, value))
