"""Patient rule induction: a box, told by a few limits, in which something happens far more often than outside (Friedman and Fisher 1999)."""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from forecast.series import Floats

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

PEELED = 0.05  # of what is left, taken off in a step
LEAST_SHARE = 0.05  # of all, that stays in the box
MOST_LIMITS = 3
DIGITS = 3  # of a limit, as it is told
WORTHLESS = 0.01  # a condition is dropped if the index falls by less without it


@dataclass(frozen=True, eq=False)
class BoxScore:
    """What a box is worth on some futures, with standard errors: the share it holds of all, of it met by the event, of the event held by it."""

    size: float
    density: float
    density_error: float
    coverage: float
    coverage_error: float


def find_box(traits: Floats, happened: Flags, most: int = MOST_LIMITS) -> Floats:
    """Find the box with the highest index of Youden (1950) on the way of peeling.

    Parameters
    ----------
    traits : array (n, m)
    happened : array (n,)
    most : int
        Traits that may be limited.

    Returns
    -------
    array (m, 2)
        Lower and upper limit of each trait, infinite where it has none, with three digits. A trait is within its limits, ends included.

    Notes
    -----
    Each step takes off the twentieth, at the low or the high end of one trait, without which the share of the event in the box rises most for what
    is lost. The index is the share of the event within the box less the share of all else within it. At last conditions that add less than
    .01 to it are dropped.
    """
    limits = np.tile([-inf, inf], (traits.shape[1], 1))
    inside = np.ones(len(traits), dtype=bool)
    best, best_index = limits, 0.0
    while (peeled := best_peel(traits, happened, inside, limits, most)) is not None:
        limits, inside = peeled
        if (index := youden(happened, inside)) > best_index:
            best, best_index = limits, index
    best = rounded(best)
    for row in np.flatnonzero(np.isfinite(best).any(axis=1)):
        without = best.copy()
        without[row] = -inf, inf
        if youden(happened, within(traits, without)) > youden(happened, within(traits, best)) - WORTHLESS:
            best = without
    return best


def best_peel(traits: Floats, happened: Flags, inside: Flags, limits: Floats, most: int) -> tuple[Floats, Flags] | None:
    """Return the limits and the members of the best smaller box; None where none is large enough."""
    density, count = happened[inside].mean(), int(inside.sum())
    limited: Flags = np.asarray(np.isfinite(limits).any(axis=1))
    best: tuple[Floats, Flags] | None = None
    best_gain = -inf
    for row in range(traits.shape[1]):
        values = traits[:, row]
        if not limited[row] and limited.sum() == most:
            continue
        low, high = np.quantile(values[inside], [PEELED, 1 - PEELED], method="inverted_cdf")
        for side, left in enumerate((inside & np.greater(values, low), inside & np.less(values, high))):
            kept = int(left.sum())
            if kept == count or kept < LEAST_SHARE * len(traits):
                continue
            gain = (happened[left].mean() - density) / (count - kept)
            if gain > best_gain:
                narrower = limits.copy()
                narrower[row, side] = values[left].min() if side == 0 else values[left].max()
                best, best_gain = (narrower, left), gain
    return best


def within(traits: Floats, limits: Floats) -> Flags:
    """Tell which rows lie within all limits."""
    return np.asarray(((traits >= limits[:, 0]) & (traits <= limits[:, 1])).all(axis=1))


def youden(happened: Flags, inside: Flags) -> float:
    """Share of the event inside less the share of all else inside; 0 where one of them is missing."""
    return float(inside[happened].mean() - inside[~happened].mean()) if happened.any() and not happened.all() else 0.0


def rounded(limits: Floats) -> Floats:
    """Give limits the digits that are told."""
    return np.array([[float(f"{limit:.{DIGITS}g}") for limit in pair] for pair in limits])


def score_box(inside: Flags, happened: Flags, draws: Integers) -> BoxScore:
    """Score a box on futures that it was not found on; those of one draw (the numbers of which are `draws`) hang together."""
    density, density_error = ratio(inside & happened, inside, draws)
    coverage, coverage_error = ratio(inside & happened, happened, draws)
    return BoxScore(float(inside.mean()), density, density_error, coverage, coverage_error)


def ratio(of: Flags, among: Flags, draws: Integers) -> tuple[float, float]:
    """Share of some futures among others and its standard error, by linearisation over draws (Cochran 1977); 0 among none."""
    total = int(among.sum())
    if total == 0:
        return 0.0, 0.0
    share = of.sum() / total
    by_draw = np.bincount(draws, of - share * among)
    return float(share), sqrt(float(by_draw @ by_draw)) / total
