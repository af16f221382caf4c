"""Months and quarters forecast as such: seasonal factors taken out, extrapolating methods on what is left, the factors put back.

No class of series was learned for months or quarters. How wide a forecast is follows from the series' own past errors alone
(docs/method.md, section "Months and quarters").
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecast.frequencies import PeriodicSeries
from forecast.history_kernels import extrapolate_damped, extrapolate_drift, extrapolate_dynamic_theta, extrapolate_theta
from forecast.prediction import Prediction
from forecast.series import Floats

METHODS: tuple[Callable[[Floats, Floats], None], ...] = (
    extrapolate_theta,
    extrapolate_dynamic_theta,
    extrapolate_damped,
    extrapolate_drift,
)
MOST_YEARS = 10  # of a history: what lies further back says little about seasons and trends to come
MOST_SD = 5.0  # of ln(level): with a factor of 150 either way nothing is known, and the mean is still a number
LEAST_SHARE = 0.01  # of the last level: a method that falls below it is held there


@dataclass(frozen=True, eq=False)
class Seasons:
    """Seasonal factors of a history of n levels.

    Attributes
    ----------
    factors : array (per_year,)
        Logarithms, of mean zero; the first belongs to the first level.
    shrunk : float
        From 0, the factors as they were found, to 1, no seasons.
    """

    factors: Floats
    shrunk: float


def smooth_trend(log_level: Floats, per_year: int) -> Floats:
    """Centred moving average over a year, carried to both ends by the straight line through its outermost year: (n,) of n >= 2 years."""
    weights = np.r_[0.5, np.ones(per_year - 1), 0.5] / per_year
    inner = np.convolve(log_level, weights, mode="valid")
    half, n = per_year // 2, log_level.size
    across = np.arange(per_year)
    before = np.polyval(np.polyfit(across, inner[:per_year], 1), np.arange(-half, 0))
    after = np.polyval(np.polyfit(across, inner[-per_year:], 1), np.arange(per_year, per_year + half))
    return np.concatenate([before, inner, after])[:n]


def seasons(log_level: Floats, per_year: int) -> Seasons:
    """Classical multiplicative factors, shrunk towards none by what chance alone would make of them (Miller and Williams 2003)."""
    n = log_level.size
    apart = log_level - smooth_trend(log_level, per_year)
    place = np.arange(n) % per_year
    found = np.array([apart[place == number].mean() for number in range(per_year)])
    found -= found.mean()
    years = n / per_year
    chance = float(np.sum((apart - found[place]) ** 2)) / (n - per_year - years) / years
    spread = float(found @ found) / (per_year - 1)
    shrunk = min(1.0, (per_year - 3) / (per_year - 1) * chance / spread) if spread > 0 else 1.0
    return Seasons((1 - shrunk) * found, shrunk)


def extrapolations(log_level: Floats, ahead: int) -> Floats:
    """Log levels to come by each method, (n_methods, ahead); the methods work on the levels themselves, as shares of the last one."""
    levels = np.exp(log_level - log_level[-1])
    paths = np.empty((len(METHODS), ahead))
    for method, path in zip(METHODS, paths, strict=True):
        method(levels, path)
    return np.asarray(log_level[-1] + np.log(np.maximum(paths, LEAST_SHARE)))


def past_errors(log_level: Floats, fewest: int) -> tuple[Floats, Floats]:
    """Mean squared error of the mean of the methods by horizon, over all past origins with `fewest` levels or more, and how many they are.

    Both are arrays (n - fewest,).
    """
    n = log_level.size
    squares, origins = np.zeros(n - fewest), np.arange(n - fewest, 0.0, -1.0)
    for known in range(fewest, n):
        missed = extrapolations(log_level[:known], n - known).mean(axis=0) - log_level[known:]
        squares[: n - known] += missed**2
    return squares / origins, origins


def error_variance(squares: Floats, origins: Floats, ahead: int) -> Floats:
    """Smooth squared errors by horizon and carry them on, (ahead,): noise + wandering x horizon + doubt about the trend x horizon^2.

    None of the three is negative, so the variance never falls. Squared errors are the surer the more origins there are and the fewer periods
    these share; that there are few origins is allowed for as in a t distribution.
    """
    from scipy.optimize import nnls  # a quarter of a second that only months and quarters wait for

    horizon = np.arange(1.0, squares.size + 1)
    weight = np.sqrt(origins) / horizon
    parts, _ = nnls(weight[:, None] * np.stack([horizon**0, horizon, horizon**2], axis=1), weight * squares)
    coming = np.arange(1.0, ahead + 1)
    return np.asarray((1 + 2 / origins[0]) * (parts[0] + parts[1] * coming + parts[2] * coming**2))


def predict_seasonal(series: PeriodicSeries, ahead: int) -> Prediction:
    """Forecast `ahead` periods of a series: the methods in equal parts. `Prediction.years` are the numbers of the periods.

    The factors were fitted to the very levels that past errors are taken from: over y years a level lies nearer to its factor than a
    coming one, in squares by (y - 1) / (y + 1), as far as the factors are not shrunk away. The variance of the last known level is added.
    """
    per_year = series.frequency.per_year
    levels = series.log_level[-MOST_YEARS * per_year :]
    n = levels.size
    found = seasons(levels, per_year)
    place = np.arange(n + ahead) % per_year
    adjusted = levels - found.factors[place[:n]]
    variance = error_variance(*past_errors(adjusted, per_year), ahead)
    years = n / per_year
    variance *= found.shrunk + (1 - found.shrunk) * (years + 1) / (years - 1)
    variance = np.minimum(variance, MOST_SD**2)
    centre = extrapolations(adjusted, ahead) + found.factors[place[n:]]
    periods = tuple(range(series.last + 1, series.last + 1 + ahead))
    weights = np.full(len(METHODS), 1 / len(METHODS))
    return Prediction(periods, weights, centre, np.tile(variance + series.sd[-1] ** 2, (len(METHODS), 1)))
