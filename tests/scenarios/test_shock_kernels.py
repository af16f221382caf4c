"""Shocks: the published vectors, the plain twin, the laws out to their ends and the distribution of the draws."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scenarios.family_kernels import fill_yearly_shocks
from scenarios.shock_kernels import SOBOL, fill_shocks, fill_words, philox, uniform
from scenarios.shocks import law_of
from tests.reference import shocks_reference

WORD = st.integers(0, 2**32 - 1)
ONES = 0xFFFFFFFF
STATED_ERROR = 4e-6  # of a quantile, in standard deviations

# Known answers published with Random123 (kat_vectors, philox4x32, 10 rounds): counter, key, result.
PUBLISHED = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), PUBLISHED)
def test_philox_gives_the_published_words(counter, key, words):
    assert tuple(int(word) for word in philox(*counter, *key)) == words


@settings(deadline=None)
@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_philox_equals_its_plain_twin(counter, key):
    assert tuple(int(word) for word in philox(*counter, *key)) == shocks_reference.philox(counter, key)
    words = np.empty((4, 1), np.uint32)
    low, high = (np.array([word], np.uint32) for word in counter[:2])
    fill_words(np.array([*key, 0]), low, high, counter[2], counter[3], words)
    assert tuple(int(word) for word in words[:, 0]) == shocks_reference.philox(counter, key)


def sobol(key, n, block=0, stream=1):
    words = np.empty((4, n), np.uint32)
    fill_words(np.array([*key, 1]), np.arange(n, dtype=np.uint32), np.zeros(n, np.uint32), block, stream, words)
    return words


def test_directions_are_those_of_the_library():
    """Unscrambled points of scipy's Sobol sequence are sums of the same direction numbers."""
    points = stats.qmc.Sobol(4, scramble=False, bits=32).random(256)
    gray = np.arange(256) ^ (np.arange(256) >> 1)
    for dimension in range(4):
        words = np.zeros(256, dtype=np.uint32)
        for bit in range(8):
            words ^= np.where(gray >> bit & 1, SOBOL[dimension, bit], 0).astype(np.uint32)
        np.testing.assert_array_equal(words / 2**32, points[:, dimension])


def test_scrambled_sobol_points_fill_every_dyadic_box_once():
    # A (0, m, 2)-net in the first two dimensions; each dimension alone has one point in each of 256 parts, however it is scrambled.
    words = sobol((5, 6), 256)
    for dimension in range(4):
        np.testing.assert_array_equal(np.sort(words[dimension] >> 24), np.arange(256))
    for shift in range(9):
        boxes = (words[0].astype(np.int64) >> (32 - shift) << (8 - shift)) | (words[1].astype(np.int64) >> (24 + shift))
        assert len(np.unique(boxes)) == 256


def test_sobol_blocks_are_scrambled_apart_and_uniform():
    one, other = sobol((5, 6), 4096), sobol((5, 6), 4096, block=1)
    limit = 3.29 / np.sqrt(4096)
    for first in one:
        for second in other:
            assert abs(np.corrcoef(first, second)[0, 1]) < 4 * limit
        assert stats.kstest(first / 2**32, "uniform").pvalue > 0.5  # evener than random numbers


def shocks_of(words, freedom=inf):
    words = np.array(words, dtype=np.uint32)
    shocks = np.empty(len(words), np.float32)
    fill_shocks(words, law_of(freedom), shocks)
    return shocks.astype(float)


def exact_shocks(words, freedom):
    """By scipy's double precision quantile, from the nearer end."""
    words = np.asarray(words, dtype=np.int64)
    tail = (np.minimum(words, ONES - words) + 0.5) / 2**32
    sign = np.where(words > 2**31 - 1, 1.0, -1.0)
    if np.isinf(freedom):
        return -sign * stats.norm.ppf(tail)
    cut = stats.t.cdf(-8.0, freedom)
    scale = shocks_reference.shock(0, freedom) / stats.t.ppf(cut + 0.5 / 2**32 * (1 - 2 * cut), freedom)
    return -sign * stats.t.ppf(cut + tail * (1 - 2 * cut), freedom) * scale


@pytest.mark.parametrize("freedom", [inf, 2.5, 3.0, 5.0, 30.0])
def test_quantiles_are_right_from_the_middle_far_into_both_tails(freedom):
    # Both ends are reached: half of 2**-32 is 6.3 standard deviations out for the normal law.
    near_ends = np.unique(np.geomspace(1, 2**31, 2000).astype(np.int64))
    middle = 2**31 + np.arange(-1000, 1000)
    spread = np.random.default_rng(5).integers(0, 2**32, 50_000)
    words = np.concatenate([[0, ONES], near_ends, ONES - near_ends, middle, spread])
    exact = exact_shocks(words, freedom)
    np.testing.assert_allclose(shocks_of(words, freedom), exact, rtol=0, atol=STATED_ERROR)
    beyond = np.abs(exact) > 5
    assert beyond.sum() > 100
    np.testing.assert_allclose(shocks_of(words, freedom)[beyond], exact[beyond], rtol=1e-6)


@pytest.mark.parametrize("freedom", [inf, 3.0])
def test_quantiles_are_symmetric_and_rise_with_the_word(freedom):
    words = np.sort(np.random.default_rng(6).choice(2**32, 50_000, replace=False))
    shocks = shocks_of(words, freedom)
    assert np.all(np.diff(shocks) > -1e-6)  # single precision near the ends
    np.testing.assert_array_equal(shocks_of(ONES - words, freedom), -shocks)


@pytest.mark.parametrize("freedom", [inf, 2.5, 3.0, 8.0])
def test_every_law_has_mean_0_and_variance_1(freedom):
    # The midpoint rule over 2**20 equal parts; the ends of the normal law weigh 1e-5.
    shocks = shocks_of(np.arange(2**20, dtype=np.int64) * 4096 + 2048, freedom)
    assert np.mean(shocks) == pytest.approx(0.0, abs=1e-6)
    assert np.mean(shocks**2) == pytest.approx(1.0, abs=1e-4)


def test_uniform_stays_inside_zero_and_one():
    assert 0.0 < uniform(0) < 2.0**-32
    assert 1.0 - 2.0**-32 < uniform(ONES) < 1.0


def yearly(key, first_path, n_paths, first_year, n_years, freedom=inf):
    paths = first_path + np.arange(n_paths, dtype=np.int64)
    out = np.empty((n_years, n_paths), np.float32)
    low, high = (paths & ONES).astype(np.uint32), (paths >> 32).astype(np.uint32)
    fill_yearly_shocks(np.array([*key, 0]), low, high, first_year, law_of(freedom), out)
    return out.astype(float)


def test_an_address_does_not_depend_on_where_years_and_paths_start():
    long = yearly((17, 23), 5_000_000_120, 7, 2009, 12)
    np.testing.assert_array_equal(long[4:9, 3:6], yearly((17, 23), 5_000_000_123, 3, 2013, 5))
    for year in range(2009, 2021):
        plain = shocks_reference.yearly_shock((17, 23), 5_000_000_123, year)
        assert long[year - 2009, 3] == pytest.approx(plain, abs=STATED_ERROR)


def test_draws_are_normal_and_streams_independent():
    # Kolmogorov-Smirnov and correlation on fixed streams; error of the first kind 0.1 % each. `make shock-tests` does it on 10**8 draws.
    first, second = yearly((1, 2), 0, 20_000, 2013, 8), yearly((1, 3), 0, 20_000, 2013, 8)
    assert stats.kstest(first.ravel(), "norm").pvalue > 0.001
    limit = 3.29 / np.sqrt(first.size)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < limit
    assert abs(np.corrcoef(first[:, :-1].ravel(), first[:, 1:].ravel())[0, 1]) < limit * np.sqrt(8 / 7)
    assert abs(np.corrcoef(first[:-1].ravel(), first[1:].ravel())[0, 1]) < limit
