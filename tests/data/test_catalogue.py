"""The catalogue: reading tables, finding names and cutting to what was known by a date."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import InputFault, load_catalogue
from data.catalogue import TABLE_COLUMNS, bundled_catalogue, read_table
from data.records import Fact, Target, records

BUNDLED = bundled_catalogue()
DAYS = st.dates(date(2008, 1, 1), date(2022, 1, 1)).map(date.isoformat)
RATES = "year,pair,rate,convention,source\n"


def written(folder, text: str | bytes):
    path = folder / "exchange_rates.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# Reading a table


def test_bundled_tables_have_their_columns_in_order_and_numbers_where_promised():
    for table, columns in TABLE_COLUMNS.items():
        rows = getattr(BUNDLED, table)
        assert [name for name in rows.columns if name in columns] == list(columns)
        for column, numeric in columns.items():
            assert pd.api.types.is_numeric_dtype(rows[column]) == numeric, (table, column)


def test_empty_cells_are_empty_texts_and_nan_numbers(tmp_path):
    rows = read_table(written(tmp_path, RATES + "2012,CNY/USD,,,\n"), "exchange_rates")
    assert rows.loc[0, "source"] == ""
    assert pd.isna(rows.loc[0, "rate"])


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = written(tmp_path, b"\xef\xbb\xbf" + (RATES + "2012,CNY/USD,6.31,average,x\n").replace("\n", "\r\n").encode())
    assert read_table(path, "exchange_rates").to_dict("records") == [
        {"year": 2012.0, "pair": "CNY/USD", "rate": 6.31, "convention": "average", "source": "x"}
    ]


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=["Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n,,\n", "the file is empty"),
        ("year,pair,rate\n2012,CNY/USD,6.3\n", "missing column convention, source"),
        (RATES + '2012,"CNY/USD,6.3,average,x\n', "not a readable CSV file"),
        (RATES + "2012,CNY/USD,6,31,average,x\n", "row 2: 6 cells found for 5 columns"),
        (RATES.replace("source", "Rate") + "2012,CNY/USD,6.3,average,7\n", "column Rate, rate is named twice"),
        ("年,汇率\n".encode("gb18030"), "missing column year"),
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path, text, message):
    with pytest.raises(InputFault, match=message) as refusal:
        read_table(written(tmp_path, text), "exchange_rates")
    assert "exchange_rates.csv" in str(refusal.value)


def test_one_cell_too_many_in_every_row_is_refused(tmp_path):
    # pandas takes the first column of such a file for row names and shifts every other cell by one.
    path = written(tmp_path, RATES + "2012,CNY/USD,6,31,average,x\n2013,CNY/USD,6,20,average,x\n")
    with pytest.raises(InputFault, match=r"row 2: .*\n.*row 3: "):
        read_table(path, "exchange_rates")


@pytest.mark.parametrize("cell", ["six", "6,31", "6.3%", "1_000", "inf", "-inf", "nan", "1e999", "６"])
def test_a_wrong_number_is_reported_with_row_and_column(tmp_path, cell):
    path = written(tmp_path, RATES + f'2011,CNY/USD,6.46,average,x\n2012,CNY/USD,"{cell}",average,x\n')
    with pytest.raises(InputFault, match="row 3, column rate: ") as refusal:
        read_table(path, "exchange_rates")
    assert repr(cell) in str(refusal.value)


def test_blank_lines_are_no_rows_but_count(tmp_path):
    # The row in the message must be the one that an editor shows.
    path = written(tmp_path, RATES + "2011,CNY/USD,6.46,average,x\n\n,,,,\n2012,CNY/USD,six,average,x\n")
    with pytest.raises(InputFault, match=r"^exchange_rates\.csv: row 5, column rate: 'six' is not a number$"):
        read_table(path, "exchange_rates")


def test_all_wrong_numbers_of_a_table_are_reported_together(tmp_path):
    path = written(tmp_path, RATES + "once,CNY/USD,six,average,x\n2012,CNY/USD,seven,average,x\n")
    with pytest.raises(InputFault) as refusal:
        read_table(path, "exchange_rates")
    assert [line.split(":")[1] for line in str(refusal.value).splitlines()] == [
        " row 2, column year",
        " row 2, column rate",
        " row 3, column rate",
    ]


def test_records_have_the_cells_of_their_rows():
    for rows, kind in ((BUNDLED.facts, Fact), (BUNDLED.targets, Target)):
        read = records(rows, kind)
        assert len(read) == len(rows)
        assert [one.value for one in read if one.value == one.value] == rows["value"].dropna().tolist()
        assert [one.known_by for one in read] == rows["known_by"].tolist()


# Names


@pytest.mark.parametrize(("table", "key"), [("places", "place"), ("measures", "measure")])
@pytest.mark.parametrize("column", ["key", "name_en", "name_zh"])
@pytest.mark.parametrize("change", [str, str.upper, str.lower, str.title, "  {} ".format])
def test_every_name_is_found_in_any_language_and_letter_case(table, key, column, change):
    rows = getattr(BUNDLED, table)
    find = BUNDLED.find_place if key == "place" else BUNDLED.find_measure
    for code, name in zip(rows[key], rows[key if column == "key" else column], strict=True):
        assert find(change(name)) == code


@pytest.mark.parametrize(
    ("misspelt", "meant"), [("Hangzou", "Hangzhou"), ("suzou", "Suzhou"), ("xian", "Xi'an"), ("DALIEN", "Dalian")]
)
def test_a_misspelt_place_brings_the_suggestion(misspelt, meant):
    with pytest.raises(InputFault, match=f"unknown place '{misspelt}' \\(did you mean {meant}\\?\\)"):
        BUNDLED.find_place(misspelt)


def test_a_misspelt_measure_brings_the_suggestion():
    with pytest.raises(InputFault, match=r"unknown measure 'employes' \(did you mean employees\?\)"):
        BUNDLED.find_measure("employes")


def test_a_name_like_no_other_brings_none():
    with pytest.raises(InputFault, match="unknown place 'Qqqq'; ") as refusal:
        BUNDLED.find_place("Qqqq")
    assert "did you mean" not in str(refusal.value)


def test_the_empty_name_is_no_place_even_where_one_lacks_a_chinese_name(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("place,measure,period,value\nErewhon,employees,2012,5\n", encoding="utf-8")
    catalogue = load_catalogue([path])
    assert (catalogue.places["name_zh"] == "").any()
    with pytest.raises(InputFault, match="unknown place"):
        catalogue.find_place(" ")


# Vintages


@settings(derandomize=True, deadline=None, max_examples=30)
@given(DAYS)
def test_a_vintage_holds_exactly_what_its_documents_had_said(day):
    published = dict(zip(BUNDLED.sources["source"], BUNDLED.sources["known_by"], strict=True))
    vintage = BUNDLED.known_by(day)
    for table, key in (("facts", "fact"), ("targets", "target")):
        rows = getattr(BUNDLED, table)
        expected = [name for name, source in zip(rows[key], rows["source"], strict=True) if published[source] <= day]
        assert getattr(vintage, table)[key].tolist() == expected


@settings(derandomize=True, deadline=None, max_examples=30)
@given(DAYS, DAYS)
def test_a_later_vintage_holds_every_earlier_one(one, other):
    early, late = (BUNDLED.known_by(day) for day in sorted([one, other]))
    for table, keys in (("facts", ["fact"]), ("targets", ["target"]), ("exchange_rates", ["year", "pair", "source"])):
        before, after = (set(getattr(vintage, table)[keys].itertuples(index=False, name=None)) for vintage in (early, late))
        assert before <= after


def test_a_document_is_known_from_its_day_on_and_not_before():
    for source, day in zip(BUNDLED.sources["source"], BUNDLED.sources["known_by"], strict=True):
        eve = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        stated = (BUNDLED.facts["source"] == source).sum() + (BUNDLED.targets["source"] == source).sum()
        assert stated > 0
        for when, count in ((eve, 0), (day, stated)):
            vintage = BUNDLED.known_by(when)
            assert (vintage.facts["source"] == source).sum() + (vintage.targets["source"] == source).sum() == count


def test_the_average_rate_of_a_year_is_known_when_the_year_is_over():
    years = {day: set(BUNDLED.known_by(day).exchange_rates["year"]) for day in ("2012-12-31", "2013-01-01")}
    assert years["2013-01-01"] - years["2012-12-31"] == {2012.0}
    assert max(years["2012-12-31"]) == 2011


def test_a_rate_stated_by_a_document_is_known_with_the_document():
    # Its year was over long before: the calendar must not let it in early.
    assert "003" not in set(BUNDLED.known_by("2013-12-30").exchange_rates["source"])
    assert "003" in set(BUNDLED.known_by("2013-12-31").exchange_rates["source"])


def test_a_vintage_leaves_the_catalogue_and_all_names_as_they_were():
    before = {table: getattr(BUNDLED, table).copy() for table in TABLE_COLUMNS}
    vintage = BUNDLED.known_by("2000-01-01")
    assert vintage.facts.empty
    assert vintage.targets.empty
    for table, rows in before.items():
        pd.testing.assert_frame_equal(getattr(BUNDLED, table), rows)
    for table in ("places", "measures", "sources"):
        pd.testing.assert_frame_equal(getattr(vintage, table), before[table])


def test_without_the_bundled_facts_names_and_rates_stay_known():
    bare = load_catalogue(bundled=False)
    assert bare.facts.empty
    assert bare.targets.empty
    assert bare.find_place("杭州") == "Hangzhou"
    pd.testing.assert_frame_equal(bare.exchange_rates, BUNDLED.exchange_rates)
    assert bare.known_by("2013-12-31").facts.empty


def test_a_ruling_waits_for_what_it_rests_on():
    # Hangzhou's figures of 2009 are doubted because of a document of 2012: who had only the first could not have known.
    def ruled(date):
        return set(BUNDLED.known_by(date).rulings["ruling"])

    documents = BUNDLED.sources.set_index("source")["known_by"]
    assert "hangzhou-2009-signed" not in ruled(documents["000"])
    assert "hangzhou-2009-signed" in ruled(documents["001"])
    assert ruled("9999-12-31") == set(BUNDLED.rulings["ruling"])
