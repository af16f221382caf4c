"""`sourcecast forecast`: levels to come of every series, printed, or kept as a run where a batch asks for them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.log_lines import log_lines
from app.options import (
    MODELS,
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
    Scope,
    Seed,
    Threads,
    Verbose,
    Workers,
    choose,
    only,
    positive,
    vintage,
)  # fmt: skip
from app.simulated_runs import Effort, folder_of_batch, keep_run
from app.terminal import console, measure_names, notes, progress
from data import InputFault

if TYPE_CHECKING:  # the room is imported when it is needed
    from forecast import SeriesKey

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


def forecast(
    context: typer.Context,
    batch: Annotated[
        Path | None,
        typer.Argument(help="A batch: a YAML file that names models or scenarios (docs/runs.md); with --out.", show_default=False),
    ] = None,
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
    out: Out = None,
    resume: Resume = False,
    workers: Workers = None,
    scheduler: Scheduler = "",
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Forecast every series: mean and quantiles by period. A batch keeps the forecasts by its models as a run.

    The forecast is exact: paths, seed and threads do not change it.
    """
    del seed
    how = Effort.of(out, threads, workers, scheduler, resume=resume, verbose=verbose, quiet=quiet)
    if batch is not None:
        folder = folder_of_batch(context, out)
        with log_lines(verbose), how.others() as others:  # workers start while figures are read
            chosen = choose(data, no_bundled, [], [])
            notes(chosen.catalogue.notes, quiet)
            from scenarios.batch import read_forecasts

            keep_run(read_forecasts(batch, chosen.catalogue), chosen, folder, how, others)
        return
    if out is not None:
        raise InputFault("--out: found without a batch, which says what is kept; name a YAML file (docs/runs.md)")
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
    reasons = Counter(reason for key, reason in yearly.items() if key in series)
    behind = f"{len(own)} series in months or quarters: by their own past errors alone, for no class of such series was learned"
    return (*([behind] if own else []), *(f"{count} series in years only: {reason}" for reason, count in reasons.items()))
