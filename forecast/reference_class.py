"""What thousands of annual series teach about one: growth reverts, and volatile series are noisy levels rather than lasting growth.

Growth from year to year is d[t] = m + a[t] + e[t] + v[t] - v[t-1] for a volatility s of the series: m ~ N(mean(s), long_run_sd^2), a an AR(1)
with variance own(s) s^2, e ~ N(0, s^2), level noise v ~ N(0, noise(s) s^2), and ln s ~ N(ln typical, spread^2) on a grid. Given s all is
Gaussian; the predictive distribution is the mixture over the grid, weighted by the likelihood of the growth seen. docs/method.md, section
"Reference class". The numbers are learned by benchmarks/learn_reference_class.py and stored beside this file.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.special import logsumexp

from forecast.prediction import Prediction
from forecast.series import Floats, Series

STORED = Path(__file__).with_name("reference_class.json")
GRID = np.linspace(-2.6, 2.6, 14)  # standard deviations of ln s
MOST_YEARS = 11  # of a history: what lies further back teaches little about growth to come
MIDDLE = 0.05  # volatility at which the slopes below start


@dataclass(frozen=True)
class ReferenceClass:
    """Parameters of the class; volatility and growth are of ln(level) a year, slopes are by ln(s / MIDDLE)."""

    typical: float
    spread: float
    long_run_sd: float
    long_run_level: float
    long_run_slope: float
    persistence: float
    own_log: float
    own_slope: float
    noise_log: float
    noise_slope: float
    noise_bend: float
    widening: float

    @property
    def volatilities(self) -> Floats:
        """The grid of s (J,)."""
        return np.asarray(self.typical * np.exp(self.spread * GRID))


@dataclass(frozen=True)
class Conditional:
    """For each volatility (J) what histories of k differences say about the next h years, before the differences are known."""

    mean: Floats  # (J,) growth a year
    factor: Floats  # (J, k, k) lower Cholesky factor of the differences' covariance
    gain: Floats  # (J, k, h) of cumulated growth on differences
    variance: Floats  # (J, h) of cumulated growth


@lru_cache(maxsize=1)
def stored_class() -> ReferenceClass:
    """Return the class that was learned last."""
    return ReferenceClass(**json.loads(STORED.read_text(encoding="utf-8"))["parameters"])


def conditional(of: ReferenceClass, spans: tuple[int, ...], noise: Floats, ahead: int) -> Conditional:
    """Prepare the prediction of histories whose k differences span so many years each.

    Parameters
    ----------
    spans : tuple of int
        Years from each known level to the next.
    noise : array (k + 1, k + 1)
        Covariance of the known levels around what was printed.
    """
    k, past = len(spans), sum(spans)
    n = past + ahead
    ends = np.cumsum((0, *spans))
    sums = np.zeros((k + ahead, n))
    for row, (first, last) in enumerate(pairwise(ends)):
        sums[row, first:last] = 1.0
    for year in range(ahead):
        sums[k + year, past : past + year + 1] = 1.0
    # The doubt about known levels moves each difference, and the last one what is still to come.
    doubt = np.zeros((k + ahead, k + 1))
    doubt[:k, 1:] += np.eye(k)
    doubt[:k, :-1] -= np.eye(k)
    doubt[k:, k] = -1.0
    lag = np.abs(np.arange(n)[:, None] - np.arange(n))
    widening = np.arange(1, ahead + 1) ** (2 * of.widening)
    parts = []
    for s in of.volatilities:
        place = float(np.clip(np.log(s / MIDDLE), -2.5, 2.5))
        own = np.exp(of.own_log + of.own_slope * place)
        level_noise = np.exp(np.clip(of.noise_log + of.noise_slope * place + of.noise_bend * place**2, -12, 6))
        yearly = of.long_run_sd**2 + s * s * (own * of.persistence**lag + np.eye(n) + level_noise * (2.0 * (lag == 0) - (lag == 1)))
        joint = sums @ yearly @ sums.T + doubt @ noise @ doubt.T
        gain = np.linalg.solve(joint[:k, :k], joint[:k, k:])
        variance = (np.diag(joint[k:, k:]) - (joint[:k, k:] * gain).sum(axis=0)) * widening
        parts.append((of.long_run_level + of.long_run_slope * s, np.linalg.cholesky(joint[:k, :k]), gain, variance))
    mean, factor, gains, variances = (np.array(part) for part in zip(*parts, strict=True))
    return Conditional(mean, factor, gains, variances)


def predict_growth(prepared: Conditional, spans: tuple[int, ...], differences: Floats) -> tuple[Floats, Floats]:
    """Return weights (m, J) and means (m, J, h) of the cumulated growth of m histories with these differences (m, k)."""
    years = np.array(spans, dtype=float)
    ahead = np.arange(1, prepared.variance.shape[1] + 1)
    misses = differences[:, None, :] - prepared.mean[:, None] * years
    white = np.stack(
        [np.linalg.solve(factor, miss.T).T for factor, miss in zip(prepared.factor, misses.transpose(1, 0, 2), strict=True)], axis=1
    )
    log_determinant = np.log(np.einsum("jkk->jk", prepared.factor)).sum(axis=1)
    log_weights = -0.5 * GRID**2 - 0.5 * (white**2).sum(axis=2) - log_determinant
    weights = np.exp(log_weights - logsumexp(log_weights, axis=1, keepdims=True))
    return weights, prepared.mean[:, None] * ahead + np.einsum("mjk,jkh->mjh", misses, prepared.gain)


def predict_reference(series: Series, last_year: int, of: ReferenceClass | None = None) -> Prediction:
    """Forecast one series, of any length and with gaps, by what the reference class teaches; no other place enters."""
    chosen = of or stored_class()
    known = slice(-MOST_YEARS, None)
    years, levels = series.years[known], series.log_level[known]
    spans = tuple(int(span) for span in np.diff(years))
    prepared = conditional(chosen, spans, series.covariance[known, known], last_year - series.origin)
    weights, mean = predict_growth(prepared, spans, np.diff(levels)[None])
    return Prediction(tuple(range(series.origin + 1, last_year + 1)), weights[0], levels[-1] + mean[0], prepared.variance)


def to_vector(of: ReferenceClass) -> Floats:
    """Return the parameters for an optimiser, without bounds: logarithms of what is positive, the logit of the persistence."""
    values = asdict(of)
    values |= {name: np.log(values[name]) for name in ("typical", "spread", "long_run_sd")}
    values["persistence"] = np.log(of.persistence / (1 - of.persistence))
    return np.array(list(values.values()))


def from_vector(vector: Floats) -> ReferenceClass:
    """Undo `to_vector`."""
    values = dict(zip(ReferenceClass.__dataclass_fields__, map(float, vector), strict=True))
    values |= {name: float(np.exp(values[name])) for name in ("typical", "spread", "long_run_sd")}
    values["persistence"] = float(1 / (1 + np.exp(-values["persistence"])))
    return ReferenceClass(**values)
