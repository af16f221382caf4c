"""The app in a real browser: it draws, it answers the slider, and nothing leaves the machine."""

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from app.serving import streamlit_command
from tests.conftest import require

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
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


def test_a_planner_opens_suzhou_and_moves_the_slider(address: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    requests: list[str] = []
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda one: requests.append(one.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        expect(page.get_by_role("heading", name="Suzhou")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Suzhou meets USD 15 billion")).to_be_visible(timeout=120_000)
        expect(page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first).to_be_visible(
            timeout=60_000
        )
        page.get_by_role("slider").press("ArrowRight")
        expect(page.get_by_text("Without the extra growth").first).to_be_visible(timeout=60_000)
        browser.close()
    assert errors == []
    outside = {urlsplit(url).hostname for url in requests if urlsplit(url).scheme not in ("data", "blob")} - {"127.0.0.1"}
    assert outside == set()
