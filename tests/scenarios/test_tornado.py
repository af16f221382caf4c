"""The tornado: closed forms for what is learned and what is to come, zero for what does not matter, and the odds of other commands."""

from dataclasses import asdict, replace
from math import inf, sqrt
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from data import Catalogue
from forecast import predict
from forecast.belief import Belief
from scenarios import assess_targets, compare
from scenarios.question import Question
from scenarios.tornado import Swing, tornado
from tests.made_up import aim
from tests.scenarios.questions import BASELINE, CITY, JOBS, MONEY, early, growth_lever, question, scenario_of

Z = float(ndtri(0.9))


def by_thing(swings: list[Swing]) -> dict[str, Swing]:
    return {one.thing: one for one in swings}


@pytest.fixture(scope="module")
def normal_belief(small_belief: Belief) -> Belief:
    """Without heavy tails, so that closed forms hold for sums of own shocks too."""
    families = {name: replace(one, tail=inf) for name, one in small_belief.families.items()}
    return replace(small_belief, families=MappingProxyType(families))


@pytest.fixture(scope="module")
def of_city(small_catalogue: Catalogue, normal_belief: Belief) -> tuple[Question, dict[str, Swing]]:
    asked = question(small_catalogue, normal_belief)
    return asked, by_thing(tornado(asked))


def test_every_uncertain_thing_of_the_baseline_is_there_the_widest_first(small_catalogue: Catalogue, normal_belief: Belief) -> None:
    swings = tornado(question(small_catalogue, normal_belief, MONEY, paths=1000))
    widths = [abs(one.swing) for one in swings]
    assert widths == sorted(widths, reverse=True)
    assert {one.thing for one in swings} >= {
        "long-run growth of the contracts family", "boom of the contracts family in 2012", "lasting lead of City 3 over its family",
        "passing lead of City 3 in 2012", "underlying level of 2012", "share of a boom of the contracts family left after a year",
        "shocks to the contracts family up to 2016", "own shocks to City 3 up to 2016", "what passes of the figure of 2016", "exchange rate of 2016",
    }  # fmt: skip
    for one in swings:
        assert one.low < one.high
        assert one.swing == pytest.approx(one.probability_at_high - one.probability_at_low)


def test_odds_with_what_is_learned_are_those_of_the_closed_form(of_city: tuple[Question, dict[str, Swing]]) -> None:
    """Ten odds within 4.5 Monte Carlo errors: a false alarm in one of some 15,000 seeds."""
    asked, swings = of_city
    one, belief = asked.one, asked.compiled.belief
    level = asked.aim.log_level
    prediction = predict(belief, one, 2015)
    family = belief.families["contracts"]
    boom = swings["boom of the contracts family in 2012"]
    # Written out anew for F in 2012: at a node all is normal, and the nodes are weighed by how likely they thought it.
    width = family.common_mean.shape[1]
    horizon = np.arange(1, 4)
    reach = (family.fade ** horizon[:, None]).sum(axis=0)
    fading = (family.persistence ** horizon[:, None]).sum(axis=0)
    own = np.stack([np.ones_like(fading), np.full_like(fading, 3), fading], axis=1)
    loading = np.einsum("ki,kid->kd", own, one.slope) + 3 * np.eye(width)[0] + reach[:, None] * np.eye(width)[-1]
    covariance = np.einsum("kd,kd->k", loading, family.common_covariance[:, :, -1])
    its_mean, its_variance = family.common_mean[:, -1], family.common_covariance[:, -1, -1]
    for point, found, error in (
        (boom.low, boom.probability_at_low, boom.error_at_low),
        (boom.high, boom.probability_at_high, boom.error_at_high),
    ):
        value = np.log1p(point / 100)
        mean = prediction.mean[:, -1] + covariance / its_variance * (value - its_mean)
        sd = np.sqrt(prediction.variance[:, -1] - covariance**2 / its_variance)
        weights = family.weights * np.exp(-0.5 * (value - its_mean) ** 2 / its_variance) / np.sqrt(its_variance)
        wanted = weights / weights.sum() @ ndtr((mean - level) / sd)
        assert abs(found - wanted) < 4.5 * error
    fade = swings["share of a boom of the contracts family left after a year"]
    for point, found, error in (
        (fade.low, fade.probability_at_low, fade.error_at_low),
        (fade.high, fade.probability_at_high, fade.error_at_high),
    ):
        weights = np.where(family.fade == point, family.weights, 0)
        wanted = replace(prediction, weights=weights / weights.sum()).probability_at_least(level, 2015)
        assert abs(found - wanted) < 4.5 * error
    # What is to come hangs together with nothing: its variance goes, its point is added.
    shocks = family.common_shock**2 * (np.cumsum(family.fade ** np.arange(3)[:, None], axis=0) ** 2).sum(axis=0)
    own_shocks = one.own_shock**2 * (np.cumsum(family.persistence ** np.arange(3)[:, None], axis=0) ** 2).sum(axis=0)
    things = {
        "shocks to the contracts family up to 2015": shocks,
        "own shocks to City 0 up to 2015": own_shocks,
        "what passes of the figure of 2015": one.level_noise**2,
    }
    for thing, variance in things.items():
        swing = swings[thing]
        for end, found, error in (
            (-Z, swing.probability_at_low, swing.error_at_low),
            (Z, swing.probability_at_high, swing.error_at_high),
        ):
            mean = prediction.mean[:, -1] + end * np.sqrt(variance)
            wanted = family.weights @ ndtr((mean - level) / np.sqrt(prediction.variance[:, -1] - variance))
            # The points of own shocks are found by simulation: .002 for that.
            assert abs(found - wanted) < 4.5 * error + 0.002 * (thing.startswith("own"))


def test_the_points_of_heavy_tailed_shocks_are_those_of_the_sum(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """A t with 3 degrees of freedom and unit variance has its 90 % point nearer to the middle than the normal law."""
    light, heavy = (
        by_thing(tornado(question(small_catalogue, belief, paths=1000)))["own shocks to City 0 up to 2015"]
        for belief in (
            replace(
                small_belief,
                families=MappingProxyType({name: replace(one, tail=tail) for name, one in small_belief.families.items()}),
            )
            for tail in (inf, 3.0)
        )
    )
    assert heavy.high < light.high
    assert heavy.low > light.low


def test_the_exchange_rate_at_its_points_has_the_closed_form(small_catalogue: Catalogue, normal_belief: Belief) -> None:
    asked = question(small_catalogue, normal_belief, MONEY)
    swing = by_thing(tornado(asked))["exchange rate of 2016"]
    rate = asked.aim.conversion
    spread = sqrt(rate.convention_sd**2 + (2016 - rate.rate_year) * rate.yearly_sd**2)
    assert np.log(swing.high / swing.low) == pytest.approx(2 * Z * spread)
    prediction = predict(normal_belief, asked.one, 2016)
    for end, found, error in (
        (-Z, swing.probability_at_low, swing.error_at_low),
        (Z, swing.probability_at_high, swing.error_at_high),
    ):
        assert abs(found - prediction.probability_at_least(asked.aim.log_level - end * spread, 2016)) < 4.5 * error


def test_a_lever_on_another_place_and_a_neutral_one_swing_nothing(small_catalogue: Catalogue, small_belief: Belief) -> None:
    levers = [growth_lever({"uniform": [1, 9]}, "City 4"), growth_lever(5, "City 5")]
    asked = question(small_catalogue, small_belief, scenario=scenario_of(levers), paths=1000)
    swings = [one for one in tornado(asked) if one.kind == "lever"]
    assert len(swings) == 2
    assert {(one.swing, one.swing_error) for one in swings} == {(0.0, 0.0)}


def test_a_fixed_lever_swings_what_comparison_says(small_catalogue: Catalogue, small_belief: Belief) -> None:
    scenario = scenario_of([growth_lever(4)], [{"common_shock": {"year": 2014, "percent": -10}}])
    swings = by_thing(tornado(question(small_catalogue, small_belief, scenario=scenario, paths=2000)))
    lever = swings["growth of City 0, contract_value_executed, 2013-2015"]
    assert (lever.low, lever.high, lever.unit) == (None, None, "")
    without = scenario.model_copy(update={"levers": ()})
    catalogue = small_catalogue
    (before,), (after,) = (
        [one for one in assess_targets(catalogue, known_by="latest", paths=2000, scenario=some) if one.target == CITY]
        for some in (without, scenario)
    )
    assert (lever.probability_at_low, lever.probability_at_high) == pytest.approx(
        (before.probability, after.probability), rel=1e-12
    )
    alone = scenario.model_copy(update={"assumptions": ()})
    (one,) = [one for one in compare(catalogue, [BASELINE, alone], known_by="latest", paths=2000) if one.target == CITY][1:]
    swing = by_thing(tornado(question(catalogue, small_belief, scenario=alone, paths=2000)))[lever.thing]
    assert swing.swing == pytest.approx(one.difference)
    assert swing.swing_error == pytest.approx(one.difference_error)


def test_a_distribution_is_held_at_its_points(small_catalogue: Catalogue, small_belief: Belief) -> None:
    terms = [growth_lever({"uniform": [0, 10]})], [{"long_run_growth": {"families": ["contracts"], "points": {"normal": [0, 1]}}}]
    swings = by_thing(tornado(question(small_catalogue, small_belief, scenario=scenario_of(*terms), paths=2000)))
    lever = swings["growth of City 0, contract_value_executed, 2013-2015: points"]
    assert (lever.low, lever.high) == pytest.approx((1.0, 9.0))
    assert lever.unit == "percentage points a year"
    fixed = scenario_of([growth_lever(9.0)], terms[1])
    (one,) = [one for one in assess_targets(small_catalogue, known_by="latest", paths=2000, scenario=fixed) if one.target == CITY]
    assert lever.probability_at_high == pytest.approx(one.probability, rel=1e-12)
    assumed = swings["long_run_growth of contracts: points"]
    assert (assumed.kind, assumed.high) == ("assumption", pytest.approx(1.28, abs=0.01))


def test_distributions_of_rates_breaks_and_correlation_are_held_at_their_points(
    small_catalogue: Catalogue, small_belief: Belief
) -> None:
    def terms(rate: object, chance: object) -> list[dict]:
        return [
            {"exchange_rate": {"pair": "CNY/USD", "path": {2014: rate}, "volatility": 0.02}},
            {"breaks": {"probability": chance, "factor": 3}},
            {"correlation": {"places": ["City 3", "City 4"], "coefficient": {"uniform": [0.2, 0.9]}}},
        ]

    uniform = {"uniform": [5, 7]}, {"uniform": [0, 0.4]}
    asked = question(small_catalogue, early(small_belief), MONEY, scenario_of(assumptions=terms(*uniform)), paths=2000)
    swings = by_thing(tornado(asked))
    path = swings["exchange_rate of CNY/USD: path, 2014"]
    assert (path.low, path.high) == pytest.approx((5.2, 6.8))
    assert path.unit == "units of the first currency for one of the second"
    at_high = question(small_catalogue, early(small_belief), MONEY, scenario_of(assumptions=terms(6.8, uniform[1])), paths=2000)
    assert path.probability_at_high == pytest.approx(at_high.shares().mean(), rel=1e-12)
    breaks = swings["breaks: probability"]
    assert (breaks.low, breaks.high) == pytest.approx((0.04, 0.36))
    assert "correlation of City 3, City 4: coefficient" in swings
    assert not any(thing.startswith("own shocks") for thing in swings)  # a place that may start anew has no sum of them
    # The rate of the due year has the doubt of both: it spreads at least as wide as that which is drawn
    rate = swings["exchange rate of 2016"]
    assert rate.low < 5.25
    assert rate.high > 6.75


def test_drawn_tails_and_a_drawn_target_are_held_at_their_points(small_catalogue: Catalogue, small_belief: Belief) -> None:
    def terms(value: object, freedom: object) -> tuple[list[dict], list[dict]]:
        return [{"target": {"target": CITY, "value": value}}], [{"tails": {"freedom": freedom}}]

    uniform = {"uniform": [2e9, 2.5e9]}, {"uniform": [3, 13]}
    swings = by_thing(tornado(question(small_catalogue, small_belief, scenario=scenario_of(*terms(*uniform)), paths=2000)))
    target, tails = swings[f"target of {CITY}: value"], swings["tails: freedom"]
    assert (target.low, target.high, target.unit) == (pytest.approx(2.05e9), pytest.approx(2.45e9), "USD")
    assert (tails.low, tails.high) == pytest.approx((4.0, 12.0))
    fixed = question(small_catalogue, small_belief, scenario=scenario_of(*terms(2.45e9, uniform[1])), paths=2000)
    assert target.probability_at_high == pytest.approx(fixed.shares().mean(), rel=1e-12)
    assert target.probability_at_high < target.probability_at_low - 5 * target.swing_error
    # The own shocks of all draws together reach as far as those of a law between the ends
    own = [
        by_thing(tornado(question(small_catalogue, small_belief, scenario=scenario_of(*terms(2.2e9, freedom)), paths=1000)))
        for freedom in (3, uniform[1], 13)
    ]
    heavy, mixed, light = (one["own shocks to City 0 up to 2015"].high for one in own)
    assert heavy < mixed < light


def test_where_levels_are_gained_shocks_to_come_are_not_held_apart(small_catalogue: Catalogue, small_belief: Belief) -> None:
    lever = {"programme": {"places": ["City 2"], "measure": "employees", "years": [2013, 2015], "level": 9000}}
    asked = question(small_catalogue, small_belief, JOBS, scenario_of([lever]), paths=1000)
    assert not asked.is_straight
    assert {one.kind for one in tornado(asked)} == {"belief", "lever"}


def test_a_target_that_has_no_odds_without_a_lever_leaves_that_out(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """Of a target that is passed already and moved up there is nothing to compare with."""
    easy = replace(aim("City 0", "contract_value_executed", 2015, 0.2e9), target="easy")
    catalogue = replace(small_catalogue, targets=pd.DataFrame([asdict(easy)]))
    scenario = scenario_of([{"target": {"target": "easy", "value": 2.0e9}}])
    swings = tornado(question(catalogue, small_belief, "easy", scenario, paths=1000))
    assert {one.kind for one in swings} == {"belief", "coming"}


def test_the_same_seed_gives_the_same_for_any_number_of_threads(small_catalogue: Catalogue, small_belief: Belief) -> None:
    asked = question(small_catalogue, small_belief, paths=3000)
    assert tornado(asked) == tornado(replace(asked, threads=3))
    assert tornado(asked) != tornado(replace(asked, seed=2))
