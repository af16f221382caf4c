"""Months and quarters become years: sums of flows, ends of stocks, and years that have only begun."""

from dataclasses import replace
from math import exp, expm1, log, sqrt

import numpy as np
import pandas as pd
import pytest

from forecast.equations import OWN_FIGURE_SD
from forecast.periods import (
    PROFILE_GROWTH,
    PROFILE_LOGIT_SD,
    PartOfYear,
    is_part_of_year,
    months_from_january,
    national_share,
    own_share,
    yearly,
)
from forecast.reconstruction import reconstruct
from tests.made_up import catalogue_of, level

# A year in which the last quarter is by far the largest.
SEASON = (0.1, 0.2, 0.2, 0.5)


def quarter(year, number, value, measure="contract_value_executed", **more):
    return replace(level("Wuxi", measure, f"{year}Q{number}", value, digits=1.0, source="own.csv"), **more)


def year_of(year, total, quarters=4):
    return [quarter(year, number, total * SEASON[number - 1]) for number in range(1, quarters + 1)]


def known(facts):
    (series,) = reconstruct(catalogue_of(facts))
    return series


@pytest.mark.parametrize(
    ("period", "part"),
    [
        ("2012Q3", (2012, 7, 9)),
        ("2012-09", (2012, 9, 9)),
        ("2009-01/2009-08", (2009, 1, 8)),
        ("2012Q1/2012Q3", (2012, 1, 9)),
        ("2012", None),
        ("2011/2012", None),
        ("2008-11/2009-02", None),
        ("", None),
    ],
)
def test_parts_of_a_year_are_months(period, part):
    assert PartOfYear.parse(period) == (PartOfYear(*part) if part else None)


@pytest.mark.parametrize(
    ("period", "months"),
    [("2009-01/2009-08", 8), ("2011-01/2011-11", 11), ("2012Q1", 3), ("2009-02/2009-08", 0), ("2009", 0), ("2009-08", 0)],
)
def test_months_from_january_are_counted(period, months):
    assert months_from_january(period) == months
    assert is_part_of_year(period) == (period != "2009")


def test_the_first_months_hold_less_than_their_share_of_the_days():
    # a flow that grows by .3 a year inside the year: (exp(.3 x 8/12) - 1) / (exp(.3) - 1) = .2214 / .3499 = .633, and not .667
    share, sd = national_share(8)
    assert exp(share) == pytest.approx(expm1(PROFILE_GROWTH * 8 / 12) / expm1(PROFILE_GROWTH))
    assert exp(share) == pytest.approx(0.633, abs=0.001)
    # logit = ln p - ln(1 - p) moves by 1 / (1 - p) for each unit of ln p
    assert sd == pytest.approx((1 - exp(share)) * PROFILE_LOGIT_SD)
    assert national_share(12) == (0.0, 0.0)


def test_a_series_with_complete_years_has_a_profile_of_its_own():
    complete = [{3 * q: SEASON[q - 1] for q in range(1, 5)} for _ in range(3)]
    share, sd = own_share(9, complete)
    assert exp(share) == pytest.approx(0.5)
    # no spread among three years: what is left is the national spread at the weight of one year
    assert sd == pytest.approx(national_share(9)[1] / 3)
    assert own_share(9, []) == national_share(9)
    assert own_share(12, complete) == (0.0, 0.0)
    # months that the complete years do not show apart
    assert own_share(8, complete) == national_share(8)


def test_four_quarters_of_a_flow_make_its_year():
    series = known(year_of(2011, 123456) + year_of(2012, 234567))
    assert series.years == (2011, 2012)
    assert [series.level(year) for year in series.years] == pytest.approx([123456, 234567], rel=1e-5)
    assert len(series.facts) == 2
    assert [reason for _, reason in series.set_aside] == ["added up with the other parts of its year"] * 6


def test_twelve_months_and_four_quarters_are_one_year():
    months = [level("Wuxi", "fdi_actual", f"2012-{month:02d}", 1e6 + month, digits=1.0) for month in range(1, 13)]
    assert known(months).level(2012) == pytest.approx(12e6 + 78, rel=1e-6)


def test_a_year_that_has_begun_is_carried_on_by_the_profile_of_the_years_before():
    whole = [fact for year, total in ((2010, 101234), (2011, 151234), (2012, 201234)) for fact in year_of(year, total)]
    begun = [replace(fact, fact=f"{fact.fact}!") for fact in year_of(2013, 251234, quarters=2)]
    series = known(whole + begun)
    assert series.years == (2010, 2011, 2012, 2013)
    assert series.level(2013) == pytest.approx(251234, rel=1e-4)
    # far from the national profile, by which half a year would be 46 percent of it
    assert series.level(2013) > 1.4 * 0.3 * 251234 / exp(national_share(6)[0])
    assert sqrt(series.covariance[3, 3]) == pytest.approx(np.hypot(OWN_FIGURE_SD, national_share(6)[1] / 3), rel=0.01)


def test_the_order_of_the_parts_does_not_matter():
    facts = year_of(2011, 123456) + year_of(2012, 234567, quarters=3)
    assert known(facts[::-1]).log_level == pytest.approx(known(facts).log_level)


@pytest.mark.parametrize(("missing", "used"), [(1, 0), (2, 1), (3, 2)])
def test_a_year_with_a_gap_counts_up_to_the_gap(missing, used):
    broken = [fact for fact in year_of(2012, 234567) if not fact.period.endswith(str(missing))]
    series = known(year_of(2011, 123456) + broken)
    assert series.years == ((2011, 2012) if used else (2011,))
    assert [reason for fact, reason in series.set_aside if "2012" in fact].count("months before it are missing") == 3 - used


def test_of_a_stock_the_end_of_the_year_counts():
    people = [quarter(2012, number, 1000.0 + number, "employees", unit="persons") for number in range(1, 5)]
    series = known(people)
    assert series.level(2012) == pytest.approx(1004, rel=1e-3)
    assert sqrt(series.covariance[0, 0]) == pytest.approx(OWN_FIGURE_SD, rel=0.05)
    half = known(people[:2])
    assert half.level(2012) == pytest.approx(1002, rel=1e-3)
    assert sqrt(half.covariance[0, 0]) == pytest.approx(np.hypot(OWN_FIGURE_SD, 0.05), rel=0.01)


def test_the_parts_of_two_sources_are_not_mixed():
    ours = year_of(2012, 234567)
    theirs = [replace(fact, source="001", fact=f"{fact.fact}-b") for fact in ours[:2]]
    assert [fact.value for fact in yearly(ours + theirs, stock=False).facts] == pytest.approx([234567, 0.3 * 234567])


def test_growth_spans_and_years_stay_as_they_are():
    facts = [
        level("Wuxi", "fdi_actual", 2012, 5.0),
        level("Wuxi", "fdi_actual", "2009-01/2009-08", 3.0),
        level("Wuxi", "fdi_actual", "2012Q1", 3.0, "percent", kind="growth"),
        level("Wuxi", "fdi_actual", "2013Q1", 3.0, status="forecast"),
    ]
    assert sorted(map(str, yearly(facts, stock=False).facts)) == sorted(map(str, facts))


def test_of_cumulative_months_the_longest_counts():
    # January to N-th month, N = 2 ... 12: the last is the year, and the others are no further witnesses.
    facts = [level("Wuxi", "fdi_actual", f"2012-01/2012-{month:02d}", 1e6 * month, digits=1.0) for month in range(2, 13)]
    series = known(facts)
    assert series.level(2012) == pytest.approx(12e6, rel=1e-3)
    assert series.freedom == 0
    assert [reason for _, reason in series.set_aside] == ["part of a longer span of its year"] * 10
    assert known(facts[:5]).level(2012) == pytest.approx(6e6 / exp(national_share(6)[0]), rel=1e-3)


def test_a_ruling_on_one_month_leaves_the_year_incomplete():
    facts = year_of(2011, 123456) + year_of(2012, 234567)
    assert facts[4].period == "2012Q1"
    rulings = pd.DataFrame([{"ruling": "slip", "fact": facts[4].fact, "verdict": "exclude", "corrected_value": np.nan}])
    (series,) = reconstruct(replace(catalogue_of(facts), rulings=rulings))
    assert series.years == (2011,)
    assert dict(series.set_aside)[facts[4].fact] == "by ruling slip"


def test_the_share_is_a_mean_of_logarithms():
    complete = [{6: 1.0, 12: 3.0}, {6: 2.0, 12: 2.0}]
    share, sd = own_share(6, complete)
    assert share == pytest.approx((log(0.25) + log(0.5)) / 2)
    spread = abs(log(0.25) - log(0.5)) / sqrt(2) * sqrt(1.5)
    assert sd == pytest.approx(np.hypot(spread * sqrt(0.5), national_share(6)[1] / 2))


def test_two_halves_make_a_year_and_a_sum_to_date_is_carried_on_by_months():
    halves = [
        level("Wuxi", "fdi_actual", period, value, digits=1.0)
        for period, value in (("2012-01/2012-06", 4e6), ("2012-07/2012-12", 5e6))
    ]
    assert known(halves).level(2012) == pytest.approx(9e6, rel=1e-3)
    to_date = [halves[0], *(level("Wuxi", "fdi_actual", f"2012-{month:02d}", 1e6, digits=1.0) for month in range(5, 13))]
    series = known(to_date)
    assert series.level(2012) == pytest.approx(10e6, rel=1e-3)
    # May and June are in the sum to date already.
    assert [reason for _, reason in series.set_aside].count("part of a longer span of its year") == 2
