"""A long history, or a measure of one's own, in the simulation: its odds are those of its forecast, and scenarios reach it as they say."""

from dataclasses import asdict

import numpy as np
import pytest

import scenarios.compilation
import scenarios.plan
from data import Catalogue
from forecast.belief import Belief, believe
from forecast.routing import answer_auto
from scenarios import assess_targets, compare, compile_scenario, joint_odds, load_scenario, make_plan, simulate, solve
from scenarios.plan import Event
from scenarios.scenario import BASELINE, Scenario
from scenarios.target_sensitivity import sensitivity
from tests.made_up import aim, catalogue_of, level

JOBS, FIRMS, VISITS = "City A|employees|total|persons", "City A|enterprises|total|count", "City A|certificates_new|total|count"
SHORT = "City B|employees|total|persons"
TARGET, OTHER = "City A-employees-2017", "City B-employees-2016"
FIRST, LAST = 1993, 2012
HORIZON = 2020
FOUR_ERRORS = 4  # a test of a dozen odds fails by chance once in a thousand
OF_BINS = 0.002  # what reading quantiles off bins of ln(level), and the least weights left out, may add


def wandering(seed: int, growth: float, spread: float) -> np.ndarray:
    return 4e4 * np.exp(np.cumsum(growth + spread * np.random.default_rng(seed).standard_normal(LAST - FIRST + 1)))


@pytest.fixture(scope="module")
def known() -> Catalogue:
    jobs = wandering(3, 0.06, 0.08)
    facts = [level("City A", "employees", FIRST + age, float(value), "persons", digits=1.0) for age, value in enumerate(jobs)]
    firms = wandering(5, 0.04, 0.05) / 100
    facts += [level("City A", "enterprises", FIRST + age, float(value), "count", digits=0.1) for age, value in enumerate(firms)]
    facts += [level("City A", "certificates_new", 2008 + age, 300.0 * 1.2**age, "count", digits=0.1) for age in range(5)]
    for number, city in enumerate("BCDEFGHIJ"):
        facts += [level(f"City {city}", "employees", 2010 + age, 1e4 * (1.1 + 0.01 * number) ** age, "persons") for age in range(3)]
    return catalogue_of(
        facts,
        [
            aim("City A", "employees", 2017, float(1.25 * jobs[-1]), "persons"),
            aim("City B", "employees", 2016, 18_000, "persons"),
        ],
    )


@pytest.fixture(scope="module")
def belief(known: Catalogue) -> Belief:
    return believe(known)


def scenario(**terms: object) -> Scenario:
    return Scenario.model_validate({"title": "One", **terms})


def paths(belief: Belief, known: Catalogue, what: Scenario, *series: str) -> dict[str, np.ndarray]:
    """Ln(level / last known level) in 2013 to 2020, by path."""
    made = compile_scenario(what, known, belief, HORIZON)
    plan = make_plan(made.belief, [], HORIZON, made.pushes, watched=series)
    return {name: found.astype(float) for name, found in simulate(plan, 4_000).watched.items()}


@pytest.mark.parametrize("key", [JOBS, FIRMS, VISITS])
def test_odds_and_quantiles_are_those_of_the_forecast(belief: Belief, key: str) -> None:
    one = belief.find(key)
    assert one is not None
    said = answer_auto(belief, one, HORIZON).prediction
    mean, variance = said.log_moments()
    events = [
        Event(f"{year} {z}", key, year, float(mean[year - 2013] + z * np.sqrt(variance[year - 2013])))
        for year in (2013, 2016, 2020)
        for z in (-1.0, 0.0, 0.5, 1.5)
    ]
    outcomes = simulate(make_plan(belief, events, HORIZON), 40_000, seed=2)
    for event in events:
        found = outcomes.odds(event.name)
        expected = said.probability_at_least(event.log_value, event.year)
        assert abs(found.probability - expected) < FOUR_ERRORS * found.error + OF_BINS, event.name
    for year in (2014, 2020):
        for share in (0.1, 0.5, 0.9):
            (level_at,) = outcomes.quantiles(key, year, [share])
            expected = 1 - said.probability_at_least(float(np.log(level_at)), year)
            # Paths of one draw share its parameters: their error is at most that of the draws alone.
            assert abs(expected - share) < FOUR_ERRORS * np.sqrt(share * (1 - share) / outcomes.n_draws) + OF_BINS


def test_a_target_on_a_long_history_has_the_odds_of_its_forecast_wherever_it_is_asked(known: Catalogue, belief: Belief) -> None:
    one = belief.find(JOBS)
    assert one is not None
    goal = float(known.targets["value"].iloc[0])
    said = answer_auto(belief, one, 2017).prediction.probability_at_least(float(np.log(goal)), 2017)
    (found,) = [row for row in assess_targets(known) if row.target == TARGET]
    assert found.probability is not None
    assert found.probability_error is not None
    assert abs(found.probability - said) < FOUR_ERRORS * found.probability_error + OF_BINS
    assert found.data_weight == 1.0
    assert found.probability_low < said < found.probability_high  # type: ignore[operator]
    (compared,) = [row for row in compare(known, [BASELINE]) if row.target == TARGET]
    assert compared.probability == pytest.approx(found.probability, abs=1e-12)
    solved = solve(known, TARGET, 0.8)
    assert solved.baseline == pytest.approx(found.probability, abs=1e-12)
    assert solved.amount is not None
    held = [row for row in joint_odds(known) if row.place == "City A"]
    assert abs(held[0].probability - said) < FOUR_ERRORS * held[0].probability_error + OF_BINS


def test_series_of_pooled_families_get_the_same_bytes_beside_it(
    belief: Belief, known: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [str(one.key) for one in belief.series if one.key.place != "City A"]
    with_them = paths(belief, known, BASELINE, *names)
    for module in (scenarios.compilation, scenarios.plan):
        monkeypatch.setattr(module, "with_histories", lambda believed, _horizon: believed)
    without = paths(belief, known, BASELINE, *names)
    assert all(with_them[name].tobytes() == without[name].tobytes() for name in names)


def test_the_odds_of_bundled_targets_are_the_same_bytes(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    places = ["Suzhou", "Hangzhou", "Hong Kong"]
    found = [asdict(row) for row in assess_targets(catalogue, paths=500, places=places)]
    for module in (scenarios.compilation, scenarios.plan):
        monkeypatch.setattr(module, "with_histories", lambda believed, _horizon: believed)
    assert repr([asdict(row) for row in assess_targets(catalogue, paths=500, places=places)]) == repr(found)


def test_its_own_shocks_hang_together_with_those_of_the_place(belief: Belief, known: Catalogue) -> None:
    found = paths(belief, known, BASELINE, JOBS, FIRMS, SHORT)
    growth = [np.diff(found[name], axis=0)[2] for name in (JOBS, FIRMS, SHORT)]
    alike = np.corrcoef(growth)
    assert alike[0, 1] > 0.2  # .7 of the shocks, less level noise and what is believed
    assert abs(alike[0, 2]) < 4 / np.sqrt(len(growth[0]))


def test_levers_and_shocks_reach_it_and_volatility_widens_it(belief: Belief, known: Catalogue) -> None:
    base = paths(belief, known, BASELINE, JOBS)[JOBS]
    lever = scenario(levers=[{"growth": {"places": ["City A"], "measure": "employees", "years": [2014, 2015], "points": 3}}])
    lifted = paths(belief, known, lever, JOBS)[JOBS] - base
    np.testing.assert_allclose(lifted.T, np.tile(np.log(1.03) * np.array([0, 1, 2, 2, 2, 2, 2, 2]), (4_000, 1)), atol=2e-6)
    ceiling = scenario(levers=[{"ceiling": {"places": ["City A"], "measure": "employees", "level": 150_000}}])
    assert paths(belief, known, ceiling, JOBS)[JOBS][-1].mean() < base[-1].mean() - 0.05
    shock = {"year": 2014, "percent": -10, "probability": 1, "half_life": 0.1, "families": ["people"]}
    hit = paths(belief, known, scenario(assumptions=[{"common_shock": shock}]), JOBS)[JOBS] - base
    np.testing.assert_allclose(hit[:2], [np.zeros(4_000), np.full(4_000, np.log(0.9))], atol=2e-6)
    other = paths(belief, known, scenario(assumptions=[{"common_shock": shock | {"families": ["fdi"]}}]), JOBS)[JOBS]
    assert other.tobytes() == base.tobytes()
    calm = paths(belief, known, scenario(assumptions=[{"volatility": {"families": ["people"], "factor": 0}}]), JOBS)[JOBS]
    wide = paths(belief, known, scenario(assumptions=[{"volatility": {"measure": "employees", "factor": 2}}]), JOBS)[JOBS]
    assert calm[-1].var() < 0.6 * base[-1].var() < 0.3 * wide[-1].var()


def test_assumptions_about_pooled_growth_do_not_reach_it_and_say_so(belief: Belief, known: Catalogue) -> None:
    base = paths(belief, known, BASELINE, JOBS, SHORT)
    for name, terms in (("stagnation", 2), ("back-to-trend", 1)):
        preset = load_scenario(name)
        under = paths(belief, known, preset, JOBS, SHORT)
        assert under[JOBS].tobytes() == base[JOBS].tobytes()
        assert under[SHORT].tobytes() != base[SHORT].tobytes()
        warned = compile_scenario(preset, known, belief).warnings
        assert len(warned) == terms
        assert all("does not reach City A|certificates_new|total|count and 2 more series" in one.sentence for one in warned)
        assert all(one.series == {JOBS, FIRMS, VISITS} for one in warned)
    of_another = scenario(assumptions=[{"reversion": {"families": ["fdi"], "fade": 0.2}}])
    assert compile_scenario(of_another, known, belief).warnings == ()


def test_a_neutral_scenario_leaves_it_as_it_is(belief: Belief, known: Catalogue) -> None:
    neutral = scenario(assumptions=[{"volatility": {"families": ["people"], "factor": 1}}])
    made = compile_scenario(neutral, known, belief)
    assert made.is_baseline
    assert not made.is_assumed
    assert compile_scenario(scenario(assumptions=[{"tails": {"freedom": 4}}]), known, belief).is_assumed


def test_sensitivity_speaks_of_its_own_growth_alone(known: Catalogue) -> None:
    found = sensitivity(known, BASELINE, TARGET, paths=1_000)
    things = [one.thing for one in found.swings] + [one.group for one in found.variance_shares]
    things += [limit.thing for one in found.misses for limit in one.conditions]
    assert not any("family" in thing or "|" in thing or "lead" in thing for thing in things)
    assert {"passing growth of City A in 2012", "own shocks to City A up to 2017", "what is believed of the series"} <= set(things)
    assert [(one.year, one.why) for one in sorted(found.figures, key=lambda one: one.year)] == [
        (year, "next") for year in (2013, 2014, 2015, 2016)
    ]
    total = {one.group: one.total for one in found.variance_shares if one.outcome == "level"}
    assert sum(total.values()) > 0.9  # nothing that is drawn is left out
