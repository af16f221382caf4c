"""Belief -> quantiles of the coming years without any simulation: each node is a normal distribution of ln(level), or some of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr

from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.history_kernels import fill_quantiles
from forecast.series import Floats
from forecast.tails import SHARES, added_variances

QUANTILE_LEVELS = (0.025, *np.round(np.arange(0.05, 0.951, 0.05), 2), 0.975)


@dataclass(frozen=True, eq=False)
class Prediction:
    """Mixture of normals for ln(level) of one series: `mean` and `variance` are (K, n_years), `weights` (K,) or by year (K, n_years).

    Of a series in months or quarters `years` are the numbers of its periods (`forecast.frequencies.Frequency`).
    """

    years: tuple[int, ...]
    weights: Floats
    mean: Floats
    variance: Floats

    @property
    def yearly_weights(self) -> Floats:
        """The weights in each year, shape (K, n_years)."""
        weights = self.weights if self.weights.ndim == 2 else self.weights[:, None]
        return np.broadcast_to(weights, self.mean.shape)

    def quantiles(self, probabilities: Floats | tuple[float, ...]) -> Floats:
        """Quantiles of the level, shape (n_probabilities, n_years), in the unit of the series; to 1e-10 of a sd of ln(level)."""
        wanted = np.asarray(probabilities, dtype=float)
        order = np.argsort(wanted)
        found = np.empty((wanted.size, len(self.years)))
        column = np.empty(wanted.size)
        for year in range(len(self.years)):
            parts = (np.ascontiguousarray(part[:, year]) for part in (self.yearly_weights, self.mean, self.variance))
            fill_quantiles(*parts, wanted[order], column)
            found[order, year] = column
        return np.exp(found)

    def quantile(self, probability: float) -> Floats:
        """One quantile of the level in each year, shape (n_years,)."""
        return np.asarray(self.quantiles((probability,))[0])

    def probability_at_least(self, log_value: float, year: int) -> float:
        """Probability that ln(level) of `year` reaches `log_value`."""
        column = self.years.index(year)
        tail = ndtr((self.mean[:, column] - log_value) / np.sqrt(self.variance[:, column]))
        return float(self.yearly_weights[:, column] @ tail)

    def log_moments(self) -> tuple[Floats, Floats]:
        """Mean and variance of ln(level) by year, over all nodes."""
        mean = (self.yearly_weights * self.mean).sum(axis=0)
        return mean, (self.yearly_weights * (self.variance + (self.mean - mean) ** 2)).sum(axis=0)

    def level_mean(self) -> Floats:
        """Mean of the level by year, in the unit of the series."""
        return np.asarray((self.yearly_weights * np.exp(self.mean + self.variance / 2)).sum(axis=0))


@lru_cache(maxsize=64)  # every series of a family asks, for the years of its targets
def extended_common(family: FamilyBelief, last_year: int) -> tuple[Floats, Floats]:
    """Mean (K, D) and covariance (K, D, D) of (m, F) with F carried on to `last_year` by its fade and yearly shock."""
    mean, covariance = family.common_mean, family.common_covariance
    for _ in range(family.last_year + 1, last_year + 1):
        fade = family.fade[:, None]
        mean = np.concatenate([mean, fade * mean[:, -1:]], axis=1)
        cross = fade * covariance[:, -1, :]
        corner = family.fade**2 * covariance[:, -1, -1] + family.common_shock**2
        covariance = np.concatenate([covariance, cross[:, None, :]], axis=1)
        covariance = np.concatenate([covariance, np.concatenate([cross, corner[:, None]], axis=1)[:, :, None]], axis=2)
    return mean, covariance


def own_shock_variances(persistence: Floats, own_shock: Floats, n_years: int) -> Floats:
    """Variance (n_years, K) of what 1, 2, ... years of own innovations add to the trend level (METHOD D3)."""
    return np.asarray(own_shock**2 * np.cumsum(squared_reach(persistence, n_years), axis=0))


def heavy_shock_variances(persistence: Floats, own_shock: Floats, n_years: int, freedom: float) -> Floats:
    """Variances (J, n_years, K) as of `own_shock_variances` of the normal laws that make up heavy-tailed innovations."""
    few, number = np.unique(persistence, return_inverse=True)
    parts = np.array([added_variances(tuple(column), freedom) for column in squared_reach(few, n_years).T.tolist()])
    return np.asarray(parts[number].transpose(2, 1, 0) * own_shock**2)


def squared_reach(persistence: Floats, n_years: int) -> Floats:
    """Square of what an innovation has added to the trend level after 1, 2, ... years, shape (n_years, K)."""
    return np.asarray(((1 - persistence ** np.arange(1, n_years + 1)[:, None]) / (1 - persistence)) ** 2)


def trend_loadings(
    family: FamilyBelief, ones: Sequence[SeriesBelief], years: Sequence[int], width: int
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return how the trend level in some years after the origin hangs on the state at the origin and on (m, F), but for its own coming shocks.

    For S series of a family with the same origin; shapes (n_years, K, 3), the same for all of them, and (S, n_years, K, width); (m, F) is carried
    on to `width` entries, at least to the last of the years. How the state itself hangs on (m, F) is part of the second: the first multiplies
    `base` and what is left to doubt in `covariance`.
    """
    origin, slopes = ones[0].series.origin, np.array([one.slope for one in ones])
    horizons = np.array(years)[:, None] - origin
    fading = family.persistence * (1 - family.persistence**horizons) / (1 - family.persistence)
    own = np.stack([np.ones_like(fading), np.broadcast_to(horizons, fading.shape), fading], axis=2)  # (n_years, K, 3): trend, d, a
    first = 1 + origin + 1 - family.first_year
    common = np.zeros((len(ones), len(years), len(family.weights), width))
    common[..., : slopes.shape[3]] = np.einsum("hki,skid->shkd", own, slopes)
    common[..., 0] += horizons
    coming = np.arange(horizons.max())
    common[..., first : first + len(coming)] += (horizons > coming)[:, None]
    return own, common


def trend_moments(
    family: FamilyBelief, ones: Sequence[SeriesBelief], years: Sequence[int], extended: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:  # fmt: skip
    """Mean and variance (S, n_years, K) of the trend level in some years after the origin, without its own coming shocks.

    For S series of a family with the same origin. `extended` is (m, F) carried on at least to the last of the years (`extended_common`).
    """
    common_mean, common_covariance = extended
    own, common = trend_loadings(family, ones, years, common_mean.shape[1])
    bases, covariances = (np.array([getattr(one, name) for one in ones])[:, None] for name in ("base", "covariance"))
    mean = (own * bases).sum(axis=3) + (common * common_mean).sum(axis=3)
    variance = ((own[:, :, None] @ covariances)[..., 0, :] * own).sum(axis=3)
    return mean, variance + ((common[..., None, :] @ common_covariance)[..., 0, :] * common).sum(axis=3)


def predict(belief: Belief, one: SeriesBelief, last_year: int) -> Prediction:
    """Predict the years after the origin of a series up to `last_year`.

    The level of a year is the reported one: the trend with that year's level noise. Where own shocks have heavy tails the components are those of
    each node for each of the J parts of `forecast/tails.py`.
    """
    family = belief.families[one.family]
    years = tuple(range(one.series.origin + 1, last_year + 1))
    (mean,), (variance,) = trend_moments(family, [one], years, extended_common(family, max(last_year, family.last_year)))
    variance = variance + one.level_noise**2
    if np.isinf(family.tail) or not years:
        variance = variance + own_shock_variances(family.persistence, one.own_shock, len(years))
        return Prediction(years, family.weights, np.ascontiguousarray(mean.T), np.ascontiguousarray(variance.T))
    # (J, n_years, K): the parts that heavy-tailed shocks are made of, beside what is normal
    parts = variance + heavy_shock_variances(family.persistence, one.own_shock, len(years), family.tail)
    weights = np.outer(SHARES, family.weights).ravel()
    return Prediction(years, weights, np.tile(mean.T, (SHARES.size, 1)), parts.transpose(0, 2, 1).reshape(weights.size, -1))


def data_weight(belief: Belief, one: SeriesBelief, horizon: int) -> float:
    """Share of the variance of the coming growth that the series' own figures removed: 0 = the family's only, 1 = own data.

    Growth here is that of the trend over `horizon` years; the variance given the family is what a series with one point has.
    """
    if len(one.series.years) < 2:
        return 0.0
    family = belief.families[one.family]
    lasting, passing, both = one.covariance[:, 1, 1], one.covariance[:, 2, 2], one.covariance[:, 1, 2]
    fading, reach, stationary = own_reach(family, horizon)
    own = one.own_shock**2
    prior = belief.priors[one.family].lasting_sd if lasting.any() else 0.0  # a nation has no lasting difference
    before = (horizon * prior) ** 2 + own * stationary
    after = horizon**2 * lasting + fading * (2 * horizon * both + fading * passing)
    shocks, weights = own * reach, family.weights
    return min(max(1 - float(weights @ (after + shocks)) / float(weights @ (before + shocks)), 0.0), 1.0)


@lru_cache(maxsize=256)  # every series of a family asks
def own_reach(family: FamilyBelief, horizon: int) -> tuple[Floats, Floats, Floats]:
    """Return what of a passing deviation, of all coming innovations (squared) and of its stationary law (squared) is in the level at a horizon.

    Each an array (K,): the first times the deviation, the others times the variance of an innovation.
    """
    fading = family.persistence * (1 - family.persistence**horizon) / (1 - family.persistence)
    stationary = fading**2 / (1 - family.persistence**2)
    return fading, squared_reach(family.persistence, horizon).sum(axis=0), stationary
