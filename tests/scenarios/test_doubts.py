"""Exchange rates, correlations and moved targets that are assumed or drawn: their effect on odds, years and growth needed."""

from dataclasses import replace
from math import expm1, log, log1p

import numpy as np
import pytest

from data import Catalogue, InputFault
from forecast.belief import Belief
from forecast.currency import conversion
from scenarios import TargetAssessment, assess_targets
from scenarios.plan import Event, make_plan
from scenarios.simulation import simulate
from tests.scenarios.compiled_terms import KEY, compiled, paths_of, scenario
from tests.scenarios.questions import CITY, MONEY, early, question, scenario_of


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
