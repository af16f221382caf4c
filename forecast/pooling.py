"""Pooled growth with two speeds, integrated exactly: no sampling.

    y[c,t] = l[c,t] + v[c,t]                         reported log level = trend + level noise
    l[c,t] - l[c,t-1] = m + F[t] + d[c] + a[c,t]     growth of the trend
    F[t] = fade F[t-1] + w[t]                        common deviation of the family, one for all places
    a[c,t] = persistence a[c,t-1] + e[c,t]           the place's own passing deviation

Given fade, persistence and scale (a grid of nodes) everything is Gaussian. Given the common vector (m, F[first] ... F[last]) the
series are independent of each other, so each is eliminated on its own: it leaves a piece of information on the common vector and a
regression of its state at the origin (trend level, d, a) on it. Sources: docs/method.md; METHOD D0, D2 and D3.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from forecast.priors import LEVEL_NOISE, NATION_OWN_FACTOR, SAME_PLACE_CORRELATION, SMOOTH, FamilyPrior
from forecast.series import Floats, Series

DIFFUSE_VARIANCE = 25.0  # of the first trend level: the series' own figure decides
NEGLIGIBLE_WEIGHT = 1e-4


@dataclass(frozen=True, eq=False)
class Grid:
    """The K points of the grid of parameters that are not Gaussian, each an array (K,)."""

    fade: Floats
    persistence: Floats
    scale: Floats
    prior_weight: Floats

    def take(self, kept: NDArray[np.intp]) -> "Grid":
        """Return only the points `kept`."""
        return Grid(self.fade[kept], self.persistence[kept], self.scale[kept], self.prior_weight[kept])


@dataclass(frozen=True, eq=False)
class Elimination:
    """What one series says at each of K nodes.

    information (K, D, D), score (K, D) and log_likelihood (K,) belong to the likelihood of the common vector; the state at the origin
    (trend level, d, a) has mean `base + slope @ common` and covariance `covariance`: (K, 3), (K, 3, D), (K, 3, 3).
    """

    information: Floats
    score: Floats
    log_likelihood: Floats
    base: Floats
    slope: Floats
    covariance: Floats


@dataclass(frozen=True, eq=False)
class PooledFamily:
    """The posterior of one family: K nodes, D = 1 + number of years of the common vector (m first, then F by year)."""

    family: str
    first_year: int
    last_year: int
    nodes: Grid
    weights: Floats  # (K,)
    common_mean: Floats  # (K, D)
    common_covariance: Floats  # (K, D, D)
    members: tuple[Elimination, ...]  # one for each series


def grid(prior: FamilyPrior) -> Grid:
    """Return every combination of fade, persistence and scale with its prior weight."""
    nodes = [
        (fade, persistence, scale, w1 * w2 * w3)
        for (fade, w1), (persistence, w2), (scale, w3) in product(prior.fade, prior.persistence, prior.scale)
    ]
    return Grid(*np.array(nodes).T)


def pool(series: list[Series], nations: set[str], prior: FamilyPrior) -> PooledFamily:
    """Integrate the growth model over one family.

    Parameters
    ----------
    series : list of Series
        All of one family and one vintage, in a fixed order.
    nations : set of str
        The places that are nations: smaller own shocks, no lasting difference.
    """
    first_year = min(s.years[0] for s in series) + 1
    last_year = max(first_year, *(s.origin for s in series))
    size = Counter(s.key.place for s in series if len(s.years) > 1)  # a single year says nothing about growth
    nodes = grid(prior)
    members = [eliminate(s, nodes, prior, s.key.place in nations, first_year, last_year) for s in series]
    prior_covariance = common_prior(nodes, prior, last_year - first_year + 1)
    prior_mean = np.zeros(prior_covariance.shape[:2])
    prior_mean[:, 0] = prior.long_run_mean
    information = np.linalg.inv(prior_covariance)
    score = (information @ prior_mean[..., None])[..., 0]
    log_likelihood = -0.5 * (prior_mean * score).sum(axis=1)
    for one, member in zip(series, members, strict=True):
        silent = one.key.place in nations and not prior.nation_is_witness
        weight = 0.0 if silent else 1.0 / (1.0 + SAME_PLACE_CORRELATION * (max(size[one.key.place], 1) - 1))
        information = information + weight * member.information
        score = score + weight * member.score
        log_likelihood = log_likelihood + weight * member.log_likelihood
    covariance = np.linalg.inv(information)
    mean = (covariance @ score[..., None])[..., 0]
    log_likelihood += 0.5 * (score * mean).sum(axis=1)
    log_likelihood += 0.5 * (np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(prior_covariance)[1])
    log_weights = np.log(nodes.prior_weight) + log_likelihood
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    kept = np.flatnonzero(weights > NEGLIGIBLE_WEIGHT)
    weights = weights[kept] / weights[kept].sum()
    return PooledFamily(
        prior.family,
        first_year,
        last_year,
        nodes.take(kept),
        weights,
        mean[kept],
        covariance[kept],
        tuple(Elimination(*(values[kept] for values in vars(member).values())) for member in members),
    )


def common_prior(nodes: Grid, prior: FamilyPrior, n_years: int) -> Floats:
    """Prior covariance (K, D, D) of (m, F[first] ... F[last]): until the last year known F may jump, afterwards it fades."""
    covariance = np.zeros((len(nodes.fade), 1 + n_years, 1 + n_years))
    covariance[:, 0, 0] = prior.long_run_sd**2
    variance = np.full(len(nodes.fade), prior.boom_sd**2)
    for t in range(n_years):
        for later in range(t, n_years):
            covariance[:, 1 + t, 1 + later] = covariance[:, 1 + later, 1 + t] = variance * nodes.fade ** (later - t)
        variance = nodes.fade**2 * variance + prior.boom_shock**2
    return covariance


def own_sds(series: Series, nodes: Grid, prior: FamilyPrior, nation: bool) -> tuple[float, Floats, Floats]:
    """Return the sd of d, and by node that of a and that of the level noise, for one series."""
    own = nodes.scale * prior.own_sd
    noise = own * LEVEL_NOISE.get(series.key.measure, SMOOTH)
    if nation:
        return 0.0, NATION_OWN_FACTOR * own, NATION_OWN_FACTOR * noise
    return prior.lasting_sd, own, noise


def eliminate(series: Series, nodes: Grid, prior: FamilyPrior, nation: bool, first_year: int, last_year: int) -> Elimination:
    """Integrate one series' own unknowns out at every node."""
    lasting, own, noise = own_sds(series, nodes, prior, nation)
    elapsed = np.array(series.years) - series.years[0]
    span = int(elapsed[-1])
    ages = np.arange(span)
    own_covariance = own[:, None, None] ** 2 * nodes.persistence[:, None, None] ** np.abs(ages[:, None] - ages)  # (K, span, span)
    sums = (np.arange(1, span + 1) <= elapsed[:, None]).astype(float)  # (n, span): the growths up to each year
    common = np.zeros((len(elapsed), 2 + last_year - first_year))
    common[:, 0] = elapsed
    for step in range(1, span + 1):
        common[elapsed >= step, 1 + series.years[0] + step - first_year] = 1.0
    trend = DIFFUSE_VARIANCE + lasting**2 * np.outer(elapsed, elapsed) + sums @ own_covariance @ sums.T  # (K, n, n)
    precision = np.linalg.inv(trend + noise[:, None, None] ** 2 * np.eye(len(elapsed)) + series.covariance)
    # Covariances of the state at the origin (trend, d, a) with the trend in each year, and with itself.
    last_own = own_covariance[:, :, -1] if span else np.zeros((len(own), 0))
    state_data = np.zeros((len(own), 3, len(elapsed)))
    state_data[:, 0] = trend[:, :, -1]
    state_data[:, 1] = lasting**2 * elapsed
    state_data[:, 2] = last_own @ sums.T
    state_prior = np.zeros((len(own), 3, 3))
    state_prior[:, 0] = state_data[:, :, -1]
    state_prior[:, :, 0] = state_data[:, :, -1]
    state_prior[:, 1, 1] = lasting**2
    state_prior[:, 2, 2] = own**2
    gain = state_data @ precision
    deviation = series.log_level - series.log_level[0]
    state_common = np.zeros((3, common.shape[1]))
    state_common[0] = common[-1]
    state_covariance = state_prior - gain @ state_data.swapaxes(1, 2)
    weighted = precision @ deviation  # (K, n)
    return Elimination(
        common.T @ precision @ common,
        weighted @ common,
        -0.5 * weighted @ deviation + 0.5 * np.linalg.slogdet(precision)[1],
        gain @ deviation + np.array([series.log_level[0], 0.0, 0.0]),
        state_common - gain @ common,
        (state_covariance + state_covariance.swapaxes(1, 2)) / 2,
    )
