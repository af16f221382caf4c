"""What is known, as tables: places and measures, the reconstructed levels of one place with the facts behind them, and the rulings."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from app.numbers import amount
from data import Catalogue, Fact, InputFault
from data.records import records
from data.rulings import Ruling, rulings
from forecast import Series, reconstruct
from forecast.periods import EARLIER, SHORTER, SUMMED, is_part_of_year

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
    "chi_square",
    "freedom",
)


def listing(catalogue: Catalogue) -> list[dict[str, object]]:
    """List every place and measure with its number of facts, targets, rulings and reconstructed series."""
    found: list[dict[str, object]] = []
    ledger, series = rulings(catalogue), [one.key for one in reconstruct(catalogue)]
    for kind, table in (("place", catalogue.places), ("measure", catalogue.measures)):
        counts = {
            "facts": Counter(catalogue.facts[kind]),
            "targets": Counter(catalogue.targets[kind]),
            "rulings": Counter(getattr(one, kind) for one in ledger),
            "series": Counter(getattr(key, kind) for key in series),
        }
        for name, chinese in zip(table[kind], table["name_zh"], strict=True):
            found.append({"kind": kind, "name": name, "name_zh": chinese} | {what: number[name] for what, number in counts.items()})
    return found


def series_of(catalogue: Catalogue, place: str) -> list[Series]:
    """Reconstruct the series of one place."""
    return [one for one in reconstruct(catalogue) if one.key.place == place]


def known_levels(catalogue: Catalogue, place: str) -> list[dict[str, object]]:
    """Return each year's level of every series of a place with its 80 % interval and the facts behind it."""
    records: list[dict[str, object]] = []
    for one in series_of(catalogue, place):
        for column, year in enumerate(one.years):
            low, high = one.interval(year)
            key = {"place": one.key.place, "measure": one.key.measure, "scope": one.key.scope, "unit": one.key.unit}
            aside = [f"{fact}: {reason}" for fact, reason in one.set_aside]
            numbers = {"period": str(year), "level": one.level(year), "low": low, "high": high, "basis": basis(one, column)}
            origin = {"facts": list(one.behind[column]), "set_aside": aside, "conflicts": list(one.conflicts)}
            records.append(key | numbers | origin | {"chi_square": one.chi_square, "freedom": one.freedom})
    return records


def basis(series: Series, column: int) -> str:
    """Say whether a year's level is printed somewhere or follows from other figures."""
    return "stated" if series.stated[column] else "derived"


def print_place(console: Console, catalogue: Catalogue, place: str) -> None:
    """Print what is known of a place, series by series, then the figures that no series uses."""
    facts = {fact.fact: fact for fact in records(catalogue.facts, Fact)}
    own = [fact for fact in facts.values() if fact.place == place]
    if not own:
        raise InputFault(f"{place}: no figure is known; `sourcecast data list` shows where there are some")
    ledger: dict[str, list[Ruling]] = {}
    for ruling in rulings(catalogue):
        ledger.setdefault(ruling.about, []).append(ruling)
    series = series_of(catalogue, place)
    names = dict(zip(catalogue.measures["measure"], catalogue.measures["name_en"], strict=True))
    for one in series:
        print_series(console, one, names[one.key.measure], facts, ledger)
    shown = {fact for one in series for fact in (*one.facts, *(name for name, _ in one.set_aside))}
    rest = [fact for fact in own if fact.fact not in shown]
    if rest:
        table = plain_table("Figures that no series uses", "Measure", "Scope", "Period", "Kind", "Printed", "Source")
        for row in rest:
            table.add_row(row.measure, row.scope, row.period, row.kind, figure(row), f"{row.source}:{row.line:.0f}")
        console.print(table)
        for row in rest:
            print_rulings(console, row, ledger)


def print_series(
    console: Console, one: Series, name: str, facts: dict[str, Fact], ledger: dict[str, list[Ruling]]
) -> None:  # fmt: skip
    """Print one series: each year with its interval and origin, what was set aside, and how well the figures agree."""
    console.print(f"{one.key.place}: {name}, {one.key.scope}, {one.key.unit}")
    table = plain_table("", "Year", "Level", "80 % interval", "Basis", "From")
    for column, year in enumerate(one.years):
        low, high = (amount(bound, one.key.unit, 4) for bound in one.interval(year))
        behind = "; ".join(cited(facts[fact], year) if fact in facts else fact for fact in one.behind[column])
        table.add_row(str(year), amount(one.level(year), one.key.unit, 4), f"{low} to {high}", basis(one, column), behind)
    console.print(table)
    for fact in one.facts:
        print_rulings(console, facts[fact], ledger)
    joined = Counter(reason for _, reason in one.set_aside if reason in (SUMMED, EARLIER, SHORTER))
    for reason, number in joined.items():
        console.print(f"  {number} figure{'s' if number > 1 else ''} of months or quarters: {reason}")
    for fact, reason in one.set_aside:
        if not ledger.get(fact) and reason not in joined:
            console.print(f"  set aside: {figure(facts[fact])} ({facts[fact].source}:{facts[fact].line:.0f}), {reason}")
        print_rulings(console, facts[fact], ledger)
    for conflict in one.conflicts:
        console.print(f"  conflict: {conflict}")
    if one.freedom:
        widened = f"; intervals widened {one.birge:.1f} times" if one.birge > 1.05 else ""
        degrees = "degree" if one.freedom == 1 else "degrees"
        console.print(f"  agreement: chi-square {one.chi_square:.1f} on {one.freedom} {degrees} of freedom{widened}")
    console.print()


def print_rulings(console: Console, fact: Fact, ledger: dict[str, list[Ruling]]) -> None:
    """Print what was ruled on a figure and why."""
    for one in ledger.get(fact.fact, []):
        verdict = {"keep": "kept", "exclude": "set aside", "widen": "used with less trust", "correct": "corrected"}[one.verdict]
        if one.corrected_value is not None:
            verdict = f"read as {amount(one.corrected_value, fact.unit, 4)}"
        console.print(f"  {verdict}: {figure(fact)} ({fact.source}:{fact.line:.0f}) by ruling {one.ruling}. {one.reason}.")


def plain_table(title: str, *headings: str) -> Table:
    """Return an empty table."""
    table = Table(title=title or None, title_justify="left", header_style="bold", pad_edge=False, box=None)
    for heading in headings:
        table.add_column(heading)
    return table


def cited(fact: Fact, year: int) -> str:
    """Cite a figure in the row of a year: its kind where it is no plain level of that year."""
    kind = "" if fact.kind == "level" and fact.period == str(year) else f"{fact.kind.replace('_', ' ')} {fact.period}".strip() + " "
    if fact.kind == "level" and is_part_of_year(fact.period):
        kind = f"up to {fact.period}: "
    return f"{kind}{figure(fact)} ({fact.source}:{fact.line:.0f})"


def figure(fact: Fact) -> str:
    """Quote a figure as it was printed; a user's own figure has only its value."""
    return repr(fact.printed) if fact.printed else f"{fact.value:,.12g} {fact.unit}"


def print_ledger(console: Console, ledger: list[Ruling]) -> None:
    """Print rulings for people: what was printed where, what was decided and why."""
    table = plain_table(f"{len(ledger)} rulings", "Figure", "Verdict", "Reason")
    for one in ledger:
        subject = f"{one.place}: {one.measure}, {one.scope}, {one.period or 'no year'}: {one.printed!r} ({one.source}:{one.line})"
        verdict = one.verdict if one.corrected_value is None else f"correct to {one.corrected_value:,.12g}"
        table.add_row(subject, verdict, one.reason, end_section=True)
    console.print(table)
