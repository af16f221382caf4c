"""The baselines: hand calculations of growth and of the spread of past errors."""

from math import exp, log, sqrt

import numpy as np
import pytest

from forecast import believe
from forecast.baselines import RULES, growths, past_spread, predict_baseline, spread_at
from forecast.classical import NotAdmissible
from tests.forecast.conftest import made_series
from tests.made_up import catalogue_of, level

EXECUTED = "contract_value_executed"


def belief_of(**levels):
    """Places with their levels from 2006 on, in billions."""
    return believe(
        catalogue_of(
            [
                level(f"City {place}", EXECUTED, 2006 + year, value * 1e9)
                for place, values in levels.items()
                for year, value in enumerate(values)
            ]
        )
    )


@pytest.fixture(scope="module")
def belief():
    return belief_of(a=(1, 1.2, 1.5, 1.4, 2.0), b=(3, 3.3, 3.9, 4.8), c=(2,))


def of(belief, place, name, last_year=2013):
    return predict_baseline(name, belief, belief.find(f"City {place}|{EXECUTED}|total|USD"), last_year)


def test_the_growth_of_each_rule_by_hand(belief):
    growth = {name: (prediction := of(belief, "a", name)).mean[0] - log(2.0e9) for name in RULES}
    assert prediction.years == (2011, 2012, 2013)
    ahead = np.array([1, 2, 3])
    assert growth["naive"] == pytest.approx(0 * ahead, abs=1e-5)
    assert growth["drift"] == pytest.approx(log(2.0) / 4 * ahead, abs=1e-5)
    assert growth["last growth"] == pytest.approx(log(2.0 / 1.4) * ahead, abs=1e-5)
    assert growth["pooled mean"] == pytest.approx((log(2.0) + log(4.8 / 3)) / 7 * ahead, abs=1e-5)


def test_the_spread_of_naive_is_that_of_its_past_errors(belief):
    # one year ahead: the seven yearly growths of both places
    errors = [log(y / x) for x, y in ((1, 1.2), (1.2, 1.5), (1.5, 1.4), (1.4, 2), (3, 3.3), (3.3, 3.9), (3.9, 4.8))]
    expected = sqrt(np.mean(np.square(errors)))
    assert np.sqrt(of(belief, "b", "naive", 2010).variance[0, 0]) == pytest.approx(expected, rel=1e-4)


def test_horizons_without_enough_errors_follow_the_nearest_shorter_one():
    assert [spread_at(((2, 0.1), (3, 0.2)), horizon) for horizon in (1, 2, 3, 12)] == pytest.approx([0.1 / sqrt(2), 0.1, 0.2, 0.4])


def test_rules_never_see_later_years():
    short = made_series("City A", (2006, 2007, 2008), (1, 1.5, 1.6))
    long = made_series("City A", (2006, 2007, 2008, 2009), (1, 1.5, 1.6, 9.0))
    for name, rule in RULES.items():
        assert rule(short, 3, 0.1) == rule(long, 3, 0.1), name
    assert list(growths((long,), 2008)) == pytest.approx([log(1.5), log(1.6 / 1.5)])


def test_growth_over_a_gap_is_that_of_a_year():
    gap = made_series("City A", (2006, 2008, 2009), (1, 1.44, 1.6))
    assert list(np.exp(growths((gap,), 2009))) == pytest.approx([1.2, 1.6 / 1.44])
    assert exp(RULES["drift"](gap, 3, 0.0)) == pytest.approx(1.6 ** (1 / 3))


@pytest.mark.parametrize("name", ["drift", "last growth"])
def test_one_known_year_has_no_growth_of_its_own(belief, name):
    with pytest.raises(NotAdmissible, match="none is known"):
        of(belief, "c", name)
    assert of(belief, "c", "pooled mean").mean.shape == (1, 7)


def test_without_past_errors_there_is_no_spread():
    thin = belief_of(a=(1, 1.2), b=(3, 3.3), c=(2, 2.5))
    with pytest.raises(NotAdmissible, match="5 past errors"):
        of(thin, "a", "naive")
    with pytest.raises(NotAdmissible, match="none is known"):
        of(belief_of(a=(1,)), "a", "pooled mean")


def test_series_that_never_move_give_no_spread():
    flat = tuple(made_series(f"City {number}", (2006, 2007, 2008, 2009), (1, 1, 1, 1)) for number in range(3))
    assert past_spread("naive", flat) == ()
