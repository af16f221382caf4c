"""Logistic fits of 15 points with 5 % noise, ours beside scipy's curve_fit (MINPACK's lmder, analytic Jacobian), one thread, the same starts."""

import os

import numpy as np
import pytest
from scipy.optimize import curve_fit

from forecast.fitting import fit_many

QUICK = os.environ.get("SOURCECAST_QUICK_BENCH") == "1"
OURS, PEER = (2_000, 100) if QUICK else (10_000, 1_000)
ROUNDS = 3 if QUICK else 9
T = np.arange(15.0)
INFO = {"name": "logistic fits", "unit": "us a fit", "peer_name": "scipy curve_fit"}


def logistic(t, ceiling, rate, midpoint):
    return ceiling / (1 + np.exp(-rate * (t - midpoint)))


def jacobian(t, ceiling, rate, midpoint):
    away = np.exp(-rate * (t - midpoint))
    share = 1 / (1 + away)
    slope = ceiling * share * share * away
    return np.stack([share, slope * (t - midpoint), -slope * rate], axis=1)


@pytest.fixture(scope="module")
def series():
    random = np.random.default_rng(1)
    truth = np.column_stack([random.uniform(50, 200, OURS), random.uniform(0.3, 0.9, OURS), random.uniform(5, 9, OURS)])
    values = np.array([logistic(T, *row) for row in truth]) * (1 + 0.05 * random.standard_normal((OURS, T.size)))
    return values, np.column_stack([1.2 * values.max(axis=1), np.full(OURS, 0.3), np.full(OURS, 7.0)])


def test_fitting_ours(benchmark, series):
    benchmark.extra_info |= INFO | {"side": "ours", "work": OURS * 1e3}
    found = benchmark.pedantic(fit_many, ("logistic", T, *series), {"threads": 1}, rounds=ROUNDS, warmup_rounds=1)
    assert set(found.verdict) == {"converged"}


def test_fitting_peer(benchmark, series):
    benchmark.extra_info |= INFO | {"side": "peer", "work": PEER * 1e3}
    values, starts = series

    def fits():
        return [curve_fit(logistic, T, values[row], starts[row], jac=jacobian, method="lm")[0] for row in range(PEER)]

    found = benchmark.pedantic(fits, rounds=ROUNDS, warmup_rounds=1)
    ours = fit_many("logistic", T, values[:PEER], starts[:PEER]).parameters
    # The peer stops at its default tolerance of 1.5e-8 of the squares, some 1e-5 from the minimum.
    np.testing.assert_allclose(found, ours, rtol=1e-4)
