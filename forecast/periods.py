"""Months and quarters -> years: what is stated of parts of a year, made into levels of years that the equations can use.

A flow adds up over the year, a stock is what it is at the end of it. A year that has begun is carried to its end by the profile of the
series' own complete years, or by the national one of METHOD D1 where there are none.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from math import expm1, hypot, log, sqrt
from statistics import mean, stdev

from data import Fact

PROFILE_GROWTH, PROFILE_LOGIT_SD = 0.3, 0.25  # within a year flows grow like from year to year in these booms; METHOD D1 for the sd
ONE_YEAR_SD = 0.10  # of a log share known from one complete year only
SUMMED = "added up with the other parts of its year"
GAP = "months before it are missing"
SHORTER = "part of a longer span of its year"
EARLIER = "an earlier part of a year whose last one is known"


@dataclass(frozen=True)
class PartOfYear:
    """Months of one year, first and last, counted from 1; a stock has the last one only."""

    year: int
    first: int
    last: int

    @classmethod
    def parse(cls, period: str) -> "PartOfYear | None":
        """Read a quarter, a month or a span of months of one year; None for anything else."""
        if not is_part_of_year(period):
            return None
        ends = period.split("/")
        year = ends[0][:4]
        if len(ends) > 2 or any(end[:4] != year or len(end) == 4 for end in ends) or not year.isdigit():
            return None
        if "Q" in period:
            quarters = [int(end[5:]) for end in ends]
            return cls(int(year), 3 * quarters[0] - 2, 3 * quarters[-1])
        return cls(int(year), int(ends[0][5:]), int(ends[-1][5:]))


def is_part_of_year(period: str) -> bool:
    """Tell whether a period counts months or quarters."""
    return "-" in period or "Q" in period


def months_from_january(period: str) -> int:
    """Return m for a period that runs from January to the m-th month of one year, otherwise 0."""
    part = PartOfYear.parse(period)
    return part.last if part and part.first == 1 else 0


def national_share(months: int) -> tuple[float, float]:
    """Return ln of the share of a year's flow that falls in its first months, and its standard deviation.

    A flow that grows by PROFILE_GROWTH a year inside the year has (exp(g m/12) - 1) / (exp(g) - 1) of it in m months: more falls into the
    second half than m/12 would say. The logit of the share has the sd of METHOD D1.
    """
    if months >= 12:
        return 0.0, 0.0
    share = expm1(PROFILE_GROWTH * months / 12) / expm1(PROFILE_GROWTH)
    return log(share), (1 - share) * PROFILE_LOGIT_SD


def own_share(months: int, complete: list[dict[int, float]]) -> tuple[float, float]:
    """Return ln of the share of the first months, and its sd, by the complete years of a series: {last month of a part: value}."""
    if months >= 12:
        return 0.0, 0.0
    shares = [
        log(sum(value for last, value in year.items() if last <= months) / sum(year.values()))
        for year in complete
        if months in year
    ]
    if not shares:
        return national_share(months)
    spread = stdev(shares) * sqrt(1 + 1 / len(shares)) if len(shares) > 1 else ONE_YEAR_SD
    national_sd = national_share(months)[1]
    # A handful of years says little about their spread: the national one keeps the weight of one year.
    return mean(shares), hypot(spread * sqrt((len(shares) - 1) / len(shares)), national_sd / len(shares))


Parts = list[tuple[PartOfYear, Fact]]


@dataclass
class Yearly:
    """Facts with parts of years put together, the share of the year that the last ones hold, and what was put together."""

    facts: list[Fact]
    shares: dict[str, tuple[float, float]]
    aside: list[tuple[Fact, str]]


def yearly(group: list[Fact], *, stock: bool) -> Yearly:
    """Put the levels of months and quarters of one series together to years; everything else stays as it is.

    A year of a flow that is complete becomes one level of the year; one that has begun in January becomes a level of its first months.
    Of a stock the last part of each year counts.
    """
    parts: dict[tuple[str, str], dict[int, Parts]] = defaultdict(lambda: defaultdict(list))
    found = Yearly([], {}, [])
    for fact in group:
        if fact.kind == "level" and fact.status == "observed" and (part := PartOfYear.parse(fact.period)):
            parts[fact.source, fact.unit][part.year].append((part, fact))
        else:
            found.facts.append(fact)
    for years in parts.values():
        runs = {number: from_january(year) for number, year in years.items()}
        complete = [{part.last: fact.value for part, fact in run} for run in runs.values() if run and run[-1][0].last == 12]
        for number, year in years.items():
            if stock:
                *earlier, (part, last) = sorted(year, key=lambda one: (one[0].last, one[1].fact))
                found.facts.append(replace(last, period=str(number)) if part.last == 12 else last)
                found.aside += [(fact, EARLIER) for _, fact in earlier]
                continue
            run = runs[number]
            used = {fact.fact for _, fact in run}
            months = run[-1][0].last if run else 0
            found.aside += [(fact, SHORTER if part.last <= months else GAP) for part, fact in year if fact.fact not in used]
            if run:
                last = run[-1][1]
                period = str(number) if months == 12 else f"{number}-01/{number}-{months:02d}"
                total = float(f"{sum(fact.value for _, fact in run):.15g}")
                found.facts.append(replace(last, period=period, value=total, digits=sqrt(sum(fact.digits**2 for _, fact in run))))
                found.shares[last.fact] = own_share(months, complete)
                found.aside += [(fact, SUMMED) for _, fact in run[:-1]]
    return found


def from_january(year: Parts) -> Parts:
    """Return the parts that run on from January without gap or overlap as far as possible, by the fewest: a sum to date goes first."""
    runs: dict[int, Parts] = {0: []}
    for part, fact in sorted(year, key=lambda one: (one[0].last, one[0].first, one[1].fact)):
        before = runs.get(part.first - 1)
        if before is not None and (part.last not in runs or len(before) + 1 < len(runs[part.last])):
            runs[part.last] = [*before, (part, fact)]
    return runs[max(runs)]
