"""A plan laid out for the kernels."""

import numpy as np
import pytest

from scenarios.prepared import covariance_factor


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
