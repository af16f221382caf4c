"""The peer of the simulation kernel: the same model and the same outputs in vectorised NumPy, as a good analyst would write it.

Single precision, its own random numbers, np.quantile over the paths; Student's shocks by the ratio of a normal and a chi-square number, cut at
8 scales by drawing again. Exchange rates, levers and what the kernel does beyond them are left out: this is the baseline alone.
"""

from collections.abc import Sequence
from math import isinf, sqrt

import numpy as np
from numpy.typing import NDArray

from forecast.series import Floats
from forecast.tails import BOUND, truncated_variance
from scenarios.plan import Plan
from scenarios.prepared import covariance_factor
from scenarios.simulation import PATHS_PER_DRAW

Singles = NDArray[np.float32]


def simulate_numpy(plan: Plan, paths: int, seed: int, probabilities: Sequence[float]) -> tuple[Floats, Floats, Floats, Floats]:
    """Quantiles (n_series, n_years, m) of ln(level / last level), and of each event: odds, their error, shares of paths by first year."""
    generator = np.random.Generator(np.random.SFC64(seed))
    n_draws = paths // PATHS_PER_DRAW
    draw = np.arange(paths) // PATHS_PER_DRAW
    drawn = {name: family_growth(plan, name, draw, generator) for name in sorted({one.family for one in plan.series})}
    quantiles = np.full((len(plan.series), plan.n_years, len(probabilities)), np.nan)
    odds, errors = np.zeros(len(plan.events)), np.zeros(len(plan.events))
    first_years = np.zeros((len(plan.events), plan.n_years + 1))
    places: dict[tuple[str, str], Singles] = {}
    for index, one in enumerate(plan.series):
        family = plan.belief.families[one.family]
        nodes, common, growth = drawn[one.family]
        start = one.series.origin + 1
        place = (one.key.place, one.family)
        if place not in places:
            places = {place: own_shocks(generator, (plan.n_years, paths), family.tail)}
        normals = generator.standard_normal((n_draws, 3))
        factor = covariance_factor(one.covariance)
        state = (
            one.base[nodes] + np.einsum("sij,sj->si", one.slope[nodes], common) + np.einsum("sij,sj->si", factor[nodes], normals)
        )
        state[:, 0] -= one.series.log_level[-1]
        trend, lasting, passing = state.astype(np.float32)[draw].T
        node = nodes[draw]
        persistence, shock, noise = (
            array.astype(np.float32)[node] for array in (family.persistence, one.own_shock, one.level_noise)
        )
        shared, own = np.float32(sqrt(family.same_place)), np.float32(sqrt(1 - family.same_place))
        events = [number for number, event in enumerate(plan.events) if event.series == str(one.key)]
        reached = np.zeros((len(events), paths), dtype=bool)
        for t in range(plan.horizon - one.series.origin):
            column = start - plan.first_year + t
            push = shared * places[place][column] + own * own_shocks(generator, (paths,), family.tail)
            passing = persistence * passing + shock * push
            trend = trend + growth[start - family.first_year + t] + lasting + passing
            level = trend + noise * generator.standard_normal(paths, dtype=np.float32)
            quantiles[index, column] = np.quantile(level, probabilities)
            for row, number in enumerate(events):
                event = plan.events[number]
                above = level >= np.float32(event.log_value - one.series.log_level[-1])
                first_years[number, column] = np.mean(above & ~reached[row])
                reached[row] |= above
                if event.year == start + t:
                    shares = above.reshape(n_draws, PATHS_PER_DRAW).mean(axis=1)
                    odds[number], errors[number] = shares.mean(), shares.std(ddof=1) / sqrt(n_draws)
        first_years[events, -1] = np.mean(~reached, axis=1)
    return quantiles, odds, errors, first_years


def own_shocks(generator: np.random.Generator, shape: tuple[int, ...], freedom: float) -> Singles:
    """Normal or Student's numbers of variance 1."""
    if isinf(freedom):
        return generator.standard_normal(shape, dtype=np.float32)
    shocks = generator.standard_t(freedom, shape)
    while np.any(far := np.abs(shocks) > BOUND):
        shocks[far] = generator.standard_t(freedom, int(far.sum()))
    scale = sqrt(truncated_variance(freedom))
    return (shocks / scale).astype(np.float32)


def family_growth(
    plan: Plan, name: str, draw: NDArray[np.int64], generator: np.random.Generator
) -> tuple[NDArray[np.int64], Floats, Singles]:
    """Node and common vector of every draw, and growth m + F (years from the family's first year, paths)."""
    family = plan.belief.families[name]
    n_draws = int(draw[-1]) + 1
    known = family.common_mean.shape[1] - 1
    nodes = np.searchsorted(np.cumsum(family.weights), generator.random(n_draws)).clip(max=len(family.weights) - 1)
    factor = covariance_factor(family.common_covariance)
    common = family.common_mean[nodes] + np.einsum("sij,sj->si", factor[nodes], generator.standard_normal((n_draws, known + 1)))
    by_path = common.astype(np.float32)[draw].T
    growth = np.empty((max(plan.horizon - family.first_year + 1, known), len(draw)), dtype=np.float32)
    growth[:known] = by_path[0] + by_path[1:]
    deviation, fade = by_path[known], family.fade.astype(np.float32)[nodes][draw]
    for t in range(known, len(growth)):
        deviation = fade * deviation + np.float32(family.common_shock) * generator.standard_normal(len(draw), dtype=np.float32)
        growth[t] = by_path[0] + deviation
    return nodes, common, growth
