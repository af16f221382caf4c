"""Episodes of growth in the record, counted by hand."""

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks.count_booms import LONGEST, counted, growth_after
from forecast.belief import believe
from forecast.episodes import CLASSES, LENGTHS, STORED, class_growth, episodes, episodes_elsewhere
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
    rows = counted(np.concatenate([one, [-0.5]]), starts)
    assert rows["episodes"] == sum(rows["number"]) == 6
    assert rows["percent"][0] == -1  # rounded downwards, as every growth: -.5 is not at least 0
    assert sum(number for low, number in zip(rows["percent"], rows["number"], strict=True) if low >= 11) == 1
    # in order -.5 10 10 10 10 50: a tenth of the way is half a step from the first, nine tenths half a step to the last
    assert rows["quantiles"] == pytest.approx([4.75, 10, 10, 10, 30, 50], abs=0.05 + 1e-9)


def test_the_stored_counts_say_where_they_come_from_and_hang_together() -> None:
    content = json.loads(STORED.read_text(encoding="utf-8"))
    assert "without China" in content["learned_on"]
    assert content["script"] == "benchmarks/count_booms.py"
    assert set(content["counts"]) == set(content["sources"]) == set(CLASSES.values())
    for by_years in content["counts"].values():
        assert [int(years) for years in by_years] == list(range(1, LONGEST + 1))
        for one in by_years.values():
            assert sum(one["number"]) == one["episodes"]
            assert one["percent"] == sorted(set(one["percent"]))
            assert one["quantiles"] == sorted(one["quantiles"])
            assert one["percent"][-1] <= one["quantiles"][-1] <= one["percent"][-1] + 1
            middle = one["quantiles"][2] - 0.05  # as it is rounded, the true median lies no lower
            assert (
                sum(number for low, number in zip(one["percent"], one["number"], strict=True) if low + 1 <= middle)
                <= one["episodes"] / 2
            )


def test_every_family_has_a_class_and_any_growth_is_counted_in_it() -> None:
    assert set(CLASSES) == set(PRIORS)
    for family in PRIORS:
        falling, slow, fast, unseen = (episodes_elsewhere(family, 3, growth) for growth in (-99.0, 5.0, 60.0, 9999.0))
        assert None not in (falling, slow, fast, unseen)
        assert falling.as_fast > slow.as_fast > fast.as_fast >= unseen.as_fast == 0
        assert {one.episodes for one in (falling, slow, fast, unseen)} == {slow.episodes}
        assert unseen.fastest < 9999
    assert episodes_elsewhere("contracts", 3, 39.4) == episodes_elsewhere("contracts", 3, 38.6)  # to the nearest whole percent
    assert episodes_elsewhere("contracts", 3).as_fast is None
    assert episodes_elsewhere("contracts", LONGEST + 1, 10.0) is None


def test_the_class_is_told_over_the_span_or_over_several_where_there_is_none() -> None:
    assert class_growth("people", 3, 38.5) == [episodes_elsewhere("people", 3, 38.5)]
    assert [told.years for told in class_growth("people", None, None)] == list(LENGTHS)
    assert {told.as_fast for told in class_growth("people", None, None)} == {None}
    assert [told.as_fast for told in class_growth("fdi", None, 20.0)] == [
        episodes_elsewhere("fdi", n, 20.0).as_fast for n in LENGTHS
    ]
    (longest,) = class_growth("contracts", 40, 10.0)  # that so many grew so over 15 years says nothing of 40
    assert (longest.years, longest.as_fast) == (LONGEST, None)
