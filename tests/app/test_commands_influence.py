"""`sourcecast influence` from the command line."""

from pathlib import Path

import pytest

from tests.app.cli_runs import as_cell, assert_refused, read_csv, read_json, run, shared

FIELDS = ["place", "measure", "scope", "unit", "family", "points", "data_weight", "growth_change", "fade_change"]
ALL = ("influence", "--known-by", "2013-12-31", "--format", "json")
MINE = "place,measure,period,value\nNew Town,employees,2020,500\nNew Town,employees,2021,600\n"


def test_every_series_has_its_fields_in_order_and_the_largest_comes_first() -> None:
    rows = read_json(shared(*ALL))
    assert len(rows) >= 300
    assert all(list(row) == FIELDS for row in rows)
    sizes = [abs(float(str(row["growth_change"]))) if row["growth_change"] is not None else 0.0 for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert all((row["growth_change"] is None) == (row["family"] == "other") for row in rows)  # nobody is forecast by that family
    assert all(0 <= row["data_weight"] <= 1 for row in rows)  # type: ignore[operator]
    assert all(row["data_weight"] == 0 for row in rows if row["points"] == 1)


def test_csv_holds_what_json_holds() -> None:
    rows = read_csv(shared("influence", "--known-by", "2013-12-31", "--format", "csv"))
    assert rows == [{name: as_cell(value) for name, value in row.items()} for row in read_json(shared(*ALL))]


def test_place_and_measure_choose_lines_and_change_no_number() -> None:
    wanted = [row for row in read_json(shared(*ALL)) if row["place"] == "Nanjing" and row["measure"] == "employees"]
    assert wanted
    assert read_json(run(*ALL, "--place", "南京", "--measure", "EMPLOYEES")) == wanted


def test_the_table_for_people_names_series_and_says_what_the_columns_mean() -> None:
    text = shared("influence", "--place", "Suzhou", "--measure", "contract_value_signed").out
    assert "Suzhou, signed outsourcing contracts (USD)" in text
    assert "Data weight: the share" in text
    assert max(map(len, text.splitlines())) <= 130


def test_figures_of_ones_own_alone_have_nothing_to_be_left_out_of(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(MINE, encoding="utf-8")
    options = ("influence", "--data", path, "--no-bundled", "--quiet")
    (row,) = read_json(run(*options, "--horizon", 2025, "--format", "json"))
    assert (row["points"], row["growth_change"], row["fade_change"]) == (2, None, None)
    assert 0 < row["data_weight"] < 1  # type: ignore[operator]
    assert " - " in run(*options, "--horizon", 2025).out
    assert_refused(run(*options), "--horizon", "2020", "later year")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--place", "Hangzou"), ("Hangzou", "Hangzhou")),
        (("--known-by", "document"), ("document", "latest")),
        (("--horizon", "99"), ("--horizon", "99", "1900")),
        (("--place", "Suzhou", "--measure", "gdp"), ("no series matches",)),
    ],
)
def test_bad_input_is_refused_in_one_sentence(options: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert_refused(run("influence", *options), *words)
