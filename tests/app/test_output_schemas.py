"""The schemas of the outputs fit what is printed, and nothing else."""

import json

import pytest
from jsonschema import Draft202012Validator

from app.output_schemas import FORECAST_FIELDS, OUTPUTS, TARGET_FIELDS, output_schema
from app.result_tables import as_json
from forecast import forecast_table
from scenarios import TargetAssessment
from tests.app.cli_runs import run


def faults(name: str, records: object) -> list[str]:
    return [fault.message for fault in Draft202012Validator(output_schema(name)).iter_errors(records)]


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_schema_is_one_and_names_its_version(name: str) -> None:
    schema = output_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:sourcecast:schema:{name}:{OUTPUTS[name][0]}"


def test_every_bundled_target_fits(assessed: tuple[TargetAssessment, ...]) -> None:
    records = json.loads(as_json([one.as_record() for one in assessed]))
    assert {one["status"] for one in records} >= {"assessed", "withheld", "no_baseline"}
    assert faults("targets", records) == []


def test_the_fields_stand_in_the_order_of_the_output() -> None:
    assert list(TARGET_FIELDS) == list(TargetAssessment.__dataclass_fields__)
    assert list(FORECAST_FIELDS) == list(forecast_table.FORECAST_FIELDS)


@pytest.mark.parametrize("horizon", ["2016", "+2"])
def test_a_printed_forecast_fits(horizon: str) -> None:
    done = run("forecast", "--place", "Hangzhou", "--horizon", horizon, "--format", "json")
    records = json.loads(done.out)
    assert any(one["observed"] is not None for one in records)
    assert faults("forecast", records) == []


@pytest.mark.parametrize(
    ("field", "value"), [("probability", 1.2), ("status", "likely"), ("due", "2015"), ("line", 0), ("place", None), ("more", 1)]
)
def test_another_value_or_field_is_refused(assessed: tuple[TargetAssessment, ...], field: str, value: object) -> None:
    record = json.loads(as_json([assessed[0].as_record()]))[0]
    assert faults("targets", [record]) == []
    assert len(faults("targets", [record | {field: value}])) == 1


def test_a_field_left_out_is_refused(assessed: tuple[TargetAssessment, ...]) -> None:
    record = json.loads(as_json([assessed[0].as_record()]))[0]
    for field in record:
        assert faults("targets", [{name: record[name] for name in record if name != field}])
