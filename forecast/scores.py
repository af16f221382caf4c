"""Scores of single forecasts against what happened; smaller is better for all but coverage."""

import numpy as np
from scipy.special import log_ndtr, ndtr
from scipy.stats import binom

from forecast.prediction import Prediction
from forecast.series import Floats

PINBALL_LEVELS = np.round(np.arange(0.05, 0.951, 0.05), 2)
NARROW = 1e-5  # standard deviations: over an interval narrower than that a density hardly changes


def pinball(actual: Floats, quantiles: Floats, levels: Floats) -> Floats:
    """Pinball loss (q, ...) of quantiles (q, ...) at levels (q,) for outcomes (...) (Koenker and Bassett 1978)."""
    level = levels.reshape(-1, *(1,) * actual.ndim)
    miss = actual - quantiles
    return np.maximum(level * miss, (level - 1) * miss)


def crps(actual: Floats, quantiles: Floats, levels: Floats = PINBALL_LEVELS) -> Floats:
    """Continuous ranked probability score (...), as twice the mean pinball loss over the levels (Gneiting and Raftery 2007)."""
    return np.asarray(2 * pinball(actual, quantiles, levels).mean(axis=0))


def interval_score(actual: Floats, low: Floats, high: Floats, alpha: float) -> Floats:
    """Winkler's score (...) of central 1 - alpha intervals: their width, and 2/alpha times what lies outside (Winkler 1972)."""
    below, above = np.maximum(low - actual, 0.0), np.maximum(actual - high, 0.0)
    return np.asarray(high - low + 2 / alpha * (below + above))


def coverage(actual: Floats, low: Floats, high: Floats) -> float:
    """Share of outcomes inside their intervals."""
    return float(np.mean((low <= actual) & (actual <= high)))


def coverage_band(nominal: float, count: int, error: float = 0.05) -> tuple[float, float]:
    """Return the band in which the coverage of `count` independent intervals lies with probability 1 - error if they are calibrated."""
    return float(binom.ppf(error / 2, count, nominal) / count), float(binom.ppf(1 - error / 2, count, nominal) / count)


def scale_of(history: Floats) -> float:
    """Return the mean absolute first difference of a history (n,), by which scores of series of any size are made alike."""
    return float(np.abs(np.diff(history)).mean())


def log_score(prediction: Prediction, year: int, low: float, high: float) -> float:
    """Return minus ln of the mean predictive density of ln(level) over [low, high], where the outcome is known to lie (Good 1952).

    An outcome known exactly has low = high. Computed on the smaller tail, so that it stays finite far out.
    """
    column = prediction.years.index(year)
    mean, sd = prediction.mean[:, column], np.sqrt(prediction.variance[:, column])
    middle = ((low + high) / 2 - mean) / sd
    log_density = -0.5 * middle**2 - np.log(sd * np.sqrt(2 * np.pi))
    wide = (high - low) / sd > NARROW
    if wide.any():
        # Of two points on one side of the mean the nearer one bounds the larger tail; to the right of it both are mirrored.
        ends = np.stack([(low - mean) / sd, (high - mean) / sd])[:, wide]
        farther, nearer = log_ndtr(np.where(middle[wide] > 0, -ends[::-1], ends))
        log_density[wide] = nearer + np.log1p(-np.exp(farther - nearer)) - np.log(high - low)
    largest = float(log_density.max())
    return -largest - float(np.log(prediction.yearly_weights[:, column] @ np.exp(log_density - largest)))


def probability_integral(prediction: Prediction, year: int, low: float, high: float, within: float = 0.5) -> float:
    """Return the share of the predictive distribution below the outcome (PIT; Dawid 1984), uniform if the forecasts are calibrated.

    An outcome known to lie in [low, high] of ln(level) is placed at the share `within` of the probability between: uniform random
    numbers keep the PIT uniform (Czado, Gneiting and Held 2009).
    """
    column = prediction.years.index(year)
    mean, sd = prediction.mean[:, column], np.sqrt(prediction.variance[:, column])
    below, upto = (float(prediction.yearly_weights[:, column] @ ndtr((end - mean) / sd)) for end in (low, high))
    return below + within * (upto - below)


def brier(probability: Floats, happened: Floats) -> Floats:
    """Squared error (...) of stated probabilities of events that happened (1) or not (0) (Brier 1950)."""
    return np.asarray((probability - happened) ** 2)
