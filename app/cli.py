"""The command line: parse, call one function, print. Results go to standard output, messages and progress to standard error."""

import atexit
import gc
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from app.commands_backtest import backtest
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
    MODELS,
    Data,
    Format,
    FormatOption,
    KnownBy,
    Measure,
    NoBundled,
    Paths,
    Place,
    Quiet,
    Scope,
    Seed,
    Threads,
    between,
    choose,
    only,
    positive,
    vintage,
)  # fmt: skip
from app.terminal import console, measure_names, notes, progress
from data import InputFault

if TYPE_CHECKING:  # the room is imported when a command needs it
    from forecast import SeriesKey

command = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="How likely a city is to reach its stated targets, and what growth that would take.",
)
data_command = typer.Typer(no_args_is_help=True, help="The facts behind: list, show, check, import, export, rulings.")
command.add_typer(data_command, name="data")
command.add_typer(runs_command, name="runs")

MODELS_HELP = (
    "auto (pooled, or combination from 8 years on and for measures of one's own), pooled (growth shared over places), reference (what many "
    "annual series teach), combination (reference, theta, damped trend, drift), for 5 to 10 years and more ets, arima, structural, prophet or "
    "prophet-logistic (growth below a ceiling), or thorough (auto and all of these)."
)
HORIZON_HELP = (
    "A year (2020), or periods after each series' last one (+6): years, or under --model auto its own months or quarters where two years or "
    "more of them are known."
)
HORIZON = re.compile(r"\+[1-9]\d?|(19|20|21)\d\d")


command.command()(targets)


@command.command()
def forecast(
    place: Place = [],  # noqa: B006  (typer copies the default)
    measure: Measure = [],  # noqa: B006
    scope: Scope = [],  # noqa: B006
    horizon: Annotated[str, typer.Option("--horizon", help=HORIZON_HELP)] = "2020",
    origin: Annotated[int | None, typer.Option("--origin", help="Use no figure about a later year.")] = None,
    model: Annotated[str, typer.Option("--model", help=MODELS_HELP)] = "auto",
    output: FormatOption = Format.table,
    paths: Paths = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    known_by: KnownBy = "latest",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Forecast every series: mean and quantiles by period. The forecast is exact: paths, seed and threads do not change it."""
    del seed
    only("--model", model, MODELS)
    positive("--paths", paths)
    positive("--threads", threads)
    if not HORIZON.fullmatch(horizon):
        raise InputFault(f"--horizon: {horizon!r} found; allowed: a year such as 2020, or +1 to +99")
    chosen = choose(data, no_bundled, place, measure, scope)
    date = vintage(known_by, document=False)
    notes(chosen.catalogue.notes, quiet)
    from app.result_tables import as_csv, as_json, print_levels
    from forecast import believe
    from forecast.forecast_table import FORECAST_FIELDS, NONE_PERIODIC, Service, forecast_table, until
    from forecast.frequencies import periodic_series

    catalogue = chosen.catalogue if origin is None else until(chosen.catalogue, origin)
    service = Service()
    with progress("Forecasting", quiet):
        belief = believe(catalogue, date)
        own = horizon.startswith("+") and model.casefold() == "auto"
        periodic, yearly = periodic_series(belief, catalogue) if own else (NONE_PERIODIC, {})
        records = forecast_table(
            belief, horizon, places=chosen.places, measures=chosen.measures, scopes=chosen.scopes,
            model=model.casefold(), service=service, periodic=periodic,
        )  # fmt: skip
    said = service.sentences()
    if not records:
        nothing = "no series matches; `sourcecast data list` shows what is known"
        raise InputFault(f"--model: {model!r} found; {'; '.join(said)}; `--model auto` serves any series" if said else nothing)
    notes((*said, *frequency_notes(records, yearly)), quiet)
    if all(record["observed"] is not None for record in records):
        raise InputFault(
            f"--horizon: {horizon!r} found; every chosen series is known up to then; allowed: a later year, or +1 to +99"
        )
    if output is Format.json:
        print(as_json(records))
    elif output is Format.csv:
        print(as_csv(records, FORECAST_FIELDS))
    else:
        headings = {"period": "Period", "observed": "Known", "q10": "10 %", "q50": "50 %", "q90": "90 %"}
        print_levels(console(), "Levels: known and forecast", records, headings, measure_names(chosen.catalogue))


def frequency_notes(records: Sequence[dict[str, object]], yearly: "Mapping[SeriesKey, str]") -> tuple[str, ...]:
    """Say what stands behind forecasts of months and quarters, and why series that have some are forecast in years."""
    from forecast.forecast_table import SEASONAL

    series = {tuple(record[name] for name in ("place", "measure", "scope", "unit")): record["model"] for record in records}
    own = [model for model in series.values() if model == SEASONAL]
    reasons = Counter(reason for key, reason in yearly.items() if astuple(key) in series)
    behind = f"{len(own)} series in months or quarters: by their own past errors alone, for no class of such series was learned"
    return (*([behind] if own else []), *(f"{count} series in years only: {reason}" for reason, count in reasons.items()))


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
    # What is imported and loaded stays to the end: to look through it for cycles again and again, and once more when all is said, takes long.
    gc.set_threshold(100_000)
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
