"""Every model by its name, behind one door: (belief, series, last year) -> prediction, or the reason why it cannot serve."""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from forecast.baselines import RULES, predict_baseline
from forecast.belief import Belief, SeriesBelief
from forecast.classical import CLASSICAL, predict_classical
from forecast.combination import predict_combined
from forecast.prediction import Prediction, predict
from forecast.reference_prediction import predict_reference
from forecast.routing import Answer, answer_auto, answer_thorough

Model = Callable[[Belief, SeriesBelief, int], Prediction]


def by_itself(predict_series: Callable[..., Prediction], _belief: Belief, one: SeriesBelief, last_year: int) -> Prediction:
    """Forecast a series by a model that looks at no other place."""
    return predict_series(one.series, last_year)


def by_routing(
    answer: Callable[[Belief, SeriesBelief, int], Answer], belief: Belief, one: SeriesBelief, last_year: int
) -> Prediction:
    """Forecast a series by whatever serves it."""
    return answer(belief, one, last_year).prediction


MODELS: MappingProxyType[str, Model] = MappingProxyType(
    {
        "auto": partial(by_routing, answer_auto),
        "pooled": predict,
        "reference": partial(by_itself, predict_reference),
        "combination": partial(by_itself, predict_combined),
        **{name: partial(by_itself, partial(predict_classical, name)) for name in CLASSICAL},
        "thorough": partial(by_routing, answer_thorough),
    }
)
ROUTES = MappingProxyType({"auto": answer_auto, "thorough": answer_thorough})
BASELINES: MappingProxyType[str, Model] = MappingProxyType({name: partial(predict_baseline, name) for name in RULES})


def answer(name: str, belief: Belief, one: SeriesBelief, last_year: int) -> Answer:
    """Forecast a series by the model of a name, and say which one gave the answer.

    Raises
    ------
    NotAdmissible
        If the model cannot serve the series.
    """
    if name in ROUTES:
        return ROUTES[name](belief, one, last_year)
    return Answer(MODELS[name](belief, one, last_year), name)
