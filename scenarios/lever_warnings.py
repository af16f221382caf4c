"""A warning for each lever that leads out of what the record has seen, and for each assumption that does not reach a series that it names."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import expm1, log1p

import numpy as np

from forecast.belief import Belief
from scenarios.assumed_belief import named, pooled
from scenarios.assumptions import LongRunGrowth, Reversion
from scenarios.expected_growth import ROUNDING, Record, expected_growths, records_of
from scenarios.plan import Amount, Gain, Growth, Push
from scenarios.scenario import Scenario

MIDDLES = (np.arange(20) + 0.5) / 20


@dataclass(frozen=True)
class LeverWarning:
    """One sentence, and the series that it is about."""

    sentence: str
    series: frozenset[str]


def lever_warnings(belief: Belief, pushes: Sequence[Push], horizon: int) -> tuple[LeverWarning, ...]:
    """Hold the expected growth of every series under its levers against the 5 to 95 % range of the growth rates that its family had.

    All levers on a series count together; a lever that leads back into the range, or leaves no year of a series outside, is not warned of.
    """
    shifts = lever_shifts(belief, pushes, horizon) if pushes else {}
    if not shifts:
        return ()
    families = {str(one.key): belief.family_of(one) for one in belief.series if str(one.key) in shifts}
    growths, records = expected_growths(belief, horizon, shifts), records_of(belief, set(families.values()))
    beyond: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    for name, by_year in shifts.items():
        record = records.get(families[name])
        found = [(growths[name][year] + shift, year) for year, shift in by_year.items() if year in growths.get(name, {})]
        out = [(growth, year) for growth, year in found if record and leaves(growth, by_year[year], record)]
        if out:
            worst = max(out, key=lambda one: abs(one[0]))
            beyond[families[name]].append((*worst, name))
    return tuple(warning_of(family, found, records[family]) for family, found in sorted(beyond.items()))


def unreached_warnings(belief: Belief, scenario: Scenario) -> tuple[LeverWarning, ...]:
    """Say which series an assumption about pooled growth names without reaching them, because their growth is not pooled."""
    found = []
    for term in scenario.assumptions:
        if isinstance(term, LongRunGrowth | Reversion):
            missed = set(named(belief, term.families)) - set(pooled(belief, term.families))
            series = sorted(str(one.key) for one in belief.series if one.family in missed)
            if series:
                others = f" and {len(series) - 1} more series" if len(series) > 1 else ""
                sentence = f"{term.kind} does not reach {series[0]}{others}: growth there is not pooled with that of other places"
                found.append(LeverWarning(sentence, frozenset(series)))
    return tuple(dict.fromkeys(found))


def leaves(growth: float, shift: float, record: Record) -> bool:
    """Tell whether levers lead growth out of the record's range."""
    return (shift > 0 and growth > record.high) or (shift < 0 and growth < record.low)


def warning_of(family: str, found: list[tuple[float, int, str]], record: Record) -> LeverWarning:
    """Say of the series of a family how far their levers lead."""
    growth, year, name = max(found, key=lambda one: abs(one[0]))
    others = f" and {len(found) - 1} more series" if len(found) > 1 else ""
    low, high = 100 * expm1(record.low), 100 * expm1(record.high)
    sentence = (
        f"levers on {name}{others}: up to {100 * expm1(growth):.0f} % growth in {year} is expected with them; "
        f"5 to 95 % of the {record.rates} growth rates on record of the family {family} lie from {low:.0f} to {high:.0f} %"
    )
    return LeverWarning(sentence, frozenset(name for _, _, name in found))


def lever_shifts(belief: Belief, pushes: Sequence[Push], horizon: int) -> dict[str, dict[int, float]]:
    """Return what levers are expected to add to the log growth of each series that they move, by year."""
    shifts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    known = {str(one.key): one.series for one in belief.series}
    gains: dict[str, list[Gain]] = defaultdict(list)
    for push in pushes:
        if isinstance(push, Growth):
            points = mean_of(push.points)
            for name in push.series:
                for year in range(known[name].origin + 1, horizon + 1):
                    share = 1.0 if push.profile is None else push.profile.get(year, 0.0)
                    if share:
                        shifts[name][year] += log1p(points * share / 100)
        elif isinstance(push, Gain):
            gains[push.series].append(push)
    growths = expected_growths(belief, horizon, gains) if gains else {}
    for name, some in gains.items():
        level, lent = float(np.exp(known[name].log_level[-1])), 0.0
        for year, growth in growths.get(name, {}).items():
            before = level
            level = (level - lent) * np.exp(growth + shifts[name].get(year, 0.0))
            level += sum(gained(one, year) for one in some if one.lasts)
            lent = sum(gained(one, year) for one in some if not one.lasts)
            level += lent
            if abs(shift := float(np.log(level / before)) - growth) > ROUNDING:
                shifts[name][year] = shift
    return {name: dict(by_year) for name, by_year in shifts.items() if by_year}


def gained(one: Gain, year: int) -> float:
    """Return the expected gain of a year."""
    return mean_of(one.amount) * mean_of(one.times) * one.profile.get(year, 0.0)


def mean_of(amount: Amount) -> float:
    """Return the mean of an amount, by twenty middles of equal chance."""
    return float(np.mean(amount.quantile(MIDDLES))) if callable(amount.quantile) else amount.quantile
