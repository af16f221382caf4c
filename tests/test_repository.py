"""What must never be committed: hosts of package registries, paths of a machine, locks without hashes."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import require

ROOT = Path(__file__).resolve().parents[1]
HOSTS = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|files\.pythonhosted|conda\.anaconda|registry\.npmjs)\b")
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|mnt|tmp)/\w")
SPEAKS_OF_THEM = {"tests/test_repository.py"}


def tracked() -> list[Path]:
    """Every file that git tracks."""
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        listed = ""
    require(bool(listed), "a git checkout")
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize(("what", "pattern"), [("a host of a package registry", HOSTS), ("a path of a machine", MACHINE)])
def test_no_file_names(what: str, pattern: re.Pattern[str]) -> None:
    for path in tracked():
        if str(path.relative_to(ROOT)) not in SPEAKS_OF_THEM:
            found = pattern.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{path.relative_to(ROOT)} names {what}: {found.group() if found else ''}"


@pytest.mark.parametrize("name", ["requirements.lock", "bootstrap.lock", "oracle.lock", "peers.lock"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line, flags=re.IGNORECASE)]
    assert len(packages) >= 1
    assert all("==" in line and "--hash=sha256:" in line for line in packages)
    assert not re.search(r"https?://", text)


def test_the_lock_of_the_oracle_names_no_other_version() -> None:
    """What both environments need is the same in both."""
    locked, oracle = (
        {line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line and "--hash" not in line}
        for name in ("requirements.lock", "oracle.lock")
    )
    packages = {line.split("==")[0] for line in locked}
    shared = {line for line in oracle if line.split("==")[0] in packages}
    assert {"numpy", "scipy"} <= {line.split("==")[0] for line in shared}
    assert shared <= locked
