"""The exact grid against sampling of the same model: stored summaries of benchmarks/oracle.py on three fixed panels.

The summaries are fixed, so nothing here is random; when they are made anew, every tolerance is at least four Monte Carlo errors wide.
"""

import json
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from benchmarks.oracle_panels import AHEAD, FOLDER, PLANS, VERSION, make_panel
from forecast.belief import Belief, family_belief, series_belief
from forecast.pooling import DIFFUSE_VARIANCE, grid, pool
from forecast.prediction import Prediction, predict
from forecast.priors import LEVEL_NOISE, NATION_OWN_FACTOR, PRIORS, SMOOTH
from forecast.series import Series, SeriesKey

STORED = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
TOLERANCE = {"mean": 0.02, "sd": 0.02, "q05": 0.05, "q95": 0.05}  # in posterior standard deviations
NATIONS = {"Nation"}
NODE = ("fade", "persistence", "scale")
every_panel = pytest.mark.parametrize("name", [plan.name for plan in PLANS])


def prior_of(panel):
    """The prior that the panel states."""
    stated = {key: tuple(map(tuple, value)) if key in NODE else value for key, value in panel["prior"].items()}
    assert stated.pop("nation_factor") == NATION_OWN_FACTOR
    assert stated.pop("first_level_sd") ** 2 == DIFFUSE_VARIANCE
    return replace(PRIORS["contracts"], **stated)


def series_of(one):
    """A series of a panel."""
    assert one["noise_share"] == LEVEL_NOISE.get(one["measure"], SMOOTH)
    key, n_years = SeriesKey(one["place"], one["measure"], "total", "USD"), len(one["years"])
    levels, covariance = np.array(one["log_level"]), np.array(one["covariance"])
    return Series(key, tuple(one["years"]), levels, covariance, (True,) * n_years, (), ((),) * n_years)


def on_the_grid(panel, prior):
    """Posterior of every compared quantity by forecast.pooling and forecast.prediction, as a mixture over the nodes."""
    series = [series_of(one) for one in panel["series"]]
    pooled = pool(series, NATIONS, prior)
    width = pooled.common_mean.shape[1]
    found = {}

    def add(name, mean, variance):
        found[name] = Prediction((0,), pooled.weights, mean[:, None], variance[:, None])

    def add_combination(name, member, own, common):
        """Add own @ (trend, d, a) + common @ (m, F) of one series."""
        factor = own @ member.slope + common
        mean = member.base @ own + np.einsum("kd,kd->k", factor, pooled.common_mean)
        known = np.einsum("kd,kde,ke->k", factor, pooled.common_covariance, factor)
        add(name, mean, known + np.einsum("i,kij,j->k", own, member.covariance, own))

    add("m", pooled.common_mean[:, 0], pooled.common_covariance[:, 0, 0])
    add("F in the last year", pooled.common_mean[:, -1], pooled.common_covariance[:, -1, -1])
    add("fade", pooled.nodes.fade, np.zeros(len(pooled.weights)))
    normal = replace(family_belief(pooled, prior), tail=float("inf"))  # the model that is sampled is Gaussian
    belief = Belief("", MappingProxyType({prior.family: normal}), (), MappingProxyType({prior.family: prior}))
    for number in panel["watched"]:
        one, member = series[number], pooled.member(number)
        m_and_f = np.zeros(width)
        m_and_f[[0, 1 + one.origin - pooled.first_year]] = 1.0
        add_combination(f"{one.key.place}: trend", member, np.array([1.0, 0.0, 0.0]), np.zeros(width))
        add_combination(f"{one.key.place}: growth", member, np.array([0.0, 1.0, 1.0]), m_and_f)
        of_series = series_belief(one, pooled.member(number), pooled)
        coming = predict(belief, of_series, one.origin + max(AHEAD))
        for ahead in AHEAD:
            add(f"{one.key.place}: ln(level) {ahead} ahead", coming.mean[:, ahead - 1], coming.variance[:, ahead - 1])
    return found


def differences(stored, prior):
    """Sampled less exact, in exact posterior standard deviations: {(quantity, statistic): difference}."""
    found = {}
    exact = on_the_grid(stored["panel"], prior)
    assert set(exact) == set(stored["summary"])
    for name, sampled in stored["summary"].items():
        mean, variance = (float(moment[0]) for moment in exact[name].log_moments())
        values = {"mean": mean, "sd": variance**0.5}
        if name != "fade":  # it has five values: a quantile would say nothing
            low, high = np.log(exact[name].quantiles((0.05, 0.95)))[:, 0]
            values |= {"q05": low, "q95": high}
        found |= {(name, statistic): (sampled[statistic] - value) / variance**0.5 for statistic, value in values.items()}
    return found


@every_panel
def test_the_grid_agrees_with_sampling(name):
    stored = STORED[name]
    found = differences(stored, prior_of(stored["panel"]))
    assert len(found) == 4 * (2 + 4 * len(stored["panel"]["watched"])) + 2
    wrong = {key: round(value, 4) for key, value in found.items() if abs(value) > TOLERANCE[key[1]]}
    assert not wrong


@every_panel
def test_the_sampling_is_sharper_than_the_tolerance(name):
    """At least 20,000 effective draws, chains that agree, and Monte Carlo errors of at most a quarter of the tolerance."""
    for quantity, sampled in STORED[name]["summary"].items():
        assert sampled["effective_sample_size"] >= 20_000, quantity
        assert sampled["split_r_hat"] < 1.001, quantity
        for statistic, error in sampled["error"].items():
            if statistic in TOLERANCE:
                assert 0 < error <= TOLERANCE[statistic] * sampled["sd"] / 4, (quantity, statistic)


@pytest.mark.parametrize("number", ["long_run_sd", "boom_sd", "boom_shock", "common_shock", "lasting_sd", "own_sd"])
def test_a_number_of_the_prior_that_is_a_tenth_off_would_be_seen(number):
    worst = 0.0
    for stored in STORED.values():
        prior = prior_of(stored["panel"])
        found = differences(stored, replace(prior, **{number: 1.1 * getattr(prior, number)}))
        worst = max(worst, *(abs(value) / TOLERANCE[statistic] for (_, statistic), value in found.items()))
    assert worst > 1


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_the_stored_panels_are_those_of_the_generator(plan):
    stored = STORED[plan.name]
    assert stored["version"] == VERSION
    made = make_panel(plan)
    assert {**made, "series": None} == {**stored["panel"], "series": None}
    for one, other in zip(made["series"], stored["panel"]["series"], strict=True):
        assert {**one, "log_level": None, "covariance": None} == {**other, "log_level": None, "covariance": None}
        np.testing.assert_allclose(one["log_level"], other["log_level"], atol=2e-6)
        np.testing.assert_allclose(one["covariance"], other["covariance"], atol=2e-8)


def test_the_panels_cover_what_the_grid_treats_in_a_way_of_its_own():
    """A nation, series of one point, a series that ends before the last year, and nodes of negligible weight that are dropped."""
    panels = [stored["panel"] for stored in STORED.values()]
    series = [one for panel in panels for one in panel["series"]]
    assert len(panels) == len(PLANS)
    assert any(one["nation"] for one in series)
    assert any(len(one["years"]) == 1 for one in series)
    assert any(
        panel["series"][number]["years"][-1] < max(one["years"][-1] for one in panel["series"])
        for panel in panels
        for number in panel["watched"]
    )
    kept = [len(pool([series_of(one) for one in panel["series"]], NATIONS, prior_of(panel)).weights) for panel in panels]
    every = max(len(grid(prior_of(panel)).fade) for panel in panels)
    assert min(kept) < every
    assert max(kept) == every
    for panel in panels:
        assert len({one["place"] for one in panel["series"]}) == len(panel["series"])
