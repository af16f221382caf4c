"""What hundreds of annual series teach about one: some kinds of series wander, in some growth passes within years, in some it lasts.

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

from forecast.history_kernels import condition
from forecast.series import Floats

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
class Siblings:
    """What the series of one measure, scope and unit say together (forecast/siblings.py).

    Attributes
    ----------
    others : int
        How many others each of them hears: series with a growth of their own, less one.
    growth : float
        Of ln(level) a year, to be added to what the class says.
    log_prior : array (J,)
        Logarithms of the weights of the nodes of the class for short histories.
    """

    others: int
    growth: float
    log_prior: Floats


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
