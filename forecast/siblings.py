"""What the series of one measure say about each other where nothing else is known of the measure: how volatile it is, and how fast it grows.

The class of short histories (forecast/reference_class.py) is calm. Where several places report a measure of unknown family, the weights of its
nodes are estimated again from all of them (empirical Bayes: the weights with the highest likelihood of the growth seen, by expectation
maximisation, with the class counting as CLASS_COUNTS series), and half of their median growth is carried on. Calm years do not make
the class calmer, for they are no proof. Chosen by benchmarks/learn_siblings.py; docs/method.md, section "Series of one measure".
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from forecast.history_kernels import weigh
from forecast.reference_class import GRID, ReferenceClass, Siblings, conditional, stored_class
from forecast.series import Floats, Series, SeriesKey

MOST_HEARD = 7  # levels of a series, its last ones: the class is that of short histories
CLASS_COUNTS = 5.0  # series: how much the class is heard beside those of the measure
CARRIED_ON = 0.5  # of the median growth of many series
CONVERGED, MOST_STEPS = 1e-7, 300


def siblings_by_measure(series: Iterable[Series]) -> dict[str, Siblings]:
    """Return what the series of each measure, scope and unit say together, by `measure_of`; a measure of a single series has none."""
    found: dict[str, list[Series]] = defaultdict(list)
    for one in series:
        if len(one.years) > 1:
            found[measure_of(one.key)].append(one)
    return {name: siblings_of(members) for name, members in found.items() if len(members) > 1}


def measure_of(key: SeriesKey) -> str:
    """Name what the siblings of a series share: measure|scope|unit."""
    return "|".join((key.measure, key.scope, key.unit))


def siblings_of(members: Sequence[Series]) -> Siblings:
    """Estimate what series of one measure say together, each with two levels or more."""
    of, others = stored_class(1), len(members) - 1
    growth = CARRIED_ON * others / (others + CLASS_COUNTS) * float(np.median([mean_growth(one) for one in members]))
    likelihood = np.array([node_likelihood(one, of, growth) for one in members])
    return Siblings(others, growth, np.log(estimated_weights(likelihood, of, others)))


def mean_growth(series: Series) -> float:
    """Return the mean growth of ln(level) a year over the levels of a series that are heard."""
    first = -min(len(series.years), MOST_HEARD)
    return float((series.log_level[-1] - series.log_level[first]) / (series.years[-1] - series.years[first]))


def node_likelihood(series: Series, of: ReferenceClass, growth: float) -> Floats:
    """Likelihood (J,) of the growth of a series above a common one at each node of the class, up to a factor."""
    known, nodes = slice(-MOST_HEARD, None), of.nodes
    years = np.array(series.years[known])
    levels = np.ascontiguousarray(series.log_level[known] - growth * (years - series.origin))
    prepared = conditional(of, years, series.covariance[known, known], 1)
    likelihood, centre = np.empty(nodes.log_prior.size), np.empty((nodes.log_prior.size, 1))
    weigh(levels, np.zeros(nodes.log_prior.size), prepared.factor, prepared.gain, likelihood, centre)
    return likelihood


def estimated_weights(likelihood: Floats, of: ReferenceClass, others: int) -> Floats:
    """Weights (J,) of the nodes by the likelihood (m, J) of m series, or those of the class where they would be calmer than these."""
    volatility = np.repeat(GRID, len(of.kinds))
    of_class = np.exp(of.nodes.log_prior - np.logaddexp.reduce(of.nodes.log_prior))
    weights: Floats = of_class
    for _ in range(MOST_STEPS):
        shares = weights * likelihood
        shares /= shares.sum(axis=1, keepdims=True)
        before, weights = weights, (CLASS_COUNTS * of_class + others * shares.mean(axis=0)) / (CLASS_COUNTS + others)
        if np.abs(weights - before).max() < CONVERGED:
            break
    return weights if weights @ volatility > of_class @ volatility else of_class
