"""The command line as a whole: data, serving the app, exit codes, help."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import app.cli
import app.commands_targets
import app.serving
import scenarios
from tests.app.cli_runs import ROOT, Run, as_cell, assert_refused, read_csv, read_json, run, shared
from tests.conftest import require

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
    # A program that a shell starts in the background is told to ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:  # as by Ctrl+C after the first of many blocks
        done = run("targets", "--place", "Wuxi", "--paths", 100_000, "--format", "json")
    finally:
        signal.signal(signal.SIGINT, before)
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
