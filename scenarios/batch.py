"""Batch files: which places, measures, scenarios and models one run computes, in a YAML file whose every fault is named by its line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

from data import Catalogue, InputFault
from data.faults import suggestion
from data.user_cells import is_date
from data.user_names import spelling
from forecast.models import MODELS
from scenarios.fields import ALL, FIRST_YEAR, LAST_YEAR, Address, Names, Text, choice, is_text, refused, whole
from scenarios.scenario import Scenario
from scenarios.scenario_files import PRESETS, content_of, load_scenario
from scenarios.scenario_yaml import Page, read_page, shown
from scenarios.simulation import MAXIMUM_PATHS

FORMATS = ("parquet", "csv", "xlsx", "netcdf")
LATEST_WORD, LATEST = "latest", "9999-12-31"
DEFAULT_HORIZON = "2020"
MOST_DRAWS = 1_000_000  # futures of which every one is kept
LARGEST_SEED = 2**53  # what JSON of other languages holds exactly


def several(one: Callable[[object], str], what: str) -> PlainValidator:
    """Read a list of different things; nothing below a heading is an empty list."""

    def read(value: object) -> tuple[str, ...]:
        listed = [] if value is None else value
        if not isinstance(listed, list | tuple):
            raise refused(f"a list of {what}")
        found = tuple(map(one, listed))
        if len({spelling(name) for name in found}) < len(found):
            raise refused(f"a list of {what} in which none stands twice")
        return found

    return PlainValidator(read)


def read_scenario_name(value: object) -> str:
    """Take the name of a scenario."""
    if not is_text(value):
        raise refused("a list of presets and YAML files, such as [baseline, push.yaml]")
    return str(value)


def read_horizon(value: object) -> str:
    """Take a year, or a number of periods, which YAML reads as a number below 100."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    number = int(text) if text.removeprefix("+").isascii() and text.removeprefix("+").isdigit() and len(text) <= 4 else 0
    if 1 <= number <= 99:
        return f"+{number}"
    if not FIRST_YEAR <= number <= LAST_YEAR or text.startswith("+"):
        raise refused(f"a year from {FIRST_YEAR} to {LAST_YEAR}, or periods after each series' last one, +1 to +99")
    return text


def read_vintage(value: object) -> str:
    """Take a date or `latest`."""
    text = value.casefold() if isinstance(value, str) else ""
    if text != LATEST_WORD and not is_date(text):
        raise refused("latest, or a date such as 2013-12-31")
    return text


def read_truth(value: object) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise refused("true or false")
    return value


def listed(one: dict[str, Any]) -> WithJsonSchema:
    """Describe a list of different things."""
    return WithJsonSchema({"type": "array", "items": one, "uniqueItems": True})


class Batch(BaseModel):
    """What one run computes, as a file states it; `places` and `measures` are ('all',) or names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Text = Field(description="what the run is called")
    places: Names = Field(ALL, description="all, or a list of places")
    measures: Names = Field(ALL, description="all, or a list of measures")
    scenarios: Annotated[
        tuple[str, ...], several(read_scenario_name, "presets and YAML files"), listed({"type": "string", "minLength": 1})
    ] = Field((), description="presets, and files relative to this one: levels and odds of targets under each")
    models: Annotated[tuple[str, ...], several(choice(*MODELS), "models"), listed({"enum": list(MODELS)})] = Field(
        (), description="models by which every series is forecast"
    )
    horizon: Annotated[
        str | None,
        PlainValidator(read_horizon),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
                    {"type": "integer", "minimum": 1, "maximum": 99},
                    {"type": "string", "pattern": r"^\+[1-9][0-9]?$"},
                ]
            }
        ),
    ] = Field(
        None, description="last year; or, for models, periods after each series' last one (+6). Each scenario's own if left out"
    )
    vintage: Annotated[
        str, PlainValidator(read_vintage), WithJsonSchema({"type": "string", "pattern": r"^(latest|\d{4}-\d\d-\d\d)$"})
    ] = Field(
        LATEST_WORD,
        description="only what had been published by this date; targets have that of their own document if it is latest",
    )
    paths: Annotated[int, *whole(1, MAXIMUM_PATHS, "a whole number")] = Field(
        10_000, description="simulated futures, rounded up to tens"
    )
    seed: Annotated[int, *whole(0, LARGEST_SEED, "a whole number")] = Field(1, description="seed of the random numbers")
    draws: Annotated[bool, PlainValidator(read_truth), WithJsonSchema({"type": "boolean"})] = Field(
        False, description="keep the level of every series in every future too"
    )
    formats: Annotated[
        tuple[str, ...], several(choice(*FORMATS), f"formats out of {', '.join(FORMATS)}"), listed({"enum": list(FORMATS)})
    ] = Field((), description="what tables are written as besides Parquet")


@dataclass(frozen=True)
class Request:
    """What is asked of a run: a batch, its names as the catalogue spells them, with its scenarios loaded."""

    batch: Batch
    scenarios: tuple[Scenario, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The places wanted; empty for all."""
        return () if self.batch.places == ALL else self.batch.places

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures wanted; empty for all."""
        return () if self.batch.measures == ALL else self.batch.measures

    @property
    def known_by(self) -> str:
        """The date (YYYY-MM-DD) up to which facts count for levels and forecasts."""
        return LATEST if self.batch.vintage == LATEST_WORD else self.batch.vintage

    @property
    def targets_known_by(self) -> str:
        """The same for targets, as of `assess_targets`."""
        return "document" if self.batch.vintage == LATEST_WORD else self.batch.vintage

    def content(self) -> dict[str, object]:
        """Return what the numbers rest on, as plain values; formats are how they are shown, and files have no names here."""
        batch = self.batch
        return {
            "title": batch.title,
            "places": list(batch.places),
            "measures": list(batch.measures),
            "scenarios": [content_of_scenario(one) for one in self.scenarios],
            "models": list(batch.models),
            "horizon": batch.horizon,
            "vintage": batch.vintage,
            "paths": batch.paths,
            "seed": batch.seed,
            "draws": batch.draws,
        }


def content_of_scenario(scenario: Scenario) -> dict[str, object]:
    """Return all that a scenario says, as plain values."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"horizon": scenario.horizon}


def read_task(name_or_path: str, catalogue: Catalogue) -> Scenario | Request:
    """Load a scenario, or a batch: a YAML file that names `scenarios` or `models`.

    Raises
    ------
    InputFault
        With every fault of the file: its line, what was found and what is allowed.
    """
    path = Path(name_or_path)
    if path.is_file():
        page = read_page(path.name, content_of(path))
        if isinstance(page.value, dict) and {"scenarios", "models"} & set(page.value):
            return request_of(page, path.parent, catalogue)
    return load_scenario(name_or_path, catalogue)


def read_forecasts(path: Path, catalogue: Catalogue) -> Request:
    """Load what a batch asks of forecasts: those by its models, `auto` if it names none.

    Raises
    ------
    InputFault
        If it is no batch; see `read_task`.
    """
    found = read_task(str(path), catalogue) if path.is_file() else None
    if not isinstance(found, Request):
        raise InputFault(f"{str(path)!r} found; allowed: a batch, which is a YAML file that names models or scenarios")
    models = found.batch.models or ("auto",)
    return Request(found.batch.model_copy(update={"scenarios": (), "models": models, "draws": False}), ())


def request_of(page: Page, folder: Path, catalogue: Catalogue) -> Request:
    """Check a batch and load its scenarios; see `read_task`."""
    try:
        batch = Batch.model_validate(page.value)
    except ValidationError as error:
        page.faults.extend(fault_of(page, wrong["loc"], wrong["type"], wrong["msg"], wrong["input"]) for wrong in error.errors())
        raise page.refusal() from None
    if not batch.scenarios and not batch.models:
        page.faults.append((1, "neither scenarios nor models found; allowed: one or more of either"))
    if batch.draws and batch.paths > MOST_DRAWS:
        page.faults.append((page.line(("draws",)), f"draws: of {batch.paths} futures asked for; allowed with at most {MOST_DRAWS}"))
    found = {
        field: names_in(page, field, getattr(batch, field), find)
        for field, find in (("places", catalogue.find_place), ("measures", catalogue.find_measure))
    }
    scenarios = [scenario_in(page, number, folder, catalogue) for number in range(len(batch.scenarios))]
    for number, one in enumerate(scenarios):
        if one and one.title in [other.title for other in scenarios[:number] if other]:
            page.faults.append(
                (page.line(("scenarios", number)), f"scenarios: the title {shown(one.title)} is that of another; give it its own")
            )
    if page.faults:
        raise page.refusal()
    year = batch.horizon if batch.horizon and not batch.horizon.startswith("+") else None
    at_year = [one.model_copy(update={"horizon": int(year)}) if year else one for one in scenarios if one]
    return Request(batch.model_copy(update=found), tuple(at_year))


def fault_of(page: Page, address: Address, kind: str, allowed: str, found: object) -> tuple[int, str]:
    """Say what pydantic refuses, with its line."""
    name = str(address[0]) if address else ""
    if kind == "extra_forbidden":
        return page.line(
            address
        ), f"unknown key {shown(name)}{suggestion(name, Batch.model_fields)}; allowed: {', '.join(Batch.model_fields)}"
    if kind == "missing":
        return 1, f"{name} is missing: {Batch.model_fields[name].description}"
    return page.line(address), f"{name}: {shown(found)} found; allowed: {allowed}"


def names_in(page: Page, field: str, names: tuple[str, ...], find: Callable[[str], str]) -> tuple[str, ...]:
    """Return names as the catalogue spells them; unknown ones become faults."""
    known: list[str] = []
    for number, name in enumerate(names if names != ALL else ()):
        try:
            known.append(find(name))
        except InputFault as fault:
            page.faults.append((page.line((field, number)), f"{field}: {fault}"))
    return tuple(dict.fromkeys(known)) or ALL


def scenario_in(page: Page, number: int, folder: Path, catalogue: Catalogue) -> Scenario | None:
    """Load one scenario of a batch; its faults become faults of the batch."""
    name = page.value["scenarios"][number]  # type: ignore[index]
    line = page.line(("scenarios", number))
    try:
        return load_scenario(name if name.casefold() in PRESETS else folder / name, catalogue)
    except InputFault as fault:
        page.faults.extend((line, f"scenarios: {sentence}") for sentence in str(fault).splitlines())
        return None


def batch_schema() -> dict[str, Any]:
    """Return the JSON schema of a batch file, by which editors complete and check it."""
    schema = Batch.model_json_schema()
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": "urn:sourcecast:schema:batch:1",
        "title": "Sourcecast batch",
        "description": "What one run computes: scenarios, models, places, measures; docs/runs.md says what the fields mean.",
    }
    return head | {key: value for key, value in schema.items() if key not in head}
