"""Longer histories: the reference class and extrapolating methods beside each other, by weights that many series have taught.

Each method (theta, dynamic theta, damped trend, drift) gives levels; its predictive distribution is that of the class moved there and made
narrower. The combination is the mixture of the five, with weights by horizon and by number of levels (stacking; docs/method.md, section
"Combination"). Learned by benchmarks/learn_stack.py and stored beside this file.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from forecast.history_kernels import METHODS, add_methods, forecast_histories
from forecast.prediction import Prediction
from forecast.reference_class import MOST_LEVELS, ReferenceClass, conditional, predict_reference, stored_class
from forecast.series import Floats, Series

STORED = Path(__file__).with_name("stack.json")
MEMBERS = ("reference class", "theta", "dynamic theta", "damped trend", "drift")


@dataclass(frozen=True)
class Stack:
    """Weights of the members.

    Attributes
    ----------
    narrower : float
        Width of a method's distribution as a share of that of the class.
    farthest : float
        Standard deviations of the class that a method may not leave.
    bands : tuple of (fewest levels, weights)
        From the shortest histories to the longest; weights (METHODS + 1, horizons), the last horizon serves all later ones.
    """

    narrower: float
    farthest: float
    bands: tuple[tuple[int, Floats], ...]

    def weights(self, levels: int, ahead: int) -> Floats:
        """Weights (METHODS + 1, ahead) for a history of so many levels; the class alone serves what is shorter than the first band."""
        fitting = [weights for fewest, weights in self.bands if levels >= fewest]
        chosen = fitting[-1] if fitting else np.eye(METHODS + 1)[:, :1]
        return np.ascontiguousarray(chosen[:, np.minimum(np.arange(ahead), chosen.shape[1] - 1)])

    @property
    def fewest(self) -> int:
        """Levels from which on the methods are heard."""
        return self.bands[0][0]


@lru_cache(maxsize=1)
def stored_stack() -> Stack:
    """Return the weights that were learned last."""
    content = json.loads(STORED.read_text(encoding="utf-8"))
    rounded = [(band["fewest"], np.array([band["weights"][member] for member in MEMBERS])) for band in content["bands"]]
    bands = tuple((fewest, weights / weights.sum(axis=0)) for fewest, weights in rounded)
    return Stack(content["narrower"], content["farthest"], bands)


def refusal(series: Series) -> str | None:
    """Say why the extrapolating methods are not heard on a series, None if they are."""
    fewest = stored_stack().fewest
    if len(series.years) < fewest:
        return f"theta, damped trend and drift need {fewest} years"
    if series.years[-1] - series.years[0] + 1 != len(series.years):
        return "theta, damped trend and drift need years without gaps"
    return None


def predict_combined(series: Series, last_year: int) -> Prediction:
    """Forecast one series by the reference class and, where it is long enough and without gaps, the extrapolating methods too."""
    alone = predict_reference(series, last_year)
    if refusal(series) is not None:
        return alone
    stack = stored_stack()
    weights = stack.weights(len(series.years), len(alone.years))
    shape = (len(alone.years), alone.mean.shape[0] * (METHODS + 1))
    parts = np.empty(shape), np.empty(shape), np.empty(shape)
    levels = np.ascontiguousarray(series.log_level)
    add_methods(levels, stack.narrower, stack.farthest, weights, alone.weights, alone.mean, alone.variance, *parts)
    return Prediction(alone.years, *(np.ascontiguousarray(part.T) for part in parts))


@lru_cache(maxsize=8)
def prepared_histories(of: ReferenceClass, ahead: int) -> tuple[Floats, Floats, Floats]:
    """Conditions of histories of 0 to MOST_LEVELS consecutive levels that are exactly known, padded to arrays with the length first."""
    count, most = of.nodes.log_prior.size, MOST_LEVELS
    factors = np.zeros((most + 1, count, most, most))
    gains, variances = np.zeros((most + 1, count, ahead, most)), np.ones((most + 1, count, ahead))
    for levels in range(1, most + 1):
        one = conditional(of, tuple(range(levels)), np.zeros((levels, levels)), ahead)
        factors[levels, :, : levels - 1, : levels - 1] = one.factor
        gains[levels, :, :, : levels - 1] = one.gain
        variances[levels] = one.variance
    return factors, gains, variances


def forecast_many(
    histories: Sequence[Floats], ahead: int, probabilities: Sequence[float], *, combined: bool = True
) -> Floats:  # fmt: skip
    """Forecast many histories at once, each on its own.

    Parameters
    ----------
    histories : sequence of arrays
        Positive levels of consecutive years, exactly known, in any unit; at least one each.
    ahead : int
        Years to forecast.
    probabilities : sequence of float
        Of the quantiles wanted, rising.
    combined : bool
        With the extrapolating methods (as `--model auto` does), or by the reference class alone.

    Returns
    -------
    array (n_histories, n_probabilities, ahead)
        Levels, in the unit of each history.

    Raises
    ------
    ValueError
        If there is no history, if one is empty or holds anything but positive finite numbers, or if no year is asked for.
    """
    if not len(histories) or ahead < 1:
        raise ValueError(f"{len(histories)} histories and {ahead} years ahead found; at least one of each is needed")
    lengths = np.array([len(history) for history in histories], dtype=np.int64)
    if not lengths.all():
        raise ValueError(f"history {int(np.argmin(lengths))} is empty; at least one level is needed")
    every = np.concatenate([np.asarray(history, dtype=float) for history in histories])
    bad = ~((every > 0) & np.isfinite(every))
    if bad.any():
        number = int(np.searchsorted(np.cumsum(lengths), np.argmax(bad), side="right"))
        raise ValueError(f"history {number}: {every[np.argmax(bad)]:g} found; allowed: positive finite levels")
    of, stack = stored_class(), stored_stack()
    factors, gains, variances = prepared_histories(of, ahead)
    found = np.empty((lengths.size, len(probabilities), ahead))
    longest = int(lengths.max())
    stacks = np.array([stack.weights(levels if combined else 0, ahead) for levels in range(longest + 1)])
    forecast_histories(
        np.log(every), np.cumsum(lengths) - lengths, lengths, of.nodes.log_prior, factors, gains, variances,
        stack.narrower, stack.farthest, stacks, np.asarray(probabilities, dtype=float), found,
    )  # fmt: skip
    return np.exp(found)
