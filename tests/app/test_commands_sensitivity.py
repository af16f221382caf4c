"""`sourcecast sensitivity` from the command line: the same answer as a table, JSON by its schema, and long rows."""

import json

import pytest
from jsonschema import Draft202012Validator

from app.output_schemas import SENSITIVITY_FIELDS, output_schema
from scenarios import Sensitivity
from tests.app.cli_runs import assert_refused, read_csv, read_json, run, shared

TARGET = "suzhou-contract_value_signed-total-2015"
SENSITIVITY = ("sensitivity", "baseline", "--target", TARGET, "--paths", "1000")
ROW_FIELDS = ["part", "name", "unit", "quantity", "value", "error", "low", "high"]
HEADINGS = (
    "What moves the odds",
    "What makes the outcome uncertain",
    "When it is missed",
    "Missing figures that would sharpen the odds",
)


def test_the_table_has_four_parts_and_says_the_main_thing_of_each() -> None:
    text = " ".join(shared(*SENSITIVITY).out.split())
    places = [text.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    found = json.loads(shared(*SENSITIVITY, "--format", "json").out)
    first = found["swings"][0]
    assert f"{100 * first['swing']:+.1f} ±{100 * first['swing_error']:.1f}" in text
    assert found["misses"][0]["sentence"] in text
    best = found["figures"][0]
    said = f"The figure of {best['year']} of Suzhou, signed outsourcing contracts (USD) would move the odds by {100 * best['change']:.1f} in 100"
    assert said in text


def test_of_a_place_with_one_year_swings_are_told_and_no_level_of_odds() -> None:
    found = run("sensitivity", "baseline", "--target", "suzhou-employees-total-2015", "--paths", "300")
    assert found.code == 0
    assert "odds are told by a range alone" in found.out
    assert "Only one year is known of Suzhou|employees|total|persons" in " ".join(found.out.split())
    line = next(line for line in found.out.splitlines() if "own shocks to Suzhou up to 2015" in line)
    assert line.split()[-4:-2] == ["-", "-"]


def test_the_object_fits_its_schema_and_holds_four_lists() -> None:
    found = read_json(shared(*SENSITIVITY, "--format", "json"))
    assert [fault.message for fault in Draft202012Validator(output_schema("sensitivity")).iter_errors(found)] == []
    assert list(found) == list(SENSITIVITY_FIELDS) == list(Sensitivity.__dataclass_fields__)
    assert all(found[name] for name in ("swings", "variance_shares", "misses", "figures"))


@pytest.mark.parametrize(("field", "value"), [("probability", 1.2), ("due", "2015"), ("swings", [{}]), ("more", 1)])
def test_another_value_or_field_is_refused_by_the_schema(field: str, value: object) -> None:
    found = read_json(shared(*SENSITIVITY, "--format", "json"))
    assert list(Draft202012Validator(output_schema("sensitivity")).iter_errors(found | {field: value}))


def test_the_long_rows_hold_every_number_of_the_object() -> None:
    rows = read_csv(shared(*SENSITIVITY, "--format", "csv"))
    found = read_json(shared(*SENSITIVITY, "--format", "json"))
    assert list(rows[0]) == ROW_FIELDS
    assert {row["part"] for row in rows} == {"target", "swings", "variance_shares", "misses", "figures"}
    by_name = {(row["part"], row["name"], row["quantity"]): row for row in rows}
    assert len(by_name) == len(rows)
    for one in found["swings"]:
        row = by_name["swings", one["thing"], "swing"]
        assert (float(row["value"]), float(row["error"])) == (one["swing"], one["swing_error"])
    for one in found["variance_shares"]:
        row = by_name["variance_shares", one["group"], f"{one['outcome']}, total"]
        assert [float(row[name]) for name in ("value", "low", "high")] == [one["total"], one["total_low"], one["total_high"]]
    for one in found["figures"]:
        name = "|".join(str(one[field]) for field in ("place", "measure", "scope", "unit", "year"))
        assert float(by_name["figures", name, "change"]["value"]) == one["change"]
    assert float(by_name["misses", "", "density"]["value"]) == found["misses"][0]["density"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sensitivity", "baseline", "--target", "suzhou-contract_value_signed"), ("unknown target", "did you mean")),
        (("sensitivity", "baseline", "--target", "chengdu-enterprises-total-2014"), ("no odds are given", "already passed")),
        (("sensitivity", "basline", "--target", TARGET), ("no scenario 'basline'", "did you mean baseline")),
        (("sensitivity", "baseline", "--target", TARGET, "--paths", "0"), ("--paths: 0 found",)),
        (("sensitivity", "baseline"), ("--target",)),
    ],
)
def test_bad_input_ends_with_one_sentence(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert_refused(run(*arguments), *words)
