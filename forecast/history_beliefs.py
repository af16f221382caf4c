"""Series that speak for themselves, as beliefs: a long history, or a measure of an unknown family, is simulated as it is forecast.

The reference class is a model of the state that a `SeriesBelief` holds: trend, long-run growth, passing growth, fresh shocks, level noise. So its
kinds become nodes of a family that the series has for itself. A method is the class moved to the method's levels and made narrower: nodes with
all deviations scaled, and growth of their own by year in the place of the common deviation. docs/method.md, section "A history in the simulation".
"""

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from forecast.belief import Belief, FamilyBelief, SeriesBelief
from forecast.combination import predict_combined, stored_stack
from forecast.reference_class import Siblings, stored_class
from forecast.reference_prediction import predict_reference, state_at_origin
from forecast.routing import heard_siblings, speaks_for_itself
from forecast.series import Floats

NEGLIGIBLE_WEIGHT = 1e-9


@lru_cache(maxsize=8)  # scenarios of one belief are compiled again and again, and each belief that is made is asked about too
def with_histories(belief: Belief, horizon: int) -> Belief:
    """Return a belief in which every series that `answer_auto` forecasts without its family has that forecast's law up to the horizon.

    A series that has it already stays as it is; where there is none to change, the belief given is returned.
    """
    families, series = dict(belief.families), list(belief.series)
    for number, one in enumerate(series):
        if is_to_be_replaced(belief, one, horizon):
            family, series[number] = history_belief(one, belief.families[one.family], horizon, heard_siblings(belief, one))
            families[family.family] = family
    if len(families) == len(belief.families):
        return belief
    return replace(belief, families=MappingProxyType(families), series=tuple(series))


def is_to_be_replaced(belief: Belief, one: SeriesBelief, horizon: int) -> bool:
    """Tell whether a series speaks for itself, but is not believed so yet."""
    return one.series.origin < horizon and not belief.families[one.family].kin and speaks_for_itself(one)


def history_belief(
    one: SeriesBelief, kin: FamilyBelief, last_year: int, siblings: Siblings | None = None
) -> tuple[FamilyBelief, SeriesBelief]:  # fmt: skip
    """Express the forecast of a series as a family that it has for itself, and its belief in it: each year has the law of `predict_combined`."""
    series, nodes = one.series, stored_class(len(one.series.years)).nodes
    prediction, weights = predict_combined(series, last_year, siblings), predict_reference(series, last_year, siblings).weights
    ahead, kept = np.arange(1, len(prediction.years) + 1), np.flatnonzero(weights > NEGLIGIBLE_WEIGHT)
    members = prediction.weights.reshape(-1, len(weights)).sum(axis=1)
    width = np.where(np.arange(len(members)) > 0, stored_stack().narrower, 1.0)[:, None]
    mean, covariance = state_at_origin(series, siblings)
    level, long_run, passing = mean[kept].T[..., None]
    persistence = nodes.persistence[kept]
    fading = persistence[:, None] * (1 - persistence[:, None] ** ahead) / (1 - persistence[:, None])
    wanted = prediction.mean.reshape(len(members), len(weights), len(ahead))[:, kept]
    rest = wanted - (level + ahead * long_run + fading * passing)
    count = len(members) * len(kept)
    common = np.zeros((count, 1 + len(ahead)))
    common[:, 1:] = np.diff(rest, prepend=0.0).reshape(count, -1)
    of_nodes = (members[:, None] * weights[kept]).ravel()
    name = str(one.key)
    family = FamilyBelief(
        name,
        series.origin + 1,
        last_year,
        of_nodes / of_nodes.sum(),
        np.zeros(count),
        np.tile(persistence, len(members)),
        common,
        nothing(count, 1 + len(ahead), 1 + len(ahead)),
        0.0,
        same_place=kin.same_place,
        between_places=kin.between_places,
        kin=kin.family,
    )
    own_shock = np.sqrt(nodes.own[kept] * (1 - persistence**2))
    belief = SeriesBelief(
        series,
        name,
        np.tile(mean[kept], (len(members), 1)),
        nothing(count, 3, 1 + len(ahead)),
        (width[..., None, None] ** 2 * covariance[kept]).reshape(count, 3, 3),
        (width * own_shock).ravel(),
        (width * np.sqrt(nodes.noise[kept])).ravel(),
    )
    return family, belief


def nothing(*shape: int) -> Floats:
    """Return zeros that cannot be changed and take no room: thousands of series have them, and would have more of them than of figures."""
    return np.broadcast_to(np.zeros(()), shape)
