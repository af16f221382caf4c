"""What many series share, drawn for a block of paths by address: for the simulation, and for whoever asks afterwards what a path has met."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from forecast.series import Floats
from scenarios import family_kernels
from scenarios.doubts import Doubt, Singles, Words, drawn_doubts
from scenarios.plan import Plan
from scenarios.prepared import Prepared
from scenarios.pushes import add_common_shocks
from scenarios.shocks import Integers, Seed, law_of

Numbers = TypeVar("Numbers", Singles, Floats)


class DrawnFamily(NamedTuple):
    """What a family shares: nodes (n_draws,), common parameters (n_draws, D), and growth m + F cumulated by year.

    by_draw (rows from the family's first year, n_draws) is what the parameters say of it, by_path (rows from the run's first year, n_paths)
    what shocks add.
    """

    nodes: Integers
    common: Floats
    by_draw: Floats
    by_path: Singles


def drawn_family(
    prepared: Prepared, name: str, seed: Seed, first_draw: int, n_draws: int, low: Words, high: Words
) -> DrawnFamily:  # fmt: skip
    """Draw what a family shares for a block of draws; low and high (n_paths,) are the two words of the numbers of its paths."""
    plan, family = prepared.plan, prepared.families[name]
    nodes, common = np.empty(n_draws, np.int64), np.empty((n_draws, family.mean.shape[1]))
    by_draw = np.empty((plan.horizon - family.first_year + 2, n_draws))
    by_path = np.empty((plan.n_years + 1, len(low)), np.float32)
    family_kernels.fill_family(first_draw, low, high, family, law_of(), nodes, common, by_draw, plan.first_year, by_path)
    add_common_shocks(prepared.slots, name, seed, first_draw, n_draws, low, high, by_path)
    return DrawnFamily(nodes, common, by_draw, by_path)


def doubts_by_path(plan: Plan, doubts: Sequence[Doubt], seed: Seed, n_draws: int, per_draw: int) -> Singles:
    """Draw what the simulation draws of some doubts (`drawn_doubts`), in the order of the paths, (doubts, n_years, n_draws * per_draw)."""
    low, high = np.empty((2, n_draws * per_draw), np.uint32)
    family_kernels.fill_indices(0, n_draws, per_draw, False, low, high)
    return in_path_order(drawn_doubts(plan, doubts, seed, 0, n_draws, low, high), n_draws)


def in_path_order(values: Numbers, n_draws: int) -> Numbers:
    """Put the paths of a block (..., n_paths) into the order of their numbers, those of a draw behind each other."""
    by_draw = values.reshape(*values.shape[:-1], values.shape[-1] // n_draws, n_draws).swapaxes(-2, -1)
    return by_draw.reshape(values.shape)
