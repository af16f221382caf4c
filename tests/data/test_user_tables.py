"""Tidy and wide tables as entries, each with its place in the file."""

import pandas as pd
import pytest

from data import InputFault, load_catalogue
from data.records import Fact, records
from data.user_files import add_user_data
from data.user_tables import entries, guarded, table_kind, unguarded

BARE = load_catalogue(bundled=False)


def table(*rows):
    return pd.DataFrame(rows[1:], columns=rows[0], dtype=str)


def facts_of(folder, text, defaults=None):
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    after = add_user_data(BARE, path, defaults)
    return records(after.facts, Fact), after.notes


def refusal(folder, text):
    with pytest.raises(InputFault) as fault:
        facts_of(folder, text)
    return str(fault.value)


def test_a_wide_table_is_a_figure_a_year(tmp_path):
    facts, notes = facts_of(
        tmp_path, "place,measure,unit,2010,2011年,2012\nWuxi,fdi_actual,USD million,1.5,n/a,3\nSuzhou,fdi_actual,亿元,,2,3.25\n"
    )
    assert [(fact.place, fact.period, fact.value, fact.unit, fact.line) for fact in facts] == [
        ("Wuxi", "2010", 1.5e6, "USD", 2),
        ("Wuxi", "2012", 3e6, "USD", 2),
        ("Suzhou", "2011", 2e8, "CNY", 3),
        ("Suzhou", "2012", 3.25e8, "CNY", 3),
    ]
    assert len({fact.fact for fact in facts}) == 4
    assert notes == ("own.csv: 1 figure not available, left out",)


def test_columns_may_be_quarters_or_months(tmp_path):
    facts, _ = facts_of(tmp_path, "地区,指标,2012Q1,2012年2季度,2012-09\n无锡,服务外包从业人员,1万,2,3\n")
    assert [(fact.period, fact.value) for fact in facts] == [("2012Q1", 10_000), ("2012Q2", 2), ("2012-09", 3)]


def test_a_fault_of_a_wide_table_is_told_at_its_cell(tmp_path):
    told = refusal(tmp_path, "place,measure,2010,2011\nWuxi,employees,many,5\nSuzhou,employees,5,-1\n")
    assert told.splitlines() == [
        "own.csv: row 2, column 2010: 'many' is not a number",
        "own.csv: row 3, column 2011: '-1' found; allowed: above 0",
    ]


def test_faults_name_the_columns_as_the_file_does(tmp_path):
    told = refusal(tmp_path, "城市,指标,年份,数值\n苏州,服务外包从业人员,去年,若干\n")
    assert "row 2, column 年份: '去年' found" in told
    assert "row 2, column 数值: '若干' is not a number" in told


def test_columns_that_the_file_lacks_may_be_given(tmp_path):
    given = {"measure": "fdi_actual", "unit": "USD million"}
    facts, _ = facts_of(tmp_path, "place,2011,2012\nWuxi,1,2\n", given)
    assert [(fact.measure, fact.unit, fact.value) for fact in facts] == [("fdi_actual", "USD", 1e6), ("fdi_actual", "USD", 2e6)]
    # what the file says itself goes before
    facts, _ = facts_of(tmp_path, "place,measure,2011\nWuxi,employees,7\n", {"measure": "fdi_actual"})
    assert facts[0].measure == "employees"


def test_a_missing_measure_brings_the_option(tmp_path):
    told = refusal(tmp_path, "place,2011,2012\nWuxi,1,2\n")
    assert "missing column measure; found place, 2011, 2012" in told
    assert "import the file with --measure" in told


def test_two_columns_of_one_meaning_are_refused(tmp_path):
    told = refusal(tmp_path, "place,city,measure,period,value\nWuxi,Wuxi,employees,2012,5\n")
    assert told == "own.csv: columns place and city both mean place; keep one"


def test_a_column_that_is_not_used_is_told(tmp_path):
    _, notes = facts_of(tmp_path, "place,measure,period,value,colour\nWuxi,employees,2012,5,red\n")
    assert notes == ("own.csv: column colour is not used",)


def test_a_year_in_a_tidy_header_is_no_wide_table(tmp_path):
    facts, notes = facts_of(tmp_path, "place,measure,period,value,2012\nWuxi,employees,2011,5,6\n")
    assert [(fact.period, fact.value) for fact in facts] == [("2011", 5)]
    assert notes == ("own.csv: column 2012 is not used",)


def test_a_table_with_due_years_holds_targets():
    assert table_kind(table(("place", "measure", "目标年", "value"))) == "targets"
    assert table_kind(table(("place", "measure", "year", "value"))) == "facts"


def test_entries_remember_row_and_header():
    (entry,), _ = entries("own.csv", table(("City", "measure", "2012"), ("Wuxi", "employees", "5")), "facts", {})
    assert entry.place("place") == (2, "City")
    assert entry.place("value") == (2, "2012")
    assert entry.place("unit") == (2, "unit")


@pytest.mark.parametrize("text", ["=1+1", "+5", "-5", "@sum", "plain", "", "it's", "'quoted'"])
def test_formulas_are_guarded_and_come_back(text):
    assert not guarded(text).startswith(("=", "+", "-", "@"))
    assert unguarded(guarded(text)) == text
