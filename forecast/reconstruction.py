"""Facts of one series -> annual levels with their covariance, by weighted least squares on the logarithms.

A level, a growth rate, a multiple, an average growth and a sum each are one equation between the log levels of some years, with
the uncertainty of their wording (forecast/wording.py) and of their source. Sums are not linear: Gauss-Newton steps solve them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from data import Catalogue, Fact
from data.records import records
from forecast.series import Floats, Series, SeriesKey
from forecast.wording import intervals, log_moments

RESTATEMENT_SD = 0.022  # a growth rate may stand on a restated base: sd 0.05 with probability 0.2 (METHOD D6)
UNDATED_SD = 0.10  # an undated figure is dated to the year before its publication: half a year's growth either way
PART_YEAR_STOCK_SD = 0.05  # a stock in mid-year stands for the end of that year
LINK_MEAN, LINK_SD = 0.15, 0.6  # between years known only through a sum: a loose idea of growth that data override
CONFLICT = 3.0  # standard deviations


@dataclass(frozen=True)
class Equation:
    """One fact as an equation: the sum of weight x ln(level of year), or ln of the sum of levels, equals `log_value`."""

    fact: str
    weights: dict[int, float]
    log_value: float
    sd: float
    is_sum: bool = False
    is_level: bool = False


def reconstruct(catalogue: Catalogue) -> list[Series]:
    """Reconstruct every series that has at least one level, in the order of their keys.

    The catalogue must already be cut to the vintage (`Catalogue.known_by`).
    """
    family = dict(zip(catalogue.measures["measure"], catalogue.measures["family"], strict=True))
    stocks = set(catalogue.measures.loc[catalogue.measures["flow_or_stock"] == "stock", "measure"])
    names = catalogue.sources["source"]
    reliability = dict(zip(names, catalogue.sources["reliability"], strict=True))
    published = dict(zip(names, catalogue.sources["published"].str[:4], strict=True))
    excluded, corrected = ruled_facts(catalogue)
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in records(catalogue.facts, Fact):
        if family.get(fact.measure) and fact.fact not in excluded:
            ruled = corrected_fact(fact, corrected[fact.fact]) if fact.fact in corrected else fact
            groups.setdefault((fact.place, fact.measure, fact.scope), []).append(ruled)
    series = []
    for name in sorted(groups):
        group = groups[name]
        for unit in sorted({fact.unit for fact in group if fact.kind == "level" and fact.status == "observed"}):
            key = SeriesKey(*name, unit)
            equations, aside = series_equations(key, group, key.measure in stocks, reliability, published)
            solved = solve_equations(key, equations, aside)
            if solved is not None:
                series.append(solved)
    return series


def ruled_facts(catalogue: Catalogue) -> tuple[set[str], dict[str, float]]:
    """Return the facts that a ruling sets aside, and the values that rulings put in place of misprints."""
    rulings = catalogue.rulings
    corrected = rulings[rulings["verdict"] == "correct"]
    return (
        set(rulings.loc[rulings["verdict"] == "exclude", "fact"]),
        dict(zip(corrected["fact"], corrected["corrected_value"], strict=True)),
    )


def corrected_fact(fact: Fact, value: float) -> Fact:
    """Put a ruled value in place of a misprint; the last digit keeps its place relative to the value."""
    return replace(fact, value=value, digits=fact.digits * value / fact.value)


def series_equations(
    key: SeriesKey, group: list[Fact], stock: bool, reliability: dict[str, float], published: dict[str, str]
) -> tuple[list[Equation], list[tuple[str, str]]]:
    """Turn the facts of one key into equations, and say which were set aside and why."""
    kept: dict[tuple[object, ...], Equation] = {}
    aside: list[tuple[str, str]] = []
    for row in group:
        reason = unusable(key, row, stock)
        if reason is not None:
            if reason:
                aside.append((row.fact, reason))
            continue
        one = equation(row, reliability.get(row.source, 0.03), published.get(row.source, ""))
        # As text, because no NaN equals another; the years of a growth rate or multiple say what it is relative to.
        related = () if one.is_level else tuple(one.weights)
        copy_of = (row.kind, row.period, related, row.value, str(row.value_high), row.unit, row.wording)
        if copy_of in kept:
            one, copy = sorted((kept[copy_of], one), key=lambda fact: (fact.sd, fact.fact))
            aside.append((copy.fact, "a copy of a figure already used"))
        kept[copy_of] = one
    return list(kept.values()), aside


def unusable(key: SeriesKey, row: Fact, stock: bool) -> str | None:
    """Return why a fact cannot enter this series; '' when it belongs to the series in another unit; None if it can."""
    money_kind = row.kind in ("level", "sum")
    if money_kind and row.unit != key.unit:
        return ""
    if row.status != "observed":
        return "a forecast, not an observation"
    if row.kind == "share":
        return "shares are not used yet"
    if not row.value > 0 and money_kind:
        return "not a positive figure"
    if "-" in row.period and not stock:
        return "covers part of a year only"
    if row.period == "" and row.kind != "level":
        return "has no year"
    if row.kind in ("sum", "average_growth") and len(row.period.split("/")) != 2:
        return "the years it covers are not stated"
    if row.kind in ("sum", "average_growth") and not all(row.period.split("/")):
        return "its first year is not stated"
    if row.kind == "multiple" and not row.relative_to[:4].isdigit():
        return "the year it is a multiple of is not stated"
    return None


def equation(row: Fact, reliability: float, published: str) -> Equation:
    """Write one usable fact as an equation between log levels."""
    percent = row.kind in ("growth", "average_growth")
    mean, spread = log_moments(intervals(row.value, row.digits, row.wording, row.value_high), percent=percent)
    years = [int(part[:4]) for part in row.period.split("/") if part]
    if row.kind == "level":
        if not years:
            return Equation(row.fact, {int(published) - 1: 1.0}, mean, float(np.hypot(spread, UNDATED_SD)), is_level=True)
        extra = PART_YEAR_STOCK_SD if "-" in row.period else 0.0
        return Equation(row.fact, {years[-1]: 1.0}, mean, float(np.linalg.norm([spread, reliability, extra])), is_level=True)
    if row.kind == "sum":
        weights = dict.fromkeys(range(years[0], years[1] + 1), 1.0)
        return Equation(row.fact, weights, mean, float(np.hypot(spread, reliability)), is_sum=True)
    if row.kind == "average_growth":
        span = years[1] - years[0]
        sd = float(np.hypot(span * spread, RESTATEMENT_SD))
        return Equation(row.fact, {years[1]: 1.0, years[0]: -1.0}, span * mean, sd)
    base = int(row.relative_to[:4]) if row.relative_to[:4].isdigit() else years[-1] - 1
    return Equation(row.fact, {years[-1]: 1.0, base: -1.0}, mean, float(np.hypot(spread, RESTATEMENT_SD)))


def solve_equations(key: SeriesKey, equations: list[Equation], aside: list[tuple[str, str]]) -> Series | None:
    """Solve for the log levels of all years that hang on at least one level; None if there is no level."""
    equations, loose = anchored(equations)
    if not equations:
        return None
    aside = [*aside, *((fact.fact, "no level that it could be hung on") for fact in loose)]
    years = sorted({year for fact in equations for year in fact.weights})
    place = {year: index for index, year in enumerate(years)}
    links = [
        Equation("", {late: 1.0, early: -1.0}, LINK_MEAN * (late - early), LINK_SD)
        for early, late in pairwise(years)
        if any(fact.is_sum and early in fact.weights and late in fact.weights for fact in equations)
    ]
    rows = [*equations, *links]
    log_level = first_guess(rows, years)
    for _ in range(50):
        jacobian, residual = linearised(rows, place, log_level)
        step = np.linalg.lstsq(jacobian, residual, rcond=None)[0]
        log_level += step
        if np.abs(step).max() < 1e-12:
            break
    jacobian, residual = linearised(rows, place, log_level)
    covariance = np.asarray(np.linalg.inv(jacobian.T @ jacobian), dtype=np.float64)
    # How far a figure lies from what the others say, in standard deviations of that difference: a residual alone is shrunk, because
    # the figure itself pulls the solution. A figure that nothing else speaks to (leverage 1) has a residual of zero.
    leverage = np.einsum("ij,jk,ik->i", jacobian, covariance, jacobian)
    apart = residual / np.sqrt(np.maximum(1 - leverage, 1e-6))
    freedom = len(rows) - len(years)
    disagreement = float(residual @ residual) / freedom if freedom else 0.0
    # Birge ratio: where figures disagree by more than they admit, all of them are trusted less.
    covariance *= max(1.0, disagreement)
    conflicts = tuple(
        f"{fact.fact} is {abs(float(miss)):.1f} standard deviations from the others"
        for fact, miss in zip(equations, apart[: len(equations)], strict=True)
        if abs(miss) > CONFLICT
    )
    printed = {year for fact in equations if fact.is_level for year in fact.weights}
    return Series(
        key,
        tuple(years),
        log_level,
        covariance,
        tuple(year in printed for year in years),
        tuple(fact.fact for fact in equations),
        tuple(aside),
        conflicts,
    )


def anchored(equations: list[Equation]) -> tuple[list[Equation], list[Equation]]:
    """Split equations into those whose years are connected to a level, and the rest."""
    reached = {year for fact in equations if fact.is_level for year in fact.weights}
    grown = True
    while grown:
        more = {year for fact in equations if reached & fact.weights.keys() for year in fact.weights}
        grown = not more <= reached
        reached |= more
    held = [fact for fact in equations if fact.weights.keys() <= reached]
    return held, [fact for fact in equations if not fact.weights.keys() <= reached]


def first_guess(rows: Iterable[Equation], years: list[int]) -> Floats:
    """Start every year at the mean of the stated log levels."""
    levels = [fact.log_value for fact in rows if fact.is_level]
    return np.full(len(years), float(np.mean(levels)))


def linearised(rows: list[Equation], place: dict[int, int], log_level: Floats) -> tuple[Floats, Floats]:
    """Return the Jacobian and the residuals of all equations at `log_level`, both in standard deviations."""
    jacobian = np.zeros((len(rows), len(place)))
    residual = np.zeros(len(rows))
    for index, fact in enumerate(rows):
        columns = [place[year] for year in fact.weights]
        weights = np.array(list(fact.weights.values()))
        if fact.is_sum:
            parts = np.exp(log_level[columns])
            predicted, weights = float(np.log(parts.sum())), parts / parts.sum()
        else:
            predicted = float(weights @ log_level[columns])
        sd = max(fact.sd, 1e-9)
        jacobian[index, columns] = weights / sd
        residual[index] = (fact.log_value - predicted) / sd
    return jacobian, residual
