"""Every model by its name, behind one door: (belief, series, last year) -> prediction, or the reason why it cannot serve."""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from forecast.baselines import RULES, predict_baseline
from forecast.belief import Belief, SeriesBelief
from forecast.classical import CLASSICAL, predict_classical
from forecast.prediction import Prediction, predict
from forecast.reference_class import predict_reference

Model = Callable[[Belief, SeriesBelief, int], Prediction]


def by_itself(predict_series: Callable[..., Prediction], _belief: Belief, one: SeriesBelief, last_year: int) -> Prediction:
    """Forecast a series by a model that looks at no other place."""
    return predict_series(one.series, last_year)


MODELS: MappingProxyType[str, Model] = MappingProxyType(
    {
        "auto": predict,
        "pooled": predict,
        "reference": partial(by_itself, predict_reference),
        **{name: partial(by_itself, partial(predict_classical, name)) for name in CLASSICAL},
    }
)
BASELINES: MappingProxyType[str, Model] = MappingProxyType({name: partial(predict_baseline, name) for name in RULES})
