"""`sourcecast schema`: the JSON schema of a file that people write, or of what a command prints."""

import json
from typing import Annotated

import typer

from data import InputFault
from data.faults import suggestion

SCHEMAS = ("scenario", "targets", "forecast", "sensitivity")


def schema(name: Annotated[str, typer.Argument(help=", ".join(SCHEMAS))]) -> None:
    """Print a JSON schema: of a scenario file, by which editors check it, or of what `targets`, `forecast` or `sensitivity` print as JSON."""
    wanted = name.casefold()
    if wanted not in SCHEMAS:
        raise InputFault(f"schema: {name!r} found{suggestion(name, SCHEMAS)}; allowed: {', '.join(SCHEMAS)}")
    if wanted == "scenario":
        from scenarios.scenario import scenario_schema

        found = scenario_schema()
    else:
        from app.output_schemas import output_schema

        found = output_schema(wanted)
    print(json.dumps(found, ensure_ascii=False, indent=2))
