"""`--out` of `sourcecast simulate` and `forecast`: a scenario or a batch computed as a run that is kept."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.options import Choice, positive
from app.terminal import notes, progress
from data import InputFault

if TYPE_CHECKING:  # pandas and numba come with them
    from scenarios.batch import Request
    from scenarios.run_making import Engine
    from scenarios.scenario import Scenario


class RunFormat(StrEnum):
    """How `simulate` prints results, or what it exports them as."""

    table = "table"
    json = "json"
    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    netcdf = "netcdf"


PRINTED, EXPORTED = ("table", "json", "csv"), ("table", "csv", "parquet", "xlsx", "netcdf")
STATED_IN_BATCH = {
    "place": "places", "measure": "measures", "paths": "paths", "seed": "seed", "known_by": "vintage", "draws": "draws", "output": "formats",
    "model": "models", "horizon": "horizon",
}  # fmt: skip
NOT_IN_BATCH = ("scope", "origin")


def only_with_out(out: Path | None, **given: bool) -> None:
    """Refuse options that say nothing without `--out`."""
    for option in [name for name, is_given in given.items() if is_given and out is None]:
        raise InputFault(f"--{option}: found without --out; add --out with a folder to keep the run in")


def check_options(output: RunFormat, out: Path | None, *, draws: bool) -> None:
    """Refuse draws without `--out`, and formats that say nothing without or with it."""
    only_with_out(out, draws=draws)
    allowed = PRINTED if out is None else EXPORTED
    if output not in allowed:
        with_out = "with" if out is not None else "without"
        raise InputFault(f"--format: {output.value!r} found; allowed {with_out} --out: {', '.join(allowed)}")


def folder_of_batch(context: typer.Context, out: Path | None) -> Path:
    """Return the folder for a batch, and refuse options that it states itself."""
    for name, source in ((name, context.get_parameter_source(name)) for name in (*STATED_IN_BATCH, *NOT_IN_BATCH)):
        if source is not None and source.name == "COMMANDLINE":
            option = {"output": "format", "known_by": "known-by"}.get(name, name)
            cure = "which states its own; write `{}:` in the file" if name in STATED_IN_BATCH else "which has none; leave it out"
            raise InputFault(f"--{option}: found with a batch, {cure.format(STATED_IN_BATCH.get(name))}")
    if out is None:
        raise InputFault("--out: nothing found; a batch needs a folder to keep its run in")
    return out


def request_of_scenario(
    scenario: "Scenario", chosen: Choice, paths: int, seed: int, known_by: str, draws: bool, output: RunFormat
) -> "Request":  # fmt: skip
    """Ask for one scenario."""
    from scenarios.batch import LARGEST_SEED, MOST_DRAWS, Batch, Request
    from scenarios.fields import ALL

    if draws and paths > MOST_DRAWS:
        raise InputFault(f"--draws: of {paths} futures asked for; allowed with at most {MOST_DRAWS}")
    if not 0 <= seed <= LARGEST_SEED:
        raise InputFault(f"--seed: {seed} found; allowed with --out: 0 to {LARGEST_SEED}")
    batch = Batch(
        title=scenario.title, places=chosen.places or ALL, measures=chosen.measures or ALL, scenarios=(scenario.title,), paths=paths,
        seed=seed, vintage=known_by, draws=draws, formats=() if output is RunFormat.table else (output.value,),
    )  # fmt: skip
    return Request(batch, (scenario,))


@dataclass(frozen=True)
class Effort:
    """Who computes a run, whether one that was begun is gone on with, and what is told of it."""

    threads: int | None
    workers: int | None
    scheduler: str
    resume: bool
    verbose: bool
    quiet: bool

    @classmethod
    def of(
        cls, out: Path | None, threads: int | None, workers: int | None, scheduler: str, *, resume: bool, verbose: bool, quiet: bool
    ) -> "Effort":
        """Take the options of a command, and refuse what does not go together."""
        only_with_out(out, resume=resume, verbose=verbose, workers=workers is not None, scheduler=bool(scheduler))
        if workers is not None and scheduler:
            raise InputFault("--workers: found with --scheduler, which has its own; leave one of them out")
        positive("--threads", threads)
        positive("--workers", workers)
        return cls(threads, workers, scheduler, resume, verbose, quiet)

    def others(self) -> "AbstractContextManager[Engine | None]":
        """Return who computes blocks if not this process: workers on this machine, or those of a scheduler."""
        if self.workers is None and not self.scheduler:
            return nullcontext()
        from scenarios.cluster import on_scheduler, on_workers

        return on_scheduler(self.scheduler) if self.scheduler else on_workers(self.workers or 1)


def keep_run(request: "Request", chosen: Choice, out: Path, how: Effort, others: "Engine | None") -> None:
    """Compute a run, or what is left of it, in this process or by others, export it, and say where it is."""
    from scenarios.exports import check_formats, export_run, filled
    from scenarios.run_making import in_this_process, make_run
    from scenarios.run_store import Store

    check_formats(request.batch.formats)
    store = Store(out)
    try:
        with progress("Computing", how.quiet or how.verbose) as report:
            engine = others or in_this_process(how.threads)
            made = make_run(store, chosen.catalogue, request, engine, resume=how.resume, progress=report)
            said = export_run(store, made.manifest, request.batch.formats)
    except KeyboardInterrupt as stopped:
        if stopped.args:
            print(f"sourcecast: {stopped}", file=sys.stderr)
        raise
    notes((*said, *(f"{count} series: {sentence}" for sentence, count in made.manifest["notes"].items())), how.quiet)
    counts = {name: made.manifest["tables"][name]["rows"] for name in filled(made.manifest)}
    tables = [f"{count:,} {name if count > 1 else name[:-1]}" for name, count in counts.items()]
    already = "" if made.computed else " (there already)"
    print(f"run {made.name}: {in_words(tables)} in {out}{already}")


def in_words(parts: Sequence[str]) -> str:
    """Join parts of a sentence."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts) or "no rows"
