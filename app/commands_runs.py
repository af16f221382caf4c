"""`sourcecast runs`: what has been computed and kept, what is in it, and what moved from one run to another."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.options import Format, FormatOption, Quiet
from app.simulated_runs import in_words
from app.terminal import console, notes, progress
from data import InputFault

if TYPE_CHECKING:  # pandas comes with it
    from scenarios.run_catalogue import Record
    from scenarios.run_comparison import Difference
    from scenarios.run_store import Store

runs_command = typer.Typer(no_args_is_help=True, help="Runs kept by `simulate --out`: list, show, diff, delete.")
DEFAULT_FOLDER = Path("runs")
Folder = Annotated[Path, typer.Option("--dir", help="The folder of runs: what `simulate --out` was given.")]
Run = Annotated[str, typer.Argument(help="The name of a run, or four or more of its first digits.")]
LIST_HEADINGS = {
    "run": "Run", "title": "Title", "state": "State", "started": "Started (UTC)", "data": "Data", "code": "Program", "levels": ">Levels",
    "targets": ">Targets", "forecasts": ">Forecasts", "draws": ">Draws",
}  # fmt: skip
MOVE_HEADINGS = {"of": "Of", "what": "What", "field": "Number", "before": ">Before", "after": ">After", "change": ">Change"}
CAUSE_HEADINGS = {"data": ">Data", "model": ">Model", "scenario": ">Scenario", "simulation": ">Simulation"}
SHOWN_MOVES = 20


def store_in(folder: Path) -> "Store":
    """Return the runs of a folder that exists."""
    from scenarios.run_store import Store

    if not folder.is_dir():
        raise InputFault(f"--dir: {str(folder)!r} found; allowed: a folder of runs, which `simulate --out` makes")
    return Store(folder)


@runs_command.command("list")
def runs_list(folder: Folder = DEFAULT_FOLDER, output: FormatOption = Format.table, quiet: Quiet = False) -> None:
    """List the runs of a folder, the oldest first, and those that were begun and can be resumed."""
    store = store_in(folder)
    from app.result_tables import as_csv, as_json, print_records
    from scenarios.run_catalogue import RUN_FIELDS, list_runs

    records, faults = list_runs(store)
    notes(tuple(faults), quiet)
    if output is Format.json:
        print(as_json(records))
    elif output is Format.csv:
        print(as_csv(records, list(RUN_FIELDS)))
    else:
        print_records(console(), "Runs", [list_cells(one) for one in records], LIST_HEADINGS)


def list_cells(record: "Record") -> "Record":
    """Write a run of the list for people."""

    def text(value: object) -> str:
        return f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)

    started = text(record["started"]).removesuffix("+00:00").replace("T", " ")
    cells: dict[str, object] = {name: text(record[name]) for name in LIST_HEADINGS}
    return cells | {"started": started, "data": text(record["data"])[:8], "code": text(record["code"])[:8]}


@runs_command.command("show")
def runs_show(run: Run, folder: Folder = DEFAULT_FOLDER, output: FormatOption = Format.table) -> None:
    """Show what a run rests on and what it holds, after checking that every file is what was written."""
    store = store_in(folder)
    from app.result_tables import as_csv, print_records

    name = store.find(run)
    manifest = store.manifest(name)
    store.check(name, manifest)
    if output is Format.json:
        print(json.dumps(manifest, ensure_ascii=False, indent=1))
        return
    from scenarios.exports import manifest_lines

    rows: list[dict[str, object]] = [{"name": key, "value": value} for key, value in manifest_lines(manifest)]
    if output is Format.csv:
        print(as_csv(rows, ["name", "value"]))
        return
    print_records(console(), f"Run {name}: {manifest['request']['title']}", rows, {"name": "Name", "value": "Value"})
    console().print(f"{len(manifest['blocks'])} blocks, every file as it was written.")


@runs_command.command("diff")
def runs_diff(before: Run, after: Run, folder: Folder = DEFAULT_FOLDER, output: FormatOption = Format.table) -> None:
    """Say which numbers moved from one run to another, and what part data, model, scenario and simulation have in it."""
    store = store_in(folder)
    from app.result_tables import as_csv, as_json
    from scenarios.run_comparison import MOVE_FIELDS, compare_runs, largest_moves

    ends = store.find(before), store.find(after)
    with progress("Computing what lies between", quiet=False) as report:
        found = compare_runs(store, *ends, report)
    if found.unsplit:
        notes((f"the change is not split: {found.unsplit}",), quiet=False)
    records = list(largest_moves(found, len(found.moves)))
    if output is Format.json:
        print(as_json(records))
    elif output is Format.csv:
        print(as_csv(records, MOVE_FIELDS))
    else:
        print_difference(found, records[:SHOWN_MOVES])


def print_difference(found: "Difference", largest: list[dict[str, object]]) -> None:
    """Print how much moved, the largest moves, and how far they are split."""
    from app.result_tables import print_records

    page = console()
    page.print(
        f"{found.moved:,} of {found.compared:,} numbers moved; {found.only_before:,} rows in the first run only, {found.only_after:,} in the second."
    )
    if not found.compared and not found.moved:
        page.print("No number is in both runs.")
    elif not found.causes:
        page.print(
            "In what both have, the runs differ in nothing that numbers rest on."
            if found.only_before or found.only_after
            else "The runs differ in nothing that numbers rest on."
        )
    elif len(found.causes) == 1:
        page.print(f"They differ in the {found.causes[0]} alone: every change is due to it.")
    elif found.between:
        page.print(f"They differ in {in_words(found.causes)}; split by {in_words(found.between)}, which lie between them.")
    else:
        page.print(f"They differ in {in_words(found.causes)}, and no run lies between them.")
    if largest:
        headings = MOVE_HEADINGS | ({name: CAUSE_HEADINGS[name] for name in found.causes} if found.between else {})
        title = f"{len(largest)} of {len(found.moves):,} rows that moved, those that moved most"
        print_records(page, title, [move_cells(one) for one in largest], headings)


def move_cells(one: dict[str, object]) -> dict[str, object]:
    """Write a row that moved for people: changes in percent, those of odds in points."""
    odds = one["table"] == "targets"

    def change(value: object) -> str:
        unit = "points" if odds else "%"
        return f"{100 * value:+.1f} {unit}" if isinstance(value, float) else "-"

    what = str(one["target"]) if odds else f"{one['place']}, {one['measure']} {one['scope']} {one['unit']}, {one['period']}"
    ends = {name: f"{one[name]:.4g}" if isinstance(one[name], float) else "-" for name in ("before", "after")}
    return (
        {"of": one["of"], "what": what, "field": one["field"]}
        | ends
        | {name: change(one[name]) for name in ("change", *CAUSE_HEADINGS)}
    )


@runs_command.command("delete")
def runs_delete(
    run: Annotated[list[str], typer.Argument(help="The names of runs, finished or not, or four or more of their first digits.")],
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Delete runs with all their files."""
    store = store_in(folder)
    names = [store.find(one, also_unfinished=True) for one in run]
    for name in dict.fromkeys(names):
        store.delete(name)
        print(f"run {name} deleted")
