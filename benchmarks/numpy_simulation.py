"""The peer of the simulation kernel: the same model and the same outputs in vectorised NumPy, as a good analyst would write it."""

import numpy as np

from forecast.series import Floats
from scenarios.outcomes import BIN_WIDTH, BINS, BINS_BELOW
from scenarios.plan import Plan, covariance_factor
from scenarios.simulation import PATHS_PER_DRAW


def simulate_numpy(plan: Plan, paths: int, seed: int) -> tuple[np.ndarray, Floats, np.ndarray, np.ndarray]:
    """Return histogram, moments, margins and hits by draw, shaped as those of `Outcomes`; exchange rates are left out."""
    generator = np.random.Generator(np.random.SFC64(seed))
    n_draws = -(-paths // PATHS_PER_DRAW)
    draw = np.arange(paths) // PATHS_PER_DRAW
    drawn = {name: family_growth(plan, name, paths, draw, generator) for name in sorted({one.family for one in plan.series})}
    histogram = np.zeros((len(plan.series), plan.n_years, BINS), dtype=np.int64)
    moments = np.zeros((len(plan.series), plan.n_years, 2))
    margins = np.zeros((len(plan.events), BINS), dtype=np.int64)
    hits = np.zeros((len(plan.events), n_draws), dtype=np.int64)
    for index, one in enumerate(plan.series):
        family = plan.belief.families[one.family]
        nodes, common, growth = drawn[one.family]
        start = one.series.origin + 1
        n_years = plan.horizon - one.series.origin
        factor = covariance_factor(one.covariance)
        normals = generator.standard_normal((n_draws, 3))
        state = (
            one.base[nodes] + np.einsum("sij,sj->si", one.slope[nodes], common) + np.einsum("sij,sj->si", factor[nodes], normals)
        )
        trend, lasting, passing = state[draw].T
        node = nodes[draw]
        persistence, own_shock, noise = family.persistence[node], one.own_shock[node], one.level_noise[node]
        extra = plan.log_extra_growth(one)
        centre = float(one.series.log_level[-1])
        logs = np.empty((n_years, paths))
        for t in range(n_years):
            passing = persistence * passing + own_shock * generator.standard_normal(paths)
            trend = trend + growth[:, start - family.first_year + t] + lasting + passing + extra[t]
            logs[t] = trend + noise * generator.standard_normal(paths)
            deviation = logs[t] - centre
            column = start - plan.first_year + t
            moments[index, column] = deviation.sum(), np.square(deviation).sum()
            histogram[index, column] = binned(deviation)
        for number in range(*plan.events_of(str(one.key)).indices(len(plan.events))):
            event = plan.events[number]
            margin = logs[event.year - start] - event.log_value
            margins[number] = binned(margin)
            hits[number] = np.bincount(draw[margin >= 0.0], minlength=n_draws)
    return histogram, moments, margins, hits


def family_growth(
    plan: Plan, name: str, paths: int, draw: np.ndarray, generator: np.random.Generator
) -> tuple[np.ndarray, Floats, Floats]:
    """Node and common vector of every draw, and growth m + F (paths, years from the family's first year)."""
    family = plan.belief.families[name]
    n_draws = int(draw[-1]) + 1
    known = family.common_mean.shape[1] - 1
    nodes = np.searchsorted(np.cumsum(family.weights), generator.random(n_draws)).clip(max=len(family.weights) - 1)
    factor = covariance_factor(family.common_covariance)
    common = family.common_mean[nodes] + np.einsum("sij,sj->si", factor[nodes], generator.standard_normal((n_draws, known + 1)))
    growth = np.empty((paths, max(plan.horizon - family.first_year + 1, known)))
    by_path = common[draw]
    growth[:, :known] = by_path[:, :1] + by_path[:, 1:]
    deviation, fade = by_path[:, known], family.fade[nodes][draw]
    for t in range(known, growth.shape[1]):
        deviation = fade * deviation + family.common_shock * generator.standard_normal(paths)
        growth[:, t] = by_path[:, 0] + deviation
    return nodes, common, growth


def binned(deviation: Floats) -> np.ndarray:
    """Count values in the bins of `Outcomes`."""
    place = np.floor(deviation / BIN_WIDTH).astype(np.int64) + BINS_BELOW + 1
    return np.bincount(np.clip(place, 0, BINS - 1), minlength=BINS)
