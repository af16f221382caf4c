"""Targets held together: laws of probability, and one place with one target is that target."""

import pytest

from data import Catalogue
from scenarios import JointOdds, assess_targets, joint_odds, read_scenario
from scenarios.scenario import BASELINE
from tests.conftest import VINTAGE_2013


@pytest.fixture(scope="module")
def joint(catalogue: Catalogue) -> list[JointOdds]:
    return joint_odds(catalogue)


def test_the_numbers_of_places_make_up_one_and_have_the_mean_of_the_places(joint: list[JointOdds]) -> None:
    rows = [one for one in joint if one.vintage == VINTAGE_2013]
    places = [one for one in rows if one.place is not None]
    numbers = [one for one in rows if one.place is None]
    assert [one.places_met for one in numbers] == list(range(len(places) + 1))
    assert sum(one.probability for one in numbers) == pytest.approx(1)
    mean = sum(one.probability * one.places_met for one in numbers)  # type: ignore[operator]
    assert mean == pytest.approx(sum(one.probability for one in places))


def test_all_targets_of_a_place_are_at_most_as_likely_as_the_hardest(joint: list[JointOdds], catalogue: Catalogue) -> None:
    """Six errors of two ways to count the same futures: given the own shocks, and one by one."""
    single: dict[tuple[str, str], list] = {}
    for one in assess_targets(catalogue):
        if one.status == "assessed":
            single.setdefault((str(one.vintage), one.place), []).append(one)
    for one in joint:
        if one.place is not None:
            own = single[one.vintage, one.place]
            assert one.targets == len(own)
            hardest = min(own, key=lambda target: target.probability)
            assert one.probability <= hardest.probability + 6 * (one.probability_error + hardest.probability_error)
            if len(own) == 1:
                assert one.product == pytest.approx(one.probability)


def test_choosing_places_changes_no_odds_of_theirs(joint: list[JointOdds], catalogue: Catalogue) -> None:
    own = [one for one in joint_odds(catalogue, places=["Suzhou"], threads=1) if one.place == "Suzhou"]
    assert own == [one for one in joint if one.place == "Suzhou"]


def test_a_place_without_odds_has_no_row(catalogue: Catalogue) -> None:
    assert joint_odds(catalogue, places=["Xuzhou"]) == []


def test_a_scenario_moves_the_odds_as_it_moves_those_of_the_single_target(catalogue: Catalogue) -> None:
    """Dalian's only target is in yuan, its series in dollars: at four yuan for one it takes half as many more. Six errors of two ways to count."""
    strong, drawn = (
        read_scenario(
            "rate.yaml", f"title: Rate\nassumptions:\n  - exchange_rate: {{pair: CNY/USD, path: {{2013: {rate}}}}}\n".encode()
        )
        for rate in ("4.0", "{uniform: [3, 7]}")
    )
    for scenario in (BASELINE, strong, drawn):
        assessed = assess_targets(catalogue, places=["Dalian"], scenario=scenario)
        (single,) = [one for one in assessed if one.status == "assessed"]
        (together,) = [one for one in joint_odds(catalogue, places=["Dalian"], scenario=scenario) if one.place]
        assert together.probability == pytest.approx(
            single.probability, abs=6 * (single.probability_error + together.probability_error)
        )
