"""An aim: a stated target as a level that one series must reach by its due year."""

from dataclasses import dataclass
from math import expm1, log, log1p

from data import Target
from forecast.belief import SeriesBelief
from forecast.currency import MONEY, Conversion

LEVEL_KINDS = ("level", "count")
GROWTH_KINDS = ("average_growth", "multiple")


@dataclass(frozen=True)
class Aim:
    """A target as a level to be reached by one series: what the plan's event and the required growth need."""

    target: str
    one: SeriesBelief
    due: int
    log_level: float
    conversion: Conversion | None
    assumed: str

    @property
    def event(self) -> str:
        """Name of the event that this target is in a plan."""
        return f"{self.target} by {self.one.key}"

    @property
    def horizon(self) -> int:
        """Years from the series' origin to the due year."""
        return self.due - self.one.series.origin

    @property
    def required_growth(self) -> float:
        """Growth needed from the last known level, percent a year."""
        return 100 * expm1((self.log_level - float(self.one.series.log_level[-1])) / self.horizon)


def aimed_log_level(row: Target, one: SeriesBelief, due: int, log_rate: float) -> tuple[float | None, str]:
    """Return ln of the level to be reached, in the unit of the series, and the reading that was assumed."""
    if row.kind in LEVEL_KINDS:
        if row.unit not in MONEY and row.unit != one.key.unit:
            return None, f"its unit is {row.unit}, that of the series {one.key.unit}"
        return log(row.value) - (log_rate if row.unit in MONEY else 0.0), ""
    if row.kind not in GROWTH_KINDS:
        return None, f"a target of the kind {row.kind} has no series"
    years = one.series.years
    stated = int(row.base_period[:4]) if row.base_period[:4].isdigit() else one.series.origin
    base = next((year for year in years if year >= stated), one.series.origin)
    known = float(one.series.log_level[years.index(base)])
    if row.kind == "multiple":
        return known + log(row.value), f"read as {row.value:g} times the level of {base}"
    return known + (due - base) * log1p(row.value / 100), f"read as the average of {base} to {due}"
