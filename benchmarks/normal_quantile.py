"""Fit the polynomial of scenarios/shock_kernels.py again and print it with its largest error.

    python benchmarks/normal_quantile.py

With w = -ln(4 u (1 - u)), z / sqrt(w) is a smooth function of v = w / (w + 7) from the middle of the normal distribution out to half of
2**-32; a polynomial in t = 2 v / v_max - 1 is fitted at Chebyshev points.
"""

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import erf, log_ndtr

DEGREE, OFFSET = 14, 7.0
LARGEST = -np.log(4 * 2.0**-33 * (1 - 2.0**-33))


def main() -> None:
    z = np.linspace(0, 6.6, 400_001)[1:]
    outside = -(np.log(4) + log_ndtr(z) + log_ndtr(-z))
    w = np.where(z < 2, -np.log1p(-(erf(z / np.sqrt(2)) ** 2)), outside)
    z, w = z[w <= LARGEST * 1.0005], w[w <= LARGEST * 1.0005]
    v = w / (w + OFFSET)
    t = 2 * v / v.max() - 1
    points = np.unique(np.searchsorted(t, -np.cos(np.linspace(0, np.pi, 8000))).clip(0, len(t) - 1))
    series = chebyshev.chebfit(t[points], z[points] / np.sqrt(w[points]), DEGREE)
    error = np.abs(chebyshev.chebval(t, series) * np.sqrt(w) - z).max()
    print(f"t = {2 / v.max()!r} v - 1, largest error {error:.1e}")
    for power, coefficient in enumerate(chebyshev.cheb2poly(series)):
        print(f"t**{power}: {coefficient!r}")


if __name__ == "__main__":
    main()
