"""Series that speak for themselves, as beliefs: a long history, or a measure of an unknown family, is simulated as it is forecast.

The reference class is a model of the state that a `SeriesBelief` holds: trend, long-run growth, passing growth, fresh shocks, level noise. So its
kinds become nodes of a family that the series has for itself. A method is the class moved to the method's levels and made narrower: nodes with
all deviations scaled, and growth of their own by year in the place of the common deviation. docs/method.md, section "A history in the simulation".
"""

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.combination import predict_combined, stored_stack
from forecast.reference_class import predict_reference, state_at_origin, stored_class
from forecast.routing import speaks_for_itself
from forecast.series import Floats

NEGLIGIBLE_WEIGHT = 1e-9
LEAST_YEARS = 6  # ahead, from which on the weights of the members stay: a nearer horizon must not change a belief


@lru_cache(maxsize=8)  # scenarios of one belief are compiled again and again, and each belief that is made is asked about too
def with_histories(belief: Belief, horizon: int) -> Belief:
    """Return a belief in which every series that `answer_auto` forecasts without its family has that forecast's law up to the horizon.

    A series that has it already stays as it is; where there is none to change, the belief given is returned.
    """
    families, series = dict(belief.families), list(belief.series)
    for number, one in enumerate(series):
        if is_to_be_replaced(belief, one, horizon):
            family, series[number] = history_belief(one, belief.families[one.family], horizon)
            families[family.family] = family
    if len(families) == len(belief.families):
        return belief
    return replace(belief, families=MappingProxyType(families), series=tuple(series))


def is_to_be_replaced(belief: Belief, one: SeriesBelief, horizon: int) -> bool:
    """Tell whether a series speaks for itself, but is not believed so yet."""
    return one.series.origin < horizon and not belief.families[one.family].kin and speaks_for_itself(one)


def history_belief(one: SeriesBelief, kin: FamilyBelief, last_year: int) -> tuple[FamilyBelief, SeriesBelief]:
    """Express the forecast of a series as a family that it has for itself, and its belief in it.

    The law of each coming year is that of `predict_combined`, but for the width of the few courses that follow both the class and a method: that
    lies between theirs, for a node has one width.
    """
    series, nodes = one.series, stored_class().nodes
    last = max(last_year, series.origin + LEAST_YEARS)
    prediction, weights = predict_combined(series, last), predict_reference(series, last).weights
    ahead, kept = np.arange(1, len(prediction.years) + 1), np.flatnonzero(weights > NEGLIGIBLE_WEIGHT)
    shape = (-1, len(weights), len(ahead))
    shares, follows = courses(prediction.yearly_weights.reshape(shape).sum(axis=1))
    of_class = (follows[:, :LEAST_YEARS] == 0).mean(axis=1)[:, None]
    width = of_class + (1 - of_class) * stored_stack().narrower
    mean, covariance = state_at_origin(series)
    level, long_run, passing = mean[kept].T[..., None]
    persistence = nodes.persistence[kept]
    fading = persistence[:, None] * (1 - persistence[:, None] ** ahead) / (1 - persistence[:, None])
    wanted = prediction.mean.reshape(shape)[follows[:, None, :], kept[:, None], ahead - 1]  # (courses, kinds, years)
    rest = wanted - (level + ahead * long_run + fading * passing)
    count = len(shares) * len(kept)
    common = np.zeros((count, 1 + len(ahead)))
    common[:, 1:] = np.diff(rest, prepend=0.0).reshape(count, -1)
    of_nodes = (shares[:, None] * weights[kept]).ravel()
    name = str(one.key)
    family = FamilyBelief(
        name,
        series.origin + 1,
        last,
        of_nodes / of_nodes.sum(),
        np.zeros(count),
        np.tile(persistence, len(shares)),
        common,
        np.zeros((count, 1 + len(ahead), 1 + len(ahead))),
        0.0,
        same_place=kin.same_place,
        between_places=kin.between_places,
        kin=kin.family,
    )
    own_shock = np.sqrt(nodes.own[kept] * (1 - persistence**2))
    belief = SeriesBelief(
        series,
        name,
        np.tile(mean[kept], (len(shares), 1)),
        np.zeros((count, 3, 1 + len(ahead))),
        (width[..., None, None] ** 2 * covariance[kept]).reshape(count, 3, 3),
        (width * own_shock).ravel(),
        (width * np.sqrt(nodes.noise[kept])).ravel(),
    )
    return family, belief


def courses(weights: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return shares (C,) and members (C, n_years): whom each course follows in each year, so that in each year every member has its weight.

    Most courses follow one member for ever, with the least weight that it has; the rest pass from members whose weight (members, n_years) falls to
    those whose weight rises.
    """
    least = weights.min(axis=1)
    reached = np.cumsum(weights - least[:, None], axis=0)
    edges = np.unique(np.append(reached, 0.0))
    shares, middles = np.diff(edges), (edges[1:] + edges[:-1]) / 2
    passing = np.minimum((middles[:, None, None] > reached).sum(axis=1), len(weights) - 1)
    alive = shares > NEGLIGIBLE_WEIGHT
    steady = np.repeat(np.arange(len(weights))[:, None], weights.shape[1], axis=1)
    return np.concatenate([least, shares[alive]]), np.concatenate([steady, passing[alive]])
