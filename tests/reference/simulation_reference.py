"""One path at a time, one year at a time, in plain Python: the twin of scenarios/path_kernels.py."""

from math import log1p

import numpy as np

from scenarios.plan import Plan, stream_keys
from tests.reference.shocks_reference import draw_normal, philox, uniform, yearly_normal


def keys(seed: int, *names: str) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in stream_keys(seed, *names)]


def family_growth(plan: Plan, name: str, seed: int, path: int, paths_per_draw: int) -> tuple[int, np.ndarray, dict[int, float]]:
    """Node, common vector and m + F by year of one path."""
    family = plan.belief.families[name]
    node_key, parameter_key, shock_key = keys(seed, f"{name}|node", f"{name}|common parameters", f"{name}|common shock")
    draw = path // paths_per_draw
    chance = uniform(philox((draw, 0, 0, 0), node_key)[0])
    node = int(np.argmax(np.cumsum(family.weights) >= chance))
    factor = np.linalg.cholesky(family.common_covariance[node])
    normals = np.array([draw_normal(parameter_key, draw, i) for i in range(len(factor))])
    common = family.common_mean[node] + factor @ normals
    growth = {family.first_year + t: common[0] + common[1 + t] for t in range(len(common) - 1)}
    deviation = common[-1]
    for year in range(family.last_year + 1, plan.horizon + 1):
        deviation = family.fade[node] * deviation + family.common_shock * yearly_normal(shock_key, path, year)
        growth[year] = common[0] + deviation
    return node, common, growth


def series_levels(plan: Plan, number: int, seed: int, path: int, paths_per_draw: int) -> dict[int, float]:
    """ln(level) of one series in each year of one path."""
    one = plan.series[number]
    family = plan.belief.families[one.family]
    node, common, growth = family_growth(plan, one.family, seed, path, paths_per_draw)
    name = str(one.key)
    parameter_key, growth_key, noise_key = keys(seed, f"{name}|parameters", f"{name}|growth", f"{name}|level noise")
    draw = path // paths_per_draw
    values = np.linalg.eigvalsh(one.covariance[node])
    assert values.min() > -1e-9
    factor = lower_factor(one.covariance[node])
    normals = np.array([draw_normal(parameter_key, draw, i) for i in range(3)])
    trend, lasting, passing = one.base[node] + one.slope[node] @ common + factor @ normals
    levels = {}
    for year in range(one.series.origin + 1, plan.horizon + 1):
        passing = family.persistence[node] * passing + one.own_shock[node] * yearly_normal(growth_key, path, year)
        trend += growth[year] + lasting + passing + log1p(plan.extra_growth.get(name, 0.0) / 100)
        levels[year] = trend + one.level_noise[node] * yearly_normal(noise_key, path, year)
    return levels


def lower_factor(covariance: np.ndarray) -> np.ndarray:
    """Cholesky factor of a matrix that may have rows of zeros (a nation has no lasting difference)."""
    alive = np.diag(covariance) > 0
    factor = np.zeros_like(covariance)
    factor[np.ix_(alive, alive)] = np.linalg.cholesky(covariance[np.ix_(alive, alive)])
    return factor
