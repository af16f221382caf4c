"""The command line: parse, call one function, print. Results go to standard output, messages and progress to standard error."""

import atexit
import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from app.commands_backtest import backtest
from app.commands_forecast import forecast
from app.commands_influence import influence
from app.commands_links import links
from app.commands_report import report
from app.commands_runs import runs_command
from app.commands_scenarios import compare, simulate
from app.commands_schema import schema
from app.commands_sensitivity import sensitivity
from app.commands_solve import solve
from app.commands_targets import targets
from app.options import (
    Data,
    Format,
    FormatOption,
    KnownBy,
    NoBundled,
    Place,
    Quiet,
    between,
    choose,
    vintage,
)  # fmt: skip
from app.terminal import console, notes
from data import InputFault

if TYPE_CHECKING:  # the room is imported when a command needs it
    pass

command = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="How likely a city is to reach its stated targets, and what growth that would take.",
)
data_command = typer.Typer(no_args_is_help=True, help="The facts behind: list, show, check, import, export, rulings.")
command.add_typer(data_command, name="data")
command.add_typer(runs_command, name="runs")

command.command()(targets)
command.command()(forecast)
command.command()(influence)
command.command()(links)
command.command()(solve)
command.command()(sensitivity)
command.command()(backtest)
command.command()(simulate)
command.command()(compare)
command.command()(report)
command.command()(schema)


@data_command.command("list")
def data_list(data: Data = [], no_bundled: NoBundled = False, output: FormatOption = Format.table) -> None:  # noqa: B006
    """List places and measures with the number of facts, targets, rulings and series of each."""
    from app.fact_tables import listing
    from app.result_tables import as_csv, as_json, print_records

    records = listing(choose(data, no_bundled, [], []).catalogue)
    fields = {"kind": "Kind", "name": "Name", "name_zh": "中文", "facts": "Facts", "targets": "Targets"}
    fields |= {"rulings": "Rulings", "series": "Series"}
    if output is Format.json:
        print(as_json(records))
    elif output is Format.csv:
        print(as_csv(records, list(fields)))
    else:
        print_records(console(), "Places and measures", records, fields)


@data_command.command("show")
def data_show(
    place: Annotated[str, typer.Argument(help="A place, in English or Chinese.")],
    known_by: KnownBy = "latest",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    output: FormatOption = Format.table,
) -> None:
    """Show what is known of a place: each year's level with its 80 % interval, from which facts, and what was set aside."""
    chosen = choose(data, no_bundled, [place], [])
    date = vintage(known_by, document=False)
    from app.fact_tables import LEVEL_FIELDS, known_levels, print_place
    from app.result_tables import as_csv, as_json

    if output is Format.table:
        print_place(console(), chosen.catalogue.known_by(date), chosen.places[0])
        return
    records = known_levels(chosen.catalogue.known_by(date), chosen.places[0])
    print(as_json(records) if output is Format.json else as_csv(records, LEVEL_FIELDS))


@data_command.command("check")
def data_check(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV or XLSX file or a folder of tables; the bundled tables if not given.")
    ] = None,
) -> None:
    """Check tables: columns, allowed values, references and, where the documents are at hand, every printed figure."""
    from data.checking import check_bundled, check_user_file

    report = check_user_file(file) if file else check_bundled()
    for line in report.checked:
        print(line)
    for line in report.left_out:
        print(f"not checked: {line}", file=sys.stderr)
    if report.faults:
        raise InputFault("\n".join(report.faults))


@data_command.command("import")
def data_import(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file: a row a figure, or a column a year.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write; `--data` takes it from then on.")],
    place: Annotated[str, typer.Option("--place", help="The place of all figures, if the file has no such column.")] = "",
    measure: Annotated[str, typer.Option("--measure", help="The measure, if the file has no such column.")] = "",
    scope: Annotated[str, typer.Option("--scope", help="The scope, if the file has no such column.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="The unit, such as 'USD million' or 万人, if the file has none.")] = "",
    quiet: Quiet = False,
) -> None:
    """Check a file of your own and keep it as tables: nothing is written unless every cell is good."""
    from data.exchange import import_file

    defaults = {"place": place, "measure": measure, "scope": scope, "unit": unit}
    brought = import_file(file, to, {column: text for column, text in defaults.items() if text})
    notes(brought.notes, quiet)
    counts = [f"{count} {table if count > 1 else table[:-1]}" for table, count in brought.rows.items()]
    print(f"{', '.join(counts) or 'nothing new'} written to {to}")


@data_command.command("export")
def data_export(
    file: Annotated[Path, typer.Argument(help="The file to write: .csv or .xlsx.")],
    place: Place = [],  # noqa: B006
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
) -> None:
    """Write the facts as one table for a spreadsheet; importing it again changes nothing."""
    from dataclasses import replace

    from data.exchange import export_facts

    chosen = choose(data, no_bundled, place, [])
    facts = chosen.catalogue.facts
    wanted = facts[facts["place"].isin(chosen.places)] if chosen.places else facts
    print(f"{export_facts(replace(chosen.catalogue, facts=wanted), file)} facts written to {file}")


@data_command.command("rulings")
def data_rulings(
    place: Place = [],  # noqa: B006
    output: FormatOption = Format.table,
) -> None:
    """List the rulings on misprints and contradictions: verdict, reason, and the figures that each rests on."""
    catalogue = choose([], False, [], []).catalogue
    wanted = {catalogue.find_place(name) for name in place}
    from dataclasses import asdict

    from app.fact_tables import print_ledger
    from app.result_tables import as_csv, as_json
    from data.rulings import Ruling, rulings

    ledger = [one for one in rulings(catalogue) if not wanted or one.place in wanted]
    if output is Format.table:
        print_ledger(console(), ledger)
        return
    records = [asdict(one) | {"evidence": list(one.evidence), "findings": list(one.findings)} for one in ledger]
    print(as_json(records) if output is Format.json else as_csv(records, list(Ruling.__dataclass_fields__)))


@command.command()
def app(port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 8501) -> None:
    """Open the app in the browser; it listens on this machine only."""
    between("--port", port, 1024, 65535)
    from app.serving import serve

    serve(port)


def main() -> None:
    """Run a command; exit codes: 0 done, 1 our fault, 2 the input's fault, 130 interrupted."""
    write_utf8()
    # Matrices are small here: threads of the linear algebra library wait for each other (an ARIMA takes twenty times as long on two cores).
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Pydantic looks through the records of all installed libraries for plugins, and there are none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # What is imported and loaded stays to the end: to look through it for cycles again and again, and once more when all is said, takes long.
    gc.set_threshold(500_000)
    atexit.register(gc.freeze)
    try:
        # What the parser refuses comes back as an exception, to be said in one sentence.
        code = command(prog_name="sourcecast", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code)
    except InputFault as fault:
        print(f"sourcecast: {fault}", file=sys.stderr)
        sys.exit(2)
    except TyperException as refused:
        if sentence := usage_sentence(refused):  # nothing is left to say when the help has been printed
            print(f"sourcecast: {sentence}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        reader_gone()
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # typer takes a closed pipe for a failure
            reader_gone()
        raise
    except Exception as error:  # our fault, said without a traceback
        print(f"sourcecast: internal error: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)


def write_utf8() -> None:
    """Write UTF-8 to files and pipes whatever the locale is; a terminal shows a '?' for a letter that it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def usage_sentence(refused: TyperException) -> str:
    """Say in one sentence what the parser refused, with the value it found."""
    sentence = " ".join(refused.format_message().split()).rstrip(".").replace("Value error, ", "")
    if not sentence:
        return ""
    causes: list[dict[str, object]] = getattr(refused.__cause__, "errors", list)()
    found = [repr(one["input"]) for one in causes if repr(one["input"]) not in sentence]
    where = getattr(getattr(refused, "ctx", None), "command_path", "sourcecast")
    return "; ".join([sentence, *(f"{value} found" for value in found), f"`{where} --help` shows what is allowed"])


def reader_gone() -> NoReturn:
    """End quietly when the reader of a pipe has seen enough, as in `sourcecast forecast | head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


if __name__ == "__main__":
    main()
