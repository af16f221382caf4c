"""Integrals over the interval that a worded figure stands for, one interval at a time: there are as many as figures, and each is small."""

from math import log, log1p

from numba import njit

POINTS = 200  # points of the quadrature over one interval
LEAST_SHARE = 1e-6  # of the upper end: what stands for zero and below, which have no logarithm
LEAST_PERCENT = -99.0


@njit(cache=True, error_model="numpy", nogil=True)
def log_powers(low, high, triangular, percent):
    """Return the means of ln(value) and of its square over an interval, or of ln(1 + value/100); triangular ones peak in the middle."""
    total, first, second = 0.0, 0.0, 0.0
    for point in range(POINTS):
        fraction = (point + 0.5) / POINTS
        share = min(fraction, 1 - fraction) if triangular else 1.0
        true = low + (high - low) * fraction
        logarithm = log1p(max(true, LEAST_PERCENT) / 100) if percent else log(max(true, LEAST_SHARE * high))
        total += share
        first += share * logarithm
        second += share * logarithm * logarithm
    return first / total, second / total
