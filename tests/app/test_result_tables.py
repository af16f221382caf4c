"""Results as JSON, CSV and tables for the terminal."""

import csv
import io
import json
from dataclasses import asdict, replace
from math import inf, nan

import pytest
from rich.console import Console

from app.result_tables import as_csv, as_json, once, print_levels, print_records, print_targets
from app.sentences import series_words
from app.terminal import measure_names
from data import Catalogue
from forecast.episodes import Elsewhere
from scenarios import TargetAssessment

NAMES = {"employees": "outsourcing employees"}
WUXI = TargetAssessment(
    "wuxi-employees-total-2015", "Wuxi", "employees", "total", 2015, 3e5, None, "persons", "level", "assessed", "exact",
    "Wuxi|employees|total|persons", None, probability=0.5, probability_error=0.01, probability_low=0.2, probability_high=0.8,
    required_growth=10.0, observed_growth=None, extra_growth_50=2.04, data_weight=0.5, stale=False, source="003", line=7,
)  # fmt: skip


def printed(*assessments: TargetAssessment) -> str:
    console = Console(file=io.StringIO(), width=130, markup=False)
    print_targets(console, assessments, NAMES)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_json_turns_what_is_not_finite_into_null_at_any_depth() -> None:
    record = {"a": nan, "b": -inf, "c": 0.0, "d": [{"p": nan, "s": "x"}, [inf]], "e": {"f": nan}, "g": None, "h": "NaN"}
    assert json.loads(as_json([record])) == [
        {"a": None, "b": None, "c": 0.0, "d": [{"p": None, "s": "x"}, [None]], "e": {"f": None}, "g": None, "h": "NaN"}
    ]


def test_json_keeps_numbers_to_the_last_bit_and_chinese_as_it_is() -> None:
    text = as_json([{"value": 0.1 + 0.2, "name": "杭州"}])
    assert json.loads(text)[0]["value"] == 0.1 + 0.2
    assert "杭州" in text


def test_csv_reads_back_with_commas_quotes_line_breaks_and_lists() -> None:
    records = [{"name": 'a,"b"\nc', "x": 0.1 + 0.2, "none": nan, "list": [{"p": 1.5}], "left_out": 1}]
    text = as_csv(records, ["x", "name", "none", "list"])
    assert list(csv.reader(io.StringIO(text))) == [
        ["x", "name", "none", "list"],
        [repr(0.1 + 0.2), 'a,"b"\nc', "", '[{"p": 1.5}]'],
    ]


def test_csv_holds_no_text_that_a_spreadsheet_runs_and_numbers_as_they_are() -> None:
    record = {"a": "=1+1", "b": " @SUM(1)", "c": -1.5, "d": "-", "e": ["=1"], "f": None, "g": True}
    assert list(csv.reader(io.StringIO(as_csv([record], list(record)))))[1] == [
        "'=1+1",
        "' @SUM(1)",
        "-1.5",
        "'-",
        '["=1"]',
        "",
        "True",
    ]


def test_without_rows_the_csv_is_its_header_and_the_json_an_empty_list() -> None:
    assert as_csv([], ["a", "b"]) == "a,b"
    assert json.loads(as_json([])) == []


def test_a_value_is_blanked_only_where_it_repeats_the_one_just_before() -> None:
    assert once(["a", "a", "b", "a"]) == ["a", "", "b", "a"]
    assert once([]) == []


def test_a_target_is_printed_with_odds_error_range_and_source() -> None:
    text = printed(WUXI)
    for part in (
        "Wuxi",
        "300,000 outsourcing employees",
        "2015",
        "50 ±1.0",
        "20-80",
        "10.0 %",
        "+2.0",
        "003:7",
        "1 of 1 targets assessed",
    ):
        assert part in text
    # Nothing is left without odds, so that table is not there.
    assert "Targets without odds" not in text


def test_a_series_of_one_year_prints_no_single_number() -> None:
    text = printed(replace(WUXI, data_weight=0.0))
    assert "20-80" in text
    assert "±1.0" not in text


def test_a_note_is_printed_once_and_its_number_at_each_target() -> None:
    proxy = replace(WUXI, match="proxy", reason="nothing nearer is known")
    text = printed(proxy, replace(proxy, due=2016))
    assert text.count("Measured by Wuxi, outsourcing employees: nothing nearer is known.") == 1
    assert text.count("[1]") == 3
    assert "[2]" not in text


def test_a_proxy_without_a_reason_is_named_without_one() -> None:
    text = printed(replace(WUXI, match="proxy"))
    assert "Measured by Wuxi, outsourcing employees." in text
    assert "None" not in text


def test_other_plausible_series_and_old_figures_are_told() -> None:
    other: list[dict[str, float | str]] = [
        {"assessed_by": "Wuxi|employees|offshore|persons", "probability": 0.31, "probability_low": 0.1, "probability_high": 0.5}
    ]
    text = printed(replace(WUXI, alternatives=other, stale=True))
    assert "31 by Wuxi, offshore outsourcing employees" in text
    assert "more than two years old" in text


def test_a_source_that_moves_the_odds_by_a_tenth_is_told() -> None:
    assert "[1] Without the source 000 the odds change by -18 in 100." in printed(
        replace(WUXI, source_change=-0.18, source_dropped="000")
    )
    assert "Without" not in printed(replace(WUXI, source_change=0.09, source_dropped="000"))


def test_a_target_without_odds_is_listed_with_its_reason_and_no_odds() -> None:
    text = printed(replace(WUXI, status="withheld", reason="already passed", probability=0.77, due=None))
    assert "withheld: already passed" in text
    assert "77" not in text
    assert "0 of 1 targets assessed" in text
    assert "Stated targets and their odds" not in text


def test_in_place_of_withheld_odds_stands_the_reference_class() -> None:
    told = asdict(Elsewhere("services", "a table", 3, 22, 895, 0, -1.8, 3.4, 11.4, 18.9, 26.3, 86.6))
    text = printed(replace(WUXI, status="withheld", reason="already passed", probability=None, reference_class=[told]))
    assert "In place of withheld odds" in text
    assert "0 of 895" in text
    assert "86.6 %" in text
    assert "In place of withheld odds" not in printed(WUXI)


def test_no_target_at_all_is_said() -> None:
    assert "0 of 0 targets assessed" in printed()


def test_records_are_printed_with_amounts_in_words_and_empty_cells_for_none() -> None:
    console = Console(file=io.StringIO(), width=100)
    print_records(
        console,
        "Levels",
        [{"period": "2012", "unit": "USD", "q50": 4.3e9, "observed": None}],
        {"period": "Year", "q50": "50 %", "observed": "Known"},
    )
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "USD 4.3 billion" in text
    assert "None" not in text
    assert "Known" in text


@pytest.mark.parametrize("width", [100, 130])
def test_levels_name_each_series_once_and_break_no_word(catalogue: Catalogue, width: int) -> None:
    """Raw names of measures wrapped in the middle: 'contract_value_sig' and 'ned'."""
    names = measure_names(catalogue)
    levels = {"observed": None, "q10": 1.99e9, "q50": 12.3e9, "q90": 123e9}
    kinds = [("Shijiazhuang", measure, scope, "USD") for measure in names for scope in ("total", "offshore_software_and_ito")]
    records = [
        dict(zip(("place", "measure", "scope", "unit"), kind, strict=True)) | {"period": str(year)} | levels
        for kind in kinds
        for year in (2013, 2014)
    ]
    console = Console(file=io.StringIO(), width=width)
    headings = {"period": "Year", "observed": "Known", "q10": "10 %", "q50": "50 %", "q90": "90 %"}
    print_levels(console, "Levels", records, headings, names)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    words = " ".join(line[: lines[2].index("Year") - 3] for line in lines[4:]).split()
    assert words == " ".join(series_words("|".join(kind), names) for kind in kinds).split()
    assert sum("123 billion" in line for line in lines) == len(records)


def test_levels_of_people_have_no_currency() -> None:
    console = Console(file=io.StringIO(), width=100)
    row = {"place": "Wuxi", "measure": "employees", "scope": "total", "unit": "persons", "period": "2013", "q50": 123_456.0}
    print_levels(console, "Levels", [row], {"period": "Year", "q50": "50 %"}, {"employees": "outsourcing employees"})
    assert isinstance(console.file, io.StringIO)
    assert "Wuxi, outsourcing employees   2013   123,000" in console.file.getvalue()


def test_other_readings_and_the_ends_of_a_range_are_told() -> None:
    readings = [
        {"reading": name, "probability": odds} for name, odds in (("average", 0.5), ("every year", 0.1), ("the last year", 0.4))
    ]
    text = printed(replace(WUXI, readings=readings, probability_lower_value=0.6, probability_upper_value=0.3))
    squeezed = " ".join(text.split())
    assert "Odds if the growth is meant otherwise: 10 for every year, 40 for the last year." in squeezed
    assert "Odds 60 at the lower end of what is aimed at, 30 at the upper." in squeezed
