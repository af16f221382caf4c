"""Longer histories: the reference class and extrapolating methods beside each other, by weights that many series have taught.

Each method (theta, dynamic theta, damped trend, drift) gives levels; its predictive distribution is that of the class moved there and made
narrower. The combination is the mixture of the five, with weights by volatility and number of levels (stacking; docs/method.md, section
"Combination"). Learned by benchmarks/learn_stack.py and stored beside this file.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from forecast.history_kernels import FEATURES, METHODS, add_methods, describe, forecast_histories, volatility_of, weigh_members
from forecast.prediction import Prediction
from forecast.reference_class import MOST_LEVELS, Siblings, conditional, stored_class
from forecast.reference_prediction import predict_reference
from forecast.series import Floats, Series

STORED = Path(__file__).with_name("stack.json")
MEMBERS = ("reference class", "theta", "dynamic theta", "damped trend", "drift")
FEATURE_NAMES = ("constant", "volatility", "levels")


@dataclass(frozen=True, eq=False)
class Stack:
    """Weights of the members.

    Attributes
    ----------
    narrower : float
        Width of a method's distribution as a share of that of the class.
    farthest : float
        Standard deviations of the class that a method may not leave.
    fewest : int
        Levels from which on the methods are heard.
    coefficients : array (METHODS, FEATURES)
        How the weights depend on volatility and number of levels (`history_kernels.weigh_members`).
    """

    narrower: float
    farthest: float
    fewest: int
    coefficients: Floats

    def weights(self, volatility: float, count: int) -> Floats:
        """Weights (METHODS + 1,) for a history of so many levels, whose yearly growth of ln(level) has this standard deviation."""
        features, found = np.empty(FEATURES), np.empty(METHODS + 1)
        describe(volatility, count, features)
        weigh_members(features, self.coefficients, found)
        return found


@lru_cache(maxsize=1)
def stored_stack() -> Stack:
    """Return the weights that were learned last."""
    content = json.loads(STORED.read_text(encoding="utf-8"))
    rows = [[content["coefficients"][member][feature] for feature in FEATURE_NAMES] for member in MEMBERS[1:]]
    return Stack(content["narrower"], content["farthest"], content["fewest"], np.array(rows))


def refusal(series: Series) -> str | None:
    """Say why the extrapolating methods are not heard on a series, None if they are."""
    fewest = stored_stack().fewest
    if len(series.years) < fewest:
        return f"theta, damped trend and drift need {fewest} years"
    if series.years[-1] - series.years[0] + 1 != len(series.years):
        return "theta, damped trend and drift need years without gaps"
    return None


def predict_combined(series: Series, last_year: int, siblings: Siblings | None = None) -> Prediction:
    """Forecast one series by the reference class and, where it is long enough and without gaps, the extrapolating methods too.

    Siblings are for series too short for the methods (`forecast.routing.heard_siblings`).
    """
    alone = predict_reference(series, last_year, siblings)
    if refusal(series) is not None:
        return alone
    stack, count = stored_stack(), alone.weights.size * (METHODS + 1)
    levels = np.ascontiguousarray(series.log_level)
    members = stack.weights(volatility_of(levels[-MOST_LEVELS:]), levels.size)
    weights, mean, variance = np.empty(count), np.empty((len(alone.years), count)), np.empty((len(alone.years), count))
    add_methods(
        levels, stack.narrower, stack.farthest, members, alone.weights, alone.mean, alone.variance, weights, mean, variance
    )  # fmt: skip
    return Prediction(alone.years, weights, np.ascontiguousarray(mean.T), np.ascontiguousarray(variance.T))


@lru_cache(maxsize=8)
def prepared_histories(ahead: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Log prior and conditions of histories of 0 to MOST_LEVELS consecutive levels that are exactly known, padded, with the length first."""
    count, most = stored_class(1).nodes.log_prior.size, MOST_LEVELS
    log_priors = np.zeros((most + 1, count))
    factors = np.zeros((most + 1, count, most, most))
    gains, variances = np.zeros((most + 1, count, ahead, most)), np.ones((most + 1, count, ahead))
    for levels in range(1, most + 1):
        of = stored_class(levels)
        one = conditional(of, tuple(range(levels)), np.zeros((levels, levels)), ahead)
        log_priors[levels] = of.nodes.log_prior
        factors[levels, :, : levels - 1, : levels - 1] = one.factor
        gains[levels, :, :, : levels - 1] = one.gain
        variances[levels] = one.variance
    return log_priors, factors, gains, variances


def forecast_many(
    histories: Sequence[Floats],
    ahead: int,
    probabilities: Sequence[float],
    *,
    combined: bool = True,
    siblings: Siblings | None = None,
) -> Floats:
    """Forecast many histories at once, each on its own but for `siblings`.

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
    siblings : Siblings, optional
        What histories too short for the methods hear of each other (forecast/siblings.py).

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
    stack, found = stored_stack(), np.empty((lengths.size, len(probabilities), ahead))
    fewest = stack.fewest if combined else int(lengths.max()) + 1
    levels, starts, (log_priors, *prepared) = np.log(every), np.cumsum(lengths) - lengths, prepared_histories(ahead)
    growth = np.zeros(lengths.size)
    if siblings:
        growth[lengths < stack.fewest] = siblings.growth
        log_priors = log_priors.copy()
        log_priors[: stack.fewest] = siblings.log_prior
    ages = np.repeat(starts + lengths - 1, lengths) - np.arange(levels.size)
    levels += np.repeat(growth, lengths) * ages
    forecast_histories(
        levels, starts, lengths, log_priors, *prepared,
        stack.narrower, stack.farthest, fewest, stack.coefficients, np.asarray(probabilities, dtype=float), found,
    )  # fmt: skip
    return np.exp(found + np.multiply.outer(growth, np.arange(1, ahead + 1))[:, None])
