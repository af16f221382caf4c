"""Paths years forward, outcomes folded in as they appear. Serial kernels; simulation.py runs them on fixed blocks of paths.

An address is (key of the stream, path or draw, calendar year): a Philox call serves four years, so the counter holds year // 4 and the
year picks the word. Parameters are drawn once for each draw of `paths_per_draw` paths.
"""

from math import floor

import numpy as np
from numba import njit

from scenarios.shock_kernels import normal_quantile, philox, uniform


@njit(cache=True, error_model="numpy", nogil=True)
def fill_normals(key_0, key_1, index, out):
    """Fill out (n,) with the standard normals of one draw: counter (index low, index high, n // 4)."""
    low, high = index & 0xFFFFFFFF, index >> 32
    for block in range((out.shape[0] + 3) // 4):
        words = philox(low, high, block, 0, key_0, key_1)
        for lane in range(4):
            position = 4 * block + lane
            if position < out.shape[0]:
                out[position] = normal_quantile(uniform(words[lane]))


@njit(cache=True, error_model="numpy", nogil=True)
def fill_yearly_normals(key_0, key_1, path, first_year, out):
    """Fill out (n,) with the standard normals of one path for the years first_year, first_year + 1, ..."""
    low, high = path & 0xFFFFFFFF, path >> 32
    last_year = first_year + out.shape[0] - 1
    for block in range(first_year // 4, last_year // 4 + 1):
        words = philox(low, high, block, 1, key_0, key_1)
        for lane in range(4):
            year = 4 * block + lane
            if first_year <= year <= last_year:
                out[year - first_year] = normal_quantile(uniform(words[lane]))


@njit(cache=True, error_model="numpy", nogil=True)
def fill_family(
    first_path, n_paths, paths_per_draw, keys, first_year, cumulative_weights, fade, shock, mean, factor,
    nodes, common, growth,
):  # fmt: skip
    """Draw a family's parameters and its common growth.

    keys (3, 2): streams of the node, of the common parameters and of the yearly shock. nodes (n_draws,), common (n_draws, D),
    growth (n_paths, n_years from first_year) are filled; growth is m + F [log growth a year].
    """
    known = mean.shape[1] - 1
    normals = np.empty(mean.shape[1])
    shocks = np.empty(max(growth.shape[1] - known, 0))
    first_draw = first_path // paths_per_draw
    for draw in range(nodes.shape[0]):
        index = first_draw + draw
        words = philox(index & 0xFFFFFFFF, index >> 32, 0, 0, keys[0, 0], keys[0, 1])
        node = min(np.searchsorted(cumulative_weights, uniform(words[0])), cumulative_weights.shape[0] - 1)
        nodes[draw] = node
        fill_normals(keys[1, 0], keys[1, 1], index, normals)
        for row in range(normals.shape[0]):
            value = mean[node, row]
            for column in range(row + 1):
                value += factor[node, row, column] * normals[column]
            common[draw, row] = value
    for offset in range(n_paths):
        path = first_path + offset
        draw = path // paths_per_draw - first_draw
        drift = common[draw, 0]
        for t in range(known):
            growth[offset, t] = drift + common[draw, 1 + t]
        if shocks.shape[0]:
            fill_yearly_normals(keys[2, 0], keys[2, 1], path, first_year + known, shocks)
            deviation = common[draw, known]
            for t in range(shocks.shape[0]):
                deviation = fade[nodes[draw]] * deviation + shock * shocks[t]
                growth[offset, known + t] = drift + deviation


@njit(cache=True, error_model="numpy", nogil=True)
def fill_currency(first_path, n_paths, paths_per_draw, keys, first_year, rate_year, convention_sd, yearly_sd, out):
    """Fill out (n_paths, n_years from first_year) with the deviation of ln(exchange rate) from the last known one."""
    n_years = out.shape[1]
    convention = np.empty(1)
    shocks = np.empty(max(first_year + n_years - 1 - rate_year, 1))
    for offset in range(n_paths):
        path = first_path + offset
        fill_normals(keys[0, 0], keys[0, 1], path // paths_per_draw, convention)
        fill_yearly_normals(keys[1, 0], keys[1, 1], path, rate_year + 1, shocks)
        deviation = convention_sd * convention[0]
        for year in range(rate_year + 1, first_year):
            deviation += yearly_sd * shocks[year - rate_year - 1]
        for t in range(n_years):
            if first_year + t > rate_year:
                deviation += yearly_sd * shocks[first_year + t - rate_year - 1]
            out[offset, t] = deviation


@njit(cache=True, error_model="numpy", nogil=True)
def run_series(
    first_path, n_paths, paths_per_draw, keys, origin, centre, base, slope, factor, persistence, own_shock, level_noise,
    extra_growth, nodes, common, growth, growth_offset, event_year, event_log_value, event_currency, currency,
    first_draw_slot, bin_width, histogram, moments, margins, hits,
):  # fmt: skip
    """Simulate one series over a block of paths and fold its outcomes in.

    keys (3, 2): streams of the parameters, of the growth shocks and of the level noise. extra_growth (n_years,) is the lever in log growth.
    growth[path, growth_offset + t] is the family's growth in the year origin + 1 + t. Event e is hit when ln(level) in year event_year[e],
    counted from origin + 1, plus the deviation of currency event_currency[e] (-1: none) reaches event_log_value[e].
    histogram (n_years, bins) in bins of bin_width around the centre with one bin beyond each end, moments (n_years, 2) of
    ln(level) - centre, margins (n_events, bins) of ln(level / event level), and hits (n_events, n_draws of the run) are added to.
    """
    n_years = extra_growth.shape[0]
    last_bin = histogram.shape[1] - 1
    half = histogram.shape[1] // 2
    normals = np.empty(3)
    state = np.empty(3)
    own = np.empty(n_years)
    noise = np.empty(n_years)
    logs = np.empty(n_years)
    first_draw = first_path // paths_per_draw
    for draw in range(nodes.shape[0]):
        node = nodes[draw]
        fill_normals(keys[0, 0], keys[0, 1], first_draw + draw, normals)
        for row in range(3):
            value = base[node, row]
            for column in range(slope.shape[2]):
                value += slope[node, row, column] * common[draw, column]
            for column in range(row + 1):
                value += factor[node, row, column] * normals[column]
            state[row] = value
        start = max((first_draw + draw) * paths_per_draw, first_path)
        stop = min((first_draw + draw + 1) * paths_per_draw, first_path + n_paths)
        for path in range(start, stop):
            offset = path - first_path
            fill_yearly_normals(keys[1, 0], keys[1, 1], path, origin + 1, own)
            fill_yearly_normals(keys[2, 0], keys[2, 1], path, origin + 1, noise)
            trend = state[0]
            passing = state[2]
            for t in range(n_years):
                passing = persistence[node] * passing + own_shock[node] * own[t]
                trend += growth[offset, growth_offset + t] + state[1] + passing + extra_growth[t]
                level = trend + level_noise[node] * noise[t]
                logs[t] = level
                deviation = level - centre
                moments[t, 0] += deviation
                moments[t, 1] += deviation * deviation
                place = floor(deviation / bin_width) + half
                histogram[t, min(max(place, 0), last_bin)] += 1
            for event in range(event_year.shape[0]):
                t = event_year[event]
                level = logs[t]
                if event_currency[event] >= 0:
                    level += currency[event_currency[event], offset, t]
                margin = level - event_log_value[event]
                place = floor(margin / bin_width) + half
                margins[event, min(max(place, 0), last_bin)] += 1
                if margin >= 0.0:
                    hits[event, first_draw_slot + draw] += 1
