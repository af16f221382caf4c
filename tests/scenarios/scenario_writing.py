"""Scenario files written for tests, and what is said when one is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data import Catalogue, InputFault
from scenarios import load_scenario

Write = Callable[..., Path]


def refused(path: Path, catalogue: Catalogue | None = None) -> list[str]:
    """The faults of a file, a sentence a line, each with the name of the file."""
    with pytest.raises(InputFault) as fault:
        load_scenario(path, catalogue)
    return str(fault.value).splitlines()
