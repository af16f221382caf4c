"""What is said about bad options and bad files: one sentence, exit code 2, nothing computed."""

from collections.abc import Callable
from pathlib import Path

import pytest

import scenarios
from tests.app.cli_runs import assert_refused, run


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
