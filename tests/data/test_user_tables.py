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


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+5",
        "-5",
        "@sum",
        " =1+1",
        "\t@sum",
        "\n-5",
        "\u3000+5",
        "\tx",
        "＝1+1",
        "＋5",
        "－5",
        "＠sum",
        "'=1+1",
        "#N/A",
        "#ref!",
    ],
)
def test_formulas_are_guarded_also_behind_blanks_and_come_back(text):
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text.strip()


@pytest.mark.parametrize(
    "text", ["plain", "", "it's", "'quoted'", "Xi'an", "2012", "1,5", "a=b", "苏州", "– 5", " plain", "#1", "#N/A or so"]
)
def test_what_is_no_formula_is_left_alone(text):
    assert guarded(text) == text
    assert unguarded(text) == text.strip()


def test_a_scale_in_the_cell_and_in_the_unit_is_a_fault(tmp_path):
    # 11.8万人 of 万人 once were 1.18 billion people.
    for cell, unit in (
        ("11.8万人", "万人"),
        ("118000人", "万人"),
        ("3.2亿元", "亿元"),
        ("USD 15 million", "USD million"),
        ("11.8万", "万人"),
    ):
        told = refusal(tmp_path, f"place,measure,period,value,unit\nSuzhou,fdi_actual,2010,{cell},{unit}\n")
        assert f"column value: {cell!r} names a unit or scale and so does the unit, {unit}; say it once" in told


def test_a_given_unit_fills_empty_cells_and_an_idle_option_is_told(tmp_path):
    given = {"unit": "万人", "place": "Wuxi"}
    facts, notes = facts_of(
        tmp_path, "place,measure,period,value,unit\nSuzhou,employees,2010,11.8,\nSuzhou,employees,2011,12,persons\n", given
    )
    assert [fact.value for fact in facts] == [118_000, 12]
    assert notes == ("own.csv: --place is not used: every row names its own",)


def test_a_given_unit_that_only_a_row_of_totals_lacks_is_not_told_as_idle(tmp_path):
    rows = "Suzhou,employees,2010,11,persons\n合计,employees,2010,11,\n"
    facts, notes = facts_of(tmp_path, "place,measure,period,value,unit\n" + rows, {"unit": "万人"})
    assert [fact.value for fact in facts] == [11]
    assert notes == ("own.csv: 1 row of totals left out",)


@pytest.mark.parametrize(("day", "where"), [("01-01", "beginning"), ("12-31", "end")])
def test_dates_that_mark_years_are_years(tmp_path, day, where):
    facts, notes = facts_of(tmp_path, HEAD + f"Wuxi,employees,2010-{day},5\nWuxi,employees,2011-{day},6\n")
    assert [fact.period for fact in facts] == ["2010", "2011"]
    assert notes == (f"own.csv: dates at the {where} of a year are taken for years",)


@pytest.mark.parametrize("days", [("2010-12-31", "2011-12-31"), ("2010/1/1", "2011/1/1"), ("2010-01-01",)])
def test_dates_over_the_columns_of_a_wide_table_may_mark_years_too(tmp_path, days):
    # A flow under 2010-01-01 was January's, and its year some fourteen times as much.
    row = ",".join(str(5 + number) for number in range(len(days)))
    facts, notes = facts_of(tmp_path, f"place,measure,{','.join(days)}\nWuxi,employees_new,{row}\n")
    assert [fact.period for fact in facts] == ["2010", "2011"][: len(days)]
    assert "of a year are taken for years" in notes[0]


def test_dates_of_other_days_are_months(tmp_path):
    facts, _ = facts_of(tmp_path, HEAD + "Wuxi,employees,2010-01-01,5\nWuxi,employees,2010-02-01,6\n")
    assert [fact.period for fact in facts] == ["2010-01", "2010-02"]


HEAD = "place,measure,period,value\n"


def test_a_comma_between_semicolons_is_ambiguous(tmp_path):
    told = refusal(tmp_path, "place;measure;period;value\nWuxi;employees;2010;3,125\n")
    assert "row 2, column value: '3,125' between semicolons may mean thousands or a decimal" in told
    facts, _ = facts_of(tmp_path, "place;measure;period;value\nWuxi;employees;2010;1,234,567\n")
    assert facts[0].value == 1_234_567


def test_totals_and_titles_are_no_rows(tmp_path):
    facts, notes = facts_of(tmp_path, "各城市服务外包\n城市,指标,2011,2012\n苏州,服务外包从业人员,5,6\n合计,,5,6\n")
    assert [(fact.place, fact.line) for fact in facts] == [("Suzhou", 3), ("Suzhou", 3)]
    assert notes == ("own.csv: 1 row of totals left out",)


def test_a_figure_under_no_name_is_a_fault(tmp_path):
    told = refusal(tmp_path, "place,measure,2010,,2011\nWuxi,employees,1,2,3\n")
    assert told == "own.csv: row 2: '2' stands in column 4, which has no name; name it"


def test_of_province_and_city_the_city_is_the_place(tmp_path):
    for header in ("省份,城市", "城市,省份"):
        row = "江苏,苏州" if header.startswith("省份") else "苏州,江苏"
        facts, notes = facts_of(tmp_path, f"{header},指标,2012\n{row},服务外包从业人员,5\n")
        assert [fact.place for fact in facts] == ["Suzhou"]
        assert notes == ("own.csv: column 省份 is not used",)


@pytest.mark.parametrize("name", ["苏州市", "Suzhou City", "suzhou", "Ｓｕｚｈｏｕ", "苏 州"])
def test_spellings_of_a_known_place(tmp_path, name):
    assert facts_of(tmp_path, HEAD + f"{name},employees,2012,5\n")[0][0].place == "Suzhou"


@pytest.mark.parametrize("name", ["Xi’an", "Xian", "xi'an", "西安市"])
def test_apostrophes_do_not_count(tmp_path, name):
    assert facts_of(tmp_path, HEAD + f"{name},employees,2012,5\n")[0][0].place == "Xi'an"


def test_a_new_name_like_a_known_one_brings_a_suggestion(tmp_path):
    _, notes = facts_of(tmp_path, HEAD + "Suzhuo,employes,2012,5\n")
    assert notes[0] == "own.csv: new place Suzhuo (did you mean Suzhou?)"
    assert notes[1].startswith("own.csv: new measure employes (did you mean employees?), taken for")


def test_many_new_names_are_counted(tmp_path):
    _, notes = facts_of(tmp_path, HEAD + "".join(f"Place {chr(65 + number)},employees,2012,5\n" for number in range(25)))
    assert len(notes) == 11
    assert notes[-1] == "own.csv: and 15 more like this"


def test_a_zero_brings_the_cure(tmp_path):
    assert "write n/a for a year with none" in refusal(tmp_path, HEAD + "Wuxi,enterprises_new,2012,0\n")


def test_a_qualifier_in_the_cell_is_its_wording(tmp_path):
    facts, _ = facts_of(tmp_path, HEAD + "Wuxi,employees,2012,约11.8万人\nWuxi,employees,2013,12万人\n")
    assert [(fact.value, fact.wording) for fact in facts] == [(118_000, "about"), (120_000, "exact")]


def test_the_quantity_of_a_new_measure_is_that_of_its_first_amount(tmp_path):
    rows = "Suzhou,Retail sales,2011,12%,,growth\nSuzhou,Retail sales,2011,100,CNY million,level\n"
    facts, _ = facts_of(tmp_path, "place,measure,period,value,unit,kind\n" + rows)
    assert [fact.unit for fact in facts] == ["percent", "CNY"]
    told = refusal(tmp_path, "place,measure,period,value,unit,kind\n" + rows + "Suzhou,Retail sales,2012,5,persons,level\n")
    assert "row 4, column unit: 'persons' found; allowed: USD, CNY, HKD" in told
