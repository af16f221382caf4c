"""The distribution of the shocks on 10**8 draws: python benchmarks/shock_tests.py (`make shock-tests`), about a minute.

For the normal law and Student's with 3 degrees: evenness over 65,536 parts of equal probability, mean, variance and fourth moment, how often
5 standard deviations are passed, and correlation between neighbouring paths, years and streams. Each of the 16 figures is a standard normal
number if all is well; a largest one above 4.2 comes about once in 2,300 runs.
"""

import sys

import numpy as np
from scipy import stats

from forecast.tails import BOUND, truncated_share, truncated_variance
from scenarios.family_kernels import fill_yearly_shocks
from scenarios.shocks import law_of, stream_keys

DRAWS, YEARS, PATHS, PARTS = 10**8, 8, 100_000, 2**16
LARGEST = 4.2


def blocks(name: str, freedom: float, blocks: int):
    """Yield blocks (years, paths) of shocks of a stream."""
    key = stream_keys(2013, name)[0]
    for block in range(blocks):
        paths = block * PATHS + np.arange(PATHS, dtype=np.int64)
        out = np.empty((YEARS, PATHS), np.float32)
        fill_yearly_shocks(key, (paths & 0xFFFFFFFF).astype(np.uint32), (paths >> 32).astype(np.uint32), 2013, law_of(freedom), out)
        yield out


def figures(freedom: float) -> dict[str, float]:
    """Standardised deviations from what the law says."""
    cut = truncated_share(freedom)
    scale = np.sqrt(truncated_variance(freedom))
    shares = np.linspace(0, 1, PARTS + 1)[1:-1]
    edges = stats.norm.ppf(shares) if np.isinf(freedom) else stats.t.ppf(cut / 2 + shares * (1 - cut), freedom) / scale
    counts = np.zeros(PARTS, dtype=np.int64)
    powers, squares, beyond, products, n = np.zeros(3), np.zeros(3), 0, np.zeros(3), 0
    pairs = zip(blocks("one", freedom, DRAWS // (YEARS * PATHS)), blocks("other", freedom, DRAWS // (YEARS * PATHS)), strict=True)
    for first, second in pairs:
        values = first.ravel().astype(float)
        counts += np.bincount(np.searchsorted(edges, values), minlength=PARTS)
        for number, power in enumerate((1, 2, 4)):
            powers[number] += (values**power).sum()
            squares[number] += (values ** (2 * power)).sum()
        beyond += int((np.abs(values) > 5).sum())
        products += [(first[:, 1:] * first[:, :-1]).sum(), (first[1:] * first[:-1]).sum(), (first * second).sum()]
        n += values.size
    truth = np.array([0.0, 1.0, fourth(freedom, cut, scale)])
    spread = np.sqrt((squares / n - (powers / n) ** 2) / n)
    tail = 2 * stats.norm.sf(5) if np.isinf(freedom) else 2 * (stats.t.sf(5 * scale, freedom) - cut / 2) / (1 - cut)
    chi_square = ((counts - n / PARTS) ** 2 / (n / PARTS)).sum()
    found = {"evenness": (chi_square - (PARTS - 1)) / np.sqrt(2 * (PARTS - 1))}
    found |= dict(zip(("mean", "variance", "fourth moment"), (powers / n - truth) / spread, strict=True))
    found["beyond 5 sd"] = (beyond - n * tail) / np.sqrt(n * tail)
    found |= dict(zip(("paths", "years", "streams"), products / np.sqrt(n), strict=True))
    return found


def fourth(freedom: float, cut: float, scale: float) -> float:
    """Fourth moment of a law of variance 1."""
    if np.isinf(freedom):
        return 3.0
    moment = stats.t.expect(lambda x: x**4, args=(freedom,), lb=-BOUND, ub=BOUND)
    return float(moment / (1 - cut) / scale**4)


def main() -> int:
    worst = 0.0
    for freedom in (float("inf"), 3.0):
        for name, value in figures(freedom).items():
            print(f"{'normal' if np.isinf(freedom) else 'Student 3':10} {name:15} {value:+.2f}")
            worst = max(worst, abs(value))
    print(f"largest {worst:.2f}, allowed {LARGEST}")
    return int(worst > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
