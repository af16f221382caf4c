"""A user's own figures and targets: what is added, what is filled in, and every fault with its row and column."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import load_catalogue
from data.checking import check_user_file
from data.records import Fact, records
from data.user_files import add_user_data
from tests.data.own_tables import AIMS, BARE, BUNDLED, HEADER, NEW_MEASURES, NEW_PLACES, VALUES, facts_of, tables, targets_of, tidy

# What is added


def test_a_figure_joins_the_bundled_ones_with_everything_filled_in(tmp_path):
    after = add_user_data(BUNDLED, tidy(tmp_path, HEADER + "Suzhou,employees,2013,120000\n"))
    pd.testing.assert_frame_equal(after.facts.iloc[:-1], BUNDLED.facts)
    fact = records(after.facts.iloc[-1:], Fact)[0]
    assert (fact.place, fact.measure, fact.scope, fact.period, fact.value) == ("Suzhou", "employees", "total", "2013", 120_000)
    assert (fact.kind, fact.status, fact.wording, fact.unit) == ("level", "observed", "exact", "persons")
    assert (fact.source, fact.line) == ("own.csv", 2)
    assert after.notes == ()


def test_names_are_resolved_in_english_or_chinese_and_any_letter_case(tmp_path):
    rows = "SUZHOU,Employees,2012,1\n苏州,服务外包从业人员,2013,2\n suzhou ,outsourcing employees,2014,3\n"
    facts = facts_of(tidy(tmp_path, HEADER + rows))
    assert {(fact.place, fact.measure) for fact in facts} == {("Suzhou", "employees")}


def test_a_word_of_many_rows_is_kept_once(tmp_path):
    rows = "".join(f"Suzhou,employees,{year},5\n" for year in range(1950, 2010))
    after = add_user_data(BUNDLED, tidy(tmp_path, HEADER + rows))
    added = after.facts.iloc[len(BUNDLED.facts) :]
    for column in ("place", "measure", "unit", "source"):
        assert len({id(text) for text in added[column]}) == 1, column


def test_columns_may_come_in_any_order_and_letter_case(tmp_path):
    fact = facts_of(tidy(tmp_path, "Value, PERIOD ,unit,Measure,Place\n5,2012,CNY,fdi_actual,Wuxi\n"))[0]
    assert (fact.place, fact.measure, fact.period, fact.value, fact.unit) == ("Wuxi", "fdi_actual", "2012", 5, "CNY")


@pytest.mark.parametrize(
    ("measure", "kind", "period", "unit"),
    [
        ("employees", "level", "2012", "persons"),
        ("enterprises", "level", "2012", "count"),
        ("services_share", "level", "2012", "percent"),
        ("park_area", "level", "2012", "m2"),
        ("fdi_actual", "growth", "2012", "percent"),
        ("fdi_actual", "average_growth", "2007/2012", "percent"),
        ("fdi_actual", "multiple", "2012", "ratio"),
        ("a_new_one", "level", "2012", "count"),
    ],
)
def test_the_unit_follows_from_measure_and_kind(tmp_path, measure, kind, period, unit):
    path = tidy(tmp_path, f"place,measure,kind,period,value,relative_to\nSuzhou,{measure},{kind},{period},3,2011\n")
    assert facts_of(path)[0].unit == unit


def test_new_names_are_accepted_with_one_note_each(tmp_path):
    path = tidy(tmp_path, HEADER + "Erewhon,tourists,2011,5\nErewhon,tourists,2012,6\nerewhon,Tourists,2013,7\n")
    after = add_user_data(BUNDLED, path)
    assert after.notes == (
        "own.csv: new place Erewhon",
        "own.csv: new measure tourists, taken for a positive yearly flow of the family 'other'",
    )
    assert after.find_place("EREWHON") == "Erewhon"
    added = after.facts.iloc[len(BUNDLED.facts) :]
    assert set(added["place"]) == {"Erewhon"}
    assert set(added["measure"]) == {"tourists"}


def test_a_measure_only_the_user_knows_may_be_money(tmp_path):
    assert facts_of(tidy(tmp_path, "place,measure,period,value,unit\nWuxi,tourism,2012,5,CNY\n"))[0].unit == "CNY"


def test_a_figure_is_known_from_the_end_of_its_last_year_or_as_told(tmp_path):
    rows = "Wuxi,employees,2012,5,level,\nWuxi,enterprises,2007/2011,5,sum,\nWuxi,employees,2011,5,level,2013-06-30\n"
    path = tidy(tmp_path, "place,measure,period,value,kind,known_by\n" + rows)
    assert [fact.known_by for fact in facts_of(path)] == ["2012-12-31", "2011-12-31", "2013-06-30"]
    assert len(add_user_data(BARE, path).known_by("2012-12-31").facts) == 2


@pytest.mark.parametrize(
    ("written", "kind", "unit"),
    [
        ("cumulative", "cumulative", "USD"),
        ("累计", "cumulative", "USD"),
        ("share", "share", ""),
        ("rank", "rank", ""),
        ("排名", "rank", ""),
    ],
)
def test_a_target_may_be_a_sum_a_share_or_a_rank(tmp_path, written, kind, unit):
    table = tmp_path / "targets.csv"
    table.write_text(f"place,measure,due,kind,value,unit\nSuzhou,contract_value_signed,2016,{written},3,{unit}\n", encoding="utf-8")
    row = add_user_data(load_catalogue(), table).targets.iloc[-1]
    assert (row["kind"], row["unit"]) == (kind, {"cumulative": "USD", "share": "percent", "rank": "count"}[kind])


def test_a_target_is_matched_exactly_and_at_least_unless_told(tmp_path):
    target = targets_of(tables(tmp_path, targets=AIMS + "苏州,Employees,2020,300000\n"))[0]
    assert (target.place, target.measure, target.due, target.value) == ("Suzhou", "employees", 2020, 300_000)
    assert (target.wording, target.match, target.unit, target.scope) == ("at_least", "exact", "persons", "total")


def test_a_folder_brings_its_own_places_and_measures(tmp_path):
    folder = tables(
        tmp_path,
        places=NEW_PLACES + "Erewhon,Erewhon,乌有,city,,,-43.5,170.5\n",
        measures=NEW_MEASURES + "visitors,visitors,游客,other,people,flow,People who came\n",
        facts=HEADER + "乌有,游客,2012,5\n",
        targets=AIMS + "Erewhon,visitors,2020,50\n",
    )
    after = add_user_data(BARE, folder)
    assert after.notes == ()
    assert after.facts[["place", "measure", "unit"]].to_numpy().tolist() == [["Erewhon", "visitors", "persons"]]
    assert after.targets[["place", "measure", "unit"]].to_numpy().tolist() == [["Erewhon", "visitors", "persons"]]


def test_a_place_known_already_is_described_anew_and_not_twice(tmp_path):
    folder = tables(tmp_path, places=NEW_PLACES + "Suzhou,Suzhou,姑苏,city,Jiangsu,East,31.3,120.6\n")
    after = add_user_data(BARE, folder)
    assert len(after.places) == len(BARE.places)
    assert after.find_place("姑苏") == "Suzhou"


def test_rows_of_two_files_of_one_name_keep_apart(tmp_path):
    # Their ids once were equal: the odds of one target would have stood for both.
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    folders = [
        tables(tmp_path / name, facts=HEADER + "Wuxi,employees,2012,5\n", targets=AIMS + "Wuxi,employees,2020,9\n") for name in "ab"
    ]
    after = load_catalogue([*folders, folders[0]])
    assert after.facts["fact"].is_unique
    assert after.targets["target"].is_unique


def test_ids_of_files_of_one_name_grow_and_what_is_known_is_left_out(tmp_path):
    folders = []
    for name, value in (("a", 5), ("b", 6), ("c", 7)):
        (tmp_path / name).mkdir()
        folders.append(tables(tmp_path / name, facts=HEADER + f"Wuxi,employees,2012,{value}\n"))
    after = load_catalogue([*folders, folders[0]], bundled=False)
    assert dict(zip(after.facts["fact"], after.facts["value"], strict=True)) == {"facts-2": 5, "facts-2+": 6, "facts-2++": 7}
    assert after.notes == ("facts.csv: 1 fact known already, not added twice",)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1900, 2099), VALUES), min_size=1, max_size=8, unique_by=lambda row: row[0]))
def test_figures_written_are_the_figures_read(tmp_path_factory, rows):
    text = HEADER + "".join(f"Wuxi,employees,{year},{value!r}\n" for year, value in rows)
    facts = facts_of(tidy(tmp_path_factory.mktemp("written"), text))
    assert [(int(fact.period), fact.value) for fact in facts] == rows
    assert [fact.line for fact in facts] == list(range(2, len(rows) + 2))


def test_checking_a_users_file_counts_what_it_brings(tmp_path):
    report = check_user_file(tidy(tmp_path, HEADER + "Erewhon,visitors,2012,5\nThule,visitors,2012,6\n"))
    assert report.checked == [
        "own.csv: 2 facts",
        "own.csv: 2 places",
        "own.csv: 1 measures",
        "note: own.csv: new place Erewhon",
        "note: own.csv: new place Thule",
        "note: own.csv: new measure visitors, taken for a positive yearly flow of the family 'other'",
    ]
    assert report.faults == []


def test_checking_a_users_file_names_what_contradicts_the_known_figures(tmp_path):
    report = check_user_file(tidy(tmp_path, "place,measure,period,value,unit\nSuzhou,contract_value_signed,2012,9.1,USD billion\n"))
    assert any(line.startswith("look at: 'USD 5.6 billion' (003:") and "both given for 2012" in line for line in report.checked)
