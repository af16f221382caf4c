"""The models of statsmodels and Prophet behind the common door: known truths, laws, and what they cannot serve."""

import logging
import warnings

import numpy as np
import pandas as pd
import pytest

from forecast import believe
from forecast.classical import CLASSICAL, PROPHET_SAMPLES, NotAdmissible, predict_classical
from forecast.forecast_table import Service, forecast_table
from forecast.series import Series, SeriesKey
from tests.made_up import catalogue_of, level

RANDOM = np.random.default_rng(5)
GROWING = 10 + np.cumsum(0.08 + 0.03 * RANDOM.standard_normal(24))


def series_of(log_level, first=1990, sd=0.0, years=None):
    n = len(log_level)
    years = tuple(range(first, first + n)) if years is None else years
    key = SeriesKey("Wuxi", "employees", "total", "persons")
    return Series(key, years, np.asarray(log_level, dtype=float), np.eye(n) * sd**2, (True,) * n, (), ((),) * n)


@pytest.mark.parametrize("name", CLASSICAL)
def test_a_steady_growth_is_carried_on(name):
    found = predict_classical(name, series_of(GROWING), 2016)
    assert found.years == (2014, 2015, 2016)
    expected = GROWING[-1] + 0.08 * np.arange(1, 4)
    assert np.abs(found.mean[0] - expected).max() < 0.09
    # Prophet's variance is that of 2,000 draws: five standard errors.
    noise = 5 * np.sqrt(2 / PROPHET_SAMPLES) * found.variance[0, 1:] if name == "prophet" else 0.0
    assert (np.diff(found.variance[0]) > -noise).all()
    assert 0.01 < np.sqrt(found.variance[0, 0]) < 0.08


@pytest.mark.parametrize("name", CLASSICAL)
def test_units_and_years_shift_as_they_should(name):
    base = predict_classical(name, series_of(GROWING), 2016)
    other = predict_classical(name, series_of(GROWING + np.log(1000), first=1970), 1996)
    np.testing.assert_allclose(other.mean[0] - np.log(1000), base.mean[0], atol=0.002)
    assert other.years == (1994, 1995, 1996)


@pytest.mark.parametrize("name", CLASSICAL)
def test_the_same_series_gives_the_same_bytes_and_leaves_numpys_generator_alone(name):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    first, again = (predict_classical(name, series_of(GROWING), 2016) for _ in range(2))
    assert first.mean.tobytes() == again.mean.tobytes()
    assert first.variance.tobytes() == again.variance.tobytes()
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002


@pytest.mark.parametrize("name", CLASSICAL)
def test_the_doubt_about_the_last_level_is_added(name):
    sure, unsure = (predict_classical(name, series_of(GROWING, sd=sd), 2016) for sd in (0.0, 0.1))
    np.testing.assert_allclose(unsure.variance[0] - sure.variance[0], 0.01)


@pytest.mark.parametrize("name", CLASSICAL)
def test_nothing_is_said_on_standard_error_and_loggers_stay_as_they_were(name, capfd):
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        predict_classical(name, series_of(GROWING[:10]), 2002)
    assert logging.root.manager.disable == before
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", CLASSICAL)
def test_what_a_model_cannot_serve_has_a_reason(name):
    title, least = CLASSICAL[name].title, CLASSICAL[name].least_years
    with pytest.raises(NotAdmissible, match=f"{title} needs {least} years in a row, fewer are known"):
        predict_classical(name, series_of(GROWING[: least - 1]), 2016)
    years = tuple(year for year in range(1990, 2015) if year != 2000)
    with pytest.raises(NotAdmissible, match="some are missing"):
        predict_classical(name, series_of(GROWING, years=years), 2016)
    with pytest.raises(NotAdmissible, match="whose growth varies"):
        predict_classical(name, series_of(0.1 * np.arange(12)), 2016)


@pytest.mark.parametrize("name", CLASSICAL)
@pytest.mark.parametrize("scale", [1e-6, 1e12])
def test_wild_series_give_numbers_or_a_reason(name, scale):
    jump = np.log(scale) + np.where(np.arange(24) < 12, 0.0, np.log(100)) + 0.01 * np.sin(np.arange(24))
    try:
        found = predict_classical(name, series_of(jump), 2016)
    except NotAdmissible as reason:
        assert "no numbers" in str(reason)  # noqa: PT017
        return
    quantiles = found.quantiles((0.05, 0.5, 0.95))
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=0) >= 0).all()


def test_a_ceiling_bends_growth_that_a_line_would_carry_on():
    """Doubled every other year: after ten years more a line is 32 times higher, while no ceiling of the prior is beyond 7.4 times."""
    steep = series_of(10 + 0.35 * np.arange(10) + 0.02 * np.random.default_rng(2).standard_normal(10))
    line, below = (predict_classical(name, steep, 2009) for name in ("prophet", "prophet-logistic"))
    assert line.mean[0, -1] - steep.log_level[-1] > np.log(20)
    assert np.log(2) < below.mean[0, -1] - steep.log_level[-1] < np.log(3.0 * np.exp(0.7 * 1.2816)) + 0.1
    assert (np.diff(below.mean[0]) > 0).all()


def test_noise_that_reaches_below_zero_is_refused():
    """Prophet adds its noise to the level: a series that leaps between small and large has draws that no level can have."""
    leaping = series_of(10 + 1.5 * np.random.default_rng(3).standard_normal(12))
    with pytest.raises(NotAdmissible, match="Prophet with a ceiling gives levels below zero here"):
        predict_classical("prophet-logistic", leaping, 2004)


def test_a_table_leaves_out_what_a_model_cannot_serve_and_counts_it():
    values = np.exp(GROWING[:12])
    facts = [level("Wuxi", "employees", 2001 + number, value, "persons") for number, value in enumerate(values)]
    facts += [level("Suzhou", "employees", year, 1000.0 + year, "persons") for year in (2010, 2011)]
    service = Service()
    rows = pd.DataFrame(forecast_table(believe(catalogue_of(facts)), "2014", model="ets", service=service))
    assert set(rows["place"]) == {"Wuxi"}
    assert set(rows["model"]) == {"ets"}
    assert list(rows["period"]) == [str(year) for year in range(2001, 2015)]
    assert service.left_out == {"exponential smoothing needs 10 years in a row, fewer are known": 1}
