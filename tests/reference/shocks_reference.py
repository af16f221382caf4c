"""Philox4x32-10 in plain Python, word by word as in the paper, and the addresses of shocks."""

from scipy.special import ndtri

MASK = 0xFFFFFFFF


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


def draw_normal(key: tuple[int, int], index: int, position: int) -> float:
    words = philox((index & MASK, index >> 32, position // 4, 0), key)
    return float(ndtri(uniform(words[position % 4])))


def yearly_normal(key: tuple[int, int], path: int, year: int) -> float:
    words = philox((path & MASK, path >> 32, year // 4, 1), key)
    return float(ndtri(uniform(words[year % 4])))
