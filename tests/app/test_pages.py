"""Every page, run without a browser: what it says, its filters, its links, and uploads that stay in their session."""

import re
import tempfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app
from app import page_parts
from data import load_catalogue

SCRIPT = Path(app.__file__).with_name("streamlit_app.py")
PAGES = ("overview", "place", "what_if", "compare", "what_matters", "track_record", "data", "method")
GOOD = "place,measure,period,value,unit\nSuzhou,outsourcing employees,2010,11.8,万人\nSuzhou,outsourcing employees,2011,15,万人\n"
PEOPLE = {"place": "Suzhou", "measure": "employees", "scope": "total", "vintage": "9999-12-31"}


def opened(page: str = "overview", **address: str) -> AppTest:
    one = AppTest.from_file(str(SCRIPT), default_timeout=180)
    for name, text in address.items():
        one.query_params[name] = text
    one.run()
    if page != "overview":
        one.switch_page(f"screens/{page}_page.py")
        for name, text in address.items():
            one.query_params[name] = text
        one.run()
    assert not one.exception
    return one


def texts(page: AppTest) -> str:
    return "\n".join(read(str(one.value)) for kind in (page.markdown, page.caption, page.subheader, page.title) for one in kind)


def read(markdown: str) -> str:
    """Return Markdown as it is seen, but for emphasis."""
    return re.sub(r"\\([^\w\s])", r"\1", markdown).replace("\N{WORD JOINER}", "")


@pytest.fixture(scope="module")
def overview() -> AppTest:
    return opened()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_the_language_of_the_link_and_keeps_it_in_the_address(page: str) -> None:
    titles = {code: opened(page, lang=code).title[0].value for code in ("en", "zh")}
    assert titles["en"] != titles["zh"]
    chinese = opened(page, lang="zh")
    assert chinese.query_params["lang"] == "zh"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in titles["zh"])


def test_the_overview_counts_all_targets(overview: AppTest) -> None:
    targets = load_catalogue().targets
    assert f"**{len(targets)} targets** chosen" in texts(overview)
    assert len(overview.dataframe[0].value) == int(texts(overview).split(" with odds**")[0].split("**")[-1])


def test_filters_narrow_the_overview_and_stand_in_the_address() -> None:
    page = opened()
    page.multiselect(key="places").set_value(["Suzhou", "Wuxi"]).run()
    page.multiselect(key="years").set_value(["2015"]).run()
    page.selectbox(key="order").set_value("unlikely").run()
    assert set(page.dataframe[0].value["Place"]) <= {"Suzhou", "Wuxi"}
    assert set(page.dataframe[0].value["By"]) == {"2015"}
    assert page.query_params["places"] == "Suzhou,Wuxi"
    again = opened(**page.query_params)
    assert again.dataframe[0].value.equals(page.dataframe[0].value)
    page.selectbox(key="status").set_value("without").run()
    assert not page.exception
    assert any("None of the chosen targets has odds" in one.value for one in page.info)


def test_every_vintage_can_be_chosen() -> None:
    page = opened()
    for known_by in ("2009-10-31", "2013-12-31", "9999-12-31"):
        page.selectbox(key="vintage").set_value(known_by).run()
        assert not page.exception
        assert page.query_params["vintage"] == known_by


def test_what_a_link_asks_in_vain_is_said_and_the_rest_is_shown() -> None:
    page = opened("place", place="Atlantis", measure="<script>", lang="en")
    assert page.title[0].value.startswith("Suzhou")
    (warning,) = [one.value for one in page.warning if "link asks" in one.value]
    assert "Atlantis" in warning
    assert page.query_params["place"] == "Suzhou"


def test_a_place_tells_each_target_with_odds_growth_and_source() -> None:
    said = texts(opened("place", place="Suzhou"))
    assert "Suzhou meets USD 15 billion of signed outsourcing contracts by 2015 in " in said
    assert "It needs 38.9 % growth a year; the last known growth was 56.8 %." in said
    assert "growth rates known of comparable figures" in said
    assert (
        "Printed “USD 15 billion” in Driving Strategic Value: China Shared Services and Outsourcing in the Extended Global Enterprise"
        in said
    )
    assert "(document 003), line 4581." in said


@pytest.mark.parametrize(("possible", "endings"), [(True, ["HTML", "PDF", "DOCX", "XLSX"]), (False, ["HTML", "DOCX", "XLSX"])])
def test_a_place_offers_its_report_and_says_why_not_as_pdf(
    possible: bool, endings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_parts, "can_print", lambda: possible)
    page = opened("place", place="Suzhou", lang="en")
    labels = [one.proto.label for one in page.get("download_button")]
    assert [label for label in labels if label.startswith("Report")] == [f"Report as {ending}" for ending in endings]
    assert ("needs the library Pango" in texts(page)) is not possible


def test_a_target_without_odds_has_a_reason_and_no_number() -> None:
    page = opened("place", place="Suzhou")
    (sentence,) = [read(one.value) for one in page.markdown if "90 outsourcing enterprises" in one.value]
    assert sentence.endswith("no odds are given: no figure on enterprises of that size.")
    assert "In place of withheld odds" not in texts(page)


@pytest.mark.parametrize(("code", "compared"), [("en", "employment by sector, 3 years"), ("zh", "各行业就业，3年")])
def test_in_place_of_withheld_odds_stands_how_the_reference_class_grew(code: str, compared: str) -> None:
    page = opened("place", place="Tianjin", lang=code)
    (table,) = [one.value for one in page.table if compared in one.value.to_numpy()]
    assert table.to_numpy()[1][2].replace("\\", "").startswith("172.1")  # cells are Markdown, which a point may mean something to
    assert len(table) == 2


def test_a_link_restores_measure_scope_currency_and_language() -> None:
    address = {"place": "Guangzhou", "measure": "contract_value_signed", "scope": "offshore", "currency": "CNY", "lang": "zh"}
    page = opened("place", **address)
    assert page.title[0].value == "广州 Guangzhou"
    assert {name: page.selectbox(key=name).value for name in ("place", "measure", "scope", "currency")} == {
        name: text for name, text in address.items() if name != "lang"
    }
    assert any("由USD按各年平均汇率换算" in one.value for one in page.caption)
    assert "读作US$29.85亿" in texts(page)


def test_amounts_in_another_currency_are_converted_at_rates_known_in_the_vintage() -> None:
    """The vintage of 2013 knows 6.3093 yuan a dollar, of 2012; the year 2020 had 6.9042."""
    highest = []
    for currency in ("USD", "CNY"):
        said = texts(
            opened("place", place="Suzhou", measure="contract_value_signed", vintage="2013-12-31", currency=currency, lang="en")
        )
        (sentence,) = re.findall(rf"In 2020 half of the futures .* and {currency} ([\d.]+) billion\.", said)
        highest.append(float(sentence))
    assert highest[1] / highest[0] == pytest.approx(6.3093, rel=0.02)


def test_another_measure_is_shown_with_its_own_scopes() -> None:
    page = opened("place", place="Guangzhou")
    for measure in page.selectbox(key="measure").options[:4]:
        page.selectbox(key="measure").select(measure).run()
        assert not page.exception


@pytest.mark.parametrize("place", ["China", "Hangzhou", "Xuzhou", "Wuxi iPark", "Jiangxi", "Hong Kong", "Tianjin Development Zone"])
def test_every_kind_of_place_can_be_shown(place: str) -> None:
    assert opened("place", place=place).title[0].value.startswith(place)


def test_the_track_record_says_that_the_bundled_facts_cannot_calibrate() -> None:
    page = opened("track_record")
    assert any("No outcome is recorded" in one.value for one in page.info)
    if not page.warning:  # another test may have run it before: the answer is kept
        page.button[0].click().run()
    assert not page.exception
    assert any("cannot show whether the odds are right" in one.value for one in page.warning)
    assert len(page.dataframe) >= 2
    charts = page.get("vega_lite_chart")
    names = {one.proto.alt for one in charts}
    assert len(charts) == len(names) == len([one for one in page.expander if one.label.startswith("The chart as a table")]) >= 3


def test_every_table_can_be_read_and_cut_to_places() -> None:
    page = opened("data")
    for table in page.selectbox(key="table").options:
        page.selectbox(key="table").select(table).run()
        assert not page.exception
    page.selectbox(key="table").set_value("targets").run()
    page.multiselect(key="places").set_value(["Suzhou"]).run()
    assert set(page.dataframe[0].value["place"]) == {"Suzhou"}


def test_own_figures_serve_their_session_alone() -> None:
    before = opened("place", **PEOPLE).dataframe[0].value
    page = opened("data")
    page.file_uploader[0].upload("people.csv", GOOD.encode(), "text/csv").run()
    assert not page.exception
    assert any(r"2 figures of people\.csv" in one.value for one in page.success)
    page.switch_page("screens/place_page.py")
    for name, text in PEOPLE.items():
        page.query_params[name] = text
    page.run()
    assert not page.exception
    mine = [one.value for one in page.dataframe if "Document" in one.value][-1]
    assert "people.csv" in set(mine["Document"])
    others = opened("place", **PEOPLE)
    assert others.dataframe[0].value.equals(before)
    assert not any("people.csv" in set(one.value["Document"]) for one in others.dataframe if "Document" in one.value)


def test_names_of_an_upload_are_shown_as_they_stand() -> None:
    """What Markdown would take for emphasis or a formula is escaped in every sentence of the pages."""
    facts = GOOD.replace("Suzhou", "*Ours* $x$").replace("outsourcing employees", "our _jobs_ $y$")
    facts = facts.replace(",unit", ",unit,scope").replace("万人", "persons,in *Ours* & $y$")
    page = opened("data")
    page.file_uploader[0].upload("our _own_ $z$.csv", facts.encode(), "text/csv").run()
    assert r"our \_own\_ \_z\_" in page.success[0].value
    for name in ("place", "what_if"):
        page.switch_page(f"screens/{name}_page.py")
        page.query_params["place"], page.query_params["vintage"] = "*Ours* $x$", "9999-12-31"
        page.run()
        assert not page.exception
        said = [one.value for kind in (page.markdown, page.caption, page.subheader, page.header, page.title) for one in kind]
        told = [one for one in said if "Ours" in one or "jobs" in one]
        assert told
        assert not [one for one in told if "*Ours" in one.replace("\\*", "") or "$y" in one.replace("\\$", "")]


def test_faults_of_an_upload_stand_at_their_cells_and_can_be_left_out_again() -> None:
    page = opened("data")
    page.file_uploader[0].upload("people.csv", GOOD.replace("11.8", "eleven").encode(), "text/csv").run()
    assert not page.exception
    assert any(r"people\.csv was not taken over" in one.value for one in page.error)
    (table,) = page.table
    assert "⚠ eleven" in table.value.to_string()
    assert not page.success


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (GOOD.replace("11.8", "eleven"), "value：'eleven'不是数字"),
        ("place,value\nSuzhou,3\n", "缺少列measure, period；"),
        (GOOD.replace("outsourcing employees", "widgets"), "新指标widgets，视为正的年度流量，归入“其他”类"),
    ],
)
def test_what_is_said_of_an_upload_is_chinese_on_the_chinese_page(content: str, told: str) -> None:
    page = opened("data", lang="zh")
    page.file_uploader[0].upload("people.csv", content.encode(), "text/csv").run()
    assert not page.exception
    assert told in texts(page) + "".join(str(cell) for table in page.table for cell in table.value.to_numpy().ravel())


def test_the_method_page_has_equations_limits_and_words() -> None:
    said = texts(opened("method"))
    assert "What cannot be concluded" in "".join(one.value for one in opened("method").header)
    assert r"F_{t+1}" in said
    assert "Odds are withheld where they would mislead" in said


@pytest.mark.parametrize("page", PAGES)
def test_every_box_can_be_set_to_its_first_and_last_option(page: str) -> None:
    shown = opened(page, lang="en")
    for key in [one.key for one in (*shown.selectbox, *shown.multiselect) if one.key != "vintage"]:
        for number in (0, -1):
            boxes = {one.key: one for one in (*shown.selectbox, *shown.multiselect)}
            if key not in boxes:  # another choice took it away
                continue
            box = boxes[key]
            choice = box.options[number]
            (box.select(choice) if hasattr(box, "select") else box.set_value([choice])).run()
            assert not shown.exception, key


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", b""), ("people.csv", b"\xff\xfe\x00"), ("people.xlsx", b"PK\x03\x04 no workbook"),
        ("../../etc/passwd.csv", b"place,measure\nSuzhou,employees\n"), ("people.csv", b'a,"b\n'), ("big.csv", b"x" * 50_000_000),
    ],
)  # fmt: skip
def test_a_bad_upload_is_refused_in_a_sentence_that_shows_no_path(name: str, content: bytes) -> None:
    page = opened("data", lang="en")
    page.file_uploader[0].upload(name, content, "text/csv").run()
    assert not page.exception
    said = "\n".join(one.value for kind in (page.error, page.markdown) for one in kind)
    assert "was not taken over" in said
    assert tempfile.gettempdir() not in said
    assert "Traceback" not in said
    assert not page.success
