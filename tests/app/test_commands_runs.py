"""`simulate --out` and `runs` from the command line."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from scenarios import run_making
from scenarios.run_store import Store
from tests.app.cli_runs import ROOT, Run, assert_refused, read_csv, read_json, run
from tests.conftest import require

SCENARIO = ("simulate", "stagnation", "--place", "Suzhou", "--measure", "employees", "--paths", 100)
BATCH = """\
title: Two cities
places: [Suzhou, 无锡]
measures: [employees, contract_value_executed]
scenarios: [baseline, stagnation]
models: [auto]
paths: 100
formats: [csv]
"""


# What is run in the background has inherited that the signal is ignored.
HEARING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from app.cli import main; main()"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "batch.yaml").write_text(BATCH, encoding="utf-8")
    (tmp_path / "push.yaml").write_text("title: Push\nbase: baseline\n", encoding="utf-8")
    return tmp_path


def name_in(done: Run) -> str:
    assert done.code == 0, done.err
    found = re.match(r"run ([0-9a-f]{12}): ", done.out)
    assert found, done.out
    return found[1]


def test_a_scenario_is_kept_once_and_its_levels_are_those_printed(here: Path) -> None:
    done = run(*SCENARIO, "--out", "runs")
    name = name_in(done)
    assert done.out == f"run {name}: 8 levels and 1 target in runs\n"
    assert run(*SCENARIO, "--out", "runs").out == f"run {name}: 8 levels and 1 target in runs (there already)\n"
    exported = run(*SCENARIO, "--out", "runs", "--format", "csv")
    assert name_in(exported) == name
    kept = list(csv.DictReader(io.StringIO((here / "runs" / name / "exports" / "levels.csv").read_text(encoding="utf-8"))))
    printed = read_csv(run(*SCENARIO, "--format", "csv"))
    for one, other in zip(kept, printed, strict=True):
        assert one.pop("scenario") == "Stagnation"
        assert {key: value for key, value in one.items() if not key.startswith(("q", "mean"))} == {
            key: value for key, value in other.items() if not key.startswith(("q", "mean"))
        }
        assert float(one["q50"]) == float(other["q50"])


def test_a_batch_is_one_run_with_exports(here: Path) -> None:
    done = run("simulate", "batch.yaml", "--out", "runs")
    name = name_in(done)
    assert sorted(path.name for path in (here / "runs" / name / "exports").iterdir()) == [
        "forecasts.csv", "levels.csv", "manifest.json", "targets.csv",
    ]  # fmt: skip
    manifest = json.loads(run("runs", "show", name[:5], "--format", "json").out)
    assert [one["title"] for one in manifest["request"]["scenarios"]] == ["Baseline", "Stagnation"]
    assert manifest["request"]["places"] == ["Suzhou", "Wuxi"]
    assert "batch.yaml" not in json.dumps(manifest)


def test_forecast_keeps_the_forecasts_of_a_batch(here: Path) -> None:
    """The same rows as printed, and those that `simulate` keeps of the whole batch; `auto` where it names scenarios alone."""
    done = run("forecast", "batch.yaml", "--out", "runs")
    name = name_in(done)
    assert name_in(run("forecast", "batch.yaml", "--out", "runs", "--resume")) == name
    kept = list(csv.DictReader(io.StringIO((here / "runs" / name / "exports" / "forecasts.csv").read_text(encoding="utf-8"))))
    options = [part for place in ("Suzhou", "Wuxi") for part in ("--place", place)]
    printed = read_csv(
        run("forecast", *options, "--measure", "employees", "--measure", "contract_value_executed", "--format", "csv")
    )
    numbers = [[(row["place"], row["period"], float(row["q50"])) for row in rows] for rows in (kept, printed)]
    assert numbers[0] == numbers[1]
    assert done.out == f"run {name}: {len(printed)} forecasts in runs\n"
    whole = name_in(run("simulate", "batch.yaml", "--out", "runs"))
    (first,), (second,) = ((here / "runs" / one / "forecasts").iterdir() for one in (name, whole))
    assert first.read_bytes() == second.read_bytes()
    (here / "no-models.yaml").write_text(BATCH.replace("models: [auto]\n", ""), encoding="utf-8")
    assert name_in(run("forecast", "no-models.yaml", "--out", "runs")) == name
    moved = read_json(run("runs", "diff", name, whole, "--format", "json"))
    assert moved == []


def test_runs_are_listed_shown_compared_and_deleted(here: Path) -> None:
    first, second = name_in(run(*SCENARIO, "--out", "runs")), name_in(run(*SCENARIO, "--out", "runs", "--seed", 2))
    records = read_json(run("runs", "list", "--format", "json"))
    assert {one["run"] for one in records} == {first, second}
    assert [row["run"] for row in read_csv(run("runs", "list", "--format", "csv"))] == [one["run"] for one in records]
    assert first in run("runs", "list", "--dir", here / "runs").out
    shown = run("runs", "show", first)
    assert "every file as it was written" in shown.out
    assert {"name": "run", "value": first} in read_csv(run("runs", "show", first, "--format", "csv"))
    moved = read_json(run("runs", "diff", first, second, "--format", "json"))
    assert all(one["simulation"] == one["change"] for one in moved)
    assert len(read_csv(run("runs", "diff", first, second, "--format", "csv"))) == len(moved)
    table = run("runs", "diff", first, second).out
    assert "They differ in the simulation alone: every change is due to it." in table
    assert max(map(len, table.splitlines())) <= 130
    other = name_in(run(*SCENARIO[:1], "baseline", *SCENARIO[2:], "--out", "runs", "--seed", 3))
    split = run("runs", "diff", first, other)
    assert split.err == ""
    (between,) = {one["run"] for one in read_json(run("runs", "list", "--format", "json"))} - {first, second, other}
    assert f"They differ in scenario and simulation; split by {between}, which" in " ".join(split.out.split())
    assert run("runs", "delete", other, between).code == 0
    assert run("runs", "delete", first).out == f"run {first} deleted\n"
    assert [one["run"] for one in read_json(run("runs", "list", "--format", "json"))] == [second]
    assert_refused(run("runs", "show", first), first, "no run of", "runs list")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("simulate", "baseline", "--resume"), ["--resume", "without --out"]),
        (("simulate", "baseline", "--draws"), ["--draws", "without --out"]),
        (("simulate", "baseline", "--verbose"), ["--verbose", "without --out"]),
        (("simulate", "baseline", "--workers", 2), ["--workers", "without --out"]),
        (("simulate", "baseline", "--scheduler", "tcp://127.0.0.1:1"), ["--scheduler", "without --out"]),
        (("simulate", "baseline", "--out", "runs", "--workers", 0), ["--workers: 0", "1 or more"]),
        (
            ("simulate", "baseline", "--out", "runs", "--workers", 2, "--scheduler", "tcp://127.0.0.1:1"),
            ["--workers", "--scheduler"],
        ),
        (("simulate", "baseline", "--format", "xlsx"), ["--format: 'xlsx'", "without --out: table, json, csv"]),
        (("simulate", "baseline", "--out", "runs", "--format", "json"), ["--format: 'json'", "with --out: table, csv, parquet"]),
        (("simulate", "baseline", "--out", "runs", "--draws", "--paths", 1_000_001), ["--draws", "1000000"]),
        (("simulate", "baseline", "--out", "runs", "--seed", -1), ["--seed: -1", "0 to"]),
        (("simulate", "batch.yaml"), ["--out", "a batch needs a folder"]),
        (("simulate", "batch.yaml", "--out", "runs", "--place", "Wuxi"), ["--place", "write `places:`"]),
        (("simulate", "batch.yaml", "--out", "runs", "--paths", 10_000), ["--paths", "write `paths:`"]),
        (("simulate", "batch.yaml", "--out", "runs", "--known-by", "latest"), ["--known-by", "write `vintage:`"]),
        (("simulate", "batch.yaml", "--out", "runs", "--format", "csv"), ["--format", "write `formats:`"]),
        (("simulate", "batch.yaml", "--out", "batch.yaml"), ["batch.yaml", "no runs can be kept there"]),
        (("forecast", "batch.yaml"), ["--out", "a batch needs a folder"]),
        (("forecast", "--out", "runs"), ["--out", "without a batch"]),
        (("forecast", "--workers", 2), ["--workers", "without --out"]),
        (("forecast", "batch.yaml", "--out", "runs", "--model", "ets"), ["--model", "write `models:`"]),
        (("forecast", "batch.yaml", "--out", "runs", "--horizon", "2018"), ["--horizon", "write `horizon:`"]),
        (("forecast", "batch.yaml", "--out", "runs", "--format", "csv"), ["--format", "write `formats:`"]),
        (("forecast", "batch.yaml", "--out", "runs", "--scope", "total"), ["--scope", "has none"]),
        (("forecast", "batch.yaml", "--out", "runs", "--origin", 2011), ["--origin", "has none"]),
        (("forecast", "Suzhou", "--out", "runs"), ["'Suzhou' found", "a batch"]),
        (("forecast", "push.yaml", "--out", "runs"), ["'push.yaml' found", "a batch"]),
        (("runs", "list"), ["--dir", "'runs'", "a folder of runs"]),
        (("runs", "show", "abcd", "--dir", "."), ["'abcd'", "no run of"]),
        (("runs", "delete", "abcd", "--dir", "."), ["'abcd'"]),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(here: Path, arguments: tuple[object, ...], said: list[str]) -> None:
    assert_refused(run(*arguments), *said)
    assert not (here / "runs").exists()


def test_a_damaged_run_is_named_by_show_and_diff_and_repaired(here: Path) -> None:
    name = name_in(run(*SCENARIO, "--out", "runs"))
    path = here / "runs" / name / "levels" / "000000.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    for command in (("show", name), ("diff", name, name)):
        assert_refused(run("runs", *command), name, "levels/000000.parquet", "damaged", "--resume")
    command = (
        sys.executable,
        "-m",
        "app.cli",
        *map(str, SCENARIO),
        "--out",
        here / "runs",
        "--resume",
    )  # no handler of a test listens
    repaired = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (repaired.returncode, repaired.stderr) == (0, "")
    assert "(there already)" not in repaired.stdout
    assert path.read_bytes() == whole
    assert run("runs", "show", name).code == 0


def test_events_are_lines_of_json_with_the_run_and_without_paths(here: Path) -> None:
    done = run(*SCENARIO, "--out", here / "runs", "--verbose")
    name = name_in(done)
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert [line["event"] for line in lines] == ["run begun", "block finished", "run finished"]
    assert {line["run"] for line in lines} == {name}
    assert str(here) not in done.err
    again = run(*SCENARIO, "--out", "runs", "--seed", 3)
    assert again.err == ""


def test_two_processes_on_one_run(here: Path) -> None:
    name = name_in(run(*SCENARIO, "--out", "runs"))
    with Store(Path("runs")).held(name):
        assert_refused(run(*SCENARIO, "--out", "runs"), name, "another process works on it")


def test_a_full_disk_ends_with_one_sentence(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(run_making.Draft, "keep", full)  # type: ignore[attr-defined]
        assert_refused(run(*SCENARIO, "--out", "runs"), "the disk is full; 0 blocks kept", "--resume")
    assert name_in(run(*SCENARIO, "--out", "runs"))


@pytest.mark.parametrize("options", [[], ["--workers", "1"]], ids=["alone", "with a worker"])
def test_control_c_ends_with_130_and_says_how_to_go_on(here: Path, options: list[str]) -> None:
    """Real processes and a real signal, sent to all of them, as a terminal does, once the first block is done."""
    require(not options or find_spec("distributed") is not None, "the extra cluster")
    (here / "many.yaml").write_text("title: Many\nscenarios: [baseline, stagnation, talent-push]\npaths: 30000\n", encoding="utf-8")
    command = [sys.executable, "-c", HEARING, "simulate", here / "many.yaml", "--out", here / "runs", "--verbose", *options]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ, start_new_session=True
    )  # fmt: skip
    assert process.stderr is not None
    while "block finished" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    *events, last = err.splitlines()
    assert all(json.loads(line)["event"] == "block finished" for line in events)
    assert re.fullmatch(
        r"sourcecast: run [0-9a-f]{12}: interrupted; \d+ blocks? kept; the same command with --resume goes on", last
    )
    (listed,) = read_json(run("runs", "list", "--dir", here / "runs", "--format", "json"))
    assert str(listed["state"]).startswith("unfinished")
