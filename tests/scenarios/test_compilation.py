"""Scenarios compiled: what each term does to the paths, by hand; what does nothing leaves no trace."""

from dataclasses import replace
from math import exp, log, log1p

import numpy as np
import pandas as pd
import pytest

from data import Catalogue, InputFault
from forecast.belief import Belief, believe
from forecast.currency import conversion
from scenarios import assess_targets, load_scenario
from scenarios.compilation import Compiled, compile_scenario
from scenarios.distributions import distributions
from scenarios.expected_growth import expected_growths
from scenarios.fields import Amount as FieldAmount
from scenarios.fields import ByYear, amount_of
from scenarios.plan import Ceiling, CommonShock, Event, Gain, Growth, Link, make_plan
from scenarios.scenario import KINDS as TERMS
from scenarios.scenario_files import PRESETS
from scenarios.simulation import simulate
from tests.scenarios.compiled_terms import CONTRACTS, HORIZON, JOBS, KEY, OTHER, PATHS, SINGLE, compiled, growth, paths_of, scenario
from tests.scenarios.questions import CITY, MONEY
from tests.scenarios.questions import JOBS as JOBS_TARGET
from tests.scenarios.scenario_examples import BODIES


@pytest.fixture(scope="module")
def baseline(small_catalogue: Catalogue, small_belief: Belief) -> dict[str, np.ndarray]:
    return paths_of(compiled(small_catalogue, small_belief), KEY, OTHER, JOBS, CONTRACTS)


NEUTRAL = [
    {"levers": (growth(points=0), growth(points={"normal": [0, 0]}, places="all", measure="all"))},
    {"levers": ({"programme": {"places": "all", "measure": "employees", "years": [2013, 2015], "level": 0}},)},
    {"levers": ({"talent": {"places": "all", "years": [2013], "trainees": 5000, "retention": 0}},)},
    {"levers": ({"fdi": {"places": "all", "years": [2013], "amount": 0}},)},
    {"assumptions": ({"link": {"from": "employees", "to": "contract_value_executed", "elasticity": 0.4}},)},
    {"assumptions": ({"common_shock": {"year": 2014, "percent": 0}},)},
    {"assumptions": ({"common_shock": {"year": 2014, "percent": -30, "probability": 0}},)},
    {"assumptions": ({"long_run_growth": {"points": 0}}, {"volatility": {"factor": 1}}, {"breaks": {"probability": 0}})},
    {"assumptions": ({"correlation": {"coefficient": 0}}, {"exchange_rate": {"pair": "CNY/USD", "volatility": 0.04}})},
    {"assumptions": ({"correlation": {"places": ["City 0", "City 2"], "coefficient": {"discrete": [[0, 1]]}}},)},
    {"assumptions": ({"breaks": {"probability": {"discrete": [[0, 1]]}, "factor": {"uniform": [1, 3]}}},)},
]


@pytest.mark.parametrize("terms", NEUTRAL)
def test_what_does_nothing_gives_the_same_bytes(small_catalogue: Catalogue, terms: dict[str, tuple]) -> None:
    of_baseline = assess_targets(small_catalogue, paths=PATHS)
    found = assess_targets(small_catalogue, paths=PATHS, scenario=scenario(**terms))
    assert sum(one.probability is not None for one in found) == 3
    assert found == of_baseline


def test_growth_adds_the_logarithm_of_its_factor_in_its_years(
    small_catalogue: Catalogue, small_belief: Belief, baseline: dict[str, np.ndarray]
) -> None:
    made = compiled(small_catalogue, small_belief, levers=(growth(ramp=2),))
    added = paths_of(made, KEY, OTHER)[KEY] - baseline[KEY]
    # 2013 nothing; 2014 half of 5 points; 2015 and 2016 all of them; 2017 and 2018 keep what was gained
    steps = [0.0, log(1.025), log(1.05), log(1.05), 0.0, 0.0]
    years = added[-6:]
    np.testing.assert_allclose(years, np.broadcast_to(np.cumsum(steps)[:, None], years.shape), atol=SINGLE)
    assert np.array_equal(paths_of(made, KEY, OTHER)[OTHER], baseline[OTHER])


def test_an_uncertain_amount_has_one_value_a_draw_and_the_same_in_every_scenario(
    small_catalogue: Catalogue, small_belief: Belief, baseline: dict[str, np.ndarray]
) -> None:
    lever = growth(years=[2013], points={"uniform": [0, 10]})
    more = growth(places=["City 4"], years=[2013], points={"uniform": [0, 10]})
    one = paths_of(compiled(small_catalogue, small_belief, levers=(lever,)), KEY)[KEY] - baseline[KEY]
    both = paths_of(compiled(small_catalogue, small_belief, levers=(more, lever)), KEY, OTHER)
    assert np.array_equal(both[KEY] - baseline[KEY], one)
    points = 100 * np.expm1(one[-6].reshape(-1, 10))
    assert np.ptp(points, axis=1).max() < 0.01
    assert 4 < points.mean() < 6
    assert points.std() > 2
    assert not np.allclose(both[OTHER] - baseline[OTHER], one, atol=1e-3)


def test_the_order_of_levers_does_not_matter(small_catalogue: Catalogue, small_belief: Belief) -> None:
    levers = (
        growth(points=3.3),
        growth(points={"uniform": [0, 3]}, years=[2013, 2017]),
        growth(points=1.7, years=[2015]),
        {"ceiling": {"places": ["City 0"], "measure": "contract_value_executed", "level": 4e9, "unit": "USD"}},
        {"ceiling": {"places": "all", "measure": "contract_value_executed", "level": 3e9, "unit": "USD"}},
        {"programme": {"places": ["City 2"], "measure": "employees", "years": [2013, 2014], "level": 7000}},
        {"talent": {"places": ["City 2"], "years": [2013], "trainees": 1000, "retention": 0.5}},
    )
    one = paths_of(compiled(small_catalogue, small_belief, levers=levers), KEY, JOBS)
    other = paths_of(compiled(small_catalogue, small_belief, levers=levers[::-1]), KEY, JOBS)
    assert all(np.array_equal(one[key], other[key]) for key in (KEY, JOBS))


def pushes_of(made: Compiled, kind: type) -> list:
    return [push for push in made.pushes if isinstance(push, kind)]


def test_a_programme_arrives_in_equal_parts(small_catalogue: Catalogue, small_belief: Belief) -> None:
    lever = {"programme": {"places": ["City 2"], "measure": "employees", "years": [2014, 2017], "level": 8000}}
    (gain,) = pushes_of(compiled(small_catalogue, small_belief, levers=(lever,)), Gain)
    assert (gain.series, gain.amount.quantile, gain.lasts) == (JOBS, 8000, True)
    assert gain.profile == {2014: 0.25, 2015: 0.25, 2016: 0.25, 2017: 0.25}


def test_trainees_who_stay_are_gained_each_year(
    small_catalogue: Catalogue, small_belief: Belief, baseline: dict[str, np.ndarray]
) -> None:
    lever = {"talent": {"places": ["City 2"], "years": [2013], "trainees": 10_000, "retention": 0.7}}
    moved = paths_of(compiled(small_catalogue, small_belief, levers=(lever,)), JOBS)[JOBS]
    last = small_belief.find(JOBS).series.log_level[-1]
    one = small_belief.find(JOBS)
    assert np.all(one.level_noise < 0.1)
    # in the first year, but for the level noise, 7,000 more than without
    gained = (np.exp(moved[-6]) - np.exp(baseline[JOBS][-6])) * exp(last)
    assert np.median(gained) == pytest.approx(7000, rel=0.01)
    assert np.all(moved[-5] > moved[-6] - baseline[JOBS][-6] + baseline[JOBS][-5] - 1e-4)


def test_money_is_converted_at_the_last_known_rate(small_catalogue: Catalogue, small_belief: Belief) -> None:
    rates = small_catalogue.known_by(small_belief.vintage).exchange_rates
    level = {"places": ["City 0"], "measure": "contract_value_executed", "level": 6e9, "unit": "CNY"}
    (ceiling,) = pushes_of(compiled(small_catalogue, small_belief, levers=({"ceiling": level},)), Ceiling)
    rate = conversion(rates, "CNY", "USD")
    assert rate is not None
    assert ceiling.level.quantile == pytest.approx(6e9 * exp(rate.log_rate))


def test_investment_attracted_ends_with_its_last_year(small_catalogue: Catalogue, small_belief: Belief) -> None:
    facts = small_catalogue.facts
    fdi = facts[facts["measure"] == "employees"].assign(measure="fdi_actual", unit="USD")
    known = replace(small_catalogue, facts=pd.concat([facts, fdi], ignore_index=True))
    belief = believe(known)
    name = "City 2|fdi_actual|total|USD"
    lever = {"fdi": {"places": ["City 2"], "years": [2014, 2015], "amount": 50_000}}
    with_it, without = (
        paths_of(compile_scenario(scenario(levers=levers), known, belief), name)[name][-6:] for levers in ((lever,), ())
    )
    added = (np.exp(with_it) - np.exp(without)) * exp(belief.find(name).series.log_level[-1])
    assert np.median(added[1]) == pytest.approx(50_000, rel=0.02)
    assert np.median(added[2]) == pytest.approx(50_000, rel=0.02)  # it did not grow
    np.testing.assert_allclose(added[[0, 3, 4, 5]], 0.0, atol=10)


def test_a_link_hands_on_what_levers_add(small_catalogue: Catalogue, small_belief: Belief, baseline: dict[str, np.ndarray]) -> None:
    lever = growth(places=["City 2"], measure="employees", years=[2013, 2014], points=10)
    link = {"link": {"from": "employees", "to": "contract_value_executed", "elasticity": 0.4, "lag": 1}}
    made = compiled(small_catalogue, small_belief, levers=(lever,), assumptions=(link,))
    assert [(one.source, one.target) for one in pushes_of(made, Link)] == [(JOBS, CONTRACTS)]  # City 1 has both, but no lever
    added = paths_of(made, CONTRACTS)[CONTRACTS][-6:] - baseline[CONTRACTS][-6:]
    steps = 0.4 * log(1.1) * np.array([0, 1, 2, 2, 2, 2])
    np.testing.assert_allclose(added, np.broadcast_to(steps[:, None], added.shape), atol=SINGLE)


def test_a_common_shock_halves_and_stays(small_catalogue: Catalogue, small_belief: Belief, baseline: dict[str, np.ndarray]) -> None:
    shock = {"common_shock": {"year": 2014, "percent": -8, "half_life": 1, "families": ["contracts"]}}
    made = compiled(small_catalogue, small_belief, assumptions=(shock,))
    assert len(pushes_of(made, CommonShock)) == 1
    found = paths_of(made, KEY, JOBS)
    added = found[KEY][-6:] - baseline[KEY][-6:]
    steps = log(0.92) * np.array([0, 1, 1.5, 1.75, 1.875, 1.9375])
    np.testing.assert_allclose(added, np.broadcast_to(steps[:, None], added.shape), atol=SINGLE)
    assert np.array_equal(found[JOBS], baseline[JOBS])
    at_once = paths_of(compiled(small_catalogue, small_belief, assumptions=({"common_shock": {"year": 2014, "percent": -8}},)), KEY)
    np.testing.assert_allclose(at_once[KEY][-5:] - baseline[KEY][-5:], log(0.92), atol=SINGLE)


def test_a_shock_of_some_probability_hits_that_share_of_futures(
    small_catalogue: Catalogue, small_belief: Belief, baseline: dict[str, np.ndarray]
) -> None:
    shock = {"common_shock": {"year": 2014, "percent": -30, "probability": 0.25}}
    found = paths_of(compiled(small_catalogue, small_belief, assumptions=(shock,)), KEY, JOBS)
    hit = found[KEY][-1] - baseline[KEY][-1] < -0.1
    assert np.array_equal(hit, found[JOBS][-1] - baseline[JOBS][-1] < -0.1)  # all places or none
    assert abs(hit.mean() - 0.25) < 4.4 * np.sqrt(0.25 * 0.75 / PATHS)  # 1 in 100,000


def test_a_ceiling_below_the_target_leaves_it_no_odds(small_catalogue: Catalogue) -> None:
    ceiling = {"places": ["City 0"], "measure": "contract_value_executed", "level": 1.5e9, "unit": "USD"}
    under = {
        one.target: one for one in assess_targets(small_catalogue, paths=2000, scenario=scenario(levers=({"ceiling": ceiling},)))
    }
    free = {one.target: one for one in assess_targets(small_catalogue, paths=2000)}
    name = "City 0-contract_value_executed-2015"
    assert free[name].probability > 0.15
    assert under[name].probability < 0.02


LEVERS = {
    "growth": lambda size: growth(places="all", measure="all", points=5 * size),
    "programme": lambda size: {
        "programme": {"places": ["City 2"], "measure": "employees", "years": [2013, 2014], "level": 20_000 * size}
    },
    "talent": lambda size: {"talent": {"places": ["City 2"], "years": [2013], "trainees": 5_000 * size, "retention": 0.7}},
    "target": lambda size: {"target": {"target": "City 0-contract_value_executed-2015", "value": 2.2e9 / (1 + 0.2 * size)}},
}


@pytest.mark.parametrize("name", LEVERS)
def test_more_of_a_lever_never_lowers_the_odds(small_catalogue: Catalogue, name: str) -> None:
    found = []
    for size in (1, 2, 3):
        assessed = assess_targets(small_catalogue, paths=1000, scenario=scenario(levers=(LEVERS[name](size),)))
        found.append([one.probability for one in assessed])
    steps = np.diff(np.array(found, dtype=float), axis=0)
    assert np.all(steps >= -1e-12)
    assert np.any(steps > 0.005)


DRAWABLE = [
    (section, kind, name, amount)
    for section, kinds in TERMS.items()
    for kind, term in kinds.items()
    for name, field in term.model_fields.items()
    if (amount := amount_of(field) or next((mark.amount for mark in field.metadata if isinstance(mark, ByYear)), None))
]


@pytest.mark.parametrize(("section", "kind", "name", "amount"), DRAWABLE, ids=["-".join(one[1:3]) for one in DRAWABLE])
def test_every_amount_may_be_drawn(small_catalogue: Catalogue, section: str, kind: str, name: str, amount: FieldAmount) -> None:
    low, high = max(amount.low, 0.001), min(amount.high, 4 * max(amount.low, 1))
    uniform: object = {"uniform": [low + (high - low) / 4, high]}
    about = {"talent": "City 2", "programme": "City 2"}.get(kind, "City 3")
    body: dict[str, object] = BODIES[section][kind] | {name: {2014: uniform} if name == "path" else uniform}
    body |= {"places": [about]} if "places" in BODIES[section][kind] else {}
    body |= {"target": CITY} if kind == "target" else {}
    if name == "points" and kind == "long_run_growth":
        del body["percent"]
    (one,) = distributions(scenario(**{section: ({kind: body},)}))
    assert one.field == name
    found = assess_targets(small_catalogue, paths=40, scenario=scenario(**{section: ({kind: body},)}))
    told = {one.target for one in found if one.probability is not None}
    assert told >= {MONEY, JOBS_TARGET}  # four dollars, as the other target is moved to, are passed already


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_runs_and_does_something(catalogue: Catalogue, belief_2013: Belief, name: str) -> None:
    preset = load_scenario(name, catalogue)
    made = compile_scenario(preset, catalogue, belief_2013)
    series = "Suzhou|contract_value_signed|total|USD"
    events = [Event("suzhou", series, 2015, log(15e9))]
    odds = simulate(make_plan(made.belief, events, 2020, made.pushes, rates=made.rates), 200).odds("suzhou").probability
    plain = simulate(make_plan(belief_2013, events, 2020), 200).odds("suzhou").probability
    assert made.is_baseline == (name == "baseline")
    assert (odds == plain) == (name == "baseline")


def test_best_peers_lift_growth_to_the_ninetieth_percentile(small_catalogue: Catalogue, small_belief: Belief) -> None:
    made = compiled(small_catalogue, small_belief, levers=(growth(places="all", points="best_peer", years=[2013]),))
    growths = expected_growths(small_belief, HORIZON)
    cities = [name for name in growths if name.startswith("City") and "contract" in name]
    best = np.quantile([growths[name][2015] for name in cities], 0.9)
    lifted = {push.series[0]: push for push in pushes_of(made, Growth)}
    for name in cities:
        added = log1p(lifted[name].profile[2015] / 100) if name in lifted else 0.0
        assert growths[name][2015] + added == pytest.approx(max(best, growths[name][2015]), abs=1e-9)


def test_a_name_that_is_unknown_is_refused(small_catalogue: Catalogue, small_belief: Belief) -> None:
    with pytest.raises(InputFault, match="Nowhere"):
        compiled(small_catalogue, small_belief, levers=(growth(places=["Nowhere"]),))
