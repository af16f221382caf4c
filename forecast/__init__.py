"""From facts to beliefs: reconstruction of thin series, pooled growth with two speeds, predictions."""

from forecast.kernel_cache import prepare_kernel_cache
from forecast.late_imports import put_off_imports

prepare_kernel_cache()  # before anything imports numba
put_off_imports()

from forecast.belief import Belief, SeriesBelief, believe  # noqa: E402  (the cache comes first)
from forecast.prediction import Prediction, predict  # noqa: E402  (the cache comes first)
from forecast.reconstruction import reconstruct  # noqa: E402  (the cache comes first)
from forecast.series import Series, SeriesKey  # noqa: E402  (the cache comes first)

__all__ = ["Belief", "Prediction", "Series", "SeriesBelief", "SeriesKey", "believe", "predict", "reconstruct"]
