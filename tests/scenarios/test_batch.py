"""Batch files: what they may say, and every fault with its line."""

from pathlib import Path

import jsonschema
import pytest

from data import Catalogue, InputFault
from scenarios.batch import MOST_DRAWS, Batch, Request, batch_schema, read_task
from scenarios.fields import ALL
from scenarios.scenario import Scenario

WHOLE = """\
title: Monthly
places: [suzhou, 无锡]
measures: [employees]
scenarios: [baseline, push.yaml]
models: [auto, ETS]
horizon: 2018
vintage: 2013-12-31
paths: 500
seed: 7
draws: true
formats: [csv, netcdf]
"""
PUSH = "title: Push\nlevers:\n  - growth: {places: [Suzhou], measure: employees, years: [2013, 2015], points: 3}\n"


def read(folder: Path, text: str, catalogue: Catalogue) -> Scenario | Request:
    (folder / "batch.yaml").write_text(text, encoding="utf-8")
    (folder / "push.yaml").write_text(PUSH, encoding="utf-8")
    return read_task(str(folder / "batch.yaml"), catalogue)


def batch_of(folder: Path, text: str, catalogue: Catalogue) -> Request:
    found = read(folder, text, catalogue)
    assert isinstance(found, Request)
    return found


def test_a_batch_is_read_with_its_scenarios_and_names(tmp_path: Path, catalogue: Catalogue) -> None:
    found = batch_of(tmp_path, WHOLE, catalogue)
    assert (found.places, found.measures) == (("Suzhou", "Wuxi"), ("employees",))
    assert [(one.title, one.horizon) for one in found.scenarios] == [("Baseline", 2018), ("Push", 2018)]
    assert found.batch.models == ("auto", "ets")
    assert (found.known_by, found.targets_known_by) == ("2013-12-31", "2013-12-31")
    assert (found.batch.paths, found.batch.seed, found.batch.draws, found.batch.formats) == (500, 7, True, ("csv", "netcdf"))


def test_what_is_left_out_has_its_default(tmp_path: Path, catalogue: Catalogue) -> None:
    found = batch_of(tmp_path, "title: T\nmodels: [auto]\n", catalogue)
    assert (found.batch.places, found.places, found.scenarios, found.batch.horizon) == (ALL, (), (), None)
    assert (found.known_by, found.targets_known_by) == ("9999-12-31", "document")
    assert batch_of(tmp_path, "title: T\nscenarios: [stagnation]\n", catalogue).scenarios[0].horizon == 2020


@pytest.mark.parametrize(("written", "read_as"), [("2018", "2018"), ("+6", "+6"), ("6", "+6"), ("'+6'", "+6")])
def test_a_horizon_is_a_year_or_a_number_of_periods(tmp_path: Path, catalogue: Catalogue, written: str, read_as: str) -> None:
    assert batch_of(tmp_path, f"title: T\nmodels: [auto]\nhorizon: {written}\n", catalogue).batch.horizon == read_as


def test_periods_leave_scenarios_their_own_horizon(tmp_path: Path, catalogue: Catalogue) -> None:
    found = batch_of(tmp_path, "title: T\nscenarios: [baseline]\nmodels: [auto]\nhorizon: +3\n", catalogue)
    assert found.scenarios[0].horizon == 2020


def test_any_other_file_is_a_scenario(tmp_path: Path, catalogue: Catalogue) -> None:
    assert isinstance(read(tmp_path, PUSH, catalogue), Scenario)
    assert isinstance(read_task("baseline", catalogue), Scenario)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Monthly\n", "", "line 1: title is missing: what the run is called"),
        ("paths: 500", "paths: many", "line 8: paths: 'many' found; allowed: a whole number from 1 to"),
        ("paths: 500", "paths: 0", "line 8: paths: 0 found"),
        ("paths: 500", "path: 500", "line 8: unknown key 'path' (did you mean paths?); allowed: title, places"),
        ("seed: 7", "seed: -1", "line 9: seed: -1 found; allowed: a whole number from 0"),
        ("draws: true", "draws: 1", "line 10: draws: 1 found; allowed: true or false"),
        ("[csv, netcdf]", "[csv, word]", "line 11: formats: [csv, word] found; allowed: one of parquet, csv, xlsx, netcdf"),
        ("[csv, netcdf]", "csv", "line 11: formats: 'csv' found; allowed: a list of formats out of"),
        ("[auto, ETS]", "[auto, Auto]", "line 5: models: [auto, Auto] found; allowed: a list of models in which none stands twice"),
        ("[auto, ETS]", "[arma]", "line 5: models: [arma] found; allowed: one of auto, pooled"),
        ("horizon: 2018", "horizon: 1850", "line 6: horizon: 1850 found; allowed: a year from 2000 to 2100, or periods"),
        ("horizon: 2018", "horizon: soon", "line 6: horizon: 'soon' found"),
        ("2013-12-31", "document", "line 7: vintage: 'document' found; allowed: latest, or a date such as 2013-12-31"),
        ("2013-12-31", "2013-13-31", "line 7: vintage: '2013-13-31' found"),
        ("suzhou", "Suzhuo", "line 2: places: unknown place 'Suzhuo' (did you mean Suzhou?)"),
        ("[employees]", "[employers]", "line 3: measures: unknown measure 'employers'"),
        ("push.yaml", "absent.yaml", "line 4: scenarios: no scenario"),
        ("push.yaml", "basline", "line 4: scenarios: no scenario"),
        (
            "push.yaml",
            "BASELINE",
            "line 4: scenarios: [baseline, BASELINE] found; allowed: a list of presets and YAML files in which none",
        ),
        ("[baseline, push.yaml]", "[1]", "line 4: scenarios: [1] found; allowed: a list of presets and YAML files"),
        ("[baseline, push.yaml]\nmodels: [auto, ETS]", "[]\nmodels:", "neither scenarios nor models found"),
        (
            "paths: 500",
            f"paths: {MOST_DRAWS + 1}",
            f"line 10: draws: of {MOST_DRAWS + 1} futures asked for; allowed with at most {MOST_DRAWS}",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, catalogue: Catalogue, old: str, new: str, said: str) -> None:
    assert old in WHOLE
    with pytest.raises(InputFault) as refused:
        read(tmp_path, WHOLE.replace(old, new), catalogue)
    assert said in str(refused.value)
    assert str(refused.value).startswith("batch.yaml: line ")


def test_every_fault_is_told_and_those_of_a_scenario_with_its_file(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "bad.yaml").write_text("title: Bad\nhorizont: 2015\n", encoding="utf-8")
    text = WHOLE.replace("push.yaml", "bad.yaml").replace("suzhou", "Suzhuo").replace("employees", "employers")
    with pytest.raises(InputFault) as refused:
        read(tmp_path, text, catalogue)
    lines = str(refused.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["line 2", "line 3", "line 4"]
    assert "bad.yaml: line 2: " in lines[2]


def test_two_scenarios_of_one_title_are_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "again.yaml").write_text(PUSH, encoding="utf-8")
    with pytest.raises(InputFault, match="line 4: scenarios: the title 'Push' is that of another"):
        read(tmp_path, WHOLE.replace("baseline, push.yaml", "push.yaml, again.yaml"), catalogue)


def test_the_schema_takes_what_is_read_and_refuses_what_is_not(tmp_path: Path, catalogue: Catalogue) -> None:
    schema = batch_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "urn:sourcecast:schema:batch:1"
    assert set(schema["properties"]) == set(Batch.model_fields)
    good = {"title": "T", "places": "all", "scenarios": ["baseline"], "models": ["auto"], "horizon": "+6", "formats": ["csv"]}
    jsonschema.validate(good, schema)
    for change in ({"path": 1}, {"paths": 0}, {"horizon": 1850}, {"models": ["arma"]}, {"draws": "yes"}, {"vintage": "document"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(good | change, schema)


def test_the_content_of_a_request_names_no_file(tmp_path: Path, catalogue: Catalogue) -> None:
    content = str(batch_of(tmp_path, WHOLE, catalogue).content())
    assert "push.yaml" not in content
    assert str(tmp_path) not in content
