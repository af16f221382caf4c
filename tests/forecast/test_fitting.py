"""Curve fitting: certified values, laws, verdicts and what is refused."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from forecast.curves import CURVES, user_curve
from forecast.fitting import fit, fit_many
from tests.conftest import require
from tests.forecast.nist_models import MODELS

T = np.arange(15.0)
KNOWN = {
    "linear": (3.0, 0.7),
    "exponential": (2.0, 0.25),
    "logistic": (120.0, 0.6, 7.0),
    "gompertz": (120.0, 0.4, 6.0),
    "richards": (120.0, 0.6, 7.0, 0.5),
    "bass": (120.0, 0.02, 0.45),
}


def benchdata() -> Path:
    named = os.environ.get("SOURCECAST_BENCHDATA")
    return Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "benchdata"


@pytest.fixture(scope="module")
def nist():
    folder = benchdata()
    require((folder / "nist_data.parquet").exists(), "the NIST reference sets (SOURCECAST_BENCHDATA)")
    return pd.read_parquet(folder / "nist_data.parquet"), pd.read_parquet(folder / "nist_certified.parquet")


def digits(found, certified):
    """Smallest number of digits over the parameters."""
    return -np.log10(max(float(np.max(np.abs(found / certified - 1))), 1e-16))


@pytest.mark.parametrize("name", sorted(MODELS))
def test_certified_values_are_hit_from_both_starts(nist, name):
    data, certified = (table[table["dataset"] == name] for table in nist)
    values, deviations = (certified[column].to_numpy(float) for column in ("certified", "certified_sd"))
    curve = user_curve(name, MODELS[name], tuple(certified["param"]))
    assert curve.compiled
    for start in ("start1", "start2"):
        found = fit(curve, data["x"].to_numpy(), data["y"].to_numpy(), certified[start].to_numpy(float))
        assert digits(found.parameters[0], values) >= 8, start
        if name != "Lanczos1":  # its data are exact to rounding, so that its deviations are those of the rounding
            assert digits(found.sd[0], deviations) >= 6, start
            assert found.verdict[0] == "converged"
            assert found.squares[0] == pytest.approx(certified["rss"].iloc[0], rel=1e-8)


@pytest.mark.parametrize("name", ["BoxBOD", "MGH09", "MGH10", "MGH17", "Bennett5", "Eckerle4"])
def test_one_quick_search_is_right_or_says_that_it_is_not(nist, name):
    """These lead most programs astray from their first start; a wrong answer must not be called converged."""
    data, certified = (table[table["dataset"] == name] for table in nist)
    values = certified["certified"].to_numpy(float)
    curve = user_curve(name, MODELS[name], tuple(certified["param"]))
    found = fit_many(curve, data["x"].to_numpy(), data["y"].to_numpy()[None], certified["start1"].to_numpy(float))
    assert found.verdict[0] != "converged" or digits(found.parameters[0], values) >= 4


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_without_noise_gives_its_parameters_back(name):
    curve, truth = CURVES[name], np.array(KNOWN[name])
    found = fit(name, T, curve.value(T, truth))
    assert found.parameters[0] == pytest.approx(truth, rel=1e-6)
    assert found.verdict[0] == "converged"


@pytest.mark.parametrize("name", CURVES)
def test_derivatives_are_those_of_the_value(name):
    curve, p = CURVES[name], np.array(KNOWN[name])
    value, slopes = np.empty(T.size), np.empty((p.size, T.size))
    curve.fill(curve.number, T, p, value, slopes)
    for a in range(p.size):
        step = np.zeros(p.size)
        step[a] = 1e-6 * p[a]
        numeric = (curve.value(T, p + step) - curve.value(T, p - step)) / (2 * step[a])
        np.testing.assert_allclose(slopes[a], numeric, rtol=1e-6, atol=1e-7 * np.abs(numeric).max())


def test_values_are_those_of_the_formulas():
    c, r, m = KNOWN["logistic"]
    np.testing.assert_allclose(CURVES["logistic"].value(T, np.array([c, r, m])), c / (1 + np.exp(-r * (T - m))), rtol=1e-14)
    np.testing.assert_allclose(CURVES["gompertz"].value(T, np.array([c, r, m])), c * np.exp(-np.exp(-r * (T - m))), rtol=1e-13)
    # Richards's curve with asymmetry 1 is the logistic, and close to 0 Gompertz's.
    np.testing.assert_allclose(
        CURVES["richards"].value(T, np.array([c, r, m, 1.0])), CURVES["logistic"].value(T, np.array([c, r, m]))
    )
    np.testing.assert_allclose(
        CURVES["richards"].value(T, np.array([c, r, m, 1e-7])),
        CURVES["gompertz"].value(T, np.array([c, r, m])),
        rtol=1e-5,
        atol=1e-9,
    )
    ceiling, p, q = KNOWN["bass"]
    left = np.exp(-(p + q) * T)
    np.testing.assert_allclose(
        CURVES["bass"].value(T, np.array([ceiling, p, q])), ceiling * (1 - left) / (1 + q / p * left), atol=1e-12
    )
    # far out nothing overflows
    assert np.isfinite(CURVES["logistic"].value(np.array([-1e6, 1e6]), np.array([c, r, m]))).all()


@pytest.fixture(scope="module")
def noisy():
    random = np.random.default_rng(7)
    truth = np.column_stack([random.uniform(50, 200, 300), random.uniform(0.3, 0.9, 300), random.uniform(5, 9, 300)])
    clean = truth[:, [0]] / (1 + np.exp(-truth[:, [1]] * (T - truth[:, [2]])))
    values = clean * (1 + 0.05 * random.standard_normal(clean.shape))
    return values, np.column_stack([1.2 * values.max(axis=1), np.full(300, 0.3), np.full(300, 7.0)])


def test_many_fits_are_those_of_scipy(noisy):
    values, starts = noisy
    found = fit_many("logistic", T, values, starts)
    assert set(found.verdict) == {"converged"}

    def logistic(t, ceiling, rate, midpoint):
        return ceiling / (1 + np.exp(-rate * (t - midpoint)))

    for row in range(0, 300, 10):
        peer, covariance = curve_fit(logistic, T, values[row], starts[row], ftol=1e-15, xtol=1e-15, gtol=1e-15)
        np.testing.assert_allclose(found.parameters[row], peer, rtol=1e-6)
        np.testing.assert_allclose(found.covariance[row], covariance, rtol=1e-3, atol=1e-9)
        assert found.squares[row] <= ((values[row] - logistic(T, *peer)) ** 2).sum() * (1 + 1e-12)


def test_threads_blocks_and_order_change_no_bit(noisy, monkeypatch):
    values, starts = noisy
    first = fit_many("logistic", T, values, starts, threads=1)
    monkeypatch.setattr("forecast.fitting.BLOCK_ROWS", 7)
    again = fit_many("logistic", T, values[::-1], starts[::-1], threads=3)
    assert np.array_equal(first.parameters, again.parameters[::-1])
    assert np.array_equal(first.covariance, again.covariance[::-1])


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.floats(1e-6, 1e9), st.floats(-50, 50))
def test_units_and_years_shift_as_they_should(scale, shift):
    clean = CURVES["logistic"].value(T, np.array(KNOWN["logistic"]))
    values = clean * (1 + 0.03 * np.sin(3 * T))
    base = fit("logistic", T, values).parameters[0]
    other = fit("logistic", T + shift, values * scale).parameters[0]
    assert other == pytest.approx([base[0] * scale, base[1], base[2] + shift], rel=1e-6, abs=1e-6)


def test_the_standard_deviations_are_those_of_repeated_noise():
    """Coverage of 95 % intervals over 400 fits: within 3.5 standard errors (.038), an error of the first kind below .0005."""
    random = np.random.default_rng(11)
    truth = np.array(KNOWN["logistic"])
    values = CURVES["logistic"].value(T, truth) + 3 * random.standard_normal((400, T.size))
    found = fit_many("logistic", T, values)
    inside = np.abs(found.parameters - truth) < 2.179 * found.sd  # Student's t with 12 degrees of freedom
    assert np.abs(inside.mean(axis=0) - 0.95).max() < 0.038


def test_bounds_hold():
    values = CURVES["logistic"].value(T, np.array(KNOWN["logistic"]))
    bounded = user_curve("bounded", MODELS["Rat42"], ("ceiling", "offset", "rate"), lower=(0.0, 0.0, 0.0), upper=(100.0, 20.0, 5.0))
    found = fit(bounded, T, values, (90.0, 4.0, 0.5))
    assert found.parameters[0, 0] == 100.0
    assert found.sd[0, 0] == 0.0
    assert found.verdict[0] == "converged"
    free = fit(user_curve("free", MODELS["Rat42"], ("ceiling", "offset", "rate")), T, values, (90.0, 4.0, 0.5))
    assert found.squares[0] > free.squares[0]


def test_a_curve_in_plain_python_is_fitted_too():
    table = {"two": 2.0}  # numba knows no dictionary of this kind from outside

    def python_only(t, p):
        return p[0] * np.exp(p[1] * t) + table.get("three", 0.0) * len(str(table))

    curve = user_curve("python", python_only, ("start", "rate"))
    assert not curve.compiled
    values = 2.0 * np.exp(0.25 * T) * (1 + 0.01 * np.cos(T))
    found = fit(curve, T, values, (1.0, 0.1))
    peer = fit("exponential", T, values)
    assert found.parameters[0] == pytest.approx(peer.parameters[0], rel=1e-8)
    assert found.sd[0] == pytest.approx(peer.sd[0], rel=1e-5)
    assert found.verdict[0] == "converged"


# What cannot be told


def test_too_few_points_are_undetermined():
    assert fit("logistic", T[:2], np.array([1.0, 2.0])).verdict[0] == "undetermined"


def test_a_constant_series_does_not_determine_a_logistic():
    found = fit_many("logistic", T, np.full((1, T.size), 5.0))
    assert found.verdict[0] != "converged" or found.squares[0] < 1e-12


def test_parameters_that_mean_the_same_are_undetermined():
    twin = user_curve("twin", lambda t, p: (p[0] + p[1]) * np.exp(-p[2] * t), ("a", "b", "rate"))
    found = fit(twin, T, 5 * np.exp(-0.3 * T), (1.0, 2.0, 0.1))
    assert found.verdict[0] == "undetermined"


def test_a_start_without_a_value_gives_no_numbers():
    root = user_curve("root", lambda t, p: p[0] / (p[1] * 0.0 * t), ("a", "b"))
    found = fit(root, T, T, (1.0, 1.0))
    assert found.verdict[0] == "no numbers"
    assert np.isnan(found.parameters).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cubic", T, T), "unknown curve 'cubic'; known: linear"),
        (("linear", T, T[:-1]), "times of shape"),
        (("linear", T, np.full(T.size, np.nan)), "must be finite"),
        (("linear", T, T, (1.0,)), "a start of shape"),
        (("linear", T, T, (1.0, np.inf)), "a start must be finite"),
        ((user_curve("own", MODELS["Rat42"], ("a", "b", "c")), T, T), "no guess of its own"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit(*arguments)
