"""The reference class: its formulas against a slow twin, its calibration on its own draws, and series of every kind."""

import json

import numpy as np
import pytest

from forecast.reference_class import GRID, STORED, from_vector, stored_class, stored_classes, to_vector
from forecast.reference_prediction import predict_reference
from forecast.series import Series, SeriesKey
from tests.reference.history_reference import level_covariance


def series_of(log_level, years=None, covariance=None):
    n = len(log_level)
    years = tuple(range(2000, 2000 + n)) if years is None else years
    covariance = np.zeros((n, n)) if covariance is None else covariance
    return Series(
        SeriesKey("A", "b", "total", "USD"), years, np.asarray(log_level, dtype=float), covariance, (True,) * n, (), ((),) * n
    )


def draws(count, known, ahead, seed):
    """Draw log levels of series of the class itself: a volatility and a kind, then its Gaussian levels."""
    random = np.random.default_rng(seed)
    nodes = stored_class(known).nodes
    chance = np.exp(nodes.log_prior) / np.exp(nodes.log_prior).sum()
    rows = []
    for node in random.choice(chance.size, count, p=chance):
        parts = (nodes.own[node], nodes.persistence[node], nodes.noise[node], nodes.long_run[node])
        covariance = level_covariance(tuple(range(known + ahead)), *parts)
        rows.append(np.linalg.cholesky(covariance + 1e-12 * np.eye(known + ahead)) @ random.standard_normal(known + ahead))
    return np.array(rows)


@pytest.mark.parametrize("known", [1, 2, 4, 8, 14])
def test_series_of_the_class_are_covered_as_promised(known):
    """400 draws from the class itself, three years ahead: 80 % within 3.5 standard errors (.07), an error of the first kind below .0005."""
    inside = []
    for row in draws(400, known, 3, seed=known):
        prediction = predict_reference(series_of(row[:known]), 2000 + known + 2)
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
    prior = np.exp(stored_class(1).nodes.log_prior)
    np.testing.assert_allclose(prediction.weights, prior / prior.sum())
    by_volatility = prediction.weights.reshape(GRID.size, -1).sum(axis=1)
    np.testing.assert_allclose(by_volatility, np.exp(-0.5 * GRID**2) / np.exp(-0.5 * GRID**2).sum())


def test_the_optimisers_vector_holds_all_parameters():
    for _, of in stored_classes():
        assert to_vector(from_vector(to_vector(of))) == pytest.approx(to_vector(of))


def test_long_histories_have_a_class_of_their_own():
    assert [fewest for fewest, _ in stored_classes()] == [1, 8]
    assert stored_class(1) is stored_class(7) is stored_classes()[0][1]
    assert stored_class(8) is stored_class(1000) is stored_classes()[1][1]
    assert stored_class(7).nodes.log_prior.size == stored_class(8).nodes.log_prior.size  # one array holds what is prepared of both


def test_the_stored_class_says_where_it_comes_from_and_what_it_reached():
    content = json.loads(STORED.read_text(encoding="utf-8"))
    assert content["version"] == 4
    assert "m4comp2016" in content["learned_on"]
    assert content["script"] == "benchmarks/learn_reference_class.py"
    assert {name: set(one["score"]) for name, one in content["classes"].items()} == {
        "short": {"1", "2", "3", "4", "6", "12"},
        "long": {"6", "8", "11", "14"},
    }
    assert all(76 <= row["coverage_80"] <= 88 for one in content["classes"].values() for row in one["score"].values())
