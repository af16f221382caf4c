"""Growth as it is expected: of each series in each coming year, of the best peers, and as the record of a family has it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecast.belief import Belief, SeriesBelief
from forecast.prediction import extended_common, trend_moments
from forecast.series import Floats

PEER = 0.9  # the share of places that grow no faster than the best peers
RECORD = (0.05, 0.95)
ROUNDING = 1e-12
BELIEFS_KEPT = 16

Growths = Mapping[str, Mapping[int, float]]


@dataclass(frozen=True)
class Record:
    """The 5 to 95 % range of the yearly growth that the series of a family had [log growth a year], and how many rates it rests on."""

    low: float
    high: float
    rates: int


def expected_growths(belief: Belief, horizon: int, names: Collection[str] | None = None) -> dict[str, dict[int, float]]:
    """Return the expected log growth of every series, or of those named, in each year from its origin to the horizon."""
    chosen = [one for one in belief.series if one.series.origin < horizon and (names is None or str(one.key) in names)]
    families = {name: belief.families[name] for name in {one.family for one in chosen}}
    extended = {name: extended_common(family, max(horizon, family.last_year)) for name, family in families.items()}
    found = {}
    for one in chosen:
        trend = expected_trend(belief, one, horizon, extended[one.family])
        found[str(one.key)] = dict(zip(range(one.series.origin + 1, horizon + 1), map(float, np.diff(trend)), strict=True))
    return found


def expected_trend(belief: Belief, one: SeriesBelief, horizon: int, extended: tuple[Floats, Floats]) -> Floats:
    """Return the expected ln(level) of the trend of a series in each year from its origin to the horizon."""
    family = belief.families[one.family]
    origin = one.base[:, 0] + np.einsum("kd,kd->k", one.slope[:, 0], family.common_mean)
    (coming,), _ = trend_moments(family, [one], range(one.series.origin + 1, horizon + 1), extended)
    return np.asarray(np.vstack([origin, coming]) @ family.weights)


def peer_lifts(belief: Belief, horizon: int) -> dict[tuple[str, str], dict[int, float]]:
    """Return by place and family what lifts its expected log growth in each year to that of the best peers; never below 0.

    The growth of a place is the mean over its series of the family; a nation is lifted, but is no peer of its cities.
    """
    growths = expected_growths(belief, horizon)
    by_place: dict[tuple[str, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in belief.series:
        for year, growth in growths.get(str(one.key), {}).items():
            by_place[belief.family_of(one), year][one.key.place].append(growth)
    lifts: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for (family, year), found in by_place.items():
        means = {place: float(np.mean(rates)) for place, rates in found.items()}
        peers = [mean for place, mean in means.items() if place not in belief.nations]
        best = float(np.quantile(peers, PEER)) if peers else -np.inf
        for place, mean in means.items():
            lifts[place, family][year] = best - mean if best - mean > ROUNDING else 0.0
    return dict(lifts)


def records_of(belief: Belief, families: Collection[str]) -> dict[str, Record]:
    """Return what growth the series of some families had from one known year to the next; families without any are left out."""
    return {name: record for name, record in all_records(belief).items() if name in families}


@lru_cache(BELIEFS_KEPT)
def all_records(belief: Belief) -> dict[str, Record]:
    """Return the records of all families, in the order of their first series."""
    rates: dict[str, list[float]] = defaultdict(list)
    for one in belief.series:
        if len(one.series.years) > 1:
            rates[belief.family_of(one)] += list(np.diff(one.series.log_level) / np.diff(one.series.years))
    ends = {family: np.quantile(found, RECORD) for family, found in rates.items()}
    return {family: Record(float(low), float(high), len(rates[family])) for family, (low, high) in ends.items()}
