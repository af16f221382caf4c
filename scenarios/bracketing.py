"""The least amount that is enough: a rising curve of odds bracketed and halved."""

from collections.abc import Callable
from typing import NamedTuple

TOLERANCE = 1e-6  # of the bracket looked through, and of the amount where that is smaller
HALVINGS = 60


class Found(NamedTuple):
    """An amount and the odds that it gives on the same random numbers."""

    amount: float
    odds: float


def least_amount(odds: Callable[[float], float], wanted: float, low: float, high: float) -> Found | None:
    """Return the least amount between low and high whose odds are at least `wanted`, to a millionth; None if those of `high` are not.

    Parameters
    ----------
    odds : callable
        Of an amount; must not fall as it rises.
    """
    at_low = odds(low)
    if at_low >= wanted:
        return Found(low, at_low)
    at_high = odds(high)
    if at_high < wanted:
        return None
    below, enough = low, Found(high, at_high)
    for _ in range(HALVINGS):
        if enough.amount - below <= TOLERANCE * min(high - low, max(abs(enough.amount), TOLERANCE)):
            break
        middle = 0.5 * (below + enough.amount)
        at_middle = odds(middle)
        if at_middle >= wanted:
            enough = Found(middle, at_middle)
        else:
            below = middle
    return enough
