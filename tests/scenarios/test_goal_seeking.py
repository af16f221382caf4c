"""Goal seeking: what is found is simulated again, monotone laws, and what cannot be solved."""

from dataclasses import replace

import numpy as np
import pytest

from data import Catalogue, InputFault
from scenarios import Scenario, Solution, assess_targets, load_scenario, read_scenario, solve
from tests.made_up import aim, catalogue_of, level

MEASURE = "contract_value_executed"
SIGNED = "suzhou-contract_value_signed-total-2015"


@pytest.fixture(scope="module")
def world() -> Catalogue:
    """Eight cities with two years each, and a target of every kind that levers move."""
    facts, units = [], {MEASURE: ("USD", 1e9), "employees": ("persons", 50_000), "fdi_actual": ("USD", 2e9)}
    for measure, (unit, size) in units.items():
        for number in range(8):
            facts += [level(f"City {number}", measure, 2012, size * (number + 2), unit)]
            facts += [level(f"City {number}", measure, 2011, size * (number + 2) / (1.15 + 0.02 * number), unit)]
    facts += [level("City 0", MEASURE, year, value, scope="offshore") for year, value in ((2011, 0.6e9), (2012, 0.8e9))]

    def of(name: str, measure: str, value: float, unit: str, scope: str = "total", **more: object):
        money = unit if unit in ("USD", "persons") else "USD"
        key = f"City 0|{measure}|{scope}|{money}"
        return replace(aim("City 0", measure, 2015, value, unit, assessed_by=key, **more), target=name, scope=scope)

    targets = [
        of("value", MEASURE, 5e9, "USD"),
        of("people", "employees", 200_000, "persons"),
        of("investment", "fdi_actual", 7e9, "USD"),
        of("growth", MEASURE, 35.0, "percent", kind="average_growth"),
        of("double", MEASURE, 2.2, "ratio", kind="multiple"),
        of("sum", MEASURE, 13e9, "USD", kind="cumulative", base_period="2013"),
        of("share", MEASURE, 55.0, "percent", scope="offshore", kind="share"),
        of("rank", MEASURE, 6.0, "count", kind="rank"),
    ]
    return catalogue_of(facts, targets)


def solved(world: Catalogue, target: str, probability: float = 0.7, lever: str = "growth", paths: int = 4000) -> Solution:
    return solve(world, target, probability, lever, known_by="latest", paths=paths)


@pytest.mark.parametrize(
    ("target", "lever"),
    [
        *((name, "growth") for name in ("value", "people", "investment", "growth", "double", "sum", "share", "rank")),
        *((name, "programme") for name in ("value", "sum", "rank")),
        *((name, "target") for name in ("value", "growth", "double", "sum", "share")),
        ("people", "talent"),
        ("investment", "fdi"),
    ],
)
def test_what_is_found_gives_the_odds_again_with_another_seed(world: Catalogue, target: str, lever: str) -> None:
    """Four combined errors: a false alarm in one of some 900 seeds of these 18 cases."""
    found = solved(world, target, lever=lever)
    assert found.amount is not None
    assert found.amount != 0
    assert found.amount_low <= found.amount <= found.amount_high
    assert abs(found.probability - 0.7) < 4 * 2**0.5 * found.probability_error


@pytest.mark.parametrize("lever", ["growth", "programme"])
def test_higher_odds_take_more_and_a_higher_target_is_less_likely(world: Catalogue, lever: str) -> None:
    amounts = [solved(world, "value", wanted, lever, 1000).amount for wanted in (0.5, 0.7, 0.9)]
    assert amounts == sorted(amounts)
    values = [solved(world, "value", wanted, "target", 1000).amount for wanted in (0.5, 0.7, 0.9)]
    assert values == sorted(values, reverse=True)


def test_the_growth_found_is_the_extra_growth_of_the_assessment(catalogue: Catalogue) -> None:
    (one,) = [one for one in assess_targets(catalogue, places=["Suzhou"]) if one.target == SIGNED]
    found = solve(catalogue, SIGNED.upper(), 0.8)
    # One counts paths, the other takes the odds given the own shocks: both within the bracket of two errors.
    assert found.amount_low < one.extra_growth_80 < found.amount_high
    assert found.baseline == one.probability


def test_where_nothing_is_needed_the_amount_is_zero(world: Catalogue) -> None:
    found = solved(world, "value", 0.001, paths=1000)
    assert (found.amount, found.probability > 0.001) == (0.0, True)
    assert "nothing is needed" in found.answer


def test_what_no_amount_reaches_is_an_answer(world: Catalogue) -> None:
    found = solved(world, "value", 0.999, "ceiling", 1000)
    assert found.amount is None
    assert (found.amount_low, found.amount_high) == (None, None)
    assert found.answer.startswith("not reached: without any ceiling")
    assert found.probability < 0.999


def test_the_lowest_ceiling_leaves_the_odds_and_lies_above_the_target(world: Catalogue) -> None:
    free = solved(world, "value", 0.5).baseline
    found = solved(world, "value", 0.5 * free, "ceiling")
    assert found.amount is not None
    assert found.amount > 5e9
    assert abs(found.probability - 0.5 * free) < 4 * 2**0.5 * found.probability_error


@pytest.mark.parametrize(
    ("target", "probability", "lever", "why"),
    [
        ("valu", 0.8, "growth", r"unknown target 'valu' \(did you mean value\?\)"),
        ("value", 0.0, "growth", "--probability: 0 found"),
        ("value", 1.0, "growth", "--probability: 1 found"),
        ("value", float("nan"), "growth", "--probability: nan found"),
        ("value", 0.8, "grwth", r"--lever: 'grwth' found \(did you mean growth\?\); allowed: growth"),
        ("value", 0.8, "talent", "adds people"),
        ("value", 0.8, "fdi", "adds investment"),
        ("rank", 0.8, "target", "is a rank"),
    ],
)
def test_what_cannot_be_solved_is_refused(world: Catalogue, target: str, probability: float, lever: str, why: str) -> None:
    with pytest.raises(InputFault, match=why):
        solve(world, target, probability, lever, known_by="latest", paths=100)


def test_a_target_without_odds_is_refused_with_its_reason(catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match=r"hefei-enterprises-total-2017: no odds are given: printed as"):
        solve(catalogue, "hefei-enterprises-total-2017")


def test_threads_change_no_bit(world: Catalogue) -> None:
    first = solve(world, "value", known_by="latest", paths=3000, threads=1)
    assert first == solve(world, "value", known_by="latest", paths=3000, threads=4)


def pushed(points: float) -> Scenario:
    lever = f"{{places: [City 0], measure: {MEASURE}, years: [2013], points: {points}}}"
    return read_scenario("push.yaml", f"title: Push\nlevers:\n  - growth: {lever}\n".encode())


def test_what_a_scenario_already_gives_is_not_needed_again(world: Catalogue) -> None:
    """Growth levers multiply each year's growth factor: what is found on top of some is what is found alone, divided by them."""
    alone = solved(world, "value").amount
    found = solve(world, "value", 0.7, "growth", known_by="latest", paths=4000, scenario=pushed(4.0))
    assert 1.04 * (1 + found.amount / 100) == pytest.approx(1 + alone / 100, rel=1e-4)
    assert found.baseline > solved(world, "value").baseline


def test_the_odds_before_the_lever_are_those_of_the_scenario(catalogue: Catalogue) -> None:
    recession = load_scenario("stagnation", catalogue)
    (one,) = [one for one in assess_targets(catalogue, places=["Suzhou"], scenario=recession, paths=2000) if one.target == SIGNED]
    assert solve(catalogue, SIGNED, 0.5, scenario=recession, paths=2000).baseline == pytest.approx(one.probability, abs=1e-12)


def test_of_two_ceilings_the_lower_counts(world: Catalogue) -> None:
    lever = f"{{places: [City 0], measure: {MEASURE}, level: 4.0e+9, unit: USD}}"
    capped = read_scenario("cap.yaml", f"title: Cap\nlevers:\n  - ceiling: {lever}\n".encode())
    found = solve(world, "value", 0.2, "ceiling", known_by="latest", paths=1000, scenario=capped)
    assert found.amount is None


def test_of_fifty_drawn_cases_what_is_found_holds_with_another_seed(world: Catalogue) -> None:
    """At least 43 of 50 within two combined errors and all within four, as long as the errors are honest.

    Each lies within two with a chance of .954: 43 or more are found in all but one of some 100,000 seeds; all within four in all but one of 300.
    """
    random = np.random.default_rng(2013)
    levers = {
        "value": ("growth", "programme", "target"), "people": ("growth", "talent"), "investment": ("growth", "fdi"), "sum": ("growth",),
        "rank": ("growth",), "double": ("growth", "target"),
    }  # fmt: skip
    pairs = [(target, lever) for target, several in levers.items() for lever in several]
    distances, unreached = [], 0
    for number in range(200):
        if len(distances) == 50:
            break
        target, lever = pairs[int(random.integers(len(pairs)))]
        wanted = float(random.uniform(0.2, 0.95))
        found = solve(world, target, wanted, lever, known_by="latest", paths=1000, seed=10_000 + 10 * number)
        if found.amount is None:
            unreached += 1
            assert found.answer.startswith("not reached")
        elif found.amount != 0:
            # the amount was found on numbers with an error of their own
            distances.append(abs(found.probability - wanted) / (2**0.5 * found.probability_error))
    assert len(distances) == 50
    assert sum(one < 2 for one in distances) >= 43
    assert max(distances) < 4
