"""Scenarios side by side as tables for the terminal."""

from collections.abc import Sequence

from rich.console import Console

from app.numbers import amount, error_in_hundred, in_hundred
from app.result_tables import once, plain_table
from app.sentences import measure_words
from scenarios import Comparison

LEGEND = (
    "Odds: the futures of a hundred in which the target is met, ± the Monte Carlo error; Change: against the first scenario, on the same random "
    "numbers. Where only one year is known of a place its odds are no single number (`sourcecast targets` gives the range), but changes are."
)
PARTS_LEGEND = (
    "In hundredths, from the baseline: under the assumptions alone, with the levers alone, with both. Made by: the part of each term whatever "
    "the order in which terms are thought of (Shapley); parts add up to the whole. Interaction: what terms do together beyond what each does alone."
)
NEGLIGIBLE = 0.0005


def print_comparison(console: Console, compared: Sequence[Comparison], names: dict[str, str]) -> None:
    """Print the odds of each target under each scenario, then what makes the changes."""
    table = plain_table("Targets under each scenario", "Place", "Target", ">By", "Scenario", ">Odds in 100", ">Change")
    targets = once([one.target for one in compared])
    for one, place, target in zip(compared, once([one.place for one in compared]), targets, strict=True):
        said = (aim(one, names), str(one.due or "-")) if target else ("", "")
        table.add_row(place, *said, one.scenario, odds(one), change(one))
    console.print(table)
    console.print(LEGEND)
    explained = [one for one in compared if one.parts and one.probability is not None]
    for scenario in dict.fromkeys(one.scenario for one in explained):
        print_parts(console, scenario, [one for one in explained if one.scenario == scenario], names)
    if explained:
        console.print(PARTS_LEGEND)


def print_parts(console: Console, scenario: str, compared: Sequence[Comparison], names: dict[str, str]) -> None:
    """Print the four lines of a scenario and what each term does to each target."""
    console.print()
    table = plain_table(f"{scenario}: what makes the change", "Place", "Target", ">Base", ">Assumed", ">Levers", ">Both", "Made by")
    for one, place in zip(compared, once([one.place for one in compared]), strict=True):
        lines = (one.baseline, one.baseline_assumed, one.levers_alone, one.probability)
        said = [f"{part.term} {signed(part.part)}" for part in one.parts if abs(part.part) >= NEGLIGIBLE]
        if one.interaction is not None and abs(one.interaction) >= NEGLIGIBLE:
            said.append(f"(interaction {signed(one.interaction)})")
        table.add_row(
            place,
            aim(one, names),
            *(in_hundred(line) if line is not None and one.data_weight else "-" for line in lines),
            "; ".join(said),
        )
    console.print(table)


def aim(one: Comparison, names: dict[str, str]) -> str:
    """Say briefly what is aimed at."""
    what = measure_words(one.measure, one.scope, names)
    return what if one.value is None else f"{amount(one.value, one.unit)} {what}"


def odds(one: Comparison) -> str:
    """Write the odds with their error; nothing where only one year is known of the place, whose level of odds would mislead."""
    if one.probability is None or not one.data_weight:
        return "-"
    return f"{in_hundred(one.probability)} ±{error_in_hundred(one.probability_error or 0.0)}"


def change(one: Comparison) -> str:
    """Write the difference to the first scenario with its error."""
    if one.difference is None:
        return "-"
    return f"{signed(one.difference)} ±{error_in_hundred(one.difference_error or 0.0)}"


def signed(share: float) -> str:
    """Write a change of odds in hundredths, with its sign."""
    return f"{100 * share:+z.1f}"
