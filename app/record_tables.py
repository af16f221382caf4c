"""How forecasts of years already known came out, as tables and sentences for people."""

from collections.abc import Sequence

import pandas as pd

from app.backtest_tables import decimals, percent
from app.calibration_chart import coverage_table, odds_tables, pit_table
from app.language import Language
from data.catalogue import TABLES_FOLDER
from data.text_tables import read_text_table
from forecast.backtest import PLACES, YEARS, Backtest, Score
from forecast.backtest_summary import ALL, LEAST_EFFECTIVE, REFERENCE, Record, cannot_calibrate, next_year
from forecast.baselines import RULES
from forecast.gates import LEAST_UNIFORMITY, MOST_INFLATION

MODEL_NAMES = ("auto", "reference", *RULES)


def calibration_tables(scores: list[Score], language: Language) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Put what the three charts of calibration draw under headings in the language: shares, with the range that chance alone allows."""
    say = language.say
    chance = {"low": say("Chance allows from"), "high": say("Chance allows to")}
    tables = (
        (pit_table(scores), {"left": say("Range from"), "right": say("Range to"), "share": say("Share of outcomes")}),
        (coverage_table(scores), {"nominal": say("Promised"), "covered": say("Covered")}),
        (odds_tables(scores)[0], {"stated": say("Odds stated"), "happened": say("Came true"), "events": say("Events")}),
    )
    first, second, third = (table[[*heads, *chance]].rename(columns=heads | chance).round(3) for table, heads in tables)
    return first, second, third


def score_table(rows: Sequence[Record], hidden: str, language: Language) -> pd.DataFrame:
    """Return a row for each model and baseline over all hidden years or places."""
    say = language.say
    return pd.DataFrame(
        [
            {
                say("Model"): model_words(str(row["model"]), language),
                say("Forecasts"): row["n"],
                say("Error (CRPS)"): decimals(row["crps"], 3),
                say("Inside the 80 % interval"): covered_words(row, "coverage_80", language),
                say("Inside the 95 % interval"): covered_words(row, "coverage_95", language),
                say("Intervals should be wider by"): f"× {decimals(row['inflation'], 2)}",
                say("Odds (Brier score)"): decimals(row["brier"], 3),
            }
            for row in rows
            if row["hidden"] == hidden and row["group"] == ALL
        ]
    )


def reference_table(rows: Sequence[Record], language: Language) -> pd.DataFrame:
    """Return the stored scores of the reference class by years known."""
    say = language.say
    return pd.DataFrame(
        [
            {
                say("Years known"): row["value"],
                say("Error (CRPS)"): decimals(row["crps"], 3),
                say("Inside the 80 % interval"): say("{share} of 100", share=percent(row["coverage_80"])),
                say("Inside the 95 % interval"): say("{share} of 100", share=percent(row["coverage_95"])),
            }
            for row in rows
            if row["hidden"] == REFERENCE
        ]
    )


def covered_words(row: Record, name: str, language: Language) -> str:
    """Write a coverage with the band in which it lies if the intervals are right."""
    share, low, high = (percent(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    return language.say("{share} of 100 (right: {low} to {high})", share=share, low=low, high=high)


def model_words(name: str, language: Language) -> str:
    """Name a model or baseline."""
    return language.word("model", name) if language.knows("model", name) else name


def hidden_words(hidden: str, language: Language) -> str:
    """Say what was hidden."""
    say = language.say
    return {
        YEARS: say("Hidden years: forecast from what was known before"),
        PLACES: say("Hidden places: and of the place only its last figure"),
    }[hidden]


def verdicts(rows: Sequence[Record], run: Backtest, language: Language) -> list[str]:
    """Say of which models odds should be withheld, and why."""
    said = []
    for row in rows:
        if row["model"] in run.models and row["hidden"] == YEARS and row["group"] == ALL and row["withheld"]:
            reasons = []
            if isinstance(row["inflation"], float) and row["inflation"] > MOST_INFLATION:
                reasons.append(
                    language.say("its intervals would have to be {factor} times as wide", factor=f"{row['inflation']:.2f}")
                )
            if isinstance(row["pit_p"], float) and row["pit_p"] < LEAST_UNIFORMITY:
                reasons.append(language.say("outcomes fall unevenly over its forecasts"))
            said.append(
                language.say("Do not trust odds of the model {model}: {reasons}.", model=model_words(str(row["model"]), language),
                             reasons="; ".join(reasons) or str(row["withheld"]))
            )  # fmt: skip
    return said


def calibration_sentence(run: Backtest, language: Language) -> str:
    """Say that these figures cannot calibrate, and why; empty if they can."""
    if cannot_calibrate(run) is None:
        return ""
    model = max(run.models, key=lambda name: sum(score.model == name for score in run.scores))
    hidden = [score for score in run.scores if score.model == model and next_year(score)]
    if not hidden:
        return language.say(
            "These figures cannot show whether the odds are right: no year is known after another, so none could be hidden."
        )
    growths = language.say_number("{number} yearly growth", "{number} yearly growths", len(hidden))
    years = language.say_number("{number} year", "{number} years", len({score.year for score in hidden}))
    return language.say(
        "These figures cannot show whether the odds are right: {growths} of {years} could be hidden, and at least {least} independent ones "
        "are needed. The tables below are shown for completeness; judge the model by the other subjects at the end.",
        growths=growths, years=years, least=LEAST_EFFECTIVE,
    )  # fmt: skip


def outcomes() -> pd.DataFrame:
    """Return what is recorded of the years after the documents; empty where there is no such table."""
    path = TABLES_FOLDER / "outcomes.csv"
    return read_text_table(path)[0] if path.exists() else pd.DataFrame()
