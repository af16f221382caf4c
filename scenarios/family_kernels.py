"""What many series share, drawn for a block of paths: numbers by draw and by path, a family's common growth, exchange rates.

An address is (key of the stream, draw or path, calendar year). Parameters are drawn once for `per_draw` paths; path number
`draw * per_draw + m` stands at place `m * n_draws + (draw - first_draw)` of every array of paths, so that arrays by draw and by path run side
by side in vector instructions. Levels are ln(level) less that of the last known year, growth is log growth a year, both in single
precision by path and in double precision by draw. A "row" of a cumulated array is the sum up to the end of a year; row 0 is zero.
"""

from math import sqrt

import numpy as np
from numba import float32, njit, uint32, uint64

from scenarios.shock_kernels import LOW, fill_shocks, fill_shocks_by_draw, fill_words, uniform

# Streams of a key: parameters by draw, one shock a year (four years a block), two shocks a year (two years a block), breaks.
# Blocks of years start with 2013, so that 2013 to 2020 fill them.
# Integers of NumPy, for numba would compile a kernel anew for every plain constant.
BY_DRAW, ONE_A_YEAR, TWO_A_YEAR, BREAKS = np.int64(0), np.int64(1), np.int64(2), np.int64(3)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_indices(first_draw, n_draws, per_draw, apart, low, high):
    """Fill low and high (n_paths,) with the two words of each path's number; `apart`: with its draw and its number within that.

    The second is for Sobol points: they are even over draws, and the paths of one draw stay independent of each other.
    """
    for i in range(low.shape[0]):
        if apart:
            low[i], high[i] = uint32(first_draw + i % n_draws), uint32(i // n_draws)
            continue
        path = uint64((first_draw + i % n_draws) * per_draw + i // n_draws)
        low[i] = uint32(path & uint64(LOW))
        high[i] = uint32(path >> uint64(32))


@njit(cache=True, error_model="numpy", nogil=True)
def fill_factors(covariance, factor):
    """Fill the lower triangles of factor (m, n, n), zero before, with the Cholesky factors of covariance; what does not vary stays zero."""
    for one in range(covariance.shape[0]):
        for column in range(covariance.shape[1]):
            for row in range(column, covariance.shape[1]):
                left = covariance[one, row, column]
                for before in range(column):
                    left -= factor[one, row, before] * factor[one, column, before]
                if row == column:
                    factor[one, row, row] = sqrt(max(left, 0.0))
                elif factor[one, column, column] > 1e-9:
                    factor[one, row, column] = left / factor[one, column, column]


@njit(cache=True, error_model="numpy", nogil=True)
def fill_draw_shocks(key, first_draw, law, out):
    """Fill out (n, n_draws) with n shocks for each draw: number i is word i % 4 of block i // 4."""
    n_draws = out.shape[1]
    low, high = np.empty(n_draws, np.uint32), np.empty(n_draws, np.uint32)
    fill_indices(first_draw, n_draws, 1, False, low, high)
    words = np.empty((4, n_draws), np.uint32)
    for block in range((out.shape[0] + 3) // 4):
        fill_words(key, low, high, block, BY_DRAW, words)
        for lane in range(min(4, out.shape[0] - 4 * block)):
            fill_shocks(words[lane], law, out[4 * block + lane])


@njit(cache=True, error_model="numpy", nogil=True)
def fill_yearly_shocks_by_draw(key, low, high, first_year, laws, law_number, out):
    """Fill out (n_years, n_paths) with shocks: year y is word (y + 3) % 4 of block (y + 3) // 4; laws as in `fill_shocks_by_draw`."""
    n_years = out.shape[0]
    words = np.empty((4, low.shape[0]), np.uint32)
    for year in range(first_year, first_year + n_years):
        lane = (year + 3) % 4
        if year == first_year or lane == 0:
            fill_words(key, low, high, (year + 3) // 4, ONE_A_YEAR, words)
        fill_shocks_by_draw(words[lane], laws, law_number, out[year - first_year])


@njit(cache=True, error_model="numpy", nogil=True)
def fill_yearly_shocks(key, low, high, first_year, law, out):
    """Fill out (n_years, n_paths) with shocks of one law (15,)."""
    fill_yearly_shocks_by_draw(key, low, high, first_year, law.reshape((1, law.shape[0])), np.zeros(1, np.int64), out)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_uniforms(key, low, high, stream, out):
    """Fill out (n,) with uniform numbers: word 0 of block 0."""
    words = np.empty((4, low.shape[0]), np.uint32)
    fill_words(key, low, high, np.int64(0), np.int64(stream), words)
    for i in range(out.shape[0]):
        out[i] = uniform(words[0, i])


@njit(cache=True, error_model="numpy", nogil=True)
def fill_nodes(key, first_draw, cumulative, nodes):
    """Fill nodes (n_draws,) with numbers of nodes drawn by their cumulative weights."""
    low, high = np.empty(nodes.shape[0], np.uint32), np.empty(nodes.shape[0], np.uint32)
    fill_indices(first_draw, nodes.shape[0], 1, False, low, high)
    uniforms = np.empty(nodes.shape[0])
    fill_uniforms(key, low, high, BY_DRAW, uniforms)
    for draw in range(nodes.shape[0]):
        nodes[draw] = min(np.searchsorted(cumulative, uniforms[draw]), cumulative.shape[0] - 1)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_family(first_draw, low, high, family, normal, nodes, common, by_draw, first_year, by_path):
    """Draw what a family shares.

    nodes (n_draws,) and common (n_draws, D) are filled; by_draw (rows from the family's first year, n_draws) with the cumulated growth m + F
    that is known once the parameters are, by_path (rows from first_year, n_paths) with what the yearly common shocks add to it.
    """
    n_draws, width = common.shape
    known = width - 1
    shocks = np.empty((width, n_draws), np.float32)
    fill_nodes(family.keys[0], first_draw, family.cumulative, nodes)
    fill_draw_shocks(family.keys[1], first_draw, normal, shocks)
    for draw in range(n_draws):
        node = nodes[draw]
        for row in range(width):
            value = family.mean[node, row]
            for column in range(row + 1):
                value += family.factor[node, row, column] * shocks[column, draw]
            common[draw, row] = value
        total, deviation = 0.0, common[draw, known]
        by_draw[0, draw] = 0.0
        for t in range(by_draw.shape[0] - 1):
            if t < known:
                total += common[draw, 0] + common[draw, 1 + t]
            else:
                deviation *= family.fade[node]
                total += common[draw, 0] + deviation
            by_draw[t + 1, draw] = total
    for row in range(by_path.shape[0]):
        for path in range(by_path.shape[1]):
            by_path[row, path] = 0.0
    coming = by_path[family.first_year + known - first_year + 1 :]
    if coming.shape[0] == 0:
        return
    fill_yearly_shocks(family.keys[2], low, high, family.first_year + known, normal, coming)
    fade = np.empty(n_draws, np.float32)
    for draw in range(n_draws):
        fade[draw] = family.fade[nodes[draw]]
    deviation_by_path = np.zeros(low.shape[0], np.float32)
    total_by_path = np.zeros(low.shape[0], np.float32)
    scale = float32(family.shock)
    for t in range(coming.shape[0]):
        for start in range(0, low.shape[0], n_draws):
            deviation_now, total_now, row = deviation_by_path[start:], total_by_path[start:], coming[t, start:]
            for draw in range(n_draws):
                deviation_now[draw] = fade[draw] * deviation_now[draw] + scale * row[draw]
                total_now[draw] += deviation_now[draw]
                row[draw] = total_now[draw]


@njit(cache=True, error_model="numpy", nogil=True)
def fill_currency(first_draw, n_draws, low, high, currency, first_year, normal, out):
    """Fill out (n_years from first_year, n_paths) with the deviation of ln(exchange rate) from the last known one."""
    convention = np.empty((1, n_draws), np.float32)
    fill_draw_shocks(currency.keys[0], first_draw, normal, convention)
    shocks = np.empty((max(first_year + out.shape[0] - 1 - currency.rate_year, 1), low.shape[0]), np.float32)
    fill_yearly_shocks(currency.keys[1], low, high, currency.rate_year + 1, normal, shocks)
    for path in range(low.shape[0]):
        draw = path % n_draws
        yearly_sd, deviation = currency.yearly_sd[draw], currency.convention_sd * convention[0, draw]
        for year in range(currency.rate_year + 1, first_year):
            deviation += yearly_sd * shocks[year - currency.rate_year - 1, path]
        for t in range(out.shape[0]):
            if first_year + t > currency.rate_year:
                deviation += yearly_sd * shocks[first_year + t - currency.rate_year - 1, path]
            out[t, path] = deviation + currency.path[first_year + t - currency.path_first_year, draw]
