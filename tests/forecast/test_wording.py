"""Worded figures: the intervals by hand, their moments against closed forms, and what holds for any figure."""

from math import isclose, log, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast import wording_kernels
from forecast.wording import Interval, intervals, log_moments, moments, significant_step, stated_moments
from tests.made_up import level
from tests.reference import wording_reference

WORDINGS = ("exact", "about", "nearly", "over", "at_least", "under")


@pytest.mark.parametrize(
    ("value", "digits", "step"),
    [
        (1900, 1, 100),
        (5.6e9, 1e8, 1e8),
        (5.60e9, 1e7, 1e8),
        (46.57e9, 1e7, 1e7),
        (1000, 1, 200),  # a whole unit would be the value itself: at most a fifth of it
        (56.8, 0.1, 0.1),
        (-10.1, 0.1, 0.1),
        (0, 1, 1),
    ],
)
def test_a_step_is_one_unit_of_the_last_digit_that_is_not_zero(value, digits, step):
    assert significant_step(value, digits) == pytest.approx(step)


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("over", [(1900, 2000, 0.9), (2000, 2100, 0.1)]),
        ("at_least", [(1900, 2000, 0.9), (2000, 2100, 0.1)]),
        ("nearly", [(1800, 1900, 1.0)]),
        ("under", [(1800, 1900, 0.9), (1700, 1800, 0.1)]),
        ("about", [(1800, 2000, 1.0)]),
        # Rounded to the last printed digit (1), to the last digit that is not zero (100), or to five of those: 1900 is no multiple of 500.
        ("exact", [(1899.5, 1900.5, 0.6), (1850, 1950, 0.3), (1850, 1950, 0.1)]),
    ],
)
def test_intervals_of_1900_by_wording(wording, expected):
    assert [(part.low, part.high, part.weight) for part in intervals(1900, 1, wording)] == expected


def test_a_figure_without_trailing_zeros_is_rounded_to_its_last_digit():
    (part,) = intervals(43.85, 0.01, "exact")
    assert (part.low, part.high) == pytest.approx((43.845, 43.855))


def test_1500_may_be_rounded_to_five_hundreds():
    assert [(part.low, part.high) for part in intervals(1500, 1, "exact")] == [(1499.5, 1500.5), (1450, 1550), (1250, 1750)]


def test_a_range_is_taken_as_printed():
    assert intervals(150, 1, "range", 200) == [Interval(150, 200, 1.0)]


def test_only_about_peaks_in_the_middle():
    assert {wording for wording in WORDINGS if any(part.triangular for part in intervals(1900, 1, wording))} == {"about"}


@pytest.mark.parametrize("digits", [nan, 0.0])
def test_unknown_digits_count_as_six(digits):
    (part,) = intervals(123456, digits, "exact")
    assert (part.low, part.high) == (123455.5, 123456.5)


def test_an_unknown_wording_is_refused():
    with pytest.raises(ValueError, match="unknown wording 'roughly'; allowed: exact"):
        intervals(5, 1, "roughly")


def test_moments_of_a_uniform_interval_equal_the_closed_form():
    """E ln X = (b ln b - b - a ln a + a) / (b - a), E ln² X = [x ln² x - 2 x ln x + 2 x] / (b - a)."""
    a, b = 2.0, 3.0
    mean = (b * log(b) - b - a * log(a) + a) / (b - a)
    square = ((b * log(b) ** 2 - 2 * b * log(b) + 2 * b) - (a * log(a) ** 2 - 2 * a * log(a) + 2 * a)) / (b - a)
    assert log_moments([Interval(a, b, 1.0)]) == pytest.approx((mean, sqrt(square - mean**2)), rel=1e-4)


def test_moments_of_a_narrow_triangle():
    # A triangle of half width w has variance w²/6; on the logarithm near x it is divided by x².
    mean, sd = log_moments([Interval(99, 101, 1.0, triangular=True)])
    assert mean == pytest.approx(log(100), abs=1e-4)
    assert sd == pytest.approx(1 / sqrt(6) / 100, rel=1e-3)


def test_moments_of_a_mixture():
    # Two narrow pieces: mean .9 ln 2 + .1 ln 3, variance .9 x .1 x (ln 3 - ln 2)².
    mean, sd = log_moments([Interval(2, 2 + 1e-9, 0.9), Interval(3, 3 + 1e-9, 0.1)])
    assert mean == pytest.approx(0.9 * log(2) + 0.1 * log(3))
    assert sd == pytest.approx(0.3 * log(1.5))


def test_percent_figures_become_log_growth():
    # 56.8 % printed to a tenth: ln 1.568, and a width of .001 divided by 1.568 and the root of 12.
    mean, sd = log_moments(intervals(56.8, 0.1, "exact"), percent=True)
    assert mean == pytest.approx(log(1.568), abs=1e-6)
    assert sd == pytest.approx(0.001 / 1.568 / sqrt(12), rel=1e-3)


@pytest.mark.parametrize("value", [100, 200, 300])
def test_under_a_round_figure_reaches_down_to_zero_and_not_below(value):
    mean, sd = log_moments(intervals(value, 1, "under"))
    assert mean < log(value)
    assert 0 < sd < 1.5


@pytest.mark.parametrize("digits", [nan, 1.0])
@pytest.mark.parametrize(("wording", "value_high"), [("exact", nan), ("range", 250.0), ("about", 250.0)])
def test_what_a_fact_states_is_read_once(wording, value_high, digits):
    """Whoever reads the tables again has other NaNs in the place of what is not stated."""
    facts = [
        level("A", "employees", 2012, 190.0, wording=wording, value_high=value_high * one, digits=digits * one)
        for one in (1.0, 1.0)
    ]
    moments.cache_clear()
    for fact in facts:
        assert stated_moments(fact) == log_moments(intervals(190.0, digits, wording, value_high))
    assert (moments.cache_info().misses, moments.cache_info().hits) == (1, 1)


figures = st.tuples(st.integers(1, 99_999), st.integers(0, 6)).map(lambda pair: float(pair[0]) * 10 ** pair[1])


@settings(derandomize=True, deadline=None, database=None)
@given(figures, st.sampled_from(WORDINGS))
def test_weights_add_up_to_one_and_the_mean_lies_within(value, wording):
    parts = intervals(value, 1, wording)
    assert isclose(sum(part.weight for part in parts), 1.0)
    mean, sd = log_moments(parts)
    assert np.isfinite(mean)
    assert mean < log(max(part.high for part in parts))
    assert mean > log(max(min(part.low for part in parts), value * 1e-6))
    assert sd > 0


@settings(derandomize=True, deadline=None, database=None)
@given(figures, st.sampled_from(WORDINGS))
def test_the_unit_does_not_matter(value, wording):
    """Persons or thousands of persons: the logarithm moves by ln 1000, its spread stays."""
    mean, sd = log_moments(intervals(value, 1, wording))
    scaled_mean, scaled_sd = log_moments(intervals(1000 * value, 1000, wording))
    assert scaled_mean == pytest.approx(mean + log(1000), abs=1e-9)
    assert scaled_sd == pytest.approx(sd, abs=1e-6)  # a difference of squares of logarithms up to 26


@settings(derandomize=True, deadline=None, database=None)
@given(figures)
def test_words_order_the_mean(value):
    under, nearly, about, over = (log_moments(intervals(value, 1, wording))[0] for wording in ("under", "nearly", "about", "over"))
    assert under <= nearly < about < over


@pytest.mark.parametrize("triangular", [False, True])
@pytest.mark.parametrize(
    ("low", "high", "percent"),
    [(99.0, 101.0, False), (-50.0, 100.0, False), (1e9, 5e9, False), (-120.0, 40.0, True), (3.0, 3.0, True)],
)
def test_the_integral_is_that_of_its_plain_twin(low, high, percent, triangular):
    found = wording_kernels.log_powers(low, high, triangular, percent)
    assert found == pytest.approx(wording_reference.log_powers(low, high, triangular, percent), rel=1e-12)
