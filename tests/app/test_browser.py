"""The app in a real browser: pages, language, links and narrow screens; nothing leaves the machine, and axe finds no fault."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.app.browsing import PATIENCE, Visitor

PAGES = (
    "",
    "place",
    "what-if?scenario=stagnation",
    "compare?scenarios=baseline,stagnation,best-peer",
    "track-record",
    "data",
    "method",
)
WIDTHS = (1280, 390)
LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_fits_the_screen_and_asks_nobody_else(
    address: str, browser: object, name: str, width: int, language: str
) -> None:
    visitor = Visitor(browser, width)
    visitor.open(f"{address}/{name}{'&' if '?' in name else '?'}lang={language}")
    assert visitor.page.evaluate("document.documentElement.lang") == language
    assert visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    visitor.picture(f"{name.partition('?')[0] or 'overview'}-{width}-{language}")
    assert visitor.violations() == []
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
