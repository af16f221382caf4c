"""A user's function of one time made into a curve over all times, with its derivatives by complex steps; compiled if numba can."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numba.core.errors import NumbaError

from forecast.curve_kernels import FILL
from forecast.series import Floats

COMPLEX_STEP = 1e-100


@lru_cache(maxsize=64)
def filling(function: Callable[..., Any]) -> tuple[Any, bool]:
    """Return the `fill` of a user's function, compiled if numba can compile the function."""
    try:
        compiled = njit(error_model="numpy")(function)

        @njit(FILL, error_model="numpy", nogil=True)
        def fill_of(_number, t, p, value, slopes):  # type: ignore[no-untyped-def]
            shifted = p.astype(np.complex128)
            for i in range(t.size):
                value[i] = compiled(t[i], shifted).real
                for a in range(p.size):
                    shifted[a] = complex(p[a], COMPLEX_STEP)
                    slopes[a, i] = compiled(t[i], shifted).imag / COMPLEX_STEP
                    shifted[a] = complex(p[a], 0.0)
    except (NumbaError, TypeError):

        def in_python(_number: int, t: Floats, p: Floats, value: Floats, slopes: Floats) -> None:
            shifted = p.astype(np.complex128)
            value[:] = [function(time, shifted).real for time in t]
            for a in range(p.size):
                shifted[a] = complex(p[a], COMPLEX_STEP)
                slopes[a] = [function(time, shifted).imag / COMPLEX_STEP for time in t]
                shifted[a] = p[a]

        return in_python, False
    return fill_of, True
