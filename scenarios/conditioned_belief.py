"""A belief in which something that was in doubt is known: everything that hangs together with it is conditioned on its value.

At a node a common parameter, or a part of the state of a series, is normal; knowing it moves whatever it is correlated with, takes its variance
away, and weighs the nodes by how likely they thought it. What is a number at each node, such as the fade, leaves the nodes that have it.
"""

from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.prediction import Prediction
from forecast.series import Floats

CERTAIN = 1e-12  # a variance of log growth or ln(level) below which nothing is left to know


@dataclass(frozen=True, eq=False)
class Unknown:
    """A sum of common parameters of a family (m, F by year) and parts of the state at the origin (trend level, d, a) of one of its series.

    `common` (D,) and `state` (3,) are what each counts; `series` may be empty where no state does.
    """

    family: str
    common: Floats
    series: str = ""
    state: Floats = field(default_factory=lambda: np.zeros(3))

    def moments(self, belief: Belief) -> tuple[Floats, Floats]:
        """Mean and variance by node, each (K,)."""
        family = belief.families[self.family]
        if not self.series:
            loading = np.broadcast_to(self.common, family.common_mean.shape)
            return family.common_mean @ self.common, np.einsum("kd,kde,ke->k", loading, family.common_covariance, loading)
        one = series_of(belief, self.series)
        loading = self.loading(one)
        mean = one.base @ self.state + (loading * family.common_mean).sum(axis=1)
        within = np.einsum("i,kij,j->k", self.state, one.covariance, self.state)
        return mean, within + np.einsum("kd,kde,ke->k", loading, family.common_covariance, loading)

    def loading(self, one: SeriesBelief) -> Floats:
        """How it hangs on the common parameters by node, (K, D), those in the state of its series included."""
        return np.asarray(self.common + np.einsum("i,kid->kd", self.state, one.slope))

    def quantiles(self, belief: Belief, probabilities: tuple[float, ...]) -> Floats:
        """Quantiles over all nodes; of what is certain at each node those of the nodes."""
        mean, variance = self.moments(belief)
        weights = belief.families[self.family].weights
        if (variance < CERTAIN).any():
            return quantiles_of_nodes(mean, weights, probabilities)
        law = Prediction((0,), weights, mean[:, None].copy(), variance[:, None].copy())
        return np.asarray(np.log(law.quantiles(probabilities)[:, 0]))

    def known(self, belief: Belief, value: float) -> Belief:
        """Return the belief of whoever has learned its value."""
        family = belief.families[self.family]
        mean, variance = self.moments(belief)
        if (variance < CERTAIN).any():
            return with_nodes(belief, self.family, mean, value)
        one = series_of(belief, self.series) if self.series else None
        loading = np.broadcast_to(self.common, family.common_mean.shape) if one is None else self.loading(one)
        direction = np.einsum("kde,ke->kd", family.common_covariance, loading)
        surprise = (value - mean) ** 2 / variance
        log_weights = np.log(np.maximum(family.weights, np.finfo(float).tiny)) - 0.5 * (surprise + np.log(variance))
        weights = np.where(family.weights > 0, np.exp(log_weights - log_weights.max()), 0.0)
        learned = replace(
            family,
            weights=weights / weights.sum(),
            common_mean=family.common_mean + direction * ((value - mean) / variance)[:, None],
            common_covariance=family.common_covariance - direction[:, :, None] * direction[:, None, :] / variance[:, None, None],
        )
        belief = with_family(belief, learned)
        return belief if one is None else with_series(belief, self._given_common(one, value))

    def _given_common(self, one: SeriesBelief, value: float) -> SeriesBelief:
        """Return the series with its state conditioned on the value, for known common parameters."""
        direction = one.covariance @ self.state
        variance = direction @ self.state
        if (variance < CERTAIN).any():  # the common parameters alone decide
            return one
        gain = direction / variance[:, None]
        return replace(
            one,
            base=one.base + gain * (value - one.base @ self.state)[:, None],
            slope=one.slope - gain[:, :, None] * self.loading(one)[:, None, :],
            covariance=one.covariance - gain[:, :, None] * direction[:, None, :],
        )


def series_of(belief: Belief, name: str) -> SeriesBelief:
    """Return the belief about a series that is there."""
    return next(one for one in belief.series if str(one.key) == name)


def with_family(belief: Belief, family: FamilyBelief) -> Belief:
    """Return a belief with one family changed."""
    return replace(belief, families=MappingProxyType({**belief.families, family.family: family}))


def with_series(belief: Belief, changed: SeriesBelief) -> Belief:
    """Return a belief with one series changed."""
    return replace(belief, series=tuple(changed if one.key == changed.key else one for one in belief.series))


def quantiles_of_nodes(values: Floats, weights: Floats, probabilities: tuple[float, ...]) -> Floats:
    """Quantiles of what has a value (K,) at each node: the smallest value up to which so much of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached / reached[-1], np.array(probabilities) - 1e-12)
    return np.asarray(values[order][np.minimum(places, len(values) - 1)])


def with_nodes(belief: Belief, family: str, values: Floats, value: float) -> Belief:
    """Return a belief in which only those nodes of a family are left that have a value."""
    weights = np.where(np.isclose(values, value, rtol=1e-9, atol=1e-12), belief.families[family].weights, 0.0)
    return with_family(belief, replace(belief.families[family], weights=weights / weights.sum()))


def moved(belief: Belief, name: str, by_node: Floats) -> Belief:
    """Return a belief in which the trend level of a series at its origin is raised by so much of its logarithm at each node, (K,)."""
    one = series_of(belief, name)
    return with_series(belief, replace(one, base=one.base + by_node[:, None] * np.array([1.0, 0.0, 0.0])))
