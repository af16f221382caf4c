"""`sourcecast influence`: what each series weighs in the growth that its family shares."""

from typing import Annotated

import typer

from app.options import Data, Format, FormatOption, KnownBy, Measure, NoBundled, Place, Quiet, between, choose, vintage
from app.terminal import console, measure_names, notes
from data import InputFault

HEADINGS = {
    "series": "Series",
    "family": "Family",
    "points": ">Years known",
    "data_weight": ">Data weight",
    "growth_change": ">Growth without it",
    "fade_change": ">Fade without it",
}
LEGEND = (
    "Data weight: the share of what is open about its growth up to the horizon that a series' own figures settle; the rest is its family's. "
    "Without it: by how many points a year the common growth of the coming years, and by how much the share of a boom that is left after a "
    "year, would change for all series of the family if this one were not known."
)


def influence(
    place: Place = [],  # noqa: B006  (typer copies the default)
    measure: Measure = [],  # noqa: B006
    horizon: Annotated[int, typer.Option("--horizon", help="Last of the coming years.")] = 2020,
    output: FormatOption = Format.table,
    known_by: KnownBy = "latest",
    data: Data = [],  # noqa: B006
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Tell what each series weighs: how far its own figures count, and how its family's growth changes when it is left out."""
    between("--horizon", horizon, 1900, 2199)
    chosen = choose(data, no_bundled, place, measure)
    date = vintage(known_by, document=False)
    from app.result_tables import as_csv, as_json, print_records
    from app.sentences import series_words
    from forecast import believe
    from forecast.influence import INFLUENCE_FIELDS, influences

    notes(chosen.catalogue.notes, quiet)
    wanted = [
        one
        for one in influences(believe(chosen.catalogue, date), horizon)
        if (not chosen.places or one.key.place in chosen.places) and (not chosen.measures or one.key.measure in chosen.measures)
    ]
    if not wanted:
        raise InputFault("no series matches; `sourcecast data list` shows what is known")
    records = [one.as_record() for one in wanted]
    if all(record["data_weight"] is None and record["growth_change"] is None for record in records):
        raise InputFault(f"--horizon: {horizon} found; every chosen series is known up to then; a later year is allowed")
    if output is Format.json:
        print(as_json(records))
    elif output is Format.csv:
        print(as_csv(records, INFLUENCE_FIELDS))
    else:
        names = measure_names(chosen.catalogue)
        rows = [
            in_words(record) | {"series": series_words(str(one.key), names)} for record, one in zip(records, wanted, strict=True)
        ]
        print_records(console(), f"What each series weighs, up to {horizon}", rows, HEADINGS)
        console().print(LEGEND)


def in_words(record: dict[str, object]) -> dict[str, object]:
    """Write the numbers of one record for people."""
    patterns = {"data_weight": "{:.0%}", "growth_change": "{:+z.2f}", "fade_change": "{:+z.3f}"}
    written = {name: "-" if record[name] is None else pattern.format(record[name]) for name, pattern in patterns.items()}
    return record | written
