"""`sourcecast schema`: the JSON schema of a file that people write, of what a command prints, or of what a run holds."""

import json
from typing import Annotated, Any

import typer

from data import InputFault
from data.faults import suggestion

WRITTEN = ("scenario", "batch")
PRINTED = (
    "targets", "forecast", "simulate", "compare", "solve", "joint", "sensitivity", "backtest", "influence", "links", "data-list", "data-show",
    "data-rulings", "runs-list", "runs-diff",
)  # fmt: skip
KEPT = ("manifest", "run-levels", "run-targets", "run-forecasts", "run-draws")
SCHEMAS = (*WRITTEN, *PRINTED, *KEPT)


def schema(name: Annotated[str, typer.Argument(help=", ".join(SCHEMAS))]) -> None:
    """Print a JSON schema: of a scenario or batch file, by which editors check it, of what a command prints as JSON, or of a run."""
    wanted = name.casefold()
    if wanted not in SCHEMAS:
        raise InputFault(f"schema: {name!r} found{suggestion(name, SCHEMAS)}; allowed: {', '.join(SCHEMAS)}")
    print(json.dumps(schema_of(wanted), ensure_ascii=False, indent=2))


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of a name."""
    if name == "scenario":
        from scenarios.scenario import scenario_schema

        return scenario_schema()
    if name == "batch":
        from scenarios.batch import batch_schema

        return batch_schema()
    from app import command_schemas, output_schemas, run_schemas

    if name == "manifest":
        return run_schemas.manifest_schema()
    return output_schemas.output_schema(name, output_schemas.OUTPUTS | command_schemas.OUTPUTS | run_schemas.OUTPUTS)
