"""Results as tables for the terminal, JSON and CSV. Every key is always there; null where not defined, never NaN."""

import csv
import io
import json
from collections.abc import Sequence
from math import isfinite

from rich.console import Console
from rich.table import Table

from app.numbers import amount, error_in_hundred, in_hundred, percent
from app.sentences import aim_words
from scenarios import TargetAssessment

Record = dict[str, object]


def as_json(records: Sequence[Record]) -> str:
    """Write records as a JSON list."""
    return json.dumps([clean(record) for record in records], ensure_ascii=False, indent=1, allow_nan=False)


def as_csv(records: Sequence[Record], fields: Sequence[str]) -> str:
    """Write records as CSV with the given fields; nested values as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    for record in records:
        tidy = clean(record)
        cells = [tidy[name] for name in fields]
        writer.writerow([json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell for cell in cells])
    return text.getvalue().rstrip("\n")


def clean(record: Record) -> Record:
    """Replace numbers that are not finite by None."""
    return {key: None if isinstance(value, float) and not isfinite(value) else value for key, value in record.items()}


def print_targets(console: Console, assessments: Sequence[TargetAssessment], names: dict[str, str]) -> None:
    """Print the assessed targets by place, then what cannot be assessed and why."""
    table = Table(title="Stated targets and their odds", title_justify="left", header_style="bold", pad_edge=False)
    for heading, justify in (
        ("Place", "left"), ("Target", "left"), ("By", "right"), ("Met in ... of 100 futures", "right"), ("as growth varies", "right"),
        ("needs a year", "right"), ("had last", "right"), ("for even odds", "right"), ("Source", "left"), ("Remark", "left"),
    ):  # fmt: skip
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    assessed = [one for one in assessments if one.status == "assessed"]
    for one in assessed:
        table.add_row(*assessed_cells(one, names))
    console.print(table)
    console.print(
        f"{len(assessed)} of {len(assessments)} targets assessed. ± is the Monte Carlo error; 'as growth varies' is the 10-90 % range over "
        "plausible growth assumptions; a range alone means that only one year is known of the place; 'for even odds' is what would have to be "
        "added to growth, in points a year."
    )
    rest = [one for one in assessments if one.status != "assessed"]
    if rest:
        console.print()
        other = Table(title="Targets without odds, and why", title_justify="left", header_style="bold", pad_edge=False)
        for heading in ("Place", "Target", "By", "Status", "Reason", "Source"):
            other.add_column(heading, overflow="fold")
        for one in rest:
            due = str(one.due or "-")
            other.add_row(
                one.place,
                aim_words(one, names),
                due,
                one.status.replace("_", " "),
                one.reason or "",
                f"{one.source}:{one.line}",
            )
        console.print(other)


def assessed_cells(one: TargetAssessment, names: dict[str, str]) -> list[str]:
    """Return the cells of one assessed target."""
    probability, error = one.probability or 0.0, one.probability_error or 0.0
    odds = "-" if one.data_weight == 0 else f"{in_hundred(probability)} ±{error_in_hundred(error)}"
    remarks = [
        "proxy: " + one.assessed_by.replace("|", " ") if one.match == "proxy" and one.assessed_by else "",
        "stale" if one.stale else "",
        one.reason or "",
    ]
    remarks += [f"by {other['assessed_by']}: {in_hundred(float(other['probability']))}" for other in one.alternatives]
    return [
        one.place,
        aim_words(one, names),
        str(one.due),
        odds,
        f"{in_hundred(one.probability_low or 0.0)}-{in_hundred(one.probability_high or 0.0)}",
        percent(one.required_growth),
        percent(one.observed_growth),
        f"{one.extra_growth_50:+.1f}" if one.extra_growth_50 else "none",
        f"{one.source}:{one.line}",
        "; ".join(remark for remark in remarks if remark),
    ]


def print_records(console: Console, title: str, records: Sequence[Record], headings: dict[str, str]) -> None:
    """Print records as a plain table with the chosen fields."""
    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    for heading in headings.values():
        table.add_column(heading, overflow="fold")
    for record in records:
        table.add_row(*(cell(record[name], str(record.get("unit", ""))) for name in headings))
    console.print(table)


def cell(value: object, unit: str) -> str:
    """Write one cell: amounts in words, everything else as it is."""
    if isinstance(value, float):
        return amount(value, unit)
    return "" if value is None else str(value)
