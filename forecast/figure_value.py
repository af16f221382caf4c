"""What a figure that nobody knows yet would tell of a level to come (pre-posterior analysis, Raiffa and Schlaifer 1961).

At each node of a family a level to come and a figure of any series of the family, in any year, are jointly normal. The law is that of what is
believed now, own shocks as if they were normal; conditioning on the figure, and weighing the nodes by how well they foresaw it, is exact.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy.special import ndtr

from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.pooling import DIFFUSE_VARIANCE, witness_weights
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

    def thinned(self, nodes: Floats | None = None) -> "JointLaw":
        """Return the law on at most 512 nodes: where assumptions have split them into thousands, those at even steps of the weight.

        `nodes` are the weights (K,) by which steps are taken, its own if not given.
        """
        if len(self.weights) <= MOST_NODES:
            return self
        nodes = self.weights if nodes is None else nodes
        steps = (np.arange(MOST_NODES) + 0.5) / MOST_NODES
        kept = np.searchsorted(np.cumsum(nodes) / nodes.sum(), steps)
        parts = {name: values[kept] for name, values in vars(self).items()}
        return JointLaw(**parts | {"weights": parts["weights"] / (nodes[kept] * MOST_NODES)})

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

    def value(self, log_value: float, learner: "JointLaw | None" = None) -> tuple[float, float]:
        """Return what knowing the figure is worth: the variance that the odds have before it is known, and their mean absolute change.

        The first is by how much the variance of met or not, P (1 - P), falls on average. Where what is believed once the figure is known does
        not follow from this law, `learner` is that by which it does (`heard_law`); changes are those from its mean, which any figure would bring.
        """
        at, weights = self.figures()
        odds = (learner or self).odds_given(log_value, at)
        moved = odds - (self.odds(log_value) if learner is None else weights @ odds)
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


def heard_law(belief: Belief, one: SeriesBelief, due: int, other: SeriesBelief, year: int, doubt: float) -> JointLaw:
    """Return the law by which `believe` learns from a coming figure of another place; arguments as of `joint_law`.

    Two things differ once the figure is in. Years of the family that nobody knew become known, and may have jumped like the boom. And figures
    of a place with several count as less than a witness each: their likelihood is raised to the weight w, so that what is their own has
    a variance 1 / w times as large, and what this leaves of the likelihood goes into the weights of the nodes.
    """
    family, prior = belief.families[one.family], belief.priors[one.family]
    last = max(year, family.last_year)
    mean, covariance = extended_common(replace(family, common_shock=prior.boom_shock), last)
    family = replace(family, common_mean=mean, common_covariance=covariance, last_year=last)
    known = replace(belief, families=MappingProxyType({**belief.families, one.family: family}))
    law = joint_law(known, one, due, other, year, doubt)
    (_,), ((its_common,),) = trend_loadings(family, [other], [year], mean.shape[1])
    shared = np.einsum("kd,kde,ke->k", its_common, covariance, its_common)
    own = law.figure_variance - shared
    weight = witness_weight(belief, other, year)
    left = np.sqrt(own / weight) * own ** (-0.5 * (1 - weight))
    return replace(law, weights=law.weights * left, figure_variance=shared + own / weight)


def witness_weight(belief: Belief, other: SeriesBelief, year: int) -> float:
    """Return how much a series counts as a witness of its family once it has a figure more; hardly anything rather than nothing."""
    series = [one.series for one in belief.series if one.family == other.family and one is not other]
    with_figure = replace(other.series, years=(*other.series.years, year))
    return max(witness_weights([with_figure, *series], belief.nations, belief.priors[other.family])[0], 1e-6)


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
