"""The door to curve fitting: one series carefully, or many at once, with covariance and a verdict."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares

from forecast.curves import CURVES, Curve
from forecast.fitting_kernels import CONVERGED, EXHAUSTED, NO_NUMBERS, STALLED, UNDETERMINED, fit_block
from forecast.series import Floats

VERDICTS = {
    CONVERGED: "converged",
    STALLED: "stalled",
    UNDETERMINED: "undetermined",
    NO_NUMBERS: "no numbers",
    EXHAUSTED: "exhausted",
}
CAREFUL_DAMPINGS = (1e-1, 1e-3, 1e-6, 1e1, 1e4)  # a valley that one path misses another finds
QUICK_DAMPINGS = (1e-1,)
CAREFUL, QUICK = 1e-12, 1e-6  # relative step at which a search ends
CAREFUL_EVALUATIONS, QUICK_EVALUATIONS = 30_000, 200
BLOCK_ROWS = 2048


@dataclass(frozen=True)
class Fit:
    """Fits of one curve to m series.

    Attributes
    ----------
    curve : Curve
    parameters : array (m, k)
        NaN where the curve has no value at the start.
    covariance : array (m, k, k)
        Of the parameters, with the residual variance estimated; zero for those at a bound, NaN without degrees of freedom.
    squares : array (m,)
        Sums of squared residuals.
    verdict : array (m,) of str
        converged; stalled (no better point was found, yet it is no proven minimum); undetermined (the data cannot tell the parameters
        apart); exhausted (too many steps); no numbers (the curve has no value at the start).
    """

    curve: Curve
    parameters: Floats
    covariance: Floats
    squares: Floats
    verdict: NDArray[np.str_]

    @property
    def sd(self) -> Floats:
        """Standard deviations of the parameters (m, k)."""
        variances: Floats = np.einsum("mkk->mk", self.covariance)
        return np.sqrt(variances)


def fit(curve: str | Curve, t: ArrayLike, y: ArrayLike, start: ArrayLike | None = None) -> Fit:
    """Fit one series (n,) carefully: several searches, the best polished to the last digits.

    Raises
    ------
    ValueError
        If the curve is unknown, shapes differ, a number is not finite, or there is no start.
    """
    return fit_many(curve, t, np.atleast_2d(np.asarray(y, dtype=np.float64)), start, careful=True, threads=1)


def fit_many(
    curve: str | Curve,
    t: ArrayLike,
    y: ArrayLike,
    start: ArrayLike | None = None,
    *,
    careful: bool = False,
    threads: int | None = None,
) -> Fit:
    """Fit m series (m, n) over the same times (n,).

    Parameters
    ----------
    curve : str or Curve
        A name in `CURVES`, or a curve of one's own.
    start : array (k,) or (m, k), optional
        Where to begin; the curve's own guess by default.
    careful : bool
        Several searches for each series instead of one, to the last digits.
    threads : int, optional
        All cores by default; the answer does not depend on it.

    Raises
    ------
    ValueError
        As `fit`.
    """
    chosen = curve if isinstance(curve, Curve) else CURVES.get(curve)
    if chosen is None:
        raise ValueError(f"unknown curve {curve!r}; known: {', '.join(CURVES)}")
    times, values = (np.require(one, np.float64, ["C", "W"]) for one in (t, y))
    if times.ndim != 1 or values.ndim != 2 or values.shape[1] != times.size:
        raise ValueError(f"times of shape {times.shape} and values of shape {values.shape}; allowed: (n,) and (m, n)")
    if not (np.isfinite(times).all() and np.isfinite(values).all()):
        raise ValueError("times and values must be finite")
    starts = starting_points(chosen, times, values, start)
    m, k = starts.shape
    results = Fit(chosen, np.empty((m, k)), np.empty((m, k, k)), np.empty(m), np.empty(m, dtype="<U12"))
    numbers = np.empty(m, dtype=np.int64)
    bounds = np.array(chosen.lower), np.array(chosen.upper)
    if chosen.compiled:
        dampings = np.array(CAREFUL_DAMPINGS if careful else QUICK_DAMPINGS)
        most, tolerance = (CAREFUL_EVALUATIONS, CAREFUL) if careful else (QUICK_EVALUATIONS, QUICK)

        def run(rows: slice) -> None:
            try:
                fit_block(
                    chosen.fill, chosen.number, times, values[rows], starts[rows], *bounds, dampings, most, tolerance,
                    results.parameters[rows], results.covariance[rows], results.squares[rows], numbers[rows],
                )  # fmt: skip
            except ZeroDivisionError:  # a user's curve may divide complex numbers by zero: each series for itself
                if rows.stop - rows.start > 1:
                    for row in range(rows.start, min(rows.stop, m)):
                        run(slice(row, row + 1))
                    return
                results.parameters[rows], results.covariance[rows], results.squares[rows] = np.nan, np.nan, np.nan
                numbers[rows] = NO_NUMBERS

        blocks = [slice(first, first + BLOCK_ROWS) for first in range(0, m, BLOCK_ROWS)]
        with ThreadPoolExecutor(threads or cpu_count()) as pool:
            list(pool.map(run, blocks))
    else:
        for row in range(m):
            numbers[row] = fit_in_python(chosen, times, values[row], starts[row], results, row)
    results.verdict[:] = np.array([VERDICTS[number] for number in range(len(VERDICTS))])[numbers]
    return results


def starting_points(curve: Curve, times: Floats, values: Floats, start: ArrayLike | None) -> Floats:
    """Return a start for each series (m, k)."""
    k = len(curve.parameters)
    if start is not None:
        given = np.asarray(start, dtype=np.float64)
        if given.shape[-1:] != (k,) or given.ndim > 2 or (given.ndim == 2 and len(given) != len(values)):
            raise ValueError(f"a start of shape {given.shape}; {curve.name} has the parameters {', '.join(curve.parameters)}")
        if not np.isfinite(given).all():
            raise ValueError("a start must be finite")
        return np.array(np.broadcast_to(given, (len(values), k)), order="C")
    if curve.guess is None:
        raise ValueError(f"{curve.name} has no guess of its own; give a start")
    return np.ascontiguousarray(curve.guess(times, values), dtype=np.float64)


def fit_in_python(curve: Curve, times: Floats, values: Floats, start: Floats, results: Fit, row: int) -> int:
    """Fit one series with a curve that cannot be compiled, by scipy; returns the verdict."""
    k = start.size
    value, slopes = np.empty(times.size), np.empty((k, times.size))

    def residuals(p: Floats) -> Floats:
        curve.fill(curve.number, times, p, value, slopes)
        return np.array(value - values)

    def jacobian(p: Floats) -> Floats:
        curve.fill(curve.number, times, p, value, slopes)
        return np.array(slopes.T)

    results.parameters[row], results.covariance[row], results.squares[row] = np.nan, np.nan, np.nan
    inside = np.clip(start, np.nextafter(curve.lower, np.inf), np.nextafter(curve.upper, -np.inf))
    if not np.isfinite(residuals(inside)).all():
        return NO_NUMBERS
    found = least_squares(
        residuals, inside, jacobian, bounds=(curve.lower, curve.upper), x_scale="jac", max_nfev=CAREFUL_EVALUATIONS,
        ftol=1e-15, xtol=1e-15, gtol=1e-15,
    )  # fmt: skip
    results.parameters[row], results.squares[row] = found.x, 2 * found.cost
    triangle = np.linalg.qr(jacobian(found.x), mode="r")
    if np.linalg.matrix_rank(triangle) < k:
        return UNDETERMINED
    if times.size > k:
        inverse = np.linalg.inv(triangle)
        results.covariance[row] = inverse @ inverse.T * 2 * found.cost / (times.size - k)
    return CONVERGED if found.status > 0 else EXHAUSTED
