"""How long a visitor waits for the app, beside the least that Streamlit can show, in the same browser and by the same clock.

    python benchmarks/bench_app.py [slider] [start] [clients]

- slider: from the key that moves it to the last change in a chart, on the page What-if and on a page with one slider and one chart.
- start: from the start of the server to the first words, and to the whole first page; both pages have been compiled and visited before.
- clients: twenty visitors of What-if at once for two minutes (app_clients.py).

Run it by hand on a machine that does nothing else: it needs Chromium, and writes its table into docs/performance.md.
"""

import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MOVES, STARTS, STILL = 8, 3, 1000  # STILL: milliseconds without a change after which a chart counts as drawn
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- what follows is written by make bench-app -->", "<!-- what precedes is written by make bench-app -->"
Row = tuple[str, float, str, str, float]
# Every change within the picture of a chart is noted with its time; so is the key that is pressed.
WATCH = """
window.strokes = []; window.pressed = 0;
const ofChart = node => node.nodeType === 1 && (node.closest('svg.marks') || node.querySelector('svg.marks'));
new MutationObserver(seen => {
    if (seen.some(one => ofChart(one.target.nodeType === 1 ? one.target : one.target.parentNode ?? document.head)
        && (one.target.closest?.('svg.marks') || [...one.addedNodes].some(ofChart)))) strokes.push(performance.now());
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
addEventListener('keydown', () => { pressed = performance.now(); strokes.length = 0; }, true);
"""
QUIET = """wait => new Promise(done => {
    const look = () => strokes.length && performance.now() - strokes[strokes.length - 1] > wait ? done(strokes[strokes.length - 1] - pressed)
        : performance.now() - pressed > 30000 ? done(null) : setTimeout(look, 50);
    look();
})"""


def slider_waits(browser: object, address: str, name: str, path: str) -> list[float]:
    """Return milliseconds from each key to the last change in a chart; the first moves are not counted."""
    page = browser.new_page(viewport={"width": 1280, "height": 2400})
    page.add_init_script(WATCH)
    page.goto(f"{address}/{path}")
    slider = page.get_by_role("slider", name=name).first
    slider.wait_for(timeout=120_000)
    page.wait_for_timeout(3000)
    waits = []
    for _ in range(3 + MOVES):
        slider.press("ArrowRight")
        waits.append(page.evaluate(QUIET, STILL))
        assert waits[-1] is not None, "no chart was redrawn"
    page.close()
    return waits[3:]


def slider(browser: object) -> list[Row]:
    """Measure the slider on both pages in turn, and with two levers and assumptions in place, so that parts are drawn too."""
    from benchmarks.app_server import APP, EMPTY, served, wait_until_healthy

    with served(EMPTY, as_it_comes=True) as (plain, _), served(EMPTY) as (ours, _), served(APP) as (app, _):
        for address in (plain, ours, app):
            wait_until_healthy(address)
        name = "More growth, points a year"
        pages = {
            "plain": (plain, "Height", ""),
            "ours": (ours, "Height", ""),
            "one": (app, name, "what-if?place=Suzhou&lang=en"),
            "more": (app, name, "what-if?place=Suzhou&lang=en&scenario=stagnation"),
        }
        found: dict[str, list[float]] = {page: [] for page in pages}
        for _ in range(2):  # in turn, so that all meet the same machine
            for page, (address, label, path) in pages.items():
                found[page] += slider_waits(browser, address, label, path)
    waits = {page: median(each) for page, each in found.items()}
    what = {"one": "slider to redrawn charts, one lever", "more": "slider to redrawn charts, a lever and two assumptions"}
    beside = {"plain": "empty page, one slider and one chart", "ours": "the same, served with the app's settings"}
    return [(what[page], waits[page], "ms", beside[peer], waits[peer]) for peer in beside for page in what]


def first_page(browser: object, script: Path, *, as_it_comes: bool = False) -> tuple[float, float, float]:
    """Return seconds from the start of a server to the first heading and to the whole page, and from a second visit to the whole page."""
    from benchmarks.app_server import served, wait_until_healthy
    from tests.app.browsing import SETTLED

    began = time.perf_counter()
    with served(script, as_it_comes=as_it_comes) as (address, _):
        wait_until_healthy(address)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.wait_for_selector("h1", timeout=120_000)
        words = time.perf_counter() - began
        page.wait_for_function(SETTLED, arg=0, timeout=120_000)
        whole = time.perf_counter() - began
        page.close()
        again = time.perf_counter()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.wait_for_selector("h1", timeout=120_000)
        page.wait_for_function(SETTLED, arg=0, timeout=120_000)
        second = time.perf_counter() - again
        page.close()
    return words, whole, second


def start(browser: object) -> list[Row]:
    """Measure starts in turn."""
    from benchmarks.app_server import APP, EMPTY

    rounds = [(first_page(browser, EMPTY, as_it_comes=True), first_page(browser, APP)) for _ in range(1 + STARTS)][1:]
    names = ("start to the first words", "start to the whole first page", "a second visitor's whole first page")
    return [
        (name, median(ours[n] for _, ours in rounds), "s", "empty page", median(empty[n] for empty, _ in rounds))
        for n, name in enumerate(names)
    ]


def write_page(rows: list[Row], load: dict[str, float]) -> None:
    """Replace the table of the app in docs/performance.md."""
    lines = ["| what | ours | unit | beside | its figure | times as long |", "|---|---:|---|---|---:|---:|"]
    lines += [
        f"| {name} | {ours:.3g} | {unit} | {peer} | {beside:.3g} | {ours / beside:.3g} |" for name, ours, unit, peer, beside in rows
    ]
    told = "; ".join(f"{name} {value:.4g}" for name, value in load.items())
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = f"{BEGIN}\n\n" + "\n".join(lines) + (f"\n\nTwenty visitors: {told}.\n" if load else "\n") + f"\n{END}"
    PAGE.write_text(before + text + after, encoding="utf-8")


def main(wanted: list[str]) -> int:
    """Measure what is wanted, or all; only all of it is written down."""
    from playwright.sync_api import sync_playwright

    from tests.app.browsing import CHROMIUM

    rows: list[Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, measured in (("slider", slider), ("start", start)):
            if not wanted or name in wanted:
                rows += measured(browser)
        browser.close()
    load = {}
    if not wanted or "clients" in wanted:
        from benchmarks.app_clients import measure

        load = measure()
    for name, ours, unit, peer, beside in rows:
        print(f"{name}: {ours:.3g} {unit}, {peer} {beside:.3g}: {ours / beside:.2f} times as long")
    print(load)
    if not wanted:
        write_page(rows, load)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
