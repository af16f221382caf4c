"""What stands out among places is found, and the rest is not."""

from dataclasses import replace

import pytest

from data.outliers import outlier_findings, robust_scores, significant_digits
from tests.made_up import catalogue_of, level, stated

CITIES = ("Beijing", "Dalian", "Hangzhou", "Hefei", "Jinan", "Nanjing", "Suzhou", "Wuxi", "Xiamen")
SPREAD = (1.0, 1.1, 0.8, 1.3, 0.9, 1.2, 0.7, 1.15, 0.95)


def across(measure, base, unit="USD", **more):
    return [level(city, measure, 2012, base * share, unit, **more) for city, share in zip(CITIES, SPREAD, strict=True)]


def found(*groups):
    return [finding.finding for finding in outlier_findings(catalogue_of([fact for group in groups for fact in group]))]


def spoilt(facts, city, factor):
    return [replace(fact, value=fact.value * factor) if fact.place == city else fact for fact in facts]


def test_scores_are_those_of_median_and_median_deviation():
    # median 3, deviations 2 1 0 1 97: median 1; 1.4826 makes it a standard deviation of normal values
    assert robust_scores([1, 2, 3, 4, 100]) == pytest.approx([-2 / 1.4826, -1 / 1.4826, 0, 1 / 1.4826, 97 / 1.4826])
    assert robust_scores([5, 5, 5]) == [0, 0, 0]


def test_a_scale_word_gone_wrong_stands_out():
    normal = across("contract_value_executed", 2e9)
    assert found(normal) == []
    assert found(spoilt(normal, "Wuxi", 1e-3)) == ["level:Wuxi-contract_value_executed-2012-level"]


def test_a_few_places_are_too_few_to_compare():
    assert found(spoilt(across("contract_value_executed", 2e9), "Wuxi", 1e-3)[-5:]) == []


def test_growth_far_from_the_others_stands_out():
    rates = [
        stated(fact, "growth", 20 * share, "2012", relative_to="2011")
        for fact, share in zip(across("fdi_actual", 1e9), SPREAD, strict=True)
    ]
    assert found(rates) == []
    assert found(spoilt(rates, "Jinan", 20)) == ["growth-far:Jinan-fdi_actual-2012-growth"]


def test_a_ratio_is_found_where_the_levels_are_not():
    # GDP of a large city and people of a small one: each is possible, both together are not.
    people = [replace(fact, value=fact.value**2 / 5e6) for fact in across("population", 5e6, "persons")]
    incomes = [
        level(fact.place, "gdp", 2012, fact.value * 60_000 * share, "CNY") for fact, share in zip(people, SPREAD, strict=True)
    ]
    assert found(people, incomes) == []
    names = found(people, spoilt(incomes, "Suzhou", 6))
    assert "ratio-gdp-total-population-total:Suzhou-gdp-2012-level" in names


def test_a_currency_that_nobody_else_uses_stands_out():
    gdp = across("gdp", 4e11, "CNY") + [
        level(city, "gdp", 2012, 4e11, "CNY", fact=city) for city in ("Kunming", "Ningbo", "Foshan")
    ]
    assert found(gdp) == []
    dollars = [replace(fact, unit="USD", value=fact.value / 6.31) if fact.place == "Hefei" else fact for fact in gdp]
    assert found(dollars) == ["currency:Hefei-gdp-2012-level"]


def test_exports_above_all_that_is_produced_are_found():
    gdp = level("Hong Kong", "gdp", 2012, 2041e9, "HKD")
    assert found([gdp, level("Hong Kong", "service_exports", 2011, 706.1e9, "HKD")]) == []
    assert found([gdp, level("Hong Kong", "service_exports", 2011, 706.1e9)]) == ["above-gdp:Hong Kong-service_exports-2011-level"]


def test_dollars_and_yuan_of_one_thing_need_a_rate_that_was():
    dollars, yuan = (
        level("Wuxi", "fdi_actual", 2012, 1e9, digits=1e6),
        level("Wuxi", "fdi_actual", 2012, 6.3e9, "CNY", digits=1e6, fact="y"),
    )
    assert found([dollars, yuan]) == []
    assert found([dollars, replace(yuan, value=63e9)]) == ["exchange:Wuxi-fdi_actual-2012-level"]


def test_one_figure_for_two_places_is_found():
    both = [level("Xuzhou", "population", 2012, 9_905_300, "persons"), level("Chengdu", "population", 2012, 9_905_300, "persons")]
    assert found(both) == ["equal:Chengdu-population-2012-level"]
    # Round figures meet by chance, and so do those of one place.
    assert found([replace(fact, value=9_900_000) for fact in both]) == []
    assert found([replace(fact, place="Xuzhou") for fact in both]) == []


@pytest.mark.parametrize(("value", "digits"), [(9_905_300, 5), (0.00421, 3), (1e9, 1), (4.29e9, 3), (123456, 6)])
def test_significant_digits(value, digits):
    assert significant_digits(value) == digits
