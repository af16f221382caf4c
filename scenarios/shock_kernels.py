"""Shocks by address: Philox4x32-10 on a 64-bit key and a 128-bit counter, and numbers of a given law from its 32-bit words.

The cache folder is named by a hash of all kernel files, so a change here recompiles path_kernels.py too (forecast/kernel_cache.py). Loops
run over arrays of paths and have no branches, so that the compiler turns them into vector instructions. Each integer operation is cast back
to 32 bits: otherwise half as many fit into a vector.
"""

from math import sqrt

import numpy as np
from llvmlite import ir
from numba import float32, int32, njit, types, uint32, uint64
from numba.extending import intrinsic

MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
LOW = 0xFFFFFFFF

SIGN_BIT = 0x80000000
MANTISSA_BITS = 23
MANTISSA = 0x7FFFFF
ROOT_HALF_BITS = 0x3F3504F3  # of the float sqrt(1/2): mantissas are taken from [sqrt(1/2), sqrt(2))
LN_2 = 0.6931471805599453
OFFSET = 0.65  # with it the quantile of the normal law is nearly a polynomial


def direction_numbers():
    """Direction numbers (4, 32) of Sobol's sequence: primitive polynomials 1, x + 1, x^2 + x + 1, x^3 + x + 1, starts of Joe and Kuo (2008)."""
    numbers = np.empty((4, 32), dtype=np.uint32)
    numbers[0] = [1 << (31 - bit) for bit in range(32)]
    for row, (degree, coefficients, starts) in enumerate([(1, 0, (1,)), (2, 1, (1, 3)), (3, 1, (1, 3, 1))], start=1):
        column = [start << (31 - bit) for bit, start in enumerate(starts)]
        for bit in range(degree, 32):
            value = column[bit - degree] ^ (column[bit - degree] >> degree)
            for k in range(1, degree):
                if coefficients >> (degree - 1 - k) & 1:
                    value ^= column[bit - k]
            column.append(value)
        numbers[row] = column
    return numbers


SOBOL = direction_numbers()


@intrinsic
def bits_of(_context, _value):
    """Read the 32 bits of a float as an integer."""
    return types.int32(types.float32), lambda _, builder, __, arguments: builder.bitcast(arguments[0], ir.IntType(32))


@intrinsic
def float_of(_context, _value):
    """Read the 32 bits of an integer as a float."""
    return types.float32(types.int32), lambda _, builder, __, arguments: builder.bitcast(arguments[0], ir.FloatType())


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def philox(counter_0, counter_1, counter_2, counter_3, key_0, key_1):
    """Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011): four 32-bit words (as uint64) for a counter and a key."""
    c0, c1, c2, c3 = uint64(counter_0), uint64(counter_1), uint64(counter_2), uint64(counter_3)
    k0, k1 = uint64(key_0), uint64(key_1)
    for _ in range(10):
        # Only the low halves count; what stands above them is cut off where it would matter.
        product_0 = (c0 & uint64(LOW)) * uint64(MULTIPLIER_0)
        product_1 = (c2 & uint64(LOW)) * uint64(MULTIPLIER_1)
        c0, c1, c2, c3 = (product_1 >> uint64(32)) ^ c1 ^ k0, product_1, (product_0 >> uint64(32)) ^ c3 ^ k1, product_0
        k0 += uint64(WEYL_0)
        k1 += uint64(WEYL_1)
    return c0 & uint64(LOW), c1 & uint64(LOW), c2 & uint64(LOW), c3 & uint64(LOW)


@njit(cache=True, error_model="numpy", nogil=True)
def reversed_bits(word):
    """Reverse the order of 32 bits."""
    word = uint32(uint32(word >> uint32(16)) | uint32(word << uint32(16)))
    word = uint32(uint32((word & uint32(0xFF00FF00)) >> uint32(8)) | uint32((word & uint32(0x00FF00FF)) << uint32(8)))
    word = uint32(uint32((word & uint32(0xF0F0F0F0)) >> uint32(4)) | uint32((word & uint32(0x0F0F0F0F)) << uint32(4)))
    word = uint32(uint32((word & uint32(0xCCCCCCCC)) >> uint32(2)) | uint32((word & uint32(0x33333333)) << uint32(2)))
    return uint32(uint32((word & uint32(0xAAAAAAAA)) >> uint32(1)) | uint32((word & uint32(0x55555555)) << uint32(1)))


@njit(cache=True, error_model="numpy", nogil=True)
def scrambled(word, seed):
    """Nested uniform scrambling of a word by a hash (Laine and Karras 2011 in the form of Burley 2020): each bit flipped by those above it."""
    x = uint32(reversed_bits(word) + seed)
    x = uint32(x ^ uint32(x * uint32(0x6C50B47C)))
    x = uint32(x ^ uint32(x * uint32(0xB82F1E52)))
    x = uint32(x ^ uint32(x * uint32(0xC7AFE638)))
    x = uint32(x ^ uint32(x * uint32(0x8D22F6E6)))
    return reversed_bits(x)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_sobol_words(key, low, high, block, stream, words):
    """Fill words (4, n) with the points number low[i] of a four-dimensional Sobol sequence, its order and its digits scrambled by the address.

    Blocks of four dimensions, and numbers high[i], are scrambled apart from each other, so that any number of them can be had (Burley 2020,
    padding).
    """
    order, seeds = uint64(0), (uint64(0), uint64(0), uint64(0), uint64(0))
    for i in range(low.shape[0]):
        if i == 0 or high[i] != high[i - 1]:
            order, _, _, _ = philox(0, high[i], block, stream, key[0], key[1])
            seeds = philox(1, high[i], block, stream, key[0], key[1])
        index = scrambled(low[i], uint32(order))
        first, second, third, fourth = uint32(0), uint32(0), uint32(0), uint32(0)
        for bit in range(32):
            if index >> uint32(bit) & uint32(1):
                first = uint32(first ^ SOBOL[0, bit])
                second = uint32(second ^ SOBOL[1, bit])
                third = uint32(third ^ SOBOL[2, bit])
                fourth = uint32(fourth ^ SOBOL[3, bit])
        words[0, i] = scrambled(first, uint32(seeds[0]))
        words[1, i] = scrambled(second, uint32(seeds[1]))
        words[2, i] = scrambled(third, uint32(seeds[2]))
        words[3, i] = scrambled(fourth, uint32(seeds[3]))


@njit(cache=True, error_model="numpy", nogil=True)
def fill_words(key, low, high, block, stream, words):
    """Fill words (4, n) at the counters (low[i], high[i], block, stream) under a key (3,): Philox words, or Sobol's if key[2] is 1."""
    if key[2] == 1:
        fill_sobol_words(key, low, high, block, stream, words)
        return
    first, second, third, fourth = words[0], words[1], words[2], words[3]
    for i in range(low.shape[0]):
        w0, w1, w2, w3 = philox(low[i], high[i], block, stream, key[0], key[1])
        first[i] = uint32(w0)
        second[i] = uint32(w1)
        third[i] = uint32(w2)
        fourth[i] = uint32(w3)


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def uniform(word):
    """Map a 32-bit word to the middle of one of 2**32 equal parts of (0, 1)."""
    return (float(uint32(word)) + 0.5) * 2.3283064365386963e-10


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"}, inline="always")
def quantile(word, unit, end, stretch, shift, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10):
    """Quantile of a law at uniform(word), in single precision; the law's numbers are those of scenarios/shocks.py.

    With m, twice the distance of the word from the nearer end of its range, it is a polynomial in sqrt(OFFSET - ln m), negative below the
    middle. The distance is exact, so the tails are as good as the middle.
    """
    signed = int32(uint32(word))
    distance = int32(signed ^ int32(signed >> int32(31)))
    bits = int32(bits_of(float32(distance) * unit + end) - int32(ROOT_HALF_BITS))
    exponent = float32(int32(bits >> int32(MANTISSA_BITS)))
    f = float_of(int32(int32(bits & int32(MANTISSA)) + int32(ROOT_HALF_BITS))) - float32(1.0)
    # ln(1 + f) to 3e-7 within [sqrt(1/2), sqrt(2)]; added up in pairs, for a chain of eleven would wait for itself.
    f2 = f * f
    pair_0 = float32(3.3315542673870036e-1) * f + float32(-5.000148578639e-1)
    pair_1 = float32(2.0492614633320702e-1) * f + float32(-2.4897773205970247e-1)
    pair_2 = float32(1.1986126045294310e-1) * f + float32(-1.8761647081353558e-1)
    log_mantissa = ((pair_2 * f2 + pair_1) * f2 + pair_0) * f2 + f
    t = sqrt(float32(OFFSET) - log_mantissa - exponent * float32(LN_2)) * stretch + shift
    t2 = t * t
    t4 = t2 * t2
    low = (c3 * t + c2) * t2 + (c1 * t + c0)
    middle = (c7 * t + c6) * t2 + (c5 * t + c4)
    high = c10 * t2 + (c9 * t + c8)
    return float_of(int32(bits_of((high * t4 + middle) * t4 + low) ^ int32(signed & int32(-SIGN_BIT))))


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def fill_shocks(words, law, shocks):
    """Fill shocks (n,) with the quantiles of a law (15,) at uniform(words) (n,)."""
    unit, end, stretch, shift, c0, c1, c2, c3 = law[0], law[1], law[2], law[3], law[4], law[5], law[6], law[7]
    c4, c5, c6, c7, c8, c9, c10 = law[8], law[9], law[10], law[11], law[12], law[13], law[14]
    for i in range(words.shape[0]):
        shocks[i] = quantile(words[i], unit, end, stretch, shift, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def fill_shocks_by_draw(words, laws, law_number, shocks):
    """Fill shocks (n_paths,), each by the law of its draw: path i is of draw i % n_draws, whose row of laws (m, 15) is law_number (n_draws,)."""
    if laws.shape[0] == 1:
        fill_shocks(words, laws[0], shocks)
        return
    n_draws = law_number.shape[0]
    for i in range(words.shape[0]):
        law = laws[law_number[i % n_draws]]
        shocks[i] = quantile(
            words[i], law[0], law[1], law[2], law[3], law[4], law[5], law[6], law[7], law[8], law[9], law[10], law[11], law[12], law[13], law[14]
        )  # fmt: skip
