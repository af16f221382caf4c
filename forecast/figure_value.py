"""What a figure that nobody knows yet would tell of a level to come (pre-posterior analysis, Raiffa and Schlaifer 1961).

At each node of a family a level to come and a figure of any series of the family, in any year, are jointly normal. The law is that of what is
believed now; conditioning on the figure, and weighing the nodes by how well they foresaw it, is exact.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.pooling import DIFFUSE_VARIANCE
from forecast.prediction import extended_common, own_shock_variances, trend_loadings, trend_moments
from forecast.series import Floats

POINTS, REACH = 2001, 8.0  # of the quadrature over the figure, and how many standard deviations it spans on either side
MOST_NODES = 512  # that are integrated over


@dataclass(frozen=True, eq=False)
class JointLaw:
    """The law of ln(level) and ln(figure) by node, all arrays (K,): means, variances and their covariance."""

    weights: Floats
    mean: Floats
    variance: Floats
    figure_mean: Floats
    figure_variance: Floats
    covariance: Floats

    def thinned(self) -> "JointLaw":
        """Return the law on at most 512 nodes: where assumptions have split them into thousands, those at even steps of the weight."""
        if len(self.weights) <= MOST_NODES:
            return self
        steps = (np.arange(MOST_NODES) + 0.5) / MOST_NODES
        kept = np.searchsorted(np.cumsum(self.weights) / self.weights.sum(), steps)
        parts = {name: values[kept] for name, values in vars(self).items()} | {"weights": np.full(MOST_NODES, 1 / MOST_NODES)}
        return JointLaw(**parts)

    def odds(self, log_value: float) -> float:
        """Probability that ln(level) reaches a value."""
        return float(self.weights @ ndtr((self.mean - log_value) / np.sqrt(self.variance)))

    def odds_given(self, log_value: float, log_figures: Floats) -> Floats:
        """Probability that ln(level) reaches a value once the figure is known, for each of some figures (n,); shape (n,)."""
        gain = self.covariance / self.figure_variance
        mean = self.mean + gain * (log_figures[:, None] - self.figure_mean)
        sd = np.sqrt(np.maximum(self.variance - gain * self.covariance, np.finfo(float).tiny))
        surprise = (log_figures[:, None] - self.figure_mean) ** 2 / self.figure_variance
        log_weights = np.log(self.weights) - 0.5 * (surprise + np.log(self.figure_variance))
        weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        return np.asarray((weights * ndtr((mean - log_value) / sd)).sum(axis=1))

    def figures(self) -> tuple[Floats, Floats]:
        """Points of ln(figure), evenly spaced, and the weights by which its predictive law is integrated (trapezoidal rule)."""
        sd = np.sqrt(self.figure_variance)
        low, high = (self.figure_mean - REACH * sd).min(), (self.figure_mean + REACH * sd).max()
        at, step = np.linspace(low, high, POINTS, retstep=True)
        density = np.exp(-0.5 * ((at[:, None] - self.figure_mean) / sd) ** 2) @ (self.weights / sd)
        return at, density * step / np.sqrt(2 * np.pi)

    def value(self, log_value: float) -> tuple[float, float]:
        """Return what knowing the figure is worth: the variance that the odds have before it is known, and their mean absolute change.

        The first is by how much the variance of met or not, P (1 - P), falls on average.
        """
        at, weights = self.figures()
        moved = self.odds_given(log_value, at) - self.odds(log_value)
        return float(weights @ moved**2), float(weights @ np.abs(moved))


def joint_law(belief: Belief, one: SeriesBelief, due: int, other: SeriesBelief, year: int, doubt: float) -> JointLaw:
    """Return the joint law of the reported level of a series in a year to come and of a figure.

    Parameters
    ----------
    belief : Belief
    one, due : SeriesBelief, int
        The level; `due` is after its origin.
    other, year : SeriesBelief, int
        The figure: of a series of the same family, after its origin, or for `one` itself also of an earlier year that is not known; not
        before the first year that the family's growth is known from.
    doubt : float
        Standard deviation of ln(figure) about what it reports.

    Raises
    ------
    ValueError
        If the figure is one of another family, or of a year of another series that is over.
    """
    if other.family != one.family:
        raise ValueError(f"{other.key} is not of the family {one.family}")
    family = belief.families[one.family]
    extended = extended_common(family, max(due, year, family.last_year))
    ((mean,),), ((variance,),) = trend_moments(family, [one], [due], extended)
    (own,), ((common,),) = trend_loadings(family, [one], [due], extended[0].shape[1])
    own_shocks = own_shock_variances(family.persistence, one.own_shock, due - one.series.origin)[-1]
    if year > other.series.origin:
        ((figure_mean,),), ((figure_variance,),) = trend_moments(family, [other], [year], extended)
        (its_own,), ((its_common,),) = trend_loadings(family, [other], [year], extended[0].shape[1])
        figure_variance = figure_variance + own_shock_variances(family.persistence, other.own_shock, year - other.series.origin)[-1]
        covariance = shared_shocks(family, one, due, other, year)
        if other is one:
            covariance = covariance + np.einsum("ki,kij,kj->k", own, one.covariance, its_own)
    elif other is one:
        base, its_common, its_variance, cross = past_trend(belief, one, year, extended[0].shape[1])
        figure_mean = base + (its_common * extended[0]).sum(axis=1)
        figure_variance = its_variance + np.einsum("kd,kde,ke->k", its_common, extended[1], its_common)
        covariance = (own * cross).sum(axis=1)
    else:
        raise ValueError(f"{other.key} is known up to {other.series.origin}; {year} is over")
    covariance = covariance + np.einsum("kd,kde,ke->k", common, extended[1], its_common)
    return JointLaw(
        family.weights,
        mean,
        variance + own_shocks + one.level_noise**2,
        figure_mean,
        figure_variance + other.level_noise**2 + doubt**2,
        covariance,
    )


def shared_shocks(family: FamilyBelief, one: SeriesBelief, due: int, other: SeriesBelief, year: int) -> Floats:
    """Covariance (K,) of what own shocks still to come add to two levels: those of a series, of its place, of all places."""
    alike = 1.0 if other is one else family.same_place * (1.0 if other.key.place == one.key.place else family.between_places)
    persistence, total = family.persistence, np.zeros(len(family.weights))
    for shock in range(max(one.series.origin, other.series.origin) + 1, min(due, year) + 1):
        reaches = [(1 - persistence ** (last - shock + 1)) / (1 - persistence) for last in (due, year)]
        total += reaches[0] * reaches[1]
    return np.asarray(alike * one.own_shock * other.own_shock * total)


def past_trend(belief: Belief, one: SeriesBelief, year: int, width: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what is believed of the trend level in a year up to the origin, given (m, F): the smoothed law of forecast/pooling.py.

    base (K,) and slope (K, width) of its mean, its variance (K,), and its covariance (K, 3) with the state at the origin.
    """
    family, series = belief.families[one.family], one.series
    start = min(year, series.years[0])
    elapsed = np.array([*series.years, year]) - start
    span = series.origin - start
    stationary = (one.own_shock**2 / (1 - family.persistence**2))[:, None, None]
    nation = series.key.place in belief.nations
    lasting = 0.0 if nation else belief.priors[one.family].lasting_sd ** 2
    ages = np.arange(span)
    correlation = family.persistence[:, None, None] ** np.abs(ages[:, None] - ages)
    sums = (np.arange(1, span + 1) <= elapsed[:, None]).astype(float)
    common = np.zeros((len(elapsed), width))
    common[:, 0] = elapsed
    first = 1 + start + 1 - family.first_year
    common[:, first : first + span] = sums
    trend = DIFFUSE_VARIANCE + lasting * np.outer(elapsed, elapsed) + stationary * (sums @ correlation @ sums.T)
    state = np.stack(
        [
            trend[:, -2, :],
            np.broadcast_to(lasting * elapsed, trend.shape[::2]),
            (stationary * (correlation[:, -1:] @ sums.T))[:, 0],
        ],
        axis=1,
    )
    known, asked = slice(0, -1), -1
    noise = one.level_noise[:, None, None] ** 2 * np.eye(len(series.years))
    precision = np.linalg.inv(trend[:, known, known] + noise + series.covariance)
    gain = np.einsum("kn,knm->km", trend[:, asked, known], precision)
    deviation = series.log_level - series.log_level[0]
    base = series.log_level[0] + gain @ deviation
    slope = common[asked] - gain @ common[known]
    variance = trend[:, asked, asked] - (gain * trend[:, asked, known]).sum(axis=1)
    cross = state[:, :, asked] - np.einsum("kin,kn->ki", state[:, :, known], gain)
    return base, slope, variance, cross
