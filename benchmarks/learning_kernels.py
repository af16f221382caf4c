"""The learning script's objective, compiled: it is asked a few thousand times."""

from math import exp, log, pi

import numpy as np
from numba import njit

from forecast.history_kernels import weigh


@njit(cache=True, error_model="numpy", nogil=True)
def mean_log_score(known, coming, log_prior, factor, gain, variance, worst):
    """Return the mean log density of the years to come (m, ahead) after histories (m, n) of consecutive years.

    log_prior ... variance are those of `history_kernels.condition` and `weigh`; `worst` bounds the
    log density of one year from below.
    """
    n_kinds, ahead = log_prior.shape[0], coming.shape[1]
    weights, centre = np.empty(n_kinds), np.empty((n_kinds, ahead))
    total = 0.0
    for number in range(known.shape[0]):
        weigh(known[number], log_prior, factor, gain, weights, centre)
        for year in range(ahead):
            density = 0.0
            for j in range(n_kinds):
                density += (
                    weights[j]
                    * exp(-0.5 * (coming[number, year] - centre[j, year]) ** 2 / variance[j, year])
                    / np.sqrt(2.0 * pi * variance[j, year])
                )
            total += max(log(density), worst)
    return total / coming.size
