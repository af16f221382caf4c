"""Options shared by the commands, and what is read from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data import InputFault
from data.user_cells import is_date

if TYPE_CHECKING:  # pandas comes with it
    from data import Catalogue
    from scenarios import Scenario

Place = Annotated[
    list[str], typer.Option("--place", help="A place, in English or Chinese; repeat for several.", show_default=False)
]
Measure = Annotated[list[str], typer.Option("--measure", help="A measure; repeat for several.", show_default=False)]
Scope = Annotated[
    list[str],
    typer.Option("--scope", help="A scope such as total or offshore; repeat for several.", show_default=False),
]
Paths = Annotated[int, typer.Option("--paths", help="Number of simulated futures, rounded up to tens.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the random numbers: the same seed gives the same bytes.")]
Threads = Annotated[int | None, typer.Option("--threads", help="Threads; all cores by default. The answer does not depend on it.")]
Data = Annotated[
    list[Path], typer.Option("--data", help="A folder of tables, or a CSV or XLSX file; repeatable.", show_default=False)
]
NoBundled = Annotated[bool, typer.Option("--no-bundled", help="Leave the bundled facts and targets out.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No messages and no progress.")]
KnownBy = Annotated[
    str, typer.Option("--known-by", help="A date (2013-12-31), 'latest', or 'document' for each target's own document.")
]

Out = Annotated[Path | None, typer.Option("--out", help="Keep what is computed as a run in this folder.", show_default=False)]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted, or repair a damaged one.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", help="With --out: so many processes of one thread on this machine.", show_default=False),
]
Scheduler = Annotated[
    str, typer.Option("--scheduler", help="With --out: the workers of a Dask scheduler, tcp://HOST:PORT.", show_default=False)
]
Verbose = Annotated[bool, typer.Option("--verbose", help="With --out: a line of JSON an event, to standard error.")]

MODELS = ("auto", "pooled", "reference", "combination", "ets", "arima", "structural", "prophet", "prophet-logistic", "thorough")


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    csv = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="table for people, json or csv for programs.")]


@dataclass(frozen=True)
class Choice:
    """The catalogue of a run and the places, measures and scopes chosen from it."""

    catalogue: "Catalogue"
    places: tuple[str, ...]
    measures: tuple[str, ...]
    scopes: tuple[str, ...]


def choose(data: list[Path], no_bundled: bool, places: list[str], measures: list[str], scopes: Sequence[str] = ()) -> Choice:
    """Load the tables and resolve the names; unknown ones end with a suggestion."""
    if no_bundled and not data:
        raise InputFault("--no-bundled: found without --data, which leaves nothing to work on; add --data with tables of your own")
    from data import load_catalogue

    catalogue = load_catalogue(data, bundled=not no_bundled)
    return Choice(
        catalogue,
        tuple(catalogue.find_place(name) for name in places),
        tuple(catalogue.find_measure(name) for name in measures),
        tuple(catalogue.find_scope(name) for name in scopes),
    )


def chosen_scenario(name: str, catalogue: "Catalogue") -> "Scenario":
    """Load the scenario that was named; for the baseline, which most ask for, no file is read."""
    from scenarios.scenario import BASELINE

    if name == "baseline":
        return BASELINE
    from scenarios import load_scenario

    return load_scenario(name, catalogue)


def vintage(known_by: str, *, document: bool) -> str:
    """Check --known-by; `document` says whether each target may have its own vintage."""
    words = ("document", "latest") if document else ("latest",)
    if known_by not in words and not is_date(known_by):
        raise InputFault(f"--known-by: {known_by!r} found; allowed: a date such as 2013-12-31 or {' or '.join(words)}")
    return known_by if known_by != "latest" or document else "9999-12-31"


def positive(option: str, value: int | None) -> None:
    """Refuse a number below one."""
    if value is not None and value < 1:
        raise InputFault(f"{option}: {value} found; 1 or more is allowed")


def between(option: str, value: int, low: int, high: int) -> None:
    """Refuse a number outside a range."""
    if not low <= value <= high:
        raise InputFault(f"{option}: {value} found; allowed: {low} to {high}")


def only(option: str, value: str, allowed: tuple[str, ...]) -> None:
    """Refuse a word that is not among the allowed ones; case does not matter."""
    if value.casefold() not in allowed:
        raise InputFault(f"{option}: {value!r} found; allowed: {', '.join(allowed)}")
