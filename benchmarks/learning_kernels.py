"""The learning script's objective and its derivatives, compiled: it is asked a few hundred times."""

from math import exp, log, pi

import numpy as np
from numba import njit

NEGLIGIBLE = 1e-8  # weight of a kind that adds nothing to a density
STILL = 1e-5  # a node whose likelihood and densities move the score by less has no derivatives worth their time


@njit(cache=True, error_model="numpy", nogil=True)
def ask_node(known, coming, factor, gain, variance, white, out):
    """Fill out (ahead,) with the log densities of the years to come under one node, and return the log likelihood of the levels known (n,).

    factor ... variance are those of `history_kernels.condition` for the node; white (n,) is room to work in.
    """
    likelihood = 0.0
    for row in range(known.shape[0] - 1):
        value = known[row + 1] - known[0]
        for inner in range(row):
            value -= factor[row, inner] * white[inner]
        white[row] = value / factor[row, row]
        likelihood -= 0.5 * white[row] ** 2 + log(factor[row, row])
    for year in range(coming.shape[0]):
        miss = coming[year] - known[0]
        for row in range(known.shape[0] - 1):
            miss -= gain[year, row] * white[row]
        out[year] = -0.5 * (miss**2 / variance[year] + log(2.0 * pi * variance[year]))
    return likelihood


@njit(cache=True, error_model="numpy", nogil=True)
def log_score_slopes(known, coming, log_prior, factors, gains, variances, step, worst, slopes):
    """Return the mean log density of the years to come (m, ahead) after histories (m, n), and add its derivatives.

    slopes (J, P) are those by the log prior and the P - 1 other parameters of each node. factors, gains and variances (P, J, ...) are what
    `history_kernels.condition` gives for the nodes as they are and with each other parameter moved by `step`. `worst` bounds the log
    density of one year from below.
    """
    n_nodes, ahead = log_prior.shape[0], coming.shape[1]
    white, moved = np.empty(known.shape[1]), np.empty(ahead)
    likelihood, weight, by_likelihood = np.empty(n_nodes), np.empty(n_nodes), np.empty(n_nodes)
    density, by_density = np.empty((n_nodes, ahead)), np.empty((n_nodes, ahead))
    score, share = 0.0, 1.0 / coming.size
    for number in range(known.shape[0]):
        seen, then = known[number], coming[number]
        for j in range(n_nodes):
            likelihood[j] = ask_node(seen, then, factors[0, j], gains[0, j], variances[0, j], white, density[j])
        weight[:] = likelihood + log_prior
        weight[:] = np.exp(weight - weight.max())
        weight /= weight.sum()
        by_likelihood[:] = 0.0
        by_density[:] = 0.0
        for year in range(ahead):
            mixed = 0.0
            for j in range(n_nodes):
                if weight[j] > NEGLIGIBLE:
                    mixed += weight[j] * exp(density[j, year])
            if mixed <= 0.0 or log(mixed) < worst:
                score += share * worst
                continue
            score += share * log(mixed)
            for j in range(n_nodes):
                if weight[j] > NEGLIGIBLE:
                    responsible = weight[j] * exp(density[j, year]) / mixed
                    by_density[j, year] = share * responsible
                    by_likelihood[j] += share * (responsible - weight[j])
        for j in range(n_nodes):
            if max(abs(by_likelihood[j]), by_density[j].max()) < STILL * share:
                continue
            slopes[j, 0] += by_likelihood[j]
            for parameter in range(1, slopes.shape[1]):
                one = ask_node(seen, then, factors[parameter, j], gains[parameter, j], variances[parameter, j], white, moved)
                change = (one - likelihood[j]) * by_likelihood[j]
                for year in range(ahead):
                    change += (moved[year] - density[j, year]) * by_density[j, year]
                slopes[j, parameter] += change / step
    return score
