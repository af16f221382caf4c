"""The command `backtest`: how the forecasts of years already known came out."""

from pathlib import Path
from typing import Annotated

import typer

from app.options import (
    MODELS,
    Data,
    Format,
    FormatOption,
    KnownBy,
    Measure,
    NoBundled,
    Place,
    Quiet,
    choose,
    only,
    vintage,
)  # fmt: skip
from app.terminal import console, notes, progress
from data import InputFault

DEFAULT_MODELS = ["auto", "reference"]
PLOT_ENDINGS = (".svg", ".png", ".html")


def backtest(
    origin: Annotated[
        list[int],
        typer.Option("--origin", help="Forecast from this year; repeatable. The last ten possible by default.", show_default=False),
    ] = [],  # noqa: B006  (typer copies the default)
    model: Annotated[
        list[str], typer.Option("--model", help=f"Score this model: {', '.join(MODELS)}; repeatable.")
    ] = DEFAULT_MODELS,
    place: Place = [],  # noqa: B006
    measure: Measure = [],  # noqa: B006
    output: FormatOption = Format.table,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Write the calibration plot to this file: .svg, .png or .html.", show_default=False),
    ] = None,
    known_by: KnownBy = "latest",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Hide known years and places, forecast them and score the forecasts, beside simple baselines."""
    for name in model:
        only("--model", name, MODELS)
    models = list(dict.fromkeys(name.casefold() for name in model))
    check_plot(plot)
    chosen = choose(data, no_bundled, place, measure)
    catalogue = chosen.catalogue.known_by(vintage(known_by, document=False))
    notes(chosen.catalogue.notes, quiet)
    from app.backtest_tables import print_backtest
    from app.result_tables import as_csv, as_json
    from forecast.backtest import backtest as run_backtest
    from forecast.backtest_summary import BACKTEST_FIELDS, cannot_calibrate, reference_rows, summarise
    from forecast.models import MODELS as BY_NAME

    with progress("Forecasting what is known", quiet) as report:
        run = run_backtest(
            catalogue,
            models={name: BY_NAME[name] for name in models},
            origins=origin,
            places=chosen.places,
            measures=chosen.measures,
            progress=report,
        )
        rows = summarise(run)
    thin = cannot_calibrate(run)
    reference = reference_rows() if thin else []
    if plot is not None:
        from app.calibration_chart import calibration_chart
        from app.chart_files import write_chart

        if not run.scores:
            raise InputFault(
                f"--plot: {str(plot)!r} found, but no known year could be hidden and forecast; there is nothing to draw"
            )
        write_chart(calibration_chart(run), plot)
    if output is Format.table:
        print_backtest(console(), run, rows, reference, thin)
        return
    notes((thin,) if thin else (), quiet)
    text = as_json([*rows, *reference]) if output is Format.json else as_csv([*rows, *reference], BACKTEST_FIELDS)
    print(text)


def check_plot(plot: Path | None) -> None:
    """Refuse a file that could not be written, before any work is done."""
    if plot is None:
        return
    if plot.suffix.casefold() not in PLOT_ENDINGS:
        raise InputFault(f"--plot: {str(plot)!r} found; allowed: a name that ends in {', '.join(PLOT_ENDINGS)}")
    if not plot.parent.is_dir() or plot.is_dir():
        raise InputFault(f"--plot: {str(plot)!r} found; allowed: a file in a folder that exists")
