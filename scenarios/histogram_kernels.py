"""Counts of logarithms in bins: which bins are in use, quantiles, and what the paths of a block say about events."""

import numpy as np
from numba import int32, njit

STRIDE = 32  # bins that are added up at once on the way to a quantile


@njit(cache=True, error_model="numpy", nogil=True)
def widen(reach, places):
    """Widen reach (2,), the lowest and the highest bin in use, to places (n,)."""
    low, high = reach[0], reach[1]
    for i in range(places.shape[0]):
        low = min(low, places[i])
        high = max(high, places[i])
    reach[0], reach[1] = low, high


@njit(cache=True, error_model="numpy", nogil=True)
def gather(used, gathered):
    """Add counts (n,) to those gathered and leave zeros; a function of its own, so that the compiler makes vector instructions of it."""
    for i in range(used.shape[0]):
        gathered[i] += used[i]
    for i in range(used.shape[0]):
        used[i] = 0


@njit(cache=True, error_model="numpy", nogil=True)
def move(counts, reach, first, start, gathered):
    """Add the bins in use of counts (n, bins), said by reach (n, 2), to gathered, row by row; counts is zero afterwards.

    Row r of gathered begins at start[r] and stands for the bins from first[r] on.
    """
    for row in range(counts.shape[0]):
        used = counts[row, reach[row, 0] : reach[row, 1] + 1]
        begin = start[row] - first[row] + reach[row, 0]
        gather(used, gathered[begin : begin + used.shape[0]])


@njit(cache=True, error_model="numpy", nogil=True)
def add(counts, first, start, length, of_first, of_start, gathered):
    """Add n ragged histograms (their first bins, starts and lengths) to gathered, whose first bins are of_first and starts of_start."""
    for row in range(first.shape[0]):
        shift = of_start[row] - of_first[row] + first[row]
        for place in range(length[row]):
            gathered[shift + place] += counts[start[row] + place]


@njit(cache=True, error_model="numpy", nogil=True)
def fill_quantiles_of_counts(gathered, first, start, length, probabilities, bins, bins_below, bin_width, out):
    """Fill out (n, m) with quantiles of n histograms at rising probabilities (m,); their bins in use are gathered one after another.

    Interpolated within a bin; NaN where the quantile lies in the first or the last of all bins, which have no end.
    """
    for row in range(first.shape[0]):
        counts = gathered[start[row] : start[row] + length[row]]
        before, place, total = 0, 0, int32(0)
        for i in range(counts.shape[0]):
            total = int32(total + int32(counts[i]))  # of paths, of which there are fewer than 2**31
        for number in range(probabilities.shape[0]):
            wanted = probabilities[number] * total
            enough = int(np.ceil(wanted))
            while place + STRIDE < counts.shape[0]:
                passed = int32(0)
                for i in range(place, place + STRIDE):
                    passed = int32(passed + int32(counts[i]))
                if before + passed >= enough:
                    break
                before += passed
                place += STRIDE
            while place < counts.shape[0] - 1 and before + counts[place] < enough:
                before += counts[place]
                place += 1
            number_of_bin = first[row] + place
            if number_of_bin == 0 or number_of_bin == bins - 1:
                out[row, number] = np.nan
            else:
                share = (wanted - before) / max(counts[place], 1)
                out[row, number] = bin_width * (number_of_bin - 1 - bins_below + share)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_means_of_counts(gathered, first, start, length, values, out):
    """Fill out (n,) with the means of values (bins,) over n ragged histograms; NaN where nothing is counted, or something at either end."""
    for row in range(first.shape[0]):
        total, weighed = 0, 0.0
        for place in range(length[row]):
            count = gathered[start[row] + place]
            total += count
            weighed += count * values[first[row] + place]
        inside = first[row] > 0 and first[row] + length[row] < values.shape[0]
        out[row] = weighed / total if inside and total else np.nan


@njit(cache=True, error_model="numpy", nogil=True)
def missed_by(counts, middles, shift):
    """Return how many of counts (n,) at middles (n,) lie below -shift, and the mean of 1 - exp(middle + shift) over these."""
    missed, shortfall = 0, 0.0
    for i in range(counts.shape[0]):
        margin = middles[i] + shift
        if margin < 0:
            missed += counts[i]
            shortfall -= counts[i] * np.expm1(margin)
    return missed, shortfall / max(missed, 1)


@njit(cache=True, error_model="numpy", nogil=True)
def fold_events(hits, firsts, shares, at_once, draw_counts, passages, sums):
    """Fold hits and firsts (events, paths) and shares (events, draws) into counts of draws by hits, of paths by first year, and sums.

    sums (n_sums, events, 2): of the shares and their squares, one row for so many draws at once.
    """
    n_draws = shares.shape[1]
    for event in range(hits.shape[0]):
        for draw in range(n_draws):
            met = 0
            for path in range(draw, hits.shape[1], n_draws):
                met += hits[event, path]
                passages[event, firsts[event, path]] += 1
            draw_counts[event, met] += 1
            sums[draw // at_once, event, 0] += shares[event, draw]
            sums[draw // at_once, event, 1] += shares[event, draw] ** 2


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
