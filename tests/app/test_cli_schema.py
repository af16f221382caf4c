"""`sourcecast schema`."""

import json
import subprocess
import sys

import pytest

from app.output_schemas import output_schema
from scenarios.scenario import scenario_schema
from tests.app.cli_runs import ROOT, assert_refused, run


@pytest.mark.parametrize("name", ["scenario", "Scenario"])
def test_the_schema_of_a_scenario_is_printed(name: str) -> None:
    done = run("schema", name)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == scenario_schema()
    assert done.out.startswith('{\n  "$schema": "https://json-schema.org/draft/2020-12/schema"')


@pytest.mark.parametrize("name", ["targets", "Forecast"])
def test_the_schema_of_an_output_is_printed(name: str) -> None:
    done = run("schema", name)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == output_schema(name.casefold())


def test_an_unknown_schema_is_refused_with_a_suggestion() -> None:
    assert_refused(run("schema", "scenaro"), "'scenaro'", "did you mean scenario?", "allowed: scenario, batch, targets, forecast")
    assert_refused(run("schema", "xml"), "'xml'", "allowed: scenario")
    assert_refused(run("schema"), "sourcecast schema --help")


def test_help_reads_no_yaml() -> None:
    """Other commands do not pay for scenario files either: the readers are loaded when one is asked for."""
    code = (
        "import sys, app.cli; sys.argv[1:] = ['schema', '--help']\n"
        "try: app.cli.main()\nfinally: print({'ruamel', 'scenarios'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "set()\n"
