"""The moments of a logarithm over an interval, point by point: the slow twin of forecast/wording_kernels.py."""

from math import log, log1p

from forecast.wording_kernels import POINTS


def log_powers(low: float, high: float, triangular: bool, percent: bool) -> tuple[float, float]:
    """Return the means of ln(value) and of its square, or of ln(1 + value/100), by the same middles of equal parts."""
    weights, logarithms = [], []
    for point in range(POINTS):
        fraction = (2 * point + 1) / (2 * POINTS)
        value = low * (1 - fraction) + high * fraction
        weights.append(1 - abs(2 * fraction - 1) if triangular else 1.0)
        logarithms.append(log1p(max(value, -99.0) / 100) if percent else log(max(value, 1e-6 * high)))
    pairs = list(zip(weights, logarithms, strict=True))
    return tuple(sum(weight * one**power for weight, one in pairs) / sum(weights) for power in (1, 2))  # type: ignore[return-value]
