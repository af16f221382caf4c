"""Every level of every path against the plain twin: tails, breaks, correlations, levers, links."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from data import InputFault
from forecast.belief import Belief
from scenarios.own_shocks import laws_of_block
from scenarios.plan import Alike, Amount, Breaks, Ceiling, CommonShock, Gain, Growth, Link, Plan, Push, Tails, make_plan
from scenarios.prepared import prepare
from scenarios.shocks import law_of
from scenarios.simulation import PATHS_PER_DRAW, simulate
from tests.reference.simulation_reference import Twin
from tests.scenarios.small_plans import HORIZON, JOBS, KEY, at_one_value, city_events, levels_of, triangular, with_families

SINGLE_PRECISION = 2e-5  # of ln(level): what single precision and the laws of shocks may be off against the twin


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
