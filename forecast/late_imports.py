"""What libraries import or prepare for no use of ours, put off until somebody asks for it: every start waits for it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any


def put_off_imports() -> None:
    """Import the special functions of scipy and what numba loads with any kernel, without what only others need; before either is imported.

    These are inner parts of libraries; a version that has them no more is imported as it comes.

    - scipy copies all names of numpy, which imports f2py (it reads Fortran) and testing for that alone.
    - scipy writes notes on other array libraries into the documentation of its special functions; they are left out.
    - numba makes a reader of C declarations where cffi is installed; nothing of C is compiled here.
    - numba imports scipy.linalg to see that it is there. Whoever compiles a product of matrices has it looked for again.
    """
    import numpy

    with suppress(ImportError), without(numpy, "f2py"), without(numpy, "testing"):
        from scipy._lib import _array_api

        with without(_array_api, "xp_capabilities", lambda **_: unchanged):
            import scipy.special  # noqa: F401
    with suppress(ImportError):
        from numba.np import linalg

        with without(linalg, "ensure_blas", lambda: None):
            from numba.np import arraymath  # noqa: F401
    if "cffi" not in sys.modules:  # None is Python's way to say that it is not to be had
        sys.modules["cffi"] = None  # type: ignore[assignment]
        with suppress(ImportError):
            from numba.core.typing import cffi_utils  # noqa: F401
        del sys.modules["cffi"]


@contextmanager
def without(module: ModuleType, name: str, instead: Callable[..., Any] | None = None) -> Iterator[None]:
    """Have something else under a name of a module for a while, also under one that is only made when it is asked for."""
    before = {one: value for one, value in vars(module).items() if one == name}
    setattr(module, name, instead)
    try:
        yield
    finally:
        delattr(module, name)
        vars(module).update(before)


def unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function as it is."""
    return function
