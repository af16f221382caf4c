"""The reference class: its formulas against a slow twin, its calibration on its own draws, and series of every kind."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from forecast.reference_class import (
    GRID,
    MIDDLE,
    STORED,
    conditional,
    from_vector,
    predict_reference,
    stored_class,
    to_vector,
)
from forecast.series import Series, SeriesKey

CLASS = stored_class()


def series_of(log_level, years=None, covariance=None):
    n = len(log_level)
    years = tuple(range(2000, 2000 + n)) if years is None else years
    covariance = np.zeros((n, n)) if covariance is None else covariance
    return Series(
        SeriesKey("A", "b", "total", "USD"), years, np.asarray(log_level, dtype=float), covariance, (True,) * n, (), ((),) * n
    )


def level_covariance(s, years, of=CLASS):
    """Covariance of the observed log levels of some years around the first trend level: the model said in another way."""
    place = np.clip(np.log(s / MIDDLE), -2.5, 2.5)
    own = np.exp(of.own_log + of.own_slope * place) * s * s
    noise = np.exp(np.clip(of.noise_log + of.noise_slope * place + of.noise_bend * place**2, -12, 6)) * s * s
    first, last = min(years), max(years)
    growth = np.arange(first + 1, last + 1)
    yearly = of.long_run_sd**2 + own * of.persistence ** np.abs(growth[:, None] - growth) + s * s * np.eye(growth.size)
    summed = np.array([(growth <= year).astype(float) for year in years])
    return summed @ yearly @ summed.T + noise * np.eye(len(years))


@pytest.mark.parametrize("years", [(2000, 2001, 2002), (2000, 2003, 2004, 2008), (2005,)])
def test_the_conditional_moments_are_those_of_the_levels(years):
    """Twin: condition future levels on known ones by the covariance of levels, with the first level unknown (a wide prior)."""
    of = replace(CLASS, widening=0.0)
    ahead = 3
    prepared = conditional(of, tuple(np.diff(years).tolist()), np.zeros((len(years),) * 2), ahead)
    coming = tuple(years[-1] + year for year in range(1, ahead + 1))
    known = len(years)
    for number, s in enumerate(of.volatilities):
        joint = level_covariance(s, (*years, *coming))
        joint += 1e6 * joint.max()  # the unknown first level
        gain = np.linalg.solve(joint[:known, :known], joint[:known, known:])
        variance = np.diag(joint[known:, known:] - joint[known:, :known] @ gain)
        np.testing.assert_allclose(prepared.variance[number], variance, rtol=1e-4)
        if known > 1:
            levels = np.linspace(0.0, 0.4, known)
            drift = of.long_run_level + of.long_run_slope * s
            straight = levels - drift * (np.array(years) - years[0])
            expected = gain.T @ straight + drift * (np.array(coming) - years[0])
            found = (
                levels[-1] + drift * np.arange(1, ahead + 1) + (np.diff(levels) - drift * np.diff(years)) @ prepared.gain[number]
            )
            np.testing.assert_allclose(found, expected, atol=1e-4)


def draws(count, known, ahead, seed):
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        s = CLASS.typical * np.exp(CLASS.spread * random.standard_normal())
        years = tuple(range(known + ahead))
        noise = np.linalg.cholesky(level_covariance(s, years) + 1e-12 * np.eye(known + ahead))
        rows.append(
            (CLASS.long_run_level + CLASS.long_run_slope * s) * np.arange(known + ahead)
            + noise @ random.standard_normal(known + ahead)
        )
    return np.array(rows)


@pytest.mark.parametrize("known", [1, 2, 4, 8])
def test_series_of_the_class_are_covered_as_promised(known):
    """400 draws from the class itself, three years ahead: 80 % within 3.5 standard errors (.07), an error of the first kind below .0005."""
    inside = []
    for row in draws(400, known, 3, seed=known):
        prediction = predict_reference(series_of(row[:known]), 2000 + known + 2, replace(CLASS, widening=0.0))
        low, high = np.log(prediction.quantiles((0.1, 0.9)))[:, -1]
        inside.append(low <= row[-1] <= high)
    assert abs(np.mean(inside) - 0.8) < 0.07


def test_a_steady_series_is_carried_on_and_a_jumpy_one_is_not():
    steady = predict_reference(series_of(0.1 * np.arange(8)), 2010)
    growth = steady.log_moments()[0][-1] / 3 - 0.7 / 3
    assert 0.05 < growth < 0.11
    jumpy = predict_reference(series_of(np.array([0.0, 1.0, -0.4, 0.8, -0.2, 1.1, 0.0, 1.5])), 2010)
    assert jumpy.log_moments()[0][0] < 1.45  # the last jump is mostly noise
    assert jumpy.log_moments()[1][0] > 50 * steady.log_moments()[1][0]


def test_units_and_years_shift_as_they_should():
    levels = np.array([1.0, 1.2, 1.25, 1.5])
    base = predict_reference(series_of(levels), 2006).quantiles((0.1, 0.5, 0.9))
    other = predict_reference(series_of(levels + np.log(1000), years=(1990, 1991, 1992, 1993)), 1996).quantiles((0.1, 0.5, 0.9))
    np.testing.assert_allclose(other, 1000 * base, rtol=1e-9)


def test_doubt_about_known_levels_widens_and_softens():
    levels = np.array([1.0, 1.02, 1.04])
    sure = predict_reference(series_of(levels), 2004)
    unsure = predict_reference(series_of(levels, covariance=0.01 * np.eye(3)), 2004)
    assert (unsure.log_moments()[1] > sure.log_moments()[1]).all()
    assert unsure.log_moments()[0][-1] < sure.log_moments()[0][-1]


@pytest.mark.parametrize(
    "levels", [[5.0], [5.0, 5.0, 5.0], [0.0, np.log(100)], [-30.0, -29.5], [60.0, 60.1, 60.3], list(np.linspace(0, 50, 1000))],
    ids=["one point", "constant", "a jump", "tiny", "huge", "a thousand"],
)  # fmt: skip
def test_any_series_gets_numbers_whose_quantiles_do_not_cross(levels):
    prediction = predict_reference(series_of(levels), 2000 + len(levels) + 19)
    quantiles = prediction.quantiles((0.025, 0.1, 0.5, 0.9, 0.975))
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=0) >= 0).all()
    assert prediction.weights.sum() == pytest.approx(1.0)


def test_without_growth_the_grid_keeps_its_prior():
    prediction = predict_reference(series_of([5.0]), 2003)
    prior = np.exp(-0.5 * GRID**2)
    np.testing.assert_allclose(prediction.weights, prior / prior.sum())
    assert (ndtr(GRID) > 0).all()


def test_the_optimisers_vector_holds_all_parameters():
    assert to_vector(from_vector(to_vector(CLASS))) == pytest.approx(to_vector(CLASS))


def test_the_stored_class_says_where_it_comes_from_and_what_it_reached():
    content = json.loads(STORED.read_text(encoding="utf-8"))
    assert content["version"] == 1
    assert "m4comp2016" in content["learned_on"]
    assert content["script"] == "benchmarks/learn_reference_class.py"
    assert set(content["score"]) == {"1", "2", "3", "4", "6"}
    assert all(76 <= one["coverage_80"] <= 84 for one in content["score"].values())
