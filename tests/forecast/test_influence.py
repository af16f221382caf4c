"""What each series weighs: exact against refitting without it, and laws of the common growth."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from scipy.stats import norm

from forecast.belief import Belief, FamilyBelief, family_belief, series_belief
from forecast.influence import INFLUENCE_FIELDS, common_growth, influences, mean_fade
from forecast.pooling import pool
from forecast.prediction import data_weight
from forecast.priors import PRIORS
from tests.forecast.conftest import made_series

CONTRACTS = PRIORS["contracts"]
NATIONS = frozenset({"China"})


def belief_of(series):
    """The belief that follows from series of the family of contracts."""
    pooled = pool(series, NATIONS, CONTRACTS)
    members = [series_belief(one, pooled.member(n), pooled) for n, one in enumerate(series)]
    families = MappingProxyType({"contracts": family_belief(pooled, CONTRACTS)})
    return Belief("9999-12-31", families, tuple(members), MappingProxyType({"contracts": CONTRACTS}), NATIONS)


def two_of_a_place(one_a_place):
    twin = made_series("City D", (2010, 2012), (0.5, 0.9), "contract_value_signed")
    return [*one_a_place, twin]


def test_leaving_a_series_out_equals_refitting_without_it(one_a_place):
    """Also the one that alone reaches back to 2008, the nation, and one of two of a place, whose other then counts in full."""
    series = two_of_a_place(one_a_place)
    belief = belief_of(series)
    before = belief.families["contracts"]
    found = {one.key: one for one in influences(belief)}
    assert len(found) == len(series)
    for left_out in series:
        after = belief_of([one for one in series if one is not left_out]).families["contracts"]
        growth = common_growth(after, 2012, 2020) - common_growth(before, 2012, 2020)
        one = found[left_out.key]
        assert one.growth_change == pytest.approx(growth, abs=1e-8)
        assert one.fade_change == pytest.approx(mean_fade(after) - mean_fade(before), abs=1e-9)
    assert max(abs(one.growth_change) for one in found.values()) > 0.1


def test_the_years_to_come_stay_those_of_the_whole_family():
    """Without the only figure of 2013 the family ends in 2012; its growth is still told from 2014 on."""
    late = made_series("City L", (2012, 2013), (1.0, 1.9))
    rest = [made_series(f"City {n}", (2011, 2012), (1.0, 1.2 + n / 10)) for n in range(3)]
    before, after = (belief_of(series).families["contracts"] for series in ([late, *rest], rest))
    assert (before.last_year, after.last_year) == (2013, 2012)
    (one,) = [one for one in influences(belief_of([late, *rest]), 2018) if one.key == late.key]
    growth = common_growth(after, 2013, 2018) - common_growth(before, 2013, 2018)
    assert one.growth_change == pytest.approx(growth, abs=1e-8)


def test_the_common_growth_of_one_node_by_hand():
    """m + F of the two years after the last: F .2 fades to .1 and .05, so the mean is .1 + .075; a normal's median is its mean."""
    family = FamilyBelief(
        "contracts", 2012, 2012, np.ones(1), np.array([0.5]), np.array([0.3]), np.array([[0.1, 0.2]]), np.diag([4e-4, 9e-4])[None], 0.08
    )  # fmt: skip
    assert common_growth(family, 2012, 2014) == pytest.approx(100 * np.expm1(0.175), abs=1e-8)
    assert common_growth(family, 2012, 2012) is None


def test_the_common_growth_of_several_nodes_is_the_median_of_their_mixture():
    means, sds, weights = np.array([0.1, 0.3]), np.array([0.05, 0.1]), np.array([0.7, 0.3])
    # Without fade F is gone after the last year but for its shock, so that the coming growth is m and that shock.
    family = FamilyBelief(
        "contracts", 2012, 2012, weights, np.zeros(2), np.full(2, 0.3), np.stack([means, np.zeros(2)], axis=1),
        np.stack([np.diag([sd**2, 1e-12]) for sd in sds]), 0.02,
    )  # fmt: skip
    growth = np.log1p(common_growth(family, 2012, 2013) / 100)
    assert weights @ norm.cdf(growth, means, np.hypot(sds, 0.02)) == pytest.approx(0.5, abs=1e-9)


def test_the_data_weight_reaches_from_the_origin_to_the_horizon(one_a_place):
    belief = belief_of(one_a_place)
    found = {one.key: one for one in influences(belief, 2016)}
    for one in belief.series:
        assert found[one.key].data_weight == data_weight(belief, one, 2016 - one.series.origin)
        assert found[one.key].points == len(one.series.years)


def test_a_single_year_moves_nothing_and_weighs_nothing(one_a_place):
    (city,) = [one for one in influences(belief_of(one_a_place)) if one.key.place == "City C"]
    assert city.data_weight == 0.0
    # Only the noise beside the diffuse first level tells scales apart.
    assert abs(city.growth_change) < 1e-4


def test_a_strong_witness_left_out_lowers_the_growth_a_weak_one_raises_it(one_a_place):
    grown = [*one_a_place, made_series("Boom", (2011, 2012), (1.0, 2.5)), made_series("Bust", (2011, 2012), (1.0, 0.6))]
    found = {one.key.place: one for one in influences(belief_of(grown))}
    assert found["Boom"].growth_change < -0.1
    assert found["Bust"].growth_change > 0.1


def test_the_largest_come_first(one_a_place):
    sizes = [abs(one.growth_change) for one in influences(belief_of(one_a_place))]
    assert sizes == sorted(sizes, reverse=True)


def test_scaling_the_levels_changes_nothing(one_a_place):
    before = influences(belief_of(one_a_place))
    after = influences(belief_of([replace(one, log_level=one.log_level + 3.0) for one in one_a_place]))
    for one, two in zip(before, after, strict=True):
        assert two.key == one.key
        assert two.growth_change == pytest.approx(one.growth_change, abs=1e-7)


def test_the_only_series_of_a_family_has_nothing_to_be_left_out_of():
    (one,) = influences(belief_of([made_series("City A", (2011, 2012), (1.0, 1.4))]))
    assert (one.growth_change, one.fade_change) == (None, None)
    assert one.data_weight > 0


def test_without_a_year_to_come_there_is_no_growth_and_no_weight(one_a_place):
    for one in influences(belief_of(one_a_place), 2012):
        assert one.growth_change is None
        assert (one.data_weight is None) == (one.key.place != "City B")  # known to 2011


def test_bundled_facts_every_series_has_a_line(belief_2013):
    found = influences(belief_2013)
    assert sorted(one.key for one in found) == [one.key for one in belief_2013.series]
    assert all(tuple(one.as_record()) == INFLUENCE_FIELDS for one in found)
