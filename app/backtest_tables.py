"""The backtest as tables for people: scores with bands, gains on the baselines, and what follows for odds."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from app.result_tables import once, plain_table
from forecast.backtest import PLACES, YEARS, Backtest
from forecast.backtest_summary import ALL, Record
from forecast.baselines import RULES

TITLES = {
    YEARS: "Hidden years: forecast from what was known up to each origin",
    PLACES: "Hidden places: the same, and of the place its last level only",
}
LEGEND = (
    "CRPS, log score, interval score (of 80 % intervals): of ln(level), smaller is better. Cover: share of outcomes inside the 80 and 95 % "
    "intervals, in percent, and where it lies 95 times of 100 if they are calibrated; outcomes of one year count less than as many of "
    "different years. PIT p: test that outcomes are spread evenly. Widen: factor on the intervals with which 80 % are covered. Brier: of the "
    "odds of reaching multiples of the last level taken from earlier growth. Gained: smaller than the baseline's on the same forecasts, ± the "
    "standard error with years as units (too small where forecasts of several years overlap)."
)
HIDING = "A year is hidden by the year a figure speaks of: figures printed later about earlier years, and rulings made with hindsight, may enter."
HEADINGS = (">n", ">CRPS", ">Log score", ">Interval", ">Cover 80", ">Cover 95", ">PIT p", ">Widen", ">Brier")


def print_backtest(console: Console, run: Backtest, rows: Sequence[Record], reference: Sequence[Record], thin: str | None) -> None:
    """Print what a backtest found, and where it cannot calibrate the scores of the reference panel too."""
    if thin:
        console.print(Text(thin, style="bold"))
    for hidden, title in TITLES.items():
        own = [row for row in rows if row["hidden"] == hidden]
        if not own:
            continue
        print_scores(console, title, [row for row in own if row["group"] == ALL])
        print_gains(console, [row for row in own if row["group"] == ALL and row["model"] in run.models])
        print_groups(console, [row for row in own if row["group"] != ALL and row["model"] in run.models])
    if rows:
        console.print(LEGEND)
        console.print(f"Origins: {', '.join(map(str, run.origins))}. {HIDING}")
    for (model, reason), count in sorted(run.refused.items()):
        if model in run.models:
            console.print(Text(f"{model}: {count} of the forecasts left out: {reason}."))
    for sentence in verdicts(rows, run.models):
        console.print(Text(sentence))
    if thin:
        print_reference(console, reference)


def print_scores(console: Console, title: str, rows: Sequence[Record]) -> None:
    """Print one row for each model and baseline."""
    table = plain_table(title, "Model", *HEADINGS)
    for row in rows:
        table.add_row(str(row["model"]), *score_cells(row))
    console.print(table)


def print_gains(console: Console, rows: Sequence[Record]) -> None:
    """Print by how much the CRPS of each model is below that of the baselines on the same forecasts."""
    names = [name.replace(" ", "_") for name in RULES]
    if all(row[f"gain_on_{name}"] is None for row in rows for name in names):
        return
    table = plain_table("CRPS gained on the baselines", "Model", *(f">{name}" for name in RULES))
    for row in rows:
        table.add_row(str(row["model"]), *(gain(row[f"gain_on_{name}"], row[f"gain_error_on_{name}"]) for name in names))
    console.print(table)


def print_groups(console: Console, rows: Sequence[Record]) -> None:
    """Print the scores by horizon and by number of known years."""
    rows = sorted(rows, key=lambda row: str(row["model"]))
    table = plain_table("By years ahead, and by years known of the series", "Model", "Group", *HEADINGS)
    for row, model in zip(rows, once([str(row["model"]) for row in rows]), strict=True):
        table.add_row(model, group_words(row), *score_cells(row))
    console.print(table)


def group_words(row: Record) -> str:
    """Write a group: 1 year ahead, 3-5 years known."""
    return f"{row['value']} year{'' if row['value'] == '1' else 's'} {'ahead' if row['group'] == 'horizon' else 'known'}"


def print_reference(console: Console, rows: Sequence[Record]) -> None:
    """Print the stored scores of the reference class, or that there are none."""
    if not rows:
        console.print("Scores of the reference panel are absent.")
        return
    console.print(
        "Scores of the reference class on annual series of other subjects, each half forecast by what the other half taught:"
    )
    table = plain_table("Reference panel, cross-fitted", "Years known", ">CRPS", ">Cover 80", ">Cover 95")
    for row in rows:
        table.add_row(str(row["value"]), decimals(row["crps"], 3), percent(row["coverage_80"]), percent(row["coverage_95"]))
    console.print(table)


def verdicts(rows: Sequence[Record], models: Sequence[str]) -> list[str]:
    """Say of which models odds should be withheld, and why, over all years ahead and at each."""
    found = []
    for name in models:
        for row in rows:
            if row["model"] == name and row["hidden"] == YEARS and row["withheld"] and row["group"] in (ALL, "horizon"):
                when = "all years ahead" if row["group"] == ALL else group_words(row)
                found.append(f"Odds of {name} should be withheld ({when}): {row['withheld']}.")
    return found


def score_cells(row: Record) -> list[str]:
    """Return the cells under `HEADINGS`."""
    return [
        str(row["n"]),
        decimals(row["crps"], 3),
        decimals(row["log_score"], 2),
        decimals(row["interval_score_80"], 2),
        banded(row, "coverage_80"),
        banded(row, "coverage_95"),
        "<.001" if isinstance(row["pit_p"], float) and row["pit_p"] < 0.001 else decimals(row["pit_p"], 3),
        decimals(row["inflation"], 2),
        decimals(row["brier"], 3),
    ]


def banded(row: Record, name: str) -> str:
    """Write a coverage with its band: 81 [74-86]."""
    return f"{percent(row[name])} [{percent(row[f'{name}_low'])}-{percent(row[f'{name}_high'])}]"


def gain(value: object, error: object) -> str:
    """Write a difference with its standard error."""
    if not isinstance(value, float):
        return "-"
    return f"{value:+.3f}" + (f" ±{error:.3f}" if isinstance(error, float) else "")


def percent(share: object) -> str:
    """Write a share in percent without decimals."""
    return f"{100 * share:.0f}" if isinstance(share, float) else "-"


def decimals(value: object, digits: int) -> str:
    """Write a number with so many decimals, '-' where there is none."""
    return f"{value:.{digits}f}" if isinstance(value, float) else "-"
