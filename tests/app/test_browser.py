"""The app in a real browser: pages, language, links and narrow screens; nothing leaves the machine, and axe finds no fault."""

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.serving import streamlit_command
from tests.conftest import require

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
PAGES = ("", "place", "what-if", "track-record", "data", "method")
WIDTHS = (1280, 390)
PATIENCE = 120_000  # milliseconds; compiled code starts from an empty cache
SETTLED = "() => !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSpinner], [data-testid=stSkeleton]')"


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


class Visitor:
    """A browser window that remembers what it asked for and what went wrong."""

    def __init__(self, browser, width: int = 1280, locale: str = "en-GB") -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900}, locale=locale)
        self.hosts: set[str | None] = set()
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.note(request.url))
        self.page.on("websocket", lambda one: self.note(one.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def note(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob"):
            self.hosts.add(urlsplit(url).hostname)

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_selector("h1", timeout=PATIENCE)
        for _ in range(2):  # a page may start anew once it has written its address
            self.page.wait_for_timeout(700)
            self.page.wait_for_function(SETTLED, timeout=PATIENCE)

    def check(self) -> None:
        assert self.errors == []
        assert self.hosts == {"127.0.0.1"}
        assert self.page.locator("[data-testid=stException]").count() == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    require(CHROMIUM is not None, "a Chromium browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_fits_the_screen_and_asks_nobody_else(
    address: str, browser: object, name: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visitor = Visitor(browser, width)
    visitor.open(f"{address}/{name}?lang=zh")
    assert visitor.page.evaluate("document.documentElement.lang") == "zh"
    assert visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    found = Axe().run(visitor.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    told = [
        f"{one['id']}: {node['html'][:200]} {[check['message'] for check in node['any']]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
    assert told == []
    visitor.check()
    visitor.page.close()


def test_a_planner_goes_from_the_table_to_a_place_and_back_with_the_language_kept(address: str, browser: object) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/?order=unlikely&years=2015")
    page = visitor.page
    # The first row is the least likely target; its place is the button in the first column.
    grid = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    page.mouse.click(grid["x"] + 50, grid["y"] + 56)
    page.wait_for_url("**/place?**", timeout=PATIENCE)
    visitor.settle()
    assert "place=Xi%27an" in page.url
    assert page.get_by_role("heading", level=1).inner_text().startswith("Xi'an")
    page.get_by_text("中文", exact=True).click()
    page.wait_for_url("**lang=zh**", timeout=PATIENCE)
    visitor.settle()
    assert page.get_by_role("heading", level=1).inner_text().startswith("西安")
    page.get_by_role("link", name="总览").click()
    visitor.settle()
    assert "公布的目标" in page.get_by_role("heading", level=1).inner_text()
    visitor.check()
    page.close()


def test_a_link_restores_everything_in_another_browser(address: str, browser: object) -> None:
    first = Visitor(browser)
    first.open(f"{address}/place?place=Guangzhou&measure=contract_value_signed&scope=offshore&currency=CNY&lang=zh")
    assert first.page.get_by_text("由USD按各年平均汇率换算").is_visible()
    asked = parse_qs(urlsplit(first.page.url).query)
    assert (asked["place"], asked["scope"], asked["currency"], asked["lang"]) == (["Guangzhou"], ["offshore"], ["CNY"], ["zh"])
    second = Visitor(browser, locale="de-DE")
    second.open(first.page.url)
    assert second.page.get_by_role("heading", level=1).inner_text() == first.page.get_by_role("heading", level=1).inner_text()
    assert second.page.get_by_text("由USD按各年平均汇率换算").is_visible()
    for visitor in (first, second):
        visitor.check()
        visitor.page.close()


@pytest.mark.parametrize(("locale", "title"), [("zh-CN", "方法与局限"), ("fr-FR", "Method and limits")])
def test_the_browsers_language_is_spoken_where_we_know_it(address: str, browser: object, locale: str, title: str) -> None:
    visitor = Visitor(browser, locale=locale)
    visitor.open(f"{address}/method")
    assert visitor.page.get_by_role("heading", level=1).inner_text() == title
    visitor.check()
    visitor.page.close()


def test_a_file_with_two_faults_is_refused_and_the_mended_one_used(address: str, browser: object, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "place,measure,period,value,unit\nSuzhou,outsourcing employees,2010,eleven,万人\nSuzhou,outsourcing employees,soon,15,万人\n",
        encoding="utf-8",
    )
    visitor = Visitor(browser)
    visitor.open(f"{address}/data")
    page = visitor.page
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("people.csv was not taken over").wait_for(timeout=PATIENCE)
    for marked in ("⚠ eleven", "⚠ soon"):
        page.locator("[data-testid=stTable]").get_by_text(marked).wait_for(timeout=PATIENCE)
    mended = tmp_path / "mended.csv"
    mended.write_text(file.read_text(encoding="utf-8").replace("eleven", "11.8").replace("soon", "2011"), encoding="utf-8")
    page.locator("input[type=file]").last.set_input_files(mended)
    page.get_by_text("2 figures of mended.csv are used").wait_for(timeout=PATIENCE)
    page.get_by_role("link", name="See Suzhou").click()
    page.wait_for_url("**/place?**", timeout=PATIENCE)
    visitor.settle()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Suzhou")
    visitor.check()
    page.close()


def test_charts_and_tables_can_be_taken_away(address: str, browser: object) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/place?place=Suzhou")
    page = visitor.page
    page.get_by_text("The chart as a table, and files to take away").last.click()
    for label, start in (
        ("Chart as PNG", b"\x89PNG"),
        ("Chart as SVG", b"<svg"),
        ("Table as CSV", b"\xef\xbb\xbf"),
        ("Table as XLSX", b"PK"),
    ):
        button = page.get_by_role("button", name=label).and_(page.locator(":visible")).last
        with page.expect_download(timeout=PATIENCE) as waiting:
            button.click()
        assert Path(waiting.value.path()).read_bytes().startswith(start)
    visitor.check()
    page.close()
