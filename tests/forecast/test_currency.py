"""Exchange rates by hand."""

from math import log, sqrt

import pandas as pd
import pytest

from forecast.currency import CONVENTION_SD, PEGGED_SD, YEARLY_SD, conversion, rate_change

RATES = pd.DataFrame(
    [
        (2011, "CNY/USD", 6.46, "annual average", "market"),
        (2012, "CNY/USD", 6.31, "annual average", "market"),
        (2012, "CNY/USD", 6.2855, "stated by the document", "003"),
        (2011, "HKD/USD", 7.78, "annual average", "market"),
    ],
    columns=["year", "pair", "rate", "convention", "source"],
)


def test_yuan_become_dollars_at_the_last_annual_average():
    rate = conversion(RATES, "CNY", "USD")
    assert rate.log_rate == pytest.approx(-log(6.31))
    assert (rate.rate_year, rate.convention_sd, rate.yearly_sd) == (2012, CONVENTION_SD, YEARLY_SD)


def test_the_documents_own_rate_wins():
    assert conversion(RATES, "USD", "CNY", "003").log_rate == pytest.approx(log(6.2855))
    assert conversion(RATES, "USD", "CNY", "001").log_rate == pytest.approx(log(6.31))


def test_an_older_rate_of_the_document_does_not_win_over_a_newer_year():
    newer = pd.concat([RATES, RATES.iloc[:1].assign(year=2013, rate=6.19)])
    assert conversion(newer, "USD", "CNY", "003").log_rate == pytest.approx(log(6.19))


def test_there_and_back_is_nothing():
    there, back = conversion(RATES, "CNY", "HKD"), conversion(RATES, "HKD", "CNY")
    # 100 yuan are 100 / 6.31 dollars, and these 7.78 / 6.31 x 100 Hong Kong dollars.
    assert there.log_rate == pytest.approx(log(7.78 / 6.31))
    assert there.log_rate + back.log_rate == pytest.approx(0.0, abs=1e-15)
    assert there.yearly_sd == pytest.approx(sqrt(YEARLY_SD**2 + PEGGED_SD**2))


def test_money_in_its_own_currency_is_certain():
    rate = conversion(RATES, "CNY", "CNY")
    assert (rate.log_rate, rate.convention_sd, rate.yearly_sd) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("of", "to"), [("JPY", "USD"), ("USD", "JPY"), ("persons", "CNY")])
def test_a_currency_without_rate_is_not_converted(of, to):
    assert conversion(RATES, of, to) is None


def test_no_rate_of_a_later_year_is_used(catalogue):
    known = catalogue.known_by("2013-12-31").exchange_rates
    assert conversion(known, "CNY", "USD").rate_year == 2012


def test_the_change_of_a_rate_by_annual_averages_with_a_doubt_about_either_year():
    change, sd = rate_change(RATES, "USD", "CNY", 2011, 2012)
    assert change == pytest.approx(log(6.31 / 6.46))  # not the document's own rate of 2012
    assert sd == pytest.approx(sqrt(2) * CONVENTION_SD)
    assert rate_change(RATES, "CNY", "USD", 2011, 2012)[0] == pytest.approx(-change)


@pytest.mark.parametrize(("of", "to", "base"), [("USD", "CNY", 2010), ("USD", "HKD", 2011), ("HKD", "CNY", 2011)])
def test_without_the_rate_of_either_year_there_is_no_change(of, to, base):
    assert rate_change(RATES, of, to, base, 2012) is None


def test_the_doubt_about_the_convention_covers_averages_taken_for_year_ends(catalogue):
    """METHOD D1: annual average with probability .7, year-end with .3; the year-end taken midway between two annual averages."""
    rates = catalogue.known_by("2013-12-31").exchange_rates
    averages = rates[(rates["pair"] == "CNY/USD") & (rates["convention"] == "annual average")].set_index("year")["rate"]
    sds = [sqrt(0.7 * 0.3) * abs(log(averages[year + 1] / averages[year])) / 2 for year in range(2006, 2012)]
    assert 0.5 * CONVENTION_SD < sqrt(sum(sd**2 for sd in sds) / len(sds)) < CONVENTION_SD
