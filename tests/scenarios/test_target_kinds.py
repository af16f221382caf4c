"""Every kind of target and wording, held against what follows from hand or from a closed form."""

import json
from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from data import Catalogue, Target
from forecast.belief import believe
from forecast.episodes import CLASSES, STORED
from forecast.prediction import predict
from scenarios import Scenario, TargetAssessment, assess_targets
from scenarios.aims import ends_of, middle_of
from tests.made_up import aim, catalogue_of, level

MEASURE, PEOPLE = "contract_value_executed", "employees"
KEY = f"City 0|{MEASURE}|total|USD"


@pytest.fixture(autouse=True)
def without_source_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What dropping a source changes is tested in test_source_changes.py and takes long here."""
    monkeypatch.setattr("scenarios.targets.source_changes", lambda *_arguments: {})


def world(*targets: Target) -> Catalogue:
    """Ten cities with two years each, of which the first has an offshore part and is the third largest."""
    facts = []
    for number in range(10):
        last = (4.0 + (-1) ** number * 0.4 * number) * 1e9
        facts += [
            level(f"City {number}", MEASURE, 2012, last),
            level(f"City {number}", MEASURE, 2011, last / (1.2 + 0.02 * number)),
        ]
    facts += [level("City 0", MEASURE, year, value, scope="offshore") for year, value in ((2011, 1.5e9), (2012, 2e9))]
    facts += [level("City 0", PEOPLE, year, value, "persons") for year, value in ((2011, 80_000), (2012, 90_000))]
    return catalogue_of(facts, list(targets))


def of_city(value: float, unit: str = "USD", **more: object) -> Target:
    return aim("City 0", MEASURE, 2015, value, unit, **{"assessed_by": KEY, **more})


def assessed(*targets: Target, **more: object) -> list[TargetAssessment]:
    named = [replace(target, target=f"target {number}") for number, target in enumerate(targets)]
    found = {one.target: one for one in assess_targets(world(*named), known_by="latest", **{"paths": 4000, **more})}  # type: ignore[arg-type]
    return [found[target.target] for target in named]


def test_the_ends_of_what_a_wording_may_mean() -> None:
    values = {
        wording: [end.value for end in ends_of(of_city(1000.0, wording=wording))]
        for wording in ("exact", "over", "at_least", "about", "nearly")
    }
    assert values == {"exact": [], "over": [], "at_least": [], "about": [800, 1200], "nearly": [800, 1000]}
    span = of_city(150.0, wording="range", value_high=200.0)
    assert [end.value for end in ends_of(span)] == [150, 200]
    assert middle_of(span).value == pytest.approx(sqrt(150 * 200))
    assert middle_of(of_city(1000.0, wording="about")).value == 1000


def test_a_range_has_the_odds_of_both_ends_and_its_middle() -> None:
    low, middle, high, span = assessed(
        of_city(5e9), of_city(sqrt(30) * 1e9), of_city(6e9), of_city(5e9, wording="range", value_high=6e9)
    )
    assert (span.probability_lower_value, span.probability_upper_value) == (low.probability, high.probability)
    assert span.probability == middle.probability
    assert span.required_growth == middle.required_growth
    assert (span.value, span.value_high) == (5e9, 6e9)
    assert low.probability_lower_value is None


def test_a_share_is_that_of_a_scope_in_the_total() -> None:
    key = f"City 0|{MEASURE}|offshore|USD"
    (one,) = assessed(of_city(50.0, "percent", kind="share", scope="offshore", assessed_by=key), paths=20_000)
    assert one.status == "assessed"
    assert one.reason == f"read as the share in the total of {MEASURE}"
    # Half of the total in 2012: the part has grown by a third, the whole by a fifth, so that more is likelier than not by 2015.
    assert 0.5 < one.probability < 0.95
    assert one.q10 < 50 < one.median < one.q90
    assert one.required_growth is None


def test_a_sum_needs_the_constant_growth_that_fills_it() -> None:
    (whole,) = assessed(of_city(12e9, kind="cumulative", base_period="2013"))
    assert whole.reason == "read as the sum of 2013 to 2015"
    # 4 (f + f^2 + f^3) = 12: no growth at all
    assert whole.required_growth == pytest.approx(0.0, abs=0.01)
    assert whole.median > 12e9
    assert whole.probability > 0.5
    assert 0 < whole.expected_shortfall < 100


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "first year of the sum is not named"),
        ({"base_period": "2009"}, "2009, 2010 is not known"),
        ({"base_period": "2016"}, "would begin in 2016"),
        (
            {"measure": PEOPLE, "unit": "persons", "base_period": "2013", "assessed_by": f"City 0|{PEOPLE}|total|persons"},
            "is a stock",
        ),
    ],
)
def test_a_sum_that_cannot_be_told_is_not_guessed_at(more: dict[str, object], why: str) -> None:
    (one,) = assessed(replace(of_city(12e9, kind="cumulative"), **more), paths=100)
    assert one.status == "no_baseline"
    assert why in one.reason


def test_a_sum_that_known_years_fill_is_passed() -> None:
    (one,) = assessed(of_city(7e9, kind="cumulative", base_period="2011"), paths=100)
    assert one.status == "withheld"
    assert "already passed" in one.reason


def test_a_better_rank_is_never_likelier_and_the_last_is_sure() -> None:
    ranks = assessed(*(of_city(float(place), "count", kind="rank") for place in (1, 3, 6, 9)))
    odds = [one.probability for one in ranks]
    assert all(one.status == "assessed" for one in ranks)
    assert odds == sorted(odds)
    assert "among the 10 places" in ranks[0].reason
    assert 1 <= ranks[0].q10 <= ranks[0].median <= ranks[0].q90 <= 10
    assert ranks[0].extra_growth_50 > ranks[1].extra_growth_50
    beyond, broken = assessed(of_city(10.0, "count", kind="rank"), of_city(2.5, "count", kind="rank"))
    assert "too few to rank" in beyond.reason
    assert "cannot be aimed at" in broken.reason


def test_extra_growth_of_a_sum_gives_the_odds_it_promises() -> None:
    target = of_city(25e9, kind="cumulative", base_period="2013")
    (base,) = assessed(target)
    assert base.extra_growth_50 > 0
    (again,) = assessed(target, extra_growth=base.extra_growth_50)
    # The same paths, counted: to the float32 in which paths are kept, which may move a few of them across.
    assert again.probability == pytest.approx(0.5, abs=2e-3)


OFFSHORE = f"City 0|{MEASURE}|offshore|USD"
DRAWN = {
    "level": (of_city(5e9), (4.6e9, 5.6e9)),
    "yuan": (of_city(3e10, "CNY"), (2.9e10, 3.3e10)),
    "average growth": (of_city(15.0, "percent", kind="average_growth", base_period="2012"), (10.0, 25.0)),
    "multiple": (of_city(1.5, "ratio", kind="multiple", base_period="2012"), (1.2, 1.7)),
    "sum": (of_city(15e9, kind="cumulative", base_period="2013"), (13e9, 17e9)),
    "sum in yuan": (of_city(9e10, "CNY", kind="cumulative", base_period="2013"), (8e10, 10e10)),
    "share": (of_city(50.0, "percent", kind="share", scope="offshore", assessed_by=OFFSHORE), (45.0, 60.0)),
    "rank": (of_city(4.0, "count", kind="rank"), (3.0, 5.0)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawn_value_has_the_mean_of_the_odds_of_its_values(name: str) -> None:
    """Within 4.4 errors of three odds and of the share of draws with each value: a false alarm in one of some 10,000 seeds of these eight."""
    target, values = DRAWN[name]

    def odds(value: object) -> TargetAssessment:
        lever = {"target": {"target": "target 0", "value": value}}
        return assessed(target, scenario=Scenario(title="Moved", levers=(lever,)))[0]

    both, low, high = (odds(value) for value in ({"discrete": [[values[0], 0.4], [values[1], 0.6]]}, *values))
    assert (low.probability > high.probability) == (name != "rank")
    wanted = 0.4 * low.probability + 0.6 * high.probability
    share_error = sqrt(0.4 * 0.6 / 400) * (high.probability - low.probability)
    errors = [both.probability_error, 0.4 * low.probability_error, 0.6 * high.probability_error, share_error]
    assert abs(both.probability - wanted) < 4.4 * float(np.linalg.norm(errors))
    if both.readings:
        for reading, at_low, at_high in zip(both.readings, low.readings, high.readings, strict=True):
            assert at_high["probability"] < reading["probability"] < at_low["probability"]


def test_a_rank_that_is_no_whole_number_in_some_draw_is_refused() -> None:
    lever = {"target": {"target": "target 0", "value": {"uniform": [1, 5]}}}
    (one,) = assessed(of_city(3.0, "count", kind="rank"), scenario=Scenario(title="Moved", levers=(lever,)))
    assert one.status == "no_baseline"
    assert "cannot be aimed at" in one.reason


def test_a_sum_in_another_currency_has_the_doubt_of_the_rate_and_takes_its_path() -> None:
    """A rate in doubt widens what a sum may come to; at half as many yuan for a dollar in all its years it comes to half."""

    catalogue = world(replace(of_city(9e10, "CNY", kind="cumulative", base_period="2013"), due=2015.0))
    rates = catalogue.known_by("2013-12-31").exchange_rates.query("pair == 'CNY/USD' and convention == 'annual average'")
    last, year = float(rates["rate"].iloc[-1]), int(rates["year"].max())

    def told(**rate: object) -> TargetAssessment:
        term = {"exchange_rate": {"pair": "CNY/USD", **rate}}
        (one,) = assess_targets(catalogue, paths=4000, scenario=Scenario(title="Rate", assumptions=(term,)))
        return one

    calm, wild, halved = told(volatility=0), told(volatility=0.3), told(volatility=0, path={year + 1: last / 2})
    assert wild.q90 / wild.q10 > 1.1 * calm.q90 / calm.q10
    assert halved.median == pytest.approx(calm.median / 2, rel=1e-5)


def test_growth_has_three_readings_of_which_every_year_is_the_hardest() -> None:
    (one,) = assessed(of_city(15.0, "percent", kind="average_growth", base_period="2012"), paths=20_000)
    odds = {reading["reading"]: reading["probability"] for reading in one.readings}
    assert list(odds) == ["average over the span", "every year", "the last year"]
    assert odds["average over the span"] == one.probability
    assert odds["every year"] < min(odds["average over the span"], odds["the last year"])
    assert one.reason == "read as the average of 2012 to 2015"


def test_the_expected_shortfall_agrees_with_the_closed_form(monkeypatch: pytest.MonkeyPatch) -> None:
    from forecast.priors import PRIORS

    normal = {name: replace(prior, tail=float("inf")) for name, prior in PRIORS.items()}
    monkeypatch.setattr("forecast.belief.PRIORS", normal)
    (one,) = assessed(of_city(6e9), paths=200_000)
    belief = believe(world(), "9999-12-31")
    prediction = predict(belief, belief.find(KEY), 2015)
    mean, sd, aimed = prediction.mean[:, -1], np.sqrt(prediction.variance[:, -1]), log(6e9)
    below = norm.cdf((aimed - mean) / sd)
    # E[exp(x); x < t] = exp(mean + variance / 2) Phi((t - mean - variance) / sd), node by node
    partial = np.exp(mean + sd**2 / 2) * norm.cdf((aimed - mean - sd**2) / sd)
    weights = prediction.weights
    expected = 100 * (1 - (weights @ partial) / (weights @ below) / 6e9)
    # Some 100,000 futures miss, the sd of their shortfall is below 20, draws share parameters: an error of about .1; four of them.
    assert one.expected_shortfall == pytest.approx(expected, abs=0.5)


def test_the_record_says_how_many_grew_as_fast() -> None:
    (one,) = assessed(replace(of_city(4e9 * 1.29), due=2013.0))
    # Growths of 2012 are 20, 22, ... 38 %, that of the offshore part a third: five towns and the part are above 29 %.
    assert (one.episodes_as_fast, one.episodes) == (6, 11)
    (far,) = assessed(of_city(6e9))
    assert (far.episodes_as_fast, far.episodes) == (None, None)
    assert (far.elsewhere_as_fast, far.elsewhere) == counted_elsewhere("contracts", 3, far.required_growth)


def counted_elsewhere(family: str, years: int, growth: float) -> tuple[int, int]:
    """Read the reference class as its file has it."""
    one = json.loads(STORED.read_text(encoding="utf-8"))["counts"][CLASSES[family]][str(years)]
    return sum(number for low, number in zip(one["percent"], one["number"], strict=True) if low >= round(growth)), one["episodes"]


def test_an_aim_just_above_the_level_is_assessed_and_a_higher_one_never_likelier() -> None:
    found = assessed(*(of_city(4e9 * factor) for factor in (1.0001, 1.1, 1.5, 2.0, 2.9)))
    odds = [one.probability for one in found]
    assert found[0].status == "assessed"
    assert odds == sorted(odds, reverse=True)
    assert found[0].required_growth == pytest.approx(0.0, abs=0.01)
    assert found[0].extra_growth_50 == 0
