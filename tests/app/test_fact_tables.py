"""What is known of a place, and the list of places and measures."""

import io
import re
from dataclasses import replace
from math import nan

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from app.fact_tables import LEVEL_FIELDS, known_levels, listing, print_place
from data import Catalogue, InputFault
from tests.made_up import aim, catalogue_of, level, stated

WUXI_2011 = level("Wuxi", "employees", 2011, 1000, "persons", digits=1.0)
WUXI_2012 = level("Wuxi", "employees", 2012, 1500, "persons", digits=1.0)
# No year is named, so no series can use it.
UNDATED = stated(level("Wuxi", "enterprises", 2012, 70, "count", line=12.0), "multiple", 3, "", "ratio")
DALIAN = level("Dalian", "employees", 2012, 900, "persons")


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue_of([WUXI_2011, WUXI_2012, UNDATED, DALIAN], [aim("Wuxi", "employees", 2016, 3000, "persons")])


def page(catalogue: Catalogue, place: str) -> str:
    console = Console(file=io.StringIO(), width=130, markup=False)
    print_place(console, catalogue, place)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_facts_and_targets_are_counted_by_place_and_by_measure(known: Catalogue) -> None:
    rows = {(row["kind"], row["name"]): row for row in listing(known)}
    assert (rows["place", "Wuxi"]["facts"], rows["place", "Wuxi"]["targets"]) == (3, 1)
    assert (rows["measure", "employees"]["facts"], rows["measure", "employees"]["targets"]) == (3, 1)
    # What nothing is known of is listed too, with a zero: a planner sees that it may be filled.
    assert (rows["place", "Hangzhou"]["facts"], rows["place", "Hangzhou"]["name_zh"]) == (0, "杭州")
    assert len(rows) == len(known.places) + len(known.measures)


def test_levels_come_with_their_interval_and_facts(known: Catalogue) -> None:
    rows = known_levels(known, "Wuxi")
    assert [row["period"] for row in rows] == ["2011", "2012"]
    for row, fact in zip(rows, (WUXI_2011, WUXI_2012), strict=True):
        assert tuple(row) == LEVEL_FIELDS
        assert row["level"] == pytest.approx(fact.value, rel=0.02)
        assert row["low"] < row["level"] < row["high"]  # type: ignore[operator]
        assert row["basis"] == "stated"
        assert row["facts"] == [fact.fact]


def test_a_year_known_by_its_growth_alone_is_derived() -> None:
    growth = stated(WUXI_2012, "growth", 50.0, "2012", relative_to="2011", digits=0.1)
    rows = known_levels(catalogue_of([WUXI_2012, growth]), "Wuxi")
    assert [(row["period"], row["basis"]) for row in rows] == [("2011", "derived"), ("2012", "stated")]
    assert rows[0]["level"] == pytest.approx(1000, rel=0.02)


def test_a_place_without_figures_has_no_levels(known: Catalogue) -> None:
    assert known_levels(known, "Hangzhou") == []
    with pytest.raises(InputFault, match="Hangzhou: no figure is known"):
        page(known, "Hangzhou")


def test_the_page_of_a_place_shows_used_and_unused_figures_with_their_lines(known: Catalogue) -> None:
    text = page(known, "Wuxi")
    assert "Wuxi: outsourcing employees, total, persons" in text
    assert re.search(r"2012 +1,[45]\d\d +\S+ to \S+ +stated +'1500' \(003:1\)", text)
    used, _, unused = text.partition("Figures that no series uses")
    assert "003:12" in unused
    assert "003:12" not in used
    assert "Dalian" not in text
    assert "'900'" not in text


def test_a_users_figure_without_a_printed_form_is_shown_by_its_value() -> None:
    own = level("Wuxi", "employees", 2012, 1_234_567, "persons", printed="", source="own.csv", line=2.0)
    assert "1,234,567 persons (own.csv:2)" in page(catalogue_of([own]), "Wuxi")


def test_the_page_holds_back_brackets_from_the_terminals_markup() -> None:
    # Square brackets are how rich marks colours; in a figure they are only brackets.
    assert "'[/b] 5'" in page(catalogue_of([level("Wuxi", "employees", 2012, 5, "persons", printed="[/b] 5")]), "Wuxi")


def test_the_page_says_which_ruling_did_what(known: Catalogue) -> None:
    ledger = pd.DataFrame(
        [
            {"ruling": "slip", "fact": WUXI_2012.fact, "verdict": "correct", "corrected_value": 1600.0, "reason": "A slip"},
            {"ruling": "doubt", "fact": WUXI_2011.fact, "verdict": "exclude", "corrected_value": nan, "reason": "Not of Wuxi"},
            {"ruling": "old", "fact": UNDATED.fact, "verdict": "keep", "corrected_value": nan, "reason": "Who knows"},
        ]
    ).assign(target="", evidence="", finding="reading")
    text = page(replace(known, rulings=ledger), "Wuxi")
    assert "read as 1,600: '1500' (003:1) by ruling slip. A slip." in text
    assert "set aside: '1000' (003:1) by ruling doubt. Not of Wuxi." in text
    assert "by ruling old. Who knows." in text
    assert "2011" not in text.partition("set aside")[0]


def test_the_page_reports_how_well_figures_agree() -> None:
    twice = [level("Wuxi", "employees", 2012, value, "persons", digits=1.0, fact=f"f{value}") for value in (1003, 1409)]
    text = page(catalogue_of(twice), "Wuxi")
    assert re.search(r"agreement: chi-square \d+\.\d on 1 degree of freedom; intervals widened \d+\.\d times", text)
    assert "conflict: f1003 is" in text
    row = known_levels(catalogue_of(twice), "Wuxi")[0]
    assert row["chi_square"] == pytest.approx((np.log(1409 / 1003) / 0.03) ** 2 / 2, rel=0.05)
    assert row["freedom"] == 1


def test_a_fact_of_another_place_that_shares_a_quantity_is_cited() -> None:
    part = level("Nanjing", "contract_value_executed", 2012, 7.14e9)
    share = stated(part, "share", 34.6, "2012", relative_to="Jiangsu contract_value_executed total", digits=0.1, line=77.0)
    assert "(003:77)" in page(catalogue_of([part, share, level("Jiangsu", "employees", 2012, 5, "persons")]), "Jiangsu")
