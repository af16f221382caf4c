"""What each term of a scenario does to the odds, whatever the order in which terms are thought of: Shapley's value.

A term's part is the mean, over all orders, of what the odds change by when it joins those before it (Shapley 1953). The parts add up to the
whole change. The interaction is what the whole change has beyond the sum of what each term does alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import factorial, sqrt

import numpy as np

from forecast.series import Floats

EXACT_TERMS = 5
ORDERS = 16

Value = Callable[[frozenset[int]], Floats]


@dataclass(frozen=True, eq=False)
class Parts:
    """Parts of m changes of odds by n terms: part, error and alone (n, m), and the interaction (m,)."""

    part: Floats
    error: Floats
    alone: Floats
    interaction: Floats


def shapley(n_terms: int, value: Value, seed: int = 1) -> Parts:
    """Attribute changes of odds to terms.

    Parameters
    ----------
    n_terms : int
    value : callable
        The odds (m, n_draws), by draw of the parameters, with some of the terms.
    seed : int
        Of the orders that are sampled where there are more than five terms: half of them at random, the other half their reverses.

    Returns
    -------
    Parts
        The error is that of a mean over draws, and of the orders where they are sampled.
    """
    by_draw, of_orders = (by_subsets(n_terms, value), None) if n_terms <= EXACT_TERMS else by_orders(n_terms, value, seed)
    nothing = value(frozenset())
    n_draws = nothing.shape[1]
    error = by_draw.std(axis=2, ddof=1) / sqrt(n_draws) if n_draws > 1 else np.full(by_draw.shape[:2], np.nan)
    alone = np.array([(value(frozenset([one])) - nothing).mean(axis=1) for one in range(n_terms)])
    whole = (value(frozenset(range(n_terms))) - nothing).mean(axis=1)
    return Parts(by_draw.mean(axis=2), error if of_orders is None else np.hypot(error, of_orders), alone, whole - alone.sum(axis=0))


def by_subsets(n_terms: int, value: Value) -> Floats:
    """Parts (n, m, n_draws) from all subsets of the terms."""
    parts = []
    for one in range(n_terms):
        others = [other for other in range(n_terms) if other != one]
        part = np.zeros_like(value(frozenset()))
        for size in range(n_terms):
            weight = factorial(size) * factorial(n_terms - size - 1) / factorial(n_terms)
            for before in map(frozenset, combinations(others, size)):
                part += weight * (value(before | {one}) - value(before))
        parts.append(part)
    return np.array(parts)


def by_orders(n_terms: int, value: Value, seed: int) -> tuple[Floats, Floats]:
    """Parts (n, m, n_draws) from sampled orders and their reverses, and the error (n, m) that sampling them leaves."""
    random = np.random.default_rng(seed)
    pairs = []
    for _ in range(ORDERS // 2):
        order = list(random.permutation(n_terms))
        pairs.append((joining(order, value) + joining(order[::-1], value)) / 2)
    found = np.array(pairs)
    return found.mean(axis=0), found.mean(axis=3).std(axis=0, ddof=1) / sqrt(len(pairs))


def joining(order: list[int], value: Value) -> Floats:
    """What each term (n, m, n_draws) changes when terms join in an order."""
    before = value(frozenset())
    parts = np.zeros((len(order), *before.shape))
    joined: frozenset[int] = frozenset()
    for one in order:
        joined = joined | {int(one)}
        after = value(joined)
        parts[one] = after - before
        before = after
    return parts
