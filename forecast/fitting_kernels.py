"""Levenberg-Marquardt for one series and for many: the same code for the curves of this project and for those of a user.

Steps solve the normal equations, scaled by the columns of the Jacobian; the damping follows Nielsen (1999). Where they no longer improve,
Gauss-Newton steps by Householder's QR take the last digits, and give the covariance; the QR also tells whether the parameters can be
told apart at all. Bounds hold a parameter while the residuals push it outwards.
"""

from math import isfinite, sqrt

import numpy as np
from numba import njit, types

from forecast.curve_kernels import FILL

# The curve is called by its address, so that one compiled fit serves them all.
BLOCK = types.void(
    types.FunctionType(FILL), types.int64, types.float64[::1], types.float64[:, ::1], types.float64[:, ::1], types.float64[::1],
    types.float64[::1], types.float64[::1], types.int64, types.float64, types.float64[:, ::1], types.float64[:, :, ::1],
    types.float64[::1], types.int64[::1],
)  # fmt: skip

CONVERGED, STALLED, UNDETERMINED, NO_NUMBERS, EXHAUSTED = range(5)

SMALL_STEP = 1e-12  # of a parameter: further steps are rounding
SURE_STEP = 1e-9  # a last Gauss-Newton step below this is a minimum found
ORTHOGONAL = 1e-8  # cosine between the residuals and the columns of the Jacobian, at a minimum
DEPENDENT = 1e-11  # smallest pivot of the scaled QR: below it parameters cannot be told apart
ROUNDING = 1e-10  # relative: squares that differ by less are equal
POLISHING = 6
LARGEST_DAMPING = 1e24
TINY = 1e-300


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"reassoc", "contract"})
def normal_equations(y, value, slopes, products, along):
    """Fill J'J and J'r, turn `value` into the residuals r, and return the sum of their squares."""
    n = y.size
    squares = 0.0
    for i in range(n):
        value[i] = y[i] - value[i]
        squares += value[i] * value[i]
    if along.size == 3:  # most growth curves: one pass instead of nine
        s0, s1, s2, q00, q10, q11, q20, q21, q22 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            r, j0, j1, j2 = value[i], slopes[0, i], slopes[1, i], slopes[2, i]
            s0, s1, s2 = s0 + j0 * r, s1 + j1 * r, s2 + j2 * r
            q00, q10, q11 = q00 + j0 * j0, q10 + j1 * j0, q11 + j1 * j1
            q20, q21, q22 = q20 + j2 * j0, q21 + j2 * j1, q22 + j2 * j2
        along[0], along[1], along[2] = s0, s1, s2
        products[0, 0], products[1, 0], products[1, 1] = q00, q10, q11
        products[2, 0], products[2, 1], products[2, 2] = q20, q21, q22
        return squares
    for a in range(along.size):
        total = 0.0
        for i in range(n):
            total += slopes[a, i] * value[i]
        along[a] = total
        for b in range(a + 1):
            total = 0.0
            for i in range(n):
                total += slopes[a, i] * slopes[b, i]
            products[a, b] = total
    return squares


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def damped_step_of_three(products, along, scale, damping, step):
    """Solve as `damped_step` for three free parameters, by J'J + damping D^2 = L diag(d) L'."""
    d0 = products[0, 0] + damping * scale[0] * scale[0]
    if not d0 > 0.0:
        return False
    l1, l2 = products[1, 0] / d0, products[2, 0] / d0
    d1 = products[1, 1] + damping * scale[1] * scale[1] - l1 * products[1, 0]
    if not d1 > 0.0:
        return False
    below = products[2, 1] - l2 * products[1, 0]
    l3 = below / d1
    d2 = products[2, 2] + damping * scale[2] * scale[2] - l2 * products[2, 0] - l3 * below
    if not d2 > 0.0:
        return False
    x1 = along[1] - l1 * along[0]
    step[2] = (along[2] - l2 * along[0] - l3 * x1) / d2
    step[1] = x1 / d1 - l3 * step[2]
    step[0] = along[0] / d0 - l1 * step[1] - l2 * step[2]
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def damped_step(products, along, scale, damping, free, factor, step):
    """Solve (J'J + damping D^2) step = J'r for the free parameters by Cholesky's method; False if it fails."""
    k = along.size
    if k == 3 and free[0] and free[1] and free[2]:  # most growth curves: without square roots
        return damped_step_of_three(products, along, scale, damping, step)
    for a in range(k):
        for b in range(a + 1):
            value = products[a, b] if free[a] and free[b] else 0.0
            if a == b:
                value = value + damping * scale[a] * scale[a] if free[a] else 1.0
            for c in range(b):
                value -= factor[a, c] * factor[b, c]
            if a == b:
                if not value > 0.0:
                    return False
                factor[a, a] = 1.0 / sqrt(value)  # the diagonal holds reciprocals
            else:
                factor[a, b] = value * factor[b, b]
    for a in range(k):
        value = along[a] if free[a] else 0.0
        for c in range(a):
            value -= factor[a, c] * step[c]
        step[a] = value * factor[a, a]
    for a in range(k - 1, -1, -1):
        value = step[a]
        for c in range(a + 1, k):
            value -= factor[c, a] * step[c]
        step[a] = value * factor[a, a]
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def search(function, curve, t, y, p, lower, upper, damping, most, tolerance, work, points):
    """Take damped steps from p until they are small or no longer improve; p becomes the best point.

    `work` (6 + 3k, k) and `points` (1 + k, n) are scratch.

    Returns
    -------
    squares, count : float, int
        Sum of squared residuals (NaN if the start has none) and number of evaluations.
    """
    k = p.size
    along, scale, step, trial, next_along, free = work[0], work[1], work[2], work[3], work[4], work[5]
    products, factor, next_products = work[6 : 6 + k], work[6 + k : 6 + 2 * k], work[6 + 2 * k : 6 + 3 * k]
    value, slopes = points[0], points[1:]
    function(curve, t, p, value, slopes)
    squares = normal_equations(y, value, slopes, products, along)
    if not isfinite(squares):
        return np.nan, 1
    for a in range(k):
        scale[a] = 0.0
    growth = 2.0
    count = 1
    while count < most:
        for a in range(k):
            scale[a] = max(scale[a], sqrt(products[a, a]))
            if scale[a] == 0.0:
                scale[a] = 1.0
            free[a] = not_held(p[a], along[a], lower[a], upper[a])
        if not damped_step(products, along, scale, damping, free, factor, step):
            damping = max(damping, 1e-12) * growth
            growth *= 2.0
            if damping > LARGEST_DAMPING:
                break
            continue
        moved, expected = 0.0, 0.0
        for a in range(k):
            trial[a] = min(max(p[a] + step[a], lower[a]), upper[a])
            change = trial[a] - p[a]
            moved = max(moved, abs(change) / (abs(p[a]) + TINY))
            expected += change * (along[a] + damping * scale[a] * scale[a] * change)
        if moved < SMALL_STEP:
            break
        function(curve, t, trial, value, slopes)
        next_squares = normal_equations(y, value, slopes, next_products, next_along)
        count += 1
        if isfinite(next_squares) and next_squares < squares:
            ratio = (squares - next_squares) / expected if expected > 0.0 else 0.0
            damping *= max(1.0 / 3.0, min(1.0 - (2.0 * ratio - 1.0) ** 3, 2.0))
            growth = 2.0
            squares = next_squares
            for a in range(k):
                p[a] = trial[a]
                along[a] = next_along[a]
                for b in range(a + 1):
                    products[a, b] = next_products[a, b]
            if moved * (1.0 + damping) < tolerance:
                break
        else:
            damping *= growth
            growth *= 2.0
            if damping > LARGEST_DAMPING:
                break
    return squares, count


@njit(cache=True, error_model="numpy", nogil=True)
def not_held(p, along, lower, upper):
    """Return 0 for a parameter at a bound that the residuals push outwards, otherwise 1."""
    return 0.0 if (p <= lower and along < 0.0) or (p >= upper and along > 0.0) else 1.0


@njit(cache=True, error_model="numpy", nogil=True)
def gauss_newton(function, curve, t, y, p, free, scale, step, points):
    """Compute one undamped step by Householder's QR of the scaled Jacobian; R stays in the upper triangle of points[1:].

    `points` (1 + k, n) is scratch. Returns squares, cosine (largest between residuals and a column) and pivot
    (smallest of the scaled R, 1 at best).
    """
    n, k = t.size, p.size
    residual, columns = points[0], points[1:]
    function(curve, t, p, residual, columns)
    squares = 0.0
    for i in range(n):
        residual[i] = y[i] - residual[i]
        squares += residual[i] * residual[i]
    cosine = 0.0
    for a in range(k):
        length, along = 0.0, 0.0
        for i in range(n):
            length += columns[a, i] * columns[a, i]
            along += columns[a, i] * residual[i]
        scale[a] = sqrt(length) if length > 0.0 else 1.0
        if free[a] and length > 0.0 and squares > 0.0:
            cosine = max(cosine, abs(along) / (scale[a] * sqrt(squares)))
        for i in range(n):
            columns[a, i] = columns[a, i] / scale[a] if free[a] else 0.0
    pivot = 1.0
    for a in range(min(k, n)):
        if not free[a]:
            continue
        length = 0.0
        for i in range(a, n):
            length += columns[a, i] * columns[a, i]
        length = sqrt(length)
        pivot = min(pivot, length)
        if length == 0.0:
            continue
        if columns[a, a] > 0.0:
            length = -length
        head = columns[a, a] - length
        for i in range(a + 1, n):
            columns[a, i] /= head
        factor = -head / length
        columns[a, a] = length
        for b in range(a + 1, k + 1):
            other = columns[b] if b < k else residual
            along = other[a]
            for i in range(a + 1, n):
                along += columns[a, i] * other[i]
            along *= factor
            other[a] -= along
            for i in range(a + 1, n):
                other[i] -= along * columns[a, i]
    if n < k:
        pivot = 0.0
    for a in range(k - 1, -1, -1):
        step[a] = 0.0
        if free[a] and a < n and columns[a, a] != 0.0:
            value = residual[a]
            for b in range(a + 1, k):
                value -= columns[b, a] * step[b] * scale[b]
            step[a] = value / columns[a, a] / scale[a]
    return squares, cosine, pivot


@njit(cache=True, error_model="numpy", nogil=True)
def fill_covariance(columns, scale, free, variance, inverse, covariance):
    """Fill variance x (J'J)^-1 from the R of the scaled Jacobian, zero for parameters at a bound; `inverse` (k, k) is scratch."""
    k = scale.size
    for a in range(k - 1, -1, -1):
        for b in range(k):
            inverse[a, b] = 0.0
        if not free[a] or columns[a, a] == 0.0:
            continue
        inverse[a, a] = 1.0 / columns[a, a]
        for b in range(a + 1, k):
            value = 0.0
            for c in range(a + 1, b + 1):
                value -= columns[c, a] * inverse[c, b]
            inverse[a, b] = value / columns[a, a]
    for a in range(k):
        for b in range(k):
            value = 0.0
            for c in range(max(a, b), k):
                value += inverse[a, c] * inverse[b, c]
            covariance[a, b] = variance * value / (scale[a] * scale[b])


@njit(cache=True, error_model="numpy", nogil=True)
def polish(function, curve, t, y, p, free, squares, tolerance, work, points):
    """Take Gauss-Newton steps from p as long as they lead down; returns squares, verdict, number of evaluations."""
    k = p.size
    scale, step, best = work[0], work[1], work[2]
    moved, verdict, count = np.inf, STALLED, 0
    for a in range(k):
        best[a] = p[a]
    for _ in range(POLISHING):
        now, cosine, pivot = gauss_newton(function, curve, t, y, p, free, scale, step, points)
        count += 1
        if not isfinite(now) or now > squares * (1.0 + ROUNDING):  # the last step led away
            for a in range(k):
                p[a] = best[a]
            now, cosine, pivot = gauss_newton(function, curve, t, y, p, free, scale, step, points)
            return squares, CONVERGED if cosine < ORTHOGONAL else STALLED, count + 1
        squares = now
        if pivot < DEPENDENT:
            return squares, UNDETERMINED, count
        moved = 0.0
        for a in range(k):
            best[a] = p[a]
            moved = max(moved, abs(step[a]) / (abs(p[a]) + TINY))
            p[a] += step[a]
        if moved < max(SURE_STEP, tolerance) or cosine < ORTHOGONAL:
            verdict = CONVERGED
        if moved < tolerance:
            break
    return squares, verdict, count


@njit(cache=True, error_model="numpy", nogil=True)
def fit_one(function, curve, t, y, start, lower, upper, dampings, most, tolerance, p, covariance, work, points):
    """Fit one series: search from the start with each damping, keep the best, polish it, judge it.

    `work` (8 + 3k, k) and `points` (1 + k, n) are scratch.

    Returns
    -------
    squares, verdict, count
        Sum of squared residuals, one of the verdicts above, number of evaluations.
    """
    n, k = t.size, start.size
    best, free = work[6 + 3 * k], work[7 + 3 * k]
    squares, count, exhausted = np.inf, 0, False
    for number in range(dampings.size):
        for a in range(k):
            p[a] = min(max(start[a], lower[a]), upper[a])
        found, used = search(function, curve, t, y, p, lower, upper, dampings[number], most, tolerance, work, points)
        count += used
        if found < squares:
            squares, exhausted = found, used >= most
            for a in range(k):
                best[a], free[a] = p[a], work[5, a]
    for a in range(k):
        p[a] = best[a] if isfinite(squares) else np.nan
        for b in range(k):
            covariance[a, b] = np.nan
    if not isfinite(squares):
        return np.nan, NO_NUMBERS, count
    squares, verdict, used = polish(function, curve, t, y, p, free, squares, tolerance, work, points)
    unknown = 0
    for a in range(k):
        p[a] = min(max(p[a], lower[a]), upper[a])
        unknown += 1 if free[a] else 0
    if n > unknown:
        fill_covariance(points[1:], work[0], free, squares / (n - unknown), work[6 : 6 + k], covariance)
    return squares, EXHAUSTED if exhausted and verdict == STALLED else verdict, count + used


@njit(BLOCK, cache=True, error_model="numpy", nogil=True)
def fit_block(function, curve, t, ys, starts, lower, upper, dampings, most, tolerance, parameters, covariances, squares, verdicts):
    """Fit a block of series (m, n) over the same times."""
    k = starts.shape[1]
    work, points = np.empty((8 + 3 * k, k)), np.empty((1 + k, t.size))
    for row in range(ys.shape[0]):
        squares[row], verdicts[row], _ = fit_one(
            function, curve, t, ys[row], starts[row], lower, upper, dampings, most, tolerance, parameters[row], covariances[row],
            work, points,
        )  # fmt: skip
