"""The whole answer: odds of other commands, targets of every kind, faults, and the same bytes for any number of threads."""

from dataclasses import replace
from math import isfinite

import pytest

from data import Catalogue, InputFault
from scenarios import Scenario, Sensitivity, assess_targets, load_scenario, sensitivity
from tests.made_up import aim, catalogue_of, level
from tests.scenarios.questions import BASELINE, CITY, scenario_of

MEASURE = "contract_value_executed"


@pytest.fixture(scope="module")
def world() -> Catalogue:
    """Cities with two years each and a target of every kind that is told path by path, and one with a single year."""
    facts = []
    for number in range(8):
        size = 1e9 * (number + 2)
        facts += [
            level(f"City {number}", MEASURE, 2012, size),
            level(f"City {number}", MEASURE, 2011, size / (1.15 + 0.02 * number)),
        ]
    facts += [level("City 0", MEASURE, year, value, scope="offshore") for year, value in ((2011, 0.6e9), (2012, 0.8e9))]
    facts += [level("City 0", "contract_value_signed", 2012, 3e9)]

    def of(name: str, value: float, unit: str = "USD", scope: str = "total", measure: str = MEASURE, **more: object):
        key = f"City 0|{measure}|{scope}|USD"
        return replace(aim("City 0", measure, 2015, value, unit, assessed_by=key, **more), target=name, scope=scope)

    targets = [
        of("value", 3.1e9),
        of("sum", 9e9, kind="cumulative", base_period="2013"),
        of("share", 45.0, "percent", scope="offshore", kind="share"),
        of("rank", 7.0, "count", kind="rank"),
        of("single", 4e9, measure="contract_value_signed"),
        of("passed", 0.5e9),
    ]
    return catalogue_of(facts, targets)


def answer(world: Catalogue, target: str, scenario: Scenario = BASELINE, paths: int = 1000, **more: int) -> Sensitivity:
    return sensitivity(world, scenario, target, known_by="latest", paths=paths, **more)


@pytest.mark.parametrize("target", ["value", "sum", "share", "rank", "single"])
def test_the_odds_are_those_of_the_assessment(world: Catalogue, target: str) -> None:
    found = answer(world, target)
    (one,) = [one for one in assess_targets(world, known_by="latest", paths=1000) if one.target == target]
    assert (found.probability, found.probability_error) == pytest.approx((one.probability, one.probability_error))
    assert found.series == one.assessed_by
    assert found.due == 2015
    assert found.swings
    assert found.variance_shares
    assert len(found.misses) == 1


def test_odds_under_a_scenario_are_those_of_the_assessment_too(world: Catalogue) -> None:
    scenario = load_scenario("stagnation", world)
    (one,) = [one for one in assess_targets(world, known_by="latest", paths=1000, scenario=scenario) if one.target == "value"]
    assert answer(world, "VALUE", scenario).probability == pytest.approx(one.probability)


@pytest.mark.parametrize("target", ["sum", "share", "rank"])
def test_what_is_told_path_by_path_has_no_figures_ranked_and_says_so(world: Catalogue, target: str) -> None:
    found = answer(world, target)
    assert found.figures == []
    assert {one.kind for one in found.swings} == {"belief"}
    assert any("told path by path" in note for note in found.notes)


def test_of_a_single_year_and_of_bent_growth_there_is_a_note(world: Catalogue) -> None:
    assert any("Only one year is known" in note for note in answer(world, "single").notes)
    lever = {"programme": {"places": ["City 0"], "measure": MEASURE, "years": [2013, 2014], "level": 1e8, "unit": "USD"}}
    assert any("bends its growth" in note for note in answer(world, "value", scenario_of([lever])).notes)
    assert answer(world, "value").notes == []


def test_a_seed_gives_the_same_answer_for_any_number_of_threads(world: Catalogue) -> None:
    one = answer(world, "value", threads=1)
    assert one == answer(world, "value", threads=3)
    assert one != answer(world, "value", seed=2)


def test_progress_rises_to_the_end(world: Catalogue) -> None:
    shares: list[float] = []
    sensitivity(world, BASELINE, "value", known_by="latest", paths=300, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_record_has_plain_values_in_the_order_of_the_fields(world: Catalogue) -> None:
    record = answer(world, "value").as_record()
    assert list(record) == list(Sensitivity.__dataclass_fields__)
    assert all(isinstance(one, dict) for name in ("swings", "variance_shares", "misses", "figures") for one in record[name])


@pytest.mark.parametrize(
    ("target", "words"),
    [("valu", "unknown target 'valu' .did you mean value"), ("passed", "target passed: no odds are given: already passed")],
)
def test_targets_without_odds_are_refused_in_a_sentence(world: Catalogue, target: str, words: str) -> None:
    with pytest.raises(InputFault, match=words) as fault:
        answer(world, target)
    assert "\n" not in str(fault.value)


def test_an_unknown_place_in_a_scenario_is_refused(world: Catalogue) -> None:
    lever = {"growth": {"places": ["Atlantis"], "measure": MEASURE, "years": [2013], "points": 3}}
    with pytest.raises(InputFault, match="Atlantis"):
        answer(world, "value", scenario_of([lever]))


def test_a_single_path_has_an_answer_too(world: Catalogue) -> None:
    found = answer(world, "value", paths=1)
    assert found.probability_error > 0
    assert all(isfinite(one.swing_error) for one in found.swings)
    assert found.misses[0].density is not None


def test_the_paths_are_checked(world: Catalogue) -> None:
    with pytest.raises(InputFault, match="paths: 0 found"):
        answer(world, "value", paths=0)


def test_the_vintage_is_that_of_the_document(small_catalogue: Catalogue) -> None:
    early = small_catalogue.known_by("2013-12-31")
    assert (
        sensitivity(early, BASELINE, CITY, paths=300).probability
        == sensitivity(small_catalogue, BASELINE, CITY, paths=300).probability
    )
