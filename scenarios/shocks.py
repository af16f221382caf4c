"""The laws of shocks and the keys of their streams."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from forecast.tails import truncated_share, truncated_variance
from scenarios.shock_kernels import OFFSET

Integers = NDArray[np.int64]
Law = NDArray[np.float32]

DEGREE = 10
NODES, ROUNDS = 600, 40
FARTHEST_WORD = 2.0**-33  # the first and the last word of 32 bits stand for these shares of (0, 1)
NORMAL = float("inf")


@dataclass(frozen=True)
class SplitSeed:
    """A seed for all streams but some, which another seed draws anew: a run that shares all else with that of the first seed."""

    seed: int
    other: int
    streams: frozenset[str]

    def of(self, stream: str) -> int:
        """Return the seed of a stream."""
        return self.other if stream in self.streams else self.seed


Seed = int | str | SplitSeed


@lru_cache
def law_of(freedom: float = NORMAL) -> Law:
    """Coefficients of a law with mean 0 and variance 1, as `shock_kernels.quantile` takes them, shape (15,).

    Parameters
    ----------
    freedom : float
        Degrees of freedom of Student's t, truncated at 8 scales, above 2; infinity for the normal law.

    Notes
    -----
    m is twice the probability beyond the quantile, what the truncation cuts off included. The quantile is a polynomial of degree 10 in
    sqrt(.65 - ln m), fitted with weights that level its largest error.
    """
    cut = truncated_share(freedom)
    first = np.sqrt(OFFSET)
    last = np.sqrt(OFFSET - np.log(cut + 2 * FARTHEST_WORD))
    nodes = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
    root = first + (nodes + 1) / 2 * (last - first)
    tail = np.exp(OFFSET - root**2) / 2
    wanted = ndtri(tail) if np.isinf(freedom) else stdtrit(freedom, tail)
    basis, weight = chebyshev.chebvander(nodes, DEGREE), np.ones(NODES)
    for _ in range(ROUNDS):
        series, *_ = np.linalg.lstsq(basis * weight[:, None], wanted * weight, rcond=None)
        error = np.abs(basis @ series - wanted)
        weight *= (error / error.max() + 0.05) ** 0.3
    stretch = 2 / (last - first)
    coefficients = chebyshev.cheb2poly(series) / np.sqrt(truncated_variance(freedom))
    share = (1 - cut) * FARTHEST_WORD
    return np.array([4 * share, cut + 2 * share, stretch, -1 - stretch * first, *coefficients], dtype=np.float32)


@lru_cache(maxsize=256)  # runs of one seed ask for the same streams again; whoever is given keys only reads them
def stream_keys(seed: Seed, *names: str) -> Integers:
    """Keys (n, 3) of named streams: the 64 bits of a stable hash of seed and name as two words, and whether their words are Sobol's.

    A seed that begins with 'sobol' gives scrambled Sobol points instead of Philox words.
    """
    own = [seed.of(name) if isinstance(seed, SplitSeed) else seed for name in names]
    digests = b"".join(blake2b(f"{one}|{name}".encode(), digest_size=8).digest() for one, name in zip(own, names, strict=True))
    keys = np.empty((len(names), 3), dtype=np.int64)
    keys[:, :2] = np.frombuffer(digests, dtype="<u4").reshape(-1, 2)
    keys[:, 2] = [str(one).startswith("sobol") for one in own]
    return keys
