"""Shapley's value: its axioms, a game with a known answer, and sampled orders against all of them."""

from itertools import permutations

import numpy as np
import pytest

from forecast.series import Floats
from scenarios.attribution import EXACT_TERMS, shapley


def game(n_terms: int, seed: int):
    """A value for every subset of terms on 2 targets and 3 draws."""
    random = np.random.default_rng(seed)
    known: dict[frozenset[int], Floats] = {}

    def value(chosen: frozenset[int]) -> Floats:
        return known.setdefault(chosen, random.normal(size=(2, 3)))

    return value


def slow(n_terms: int, value) -> Floats:
    """The mean over all orders of what each term changes when it joins."""
    parts = np.zeros((n_terms, 2))
    orders = list(permutations(range(n_terms)))
    for order in orders:
        for place, one in enumerate(order):
            joined = value(frozenset(order[: place + 1])) - value(frozenset(order[:place]))
            parts[one] += joined.mean(axis=1) / len(orders)
    return parts


@pytest.mark.parametrize("n_terms", [1, 2, 3, 5])
def test_subsets_give_the_mean_over_all_orders(n_terms: int) -> None:
    value = game(n_terms, n_terms)
    np.testing.assert_allclose(shapley(n_terms, value).part, slow(n_terms, value), atol=1e-12)


@pytest.mark.parametrize("n_terms", [2, 5, EXACT_TERMS + 2])
def test_parts_add_up_to_the_whole_change(n_terms: int) -> None:
    value = game(n_terms, 7)
    parts = shapley(n_terms, value)
    whole = (value(frozenset(range(n_terms))) - value(frozenset())).mean(axis=1)
    np.testing.assert_allclose(parts.part.sum(axis=0), whole, atol=1e-12)
    np.testing.assert_allclose(parts.alone.sum(axis=0) + parts.interaction, whole, atol=1e-12)


def test_two_terms_share_what_they_do_together() -> None:
    """Alone 1 and 2, together 5: the 2 beyond their sum are halved (Shapley 1953)."""
    values = {frozenset(): 0.0, frozenset([0]): 1.0, frozenset([1]): 2.0, frozenset([0, 1]): 5.0}
    parts = shapley(2, lambda chosen: np.full((1, 4), values[chosen]))
    np.testing.assert_allclose(parts.part[:, 0], [2.0, 3.0])
    np.testing.assert_allclose(parts.interaction, [2.0])
    np.testing.assert_allclose(parts.error, 0.0)


def test_sampled_orders_come_within_their_error() -> None:
    n_terms = EXACT_TERMS + 1
    weights = np.random.default_rng(3).normal(size=(n_terms, n_terms))

    def value(chosen: frozenset[int]) -> Floats:
        members = sorted(chosen)
        return np.full((2, 3), weights[np.ix_(members, members)].sum())

    parts = shapley(n_terms, value)
    # pairs are shared in halves: a term has its own weight and half of what it does with each other one
    exact = (weights.sum(axis=0) + weights.sum(axis=1)) / 2
    np.testing.assert_allclose(parts.part[:, 0], exact, atol=1e-9)  # with its reverse, an order is exact for pairs
    np.testing.assert_allclose(parts.error, 0.0, atol=1e-9)
    value = game(n_terms, 11)
    sampled = shapley(n_terms, value)
    assert np.all(np.abs(sampled.part - slow(n_terms, value)) < 5 * sampled.error)
