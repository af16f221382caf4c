"""The growth model of forecast/pooling.py for groups of places with the same years known: every group in a few small matrices.

A group's mean growth and the deviations of its n places from it are independent given a node (fade, persistence, scale): the mean has
covariance `common + own / n`, a deviation `own` (less its share 1/n in the mean). So the pool and the forecast of `forecast.pooling` and
`forecast.prediction` need no elimination here, and a likelihood costs milliseconds; tests/benchmarks/test_boom_model.py compares the two.
"""

from dataclasses import asdict, dataclass
from itertools import product

import numpy as np
from scipy.special import expit, logit, logsumexp

from forecast.priors import FADES, PERSISTENCE_COUNT, PERSISTENCES, SCALE, beta_weights

AHEAD = 5
HORIZONS = (1, 3, 5)
MOST_NOISE = 0.5  # of the own deviation: with more, a strong year would lower the forecast
SUMS = (np.arange(AHEAD) < np.array(HORIZONS)[:, None]).astype(float)  # (3, AHEAD): growth of the coming years -> cumulated growth


@dataclass(frozen=True)
class Boom:
    """Parameters of the model, as in forecast.priors.FamilyPrior; fade ~ Beta with this mean and a + b = `fade_count`."""

    long_run_mean: float
    long_run_sd: float
    boom_sd: float
    fade: float
    fade_count: float
    common_shock: float
    lasting_sd: float
    own_sd: float
    persistence: float
    noise: float

    def to_vector(self) -> np.ndarray:
        """Return what is learned, without bounds; boom_sd, of which little is known from booms alone, is none of it."""
        shares = logit([self.fade, self.persistence, self.noise / MOST_NOISE])
        sizes = np.log([self.long_run_sd, self.fade_count, self.common_shock, self.lasting_sd, self.own_sd])
        return np.array([10 * self.long_run_mean, *shares, *sizes])

    def from_vector(self, vector: np.ndarray) -> "Boom":
        """Undo `to_vector`, with the boom_sd of this one."""
        fade, persistence, noise = map(float, expit(vector[1:4]))
        long_run_sd, fade_count, common_shock, lasting_sd, own_sd = map(float, np.exp(vector[4:]))
        mean = float(vector[0]) / 10
        return Boom(
            mean, long_run_sd, self.boom_sd, fade, fade_count, common_shock, lasting_sd, own_sd, persistence, MOST_NOISE * noise
        )

    def rounded(self) -> dict[str, float]:
        """The parameters to three significant digits."""
        return {name: float(f"{value:.3g}") for name, value in asdict(self).items()}


@dataclass(frozen=True, eq=False)
class Windows:
    """W groups of n places each: growth (W, known + AHEAD, n) in consecutive years, of which `known` end in the years `origin` (W,)."""

    known: int
    group: np.ndarray
    origin: np.ndarray
    growth: np.ndarray

    def take(self, chosen: np.ndarray) -> "Windows":
        """Return some of them, by a mask (W,)."""
        return Windows(self.known, self.group[chosen], self.origin[chosen], self.growth[chosen])

    def coming(self) -> np.ndarray:
        """What came: cumulated growth (W, 3, n) over HORIZONS."""
        return SUMS @ self.growth[:, self.known :]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Cumulated growth over HORIZONS as mixtures of K normals, for the mean of each of W groups and for its n places."""

    weights: np.ndarray  # (W, K)
    group_mean: np.ndarray  # (W, K, 3)
    group_variance: np.ndarray  # (K, 3)
    mean: np.ndarray  # (W, K, 3, n)
    variance: np.ndarray  # (K, 3)


def nodes_of(of: Boom) -> tuple[np.ndarray, np.ndarray]:
    """Fade, persistence and scale by node (3, K), and log weights (K,)."""
    fades = beta_weights(FADES, of.fade, of.fade_count)
    persistences = beta_weights(PERSISTENCES, of.persistence, PERSISTENCE_COUNT)
    rows = np.array([(f, p, s, w1 * w2 * w3) for (f, w1), (p, w2), (s, w3) in product(fades, persistences, SCALE)])
    return rows[:, :3].T, np.log(np.maximum(rows[:, 3], 1e-300))


def covariances(of: Boom, known: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log weights (K,) and the covariances (K, T, T) of the common and of the own part of the growth of T = known + AHEAD years."""
    (fade, persistence, scale), log_weights = nodes_of(of)
    years = known + AHEAD
    common = np.full((len(fade), years, years), of.long_run_sd**2)
    variance = np.full(len(fade), of.boom_sd**2)
    for year in range(years):
        for later in range(year, years):
            shared = variance * fade ** (later - year)
            common[:, year, later] += shared
            if later > year:
                common[:, later, year] += shared
        shock = (2 if year + 1 < known else 1) * of.common_shock  # twice as large while the boom arose, as in forecast/priors.py
        variance = fade**2 * variance + shock**2
    lag = np.abs(np.arange(years)[:, None] - np.arange(years))
    noise = 2.0 * (lag == 0) - (lag == 1)  # of the differences of levels with independent noise
    own = persistence[:, None, None] ** lag + of.noise**2 * noise
    return log_weights, common, of.lasting_sd**2 + (scale * of.own_sd)[:, None, None] ** 2 * own


def condition(covariance: np.ndarray, known: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Precision (K, k, k) and its log determinant (K,) of the known, gain (K, 3, k) and variance (K, 3) of what is cumulated."""
    precision = np.linalg.inv(covariance[:, :known, :known])
    cross = SUMS @ covariance[:, known:, :known]
    gain = cross @ precision
    variance = np.einsum("hs,kst,ht->kh", SUMS, covariance[:, known:, known:], SUMS) - np.einsum("khi,khi->kh", gain, cross)
    return precision, np.linalg.slogdet(precision)[1], gain, variance


def forecast(of: Boom, windows: Windows) -> Forecast:
    """Forecast every group from its known years."""
    n, known = windows.growth.shape[2], windows.known
    log_weights, common, own = covariances(of, known)
    precision, log_determinant, gain, variance = condition(common + own / n, known)
    own_precision, own_log_determinant, own_gain, own_variance = condition(own, known)
    seen = windows.growth[:, :known]
    mean = seen.mean(axis=2)
    apart, surprise = seen - mean[:, :, None], mean - of.long_run_mean
    misfit = np.einsum("wi,kij,wj->wk", surprise, precision, surprise)
    misfit += np.einsum("wij,kij->wk", apart @ apart.swapaxes(1, 2), own_precision)
    log_weights = log_weights + 0.5 * (log_determinant + (n - 1) * own_log_determinant - misfit)
    expected = of.long_run_mean * np.array(HORIZONS) + np.einsum("khi,wi->wkh", gain, surprise)
    places = expected[..., None] + np.einsum("khi,win->wkhn", own_gain, apart)
    weights = np.exp(log_weights - logsumexp(log_weights, axis=1, keepdims=True))
    return Forecast(weights, expected, variance, places, variance + (1 - 1 / n) * own_variance)


def log_mixture(weights: np.ndarray, mean: np.ndarray, variance: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Log density of outcomes (W, ...) under mixtures of normals with weights (W, K), means (W, K, ...) and variances (K, ...)."""
    each = -0.5 * (outcome[:, None] - mean) ** 2 / variance - 0.5 * np.log(2 * np.pi * variance)
    log_weights = np.log(np.maximum(weights, 1e-300))
    return logsumexp(log_weights.reshape(*weights.shape, *(1,) * (outcome.ndim - 1)) + each, axis=1)
