"""The page Compare and the list of kept scenarios without a browser: odds side by side, names, links that restore and say what has changed."""

import zlib
from base64 import urlsafe_b64encode

import pytest
from streamlit.testing.v1 import AppTest

from app.kept_scenarios import NAME_OF_PRESET
from app.numbers import in_hundred
from app.scenario_links import linked_scenario
from data import Catalogue, load_catalogue
from scenarios import compare, load_scenario
from scenarios.scenario import BASELINE
from scenarios.scenario_files import PRESETS
from tests.app.test_pages import opened, texts
from tests.app.test_pages_what_if import desk, odds_said, turned

POINTS = "what-if points"
WHAT_IF = "screens/what_if_page.py"


def with_scenario(points: float = 5.0) -> AppTest:
    return desk(lang="en").slider(key=POINTS).set_value(points).run()


def kept(page: AppTest, name: str) -> AppTest:
    page.text_input(key="name to keep").set_value(name)
    return page.button(key="keep").click().run()


def shelf(page: AppTest) -> list[str]:
    shown = [one.value[2:-2].replace("\\", "") for one in page.markdown if one.value.startswith("**") and one.value.endswith("**")]
    return [one for one in shown if any(button.key.startswith("open ") for button in page.button)]


def turned_to(page: AppTest, name: str, **address: str) -> AppTest:
    page.switch_page(f"screens/{name}_page.py")
    page.query_params.clear()
    for key, text in address.items():
        page.query_params[key] = text
    return page.run()


def test_a_scenario_is_kept_opened_renamed_and_deleted_and_deleting_can_be_undone() -> None:
    page = kept(with_scenario(5.0), "Push *hard*")
    assert shelf(page) == ["Push *hard*"]
    assert page.code[-1].value.startswith("title: Push *hard*")
    said = odds_said(page)
    page.button(key="reset").click().run()
    kept(page, "Nothing")
    assert shelf(page) == ["Push *hard*", "Nothing"]
    page.button(key="open 0").click().run()
    assert (odds_said(page), page.slider(key=POINTS).value) == (said, 5.0)
    page.text_input(key="new name 0 Push *hard*").set_value("Five points")
    page.button(key="give 0").click().run()
    assert shelf(page) == ["Five points", "Nothing"]
    assert page.code[-1].value.startswith("title: Five points")
    page.button(key="delete 0").click().run()
    assert shelf(page) == ["Nothing"]
    assert odds_said(page) == said
    page.button(key="undo kept").click().run()
    assert shelf(page) == ["Five points", "Nothing"]
    assert not page.exception


def test_a_name_that_cannot_be_is_refused_and_stays_in_its_field() -> None:
    page = kept(with_scenario(), "baseline")
    assert [one.value for one in page.error] == [NAME_OF_PRESET.replace(".", "\\.")]
    assert page.text_input(key="name to keep").value == "baseline"
    assert shelf(page) == []
    assert shelf(kept(page, "Mine")) == ["Mine"]
    assert not page.error


def test_nothing_is_lost_by_going_to_other_pages() -> None:
    page = kept(with_scenario(7.5), "Mine")
    turned(page, 1).slider(key="what-if percent").set_value(-10.0).run()
    said = odds_said(page)
    for name in ("overview", "compare", "data"):
        turned_to(page, name, lang="en")
        assert not page.exception
    turned_to(page, "what_if", lang="en", place="Suzhou")
    assert (shelf(page), odds_said(page)) == (["Mine"], said)
    assert page.slider(key=POINTS).value == 7.5
    assert turned(page, 1).slider(key="what-if percent").value == -10.0
    page.button(key="undo").click().run()
    assert page.slider(key="what-if percent").value == 0.0


def test_files_are_loaded_to_the_list_and_their_faults_said() -> None:
    page = opened("what_if", place="Suzhou", lang="en")
    page.file_uploader(key="kept files").upload("a.yaml", b"title: A\n", "application/yaml").run()
    assert shelf(page) == ["A"]
    page.file_uploader(key="kept files").upload("b.yaml", b"title: B\nbase: ../x.yaml\n", "application/yaml").run()
    assert shelf(page) == ["A"]
    assert any("b\\.yaml\\: line 2" in one.value for one in page.error)
    page.segmented_control(key="lang").set_value("zh").run()
    assert [one.value for one in page.error] == [
        "b\\.yaml：第2行：base：写的是'\\.\\./x\\.yaml'；此处允许：" + ", ".join(name.replace("-", "\\-") for name in PRESETS)
    ]
    assert not page.exception


def test_every_line_that_is_wrong_with_a_file_stands_in_a_paragraph_of_its_own() -> None:
    page = opened("what_if", place="Suzhou", lang="zh")
    page.file_uploader(key="kept files").upload("b.yaml", b"title: 5\nhorizon: x\n", "application/yaml").run()
    ((first, second),) = [one.value.split("\n\n") for one in page.error]
    assert first.startswith("b\\.yaml：第1行：title：写的是5")
    assert second.startswith("b\\.yaml：第2行：horizon：写的是'x'")


def test_compare_says_what_the_comparison_says() -> None:
    page = opened("compare", place="Suzhou", lang="en", scenarios="baseline,stagnation,best-peer,back-to-trend")
    assert page.multiselect(key="compared").value == ["baseline", "stagnation", "best-peer", "back-to-trend"]
    wanted = compare(
        load_catalogue(),
        [load_scenario(name) for name in ("baseline", "stagnation", "best-peer", "back-to-trend")],
        places=["Suzhou"],
    )
    table = page.table[0].value
    assert list(table.columns) == ["Target", "Baseline", "Stagnation", "As the best peers", "Back to trend"]
    cells = [cell for row in table.to_numpy() for cell in row[1:]]
    assert len(cells) == len(wanted)
    for one, cell in zip(wanted, cells, strict=True):
        if one.data_weight:
            assert cell.startswith(f"{in_hundred(one.probability or 0.0)} ±")
        if one.scenario != "Baseline":
            assert f"({100 * (one.difference or 0.0):+z.1f} ±" in cell
    assert [one.value for one in page.subheader] == ["Stagnation", "As the best peers", "Back to trend"]
    assert not page.dataframe
    page.session_state["Suzhou-compare taken away"] = True  # the table below the chart is opened
    page.run()
    assert len(page.dataframe[0].value) == len(wanted)
    labels = {one.proto.label for one in page.get("download_button")}
    assert {"Table as CSV", "Table as XLSX", "Chart as PNG", "Chart as SVG"} <= labels
    assert not page.exception


def test_kept_and_present_scenarios_are_offered_and_a_link_restores_them_elsewhere() -> None:
    page = kept(with_scenario(5.0), "Five, points")
    page.slider(key=POINTS).set_value(9.0).run()
    turned_to(page, "compare", lang="en", place="Suzhou")
    assert page.multiselect(key="compared").options[len(PRESETS) :] == ["Five, points", "Five, points (now on What-if)"]
    assert page.multiselect(key="compared").value == ["baseline", "own Five, points", "present"]
    table = page.table[0].value
    other = opened("compare", **page.query_params)
    assert not other.exception
    assert other.table[0].value.to_numpy().tolist() == table.to_numpy().tolist()
    assert list(other.table[0].value.columns) == ["Target", "Baseline", "Five, points", "Five, points \\(2\\)"]
    assert other.query_params["scenarios"].split(",")[1] == page.query_params["scenarios"].split(",")[1]
    catalogue = load_catalogue()
    assert linked_scenario(other.query_params["scenarios"].split(",")[1], catalogue).title == "Five, points"


def test_fewer_scenarios_are_asked_for_where_none_is_chosen_and_a_fifth_is_not_taken() -> None:
    page = opened("compare", place="Suzhou", lang="en", scenarios=",".join(PRESETS))
    assert page.multiselect(key="compared").value == list(PRESETS[:4])
    page.multiselect(key="compared").set_value([]).run()
    assert any("Choose one scenario or more" in one.value for one in page.info)
    page.multiselect(key="compared").set_value(["stagnation"]).run()
    assert list(page.table[0].value.columns) == ["Target", "Stagnation"]
    assert page.query_params["scenarios"] == "stagnation"


def test_a_tampered_link_is_said_and_the_rest_is_shown(catalogue: Catalogue) -> None:
    harmful = urlsafe_b64encode(zlib.compress(b"title: A\nbase: /etc/passwd\n")).decode().rstrip("=")
    page = opened("compare", place="Suzhou", lang="en", scenarios=f"baseline,eNowhere,{harmful},{'A' * 7000},<script>")
    said = [one.value for one in page.code]
    assert len(said) == 3
    assert "damaged" in said[0]
    assert "'/etc/passwd' found; allowed here: baseline" in said[1]
    assert "more than 6000 letters" in said[2]
    assert page.multiselect(key="compared").value == ["baseline"]
    assert "root:" not in texts(page)
    page.segmented_control(key="lang").set_value("zh").run()
    assert [one.value.partition("；")[0] for one in page.code] == [
        "链接中的情景已损坏",
        "link：第2行：base：写的是'/etc/passwd'",
        "链接中的情景超过6000个字符",
    ]
    assert not page.exception


@pytest.mark.parametrize(
    ("page", "more"), [("place", {}), ("what_if", {"scenario": "stagnation"}), ("compare", {"scenarios": "baseline,stagnation"})]
)
def test_a_link_says_what_has_changed_since_it_was_made(page: str, more: dict[str, str]) -> None:
    first = opened(page, place="Suzhou", lang="en", **more)
    stamp = first.query_params["seen"]
    assert not first.info
    assert not opened(page, **first.query_params).info  # nothing has changed
    version, data, *odds = stamp.split("~")
    name, *numbers = odds[0].split(".")
    other = ["n" if one == "n" else str((int(one) + 20) % 100) for one in numbers]
    older = "~".join([version, "0" * 8, ".".join([name, *other]), *odds[1:]])
    later = opened(page, **(first.query_params | {"seen": older}))
    (said,) = [one.value for one in later.info]
    assert f"(then 00000000, now {data})" in said
    assert f"{other[-1]} of 100 when the link was made, {numbers[-1]} now." in said
    assert later.query_params["seen"] == stamp
    broken = opened(page, **(first.query_params | {"seen": "<img src=x>"}))
    (said,) = [one.value for one in broken.info]
    assert "not say legibly" in said
    assert "img" not in said


def test_what_a_link_told_is_gone_once_something_else_is_shown() -> None:
    page = opened("what_if", place="Suzhou", lang="en", seen="0.0.1~00000000")
    assert any("version 0.0.1" in one.value for one in page.info)
    page.slider(key=POINTS).set_value(3.0).run()
    assert not page.info
    page.button(key="undo").click().run()
    assert any("version 0.0.1" in one.value for one in page.info)


def test_the_baseline_alone_can_be_told_in_chinese() -> None:
    page = opened("compare", place="Wuxi", lang="zh", scenarios="baseline,talent-push")
    assert page.title[0].value == "比较情景"
    assert list(page.table[0].value.columns) == ["目标", "基准", "人才推动"]
    assert BASELINE.title not in texts(page)
