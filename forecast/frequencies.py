"""Series that are stated month by month or quarter by quarter: which they are, and why others are not."""

import re
from collections import defaultdict
from dataclasses import dataclass
from math import hypot

import numpy as np

from data import Catalogue, Fact
from data.records import records
from forecast.belief import Belief
from forecast.classical import LEAST_VARIATION
from forecast.equations import Context, context_of, corrected_fact
from forecast.series import Floats, Series, SeriesKey
from forecast.wording import stated_moments

LEAST_YEARS = 2
LEAST_STATED = 4  # months or quarters: fewer are single figures and no series


@dataclass(frozen=True)
class Frequency:
    """Months or quarters; a period is also a number, counted from the first one of the year 0."""

    name: str
    per_year: int
    mark: str

    def number(self, period: str) -> int | None:
        """Read '2012-09' or '2012Q3'; None for anything else, spans of months too."""
        found = re.fullmatch(rf"(\d{{4}}){self.mark}(\d{{1,2}})", period)
        return int(found[1]) * self.per_year + int(found[2]) - 1 if found else None

    def period(self, number: int) -> str:
        """Undo `number`."""
        year, part = divmod(number, self.per_year)
        return f"{year}{self.mark}{part + 1:0{len(str(self.per_year))}d}"


MONTHS, QUARTERS = Frequency("months", 12, "-"), Frequency("quarters", 4, "Q")


@dataclass(frozen=True, eq=False)
class PeriodicSeries:
    """Stated levels of one key in consecutive months or quarters.

    Attributes
    ----------
    first : int
        Number of the first period.
    log_level, sd : arrays (n,)
        Mean of ln(level) and its standard deviation, as wording, rounding and source leave it.
    """

    key: SeriesKey
    frequency: Frequency
    first: int
    log_level: Floats
    sd: Floats

    @property
    def last(self) -> int:
        """Number of the last period known."""
        return self.first + self.log_level.size - 1

    @property
    def end(self) -> float:
        """When the last period ends, in years."""
        return (self.last + 1) / self.frequency.per_year


def periodic_series(belief: Belief, catalogue: Catalogue) -> tuple[dict[SeriesKey, PeriodicSeries], dict[SeriesKey, str]]:
    """Return the series of a belief that can be forecast in months or quarters, and why others that have some cannot.

    Figures of two documents are not mixed: the document that goes furthest speaks, in its months before its quarters.
    """
    known = catalogue.known_by(belief.vintage)
    context = context_of(known)
    stated: dict[SeriesKey, dict[tuple[str, Frequency], list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in records(known.facts, Fact):
        if fact.kind == "level" and fact.status == "observed" and fact.fact not in context.excluded:
            for frequency in (MONTHS, QUARTERS):
                if frequency.number(fact.period) is not None:
                    stated[SeriesKey(fact.place, fact.measure, fact.scope, fact.unit)][fact.source, frequency].append(fact)
    found: dict[SeriesKey, PeriodicSeries] = {}
    refused: dict[SeriesKey, str] = {}
    for one in belief.series:
        groups = [(frequency, facts) for (_, frequency), facts in stated[one.key].items() if len(facts) >= LEAST_STATED]
        tried = [consecutive(one.series, frequency, facts, context) for frequency, facts in groups]
        good = [levels for levels in tried if isinstance(levels, PeriodicSeries)]
        if good:
            found[one.key] = max(good, key=lambda levels: (levels.end, levels.frequency.per_year))
        elif tried:
            refused[one.key] = next(reason for reason in tried if isinstance(reason, str))
    return found, refused


def consecutive(series: Series, frequency: Frequency, facts: list[Fact], context: Context) -> PeriodicSeries | str:
    """Put the levels of one document in order, or say why they cannot be forecast as they are."""
    name, per_year = frequency.name, frequency.per_year
    by_number: dict[int, Fact] = {}
    for stated in facts:
        fact = corrected_fact(stated, context.corrected[stated.fact]) if stated.fact in context.corrected else stated
        number = frequency.number(fact.period) or 0
        if not fact.value > 0:
            return f"some {name} are not positive"
        if by_number.setdefault(number, fact).value != fact.value:
            return f"some {name} are stated twice, with different figures"
    numbers = sorted(by_number)
    if numbers[-1] - numbers[0] + 1 != len(numbers):
        return f"some {name} are missing"
    if len(numbers) < LEAST_YEARS * per_year:
        return f"fewer than {LEAST_YEARS * per_year} {name} are known"
    if numbers[-1] // per_year < series.origin:
        return f"later years are known than the {name}"
    ordered = [by_number[number] for number in numbers]
    printed = np.log([fact.value for fact in ordered])
    if float(np.std(printed[per_year:] - printed[:-per_year])) < LEAST_VARIATION:
        return f"its {name} do not vary but for seasons and a steady growth"
    levels, doubts = np.array([log_level(fact, context) for fact in ordered]).T.copy()
    return PeriodicSeries(series.key, frequency, numbers[0], levels, doubts)


def log_level(fact: Fact, context: Context) -> tuple[float, float]:
    """Mean and standard deviation of ln of the level that a fact states."""
    mean, spread = stated_moments(fact)
    return mean, hypot(spread, context.widened.get(fact.fact, 0.0), context.reliability.get(fact.source, 0.03))
