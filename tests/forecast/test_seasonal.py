"""Months and quarters forecast as such: seasonal factors, past errors, and intervals that hold on series whose truth is known."""

from math import sqrt

import numpy as np
import pytest

from benchmarks.seasonal_coverage import KEY, trials
from forecast.frequencies import MONTHS, QUARTERS, PeriodicSeries
from forecast.seasonal import METHODS, error_variance, extrapolations, past_errors, predict_seasonal, seasons, smooth_trend

FREQUENCIES = pytest.mark.parametrize("frequency", [MONTHS, QUARTERS], ids=lambda one: one.name)


def factors_of(per_year, sd=0.2):
    found = sd * np.sin(np.arange(per_year) * 2.1)
    return found - found.mean()


def series_of(log_level, frequency=MONTHS, sd=0.0, first="2010"):
    start = frequency.number(f"{first}{frequency.mark}1")
    return PeriodicSeries(KEY, frequency, start, np.asarray(log_level, dtype=float), np.full(len(log_level), sd))


def noisy(frequency, years, seed=1, noise=0.03, factors=True):
    n, per_year = years * frequency.per_year, frequency.per_year
    season = factors_of(per_year) if factors else np.zeros(per_year)
    return 11 + 0.1 / per_year * np.arange(n) + season[np.arange(n) % per_year] + np.random.default_rng(seed).normal(0, noise, n)


@FREQUENCIES
@pytest.mark.parametrize("extra", [0, 1, 3])
def test_a_straight_line_is_its_own_trend_to_both_ends(frequency, extra):
    line = 3 + 0.02 * np.arange(2 * frequency.per_year + extra)
    np.testing.assert_allclose(smooth_trend(line, frequency.per_year), line, atol=1e-12)


@FREQUENCIES
def test_the_inner_trend_agrees_with_statsmodels(frequency):
    from statsmodels.tsa.seasonal import seasonal_decompose

    levels = noisy(frequency, 5)
    peer = seasonal_decompose(levels, period=frequency.per_year).trend
    known = np.isfinite(peer)
    np.testing.assert_allclose(smooth_trend(levels, frequency.per_year)[known], peer[known], rtol=1e-12)


@FREQUENCIES
def test_seasons_without_noise_are_found_exactly_and_kept(frequency):
    found = seasons(noisy(frequency, 4, noise=0.0), frequency.per_year)
    np.testing.assert_allclose(found.factors, factors_of(frequency.per_year), atol=1e-12)
    assert found.shrunk == pytest.approx(0, abs=1e-12)


@FREQUENCIES
def test_factors_are_shrunk_the_more_the_fewer_the_years_and_the_weaker_the_seasons(frequency):
    def shrunk(years, factors):
        return np.mean([seasons(noisy(frequency, years, seed, 0.1, factors), frequency.per_year).shrunk for seed in range(40)])

    assert shrunk(2, True) > shrunk(8, True)
    # chance alone: all of it but for the share that Stein's rule leaves, (L - 3) / (L - 1) on average
    ratio = (frequency.per_year - 3) / (frequency.per_year - 1)
    assert shrunk(8, False) > 0.6 * ratio > shrunk(8, True)


def test_the_shrinking_is_that_of_the_rule_written_out_slowly():
    levels = noisy(QUARTERS, 3, noise=0.08)
    apart = levels - smooth_trend(levels, 4)
    means = [np.mean([apart[t] for t in range(12) if t % 4 == j]) for j in range(4)]
    means = [one - np.mean(means) for one in means]
    chance = sum((apart[t] - means[t % 4]) ** 2 for t in range(12)) / (12 - 4 - 3) / 3
    expected = 1 / 3 * chance / np.var(means, ddof=1)
    found = seasons(levels, 4)
    assert 0 < expected < 1
    assert found.shrunk == pytest.approx(expected)
    np.testing.assert_allclose(found.factors, (1 - expected) * np.array(means))


def test_methods_go_on_in_the_unit_of_the_levels():
    levels = 20 + 0.02 * np.arange(30) + np.random.default_rng(2).normal(0, 0.02, 30)
    paths = extrapolations(levels, 6)
    assert paths.shape == (len(METHODS), 6)
    np.testing.assert_allclose(extrapolations(levels + 5, 6), paths + 5)
    rise = (1 - np.exp(levels[0] - levels[-1])) / 29
    np.testing.assert_allclose(paths[-1], levels[-1] + np.log1p(rise * np.arange(1, 7)))


def test_a_falling_series_stays_above_a_hundredth():
    levels = 20 - 0.2 * np.arange(24)
    assert extrapolations(levels, 99).min() == pytest.approx(levels[-1] + np.log(0.01))


def test_past_errors_are_those_of_forecasts_made_without_what_came():
    levels = noisy(QUARTERS, 3, factors=False)
    squares, origins = past_errors(levels, 8)
    assert list(origins) == [4, 3, 2, 1]
    errors = {
        h: [extrapolations(levels[:k], h).mean(axis=0)[h - 1] - levels[k + h - 1] for k in range(8, 13 - h)] for h in range(1, 5)
    }
    np.testing.assert_allclose(squares, [np.mean(np.square(errors[h])) for h in range(1, 5)])


@pytest.mark.parametrize("parts", [(2.0, 0.0, 0.0), (0.0, 3.0, 0.0), (1.0, 2.0, 0.5)])
def test_errors_of_a_known_law_are_carried_on_by_it(parts):
    def law(horizon):
        return parts[0] + parts[1] * horizon + parts[2] * horizon**2

    known, coming = np.arange(1.0, 13), np.arange(1.0, 31)
    found = error_variance(law(known), np.arange(12, 0, -1.0), 30)
    np.testing.assert_allclose(found, (1 + 2 / 12) * law(coming), rtol=1e-8)


@FREQUENCIES
@pytest.mark.parametrize("seed", range(5))
def test_the_spread_never_falls_with_the_horizon(frequency, seed):
    found = predict_seasonal(series_of(noisy(frequency, 2 + seed, seed), frequency), 99)
    assert (np.diff(found.variance, axis=1) >= 0).all()
    assert found.variance.min() > 0
    assert np.isfinite(found.quantiles((0.025, 0.5, 0.975))).all()


@FREQUENCIES
def test_a_forecast_has_the_seasons_of_its_periods_wherever_the_history_begins(frequency):
    per_year = frequency.per_year
    levels = noisy(frequency, 6, noise=0.01)
    for begin in range(per_year):
        one = series_of(levels[begin:], frequency)
        found = predict_seasonal(one, per_year)
        assert found.years == tuple(range(one.last + 1, one.last + 1 + per_year))
        np.testing.assert_allclose(found.log_moments()[0] - found.log_moments()[0].mean() - 0.1 / per_year * (
            np.arange(per_year) - (per_year - 1) / 2
        ), factors_of(per_year), atol=0.03)  # fmt: skip


def test_units_and_dates_shift_as_they_should():
    levels = noisy(MONTHS, 4)
    base, other = predict_seasonal(series_of(levels), 8), predict_seasonal(series_of(levels + np.log(1000), first="2000"), 8)
    np.testing.assert_allclose(other.quantiles((0.1, 0.9)), 1000 * base.quantiles((0.1, 0.9)), rtol=1e-8)
    assert [later - earlier for later, earlier in zip(base.years, other.years, strict=True)] == [120] * 8


def test_the_doubt_about_the_last_level_is_added():
    sure, unsure = (predict_seasonal(series_of(noisy(MONTHS, 3), sd=sd), 5) for sd in (0.0, 0.1))
    np.testing.assert_allclose(unsure.variance - sure.variance, 0.01)


def test_what_lies_ten_years_back_says_nothing():
    levels = noisy(QUARTERS, 14)
    changed = np.r_[levels[:16] + 3, levels[16:]]
    whole, cut = predict_seasonal(series_of(levels, QUARTERS), 4), predict_seasonal(series_of(changed, QUARTERS), 4)
    np.testing.assert_array_equal(whole.mean, cut.mean)


@FREQUENCIES
@pytest.mark.parametrize("where", [0.2, 0.5, 0.95])
@pytest.mark.parametrize("jump", [-np.log(100), np.log(100), 30.0])
def test_a_jump_widens_the_intervals_and_all_stays_finite(frequency, where, jump):
    levels = noisy(frequency, 3)
    jumped = levels + jump * (np.arange(levels.size) >= min(where * levels.size, levels.size - 1))
    calm, found = predict_seasonal(series_of(levels, frequency), 99), predict_seasonal(series_of(jumped, frequency), 99)
    assert (found.variance > calm.variance).all()
    quantiles = found.quantiles((0.025, 0.1, 0.5, 0.9, 0.975))
    assert np.isfinite(found.level_mean()).all()
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=0) > 0).all()


@pytest.mark.parametrize("years", [2, 5])
@pytest.mark.parametrize("kind", ["steady", "wandering"])
@FREQUENCIES
def test_intervals_hold_and_the_seasonal_naive_is_beaten(frequency, kind, years):
    count = 80
    found = trials(7, kind, frequency, years, count)
    covered, error = found[:, 0].mean(), found[:, 0].std() / sqrt(count)
    # Two-sided, at 3.3 standard errors: wrong once in a thousand if the true coverage lies between 78 and 92 %.
    assert 0.78 - 3.3 * error < covered < 0.92 + 3.3 * error
    gained = found[:, 3] - found[:, 2]
    assert gained.mean() > 3.3 * gained.std() / sqrt(count)
