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


# Of targets without a year: growth over one, three, five and ten years.
LENGTHS = (1, 3, 5, 10)


@dataclass(frozen=True)
class Elsewhere:
    """How growth went on after booms elsewhere, in stretches of so many years.

    `of` names the class: services (exports), people (employment) or fdi; `source` where its figures are from. `starts` counts the calendar
    years in which the stretches begin: those of one year share its fortunes. `as_fast` counts the stretches that grew as was asked, None
    if nothing was. Growth is percent a year: quantiles and the fastest.
    """

    of: str
    source: str
    years: int
    starts: int
    episodes: int
    as_fast: int | None
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    fastest: float


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


def episodes_elsewhere(family: str, years: int, growth: float | None = None) -> Elsewhere | None:
    """Tell the episodes of a family's reference class: stretches of so many years after a booming year, in other countries.

    Parameters
    ----------
    family : str
        A family of measures.
    years : int
        Length of the episodes.
    growth : float, optional
        Percent a year; those count as fast that grew at least so much, to the nearest whole percent.

    Returns
    -------
    Elsewhere or None
        None for lengths that were not counted.
    """
    return counted_elsewhere(CLASSES[family], years, None if growth is None else round(growth))


@lru_cache(maxsize=1024)  # many targets ask the same
def counted_elsewhere(name: str, years: int, percent: int | None) -> Elsewhere | None:
    """Tell the episodes of a class; those count as fast that grew at least so many percent a year."""
    stored = stored_class()
    counted = stored["counts"][name].get(str(years))
    if counted is None:
        return None
    as_fast = None
    if percent is not None:
        as_fast = sum(number for low, number in zip(counted["percent"], counted["number"], strict=True) if low >= percent)
    return Elsewhere(name, stored["sources"][name], years, counted["starts"], counted["episodes"], as_fast, *counted["quantiles"])


def class_growth(family: str, years: int | None, growth: float | None) -> list[Elsewhere]:
    """Tell how a family's reference class grew over a span: what can be said of a target whose odds cannot.

    Parameters
    ----------
    family : str
    years : int or None
        Years to the due one; without them several lengths are told, and beyond the longest that was counted that one, with `as_fast` None:
        growth is harder to keep up for longer.
    growth : float or None
        Percent a year that is needed.
    """
    if years is None:
        return [told for length in LENGTHS if (told := episodes_elsewhere(family, length, growth))]
    longest = max(map(int, stored_class()["counts"][CLASSES[family]]))
    told = episodes_elsewhere(family, min(years, longest), growth if years <= longest else None)
    return [told] if told else []


@lru_cache(maxsize=1)
def stored_class() -> Mapping[str, Any]:
    """Return what was counted: `counts` by class and years, and the `sources` of each class."""
    stored: Mapping[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return stored
