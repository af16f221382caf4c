"""Pooled growth with two speeds, integrated exactly: no sampling.

    y[c,t] = l[c,t] + v[c,t]                         reported log level = trend + level noise
    l[c,t] - l[c,t-1] = m + F[t] + d[c] + a[c,t]     growth of the trend
    F[t] = fade F[t-1] + w[t]                        common deviation of the family, one for all places
    a[c,t] = persistence a[c,t-1] + e[c,t]           the place's own passing deviation

Given fade, persistence and scale (a grid of nodes) everything is Gaussian. Given the common vector (m, F[first] ... F[last]) the
series are independent of each other, so each is eliminated on its own: it leaves a piece of information on the common vector and a
regression of its state at the origin (trend level, d, a) on it. Sources: docs/method.md; METHOD D0, D2 and D3.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from forecast.priors import DEFAULT_LEVEL_NOISE, LEVEL_NOISE, NATION_OWN_FACTOR, SAME_PLACE_CORRELATION, FamilyPrior
from forecast.series import Floats, Series

DIFFUSE_VARIANCE = 25.0  # of the first trend level: the series' own figure decides
NEGLIGIBLE_WEIGHT = 1e-4


@dataclass(frozen=True)
class Node:
    """One point of the grid of parameters that are not Gaussian."""

    fade: float
    persistence: float
    scale: float
    prior_weight: float


@dataclass(frozen=True, eq=False)
class Elimination:
    """What one series says at one node.

    information (D, D), score (D,) and log_likelihood belong to the likelihood of the common vector; the state at the origin (trend level,
    d, a) has mean `base + slope @ common` and covariance `covariance` (3, 3).
    """

    information: Floats
    score: Floats
    log_likelihood: float
    base: Floats
    slope: Floats
    covariance: Floats


@dataclass(frozen=True, eq=False)
class PooledFamily:
    """The posterior of one family: K nodes, D = 1 + number of years of the common vector (m first, then F by year)."""

    family: str
    first_year: int
    last_year: int
    nodes: tuple[Node, ...]
    weights: Floats  # (K,)
    common_mean: Floats  # (K, D)
    common_covariance: Floats  # (K, D, D)
    members: tuple[tuple[Elimination, ...], ...]  # (n_series, K)


def grid(prior: FamilyPrior) -> list[Node]:
    """Return every combination of fade, persistence and scale with its prior weight."""
    return [
        Node(fade, persistence, scale, w1 * w2 * w3)
        for (fade, w1), (persistence, w2), (scale, w3) in product(prior.fade, prior.persistence, prior.scale)
    ]


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
    size = {s.key.place: sum(other.key.place == s.key.place for other in series) for s in series}
    witnesses = [
        0.0
        if s.key.place in nations and not prior.nation_is_witness
        else 1.0 / (1.0 + SAME_PLACE_CORRELATION * (size[s.key.place] - 1))
        for s in series
    ]
    nodes, log_weights, means, covariances, members = grid(prior), [], [], [], []
    for node in nodes:
        eliminated = [eliminate(s, node, prior, s.key.place in nations, first_year, last_year) for s in series]
        prior_covariance = common_prior(node, prior, last_year - first_year + 1)
        prior_mean = np.zeros(len(prior_covariance))
        prior_mean[0] = prior.long_run_mean
        precision = np.linalg.inv(prior_covariance)
        information = precision.copy()
        score = precision @ prior_mean
        log_likelihood = -0.5 * prior_mean @ score
        for weight, member in zip(witnesses, eliminated, strict=True):
            information += weight * member.information
            score += weight * member.score
            log_likelihood += weight * member.log_likelihood
        covariance = np.linalg.inv(information)
        mean = covariance @ score
        log_likelihood += 0.5 * score @ mean + 0.5 * (np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(prior_covariance)[1])
        log_weights.append(np.log(node.prior_weight) + log_likelihood)
        means.append(mean)
        covariances.append(covariance)
        members.append(eliminated)
    weights = np.exp(np.array(log_weights) - max(log_weights))
    weights /= weights.sum()
    kept = [k for k in range(len(nodes)) if weights[k] > NEGLIGIBLE_WEIGHT]
    weights = weights[kept] / weights[kept].sum()
    return PooledFamily(
        prior.family,
        first_year,
        last_year,
        tuple(nodes[k] for k in kept),
        weights,
        np.array([means[k] for k in kept]),
        np.array([covariances[k] for k in kept]),
        tuple(tuple(members[k][i] for k in kept) for i in range(len(series))),
    )


def common_prior(node: Node, prior: FamilyPrior, n_years: int) -> Floats:
    """Prior covariance of (m, F[first] ... F[last]): until the last year known F may jump, afterwards it fades."""
    covariance = np.zeros((1 + n_years, 1 + n_years))
    covariance[0, 0] = prior.long_run_sd**2
    variance = prior.boom_sd**2
    for t in range(n_years):
        for later in range(t, n_years):
            covariance[1 + t, 1 + later] = covariance[1 + later, 1 + t] = variance * node.fade ** (later - t)
        variance = node.fade**2 * variance + prior.boom_shock**2
    return covariance


def own_sds(series: Series, node: Node, prior: FamilyPrior, nation: bool) -> tuple[float, float, float]:
    """Return the sd of d, of a and of the level noise for one series at one node."""
    noise = node.scale * LEVEL_NOISE.get(series.key.measure, DEFAULT_LEVEL_NOISE)
    if nation:
        return 0.0, NATION_OWN_FACTOR * node.scale * prior.own_sd, NATION_OWN_FACTOR * noise
    return prior.lasting_sd, node.scale * prior.own_sd, noise


def eliminate(series: Series, node: Node, prior: FamilyPrior, nation: bool, first_year: int, last_year: int) -> Elimination:
    """Integrate one series' own unknowns out at one node."""
    lasting, own, noise = own_sds(series, node, prior, nation)
    elapsed = np.array(series.years) - series.years[0]
    span = int(elapsed[-1])
    ages = np.arange(span)
    own_covariance = own**2 * node.persistence ** np.abs(ages[:, None] - ages[None, :]) if span else np.zeros((0, 0))
    sums = (np.arange(1, span + 1)[None, :] <= elapsed[:, None]).astype(float)  # (n, span): the growths up to each year
    common = np.zeros((len(elapsed), 2 + last_year - first_year))
    common[:, 0] = elapsed
    for step in range(1, span + 1):
        column = 1 + series.years[0] + step - first_year
        common[elapsed >= step, column] = 1.0
    covariance = DIFFUSE_VARIANCE + lasting**2 * np.outer(elapsed, elapsed) + sums @ own_covariance @ sums.T
    with_trend = covariance[:, -1].copy()  # covariance of the trend at the origin with the trend in each year
    covariance = covariance + noise**2 * np.eye(len(elapsed)) + series.covariance
    last_own = own_covariance[:, -1] if span else np.zeros(0)
    state_data = np.stack([with_trend, lasting**2 * elapsed, sums @ last_own])  # (3, n)
    state_prior = np.array(
        [
            [DIFFUSE_VARIANCE + lasting**2 * span**2 + own_covariance.sum(), lasting**2 * span, last_own.sum()],
            [lasting**2 * span, lasting**2, 0.0],
            [last_own.sum(), 0.0, own**2],
        ]
    )
    precision = np.linalg.inv(covariance)
    start = series.log_level[0]
    deviation = series.log_level - start
    gain = state_data @ precision
    state_common = np.zeros((3, common.shape[1]))
    state_common[0] = common[-1]
    state_covariance = state_prior - gain @ state_data.T
    return Elimination(
        common.T @ precision @ common,
        common.T @ precision @ deviation,
        -0.5 * float(deviation @ precision @ deviation) + 0.5 * float(np.linalg.slogdet(precision)[1]),
        np.array([start, 0.0, 0.0]) + gain @ deviation,
        state_common - gain @ common,
        (state_covariance + state_covariance.T) / 2,
    )
