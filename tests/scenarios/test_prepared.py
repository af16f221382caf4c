"""A plan laid out for the kernels."""

from dataclasses import replace

import numpy as np
import pytest

from scenarios.plan import Plan
from scenarios.prepared import covariance_factor, prepare


@pytest.mark.parametrize("size", [1, 3, 12])
def test_factors_give_their_covariances_again(size: int) -> None:
    roots = np.random.default_rng(size).normal(size=(2, 5, size, size))
    covariance = roots @ roots.swapaxes(-1, -2)
    factor = covariance_factor(covariance)
    np.testing.assert_allclose(factor, np.linalg.cholesky(covariance), rtol=1e-9, atol=1e-12)


def test_what_does_not_vary_has_a_factor_of_zero() -> None:
    covariance = np.array([[4.0, 0.0, 2.0], [0.0, 0.0, 0.0], [2.0, 0.0, 3.0]])
    factor = covariance_factor(covariance)
    np.testing.assert_allclose(factor @ factor.T, covariance)
    np.testing.assert_array_equal(factor[:, 1], 0.0)
    np.testing.assert_array_equal(covariance_factor(np.zeros((4, 2, 2))), 0.0)


def test_a_plan_is_laid_out_once_and_every_seed_has_keys_of_its_own(plan: Plan) -> None:
    """The replicates of a run on Sobol points share what they are laid out as; whichever came first, each has its own keys."""
    first, second = prepare(plan, 1), prepare(plan, "sobol 1.0")
    anew = prepare(replace(plan), "sobol 1.0")
    assert second.events is first.events
    for one, other, alone in zip(first.stages, second.stages, anew.stages, strict=True):
        assert other.members.base is one.members.base
        for name in ("keys", "group_keys"):
            assert not np.array_equal(getattr(one.members, name), getattr(other.members, name))
            np.testing.assert_array_equal(getattr(other.members, name), getattr(alone.members, name))
    for name, family in second.families.items():
        np.testing.assert_array_equal(family.keys, anew.families[name].keys)
        assert not np.array_equal(family.keys, first.families[name].keys)
    assert prepare(plan, 1, [0]).rows == (0,)
