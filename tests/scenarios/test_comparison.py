"""Scenarios side by side: the same answers as one by one, differences that pair, lines and parts that add up."""

from math import isclose

import numpy as np
import pytest

from data import Catalogue, InputFault
from forecast.belief import Belief
from scenarios import Comparison, Scenario, assess_targets, compare
from scenarios.comparison import compared as compared_with
from scenarios.comparison import targets_by_vintage
from scenarios.paired_runs import RUNS_KEPT, PairedRuns

LEVER = {"growth": {"places": "all", "measure": "all", "years": [2013], "points": 4}}
GAIN = {"programme": {"places": ["City 2"], "measure": "employees", "years": [2013, 2014], "level": 15_000}}
MORE = {"programme": {**GAIN["programme"], "level": 16_000}}
SLUMP = {"common_shock": {"year": 2014, "percent": -20, "probability": 0.5}}
SLOW = {"reversion": {"fade": 0.1}}
PLAIN = Scenario(title="Plain")
PUSHED = Scenario(title="Pushed", levers=(LEVER, GAIN), assumptions=(SLUMP, SLOW))
PATHS = 2000


@pytest.fixture(scope="module")
def compared(small_catalogue: Catalogue) -> list[Comparison]:
    return compare(small_catalogue, [PLAIN, PUSHED], paths=PATHS)


def test_each_target_has_a_row_for_each_scenario(compared: list[Comparison]) -> None:
    assert [one.scenario for one in compared] == ["Plain", "Pushed"] * 3
    assert len({one.target for one in compared}) == 3


def test_odds_are_those_of_the_targets_assessed_alone(small_catalogue: Catalogue, compared: list[Comparison]) -> None:
    for scenario in (PLAIN, PUSHED):
        alone = {one.target: one for one in assess_targets(small_catalogue, paths=PATHS, scenario=scenario)}
        for one in compared:
            if one.scenario == scenario.title:
                other = alone[one.target]
                if scenario is PLAIN:
                    assert one.probability == pytest.approx(other.probability, abs=1e-12)
                    assert one.probability_error == pytest.approx(other.probability_error, abs=1e-12)
                # counted odds are freed of the noise that those of the baseline have: another estimate of the same odds
                assert abs(one.probability - other.probability) < 4 * (one.probability_error + other.probability_error)


def test_differences_to_the_first_pair(compared: list[Comparison]) -> None:
    for first, second in zip(compared[::2], compared[1::2], strict=True):
        assert (first.difference, first.difference_error) == (0.0, 0.0)
        assert second.difference == pytest.approx(second.probability - first.probability, abs=1e-12)
        assert 0 < second.difference_error < np.hypot(first.probability_error, second.probability_error)


def test_the_error_of_a_difference_is_that_of_many_seeds(small_catalogue: Catalogue) -> None:
    found = [
        [one for one in compare(small_catalogue, [PLAIN, PUSHED], paths=300, seed=seed) if one.difference] for seed in range(20)
    ]
    for rows in zip(*found, strict=True):
        spread = np.std([one.difference for one in rows], ddof=1)
        claimed = np.sqrt(np.mean([one.difference_error**2 for one in rows]))
        # 20 seeds: the ratio of variances is chi-square with 19 degrees of freedom over 19; 0.25 to 2.7 holds all but 1 in 1,000
        assert 0.25 < (spread / claimed) ** 2 < 2.7


def test_parts_add_up_and_lines_are_their_own_scenarios(small_catalogue: Catalogue, compared: list[Comparison]) -> None:
    lines = {
        "baseline_assumed": Scenario(title="Assumed", assumptions=(SLUMP, SLOW)),
        "levers_alone": Scenario(title="Levers", levers=(LEVER, GAIN)),
    }
    for name, scenario in lines.items():
        alone = {one.target: one.probability for one in compare(small_catalogue, [scenario], paths=PATHS)}
        for one in compared[1::2]:
            assert getattr(one, name) == pytest.approx(alone[one.target], abs=1e-12)
    for one in compared[1::2]:
        assert [part.section for part in one.parts] == ["levers", "levers", "assumptions", "assumptions"]
        whole = one.probability - one.baseline
        assert sum(part.part for part in one.parts) == pytest.approx(whole, abs=1e-12)
        assert sum(part.alone for part in one.parts) + one.interaction == pytest.approx(whole, abs=1e-12)
        signs = [part.part for part in one.parts]
        assert signs[0] > 0 > signs[2]
        assert isclose(signs[1], 0.0) == (one.measure != "employees")
    for one in compared[::2]:
        assert (one.baseline_assumed, one.levers_alone, one.parts) == (None, None, [])


def test_a_scenario_of_levers_alone_has_no_lines_between(small_catalogue: Catalogue) -> None:
    rows = compare(small_catalogue, [Scenario(title="Levers", levers=(LEVER,))], paths=100)
    assert {(one.baseline_assumed, one.levers_alone) for one in rows} == {(None, None)}
    assert {part.term for one in rows for part in one.parts} == {"growth of 2013-"}


def test_what_cannot_be_compared_is_refused(small_catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match="'Plain' found twice"):
        compare(small_catalogue, [PLAIN, PLAIN])
    with pytest.raises(InputFault, match="no scenario"):
        compare(small_catalogue, [])


def test_a_target_moved_out_of_reach_of_assessment_has_no_odds(small_catalogue: Catalogue) -> None:
    name = "City 2-employees-2015"
    early = Scenario(title="Passed", levers=({"target": {"target": name, "value": 10_000}},))
    rows = {(one.target, one.scenario): one for one in compare(small_catalogue, [PLAIN, early], paths=100)}
    passed = rows[name, "Passed"]
    assert (passed.probability, passed.difference, passed.value) == (None, None, 10_000)
    assert rows[name, "Plain"].probability is not None


def test_runs_that_are_kept_are_not_made_again_and_change_no_answer(
    small_catalogue: Catalogue, small_belief: Belief, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    once = PairedRuns._run
    monkeypatch.setattr(PairedRuns, "_run", lambda self, scenario: (made.append(1), once(self, scenario))[1])
    rows = targets_by_vintage(small_catalogue, "latest", ())["9999-12-31"]
    moved = Scenario(title="Moved", levers=(LEVER, MORE), assumptions=(SLUMP, SLOW))

    def asked(runs: PairedRuns, scenario: Scenario) -> list[Comparison]:
        again = runs.again()
        found = compared_with(again, [PLAIN, scenario])
        runs.keep(again)
        return found

    runs = PairedRuns(small_catalogue, small_belief, rows, 100, 1, None)
    asked(runs, PUSHED)
    assert len(made) == 16  # all subsets of four terms
    found = asked(runs, moved)
    assert len(made) == 24  # those that hold the one that was moved
    assert found == compared_with(PairedRuns(small_catalogue, small_belief, rows, 100, 1, None), [PLAIN, moved])
    for points in range(10):
        asked(runs, Scenario(title="Other", levers=({"growth": {**LEVER["growth"], "points": points}},)))
    assert len(runs.done) == RUNS_KEPT
