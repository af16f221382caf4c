"""What a thousand annual series teach about one: some kinds of series wander, some are noisy levels, some have lasting growth.

Growth from year to year is d[t] = m + a[t] + v[t] - v[t-1] for a volatility s of the series and a kind: m ~ N(0, long_run_sd^2), for
which way series go on the whole does not carry over from one collection to the next; a an AR(1) with variance own s^2, level
noise v ~ N(0, noise s^2); ln s ~ N(ln typical, spread^2) on a grid; own, noise and how frequent a kind is depend on s. Given both all is
Gaussian; the predictive distribution is the mixture over the grid and the kinds, weighted by the likelihood of the growth seen. docs/method.md,
section "Reference class". The numbers are learned by benchmarks/learn_reference_class.py, for short histories and for long ones, and stored
beside this file.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import log_softmax

from forecast.history_kernels import condition, weigh
from forecast.prediction import Prediction
from forecast.series import Floats, Series

STORED = Path(__file__).with_name("reference_class.json")
GRID = np.linspace(-2.4, 2.4, 12)  # standard deviations of ln s
MOST_LEVELS = 14  # of a history, by cross-fitted CRPS among 8, 11, 14 and 20: what lies further back no longer helps
MIDDLE = 0.05  # volatility at which the kinds are written down


@dataclass(frozen=True)
class Kind:
    """One kind of series; variances are shares of s^2 in logarithms, frequencies in logarithms, up to a common constant, by ln(s / MIDDLE)."""

    persistence: float
    own_log: float
    own_slope: float
    noise_log: float
    noise_slope: float
    frequency: float
    frequency_slope: float
    frequency_bend: float


@dataclass(frozen=True)
class ReferenceClass:
    """Parameters of the class; all of ln(level) a year."""

    typical: float
    spread: float
    long_run_sd: float
    kinds: tuple[Kind, ...]

    @classmethod
    def parse(cls, content: Mapping[str, Any]) -> "ReferenceClass":
        """Undo `dataclasses.asdict`."""
        kinds = tuple(Kind(**kind) for kind in content["kinds"])
        return cls(content["typical"], content["spread"], content["long_run_sd"], kinds)

    @cached_property
    def nodes(self) -> "Nodes":
        """Every combination of volatility and kind."""
        s = np.repeat(self.typical * np.exp(self.spread * GRID), len(self.kinds))
        kinds = np.tile(np.array([astuple(kind) for kind in self.kinds]), (GRID.size, 1)).T
        persistence, own, own_slope, noise, noise_slope, *frequency = kinds
        x = np.log(s / MIDDLE)
        frequent = (frequency[0] + frequency[1] * x + frequency[2] * x**2).reshape(GRID.size, -1)
        log_prior = np.repeat(-0.5 * GRID**2, len(self.kinds)) + log_softmax(frequent, axis=1).ravel()
        long_run = np.full(s.size, self.long_run_sd**2)
        return Nodes(log_prior, persistence, np.exp(own + own_slope * x) * s**2, np.exp(noise + noise_slope * x) * s**2, long_run)


@dataclass(frozen=True, eq=False)
class Nodes:
    """The J combinations, each an array (J,): persistence of the own growth, and variances."""

    log_prior: Floats
    persistence: Floats
    own: Floats
    noise: Floats
    long_run: Floats


@dataclass(frozen=True, eq=False)
class Conditional:
    """For each node what histories with levels in certain years say about the next ones: see `history_kernels.condition`."""

    factor: Floats
    gain: Floats
    variance: Floats


@lru_cache(maxsize=1)
def stored_classes() -> tuple[tuple[int, ReferenceClass], ...]:
    """Return the classes that were learned last, each with the fewest levels that it serves."""
    content = json.loads(STORED.read_text(encoding="utf-8"))["classes"].values()
    return tuple((one["fewest"], ReferenceClass.parse(one["parameters"])) for one in content)


def stored_class(levels: int) -> ReferenceClass:
    """Return the class for histories of so many levels."""
    return [of for fewest, of in stored_classes() if levels >= fewest][-1]


def conditional(of: ReferenceClass, years: Floats | tuple[int, ...], doubt: Floats, ahead: int) -> Conditional:
    """Prepare the prediction of histories with levels in these years (n,).

    Parameters
    ----------
    doubt : array (n, n)
        Covariance of the known levels around what was printed.
    ahead : int
        Years to predict after the last one.
    """
    elapsed = np.asarray(years, dtype=np.int64) - int(years[0])
    nodes, k = of.nodes, elapsed.size - 1
    count = nodes.log_prior.size
    factor, gain, variance = np.zeros((count, k, k)), np.zeros((count, ahead, k)), np.zeros((count, ahead))
    condition(
        elapsed, np.ascontiguousarray(doubt), ahead, nodes.own, nodes.persistence, nodes.noise, nodes.long_run,
        factor, gain, variance,
    )  # fmt: skip
    return Conditional(factor, gain, variance)


def predict_reference(series: Series, last_year: int, of: ReferenceClass | None = None) -> Prediction:
    """Forecast one series, of any length and with gaps, by what the reference class teaches; no other place enters."""
    chosen = of or stored_class(len(series.years))
    known = slice(-MOST_LEVELS, None)
    years, levels = np.array(series.years[known]), np.ascontiguousarray(series.log_level[known])
    ahead = last_year - series.origin
    prepared = conditional(chosen, years, series.covariance[known, known], ahead)
    nodes = chosen.nodes
    weights, centre = np.empty(nodes.log_prior.size), np.empty((nodes.log_prior.size, ahead))
    weigh(levels, nodes.log_prior, prepared.factor, prepared.gain, weights, centre)
    return Prediction(tuple(range(series.origin + 1, last_year + 1)), weights, centre, prepared.variance)


def state_at_origin(series: Series) -> tuple[Floats, Floats]:
    """Return mean (J, 3) and covariance (J, 3, 3) of trend ln(level), long-run growth and own passing growth in the last known year, by node.

    With them, fresh own growth and level noise the coming levels have the law of `predict_reference`, and hang together from year to year.
    """
    of, known = stored_class(len(series.years)), slice(-MOST_LEVELS, None)
    nodes = of.nodes
    years, levels, doubt = np.array(series.years[known]), series.log_level[known], series.covariance[known, known]
    elapsed = years - years[0]
    span = int(elapsed[-1])
    ages = np.arange(span)
    persistence, own, long_run, noise = (part[:, None] for part in (nodes.persistence, nodes.own, nodes.long_run, nodes.noise))
    sums = (ages < elapsed[1:, None]).astype(float)  # (rises, years of growth)
    growth = own[..., None] * persistence[..., None] ** np.abs(ages[:, None] - ages) + long_run[..., None]
    passing = own * persistence ** ages[::-1]
    first = noise + doubt[0, 0]  # of the first level, from which rises are counted
    with_rises = np.stack([growth.sum(axis=1) @ sums.T + first - doubt[0, 1:], long_run * elapsed[1:], passing @ sums.T], axis=1)
    before = np.zeros((len(own), 3, 3))
    before[:, 0, 0] = growth.sum(axis=(1, 2)) + first[:, 0]
    before[:, 0, 1] = before[:, 1, 0] = span * nodes.long_run
    before[:, 0, 2] = before[:, 2, 0] = passing.sum(axis=1)
    before[:, 1, 1], before[:, 2, 2] = nodes.long_run, nodes.own
    factor = conditional(of, years, doubt, 1).factor
    gain = np.linalg.solve(factor, with_rises.swapaxes(1, 2))
    white = np.linalg.solve(factor, np.broadcast_to((levels[1:] - levels[0])[:, None], (len(own), len(levels) - 1, 1)))
    mean = (gain * white).sum(axis=1) + levels[0] * np.array([1.0, 0.0, 0.0])
    return mean, before - gain.swapaxes(1, 2) @ gain


def to_vector(of: ReferenceClass) -> Floats:
    """Return the parameters for an optimiser, without bounds: logarithms of what is positive, logits of the persistences."""
    kinds = [asdict(kind) | {"persistence": np.log(kind.persistence / (1 - kind.persistence))} for kind in of.kinds]
    return np.array([*np.log([of.typical, of.spread, of.long_run_sd]), *(value for kind in kinds for value in kind.values())])


def from_vector(vector: Floats) -> ReferenceClass:
    """Undo `to_vector`."""
    rows = vector[3:].reshape(-1, len(Kind.__dataclass_fields__)).copy()
    rows[:, 0] = 1 / (1 + np.exp(-rows[:, 0]))
    typical, spread, long_run_sd = map(float, np.exp(vector[:3]))
    return ReferenceClass(typical, spread, long_run_sd, tuple(Kind(*map(float, row)) for row in rows))
