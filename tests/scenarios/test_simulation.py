"""The simulation against closed forms, its plain twin and itself: threads, blocks, added places, cancelling."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import log, sqrt
from multiprocessing import get_context
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import InputFault
from forecast import predict
from forecast.belief import Belief
from forecast.currency import Conversion
from scenarios.outcomes import BINS
from scenarios.own_shocks import laws_of_block
from scenarios.plan import (
    Alike,
    Amount,
    Breaks,
    Ceiling,
    CommonShock,
    Event,
    Gain,
    Growth,
    Joint,
    Link,
    Plan,
    Push,
    Rates,
    Sway,
    Tails,
    extra_growth,
    make_plan,
)
from scenarios.prepared import prepare
from scenarios.shocks import law_of
from scenarios.simulation import DRAWS_AT_ONCE, PATHS_PER_DRAW, Cancelled, parts_of, simulate
from tests.reference.simulation_reference import Twin

HORIZON = 2020
BLOCK_PATHS = DRAWS_AT_ONCE * PATHS_PER_DRAW
KEY = "City 0|contract_value_executed|total|USD"
JOBS = "City 2|employees|total|persons"
SINGLE_PRECISION = 2e-5  # of ln(level): what single precision and the laws of shocks may be off against the twin


def with_families(belief: Belief, **changes: float) -> Belief:
    """The same belief with other tails, correlations or breaks."""
    return replace(belief, families=MappingProxyType({name: replace(one, **changes) for name, one in belief.families.items()}))


@pytest.fixture(scope="module")
def normal_belief(small_belief: Belief) -> Belief:
    """Without heavy tails every level is a mixture of normal laws, as `predict` has it."""
    return with_families(small_belief, tail=float("inf"))


def city_events(belief):
    return [
        Event("first", "City 0|contract_value_executed|total|USD", 2015, log(2.5e9)),
        Event("second", "City 0|contract_value_executed|total|USD", 2018, log(4e9)),
        Event("jobs", "City 2|employees|total|persons", 2015, log(120_000)),
    ]


@pytest.fixture(scope="module")
def plan(small_belief):
    return make_plan(small_belief, city_events(small_belief), HORIZON, places=["City 1", "City 5", "China"])


FORKED: list[Plan] = []


def _forked_sums() -> np.ndarray:
    return simulate(FORKED[0], 3_000, threads=2).sums


def levels_of(plan: Plan, paths: int, seed: int) -> dict[str, np.ndarray]:
    """ln(level) (years, paths) of every series of a plan."""
    watched = replace(plan, watched=tuple(str(one.key) for one in plan.series))
    outcomes = simulate(watched, paths, seed)
    return {str(one.key): outcomes.watched[str(one.key)] + one.series.log_level[-1] for one in plan.series}


def assert_equals_twin(plan: Plan, paths: int, seed: int) -> None:
    """Every level of every path, to single precision."""
    twin, found = Twin(plan, seed, PATHS_PER_DRAW), levels_of(plan, paths, seed)
    for number, one in enumerate(plan.series):
        for path in range(paths):
            levels, _ = twin.levels(number, path)
            for year, level in levels.items():
                assert found[str(one.key)][year - plan.first_year, path] == pytest.approx(level, abs=SINGLE_PRECISION)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"tail": float("inf")},
        {"tail": 2.5, "between_places": 0.4},
        {"same_place": 0.0},
        {"break_chance": 0.4, "break_scale": 3.0},
    ],
)
def test_levels_equal_the_plain_twin_path_by_path(small_belief: Belief, changes: dict[str, float]) -> None:
    belief = with_families(small_belief, **changes)
    assert_equals_twin(make_plan(belief, city_events(belief), HORIZON, places=["City 1", "City 5", "China"]), 20, 7)


def triangular(name: str, low: float, high: float) -> Amount:
    return Amount(name, lambda u: low + (high - low) * u)


PUSHES = {
    "growth": [
        Growth((KEY, JOBS), triangular("a", 2.0, 8.0), {2014: 0.5, 2015: 1.0, 2016: 1.0}),
        Growth((KEY,), Amount("b", -3.0)),
    ],
    "gain": [Gain(JOBS, triangular("c", 5_000, 20_000), {2014: 0.5, 2015: 0.5})],
    "shares and passing gains": [
        Gain(JOBS, triangular("m", 5_000, 20_000), {2014: 1.0, 2015: 1.0}, triangular("n", 0.5, 0.9)),
        Gain(JOBS, Amount("o", 9_000.0), {2013: 0.5, 2014: 1.0, 2016: 1.0}, lasts=False),
        Link(JOBS, KEY, Amount("p", 0.5), 1),
    ],
    "ceiling": [Ceiling(KEY, triangular("d", 1.2e9, 4e9))],
    "common shock": [
        CommonShock(("contracts",), 2014, triangular("e", -12.0, -4.0), Amount("f", 0.4), Amount("g", 1.5)),
    ],
    "chain of links": [
        Gain(JOBS, Amount("h", 20_000.0), {2013: 1.0}),
        Growth((JOBS,), Amount("i", 5.0)),
        Link(JOBS, KEY, triangular("j", 0.2, 0.6), 1),
        Link(KEY, "City 1|contract_value_executed|total|USD", Amount("k", 0.5), 0),
        Ceiling("City 1|contract_value_executed|total|USD", Amount("l", 4e9)),
    ],
}


TOGETHER = {
    "drawn correlation": [Alike(triangular("a", 0.1, 0.9))],
    "some places": [Alike(Amount("a", 0.5), ("City 1", "City 5")), Alike(triangular("b", 0.2, 0.95), ("City 2", "City 0"))],
    "some places more alike than all": [Alike(Amount("a", 0.3)), Alike(triangular("b", 0.3, 0.8), ("City 5", "City 1"))],
    "drawn breaks": [Breaks(triangular("a", 0.0, 0.6), triangular("b", 1.0, 3.0))],
    "drawn tails": [Tails(triangular("a", 3.0, 12.0))],
    "drawn tails of some places and breaks": [
        Tails(triangular("a", 3.0, 60.0)),
        Alike(triangular("b", 0.2, 0.9), ("City 1", "City 5")),
        Breaks(Amount("c", 0.3), Amount("d", 2.0)),
    ],
}


@pytest.mark.parametrize("name", TOGETHER)
def test_how_places_hang_together_equals_the_plain_twin(small_belief: Belief, name: str) -> None:
    places = ["City 0", "City 1", "City 2", "City 5", "China"]
    belief = with_families(small_belief, between_places=0.1)
    assert_equals_twin(make_plan(belief, city_events(belief), HORIZON, TOGETHER[name], places=places), 20, 5)


@pytest.mark.parametrize(
    ("changes", "pushes"),
    [
        ({"same_place": 0.9, "between_places": 1.0}, [Alike(Amount("a", 0.9))]),
        ({"between_places": 0.5 / 0.7}, [Alike(Amount("a", 0.5)), Alike(Amount("b", 0.5), ("City 1", "City 5"))]),
        ({"break_chance": 0.2, "break_scale": 3.0}, [Breaks(Amount("a", 0.2), Amount("b", 3.0))]),
        ({"tail": 5.0}, [Tails(Amount("a", 5.0))]),
    ],
)
def test_a_distribution_with_one_value_gives_the_bytes_of_the_number(
    small_belief: Belief, changes: dict[str, float], pushes: list[Push]
) -> None:
    """Drawn amounts and the numbers of a belief go the same way: the bytes are the same where their values are."""
    belief = with_families(small_belief, same_place=0.7)
    events = city_events(belief)
    pushes = [
        replace(push, **{name: at_one_value(amount) for name, amount in vars(push).items() if name != "places"}) for push in pushes
    ]
    one, other = (
        levels_of(make_plan(*of, places=["City 1", "City 5"]), 400, 1)
        for of in ((with_families(belief, **changes), events, HORIZON), (belief, events, HORIZON, pushes))
    )
    assert {name: levels.tobytes() for name, levels in one.items()} == {name: levels.tobytes() for name, levels in other.items()}


def test_each_draw_has_the_tails_of_its_freedom(small_belief: Belief) -> None:
    """Drawn as 3 or 30, every draw has the paths of one of both; the share of each lies within 4.4 errors of its chance: 1 in 100,000."""
    either = Tails(Amount("freedom", lambda u: np.where(u < 0.3, 3.0, 30.0)))
    events, name = city_events(small_belief), "City 1|contract_value_executed|total|USD"
    drawn, heavy, light = (
        levels_of(make_plan(belief, events, HORIZON, pushes, places=["City 1"]), 4000, 3)[name][-1].reshape(-1, PATHS_PER_DRAW)
        for belief, pushes in (
            (small_belief, [either]),
            (with_families(small_belief, tail=3.0), []),
            (with_families(small_belief, tail=30.0), []),
        )
    )
    is_heavy = np.isclose(drawn, heavy, atol=1e-5).all(axis=1)
    assert np.isclose(drawn, light, atol=1e-5).all(axis=1)[~is_heavy].all()
    assert abs(is_heavy.mean() - 0.3) < 4.4 * sqrt(0.3 * 0.7 / len(is_heavy))


@pytest.mark.parametrize("freedom", [3.0, 3.4, 5.0, 17.0, 100.0])
def test_a_drawn_freedom_is_that_of_the_nearest_law(small_belief: Belief, freedom: float) -> None:
    """1 / freedom is right to .0042: half a step of 1 / 120."""
    family = next(iter(small_belief.families.values()))
    events = city_events(small_belief)
    plan = make_plan(small_belief, events, HORIZON, [Tails(at_one_value(Amount("a", freedom)))])
    laws, number = laws_of_block(family, prepare(plan, 1).slots, 1, 0, 5)
    assert number.tolist() == [0] * 5
    near = [120 / step for step in range(1, 41) if abs(step / 120 - 1 / freedom) <= 1 / 240]
    assert any(np.array_equal(laws[0], law_of(one)) for one in near)


def at_one_value(amount: Amount) -> Amount:
    """Draw an amount that has the same value in every draw."""
    assert isinstance(amount.quantile, float)
    return Amount(amount.name, lambda u, value=amount.quantile: np.full(u.shape, value))


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


@pytest.mark.parametrize("name", PUSHES)
def test_what_levers_do_equals_the_plain_twin(small_belief: Belief, name: str) -> None:
    plan = make_plan(small_belief, city_events(small_belief), HORIZON, PUSHES[name], places=["City 1"])
    assert_equals_twin(plan, 20, 3)
    without = levels_of(make_plan(small_belief, city_events(small_belief), HORIZON, places=["City 1"]), 20, 3)
    moved = [series for series, levels in levels_of(plan, 20, 3).items() if np.any(levels != without[series])]
    assert len(moved) >= 1


def test_links_in_a_circle_are_refused(small_belief: Belief) -> None:
    links = [Link(JOBS, KEY, Amount("a", 0.5), 1), Link(KEY, JOBS, Amount("b", 0.5), 1)]
    with pytest.raises(InputFault, match="circle"):
        simulate(make_plan(small_belief, city_events(small_belief), HORIZON, links), 100)


def test_counts_equal_those_of_the_paths(plan: Plan) -> None:
    """Histograms, hits by draw, first years and joint hits against the kept paths of the same run, across two blocks."""
    paths = BLOCK_PATHS + 40
    joint = Joint("both", (("first", "second"), ("jobs",)))
    every = replace(plan, watched=tuple(str(one.key) for one in plan.series), joints=(joint,))
    outcomes = simulate(every, paths, 5)
    for number, one in enumerate(plan.series):
        kept = outcomes.watched[str(one.key)]
        for year in range(one.series.origin + 1, HORIZON + 1):
            places = np.floor(kept[year - plan.first_year] * np.float32(500) + np.float32(3001)).astype(int)
            dense = outcomes.levels.dense(number * plan.n_years + year - plan.first_year)
            np.testing.assert_array_equal(dense, np.bincount(places, minlength=BINS))
    hit = {}
    for number, event in enumerate(plan.events):
        one = plan.belief.find(event.series)
        assert one is not None
        reached = outcomes.watched[event.series] >= np.float32(event.log_value - one.series.log_level[-1])
        hit[event.name] = reached[event.year - plan.first_year]
        by_draw = np.bincount(hit[event.name].reshape(-1, PATHS_PER_DRAW).sum(axis=1), minlength=PATHS_PER_DRAW + 1)
        np.testing.assert_array_equal(outcomes.draw_counts[number], by_draw)
        first = np.where(reached.any(axis=0), reached.argmax(axis=0), plan.n_years)
        np.testing.assert_array_equal(outcomes.passages[number], np.bincount(first, minlength=plan.n_years + 1))
        assert sum(outcomes.first_years(event.name).values()) == pytest.approx(1.0)
    met = (hit["first"] & hit["second"]).astype(int) + hit["jobs"]
    np.testing.assert_array_equal(outcomes.joints["both"], np.bincount(met, minlength=3))


def test_reached_by_a_year_is_the_first_passage_and_no_rarer_than_in_it(small_belief: Belief) -> None:
    events = [Event("in", KEY, 2017, log(2.5e9)), Event("by", KEY, 2017, log(2.5e9), by=True)]
    outcomes = simulate(make_plan(small_belief, events, HORIZON), 20_000)
    first = outcomes.first_years("by")
    assert outcomes.odds("by").probability == pytest.approx(sum(share for year, share in first.items() if year and year <= 2017))
    assert outcomes.odds("by").probability > outcomes.odds("in").probability


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


@pytest.mark.parametrize("threads", [2, 5])
def test_the_same_bytes_for_any_number_of_threads(plan: Plan, threads: int) -> None:
    paths = 2 * BLOCK_PATHS + 70
    one, many = simulate(plan, paths, threads=1), simulate(plan, paths, threads=threads)
    for name in ("draw_counts", "passages", "sums"):
        assert getattr(one, name).tobytes() == getattr(many, name).tobytes()
    for name in ("first", "length", "counts"):
        assert getattr(one.levels, name).tobytes() == getattr(many.levels, name).tobytes()


def test_a_plan_that_is_cut_into_parts_gives_the_same(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulate(plan, 2_000)
    monkeypatch.setattr("scenarios.simulation.SERIES_AT_ONCE", 2)
    assert len(parts_of(plan)) > 2
    cut = simulate(plan, 2_000)
    np.testing.assert_array_equal(whole.all_quantiles([0.1, 0.5, 0.9]), cut.all_quantiles([0.1, 0.5, 0.9]))
    np.testing.assert_array_equal(whole.draw_counts, cut.draw_counts)
    np.testing.assert_array_equal(whole.sums, cut.sums)
    joint = Joint("all", tuple((event.name,) for event in plan.events))
    assert len(parts_of(replace(plan, joints=(joint,)))[0]) == 2  # what a joint event connects stays together


def test_other_series_and_events_leave_a_series_alone(small_belief: Belief, plan: Plan) -> None:
    event = city_events(small_belief)[0]
    alone = simulate(make_plan(small_belief, [event], HORIZON), 5_000)
    among = simulate(plan, 5_000)
    row = plan.events.index(event)
    np.testing.assert_array_equal(alone.draw_counts[0], among.draw_counts[row])
    np.testing.assert_array_equal(alone.sums[0, 0], among.sums[0, row])
    for year in range(2013, HORIZON + 1):
        shares = np.linspace(0.01, 0.99, 9)
        np.testing.assert_array_equal(alone.quantiles(KEY, year, shares), among.quantiles(KEY, year, shares))


def test_a_shorter_horizon_changes_nothing_before_it(small_belief: Belief) -> None:
    event = city_events(small_belief)[0]
    short, long = (simulate(make_plan(small_belief, [event], end), 3_000) for end in (2016, 2020))
    np.testing.assert_array_equal(short.draw_counts, long.draw_counts)
    np.testing.assert_array_equal(short.sums, long.sums)


def test_more_paths_begin_with_the_same_ones(plan: Plan) -> None:
    watched = replace(plan, watched=(KEY,))
    few, many = simulate(watched, 2_000, keep_shares=True), simulate(watched, 6_000, keep_shares=True)
    np.testing.assert_array_equal(few.watched[KEY], many.watched[KEY][:, :2_000])
    assert few.shares is not None
    assert many.shares is not None
    np.testing.assert_array_equal(few.shares, many.shares[:, :200])


def test_extra_growth_moves_every_year_by_exactly_its_logarithm(small_belief: Belief) -> None:
    event = Event("aim", KEY, 2015, log(2.5e9))
    without, lever = (
        levels_of(make_plan(small_belief, [event], HORIZON, extra_growth(small_belief, points, [KEY])), 4_000, 1)[KEY]
        for points in (0.0, 10.0)
    )
    moved = (np.arange(2013, HORIZON + 1) - 2012) * log(1.1)
    np.testing.assert_allclose(lever - without, np.tile(moved[:, None], 4_000), atol=1e-5)


def test_a_neutral_lever_gives_the_same_bytes(plan: Plan, small_belief: Belief) -> None:
    neutral = [
        Growth(tuple(str(one.key) for one in plan.series), Amount("a", 0.0)),
        Gain(JOBS, Amount("b", 0.0), {2014: 1.0}),
        Ceiling(KEY, Amount("c", float("inf"))),
        Link(JOBS, KEY, Amount("d", 0.0), 1),
        CommonShock(("contracts", "people"), 2015, Amount("e", -10.0), Amount("f", 0.0), Amount("g", 1.0)),
    ]
    before, after = (simulate(replace(plan, pushes=pushes), 3_000) for pushes in ((), tuple(neutral)))
    assert before.draw_counts.tobytes() == after.draw_counts.tobytes()
    rows = [number for number, one in enumerate(plan.series) if str(one.key) not in (JOBS, KEY)]
    shares = [0.05, 0.5, 0.95]
    assert before.all_quantiles(shares)[rows].tobytes() == after.all_quantiles(shares)[rows].tobytes()
    # Series that could bend are stepped on year by year: the same but for rounding.
    np.testing.assert_allclose(before.all_quantiles(shares), after.all_quantiles(shares), rtol=1e-5)


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
    second = replace(first, series=replace(first.series, key=replace(first.key, measure="contract_value_signed")))
    plan = make_plan(replace(base, series=(first, second)), [], 2013, places=None, watched=[str(first.key), str(second.key)])
    kept = simulate(plan, 40_000).watched
    # Within a draw parameters are the same, so what differs between its ten paths is the own shock.
    shocks = [kept[name][0].reshape(-1, PATHS_PER_DRAW) for name in plan.watched]
    shocks = [each - each.mean(axis=1, keepdims=True) for each in shocks]
    # The standard error of a correlation of .7 from 36,000 deviations is .0027.
    assert np.corrcoef(shocks[0].ravel(), shocks[1].ravel())[0, 1] == pytest.approx(rho, abs=0.011)


def test_progress_rises_to_one_and_a_run_can_be_stopped(plan):
    shares: list[float] = []
    simulate(plan, 3 * BLOCK_PATHS, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(Cancelled):
        simulate(plan, 3 * BLOCK_PATHS, should_stop=lambda: True)


def test_a_run_can_be_stopped_within_a_block(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked before every few series, and what was counted is not handed out."""
    monkeypatch.setattr("scenarios.prepared.SERIES_A_CALL", 1)
    asked: list[int] = []

    def third_time() -> bool:
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(Cancelled):
        simulate(plan, 100, threads=1, should_stop=third_time)
    assert len(asked) == 3
    whole = simulate(plan, 2_000)
    monkeypatch.undo()
    np.testing.assert_array_equal(whole.draw_counts, simulate(plan, 2_000).draw_counts)


@settings(deadline=None, max_examples=40)
@given(
    points=st.sampled_from([-90.0, 0.0, 300.0]),
    gained=st.sampled_from([-1e12, 0.0, 1e12]),
    lasts=st.booleans(),
    ceiling=st.sampled_from([1.0, 1e9, 1e15]),
    elasticity=st.sampled_from([-5.0, 0.0, 5.0]),
    shock=st.sampled_from([-99.0, 0.0, 200.0]),
    half_life=st.sampled_from([0.01, 30.0]),
    chance=st.sampled_from([0.0, 1.0]),
)
def test_no_corner_of_the_levers_gives_a_number_that_is_none(
    small_belief: Belief, points: float, gained: float, lasts: bool, ceiling: float, elasticity: float, shock: float, half_life: float,
    chance: float,
) -> None:  # fmt: skip
    belief = with_families(small_belief, break_chance=chance, between_places=0.9)
    pushes = [
        Growth((KEY, JOBS), Amount("a", points)),
        Gain(JOBS, Amount("b", gained), {2013: 1.0, 2016: 1.0}, lasts=lasts),
        Ceiling(KEY, Amount("c", ceiling)),
        Link(JOBS, KEY, Amount("d", elasticity), 1),
        CommonShock(("contracts", "people"), 2014, Amount("e", shock), Amount("f", chance), Amount("g", half_life)),
    ]
    outcomes = simulate(make_plan(belief, city_events(belief), HORIZON, pushes, watched=[KEY, JOBS]), 200)
    for name in (KEY, JOBS):
        assert np.isfinite(outcomes.watched[name]).all()
        fan = outcomes.quantiles(name, 2020, [0.1, 0.5, 0.9])
        inside = fan[~np.isnan(fan)]  # beyond e**6 times the last level a quantile has no bin
        assert np.all(np.diff(inside) >= 0)
    for event in city_events(belief):
        assert 0.0 <= outcomes.odds(event.name).probability <= 1.0


def test_a_wanted_precision_is_reached_and_is_the_same_run(plan: Plan) -> None:
    outcomes = simulate(plan, 1_000, precision=0.003)
    assert outcomes.paths > 1_000
    assert max(outcomes.odds(event.name).error for event in plan.events) <= 0.003
    at_once = simulate(plan, outcomes.paths)
    np.testing.assert_allclose(outcomes.sums, at_once.sums, rtol=1e-12)  # added up in other blocks
    np.testing.assert_array_equal(outcomes.draw_counts, at_once.draw_counts)
    with pytest.raises(InputFault, match="precision: 0 found"):
        simulate(plan, 1_000, precision=0.0)


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


def test_several_threads_may_simulate_at_once(plan: Plan) -> None:
    alone = [simulate(plan, 3_000, seed).sums for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: simulate(plan, 3_000, seed, threads=2).sums, range(4)))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_simulates_too(plan: Plan) -> None:
    """After a run in the parent, whose pool has ended, a child forks and runs; a lock held across the fork would hang it."""
    FORKED[:] = [plan]
    expected = simulate(plan, 3_000, threads=2).sums
    with get_context("fork").Pool(1) as pool:
        found = pool.apply_async(_forked_sums).get(timeout=60)
    np.testing.assert_array_equal(found, expected)


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
