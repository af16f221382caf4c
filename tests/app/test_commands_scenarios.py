"""`sourcecast simulate`, `compare` and `targets --scenario` from the command line."""

from pathlib import Path

import pytest

from scenarios import Comparison, TargetAssessment
from scenarios.level_table import SIMULATION_FIELDS
from tests.app.cli_runs import as_cell, read_csv, read_json, run, shared

SIMULATE = ("simulate", "stagnation", "--place", "Suzhou", "--paths", 500)
COMPARE = ("compare", "baseline", "talent-push", "--place", "Suzhou", "--paths", 500)
BOLD = """\
title: Bold
levers:
  - growth: {places: [Suzhou], measure: contract_value_signed, years: [2013, 2015], points: 95}
"""


def test_simulated_levels_have_their_fields_and_csv_holds_what_json_holds() -> None:
    rows = read_json(shared(*SIMULATE, "--format", "json"))
    assert all(tuple(row) == SIMULATION_FIELDS for row in rows)
    assert {row["period"] for row in rows} >= {str(year) for year in range(2013, 2021)}
    assert {row["place"] for row in rows} == {"Suzhou"}
    found = read_csv(run(*SIMULATE, "--format", "csv", "--threads", 1))
    assert found == [{name: as_cell(value) for name, value in row.items()} for row in rows]


def test_measure_chooses_lines_and_a_seed_changes_them() -> None:
    rows = read_json(shared(*SIMULATE, "--format", "json"))
    wanted = [row for row in rows if row["measure"] == "employees"]
    assert read_json(run(*SIMULATE, "--measure", "EMPLOYEES", "--format", "json")) == wanted
    assert read_json(run(*SIMULATE, "--measure", "employees", "--seed", 2, "--format", "json")) != wanted


def test_the_table_of_levels_names_the_scenario() -> None:
    text = shared(*SIMULATE).out
    assert "Stagnation: levels simulated" in text
    assert max(map(len, text.splitlines())) <= 130


def test_targets_under_a_scenario_differ_and_the_baseline_is_the_default() -> None:
    options = ("--place", "Suzhou", "--paths", 500, "--format", "json")
    baseline = read_json(shared("targets", *options))
    assert read_json(run("targets", *options, "--scenario", "BASELINE")) == baseline
    slow = read_json(run("targets", *options, "--scenario", "stagnation"))
    assert all(list(row) == list(TargetAssessment.__dataclass_fields__) for row in slow)
    pairs = [(one["probability"], other["probability"]) for one, other in zip(slow, baseline, strict=True) if one["probability"]]
    assert len(pairs) == 3
    assert all(one < other for one, other in pairs)


def test_a_comparison_has_its_fields_and_csv_holds_what_json_holds() -> None:
    rows = read_json(shared(*COMPARE, "--format", "json"))
    assert all(list(row) == list(Comparison.__dataclass_fields__) for row in rows)
    assert [row["scenario"] for row in rows] == ["Baseline", "Talent push"] * 3
    for row in rows:
        assert row["probability"] - row["baseline"] == pytest.approx(sum(part["part"] for part in row["parts"]), abs=1e-9)
    found = read_csv(run(*COMPARE, "--format", "csv", "--threads", 1))
    assert found == [{name: as_cell(value) for name, value in row.items()} for row in rows]


def test_the_table_of_a_comparison_shows_changes_and_what_makes_them() -> None:
    text = shared(*COMPARE).out
    assert "Talent push: what makes the change" in text
    assert "talent of employees, 2013-" in text
    assert "Shapley" in text
    assert max(map(len, text.splitlines())) <= 130


def test_a_lever_beyond_the_record_is_warned_of_once_and_in_json(tmp_path: Path) -> None:
    path = tmp_path / "bold.yaml"
    path.write_text(BOLD, encoding="utf-8")
    options = ("--place", "Suzhou", "--paths", 100, "--format", "json")
    for command in (("targets", "--scenario", path), ("compare", "baseline", path), ("simulate", path)):
        done = run(*command, *options)
        (line,) = [line for line in done.err.splitlines() if "levers on" in line]
        assert "growth rates on record of the family contracts" in line
        quiet = run(*command, *options, "--quiet")
        assert quiet.out == done.out
        assert [line.removeprefix("note: ")] in [row["warnings"] for row in read_json(quiet)]
