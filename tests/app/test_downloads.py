"""Charts and tables as files."""

import csv
from io import BytesIO, StringIO

import altair as alt
import pandas as pd
import pytest
from openpyxl import load_workbook

from app.downloads import chart_bytes, table_bytes

FORMULAS = ["=1+1", " =1+1", "\t+1", "\n-1", "@SUM(1)", '=HYPERLINK("http://elsewhere.example")', "\u3000=1"]
TABLE = pd.DataFrame({"地方": ["苏州", "=1+1", None], "level": [1.5, float("nan"), 3.0]})


def test_a_chart_is_a_picture() -> None:
    chart = alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_point().encode(x="x:Q")
    assert chart_bytes(chart, "png").startswith(b"\x89PNG\r\n")
    svg = chart_bytes(chart, "svg").decode()
    assert svg.startswith("<svg")
    assert 'width="9' in svg  # as wide as said, and the labels


def test_a_table_reads_back_and_no_cell_is_a_formula() -> None:
    text = table_bytes(TABLE, "csv").decode("utf-8-sig")
    back = pd.read_csv(StringIO(text))
    assert list(back["地方"].fillna("")) == ["苏州", "'=1+1", ""]
    assert list(back["level"].fillna(0)) == [1.5, 0, 3.0]
    book = pd.read_excel(BytesIO(table_bytes(TABLE, "xlsx")))
    assert list(book["地方"].fillna("")) == ["苏州", "'=1+1", ""]
    assert book["level"].dtype == float


def test_nothing_in_a_workbook_or_a_text_table_is_run() -> None:
    table = pd.DataFrame({"=1": FORMULAS, "level": range(len(FORMULAS))})
    (sheet,) = load_workbook(BytesIO(table_bytes(table, "xlsx"))).worksheets
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row[:1]} | {sheet["A1"].data_type} == {"s"}
    assert {cell.data_type for cell in sheet["B"][1:]} == {"n"}
    rows = csv.reader(StringIO(table_bytes(table, "csv").decode("utf-8-sig"), newline=""))
    assert all(row[0].startswith("'") for row in rows)


def test_the_table_itself_is_left_alone() -> None:
    before = TABLE.copy()
    table_bytes(TABLE, "csv")
    pd.testing.assert_frame_equal(TABLE, before)


@pytest.mark.parametrize("heading", ["=cmd", "@x"])
def test_a_heading_is_no_formula_either(heading: str) -> None:
    text = table_bytes(pd.DataFrame({heading: ["a"]}), "csv").decode("utf-8-sig")
    assert text.startswith(f"'{heading}")
