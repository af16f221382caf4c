"""Keys and what a series says about itself."""

from math import exp, log, sqrt

import pytest
from scipy.stats import norm

from forecast.series import SeriesKey
from tests.forecast.conftest import made_series


def test_a_key_reads_what_it_writes():
    key = SeriesKey("Xi'an", "contract_value_signed", "total", "USD")
    assert SeriesKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["Suzhou", "Suzhou|employees|persons", "a|b|c|d|e"])
def test_a_key_has_four_parts(text):
    with pytest.raises(ValueError, match=r"place\|measure\|scope\|unit"):
        SeriesKey.parse(text)


def test_level_and_interval_are_those_of_a_lognormal():
    one = made_series("A", (2010, 2012), (2.0, 4.5), sd=0.03, shared=0.04)
    assert one.origin == 2012
    assert one.level(2010) == pytest.approx(2.0)
    reach = norm.ppf(0.9) * sqrt(0.03**2 + 0.04**2)
    assert one.interval(2012) == pytest.approx((exp(log(4.5) - reach), exp(log(4.5) + reach)))


def test_last_growth_is_a_yearly_rate():
    # From 2.0 to 4.5 in two years: the root of 2.25 is 1.5.
    assert made_series("A", (2008, 2010, 2012), (1.9, 2.0, 4.5)).last_growth() == pytest.approx(50.0)
    assert made_series("A", (2012,), (4.5,)).last_growth() is None
