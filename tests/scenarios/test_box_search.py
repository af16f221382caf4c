"""Patient rule induction finds boxes that were planted, tells no more conditions than it needs, and its scores are honest."""

import numpy as np
import pytest

from scenarios.box_search import find_box, rounded, score_box, within, youden

SIZE = 4000


def cube(seed: int, size: int = SIZE, traits: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=(size, traits))


@pytest.mark.parametrize(
    "planted",
    [
        {0: (-np.inf, 0.6)},
        {1: (0.4, np.inf), 3: (-np.inf, 0.7)},
        {0: (0.2, 0.7), 4: (0.25, np.inf)},
        {0: (-np.inf, 0.7), 1: (-np.inf, 0.8), 2: (0.35, np.inf)},
    ],
)
def test_a_planted_box_is_found(planted: dict[int, tuple[float, float]]) -> None:
    """Steps take off a twentieth, so a limit is off by at most as much; traits that do not matter are not limited."""
    traits = cube(1)
    wanted = np.tile([-np.inf, np.inf], (5, 1))
    for row, ends in planted.items():
        wanted[row] = ends
    found = find_box(traits, within(traits, wanted))
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(wanted))
    limited = np.isfinite(wanted)
    assert np.abs(found[limited] - wanted[limited]).max() < 0.05
    fresh = cube(2)
    score = score_box(within(fresh, found), within(fresh, wanted), np.arange(SIZE))
    assert score.density > 0.93
    assert score.coverage > 0.93


def test_a_box_in_noise_is_found_and_judged_on_fresh_futures() -> None:
    """Within it nine in ten happen, outside one in ten: density .9, coverage .75; errors of .01 and .015, four of them are allowed."""
    rule = np.tile([-np.inf, np.inf], (5, 1))
    rule[2] = (-np.inf, 0.5)
    rule[4] = (0.5, np.inf)

    def happened(traits: np.ndarray, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).uniform(size=len(traits)) < np.where(within(traits, rule), 0.9, 0.1)

    traits, fresh = cube(3), cube(4)
    found = find_box(traits, happened(traits, 5))
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(rule))
    score = score_box(within(fresh, found), happened(fresh, 6), np.arange(SIZE))
    assert score.density == pytest.approx(0.9, abs=0.06)
    assert score.coverage == pytest.approx(0.75, abs=0.06)
    assert score.size == pytest.approx(0.25, abs=0.04)


def test_no_more_traits_are_limited_than_allowed() -> None:
    traits = cube(7)
    happened = (traits < 0.85).all(axis=1)
    assert np.isfinite(find_box(traits, happened)).any(axis=1).sum() == 3
    assert np.isfinite(find_box(traits, happened, most=1)).any(axis=1).sum() == 1


def test_without_any_rule_hardly_anything_is_gained() -> None:
    """What noise offers is dropped, or turns out worthless on fresh futures."""
    traits, fresh = cube(8), cube(9)
    random = np.random.default_rng(10)
    inside = within(fresh, find_box(traits, random.uniform(size=SIZE) < 0.5))
    assert abs(youden(random.uniform(size=SIZE) < 0.5, inside)) < 0.1


def test_traits_of_few_values_and_constant_ones_are_served() -> None:
    random = np.random.default_rng(11)
    traits = np.column_stack([random.integers(0, 3, SIZE), np.ones(SIZE), random.uniform(size=SIZE)])
    found = find_box(traits, traits[:, 0] <= 1)
    np.testing.assert_array_equal(found, [[-np.inf, 1.0], [-np.inf, np.inf], [-np.inf, np.inf]])


@pytest.mark.parametrize("happened", [np.zeros(100, dtype=bool), np.ones(100, dtype=bool)])
def test_what_never_or_always_happens_has_no_box(happened: np.ndarray) -> None:
    assert not np.isfinite(find_box(cube(12, 100), happened)).any()


def test_shifts_and_scales_change_nothing_but_the_limits() -> None:
    traits = np.round(cube(13), 2)
    happened = traits[:, 0] + traits[:, 1] < 0.8
    first, second = find_box(traits, happened), find_box(1000 * traits, happened)
    np.testing.assert_allclose(second, 1000 * first)


def test_limits_have_three_digits() -> None:
    np.testing.assert_array_equal(
        rounded(np.array([[-np.inf, 12.3456], [0.0012345, np.inf]])), [[-np.inf, 12.3], [0.00123, np.inf]]
    )


def test_errors_of_shares_are_those_seen_over_seeds_where_futures_hang_together() -> None:
    """400 worlds of 300 draws with ten futures each: squared misses over squared errors average .8 to 1.25 (a mean of 400 chi-squares)."""
    misses = []
    for seed in range(400):
        random = np.random.default_rng(seed)
        draws = np.repeat(np.arange(300), 10)
        shared = random.normal(size=300)[draws]
        inside = shared + random.normal(size=3000) > 0.5
        happened = shared + random.normal(size=3000) > 0.0
        score = score_box(inside, happened, draws)
        misses.append([(score.density - DENSITY) / score.density_error, (score.coverage - COVERAGE) / score.coverage_error])
    np.testing.assert_array_less(np.abs(np.mean(np.square(misses), axis=0) - 1.0), 0.25)


def truth() -> tuple[float, float]:
    """The shares in a world without end: two normal variables with correlation .5."""
    from scipy.stats import multivariate_normal

    both = float(multivariate_normal.cdf([-0.5 / np.sqrt(2), 0.0], cov=[[1, 0.5], [0.5, 1]]))
    one = float(multivariate_normal.cdf([-0.5 / np.sqrt(2)], cov=[[1]]))
    return both / one, both / 0.5


DENSITY, COVERAGE = truth()
