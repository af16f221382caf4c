"""What is known, as tables: places and measures, and the reconstructed levels of one place with the facts behind them."""

from rich.console import Console
from rich.table import Table

from app.numbers import amount
from data import Catalogue, Fact, InputFault
from data.records import records
from forecast import Series, reconstruct

LEVEL_FIELDS = (
    "place",
    "measure",
    "scope",
    "unit",
    "period",
    "level",
    "low",
    "high",
    "basis",
    "facts",
    "set_aside",
    "conflicts",
)


def listing(catalogue: Catalogue) -> list[dict[str, object]]:
    """List every place and measure with its number of facts and targets."""
    records: list[dict[str, object]] = []
    for kind, table in (("place", catalogue.places), ("measure", catalogue.measures)):
        facts, targets = catalogue.facts[kind].value_counts(), catalogue.targets[kind].value_counts()
        for name, chinese in zip(table[kind], table["name_zh"], strict=True):
            counts = {"facts": int(facts.get(name, 0)), "targets": int(targets.get(name, 0))}
            records.append({"kind": kind, "name": name, "name_zh": chinese, **counts})
    return records


def series_of(catalogue: Catalogue, place: str) -> list[Series]:
    """Reconstruct the series of one place."""
    return [one for one in reconstruct(catalogue) if one.key.place == place]


def known_levels(catalogue: Catalogue, place: str) -> list[dict[str, object]]:
    """Return each year's level of every series of a place with its 80 % interval and the facts behind it."""
    records: list[dict[str, object]] = []
    for one in series_of(catalogue, place):
        for column, year in enumerate(one.years):
            low, high = one.interval(year)
            basis = "stated" if one.stated[column] else "derived"
            key = {"place": one.key.place, "measure": one.key.measure, "scope": one.key.scope, "unit": one.key.unit}
            aside = [f"{fact}: {reason}" for fact, reason in one.set_aside]
            numbers = {"period": str(year), "level": one.level(year), "low": low, "high": high, "basis": basis}
            records.append(key | numbers | {"facts": list(one.facts), "set_aside": aside, "conflicts": list(one.conflicts)})
    return records


def print_place(console: Console, catalogue: Catalogue, place: str) -> None:
    """Print what is known of a place, series by series, and the facts that no series uses."""
    series = series_of(catalogue, place)
    own = {fact.fact: fact for fact in records(catalogue.facts, Fact) if fact.place == place}
    if not own:
        raise InputFault(f"{place}: no figure is known; `sourcecast data list` shows where there are some")
    for one in series:
        title = f"{one.key.measure} ({one.key.scope}, {one.key.unit})"
        table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
        for heading in ("Year", "Level", "80 % interval", "Basis"):
            table.add_column(heading)
        for column, year in enumerate(one.years):
            low, high = (amount(bound, one.key.unit, 4) for bound in one.interval(year))
            basis = "stated" if one.stated[column] else "derived"
            table.add_row(str(year), amount(one.level(year), one.key.unit, 4), f"{low} to {high}", basis)
        console.print(table)
        for fact in one.facts:
            row = own[fact]
            console.print(
                f"  from {row.kind.replace('_', ' ')} of {row.period or 'no stated year'}: {figure(row)} ({row.source}:{row.line:.0f})"
            )
        for fact, reason in one.set_aside:
            row = own[fact]
            console.print(f"  set aside: {figure(row)} ({row.source}:{row.line:.0f}), {reason}")
        for conflict in one.conflicts:
            console.print(f"  conflict: {conflict}")
        console.print()
    used = {fact for one in series for fact in (*one.facts, *(name for name, _ in one.set_aside))}
    rest = [fact for name, fact in own.items() if name not in used]
    if rest:
        table = Table(title="Figures that no series uses", title_justify="left", header_style="bold", pad_edge=False)
        for heading in ("Measure", "Scope", "Period", "Kind", "Printed", "Source"):
            table.add_column(heading)
        for row in rest:
            table.add_row(row.measure, row.scope, row.period, row.kind, row.printed or figure(row), f"{row.source}:{row.line:.0f}")
        console.print(table)


def figure(fact: Fact) -> str:
    """Quote a figure as it was printed; a user's own figure has only its value."""
    return repr(fact.printed) if fact.printed else f"{fact.value:,.12g} {fact.unit}"
