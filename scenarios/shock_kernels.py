"""Shocks by address: Philox4x32-10 on a 64-bit key and a 128-bit counter, and normal numbers from its words.

Kernels that draw shocks stand in path_kernels.py, which copies nothing from here but imports it: the cache folder is named by a hash of
all kernel files, so a change here recompiles them too (forecast/kernel_cache.py). Loops run over arrays of paths and have no branches,
so that the compiler turns them into vector instructions.
"""

from math import copysign, sqrt

import numpy as np
from numba import int32, njit, uint32, uint64

MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
LOW = 0xFFFFFFFF

SIGN_BIT = 0x80000000
LN_2 = 0.6931471805599453
# Splitting a double into exponent and mantissa in [sqrt(1/2), sqrt(2)): its bits less those of sqrt(1/2), plus 1024 to stay positive.
MANTISSA_BITS = 52
EXPONENT_SHIFT = 1024
SPLIT = (EXPONENT_SHIFT << MANTISSA_BITS) - 0x3FE6A09E667F3BCD
# The bits of 2**52 with a small integer or-ed in are the double 2**52 + that integer.
TWO_52_BITS, TWO_52 = 0x4330000000000000, 4503599627370496.0


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def philox(counter_0, counter_1, counter_2, counter_3, key_0, key_1):
    """Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011): four 32-bit words (as uint64) for a counter and a key."""
    c0, c1, c2, c3 = uint64(counter_0), uint64(counter_1), uint64(counter_2), uint64(counter_3)
    k0, k1 = uint64(key_0), uint64(key_1)
    for _ in range(10):
        product_0 = c0 * uint64(MULTIPLIER_0)
        product_1 = c2 * uint64(MULTIPLIER_1)
        c0, c1, c2, c3 = (
            (product_1 >> uint64(32)) ^ c1 ^ k0,
            product_1 & uint64(LOW),
            (product_0 >> uint64(32)) ^ c3 ^ k1,
            product_0 & uint64(LOW),
        )
        k0 = (k0 + uint64(WEYL_0)) & uint64(LOW)
        k1 = (k1 + uint64(WEYL_1)) & uint64(LOW)
    return c0, c1, c2, c3


@njit(cache=True, error_model="numpy", nogil=True)
def fill_words(key_0, key_1, first_index, block, stream, words):
    """Fill words (4, n) with the Philox words of the counters (index low, index high, block, stream), index = first_index + 0 ... n-1."""
    for i in range(words.shape[1]):
        index = uint64(first_index) + uint64(i)
        w0, w1, w2, w3 = philox(index & uint64(LOW), index >> uint64(32), block, stream, key_0, key_1)
        words[0, i] = uint32(w0)
        words[1, i] = uint32(w1)
        words[2, i] = uint32(w2)
        words[3, i] = uint32(w3)


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def uniform(word):
    """Map a 32-bit word to the middle of one of 2**32 equal parts of (0, 1)."""
    return (float(uint32(word)) + 0.5) * 2.3283064365386963e-10


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})
def fill_normals_of_words(words, work, normals):
    """Fill normals (n,) with the normal quantiles of uniform(words) (n,); work (3, n) is scratch.

    With u = uniform(word) and w = -ln(4 u (1 - u)), the quantile is sign(u - 1/2) sqrt(w) R(v), v = w / (w + 7), where R is a polynomial
    fitted to the exact quantile at Chebyshev points (benchmarks/normal_quantile.py): absolute error below 5e-10 for every word, out to
    6.3 standard deviations.
    """
    product, mantissa, exponent = work[0], work[1], work[2]
    product_bits, mantissa_bits, exponent_bits = product.view(np.uint64), mantissa.view(np.uint64), exponent.view(np.uint64)
    for i in range(words.shape[0]):
        # Flipping the top bit makes the signed word (u - 1/2) 2**32 - 1/2: converted exactly, and by a vector instruction.
        centred = (float(int32(words[i] ^ uint32(SIGN_BIT))) + 0.5) * 2.3283064365386963e-10
        normals[i] = centred
        product[i] = (1.0 - 2.0 * centred) * (1.0 + 2.0 * centred)
    for i in range(words.shape[0]):
        shifted = (product_bits[i] + uint64(SPLIT)) >> uint64(MANTISSA_BITS)
        mantissa_bits[i] = product_bits[i] - (shifted << uint64(MANTISSA_BITS)) + uint64(EXPONENT_SHIFT << MANTISSA_BITS)
        exponent_bits[i] = shifted | uint64(TWO_52_BITS)
    for i in range(words.shape[0]):
        # ln(mantissa) = 2 artanh(f), |f| < 0.172: the series to f**17 is exact to 1e-15.
        # In the middle the product is nearly 1; what its rounding lost is added back.
        lost = -4.0 * normals[i] * normals[i] - (product[i] - 1.0)
        f = (mantissa[i] - 1.0 + lost) / (mantissa[i] + 1.0)
        g = f * f
        log_mantissa = f * (
            2.0 + g * (2 / 3 + g * (2 / 5 + g * (2 / 7 + g * (2 / 9 + g * (2 / 11 + g * (2 / 13 + g * (2 / 15 + g * (2 / 17))))))))
        )
        w = abs(log_mantissa + (exponent[i] - (TWO_52 + EXPONENT_SHIFT)) * LN_2)
        t = w / (w + 7.0) * 2.651217295929194 - 1.0
        ratio = 1.5020660697661591e-05
        ratio = ratio * t + 7.695228788549817e-06
        ratio = ratio * t - 8.772461993618193e-05
        ratio = ratio * t - 6.494681763424618e-05
        ratio = ratio * t + 2.5346315261538745e-04
        ratio = ratio * t + 2.9957207807345884e-04
        ratio = ratio * t - 4.503828257016345e-04
        ratio = ratio * t - 8.871711136063168e-04
        ratio = ratio * t + 6.542184490920923e-04
        ratio = ratio * t + 2.4484104878874143e-03
        ratio = ratio * t - 5.786587879248476e-04
        ratio = ratio * t - 6.241668255493174e-03
        ratio = ratio * t + 6.034600511809756e-03
        ratio = ratio * t + 6.142597543354802e-02
        ratio = ratio * t + 1.304461468004871
        normals[i] = copysign(sqrt(w) * ratio, normals[i])
