"""`sourcecast report`: a sheet a place, or a book of all, as a file to hand on."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import typer

from app.commands_scenarios import SCENARIO_HELP, warn
from app.options import Data, KnownBy, NoBundled, Paths, Place, Quiet, Seed, Threads, choose, only, positive, vintage
from app.terminal import notes, progress
from data import InputFault

ENDINGS = (".html", ".pdf", ".docx", ".xlsx")
LANGUAGES = ("en", "zh")
SIMULATED = 0.4  # of the whole, for the bar


def report(
    out: Annotated[Path, typer.Option("--out", help="The file to write: .html, .pdf, .docx or .xlsx.")],
    scenario: Annotated[str, typer.Argument(help=SCENARIO_HELP)] = "baseline",
    place: Place = [],  # noqa: B006  (typer copies the default)
    language: Annotated[str, typer.Option("--language", help="en or zh.")] = "en",
    paths: Paths = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    known_by: KnownBy = "document",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Write a report: each target's odds in words, what is known and may come, facts, rulings and method; all places if none is named."""
    only("--language", language, LANGUAGES)
    check_out(out)
    positive("--paths", paths)
    positive("--threads", threads)
    chosen = choose(data, no_bundled, place, [])
    date = vintage(known_by, document=True)
    notes(chosen.catalogue.notes, quiet)
    from app.language import language_of
    from app.report_content import Run, gather
    from app.report_scenario import effects_of
    from app.reports import report_bytes, write_report
    from forecast import believe
    from scenarios import assess_targets, load_scenario

    loaded = load_scenario(scenario, chosen.catalogue)
    with progress("Writing the report", quiet) as tell:
        assessed = assess_targets(
            chosen.catalogue, known_by=date, paths=paths, seed=seed, threads=threads, places=chosen.places,
            scenario=loaded, progress=lambda share: tell(SIMULATED * share),
        )  # fmt: skip
        run = Run(date, paths, seed)
        belief_of = lru_cache(lambda known_by: believe(chosen.catalogue, known_by))
        effects = effects_of(chosen.catalogue, loaded, run.known_by, run.vintage, paths, seed, threads, chosen.places)
        told = gather(chosen.catalogue, assessed, belief_of, run, language_of(language.casefold()), chosen.places, effects)
        if not told.sheets:
            raise InputFault(
                f"--known-by: {known_by!r} found; neither a target nor a level was known then; a later date is allowed"
            )
        content = report_bytes(told, out.suffix.casefold()[1:], lambda share: tell(SIMULATED + (1 - SIMULATED) * share))
        write_report(content, out)
    warn([one.warnings for one in assessed], quiet)
    print(f"{len(told.sheets)} place{'s' if len(told.sheets) > 1 else ''} written to {out}")


def check_out(out: Path) -> None:
    """Refuse a file that could not be written, before any work is done."""
    if out.suffix.casefold() not in ENDINGS:
        raise InputFault(f"--out: {str(out)!r} found; allowed: a name that ends in {', '.join(ENDINGS)}")
    if not out.parent.is_dir() or out.is_dir() or not os.access(out.parent, os.W_OK):
        raise InputFault(f"--out: {str(out)!r} found; allowed: a file in a folder that exists and can be written to")
