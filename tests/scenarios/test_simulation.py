"""The simulation against itself: counts and paths, threads, blocks, added places, cancelling, corners of the levers."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import log
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import InputFault
from forecast.belief import Belief
from scenarios.outcomes import BINS
from scenarios.plan import Amount, Ceiling, CommonShock, Event, Gain, Growth, Joint, Link, Plan, make_plan
from scenarios.simulation import PATHS_PER_DRAW, Cancelled, parts_of, simulate
from tests.scenarios.small_plans import BLOCK_PATHS, HORIZON, JOBS, KEY, city_events, with_families

FORKED: list[Plan] = []


def _forked_sums() -> np.ndarray:
    return simulate(FORKED[0], 3_000, threads=2).sums


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


def test_the_order_of_series_and_events_changes_nothing(plan: Plan) -> None:
    turned = simulate(replace(plan, series=plan.series[::-1], events=plan.events[::-1]), 3_000)
    as_it_is = simulate(plan, 3_000)
    assert [turned.odds(event.name) for event in plan.events] == [as_it_is.odds(event.name) for event in plan.events]
    np.testing.assert_array_equal(turned.draw_counts[::-1], as_it_is.draw_counts)
    np.testing.assert_array_equal(turned.all_quantiles([0.1, 0.5, 0.9])[::-1], as_it_is.all_quantiles([0.1, 0.5, 0.9]))


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
        simulate(replace(plan), 100, threads=1, should_stop=third_time)  # a plan that was not laid out before
    assert len(asked) == 3
    whole = simulate(replace(plan), 2_000)
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


def test_several_threads_may_simulate_at_once(plan: Plan) -> None:
    alone = [simulate(plan, 3_000, seed).sums for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: simulate(plan, 3_000, seed, threads=2).sums, range(4)))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_simulates_too(plan: Plan) -> None:
    """After a run in the parent, whose threads wait for another one, a child forks and runs; a lock held across the fork would hang it."""
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
