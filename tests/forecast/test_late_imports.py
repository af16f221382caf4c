"""What a start does not wait for comes when it is asked for."""

import subprocess
import sys

from forecast.late_imports import without

LATE = ("numpy.f2py", "numpy.testing", "scipy.linalg", "cffi", "pycparser")


def said_by(code: str) -> list[str]:
    """Return the lines that a fresh interpreter prints."""
    asked = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_start_does_not_wait_for_what_nobody_asked_for():
    lines = said_by(
        "import sys\n"
        "from forecast.wording import log_moments, intervals\n"
        "log_moments(intervals(5.0, 1.0, 'exact'))\n"  # the first kernel
        f"print([one for one in {LATE!r} if one in sys.modules])"
    )
    assert lines == ["[]"]


def test_what_was_put_off_comes_when_it_is_asked_for():
    lines = said_by(
        "import forecast, numpy, scipy.linalg, sys\n"
        "from numba import njit\n"
        "from scipy._lib import _array_api\n"
        "numpy.testing.assert_equal(numpy.f2py.__name__, 'numpy.f2py')\n"
        "print(njit(lambda a: a @ a)(numpy.full((2, 2), 2.0)).sum())\n"
        "print(_array_api.xp_capabilities.__module__, scipy.special.ndtr(0.0))"
    )
    assert lines == ["32.0", "scipy._lib._array_api 0.5"]


def test_a_name_is_as_before_afterwards():
    with without(subprocess, "run"), without(subprocess, "absent"):
        assert subprocess.run is None
        assert subprocess.absent is None
    assert callable(subprocess.run)
    assert not hasattr(subprocess, "absent")
