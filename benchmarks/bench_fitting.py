"""Logistic fits of 15 points with 5 % noise, ours beside scipy's curve_fit (MINPACK's lmder, analytic Jacobian), one thread, the same starts."""

import os

import numpy as np
import pytest
from scipy.optimize import curve_fit

from benchmarks.turns import medians, wait_out
from forecast.fitting import fit_many

QUICK = os.environ.get("SOURCECAST_QUICK_BENCH") == "1"
OURS, PEER = (2_000, 100) if QUICK else (10_000, 1_000)
ROUNDS = 3 if QUICK else 9
T = np.arange(15.0)


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


@pytest.fixture(scope="module")
def in_turns(series) -> dict[str, float]:
    """Median seconds of all our fits and of the peer's, taken in turns of about as long."""
    values, starts = series

    def ours() -> None:
        assert set(fit_many("logistic", T, values, starts, threads=1).verdict) == {"converged"}

    def peer() -> None:
        for row in range(PEER):
            curve_fit(logistic, T, values[row], starts[row], jac=jacobian, method="lm")

    return medians({"ours": ours, "peer": peer}, ROUNDS, {"ours": 9})


@pytest.mark.parametrize("side", ["ours", "peer"])
def test_fits(benchmark, in_turns: dict[str, float], side: str) -> None:
    number = {"ours": OURS, "peer": PEER}[side]
    benchmark.extra_info.update(name="logistic fits", side=side, peer_name="scipy curve_fit", unit="us a fit", work=number * 1e3)
    wait_out(benchmark, in_turns[side])


def test_the_fits_are_those_of_the_peer(series) -> None:
    values, starts = series
    found = fit_many("logistic", T, values[:PEER], starts[:PEER])
    for row, ours in enumerate(found.parameters):
        peer, _, _, _, _ = curve_fit(logistic, T, values[row], starts[row], jac=jacobian, method="lm", ftol=1e-14, xtol=1e-14,
                                     full_output=True)  # fmt: skip
        np.testing.assert_allclose(ours, peer, rtol=1e-6)
        assert found.squares[row] <= np.sum((values[row] - logistic(T, *peer)) ** 2) * (1 + 1e-10)
