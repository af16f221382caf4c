"""Philox4x32-10 in plain Python, word by word as in the paper, the laws of shocks by scipy, and the addresses of shocks."""

from functools import cache
from math import inf, isinf, sqrt

from scipy.integrate import quad
from scipy.special import ndtri, stdtrit
from scipy.stats import t as student

MASK = 0xFFFFFFFF
BOUND = 8.0


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high_0, low_0 = divmod(0xD2511F53 * c0, 1 << 32)
        high_1, low_1 = divmod(0xCD9E8D57 * c2, 1 << 32)
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def uniform(word: int) -> float:
    return (word + 0.5) / 2**32


def words(key: tuple[int, int], index: int, block: int, stream: int) -> tuple[int, int, int, int]:
    return philox((index & MASK, index >> 32, block, stream), key)


def shock(word: int, freedom: float = inf) -> float:
    """Normal, or Student's t truncated at 8 scales and scaled to variance 1."""
    # From the nearer end, so that nothing is lost in the upper tail.
    low = min(word, MASK - word)
    sign = 1.0 if word > MASK // 2 else -1.0
    if isinf(freedom):
        return -sign * float(ndtri(uniform(low)))
    cut, sd = cut_and_sd(freedom)
    return -sign * float(stdtrit(freedom, cut + uniform(low) * (1 - 2 * cut))) / sd


@cache
def cut_and_sd(freedom: float) -> tuple[float, float]:
    """Probability below -8 scales, and the standard deviation of what is left."""
    cut = float(student.cdf(-BOUND, freedom))
    square, _ = quad(lambda x: x * x * student.pdf(x, freedom), -BOUND, BOUND)
    return cut, sqrt(square / (1 - 2 * cut))


def draw_shock(key: tuple[int, int], index: int, position: int) -> float:
    return shock(words(key, index, position // 4, 0)[position % 4])


def chance(key: tuple[int, int], index: int, stream: int) -> float:
    return uniform(words(key, index, 0, stream)[0])


def yearly_shock(key: tuple[int, int], path: int, year: int, freedom: float = inf) -> float:
    return shock(words(key, path, (year + 3) // 4, 1)[(year + 3) % 4], freedom)


def pair_of_year(key: tuple[int, int], path: int, year: int, stream: int = 2) -> tuple[int, int]:
    first = 2 * ((year + 1) % 2)
    four = words(key, path, (year + 1) // 2, stream)
    return four[first], four[first + 1]
