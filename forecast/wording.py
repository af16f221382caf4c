"""What a printed figure says about the true value: "more than 1,900" and "5.6 billion" become weighted intervals.

Sources of the rules: docs/method.md, section "Worded figures". A step is one unit of the last digit that is not a zero.
"""

from functools import lru_cache
from math import floor, isclose, log10, nan, sqrt
from typing import NamedTuple

from data import Fact
from forecast.wording_kernels import log_powers

LARGEST_STEP = 0.2  # of the value


class Interval(NamedTuple):
    """One possible interval of the true value, in the figure's unit; triangular ones peak in the middle."""

    low: float
    high: float
    weight: float
    triangular: bool = False


def significant_step(value: float, digits: float) -> float:
    """Return the size of the last digit that is not a zero: 1,900 persons -> 100, 5.6 billion -> 100 million.

    At most a fifth of the value: "nearly 100,000" is not anything from nothing up.
    """
    step = digits
    while step < abs(value) and isclose(tens := value / (10 * step), round(tens), rel_tol=1e-9):
        step *= 10
    return max(digits, min(step, abs(value) * LARGEST_STEP))


def intervals(value: float, digits: float, wording: str, value_high: float = nan) -> list[Interval]:
    """Return the intervals that a worded figure may stand for; the weights add up to one.

    Parameters
    ----------
    value, value_high : float
        As printed, in base units or percent; `value_high` only for a range.
    digits : float
        Size of the last printed digit, in the unit of `value`; NaN or 0 means that the figure is taken as precise to
        six digits.
    wording : str
        exact, about, nearly, over, at_least, under or range.

    Raises
    ------
    ValueError
        If the wording is none of these.
    """
    if not digits > 0:
        digits = 10.0 ** (floor(log10(abs(value))) - 5) if value else 1e-6
        if wording == "exact":
            return [Interval(value - digits / 2, value + digits / 2, 1.0)]
    step = significant_step(value, digits)
    if wording == "range":
        return [Interval(value, value_high, 1.0)]
    if wording == "about":
        return [Interval(value - step, value + step, 1.0, triangular=True)]
    if wording in ("over", "at_least"):
        return [Interval(value, value + step, 0.9), Interval(value + step, value + 2 * step, 0.1)]
    if wording == "nearly":
        return [Interval(value - step, value, 1.0)]
    if wording == "under":
        return [Interval(value - step, value, 0.9), Interval(value - 2 * step, value - step, 0.1)]
    if wording != "exact":
        raise ValueError(f"unknown wording {wording!r}; allowed: exact, about, nearly, over, at_least, under, range")
    if step == digits:
        return [Interval(value - digits / 2, value + digits / 2, 1.0)]
    # Trailing zeros: rounded to the last printed digit, to the last non-zero digit, or to five of the latter.
    coarse = 5 * step if isclose(value / (5 * step), round(value / (5 * step)), rel_tol=1e-9) else step
    widths = ((digits, 0.6), (step, 0.3), (min(coarse, 2 * LARGEST_STEP * abs(value)), 0.1))
    return [Interval(value - width / 2, value + width / 2, weight) for width, weight in widths]


def log_moments(parts: list[Interval], *, percent: bool = False) -> tuple[float, float]:
    """Return mean and standard deviation of ln(value), or of ln(1 + value/100) for percent figures."""
    mean, square = 0.0, 0.0
    possible = [part for part in parts if percent or part.high > 0]  # "under 100" reaches down to zero, not below
    total = sum([part.weight for part in possible])
    for low, high, weight, triangular in possible:
        first, second = log_powers(float(low), float(high), triangular, percent)
        mean += weight / total * first
        square += weight / total * second
    return mean, sqrt(max(square - mean * mean, 0.0))


def stated_moments(fact: Fact, *, percent: bool = False) -> tuple[float, float]:
    """Return `log_moments` of the figure that a fact states."""
    # No NaN equals another, so that none but this very one is found again.
    value_high = fact.value_high if fact.wording == "range" else nan
    return moments(fact.value, fact.digits if fact.digits > 0 else 0.0, fact.wording, value_high, percent)


@lru_cache(maxsize=4096)  # each vintage reads the figures of the one before again
def moments(value: float, digits: float, wording: str, value_high: float, percent: bool) -> tuple[float, float]:
    """Return `log_moments` of the `intervals` of a figure."""
    return log_moments(intervals(value, digits, wording, value_high), percent=percent)
