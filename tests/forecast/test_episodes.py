"""Episodes of growth in the record, counted by hand."""

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks.count_booms import LONGEST, counted, growth_after
from forecast.belief import believe
from forecast.episodes import CLASSES, STORED, episodes, episodes_elsewhere
from forecast.priors import PRIORS
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


# After booms elsewhere


def test_episodes_after_booms_are_counted_by_hand() -> None:
    """Four countries boom in 2001 by 30 % and not in 2002; one of them has a gap, and a region that does not boom counts for nothing."""
    grown = pd.DataFrame({name: np.log1p([0.3, 0.1, 0.2]) for name in "abcd"}, index=[2001, 2002, 2003])
    grown.loc[2002, "a"] = np.log1p(0.5)
    short = grown.assign(e=np.log1p([0.3, 0.1, 0.0])).replace(0.0, np.nan)
    calm = pd.DataFrame({name: np.log1p([0.1, 0.1, 0.1]) for name in "abcd"}, index=[2001, 2002, 2003])
    boom = (np.log(1.25), np.log(1.8))
    one, starts = growth_after({"regions": short, "calm": calm}, 1, boom)
    assert sorted(one) == pytest.approx([10, 10, 10, 10, 50])
    assert starts == 1
    two, _ = growth_after({"regions": short, "calm": calm}, 2, boom)  # the fifth has no third year
    assert sorted(two) == pytest.approx(sorted(100 * (np.sqrt([1.1 * 1.2] * 3 + [1.5 * 1.2]) - 1)))
    rows = counted(one, starts)
    assert rows["episodes"] == rows["at_least"][0] == 5
    assert (rows["at_least"][11], rows["at_least"][49], rows["at_least"][51]) == (1, 1, 0)


def test_the_stored_counts_say_where_they_come_from_and_fall_as_growth_rises() -> None:
    content = json.loads(STORED.read_text(encoding="utf-8"))
    assert "without China" in content["learned_on"]
    assert content["script"] == "benchmarks/count_booms.py"
    assert set(content["counts"]) == set(CLASSES.values())
    for by_years in content["counts"].values():
        assert [int(years) for years in by_years] == list(range(1, LONGEST + 1))
        for one in by_years.values():
            assert one["episodes"] >= one["at_least"][0]
            assert one["at_least"] == sorted(one["at_least"], reverse=True)


def test_every_family_has_a_class_and_growth_that_was_not_counted_has_no_answer() -> None:
    assert set(CLASSES) == set(PRIORS)
    for family in PRIORS:
        slow, fast = episodes_elsewhere(family, 3, 5.0), episodes_elsewhere(family, 3, 60.0)
        assert slow is not None
        assert fast is not None
        assert slow.as_fast > fast.as_fast
        assert slow.episodes == fast.episodes
    assert episodes_elsewhere("contracts", 3, 39.4) == episodes_elsewhere("contracts", 3, 38.6)  # to the nearest whole percent
    assert episodes_elsewhere("contracts", LONGEST + 1, 10.0) is None
    assert episodes_elsewhere("contracts", 3, 101.0) is None
    assert episodes_elsewhere("contracts", 3, -1.0) is None
