"""What the tests of the app share: all bundled targets, assessed once with few paths; the app served, and a browser."""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.serving import streamlit_command
from data import Catalogue
from scenarios import TargetAssessment, assess_targets
from tests.app.browsing import CHROMIUM
from tests.conftest import require


@pytest.fixture(scope="session")
def assessed(catalogue: Catalogue) -> tuple[TargetAssessment, ...]:
    return tuple(assess_targets(catalogue, paths=500))


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    require(CHROMIUM is not None, "a Chromium browser")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(streamlit_command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()  # noqa: S310  (our own server)
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    require(CHROMIUM is not None, "a Chromium browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write tables into a folder of the user's; the text of each by its name."""

    def write(**tables: str) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write
