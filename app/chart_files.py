"""Charts written to files, whole or not at all."""

from pathlib import Path

import altair as alt

from data import InputFault
from data.exchange import written

PIXELS_A_POINT = 2.0


def write_chart(chart: alt.TopLevelMixin, path: Path) -> None:
    """Write a chart as SVG, PNG or a page that asks for nothing from outside, by the ending of the name.

    Raises
    ------
    InputFault
        If the file cannot be written.
    """
    ending = path.suffix.casefold().lstrip(".")
    try:
        with written(path) as draft:
            if ending == "html":
                chart.save(str(draft), format="html", inline=True)
            else:
                chart.save(str(draft), format=ending, scale_factor=PIXELS_A_POINT if ending == "png" else 1.0)
    except OSError as error:
        raise InputFault(f"{path}: cannot be written: {error.strerror or error}") from error
