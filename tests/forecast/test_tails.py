"""Heavy tails as a mixture of normal laws: against Student's law, against drawn sums, and what may not change."""

import numpy as np
import pytest
from scipy.stats import norm, t

from forecast.prediction import own_shock_variances, predict
from forecast.tails import BOUND, SHARES, added_variances, shock_variances, truncated_share, truncated_variance
from tests.made_up import without_tails

FREEDOMS = [2.5, 3.0, 5.0, 12.0, 60.0]


def drawn(freedom: float, shape: tuple[int, ...]) -> np.ndarray:
    """Truncated Student shocks of variance 1, by their inverse; seed fixed."""
    uniforms = np.random.default_rng(7).random(shape)
    cut = truncated_share(freedom) / 2
    return t.ppf(cut + uniforms * (1 - 2 * cut), freedom) / np.sqrt(truncated_variance(freedom))


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_what_is_cut_off_and_the_variance_left_are_those_of_the_law(freedom: float) -> None:
    assert truncated_share(freedom) == pytest.approx(2 * t.sf(BOUND, freedom))
    second_moment = t.expect(lambda x: x * x, (freedom,), lb=-BOUND, ub=BOUND, conditional=True)
    assert truncated_variance(freedom) == pytest.approx(second_moment, rel=1e-6)


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_one_shock_has_the_law_of_student_to_a_third_of_a_hundredth(freedom: float) -> None:
    parts = shock_variances(freedom)
    assert SHARES @ parts == pytest.approx(1.0)
    assert np.all(np.diff(parts) < 0)
    at = np.linspace(-6, 6, 241)
    cut = truncated_share(freedom) / 2
    wanted = np.clip((t.cdf(at * np.sqrt(truncated_variance(freedom)), freedom) - cut) / (1 - 2 * cut), 0, 1)
    found = SHARES @ norm.cdf(at / np.sqrt(parts)[:, None])
    assert np.abs(found - wanted).max() < 0.0035


@pytest.mark.parametrize("reach", [(1.0, 1.0, 1.0, 1.0), (1.0, 2.2, 3.1, 3.7), (4.0, 1.0, 0.2, 0.1)])
def test_a_sum_has_the_law_of_drawn_sums(reach: tuple[float, ...]) -> None:
    """The largest difference of 200,000 drawn ones from their law exceeds .0044 once in a thousand times; .0035 more is what parts may be off."""
    found = added_variances(reach, 3.0)
    np.testing.assert_allclose(found @ SHARES, np.cumsum(reach))
    shocks = np.cumsum(drawn(3.0, (200_000, len(reach))) * np.sqrt(reach), axis=1)
    for parts, sums in zip(found, shocks.T, strict=True):
        at = np.sqrt(SHARES @ parts) * np.linspace(-4, 4, 81)
        reached = np.searchsorted(np.sort(sums), at, side="right") / len(sums)
        assert np.abs(SHARES @ norm.cdf(at / np.sqrt(parts)[:, None]) - reached).max() < 0.0044 + 0.0035


def test_mean_and_variance_of_a_prediction_are_those_of_normal_shocks(small_belief) -> None:
    for one in small_belief.series:
        heavy, normal = (predict(belief, one, 2020) for belief in (small_belief, without_tails(small_belief)))
        np.testing.assert_allclose(heavy.log_moments(), normal.log_moments(), rtol=1e-10)
        assert heavy.yearly_weights.sum(axis=0) == pytest.approx(1.0)
        # More in the middle and more far out: the ends cross those of the normal law.
        between = {
            share: [np.ptp(np.log(each.quantiles((share, 1 - share))), axis=0) for each in (heavy, normal)]
            for share in (0.3, 0.002)
        }
        assert np.all(between[0.3][0] < between[0.3][1])
        assert np.all(between[0.002][0] > between[0.002][1])


def test_the_parts_have_the_variance_of_normal_shocks_on_average(small_belief) -> None:
    family = small_belief.families["contracts"]
    one = next(each for each in small_belief.series if each.family == "contracts")
    heavy = predict(small_belief, one, 2018)
    normal = predict(without_tails(small_belief), one, 2018)
    shocks = own_shock_variances(family.persistence, one.own_shock, len(heavy.years))
    parts = heavy.variance.reshape(SHARES.size, -1, len(heavy.years)) - normal.variance + shocks.T
    np.testing.assert_allclose(np.einsum("j,jkh->kh", SHARES, parts), shocks.T)
