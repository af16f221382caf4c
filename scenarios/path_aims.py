"""Aims that no single year of one series decides: sums over years, shares, ranks, and growth in single years. They are judged path by path."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import exp, expm1, log, log1p
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forecast.belief import SeriesBelief
from forecast.currency import Conversion
from forecast.series import Floats
from scenarios.doubts import Doubt, is_doubtful
from scenarios.outcomes import Outcomes
from scenarios.plan import Amount
from scenarios.pushes import drawn
from scenarios.shared_draws import doubts_by_path

FASTEST = 1e6  # percent a year that a required growth is looked for up to


@dataclass(frozen=True, eq=False)
class Futures:
    """Levels of series by year and path, with one of them growing by `points` percentage points a year more than it did.

    Attributes
    ----------
    log_levels : mapping of series to array (years, paths)
        ln(level / last known level), from `first_year` on.
    rates : mapping of conversion to array (years, paths)
        By how much ln of the exchange rate leaves the last known one; of those in doubt.
    amounts : mapping of amount to array (paths,)
        What is drawn of aims.
    """

    first_year: int
    paths_per_draw: int
    log_levels: Mapping[str, NDArray[np.float32]]
    lifted: str = ""
    points: float = 0.0
    rates: Mapping[Conversion, NDArray[np.float32]] = field(default_factory=dict)
    amounts: Mapping[Amount, Floats] = field(default_factory=dict)

    @classmethod
    def watched(cls, outcomes: Outcomes, aims: Iterable["Aimed"] = ()) -> "Futures":
        """Take the paths that a run has kept, and draw again what differs from path to path in what some aims ask of them."""
        plan, seed, per_draw = outcomes.plan, outcomes.seed, outcomes.paths_per_draw
        conversions = dict.fromkeys(aim.conversion for aim in aims if aim.conversion is not None)
        doubts = [Doubt(one, None) for one in conversions if is_doubtful(plan.rates, one)]
        rates = doubts_by_path(plan, doubts, seed, outcomes.n_draws, per_draw)
        amounts = dict.fromkeys(aim.moved for aim in aims if aim.moved is not None)
        return cls(
            plan.first_year,
            per_draw,
            outcomes.watched,
            rates={doubt.rate: rate for doubt, rate in zip(doubts, rates, strict=True) if doubt.rate is not None},
            amounts={one: np.repeat(drawn(one, seed, 0, outcomes.n_draws), per_draw) for one in amounts},
        )

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

    def converted(self, one: SeriesBelief, year: int, conversion: Conversion | None) -> Floats:
        """Return ln(level) in a year by path, with what the rate of that year adds to it; known years count at the last known rate."""
        if conversion is None or conversion not in self.rates or year <= one.series.origin:
            return self.of(one, year)
        return np.asarray(self.of(one, year) + self.rates[conversion][year - self.first_year])

    def drawn(self, amount: Amount | None) -> Floats:
        """Return the values of an amount by path, shape (paths,), or one 0 for none."""
        return np.zeros(1) if amount is None else self.amounts[amount]


class Aimed(Protocol):
    """What an aim asks of futures beside levels: an exchange rate, and what is drawn of it."""

    @property
    def conversion(self) -> Conversion | None:
        """How money in the unit of the series becomes money in that of the target."""

    @property
    def moved(self) -> Amount | None:
        """What each draw of the parameters adds to the logarithm that is aimed at."""


@dataclass(frozen=True, eq=False)
class PathAim(ABC):
    """A target told path by path: what of `one`, in the unit of its series, must reach `log_value`, which is a logarithm.

    `log_unit` is ln(units of the target per unit of what is told) at the last known rate, from which `conversion` says how the rate leaves;
    `assumed` the reading in words; `moved` what each draw of the parameters adds to `log_value`.
    """

    target: str
    one: SeriesBelief
    due: int
    log_value: float
    assumed: str
    log_unit: float = 0.0
    conversion: Conversion | None = None
    moved: Amount | None = None

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
    def told(self, futures: Futures, year: int) -> Floats:
        """What is told by a year, a logarithm, shape (paths,)."""

    def margins(self, futures: Futures, year: int) -> Floats:
        """By how much it is exceeded by a year, in logarithms, shape (paths,); below 0 it is missed."""
        return np.asarray(self.told(futures, year) - (self.log_value + futures.drawn(self.moved)))

    def amounts(self, futures: Futures, year: int) -> Floats:
        """What is told, in the unit of the target, shape (paths,)."""
        return np.asarray(np.exp(self.told(futures, year) + self.log_unit))

    def hits(self, futures: Futures) -> NDArray[np.bool_]:
        """Whether each path meets it, shape (paths,)."""
        return self.margins(futures, self.due) >= 0


@dataclass(frozen=True, eq=False)
class YearlyGrowth(PathAim):
    """Growth of `log_value` in the due year alone, or in every year from the first open one to it."""

    every: bool = False

    def told(self, futures: Futures, year: int) -> Floats:
        """See `PathAim`; the year with the least growth counts."""
        years = range(self.first_open, year + 1) if self.every else (year,)
        growth = [futures.of(self.one, t) - futures.of(self.one, t - 1) for t in years]
        return np.asarray(np.min(growth, axis=0))


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

    def told(self, futures: Futures, year: int) -> Floats:
        """See `PathAim`."""
        levels = [futures.converted(self.one, t, self.conversion) for t in range(self.first, year + 1)]
        return np.asarray(np.logaddexp.reduce(levels, axis=0))


@dataclass(frozen=True, eq=False)
class Share(PathAim):
    """The share of a part in a whole; more growth is that of the part, the whole does not follow."""

    whole: SeriesBelief = field(kw_only=True)

    @property
    def series(self) -> tuple[SeriesBelief, ...]:
        """The part and the whole."""
        return (self.one, self.whole)

    def told(self, futures: Futures, year: int) -> Floats:
        """See `PathAim`."""
        return np.asarray(futures.of(self.one, year) - futures.of(self.whole, year))


@dataclass(frozen=True, eq=False)
class Rank(PathAim):
    """A place among its rivals: met where fewer than `place`, or the place that is `moved` by draw, of them are above.

    More growth is its own, theirs does not follow.
    """

    place: int = field(kw_only=True)
    rivals: tuple[SeriesBelief, ...] = field(kw_only=True)

    @property
    def series(self) -> tuple[SeriesBelief, ...]:
        """Its own series and those of its rivals."""
        return (self.one, *self.rivals)

    def margins(self, futures: Futures, year: int) -> Floats:
        """By how much it lies above the rival that it must have passed."""
        levels = np.sort([futures.of(rival, year) for rival in self.rivals], axis=0)[::-1]
        places = np.broadcast_to(futures.drawn(self.moved) if self.moved else np.array(self.place), levels.shape[1:])
        return np.asarray(futures.of(self.one, year) - np.take_along_axis(levels, places[None].astype(int) - 1, axis=0)[0])

    def told(self, futures: Futures, year: int) -> Floats:
        """Ln of its rank; 1 is the first."""
        own = futures.of(self.one, year)
        return np.asarray(np.log1p(np.sum([futures.of(rival, year) > own for rival in self.rivals], axis=0)))

    def amounts(self, futures: Futures, year: int) -> Floats:
        """The rank, shape (paths,): whole again after the logarithm."""
        return np.rint(super().amounts(futures, year))
