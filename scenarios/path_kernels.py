"""Paths years forward, outcomes folded in as they appear. Serial kernels; simulation.py runs them on fixed blocks of paths.

An address is (key of the stream, path or draw, calendar year): a Philox call serves four years, so the counter holds year // 4 and the
year picks the word. Parameters are drawn once for each draw of `paths_per_draw` paths. Arrays have years first and paths last, and loops
run over paths: without branches they become vector instructions.
"""

import numpy as np
from numba import int64, njit

from scenarios.shock_kernels import fill_normals_of_words, fill_words, philox, uniform


@njit(cache=True, error_model="numpy", nogil=True)
def fill_draw_normals(key_0, key_1, first_draw, out):
    """Fill out (n, n_draws) with n standard normals for each parameter draw: number i is word i % 4 of block i // 4 of stream 0."""
    n_draws = out.shape[1]
    words, work = np.empty((4, n_draws), np.uint32), np.empty((3, n_draws))
    for block in range((out.shape[0] + 3) // 4):
        fill_words(key_0, key_1, first_draw, block, 0, words)
        for lane in range(min(4, out.shape[0] - 4 * block)):
            fill_normals_of_words(words[lane], work, out[4 * block + lane])


@njit(cache=True, error_model="numpy", nogil=True)
def fill_yearly_normals(key_0, key_1, first_path, first_year, out):
    """Fill out (n_years, n_paths) with standard normals by path and year: year y is word y % 4 of block y // 4 of stream 1."""
    n_years, n_paths = out.shape
    words, work = np.empty((4, n_paths), np.uint32), np.empty((3, n_paths))
    for block in range(first_year // 4, (first_year + n_years + 3) // 4):
        fill_words(key_0, key_1, first_path, block, 1, words)
        for year in range(max(4 * block, first_year), min(4 * block + 4, first_year + n_years)):
            fill_normals_of_words(words[year - 4 * block], work, out[year - first_year])


@njit(cache=True, error_model="numpy", nogil=True)
def fill_family(
    first_path, n_paths, paths_per_draw, keys, first_year, cumulative_weights, fade, shock, mean, factor,
    nodes, common, growth,
):  # fmt: skip
    """Draw a family's parameters and its common growth.

    keys (3, 2): streams of the node, of the common parameters and of the yearly shock. nodes (n_draws,), common (n_draws, D) and
    growth (n_years from first_year, n_paths) are filled; growth is m + F [log growth a year].
    """
    known = mean.shape[1] - 1
    first_draw = first_path // paths_per_draw
    normals = np.empty((mean.shape[1], nodes.shape[0]))
    fill_draw_normals(keys[1, 0], keys[1, 1], first_draw, normals)
    for draw in range(nodes.shape[0]):
        index = first_draw + draw
        words = philox(index & 0xFFFFFFFF, index >> 32, 0, 0, keys[0, 0], keys[0, 1])
        node = min(np.searchsorted(cumulative_weights, uniform(words[0])), cumulative_weights.shape[0] - 1)
        nodes[draw] = node
        for row in range(mean.shape[1]):
            value = mean[node, row]
            for column in range(row + 1):
                value += factor[node, row, column] * normals[column, draw]
            common[draw, row] = value
    coming = growth[known:]
    if coming.shape[0]:
        fill_yearly_normals(keys[2, 0], keys[2, 1], first_path, first_year + known, coming)
    for path in range(n_paths):
        draw = (first_path + path) // paths_per_draw - first_draw
        drift, kept, deviation = common[draw, 0], fade[nodes[draw]], common[draw, known]
        for t in range(known):
            growth[t, path] = drift + common[draw, 1 + t]
        for t in range(coming.shape[0]):
            deviation = kept * deviation + shock * coming[t, path]
            coming[t, path] = drift + deviation


@njit(cache=True, error_model="numpy", nogil=True)
def fill_currency(first_path, n_paths, paths_per_draw, keys, first_year, rate_year, convention_sd, yearly_sd, out):
    """Fill out (n_years from first_year, n_paths) with the deviation of ln(exchange rate) from the last known one."""
    n_years = out.shape[0]
    first_draw = first_path // paths_per_draw
    convention = np.empty((1, (first_path + n_paths - 1) // paths_per_draw - first_draw + 1))
    fill_draw_normals(keys[0, 0], keys[0, 1], first_draw, convention)
    shocks = np.empty((max(first_year + n_years - 1 - rate_year, 1), n_paths))
    fill_yearly_normals(keys[1, 0], keys[1, 1], first_path, rate_year + 1, shocks)
    for path in range(n_paths):
        deviation = convention_sd * convention[0, (first_path + path) // paths_per_draw - first_draw]
        for year in range(rate_year + 1, first_year):
            deviation += yearly_sd * shocks[year - rate_year - 1, path]
        for t in range(n_years):
            if first_year + t > rate_year:
                deviation += yearly_sd * shocks[first_year + t - rate_year - 1, path]
            out[t, path] = deviation


@njit(cache=True, error_model="numpy", nogil=True)
def fill_states(first_path, paths_per_draw, keys, base, slope, factor, nodes, common, states):
    """Fill states (3, n_paths) with each path's trend level at the origin, lasting difference and passing deviation."""
    first_draw = first_path // paths_per_draw
    normals = np.empty((3, nodes.shape[0]))
    fill_draw_normals(keys[0], keys[1], first_draw, normals)
    for draw in range(nodes.shape[0]):
        node = nodes[draw]
        start = max((first_draw + draw) * paths_per_draw - first_path, 0)
        stop = min((first_draw + draw + 1) * paths_per_draw - first_path, states.shape[1])
        for row in range(3):
            value = base[node, row]
            for column in range(slope.shape[2]):
                value += slope[node, row, column] * common[draw, column]
            for column in range(row + 1):
                value += factor[node, row, column] * normals[column, draw]
            for path in range(start, stop):
                states[row, path] = value


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def step(trend, lasting, passing, persistence, own_shock, own, growth, extra_growth, level_noise, noise):
    """Step all paths (n,) one year forward; `noise` (n,) comes in as standard normals and goes out as ln(level)."""
    for path in range(trend.shape[0]):
        passing[path] = persistence[path] * passing[path] + own_shock[path] * own[path]
        trend[path] += growth[path] + lasting[path] + passing[path] + extra_growth
        noise[path] = trend[path] + level_noise[path] * noise[path]


@njit(cache=True, error_model="numpy", nogil=True)
def count(values, centre, bin_width, places, histogram):
    """Add values (n,) to a histogram around `centre` with one bin beyond each end; places (n,) is scratch."""
    last_bin = histogram.shape[0] - 1
    half = histogram.shape[0] // 2
    per_width = 1.0 / bin_width
    for i in range(values.shape[0]):
        place = np.floor((values[i] - centre) * per_width) + half
        places[i] = int64(min(max(place, 0.0), float(last_bin)))
    for i in range(values.shape[0]):
        histogram[places[i]] += 1


@njit(cache=True, error_model="numpy", nogil=True)
def run_series(
    first_path, n_paths, paths_per_draw, keys, origin, centre, base, slope, factor, persistence, own_shock, level_noise,
    extra_growth, nodes, common, growth, growth_offset, event_year, event_log_value, event_currency, currency,
    first_draw_slot, bin_width, histogram, moments, margins, hits,
):  # fmt: skip
    """Simulate one series over a block of paths and fold its outcomes in.

    keys (3, 2): streams of the parameters, of the growth shocks and of the level noise. extra_growth (n_years,) is the lever in log growth.
    growth[growth_offset + t, path] is the family's growth in the year origin + 1 + t. Event e is hit when ln(level) in year event_year[e],
    counted from origin + 1, plus the deviation of currency event_currency[e] (-1: none) reaches event_log_value[e].
    histogram (n_years, bins) in bins of bin_width around the centre with one bin beyond each end, moments (n_years, 2) of
    ln(level) - centre, margins (n_events, bins) of ln(level / event level), and hits (n_events, n_draws of the run) are added to.
    """
    n_years = extra_growth.shape[0]
    first_draw = first_path // paths_per_draw
    states = np.empty((3, n_paths))
    fill_states(first_path, paths_per_draw, keys[0], base, slope, factor, nodes, common, states)
    path_persistence, path_shock, path_noise = np.empty(n_paths), np.empty(n_paths), np.empty(n_paths)
    draw_of = np.empty(n_paths, np.int64)
    for path in range(n_paths):
        draw = (first_path + path) // paths_per_draw - first_draw
        draw_of[path] = draw
        path_persistence[path] = persistence[nodes[draw]]
        path_shock[path] = own_shock[nodes[draw]]
        path_noise[path] = level_noise[nodes[draw]]
    own, logs = np.empty((n_years, n_paths)), np.empty((n_years, n_paths))
    fill_yearly_normals(keys[1, 0], keys[1, 1], first_path, origin + 1, own)
    fill_yearly_normals(keys[2, 0], keys[2, 1], first_path, origin + 1, logs)
    places = np.empty(n_paths, np.int64)
    for t in range(n_years):
        step(
            states[0], states[1], states[2], path_persistence, path_shock, own[t], growth[growth_offset + t], extra_growth[t],
            path_noise, logs[t],
        )  # fmt: skip
        count(logs[t], centre, bin_width, places, histogram[t])
        for path in range(n_paths):
            deviation = logs[t, path] - centre
            moments[t, 0] += deviation
            moments[t, 1] += deviation * deviation
    for event in range(event_year.shape[0]):
        t = event_year[event]
        margin = own[0]  # no longer needed
        for path in range(n_paths):
            margin[path] = logs[t, path] - event_log_value[event]
        if event_currency[event] >= 0:
            for path in range(n_paths):
                margin[path] += currency[event_currency[event], t, path]
        count(margin, 0.0, bin_width, places, margins[event])
        for path in range(n_paths):
            hits[event, first_draw_slot + draw_of[path]] += margin[path] >= 0.0
