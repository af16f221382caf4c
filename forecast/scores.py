"""Scores of predictive quantiles against what happened; smaller is better for all but coverage."""

import numpy as np
from scipy.stats import binom

from forecast.series import Floats

PINBALL_LEVELS = np.round(np.arange(0.05, 0.951, 0.05), 2)


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
