"""The learning script's objective, compiled: it is asked a few thousand times."""

from math import exp, log, pi

import numpy as np
from numba import njit

from forecast.history_kernels import weigh


@njit(cache=True, error_model="numpy", nogil=True)
def mean_log_score(known, coming, even, log_prior, mean, factor, gain, variance, worst):
    """Return the weighted mean log density of the years to come (m, ahead) after histories (m, n) of consecutive years.

    even (m,) are weights that sum to one; log_prior ... variance are those of `history_kernels.condition` and `weigh`; `worst` bounds the
    log density of one year from below.
    """
    n_kinds, ahead = mean.shape[0], coming.shape[1]
    elapsed = np.arange(known.shape[1])
    weights, centre = np.empty(n_kinds), np.empty((n_kinds, ahead))
    total = 0.0
    for number in range(known.shape[0]):
        weigh(elapsed, known[number], log_prior, mean, factor, gain, weights, centre)
        for year in range(ahead):
            density = 0.0
            for j in range(n_kinds):
                density += (
                    weights[j]
                    * exp(-0.5 * (coming[number, year] - centre[j, year]) ** 2 / variance[j, year])
                    / np.sqrt(2.0 * pi * variance[j, year])
                )
            total += even[number] * max(log(density), worst) / ahead
    return total
