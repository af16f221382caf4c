"""Growth curves with their analytic derivatives, over all times of a series at once so that the compiler makes vector code.

`fill` writes the values (n,) and the derivatives by each parameter (k, n) of the curve of a number. exp is our own, for numba comes
without a vector library: within two units of the last digit, its argument held within what a double can carry.
"""

from math import log

import numpy as np
from numba import njit, types

# A curve over all times: (number, t (n,), p (k,), value (n,) to fill, derivatives (k, n) to fill).
FILL = types.void(types.int64, types.float64[::1], types.float64[::1], types.float64[::1], types.float64[:, ::1])
LINEAR, EXPONENTIAL, LOGISTIC, GOMPERTZ, RICHARDS, BASS = range(6)
LARGEST_EXPONENT = 300.0  # exp(2 x 300) still is a number
PER_LN_2 = 1.4426950408889634
LN_2_HIGH, LN_2_LOW = (
    0.6931471803691238,
    1.9082149292705877e-10,
)  # ln 2 in two parts, the first with zeros at its end (Cody and Waite 1980)
MANTISSA_BITS = 52
# Added to a small number it leaves the number, rounded to a whole one, in the last bits of the sum, with the bias of exponents added.
ROUNDER = 1.5 * 2.0**52 + 1023.0


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def exp_of(x):
    """Return exp(x): exp x = 2^m exp r with |r| <= ln 2 / 2, the latter by its Taylor series."""
    held = min(max(x, -LARGEST_EXPONENT), LARGEST_EXPONENT)
    shifted = np.float64(held * PER_LN_2 + ROUNDER)
    m = shifted - ROUNDER
    r = (held - m * LN_2_HIGH) - m * LN_2_LOW
    series = 1.0 / 6227020800.0
    series = series * r + 1.0 / 479001600.0
    series = series * r + 1.0 / 39916800.0
    series = series * r + 1.0 / 3628800.0
    series = series * r + 1.0 / 362880.0
    series = series * r + 1.0 / 40320.0
    series = series * r + 1.0 / 5040.0
    series = series * r + 1.0 / 720.0
    series = series * r + 1.0 / 120.0
    series = series * r + 1.0 / 24.0
    series = series * r + 1.0 / 6.0
    series = series * r + 0.5
    power = np.int64(shifted.view(np.int64) << np.int64(MANTISSA_BITS)).view(np.float64)
    return (1.0 + (r + r * r * series)) * power


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def linear(t, p, value, slopes):
    """p0 + p1 t."""
    for i in range(t.size):
        value[i] = p[0] + p[1] * t[i]
        slopes[0, i] = 1.0
        slopes[1, i] = t[i]


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def exponential(t, p, value, slopes):
    """p0 exp(p1 t)."""
    start, rate = p[0], p[1]
    for i in range(t.size):
        growth = exp_of(rate * t[i])
        value[i] = start * growth
        slopes[0, i] = growth
        slopes[1, i] = start * growth * t[i]


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def logistic(t, p, value, slopes):
    """p0 / (1 + exp(-p1 (t - p2))): ceiling, rate, midpoint."""
    ceiling, rate, midpoint = p[0], p[1], p[2]
    for i in range(t.size):
        away = exp_of(rate * (midpoint - t[i]))
        share = 1.0 / (1.0 + away)
        slope = ceiling * share * share * away
        value[i] = ceiling * share
        slopes[0, i] = share
        slopes[1, i] = slope * (t[i] - midpoint)
        slopes[2, i] = -slope * rate


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def gompertz(t, p, value, slopes):
    """p0 exp(-exp(-p1 (t - p2))): ceiling, rate, inflection."""
    ceiling, rate, inflection = p[0], p[1], p[2]
    for i in range(t.size):
        away = exp_of(rate * (inflection - t[i]))
        share = exp_of(-away)
        slope = ceiling * share * away
        value[i] = ceiling * share
        slopes[0, i] = share
        slopes[1, i] = slope * (t[i] - inflection)
        slopes[2, i] = -slope * rate


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def richards(t, p, value, slopes):
    """p0 (1 + p3 exp(-p1 (t - p2)))^(-1 / p3): ceiling, rate, midpoint, asymmetry; p3 = 1 is the logistic, p3 -> 0 Gompertz's curve."""
    ceiling, rate, midpoint, asymmetry = p[0], p[1], p[2], p[3]
    for i in range(t.size):
        away = exp_of(rate * (midpoint - t[i]))
        inner = 1.0 + asymmetry * away
        exponent = log(inner) / asymmetry
        share = exp_of(-exponent)
        slope = ceiling * share * away / inner
        value[i] = ceiling * share
        slopes[0, i] = share
        slopes[1, i] = slope * (t[i] - midpoint)
        slopes[2, i] = -slope * rate
        slopes[3, i] = ceiling * share * (exponent - away / inner) / asymmetry


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def bass(t, p, value, slopes):
    """p0 (1 - exp(-(p1 + p2) t)) / (1 + p2 / p1 exp(-(p1 + p2) t)): ceiling, innovation, imitation; t counts from the beginning."""
    ceiling, innovation, imitation = p[0], p[1], p[2]
    odds = imitation / innovation
    for i in range(t.size):
        left = exp_of(-(innovation + imitation) * t[i])
        below = 1.0 + odds * left
        share = (1.0 - left) / below
        by_speed = t[i] * left * (1.0 + odds) / (below * below)
        value[i] = ceiling * share
        slopes[0, i] = share
        slopes[1, i] = ceiling * (by_speed + share * odds * left / (innovation * below))
        slopes[2, i] = ceiling * (by_speed - share * left / (innovation * below))


@njit(FILL, cache=True, error_model="numpy", nogil=True)
def fill(curve, t, p, value, slopes):
    """Write values and derivatives of the curve of a number."""
    if curve == LOGISTIC:
        logistic(t, p, value, slopes)
    elif curve == GOMPERTZ:
        gompertz(t, p, value, slopes)
    elif curve == RICHARDS:
        richards(t, p, value, slopes)
    elif curve == BASS:
        bass(t, p, value, slopes)
    elif curve == EXPONENTIAL:
        exponential(t, p, value, slopes)
    else:
        linear(t, p, value, slopes)
