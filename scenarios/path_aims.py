"""Aims that no single year of one series decides: sums over years, shares, ranks, and growth in single years. They are judged path by path."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp, expm1, log, log1p

import numpy as np
from numpy.typing import NDArray

from forecast.belief import SeriesBelief
from forecast.series import Floats
from scenarios.outcomes import Outcomes

FASTEST = 1e6  # percent a year that a required growth is looked for up to


@dataclass(frozen=True, eq=False)
class Futures:
    """Levels of series by year and path, with one of them growing by `points` percentage points a year more than it did.

    Attributes
    ----------
    log_levels : mapping of series to array (years, paths)
        ln(level / last known level), from `first_year` on.
    """

    first_year: int
    paths_per_draw: int
    log_levels: Mapping[str, NDArray[np.float32]]
    lifted: str = ""
    points: float = 0.0

    @classmethod
    def watched(cls, outcomes: Outcomes) -> "Futures":
        """Take the paths that a run has kept."""
        return cls(outcomes.plan.first_year, outcomes.paths_per_draw, outcomes.watched)

    def with_growth(self, series: str, points: float) -> "Futures":
        """Let one series grow by so many percentage points a year more in every year after its origin."""
        return replace(self, lifted=series, points=points)

    def of(self, one: SeriesBelief, year: int) -> Floats:
        """Return ln(level) in a year by path, shape (paths,); up to the origin that of the reconstructed level, the same in all paths."""
        name, series = str(one.key), one.series
        paths = self.log_levels[name]
        if year <= series.origin:
            return np.full(paths.shape[1], series.log_level[series.years.index(year)])
        known = float(series.log_level[-1])
        lever = (year - series.origin) * log1p(self.points / 100) if name == self.lifted else 0.0
        return np.asarray(paths[year - self.first_year].astype(float) + (known + lever))


@dataclass(frozen=True, eq=False)
class PathAim(ABC):
    """A target told path by path: what of `one`, in the unit of its series, must reach `log_value`, which is a logarithm.

    `log_unit` is ln(units of the target per unit of what is told); `assumed` the reading in words.
    """

    target: str
    one: SeriesBelief
    due: int
    log_value: float
    assumed: str
    log_unit: float = 0.0

    @property
    def series(self) -> tuple[SeriesBelief, ...]:
        """Every series that must be watched."""
        return (self.one,)

    @property
    def first_open(self) -> int:
        """First year that may be asked about."""
        return max(one.series.origin for one in self.series) + 1

    @property
    def horizon(self) -> int:
        """Years from the series' origin to the due year."""
        return self.due - self.one.series.origin

    @property
    def required_growth(self) -> float | None:
        """Growth needed from the last known level, percent a year; None where it hangs on other series."""
        return None

    @property
    def already_passed(self) -> bool:
        """Whether known years have settled it."""
        return False

    @abstractmethod
    def margins(self, futures: Futures, year: int) -> Floats:
        """By how much it is exceeded by a year, in logarithms, shape (paths,); below 0 it is missed."""

    def amounts(self, futures: Futures, year: int) -> Floats:
        """What is told, in the unit of the target, shape (paths,)."""
        return np.asarray(np.exp(self.margins(futures, year) + self.log_value + self.log_unit))

    def hits(self, futures: Futures) -> NDArray[np.bool_]:
        """Whether each path meets it, shape (paths,)."""
        return self.margins(futures, self.due) >= 0


@dataclass(frozen=True, eq=False)
class YearlyGrowth(PathAim):
    """Growth of `log_value` in the due year alone, or in every year from the first open one to it."""

    every: bool = False

    def margins(self, futures: Futures, year: int) -> Floats:
        """See `PathAim`; the year with the least growth counts."""
        years = range(self.first_open, year + 1) if self.every else (year,)
        growth = [futures.of(self.one, t) - futures.of(self.one, t - 1) for t in years]
        return np.asarray(np.min(growth, axis=0) - self.log_value)


@dataclass(frozen=True, eq=False)
class Cumulative(PathAim):
    """The sum of a flow over the years from `first` to the due one; known years count as they are known."""

    first: int = 0

    @property
    def first_open(self) -> int:
        """First year to come that the sum counts."""
        return max(self.one.series.origin + 1, self.first)

    @property
    def known_sum(self) -> float:
        """What the years known have brought."""
        return sum(self.one.series.level(year) for year in range(self.first, self.one.series.origin + 1))

    @property
    def required_growth(self) -> float:
        """Growth at a constant rate from the last known level that fills the sum, percent a year."""
        from scipy.optimize import brentq  # a quarter of a second that only sums wait for

        known, last = self.known_sum, exp(float(self.one.series.log_level[-1]))
        begin = max(self.first - self.one.series.origin, 1)

        def missing(log_growth: float) -> float:
            coming = last * sum(exp(log_growth * step) for step in range(begin, self.horizon + 1))
            return log(known + coming) - self.log_value

        high = log1p(FASTEST / 100)
        return 100 * expm1(brentq(missing, -high, high)) if missing(-high) < 0 < missing(high) else -100.0

    @property
    def already_passed(self) -> bool:
        """Whether the known years alone fill the sum."""
        return self.known_sum >= exp(self.log_value)

    def margins(self, futures: Futures, year: int) -> Floats:
        """See `PathAim`."""
        levels = [futures.of(self.one, t) for t in range(self.first, year + 1)]
        return np.asarray(np.logaddexp.reduce(levels, axis=0) - self.log_value)


@dataclass(frozen=True, eq=False)
class Share(PathAim):
    """The share of a part in a whole; more growth is that of the part, the whole does not follow."""

    whole: SeriesBelief = field(kw_only=True)

    @property
    def series(self) -> tuple[SeriesBelief, ...]:
        """The part and the whole."""
        return (self.one, self.whole)

    def margins(self, futures: Futures, year: int) -> Floats:
        """See `PathAim`."""
        return np.asarray(futures.of(self.one, year) - futures.of(self.whole, year) - self.log_value)


@dataclass(frozen=True, eq=False)
class Rank(PathAim):
    """A place among its rivals: met where fewer than `place` of them are above; more growth is its own, theirs does not follow."""

    place: int = field(kw_only=True)
    rivals: tuple[SeriesBelief, ...] = field(kw_only=True)

    @property
    def series(self) -> tuple[SeriesBelief, ...]:
        """Its own series and those of its rivals."""
        return (self.one, *self.rivals)

    def margins(self, futures: Futures, year: int) -> Floats:
        """By how much it lies above the rival that it must have passed."""
        levels = np.array([futures.of(rival, year) for rival in self.rivals])
        return np.asarray(futures.of(self.one, year) - np.partition(levels, -self.place, axis=0)[-self.place])

    def amounts(self, futures: Futures, year: int) -> Floats:
        """Its rank; 1 is the first."""
        own = futures.of(self.one, year)
        return np.asarray(1.0 + np.sum([futures.of(rival, year) > own for rival in self.rivals], axis=0))
