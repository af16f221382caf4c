"""Counts of logarithms in bins: which bins are in use, quantiles, and what the paths of a block say about events."""

import numpy as np
from numba import njit

CHUNK = 64  # bins looked at together


@njit(cache=True, error_model="numpy", nogil=True)
def fill_ranges(counts, first, length):
    """Fill first and length (n,) with the first bin in use and the number of bins up to the last one, for counts (n, bins)."""
    for row in range(counts.shape[0]):
        low, high = 0, counts.shape[1] - 1
        while low + CHUNK < high and counts[row, low : low + CHUNK].sum() == 0:
            low += CHUNK
        while high - CHUNK > low and counts[row, high - CHUNK + 1 : high + 1].sum() == 0:
            high -= CHUNK
        while low < high and counts[row, low] == 0:
            low += 1
        while high > low and counts[row, high] == 0:
            high -= 1
        first[row], length[row] = low, high - low + 1


@njit(cache=True, error_model="numpy", nogil=True)
def gather(counts, first, start, length, gathered):
    """Copy the bins in use of counts (n, bins) to gathered, row by row from start[row] on."""
    for row in range(counts.shape[0]):
        for place in range(length[row]):
            gathered[start[row] + place] = counts[row, first[row] + place]


@njit(cache=True, error_model="numpy", nogil=True)
def fill_quantiles_of_counts(gathered, first, start, length, probabilities, bins, bins_below, bin_width, out):
    """Fill out (n, m) with quantiles of n histograms at rising probabilities (m,); their bins in use are gathered one after another.

    Interpolated within a bin; NaN where the quantile lies in the first or the last of all bins, which have no end.
    """
    for row in range(first.shape[0]):
        counts = gathered[start[row] : start[row] + length[row]]
        total = counts.sum()
        before, place = 0, 0
        for number in range(probabilities.shape[0]):
            wanted = probabilities[number] * total
            while place < counts.shape[0] - 1 and before + counts[place] < wanted:
                before += counts[place]
                place += 1
            number_of_bin = first[row] + place
            if number_of_bin == 0 or number_of_bin == bins - 1:
                out[row, number] = np.nan
            else:
                share = (wanted - before) / max(counts[place], 1)
                out[row, number] = bin_width * (number_of_bin - 1 - bins_below + share)


@njit(cache=True, error_model="numpy", nogil=True)
def fold_events(hits, firsts, shares, draw_counts, passages, sums):
    """Fold hits and firsts (events, paths) and shares (events, draws) into counts of draws by hits, of paths by first year, and sums."""
    n_draws = shares.shape[1]
    for event in range(hits.shape[0]):
        for draw in range(n_draws):
            met = 0
            for path in range(draw, hits.shape[1], n_draws):
                met += hits[event, path]
                passages[event, firsts[event, path]] += 1
            draw_counts[event, met] += 1
            sums[event, 0] += shares[event, draw]
            sums[event, 1] += shares[event, draw] ** 2


@njit(cache=True, error_model="numpy", nogil=True)
def fold_joint(hits, group_start, members, met):
    """Count paths by how many groups of events are met: met (groups + 1,); group g are members[group_start[g] : group_start[g + 1]]."""
    for path in range(hits.shape[1]):
        groups = 0
        for group in range(group_start.shape[0] - 1):
            all_met = 1
            for place in range(group_start[group], group_start[group + 1]):
                all_met &= hits[members[place], path]
            groups += all_met
        met[groups] += 1
