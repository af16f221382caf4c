"""The command line: fields, bytes, exit codes, and what is said about bad input."""

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import app.cli
import app.commands_targets
import app.serving
import scenarios
from tests.conftest import require

ROOT = Path(app.cli.__file__).parents[1]

# fmt: off
TARGET_FIELDS = [
    "target", "place", "measure", "scope", "due", "value", "value_high", "unit",
    "kind", "status", "match", "assessed_by", "reason", "probability", "probability_error", "probability_low",
    "probability_high", "median", "q10", "q90", "required_growth", "observed_growth", "extra_growth_50", "extra_growth_80",
    "first_likely_year", "data_weight", "vintage", "stale", "alternatives", "source", "line", "printed",
    "source_change", "source_dropped", "probability_lower_value", "probability_upper_value", "readings", "expected_shortfall",
    "episodes_as_fast", "episodes", "warnings", "elsewhere_as_fast", "elsewhere",
]
# fmt: on
QUANTILES = ["q025", *(f"q{percent:02d}" for percent in range(5, 100, 5)), "q975"]
FORECAST_FIELDS = ["place", "measure", "scope", "unit", "period", "mean", *QUANTILES, "observed", "model"]
STATUSES = {"assessed", "withheld", "no_baseline", "not_quantified", "due_passed"}


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Run:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["sourcecast", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            app.cli.main()
    return Run(end.value.code or 0, out.getvalue(), err.getvalue())


@cache
def shared(*arguments: str) -> Run:
    """Run a command once for several tests; it must succeed without a word on standard error."""
    done = run(*arguments)
    assert (done.code, done.err) == (0, "")
    return done


def read_json(done: Run) -> list[dict[str, object]]:
    """Read standard output as strict JSON: NaN and Infinity are no JSON."""

    def refuse(word: str) -> None:
        pytest.fail(f"{word} in JSON")

    return json.loads(done.out, parse_constant=refuse)


def read_csv(done: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.out)))


def as_cell(value: object) -> str:
    """The CSV cell of a JSON value: empty for null, nested values as JSON, numbers to the last bit."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


ALL_TARGETS = ("targets", "--paths", "1000", "--format", "json")
SUZHOU = ("forecast", "--place", "Suzhou", "--format", "json")


@pytest.fixture(scope="module")
def targets() -> list[dict[str, object]]:
    return read_json(shared(*ALL_TARGETS))


@pytest.fixture(scope="module")
def suzhou() -> list[dict[str, object]]:
    return read_json(shared(*SUZHOU))


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write tables into a folder of the user's; the text of each by its name."""

    def write(**tables: str) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


# Targets


def test_every_target_has_exactly_the_published_fields_in_order(targets: list[dict[str, object]]) -> None:
    for row in targets:
        assert list(row) == TARGET_FIELDS


def test_all_stated_targets_are_listed_each_with_its_source_and_line(targets: list[dict[str, object]]) -> None:
    assert 115 <= len(targets) <= 120
    assert len({row["target"] for row in targets}) == len(targets)
    assert sum(row["assessed_by"] is not None for row in targets) >= 30
    for row in targets:
        assert row["source"] in {"000", "001", "002", "003", "004"}
        assert isinstance(row["line"], int)
        assert row["line"] > 0


def test_a_target_has_odds_or_a_reason(targets: list[dict[str, object]]) -> None:
    numbers = ("probability", "probability_error", "probability_low", "probability_high", "median", "q10", "q90")
    for row in targets:
        assert row["status"] in STATUSES
        present = {row[name] is not None for name in numbers}
        assert present == {row["status"] == "assessed"}, row["target"]
        if row["status"] == "assessed":
            assert 0 <= row["probability_low"] <= row["probability_high"] <= 1  # type: ignore[operator]
            assert 0 <= row["probability"] <= 1  # type: ignore[operator]
            assert row["q10"] < row["median"] < row["q90"]  # type: ignore[operator]
            assert row["extra_growth_50"] <= row["extra_growth_80"]  # type: ignore[operator]
        else:
            assert row["reason"], row["target"]


def test_a_well_known_target_has_the_figures_of_its_document(targets: list[dict[str, object]]) -> None:
    row = next(row for row in targets if row["target"] == "suzhou-contract_value_signed-total-2015")
    assert (row["value"], row["unit"], row["due"], row["source"], row["line"]) == (15e9, "USD", 2015, "003", 4581)
    # The vintage is the document's own: what had been published by 2013.
    assert row["vintage"] == "2013-12-31"
    # From about 5.6 to 15 billion in three years.
    assert row["required_growth"] == pytest.approx(38.9, abs=0.1)


def test_csv_holds_the_fields_and_values_of_json(targets: list[dict[str, object]]) -> None:
    rows = read_csv(shared("targets", "--paths", "1000", "--format", "csv"))
    assert list(rows[0]) == TARGET_FIELDS
    assert rows == [{name: as_cell(value) for name, value in row.items()} for row in targets]


@pytest.mark.parametrize("more", [(), ("--threads", "1"), ("--threads", "3", "--seed", "1", "--known-by", "document")])
def test_the_same_seed_gives_the_same_bytes_for_any_number_of_threads(more: tuple[str, ...]) -> None:
    assert run(*ALL_TARGETS, *more).out == shared(*ALL_TARGETS).out


def test_another_seed_gives_other_odds_but_the_same_targets(targets: list[dict[str, object]]) -> None:
    others = read_json(run(*ALL_TARGETS, "--seed", 2))
    drawn = ("probability", "probability_error", "median")
    assert [row["target"] for row in others] == [row["target"] for row in targets]
    assert [row["required_growth"] for row in others] == [row["required_growth"] for row in targets]
    for name in drawn:
        assert [row[name] for row in others] != [row[name] for row in targets]
    # The odds are the same within their own error: six of them for two independent runs.
    for one, other in zip(targets, others, strict=True):
        if one["status"] == "assessed":
            error = 6 * (one["probability_error"] + other["probability_error"])  # type: ignore[operator]
            assert abs(one["probability"] - other["probability"]) <= error, one["target"]  # type: ignore[operator]


@pytest.mark.parametrize("names", [("Dalian",), ("dALIAN",), ("大连",), (" dalian ",), ("Dalian", "大连", "DALIAN")])
def test_a_place_may_be_named_in_chinese_in_any_case_and_twice(names: tuple[str, ...], targets: list[dict[str, object]]) -> None:
    options = [part for name in names for part in ("--place", name)]
    # A place's odds do not depend on which other places are asked for.
    assert read_json(run(*ALL_TARGETS, *options)) == [row for row in targets if row["place"] == "Dalian"]


def test_the_prior_of_long_run_growth_can_be_halved_and_doubled() -> None:
    base, half, double = (
        {row["target"]: row for row in read_json(run("targets", "--place", "Wuxi", *more, "--paths", 100_000, "--format", "json"))}
        for more in ((), ("--long-run-prior", "0.5"), ("--long-run-prior", "2"))
    )
    name = "wuxi-outsourcing_revenue-total-2020"
    width = [
        float(str(rows[name]["probability_high"])) - float(str(rows[name]["probability_low"])) for rows in (half, base, double)
    ]
    assert width[0] < width[1] < width[2]


def test_a_place_without_targets_gives_an_empty_list() -> None:
    options = ("targets", "--place", "Beijing", "--paths", "100")
    assert read_json(shared(*options, "--format", "json")) == []
    assert shared(*options, "--format", "csv").out == ",".join(TARGET_FIELDS) + "\n"
    assert "0 of 0 targets assessed" in shared(*options).out


def test_one_path_is_enough_for_valid_json() -> None:
    # Rounded up to ten: one draw of the parameters.
    rows = read_json(run("targets", "--paths", 1, "--place", "Suzhou", "--format", "json"))
    assert rows == read_json(run("targets", "--paths", 10, "--place", "Suzhou", "--format", "json"))
    assert all(list(row) == TARGET_FIELDS for row in rows)


def test_an_earlier_date_hides_later_documents() -> None:
    # Only the text of autumn 2009 had appeared.
    rows = read_json(run("targets", "--known-by", "2010-06-30", "--paths", 100, "--format", "json"))
    assert {row["source"] for row in rows} == {"000"}
    assert {row["vintage"] for row in rows} == {"2010-06-30"}


def test_the_table_for_people_counts_what_was_assessed(targets: list[dict[str, object]]) -> None:
    done = shared("targets", "--paths", "1000")
    assessed = sum(row["status"] == "assessed" for row in targets)
    assert done.out.endswith(f"{assessed} of {len(targets)} targets assessed.\n")
    assert "003:4581" in done.out
    assert max(map(len, done.out.splitlines())) <= 130


# Forecasts


def test_a_forecast_has_exactly_the_published_fields_in_order(suzhou: list[dict[str, object]]) -> None:
    for row in suzhou:
        assert list(row) == FORECAST_FIELDS
    rows = read_csv(shared("forecast", "--place", "Suzhou", "--format", "csv"))
    assert rows == [{name: as_cell(value) for name, value in row.items()} for row in suzhou]


def test_quantiles_rise_and_every_number_is_positive(suzhou: list[dict[str, object]]) -> None:
    for row in suzhou:
        levels = [row[name] for name in QUANTILES]
        assert levels == sorted(levels)  # type: ignore[type-var]
        assert 0 < levels[0] < row["mean"] < levels[-1]  # type: ignore[operator]


def years_of(rows: list[dict[str, object]]) -> dict[tuple[object, ...], tuple[list[int], list[int]]]:
    """For each series the years known and the years forecast."""
    years: dict[tuple[object, ...], tuple[list[int], list[int]]] = {}
    for row in rows:
        known, coming = years.setdefault((row["place"], row["measure"], row["scope"], row["unit"]), ([], []))
        (coming if row["observed"] is None else known).append(int(str(row["period"])))
    return years


def test_a_horizon_in_years_ends_there_for_every_series(suzhou: list[dict[str, object]]) -> None:
    for known, coming in years_of(suzhou).values():
        assert coming == list(range(known[-1] + 1, 2021))


def test_a_horizon_with_a_plus_counts_from_each_series_last_year(suzhou: list[dict[str, object]]) -> None:
    rows = read_json(shared(*SUZHOU, "--horizon", "+6"))
    assert years_of(rows).keys() == years_of(suzhou).keys()
    for known, coming in years_of(rows).values():
        assert coming == list(range(known[-1] + 1, known[-1] + 7))


def test_a_forecast_is_exact_so_that_seed_and_paths_do_not_move_it() -> None:
    assert run(*SUZHOU, "--seed", 7, "--paths", 5, "--threads", 1).out == shared(*SUZHOU).out


def test_measure_and_scope_choose_among_the_series_in_any_case(suzhou: list[dict[str, object]]) -> None:
    wanted = [row for row in suzhou if row["measure"] == "contract_value_executed" and row["scope"] == "offshore"]
    assert wanted
    assert read_json(run(*SUZHOU, "--measure", "Contract_Value_Executed", "--scope", "OFFSHORE", "--model", "Auto")) == wanted


def test_an_origin_hides_every_later_year() -> None:
    options = ("forecast", "--place", "Dalian", "--format", "json")
    every, early = (years_of(read_json(done)) for done in (shared(*options), run(*options, "--origin", 2011)))
    assert early
    assert max(known[-1] for known, _ in every.values()) > 2011
    assert max(known[-1] for known, _ in early.values()) <= 2011
    assert {coming[-1] for _, coming in early.values()} == {2020}


def test_the_forecast_table_for_people_has_series_and_levels_in_words() -> None:
    text = shared("forecast", "--place", "Suzhou", "--measure", "contract_value_signed").out
    assert text.count("Suzhou, signed outsourcing contracts (USD)") == 1
    assert "5.6 billion" in text
    assert "nan" not in text.casefold()


# Data


@pytest.mark.parametrize("arguments", [("data", "list"), ("data", "show", "杭州")])
def test_data_are_shown_alike_in_json_and_csv(arguments: tuple[str, ...]) -> None:
    rows = read_json(shared(*arguments, "--format", "json"))
    assert rows
    assert read_csv(shared(*arguments, "--format", "csv")) == [{n: as_cell(v) for n, v in row.items()} for row in rows]
    assert "Hangzhou" in {row.get("name") or row.get("place") for row in rows}


def test_the_page_of_a_place_is_the_same_by_any_of_its_names() -> None:
    text = shared("data", "show", "Hangzhou").out
    assert "80 % interval" in text
    assert shared("data", "show", "杭州").out == shared("data", "show", "hangzhou").out == text


def test_checking_a_users_file_counts_its_rows(folder: Callable[..., Path]) -> None:
    tables = folder(facts="place,measure,period,value\nWuxi,employees,2013,120000\nWuxi,employees,2014,130000\n")
    done = run("data", "check", tables / "facts.csv")
    assert (done.code, done.err) == (0, "")
    assert "facts.csv: 2 facts" in done.out


# A user's own tables

NEW_TOWN = "place,measure,period,value\nNew Town,employees,2012,500\nNew Town,employees,2013,600\n"
NEW_TOWN_AIM = "place,measure,due,value\nnew town,employees,2016,900\n"


def test_a_users_target_is_assessed_on_the_users_figures(folder: Callable[..., Path]) -> None:
    tables = folder(facts=NEW_TOWN, targets=NEW_TOWN_AIM)
    done = run("targets", "--data", tables, "--no-bundled", "--paths", 1000, "--format", "json")
    [row] = read_json(done)
    assert (row["place"], row["status"], row["assessed_by"]) == ("New Town", "assessed", "New Town|employees|total|persons")
    assert (row["source"], row["line"]) == ("targets.csv", 2)
    # The note about the new name goes to standard error, where no program reads results.
    assert done.err == "note: facts.csv: new place New Town\n"


def test_quiet_silences_the_notes_and_changes_no_result(folder: Callable[..., Path]) -> None:
    arguments = ("forecast", "--data", folder(facts=NEW_TOWN), "--no-bundled", "--format", "csv")
    loud, quiet = run(*arguments), run(*arguments, "--quiet")
    assert loud.err
    assert not quiet.err
    assert loud.out == quiet.out


def test_two_folders_with_tables_of_the_same_names_both_count(tmp_path: Path) -> None:
    options: list[object] = []
    for number, place in enumerate(("New Town", "Old Town")):
        home = tmp_path / str(number)
        home.mkdir()
        (home / "facts.csv").write_text(NEW_TOWN.replace("New Town", place), encoding="utf-8")
        aim = NEW_TOWN_AIM.replace("new town", place).replace("900", str(900 + 700 * number))
        (home / "targets.csv").write_text(aim, encoding="utf-8")
        options += ["--data", home]
    new, old = read_json(run("targets", *options, "--no-bundled", "--paths", 1000, "--format", "json", "--quiet"))
    assert (new["place"], new["value"], old["place"], old["value"]) == ("New Town", 900.0, "Old Town", 1600.0)
    # The higher goal, from the same figures, is the harder one.
    assert new["probability"] > 2 * old["probability"]  # type: ignore[operator]


@pytest.mark.parametrize("name", ["[/b] A|B", "[red]O'Town :smile:", "Town, Old 镇"])
def test_a_name_with_odd_signs_is_printed_as_it_is(name: str, folder: Callable[..., Path]) -> None:
    # Square brackets and colons mean colours and pictures to the library that prints tables, a bar parts the keys of series.
    tables = folder(facts=NEW_TOWN.replace("New Town", f'"{name}"'), targets=NEW_TOWN_AIM.replace("new town", f'"{name}"'))
    options = ("--data", tables, "--no-bundled")
    for command in ("targets --paths 100 --quiet", "forecast --horizon +1 --quiet", "data list"):
        done = run(*command.split(), *options)
        assert (done.code, done.err) == (0, "")
        assert name in done.out
    assert "500 persons (facts.csv:2)" in run("data", "show", name, *options).out


# Bad input: exit code 2, one sentence that says where, what was found and what is allowed, nothing on standard output.


def assert_refused(done: Run, *words: str) -> None:
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("sourcecast: ")
    assert done.err.count("\n") == 1
    assert done.err.endswith("\n")
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err
    assert "internal error" not in done.err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("targets --place Hangzou", ["'Hangzou'", "did you mean Hangzhou?"]),
        ("targets --place Dalian --place Xian", ["'Xian'", "did you mean Xi'an?"]),
        ("targets --place ''", ["unknown place ''"]),
        ("forecast --place 杭洲", ["'杭洲'", "data list"]),
        ("forecast --measure employes", ["'employes'", "did you mean employees?"]),
        ("forecast --scope ofshore", ["'ofshore'", "did you mean offshore?"]),
        ("data show Shangai", ["'Shangai'", "did you mean Shanghai?"]),
        ("data show", ["Missing argument", "place", "sourcecast data show --help"]),
        ("targets --paths 0", ["--paths", "0", "1 or more"]),
        ("targets --paths -5", ["--paths", "-5", "1 or more"]),
        ("targets --paths 1e4", ["--paths", "'1e4'", "integer"]),
        ("targets --paths 2.5", ["--paths", "'2.5'", "integer"]),
        ("targets --paths 99999999999999999999", ["paths", "99999999999999999999", "1 to "]),
        ("targets --paths", ["--paths", "requires an argument"]),
        ("forecast --paths 0", ["--paths", "0", "1 or more"]),
        ("targets --threads 0", ["--threads", "0", "1 or more"]),
        ("targets --threads many", ["--threads", "'many'", "integer"]),
        ("targets --seed one", ["--seed", "'one'", "integer"]),
        ("targets --known-by nonsense", ["--known-by", "'nonsense'", "2013-12-31", "latest"]),
        ("targets --known-by 2013", ["--known-by", "'2013'"]),
        ("targets --known-by 31.12.2013", ["--known-by", "'31.12.2013'"]),
        ("targets --known-by 2013-02-30", ["--known-by", "'2013-02-30'"]),
        ("forecast --known-by document", ["--known-by", "'document'", "latest"]),
        ("data show Hangzhou --known-by soon", ["--known-by", "'soon'"]),
        ("data show Hangzhou --known-by 1990-01-01", ["Hangzhou", "no figure is known"]),
        ("forecast --horizon 12", ["--horizon", "'12'", "2020", "+1 to +99"]),
        ("forecast --horizon +0", ["--horizon", "'+0'", "+1 to +99"]),
        ("forecast --horizon -3", ["--horizon", "'-3'"]),
        ("forecast --horizon +100", ["--horizon", "'+100'"]),
        ("forecast --horizon 2020-06", ["--horizon", "'2020-06'"]),
        # A year that is past already leaves nothing to forecast.
        ("forecast --place Dalian --horizon 1995", ["--horizon", "'1995'", "later year"]),
        ("forecast --known-by 1990-01-01", ["no series"]),
        ("forecast --origin 1900", ["no series"]),
        ("forecast --origin late", ["--origin", "'late'", "integer"]),
        ("forecast --model nosuch", ["--model", "'nosuch'", "auto", "prophet"]),
        ("forecast --model ets", ["--model", "'ets'", "needs 10 years in a row", "--model auto"]),
        ("targets --long-run-prior 0", ["--long-run-prior", "0", "0.1 to 10"]),
        ("targets --long-run-prior nan", ["--long-run-prior", "nan", "0.1 to 10"]),
        ("targets --long-run-prior wide", ["--long-run-prior", "'wide'", "number"]),
        ("targets --scenario nosuch", ["no scenario", "'nosuch'", "baseline"]),
        ("simulate", ["Missing argument", "scenario", "sourcecast simulate --help"]),
        ("simulate bestpeer", ["'bestpeer'", "best-peer"]),
        ("simulate baseline --paths 0", ["--paths", "0", "1 or more"]),
        ("simulate baseline --known-by document", ["--known-by", "document", "latest"]),
        ("simulate baseline --place Suzhou --measure gdp", ["no series matches"]),
        ("compare baseline nosuch", ["'nosuch'", "stagnation"]),
        ("compare baseline baseline", ["'Baseline'", "twice"]),
        ("compare baseline --place Jiangsu", ["no target with odds"]),
        ("targets --format xml", ["--format", "'xml'", "'table', 'json', 'csv'"]),
        ("forecast --format xml", ["--format", "'xml'"]),
        ("data list --format xml", ["--format", "'xml'"]),
        ("targets --no-bundled", ["--no-bundled", "--data"]),
        ("forecast --no-bundled", ["--no-bundled", "--data"]),
        ("app --port 99999", ["--port", "99999", "1024 to 65535"]),
        ("app --port 80", ["--port", "80", "1024 to 65535"]),
        ("app --port http", ["--port", "'http'", "integer"]),
        ("target", ["'target'", "sourcecast --help"]),
        ("data nosuch", ["'nosuch'", "sourcecast data --help"]),
        ("targets --pathes 5", ["--pathes", "--paths"]),
        ("targets Hangzhou", ["Hangzhou", "sourcecast targets --help"]),
    ],
)
def test_a_bad_option_is_refused_in_one_sentence(command: str, words: list[str]) -> None:
    assert_refused(run(*(part.strip("'") for part in command.split(" "))), *words)


BAD_FILES = {
    "open_quote.csv": b'place,measure,period,value\nDalian,"employees,2012,5\n',
    "no_period.csv": b"place,measure,value\nDalian,employees,5\n",
    "empty.csv": b"",
    "header_only.csv": b"place,measure,period,value\n",
    "picture.csv": bytes(range(256)),
    "words.csv": b"place,measure,period,value\nDalian,employees,2012,many\n",
    "no_year.csv": b"place,measure,period,value\nDalian,employees,soon,5\n",
    "negative.csv": b"place,measure,period,value\nDalian,employees,2012,-5\n",
    "no_currency.csv": b"place,measure,period,value\nDalian,contract_value_signed,2012,5e9\n",
    "twice.csv": b"place,measure,period,value\nDalian,employees,2012,5\nDalian,employees,2012,6\n",
    "comma.csv": b"place,measure,period,value\nDalian,employees,2012,120,000\n",
    "figures.pdf": b"%PDF",
}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("open_quote.csv", ["open_quote.csv", "not a readable CSV file"]),
        ("no_period.csv", ["no_period.csv", "missing column period", "place, measure, value"]),
        ("empty.csv", ["empty.csv", "empty"]),
        ("header_only.csv", ["header_only.csv", "no rows"]),
        ("picture.csv", ["picture.csv", "UTF-8"]),
        ("words.csv", ["words.csv", "row 2", "column value", "'many'", "not a number"]),
        ("no_year.csv", ["no_year.csv", "row 2", "column period", "'soon'", "2012"]),
        ("negative.csv", ["negative.csv", "row 2", "column value", "-5", "above 0"]),
        ("no_currency.csv", ["no_currency.csv", "row 2", "column unit", "USD"]),
        ("twice.csv", ["twice.csv", "row 3", "row 2"]),
        ("comma.csv", ["comma.csv", "row 2"]),
        ("figures.pdf", ["figures.pdf", ".csv"]),
        ("absent.csv", ["absent.csv", "no such file"]),
        ("absent", ["absent"]),
        ("", ["facts.csv", "targets.csv"]),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(file: str, words: list[str], tmp_path: Path) -> None:
    path = tmp_path / file
    if file in BAD_FILES:
        path.write_bytes(BAD_FILES[file])
    said = run("data", "check", path)
    assert_refused(said, *words)
    # What the check says is what the computing commands say.
    assert run("targets", "--data", path) == said


def test_every_fault_of_a_file_is_told_with_its_row_and_column(folder: Callable[..., Path]) -> None:
    tables = folder(facts="place,measure,period,value\nDalian,employees,2012,many\nDalian,employees,soon,5\n")
    done = run("targets", "--data", tables)
    assert (done.code, done.out) == (2, "")
    first, second = done.err.splitlines()
    assert "facts.csv: row 2, column value" in first
    assert "facts.csv: row 3, column period" in second


@pytest.mark.parametrize("due", [2010, 2013])
def test_a_users_target_due_at_or_before_its_origin_is_refused(due: int, folder: Callable[..., Path]) -> None:
    facts = "place,measure,period,value\nWuxi,enterprises,2012,500\nWuxi,enterprises,2013,600\n"
    tables = folder(facts=facts, targets=f"place,measure,due,value\nWuxi,enterprises,{due},900\n")
    assert_refused(
        run("targets", "--data", tables, "--no-bundled"), "targets.csv", "row 2", f"due in {due}", "ends in 2013", "after"
    )


def test_nothing_is_computed_before_all_options_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(*_: object, **__: object) -> None:
        pytest.fail("computed")

    monkeypatch.setattr(scenarios, "assess_targets", compute)
    assert_refused(run("targets", "--place", "Hangzou", "--paths", 10**12), "Hangzou")
    assert_refused(run("targets", "--known-by", "nonsense", "--paths", 10**12), "nonsense")


# The app


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record the commands that would start a server, and start none."""
    started: list[list[str]] = []

    class Process:
        def __init__(self, command: list[str]) -> None:
            started.append(command)

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(app.serving.subprocess, "Popen", Process)
    return started


def test_a_port_in_use_is_refused(no_server: list[list[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert_refused(run("app", "--port", port), f"--port: {port} is in use")
    assert no_server == []


def test_the_app_is_served_on_this_machine_at_the_port_asked_for(no_server: list[list[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    done = run("app", "--port", port)
    assert (done.code, done.out) == (0, "")
    assert f"http://127.0.0.1:{port}" in done.err
    [command] = no_server
    assert command[command.index("--server.port") + 1] == str(port)
    assert command[command.index("--server.address") + 1] == "127.0.0.1"


# How a run ends


def test_an_interruption_ends_with_130_and_leaves_no_output(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []

    @contextmanager
    def interrupting(title: str, quiet: bool) -> Iterator[Callable[[float], None]]:
        def report(share: float) -> None:
            told.append(share)
            signal.raise_signal(signal.SIGINT)

        yield report

    monkeypatch.setattr(app.commands_targets, "progress", interrupting)
    # As by Ctrl+C after the first of many blocks.
    done = run("targets", "--place", "Wuxi", "--paths", 100_000, "--format", "json")
    assert (done.code, done.out) == (130, "")
    assert "Traceback" not in done.err
    assert len(told) == 1


def test_our_own_fault_ends_with_1_and_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the sum is off")

    monkeypatch.setattr(scenarios, "assess_targets", fail)
    assert run("targets") == Run(1, "", "sourcecast: internal error: RuntimeError: the sum is off\n")


@pytest.mark.parametrize("command", [(), ("targets",), ("forecast",), ("data",), ("data", "show"), ("app",)], ids=" ".join)
def test_help_is_a_result(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: sourcecast" in done.out


# As a program of its own


def program(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, check=False)


def test_the_module_writes_the_same_bytes_as_a_call_in_this_process_whatever_the_locale() -> None:
    arguments = ("targets", "--place", "Wuxi", "--paths", "1000")
    done = program(*arguments, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "±" in done.stdout.decode("utf-8")
    assert done.stdout.decode("utf-8") == shared(*arguments).out


def test_the_installed_command_refuses_bad_input_from_any_folder(tmp_path: Path) -> None:
    entry = Path(sys.executable).with_name("sourcecast")
    require(entry.exists(), "the installed command `sourcecast`")
    done = subprocess.run([entry, "targets", "--place", "Hangzou"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert_refused(Run(done.returncode, done.stdout, done.stderr), "did you mean Hangzhou?")


# The shorter output is only written at the end of the program, the longer one fills the buffer before.
@pytest.mark.parametrize("output", ["csv", "json"])
def test_a_reader_that_has_seen_enough_is_no_fault(output: str) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        command = [sys.executable, "-m", "app.cli", "data", "list", "--format", output]
        done = subprocess.run(command, cwd=ROOT, stdout=write_end, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (0, b"")


HEAVY = {
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pandera",
    "scipy",
    "statsmodels",
    "prophet",
    "streamlit",
    "altair",
    "openpyxl",
    "docx",
    "jinja2",
    "weasyprint",
}
COMMANDS = [
    tuple(name.split())
    for name in (
        "",
        "targets",
        "forecast",
        "simulate",
        "compare",
        "influence",
        "links",
        "solve",
        "sensitivity",
        "backtest",
        "report",
        "schema",
        "app",
        *(f"data {one}" for one in ("", "list", "show", "check", "import", "export", "rulings")),
    )
]


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_help_waits_for_no_heavy_library(name: tuple[str, ...]) -> None:
    code = f"import sys, app.cli\ntry: app.cli.main()\nfinally: print({HEAVY} & set(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *name, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "set()\n"


def test_the_help_of_every_command_is_looked_at() -> None:
    groups = {"": app.cli.command, "data": app.cli.data_command}
    names = {(*group.split(), one.name or one.callback.__name__) for group, of in groups.items() for one in of.registered_commands}
    assert names | {(), ("data",)} == set(COMMANDS)
