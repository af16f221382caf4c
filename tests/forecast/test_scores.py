"""Scores: hand calculations, properness, and their relation to each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest, norm

from forecast.prediction import Prediction
from forecast.scores import (
    PINBALL_LEVELS,
    brier,
    coverage,
    coverage_band,
    crps,
    interval_score,
    log_score,
    pinball,
    probability_integral,
    scale_of,
)

MIXTURE = Prediction((2013, 2014), np.array([0.3, 0.7]), np.array([[1.0, 1.5], [1.2, 1.4]]), np.array([[0.04, 0.09], [0.01, 0.25]]))
NORMAL = Prediction((2013,), np.ones(1), np.array([[2.0]]), np.array([[0.25]]))


def test_pinball_by_hand():
    # 10 against a 90 percent quantile of 8: .9 x 2; of 13: .1 x 3
    assert pinball(np.array([10.0, 10.0]), np.array([[8.0, 13.0]]), np.array([0.9])) == pytest.approx(np.array([[1.8, 0.3]]))


def test_interval_score_by_hand():
    # width 4, and 2 / .2 x 1 for what lies one above
    assert interval_score(np.array([5.0, 7.0]), np.array([2.0, 2.0]), np.array([6.0, 6.0]), 0.2) == pytest.approx([4.0, 14.0])


def test_crps_is_near_that_of_the_formula():
    # For a standard normal and an outcome y: y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi)
    levels = (np.arange(2000) + 0.5) / 2000
    outcomes = np.array([-1.0, 0.0, 0.7, 2.5])
    quantiles = np.repeat(norm.ppf(levels)[:, None], 4, axis=1)
    exact = outcomes * (2 * norm.cdf(outcomes) - 1) + 2 * norm.pdf(outcomes) - 1 / np.sqrt(np.pi)
    assert crps(outcomes, quantiles, levels) == pytest.approx(exact, abs=2e-3)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.floats(0.3, 3.0), st.floats(-2.0, 2.0))
def test_no_forecast_beats_the_truth_on_average(spread, shift):
    """Proper scores: 4,000 outcomes of a standard normal; the margin is three standard errors of the paired difference."""
    outcomes = np.random.default_rng(2).standard_normal(4000)
    truth = np.repeat(norm.ppf(PINBALL_LEVELS)[:, None], outcomes.size, axis=1)
    other = shift + spread * truth
    gain = crps(outcomes, other) - crps(outcomes, truth)
    assert gain.mean() > -3 * gain.std() / np.sqrt(outcomes.size)


@settings(derandomize=True, deadline=None)
@given(st.floats(1e-3, 1e6))
def test_scores_scale_with_the_unit(unit):
    outcomes, quantiles = np.array([1.0, 2.0]), np.sort(np.random.default_rng(1).standard_normal((19, 2)), axis=0)
    assert crps(unit * outcomes, unit * quantiles) == pytest.approx(unit * crps(outcomes, quantiles))
    assert scale_of(unit * np.array([1.0, 3.0, 2.0])) == pytest.approx(1.5 * unit)


def test_coverage_and_its_band():
    assert coverage(np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4), np.full(4, 3.0)) == 0.75
    low, high = coverage_band(0.8, 100)
    assert (low, high) == pytest.approx((0.72, 0.87), abs=0.011)
    # a band that holds with its probability: 2,000 trials of 100 intervals, three standard errors
    share = np.random.default_rng(3).binomial(100, 0.8, 2000) / 100
    assert np.mean((low <= share) & (share <= high)) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 2000)


def density(y, column=1):
    return float(MIXTURE.weights @ norm.pdf(y, MIXTURE.mean[:, column], np.sqrt(MIXTURE.variance[:, column])))


def cumulative(y, column=1):
    return float(MIXTURE.weights @ norm.cdf(y, MIXTURE.mean[:, column], np.sqrt(MIXTURE.variance[:, column])))


@pytest.mark.parametrize("y", [0.2, 1.4, 2.3])
def test_the_log_score_of_an_exact_outcome_is_the_density(y):
    assert log_score(MIXTURE, 2014, y, y) == pytest.approx(-np.log(density(y)), rel=1e-12)


@pytest.mark.parametrize(("low", "high"), [(0.2, 0.9), (1.3, 1.5), (1.4, 1.4001), (2.0, 3.0)])
def test_the_log_score_of_a_rounded_outcome_is_the_mean_density_of_its_interval(low, high):
    expected = -np.log((cumulative(high) - cumulative(low)) / (high - low))
    assert log_score(MIXTURE, 2014, low, high) == pytest.approx(expected, rel=1e-9)


def test_the_log_score_goes_over_smoothly_from_interval_to_point():
    wide, narrow = (log_score(MIXTURE, 2014, 1.1 - half, 1.1 + half) for half in (4e-6, 1e-7))
    assert wide == pytest.approx(narrow, abs=1e-9)


@pytest.mark.parametrize("side", [-1, 1])
def test_the_log_score_stays_right_far_out(side):
    # 30 to 31 sd out: P = e^-454.3, which the difference of two cumulated probabilities near one would lose
    low, high = sorted((2.0 + side * 15.0, 2.0 + side * 15.5))
    expected = -(norm.logsf(30) + np.log1p(-np.exp(norm.logsf(31) - norm.logsf(30))) - np.log(0.5))
    assert log_score(NORMAL, 2013, low, high) == pytest.approx(expected, rel=1e-12)


def test_the_pit_is_the_cumulated_probability_placed_inside_the_interval():
    assert probability_integral(MIXTURE, 2014, 1.3, 1.3) == pytest.approx(cumulative(1.3), rel=1e-12)
    expected = cumulative(1.2) + 0.25 * (cumulative(1.6) - cumulative(1.2))
    assert probability_integral(MIXTURE, 2014, 1.2, 1.6, 0.25) == pytest.approx(expected, rel=1e-12)


def test_the_pit_of_rounded_outcomes_is_uniform_when_the_forecast_is_true():
    # Rounded to half a standard deviation; 3,000 outcomes; Kolmogorov-Smirnov at 1 %.
    random = np.random.default_rng(8)
    rounded = np.round(random.normal(2.0, 0.5, 3000) / 0.25) * 0.25
    found = [probability_integral(NORMAL, 2013, y - 0.125, y + 0.125, w) for y, w in zip(rounded, random.random(3000), strict=True)]
    assert kstest(found, "uniform").pvalue > 0.01
    middles = [probability_integral(NORMAL, 2013, y, y) for y in rounded]
    assert kstest(middles, "uniform").pvalue < 1e-6


def test_the_true_distribution_has_the_best_log_score():
    outcomes = np.random.default_rng(4).normal(2.0, 0.5, 4000)
    for mean, variance in ((2.2, 0.25), (2.0, 0.1), (2.0, 0.6)):
        other = Prediction((2013,), np.ones(1), np.array([[mean]]), np.array([[variance]]))
        gain = np.array([log_score(other, 2013, y, y) - log_score(NORMAL, 2013, y, y) for y in outcomes])
        assert gain.mean() > 3 * gain.std() / np.sqrt(gain.size)


def test_brier_by_hand():
    assert brier(np.array([0.8, 0.8, 0.1]), np.array([1.0, 0.0, 0.0])) == pytest.approx([0.04, 0.64, 0.01])
