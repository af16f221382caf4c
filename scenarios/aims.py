"""An aim: a stated target as a level that one series must reach by its due year, or as a reading of its paths."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import expm1, isnan, log, log1p, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from data import Catalogue, Target
from forecast.belief import Belief, SeriesBelief
from forecast.currency import MONEY, Conversion
from forecast.series import Floats
from forecast.wording import intervals
from scenarios.amounts import median, values_of
from scenarios.path_aims import Cumulative, Futures, PathAim, Rank, Share, YearlyGrowth
from scenarios.plan import Amount, Event

LEVEL_KINDS = ("level", "count")
GROWTH_KINDS = ("average_growth", "multiple")
PATH_KINDS = ("cumulative", "share", "rank")
LOOSE_WORDINGS = ("range", "about", "nearly")  # a target so worded may be met at either end of an interval
NOTHING = 1e-300  # of a level: what a drawn value of 0 stands for, which every future reaches
RANKS: Floats = (np.arange(1000) + 0.5) / 1000  # shares at which a drawn rank is looked at
SPAN, EVERY_YEAR, LAST_YEAR = "average over the span", "every year", "the last year"


@dataclass(frozen=True)
class DrawnTarget(Target):
    """A target whose value is drawn, in its own unit; `value` is the middle of what is drawn."""

    drawn: Amount


@dataclass(frozen=True)
class LogChange:
    """The quantile function of what a drawn value adds to the logarithm of what is aimed at, over its middle; `years` of growth, else a level."""

    drawn: Amount
    years: int = 0

    def __call__(self, uniforms: Floats) -> Floats:
        """Return quantiles; shape as `uniforms`."""
        values, known = values_of(self.drawn, uniforms), median(self.drawn)
        if self.years:
            return self.years * (np.log1p(values / 100) - log1p(known / 100))
        return np.log(np.maximum(values / known, NOTHING))


@dataclass(frozen=True)
class Aim:
    """A target as a level to be reached by one series: what the plan's event and the required growth need; `moved` as of the event."""

    target: str
    one: SeriesBelief
    due: int
    log_level: float
    conversion: Conversion | None
    assumed: str
    moved: Amount | None = None

    @cached_property
    def event(self) -> Event:
        """What this target is in a plan."""
        return Event(
            f"{self.target} by {self.one.key}", str(self.one.key), self.due, self.log_level, self.conversion, moved=self.moved
        )

    @property
    def horizon(self) -> int:
        """Years from the series' origin to the due year."""
        return self.due - self.one.series.origin

    @property
    def series(self) -> tuple[SeriesBelief, ...]:
        """The one series that tells it."""
        return (self.one,)

    def margins(self, futures: Futures, year: int) -> Floats:
        """By how much it is exceeded in a year at its rate, in logarithms, shape (paths,); below 0 it is missed."""
        return np.asarray(futures.converted(self.one, year, self.conversion) - (self.log_level + futures.drawn(self.moved)))

    def hits(self, futures: Futures) -> NDArray[np.bool_]:
        """Whether each path meets it, shape (paths,)."""
        return self.margins(futures, self.due) >= 0

    @property
    def required_growth(self) -> float:
        """Growth needed from the last known level, percent a year."""
        return 100 * expm1((self.log_level - float(self.one.series.log_level[-1])) / self.horizon)


def change_of(row: Target, years: int = 0) -> Amount | None:
    """Return what a target's value, if it is drawn, adds to the logarithm of its aim; see `LogChange`."""
    return Amount(row.drawn.name, LogChange(row.drawn, years)) if isinstance(row, DrawnTarget) else None


def ends_of(row: Target) -> tuple[Target, ...]:
    """Return a loosely worded target once for each end of what it may mean, the lower first; nothing for all others."""
    if row.wording not in LOOSE_WORDINGS or row.kind == "rank" or isnan(row.value):
        return ()
    if row.wording == "range" and isnan(row.value_high):
        return ()
    (interval,) = intervals(row.value, nan, row.wording, row.value_high)
    return tuple(replace(row, target=f"{row.target} at {value:g}", value=value) for value in (interval.low, interval.high))


def middle_of(row: Target) -> Target:
    """Return a target with the value that its odds are for: of a range or "nearly" the geometric middle, else the one printed."""
    ends = ends_of(row)
    if not ends or row.wording == "about":
        return row
    return replace(row, value=sqrt(ends[0].value * ends[1].value))


def aimed_log_level(row: Target, one: SeriesBelief, due: int, log_rate: float) -> tuple[float | None, str]:
    """Return ln of the level to be reached, in the unit of the series, and the reading that was assumed."""
    if row.kind not in GROWTH_KINDS[:1] and row.value <= 0:
        return None, f"a value of {row.value:g} cannot be aimed at"
    if row.kind in LEVEL_KINDS:
        if row.unit not in MONEY and row.unit != one.key.unit:
            return None, f"its unit is {row.unit}, that of the series {one.key.unit}"
        return log(row.value) - (log_rate if row.unit in MONEY else 0.0), ""
    if row.kind not in GROWTH_KINDS:
        return None, f"a target of the kind {row.kind} is no level"
    base = base_year(row, one)
    years = one.series.years
    known = float(one.series.log_level[years.index(base)])
    if row.kind == "multiple":
        return known + log(row.value), f"read as {row.value:g} times the level of {base}"
    return known + (due - base) * log1p(row.value / 100), f"read as the average of {base} to {due}"


def base_year(row: Target, one: SeriesBelief) -> int:
    """Return the first known year from that on which a target of growth counts."""
    stated = int(row.base_period[:4]) if row.base_period[:4].isdigit() else one.series.origin
    return next((year for year in one.series.years if year >= stated), one.series.origin)


def growth_readings(row: Target, aim: Aim) -> dict[str, PathAim]:
    """Return the other readings of a target of average growth: in every year still to come, and in the due year alone."""
    if row.kind != "average_growth":
        return {}
    log_growth = log1p(row.value / 100)
    return {
        EVERY_YEAR: YearlyGrowth(row.target, aim.one, aim.due, log_growth, EVERY_YEAR, moved=change_of(row, 1), every=True),
        LAST_YEAR: YearlyGrowth(row.target, aim.one, aim.due, log_growth, LAST_YEAR, moved=change_of(row, 1)),
    }


def path_aim(row: Target, one: SeriesBelief, due: int, belief: Belief, known: Catalogue, rate: Conversion | None) -> PathAim | str:
    """Return a target of a sum, a share or a rank as it is told path by path, or why it cannot be told."""
    if row.kind == "cumulative":
        return cumulative(row, one, due, known, rate)
    if row.kind == "share":
        return share(row, one, due, belief)
    return rank(row, one, due, belief, known)


def cumulative(row: Target, one: SeriesBelief, due: int, known: Catalogue, rate: Conversion | None) -> Cumulative | str:
    """Read a sum over years; its first year must be named, and every year from it to the origin known."""
    if row.unit not in MONEY and row.unit != one.key.unit:
        return f"its unit is {row.unit}, that of the series {one.key.unit}"
    stocks = known.measures.loc[known.measures["flow_or_stock"] == "stock", "measure"]
    if one.key.measure in set(stocks):
        return f"{one.key.measure} is a stock, which does not add up over years"
    if not row.base_period[:4].isdigit():
        return "the first year of the sum is not named"
    first, origin = int(row.base_period[:4]), one.series.origin
    if first > due:
        return f"the sum would begin in {first}, after its due year"
    unknown = [str(year) for year in range(first, origin + 1) if year not in one.series.years]
    if unknown:
        return f"the sum needs every year from {first} on; of {one.key} {', '.join(unknown)} is not known"
    if row.value <= 0:
        return f"a value of {row.value:g} cannot be aimed at"
    log_rate = rate.log_rate if rate and row.unit in MONEY else 0.0
    said = f"read as the sum of {first} to {due}"
    return Cumulative(row.target, one, due, log(row.value) - log_rate, said, log_rate, rate, change_of(row), first)


def share(row: Target, one: SeriesBelief, due: int, belief: Belief) -> Share | str:
    """Read a share as that of a scope in the total of its place and measure."""
    whole = belief.find("|".join((one.key.place, one.key.measure, "total", one.key.unit)))
    if one.key.scope == "total" or whole is None:
        return f"what {one.key} should be a share of is not known: a share is that of a scope in the total of its measure"
    if due <= whole.series.origin:
        return f"it was due by {due}; the series of the total ends in {whole.series.origin}"
    if not 0 < row.value < 100:
        return f"a share of {row.value:g} percent cannot be aimed at"
    said = f"read as the share in the total of {one.key.measure}"
    return Share(row.target, one, due, log(row.value / 100), said, log(100), moved=change_of(row), whole=whole)


def rank(row: Target, one: SeriesBelief, due: int, belief: Belief, known: Catalogue) -> Rank | str:
    """Read a rank as that among all places of the same kind whose series of the same measure, scope and unit is known."""
    kinds = dict(zip(known.places["place"], known.places["kind"], strict=True))
    same = (one.key.measure, one.key.scope, one.key.unit)
    rivals = tuple(
        other
        for other in belief.series
        if (other.key.measure, other.key.scope, other.key.unit) == same
        and other.key.place != one.key.place
        and kinds.get(other.key.place) == kinds.get(one.key.place)
        and other.series.origin < due
    )
    places = np.unique(values_of(row.drawn, RANKS)) if isinstance(row, DrawnTarget) else np.array([row.value])
    for value in places:
        if value != int(value) or value < 1:
            return f"a rank of {value:g} cannot be aimed at"
    if places.max() > len(rivals):
        return f"only {len(rivals)} other places with a series of {', '.join(same)} are known, too few to rank among"
    said = f"read as the rank among the {len(rivals) + 1} places with a known series of {', '.join(same)}"
    drawn = row.drawn if isinstance(row, DrawnTarget) else None
    return Rank(row.target, one, due, 0.0, said, moved=drawn, place=int(row.value), rivals=rivals)
