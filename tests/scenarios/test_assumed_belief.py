"""Assumptions in a belief: the past stays, what comes after follows the arithmetic of each."""

from dataclasses import replace
from math import inf, log, sqrt
from types import MappingProxyType

import numpy as np
import pytest

from forecast import predict
from forecast.belief import Belief
from scenarios import Scenario
from scenarios.assumed_belief import assumed_belief, given_long_run, is_same
from scenarios.plan import Event, make_plan
from scenarios.simulation import simulate

KEY = "City 0|contract_value_executed|total|USD"
OTHER = "City 4|contract_value_executed|total|USD"
JOBS = "City 2|employees|total|persons"


def assumed(belief: Belief, *terms: dict) -> Belief:
    return assumed_belief(belief, Scenario(title="Test", assumptions=terms).assumptions)


def means(belief: Belief, key: str = KEY, last: int = 2020) -> np.ndarray:
    """Expected ln(level) in each coming year."""
    return predict(belief, belief.find(key), last).log_moments()[0]


def origin_state(belief: Belief, key: str) -> np.ndarray:
    """Expected trend, lasting difference and passing deviation at the origin, by node."""
    one = belief.find(key)
    return one.base + np.einsum("kid,kd->ki", one.slope, belief.families[one.family].common_mean)


def test_points_on_the_long_run_come_as_the_boom_fades(small_belief: Belief) -> None:
    moved = assumed(small_belief, {"long_run_growth": {"points": 3, "families": ["contracts"]}})
    family = small_belief.families["contracts"]
    np.testing.assert_allclose(origin_state(moved, KEY), origin_state(small_belief, KEY), atol=1e-12)
    ages = np.arange(1, 9)[:, None]  # years after the last known one
    by_node = np.cumsum(log(1.03) * (1 - family.fade**ages), axis=0)
    np.testing.assert_allclose(means(moved) - means(small_belief), by_node @ family.weights, atol=1e-10)
    assert moved.find(JOBS) is small_belief.find(JOBS)


def test_a_rate_of_the_long_run_is_certain_and_reached(small_belief: Belief) -> None:
    moved = assumed(small_belief, {"long_run_growth": {"percent": 4}}, {"reversion": {"fade": 0, "persistence": 0}})
    for family in moved.families.values():
        np.testing.assert_allclose(family.common_mean[:, 0], log(1.04))
        assert np.all(family.common_covariance[:, 0] == 0)
        assert np.all(np.linalg.eigvalsh(family.common_covariance) > -1e-12)
    # without boom and own deviations, what is left of growth is the long run and the lasting difference of the place
    lasting = moved.families["contracts"].weights @ origin_state(moved, KEY)[:, 1]
    np.testing.assert_allclose(np.diff(means(moved)), log(1.04) + lasting, atol=1e-10)


def test_conditioning_takes_out_what_the_long_run_explains() -> None:
    covariance = np.array([[[4.0, 1.0], [1.0, 2.0]]])
    np.testing.assert_allclose(given_long_run(covariance), [[[0.0, 0.0], [0.0, 1.75]]])


def test_a_fade_of_one_keeps_the_boom_and_none_ends_it(small_belief: Belief) -> None:
    lasting, over = (assumed(small_belief, {"reversion": {"fade": fade}}) for fade in (1, 0))
    steps = [np.diff(means(one), n=2) for one in (lasting, over)]
    own = np.abs(small_belief.families["contracts"].persistence).max() ** np.arange(1, 7)
    assert np.all(np.abs(steps[0]) < 0.3 * own + 1e-9)  # growth changes by what fades of the own deviation only
    boom = small_belief.families["contracts"].common_mean[:, -1] @ small_belief.families["contracts"].weights
    assert boom > 0.1
    assert np.all(means(over) < means(small_belief))
    assert np.all(means(small_belief) < means(lasting))


def test_volatility_scales_shocks_of_the_measure_named(small_belief: Belief) -> None:
    moved = assumed(small_belief, {"volatility": {"factor": 3}}, {"volatility": {"measure": "employees", "factor": 0.5}})
    for key, factor in ((KEY, 3.0), (JOBS, 0.5)):  # the last one counts
        np.testing.assert_allclose(moved.find(key).own_shock, factor * small_belief.find(key).own_shock)
        np.testing.assert_allclose(moved.find(key).level_noise, factor * small_belief.find(key).level_noise)
    by_family = assumed(small_belief, {"volatility": {"families": ["people"], "factor": 2}})
    assert by_family.find(KEY) is small_belief.find(KEY)


def test_without_shocks_nothing_is_left_but_what_is_shared_and_not_known(small_belief: Belief) -> None:
    plan = make_plan(assumed(small_belief, {"volatility": {"factor": 0}}), [], 2016, watched=[KEY, OTHER])
    kept = simulate(plan, 500, 1).watched
    one, other = (np.diff(kept[key][-4:], axis=0).reshape(3, -1, 10) for key in (KEY, OTHER))
    # within a draw the only noise left is the common shock of the family, the same for both
    np.testing.assert_allclose(one - one.mean(axis=2, keepdims=True), other - other.mean(axis=2, keepdims=True), atol=1e-4)


def test_breaks_and_tails_are_those_of_the_terms(small_belief: Belief) -> None:
    moved = assumed(small_belief, {"breaks": {"probability": 0.1, "factor": 3}}, {"tails": {"freedom": 5}})
    assert {(one.break_chance, one.break_scale, one.tail) for one in moved.families.values()} == {(0.1, 3.0, 5.0)}
    assert {one.tail for one in assumed(small_belief, {"tails": {"freedom": "normal"}}).families.values()} == {inf}


@pytest.mark.parametrize("coefficient", [0.3, 0.9])
def test_yearly_shocks_of_two_places_correlate_as_assumed(small_belief: Belief, coefficient: float) -> None:
    moved = assumed(small_belief, {"correlation": {"coefficient": coefficient}})
    family = moved.families["contracts"]
    assert family.same_place * family.between_places == pytest.approx(coefficient)
    families = {name: replace(one, common_shock=0.0, tail=inf) for name, one in moved.families.items()}
    alone = replace(
        moved,
        families=MappingProxyType(families),
        series=tuple(replace(one, level_noise=0 * one.level_noise) for one in moved.series),
    )
    kept = simulate(make_plan(alone, [], 2014, watched=[KEY, OTHER]), 20_000, 1).watched
    first = [kept[key][-2].reshape(-1, 10) for key in (KEY, OTHER)]
    one, other = (level - level.mean(axis=1, keepdims=True) for level in first)
    found = float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
    assert abs(found - coefficient) < 4.4 * (1 - coefficient**2) / sqrt(18_000)  # 1 in 100,000


def test_only_what_changes_nothing_is_the_same(small_belief: Belief) -> None:
    neutral = assumed(
        small_belief, {"volatility": {"factor": 1}}, {"breaks": {"probability": 0}}, {"correlation": {"coefficient": 0}}
    )
    assert is_same(neutral, small_belief)
    assert not is_same(assumed(small_belief, {"volatility": {"factor": 1.01}}), small_belief)
    assert not is_same(assumed(small_belief, {"reversion": {"fade": 0.5}}), small_belief)


def test_a_distribution_by_node_is_the_mean_of_what_its_values_give(small_belief: Belief) -> None:
    """Uniform on 0 to 0.8: eighths with the means .05, .15, ..., .75."""
    spread = assumed(small_belief, {"reversion": {"fade": {"uniform": [0, 0.8]}}})
    each = [assumed(small_belief, {"reversion": {"fade": 0.05 + 0.1 * part}}) for part in range(8)]
    one = spread.find(KEY)
    assert one is not None
    mixed = predict(spread, one, 2018)
    for log_level in (21.0, 21.5, 22.0):
        single = [predict(belief, belief.find(KEY), 2018).probability_at_least(log_level, 2018) for belief in each]
        assert mixed.probability_at_least(log_level, 2018) == pytest.approx(np.mean(single), abs=1e-9)


@pytest.mark.parametrize(
    "term",
    [
        {"volatility": {"measure": "employees", "factor": {"lognormal": [1, 0.5]}}},
        {"long_run_growth": {"percent": {"normal": [6, 2]}}},
        {"long_run_growth": {"points": {"normal": [0, 2]}}},
        {"reversion": {"persistence": {"uniform": [0, 0.5]}, "fade": {"beta": [2, 2]}}},
    ],
)
def test_odds_under_a_distribution_are_those_of_the_closed_form(small_belief: Belief, term: dict) -> None:
    spread = assumed(small_belief, term)
    normal = replace(spread, families=MappingProxyType({name: replace(one, tail=inf) for name, one in spread.families.items()}))
    one = normal.find(JOBS)
    assert one is not None
    assert np.isclose(normal.families["people"].weights.sum(), 1)
    aimed = float(predict(normal, one, 2016).log_moments()[0][-1])
    odds = simulate(make_plan(normal, [Event("jobs", JOBS, 2016, aimed)], 2016), 5000, 3).odds("jobs")
    exact = predict(normal, one, 2016).probability_at_least(aimed, 2016)
    assert abs(odds.probability - exact) < 4.4 * odds.error  # 1 in 100,000


def test_the_same_assumptions_of_the_same_belief_are_formed_once(small_belief: Belief) -> None:
    first = assumed(small_belief, {"reversion": {"fade": 0.3}})
    assert assumed(small_belief, {"reversion": {"fade": 0.3}}) is first
    assert assumed(small_belief, {"reversion": {"fade": 0.4}}) is not first
    again = replace(small_belief)
    assert assumed(again, {"reversion": {"fade": 0.3}}) is not first
