"""The simulation against closed forms, its plain twin and itself: threads, blocks, added places, cancelling."""

from math import log

import numpy as np
import pytest

from data import InputFault
from forecast import predict
from forecast.currency import Conversion
from scenarios.plan import Event, make_plan
from scenarios.simulation import BLOCK_PATHS, PATHS_PER_DRAW, Cancelled, simulate
from tests.reference.simulation_reference import series_levels

HORIZON = 2020


def city_events(belief):
    return [
        Event("first", "City 0|contract_value_executed|total|USD", 2015, log(2.5e9)),
        Event("second", "City 0|contract_value_executed|total|USD", 2018, log(4e9)),
        Event("jobs", "City 2|employees|total|persons", 2015, log(120_000)),
    ]


@pytest.fixture(scope="module")
def plan(small_belief):
    return make_plan(small_belief, city_events(small_belief), HORIZON, places=["City 1", "City 5", "China"])


def test_levels_equal_the_plain_twin_path_by_path(plan):
    paths, seed = 23, 7
    outcomes = simulate(plan, paths, seed, threads=1)
    for number, one in enumerate(plan.series):
        twin = [series_levels(plan, number, seed, path, PATHS_PER_DRAW) for path in range(paths)]
        for year in range(one.series.origin + 1, HORIZON + 1):
            deviations = np.array([levels[year] for levels in twin]) - one.series.log_level[-1]
            sums = outcomes.moments[number, year - plan.first_year]
            np.testing.assert_allclose(sums, [deviations.sum(), (deviations**2).sum()], rtol=1e-9, atol=1e-9)
            histogram = np.zeros(outcomes.histogram.shape[2], dtype=int)
            np.add.at(histogram, np.floor(deviations / 0.002).astype(int) + 3001, 1)
            np.testing.assert_array_equal(outcomes.histogram[number, year - plan.first_year], histogram)


def test_hits_equal_the_plain_twin(plan):
    outcomes = simulate(plan, 30, 5)
    for row, event in enumerate(plan.events):
        number = next(i for i, one in enumerate(plan.series) if str(one.key) == event.series)
        twin = [series_levels(plan, number, 5, path, PATHS_PER_DRAW)[event.year] >= event.log_value for path in range(30)]
        np.testing.assert_array_equal(outcomes.hits[row], np.reshape(twin, (3, 10)).sum(axis=1))


def test_mean_and_variance_equal_the_closed_form_within_four_standard_errors(plan):
    """METHOD D3 with both speeds; error of the first kind below 0.1 % for each of the 50 odd figures (they are correlated)."""
    paths = 200_000
    outcomes = simulate(plan, paths, seed=11)
    draws = paths / PATHS_PER_DRAW
    for one in plan.series:
        prediction = predict(plan.belief, one, HORIZON)
        means, variances = prediction.log_moments()
        for column, year in enumerate(prediction.years):
            mean, variance = outcomes.log_mean_and_variance(str(one.key), year)
            # Paths of one draw share its parameters: count draws, not paths.
            assert abs(mean - means[column]) < 4 * np.sqrt(variances[column] / draws), (one.key, year)
            assert abs(variance / variances[column] - 1) < 4 * np.sqrt(2.6 / draws), (one.key, year)


def test_quantiles_and_odds_equal_the_closed_form(plan):
    outcomes = simulate(plan, 100_000, seed=3)
    for event in plan.events:
        one = plan.belief.find(event.series)
        prediction = predict(plan.belief, one, HORIZON)
        odds = outcomes.odds(event.name)
        exact = prediction.probability_at_least(event.log_value, event.year)
        assert abs(odds.probability - exact) < 4 * odds.error
        assert odds.low < exact < odds.high
        column = prediction.years.index(event.year)
        for share in (0.1, 0.5, 0.9):
            simulated = float(outcomes.quantiles(event.series, event.year, [share])[0])
            spread = np.sqrt(prediction.log_moments()[1][column])
            error = spread * np.sqrt(share * (1 - share) / 10_000) / 0.17  # density of a normal at its 10 % point, by draws
            assert abs(log(simulated / prediction.quantile(share)[column])) < 4 * error + 0.001


def test_the_error_of_the_odds_is_honest(plan):
    """Over 60 seeds the squared standardised misses average one; a chi-square with 60 degrees stays within .50 to 1.71 in 99.9 %."""
    event = plan.events[0]
    exact = predict(plan.belief, plan.belief.find(event.series), HORIZON).probability_at_least(event.log_value, event.year)
    misses = []
    for seed in range(60):
        odds = simulate(plan, 2_000, seed=100 + seed).odds(event.name)
        misses.append((odds.probability - exact) / odds.error)
    assert 0.50 < np.mean(np.square(misses)) < 1.71


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_same_bytes_for_any_number_of_threads(plan, threads):
    paths = 2 * BLOCK_PATHS + 77
    one, many = simulate(plan, paths, threads=1), simulate(plan, paths, threads=threads)
    for name in ("histogram", "moments", "margins", "hits"):
        assert getattr(one, name).tobytes() == getattr(many, name).tobytes()


def test_other_series_and_events_leave_a_series_alone(small_belief, plan):
    event = city_events(small_belief)[0]
    alone = simulate(make_plan(small_belief, [event], HORIZON), 5_000)
    among = simulate(plan, 5_000)
    row = plan.events.index(event)
    number = next(i for i, one in enumerate(plan.series) if str(one.key) == event.series)
    np.testing.assert_array_equal(alone.hits[0], among.hits[row])
    shift = alone.plan.first_year - plan.first_year
    np.testing.assert_array_equal(alone.histogram[0], among.histogram[number][shift:])


def test_a_shorter_horizon_changes_nothing_before_it(small_belief):
    event = city_events(small_belief)[0]
    short, long = (simulate(make_plan(small_belief, [event], end), 3_000) for end in (2016, 2020))
    np.testing.assert_array_equal(short.hits, long.hits)


def test_more_paths_begin_with_the_same_ones(plan):
    few, many = simulate(plan, 2_000), simulate(plan, 6_000)
    np.testing.assert_array_equal(few.hits, many.hits[:, :200])


def test_extra_growth_moves_every_year_by_exactly_its_logarithm(small_belief):
    key = "City 0|contract_value_executed|total|USD"
    event = Event("aim", key, 2015, log(2.5e9))
    without = simulate(make_plan(small_belief, [event], HORIZON), 4_000)
    lever = simulate(make_plan(small_belief, [event], HORIZON, {key: 10.0}), 4_000)
    for year in (2013, 2016, 2020):
        difference = lever.log_mean_and_variance(key, year)[0] - without.log_mean_and_variance(key, year)[0]
        assert difference == pytest.approx((year - 2012) * log(1.1), rel=1e-9)
    assert np.all(lever.hits >= without.hits)


def test_a_neutral_lever_gives_the_same_bytes(plan, small_belief):
    neutral = make_plan(
        small_belief, plan.events, HORIZON, {str(one.key): 0.0 for one in plan.series}, places=["City 1", "City 5", "China"]
    )
    assert simulate(neutral, 3_000).histogram.tobytes() == simulate(plan, 3_000).histogram.tobytes()


def test_an_uncertain_exchange_rate_widens_the_margin_by_its_variance(small_belief):
    key = "City 0|contract_value_executed|total|USD"
    rate = Conversion("USD", "CNY", log(6.3), 2012, 0.015, 0.04)
    events = [Event("plain", key, 2015, log(2.5e9)), Event("converted", key, 2015, log(2.5e9), rate)]
    outcomes = simulate(make_plan(small_belief, events, HORIZON), 100_000)
    widths = [outcomes.margin_quantile(name, 0.9) - outcomes.margin_quantile(name, 0.1) for name in ("plain", "converted")]
    variances = [(width / 2.5631) ** 2 for width in widths]
    assert variances[1] - variances[0] == pytest.approx(0.015**2 + 3 * 0.04**2, rel=0.35)


def test_progress_rises_to_one_and_a_run_can_be_stopped(plan):
    shares: list[float] = []
    simulate(plan, 3 * BLOCK_PATHS, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(Cancelled):
        simulate(plan, 3 * BLOCK_PATHS, should_stop=lambda: True)


@pytest.mark.parametrize(("paths", "threads"), [(0, 1), (-5, 1), (100, 0)])
def test_impossible_sizes_are_refused(plan, paths, threads):
    with pytest.raises(InputFault, match=r"is allowed|or more"):
        simulate(plan, paths, threads=threads)


def test_events_outside_the_years_of_their_series_are_refused(small_belief):
    key = "City 0|contract_value_executed|total|USD"
    with pytest.raises(ValueError, match="year 2012 is not within 2013 to 2020"):
        make_plan(small_belief, [Event("late", key, 2012, 1.0)], HORIZON)
    with pytest.raises(ValueError, match="no series"):
        make_plan(small_belief, [Event("lost", "Nowhere|employees|total|persons", 2015, 1.0)], HORIZON)
