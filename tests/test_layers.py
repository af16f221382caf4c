"""data -> forecast -> scenarios -> app: a room imports only from those before it; compiled code stands in kernels only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("data", "forecast", "scenarios", "app")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
TESTS = sorted(path for room in ("tests", "benchmarks") for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of everything a file imports, also inside its functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    room = ROOMS.index(path.relative_to(ROOT).parts[0])
    assert not imported(path) & {*ROOMS[room + 1 :], "tests", "benchmarks"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_numba_stands_in_kernels_only(path: Path) -> None:
    if "numba" in imported(path):
        assert path.name.endswith("_kernels.py") or path.name in ("kernel_cache.py", "late_imports.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_streamlit_stands_in_the_app_only(path: Path) -> None:
    if "streamlit" in imported(path):
        assert path.relative_to(ROOT).parts[0] == "app"


@pytest.mark.parametrize("path", [*FILES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
