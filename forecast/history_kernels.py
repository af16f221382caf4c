"""Forecasting histories one by one: what the reference class says of each, extrapolating methods beside it, and quantiles of the mixture.

Serial code without the GIL. Levels are logarithms but for the extrapolating methods, which work on the levels themselves. The class is J
kinds of series (forecast/reference_class.py); of each the trend moves by long-run growth, own passing growth and fresh shocks, and a
level is seen with passing noise.
"""

from math import erfc, exp, log, pi, sqrt

import numpy as np
from numba import njit

SMOOTHING = np.linspace(0.1, 1.0, 19)  # of levels
THETAS = np.array([1.0, 1.5, 2.0, 3.0, 5.0, 10.0])
DAMPED_SMOOTHING = np.array([0.1, 0.3, 0.5, 0.7, 0.85, 0.999])
TREND_SMOOTHING = np.array([0.0, 0.05, 0.15, 0.3, 0.6, 0.9])  # as a share of that of the level
DAMPING = np.array([0.8, 0.9, 0.95, 0.98, 1.0])
METHODS, FEATURES = 4, 3
TYPICAL_VOLATILITY, TYPICAL_COUNT = 0.05, 16.0  # of a history: where the weights of the methods are written down
FLOOR = 0.003  # added to the volatility: of a history that hardly moves, how little it does says nothing more
MOST_VOLATILE, MOST_COUNT = 0.5, 60.0  # beyond them the weights stay: few lessons lie there
NEGLIGIBLE = 1e-6  # weight of a normal that moves no quantile
ROOT_HALF, ROOT_TWO_PI = sqrt(0.5), sqrt(2.0 * pi)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_spreads(own, persistence, long_run, out):
    """Fill out (n,) with the variance of the growth over 0, 1 ... n - 1 years."""
    kept, among = 1.0, 0.0  # among: sum of persistence^lag over the lags up to the last year
    out[0] = 0.0
    passing = 0.0
    for years in range(1, out.shape[0]):
        passing += own * (1.0 + 2.0 * among)
        kept *= persistence
        among += kept
        out[years] = passing + years * years * long_run


@njit(cache=True, error_model="numpy", nogil=True)
def condition(elapsed, doubt, ahead, own, persistence, noise, long_run, factor, gain, variance):
    """Prepare the prediction of histories with levels in the years `elapsed` (n,), counted from the first one.

    doubt (n, n) is the covariance of the known levels around what was printed; own ... long_run (J,) are variances but for persistence.
    Filled are factor (J, n - 1, n - 1), the lower Cholesky factor of the rises from the first level; gain (J, ahead, n - 1) of the coming
    levels on what the factor makes of the rises; variance (J, ahead) of the coming levels.
    """
    n, last = elapsed.shape[0], elapsed[elapsed.shape[0] - 1]
    spread = np.empty(last + ahead + 1)
    for j in range(own.shape[0]):
        fill_spreads(own[j], persistence[j], long_run[j], spread)
        for row in range(n - 1):
            i = row + 1
            for column in range(row + 1):
                k = column + 1
                value = 0.5 * (spread[elapsed[i]] + spread[elapsed[k]] - spread[elapsed[i] - elapsed[k]]) + noise[j]
                value += doubt[i, k] - doubt[i, 0] - doubt[0, k] + doubt[0, 0]
                if row == column:
                    value += noise[j]
                for inner in range(column):
                    value -= factor[j, row, inner] * factor[j, column, inner]
                factor[j, row, column] = sqrt(value) if row == column else value / factor[j, column, column]
        for year in range(ahead):
            when = last + 1 + year
            variance[j, year] = spread[when] + 2.0 * noise[j] + doubt[0, 0]
            for row in range(n - 1):
                i = row + 1
                value = 0.5 * (spread[when] + spread[elapsed[i]] - spread[when - elapsed[i]]) + noise[j]
                value += doubt[0, 0] - doubt[0, i]
                for inner in range(row):
                    value -= gain[j, year, inner] * factor[j, row, inner]
                gain[j, year, row] = value / factor[j, row, row]
                variance[j, year] -= gain[j, year, row] ** 2


@njit(cache=True, error_model="numpy", nogil=True)
def weigh(levels, log_prior, factor, gain, weights, centre):
    """Fill weights (J,) with how likely each kind is after the levels (n,), and centre (J, ahead) with the levels to come."""
    n, ahead = levels.shape[0], centre.shape[1]
    white = np.empty(n)
    most = -np.inf
    for j in range(weights.shape[0]):
        likelihood = log_prior[j]
        for row in range(n - 1):
            value = levels[row + 1] - levels[0]
            for inner in range(row):
                value -= factor[j, row, inner] * white[inner]
            white[row] = value / factor[j, row, row]
            likelihood -= 0.5 * white[row] ** 2 + log(factor[j, row, row])
        weights[j] = likelihood
        most = max(most, likelihood)
        for year in range(ahead):
            value = levels[0]
            for row in range(n - 1):
                value += gain[j, year, row] * white[row]
            centre[j, year] = value
    total = 0.0
    for j in range(weights.shape[0]):
        weights[j] = exp(weights[j] - most)
        total += weights[j]
    for j in range(weights.shape[0]):
        weights[j] /= total


@njit(cache=True, error_model="numpy", nogil=True)
def extrapolate_drift(levels, out):
    """Carry the mean yearly change on: out (ahead,)."""
    n = levels.shape[0]
    for year in range(out.shape[0]):
        out[year] = levels[n - 1] + (year + 1) * (levels[n - 1] - levels[0]) / (n - 1)


@njit(cache=True, error_model="numpy", nogil=True)
def extrapolate_theta(levels, out):
    """Mean of the straight line through the levels and of simple exponential smoothing of twice the levels less that line.

    Assimakopoulos and Nikolopoulos (2000); the smoothing constant is the one with the least squared errors one year ahead.
    """
    n = levels.shape[0]
    middle, mean, across, along = (n - 1) / 2.0, levels.mean(), 0.0, 0.0
    for t in range(n):
        across += (t - middle) * levels[t]
        along += (t - middle) ** 2
    slope = across / along
    start = mean - slope * middle
    best, kept = np.inf, 0.0
    for smoothing in SMOOTHING:
        level, squares = 2.0 * levels[0] - start, 0.0
        for t in range(1, n):
            error = 2.0 * levels[t] - start - slope * t - level
            squares += error * error
            level += smoothing * error
        if squares < best:
            best, kept = squares, level
    for year in range(out.shape[0]):
        out[year] = 0.5 * (kept + start + slope * (n + year))


@njit(cache=True, error_model="numpy", nogil=True)
def next_by_dynamic_theta(level, start, slope, count, smoothing, share):
    """Return the next level by the line and the smoothed level known after `count` years (Fiorucci and others 2016, equation 10)."""
    left = (1.0 - smoothing) ** count
    return level + share * (start * left + slope * (1.0 - left * (1.0 - smoothing)) / smoothing)


@njit(cache=True, error_model="numpy", nogil=True)
def next_line(slope, mean, value, count):
    """Return start, slope and mean of the straight line when level number `count`, counted from 0, has joined."""
    slope = ((count - 1) * slope + 6.0 * (value - mean) / (count + 1)) / (count + 2)
    mean = (count * mean + value) / (count + 1)
    return mean - slope * (count + 2) / 2.0, slope, mean


@njit(cache=True, error_model="numpy", nogil=True)
def extrapolate_dynamic_theta(levels, out):
    """Theta with a line that is drawn anew each year: smoothing and theta with the least squared errors (Fiorucci and others 2016)."""
    n = levels.shape[0]
    best = np.inf
    kept_level, kept_smoothing, kept_share = levels[n - 1], 1.0, 0.0
    start, slope, mean = levels[0], 0.0, levels[0]
    for smoothing in SMOOTHING[::2]:
        for theta in THETAS:
            share = 1.0 - 1.0 / theta
            level, start, slope, mean, squares = levels[0], levels[0], 0.0, levels[0], 0.0
            for t in range(1, n):
                error = levels[t] - next_by_dynamic_theta(level, start, slope, t, smoothing, share)
                if t > 1:
                    squares += error * error
                level += smoothing * (levels[t] - level)
                start, slope, mean = next_line(slope, mean, levels[t], t)
            if squares < best:
                best, kept_level, kept_smoothing, kept_share = squares, level, smoothing, share
    level = kept_level
    for year in range(out.shape[0]):
        out[year] = next_by_dynamic_theta(level, start, slope, n + year, kept_smoothing, kept_share)
        level += kept_smoothing * (out[year] - level)
        start, slope, mean = next_line(slope, mean, out[year], n + year)


@njit(cache=True, error_model="numpy", nogil=True)
def extrapolate_damped(levels, out):
    """Exponential smoothing with a damped trend; smoothing and damping with the least squared errors (Gardner and McKenzie 1985)."""
    n = levels.shape[0]
    first = min(3, n - 1)
    best, kept_level, kept_trend, kept_damping = np.inf, levels[n - 1], 0.0, 1.0
    for smoothing in DAMPED_SMOOTHING:
        for share in TREND_SMOOTHING:
            for damping in DAMPING:
                level, trend, squares = levels[0], (levels[first] - levels[0]) / first, 0.0
                for t in range(1, n):
                    trend *= damping
                    error = levels[t] - level - trend
                    squares += error * error
                    level += trend + smoothing * error
                    trend += smoothing * share * error
                if squares < best:
                    best, kept_level, kept_trend, kept_damping = squares, level, trend, damping
    kept, reach = 1.0, 0.0
    for year in range(out.shape[0]):
        kept *= kept_damping
        reach += kept
        out[year] = kept_level + reach * kept_trend


@njit(cache=True, error_model="numpy", nogil=True)
def volatility_of(levels):
    """Return the standard deviation of the yearly growth of ln(level) (n,), n >= 3."""
    n = levels.shape[0] - 1
    mean, squares = (levels[n] - levels[0]) / n, 0.0
    for t in range(n):
        squares += (levels[t + 1] - levels[t] - mean) ** 2
    return sqrt(squares / (n - 1))


@njit(cache=True, error_model="numpy", nogil=True)
def describe(volatility, count, out):
    """Fill out (FEATURES,) with what the weights of the methods hang on: 1, and logarithms of the volatility and of the number of levels."""
    out[0] = 1.0
    out[1] = log((min(volatility, MOST_VOLATILE) + FLOOR) / TYPICAL_VOLATILITY)
    out[2] = log(min(count, MOST_COUNT) / TYPICAL_COUNT)


@njit(cache=True, error_model="numpy", nogil=True)
def weigh_members(features, coefficients, out):
    """Fill out (METHODS + 1,) with the weights of class and methods: their logarithms, less that of the class, are linear in the features.

    coefficients (METHODS, FEATURES); theta, dynamic theta, damped trend and drift.
    """
    out[0] = total = 1.0
    for method in range(METHODS):
        log_weight = 0.0
        for feature in range(FEATURES):
            log_weight += coefficients[method, feature] * features[feature]
        out[method + 1] = exp(log_weight)
        total += out[method + 1]
    for member in range(METHODS + 1):
        out[member] /= total


@njit(cache=True, error_model="numpy", nogil=True)
def add_methods(levels, narrower, farthest, stack, weights, centre, variance, all_weights, all_centre, all_variance):
    """Set beside the class the extrapolating methods: each is the class moved to the method's own levels and made narrower.

    stack (METHODS + 1,) are the weights of class, theta, dynamic theta, damped trend and drift. A method may not leave
    `farthest` standard deviations of the class. Filled are all_weights (J (METHODS + 1),), and all_centre and all_variance, with the years first.
    """
    n_kinds, ahead = centre.shape
    paths = np.empty((METHODS, ahead))
    if stack[0] < 1.0:
        plain = np.exp(levels)
        extrapolate_theta(plain, paths[0])
        extrapolate_dynamic_theta(plain, paths[1])
        extrapolate_damped(plain, paths[2])
        extrapolate_drift(plain, paths[3])
    for member in range(METHODS + 1):
        all_weights[member * n_kinds : (member + 1) * n_kinds] = stack[member] * weights
    for year in range(ahead):
        middle, square = 0.0, 0.0
        for j in range(n_kinds):
            middle += weights[j] * centre[j, year]
        for j in range(n_kinds):
            square += weights[j] * (variance[j, year] + (centre[j, year] - middle) ** 2)
            all_centre[year, j] = centre[j, year]
            all_variance[year, j] = variance[j, year]
        low, high = exp(middle - farthest * sqrt(square)), exp(middle + farthest * sqrt(square))
        for method in range(METHODS):
            rows = slice((method + 1) * n_kinds, (method + 2) * n_kinds)
            if stack[method + 1] > 0.0:
                where = log(min(max(paths[method, year], low), high))
                all_centre[year, rows] = where + narrower * (centre[:, year] - middle)
                all_variance[year, rows] = narrower * narrower * variance[:, year]


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def fill_quantiles(weights, centre, variance, probabilities, out):
    """Fill out (n_probabilities,) with quantiles of a mixture of normals (K,) for rising probabilities, to 1e-8 of the narrowest sd.

    Halley's method from the quantile before, inside a bracket that is halved now and then: densities may have narrow peaks.
    """
    n_kept = 0
    mean, inverse, share = np.empty(weights.shape[0]), np.empty(weights.shape[0]), np.empty(weights.shape[0])
    low, high, total, middle, fine = np.inf, -np.inf, 0.0, 0.0, np.inf
    for k in range(weights.shape[0]):
        if weights[k] > NEGLIGIBLE:
            sd = sqrt(variance[k])
            mean[n_kept], inverse[n_kept], share[n_kept] = centre[k], 1.0 / sd, weights[k]
            low, high, fine = min(low, centre[k] - 9.0 * sd), max(high, centre[k] + 9.0 * sd), min(fine, 1e-3 * sd)
            total += weights[k]
            middle += weights[k] * centre[k]
            n_kept += 1
    x, slope, bend, reached = middle / total, 0.0, 0.0, 0.0
    for number in range(probabilities.shape[0]):
        wanted, top = probabilities[number] * total, high
        if slope > 0.0:  # from the quantile before
            step = (wanted - reached) / slope
            x += step / max(1.0 + 0.5 * step * bend / slope, 0.2)
        for attempt in range(100):
            if attempt % 4 == 3 or not low < x < top:
                x = 0.5 * (low + top)
            reached, slope, bend = 0.0, 0.0, 0.0
            for k in range(n_kept):
                z = (x - mean[k]) * inverse[k]
                if z < -8.0:
                    continue
                if z > 8.0:
                    reached += share[k]
                    continue
                density = share[k] * inverse[k] * exp(-0.5 * z * z) / ROOT_TWO_PI
                reached += 0.5 * share[k] * erfc(-z * ROOT_HALF)
                slope += density
                bend -= density * z * inverse[k]
            if reached < wanted:
                low = x
            else:
                top = x
            if slope > 0.0:
                step = (wanted - reached) / slope
                step /= max(1.0 + 0.5 * step * bend / slope, 0.2)
            else:
                step = np.inf
            x += step
            if (abs(step) < fine and low <= x <= top) or top - low < 1e-5 * fine:
                break
        x = min(max(x, low), top)
        out[number] = x
        reached += step * (slope + 0.5 * step * bend)
        slope += step * bend


@njit(cache=True, error_model="numpy", nogil=True)
def forecast_histories(
    levels, starts, lengths, log_priors, factors, gains, variances, narrower, farthest, fewest, coefficients, probabilities, out
):  # fmt: skip
    """Fill out (m, n_probabilities, ahead) with quantiles of ln(level) for m histories of consecutive years, exactly known.

    levels holds all histories one behind the other from `starts`. log_priors of the class, and factors, gains and variances, which
    `condition` gives, are for histories of 0, 1 ... n levels, padded; of a longer one the class sees the last n. Methods are heard
    from `fewest` levels on, with the coefficients that `weigh_members` takes.
    """
    n_kinds, ahead, most = log_priors.shape[1], out.shape[2], factors.shape[0] - 1
    weights, centre = np.empty(n_kinds), np.empty((n_kinds, ahead))
    features, stack, n_all = np.empty(FEATURES), np.zeros(METHODS + 1), n_kinds * (METHODS + 1)
    all_weights, all_centre, all_variance = np.empty(n_all), np.empty((ahead, n_all)), np.empty((ahead, n_all))
    column = np.empty(probabilities.shape[0])
    for number in range(starts.shape[0]):
        history = levels[starts[number] : starts[number] + lengths[number]]
        known = min(lengths[number], most)
        heard = history[lengths[number] - known :]
        weigh(heard, log_priors[known], factors[known], gains[known], weights, centre)
        stack[:] = 0.0
        stack[0] = 1.0
        if lengths[number] >= fewest:
            describe(volatility_of(heard), lengths[number], features)
            weigh_members(features, coefficients, stack)
        add_methods(history, narrower, farthest, stack, weights, centre, variances[known], all_weights, all_centre, all_variance)
        for year in range(ahead):
            fill_quantiles(all_weights, all_centre[year], all_variance[year], probabilities, column)
            out[number, :, year] = column
