"""Warnings: given where levers lead out of the record, and nowhere else."""

import numpy as np
import pytest

from data import Catalogue
from forecast.belief import Belief
from scenarios import Scenario, assess_targets, compile_scenario
from scenarios.expected_growth import expected_growths, records_of
from scenarios.lever_warnings import lever_shifts, lever_warnings
from scenarios.plan import Amount, Gain, Growth

KEY = "City 0|contract_value_executed|total|USD"
JOBS = "City 2|employees|total|persons"


def points_to_the_edge(belief: Belief, year: int) -> float:
    """Points that lift expected growth of a year just to the 95 % end of the record."""
    edge, growth = records_of(belief, {"contracts"})["contracts"].high, expected_growths(belief, 2018)[KEY][year]
    return float(100 * np.expm1(edge - growth))


@pytest.mark.parametrize(("beyond", "warned"), [(-0.5, 0), (0.5, 1)])
def test_growth_just_beyond_the_record_is_warned_of(small_belief: Belief, beyond: float, warned: int) -> None:
    points = points_to_the_edge(small_belief, 2014) + beyond
    found = lever_warnings(small_belief, [Growth((KEY,), Amount("a", points), {2014: 1.0})], 2018)
    assert len(found) == warned
    for one in found:
        assert one.series == {KEY}
        record = records_of(small_belief, {"contracts"})["contracts"]
        assert f"{KEY}: up to {100 * np.expm1(record.high) + beyond:.0f} % growth in 2014" in one.sentence
        assert f"the {record.rates} growth rates" in one.sentence


def test_a_lever_is_held_against_its_own_direction_only(small_belief: Belief) -> None:
    """Growth that is expected below the record is not warned of when a lever raises it a little, only when one lowers it."""
    assert lever_warnings(small_belief, [Growth((KEY,), Amount("a", 0.1), {2018: 1.0})], 2018) == ()
    assert len(lever_warnings(small_belief, [Growth((KEY,), Amount("a", -45.0), {2018: 1.0})], 2018)) == 1


def test_gains_count_by_the_growth_that_they_make(small_belief: Belief) -> None:
    level = small_belief.find(JOBS).series.level(2012)
    growth = expected_growths(small_belief, 2018)[JOBS][2013]
    shifts = lever_shifts(small_belief, [Gain(JOBS, Amount("a", 20_000.0), {2013: 1.0}, Amount("b", 0.5))], 2018)[JOBS]
    assert shifts[2013] == pytest.approx(np.log1p(10_000 / (level * np.exp(growth))), abs=1e-3)
    assert set(shifts) == {2013}
    passing = lever_shifts(small_belief, [Gain(JOBS, Amount("a", 10_000.0), {2013: 1.0}, lasts=False)], 2018)[JOBS]
    assert passing[2014] == pytest.approx(-passing[2013], abs=1e-9)


def test_the_target_whose_series_is_led_out_says_so(small_catalogue: Catalogue, small_belief: Belief) -> None:
    lever = {"growth": {"places": ["City 0"], "measure": "contract_value_executed", "years": [2013, 2014], "points": 90}}
    bold = Scenario(title="Bold", levers=(lever,))
    assessed = assess_targets(small_catalogue, paths=100, scenario=bold)
    assert [len(one.warnings) for one in assessed] == [1, 0, 0]
    assert assessed[0].warnings == [one.sentence for one in compile_scenario(bold, small_catalogue, small_belief).warnings]
    assert all(one.warnings == [] for one in assess_targets(small_catalogue, paths=100))
