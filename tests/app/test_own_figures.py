"""A planner's own file in the app."""

import pandas as pd
import pytest

from app.downloads import table_bytes
from app.language import ENGLISH, language_of
from app.own_figures import MARK, TEMPLATE, coloured, key_of, marked, mended, read_own, safe_name
from data import Catalogue
from data.sentences import Sentence

GOOD = "place,measure,period,value,unit\nSuzhou,outsourcing employees,2010,11.8,万人\nSuzhou,outsourcing employees,2011,15,万人\n"
BAD = GOOD.replace("11.8", "eleven").replace("2011,15", "soon,15")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_can_be_uploaded_as_it_is(catalogue: Catalogue, ending: str) -> None:
    own = read_own(catalogue, f"template.{ending}", table_bytes(TEMPLATE, ending))
    assert own.faults == ()
    assert dict(own.cells) == {}
    assert own.catalogue is not None
    added = own.catalogue.facts.iloc[len(catalogue.facts) :]
    assert list(added["value"]) == [118_000, 150_000, 2.5e9]
    assert set(added["place"]) == {"Suzhou"}


def test_faults_stand_at_their_cells_and_nothing_is_taken_over(catalogue: Catalogue) -> None:
    own = read_own(catalogue, "figures.csv", BAD.encode())
    assert own.catalogue is None
    assert set(own.cells) == {(2, "value"), (3, "period")}
    table = marked(own, ENGLISH)
    assert list(table["Row"]) == [2, 3]
    assert list(table)[:3] == ["Row", "What is wrong", "place"]  # what a narrow screen has room for
    assert table.loc[0, "value"] == f"{MARK} eleven"
    assert table.loc[1, "period"] == f"{MARK} soon"
    assert table.loc[1, "value"] == "15"
    assert table.loc[0, "What is wrong"].startswith("value: 'eleven'")
    assert coloured(table.loc[0, "value"])
    assert not coloured(table.loc[1, "value"])


@pytest.mark.parametrize("text", ["![x](http://a.example/x.png)", "[here](http://a.example)", "<img src=y>", "![x][y]", "[y]: z"])
def test_markup_is_a_fault_of_its_cell_or_heading(catalogue: Catalogue, text: str) -> None:
    own = read_own(
        catalogue, "figures.csv", GOOD.replace("Suzhou,outsourcing employees,2011", f"{text},outsourcing employees,2011").encode()
    )
    assert (own.catalogue, set(own.cells)) == (None, {(3, "place")})
    own = read_own(catalogue, "figures.csv", GOOD.replace("unit", text).encode())
    assert own.catalogue is None
    assert own.faults[0].startswith(f"heading '{text}'")


@pytest.mark.parametrize("text", ["outsourcing employees [persons]", "people < 30", "http://a.example/table"])
def test_brackets_signs_and_addresses_of_sources_are_no_markup(catalogue: Catalogue, text: str) -> None:
    rows = f"place,measure,period,value,source\nSuzhou,outsourcing employees,2010,118000,{text}\n"
    assert read_own(catalogue, "figures.csv", rows.encode()).cells == {}


def test_mended_cells_are_read_again(catalogue: Catalogue) -> None:
    own = read_own(catalogue, "figures.csv", BAD.encode())
    text = own.text.copy()
    text.loc[0, "value"], text.loc[1, "period"] = "11.8", "2011"
    again = read_own(catalogue, "figures.csv", mended(text))
    assert again.catalogue is not None
    assert list(again.catalogue.facts["value"].iloc[-2:]) == [118_000, 150_000]


def test_a_missing_column_is_a_fault_of_the_file_and_no_path_is_told(catalogue: Catalogue) -> None:
    own = read_own(catalogue, "figures.csv", b"place,value\nSuzhou,3\n")
    assert own.catalogue is None
    assert own.faults
    assert all("/" not in fault.split(":")[0] and "tmp" not in fault for fault in own.faults)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook"])
def test_what_is_no_table_is_said_to_be_none(catalogue: Catalogue, content: bytes) -> None:
    for name in ("figures.csv", "figures.xlsx"):
        own = read_own(catalogue, name, content)
        assert own.catalogue is None
        assert own.faults or own.cells
        assert not any("tmp" in fault for fault in own.faults)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("jobs 2012.csv", "jobs 2012.csv"),
        ("../../etc/passwd.CSV", "passwd.csv"),
        ("a\\b\\c.xlsx", "c.xlsx"),
        ("<i>.csv", "_i_.csv"),
        ("苏州.csv", "苏州.csv"),
    ],
)
def test_a_name_is_no_path_and_no_markup(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_key_hangs_on_the_content_and_the_name() -> None:
    keys = {key_of(content, name) for content in (b"a", b"b") for name in ("x.csv", "y.csv")}
    assert len(keys) == 4
    assert key_of(b"a", "x.csv") in keys


def test_a_row_that_is_at_fault_as_a_whole_is_shown(catalogue: Catalogue) -> None:
    twice = GOOD + "Suzhou,outsourcing employees,2011,16,万人\n"
    own = read_own(catalogue, "figures.csv", twice.encode())
    table = marked(own, ENGLISH)
    assert "second figure" in table.loc[0, "What is wrong"]
    assert pd.notna(table).all(axis=None)


def test_a_file_of_fifty_megabytes_is_refused_unread(catalogue: Catalogue) -> None:
    own = read_own(catalogue, "../big.csv", b"place,measure\n" * 3_600_000)
    assert own.catalogue is None
    assert own.faults == ("big.csv: larger than 20 MB; cut it into several files",)


IN_CHINESE = {
    "a wrong cell": (GOOD.replace("11.8", "eleven"), "'eleven'不是数字"),
    "an unknown unit": (GOOD.replace("2010,11.8,万人", "2010,11.8,EUR"), "写的是'EUR'；允许：persons"),
    "a wrong period": (
        GOOD.replace("2011,15", "soon,15"), "写的是'soon'；允许：年（2012）、季度（2012Q3）、月（2012-09）或时段（2007/2011）",
    ),
    "an empty cell": (GOOD.replace("11.8", ""), "空"),
    "no number above zero": (GOOD.replace("11.8", "0"), "写的是'0'；允许：大于0（增长须有起点：没有的年份请写n/a）"),
    "a row twice": (GOOD + "Suzhou,outsourcing employees,2011,16,万人\n", "与第3行的地方、指标、范围、单位和时期相同，数字重复"),
    "markup": (GOOD.replace("Suzhou,outsourcing employees,2011", "<b>,x,2011"), "'<b>'含有会被网页当作链接、图片或标记的内容；请改用纯文字"),
    "markup in a heading": (
        GOOD.replace("unit", "<b>"), "表头'<b>'含有会被网页当作链接、图片或标记的内容；请改用纯文字",
    ),
    "a missing column": (
        "place,value\nSuzhou,3\n",
        "a.csv：缺少列measure, period；现有place, value；须有place, measure, period, value；"
        "或者place、measure加每年一列（若每行是一年，请转置表格）",
    ),
    "an empty file": ("", "a.csv：文件是空的；第一行须为列名"),
    "a new measure": (GOOD.replace("outsourcing employees", "widgets"), "a.csv：新指标widgets，视为正的年度流量，归入“其他”类"),
    "a name nearly known": (GOOD.replace("Suzhou", "Suzhuo"), "a.csv：新地方Suzhuo（是否指Suzhou？）"),
    "what is left out": (GOOD + "Suzhou,outsourcing employees,2012,n/a,万人\n合计,outsourcing employees,2012,9,万人\n",
                         "a.csv：略去1个合计行 a.csv：略去1个缺失的数字"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), IN_CHINESE.values(), ids=IN_CHINESE)
def test_what_is_wrong_and_what_was_noted_is_told_in_chinese(catalogue: Catalogue, text: str, told: str) -> None:
    own = read_own(catalogue, "a.csv", text.encode())
    sentences = [*own.cells.values(), *own.faults, *own.notes]
    assert all(isinstance(sentence, Sentence) for sentence in sentences)
    assert " ".join(language_of("zh").tell(sentence) for sentence in sentences) == told


def test_the_table_of_faults_is_in_chinese_and_keeps_the_headings_of_the_file(catalogue: Catalogue) -> None:
    own = read_own(catalogue, "figures.csv", BAD.replace("2010,eleven,万人", "2010,eleven,EUR").encode())
    table = marked(own, language_of("zh"))
    assert table.loc[0, "问题"] == "value：'eleven'不是数字；unit：写的是'EUR'；允许：persons"
    assert {"place", "value", "unit"} <= set(table.columns)
    assert marked(own, ENGLISH).loc[0, "What is wrong"] == "value: 'eleven' is not a number; unit: 'EUR' found; allowed: persons"


def test_an_error_of_the_system_tells_the_name_of_the_file_for_its_path(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("data.text_tables.csv_rows", refuse)
    (fault,) = read_own(catalogue, "a.csv", GOOD.encode()).faults
    assert fault == "a.csv: cannot be read (Input/output error)"
    assert language_of("zh").tell(fault) == "a.csv：无法读取（Input/output error）"
