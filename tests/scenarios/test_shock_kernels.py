"""Shocks: the published vectors, the plain twin, the normal quantile and the distribution of the draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from scenarios.path_kernels import fill_yearly_normals
from scenarios.shock_kernels import fill_normals_of_words, philox, uniform
from tests.reference import shocks_reference

WORD = st.integers(0, 2**32 - 1)
ONES = 0xFFFFFFFF

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


def normals_of(words):
    words = np.array(words, dtype=np.uint32)
    normals = np.empty(len(words))
    fill_normals_of_words(words, np.empty((3, len(words))), normals)
    return normals


def test_normals_are_exact_to_5e_10_from_the_middle_far_into_both_tails():
    # Both ends are reached: half of 2**-32 is 6.3 standard deviations out.
    near_ends = np.unique(np.geomspace(1, 2**31, 4000).astype(np.int64))
    middle = 2**31 + np.arange(-2000, 2000)
    spread = np.random.default_rng(5).integers(0, 2**32, 200_000)
    words = np.concatenate([[0, ONES], near_ends, ONES - near_ends, middle, spread])
    exact = ndtri((words + 0.5) / 2**32)
    np.testing.assert_allclose(normals_of(words), exact, rtol=0, atol=5e-10)
    beyond = np.abs(exact) > 5
    assert beyond.sum() > 100
    np.testing.assert_allclose(normals_of(words)[beyond], exact[beyond], rtol=1e-10)


def test_normals_are_symmetric_and_rise_with_the_word():
    words = np.sort(np.random.default_rng(6).choice(2**32, 50_000, replace=False))
    normals = normals_of(words)
    assert np.all(np.diff(normals) > 0)
    np.testing.assert_array_equal(normals_of(ONES - words), -normals)


def test_uniform_stays_inside_zero_and_one():
    assert 0.0 < uniform(0) < 2.0**-32
    assert 1.0 - 2.0**-32 < uniform(ONES) < 1.0


def test_an_address_does_not_depend_on_where_years_and_paths_start():
    long, short = np.empty((12, 7)), np.empty((5, 3))
    fill_yearly_normals(17, 23, 5_000_000_120, 2009, long)
    fill_yearly_normals(17, 23, 5_000_000_123, 2013, short)
    np.testing.assert_array_equal(long[4:9, 3:6], short)
    assert long[4, 3] == pytest.approx(shocks_reference.yearly_normal((17, 23), 5_000_000_123, 2013), abs=5e-10)


def test_draws_are_normal_and_streams_independent():
    # Kolmogorov-Smirnov and correlation on fixed streams; error of the first kind 0.1 % each.
    first, second = np.empty((8, 20_000)), np.empty((8, 20_000))
    fill_yearly_normals(1, 2, 0, 2013, first)
    fill_yearly_normals(1, 3, 0, 2013, second)
    assert stats.kstest(first.ravel(), "norm").pvalue > 0.001
    limit = 3.29 / np.sqrt(first.size)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < limit
    assert abs(np.corrcoef(first[:, :-1].ravel(), first[:, 1:].ravel())[0, 1]) < limit * np.sqrt(8 / 7)
    assert abs(np.corrcoef(first[:-1].ravel(), first[1:].ravel())[0, 1]) < limit
