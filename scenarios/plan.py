"""Beliefs, levers and targets as dense arrays: what the kernels need, and nothing symbolic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import log1p

import numpy as np
from numpy.typing import NDArray

from forecast.belief import Belief, SeriesBelief
from forecast.currency import Conversion
from forecast.series import Floats

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Event:
    """A level to be reached: ln(level of `series` in `year`), converted if need be, is at least `log_value`.

    `log_value` is in the unit of the series at the last known rate; `conversion` adds the uncertainty of that rate.
    """

    name: str
    series: str
    year: int
    log_value: float
    conversion: Conversion | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """One run: the series with their families, the events watched (in the order of their series) and the horizon."""

    belief: Belief
    series: tuple[SeriesBelief, ...]
    events: tuple[Event, ...]
    horizon: int
    extra_growth: Mapping[str, float]

    @property
    def first_year(self) -> int:
        """First year that any series is simulated for."""
        return min((one.series.origin for one in self.series), default=self.horizon - 1) + 1

    @property
    def n_years(self) -> int:
        """Number of years from `first_year` to the horizon."""
        return self.horizon - self.first_year + 1

    def events_of(self, series: str) -> slice:
        """The events about one series, which stand together."""
        numbers = [number for number, event in enumerate(self.events) if event.series == series]
        return slice(numbers[0], numbers[-1] + 1) if numbers else slice(0, 0)

    def log_extra_growth(self, one: SeriesBelief) -> Floats:
        """The growth lever of a series in log growth for each year after its origin: p points multiply growth by 1 + p/100."""
        points = self.extra_growth.get(str(one.key), 0.0)
        return np.full(self.horizon - one.series.origin, log1p(points / 100))


def make_plan(
    belief: Belief,
    events: Sequence[Event],
    horizon: int,
    extra_growth: Mapping[str, float] | None = None,
    *,
    places: Sequence[str] = (),
) -> Plan:
    """Gather what a run needs.

    Parameters
    ----------
    belief : Belief
    events : sequence of Event
        Each about a series of the belief, in a year after its origin and not after the horizon.
    horizon : int
        Last year simulated.
    extra_growth : mapping of series to percentage points a year
    places : sequence of str
        Simulate all series of these places too, not only those that an event is about. No shock depends on it.
    """
    wanted = {event.series for event in events}
    chosen = tuple(
        one for one in belief.series if (one.key.place in places or str(one.key) in wanted) and one.series.origin < horizon
    )
    known = {str(one.key): one.series.origin for one in chosen}
    for event in events:
        if event.series not in known:
            raise ValueError(f"event {event.name}: no series {event.series} with an origin before {horizon}")
        if not known[event.series] < event.year <= horizon:
            raise ValueError(f"event {event.name}: year {event.year} is not within {known[event.series] + 1} to {horizon}")
    return Plan(
        belief,
        chosen,
        tuple(sorted(events, key=lambda event: (event.series, event.name))),
        horizon,
        dict(extra_growth or {}),
    )


def stream_keys(seed: int, *names: str) -> Integers:
    """Keys (n, 2) of named streams: the 64 bits of a stable hash of seed and name, as two words."""
    keys = []
    for name in names:
        digest = blake2b(f"{seed}|{name}".encode(), digest_size=8).digest()
        keys.append([int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")])
    return np.array(keys, dtype=np.int64)


def covariance_factor(covariance: Floats) -> Floats:
    """Lower triangular factors of a stack of covariance matrices (K, n, n) that may be singular (a variance of zero)."""
    factor = np.zeros_like(covariance)
    size = covariance.shape[-1]
    for column in range(size):
        pivot = covariance[:, column, column] - (factor[:, column, :column] ** 2).sum(axis=1)
        root = np.sqrt(np.maximum(pivot, 0.0))
        factor[:, column, column] = root
        safe = np.where(root > 0, root, 1.0)
        for row in range(column + 1, size):
            rest = covariance[:, row, column] - (factor[:, row, :column] * factor[:, column, :column]).sum(axis=1)
            factor[:, row, column] = np.where(root > 1e-9, rest / safe, 0.0)
    return factor
