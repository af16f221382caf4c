"""The controls of the What-if page: what they state comes back from the scenario, and what they cannot hold stays as it is."""

from dataclasses import replace
from typing import Any

import pytest

from app.what_if import About, held, moved, neutral, without
from data import Catalogue
from scenarios import check_names, dump_scenario, load_scenario, read_scenario
from scenarios.scenario import BASELINE
from scenarios.scenario_files import PRESETS

ABOUT = About("Suzhou", "contract_value_signed", "total", "USD", 2013, 2020)
PEOPLE = About("Suzhou", "employees", "total", "persons", 2013, 2020)
MONEY = About("Suzhou", "fdi_actual", "total", "USD", 2013, 2020)
MOVES: tuple[dict[str, Any], ...] = (
    {"points": 5.0, "years": (2014, 2016), "ramp": 3},
    {"years": (2014, 2016)},
    {"programme": 1e9},
    {"programme": 1e9, "programme_years": (2014, 2014)},
    {"ceiling": 2e10},
    {"percent": -8.0, "shock_year": 2014, "probability": 0.25, "half_life": 1.5},
    {"factor": 1.5},
    {"rate": 5.0},
    {"swings": 0.0},
    {"rate": 5.0, "swings": 7.5},
    {"long_run": -2.5},
    {"fade": 0.0},
)
OWN_MOVES: tuple[tuple[About, dict[str, Any]], ...] = (
    (PEOPLE, {"trainees": 5000.0}),
    (PEOPLE, {"trainees": 5000.0, "retention": 0.25, "points": 1.0}),
    (MONEY, {"investment": 2e8}),
)


@pytest.mark.parametrize("values", [*MOVES, {name: value for move in MOVES for name, value in move.items()}])
def test_what_controls_state_comes_back_also_through_a_file(values: dict[str, Any], catalogue: Catalogue) -> None:
    wanted = replace(neutral(ABOUT), **values)
    scenario = check_names(moved(BASELINE, ABOUT, wanted), catalogue)
    assert held(scenario, ABOUT) == (wanted, ())
    assert read_scenario("file", dump_scenario(scenario).encode(), catalogue) == scenario
    assert scenario.levers or scenario.assumptions


@pytest.mark.parametrize(("about", "values"), OWN_MOVES)
def test_people_and_investment_have_levers_of_their_own(about: About, values: dict[str, Any], catalogue: Catalogue) -> None:
    wanted = replace(neutral(about), **values)
    scenario = check_names(moved(BASELINE, about, wanted), catalogue)
    assert held(scenario, about) == (wanted, ())
    controls, others = held(scenario, ABOUT)  # on the page of another measure they are listed apart
    assert controls == neutral(ABOUT)
    assert set(others) == set(scenario.levers)


@pytest.mark.parametrize(
    "term",
    [
        "exchange_rate: {pair: CNY/USD, path: {2014: 6, 2020: 5}}",
        "exchange_rate: {pair: CNY/USD, path: {2020: 5}, volatility: 0.5}",
        "exchange_rate: {pair: CNY/USD, path: {2020: 20}, volatility: 0.05}",
        "exchange_rate: {pair: HKD/USD, volatility: 0.05}",
        "long_run_growth: {percent: 3}",
        "long_run_growth: {families: [people], points: 1}",
        "reversion: {fade: 0.3, persistence: 0.2}",
    ],
)
def test_an_assumption_that_no_control_can_show_is_not_shown_by_halves(term: str) -> None:
    scenario = read_scenario("file", f"title: A\nassumptions:\n- {term}\n".encode())
    assert held(scenario, ABOUT) == (neutral(ABOUT), scenario.assumptions)


@pytest.mark.parametrize("name", PRESETS)
def test_controls_that_are_not_moved_change_nothing(name: str) -> None:
    scenario = load_scenario(name)
    again = moved(scenario, ABOUT, held(scenario, ABOUT)[0])
    assert set(again.levers) == set(scenario.levers)
    assert set(again.assumptions) == set(scenario.assumptions)


def test_neutral_controls_are_the_baseline() -> None:
    assert moved(BASELINE, ABOUT, neutral(ABOUT)) == BASELINE


def test_what_the_controls_cannot_hold_stays_until_it_is_taken_out() -> None:
    scenario = load_scenario("talent-push")
    after = moved(scenario, ABOUT, replace(neutral(ABOUT), points=5.0))
    _, others = held(after, ABOUT)
    assert set(others) == {*scenario.levers, *scenario.assumptions}
    assert len(after.levers) == len(scenario.levers) + 1
    for term in others:
        after = without(after, term)
    assert held(after, ABOUT) == (replace(neutral(ABOUT), points=5.0), ())


def test_levers_of_another_place_and_terms_beyond_the_controls_are_others() -> None:
    scenario = moved(BASELINE, ABOUT, replace(neutral(ABOUT), points=5.0, factor=2.0))
    controls, others = held(scenario, replace(ABOUT, place="Wuxi"))
    assert controls == replace(neutral(ABOUT), factor=2.0)
    assert others == scenario.levers
    extreme = read_scenario(
        "file", b"title: A\nlevers:\n- growth: {places: [Suzhou], measure: contract_value_signed, years: [2013], points: 90}"
    )
    assert held(extreme, ABOUT) == (neutral(ABOUT), extreme.levers)
