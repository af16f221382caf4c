"""Growth curves that can be fitted: those of this project and those of a user, each one entry.

A user's curve is a function of one time and the parameters that returns the value; its derivatives are taken by complex steps, exact to
rounding (Squire and Trapp 1998), so it must use functions that know complex numbers, such as np.exp. It is compiled if numba can, and
runs as plain Python otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from forecast.curve_kernels import BASS, EXPONENTIAL, GOMPERTZ, LINEAR, LOGISTIC, RICHARDS, fill
from forecast.series import Floats
from forecast.user_curve_kernels import filling

POSITIVE = 1e-12

Guess = Callable[[Floats, Floats], Floats]  # times (n,) and values (m, n) -> starts (m, k)


@dataclass(frozen=True)
class Curve:
    """A curve to fit.

    Attributes
    ----------
    name : str
    parameters : tuple of str
        Names of the k parameters, in the order in which the function takes them.
    lower, upper : tuples of float
        Bounds of the parameters.
    guess : callable
        Starts (m, k) from times (n,) and values (m, n); None if a start must be given.
    fill : callable
        (number, t (n,), p (k,), value (n,), derivatives (k, n)) fills the last two; compiled unless `compiled` is False.
    number : int
        What tells the curves of one `fill` apart.
    """

    name: str
    parameters: tuple[str, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    guess: Guess | None
    fill: Any
    number: int = 0
    compiled: bool = True

    def value(self, t: Floats, parameters: Floats) -> Floats:
        """Return the values at times t (n,) for parameters (k,)."""
        times = np.ascontiguousarray(t, dtype=np.float64)
        value = np.empty(times.size)
        self.fill(
            self.number,
            times,
            np.ascontiguousarray(parameters, dtype=np.float64),
            value,
            np.empty((len(self.parameters), times.size)),
        )
        return value


def lines(t: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return level and slope of the weighted least squares lines through m series (m, n)."""
    total = np.maximum(weights.sum(axis=1), 1e-300)
    middle = weights @ t / total
    mean = (weights * y).sum(axis=1) / total
    away = t - middle[:, None]
    spread = np.maximum((weights * away**2).sum(axis=1), 1e-300)
    slope = (weights * away * (y - mean[:, None])).sum(axis=1) / spread
    return mean - slope * middle, slope


def straight(t: Floats, y: Floats) -> Floats:
    """Guess straight lines."""
    return np.column_stack(lines(t, y, np.ones_like(y)))


def growing(t: Floats, y: Floats) -> Floats:
    """Guess exponentials by lines through the logarithms of the positive values."""
    positive = y > 0
    level, rate = lines(t, np.log(np.where(positive, y, 1.0)), positive.astype(np.float64))
    return np.column_stack([np.where(positive.any(axis=1), np.exp(np.clip(level, -700, 700)), y.mean(axis=1)), rate])


def saturating(t: Floats, y: Floats) -> Floats:
    """Guess ceiling, rate and midpoint: the ceiling a fifth above the largest value, the others by lines through the logits."""
    ceiling = 1.2 * np.abs(y).max(axis=1)
    ceiling[ceiling == 0] = 1.0
    share = np.clip(y / ceiling[:, None], 0.01, 0.99)
    level, rate = lines(t, np.log(share / (1 - share)), np.ones_like(y))
    rate = np.where(np.abs(rate) > 1e-3, rate, 1e-3)
    return np.column_stack([ceiling, rate, -level / rate])


def asymmetric(t: Floats, y: Floats) -> Floats:
    """Guess as for a logistic."""
    return np.column_stack([saturating(t, y), np.ones(len(y))])


def adopted(_t: Floats, y: Floats) -> Floats:
    """Guess innovation and imitation as usual in Bass's examples."""
    return np.column_stack([1.2 * y.max(axis=1), np.full(len(y), 0.02), np.full(len(y), 0.4)])


CURVES = {
    curve.name: curve
    for curve in (
        Curve("linear", ("start", "slope"), (-inf, -inf), (inf, inf), straight, fill, LINEAR),
        Curve("exponential", ("start", "rate"), (-inf, -inf), (inf, inf), growing, fill, EXPONENTIAL),
        Curve("logistic", ("ceiling", "rate", "midpoint"), (-inf,) * 3, (inf,) * 3, saturating, fill, LOGISTIC),
        Curve("gompertz", ("ceiling", "rate", "inflection"), (-inf,) * 3, (inf,) * 3, saturating, fill, GOMPERTZ),
        Curve(
            "richards", ("ceiling", "rate", "midpoint", "asymmetry"), (-inf, -inf, -inf, POSITIVE), (inf,) * 4,
            asymmetric, fill, RICHARDS,
        ),
        Curve(
            "bass", ("ceiling", "innovation", "imitation"), (-inf, POSITIVE, 0.0), (inf,) * 3,
            adopted, fill, BASS,
        ),
    )
}  # fmt: skip


def user_curve(
    name: str, function: Callable[..., Any], parameters: tuple[str, ...], *, lower: tuple[float, ...] = (),
    upper: tuple[float, ...] = (), guess: Guess | None = None,
) -> Curve:  # fmt: skip
    """Make a curve of function(t, p) -> value, where p holds the parameters; it must work for complex p."""
    k = len(parameters)
    filled, compiled = filling(function)
    return Curve(name, parameters, lower or (-inf,) * k, upper or (inf,) * k, guess, filled, 0, compiled)
