"""`sourcecast sensitivity`: what moves the odds of a target, what makes them uncertain, when it is missed, and which figure would help most."""

from typing import Annotated

import typer

from app.commands_scenarios import SCENARIO_HELP
from app.options import (
    Data,
    Format,
    FormatOption,
    KnownBy,
    NoBundled,
    Paths,
    Quiet,
    Seed,
    Threads,
    choose,
    positive,
    vintage,
)
from app.terminal import console, measure_names, notes, progress


def sensitivity(
    scenario: Annotated[str, typer.Argument(help=SCENARIO_HELP)],
    target: Annotated[str, typer.Option("--target", help="The name of a target; `targets --format json` lists them.")],
    output: FormatOption = Format.table,
    paths: Paths = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    known_by: KnownBy = "document",
    data: Data = [],  # noqa: B006  (typer copies the default)
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Tell what moves the odds of a target: a tornado, shares of the variance, when it is missed, and the value of missing figures."""
    positive("--paths", paths)
    positive("--threads", threads)
    chosen = choose(data, no_bundled, [], [])
    date = vintage(known_by, document=True)
    notes(chosen.catalogue.notes, quiet)
    from app.result_tables import as_csv, object_as_json
    from app.sensitivity_tables import ROW_FIELDS, print_sensitivity, rows_of
    from scenarios import load_scenario
    from scenarios import sensitivity as sensitivity_of

    loaded = load_scenario(scenario, chosen.catalogue)
    with progress("Simulating", quiet) as report:
        found = sensitivity_of(
            chosen.catalogue, loaded, target, known_by=date, paths=paths, seed=seed, threads=threads, progress=report
        )
    if output is Format.json:
        print(object_as_json(found.as_record()))
    elif output is Format.csv:
        print(as_csv(rows_of(found), ROW_FIELDS))
    else:
        print_sensitivity(console(), found, measure_names(chosen.catalogue))
