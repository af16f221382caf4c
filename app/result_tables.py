"""Results as tables for the terminal, JSON and CSV. Every key is always there; null where not defined, never NaN."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from math import isfinite

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.class_tables import class_headings, class_legend, class_rows
from app.numbers import MONEY, amount, error_in_hundred, in_hundred, percent
from app.sentences import aim_words, named_series, series_words
from data.user_tables import guarded
from scenarios import TargetAssessment

Record = dict[str, object]

MATTERS = 0.1  # a change of the odds, without one source, that the table of targets tells

LEGEND = (
    "Odds: the futures of a hundred in which the target is met, ± the Monte Carlo error; 10-90 %: how the odds vary with plausible growth "
    "assumptions (this range alone where only one year is known). Needs, Had: growth in percent a year needed from the last known level, "
    "and achieved last. To even: points a year to be added for even odds."
)


def as_json(records: Sequence[Record]) -> str:
    """Write records as a JSON list."""
    return json.dumps([clean(record) for record in records], ensure_ascii=False, indent=1, allow_nan=False)


def object_as_json(record: Record) -> str:
    """Write one record, with lists of others in it, as a JSON object."""
    return json.dumps(clean(record), ensure_ascii=False, indent=1, allow_nan=False)


def as_csv(records: Sequence[Record], fields: Sequence[str]) -> str:
    """Write records as CSV with the given fields; nested values as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    for record in records:
        tidy = clean(record)
        cells = [tidy[name] for name in fields]
        writer.writerow([csv_cell(cell) for cell in cells])
    return text.getvalue().rstrip("\n")


def csv_cell(cell: object) -> object:
    """Return what stands in a cell of CSV; text that a spreadsheet would run as a formula is guarded."""
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False)
    return guarded(cell) if isinstance(cell, str) else cell


def clean(record: Record) -> Record:
    """Replace numbers that are not finite by None."""
    return {key: finite(value) for key, value in record.items()}


def finite(value: object) -> object:
    """Replace a number that is not finite by None, also within a list or a record."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def print_targets(console: Console, assessments: Sequence[TargetAssessment], names: dict[str, str]) -> None:
    """Print the assessed targets by place with their notes, then what cannot be assessed and why."""
    assessed = [one for one in assessments if one.status == "assessed"]
    rest = [one for one in assessments if one.status != "assessed"]
    notes: dict[str, int] = {}
    table = plain_table(
        "Stated targets and their odds",
        "Place",
        "Target",
        ">By",
        ">Odds in 100",
        ">10-90 %",
        ">Needs",
        ">Had",
        ">To even",
        "Source",
        "Note",
    )
    for one, place in zip(assessed, once([one.place for one in assessed]), strict=True):
        marks = [f"[{notes.setdefault(note, len(notes) + 1)}]" for note in remarks(one, names)]
        table.add_row(place, *assessed_cells(one, names), Text(" ".join(marks)))
    if assessed:
        console.print(table)
        console.print(LEGEND)
    for note, number in notes.items():
        console.print(Text(f"[{number}] {note}"))
    if rest:
        console.print()
        table = plain_table("Targets without odds, and why", "Place", "Target", ">By", "Reason", "Source")
        for one, place in zip(rest, once([one.place for one in rest]), strict=True):
            status = {"withheld": "withheld: ", "due_passed": "past: "}.get(one.status, "")
            cells = (aim_words(one, names), str(one.due or "-"), f"{status}{one.reason or ''}", f"{one.source}:{one.line}")
            table.add_row(place, *cells)
        console.print(table)
    print_class(console, [one for one in rest if one.reference_class], names)
    console.print(f"{len(assessed)} of {len(assessments)} targets assessed.")


def print_class(console: Console, withheld: Sequence[TargetAssessment], names: dict[str, str]) -> None:
    """Print what stands in place of withheld odds."""
    if not withheld:
        return
    target, due, needs, compared, *numbers = class_headings()
    table = plain_table(
        "In place of withheld odds", "Place", target, f">{due}", f">{needs}", compared,
        *(f">{one}".replace(", ", ",\n") for one in numbers),
    )  # fmt: skip
    table.columns[1].min_width, table.columns[4].min_width, last = 14, 10, ""
    for one in withheld:
        for number, row in enumerate(class_rows([one], names)):
            place = names.get(one.place, one.place)
            table.add_row(place if place != last else "", *(("", "", "") if number else row[:3]), *row[3:])
            last = place
    console.print()
    console.print(table)
    console.print(class_legend())


def plain_table(title: str, *headings: str) -> Table:
    """Return an empty table without frames; a heading that begins with '>' is a column of numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        numbers = heading.startswith(">")
        table.add_column(heading.lstrip(">"), justify="right" if numbers else "left", overflow="fold", no_wrap=numbers)
    return table


def once(values: Sequence[str]) -> list[str]:
    """Blank every value that repeats the one before it."""
    return [value if number == 0 or value != values[number - 1] else "" for number, value in enumerate(values)]


def assessed_cells(one: TargetAssessment, names: dict[str, str]) -> list[str]:
    """Return the cells of one assessed target between its place and its notes."""
    probability, error = one.probability or 0.0, one.probability_error or 0.0
    return [
        aim_words(one, names),
        str(one.due),
        "-" if one.data_weight == 0 else f"{in_hundred(probability)} ±{error_in_hundred(error)}",
        f"{in_hundred(one.probability_low or 0.0)}-{in_hundred(one.probability_high or 0.0)}",
        percent(one.required_growth),
        percent(one.observed_growth),
        f"{one.extra_growth_50:+.1f}" if one.extra_growth_50 else "0",
        f"{one.source}:{one.line}",
    ]


def remarks(one: TargetAssessment, names: dict[str, str]) -> list[str]:
    """Say on which series a target stands where that is not its own, and everything else that must be known to read its odds."""
    said = []
    if one.match == "proxy" and one.assessed_by:
        why = f": {one.reason}" if one.reason else ""
        said.append(f"Measured by {series_words(one.assessed_by, names)}{why}.")
    elif one.reason:
        said.append(one.reason[0].upper() + one.reason[1:] + ".")
    others = [
        f"{in_hundred(float(other['probability']))} by {series_words(str(other['assessed_by']), names)}"
        for other in one.alternatives
    ]
    if others:
        said.append(f"Odds on other plausible series: {', '.join(others)}.")
    if one.probability_lower_value is not None and one.probability_upper_value is not None:
        ends = f"{in_hundred(one.probability_lower_value)} at the lower end of what is aimed at, {in_hundred(one.probability_upper_value)}"
        said.append(f"Odds {ends} at the upper.")
    if one.readings:
        meant = [f"{in_hundred(float(other['probability']))} for {other['reading']}" for other in one.readings[1:]]
        said.append(f"Odds if the growth is meant otherwise: {', '.join(meant)}.")
    if one.source_change is not None and abs(one.source_change) >= MATTERS:
        said.append(f"Without the source {one.source_dropped} the odds change by {100 * one.source_change:+.0f} in 100.")
    if one.stale:
        said.append("The last known figure was more than two years old when the target was stated.")
    return said


def print_records(console: Console, title: str, records: Sequence[Record], headings: dict[str, str]) -> None:
    """Print records as a plain table with the chosen fields."""
    table = plain_table(title, *headings.values())
    for record in records:
        table.add_row(*(cell(record[name], str(record.get("unit", ""))) for name in headings))
    console.print(table)


def print_levels(
    console: Console, title: str, records: Sequence[Record], headings: Mapping[str, str], names: Mapping[str, str]
) -> None:  # fmt: skip
    """Print levels by period with the chosen fields, each series named once; money is told in the currency of its series."""
    parts = ("place", "measure", "scope", "unit")
    series = [named_series(*(str(record[part]) for part in parts), names=names) for record in records]
    table = plain_table(title, "Series", *(f">{heading}" for heading in headings.values()))
    for name, record in zip(once(series), records, strict=True):
        unit = str(record["unit"])
        table.add_row(name, *(cell(record[field], "" if unit in MONEY else unit) for field in headings))
    console.print(table)


def cell(value: object, unit: str) -> str:
    """Write one cell: amounts in words, everything else as it is."""
    if isinstance(value, float):
        return amount(value, unit)
    return "" if value is None else str(value)
