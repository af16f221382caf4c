"""Which model serves a series when none is named, who was heard beside it, and who was refused with what reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.belief import UNKNOWN_FAMILY, Belief, SeriesBelief
from forecast.classical import CLASSICAL, NotAdmissible, predict_classical
from forecast.combination import MEMBERS, predict_combined, refusal, stored_stack
from forecast.prediction import Prediction, data_weight, predict
from forecast.reference_class import Siblings
from forecast.reference_prediction import predict_reference

POOLED, COMBINATION, REFERENCE, SIBLINGS, THOROUGH = "pooled", "combination", "reference", "siblings", "thorough"
CALM, VOLATILE, USUAL_LENGTH = 0.02, 0.15, 16  # histories by which the weights of the combination are told
AUTO_SHARE = 0.5  # of `thorough`: what `auto` says; the models of libraries share the rest alike


@dataclass(frozen=True, eq=False)
class Answer:
    """A forecast with the name of the model that gave it and the members that were refused, each with its reason."""

    prediction: Prediction
    model: str
    refused: tuple[str, ...] = ()


def speaks_for_itself(one: SeriesBelief) -> bool:
    """Tell whether a series is forecast without its family: this is unknown, or the history long enough."""
    return one.family == UNKNOWN_FAMILY or len(one.series.years) >= stored_stack().fewest


def answer_auto(belief: Belief, one: SeriesBelief, last_year: int) -> Answer:
    """Forecast by the growth of a series' family, unless the family is unknown or the history is long enough to speak for itself.

    A short series of an unknown family hears the others of its measure.
    """
    if not speaks_for_itself(one):
        return Answer(predict(belief, one, last_year), POOLED)
    reason, siblings = refusal(one.series), heard_siblings(belief, one)
    model = COMBINATION if reason is None else SIBLINGS if siblings else REFERENCE
    return Answer(predict_combined(one.series, last_year, siblings), model, (reason,) if reason else ())


def heard_siblings(belief: Belief, one: SeriesBelief) -> Siblings | None:
    """Return what the other series of its measure say, where a series of unknown family is too short to speak for itself."""
    short = one.family == UNKNOWN_FAMILY and len(one.series.years) < stored_stack().fewest
    return belief.siblings_of(one) if short else None


def own_weight(belief: Belief, one: SeriesBelief, horizon: int) -> float:
    """Data weight of a series as it is served: that of the pool, or, where no other place is heard, 1 if any growth of its own is known.

    Among siblings it is the share of the variance of the level at the horizon that knowing more than the last level removed, as in the pool.
    """
    if not speaks_for_itself(one):
        return data_weight(belief, one, horizon)
    known, siblings, last_year = len(one.series.years) > 1, heard_siblings(belief, one), one.series.origin + horizon
    if not known or siblings is None:
        return float(known)
    after, before = (predict_reference(series, last_year, siblings) for series in (one.series, one.series.last_level()))
    return min(max(1.0 - float(after.weights @ after.variance[:, -1]) / float(after.weights @ before.variance[:, -1]), 0.0), 1.0)


def answer_thorough(belief: Belief, one: SeriesBelief, last_year: int) -> Answer:
    """Forecast by `auto` and every model of statsmodels and Prophet that is admissible, as one mixture."""
    auto = answer_auto(belief, one, last_year)
    members, refused = [], list(auto.refused)
    for name in CLASSICAL:
        try:
            members.append(predict_classical(name, one.series, last_year))
        except NotAdmissible as reason:
            refused.append(str(reason))
    model = THOROUGH if members else auto.model
    return Answer(beside(auto.prediction, members), model, tuple(refused))


def beside(auto: Prediction, members: Sequence[Prediction]) -> Prediction:
    """Mix what `auto` says with models of libraries, which share half of the weight alike."""
    if not members:
        return auto
    share = (1 - AUTO_SHARE) / len(members)
    every = [auto, *members]
    weights = [AUTO_SHARE * auto.yearly_weights, *(share * member.yearly_weights for member in members)]
    parts = (weights, [member.mean for member in every], [member.variance for member in every])
    return Prediction(auto.years, *(np.concatenate(part) for part in parts))


def weights_in_words() -> str:
    """Say how much the members of the combination are listened to, on calm and on volatile histories of usual length."""
    said = []
    for name, volatility in (("calm", CALM), ("volatile", VOLATILE)):
        weights = zip(MEMBERS, stored_stack().weights(volatility, USUAL_LENGTH), strict=True)
        shares = ", ".join(f"{member} {100 * share:.0f} %" for member, share in weights)
        said.append(f"{name} ones (growth scatters by {100 * volatility:.0f} %, {USUAL_LENGTH} years known): {shares}")
    return "; ".join(said)
