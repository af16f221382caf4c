"""Slow twins of forecast/history_kernels.py, written from the formulas by matrices and plain loops."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr


def level_covariance(years, own, persistence, noise, long_run):
    """Covariance of the observed log levels of some years around the first trend level: every yearly growth written out."""
    growth = np.arange(min(years) + 1, max(years) + 1)
    yearly = long_run + own * persistence ** np.abs(growth[:, None] - growth)
    summed = np.array([(growth <= year).astype(float) for year in years])
    return summed @ yearly @ summed.T + noise * np.eye(len(years))


def conditional_moments(known, coming, levels, doubt, own, persistence, noise, long_run):
    """Mean and variance of ln(level) in years to come by conditioning on the known levels, the first trend level unknown (a wide prior)."""
    joint = level_covariance((*known, *coming), own, persistence, noise, long_run)
    n = len(known)
    joint[:n, :n] += doubt
    joint += 1e6 * joint.max()
    gain = np.linalg.solve(joint[:n, :n], joint[:n, n:])
    return levels[0] + gain.T @ (levels - levels[0]), np.diag(joint[n:, n:] - joint[n:, :n] @ gain)


def theta(levels, ahead, smoothings):
    """Theta method: the straight line by least squares, and exponential smoothing of the line with twice the bends."""
    t = np.arange(len(levels))
    slope, start = np.polyfit(t, levels, 1)
    line = 2 * levels - (start + slope * t)

    def smoothed(a):
        weights = a * (1 - a) ** np.arange(len(line))[::-1]
        weights[0] = (1 - a) ** (len(line) - 1)
        return weights @ line

    def squares(a):
        return sum((line[n] - smoothed_until(a, n)) ** 2 for n in range(1, len(line)))

    def smoothed_until(a, n):
        weights = a * (1 - a) ** np.arange(n)[::-1]
        weights[0] = (1 - a) ** (n - 1)
        return weights @ line[:n]

    best = min(smoothings, key=squares)
    coming = len(levels) + np.arange(ahead)
    return 0.5 * (smoothed(best) + start + slope * coming)


def dynamic_theta(levels, ahead, smoothings, thetas):
    """Dynamic theta: each year's line is fitted anew by least squares to what is known so far."""
    levels = list(map(float, levels))

    def following(known, level, a, theta):
        n = len(known)
        slope, start = np.polyfit(np.arange(1, n + 1), known, 1) if n > 1 else (0.0, known[0])
        return level + (1 - 1 / theta) * ((1 - a) ** n * start + (1 - (1 - a) ** (n + 1)) / a * slope)

    def run(a, theta):
        level, squares = levels[0], 0.0
        for n in range(1, len(levels)):
            error = levels[n] - following(levels[:n], level, a, theta)
            squares += error**2 if n > 1 else 0.0
            level = a * levels[n] + (1 - a) * level
        return squares, level

    best = min(((a, theta) for a in smoothings for theta in thetas), key=lambda pair: run(*pair)[0])
    level, known, found = run(*best)[1], levels, []
    for _ in range(ahead):
        found.append(following(known, level, *best))
        level = best[0] * found[-1] + (1 - best[0]) * level
        known = [*known, found[-1]]
    return np.array(found)


def member_weights(levels, coefficients, heard):
    """Weights of class and methods: odds against the class are powers of volatility and number of levels, both held within bounds."""
    volatility = min(np.std(np.diff(levels[-heard:]), ddof=1), 0.5) + 0.003
    count = min(len(levels), 60)
    odds = [
        np.exp(constant) * (volatility / 0.05) ** by_scatter * (count / 16) ** by_length
        for constant, by_scatter, by_length in coefficients
    ]
    return np.array([1.0, *odds]) / (1.0 + sum(odds))


def mixture_quantiles(weights, centre, sd, probabilities):
    """Quantiles of a mixture of normals by root finding."""
    low, high = (centre - 12 * sd).min(), (centre + 12 * sd).max()
    return np.array([brentq(lambda x, p=p: weights @ ndtr((x - centre) / sd) - p, low, high, xtol=1e-14) for p in probabilities])
