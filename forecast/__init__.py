"""From facts to beliefs: reconstruction of thin series, pooled growth with two speeds, predictions."""

from forecast.belief import Belief, SeriesBelief, believe
from forecast.prediction import Prediction, predict
from forecast.reconstruction import reconstruct
from forecast.series import Series, SeriesKey

__all__ = ["Belief", "Prediction", "Series", "SeriesBelief", "SeriesKey", "believe", "predict", "reconstruct"]
