"""Charts and tables as files."""

from io import BytesIO, StringIO

import altair as alt
import pandas as pd
import pytest

from app.downloads import chart_bytes, table_bytes

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


def test_the_table_itself_is_left_alone() -> None:
    before = TABLE.copy()
    table_bytes(TABLE, "csv")
    pd.testing.assert_frame_equal(TABLE, before)


@pytest.mark.parametrize("heading", ["=cmd", "@x"])
def test_a_heading_is_no_formula_either(heading: str) -> None:
    text = table_bytes(pd.DataFrame({heading: ["a"]}), "csv").decode("utf-8-sig")
    assert text.startswith(f"'{heading}")
