"""What is read off the paths: quantiles from bins, odds and their range from hits by parameter draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.outcomes import BIN_WIDTH, BINS, BINS_BELOW, Histograms, Outcomes, added, histograms_of, joined
from scenarios.plan import Event, Plan


def binned(values: np.ndarray) -> np.ndarray:
    """Count values the plain way."""
    place = np.clip(np.floor(values / BIN_WIDTH).astype(int) + BINS_BELOW + 1, 0, BINS - 1)
    return np.bincount(place, minlength=BINS)


def histograms(counts: np.ndarray) -> Histograms:
    """Histograms of counts (n, BINS), which stay as they are."""
    used = counts > 0
    reach = np.stack([np.argmax(used, axis=1), BINS - 1 - np.argmax(used[:, ::-1], axis=1)], axis=1)
    reach[~used.any(axis=1)] = BINS - 1, 0
    return histograms_of([counts.astype(np.int32)], [reach.astype(np.int32)], np.int32)


def outcomes_of(hits: list[int], paths_per_draw: int) -> Outcomes:
    """A run with one event, met so many times in each draw."""
    plan = Plan(None, (), (Event("aim", "series", 2015, 0.0),), 2015)  # type: ignore[arg-type]
    counts = np.bincount(hits, minlength=paths_per_draw + 1)[None]
    shares = np.array(hits) / paths_per_draw
    sums = np.array([[[shares.sum(), (shares**2).sum()]]])
    none = np.zeros((1, 0), dtype=int)
    return Outcomes(
        plan, paths_per_draw * len(hits), 1, paths_per_draw, Histograms(none, none, none, none), {}, counts, none, sums, {}, {}
    )


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 2**32 - 1), st.floats(0.001, 1.5), st.lists(st.floats(0.02, 0.98), min_size=1, max_size=5))
def test_quantiles_from_bins_are_those_of_the_values_within_a_bin(seed: int, sd: float, probabilities: list[float]) -> None:
    values = np.random.default_rng(seed).normal(0.3, sd, 4000)
    found = histograms(np.stack([binned(values - 0.1), binned(values)])).quantiles(probabilities)[1]
    ordered = np.sort(values)
    for probability, quantile in zip(probabilities, found, strict=True):
        # between the order statistics on both sides of the rank, and one bin more
        rank = probability * len(values)
        low, high = ordered[max(int(np.floor(rank)) - 1, 0)], ordered[min(int(np.ceil(rank)), len(values) - 1)]
        assert low - BIN_WIDTH <= quantile <= high + BIN_WIDTH


def test_quantiles_beyond_the_bins_are_not_a_number() -> None:
    beyond = histograms(np.stack([binned(np.full(100, 9.0)), binned(np.full(100, -9.0))]))
    assert np.isnan(beyond.quantiles([0.5])).all()


def test_only_the_bins_in_use_are_kept_and_nothing_is_lost() -> None:
    counts = np.stack([binned(np.random.default_rng(4).normal(mean, 0.4, 500)) for mean in (-7.0, -1.0, 0.0, 3.0)])
    counts = np.vstack([counts, np.zeros_like(counts[:1])])
    kept = histograms(counts)
    for number, row in enumerate(counts):
        np.testing.assert_array_equal(kept.dense(number), row)
    assert len(kept.counts) < counts.size / 3
    halves = joined([histograms(counts[:2]), histograms(counts[2:])], np.array([3, 1, 0, 2]))
    for number, row in enumerate(counts[[3, 1, 0, 2]]):
        np.testing.assert_array_equal(halves.dense(number), row)


def test_what_several_threads_counted_is_added_and_their_room_is_empty_again() -> None:
    random = np.random.default_rng(6)
    counts = [np.stack([binned(random.normal(mean, 0.2, 300)) for mean in (0.0, shift)]).astype(np.int32) for shift in (-2.0, 2.0)]
    expected = counts[0] + counts[1]
    reaches = [np.array([[2000, 4000], [0, BINS - 1]], np.int32) for _ in counts]
    found = histograms_of(counts, reaches, np.uint16)
    for number, row in enumerate(expected):
        np.testing.assert_array_equal(found.dense(number), row)
    assert not np.any(counts)
    twice = added(found, histograms(expected), np.int32)
    for number, row in enumerate(expected):
        np.testing.assert_array_equal(twice.dense(number), 2 * row)


def test_mean_and_variance_from_bins_are_those_of_the_values() -> None:
    values = np.random.default_rng(8).normal(0.4, 0.3, 100_000)
    mean, variance = histograms(binned(values)[None]).mean_and_variance(0)
    assert mean == pytest.approx(values.mean(), abs=2e-5)  # half a bin over the root of the number of values, and more
    assert variance == pytest.approx(values.var(), rel=1e-4)


def test_means_of_levels_from_bins_are_those_of_the_values() -> None:
    random = np.random.default_rng(9)
    values = [random.normal(mean, 0.3, 50_000) for mean in (0.4, -2.0)]
    counts = np.stack([*map(binned, values), binned(np.array([7.0, 0.0])), np.zeros(BINS, int)])
    found = histograms(counts).exponential_means()
    np.testing.assert_allclose(found[:2], [np.exp(one).mean() for one in values], rtol=2e-5)  # a bin is .002 wide
    assert np.isnan(found[2:]).all()  # one lies beyond the last bin, nothing is held


def test_the_error_is_that_of_a_mean_of_independent_draws() -> None:
    shares = np.array([3, 7, 5, 9, 1, 5])
    odds = outcomes_of(shares.tolist(), 10).odds("aim")
    assert odds.probability == pytest.approx(0.5)
    assert odds.error == pytest.approx(np.std(shares / 10, ddof=1) / np.sqrt(6))


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
