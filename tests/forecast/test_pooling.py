"""The pooled posterior against its slow twin, at its limits, and under changes that must not matter."""

from dataclasses import replace

import numpy as np
import pytest

from forecast import pooling
from forecast.pooling import common_prior, conclude, grid, hear, pool, replaced
from forecast.priors import PRIORS, SAME_PLACE_CORRELATION
from tests.forecast.conftest import made_series
from tests.reference.pooling_reference import joint_node

CONTRACTS = PRIORS["contracts"]
CHINA = {"China"}


def node_of(pooled, k):
    return pooled.nodes.fade[k], pooled.nodes.persistence[k], pooled.nodes.scale[k]


def members_of(pooled):
    return [pooled.member(number) for number in range(len(pooled.witnesses.series))]


def prior_of(pooled, prior):
    """Prior mean and covariance of the common vector at the nodes kept."""
    covariance = common_prior(pooled.nodes, prior, pooled.last_year - pooled.first_year + 1)
    mean = np.zeros(covariance.shape[:2])
    mean[:, 0] = prior.long_run_mean
    return mean, covariance


# Against the twin


@pytest.fixture(scope="module")
def pooled(one_a_place):
    return pool(one_a_place, CHINA, CONTRACTS)


@pytest.fixture(scope="module")
def twins(one_a_place, pooled):
    nodes = (node_of(pooled, k) for k in range(len(pooled.weights)))
    return [joint_node(one_a_place, CHINA, CONTRACTS, *node, horizon=2013) for node in nodes]


def test_no_node_is_lost_on_this_world(pooled):
    assert len(pooled.weights) == len(CONTRACTS.fade) * len(CONTRACTS.persistence) * len(CONTRACTS.scale)


def test_the_common_vector_equals_the_joint_conditioning(pooled, twins):
    assert (pooled.first_year, pooled.last_year) == (2009, 2012)
    for k, twin in enumerate(twins):
        mean, covariance = twin.posterior(twin.common)
        np.testing.assert_allclose(pooled.common_mean[k], mean, atol=1e-8)
        np.testing.assert_allclose(pooled.common_covariance[k], covariance, atol=1e-8)


def test_the_state_of_each_series_equals_the_joint_conditioning(pooled, twins):
    """Mean, covariance, and covariance with the common vector, which the regression of the state on it implies."""
    for k, twin in enumerate(twins):
        for state, member in zip(twin.states, members_of(pooled), strict=True):
            mean, covariance = twin.posterior([*state, *twin.common])
            slope, common = member.slope[k], pooled.common_covariance[k]
            np.testing.assert_allclose(member.base[k] + slope @ pooled.common_mean[k], mean[:3], atol=1e-8)
            np.testing.assert_allclose(member.covariance[k] + slope @ common @ slope.T, covariance[:3, :3], atol=1e-8)
            np.testing.assert_allclose(slope @ common, covariance[:3, 3:], atol=1e-8)


def test_the_weights_of_nodes_equal_those_of_the_joint_density(pooled, twins):
    learned = np.log(pooled.weights / pooled.nodes.prior_weight)
    likelihood = np.array([twin.log_likelihood() for twin in twins])
    np.testing.assert_allclose(learned - learned[0], likelihood - likelihood[0], atol=1e-8)
    # The figures do tell nodes apart, so that the line above compares more than zeros.
    assert np.ptp(likelihood) > 0.1


# Limits


def test_without_growth_the_posterior_is_the_prior():
    lonely = pool([made_series(f"City {i}", (2011 + i % 2,), (1.0 + i,)) for i in range(6)], CHINA, CONTRACTS)
    mean, covariance = prior_of(lonely, CONTRACTS)
    np.testing.assert_allclose(lonely.common_mean, mean, atol=1e-12)
    np.testing.assert_allclose(lonely.common_covariance, covariance, atol=1e-12)
    # Only the noise beside the diffuse first level tells scales apart: .03² beside 25.
    np.testing.assert_allclose(lonely.weights, lonely.nodes.prior_weight, rtol=1e-3)


def test_a_known_long_run_mean_stays_where_it_is(one_a_place):
    known = pool(one_a_place, CHINA, CONTRACTS.with_long_run_sd(1e-3))
    assert np.abs(known.common_mean[:, 0] - CONTRACTS.long_run_mean).max() < 1e-6
    free = pool(one_a_place, CHINA, CONTRACTS.with_long_run_sd(100))
    assert np.abs(free.common_mean[:, 0] - CONTRACTS.long_run_mean).min() > 0.01


def test_exact_figures_without_own_deviations_give_the_growth_itself():
    """No noise, no lasting difference, hardly any own deviation: m + F of the year is the growth that all places show."""
    alike = [made_series(f"City {i}", (2011, 2012), (1.0 + i, 1.5 * (1 + i)), sd=1e-5) for i in range(3)]
    prior = replace(CONTRACTS, lasting_sd=1e-6, own_sd=1e-6, scale=((1e-4, 1.0),))
    known = pool(alike, CHINA, prior)
    np.testing.assert_allclose(known.common_mean.sum(axis=1), np.log(1.5), atol=1e-6)
    # And m and F share the surprise ln 1.5 - .104 in the ratio of their prior variances.
    share = prior.long_run_sd**2 / (prior.long_run_sd**2 + prior.boom_sd**2)
    expected = prior.long_run_mean + share * (np.log(1.5) - prior.long_run_mean)
    np.testing.assert_allclose(known.common_mean[:, 0], expected, atol=1e-6)


def test_prior_of_the_common_deviation_by_hand():
    nodes = grid(replace(CONTRACTS, fade=((0.5, 1.0),), persistence=((0.35, 1.0),), scale=((1.0, 1.0),)))
    (covariance,) = common_prior(nodes, replace(CONTRACTS, boom_shock=0.16), 3)
    first = 0.25**2
    second = 0.5**2 * first + 0.16**2
    third = 0.5**2 * second + 0.16**2
    expected = [
        [0.02**2, 0, 0, 0],
        [0, first, 0.5 * first, 0.25 * first],
        [0, 0.5 * first, second, 0.5 * second],
        [0, 0.25 * first, 0.5 * second, third],
    ]
    np.testing.assert_allclose(covariance, expected, rtol=1e-12)


@pytest.mark.parametrize("family", sorted(PRIORS))
def test_prior_weights_of_the_grid_add_up_to_one(family):
    prior = PRIORS[family]
    assert grid(prior).prior_weight.sum() == pytest.approx(1.0)
    assert {name for name, *_ in ((one.name, one.value) for one in prior.assumptions)} >= {"long-run mean growth"}


# Laws


def test_the_order_of_the_series_does_not_matter(one_a_place, pooled):
    other = pool(one_a_place[::-1], CHINA, CONTRACTS)
    np.testing.assert_allclose(other.common_mean, pooled.common_mean, atol=1e-10)
    np.testing.assert_allclose(other.weights, pooled.weights, rtol=1e-9)
    np.testing.assert_allclose(members_of(other)[0].base, members_of(pooled)[-1].base, atol=1e-12)


def test_scaling_the_levels_shifts_the_trend_and_nothing_else(one_a_place, pooled):
    shift = np.log(np.array([6.3, 0.1, 1e9, 2.0, 50.0]))
    scaled = [replace(one, log_level=one.log_level + by) for one, by in zip(one_a_place, shift, strict=True)]
    other = pool(scaled, CHINA, CONTRACTS)
    np.testing.assert_allclose(other.weights, pooled.weights, rtol=1e-8)
    np.testing.assert_allclose(other.common_mean, pooled.common_mean, atol=1e-10)
    for by, one, two in zip(shift, members_of(pooled), members_of(other), strict=True):
        np.testing.assert_allclose(two.base - one.base, np.tile([by, 0, 0], (len(pooled.weights), 1)), atol=1e-9)


def test_a_one_point_series_says_nothing_about_growth(one_a_place, pooled):
    more = pool([*one_a_place, made_series("City Z", (2012,), (9.0,))], CHINA, CONTRACTS)
    np.testing.assert_allclose(more.common_mean, pooled.common_mean, atol=1e-12)
    np.testing.assert_allclose(more.common_covariance, pooled.common_covariance, atol=1e-12)


def test_a_one_point_series_takes_no_weight_from_the_others_of_its_place(one_a_place, pooled):
    more = pool([*one_a_place, made_series("City D", (2012,), (9.0,), "contract_value_signed")], CHINA, CONTRACTS)
    np.testing.assert_allclose(more.common_mean, pooled.common_mean, atol=1e-12)


def test_figures_of_one_place_count_as_fewer_witnesses():
    """Two alike of one place: information 2 / 1.7 times that of one."""
    one = made_series("City A", (2011, 2012), (1.0, 1.4))
    other = replace(one, key=one.key._replace(scope="offshore"))
    alone, both = (pool(series, CHINA, CONTRACTS) for series in ([one], [one, other]))
    node = {tuple(node_of(both, k)): k for k in range(len(both.weights))}
    for k in range(len(alone.weights)):
        _, prior = prior_of(alone, CONTRACTS)
        learned = np.linalg.inv(alone.common_covariance[k]) - np.linalg.inv(prior[k])
        twice = np.linalg.inv(both.common_covariance[node[tuple(node_of(alone, k))]]) - np.linalg.inv(prior[k])
        np.testing.assert_allclose(twice, 2 / (1 + SAME_PLACE_CORRELATION) * learned, rtol=1e-6, atol=1e-6)
        assert np.abs(learned).max() > 1.0


def test_the_nation_is_silent_where_cities_do_not_add_up_to_it():
    prior = PRIORS["fdi"]
    cities = [made_series(f"City {i}", (2011, 2012), (1.0, 1.1 + i / 10), "fdi_actual") for i in range(3)]
    nation = made_series("China", (2011, 2012), (100.0, 50.0), "fdi_actual")
    without, silent = pool(cities, CHINA, prior), pool([*cities, nation], CHINA, prior)
    np.testing.assert_array_equal(silent.common_mean, without.common_mean)
    np.testing.assert_array_equal(silent.weights, without.weights)
    # It is heard where it is a witness, and as a city.
    heard = pool([*cities, nation], CHINA, replace(prior, nation_is_witness=True))
    assert np.all(heard.common_mean[:, 1] < without.common_mean[:, 1].min())
    assert np.all(pool([*cities, nation], set(), prior).common_mean[:, 1] < without.common_mean[:, 1].min())


def test_a_nation_has_no_lasting_difference(pooled):
    nation = pooled.member(0)
    np.testing.assert_array_equal(nation.covariance[:, 1], 0.0)
    np.testing.assert_array_equal(nation.base[:, 1], 0.0)


def test_more_growth_seen_means_more_common_growth(one_a_place, pooled):
    # All places grow faster by a tenth in the last year; m and F of that year rise at every node, but by less than a tenth.
    faster = [
        replace(one, log_level=one.log_level + 0.1 * (np.array(one.years) == 2012) * (len(one.years) > 1)) for one in one_a_place
    ]
    other = pool(faster, CHINA, CONTRACTS)
    node = {tuple(node_of(other, k)): k for k in range(len(other.weights))}
    rise = np.array(
        [other.common_mean[node[tuple(node_of(pooled, k))]] - pooled.common_mean[k] for k in range(len(pooled.weights))]
    )
    assert np.all(rise[:, 0] > 0)
    assert np.all((rise[:, [0, -1]].sum(axis=1) > 0.02) & (rise[:, [0, -1]].sum(axis=1) < 0.1))


def test_repeated_figures_raise_certainty(one_a_place, pooled):
    again = [replace(one, key=one.key._replace(place=f"{one.key.place} twin")) for one in one_a_place[1:]]
    other = pool([*one_a_place, *again], CHINA, CONTRACTS)
    node = {tuple(node_of(pooled, k)): k for k in range(len(pooled.weights))}
    for k in range(len(other.weights)):
        before = pooled.common_covariance[node[tuple(node_of(other, k))]]
        assert np.linalg.eigvalsh(before - other.common_covariance[k]).min() > -1e-12
        assert np.trace(other.common_covariance[k]) < np.trace(before)


# Without some series


def equal(found, expected):
    """The same posterior, whatever the order of the series; the state of each too."""
    assert (found.first_year, found.last_year) == (expected.first_year, expected.last_year)
    np.testing.assert_allclose(found.weights, expected.weights, rtol=1e-9)
    np.testing.assert_allclose(found.common_mean, expected.common_mean, atol=1e-10)
    np.testing.assert_allclose(found.common_covariance, expected.common_covariance, atol=1e-12)
    members = dict(zip((one.key for one in expected.witnesses.series), members_of(expected), strict=True))
    for one, member in zip(found.witnesses.series, members_of(found), strict=True):
        np.testing.assert_allclose(member.base, members[one.key].base, atol=1e-12)
        np.testing.assert_allclose(member.slope, members[one.key].slope, atol=1e-12)


@pytest.mark.parametrize("left_out", [(0,), (3,), (4,), (1, 2), (1, 2, 4), (0, 1, 2, 4)])
def test_subtracting_series_equals_pooling_the_others(one_a_place, left_out):
    rest = [one for number, one in enumerate(one_a_place) if number not in left_out]
    equal(conclude(replaced(hear(one_a_place, CHINA, CONTRACTS), left_out)), pool(rest, CHINA, CONTRACTS))


def test_a_series_put_in_the_place_of_another(one_a_place):
    other = made_series("City B", (2011,), (2.9,))
    rest = [one for one in one_a_place if one.key.place != "City B"]
    equal(conclude(replaced(hear(one_a_place, CHINA, CONTRACTS), [2], [other])), pool([*rest, other], CHINA, CONTRACTS))


def test_the_others_of_a_place_count_for_more_when_one_is_left_out(one_a_place):
    twin = made_series("City A", (2011, 2012), (1.1, 1.5))
    heard = hear([*one_a_place, twin], CHINA, CONTRACTS)
    assert heard.weights[1] == heard.weights[-1] == pytest.approx(1 / (1 + SAME_PLACE_CORRELATION))
    assert replaced(heard, [5]).weights == hear(one_a_place, CHINA, CONTRACTS).weights
    equal(conclude(replaced(heard, [5])), pool(one_a_place, CHINA, CONTRACTS))


def test_points_of_the_grid_that_differ_in_the_fade_alone_are_eliminated_once(one_a_place):
    nodes = grid(CONTRACTS)
    different, node = nodes.own()
    assert len(different.fade) == len(CONTRACTS.persistence) * len(CONTRACTS.scale) < len(nodes.fade)
    each = [list(pooling.eliminate(one_a_place, nodes.take(np.array([k])), CONTRACTS, CHINA, 2010, 2012)) for k in range(len(node))]
    for place, (number, together) in enumerate(pooling.eliminate(one_a_place, nodes, CONTRACTS, CHINA, 2010, 2012)):
        for k, alone in enumerate(each):
            assert alone[place][0] == number
            for name in ("precision", "weighted", "log_likelihood", "base", "slope", "covariance", "own_shock", "level_noise"):
                np.testing.assert_array_equal(getattr(together, name)[k], getattr(alone[place][1], name)[0])


def test_how_many_are_done_together_changes_nothing(one_a_place, monkeypatch):
    """Only the memory that it takes."""
    twins = [made_series(f"Twin {number}", (2011, 2012), (1.1 + number, 1.5 + number)) for number in range(5)]
    expected = pool([*one_a_place, *twins], CHINA, CONTRACTS)
    monkeypatch.setattr(pooling, "SERIES_AT_ONCE", 2)
    found = conclude(pooling.heard_together.__wrapped__((*one_a_place, *twins), frozenset(CHINA), CONTRACTS))
    np.testing.assert_array_equal(found.common_covariance, expected.common_covariance)
    np.testing.assert_array_equal(found.common_mean, expected.common_mean)
    for (number, one), (other, same) in zip(found.members(), expected.members(), strict=True):
        assert number == other
        np.testing.assert_array_equal(one.base, same.base)
        np.testing.assert_array_equal(one.slope, same.slope)
