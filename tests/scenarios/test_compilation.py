"""Scenarios compiled: what each term does to the paths, by hand; what does nothing leaves no trace."""

from dataclasses import replace
from math import exp, expm1, log, log1p

import numpy as np
import pandas as pd
import pytest

from data import Catalogue, InputFault
from forecast.belief import Belief, believe
from forecast.currency import conversion
from scenarios import Scenario, TargetAssessment, assess_targets, load_scenario
from scenarios.compilation import Compiled, compile_scenario
from scenarios.distributions import distributions
from scenarios.expected_growth import expected_growths
from scenarios.fields import Amount as FieldAmount
from scenarios.fields import ByYear, amount_of
from scenarios.plan import Ceiling, CommonShock, Event, Gain, Growth, Link, make_plan
from scenarios.scenario import KINDS as TERMS
from scenarios.scenario_files import PRESETS
from scenarios.simulation import simulate
from tests.scenarios.questions import CITY, MONEY, early, question, scenario_of
from tests.scenarios.questions import JOBS as JOBS_TARGET
from tests.scenarios.scenario_examples import BODIES

KEY = "City 0|contract_value_executed|total|USD"
OTHER = "City 4|contract_value_executed|total|USD"
JOBS = "City 2|employees|total|persons"
CONTRACTS = "City 2|contract_value_executed|total|USD"
HORIZON, PATHS = 2018, 600
SINGLE = 2e-5  # single precision of ln(level)


def scenario(*, levers: tuple = (), assumptions: tuple = ()) -> Scenario:
    return Scenario(title="Test", horizon=HORIZON, levers=levers, assumptions=assumptions)


def growth(**changes: object) -> dict[str, object]:
    return {"growth": {"places": ["City 0"], "measure": "contract_value_executed", "years": [2014, 2016], "points": 5} | changes}


def compiled(small: Catalogue, belief: Belief, **terms: tuple) -> Compiled:
    return compile_scenario(scenario(**terms), small, belief)


def paths_of(made: Compiled, *series: str, paths: int = PATHS) -> dict[str, np.ndarray]:
    """ln(level over the last known one) of every path, (years, paths)."""
    plan = make_plan(made.belief, [], HORIZON, made.pushes, places=None, rates=made.rates, watched=series)
    return dict(simulate(plan, paths, 3).watched)


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


def test_an_exchange_rate_moves_a_target_in_yuan(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """A series in dollars against an aim in yuan: a dollar of fewer yuan is as if as much less were reached."""
    rates = small_catalogue.known_by(small_belief.vintage).exchange_rates
    last = rates[(rates["pair"] == "CNY/USD") & (rates["convention"] == "annual average")].iloc[-1]
    year, rate = int(last["year"]), float(last["rate"])
    dollars = conversion(rates, "USD", "CNY")
    assert dollars is not None
    path = {"exchange_rate": {"pair": "CNY/USD", "path": {year + 2: 0.81 * rate}, "volatility": 0}}
    made = compiled(small_catalogue, small_belief, assumptions=(path,))
    shifts = {(one.of, one.to): one for one in made.rates}["USD", "CNY"]
    assert shifts.log_path == pytest.approx({year + 1: log(0.9), year + 2: log(0.81)})
    level = small_belief.find(KEY).series.log_level[-1] + 1.0
    no_doubt = replace(dollars, convention_sd=0.0, yearly_sd=0.0)
    horizon = year + 4

    def odds(shift: float, rates: tuple) -> list[float]:
        events = [Event(str(due), KEY, due, level + shift, no_doubt) for due in range(year, horizon + 1)]
        outcomes = simulate(make_plan(small_belief, events, horizon, rates=rates), 500, 2)
        return [outcomes.odds(event.name).probability for event in events]

    moved = odds(0.0, made.rates)
    assert moved[0] == odds(0.0, ())[0]
    assert moved[1] == pytest.approx(odds(-log(0.9), ())[1], abs=1e-12)
    assert moved[2:] == pytest.approx(odds(-log(0.81), ())[2:], abs=1e-12)


def test_a_path_of_the_rate_moves_the_first_likely_year(small_catalogue: Catalogue) -> None:
    """Against 60 billion yuan, dollars that become half as many yuan are as far as the aim of 120 billion at the known rate."""
    name = "City 3-contract_value_executed-2016"
    known = small_catalogue.known_by("2013-12-31").exchange_rates  # when the aim was stated
    rates = known.query("pair == 'CNY/USD' and convention == 'annual average'")
    start, rate = int(rates["year"].max()), float(rates["rate"].iloc[-1])
    path = {"exchange_rate": {"pair": "CNY/USD", "path": {start + 1: rate / 2}}}
    lever = {"target": {"target": name, "value": 120e9}}
    halved, doubled = (
        {one.target: one for one in assess_targets(small_catalogue, paths=1000, scenario=one)}[name]
        for one in (scenario(assumptions=(path,)), scenario(levers=(lever,)))
    )
    assert halved.first_likely_year == doubled.first_likely_year
    assert halved.probability == pytest.approx(doubled.probability, abs=1e-9)
    assert halved.extra_growth_50 == pytest.approx(doubled.extra_growth_50, abs=0.1)


def test_a_distribution_of_the_rate_has_one_value_a_draw_and_reaches_its_year_in_equal_steps(
    small_catalogue: Catalogue, small_belief: Belief
) -> None:
    """Against the same path at its median each draw is off by ln of its rate over the median: by half of that the year before, by all after."""

    def deviations(rate: object, year: int) -> np.ndarray:
        """In 2016, for a rate stated two years after another one."""
        terms = [{"exchange_rate": {"pair": "CNY/USD", "path": {year - 2: 6.2, year: rate}}}]
        return question(small_catalogue, early(small_belief), MONEY, scenario_of(assumptions=terms)).rate_deviations(4_000, 1)

    off = deviations({"uniform": [5, 7]}, 2016) - deviations(6, 2016)
    by_draw = off.reshape(-1, 10)
    np.testing.assert_allclose(by_draw, by_draw[:, :1] + np.zeros(10), atol=1e-6)
    # The share of draws below a rate lies within 4.4 errors of that of the law: 1 in 100,000
    drawn = 6 * np.exp(by_draw[:, 0])
    assert drawn.min() >= 5 - 1e-4
    assert drawn.max() <= 7 + 1e-4
    assert abs((drawn < 5.5).mean() - 0.25) < 4.4 * np.sqrt(0.25 * 0.75 / len(drawn))
    for year, share in ((2018, 0.0), (2017, 0.5), (2015, 1.0)):
        moved = deviations({"uniform": [5, 7]}, year) - deviations(6, year)
        assert moved.any() == (share > 0)
        if share:
            others = 6 * np.exp(moved[::10] / share)  # another year is another draw
            assert abs((others < 5.5).mean() - 0.25) < 4.4 * np.sqrt(0.25 * 0.75 / len(others))


def test_a_drawn_volatility_and_a_narrow_path_are_those_of_the_numbers(small_catalogue: Catalogue, small_belief: Belief) -> None:
    narrow = {"uniform": [6 - 1e-9, 6 + 1e-9]}
    wide = {"discrete": [[0.02, 0.5], [0.1, 0.5]]}
    found = {}
    for name, rate, volatility in (
        ("number", 6, 0.06),
        ("narrow", narrow, 0.06),
        ("drawn", 6, wide),
        ("low", 6, 0.02),
        ("high", 6, 0.1),
    ):
        terms = [{"exchange_rate": {"pair": "CNY/USD", "path": {2014: rate}, "volatility": volatility}}]
        asked = question(small_catalogue, early(small_belief), MONEY, scenario_of(assumptions=terms))
        found[name] = asked.rate_deviations(2_000, 1)
    np.testing.assert_allclose(found["narrow"], found["number"], atol=1e-6)
    either = np.stack([found["low"], found["high"]]).reshape(2, -1, 10)
    by_draw = found["drawn"].reshape(-1, 10)
    is_high = np.isclose(by_draw, either[1], atol=1e-6).all(axis=1)
    assert np.isclose(by_draw, either[0], atol=1e-6).all(axis=1)[~is_high].all()
    assert abs(is_high.mean() - 0.5) < 4.4 * 0.5 / np.sqrt(len(is_high))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (
            [{"places": ["City 0", "City 1"], "coefficient": 0.5}, {"places": ["City 1", "City 2"], "coefficient": 0.6}],
            "correlation, places: City 1 found in two of them; allowed: one list for a place",
        ),
        (
            [{"coefficient": {"uniform": [0.2, 0.4]}}, {"places": ["City 1", "City 2"], "coefficient": 0.3}],
            "correlation of City 1, City 2: a coefficient of 0.3 found; allowed: at least 0.4, which holds for all places",
        ),
    ],
)
def test_correlations_that_do_not_go_together_are_refused(
    small_catalogue: Catalogue, small_belief: Belief, terms: list[dict], said: str
) -> None:
    with pytest.raises(InputFault, match=said):
        compiled(small_catalogue, small_belief, assumptions=tuple({"correlation": term} for term in terms))


def test_the_order_of_the_places_of_a_correlation_does_not_matter(small_catalogue: Catalogue, small_belief: Belief) -> None:
    one, other = (
        paths_of(
            compiled(small_catalogue, small_belief, assumptions=({"correlation": {"places": list(places), "coefficient": rho}},)),
            KEY,
        )
        for places, rho in ((("City 0", "City 4"), 0.6), (("City 4", "city 0"), 0.6))
    )
    assert one[KEY].tobytes() == other[KEY].tobytes()


def test_what_some_places_have_in_common_leaves_the_odds_of_each(small_catalogue: Catalogue) -> None:
    """Four errors."""
    terms = {"correlation": {"places": ["City 0", "City 2"], "coefficient": {"uniform": [0.8, 0.99]}}}
    before, after = (
        {one.target: one for one in assess_targets(small_catalogue, paths=20_000, scenario=some)}
        for some in (scenario(), scenario(assumptions=(terms,)))
    )
    for target, one in before.items():
        if one.probability is not None:
            error = np.hypot(one.probability_error, after[target].probability_error)
            assert after[target].probability == pytest.approx(one.probability, abs=4 * error)


def test_a_rate_that_was_known_is_kept(small_catalogue: Catalogue, small_belief: Belief) -> None:
    path = {"exchange_rate": {"pair": "CNY/USD", "path": {2010: 3.0}}}
    assert all(one.log_path == {} for one in compiled(small_catalogue, small_belief, assumptions=(path,)).rates)


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


def test_a_moved_target_is_measured_where_it_is(small_catalogue: Catalogue) -> None:
    name = "City 0-contract_value_executed-2015"
    lever = {"target": {"target": name, "value": 3e9, "due": 2016}}
    moved = {one.target: one for one in assess_targets(small_catalogue, paths=500, scenario=scenario(levers=(lever,)))}
    as_stated = {one.target: one for one in assess_targets(small_catalogue, paths=500)}
    assert (moved[name].value, moved[name].due) == (3e9, 2016)
    assert moved[name].required_growth == pytest.approx(100 * expm1(log1p(2.0) / 4), rel=1e-3)  # from 1e9 in 2012
    others = set(moved) - {name}
    assert [moved[other].probability for other in others] == [as_stated[other].probability for other in others]
    stated_so = replace(
        small_catalogue,
        targets=small_catalogue.targets.assign(
            value=np.where(small_catalogue.targets["target"] == name, 3e9, small_catalogue.targets["value"]),
            due=np.where(small_catalogue.targets["target"] == name, 2016, small_catalogue.targets["due"]),
        ),
    )
    again = {one.target: one for one in assess_targets(stated_so, paths=500)}
    assert moved[name].probability == again[name].probability
    assert moved[name].extra_growth_50 == again[name].extra_growth_50


def aimed(name: str, value: object, **more: object) -> dict[str, object]:
    return {"target": {"target": name, "value": value, **more}}


def shares_by_draw(catalogue: Catalogue, belief: Belief, name: str, value: object) -> np.ndarray:
    """Counted odds of a moved target by draw of the parameters."""
    asked = question(catalogue, belief, name, scenario_of([aimed(name, value)]))
    return simulate(replace(asked.plan(), conditional=False), 4000, 1, keep_shares=True).shares[0]


@pytest.mark.parametrize(("name", "values"), [(CITY, (1.9e9, 2.4e9)), (MONEY, (4.5e10, 5.5e10))])
def test_each_draw_has_its_own_value_of_a_drawn_target(
    small_catalogue: Catalogue, small_belief: Belief, name: str, values: tuple[float, float]
) -> None:
    """Drawn as one of two values, every draw has the odds of one of both; the share of each within 4.4 errors of its chance."""
    low, high = values
    belief = early(small_belief)
    drawn = shares_by_draw(small_catalogue, belief, name, {"discrete": [[low, 0.3], [high, 0.7]]})
    at_low, at_high = (shares_by_draw(small_catalogue, belief, name, value) for value in values)
    assert ((drawn == at_low) | (drawn == at_high)).all()
    tells = at_low != at_high
    assert tells.sum() > 50
    is_low = drawn[tells] == at_low[tells]
    assert abs(is_low.mean() - 0.3) < 4.4 * np.sqrt(0.3 * 0.7 / tells.sum())


@pytest.mark.parametrize("value", [{"uniform": [1.5e9, 3e9]}, {"lognormal": [2.2e9, 0.3]}])
def test_what_is_said_of_a_drawn_target_agrees_with_its_odds(small_catalogue: Catalogue, value: dict) -> None:
    """Extra growth lifts the odds to what it promises, four Monte Carlo errors allowed; the first likely year is the first with even odds."""

    def assessed(extra: float = 0.0, **more: object) -> TargetAssessment:
        moved = scenario(levers=(aimed(CITY, value, **more),))
        found = assess_targets(small_catalogue, paths=20_000, known_by="latest", scenario=moved, extra_growth=extra)
        return next(one for one in found if one.target == CITY)

    one = assessed()
    plain = {one.target: one for one in assess_targets(small_catalogue, paths=20_000, known_by="latest")}[CITY]
    assert one.value == pytest.approx(2.25e9 if "uniform" in value else 2.2e9)
    assert (one.q10, one.median, one.q90) == (plain.q10, plain.median, plain.q90)
    for wanted, extra in ((0.5, one.extra_growth_50), (0.8, one.extra_growth_80)):
        lifted = assessed(extra)
        assert abs(lifted.probability - wanted) < 4 * lifted.probability_error + 1e-3  # 1e-3 for the width of a bin
    by_year = {year: assessed(due=year).probability for year in range(2013, 2021)}
    assert one.first_likely_year == min(year for year, odds in by_year.items() if odds >= 0.5)
    assert one.extra_growth_50 <= one.extra_growth_80


def test_a_drawn_rate_counts_in_the_first_likely_year_as_in_the_odds(small_catalogue: Catalogue) -> None:
    """At six yuan or three for a dollar, each as likely, no median rate says when even odds are reached."""
    path = {"exchange_rate": {"pair": "CNY/USD", "path": {2013: {"discrete": [[3, 0.45], [6, 0.55]]}}}}

    def assessed(due: int) -> TargetAssessment:
        moved = scenario(levers=({"target": {"target": MONEY, "due": due}},), assumptions=(path,))
        return next(one for one in assess_targets(small_catalogue, paths=4000, scenario=moved) if one.target == MONEY)

    by_year = {year: assessed(year).probability for year in range(2013, 2021)}
    likely = [year for year, odds in by_year.items() if odds >= 0.5]
    assert assessed(2016).first_likely_year == (likely[0] if likely else None)


def test_a_value_of_nothing_is_no_aim(small_catalogue: Catalogue) -> None:
    found = assess_targets(small_catalogue, paths=10, scenario=scenario(levers=(aimed(CITY, 0),)))
    (one,) = [one for one in found if one.target == CITY]
    assert (one.status, one.reason) == ("no_baseline", "a value of 0 cannot be aimed at")


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
