"""Aims told path by path, on a handful of paths reckoned by hand."""

from dataclasses import replace
from math import log, log1p

import numpy as np
import pytest

from forecast.belief import Belief, SeriesBelief
from forecast.currency import Conversion
from scenarios.path_aims import Cumulative, Futures, Rank, Share, YearlyGrowth
from scenarios.plan import Amount

OWN, OTHER = (f"City {number}|contract_value_executed|total|USD" for number in (0, 1))


@pytest.fixture
def own(small_belief: Belief) -> SeriesBelief:
    return small_belief.find(OWN)  # type: ignore[return-value]


@pytest.fixture
def other(small_belief: Belief) -> SeriesBelief:
    return small_belief.find(OTHER)  # type: ignore[return-value]


@pytest.fixture
def futures() -> Futures:
    """Three paths of 2013 to 2015: the own series is 1 in 2012, the other one 2, in billions."""
    growth = np.array([[1.2, 1.5, 0.9], [1.44, 1.5, 1.8], [1.728, 3.0, 1.8]])
    return Futures(2013, 1, {OWN: np.log(growth).astype(np.float32), OTHER: np.zeros((3, 3), dtype=np.float32)})


def test_growth_in_every_year_is_decided_by_the_slowest(own: SeriesBelief, futures: Futures) -> None:
    every = YearlyGrowth("aim", own, 2015, log(1.19), "", every=True)
    last = YearlyGrowth("aim", own, 2015, log(1.19), "")
    assert every.hits(futures).tolist() == [True, False, False]
    assert last.hits(futures).tolist() == [True, True, False]
    assert every.margins(futures, 2015) == pytest.approx([log(1.2 / 1.19), log(1 / 1.19), log(0.9 / 1.19)], abs=1e-6)


def test_a_sum_counts_known_years_and_those_to_come(own: SeriesBelief, futures: Futures) -> None:
    total = Cumulative("aim", own, 2014, log(5e9), "", first=2011)
    known = own.series.level(2011) + own.series.level(2012)
    # levels of 2012 are given as 1 billion, and the sum of 2013 and 2014 by path is 2.64, 3.0 and 2.7
    expected = known + own.series.level(2012) * np.array([2.64, 3.0, 2.7])
    assert total.amounts(futures, 2014) == pytest.approx(expected, rel=1e-6)
    assert np.array_equal(total.hits(futures), expected >= 5e9)
    assert not total.already_passed
    assert Cumulative("aim", own, 2014, log(known * 0.99), "", first=2011).already_passed


def test_the_growth_that_fills_a_sum_fills_it(own: SeriesBelief) -> None:
    total = Cumulative("aim", own, 2015, log(9e9), "", first=2012)
    factor = 1 + total.required_growth / 100
    level = own.series.level(2012)
    assert level * sum(factor**step for step in range(4)) == pytest.approx(9e9)


def test_a_sum_in_another_currency_takes_the_rate_of_each_year_to_come(own: SeriesBelief, futures: Futures) -> None:
    rate = Conversion("USD", "CNY", log(6.0), 2012, 0.015, 0.04)
    moved = np.log([[1.1, 1.0, 1.0], [1.1, 1.0, 0.5], [1.0, 1.0, 1.0]])
    in_yuan = replace(futures, rates={rate: moved.astype(np.float32)})
    total = Cumulative("aim", own, 2014, log(5e9), "", log(6.0), rate, first=2012)
    last = own.series.level(2012)
    assert total.amounts(in_yuan, 2014) == pytest.approx(6 * last * np.array([1 + 1.1 * 2.64, 4.0, 1.9 + 0.9]), rel=1e-6)
    assert np.array_equal(total.amounts(futures, 2014), replace(total, conversion=None).amounts(futures, 2014))


def test_what_is_drawn_of_an_aim_is_another_hurdle_on_each_path(own: SeriesBelief, other: SeriesBelief, futures: Futures) -> None:
    moved = Amount("value", 0.0)
    drawn = replace(futures, amounts={moved: np.log([1.0, 1.4, 0.8])})
    last = YearlyGrowth("aim", own, 2015, log(1.19), "", moved=moved)
    assert last.margins(drawn, 2015) == pytest.approx(np.log([1.2 / 1.19, 2 / (1.19 * 1.4), 1 / (1.19 * 0.8)]), abs=1e-6)
    assert np.array_equal(last.amounts(drawn, 2015), replace(last, moved=None).amounts(futures, 2015))
    rank = Rank("aim", own, 2014, 0.0, "", moved=moved, place=1, rivals=(other, replace_key(other, "third")))
    places = replace(futures, amounts={moved: np.array([1.0, 2.0, 1.0])}, log_levels=with_third(futures))
    # the others stand at 2 and 1.5, the own at 1.44, 1.5 and 1.8: what must be passed is 2 where the place is 1, else 1.5
    assert rank.margins(places, 2014) == pytest.approx(np.log([1.44 / 2, 1.5 / 1.5, 1.8 / 2]), abs=1e-4)


def replace_key(one: SeriesBelief, place: str) -> SeriesBelief:
    """The same series of another place."""
    return replace(one, series=replace(one.series, key=one.key._replace(place=place)))


def with_third(futures: Futures) -> dict[str, np.ndarray]:
    """Levels with those of a third place, three quarters of the second one's."""
    return {**futures.log_levels, OTHER.replace("City 1", "third"): np.full((3, 3), log(0.75), np.float32)}


def test_a_sum_that_begins_after_the_origin_leaves_the_years_before_out(own: SeriesBelief, futures: Futures) -> None:
    total = Cumulative("aim", own, 2015, log(5e9), "", first=2014)
    assert total.first_open == 2014
    assert total.amounts(futures, 2015) == pytest.approx(own.series.level(2012) * np.array([3.168, 4.5, 3.6]), rel=1e-6)


def test_a_share_is_that_of_the_part_in_the_whole(own: SeriesBelief, other: SeriesBelief, futures: Futures) -> None:
    half = Share("aim", own, 2015, log(0.8), "", log(100), whole=other)
    assert half.amounts(futures, 2015) == pytest.approx([86.4, 150, 90], rel=1e-4)
    assert half.hits(futures).all()
    assert half.hits(futures.with_growth(OWN, -10)).tolist() == [False, True, False]  # .864 and .9 times .729


def test_a_rank_counts_those_above(own: SeriesBelief, other: SeriesBelief, futures: Futures) -> None:
    first = Rank("aim", own, 2014, 0.0, "", place=1, rivals=(other,))
    assert first.amounts(futures, 2014).tolist() == [2, 2, 2]
    assert not first.hits(futures).any()
    assert first.margins(futures, 2014) == pytest.approx(np.log([0.72, 0.75, 0.9]), abs=1e-4)


def test_more_growth_adds_its_points_in_every_year(own: SeriesBelief, futures: Futures) -> None:
    lifted = futures.with_growth(OWN, 5.0)
    gained = lifted.of(own, 2015) - futures.of(own, 2015)
    assert gained == pytest.approx(3 * log1p(0.05))
    assert np.array_equal(lifted.of(own, 2012), futures.of(own, 2012))
