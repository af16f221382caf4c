"""`sourcecast simulate` and `sourcecast compare`: what a scenario leads to, and what several do to the odds."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.log_lines import log_lines
from app.options import (
    Data,
    Format,
    FormatOption,
    KnownBy,
    Measure,
    NoBundled,
    Out,
    Paths,
    Place,
    Quiet,
    Resume,
    Scheduler,
    Seed,
    Threads,
    Verbose,
    Workers,
    choose,
    positive,
    vintage,
)  # fmt: skip
from app.simulated_runs import Effort, RunFormat, check_options, folder_of_batch, keep_run, request_of_scenario
from app.terminal import console, measure_names, notes, progress
from data import InputFault

if TYPE_CHECKING:  # pandas comes with it
    from collections.abc import Sequence

SCENARIO_HELP = "A YAML file, or a preset: baseline, stagnation, strong-renminbi, talent-push, best-peer, back-to-trend."
TASK_HELP = f"{SCENARIO_HELP} Or a batch: a YAML file that names scenarios or models (docs/runs.md)."


def simulate(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help=TASK_HELP)],
    place: Place = [],  # noqa: B006  (typer copies the default)
    measure: Measure = [],  # noqa: B006
    output: Annotated[
        RunFormat, typer.Option("--format", help="table, json or csv to print; with --out: csv, xlsx or netcdf beside Parquet.")
    ] = RunFormat.table,
    out: Out = None,
    resume: Resume = False,
    draws: Annotated[bool, typer.Option("--draws", help="With --out: keep every future of every series too.")] = False,
    paths: Paths = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    known_by: KnownBy = "latest",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario: mean and quantiles of every series by year, up to its horizon. With --out it is kept, as is what a batch asks for."""
    check_options(output, out, draws=draws)
    how = Effort.of(out, threads, workers, scheduler, resume=resume, verbose=verbose, quiet=quiet)
    positive("--paths", paths)
    date = vintage(known_by, document=False)
    with log_lines(verbose), how.others() as others:  # workers start while figures are read
        chosen = choose(data, no_bundled, place, measure)
        notes(chosen.catalogue.notes, quiet)
        from scenarios.batch import Request, read_task

        loaded = read_task(scenario, chosen.catalogue)
        if isinstance(loaded, Request):
            keep_run(loaded, chosen, folder_of_batch(context, out), how, others)
            return
        if out is not None:
            keep_run(request_of_scenario(loaded, chosen, paths, seed, known_by, draws, output), chosen, out, how, others)
            return
    from app.result_tables import as_csv, as_json, print_levels
    from scenarios.level_table import SIMULATION_FIELDS, simulated_levels

    with progress("Simulating", quiet) as report:
        rows = simulated_levels(
            chosen.catalogue, loaded, known_by=date, paths=paths, seed=seed, threads=threads, places=chosen.places,
            measures=chosen.measures, progress=report,
        )  # fmt: skip
    if not rows:
        raise InputFault(
            f"no series matches that ends before the horizon of {loaded.horizon}; `sourcecast data list` shows what is known"
        )
    warn([row["warnings"] for row in rows], quiet)
    if output is RunFormat.json:
        print(as_json(rows))
    elif output is RunFormat.csv:
        print(as_csv(rows, SIMULATION_FIELDS))
    else:
        headings = {"period": "Year", "q10": "10 %", "q50": "50 %", "q90": "90 %", "mean": "Mean"}
        print_levels(console(), f"{loaded.title}: levels simulated", rows, headings, measure_names(chosen.catalogue))


def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help=f"{SCENARIO_HELP} Repeat for several.")],
    place: Place = [],  # noqa: B006
    output: FormatOption = Format.table,
    paths: Paths = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    known_by: KnownBy = "document",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios: the odds of every target under each, the difference to the first, and which lever or assumption makes it."""
    positive("--paths", paths)
    positive("--threads", threads)
    chosen = choose(data, no_bundled, place, [])
    date = vintage(known_by, document=True)
    notes(chosen.catalogue.notes, quiet)
    from app.comparison_tables import print_comparison
    from app.result_tables import as_csv, as_json
    from scenarios import Comparison, load_scenario
    from scenarios import compare as compare_scenarios

    loaded = [load_scenario(name, chosen.catalogue) for name in scenarios]
    with progress("Simulating", quiet) as report:
        compared = compare_scenarios(
            chosen.catalogue, loaded, known_by=date, paths=paths, seed=seed, threads=threads, places=chosen.places, progress=report
        )
    if not compared:
        raise InputFault("no target with odds matches; `sourcecast targets` says why")
    warn([one.warnings for one in compared], quiet)
    records = [one.as_record() for one in compared]
    if output is Format.table:
        print_comparison(console(), compared, measure_names(chosen.catalogue))
    else:
        print(as_json(records) if output is Format.json else as_csv(records, list(Comparison.__dataclass_fields__)))


def warn(found: "Sequence[object]", quiet: bool) -> None:
    """Print each warning once to standard error."""
    sentences = [sentence for some in found if isinstance(some, list) for sentence in some]
    notes(tuple(dict.fromkeys(sentences)), quiet)
