"""JSON schemas of runs: the manifest, the rows of their tables, and what `sourcecast runs` prints."""

from app.command_schemas import LEVEL_FIELDS, SERIES, TEXTS
from app.output_schemas import (
    COUNT,
    FORECAST_FIELDS,
    NUMBER,
    PERIOD,
    TARGET_FIELDS,
    TEXT,
    Outputs,
    Schema,
    headed,
    one_of,
    open_to_null,
    record_schema,
    said,
)  # fmt: skip

NAME = {"type": "string", "pattern": "^[0-9a-f]{12}$"}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$"}
TABLES = ("levels", "targets", "forecasts", "draws")
SCENARIO = said(TEXT, "Title of the scenario.")
COUNTS = {name: open_to_null(COUNT) for name in TABLES}
RUN_FIELDS: dict[str, Schema] = {
    "run": NAME,
    "title": open_to_null(TEXT),
    "state": said(TEXT, "finished, or how many blocks of it are done."),
    "started": open_to_null(MOMENT),
    "seconds": open_to_null(NUMBER),
    "version": open_to_null(TEXT),
    "code": said(open_to_null(TEXT), "Hash of the program that computed it."),
    "data": said(open_to_null(HASH), "Hash of the tables that it rests on."),
    "vintage": open_to_null(TEXT),
    "scenarios": TEXTS,
    "models": TEXTS,
    "paths": open_to_null(COUNT),
    "seed": open_to_null(COUNT),
    **COUNTS,
}
MOVE_FIELDS: dict[str, Schema] = {
    "table": one_of("levels", "targets", "forecasts"),
    "of": said(TEXT, "Scenario or model, as the second run calls it."),
    **SERIES,
    "period": open_to_null(PERIOD),
    "target": open_to_null(TEXT),
    "field": said(TEXT, "The median or the odds or, where these stay, the number that moved most."),
    "before": open_to_null(NUMBER),
    "after": open_to_null(NUMBER),
    "change": said(open_to_null(NUMBER), "As a share of what it was; of odds the difference."),
    **{
        name: said(open_to_null(NUMBER), f"The part of the {name} in the change; null if unknown.")
        for name in ("data", "model", "scenario", "simulation")
    },
}
OUTPUTS: Outputs = {
    "runs-list": (1, "A record a run, as printed by `sourcecast runs list --format json`.", RUN_FIELDS),
    "runs-diff": (1, "A record a row that moved, as printed by `sourcecast runs diff --format json`.", MOVE_FIELDS),
    "run-levels": (1, "The rows of `levels` in a run.", {"scenario": SCENARIO, **LEVEL_FIELDS}),
    "run-targets": (3, "The rows of `targets` in a run.", {"scenario": SCENARIO, **TARGET_FIELDS}),
    "run-forecasts": (1, "The rows of `forecasts` in a run.", {"asked": said(TEXT, "The model asked for."), **FORECAST_FIELDS}),
    "run-draws": (
        1,
        "The rows of `draws` in a run: a level in each future, in single precision.",
        {
            "scenario": SCENARIO,
            **SERIES,
            "period": PERIOD,
            "path": said(COUNT, "Number of the future."),
            "level": open_to_null(NUMBER),
        },
    ),
}
ANY = {"type": "object"}
FILE = record_schema({"path": TEXT, "rows": COUNT, "sha256": HASH})
BLOCK = record_schema(
    {
        "block": TEXT,
        "kind": one_of("outcomes", "forecasts"),
        "of": said(TEXT, "Scenario or model."),
        "series": COUNT,
        "places": said(COUNT, "Those whose targets are assessed."),
        "notes": ANY,
        "files": {"type": "array", "items": FILE},
    }
)
REQUEST = record_schema(
    {
        "title": TEXT,
        "places": TEXTS,
        "measures": TEXTS,
        "scenarios": said({"type": "array", "items": ANY}, "Each with its title, horizon, levers and assumptions."),
        "models": TEXTS,
        "horizon": open_to_null(TEXT),
        "vintage": TEXT,
        "paths": COUNT,
        "seed": COUNT,
        "draws": {"type": "boolean"},
    }
)
MANIFEST_FIELDS: dict[str, Schema] = {
    "schema": {"const": "urn:sourcecast:schema:manifest:3"},
    "run": said(NAME, "The first digits of the hash of schema, data, model, request and platform."),
    "data": record_schema({"hash": HASH, "facts": COUNT, "targets": COUNT}),
    "model": record_schema({"version": TEXT, "code": TEXT}),
    "request": REQUEST,
    "platform": record_schema({"system": TEXT, "machine": TEXT, "python": TEXT, "libraries": ANY}),
    "tables": record_schema({name: record_schema({"schema": TEXT, "rows": COUNT, "files": COUNT}) for name in TABLES}),
    "facts": said({"type": "array", "items": FILE}, "The tables of facts that the run rests on, kept in it."),
    "notes": said({"type": "object", "additionalProperties": COUNT}, "What is to be said, and of how many series."),
    "blocks": {"type": "array", "items": BLOCK},
    "timing": said(
        record_schema({"started": MOMENT, "seconds": NUMBER, "computed": COUNT, "kept": COUNT}),
        "The only part in which two runs of the same name differ: when, how long, and how many blocks were computed or found done.",
    ),
}


def manifest_schema() -> Schema:
    """Return the JSON schema of the manifest of a run."""
    return headed("manifest", 3, "What a run rests on and what it holds.", record_schema(MANIFEST_FIELDS))
