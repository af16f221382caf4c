"""The command `targets`: the odds of every stated target."""

from typing import Annotated

import typer

from app.commands_scenarios import SCENARIO_HELP, warn
from app.options import (
    Data,
    Format,
    FormatOption,
    KnownBy,
    NoBundled,
    Paths,
    Place,
    Quiet,
    Seed,
    Threads,
    choose,
    chosen_scenario,
    positive,
    vintage,
)
from app.terminal import console, measure_names, notes, progress
from data import InputFault


def targets(
    place: Place = [],  # noqa: B006  (typer copies the default)
    scenario: Annotated[str, typer.Option("--scenario", help=SCENARIO_HELP)] = "baseline",
    output: FormatOption = Format.table,
    paths: Paths = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    known_by: KnownBy = "document",
    long_run_prior: Annotated[
        float, typer.Option("--long-run-prior", help="Times the sd of the prior of long-run growth: 0.5 halves, 2 doubles it.")
    ] = 1.0,
    precision: Annotated[
        float | None,
        typer.Option(
            "--precision", help="Go on until every error is at most this share, such as 0.002, or ten million futures are run."
        ),
    ] = None,
    sobol: Annotated[
        bool, typer.Option("--sobol", help="Scrambled Sobol points instead of random numbers: a smaller error.")
    ] = False,
    joint: Annotated[
        bool, typer.Option("--joint", help="The odds that a place meets all its targets, and how many places do.")
    ] = False,
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Print the odds of every stated target, the growth it needs and the growth achieved."""
    if not 0.1 <= long_run_prior <= 10:  # NaN is refused too
        raise InputFault(f"--long-run-prior: {long_run_prior:g} found; allowed: 0.1 to 10")
    positive("--paths", paths)
    positive("--threads", threads)
    chosen = choose(data, no_bundled, place, [])
    date = vintage(known_by, document=True)
    notes(chosen.catalogue.notes, quiet)
    if joint:
        if long_run_prior != 1 or precision is not None or sobol:
            raise InputFault("--joint: found with --long-run-prior, --precision or --sobol; it stands without them")
        from app.commands_solve import show_joint

        show_joint(chosen, scenario, output, date, paths, seed, threads)
        return
    from app.result_tables import as_csv, as_json, print_targets
    from scenarios import TargetAssessment, assess_targets

    loaded = chosen_scenario(scenario, chosen.catalogue)
    with progress("Simulating", quiet) as report:
        assessed = assess_targets(
            chosen.catalogue,
            known_by=date,
            paths=paths,
            seed=seed,
            threads=threads,
            places=chosen.places,
            long_run_factor=long_run_prior,
            precision=precision,
            sobol=sobol,
            scenario=loaded,
            progress=report,
        )
    warn([one.warnings for one in assessed], quiet)
    errors = [one.probability_error for one in assessed if one.probability_error is not None]
    if precision is not None and max(errors, default=0.0) > precision:
        notes(
            (f"--precision: {precision:g} was not reached within ten million futures; the largest error is {max(errors):.2g}",),
            quiet,
        )
    if output is Format.table:
        print_targets(console(), assessed, measure_names(chosen.catalogue))
        return
    records = [one.as_record() for one in assessed]
    print(as_json(records) if output is Format.json else as_csv(records, list(TargetAssessment.__dataclass_fields__)))
