"""Aims told path by path, on a handful of paths reckoned by hand."""

from math import log, log1p

import numpy as np
import pytest

from forecast.belief import Belief, SeriesBelief
from scenarios.path_aims import Cumulative, Futures, Rank, Share, YearlyGrowth

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
