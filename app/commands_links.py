"""`sourcecast links`: what the cities say of a link between two measures."""

from typing import Annotated

import typer

from app.options import Data, Format, FormatOption, KnownBy, NoBundled, Quiet, choose, vintage
from app.terminal import console, measure_names, notes

HEADINGS = {
    "scope": "Scope",
    "places": ">Cities",
    "years": "Years",
    "elasticity": ">Elasticity",
    "error": ">Error ±",
    "explained": ">Explained",
}
LEGEND = (
    "Elasticity: percent more {target} in cities that have one percent more {source}. It tells what goes together, not what would follow: a city may "
    "have more of both for reasons of its own. Nothing is linked unless a scenario says so."
)


def links(
    from_measure: Annotated[str, typer.Argument(metavar="FROM", help="A measure, such as employees.")],
    to_measure: Annotated[str, typer.Argument(metavar="TO", help="Another, such as contract_value_executed.")],
    output: FormatOption = Format.table,
    known_by: KnownBy = "latest",
    data: Data = [],  # noqa: B006  (typer copies the default)
    no_bundled: NoBundled = False,
    quiet: Quiet = False,
) -> None:
    """Estimate from the cities how one measure goes with another, as an offer for the assumption `link` of a scenario."""
    chosen = choose(data, no_bundled, [], [from_measure, to_measure])
    source, target = chosen.measures
    date = vintage(known_by, document=False)
    from app.result_tables import as_csv, as_json, print_records
    from scenarios.link_estimates import estimate_link

    notes(chosen.catalogue.notes, quiet)
    found = estimate_link(chosen.catalogue, source, target, known_by=date)
    records = [one.as_record() for one in found]
    if output is Format.json:
        print(as_json(records))
    elif output is Format.csv:
        print(as_csv(records, list(records[0])))
    else:
        names = measure_names(chosen.catalogue)
        rows = [
            record
            | {
                "places": len(one.cities),
                "years": f"{one.first_year}-{one.last_year}" if one.first_year < one.last_year else one.last_year,
                "elasticity": f"{one.elasticity:.2f}",
                "error": f"{one.error:.2f}",
                "explained": f"{one.explained:.0%}",
            }
            for one, record in zip(found, records, strict=True)
        ]
        print_records(console(), "City by city", rows, HEADINGS)
        console().print(LEGEND.format(source=names[source], target=names[target]))
        console().print("As an assumption of a scenario file, with the lag of your choice:")
        console().print(f"  {found[0].yaml}", highlight=False, soft_wrap=True, markup=False)
