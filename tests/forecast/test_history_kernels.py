"""Kernels of histories against slow twins, and against libraries where one has the method."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.holtwinters import Holt

from forecast import history_kernels as kernels
from tests.reference import history_reference as twin

OWN, PERSISTENCE, NOISE, LONG_RUN = (np.array(values) for values in ([0.02, 0.001], [0.3, 0.9], [0.003, 1e-6], [1e-4, 4e-4]))
AHEAD = 4


def prepared(elapsed, doubt):
    k = len(elapsed) - 1
    factor, gain, variance = np.zeros((2, k, k)), np.zeros((2, AHEAD, k)), np.zeros((2, AHEAD))
    kernels.condition(np.array(elapsed), doubt, AHEAD, OWN, PERSISTENCE, NOISE, LONG_RUN, factor, gain, variance)
    return factor, gain, variance


@pytest.mark.parametrize("elapsed", [(0,), (0, 1, 2, 3), (0, 2, 3, 7)])
@pytest.mark.parametrize("doubtful", [False, True])
def test_moments_are_those_of_conditioning_on_all_levels(elapsed, doubtful):
    n = len(elapsed)
    random = np.random.default_rng(n)
    root = 0.05 * random.standard_normal((n, n))
    doubt = root @ root.T if doubtful else np.zeros((n, n))
    levels = 5.0 + np.cumsum(random.normal(0.1, 0.2, n))
    factor, gain, variance = prepared(elapsed, doubt)
    weights, centre = np.empty(2), np.empty((2, AHEAD))
    kernels.weigh(levels, np.zeros(2), factor, gain, weights, centre)
    coming = tuple(elapsed[-1] + year for year in range(1, AHEAD + 1))
    for node in range(2):
        mean, spread = twin.conditional_moments(
            elapsed, coming, levels, doubt, OWN[node], PERSISTENCE[node], NOISE[node], LONG_RUN[node]
        )
        np.testing.assert_allclose(centre[node], mean, atol=2e-4)
        np.testing.assert_allclose(variance[node], spread, rtol=2e-3)


def test_kinds_are_weighed_by_their_likelihood():
    elapsed, levels = (0, 1, 2, 3, 4), np.array([1.0, 1.3, 1.2, 1.6, 1.5])
    factor, gain, _ = prepared(elapsed, np.zeros((5, 5)))
    weights, centre = np.empty(2), np.empty((2, AHEAD))
    prior = np.log([0.25, 0.75])
    kernels.weigh(levels, prior, factor, gain, weights, centre)
    log_density = []
    for node in range(2):
        covariance = twin.level_covariance(elapsed, OWN[node], PERSISTENCE[node], NOISE[node], LONG_RUN[node])
        rises = np.eye(5)[1:] - np.eye(5)[0]
        rise_covariance = rises @ covariance @ rises.T
        rise = levels[1:] - levels[0]
        log_density.append(-0.5 * rise @ np.linalg.solve(rise_covariance, rise) - 0.5 * np.linalg.slogdet(rise_covariance)[1])
    expected = np.exp(prior + log_density)
    np.testing.assert_allclose(weights, expected / expected.sum(), rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_theta_methods_equal_their_twins(seed):
    random = np.random.default_rng(seed)
    levels = 100 * np.exp(np.cumsum(random.normal(0.05, 0.15, 9 + seed)))
    found = np.empty(AHEAD)
    kernels.extrapolate_theta(levels, found)
    np.testing.assert_allclose(found, twin.theta(levels, AHEAD, kernels.SMOOTHING), rtol=1e-9)
    kernels.extrapolate_dynamic_theta(levels, found)
    np.testing.assert_allclose(
        found, twin.dynamic_theta(levels, AHEAD, kernels.SMOOTHING[::2], kernels.THETAS), rtol=1e-8
    )  # fmt: skip


def test_the_damped_trend_is_that_of_statsmodels_at_its_own_constants():
    random = np.random.default_rng(7)
    levels = 50 + np.cumsum(random.normal(1.0, 0.5, 15))
    found, best = np.empty(AHEAD), (np.inf, None)
    kernels.extrapolate_damped(levels, found)
    first = (levels[3] - levels[0]) / 3
    for smoothing in kernels.DAMPED_SMOOTHING:
        for share in kernels.TREND_SMOOTHING:
            for damping in kernels.DAMPING:
                # The library starts before the first level, the kernel at it.
                model = Holt(
                    levels[1:], damped_trend=True, initialization_method="known", initial_level=levels[0], initial_trend=first
                )
                fit = model.fit(
                    smoothing_level=smoothing, smoothing_trend=share, damping_trend=damping, optimized=False
                )  # fmt: skip
                if fit.sse < best[0]:
                    best = (fit.sse, fit.forecast(AHEAD))
    np.testing.assert_allclose(found, best[1], rtol=1e-9)


def test_drift_goes_through_the_ends():
    found = np.empty(3)
    kernels.extrapolate_drift(np.array([2.0, 9.0, 8.0]), found)
    np.testing.assert_allclose(found, [11.0, 14.0, 17.0])


@pytest.mark.parametrize(("count", "spread"), [(8, 0.1), (14, 0.0), (30, 0.03), (90, 2.0)])
def test_members_are_weighed_by_volatility_and_length(count, spread):
    random = np.random.default_rng(count)
    levels, coefficients = np.cumsum(random.normal(0.04, spread, count)), random.normal(size=(kernels.METHODS, kernels.FEATURES))
    features, found = np.empty(kernels.FEATURES), np.empty(kernels.METHODS + 1)
    kernels.describe(kernels.volatility_of(levels[-14:]), count, features)
    kernels.weigh_members(features, coefficients, found)
    np.testing.assert_allclose(found, twin.member_weights(levels, coefficients, 14), rtol=1e-9)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 25))
def test_quantiles_of_any_mixture(seed, count):
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.full(count, 0.3)) + 1e-5
    weights /= weights.sum()
    centre, sd = random.normal(size=count) * 10 ** random.uniform(-3, 2), 10 ** random.uniform(-4, 1, count)
    probabilities = np.array([1e-4, 0.025, 0.05, 0.5, 0.51, 0.95, 0.975, 0.9999])
    found = np.empty(probabilities.size)
    kernels.fill_quantiles(weights, centre, sd**2, probabilities, found)
    np.testing.assert_allclose(found, twin.mixture_quantiles(weights, centre, sd, probabilities), atol=1e-6 * sd.min() + 1e-12)
    assert (np.diff(found) > 0).all()
