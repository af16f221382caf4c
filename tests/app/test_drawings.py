"""A layout made once: it draws the tables that are put in, as a page and as a file, and nothing of an earlier one stays."""

import pandas as pd
import pytest

from app.downloads import chart_bytes
from app.language import ENGLISH
from app.what_if_charts import change_chart, parts_chart, two_fans

ODDS = pd.DataFrame({"label": ["first", "second"], "before": [10.0, 20.0], "after": [30.0, 40.0], "change": [20.0, 20.0]})
PARTS = pd.DataFrame({"target": ["first", "first"], "term": ["growth", "fade"], "part": [3.0, -1.0], "error": [0.1, 0.1]})
FUTURES = {"year": [2012, 2013], "q10": [1.0, 1.0], "q50": [1.0, 2.0], "q90": [1.0, 3.0]}
KNOWN = pd.DataFrame({"year": [2012], "level": [1.0], "low": [0.9], "high": [1.1], "basis": ["stated"]})
AIMS = pd.DataFrame({"year": [2013], "level": [2.5], "label": ["the aim"], "odds": [True]})
DRAWINGS = {
    "change": lambda: change_chart(ODDS, ENGLISH),
    "parts": lambda: parts_chart(PARTS, ENGLISH),
    "fans": lambda: two_fans(FUTURES, FUTURES, KNOWN, AIMS, "people", ENGLISH),
    "fans without targets": lambda: two_fans(FUTURES, FUTURES, KNOWN, AIMS[:0], "people", ENGLISH),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_has_every_table_that_its_layout_names_and_can_be_taken_away(name: str) -> None:
    drawing = DRAWINGS[name]()
    asked = {layer["data"]["name"] for layer in drawing.layout["layer"]}
    assert asked == set(drawing.tables)
    picture = chart_bytes(drawing.chart(), "svg").decode()
    for word in {"change": ["first", "second"], "parts": ["first", "growth", "fade"], "fans": ["the aim", "people"]}.get(
        name, ["people"]
    ):
        assert word in picture


def test_new_figures_leave_the_layout_and_earlier_drawings_as_they_are() -> None:
    first = change_chart(ODDS, ENGLISH)
    stated = first.stated()
    stated.pop("layer")
    stated["datasets"].clear()
    second = change_chart(ODDS.assign(after=[90.0, 91.0]), ENGLISH)
    assert second.layout is first.layout
    assert len(second.layout["layer"]) == 3
    assert list(first.tables["changes"]["after"]) == [30.0, 40.0]
    assert second.stated()["datasets"]["changes"]["after"].to_pylist() == [90.0, 91.0]


def test_what_is_missing_stays_missing_on_the_page_and_in_a_file() -> None:
    drawing = change_chart(ODDS.assign(after=[float("nan"), 1.0]), ENGLISH)
    assert drawing.stated()["datasets"]["changes"]["after"].to_pylist() == [None, 1.0]
    assert [row["after"] for row in drawing.chart().to_dict()["datasets"]["changes"]] == [None, 1.0]
