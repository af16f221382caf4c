"""What moves the odds of a target, as tables for the terminal and rows for programs."""

from collections.abc import Mapping

from rich.console import Console

from app.comparison_tables import signed
from app.language import ENGLISH, Language
from app.numbers import MONEY, amount, error_in_hundred, in_hundred
from app.result_tables import Record, plain_table
from app.sensitivity_words import thing_words
from app.sentences import series_words
from scenarios import Sensitivity
from scenarios.figure_values import FigureValue
from scenarios.tornado import Swing

ROW_FIELDS = ("part", "name", "unit", "quantity", "value", "error", "low", "high")
MOST_ROWS = 10
LEAST_SWING = 0.005  # what the table of people leaves out
WHY = {
    "next": "next of its own",
    "earlier": "gap in its past",
    "place": "of the same place",
    "family": "of a large place",
}
SWING_LEGEND = (
    "Odds in 100, ± the Monte Carlo error, with one thing held at its 10 and at its 90 % point, or without and with a term. What is believed is "
    "learned: what hangs together with it moves along."
)
VARIANCE_LEGEND = (
    "In hundredths of the variance, with 95 % intervals: alone, what knowing it would take away; in all, what would be left if everything else "
    "were known. Level: ln of what the target counts; met: the target met or not."
)


def print_sensitivity(console: Console, found: Sensitivity, names: Mapping[str, str]) -> None:
    """Print the four parts, each as a short table with its heading."""
    said = f"odds {in_hundred(found.probability)} ±{error_in_hundred(found.probability_error)} in 100"
    console.print(f"{found.target}, under {found.scenario}: {said if found.data_weight else 'odds are told by a range alone'}.")
    print_swings(console, found)
    print_variances(console, found)
    print_misses(console, found)
    if found.figures:
        print_figures(console, found, names)
    for note in found.notes:
        console.print(note)


def print_swings(console: Console, found: Sensitivity) -> None:
    """Print the tornado, the widest swings first."""
    table = plain_table("What moves the odds", "Thing", ">Low", ">High", ">Odds at low", ">Odds at high", ">Swing")
    shown = [one for one in found.swings if abs(one.swing) >= LEAST_SWING][:MOST_ROWS]
    for one in shown:
        swing = f"{signed(one.swing)} ±{error_in_hundred(one.swing_error)}"
        odds = [in_hundred(share) if found.data_weight else "-" for share in (one.probability_at_low, one.probability_at_high)]
        table.add_row(one.thing, *(point_words(one, point) for point in (one.low, one.high)), *odds, swing)
    console.print(table)
    if len(shown) < len(found.swings):
        console.print(f"{len(found.swings) - len(shown)} more move them by less.")
    console.print(SWING_LEGEND)
    console.print()


def point_words(one: Swing, point: float | None, language: Language = ENGLISH) -> str:
    """Write a point of a thing in its unit; of a term without a distribution there is none."""
    if point is None:
        return "-"
    if one.unit in MONEY:
        return amount(point, one.unit, language=language)
    unit = thing_words(one.unit, {}, language)
    if one.unit.startswith("%"):
        return f"{point:+.1f} {unit}"
    return f"{float(f'{point:.3g}'):,.10g} {unit}"


def print_variances(console: Console, found: Sensitivity) -> None:
    """Print Sobol's indices, a row a group of random numbers."""
    table = plain_table("What makes the outcome uncertain", "Random numbers", ">Level: alone", ">in all", ">Met: alone", ">in all")
    for group in dict.fromkeys(one.group for one in found.variance_shares):
        cells = []
        for one in found.variance_shares:
            if one.group == group:
                cells += [interval(one.first, one.first_low, one.first_high), interval(one.total, one.total_low, one.total_high)]
        table.add_row(group, *cells)
    console.print(table)
    console.print(VARIANCE_LEGEND)
    console.print()


def interval(share: float, low: float, high: float) -> str:
    """Write a share of a variance with its interval, in hundredths."""
    return f"{100 * share:z.0f} ({100 * low:z.0f} to {100 * high:z.0f})"


def print_misses(console: Console, found: Sensitivity) -> None:
    """Print when the target is missed."""
    for one in found.misses:
        table = plain_table("When it is missed", "Condition", ">At least", ">At most")
        for limit in one.conditions:
            ends = ("" if end is None else f"{end:,.10g} {limit.unit}" for end in (limit.low, limit.high))
            table.add_row(limit.thing, *ends)
        console.print(table)
        console.print(one.sentence)
        console.print()


def print_figures(console: Console, found: Sensitivity, names: Mapping[str, str]) -> None:
    """Print the figures that would move the odds most."""
    table = plain_table(
        "Missing figures that would sharpen the odds", "Figure", ">Year", "Why", ">Odds move by", ">Variance removed"
    )
    for one in found.figures[:MOST_ROWS]:
        moves = f"{100 * one.change:.1f} ±{error_in_hundred(one.change_error)}"
        table.add_row(figure_words(one, names), str(one.year), WHY[one.why], moves, f"{100 * one.variance_share:.0f} %")
    console.print(table)
    console.print(figure_sentence(found.figures[0], names))


def figure_words(one: FigureValue, names: Mapping[str, str]) -> str:
    """Name the series of a figure."""
    return series_words("|".join((one.place, one.measure, one.scope, one.unit)), names)


def figure_sentence(one: FigureValue, names: Mapping[str, str]) -> str:
    """Say what a figure would do."""
    return (
        f"The figure of {one.year} of {figure_words(one, names)} would move the odds by {100 * one.change:.1f} in 100 on average, up or down, and "
        f"take away {100 * one.variance_share:.0f} % of the doubt whether the target is met."
    )


def rows_of(found: Sensitivity) -> list[Record]:
    """Return all parts as long rows, a number each, with the fields `ROW_FIELDS`."""
    rows = [row("target", found.target, "", "probability", found.probability, found.probability_error)]
    for swing in found.swings:
        named = ("swings", swing.thing)
        rows += [row(*named, swing.unit, name, point) for name, point in (("low", swing.low), ("high", swing.high))]
        rows += [
            row(*named, "share", "probability_at_low", swing.probability_at_low, swing.error_at_low),
            row(*named, "share", "probability_at_high", swing.probability_at_high, swing.error_at_high),
            row(*named, "share", "swing", swing.swing, swing.swing_error),
        ]
    for one in found.variance_shares:
        first, total = (one.first, None, one.first_low, one.first_high), (one.total, None, one.total_low, one.total_high)
        rows += [row("variance_shares", one.group, "share", f"{one.outcome}, first", *first)]
        rows += [row("variance_shares", one.group, "share", f"{one.outcome}, total", *total)]
    for box in found.misses:
        rows += [row("misses", limit.thing, limit.unit, "limits", None, None, limit.low, limit.high) for limit in box.conditions]
        rows += [row("misses", "", "share", "missed", box.missed), row("misses", "", "share", "size", box.size)]
        rows += [row("misses", "", "share", "density", box.density, box.density_error)]
        rows += [row("misses", "", "share", "coverage", box.coverage, box.coverage_error)]
    for figure in found.figures:
        name = "|".join((figure.place, figure.measure, figure.scope, figure.unit, str(figure.year)))
        rows += [row("figures", name, "share", "change", figure.change, figure.change_error)]
        removed = (figure.variance_removed, figure.variance_removed_error)
        rows += [row("figures", name, "share", "variance_removed", *removed)]
        rows += [row("figures", name, "share", "variance_share", figure.variance_share)]
    return rows


def row(
    part: str, name: str, unit: str, quantity: str, value: float | None, error: float | None = None, low: float | None = None,
    high: float | None = None,
) -> Record:  # fmt: skip
    """Return one long row."""
    return dict(zip(ROW_FIELDS, (part, name, unit, quantity, value, error, low, high), strict=True))
