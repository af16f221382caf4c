"""Scores: hand calculations, properness, and their relation to each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from forecast.scores import PINBALL_LEVELS, coverage, coverage_band, crps, interval_score, pinball, scale_of


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
