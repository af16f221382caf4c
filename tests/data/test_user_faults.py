"""Faults in a user's tables: each told once, with its row, its column and the cure; nothing is added."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings

from data import InputFault, load_catalogue
from tests.data.own_tables import BUNDLED, HEADER, NEW_MEASURES, NEW_PLACES, VALUES, facts_of, refusal, tables, targets_of, tidy

# Faults of single cells

GOOD_FACT = {
    "place": "Wuxi", "measure": "fdi_actual", "scope": "total", "period": "2012", "value": "5e9", "value_high": "", "unit": "USD",
    "kind": "level", "status": "observed", "wording": "exact", "known_by": "2013-01-31",
}  # fmt: skip

GOOD_TARGET = {
    "place": "Wuxi", "measure": "fdi_actual", "scope": "total", "due": "2020", "value": "5e9", "value_high": "", "unit": "USD",
    "kind": "level", "wording": "at_least", "known_by": "2013-01-31",
}  # fmt: skip


def one_row(cells):
    return pd.DataFrame([cells]).to_csv(index=False)


def test_the_rows_that_are_spoilt_below_are_good(tmp_path):
    assert facts_of(tidy(tmp_path, one_row(GOOD_FACT)))[0].value == 5e9
    assert targets_of(tables(tmp_path, targets=one_row(GOOD_TARGET)))[0].value == 5e9


BAD_IN_BOTH = [
    ("place", "", "empty"),
    ("measure", "", "empty"),
    ("value", "", "empty"),
    ("value", "five", "'five' is not a number"),
    ("value", "0", "'0' found"),
    ("value", "-3", "'-3' found"),
    ("value_high", "much", "'much' is not a number"),
    ("unit", "", "'' found; allowed: USD, CNY, HKD"),
    ("unit", "EUR", "'EUR' found; allowed: USD, CNY, HKD"),
    ("unit", "persons", "'persons' found; allowed: USD, CNY, HKD"),
    ("kind", "guess", "'guess' found; allowed: level"),
    ("wording", "perhaps", "'perhaps' found; allowed: exact"),
    ("wording", "range", "a range needs one above value"),
    ("place", "a|b", "'a|b' holds |, which parts names from each other"),
    ("measure", "a|b", "'a|b' holds |, which parts names from each other"),
    ("scope", "a|b", "'a|b' holds |, which parts names from each other"),
    ("place", "a\u200bb", "'a\\u200bb' holds letters that cannot be printed"),
    ("source", "a\u200bb", "'a\\u200bb' holds letters that cannot be printed"),
    ("note", "a\x0bb", "'a\\x0bb' holds letters that cannot be printed"),
    ("printed", "a\ufffeb", "'a\\ufffeb' holds letters that cannot be printed"),
    ("known_by", "soon", "'soon' found; allowed: a date such as 2013-06-30"),
    ("known_by", "2013-02-30", "'2013-02-30' found; allowed: a date such as 2013-06-30"),
    ("known_by", "20130630", "'20130630' found; allowed: a date such as 2013-06-30"),
]

# A range without its upper end lacks the cell value_high; every other fault is in the cell that was spoilt.
FAULTY_COLUMN = {("wording", "range"): "value_high"}


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        *BAD_IN_BOTH,
        ("period", "", "empty"),
        ("period", "2007/2011", "'2007/2011' found; allowed: a year such as 2012"),
        *(("period", text, f"'{text}' found; allowed: a year (2012)") for text in ("12", "2012Q5", "3012", "last")),
        ("status", "rumoured", "'rumoured' found; allowed: observed, forecast"),
    ],
)
def test_a_bad_cell_of_a_figure_is_reported_once(tmp_path, column, cell, message):
    told = refusal(tidy(tmp_path, one_row(GOOD_FACT | {column: cell})))
    assert told.startswith(f"own.csv: row 2, column {FAULTY_COLUMN.get((column, cell), column)}: ")
    assert message in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        *BAD_IN_BOTH,
        ("due", "", "empty"),
        ("due", "soon", "'soon' found; allowed: a year"),
        ("due", "2015.5", "'2015.5' found; allowed: a year"),
        ("due", "1989", "'1989' found; allowed: a year"),
        ("due", "2101", "'2101' found; allowed: a year"),
    ],
)
def test_a_bad_cell_of_a_target_is_reported_once(tmp_path, column, cell, message):
    told = refusal(tables(tmp_path, targets=one_row(GOOD_TARGET | {column: cell})))
    assert told.startswith(f"targets.csv: row 2, column {FAULTY_COLUMN.get((column, cell), column)}: ")
    assert message in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("measure", "kind", "unit", "allowed"),
    [
        ("employees", "level", "furlongs", "persons"),
        ("employees", "level", "USD", "persons"),
        ("enterprises", "level", "percent", "count"),
        ("fdi_actual", "growth", "USD", "percent"),
        ("fdi_actual", "average_growth", "ratio", "percent"),
        ("a_new_one", "level", "furlongs", "USD, CNY, HKD, persons, count, percent, m2"),
    ],
)
def test_an_unknown_unit_or_one_that_does_not_fit_is_refused(tmp_path, measure, kind, unit, allowed):
    period = "2007/2012" if kind == "average_growth" else "2012"
    told = refusal(tidy(tmp_path, one_row(GOOD_FACT | {"measure": measure, "kind": kind, "unit": unit, "period": period})))
    assert told == f"own.csv: row 2, column unit: '{unit}' found; allowed: {allowed}"


@pytest.mark.parametrize("period", ["2011", "2011Q2", "2011-01/2011-08"])
def test_an_average_growth_needs_two_years(tmp_path, period):
    told = refusal(
        tidy(tmp_path, one_row(GOOD_FACT | {"kind": "average_growth", "unit": "percent", "value": "8", "period": period}))
    )
    assert told == f"own.csv: row 2, column period: '{period}' found; allowed: two years such as 2007/2011"


@settings(derandomize=True, deadline=None, max_examples=40)
@given(VALUES, VALUES)
def test_a_range_is_accepted_only_with_its_upper_end_above(tmp_path_factory, low, high):
    cells = GOOD_FACT | {"wording": "range", "value": repr(low), "value_high": repr(high)}
    path = tidy(tmp_path_factory.mktemp("range"), one_row(cells))
    if high > low:
        assert facts_of(path)[0].value_high > facts_of(path)[0].value
    else:
        assert "column value_high" in refusal(path)


def test_growth_may_be_negative_but_not_below_minus_one_hundred_percent(tmp_path):
    growth = GOOD_FACT | {"kind": "growth", "unit": "percent"}
    assert facts_of(tidy(tmp_path, one_row(growth | {"value": "-99.9"})))[0].value == -99.9
    assert "column value: '-100' found; allowed: above -100" in refusal(tidy(tmp_path, one_row(growth | {"value": "-100"})))


# Faults of rows and files


def test_a_figure_given_twice_is_refused_however_it_is_spelt(tmp_path):
    rows = "Suzhou,employees,2012,5\nWuxi,employees,2012,5\n苏州,服务外包从业人员,2012,6\n"
    assert refusal(tidy(tmp_path, HEADER + rows)) == (
        "own.csv: row 4: a second figure for the same place, measure, scope, unit and period as row 2"
    )


@pytest.mark.parametrize("column", ["scope", "unit", "kind", "source", "period", "measure", "place"])
def test_figures_that_differ_in_any_part_of_the_key_are_two(tmp_path, column):
    other = {"scope": "offshore", "unit": "CNY", "kind": "growth", "source": "B", "period": "2011", "measure": "fdi_contracted"}
    first = GOOD_FACT | {"source": "A"}
    second = first | {column: other.get(column, "Suzhou")} | ({"unit": "percent"} if column == "kind" else {})
    assert len(facts_of(tidy(tmp_path, pd.DataFrame([first, second]).to_csv(index=False)))) == 2


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_rows(tmp_path):
    # Empty cells, wrong numbers and wrong words were once told one kind after the other: three rounds of mending.
    rows = ",employees,2012,5\nWuxi,employees,20x2,five\nWuxi,employees,2012,5\nWuxi,fdi_actual,2012,5\nWuxi,employees,2012,7\n"
    told = refusal(tidy(tmp_path, HEADER + rows))
    assert re.findall(r"own\.csv: row (\d+)(?:, column (\w+))?:", told) == [
        ("2", "place"),
        ("3", "value"),
        ("3", "period"),
        ("5", "unit"),
        ("6", ""),
    ]


def test_the_faults_of_one_row_come_in_a_fixed_order(tmp_path):
    # What is empty or unfit as a text, then what cannot be read, then what does not fit; in a wide table figure by figure.
    spoilt = {
        "place": "a\u200bb",
        "kind": "guess",
        "value": "-1",
        "unit": "EUR",
        "note": "a\x0bb",
        "known_by": "soon",
        "period": "",
    }
    told = refusal(tidy(tmp_path, one_row(GOOD_FACT | spoilt)))
    assert re.findall(r"row 2, column (\w+):", told) == ["period", "place", "note", "known_by", "kind", "value", "unit"]
    told = refusal(tidy(tmp_path, "place,measure,wording,2010,2011\na|b,employees,range,five,-1\n"))
    assert re.findall(r"row 2, column (\w+):", told) == ["place", "2010", "2011", "value_high"]


def test_letters_that_only_a_name_must_not_hold_may_stand_elsewhere(tmp_path):
    cells = GOOD_FACT | {"note": "a\u200bb|c", "source": "A|B"}
    fact = facts_of(tidy(tmp_path, one_row(cells)))[0]
    assert (fact.note, fact.source) == ("a\u200bb|c", "A|B")


def test_the_name_of_a_file_is_a_source_like_others(tmp_path):
    assert refusal(tidy(tmp_path, one_row(GOOD_FACT), "a\u200bb.csv")) == (
        "a\u200bb.csv: row 2, column source: 'a\\u200bb.csv' holds letters that cannot be printed"
    )
    assert facts_of(tidy(tmp_path, one_row(GOOD_FACT), "a.b|c.csv"))[0].fact == "a.b|c-2"


def test_a_figure_of_a_document_with_an_odd_period_and_a_bad_date_is_told(tmp_path):
    # The end of the period was looked for, and there is none: an internal error.
    told = refusal(tidy(tmp_path, one_row(GOOD_FACT | {"source": "003", "period": "2012-13", "known_by": "soon"})))
    assert told == "own.csv: row 2, column known_by: 'soon' found; allowed: a date such as 2013-06-30"


@pytest.mark.parametrize("count", [1, 49, 50, 51, 52, 130])
def test_at_most_fifty_faults_are_listed_then_a_count(tmp_path, count):
    rows = "".join(f"City {number},employees,2012,many\n" for number in range(count))
    lines = refusal(tidy(tmp_path, HEADER + rows)).splitlines()
    assert [line.partition(", ")[0] for line in lines[:50]] == [f"own.csv: row {row + 2}" for row in range(min(count, 50))]
    assert lines[50:] == ([f"own.csv: and {count - 50} more fault{'s' if count > 51 else ''}"] if count > 50 else [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "own.csv: the file is empty"),
        (HEADER, "own.csv: no rows below the column names"),
        (HEADER + "\n,,,\n", "own.csv: no rows below the column names"),
        ("place,measure,value\nWuxi,employees,5\n", "own.csv: missing column period; found place, measure, value"),
        ("place|measure|period|value\nWuxi|employees|2012|5\n", "own.csv: missing column place, measure, period, value"),
        ("place,measure,period,value,Value\nWuxi,employees,2012,5,6\n", "own.csv: column Value, value is named twice"),
        (HEADER + 'Wuxi,"employees,2012,5\n', "own.csv: not a readable CSV file"),
        (HEADER + "Wuxi,employees,2012,120,000\n", "own.csv: row 2: 5 cells found for 4 columns"),
    ],
)
def test_a_file_that_is_no_tidy_table_is_refused(tmp_path, text, message):
    assert refusal(tidy(tmp_path, text)).startswith(message)


@pytest.mark.parametrize("name", ["own.ods", "own.pdf", "own", "absent.csv"])
def test_only_folders_and_tables_are_taken(tmp_path, name):
    if name != "absent.csv":
        tidy(tmp_path, HEADER + "Wuxi,employees,2012,5\n", name)
    expected = (
        "no such file" if name == "absent.csv" else "expected a folder of tables or a file ending in .csv, .tsv, .txt, .xlsx, .xlsm"
    )
    assert refusal(tmp_path / name).endswith(expected)


def test_the_ending_csv_may_be_in_capitals(tmp_path):
    assert len(facts_of(tidy(tmp_path, HEADER + "Wuxi,employees,2012,5\n", "OWN.CSV"))) == 1


def test_a_folder_without_tables_is_refused(tmp_path):
    tidy(tmp_path, "nothing", "readme.txt")
    assert refusal(tmp_path).endswith("holds none of places.csv, measures.csv, facts.csv, targets.csv")


@pytest.mark.parametrize(
    ("table", "text", "fault"),
    [
        ("places", NEW_PLACES + "A,A,,village,,,1,1\n", "places.csv: row 2, column kind: 'village'"),
        ("places", NEW_PLACES + "A,A,,city,,,91,1\n", "places.csv: row 2, column latitude: 91"),
        ("places", NEW_PLACES + "A,A,,city,,,north,1\n", "places.csv: row 2, column latitude: 'north' is not a number"),
        ("places", NEW_PLACES + "A,A,,city,,,1,1\nA,B,,city,,,1,1\n", "places.csv: row 3, column place: 'A'"),
        ("places", "place,name_en\nA,A\n", "places.csv: missing column name_zh"),
        ("measures", NEW_MEASURES + "m,m,m,other,volume,flow,x\n", "measures.csv: row 2, column quantity: 'volume'"),
        ("measures", NEW_MEASURES + "m,m,m,kin,count,flow,x\n", "measures.csv: row 2, column family: 'kin'"),
        ("measures", NEW_MEASURES + "m,m,m,other,count,pool,x\n", "measures.csv: row 2, column flow_or_stock: 'pool'"),
    ],
)
def test_faults_in_a_users_places_and_measures_are_told(tmp_path, table, text, fault):
    assert fault in refusal(tables(tmp_path, **{table: text}))


def test_nothing_is_added_when_one_row_is_bad(tmp_path):
    path = tidy(tmp_path, HEADER + "Wuxi,employees,2012,5\nWuxi,employees,2013,many\n")
    before = len(BUNDLED.facts)
    refusal(path, BUNDLED)
    assert len(BUNDLED.facts) == before
    with pytest.raises(InputFault, match="row 3, column value"):
        load_catalogue([path])
