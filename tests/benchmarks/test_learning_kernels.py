"""The objective of the reference class: its score against a slow twin, its derivatives against differences."""

import numpy as np
import pytest
from scipy.special import logsumexp

from benchmarks.learn_reference_class import AHEAD, KINDS, SHRINKAGE, conditions, loss, node_parameters, predictions
from forecast.reference_class import from_vector, stored_classes, to_vector


@pytest.fixture(scope="module")
def lessons():
    """Forty histories that wander, of three and eight levels, less the last level known."""
    random, found = np.random.default_rng(11), {}
    for n in (3, 8):
        spread = np.exp(random.normal(np.log(0.06), 0.8, (40, 1)))
        levels = np.cumsum(0.03 + spread * random.standard_normal((40, n + AHEAD)), axis=1)
        levels -= levels[:, n - 1 : n]
        found[n] = (levels[:, :n].copy(), levels[:, n:].copy())
    return found


def slow_loss(vector, lessons):
    """The loss from what the class predicts: mixtures of normals written out."""
    of, scores = from_vector(vector), []
    for known, coming in lessons.values():
        weights, centre, variance = predictions(of, known)
        with np.errstate(divide="ignore"):
            logs = (
                np.log(weights)[:, :, None] - 0.5 * (coming[:, None] - centre) ** 2 / variance - 0.5 * np.log(2 * np.pi * variance)
            )
        scores.append(np.maximum(logsumexp(logs, axis=1), -15.0).mean())
    return float((vector[3:].reshape(KINDS, -1) ** 2 @ SHRINKAGE).sum() - np.mean(scores))


@pytest.mark.parametrize("number", [0, 1])
def test_the_loss_and_its_derivatives(number, lessons):
    vector = to_vector(stored_classes()[number][1]) + 0.02
    found, slopes = loss(vector, lessons)
    assert found == pytest.approx(slow_loss(vector, lessons), abs=1e-6)
    steps = 1e-4 * np.eye(vector.size)
    differences = [(slow_loss(vector + step, lessons) - slow_loss(vector - step, lessons)) / 2e-4 for step in steps]
    np.testing.assert_allclose(slopes, differences, atol=1e-4)


def test_conditions_are_those_of_the_nodes(lessons):
    of = stored_classes()[1][1]
    _, _, variance = predictions(of, lessons[8][0])
    np.testing.assert_allclose(conditions(node_parameters(to_vector(of)), 8)[2], variance, rtol=1e-6)
