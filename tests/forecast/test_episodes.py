"""Episodes of growth in the record, counted by hand."""

import pytest

from forecast.belief import believe
from forecast.episodes import episodes
from tests.made_up import catalogue_of, level

MEASURE = "contract_value_executed"


def test_every_stretch_of_a_length_is_an_episode_and_nations_are_apart() -> None:
    facts = [level("City A", MEASURE, year, value) for year, value in ((2009, 1e9), (2010, 2e9), (2012, 4.5e9))]
    facts += [level("City B", MEASURE, year, value) for year, value in ((2010, 1e9), (2012, 1.21e9))]
    facts += [level("China", MEASURE, year, value) for year, value in ((2010, 1e10), (2012, 4e10))]
    belief = believe(catalogue_of(facts))
    one, nation = belief.find(f"City A|{MEASURE}|total|USD"), belief.find(f"China|{MEASURE}|total|USD")
    # over two years A grew from 2 to 4.5, 50 % a year, and B by 10 % a year; over three A from 1 to 4.5; nobody is known four years apart
    assert sorted(episodes(belief, one, 2)) == pytest.approx([10, 50], abs=0.01)
    assert episodes(belief, one, 1) == pytest.approx([100], abs=0.01)
    assert episodes(belief, one, 3) == pytest.approx([100 * (4.5 ** (1 / 3) - 1)], abs=0.01)
    assert episodes(belief, one, 4).size == 0
    assert episodes(belief, nation, 2) == pytest.approx([100], abs=0.01)


def test_another_family_is_another_record() -> None:
    facts = [level("City A", MEASURE, year, value) for year, value in ((2011, 1e9), (2012, 2e9))]
    facts += [level("City A", "employees", year, value, "persons") for year, value in ((2011, 1e4), (2012, 1.1e4))]
    belief = believe(catalogue_of(facts))
    assert episodes(belief, belief.find("City A|employees|total|persons"), 1) == pytest.approx([10], abs=0.01)
