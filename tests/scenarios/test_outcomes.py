"""What is read off the paths: quantiles from bins, odds and their range from hits by parameter draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.outcomes import BIN_WIDTH, BINS, BINS_BELOW, Outcomes, log_quantiles
from scenarios.plan import Event, Plan


def binned(values: np.ndarray) -> np.ndarray:
    """Count values the plain way."""
    place = np.clip(np.floor(values / BIN_WIDTH).astype(int) + BINS_BELOW + 1, 0, BINS - 1)
    return np.bincount(place, minlength=BINS)


def outcomes_of(hits: list[int], paths_per_draw: int, paths: int | None = None) -> Outcomes:
    plan = Plan(None, (), (Event("aim", "series", 2015, 0.0),), 2015, {})
    paths = paths or paths_per_draw * len(hits)
    none = np.zeros((0, 0, 0))
    return Outcomes(plan, paths, 1, paths_per_draw, none.astype(int), none, none.astype(int), np.array([hits], dtype=np.int32))


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 1.5), st.floats(0.02, 0.98))
def test_a_quantile_from_bins_is_that_of_the_values_within_a_bin(seed: int, sd: float, probability: float) -> None:
    values = np.random.default_rng(seed).normal(0.3, sd, 4000)
    (found,) = log_quantiles(binned(values), [probability])
    # between the order statistics on both sides of the rank, and one bin more
    rank = probability * len(values)
    ordered = np.sort(values)
    low, high = ordered[max(int(np.floor(rank)) - 1, 0)], ordered[min(int(np.ceil(rank)), len(values) - 1)]
    assert low - BIN_WIDTH <= found <= high + BIN_WIDTH


def test_quantiles_beyond_the_bins_are_not_a_number() -> None:
    assert np.isnan(log_quantiles(binned(np.full(100, 9.0)), [0.5])).all()
    assert np.isnan(log_quantiles(binned(np.full(100, -9.0)), [0.5])).all()


def test_the_error_is_that_of_a_mean_of_independent_draws() -> None:
    shares = np.array([3, 7, 5, 9, 1, 5])
    odds = outcomes_of(shares.tolist(), 10).odds("aim")
    assert odds.probability == pytest.approx(0.5)
    assert odds.error == pytest.approx(np.std(shares / 10) / np.sqrt(6))


def test_a_shorter_last_draw_counts_for_less() -> None:
    odds = outcomes_of([10, 0, 5], 10, paths=25).odds("aim")
    assert odds.probability == pytest.approx(15 / 25)


@pytest.mark.parametrize(("a", "b"), [(2.0, 3.0), (0.8, 0.8), (20.0, 5.0)])
def test_the_range_is_that_of_the_parameters_without_the_noise_of_few_paths(a: float, b: float) -> None:
    # 40,000 draws of ten futures each: the beta distribution behind the draws is found again within two points
    # (its 10 and 90 % points have a standard error near 0.003 here).
    generator = np.random.default_rng(7)
    truth = generator.beta(a, b, 40_000)
    odds = outcomes_of(generator.binomial(10, truth).tolist(), 10).odds("aim")
    low, high = np.quantile(truth, [0.1, 0.9])
    assert odds.low == pytest.approx(low, abs=0.02)
    assert odds.high == pytest.approx(high, abs=0.02)


def test_parameters_that_do_not_matter_leave_a_narrow_range() -> None:
    hits = np.random.default_rng(3).binomial(10, 0.3, 20_000)
    odds = outcomes_of(hits.tolist(), 10).odds("aim")
    assert odds.high - odds.low < 0.06
    assert odds.low < 0.3 < odds.high


@pytest.mark.parametrize(("hits", "probability"), [([0, 0, 0], 0.0), ([10, 10, 10], 1.0)])
def test_certainty_keeps_an_error(hits: list[int], probability: float) -> None:
    odds = outcomes_of(hits, 10).odds("aim")
    assert odds.probability == probability
    assert odds.error == pytest.approx(3 / 30)  # the rule of three
