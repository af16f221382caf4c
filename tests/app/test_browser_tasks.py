"""What a planner who knows neither Streamlit nor statistics comes for, done in a real browser by what is to be seen on the page.

With SOURCECAST_PICTURES=folder each test leaves a picture of what it found.
"""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from data import load_catalogue
from scenarios import load_scenario
from tests.app.browsing import PATIENCE, Visitor

CHANGE = re.compile(r"(.+?): (\S+) → (\S+) of 100 futures")


def odds_of(visitor: Visitor) -> dict[str, str]:
    """Odds under the scenario by target, as the page tells them."""
    said = visitor.page.locator("li").filter(has_text="→").all_inner_texts()
    return {found[1]: found[3] for one in said if (found := CHANGE.match(one))}


def choose(visitor: Visitor, label: str, option: str) -> None:
    """Choose an option of a box by its words; a box that is drawn anew while it opens is opened once more."""
    box = visitor.page.get_by_role("combobox", name=re.compile(f"(^|[. ]){label}"))
    wanted = visitor.page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        box.click()
        visitor.page.wait_for_timeout(1000)
        if wanted.count():
            break
    wanted.click()
    visitor.page.keyboard.press("Escape")
    visitor.settle()


def test_find_the_least_likely_target_of_2015_and_find_out_why(address: str, browser: object) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/?lang=en")
    page = visitor.page
    choose(visitor, "Due years", "2015")
    choose(visitor, "Order", "Least likely first")
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["years"], asked["order"]) == (["2015"], ["unlikely"])
    visitor.picture("task-1-least-likely")
    # The first row is the least likely target; its place is the button in the first column.
    grid = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    page.mouse.click(grid["x"] + 50, grid["y"] + 56)
    page.wait_for_url("**/place?**", timeout=PATIENCE)
    visitor.settle()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Xi'an")
    why = page.get_by_text(
        re.compile(r"It needs [\d.]+ % growth a year; (no growth of its own is known|the last known growth was)")
    ).first
    why.wait_for(timeout=PATIENCE)
    page.get_by_text(re.compile(r"growth rates known of comparable figures, \d+ were at least as high")).first.wait_for(
        timeout=PATIENCE
    )
    visitor.picture("task-2-why")
    visitor.check()
    page.close()


def test_raise_the_odds_of_suzhou_above_one_half_by_one_lever_and_save_and_reload_by_link(
    address: str, browser: object, tmp_path: Path
) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/?lang=en")
    page = visitor.page
    page.get_by_role("link", name="What-if").click()
    page.wait_for_url("**/what-if?**", timeout=PATIENCE)
    visitor.settle()
    choose(visitor, "What the levers move", "signed outsourcing contracts (USD)")
    target = "USD 15 billion of signed outsourcing contracts by 2015"
    assert int(odds_of(visitor)[target]) < 50
    slider = page.get_by_role("slider", name="More growth, points a year")
    for _ in range(10):
        for _ in range(4):  # two points more
            slider.press("ArrowRight")
        visitor.settle()
        if int(odds_of(visitor)[target]) > 50:
            break
    reached = odds_of(visitor)
    assert int(reached[target]) > 50
    visitor.picture("task-3-above-one-half")
    page.get_by_text("Kept scenarios (0)").click()
    page.get_by_role("textbox", name="Name").fill("Above one half")
    page.get_by_role("button", name="Keep the present scenario").click()
    page.get_by_text("Kept scenarios (1)").wait_for(timeout=PATIENCE)
    visitor.settle()
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name="Download").first.click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    kept = load_scenario(file, load_catalogue())
    assert (file.name, kept.title, len(kept.levers)) == ("Above one half.yaml", "Above one half", 1)
    visitor.picture("task-4-kept")
    visitor.check()
    other = Visitor(browser, locale="de-DE")
    other.open(page.url)
    assert odds_of(other) == reached
    assert other.page.get_by_role("slider", name="More growth, points a year").get_attribute("aria-valuetext") == (
        slider.get_attribute("aria-valuetext")
    )
    assert other.page.get_by_text("Since this link was made").count() == 0
    visitor.picture("task-4-reloaded")
    other.check()
    for one in (page, other.page):
        one.close()


def test_upload_own_figures_with_two_faults_mend_them_and_see_the_forecast(address: str, browser: object, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "place,measure,period,value,unit\nSuzhou,outsourcing employees,2010,eleven,万人\nSuzhou,outsourcing employees,soon,15,万人\n",
        encoding="utf-8",
    )
    visitor = Visitor(browser)
    visitor.open(f"{address}/data?lang=en")
    page = visitor.page
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("people.csv was not taken over").wait_for(timeout=PATIENCE)
    for marked in ("⚠ eleven", "⚠ soon"):
        page.locator("[data-testid=stTable]").get_by_text(marked).wait_for(timeout=PATIENCE)
    visitor.picture("task-5-faults")
    mended = tmp_path / "mended.csv"
    mended.write_text(file.read_text(encoding="utf-8").replace("eleven", "11.8").replace("soon", "2011"), encoding="utf-8")
    page.locator("input[type=file]").last.set_input_files(mended)
    page.get_by_text("2 figures of mended.csv are used").wait_for(timeout=PATIENCE)
    page.get_by_role("link", name="See Suzhou").click()
    page.wait_for_url("**/place?**", timeout=PATIENCE)
    visitor.settle()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Suzhou")
    choose(visitor, "Measure", "outsourcing employees")
    page.get_by_text(re.compile("In 2020 half of the futures lie between")).wait_for(timeout=PATIENCE)
    visitor.picture("task-5-forecast")
    visitor.check()
    page.close()


def test_switch_to_chinese_and_keep_what_is_shown(address: str, browser: object) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/what-if?lang=en&place=Suzhou&scenario=stagnation")
    page = visitor.page
    numbers = list(odds_of(visitor).values())
    for opened in ("The chart as a table", "The scenario as a file"):
        page.get_by_text(opened).first.click()
        visitor.settle()
    page.get_by_text("中文", exact=True).click()
    page.wait_for_url("**lang=zh**", timeout=PATIENCE)
    visitor.settle()
    unfolded = page.locator("details[open] summary").all_inner_texts()
    assert [one.splitlines()[-1] for one in unfolded] == ["图中数据的表格与下载", "情景文件"]
    assert page.get_by_role("heading", level=1).inner_text() == "如果……会怎样？"
    said = " ".join(page.locator("li").all_inner_texts())
    assert all(f"变为 {number}" in said for number in numbers)
    page.get_by_role("link", name="地方").click()
    page.wait_for_url("**/place?**", timeout=PATIENCE)
    visitor.settle()
    assert page.get_by_role("heading", level=1).inner_text().startswith("苏州")
    page.get_by_role("link", name="总览").click()
    visitor.settle()
    assert "公布的目标" in page.get_by_role("heading", level=1).inner_text()
    visitor.picture("task-6-chinese")
    visitor.check()
    page.close()


def test_download_the_report(address: str, browser: object, tmp_path: Path) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/place?lang=en&place=Suzhou")
    page = visitor.page
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name="Report as HTML").click()
    report = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(report)
    told = Visitor(browser)
    told.page.goto(report.as_uri())
    assert "Suzhou" in told.page.get_by_role("heading", level=1).first.inner_text()
    assert told.page.get_by_text("USD 15 billion of signed outsourcing contracts by 2015").first.is_visible()
    assert told.hosts <= {None, ""}
    visitor.check()
    for one in (page, told.page):
        one.close()
