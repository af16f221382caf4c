"""The folder of compiled kernels: the first that can be written to, nobody else's, and whole when two processes fill it at once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from forecast.kernel_cache import candidates, is_writable, kernels_hash, own_temporary_folder

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = ("NUMBA_CACHE_DIR", "SOURCECAST_CACHE", "XDG_CACHE_HOME", "HOME", "TMPDIR")
POSIX = pytest.mark.skipif(os.name != "posix", reason="not checked: folders of a system without users and their rights")

# A small kernel of ours, called for two kinds of numbers in the order given, and where its code is kept.
CALLS = """
import json, sys
import numpy as np
import forecast
from forecast.history_kernels import extrapolate_drift
for kind in sys.argv[1:]:
    levels, out = np.array([1, 2, 4], dtype=kind), np.empty(2)
    extrapolate_drift(levels, out)
print(json.dumps([out.tolist(), extrapolate_drift.stats.cache_path, sum(extrapolate_drift.stats.cache_hits.values())]))
"""


def environment(**variables: object) -> dict[str, str]:
    """The environment of this process with other folders."""
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return kept | {name: str(value) for name, value in variables.items()}


def started(root: Path, variables: dict[str, str], *kinds: str) -> subprocess.Popen[str]:
    """Start the calls in a process of their own."""
    command = [sys.executable, "-B", "-c", CALLS, *kinds]
    return subprocess.Popen(command, cwd=root, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[list[float], str | None, int]:
    """Wait for the process: what came out, where the code is kept, and how often it was found there."""
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    return tuple(json.loads(out))


def test_the_first_folder_wins_that_can_be_written_to(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
    monkeypatch.setenv("SOURCECAST_CACHE", str(blocked))
    monkeypatch.setattr("forecast.kernel_cache.user_caches", lambda: tmp_path / "caches")
    found = list(candidates("1.0"))
    name = Path("kernels", kernels_hash("1.0"))
    assert found[:3] == [blocked, blocked / name, tmp_path / "caches" / "sourcecast" / name]
    assert next(filter(is_writable, found)) == found[2]


def test_the_name_tells_the_version_of_numba():
    assert kernels_hash("1.0") != kernels_hash("1.1")


@POSIX
def test_a_folder_that_others_can_write_to_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = own_temporary_folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    with pytest.raises(PermissionError):
        own_temporary_folder()


@POSIX
def test_a_link_laid_by_a_stranger_is_not_followed(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    own_temporary_folder().rmdir()
    (tmp_path / f"sourcecast-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        own_temporary_folder()


@POSIX
def test_a_read_only_installation_without_a_home_works(tmp_path):
    """Rights do not bind root, so the folders are also blocked by a file in their place; what is left is the temporary folder."""
    for room in ("data", "forecast", "scenarios", "app"):
        shutil.copytree(ROOT / room, tmp_path / "installed" / room, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (tmp_path / "installed").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    (tmp_path / "home").touch()
    variables = environment(HOME=tmp_path / "home", SOURCECAST_CACHE=tmp_path / "home", TMPDIR=tmp_path)
    _, kept, _ = ended(started(tmp_path / "installed", variables, "float64"))
    assert Path(kept).is_relative_to(tmp_path / f"sourcecast-{os.getuid()}")
    command = [sys.executable, "-B", "-m", "app.cli", "targets", "--place", "Suzhou", "--paths", "100"]
    done = subprocess.run(command, cwd=tmp_path / "installed", env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Suzhou" in done.stdout
    assert not list((tmp_path / "installed").rglob("__pycache__"))


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    nowhere = f"import tempfile; tempfile._candidate_tempdir_list = lambda: [{str(blocked)!r}]\n"
    command = [sys.executable, "-B", "-c", nowhere + CALLS, "float64"]
    variables = environment(NUMBA_CACHE_DIR=blocked, SOURCECAST_CACHE=blocked, XDG_CACHE_HOME=blocked, HOME=blocked)
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    out, kept, _ = json.loads(done.stdout)
    assert out == [5.5, 7.0]  # the mean yearly change of 1, 2, 4 is 1.5
    assert kept is None


@POSIX
def test_a_disk_that_fills_up_while_code_is_saved_costs_nothing_but_time(tmp_path):
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
    command = [sys.executable, "-B", "-c", limited + CALLS, "float64"]
    variables = environment(SOURCECAST_CACHE=tmp_path, HOME=tmp_path)
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    out, kept, hits = json.loads(done.stdout)
    assert (out, hits) == ([5.5, 7.0], 0)
    assert Path(kept).is_relative_to(tmp_path)
    assert not list(tmp_path.rglob("*.nbc"))  # code that is cut off is not left for the next start
    assert ended(started(ROOT, variables, "float64"))[0] == [5.5, 7.0]


def test_two_processes_that_fill_a_cache_at_once_do_not_mix_their_kernels(tmp_path):
    """Each compiles for two kinds of numbers, in opposite order: both would call their first one number 1."""
    variables = environment(SOURCECAST_CACHE=tmp_path, HOME=tmp_path)
    orders = [("float64", "float32"), ("float32", "float64")]
    answers = {str(ended(one)[0]) for one in [started(ROOT, variables, *order) for order in orders * 2]}
    assert len(answers) == 1
    again = [ended(started(ROOT, variables, *order)) for order in orders]
    assert {str(answer) for answer, _, _ in again} == answers
    assert [Path(kept).is_relative_to(tmp_path) for _, kept, _ in again] == [True, True]
    assert all(hits for _, _, hits in again)
