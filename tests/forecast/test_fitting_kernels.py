"""The steps of the search."""

import numpy as np
import pytest

from forecast.fitting_kernels import damped_step, damped_step_of_three

FREE = np.ones(3)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("damping", [0.0, 1e-3, 10.0])
def test_a_step_solves_the_damped_normal_equations(seed, damping):
    random = np.random.default_rng(seed)
    jacobian, residuals = random.normal(size=(15, 3)) * [1.0, 30.0, 0.01], random.normal(size=15)
    products, along = jacobian.T @ jacobian, jacobian.T @ residuals
    scale = np.sqrt(np.diag(products))
    step = np.empty(3)
    assert damped_step(products, along, scale, damping, FREE, np.zeros((3, 3)), step)
    np.testing.assert_allclose(step, np.linalg.solve(products + damping * np.diag(scale**2), along), rtol=1e-9)


@pytest.mark.parametrize("held", range(3))
def test_a_parameter_that_is_held_does_not_move(held):
    jacobian = np.random.default_rng(5).normal(size=(15, 3))
    products, along = jacobian.T @ jacobian, jacobian.T @ np.ones(15)
    free, step = FREE.copy(), np.empty(3)
    free[held] = 0.0
    assert damped_step(products, along, np.ones(3), 0.1, free, np.zeros((3, 3)), step)
    others = np.flatnonzero(free)
    assert step[held] == 0.0
    np.testing.assert_allclose(step[others], np.linalg.solve((products + 0.1 * np.eye(3))[np.ix_(others, others)], along[others]))


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan])
def test_equations_that_no_step_solves_are_refused(row, bad):
    products = np.eye(3)
    products[row, row] = bad
    assert not damped_step_of_three(products, np.ones(3), np.ones(3), 0.0, np.empty(3))
