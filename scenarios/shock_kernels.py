"""Shocks by address: Philox4x32-10 on a 64-bit key and a 128-bit counter, and the inverse of the normal distribution.

Kernels that draw shocks stand in path_kernels.py, which copies nothing from here but imports it: the cache folder is named by a hash of
all kernel files, so a change here recompiles them too (scenarios/kernel_cache.py).
"""

from math import log, sqrt

from numba import njit, uint32, uint64

MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
LOW = 0xFFFFFFFF


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


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def uniform(word):
    """Map a 32-bit word to the middle of one of 2**32 equal parts of (0, 1)."""
    return (float(uint32(word)) + 0.5) * 2.3283064365386963e-10


@njit(cache=True, error_model="numpy", nogil=True)
def normal_quantile(probability):
    """Inverse of the standard normal distribution, Wichura's algorithm AS 241 (PPND16): relative error below 1e-15."""
    q = probability - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (
            ((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
                + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
             + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
        )  # fmt: skip
        bottom = (
            ((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
                + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
             + 4.2313330701600911252e1) * r + 1.0
        )  # fmt: skip
        return q * top / bottom
    r = sqrt(-log(probability if q < 0.0 else 1.0 - probability))
    if r <= 5.0:
        r -= 1.6
        top = (
            ((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
                + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
             + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
        )  # fmt: skip
        bottom = (
            ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
                + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
             + 2.05319162663775882187e0) * r + 1.0
        )  # fmt: skip
    else:
        r -= 5.0
        top = (
            ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
                + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
             + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
        )  # fmt: skip
        bottom = (
            ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
                + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
             + 5.99832206555887937690e-1) * r + 1.0
        )  # fmt: skip
    value = top / bottom
    return -value if q < 0.0 else value
