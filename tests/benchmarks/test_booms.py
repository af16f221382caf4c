"""The learner of booms: its fast formulas against the engine, what it learns from known truths, and what it may not look at."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmarks.boom_model import AHEAD, HORIZONS, Boom, Windows, forecast
from benchmarks.boom_scores import crps_of_mixture, mean_and_error, mean_distance
from benchmarks.boom_tails import CUT, GAUSSIAN, Tail, intervals, learn_breaks, learn_t, surprises
from benchmarks.learn_booms import BLOCKS, BOOM, JUDGED, cells, learn, windows_of
from forecast.belief import Belief, family_belief, series_belief
from forecast.pooling import pool
from forecast.prediction import predict
from forecast.priors import FADES, LUMPY, PERSISTENCE_COUNT, PERSISTENCES, PRIORS, beta_weights
from tests.forecast.conftest import made_series
from tests.made_up import without_tails

TRUTH = Boom(0.08, 0.02, 0.25, 0.5, 7.0, 0.08, 0.04, 0.15, 0.3, 0.3)


def simulated(of, known, groups, places, seed):
    """Windows drawn from the model, with the fade of each group at a point of its distribution; ten groups to a year of origin."""
    random = np.random.default_rng(seed)
    growth = np.empty((groups, known + AHEAD, places))
    points, weights = np.array(beta_weights(FADES, of.fade, of.fade_count)).T
    for group in growth:
        fade = random.choice(points, p=weights)
        common = of.boom_sd * random.standard_normal()
        mean = of.long_run_mean + of.long_run_sd * random.standard_normal() + of.lasting_sd * random.standard_normal(places)
        own = of.own_sd * random.standard_normal(places)
        noise = of.noise * of.own_sd * random.standard_normal((known + AHEAD + 1, places))
        for year in range(known + AHEAD):
            if year:
                shock = (2 if year < known else 1) * of.common_shock
                common = fade * common + shock * random.standard_normal()
                own = of.persistence * own + of.own_sd * np.sqrt(1 - of.persistence**2) * random.standard_normal(places)
            group[year] = mean + common + own + noise[year + 1] - noise[year]
    return Windows(known, np.array([f"group {i}" for i in range(groups)]), 1960 + np.arange(groups) // 10, growth)


# The fast formulas


@pytest.mark.parametrize("known", [1, 2])
def test_the_forecast_is_that_of_the_pool(known):
    """A group of five cities forecast by forecast.pooling and forecast.prediction, node by node."""
    of = replace(TRUTH, noise=LUMPY)
    prior = replace(
        PRIORS["contracts"],
        long_run_mean=of.long_run_mean, long_run_sd=of.long_run_sd, boom_sd=of.boom_sd, boom_shock=2 * of.common_shock,
        common_shock=of.common_shock, lasting_sd=of.lasting_sd, own_sd=of.own_sd,
        fade=beta_weights(FADES, of.fade, of.fade_count), persistence=beta_weights(PERSISTENCES, of.persistence, PERSISTENCE_COUNT),
    )  # fmt: skip
    window = simulated(of, known, 1, 5, seed=3)
    years = tuple(range(2012 - known, 2013))
    levels = np.exp(np.concatenate([np.zeros((1, 5)), window.growth[0, :known].cumsum(axis=0)]))
    cities = [made_series(f"City {i}", years, levels[:, i], "contract_value_signed", sd=1e-6) for i in range(5)]
    pooled = pool(cities, set(), prior)
    belief = without_tails(Belief("", {"contracts": family_belief(pooled, prior)}, (), {"contracts": prior}))
    seen = forecast(of, window)
    heavy = seen.weights[0] > 1e-4
    assert heavy.sum() == len(pooled.weights)
    np.testing.assert_allclose(seen.weights[0, heavy] / seen.weights[0, heavy].sum(), pooled.weights, rtol=2e-3)
    for number, city in enumerate(cities):
        expected = predict(belief, series_belief(city, pooled.member(number), pooled), 2012 + AHEAD)
        for place, horizon in enumerate(HORIZONS):
            mean = seen.mean[0, heavy, place, number] + city.log_level[-1]
            np.testing.assert_allclose(mean, expected.mean[:, horizon - 1], atol=1e-4)
            np.testing.assert_allclose(seen.variance[heavy, place], expected.variance[:, horizon - 1], rtol=1e-3)


def test_the_mean_of_a_group_is_the_mean_of_its_places():
    seen = forecast(TRUTH, simulated(TRUTH, 2, 4, 6, seed=1))
    np.testing.assert_allclose(seen.mean.mean(axis=3), seen.group_mean, atol=1e-12)
    assert (seen.variance > seen.group_variance).all()


def test_the_optimisers_vector_holds_all_that_is_learned():
    again = JUDGED["fdi"].from_vector(replace(TRUTH, boom_sd=JUDGED["fdi"].boom_sd).to_vector())
    assert vars(again) == pytest.approx(vars(replace(TRUTH, boom_sd=JUDGED["fdi"].boom_sd)))


# What is learned


@pytest.mark.parametrize("fade", [0.25, 0.70])
def test_a_known_fade_is_found_although_only_booms_are_chosen(fade):
    """Of 1,500 groups only those that boomed are kept. Over 8 seeds the fade found has sd .034 and lies .04 to .06 nearer to the judgement of
    .53 than the truth: .15 is that and three sd, an error of the first kind below .01."""
    every = simulated(replace(TRUTH, fade=fade), 2, 1500, 6, seed=11)
    middle = np.median(every.growth[:, :2], axis=2)
    chosen = every.take((middle.min(axis=1) > BOOM[0]) & (middle.max(axis=1) < BOOM[1]))
    assert 100 < len(chosen.origin) < 700
    found = learn([chosen], replace(JUDGED["services"], boom_sd=TRUTH.boom_sd))
    assert found.fade == pytest.approx(fade, abs=0.15)
    assert found.own_sd == pytest.approx(TRUTH.own_sd, rel=0.35)
    assert found.common_shock == pytest.approx(TRUTH.common_shock, rel=0.45)


def test_without_evidence_the_judgement_stays():
    """Ten windows of one calendar year are one observation, against a prior of sd 1."""
    found = learn([simulated(TRUTH, 1, 10, 6, seed=2)], JUDGED["services"])
    assert np.abs(found.to_vector() - JUDGED["services"].to_vector()).max() < 1.0


def test_many_groups_of_one_year_teach_as_much_as_one():
    window = simulated(TRUTH, 1, 1, 6, seed=5)
    many = Windows(1, np.repeat(window.group, 8), np.repeat(window.origin, 8), np.repeat(window.growth, 8, axis=0))
    start = JUDGED["services"]
    np.testing.assert_allclose(learn([many], start).to_vector(), learn([window], start).to_vector(), atol=1e-3)


# What is looked at


def table_of(growth, first=1970, places=5):
    return pd.DataFrame(np.repeat(np.array(growth)[:, None], places, axis=1), index=range(first, first + len(growth)))


def test_a_window_is_a_boom_with_all_that_followed():
    growth = [0.05, 0.30, 0.25, 0.0, 0.1, -0.2, 0.1, 0.1, 0.1]
    for known, expected in ((1, [1971, 1972]), (2, [1972])):
        (found,) = windows_of({"A": table_of(growth)}, known, BOOM)
        assert found.origin.tolist() == expected
        assert found.growth.shape == (len(expected), known + AHEAD, 5)
        np.testing.assert_allclose(found.coming()[-1, 0], 0.0)
        np.testing.assert_allclose(found.coming()[-1, :, 0], [0.0, -0.1, 0.1])


def test_what_followed_does_not_choose_the_window():
    booming = [0.3, 0.3] + 5 * [0.0]
    falling = [0.3, 0.3] + 5 * [-1.0]
    assert [one.origin.tolist() for one in windows_of({"A": table_of(booming)}, 2, BOOM)] == [[1971]]
    assert [one.origin.tolist() for one in windows_of({"A": table_of(falling)}, 2, BOOM)] == [[1971]]


def test_places_with_gaps_and_small_groups_are_left_out():
    table = table_of([0.3] + 5 * [0.1])
    table.iloc[3, 0] = np.nan
    (found,) = windows_of({"A": table}, 1, BOOM)
    assert found.growth.shape[2] == 4
    table.iloc[3, 1] = np.nan
    assert windows_of({"A": table}, 1, BOOM) == []


def test_what_is_measured_shares_no_year_and_no_group_with_what_was_learned():
    every = simulated(TRUTH, 2, 520, 4, seed=4)
    halves = {name: number % 2 for number, name in enumerate(every.group)}
    found = list(cells([every], halves))
    assert len(found) == 2 * len(BLOCKS)
    for other, measured in found:
        assert {halves[name] for one in other for name in one.group}.isdisjoint(
            {halves[name] for one in measured for name in one.group}
        )
        years = [
            {year for one in part for origin in one.origin for year in range(origin - 1, origin + AHEAD + 1)}
            for part in (other, measured)
        ]
        assert years[0].isdisjoint(years[1])
    assert sum(len(one.origin) for _, measured in found for one in measured) == len(every.origin)


# Scores


def test_the_score_of_a_mixture_is_the_integral_over_its_distribution():
    weights, mean, variance = np.array([0.3, 0.7]), np.array([0.0, 1.0]), np.array([0.04, 0.5])
    grid = np.linspace(-9, 9, 200_001)
    share = (weights * norm.cdf((grid[:, None] - mean) / np.sqrt(variance))).sum(axis=1)
    for outcome in (-1.0, 0.2, 3.0):
        expected = ((share - (grid >= outcome)) ** 2).sum() * (grid[1] - grid[0])
        found = crps_of_mixture(weights, mean[:, None, None], variance[:, None], np.array([[outcome]]))
        assert found[0, 0] == pytest.approx(expected, abs=1e-4)
    assert mean_distance(np.array(0.0), np.array(4.0)) == pytest.approx(2 * np.sqrt(2 / np.pi))


def test_a_calendar_year_counts_once_in_means_and_errors():
    origin = np.array([1970, 1970, 1970, 1980, 1990, 1990])
    values = np.array([1.0, 2.0, 3.0, 5.0, 5.0, 5.0])
    mean, error = mean_and_error(origin, values)
    assert mean == pytest.approx(4.0)
    assert error == pytest.approx(np.sqrt((4 + 1 + 1) * 3 / 2) / 3)
    # Years less than five apart are one cluster: the error of two equal clusters is that of two observations.
    _, together = mean_and_error(np.array([1970, 1971, 1980, 1981]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert together == pytest.approx(0.5)


# Tails


def test_a_known_tail_is_found():
    """20,000 draws: degrees of freedom within 1 and scale within 3 % of the truth, four standard errors."""
    drawn = Tail(0.7, 5.0, 0.0, 0.0, 1.0).draw(np.random.default_rng(1), (20_000,))
    assert np.abs(drawn).max() < 0.7 * CUT
    found = learn_t(drawn)
    assert found.freedom == pytest.approx(5.0, abs=1.0)
    assert found.scale == pytest.approx(0.7, rel=0.03)
    normal = learn_t(GAUSSIAN.draw(np.random.default_rng(2), (20_000,)))
    assert normal.freedom > 30
    broken = learn_breaks(Tail(0.7, 30.0, 0.1, -3.0, 1.0).draw(np.random.default_rng(3), (20_000,)))
    assert broken.break_probability == pytest.approx(0.1, abs=0.03)
    assert broken.break_mean == pytest.approx(-3.0, abs=0.4)


def test_densities_of_tails_add_up_to_one():
    grid = np.linspace(-30, 30, 60_001)
    for tail in (GAUSSIAN, Tail(0.6, 4.0, 0.0, 0.0, 1.0), Tail(0.6, 4.0, 0.1, -2.0, 3.0)):
        assert np.exp(tail.log_density(grid)).sum() * (grid[1] - grid[0]) == pytest.approx(1.0, abs=1e-4)


def test_surprises_of_the_model_itself_are_standard():
    """Places of 400 windows of six, 2,000 independent deviations: mean within .08, sd within .08 of 1 (scales differ between groups)."""
    found = surprises(TRUTH, [simulated(TRUTH, 2, 400, 6, seed=9)])
    assert found.mean() == pytest.approx(0.0, abs=1e-9)  # deviations from the mean of the group
    assert found.std() == pytest.approx(1.0, abs=0.08)


def test_simulated_intervals_with_gaussian_shocks_are_those_of_the_mixture():
    """Ends of the 80 % interval within .1 predicted standard deviations: 2,000 draws have an error of .03."""
    window = simulated(TRUTH, 1, 2, 5, seed=6)
    low, high = intervals(TRUTH, GAUSSIAN, window, seed=1)[:, 0]
    seen = forecast(TRUTH, window)
    for ends, expected in ((low, 0.1), (high, 0.9)):
        share = np.einsum("wk,wkhn->whn", seen.weights, norm.cdf((ends[:, None] - seen.mean) / np.sqrt(seen.variance)[:, :, None]))
        np.testing.assert_allclose(share, expected, atol=0.03)
