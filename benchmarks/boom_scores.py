"""Scores of forecasts of booming groups: CRPS and coverage, with errors that respect that calendar years move all places together."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from benchmarks.boom_model import HORIZONS, Boom, Forecast, Windows, forecast

CLUSTER_YEARS = 5  # origins less than five years apart share years that came
NEGLIGIBLE_WEIGHT = 1e-3


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores by window and horizon (W, 3), means over the places of the group."""

    origin: np.ndarray  # (W,)
    crps: np.ndarray
    inside_80: np.ndarray
    inside_95: np.ndarray


def join(parts: list[Scored]) -> Scored:
    """All windows of some parts."""
    return Scored(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("origin", "crps", "inside_80", "inside_95")))


def mean_distance(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Expected absolute value of normal variables."""
    sd = np.sqrt(variance)
    return mean * (2 * ndtr(mean / sd) - 1) + 2 * sd * np.exp(-0.5 * (mean / sd) ** 2) / np.sqrt(2 * np.pi)


def crps_of_mixture(weights: np.ndarray, mean: np.ndarray, variance: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score (h, n) of a mixture of K normals: (K,), (K, h, n), (K, h) (Grimit and others 2006)."""
    kept = np.flatnonzero(weights > NEGLIGIBLE_WEIGHT)
    weights, mean, variance = weights[kept] / weights[kept].sum(), mean[kept], variance[kept][..., None]
    to_outcome = np.einsum("k,khn->hn", weights, mean_distance(outcome - mean, variance))
    apart = mean_distance(mean[:, None] - mean, variance[:, None] + variance)
    return to_outcome - 0.5 * np.einsum("k,l,klhn->hn", weights, weights, apart)


def scored(seen: Forecast, windows: Windows) -> Scored:
    """Score forecasts of the places."""
    came = windows.coming()
    share = np.einsum("wk,wkhn->whn", seen.weights, ndtr((came[:, None] - seen.mean) / np.sqrt(seen.variance)[:, :, None]))
    score = [
        crps_of_mixture(weights, mean, seen.variance, outcome)
        for weights, mean, outcome in zip(seen.weights, seen.mean, came, strict=True)
    ]
    inside = [(np.abs(share - 0.5) <= half).mean(axis=2) for half in (0.4, 0.475)]
    return Scored(windows.origin, np.array(score).mean(axis=2), *inside)


def simple_forecasts(windows: Windows, training: list[Windows]) -> dict[str, Forecast]:
    """Baselines, normal with the spread of their errors in the windows that were learned from."""
    years = np.array(HORIZONS, dtype=float)[:, None]
    followed = np.mean([one.coming().mean(axis=(0, 2)) for one in training for _ in range(len(one.origin))], axis=0)[:, None]

    def centres(one: Windows) -> dict[str, np.ndarray]:
        last = one.growth[:, one.known - 1][:, None, :]
        shape = (len(one.origin), len(years), one.growth.shape[2])
        return {
            "last growth persists": years * last,
            "the group's growth persists": np.broadcast_to(years * last.mean(axis=2, keepdims=True), shape),
            "no growth": np.zeros(shape),
            "what followed other booms": np.broadcast_to(followed, shape),
        }

    found = {}
    for name, centre in centres(windows).items():
        misses = np.concatenate([(one.coming() - centres(one)[name]).swapaxes(1, 2).reshape(-1, len(years)) for one in training])
        variance = (misses**2).mean(axis=0)[None]
        found[name] = Forecast(np.ones((len(windows.origin), 1)), centre.mean(axis=2)[:, None], variance, centre[:, None], variance)
    return found


def mean_and_error(origin: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over years of origin, each counted once, and its standard error with years in clusters of five."""
    years = np.unique(origin)
    yearly = np.array([values[origin == year].mean(axis=0) for year in years])
    mean = yearly.mean(axis=0)
    cluster = years // CLUSTER_YEARS
    sums = np.array([(yearly[cluster == one] - mean).sum(axis=0) for one in np.unique(cluster)])
    return mean, np.sqrt((sums**2).sum(axis=0) * len(sums) / (len(sums) - 1)) / len(years)


def score_of(of: Boom, windows: list[Windows]) -> Scored:
    """Score the model on windows of all sizes."""
    return join([scored(forecast(of, one), one) for one in windows])
