"""Pooled growth with two speeds, integrated exactly: no sampling.

    y[c,t] = l[c,t] + v[c,t]                         reported log level = trend + level noise
    l[c,t] - l[c,t-1] = m + F[t] + d[c] + a[c,t]     growth of the trend
    F[t] = fade F[t-1] + w[t]                        common deviation of the family, one for all places
    a[c,t] = persistence a[c,t-1] + e[c,t]           the place's own passing deviation

Given fade, persistence and scale (a grid of nodes) everything is Gaussian. Given the common vector (m, F[first] ... F[last]) the
series are independent of each other, so each is eliminated on its own: it leaves a piece of information on the common vector and a
regression of its state at the origin (trend level, d, a) on it. Sources: docs/method.md; METHOD D0, D2 and D3.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, product

import numpy as np
from numpy.typing import NDArray

from forecast.priors import LEVEL_NOISE, NATION_OWN_FACTOR, SAME_PLACE_CORRELATION, SMOOTH, FamilyPrior
from forecast.series import Floats, Series

DIFFUSE_VARIANCE = 25.0  # of the first trend level: the series' own figure decides
NEGLIGIBLE_WEIGHT = 1e-4
SERIES_AT_ONCE = 250  # some megabytes at all nodes


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

    def own(self) -> tuple["Grid", NDArray[np.intp]]:
        """Return the points that differ in more than the fade, which what is a series' own does not hang on, and which of them each point is."""
        pairs = list(zip(self.persistence.tolist(), self.scale.tolist(), strict=True))
        number = {pair: index for index, pair in enumerate(dict.fromkeys(pairs))}
        return self.take(np.array([pairs.index(pair) for pair in number])), np.array([number[pair] for pair in pairs])


@dataclass(frozen=True, eq=False)
class Elimination:
    """What one series with n known years says at each of K nodes about the common vector (D,), and how its own state hangs on that.

    Attributes
    ----------
    common : array (n, D)
        How the trend in each known year hangs on the common vector; series whose years are the same share it.
    precision (K, n, n), weighted (K, n), log_likelihood (K,) : arrays
        Of the known levels given the common vector: the inverse of their covariance, that times their deviations, and what is left.
    base (K, 3), slope (K, 3, D), covariance (K, 3, 3) : arrays
        The state at the origin (trend level, d, a) has mean `base + slope @ common vector`.
    own_shock, level_noise : arrays (K,)
        Standard deviation of the yearly innovation of a, and of the level noise in each year.
    """

    common: Floats
    precision: Floats
    weighted: Floats
    log_likelihood: Floats
    base: Floats
    slope: Floats
    covariance: Floats
    own_shock: Floats
    level_noise: Floats


@dataclass(frozen=True, eq=False)
class Witnesses:
    """All series of one family with what they say at every node of the grid, over the growth of first_year to last_year.

    Attributes
    ----------
    weights : tuple of float
        How much each counts: 0 is silent, 1 in full.
    information (K, D, D), score (K, D), log_likelihood (K,) : arrays
        What they say together of the common vector: weighted sums over the series.
    """

    prior: FamilyPrior
    nations: Collection[str]
    nodes: Grid
    first_year: int
    last_year: int
    series: tuple[Series, ...]
    weights: tuple[float, ...]
    information: Floats
    score: Floats
    log_likelihood: Floats


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
    witnesses: Witnesses

    def member(self, number: int) -> Elimination:
        """Return what one of the series says at the K nodes."""
        return next(self._said([self.witnesses.series[number]]))[1]

    def members(self) -> Iterator[tuple[int, Elimination]]:
        """Yield the number of each series and what it says at the K nodes, those next to each other whose years are the same."""
        return self._said(self.witnesses.series)

    def _said(self, series: Sequence[Series]) -> Iterator[tuple[int, Elimination]]:
        heard = self.witnesses
        return eliminate(series, self.nodes, heard.prior, heard.nations, self.first_year, self.last_year)


def grid(prior: FamilyPrior) -> Grid:
    """Return every combination of fade, persistence and scale with its prior weight."""
    nodes = [
        (fade, persistence, scale, w1 * w2 * w3)
        for (fade, w1), (persistence, w2), (scale, w3) in product(prior.fade, prior.persistence, prior.scale)
    ]
    return Grid(*np.array(nodes).T)


def pool(series: Sequence[Series], nations: Collection[str], prior: FamilyPrior) -> PooledFamily:
    """Integrate the growth model over one family.

    Parameters
    ----------
    series : sequence of Series
        All of one family and one vintage, in a fixed order.
    nations : collection of str
        The places that are nations: smaller own shocks, no lasting difference.
    """
    return conclude(hear(series, nations, prior))


def hear(series: Sequence[Series], nations: Collection[str], prior: FamilyPrior) -> Witnesses:
    """Eliminate every series of a family and add up what they say of the common vector."""
    return heard_together(tuple(series), frozenset(nations), prior)


@lru_cache(maxsize=4)  # whoever asks what single facts weigh hears the families of a belief again
def heard_together(series: tuple[Series, ...], nations: frozenset[str], prior: FamilyPrior) -> Witnesses:
    """Hear these very series."""
    first_year, last_year = years_of_growth(series)
    nodes = grid(prior)
    weights = witness_weights(series, nations, prior)
    said = added_up(zip(weights, series, strict=True), nodes, prior, nations, first_year, last_year)
    return Witnesses(prior, nations, nodes, first_year, last_year, series, weights, *said)


def years_of_growth(series: Sequence[Series]) -> tuple[int, int]:
    """Return the first and the last year whose growth the series may speak of."""
    first_year = min(s.years[0] for s in series) + 1
    return first_year, max(first_year, *(s.origin for s in series))


def witness_weights(series: Sequence[Series], nations: Collection[str], prior: FamilyPrior) -> tuple[float, ...]:
    """Return how much each series counts as a witness of the common growth: figures of one place move together."""
    size = Counter(s.key.place for s in series if len(s.years) > 1)  # a single year says nothing about growth
    return tuple(
        0.0
        if s.key.place in nations and not prior.nation_is_witness
        else 1.0 / (1.0 + SAME_PLACE_CORRELATION * (max(size[s.key.place], 1) - 1))
        for s in series
    )


def added_up(
    weighted: Iterable[tuple[float, Series]], nodes: Grid, prior: FamilyPrior, nations: Collection[str], first_year: int, last_year: int
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Return the weighted sums of the information, score and log likelihood of some series.

    Those whose years are the same are added up before their years are spread over the common vector, and none is kept.
    """
    counted = [(weight, one) for weight, one in weighted if weight]
    nodes, node = nodes.own()
    count, width = len(nodes.fade), 2 + last_year - first_year
    information, score, log_likelihood = np.zeros((count, width, width)), np.zeros((count, width)), np.zeros(count)
    every = eliminate([one for _, one in counted], nodes, prior, nations, first_year, last_year)
    for _, group in groupby(every, key=lambda said: id(said[1].common)):
        precision, deviation = np.zeros(1), np.zeros(1)
        for number, member in group:
            weight, common = counted[number][0], member.common
            precision = precision + weight * member.precision
            deviation = deviation + weight * member.weighted
            log_likelihood = log_likelihood + weight * member.log_likelihood
        information = information + common.T @ precision @ common
        score = score + deviation @ common
    return information[node], score[node], log_likelihood[node]


def replaced(heard: Witnesses, left_out: Collection[int], instead: Sequence[Series] = ()) -> Witnesses:
    """Return the witnesses without some series, by their numbers, and with others in their place; what the rest said is not computed again.

    What the series left out said is subtracted, and what `instead` say is added. These may speak of the same years only, and at least one
    series must be left. The others of a place then count for more, and years that no series speaks of any more are cut off.
    """
    stay = [number for number in range(len(heard.series)) if number not in left_out]
    series = (*(heard.series[number] for number in stay), *instead)
    weights = witness_weights(series, heard.nations, heard.prior)
    before = [*(heard.weights[number] for number in stay), *(0.0 for _ in instead)]
    changes = [(new - old, one) for new, old, one in zip(weights, before, series, strict=True)]
    changes += [(-heard.weights[number], heard.series[number]) for number in left_out]
    more = added_up(changes, heard.nodes, heard.prior, heard.nations, heard.first_year, heard.last_year)
    information, score, log_likelihood = heard.information + more[0], heard.score + more[1], heard.log_likelihood + more[2]
    first_year, last_year = years_of_growth(series)
    if (first_year, last_year) != (heard.first_year, heard.last_year):
        columns = np.array([0, *range(1 + first_year - heard.first_year, 2 + last_year - heard.first_year)])
        information, score = entries(information, columns, 2), entries(score, columns)
    return Witnesses(
        heard.prior, heard.nations, heard.nodes, first_year, last_year, series, weights, information, score, log_likelihood
    )


def entries(values: Floats, columns: NDArray[np.intp], axes: int = 1) -> Floats:
    """Return the entries `columns` of the last one or two axes; an entry beyond the end is of a year that nothing is said of: zero."""
    beyond = max(0, int(columns[-1]) + 1 - values.shape[-1])
    wider = np.pad(values, [(0, 0)] * (values.ndim - axes) + [(0, beyond)] * axes) if beyond else values
    return np.asarray(wider[..., columns] if axes == 1 else wider[..., columns[:, None], columns])


def conclude(heard: Witnesses) -> PooledFamily:
    """Weigh the nodes and condition the common vector on what the witnesses say."""
    prior, nodes = heard.prior, heard.nodes
    prior_information, log_determinant = common_information(prior, heard.last_year - heard.first_year + 1)
    prior_mean = np.zeros(prior_information.shape[:2])
    prior_mean[:, 0] = prior.long_run_mean
    prior_score = (prior_information @ prior_mean[..., None])[..., 0]
    covariance = np.linalg.inv(prior_information + heard.information)
    score = prior_score + heard.score
    mean = (covariance @ score[..., None])[..., 0]
    log_likelihood = heard.log_likelihood - 0.5 * (prior_mean * prior_score).sum(axis=1) + 0.5 * (score * mean).sum(axis=1)
    log_likelihood += 0.5 * (np.linalg.slogdet(covariance)[1] - log_determinant)
    log_weights = np.log(nodes.prior_weight) + log_likelihood
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    kept = np.flatnonzero(weights > NEGLIGIBLE_WEIGHT)
    return PooledFamily(
        prior.family,
        heard.first_year,
        heard.last_year,
        nodes.take(kept),
        weights[kept] / weights[kept].sum(),
        mean[kept],
        np.asarray(covariance[kept], dtype=np.float64),
        heard,
    )


@lru_cache(maxsize=16)  # the same for every source that is left out
def common_information(prior: FamilyPrior, n_years: int) -> tuple[Floats, Floats]:
    """Inverse (K, D, D) and log determinant (K,) of the prior covariance at every node."""
    covariance = common_prior(grid(prior), prior, n_years)
    return np.asarray(np.linalg.inv(covariance), dtype=np.float64), np.linalg.slogdet(covariance)[1]


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


def own_sds(series: Sequence[Series], nodes: Grid, prior: FamilyPrior, nations: Collection[str]) -> tuple[Floats, Floats, Floats]:
    """Return for S series the sd of d (S,), and by node those of a and of the level noise, (S, K) each."""
    nation = np.array([one.key.place in nations for one in series])
    share = np.array([LEVEL_NOISE.get(one.key.measure, SMOOTH) for one in series])[:, None]
    factor, own = np.where(nation, NATION_OWN_FACTOR, 1.0)[:, None], nodes.scale * prior.own_sd
    return np.where(nation, 0.0, prior.lasting_sd), factor * own, factor * (own * share)


def eliminate(
    series: Sequence[Series], nodes: Grid, prior: FamilyPrior, nations: Collection[str], first_year: int, last_year: int
) -> Iterator[tuple[int, Elimination]]:
    """Integrate the own unknowns of each series out at every node, and yield its number and what is left.

    Series whose years lie alike are done together, for they are many and small, but only so many at a time: memory does not grow with them.
    """
    different, node = nodes.own()
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(series):
        alike[one.years].append(number)
    for years, numbers in alike.items():
        common = common_of(np.array(years), first_year, last_year)
        together = eliminate_single if len(years) == 1 else eliminate_alike
        for start in range(0, len(numbers), SERIES_AT_ONCE):
            part = numbers[start : start + SERIES_AT_ONCE]
            said = together([series[number] for number in part], different, prior, nations, common)
            for number, *of_one in zip(part, *(np.take(of_all, node, axis=1) for of_all in said), strict=True):
                yield number, Elimination(common, *of_one)


def common_of(years: NDArray[np.intp], first_year: int, last_year: int) -> Floats:
    """Return how the trend in n years hangs on the common vector, shape (n, D), next to the level in the first of them."""
    elapsed = years - years[0]
    common = np.zeros((len(years), 2 + last_year - first_year))
    common[:, 0] = elapsed
    first = 2 + int(years[0]) - first_year
    common[:, first : first + int(elapsed[-1])] = growths_up_to(elapsed)
    return common


def growths_up_to(elapsed: NDArray[np.intp]) -> Floats:
    """Return which yearly growths lie between the first of n years and each of them, shape (n, span)."""
    return (np.arange(1, int(elapsed[-1]) + 1) <= elapsed[:, None]).astype(float)


def eliminate_single(
    series: Sequence[Series], nodes: Grid, prior: FamilyPrior, nations: Collection[str], common: Floats
) -> tuple[Floats, ...]:
    """Eliminate S series known in one and the same year: they say nothing about growth, and their state is the level found and the prior.

    Returns what an `Elimination` holds after `common`, for all of them: arrays (S, K, ...).
    """
    lasting, own, noise = own_sds(series, nodes, prior, nations)
    precision = 1.0 / (DIFFUSE_VARIANCE + noise**2 + np.array([one.covariance[0] for one in series]))
    base = np.zeros((*own.shape, 3))
    base[..., 0] = np.array([one.log_level for one in series])
    gain = np.zeros((*own.shape, 3, 1))
    gain[..., 0, 0] = DIFFUSE_VARIANCE * precision
    covariance = np.zeros((*own.shape, 3, 3))
    covariance[..., 0, 0] = DIFFUSE_VARIANCE - DIFFUSE_VARIANCE**2 * precision
    covariance[..., 1, 1] = lasting[:, None] ** 2
    covariance[..., 2, 2] = own**2
    weighted, log_likelihood = np.zeros((*own.shape, 1)), 0.5 * np.log(precision)
    shock = own * np.sqrt(1 - nodes.persistence**2)
    return precision[..., None, None], weighted, log_likelihood, base, slope_of(gain, common), covariance, shock, noise


def eliminate_alike(
    series: Sequence[Series], nodes: Grid, prior: FamilyPrior, nations: Collection[str], common: Floats
) -> tuple[Floats, ...]:
    """Eliminate S series known in the same n years, as `eliminate_single` does for one year."""
    lasting_sd, own_sd, noise_sd = own_sds(series, nodes, prior, nations)
    lasting = lasting_sd[:, None, None, None] ** 2
    own, noise = own_sd[..., None, None] ** 2, noise_sd[..., None, None] ** 2
    years = np.array(series[0].years)
    elapsed = years - years[0]
    ages = np.arange(int(elapsed[-1]))
    correlation = nodes.persistence[:, None, None] ** np.abs(ages[:, None] - ages)  # (K, span, span)
    sums = growths_up_to(elapsed)
    trend = DIFFUSE_VARIANCE + lasting * np.outer(elapsed, elapsed) + own * (sums @ correlation @ sums.T)  # (S, K, n, n)
    precision = np.linalg.inv(trend + noise * np.eye(len(years)) + np.array([one.covariance for one in series])[:, None])
    # Covariances of the state at the origin (trend, d, a) with the trend in each year, and with itself.
    last_own = correlation[:, -1:] @ sums.T
    state_data = np.concatenate(
        [trend[:, :, -1:], np.broadcast_to(lasting * elapsed, (*trend.shape[:2], 1, len(years))), own * last_own], axis=2
    )
    state_prior = np.zeros((*trend.shape[:2], 3, 3))
    state_prior[..., 0] = state_data[..., -1]
    state_prior[..., 0, :] = state_data[..., -1]
    state_prior[..., 1, 1] = lasting[..., 0, 0]
    state_prior[..., 2, 2] = own[..., 0, 0]
    gain = state_data @ precision
    log_level = np.array([one.log_level for one in series])
    deviation = (log_level - log_level[:, :1])[:, None, :, None]  # (S, 1, n, 1)
    weighted = precision @ deviation
    base = (gain @ deviation)[..., 0]
    base[..., 0] += log_level[:, :1]
    covariance = state_prior - gain @ state_data.swapaxes(-1, -2)
    log_likelihood = -0.5 * (weighted * deviation).sum(axis=(-1, -2)) + 0.5 * np.linalg.slogdet(precision)[1]
    symmetric = (covariance + covariance.swapaxes(-1, -2)) / 2
    shock = own_sd * np.sqrt(1 - nodes.persistence**2)
    return precision, weighted[..., 0], log_likelihood, base, slope_of(gain, common), symmetric, shock, noise_sd


def slope_of(gain: Floats, common: Floats) -> Floats:
    """Return how the state at the origin hangs on the common vector, (..., 3, D), by what an unexplained level moves it by, `gain` (..., 3, n)."""
    slope = -(gain @ common)
    slope[..., 0, :] += common[-1]
    return slope
