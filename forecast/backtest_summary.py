"""Scores of many forecasts -> one row a model and group: means, coverage with bands, tests, and differences from the baselines."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from forecast.backtest import PLACES, YEARS, Backtest, Score
from forecast.baselines import RULES
from forecast.calibration import Sharing, design_effect, inflation, mean_with_error, shared_band, uniformity
from forecast.gates import gates_of_scores
from forecast.reference_class import STORED
from forecast.scores import brier
from forecast.series import Floats

BACKTEST_FIELDS = (
    "hidden",
    "model",
    "group",
    "value",
    "n",
    "years",
    "crps",
    "log_score",
    "interval_score_80",
    "interval_score_95",
    "coverage_80",
    "coverage_80_low",
    "coverage_80_high",
    "coverage_95",
    "coverage_95_low",
    "coverage_95_high",
    "pit_p",
    "inflation",
    "events",
    "brier",
    *(f"{what}_{name.replace(' ', '_')}" for name in RULES for what in ("gain_on", "gain_error_on")),
    "withheld",
)
REFERENCE = "reference panel"
ALL = "all"
KNOWN_BANDS = ((1, 1), (2, 2), (3, 5), (6, 10), (11, None))
LEAST_EFFECTIVE = 30  # independent outcomes, below which coverage says little: a band of .63 to .93 around .8 (METHOD D10)

Record = dict[str, object]


def summarise(run: Backtest) -> list[Record]:
    """Return a row for each model and baseline over all hidden years and hidden places, by horizon and by number of known years.

    `withheld` gives the reasons of the gates, unless too little is hidden to judge calibration at all.
    """
    judged = cannot_calibrate(run) is None
    rows: list[Record] = []
    for hidden in (YEARS, PLACES):
        own = [score for score in run.scores if score.hidden == hidden]
        for group, value, chosen in groups(own):
            by_model = {name: [score for score in chosen if score.model == name] for name in (*run.models, *RULES)}
            rows += [
                {"hidden": hidden, "model": name, "group": group, "value": value} | measures_of(scores, by_model)
                for name, scores in by_model.items()
                if scores
            ]
    return [dict.fromkeys(BACKTEST_FIELDS) | row | ({} if judged else {"withheld": None}) for row in rows]


def groups(scores: Sequence[Score]) -> Iterator[tuple[str, str | None, list[Score]]]:
    """Give all scores, then those of each horizon, then those of each band of known years."""
    yield ALL, None, list(scores)
    for horizon in sorted({score.horizon for score in scores}):
        yield "horizon", str(horizon), [score for score in scores if score.horizon == horizon]
    for low, high in KNOWN_BANDS:
        inside = [score for score in scores if low <= score.known and (high is None or score.known <= high)]
        if inside:
            yield "known", f"{low}+" if high is None else str(low) if high == low else f"{low}-{high}", inside


def measures_of(scores: Sequence[Score], by_model: dict[str, list[Score]]) -> Record:
    """Return every number of one row."""
    sharing = sharing_of(scores)
    integral = column(scores, "integral")
    row: Record = {"n": len(scores), "years": len(np.unique(sharing.years))}
    for name, of in (
        ("crps", "crps"),
        ("log_score", "log_score"),
        ("interval_score_80", "interval_80"),
        ("interval_score_95", "interval_95"),
    ):
        row[name] = float(column(scores, of).mean())
    for nominal in (0.8, 0.95):
        inside = covered(integral, nominal)
        low, high = shared_band(nominal, inside, sharing)
        name = f"coverage_{100 * nominal:.0f}"
        row |= {name: float(inside.mean()), f"{name}_low": low, f"{name}_high": high}
    row["pit_p"] = uniformity(integral, sharing)
    row["inflation"] = inflation(column(scores, "ratio"))
    events = np.array([event for score in scores for event in score.events], dtype=float).reshape(-1, 2)
    row["events"] = len(events)
    row["brier"] = float(brier(events[:, 0], events[:, 1]).mean()) if len(events) else None
    for baseline in RULES:
        gain, error = gain_on(scores, by_model[baseline])
        name = baseline.replace(" ", "_")
        row |= {f"gain_on_{name}": gain, f"gain_error_on_{name}": error}
    reasons = gates_of_scores(row["inflation"], row["pit_p"])  # type: ignore[arg-type]
    return row | {"withheld": "; ".join(reasons) or None}


def sharing_of(scores: Sequence[Score]) -> Sharing:
    """Return which forecasts share a calendar year."""
    return Sharing(np.array([score.year for score in scores]), all(score.horizon == 1 for score in scores))


def column(scores: Sequence[Score], name: str) -> Floats:
    """Return one number of each score, (n,)."""
    return np.array([getattr(score, name) for score in scores], dtype=float)


def covered(integral: Floats, nominal: float) -> Floats:
    """Tell (1 or 0) which outcomes lie in the central interval of that probability."""
    return (np.abs(integral - 0.5) <= nominal / 2).astype(float)


def gain_on(scores: Sequence[Score], others: Sequence[Score]) -> tuple[float | None, float | None]:
    """Return by how much the CRPS is below the others' on the forecasts that both made, with its standard error over years."""
    other = {(score.series, score.origin, score.year): score.crps for score in others}
    both = [score for score in scores if (score.series, score.origin, score.year) in other]
    if not both:
        return None, None
    gains = np.array([other[score.series, score.origin, score.year] - score.crps for score in both])
    return mean_with_error(gains, sharing_of(both))


def cannot_calibrate(run: Backtest) -> str | None:
    """Say in one sentence that too few yearly growths are hidden to judge calibration; None if there are enough."""
    counts = Counter(score.model for score in run.scores if next_year(score))
    if not counts:
        return "These figures cannot calibrate: no year is known after another, so no growth could be hidden."
    model = max(run.models, key=lambda name: counts[name])
    scores = [score for score in run.scores if score.model == model and next_year(score)]
    worth = len(scores) / design_effect(covered(column(scores, "integral"), 0.8), sharing_of(scores))
    if worth >= LEAST_EFFECTIVE:
        return None
    hidden = f"{counted(len(scores), 'yearly growth')} could be hidden, of {counted(len({one.year for one in scores}), 'year')}"
    return (
        f"These figures cannot calibrate: {hidden}, "
        f"worth {worth:.0f} independent {'one' if round(worth) == 1 else 'ones'}, and {LEAST_EFFECTIVE} are needed."
    )


def next_year(score: Score) -> bool:
    """Tell whether a score is of the year after the last one known, with nothing else hidden."""
    return score.hidden == YEARS and score.horizon == 1


def counted(number: int, word: str) -> str:
    """Write a number with its noun."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def reference_rows(stored: Path = STORED) -> list[Record]:
    """Return the scores of the reference class, each half of its panel forecast with what the other half taught; empty if there are none."""
    if not stored.is_file():
        return []
    by_length: dict[str, dict[str, float]] = {}
    for one in json.loads(stored.read_text(encoding="utf-8"))["classes"].values():  # from short histories to long ones
        by_length = {length: score for length, score in by_length.items() if int(length) < one["fewest"]}
        by_length |= {length: score for length, score in one["score"].items() if int(length) >= one["fewest"]}
    return [
        dict.fromkeys(BACKTEST_FIELDS)
        | {"hidden": REFERENCE, "model": "reference", "group": "known", "value": length, "crps": score["crps"]}
        | {name: score[name] / 100 for name in ("coverage_80", "coverage_95")}
        for length, score in by_length.items()
    ]
