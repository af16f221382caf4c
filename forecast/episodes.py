"""What growth the record holds: every stretch of so many years that is known of the series of a family, or that followed a boom elsewhere.

Episodes elsewhere are counted by benchmarks/count_booms.py and stored beside this file; docs/method.md, section "Targets".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from forecast.belief import Belief, SeriesBelief
from forecast.series import Floats

STORED = Path(__file__).with_name("boom_episodes.json")
# The class of growing series that stands for a family, as in priors.py; nothing is known of other measures, which have that of contracts.
CLASSES = MappingProxyType({"contracts": "services", "people": "people", "fdi": "fdi", "other": "services"})


@dataclass(frozen=True)
class Elsewhere:
    """How many of the episodes after booms elsewhere grew as fast as was asked; `of` names the class: services, people or fdi."""

    of: str
    as_fast: int
    episodes: int


def episodes(belief: Belief, one: SeriesBelief, years: int) -> Floats:
    """Return the growth, percent a year, of every episode of so many years in the record of a series' family.

    An episode runs from one known level to another of the same series; those of one series may overlap. Nations are the record of nations,
    all other places that of each other.

    Parameters
    ----------
    years : int
        Length of the episodes.

    Returns
    -------
    array (n,)
        Empty where no series is known that far apart.
    """
    return episodes_of_family(belief, one.family, one.key.place in belief.nations, years)


@lru_cache(maxsize=64)
def episodes_of_family(belief: Belief, family: str, nations: bool, years: int) -> Floats:
    """Return the episodes of a family's nations, or of all its other places; many targets of a family ask for the same."""
    found = []
    for one in belief.series:
        if one.family == family and (one.key.place in belief.nations) == nations:
            known = dict(zip(one.series.years, one.series.log_level, strict=True))
            found += [(known[year + years] - level) / years for year, level in known.items() if year + years in known]
    grown = np.asarray(100 * np.expm1(np.array(found)))
    grown.flags.writeable = False
    return grown


def episodes_elsewhere(family: str, years: int, growth: float) -> Elsewhere | None:
    """Count the episodes of a family's reference class: stretches of so many years after a booming year, in other countries.

    Parameters
    ----------
    family : str
        A family of measures.
    years : int
        Length of the episodes.
    growth : float
        Percent a year; those count as fast that grew at least so much, to the nearest whole percent.

    Returns
    -------
    Elsewhere or None
        None for lengths that were not counted (above ten years) and for growth below 0 or above 100 %.
    """
    name = CLASSES[family]
    counted = stored_counts()[name].get(str(years))
    percent = round(growth)
    if counted is None or not 0 <= percent < len(counted["at_least"]):
        return None
    return Elsewhere(name, counted["at_least"][percent], counted["episodes"])


@lru_cache(maxsize=1)
def stored_counts() -> Mapping[str, Any]:
    """Return the counts by class and years."""
    counts: Mapping[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))["counts"]
    return counts
