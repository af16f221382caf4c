"""The stated targets: hand calculations, laws, vintages, and what is withheld."""

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest

from data import Catalogue, InputFault
from forecast.belief import Belief, believe
from forecast.prediction import predict
from scenarios import TargetAssessment, assess_targets
from tests.conftest import VINTAGE_2013
from tests.made_up import aim, catalogue_of, level, stated

Assessed = dict[str, TargetAssessment]


@pytest.fixture(scope="module")
def assessed(catalogue: Catalogue) -> Assessed:
    return {one.target: one for one in assess_targets(catalogue)}


def test_suzhou_signed_2011_from_its_growth(belief_2013: Belief, assessed: Assessed) -> None:
    series = belief_2013.find("Suzhou|contract_value_signed|total|USD").series
    # "USD 5.6 billion, an increase of 56.8 percent": 5.6 / 1.568 = 3.571
    assert series.level(2012) == pytest.approx(5.6e9, rel=0.002)
    assert series.level(2011) == pytest.approx(3.571e9, rel=0.002)
    # 15 / 5.6 = 2.6786 in three years: the cube root is 1.3888
    target = assessed["suzhou-contract_value_signed-total-2015"]
    assert target.required_growth == pytest.approx(38.88, abs=0.1)
    assert target.observed_growth == pytest.approx(56.8, abs=0.1)


def test_wuxi_executed_2011_from_its_growth(belief_2013: Belief) -> None:
    # 6.44 / 1.435 = 4.488
    assert belief_2013.find("Wuxi|contract_value_executed|total|USD").series.level(2011) == pytest.approx(4.488e9, rel=0.002)


def test_nanjing_growth_of_2012_against_its_target_of_40_percent(assessed: Assessed) -> None:
    target = assessed["nanjing-contract_value_executed-total-2015-average_growth"]
    assert (target.status, target.match, target.value) == ("assessed", "exact", 40)
    assert target.observed_growth == pytest.approx(49.9, abs=0.1)
    # The first year known within the plan is 2011. Four years at 40 % make 1.4**4 = 3.8416; 2012 made 1.499 of it;
    # 3.8416 / 1.499 = 2.5628 is left for three years: 36.84 % a year.
    assert target.required_growth == pytest.approx(36.84, abs=0.1)


@pytest.mark.parametrize(
    ("measure", "aimed", "known", "needed"), [("signed", 20e9, 11.46e9, 20.4), ("executed", 14e9, 8.46e9, 18.3)]
)
def test_ningbo_in_renminbi_like_its_series(assessed: Assessed, measure: str, aimed: float, known: float, needed: float) -> None:
    target = assessed[f"ningbo-contract_value_{measure}-total-2015"]
    assert target.unit == "CNY"
    assert target.assessed_by == f"Ningbo|contract_value_{measure}|total|CNY"
    # no exchange rate is involved: (20 / 11.46) ** (1/3) = 1.2040, (14 / 8.46) ** (1/3) = 1.1828
    assert 100 * ((aimed / known) ** (1 / 3) - 1) == pytest.approx(needed, abs=0.05)
    assert target.required_growth == pytest.approx(needed, abs=0.1)


def test_shenzhen_offshore_is_counted_from_2011(assessed: Assessed) -> None:
    target = assessed["shenzhen-contract_value_executed-offshore-2015"]
    # (3.5 / 1.34) ** (1/4) = 1.2713
    assert target.required_growth == pytest.approx(27.1, abs=0.15)
    assert target.observed_growth == pytest.approx(18.71, abs=0.1)


def test_hangzhou_offshore_by_2020_stands_on_the_vintage_of_its_own_document(assessed: Assessed) -> None:
    target = assessed["hangzhou-contract_value_signed-offshore-2020"]
    # the last known year is 2012: (8.4 / 3.49) ** (1/8) = 1.1160
    assert target.required_growth == pytest.approx(11.6, abs=0.1)
    assert (target.vintage, target.stale) == ("2017-12-31", True)


def test_dalian_in_renminbi_against_a_series_in_dollars(assessed: Assessed) -> None:
    target = assessed["dalian-software_outsourcing_revenue-total-2015"]
    assert target.assessed_by == "Dalian|software_outsourcing_revenue|total|USD"
    # CNY 300 billion at 6.3124, the average of 2012, are USD 47.5 billion; (47.5 / 8.65) ** (1/5) = 1.406
    assert target.required_growth == pytest.approx(40.6, abs=0.5)
    assert target.q10 < target.median < target.q90
    assert target.median == pytest.approx(300e9, rel=0.5)  # in the target's own unit


def test_every_stated_target_is_listed_with_its_place_in_the_documents(assessed: Assessed) -> None:
    assert 115 <= len(assessed) <= 120
    assert sum(one.assessed_by is not None for one in assessed.values()) >= 30
    assert all(one.source and one.line for one in assessed.values())


def test_whatever_has_no_odds_has_a_reason(assessed: Assessed) -> None:
    for one in assessed.values():
        assert (one.probability is None) == (one.status != "assessed")
        assert one.reason or one.status == "assessed"
        assert one.reason or one.match == "exact"


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("hangzhou-outsourcing_revenue-total-2015", "another basis"),
        ("nanchang-outsourcing_revenue-total-2013", "another basis"),
        ("chengdu-enterprises-total-2014", "already passed"),
        ("hefei-enterprises-total-2017", "1,2000"),
        ("guangzhou-contract_value-total-2020-average_growth", "neither the measure"),
        ("jiangxi-enterprises-total-2020", "no year is named"),
        ("hong-kong-outsourcing_revenue-it_bpo-2020", "fewer than 8"),
    ],
)
def test_odds_that_would_mislead_are_withheld(assessed: Assessed, target: str, why: str) -> None:
    one = assessed[target]
    assert one.status == "withheld"
    assert why in one.reason


def test_guangzhou_is_given_on_each_plausible_series(assessed: Assessed) -> None:
    one = assessed["guangzhou-contract_value-total-2015"]
    assert one.match == "proxy"
    others = {str(other["assessed_by"]): other["probability"] for other in one.alternatives}
    # signed contracts of 2012 are 1.75 times the executed ones, so the same aim is much nearer on them
    assert one.probability > others["Guangzhou|contract_value_executed|total|USD"] + 0.2


def test_one_known_year_leaves_the_growth_to_the_family(assessed: Assessed) -> None:
    one = assessed["suzhou-employees-total-2015"]
    assert one.data_weight == 0
    assert one.observed_growth is None


def test_simulated_odds_agree_with_the_closed_form(catalogue: Catalogue, belief_2013: Belief) -> None:
    """Heavy tails and all, of which the closed form may be .001 off; some 25 targets without an exchange rate, four standard errors each: a false
    alarm in about one of 600 seeds."""
    compared = 0
    for one in assess_targets(catalogue):
        if one.status != "assessed" or one.vintage != VINTAGE_2013 or one.kind not in ("level", "count"):
            continue
        series = belief_2013.find(one.assessed_by)
        if series.key.unit != one.unit:
            continue
        exact = predict(belief_2013, series, one.due).probability_at_least(np.log(one.value), one.due)
        assert abs(one.probability - exact) < 4 * one.probability_error + 0.001, one.target
        compared += 1
    assert compared >= 15


def test_extra_growth_gives_the_odds_it_promises(catalogue: Catalogue) -> None:
    base = next(one for one in assess_targets(catalogue, places=["Suzhou"]) if one.measure == "contract_value_signed")
    for probability, points in ((0.5, base.extra_growth_50), (0.8, base.extra_growth_80)):
        again = assess_targets(catalogue, places=["Suzhou"], extra_growth=points)
        reached = next(one for one in again if one.target == base.target).probability
        # The same shocks serve both runs. The points are read off the paths, the odds are formed given the own shocks: four of their errors.
        assert reached == pytest.approx(probability, abs=4 * base.probability_error)


def test_more_growth_never_lowers_the_odds(catalogue: Catalogue) -> None:
    runs = [
        {o.target: o.probability for o in assess_targets(catalogue, places=["Suzhou"], paths=2000, extra_growth=p)}
        for p in (-5, 0, 5)
    ]
    for target, middle in runs[1].items():
        if middle is not None:
            assert runs[0][target] <= middle <= runs[2][target]


def test_choosing_places_changes_no_number(catalogue: Catalogue, assessed: Assessed) -> None:
    for one in assess_targets(catalogue, places=["Suzhou", "Hangzhou"]):
        assert one == assessed[one.target]


def test_threads_and_repetition_change_no_bit(catalogue: Catalogue) -> None:
    first = assess_targets(catalogue, paths=7777)
    assert first == assess_targets(catalogue, paths=7777, threads=1)
    assert first == assess_targets(catalogue, paths=7777, threads=5)
    assert first != assess_targets(catalogue, paths=7777, seed=2)


def test_later_documents_leave_the_vintage_of_2013_as_it_is(catalogue: Catalogue) -> None:
    later = ["002", "004"]
    without = replace(
        catalogue,
        facts=catalogue.facts[~catalogue.facts["source"].isin(later)].reset_index(drop=True),
        targets=catalogue.targets[~catalogue.targets["source"].isin(later)].reset_index(drop=True),
        sources=catalogue.sources[~catalogue.sources["source"].isin(later)].reset_index(drop=True),
    )
    assert len(without.facts) < len(catalogue.facts)
    assert len(without.targets) < len(catalogue.targets)
    full = assess_targets(catalogue, known_by=VINTAGE_2013, paths=3000)
    assert full == assess_targets(without, known_by=VINTAGE_2013, paths=3000)


def test_the_prior_of_the_long_run_mean_can_be_halved_and_doubled(catalogue: Catalogue) -> None:
    target = "wuxi-outsourcing_revenue-total-2020"
    low, high = (
        next(one for one in assess_targets(catalogue, places=["Wuxi"], long_run_factor=factor) if one.target == target)
        for factor in (0.5, 2.0)
    )
    assert high.probability_high - high.probability_low > low.probability_high - low.probability_low


def known_city(**more: object) -> list:
    base = level("Suzhou", "contract_value_executed", 2012, 1e9)
    return [base, stated(base, "growth", 30.0, "2012", relative_to="2011")]


def test_a_users_target_due_at_its_origin_is_refused() -> None:
    target = aim(
        "Suzhou", "contract_value_executed", 2012, 2e9, source="mine.csv", assessed_by="Suzhou|contract_value_executed|total|USD"
    )
    with pytest.raises(InputFault, match=r"mine\.csv, row 1: the target .* is due in 2012, but its series ends in 2012"):
        assess_targets(catalogue_of(known_city(), [target]), known_by="latest")


def test_a_doubling_is_read_from_its_base_year() -> None:
    key = "Suzhou|contract_value_executed|total|USD"
    target = aim("Suzhou", "contract_value_executed", 2015, 2.0, "ratio", kind="multiple", base_period="2011", assessed_by=key)
    (one,) = assess_targets(catalogue_of(known_city(), [target]), known_by="latest")
    # 2011 is 1/1.3; twice that is 1.5385 times 2012; the cube root is 1.1544
    assert one.required_growth == pytest.approx(15.4, abs=0.2)
    assert one.reason == "read as 2 times the level of 2011"


def test_quantiles_in_another_currency_hold_the_doubt_about_the_rate() -> None:
    key = "Suzhou|contract_value_executed|total|USD"
    dollars = aim("Suzhou", "contract_value_executed", 2015, 2e9, assessed_by=key)
    yuan = replace(dollars, target="yuan", value=12e9, unit="CNY")
    world = catalogue_of(known_city(), [dollars, yuan])
    assessed = {one.unit: one for one in assess_targets(world, known_by="2013-12-31", paths=400_000)}
    belief = believe(world, "2013-12-31")
    exact = predict(belief, belief.find(key), 2015)
    # The last known rate is that of 2012: three years of .04, and .015 for the convention.
    doubted = replace(exact, variance=exact.variance + 0.015**2 + 3 * 0.04**2)
    narrow, wide = (log(float(one.quantile(0.9)[-1] / one.quantile(0.1)[-1])) for one in (exact, doubted))
    found = {unit: log(one.q90 / one.q10) for unit, one in assessed.items()}
    # Both stand on the same paths, so that only the draws of the rate differ: an error of about .0012, four of them allowed.
    assert wide - narrow > 0.01
    assert found["CNY"] - found["USD"] == pytest.approx(wide - narrow, abs=0.005)
    # The document's own rate of 2012.
    assert assessed["CNY"].median == pytest.approx(6.2855 * assessed["USD"].median, rel=0.005)


def test_a_target_is_converted_at_the_rate_of_its_year_where_that_is_known() -> None:
    key = "Suzhou|contract_value_executed|total|USD"
    target = aim("Suzhou", "contract_value_executed", 2014, 12.324e9, "CNY", assessed_by=key)
    (one,) = assess_targets(catalogue_of(known_city(), [target]), known_by="latest", paths=100)
    # A dollar was 6.1620 yuan on average in 2014: the aim is twice the billion of 2012.
    assert one.required_growth == pytest.approx(100 * (sqrt(2) - 1), abs=0.01)


@pytest.mark.parametrize(
    ("kind", "unit", "why"),
    [("share", "percent", "should be a share of"), ("rank", "count", "too few to rank"), ("cumulative", "USD", "not named")],
)
def test_kinds_that_lack_a_series_or_a_year_are_not_guessed_at(kind: str, unit: str, why: str) -> None:
    target = aim(
        "Suzhou", "contract_value_executed", 2015, 20.0, unit, kind=kind, assessed_by="Suzhou|contract_value_executed|total|USD"
    )
    (one,) = assess_targets(catalogue_of(known_city(), [target]), known_by="latest")
    assert one.status == "no_baseline"
    assert why in one.reason


def test_a_target_above_every_growth_ever_seen_is_withheld_where_one_year_is_known() -> None:
    # Eleven towns, ten of which grew by 30 %; the target of the other needs 25 or 35 % a year for four years.
    facts = [level("Suzhou", "employees", 2012, 10_000.0, "persons")]
    for number in range(10):
        facts += [level(f"Town {number}", "employees", year, 1000 * 1.3 ** (year - 2011), "persons") for year in (2011, 2012)]
    key = "Suzhou|employees|total|persons"
    found = {}
    for growth in (1.25, 1.35):
        target = aim("Suzhou", "employees", 2016, 10_000 * growth**4, "persons", assessed_by=key)
        (found[growth],) = assess_targets(catalogue_of(facts, [target]), known_by="latest", paths=500)
    assert found[1.25].status == "assessed"
    assert (found[1.35].status, found[1.35].probability) == ("withheld", None)
    assert "35.0 % a year needed are above the record of its family, 30.0 %" in found[1.35].reason
    assert found[1.35].required_growth == pytest.approx(35.0, abs=0.01)


# In place of odds


def test_every_withheld_target_has_the_reference_class_in_place_of_odds(assessed: Assessed) -> None:
    withheld = [one for one in assessed.values() if one.status == "withheld"]
    assert len(withheld) == 14
    assert all(not one.reference_class for one in assessed.values() if one.status != "withheld")
    for one in withheld:
        (told,) = one.reference_class
        assert (told["as_fast"], told["episodes"]) == (one.elsewhere_as_fast, one.elsewhere)
        assert (told["as_fast"] == 0) == (round(one.required_growth) > told["fastest"])
        assert told["q10"] < told["q25"] < told["q50"] < told["q75"] < told["q90"] < told["fastest"]


@pytest.mark.parametrize(
    ("target", "of", "years", "as_fast"),
    [
        ("chengdu-enterprises-total-2014", "people", 2, True),  # it may fall by 14 % a year: most did not fall so fast
        ("nanchang-outsourcing_revenue-total-2013", "services", 1, False),  # 468 %
        ("hefei-enterprises-total-2017", "people", 5, False),  # 102 % a year
        ("hong-kong-outsourcing_revenue-it_bpo-2020", "services", 11, True),  # another family, with the class of contracts
        ("tianjin-enterprises-technology_services-2015", "people", 3, False),  # 172 % a year
    ],
)
def test_growth_beyond_everything_and_long_spans_are_counted_too(
    assessed: Assessed, target: str, of: str, years: int, as_fast: bool
) -> None:
    (told,) = assessed[target].reference_class
    assert (told["of"], told["years"], told["as_fast"] > 0) == (of, years, as_fast)


def test_growth_is_aimed_at_in_whatever_the_series_is_counted() -> None:
    facts = [level("City A", "employees", year, value, "persons") for year, value in ((2011, 1e5), (2012, 1.2e5))]
    rate = replace(aim("City A", "employees", 2015, 20.0, "percent"), kind="average_growth", base_period="2012")
    twice = replace(rate, target="twice", kind="multiple", value=1.728, unit="ratio")
    found = assess_targets(catalogue_of(facts, [rate, twice]), paths=500)
    assert {one.assessed_by for one in found} == {"City A|employees|total|persons"}
    assert [one.required_growth for one in found] == pytest.approx([20, 20], abs=0.01)  # 1.2 ** 3 = 1.728
    assert found[0].probability == pytest.approx(found[1].probability)


def test_without_a_year_the_class_is_told_over_several_lengths() -> None:
    facts = [level("City A", "employees", year, value, "persons") for year, value in ((2011, 1e5), (2012, 1.2e5))]
    undated = replace(aim("City A", "employees", 2015, 2e5, "persons"), due=float("nan"))
    rate = replace(undated, target="rate", kind="average_growth", value=20.0, unit="percent")
    found = {one.target: one for one in assess_targets(catalogue_of(facts, [undated, rate]), paths=100)}
    for name, required in ((undated.target, None), ("rate", 20.0)):
        one = found[name]
        assert (one.status, one.reason) == ("withheld", "no year is stated by which it should be reached")
        assert one.required_growth == required
        assert [told["years"] for told in one.reference_class] == [1, 3, 5, 10]
        assert all((told["as_fast"] is None) == (required is None) for told in one.reference_class)
