"""The page What-if without a browser: sliders move the odds, undo and reset lead back, files and links restore everything."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data import load_catalogue
from scenarios import compare, dump_scenario, estimate_link, load_scenario
from scenarios.scenario import BASELINE
from tests.app.test_pages import opened, texts

POINTS = "what-if points"


def desk(**address: str) -> AppTest:
    """Open the page with all that it draws only when it is opened."""
    page = opened("what_if", place="Suzhou", **address)
    for part in ("presets", "import", "scenario as a file"):
        page.session_state[part] = True
    return page.run()


def turned(page: AppTest, tab: int) -> AppTest:
    """Turn to the levers (0) or the assumptions (1)."""
    page.session_state["levers or assumptions"] = page.tabs[tab].label
    return page.run()


def odds_said(page: AppTest) -> list[str]:
    return [line for one in page.markdown for line in one.value.splitlines() if "of 100 futures" in line or "个未来" in line]


def scenario_file(page: AppTest) -> str:
    return str(page.code[-1].value)


def test_a_slider_moves_the_odds_and_undo_redo_and_reset_lead_back_and_forth() -> None:
    page = opened("what_if", place="Suzhou", lang="en")
    before = odds_said(page)
    assert all("+0.0" in one for one in before)
    page.slider(key=POINTS).set_value(5.0).run()
    after = odds_said(page)
    assert after[0] != before[0]
    assert page.query_params["scenario"] != "baseline"
    page.button(key="undo").click().run()
    assert (odds_said(page), page.slider(key=POINTS).value) == (before, 0.0)
    page.button(key="redo").click().run()
    assert (odds_said(page), page.slider(key=POINTS).value) == (after, 5.0)
    turned(page, 1).slider(key="what-if percent").set_value(-20.0).run()
    assert any(one.value == "What makes the change" for one in page.header)
    page.button(key="reset").click().run()
    assert (odds_said(page), page.query_params["scenario"]) == (before, "baseline")
    assert page.slider(key="what-if percent").value == 0.0
    assert not page.exception


def test_the_page_says_what_the_comparison_of_the_same_scenario_says() -> None:
    page = opened("what_if", place="Suzhou", lang="en", scenario="stagnation")
    catalogue = load_catalogue()
    wanted = [
        one
        for one in compare(catalogue, [BASELINE, load_scenario("stagnation")], places=["Suzhou"])
        if one.scenario == "Stagnation"
    ]
    said = odds_said(page)
    assert len(said) == len(wanted)
    for one, sentence in zip(wanted, said, strict=True):
        assert f"**{100 * (one.difference or 0.0):+.1f}**" in sentence


def test_a_file_exported_and_imported_and_a_link_give_the_same_scenario() -> None:
    page = desk(lang="en")
    page.slider(key=POINTS).set_value(7.5).run()
    page.slider(key="what-if years").set_value((2014, 2016)).run()
    turned(page, 1).select_slider(key="what-if fade").set_value(0.3).run()
    file, said = scenario_file(page), odds_said(page)
    other = desk(lang="en")
    other.file_uploader(key="scenario file").upload("mine.yaml", file.encode(), "application/yaml").run()
    assert (scenario_file(other), odds_said(other)) == (file, said)
    linked = desk(**{name: text for name, text in page.query_params.items() if name != "place"})
    assert (scenario_file(linked), odds_said(linked)) == (file, said)
    assert linked.slider(key="what-if years").value == (2014, 2016)


def test_the_faults_of_a_file_and_of_a_link_are_said_and_the_scenario_stays() -> None:
    page = desk(lang="en")
    file = scenario_file(page)
    text = b"title: A\nbase: /etc/passwd\n"
    page.file_uploader(key="scenario file").upload("mine.yaml", text, "application/yaml").run()
    assert "line 2: base:" in page.code[0].value
    assert scenario_file(page) == file
    assert not page.session_state["import"]  # the menu is closed, which would hide what is said
    broken = desk(lang="en", scenario="eNowhere")
    assert "damaged" in broken.code[0].value
    assert scenario_file(broken) == file


def test_the_faults_of_a_file_and_of_a_link_are_told_in_the_language_that_is_switched_to() -> None:
    page = desk(lang="zh")
    text = b"title: A\nlevers:\n - growth: {places: [Suzhuo], measure: employees, years: [2013], points: 3}\n - ceiling: {}\n"
    page.file_uploader(key="scenario file").upload("mine.yaml", text, "application/yaml").run()
    said = page.code[0].value.splitlines()
    assert said == [
        f"mine.yaml：第4行：ceiling：缺少{what}" for what in ("level：上限", "measure：指标", "places：各自有这一上限的地方")
    ]
    page.segmented_control(key="lang").set_value("en").run()
    assert page.code[0].value.splitlines()[0] == "mine.yaml: line 4: ceiling: level is missing: the ceiling"
    page.segmented_control(key="lang").set_value("zh").run()
    assert page.code[0].value.splitlines() == said
    alike = b" - correlation: {places: [Suzhou, %s], coefficient: 0.9}\n"
    text = b"title: A\nassumptions:\n" + alike % b"Wuxi" + alike % b"Hangzhou"
    page = desk(lang="zh")
    page.file_uploader(key="scenario file").upload("alike.yaml", text, "application/yaml").run()
    assert page.code[0].value == "correlation, places：Suzhou同时列入两组；除all外，一个地方只能列入一组"
    broken = desk(lang="zh", scenario="eNowhere")
    assert broken.code[0].value == "链接中的情景已损坏；请重新复制完整链接"


def test_presets_fill_the_page_and_their_terms_can_be_taken_out() -> None:
    page = desk(lang="en")
    page.button(key="preset talent-push").click().run()
    assert scenario_file(page) == dump_scenario(load_scenario("talent-push")).strip()
    assert "talent" in texts(page)
    page.button(key="take out 0").click().run()
    assert "talent:" not in scenario_file(page)
    assert scenario_file(page).startswith("title: My scenario")
    assert not page.exception


def test_a_link_is_offered_with_its_error_taken_over_when_asked_for_and_moves_what_follows() -> None:
    page = desk(series="Suzhou|employees|total|persons", lang="en")
    before = scenario_file(page)
    turned(page, 1).selectbox(key="what-if link employees").set_value("contract_value_executed").run()
    offer = estimate_link(load_catalogue(), "employees", "contract_value_executed")[0]
    assert scenario_file(page) == before
    assert f"{offer.elasticity:.2f} ± {offer.error:.2f} percent more" in texts(page)
    assert f"{len(offer.cities)} cities" in texts(page)
    page.button(key="take link over").click().run()
    assert f"elasticity: {{normal: [{offer.elasticity:.2f}, {offer.error:.2f}]}}" in " ".join(scenario_file(page).split())
    still = odds_said(page)
    turned(page, 0).slider(key=POINTS).set_value(10.0).run()
    assert (
        sum(now != then for now, then in zip(odds_said(page), still, strict=True)) >= 2
    )  # of jobs, and of the contracts that follow
    page.button(key="undo").click().run()
    page.button(key="undo").click().run()
    assert scenario_file(page) == before
    assert not page.exception


def test_a_lever_outside_the_record_is_warned_of_in_both_languages() -> None:
    page = desk(series="Suzhou|employees|total|persons", lang="en")
    file = b"title: Much\nlevers:\n- growth: {places: [Suzhou], measure: employees, years: [2013], points: 100}\n"
    page.file_uploader(key="scenario file").upload("much.yaml", file, "application/yaml").run()
    assert any("growth rates on record of the family" in one.value for one in page.warning)
    chinese = opened("what_if", **(page.query_params | {"lang": "zh"}))
    assert any("有记录的" in one.value for one in chinese.warning)


OWN_CONTROLS = {"employees|total|persons": ("trainees", "retention"), "fdi_actual|total|USD": ("investment",)}


def controls_of(page: AppTest) -> list[tuple[str, str]]:
    return [(kind, one.key) for kind in ("slider", "number_input", "select_slider") for one in getattr(page, kind)]


def test_every_control_can_be_moved_to_its_ends() -> None:
    page = opened("what_if", place="Suzhou", lang="zh")
    before = odds_said(page)
    for tab, number in enumerate((6, 9)):
        turned(page, tab)
        assert len(controls_of(page)) == number
        for kind, key in controls_of(page):
            for last in (False, True):
                widget = getattr(page, kind)(key=key)
                widget.set_value(end_of(widget, last=last)).run()
                assert not page.exception, key
                assert not [one.value for one in page.error], key
            page.button(key="reset").click().run()
    assert odds_said(page) == before


def test_what_the_other_tab_holds_stays_when_a_control_is_moved_and_the_language_changes() -> None:
    page = turned(desk(lang="en"), 1)
    page.slider(key="what-if factor").set_value(1.5).run()
    turned(page, 0).slider(key=POINTS).set_value(5.0).run()
    assert "factor: 1.5" in scenario_file(page)
    assert [one.key for one in page.select_slider] == []  # what nobody sees is not drawn
    page.segmented_control(key="lang").set_value("zh").run()
    assert page.slider(key=POINTS).value == 5.0
    assert turned(page, 1).slider(key="what-if factor").value == 1.5


@pytest.mark.parametrize("series", OWN_CONTROLS)
def test_measures_with_levers_of_their_own_have_controls_that_can_be_moved_to_their_ends(series: str) -> None:
    page = desk(lang="en", series=f"Suzhou|{series}")
    own = [f"what-if {name}" for name in OWN_CONTROLS[series]]
    assert len(controls_of(page)) == 6 + len(own)
    for kind, key in controls_of(page):
        if key in own:
            for last in (False, True):
                widget = getattr(page, kind)(key=key)
                widget.set_value(end_of(widget, last=last)).run()
                assert not page.exception, key
                assert not [one.value for one in page.error], key
    assert "levers:" in scenario_file(page)


def end_of(widget: Any, *, last: bool) -> object:
    """First or last value of a control; a span goes to one end with both of its own."""
    if widget.type == "select_slider":
        return float(widget.options[-1]) if last else None
    end = widget.max if last else widget.min
    return (end, end) if isinstance(widget.value, tuple) else end
