"""A visitor in a real browser, who remembers what the page asked for and what went wrong; and pictures of what was seen."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
PATIENCE = 120_000  # milliseconds; compiled code starts from an empty cache
QUIET = 500  # milliseconds in which nothing moves: a slider waits for 200 until it tells its value, a page may start anew
SETTLED = """quiet => {
    const {testScriptState, testConnectionState} = document.querySelector('[data-testid=stApp]')?.dataset ?? {};
    const drawing = document.querySelector('[data-testid=stSpinner], [data-testid=stSkeleton]');
    if (testScriptState !== 'notRunning' || testConnectionState !== 'CONNECTED' || drawing) delete window.quietSince;
    else window.quietSince ??= performance.now();
    return performance.now() - window.quietSince > quiet;
}"""
# Charts that are seen without a name, or without their table and files right behind them; and grids without a name.
UNTOLD = """words => {
    const parts = [...document.querySelectorAll('[data-testid=stVegaLiteChart], [data-testid=stExpander] summary')];
    const charts = parts.filter((one, n) => one.dataset.testid == 'stVegaLiteChart' && one.offsetParent
        && !(one.getAttribute('aria-label') && parts[n + 1]?.textContent.includes(words)));
    const grids = [...document.querySelectorAll('[data-testid=stDataFrame]')].filter(one => !one.querySelector('canvas')?.closest('[aria-label]'));
    return [...charts, ...grids].map(one => one.outerHTML.slice(0, 200));
}"""
AS_A_TABLE = {"en": "The chart as a table, and files to take away", "zh": "图中数据的表格与下载"}
TALLEST = 6000  # pixels of a picture


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
        self.page.evaluate("delete window.quietSince")
        self.page.wait_for_function(SETTLED, arg=QUIET, timeout=PATIENCE)

    def check(self) -> None:
        assert self.errors == []
        assert self.hosts == {"127.0.0.1"}
        assert self.page.locator("[data-testid=stException]").count() == 0

    def violations(self) -> list[str]:
        """Run axe; returns what it finds against WCAG 2.1 AA."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        return [
            f"{one['id']}: {node['html'][:200]} {[check['message'] for check in node['any']]}"
            for one in found.response["violations"]
            for node in one["nodes"]
        ]

    def untold(self, language: str) -> list[str]:
        """Return the charts and grids of the page that have no name, and charts without a table beside them."""
        found: list[str] = self.page.evaluate(UNTOLD, AS_A_TABLE[language])
        return found

    def picture(self, name: str) -> None:
        """Picture the whole page, for somebody to look at, in the folder that SOURCECAST_PICTURES names; nothing without it."""
        folder = os.environ.get("SOURCECAST_PICTURES")
        if not folder:
            return
        size = self.page.viewport_size
        height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": min(height + 60, TALLEST)})
        self.page.wait_for_timeout(1500)  # charts are drawn again
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=Path(folder) / f"{name}.png")
        self.page.set_viewport_size(size)
