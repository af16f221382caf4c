"""Fixtures, and the rule for what a machine may lack: it is left out and listed, or fails with SOURCECAST_REQUIRE_ALL=1."""

import os
import tempfile
from pathlib import Path

# Compiled code is kept apart from the user's; its folder is named by a hash of all kernels, so none of an older state is run.
os.environ.pop("NUMBA_CACHE_DIR", None)
os.environ["SOURCECAST_CACHE"] = str(Path(tempfile.gettempdir(), "sourcecast-tests"))

import pytest

from data import Catalogue, load_catalogue
from forecast import Belief, believe

VINTAGE_2013 = "2013-12-31"


def require(present: bool, what: str) -> None:
    """Leave a test out when something is absent, unless everything is required."""
    if present:
        return
    if os.environ.get("SOURCECAST_REQUIRE_ALL") == "1":
        pytest.fail(f"required but absent: {what}")
    pytest.skip(f"not checked: {what} is absent")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def belief_2013(catalogue: Catalogue) -> Belief:
    return believe(catalogue, VINTAGE_2013)
