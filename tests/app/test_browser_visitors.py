"""Two visitors of one server at once: neither sees anything of the other, and both get the odds that the command line computes."""

import re
from pathlib import Path

from tests.app.browsing import PATIENCE, Visitor
from tests.app.cli_runs import read_json, run

PLACES = {"A": "Aville", "B": "Beeville"}  # of their own
FIGURES = "place,measure,period,value,unit\n{place},outsourcing employees,2010,{first},persons\n{place},outsourcing employees,2011,{second},persons\n"
LEVER = "More growth, points a year"
CHINESE_LEVER = "增长加快，每年百分点"


def hundredths(visitor: Visitor) -> list[int]:
    """Return the odds under the scenario, in the order of the page."""
    said = visitor.page.locator("li").filter(has_text="→").all_inner_texts()
    return [int(one) for sentence in said for one in re.findall(r"→ (\d+) of 100", sentence)]


def upload(visitor: Visitor, address: str, name: str, folder: Path) -> None:
    """Upload two figures of a place that nobody else knows."""
    file = folder / f"{name}.csv"
    file.write_text(FIGURES.format(place=PLACES[name], first=1000, second=1300), encoding="utf-8")
    visitor.open(f"{address}/data?lang=en")
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.page.get_by_text(f"2 figures of {name}.csv are used").wait_for(timeout=PATIENCE)


def go(visitor: Visitor, page: str, path: str) -> None:
    """Go to a page by the menu, so that the session stays."""
    visitor.page.get_by_role("link", name=page, exact=True).click()
    visitor.page.wait_for_url(f"**/{path}?**", timeout=PATIENCE)
    visitor.settle()


def keep(visitor: Visitor, name: str) -> None:
    """Keep the present scenario under a name."""
    visitor.page.get_by_text("Kept scenarios (0)").click()
    visitor.page.get_by_role("textbox", name="Name").fill(name)
    visitor.page.get_by_role("button", name="Keep the present scenario").click()
    visitor.page.get_by_text("Kept scenarios (1)").wait_for(timeout=PATIENCE)
    visitor.settle()


def has_nothing_of(visitor: Visitor, other: str, pages: tuple[str, ...]) -> bool:
    """Tell whether nothing of the other visitor is to be seen on pages that would show it, and in their boxes of places."""
    seen = []
    for page in pages:
        go(visitor, page, page.lower())
        seen.append(visitor.page.inner_text("body"))
        boxes = visitor.page.get_by_role("combobox", name=re.compile("place", re.IGNORECASE))
        assert boxes.count()
        for box in boxes.all():
            box.fill(PLACES[other])
            visitor.page.get_by_role("option").first.wait_for(timeout=PATIENCE)  # it may say that there is none
            seen += visitor.page.get_by_role("option").all_inner_texts()
            visitor.page.keyboard.press("Escape")
            visitor.page.keyboard.press("Escape")
    return not any(word in text for word in (PLACES[other], f"{other}.csv", f"Kept by {other}") for text in seen)


def test_two_visitors_see_nothing_of_each_other(address: str, browser: object, tmp_path: Path) -> None:
    visitors = {name: Visitor(browser) for name in ("A", "B")}
    for name, other in (("A", "B"), ("B", "A")):
        one, another = visitors[name], visitors[other]
        if name == "A":
            another.open(f"{address}/what-if?lang=en&place=Suzhou")
        upload(one, address, name, tmp_path)
        go(one, "What-if", "what-if")
        slider = one.page.get_by_role("slider", name=LEVER)
        slider.press("ArrowRight")
        one.settle()
        assert slider.get_attribute("aria-valuetext") == "0.5"
        keep(one, f"Kept by {name}")
        one.page.get_by_text("中文", exact=True).click()
        one.page.wait_for_url("**lang=zh**", timeout=PATIENCE)
        one.settle()
        assert one.page.get_by_role("slider", name=CHINESE_LEVER).get_attribute("aria-valuetext") == "0.5"
        if name == "A":  # B, who has done nothing yet, moves nothing, keeps nothing and goes on in English
            assert another.page.get_by_role("slider", name=LEVER).get_attribute("aria-valuetext") == "0"
            assert another.page.get_by_text("Kept scenarios (0)").count() == 1
        else:
            another.page.get_by_text("English", exact=True).click()
            another.page.wait_for_url("**lang=en**", timeout=PATIENCE)
            another.settle()
            another.page.get_by_text("Kept scenarios (1)").wait_for(timeout=PATIENCE)
        assert has_nothing_of(another, name, ("Place",) if name == "A" else ("Data", "What-if", "Compare", "Place"))
    assert not has_nothing_of(visitors["A"], "A", ("Place",))  # what is one's own is found by the same means
    for visitor in visitors.values():
        visitor.check()
        visitor.page.close()


def test_two_visitors_who_move_a_lever_at_once_get_what_the_command_line_computes_of_their_exported_files(
    address: str, browser: object, tmp_path: Path
) -> None:
    visitors = [Visitor(browser), Visitor(browser)]
    moves = (("ArrowRight", 13), ("ArrowLeft", 7))  # steps of half a point
    for visitor in visitors:
        visitor.open(f"{address}/what-if?lang=en&place=Suzhou")
    sliders = [visitor.page.get_by_role("slider", name=LEVER) for visitor in visitors]
    for number in range(max(times for _, times in moves)):
        for slider, (key, times) in zip(sliders, moves, strict=True):
            if number < times:
                slider.press(key)
    for number, (visitor, amount) in enumerate(zip(visitors, ("6.5", "-3.5"), strict=True)):
        visitor.page.wait_for_function("() => location.search.includes('scenario=')")
        visitor.settle()
        assert sliders[number].get_attribute("aria-valuetext") == amount
        with visitor.page.expect_download(timeout=PATIENCE) as waiting:
            visitor.page.get_by_role("button", name="Export").click()
        file = tmp_path / f"{number}.yaml"
        waiting.value.save_as(file)
        rows = read_json(run("compare", "baseline", file, "--place", "Suzhou", "--format", "json"))
        computed = [round(100 * row["probability"]) for row in rows if row["scenario"] != "Baseline" and row["data_weight"]]
        assert hundredths(visitor) == computed
        assert len(computed) == 2
        visitor.check()
    for visitor in visitors:
        visitor.page.close()
