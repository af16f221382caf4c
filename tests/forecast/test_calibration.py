"""Calibration: hand calculations, and how often calibrated forecasts raise an alarm when years are shared."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom, chi2

from forecast.calibration import (
    Sharing,
    design_effect,
    histogram_bins,
    inflation,
    mean_with_error,
    reliability,
    reliability_curve,
    shared_band,
    uniformity,
)


def each_of_its_own(count):
    return Sharing(np.arange(count), apart=True)


def shared_integrals(random, years, a_year, correlation):
    """PITs of calibrated forecasts whose errors are correlated within a year, and who shares."""
    z = np.sqrt(correlation) * random.standard_normal(years)[:, None]
    z = z + np.sqrt(1 - correlation) * random.standard_normal((years, a_year))
    return ndtr(z).ravel(), Sharing(np.repeat(np.arange(years), a_year), apart=True)


def test_outcomes_of_different_years_count_in_full():
    assert design_effect(np.random.default_rng(1).random(40), each_of_its_own(40)) == 1.0


def test_with_few_years_the_stated_correlation_counts():
    # ten outcomes in each of three years: 1 + 9 x 0.3
    assert design_effect(np.ones(30), Sharing(np.repeat([1, 2, 3], 10), apart=True)) == pytest.approx(3.7)
    # one year of four and one of two: an outcome shares its year with (16 + 4) / 6 on average, itself among them
    assert design_effect(np.zeros(6), Sharing(np.array([1, 1, 1, 1, 2, 2]), apart=True)) == pytest.approx(1 + (20 / 6 - 1) * 0.3)


def test_with_many_years_the_correlation_is_estimated():
    random = np.random.default_rng(2)
    years = np.repeat(np.arange(400), 5)
    values = np.repeat(random.standard_normal(400), 5) * np.sqrt(0.4) + random.standard_normal(2000) * np.sqrt(0.6)
    assert design_effect(values, Sharing(years, apart=True)) == pytest.approx(1 + 4 * 0.4, abs=0.3)
    # forecasts further ahead overlap, and nothing can be estimated
    assert design_effect(values, Sharing(years, apart=False)) == pytest.approx(1 + 4 * 0.3)
    # all of a year alike: a year is one observation
    assert design_effect(np.repeat(random.standard_normal(400), 5), Sharing(years, apart=True)) == pytest.approx(5.0)


def test_the_band_is_that_of_fewer_independent_outcomes():
    # 30 in three years are worth 30 / 3.7 = 8.1 independent ones
    found = shared_band(0.8, np.ones(30), Sharing(np.repeat([1, 2, 3], 10), apart=True))
    assert found == (binom.ppf(0.025, 8, 0.8) / 8, binom.ppf(0.975, 8, 0.8) / 8)


@pytest.mark.parametrize("correlation", [0.0, 0.2])
def test_calibrated_forecasts_rarely_leave_the_band_or_fail_the_test(correlation):
    """300 panels of 15 years with 12 outcomes each: alarms at 5 % in at most 9 %, three standard errors above the level."""
    random = np.random.default_rng(3)
    outside = failed = 0
    for _ in range(300):
        integrals, sharing = shared_integrals(random, 15, 12, correlation)
        inside = (np.abs(integrals - 0.5) <= 0.4).astype(float)
        low, high = shared_band(0.8, inside, sharing)
        outside += not low <= inside.mean() <= high
        failed += uniformity(integrals, sharing) < 0.05
    assert outside / 300 <= 0.09
    assert failed / 300 <= 0.09


def test_overconfident_forecasts_fail_the_test():
    # Intervals half as wide as they should be.
    z = 2 * np.random.default_rng(4).standard_normal(200)
    assert uniformity(ndtr(z), each_of_its_own(200)) < 1e-6


def test_the_test_of_independent_outcomes_is_pearsons():
    integrals = np.random.default_rng(5).random(120) ** 1.3
    counts = np.histogram(integrals, bins=10, range=(0, 1))[0]
    expected = chi2.sf(((counts - 12) ** 2 / 12).sum(), 9)
    assert histogram_bins(120) == 10
    assert uniformity(integrals, each_of_its_own(120)) == pytest.approx(expected, rel=1e-9)


def test_few_outcomes_are_not_tested():
    assert uniformity(np.full(24, 0.5), each_of_its_own(24)) is None
    assert uniformity(np.full(25, 0.5), each_of_its_own(25)) < 0.01


def test_reliability_by_hand():
    stated = np.array([0.05, 0.15, 0.5, 0.55, 0.95, 1.0])
    happened = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    bins = reliability(stated, happened, each_of_its_own(6))
    assert [(one.events, round(one.stated, 3), one.happened) for one in bins] == [(2, 0.1, 0.5), (2, 0.525, 0.5), (2, 0.975, 1.0)]
    assert all(0 <= one.low <= one.stated <= one.high <= 1 for one in bins[1:2])
    assert reliability(np.zeros(0), np.zeros(0), each_of_its_own(0)) == []


def test_the_reliability_curve_pools_what_falls():
    # .2 happened, .4 did not: pooled to one half; .7 happened
    stated, curve = reliability_curve(np.array([0.4, 0.7, 0.2]), np.array([0.0, 1.0, 1.0]))
    assert list(stated) == [0.2, 0.4, 0.7]
    assert list(curve) == [0.5, 0.5, 1.0]


def test_inflation_is_the_factor_that_covers_four_of_five():
    ratios = np.array([0.1, 3.0, 0.5, 1.4, 0.9])
    assert inflation(ratios) == 1.4
    assert (ratios <= 1.4).mean() == 0.8
    assert inflation(0.5 * ratios) == 1.0  # never below one
    assert inflation(ratios[:3]) is None


def test_the_error_of_a_mean_counts_years():
    # Year means 1 and 3 of two values each: sums of deviations -2 and 2; sqrt(8 x 2/1) / 4 = 1
    mean, error = mean_with_error(np.array([0.5, 1.5, 2.0, 4.0]), Sharing(np.array([1, 1, 2, 2]), apart=True))
    assert (mean, error) == (2.0, pytest.approx(1.0))
    assert mean_with_error(np.array([0.5, 1.5]), Sharing(np.array([1, 1]), apart=True)) == (1.0, None)
    values = np.random.default_rng(6).standard_normal(50)
    assert mean_with_error(values, each_of_its_own(50))[1] == pytest.approx(values.std(ddof=1) / np.sqrt(50))
