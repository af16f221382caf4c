"""Models of statsmodels and Prophet for longer histories, through the same door: a prediction of ln(level) by year, or the reason why not.

They take the reconstructed levels as they are, without growth of other places. Their intervals leave out that their parameters are
estimated, and are too narrow on short histories.
"""

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from math import exp

import numpy as np
import pandas as pd

from forecast.prediction import Prediction
from forecast.series import Floats, Series

LEAST_VARIATION = 1e-9  # sd of ln growth: below it there is nothing to learn a spread from
LARGEST_LOG = 700.0  # of a mean: beyond 709 nothing is a number of the machine, the outer quantiles neither
PROPHET_SAMPLES, PROPHET_SEED = 2000, 1
# A judgement: the ceiling is three times the largest level known, by a factor of e^.7. Its 10, 50 and 90 % points, by Swanson's rule.
CEILINGS = tuple((3.0 * exp(0.7 * z), weight) for z, weight in ((-1.2816, 0.3), (0.0, 0.4), (1.2816, 0.3)))
WIDTH_80 = 2.5631  # of an 80 % interval of the normal law, in standard deviations

Moments = tuple[Floats, Floats]  # mean and variance of ln(level), by year ahead (h,)


class NotAdmissible(ValueError):
    """A series that a model cannot serve; the message says why."""


@dataclass(frozen=True)
class ClassicalModel:
    """A model of a library, fitted to consecutive log levels (n,)."""

    title: str
    least_years: int
    library: str
    forecast: Callable[[Floats, int], Moments]

    def load(self) -> None:
        """Import the library, which takes seconds and serves nothing else."""
        import_module(self.library)


def predict_classical(name: str, series: Series, last_year: int) -> Prediction:
    """Forecast one series by the model of a name in `CLASSICAL`; the uncertainty of the last known level is added.

    Raises
    ------
    NotAdmissible
        If years are missing, too few are known, or the series does not vary.
    """
    model = CLASSICAL[name]
    gaps = [year for year, after in zip(series.years, series.years[1:], strict=False) if after != year + 1]
    if len(series.years) < model.least_years:
        raise NotAdmissible(f"{model.title} needs {model.least_years} years in a row, fewer are known")
    if gaps:
        raise NotAdmissible(f"{model.title} needs {model.least_years} years in a row, some are missing")
    if float(np.std(np.diff(series.log_level))) < LEAST_VARIATION:
        raise NotAdmissible(f"{model.title} needs a series whose growth varies")
    ahead = last_year - series.origin
    with warnings.catch_warnings(), quiet_loggers():
        model.load()  # before the filter: statsmodels sets filters of its own when it is first imported
        warnings.simplefilter("ignore")  # what they warn of is judged by whether numbers come out
        # Counted from the first level: some starting values and Prophet's scale depend on the unit otherwise.
        mean, variance = model.forecast(series.log_level - series.log_level[0], ahead)
    if not (np.isfinite(mean).all() and np.isfinite(variance).all() and (variance > 0).all()):
        raise NotAdmissible(f"{model.title} gives no numbers here")
    years = tuple(range(series.origin + 1, last_year + 1))
    mean, variance = mean + series.log_level[0], variance + series.covariance[-1, -1]
    if (mean + variance / 2 > LARGEST_LOG).any():
        raise NotAdmissible(f"{model.title} gives a mean beyond any number here")
    return Prediction(years, np.ones(1), mean[None], variance[None])


def ets(log_level: Floats, ahead: int) -> Moments:
    """Exponential smoothing with additive errors and a damped trend (Hyndman and others 2008)."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    # A series, because predictions of an array fail in statsmodels 0.15.
    fitted = ETSModel(pd.Series(log_level), error="add", trend="add", damped_trend=True).fit(disp=False, maxiter=1000)
    found = fitted.get_prediction(start=log_level.size, end=log_level.size + ahead - 1)
    return np.asarray(found.predicted_mean), np.asarray(found.forecast_variance)


def arima(log_level: Floats, ahead: int) -> Moments:
    """ARIMA(p, 1, q) with drift; p and q up to 2 by the corrected criterion of Akaike."""
    from statsmodels.tsa.arima.model import ARIMA

    fits = [ARIMA(log_level, order=(p, 1, q), trend="t").fit() for p, q in product(range(3), range(3)) if p + q <= 2]
    best = min(fits, key=lambda one: float(one.aicc) if np.isfinite(one.aicc) else np.inf)
    found = best.get_forecast(ahead)
    return np.asarray(found.predicted_mean), np.asarray(found.se_mean) ** 2


def structural(log_level: Floats, ahead: int) -> Moments:
    """Local linear trend with irregular component (Harvey 1989)."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    found = UnobservedComponents(log_level, level="local linear trend").fit(disp=False, maxiter=500).get_forecast(ahead)
    return np.asarray(found.predicted_mean), np.asarray(found.se_mean) ** 2


def prophet(log_level: Floats, ahead: int) -> Moments:
    """Prophet's piecewise linear trend of ln(level), without seasons (Taylor and Letham 2018)."""
    draws = prophet_draws(log_level, ahead, PROPHET_SAMPLES)
    return draws.mean(axis=1), draws.var(axis=1)


def prophet_logistic(log_level: Floats, ahead: int) -> Moments:
    """Prophet's logistic growth of the level under ceilings that nobody can know from the series: points of a prior, drawn by their weights.

    The law of ln(level) is the normal one with the median and the 80 % interval of the draws.
    """
    level = np.exp(log_level)
    draws = np.hstack(
        [prophet_draws(level, ahead, int(PROPHET_SAMPLES * weight), level.max() * times) for times, weight in CEILINGS]
    )
    low, middle, high = np.quantile(draws, (0.1, 0.5, 0.9), axis=1)
    if (low <= 0).any():
        raise NotAdmissible("Prophet with a ceiling gives levels below zero here")
    return np.log(middle), (np.log(high / low) / WIDTH_80) ** 2


def prophet_draws(values: Floats, ahead: int, samples: int, ceiling: float | None = None) -> Floats:
    """Draw the coming values (ahead, samples) of one value a year, around a linear trend or a logistic one below a ceiling."""
    from prophet import Prophet

    table = pd.DataFrame({"ds": pd.to_datetime([f"{2000 + year}-12-31" for year in range(values.size + ahead)])})
    model = Prophet(
        yearly_seasonality=False, weekly_seasonality=False, daily_seasonality=False, uncertainty_samples=samples,
        n_changepoints=min(25, values.size // 2), growth="linear" if ceiling is None else "logistic",
    )  # fmt: skip
    if ceiling is not None:
        table["cap"] = ceiling
    state = np.random.get_state()  # noqa: NPY002  (Prophet draws from numpy's global generator)
    try:
        np.random.seed(PROPHET_SEED)  # noqa: NPY002
        model.fit(table.iloc[: values.size].assign(y=values), seed=PROPHET_SEED)
        return np.asarray(model.predictive_samples(table.iloc[values.size :])["yhat"])
    finally:
        np.random.set_state(state)  # noqa: NPY002


CLASSICAL = {
    "ets": ClassicalModel("exponential smoothing", 10, "statsmodels.tsa.exponential_smoothing.ets", ets),
    "arima": ClassicalModel("ARIMA", 10, "statsmodels.tsa.arima.model", arima),
    "structural": ClassicalModel("the structural model", 8, "statsmodels.tsa.statespace.structural", structural),
    "prophet": ClassicalModel("Prophet", 5, "prophet", prophet),
    "prophet-logistic": ClassicalModel("Prophet with a ceiling", 5, "prophet", prophet_logistic),
}


@contextmanager
def quiet_loggers() -> Iterator[None]:
    """Hold back what Prophet and its sampler report on standard error."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
