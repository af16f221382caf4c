"""Files as tables of text: encodings, separators, workbooks, and everything that is no table."""

import zipfile
from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from data import InputFault
from data.text_tables import read_text_table

ROWS = [{"城市": "苏州", "value": "1"}, {"城市": "无锡", "value": "2"}]
TEXT = "城市,value\n苏州,1\n无锡,2\n"
CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=["Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=8
)


def written(folder, content: str | bytes, name="any.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(folder, *rows, name="any.xlsx", formats=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in formats:
        book.active[cell].number_format = number_format
    path = folder / name
    book.save(path)
    return path


def read(path):
    return read_text_table(path)[0].to_dict("records")


def refusal(path):
    with pytest.raises(InputFault) as fault:
        read_text_table(path)
    return str(fault.value)


# Text files


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("gbk"),
        TEXT.encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_every_usual_encoding_is_read(tmp_path, content):
    assert read(written(tmp_path, content)) == ROWS


def test_the_reading_as_gbk_is_told(tmp_path):
    assert read_text_table(written(tmp_path, TEXT.encode("gbk")))[1] == ("any.csv: read as Chinese text in GBK",)
    assert read_text_table(written(tmp_path, TEXT))[1] == ()


@pytest.mark.parametrize(("separator", "name"), [(",", "any.csv"), (";", "any.csv"), ("\t", "any.tsv"), ("\t", "any.txt")])
def test_the_separator_is_seen_from_the_header(tmp_path, separator, name):
    assert read(written(tmp_path, TEXT.replace(",", separator), name)) == ROWS


def test_a_cell_that_reads_na_is_text(tmp_path):
    # pandas would turn "NA" and "null" into missing values: both are also names.
    assert read(written(tmp_path, "a,b\nNA,null\n")) == [{"a": "NA", "b": "null"}]


def test_empty_cells_at_the_end_of_rows_are_ignored(tmp_path):
    assert read(written(tmp_path, "a,b,,\n1,2,,\n3\n")) == [{"a": "1", "b": "2"}, {"a": "3", "b": ""}]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_what_is_written_as_csv_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("written") / "any.csv"
    path.write_text(pd.DataFrame(rows, columns=["first", "second"]).to_csv(index=False), encoding="utf-8")
    assert list(read_text_table(path)[0].itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a,b\n1,\x00\n", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", b"\x81\xff,\n"])
def test_what_is_no_text_is_refused(tmp_path, content):
    assert refusal(written(tmp_path, content)) == "any.csv: neither UTF-8 nor GBK text; save it as UTF-8"


@pytest.mark.parametrize("name", ["absent.csv", "folder.csv", "absent.xlsx"])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputFault, match=r"no such file|cannot be read"):
        read_text_table(tmp_path / name)


def test_a_file_of_another_kind_is_refused(tmp_path):
    assert refusal(written(tmp_path, TEXT, "any.ods")).startswith("any.ods: not a table that can be read; allowed: .csv")


def test_a_file_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("data.text_tables.LARGEST_FILE", 10)
    assert "larger than" in refusal(written(tmp_path, TEXT))


# Workbooks


def test_cells_of_a_workbook_read_as_they_are_seen(tmp_path):
    path = workbook(
        tmp_path,
        ["place", "period", "value", "share", "day", "flag"],
        ["苏州", 2012, 4.25e9, 0.125, date(2013, 6, 30), True],
        ["Wuxi", 2012.0, 0.1, 0.3, datetime(2013, 6, 30, 12), None],
        formats=[("D2", "0.0%"), ("D3", "0%")],
    )
    assert read(path) == [
        {"place": "苏州", "period": "2012", "value": "4250000000", "share": "12.5%", "day": "2013-06-30", "flag": "True"},
        {"place": "Wuxi", "period": "2012", "value": "0.1", "share": "30%", "day": "2013-06-30", "flag": ""},
    ]


def test_only_the_first_sheet_with_content_is_read_and_that_is_told(tmp_path):
    book = Workbook()
    book.create_sheet("data").append(["a"])
    book["data"].append([1])
    book.create_sheet("more").append(["b"])
    book.save(tmp_path / "any.xlsx")
    table, notes = read_text_table(tmp_path / "any.xlsx")
    assert table.to_dict("records") == [{"a": "1"}]
    assert notes == ("any.xlsx: only the sheet data was read, of 2 with content",)


def test_rows_of_a_workbook_are_numbered_as_its_reader_sees_them(tmp_path):
    path = workbook(tmp_path, [], ["a", "b"], [], [1, 2])
    assert list(read_text_table(path)[0].index + 2) == [4]


def test_an_empty_workbook_is_refused(tmp_path):
    assert "the file is empty" in refusal(workbook(tmp_path))


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_damaged_workbook_is_refused(tmp_path, content):
    assert "any.xlsx: not a readable XLSX file" in refusal(written(tmp_path, content, "any.xlsx"))


def test_a_zip_file_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "any.xlsx", "w") as packed:
        packed.writestr("hello.txt", "hello")
    assert "any.xlsx: not a readable XLSX file (KeyError)" in refusal(tmp_path / "any.xlsx")


def test_a_workbook_that_swells_when_unpacked_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("data.text_tables.LARGEST_FILE", 1_000_000)
    with zipfile.ZipFile(tmp_path / "any.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "0" * 2_000_000)
    assert "larger than 1 MB unpacked" in refusal(tmp_path / "any.xlsx")


def test_a_date_shown_as_a_year_is_a_year(tmp_path):
    path = workbook(tmp_path, ["a", "b"], [date(2010, 1, 1), date(2010, 1, 1)], formats=[("A2", 'yyyy"年"'), ("B2", "yyyy-mm")])
    assert read(path) == [{"a": "2010", "b": "2010-01-01"}]


def test_a_percent_sign_that_is_only_text_does_not_scale(tmp_path):
    formats = [("A2", '0.0"%"'), ("B2", "0.0\\%"), ("C2", "0.0%")]
    assert read(workbook(tmp_path, ["a", "b", "c"], [12.5, 12.5, 0.125], formats=formats)) == [
        {"a": "12.5", "b": "12.5", "c": "12.5%"}
    ]


def test_a_formula_without_a_result_stands_for_itself(tmp_path):
    # A workbook that a program wrote and no spreadsheet ever opened; its cells once counted as empty.
    assert read(workbook(tmp_path, ["a", "b"], [1, "=A2*2"])) == [{"a": "1", "b": "=A2*2"}]


def test_a_visible_sheet_with_a_table_goes_before_others(tmp_path):
    book = Workbook()
    book.active.append(["Please read"])
    book.active.append(["these notes"])
    old = book.create_sheet("old")
    old.append(["a", "b"])
    old.append([1, 2])
    old.sheet_state = "hidden"
    new = book.create_sheet("new")
    new.append(["a", "b"])
    new.append([3, 4])
    book.save(tmp_path / "any.xlsx")
    assert read(tmp_path / "any.xlsx") == [{"a": "3", "b": "4"}]


def test_a_title_above_the_columns_is_passed_over(tmp_path):
    table, _ = read_text_table(written(tmp_path, "A title\n\na,b\n1,2\n"))
    assert table.to_dict("records") == [{"a": "1", "b": "2"}]
    assert list(table.index + 2) == [4]
