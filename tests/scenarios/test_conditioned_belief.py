"""What is learned of a belief: averaged over all that may be learned it gives the belief back, and one node obeys the closed form."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.polynomial.hermite import hermgauss

from forecast import predict
from forecast.belief import Belief
from scenarios.conditioned_belief import Unknown, moved, quantiles_of_nodes, series_of, with_nodes
from tests.made_up import without_tails
from tests.scenarios.questions import single_node

KEY, NATION, FAMILY = "City 0|contract_value_executed|total|USD", "China|contract_value_executed|total|USD", "contracts"
OTHER = "City 3|contract_value_executed|total|USD"
DUE = 2015
PARTS = ["long run", "boom", "level", "lasting", "passing"]


def unknown(belief: Belief, part: str, key: str = KEY) -> Unknown:
    family = belief.families[FAMILY]
    common, state = np.zeros(family.common_mean.shape[1]), np.zeros(3)
    if part == "long run":
        common[0] = 1.0
    elif part == "boom":
        common[-1] = 1.0
    else:
        state[["level", "lasting", "passing"].index(part)] = 1.0
    return Unknown(FAMILY, common, key if state.any() else "", state)


def odds(belief: Belief, log_value: float, key: str = KEY) -> float:
    return predict(belief, series_of(belief, key), DUE).probability_at_least(log_value, DUE)


@pytest.mark.parametrize("key", [KEY, OTHER])
@pytest.mark.parametrize("part", PARTS)
def test_what_may_be_learned_averages_to_what_is_believed(small_belief: Belief, part: str, key: str) -> None:
    """The tower law, for the series it is about and for another of the family; Gauss-Hermite at every node, exact but for rounding."""
    small_belief = without_tails(small_belief)
    thing = unknown(small_belief, part)
    mean, variance = thing.moments(small_belief)
    points, weights = hermgauss(40)
    family = small_belief.families[FAMILY]
    threshold = float(np.log(series_of(small_belief, key).series.level(2012) * 2.2))
    total = 0.0
    for node in np.argsort(-family.weights)[:6]:
        for point, weight in zip(points, weights / np.sqrt(np.pi), strict=True):
            value = float(mean[node] + np.sqrt(2 * variance[node]) * point)
            # Of one node at a time the odds given the value and the node are those of that node in the belief that has learned it.
            known = thing.known(small_belief, value)
            prediction = predict(known, series_of(known, key), DUE)
            alone = replace(prediction, weights=np.eye(len(family.weights))[node])
            total += weight * alone.probability_at_least(threshold, DUE)
        before = replace(predict(small_belief, series_of(small_belief, key), DUE), weights=np.eye(len(family.weights))[node])
        assert total == pytest.approx(before.probability_at_least(threshold, DUE), abs=1e-8)
        total = 0.0


@pytest.mark.parametrize("part", PARTS)
def test_the_nodes_are_weighed_by_how_likely_they_thought_it(small_belief: Belief, part: str) -> None:
    """Averaged over what may be learned, with the nodes too: the tower law of the whole mixture."""
    thing = unknown(small_belief, part)
    mean, variance = thing.moments(small_belief)
    family = small_belief.families[FAMILY]
    sd = np.sqrt(variance.max())
    grid = np.linspace((mean - 8 * sd).min(), (mean + 8 * sd).max(), 801)
    density = np.exp(-0.5 * (grid[:, None] - mean) ** 2 / variance) / np.sqrt(2 * np.pi * variance) @ family.weights
    threshold = float(np.log(2.2e9))
    given = np.array([odds(thing.known(small_belief, value), threshold) for value in grid])
    assert np.trapezoid(density, grid) == pytest.approx(1, abs=1e-6)
    assert np.trapezoid(density * given, grid) == pytest.approx(odds(small_belief, threshold), abs=1e-5)


@pytest.mark.parametrize("part", PARTS)
def test_with_one_node_the_level_obeys_the_closed_form(small_belief: Belief, part: str) -> None:
    """Mean and variance of ln(level) given a value: linear in it, and less by covariance squared over variance; by differences of both."""
    belief = single_node(small_belief)
    thing = unknown(belief, part)
    (mean,), (variance,) = thing.moments(belief)
    before = predict(belief, series_of(belief, KEY), DUE).log_moments()
    at = [mean - 1.3 * np.sqrt(variance), mean, mean + 1.3 * np.sqrt(variance)]
    after = [predict(known, series_of(known, KEY), DUE).log_moments() for known in (thing.known(belief, value) for value in at)]
    assert after[1][0] == pytest.approx(before[0])
    slope = (after[2][0] - after[0][0])[-1] / (at[2] - at[0])
    for moments in after:
        assert moments[1][-1] == pytest.approx(before[1][-1] - slope**2 * variance, rel=1e-9)
    # Whoever has learned it is sure of it.
    known = thing.known(belief, at[2])
    assert thing.moments(known)[0][0] == pytest.approx(at[2])
    assert thing.moments(known)[1][0] == pytest.approx(0, abs=1e-12)


def test_the_slope_on_the_lasting_lead_is_that_of_the_joint_normal_law(small_belief: Belief) -> None:
    """Written out for d: ln(level) h years ahead is l + h d + r a + the common part, all normal."""
    belief = single_node(small_belief)
    family, one = belief.families[FAMILY], series_of(belief, KEY)
    horizon, persistence = DUE - 2012, family.persistence[0]
    own = np.array([1.0, horizon, persistence * (1 - persistence**horizon) / (1 - persistence)])
    width = family.common_mean.shape[1]
    reach = family.fade[0] * (1 - family.fade[0] ** horizon) / (1 - family.fade[0])
    common = own @ one.slope[0] + horizon * np.eye(width)[0] + reach * np.eye(width)[-1]
    covariance = own @ one.covariance[0][:, 1] + common @ family.common_covariance[0] @ one.slope[0][1]
    variance = one.covariance[0][1, 1] + one.slope[0][1] @ family.common_covariance[0] @ one.slope[0][1]
    thing = unknown(belief, "lasting")
    assert thing.moments(belief)[1][0] == pytest.approx(variance)
    low, high = (predict(k, series_of(k, KEY), DUE).log_moments()[0][-1] for k in (thing.known(belief, v) for v in (0.0, 0.1)))
    assert (high - low) / 0.1 == pytest.approx(covariance / variance)


def test_quantiles_lie_where_the_mixture_has_them(small_belief: Belief) -> None:
    thing = unknown(small_belief, "boom")
    mean, variance = thing.moments(small_belief)
    weights = small_belief.families[FAMILY].weights
    draws = np.random.default_rng(3).normal(mean, np.sqrt(variance), size=(200_000, len(mean)))
    picked = draws[np.arange(len(draws)), np.random.default_rng(4).choice(len(mean), len(draws), p=weights)]
    low, high = thing.quantiles(small_belief, (0.1, 0.9))
    # Shares below: standard error .0007; four of them, a false alarm in one of 8,000 seeds.
    assert np.mean(picked < low) == pytest.approx(0.1, abs=0.003)
    assert np.mean(picked < high) == pytest.approx(0.9, abs=0.003)


def test_of_what_is_certain_there_is_nothing_to_learn(small_belief: Belief) -> None:
    """A nation has no lasting difference: both points are zero, and knowing it changes nothing."""
    thing = unknown(small_belief, "lasting", NATION)
    assert thing.quantiles(small_belief, (0.1, 0.9)) == pytest.approx([0.0, 0.0])
    known = thing.known(small_belief, 0.0)
    assert odds(known, np.log(80e9), NATION) == pytest.approx(odds(small_belief, np.log(80e9), NATION))


def test_nodes_left_are_those_with_the_value(small_belief: Belief) -> None:
    family = small_belief.families[FAMILY]
    low, high = quantiles_of_nodes(family.fade, family.weights, (0.1, 0.9))
    assert family.weights[family.fade <= low].sum() >= 0.1 > family.weights[family.fade < low].sum()
    assert family.weights[family.fade <= high].sum() >= 0.9 > family.weights[family.fade < high].sum()
    known = with_nodes(small_belief, FAMILY, family.fade, float(high)).families[FAMILY]
    assert known.weights.sum() == pytest.approx(1)
    assert set(known.fade[known.weights > 0]) == {high}


def test_a_moved_level_moves_the_forecast_of_its_series_alone(small_belief: Belief) -> None:
    shift = np.linspace(0, 0.3, len(small_belief.families[FAMILY].weights))
    small_belief = without_tails(small_belief)
    after = moved(small_belief, KEY, shift)
    before, now = (predict(belief, series_of(belief, KEY), DUE).mean[:, -1] for belief in (small_belief, after))
    np.testing.assert_allclose(now - before, shift, atol=1e-12)
    assert odds(after, 22.0, OTHER) == odds(small_belief, 22.0, OTHER)
