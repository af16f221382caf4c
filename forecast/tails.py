"""Heavy tails of own yearly shocks, as a mixture of normal laws: Student's t is a normal law whose variance is drawn.

With them a prediction has the shape that the simulation draws. The mean and the variance of a level are those of normal shocks.
"""

from functools import lru_cache

import numpy as np
from scipy.special import gammainc, gammaincinv, gammaln, stdtr

from forecast.series import Floats

BOUND = 8.0  # of Student's law: in its own scales; without it the mean of a level would be infinite
# Shares of the variances up to which one normal law stands for all: with these the distribution function of a single shock is right to .003.
EDGES = np.array([0.114, 0.302, 0.554, 0.818])
SHARES = np.diff(EDGES, prepend=0.0, append=1.0)  # the largest variances first


def truncated_share(freedom: float) -> float:
    """Share of Student's law beyond `BOUND` scales, which is cut off; none of the normal law."""
    return 0.0 if np.isinf(freedom) else float(2 * stdtr(freedom, -BOUND))


def truncated_variance(freedom: float) -> float:
    """Variance of Student's law, in its own scales, without what is cut off; 1 for the normal law."""
    if np.isinf(freedom):
        return 1.0
    log_scale = gammaln((freedom + 1) / 2) - gammaln(freedom / 2) - np.log(freedom * np.pi) / 2
    nodes, weights = np.polynomial.legendre.leggauss(100)
    x = BOUND * (nodes + 1) / 2
    density = np.exp(log_scale - (freedom + 1) / 2 * np.log1p(x * x / freedom))
    return float(BOUND * weights @ (x * x * density) / (1 - truncated_share(freedom)))  # both halves of the law are alike


@lru_cache
def shock_variances(freedom: float) -> Floats:
    """Variances (J,) of the normal laws that make up one shock of variance 1, in the order of `SHARES`.

    The precision of Student's law is drawn from a gamma law; each part has the mean variance of its share, and the part of the largest
    variances what makes 1 of the whole, since the law is cut off.
    """
    shape = freedom / 2
    ends = gammainc(shape - 1, gammaincinv(shape, EDGES))
    parts = shape / (shape - 1) * np.diff(ends, prepend=0.0, append=1.0) / SHARES / truncated_variance(freedom)
    parts[0] += (1.0 - SHARES @ parts) / SHARES[0]
    return np.asarray(parts)


@lru_cache(256)
def added_variances(reach: tuple[float, ...], freedom: float) -> Floats:
    """Return the variances (H, J) of the normal laws that make up a sum of 1, 2 ... H independent shocks, in the order of `SHARES`.

    Parameters
    ----------
    reach : tuple of H floats
        Variance that each further shock adds.
    freedom : float
        Degrees of freedom of Student's t, above 2; all shocks are alike but for their size.

    Notes
    -----
    The variance of the sum is the sum of those drawn. Shocks join one after the other, and the law of what has been added up is cut into J
    parts with the same shares again, each at its mean: the variance stays, and what is lost of its spread hardly matters to a quantile.
    """
    one = shock_variances(freedom)
    joint = np.outer(SHARES, SHARES).ravel()
    found = np.empty((len(reach), SHARES.size))
    added = np.zeros(SHARES.size)
    for row, variance in enumerate(reach):
        added = means_by_share((added[:, None] + variance * one).ravel(), joint) if row else variance * one
        found[row] = added
    return found


def means_by_share(values: Floats, weights: Floats) -> Floats:
    """Cut a discrete law into parts with the weights `SHARES`, the largest values first, and return the mean of each."""
    order = np.argsort(-values)
    reached = np.concatenate([[0.0], np.cumsum(weights[order])])
    total = np.concatenate([[0.0], np.cumsum((weights * values)[order])])
    return np.asarray(np.diff(np.interp(np.concatenate([[0.0], EDGES, [1.0]]), reached, total)) / SHARES)
