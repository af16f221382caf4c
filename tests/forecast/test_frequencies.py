"""Which series are known month by month or quarter by quarter, and why others are not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast import SeriesKey, believe
from forecast.frequencies import MONTHS, QUARTERS, PeriodicSeries, periodic_series
from tests.made_up import catalogue_of, level, stated

KEY = SeriesKey("Wuxi", "employees", "total", "persons")
RANDOM = np.random.default_rng(4)
VALUES = np.round(1e5 * np.exp(0.01 * np.arange(36) + RANDOM.normal(0, 0.03, 36)))


def parts(count, frequency=MONTHS, first="2010-01", values=VALUES, **more):
    """Stated levels in consecutive periods."""
    start = frequency.number(first)
    periods = [frequency.period(start + number) for number in range(count)]
    return [
        replace(level("Wuxi", "employees", period, value, "persons", digits=1.0), **more)
        for period, value in zip(periods, values, strict=False)
    ]


def found(facts, **tables):
    catalogue = replace(catalogue_of(facts), **tables)
    return periodic_series(believe(catalogue), catalogue)


@pytest.mark.parametrize(
    ("frequency", "period", "number"),
    [(MONTHS, "2012-09", 24152), (MONTHS, "2012-12", 24155), (QUARTERS, "2012Q3", 8050), (QUARTERS, "2013Q1", 8052)],
)
def test_periods_are_numbers_and_back(frequency, period, number):
    assert frequency.number(period) == number
    assert frequency.period(number) == period


@pytest.mark.parametrize("period", ["2012", "2012-01/2012-03", "2012Q1/2012Q2", "", "2011/2012"])
def test_years_and_spans_are_neither_month_nor_quarter(period):
    assert MONTHS.number(period) is QUARTERS.number(period) is None


def test_months_without_gaps_are_a_series_of_their_own_whatever_their_order():
    series, refused = found(parts(27)[::-1])
    assert refused == {}
    assert set(series) == {KEY}
    one = series[KEY]
    assert (one.frequency, one.frequency.period(one.first), one.frequency.period(one.last)) == (MONTHS, "2010-01", "2012-03")
    assert np.exp(one.log_level) == pytest.approx(VALUES[:27], rel=1e-5)
    assert one.sd == pytest.approx(0.03, rel=1e-3)  # how far the source is trusted


def test_quarters_are_too():
    series, _ = found(parts(9, QUARTERS, "2010Q2"))
    assert (series[KEY].frequency, series[KEY].frequency.period(series[KEY].last)) == (QUARTERS, "2012Q2")


def test_two_years_are_needed():
    assert found(parts(24))[0].keys() == {KEY}
    assert found(parts(23)) == ({}, {KEY: "fewer than 24 months are known"})
    assert found(parts(7, QUARTERS, "2011Q1")) == ({}, {KEY: "fewer than 8 quarters are known"})


def test_some_single_months_are_no_series_and_nothing_is_said_of_them():
    assert found([*parts(3), level("Wuxi", "employees", 2009, 9e4, "persons")]) == ({}, {})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda facts: facts[:5] + facts[6:], "some months are missing"),
        (
            lambda facts: [*facts, replace(facts[3], fact="again", value=1.0)],
            "some months are stated twice, with different figures",
        ),
        (lambda facts: [*facts[:-1], replace(facts[-1], value=0.0)], "some months are not positive"),
        (lambda facts: [*facts, level("Wuxi", "employees", 2014, 2e5, "persons")], "later years are known than the months"),
        (lambda facts: [*facts, stated(facts[-1], "growth", 9.0, "2013")], "later years are known than the months"),
        (
            lambda facts: [replace(fact, value=1000.0 * 2.0 ** (n // 12)) for n, fact in enumerate(facts)],
            "its months do not vary but for seasons and a steady growth",
        ),
    ],
)
def test_what_cannot_be_forecast_in_months_says_why(change, reason):
    assert found(change(parts(36))) == ({}, {KEY: reason})


def test_equal_copies_count_once():
    facts = parts(24)
    assert found([*facts, replace(facts[3], fact="again")])[0][KEY].log_level.size == 24


def test_of_two_documents_the_one_that_goes_further_speaks_and_months_go_before_quarters():
    old = parts(24, source="001")
    new = [replace(fact, fact=f"{fact.fact}-new") for fact in parts(30, values=2 * VALUES, source="003")]
    assert found(old + new)[0][KEY].log_level.size == 30
    quarters = [replace(fact, fact=f"{fact.fact}-quarter") for fact in parts(10, QUARTERS, "2010Q1", source="001")]
    assert found(new + quarters)[0][KEY].frequency == MONTHS
    # without its months the quarters serve
    assert found([*old[:5], *old[6:], *quarters])[0][KEY].frequency == QUARTERS


def test_forecasts_and_later_vintages_do_not_enter():
    facts = parts(36)
    told = facts[:30] + [replace(fact, status="forecast") for fact in facts[30:]]
    assert found(told)[0][KEY].log_level.size == 30
    late = facts[:30] + [replace(fact, known_by="2014-06-30") for fact in facts[30:]]
    catalogue = catalogue_of(late)
    assert periodic_series(believe(catalogue, "2013-12-31"), catalogue)[0][KEY].log_level.size == 30


def test_rulings_are_heard():
    facts = parts(26)
    ruling = {
        "ruling": "misprint", "fact": facts[2].fact, "target": "", "verdict": "correct", "corrected_value": 77777.0, "reason": "a slip",
        "evidence": "", "finding": "reading",
    }  # fmt: skip
    one = found(facts, rulings=pd.DataFrame([ruling]))[0][KEY]
    assert isinstance(one, PeriodicSeries)
    assert np.exp(one.log_level[2]) == pytest.approx(77777, rel=1e-4)
    assert found(facts, rulings=pd.DataFrame([ruling | {"verdict": "exclude"}])) == ({}, {KEY: "some months are missing"})
    wide = found(facts, rulings=pd.DataFrame([ruling | {"verdict": "widen"}]))[0][KEY]
    assert wide.sd[2] == pytest.approx(np.hypot(0.03, 0.2), rel=1e-3)
