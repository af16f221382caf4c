"""The schemas of commands and runs fit what is really printed and kept."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.command_schemas import BACKTEST_FIELDS, COMPARISON_FIELDS, INFLUENCE_FIELDS, JOINT_FIELDS, KNOWN_FIELDS, SOLUTION_FIELDS
from app.commands_schema import KEPT, PRINTED, SCHEMAS, schema_of
from app.fact_tables import LEVEL_FIELDS as KNOWN
from app.result_tables import as_json
from app.run_schemas import MOVE_FIELDS, RUN_FIELDS
from forecast.backtest_summary import BACKTEST_FIELDS as BACKTEST
from forecast.influence import INFLUENCE_FIELDS as INFLUENCE
from scenarios import Comparison, JointOdds, Solution, run_catalogue, run_comparison
from scenarios.run_store import files_of
from scenarios.run_tables import TABLES, schema_name, tables_in
from tests.app.cli_runs import run, shared
from tests.scenarios.run_examples import BASELINE, PUSHED, made_in, small_request, small_world

PATHS = ("--paths", "100")
COMMANDS = {
    "simulate": ("simulate", "stagnation", "--place", "Suzhou", *PATHS),
    "compare": ("compare", "baseline", "talent-push", "--place", "Suzhou", *PATHS),
    "solve": ("solve", "suzhou-contract_value_signed-total-2015", *PATHS),
    "joint": ("targets", "--joint", "--place", "Suzhou", *PATHS),
    "backtest": ("backtest", "--origin", "2011", "--quiet"),
    "influence": ("influence", "--place", "Suzhou"),
    "links": ("links", "employees", "contract_value_executed"),
    "data-list": ("data", "list"),
    "data-show": ("data", "show", "Suzhou"),
    "data-rulings": ("data", "rulings"),
}


def faults(name: str, printed: object) -> list[str]:
    return [fault.message for fault in Draft202012Validator(schema_of(name)).iter_errors(printed)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one_and_names_itself(name: str) -> None:
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith(f"urn:sourcecast:schema:{name}")


def test_every_command_that_prints_records_has_a_schema() -> None:
    assert set(PRINTED) == {*COMMANDS, "targets", "forecast", "sensitivity", "runs-list", "runs-diff"}
    assert set(KEPT) == {"manifest", *(f"run-{table}" for table in TABLES)}
    for table in TABLES:
        assert schema_of(f"run-{table}")["$id"] == schema_name(table)


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_prints_fits(name: str) -> None:
    records = json.loads(shared(*COMMANDS[name], "--format", "json").out)
    assert len(records) > 0
    assert faults(name, records) == []
    assert faults(name, [records[0] | {"more": 1}]) != []
    for field in records[0]:
        assert faults(name, [{key: value for key, value in records[0].items() if key != field}]) != []


@pytest.mark.parametrize(
    ("described", "fields"),
    [
        (COMPARISON_FIELDS, Comparison.__dataclass_fields__), (SOLUTION_FIELDS, Solution.__dataclass_fields__),
        (JOINT_FIELDS, JointOdds.__dataclass_fields__), (BACKTEST_FIELDS, BACKTEST), (INFLUENCE_FIELDS, INFLUENCE),
        (KNOWN_FIELDS, KNOWN), (RUN_FIELDS, run_catalogue.RUN_FIELDS), (MOVE_FIELDS, run_comparison.MOVE_FIELDS),
    ],
)  # fmt: skip
def test_fields_stand_in_their_order(described: dict[str, object], fields: object) -> None:
    assert list(described) == list(fields)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, world = tmp_path_factory.mktemp("runs"), small_world()
    for scenario in (BASELINE, PUSHED):
        made_in(folder, world, small_request(scenario, draws=True, paths=50))
    (folder / ".unfinished" / "0123456789ab.journal").write_text('{"block": "000000", "files": []}\n', encoding="utf-8")
    return folder


@pytest.mark.parametrize("table", TABLES)
def test_the_rows_of_a_run_fit(folder: Path, table: str) -> None:
    for path in folder.glob("*/manifest.json"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        assert manifest["tables"][table]["schema"] == schema_name(table)
        for one in tables_in(path.parent, files_of(manifest, table)):
            rows = json.loads(as_json(one.to_pylist()))
            assert len(rows) > 0
            assert list(rows[0]) == list(schema_of(f"run-{table}")["items"]["properties"])
            assert faults(f"run-{table}", rows) == []


def test_manifest_list_and_difference_fit(folder: Path) -> None:
    listed = json.loads(run("runs", "list", "--dir", folder, "--format", "json").out)
    assert [one["state"] for one in listed] == ["finished", "finished", "unfinished, 1 blocks done"]
    assert faults("runs-list", listed) == []
    names = [one["run"] for one in listed[:2]]
    shown = json.loads(run("runs", "show", names[0], "--dir", folder, "--format", "json").out)
    assert faults("manifest", shown) == []
    assert faults("manifest", shown | {"more": 1}) != []
    moved = json.loads(run("runs", "diff", *names, "--dir", folder, "--format", "json").out)
    assert len(moved) > 0
    assert faults("runs-diff", moved) == []
