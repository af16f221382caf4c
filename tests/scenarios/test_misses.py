"""When a target is missed: traits that add up to the level, a box that fresh seeds confirm, and sentences."""

import numpy as np
import pytest

from data import Catalogue
from forecast.belief import Belief
from scenarios.box_search import within
from scenarios.misses import Condition, misses_of, traits_of
from tests.scenarios.questions import BASELINE, CITY, JOBS, MONEY, growth_lever, question, scenario_of

PUSHED = scenario_of(
    [growth_lever({"uniform": [0, 6]}, "City 3")], [{"common_shock": {"year": 2014, "percent": -20, "probability": 0.5}}]
)


def test_growth_of_the_family_and_the_lead_make_the_level(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """Without levers ln(level) is the last known one plus both, each over three years; to single precision."""
    asked = question(small_catalogue, small_belief, paths=500)
    shared, own = (np.log1p(one.values / 100) for one in traits_of(asked, 500))
    level = asked.futures(500, 1).of(asked.aim.one, 2015)
    np.testing.assert_allclose(float(asked.aim.one.series.log_level[-1]) + 3 * (shared + own), level, atol=1e-4)


def test_the_lead_is_that_of_the_place_alone(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """An assumed shock is the family's, a lever neither's; the lead stays as it was."""
    plain, pushed = (traits_of(question(small_catalogue, small_belief, MONEY, one, 500), 500) for one in (BASELINE, PUSHED))
    names = [one.thing for one in pushed]
    assert names == [
        "growth of the contracts family in 2013 to 2016", "lead of City 3 over its family in 2013 to 2016", "exchange rate of 2016",
        "growth of City 3, contract_value_executed, 2013-2015: points",
    ]  # fmt: skip
    np.testing.assert_allclose(pushed[1].values, plain[1].values, atol=1e-3)
    assert pushed[0].values.mean() < plain[0].values.mean() - 1
    assert plain[2].unit == "CNY for one USD"
    np.testing.assert_array_equal(pushed[2].values, plain[2].values)
    assert 0 <= pushed[3].values.min() <= pushed[3].values.max() <= 6


@pytest.mark.parametrize(("target", "scenario"), [(CITY, BASELINE), (JOBS, BASELINE), (MONEY, PUSHED)])
def test_another_seed_confirms_the_box(small_catalogue: Catalogue, small_belief: Belief, target: str, scenario) -> None:
    """Density and coverage were judged on futures that the box was not found on: fresh ones agree within 4.5 combined errors."""
    found = misses_of(question(small_catalogue, small_belief, target, scenario))
    assert 1 <= len(found.conditions) <= 3
    asked = question(small_catalogue, small_belief, target, scenario, seed=2)
    missed = asked.margins(10_000, 2) < 0
    traits = traits_of(asked, 10_000)
    limits = np.tile([-np.inf, np.inf], (len(traits), 1))
    for one in found.conditions:
        row = [trait.thing for trait in traits].index(one.thing)
        limits[row] = [-np.inf if one.low is None else one.low, np.inf if one.high is None else one.high]
    inside = within(np.column_stack([one.values for one in traits]), limits)
    assert abs(missed[inside].mean() - found.density) < 4.5 * 2**0.5 * found.density_error
    assert abs(inside[missed].mean() - found.coverage) < 4.5 * 2**0.5 * found.coverage_error
    assert found.density > found.missed
    assert found.size == pytest.approx(inside.mean(), abs=0.05)


def test_the_sentence_holds_the_conditions_and_the_figures(small_catalogue: Catalogue, small_belief: Belief) -> None:
    found = misses_of(question(small_catalogue, small_belief))
    for one in found.conditions:
        assert one.words in found.sentence
    assert f"missed in {100 * found.density:.0f} ±" in found.sentence
    assert f"{100 * found.size:.0f} of 100 futures are like that" in found.sentence
    assert f"{100 * found.coverage:.0f} ±{100 * found.coverage_error:.1f} of 100 misses" in found.sentence


@pytest.mark.parametrize(("points", "words", "missed"), [(60, "nearly none", 0.0), (-40, "nearly all", 1.0)])
def test_what_nearly_always_or_never_happens_is_said_so(
    small_catalogue: Catalogue, small_belief: Belief, points: float, words: str, missed: float
) -> None:
    found = misses_of(question(small_catalogue, small_belief, CITY, scenario_of([growth_lever(points)])))
    assert words in found.sentence
    assert found.missed == pytest.approx(missed, abs=0.05)
    assert (found.conditions, found.density, found.coverage, found.size) == ([], None, None, None)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, 14.2, "growth at most 14.2 % a year"),
        (3.0, None, "growth at least 3 % a year"),
        (-1.5, 12300.0, "growth from -1.5 to 12,300 % a year"),
    ],
)
def test_conditions_are_told_in_words(low: float | None, high: float | None, words: str) -> None:
    assert Condition("growth", "% a year", low, high).words == words
