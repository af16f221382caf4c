"""`sourcecast schema`: the JSON schema of a file that people write."""

import json
from typing import Annotated

import typer

from data import InputFault
from data.faults import suggestion

SCHEMAS = ("scenario",)


def schema(name: Annotated[str, typer.Argument(help="scenario")]) -> None:
    """Print a JSON schema, by which editors complete and check a file."""
    if name.casefold() not in SCHEMAS:
        raise InputFault(f"schema: {name!r} found{suggestion(name, SCHEMAS)}; allowed: {', '.join(SCHEMAS)}")
    from scenarios.scenario import scenario_schema

    print(json.dumps(scenario_schema(), ensure_ascii=False, indent=2))
