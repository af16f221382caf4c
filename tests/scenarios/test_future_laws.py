"""The laws of the futures: closed forms of means, variances, odds and their errors, correlations, exchange rates, tails."""

from collections.abc import Callable
from dataclasses import replace
from math import comb, log, sqrt
from statistics import NormalDist
from types import MappingProxyType

import numpy as np
import pytest

from forecast import predict
from forecast.belief import Belief
from forecast.currency import Conversion
from scenarios.plan import Alike, Amount, Ceiling, Event, Plan, Rates, Sway, extra_growth, make_plan
from scenarios.simulation import PATHS_PER_DRAW, simulate
from tests.scenarios.small_plans import HORIZON, KEY, city_events, levels_of, with_families


@pytest.fixture(scope="module")
def normal_belief(small_belief: Belief) -> Belief:
    """Without heavy tails every level is a mixture of normal laws, as `predict` has it."""
    return with_families(small_belief, tail=float("inf"))


def own_correlations(plan: Plan, paths: int) -> Callable[[str, str], float]:
    """Correlation of the levels of the first year of two series within the draws of the parameters: that of their own shocks."""
    year = levels_of(plan, paths, 1)
    last = {name: levels[-1].reshape(-1, PATHS_PER_DRAW) for name, levels in year.items()}
    apart = {name.split("|")[0]: (level - level.mean(axis=1, keepdims=True)).ravel() for name, level in last.items()}
    return lambda one, other: float(np.corrcoef(apart[one], apart[other])[0, 1])


@pytest.mark.parametrize("everywhere", [0.0, 0.25])
@pytest.mark.parametrize("listed", [0.4, 0.9])
def test_places_of_a_list_are_as_alike_as_assumed_and_all_others_as_before(
    small_belief: Belief, everywhere: float, listed: float
) -> None:
    belief = with_families(small_belief, common_shock=0.0, tail=float("inf"))
    quiet = replace(belief, series=tuple(replace(one, level_noise=0 * one.level_noise) for one in belief.series))
    names = [f"City {number}|contract_value_executed|total|USD" for number in (0, 1, 4, 5)]
    chosen = replace(quiet, series=tuple(one for one in quiet.series if str(one.key) in names))
    pushes = [Alike(Amount("a", everywhere)), Alike(Amount("b", listed), ("City 0", "City 4"))]
    found = own_correlations(make_plan(chosen, [], 2013, pushes, places=None), 40_000)
    # A correlation of 36,000 pairs has an error of (1 - r^2) / 190, a tenth more for scales that differ from node to node; here / 134.
    # Four pairs, 4.9 errors: less than 1 in 100,000.
    pairs = {("City 0", "City 4"): listed} | dict.fromkeys(
        [("City 0", "City 1"), ("City 4", "City 5"), ("City 1", "City 5")], everywhere
    )
    for (one, other), wanted in pairs.items():
        assert found(one, other) == pytest.approx(wanted, abs=4.9 * (1 - wanted**2) / 134)


def test_mean_and_variance_equal_the_closed_form_within_four_standard_errors(plan: Plan) -> None:
    """METHOD D3 with both speeds and heavy tails; error of the first kind below 0.1 % for each of the 50 odd figures (they are correlated)."""
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


def test_quantiles_and_odds_equal_the_closed_form(normal_belief: Belief) -> None:
    plan = make_plan(normal_belief, city_events(normal_belief), HORIZON)
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


def test_the_error_of_the_odds_is_honest(normal_belief: Belief) -> None:
    """Over 400 seeds the variance of (found - exact) / error is .8 to 1.25 (METHOD, battery 6): three standard deviations of its estimate.

    One event whose odds are formed given the own shocks, and the same event counted path by path (as any that may be reached early is, and
    here none is: its first year is the due one).
    """
    events = [Event("given", KEY, 2013, log(1.3e9)), Event("counted", KEY, 2013, log(1.3e9), by=True)]
    plan = make_plan(normal_belief, events, 2014)
    one = normal_belief.find(KEY)
    assert one is not None
    exact = predict(normal_belief, one, 2014).probability_at_least(log(1.3e9), 2013)
    misses = []
    for seed in range(400):
        outcomes = simulate(plan, 2_000, seed=100 + seed)
        odds = [outcomes.odds(name) for name in ("given", "counted")]
        misses.append([(each.probability - exact) / each.error for each in odds])
    variance = np.mean(np.square(misses), axis=0)
    assert np.all((variance > 0.8) & (variance < 1.25)), variance


def test_odds_given_the_own_shocks_are_those_of_the_paths_with_a_smaller_error(small_belief: Belief) -> None:
    """Rao-Blackwell: the same probability, heavy tails and a doubtful rate included, four standard errors allowed."""
    rate = Conversion("USD", "CNY", log(6.3), 2012, 0.015, 0.04)
    events = [Event("plain", KEY, 2016, log(2.5e9)), Event("converted", KEY, 2016, log(2.5e9), rate)]
    outcomes = simulate(make_plan(small_belief, events, HORIZON, extra_growth(small_belief, 2.0)), 200_000)
    for number, name in enumerate(("converted", "plain")):
        odds = outcomes.odds(name)
        shares = outcomes.draw_counts[number] / outcomes.n_draws
        hits = np.arange(PATHS_PER_DRAW + 1) / PATHS_PER_DRAW
        counted = float(shares @ hits)
        error = np.sqrt(float(shares @ (hits - counted) ** 2) / outcomes.n_draws)
        assert abs(odds.probability - counted) < 4 * error
        assert odds.error < 0.8 * error


def test_extra_growth_moves_every_year_by_exactly_its_logarithm(small_belief: Belief) -> None:
    event = Event("aim", KEY, 2015, log(2.5e9))
    without, lever = (
        levels_of(make_plan(small_belief, [event], HORIZON, extra_growth(small_belief, points, [KEY])), 4_000, 1)[KEY]
        for points in (0.0, 10.0)
    )
    moved = (np.arange(2013, HORIZON + 1) - 2012) * log(1.1)
    np.testing.assert_allclose(lever - without, np.tile(moved[:, None], 4_000), atol=1e-5)


def walking(belief: Belief, drift: float, volatility: float) -> Belief:
    """A belief whose one series is a walk: nothing in doubt but independent normal steps."""
    one = belief.find(KEY)
    assert one is not None
    family = belief.families[one.family]
    common = np.zeros_like(family.common_mean[:1])
    common[0, 0] = drift
    alone = replace(
        family, weights=np.ones(1), fade=np.zeros(1), persistence=np.zeros(1), common_mean=common,
        common_covariance=0 * family.common_covariance[:1], common_shock=0.0, tail=float("inf"), break_chance=0.0,
    )  # fmt: skip
    base = np.array([[one.series.log_level[-1], 0.0, 0.0]])
    nothing = {"slope": 0 * one.slope[:1], "covariance": 0 * one.covariance[:1], "level_noise": np.zeros(1)}
    walk = replace(one, base=base, own_shock=np.full(1, volatility), **nothing)
    return replace(belief, series=(walk,), families=MappingProxyType({one.family: alone}))


@pytest.mark.parametrize("drift", [-0.1, 0.0, 0.05])
def test_the_first_passage_of_a_drifting_walk_is_spitzers(small_belief: Belief, drift: float) -> None:
    """A walk S that has not come back to where it began: n p(n) = sum over k of p(n - k) P(S(k) < 0) (Spitzer 1956); p(n) = C(2n, n) / 4^n
    without drift. Eight years and three drifts, 4.5 errors each: one in 6,000."""
    paths, below, alone = 200_000, NormalDist().cdf, [1.0]
    for n in range(1, 9):
        alone.append(sum(alone[n - k] * below(-drift * sqrt(k) / 0.2) for k in range(1, n + 1)) / n)
    if drift == 0:
        assert alone == pytest.approx([comb(2 * n, n) / 4**n for n in range(9)])
    belief = walking(small_belief, drift, 0.2)
    event = Event("back", KEY, HORIZON, float(belief.series[0].series.log_level[-1]), by=True)
    firsts = simulate(make_plan(belief, [event], HORIZON), paths).first_years("back")
    for n, year in enumerate(range(2013, HORIZON + 1), start=1):
        wanted = alone[n - 1] - alone[n]
        assert abs(firsts[year] - wanted) < 4.5 * sqrt(wanted * (1 - wanted) / paths), year


def test_a_ceiling_is_felt_by_its_distance_alone(small_belief: Belief) -> None:
    """Growth times 1 - level/ceiling: far above nothing is felt; in the end a gap closes by the share that growth is, and never quite."""
    belief, growth = walking(small_belief, 0.3, 0.0), 0.3
    start = belief.series[0].series.log_level[-1]
    ceilings = [[], *([Ceiling(KEY, Amount("c", float(np.exp(start)) * times))] for times in (1e12, 20))]
    free, far, near = (levels_of(make_plan(belief, [], 2050, one, places=None), 10, 1)[KEY] for one in ceilings)
    np.testing.assert_allclose(free[:, 0], start + growth * np.arange(1, 39), rtol=1e-6)
    np.testing.assert_allclose(far, free, atol=2e-6)
    gap = start + log(20) - near[:, 0].astype(float)
    assert np.all(gap > -2e-6)
    closing = (gap[1:] / gap[:-1])[(gap[:-1] < 0.02) & (gap[:-1] > 0.0005)]
    assert len(closing) >= 5
    np.testing.assert_allclose(closing, 1 - growth, atol=0.008)  # a gap of .02 counts .0198, and levels are of single precision


def test_an_uncertain_exchange_rate_widens_the_margin_by_its_variance(small_belief: Belief) -> None:
    rate = Conversion("USD", "CNY", log(6.3), 2012, 0.015, 0.04)
    events = [Event("plain", KEY, 2015, log(2.5e9)), Event("converted", KEY, 2015, log(2.5e9), rate)]
    outcomes = simulate(make_plan(small_belief, events, HORIZON), 100_000)
    widths = [float(np.diff(outcomes.margin_quantiles(name, (0.1, 0.9)))[0]) for name in ("plain", "converted")]
    variances = [(width / 2.5631) ** 2 for width in widths]
    assert variances[1] - variances[0] == pytest.approx(0.015**2 + 3 * 0.04**2, rel=0.35)


def test_an_assumed_exchange_rate_moves_the_margin_by_its_path(small_belief: Belief) -> None:
    """A dollar that falls by 5 % makes an aim in yuan 5 % harder; without its doubts every path moves by the same."""
    rate = Conversion("USD", "CNY", log(6.3), 2012, 0.0, 0.04)
    event = Event("converted", KEY, 2015, log(2.5e9), rate)
    margins = []
    for path in ({}, {2014: log(0.95)}):
        plan = make_plan(small_belief, [event], HORIZON, rates=[Rates("USD", "CNY", path, yearly_sd=0.0)])
        outcomes = simulate(plan, 20_000)
        margins.append((outcomes.margin_quantiles("converted", [0.5])[0], outcomes.odds("converted").probability))
    assert margins[1][0] - margins[0][0] == pytest.approx(log(0.95), abs=0.002)
    assert margins[1][1] < margins[0][1]
    # of a distribution: each draw has its own path, here of the same value, and odds are counted
    sway = Sway(Amount("a", lambda u: np.full(u.shape, log(0.95))), {2014: 1.0})
    drawn = Rates("USD", "CNY", {2014: 0.0}, 0.0, (sway,), (Amount("b", lambda u: 0 * u), Amount("c", 0.0)))
    plan = make_plan(small_belief, [event], HORIZON, rates=[drawn])
    outcomes = simulate(plan, 20_000)
    counted = simulate(replace(plan, conditional=False, rates=(Rates("USD", "CNY", {2014: log(0.95)}, yearly_sd=0.0),)), 20_000)
    assert outcomes.margin_quantiles("converted", [0.5])[0] == margins[1][0]
    assert outcomes.draw_counts.tobytes() == counted.draw_counts.tobytes()
    assert outcomes.odds("converted").probability == counted.odds("converted").probability
    turned = replace(event, conversion=rate)
    other_way = make_plan(small_belief, [turned], HORIZON, rates=[Rates("CNY", "USD", {2014: -log(0.95)}, yearly_sd=0.0)])
    assert simulate(other_way, 20_000).margin_quantiles("converted", [0.5])[0] == margins[1][0]


def test_breaks_and_tails_leave_the_mean_and_widen_the_ends(small_belief: Belief) -> None:
    """Breaks redraw the passing deviation three times as wide: the variance rises, the median stays (four standard errors, .02, allowed)."""
    event = city_events(small_belief)[0]
    plain, broken = (
        simulate(make_plan(with_families(small_belief, **changes), [event], HORIZON), 40_000)
        for changes in ({"tail": float("inf")}, {"tail": float("inf"), "break_chance": 0.5, "break_scale": 3.0})
    )
    assert broken.log_mean_and_variance(KEY, 2018)[1] > 1.1 * plain.log_mean_and_variance(KEY, 2018)[1]
    assert log(broken.quantiles(KEY, 2018, [0.5])[0] / plain.quantiles(KEY, 2018, [0.5])[0]) == pytest.approx(0.0, abs=0.02)
    normal, heavy = (
        levels_of(make_plan(with_families(small_belief, tail=tail), [event], HORIZON), 40_000, 1)[KEY][0]
        for tail in (float("inf"), 2.5)
    )
    kurtosis = [float(np.mean((x - x.mean()) ** 4) / np.var(x) ** 2) for x in (normal, heavy)]
    assert kurtosis[1] > kurtosis[0] + 0.5


def test_series_of_a_place_move_together(small_belief: Belief) -> None:
    """Own shocks of one place and family correlate by `same_place`; four standard errors."""
    rho = 0.7
    base = with_families(small_belief, same_place=rho, common_shock=0.0, tail=float("inf"))
    one = base.find(KEY)
    assert one is not None
    first = replace(one, level_noise=0 * one.level_noise)
    second = replace(first, series=replace(first.series, key=first.key._replace(measure="contract_value_signed")))
    plan = make_plan(replace(base, series=(first, second)), [], 2013, places=None, watched=[str(first.key), str(second.key)])
    kept = simulate(plan, 40_000).watched
    # Within a draw parameters are the same, so what differs between its ten paths is the own shock.
    shocks = [kept[name][0].reshape(-1, PATHS_PER_DRAW) for name in plan.watched]
    shocks = [each - each.mean(axis=1, keepdims=True) for each in shocks]
    # The standard error of a correlation of .7 from 36,000 deviations is .0027.
    assert np.corrcoef(shocks[0].ravel(), shocks[1].ravel())[0, 1] == pytest.approx(rho, abs=0.011)


def test_sobol_points_give_the_same_odds_with_an_honest_smaller_error(normal_belief: Belief) -> None:
    """Over 60 seeds the root mean square miss is smaller than of random numbers, and the stated errors average it.

    With seven degrees of freedom an error's square is right on average: the mean of 60 squared misses over that of the squared errors is
    within .5 and 1.9 in 99.9 % of cases.
    """
    event = Event("aim", KEY, 2015, log(2.5e9))
    plan = make_plan(normal_belief, [event], 2015)
    one = normal_belief.find(KEY)
    assert one is not None
    exact = predict(normal_belief, one, 2015).probability_at_least(event.log_value, 2015)
    odds = [[simulate(plan, 5_120, seed, sobol=sobol).odds("aim") for seed in range(60)] for sobol in (False, True)]
    misses = [np.mean([(each.probability - exact) ** 2 for each in row]) for row in odds]
    assert misses[1] < 0.5 * misses[0]
    # The range over parameters is the same thing, whichever numbers it is found with.
    few, many = (np.mean([(each.low, each.high) for each in row], axis=0) for row in odds)
    np.testing.assert_allclose(few, many, atol=0.02)
    assert 0.5 < misses[1] / np.mean([each.error**2 for each in odds[1]]) < 1.9
