"""Measure forecasts on public annual series that nothing was learned on: M3 yearly (645) and 100 complete series of M4 (1970 to 2015).

    python benchmarks/accuracy.py --reason "why this run"

Every run appends its scores to docs/accuracy-log.csv with the commit and the reason, so that it can be seen how often these sets were
looked at, and writes docs/accuracy.md, with statsforecast's models beside ours where its environment stands (`make peers`). Full
histories are scored in units of the series by its mean absolute first difference (h = 6), short ones on ln(value) after the last 1, 2, 3, 4
and 6 values. Series are taken as precisely known.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the command line does; before numpy

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.peers import PEERS, peer_quantiles
from benchmarks.public_series import ROOT, folder, read
from forecast.classical import CLASSICAL, NotAdmissible, predict_classical
from forecast.combination import forecast_many, predict_combined
from forecast.forecast_table import quantile_name
from forecast.prediction import Prediction
from forecast.reference_prediction import predict_reference
from forecast.routing import beside
from forecast.scores import PINBALL_LEVELS, crps, interval_score, scale_of
from forecast.series import Series, SeriesKey
from forecast.siblings import siblings_by_measure

LOG, PAGE = ROOT / "docs" / "accuracy-log.csv", ROOT / "docs" / "accuracy.md"
SETS = {"M3 yearly": "m3_yearly.parquet", "M4 yearly, 100 series": "m4_yearly_rt100.parquet"}
LENGTHS = (1, 2, 3, 4, 6)
LEVELS = (0.025, *(round(float(level), 2) for level in PINBALL_LEVELS), 0.975)
LOW_95, LOW_80, MIDDLE, HIGH_80, HIGH_95 = 0, 2, 10, 18, 20
FIRST_YEAR = 1901  # made up: the sets do not all say their years
FIELDS = ("commit", "reason", "set", "history", "model", "crps", "mase", "msis_95", "coverage_80", "coverage_95")
SCORES = FIELDS[5:]

Row = dict[str, object]
Model = Callable[[list[np.ndarray], int, bool], np.ndarray | None]


def ours(combined: bool) -> Model:
    """Return our model: quantiles (m, q, ahead) of the values to come; `auto` takes the series of a set for those of one measure."""

    def forecast(histories: list[np.ndarray], ahead: int, _: bool) -> np.ndarray:
        together = siblings_by_measure(as_series(*one) for one in enumerate(histories)) if combined else {}
        return forecast_many(histories, ahead, LEVELS, combined=combined, siblings=next(iter(together.values()), None))

    return forecast


def peer(name: str) -> Model:
    """Return a model of statsforecast; None where its environment does not stand."""
    return lambda histories, ahead, short: peer_quantiles(name, histories, ahead, LEVELS, logarithms=short)


def as_series(number: int, history: np.ndarray) -> Series:
    """A history as the forecast knows it, precisely known."""
    n = len(history)
    years = tuple(range(FIRST_YEAR, FIRST_YEAR + n))
    key = SeriesKey(f"series {number}", "public_series", "total", "count")
    return Series(key, years, np.log(history), np.zeros((n, n)), (True,) * n, (), ((),) * n)


def library_members(history: np.ndarray, number: int, ahead: int) -> dict[str, Prediction]:
    """What the models of libraries say of one series, those that are admissible."""
    found = {}
    series = as_series(number, history)
    for name in CLASSICAL:
        try:
            found[name] = predict_classical(name, series, series.origin + ahead)
        except NotAdmissible:
            continue
    return found


def libraries(histories: list[np.ndarray], ahead: int) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Quantiles (m, q, ahead) of every library model and of `thorough`, and on how many series each was not admissible.

    There the class stands for the model, as it does for whoever asks for the best that can be had.
    """
    names = [*CLASSICAL, "thorough"]
    found: dict[str, list[np.ndarray]] = {name: [] for name in names}
    refused = dict.fromkeys(names, 0)
    for number, history in enumerate(histories):
        series = as_series(number, history)
        members = library_members(history, number, ahead)
        auto = predict_combined(series, series.origin + ahead)
        members["thorough"] = beside(auto, list(members.values()))
        for name in names:
            refused[name] += name not in members
            one = members.get(name) or predict_reference(series, series.origin + ahead)
            found[name].append(one.quantiles(LEVELS))
        print(f"\r{number + 1} of {len(histories)} series by library models", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {name: np.array(rows) for name, rows in found.items()}, refused


def by_command(histories: list[np.ndarray], ahead: int) -> np.ndarray:
    """Quantiles (m, q, ahead) that `sourcecast forecast` prints for a tidy file of all series."""
    rows = [
        (f"series {number:04d}", "public_series", FIRST_YEAR + step, repr(float(value)))
        for number, history in enumerate(histories)
        for step, value in enumerate(history)
    ]
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "series.csv")
        pd.DataFrame(rows, columns=["place", "measure", "period", "value"]).to_csv(file, index=False)
        command = [sys.executable, "-m", "app.cli", "forecast", "--data", str(file), "--no-bundled", "--horizon", f"+{ahead}"]
        done = subprocess.run([*command, "--format", "csv", "--quiet"], cwd=ROOT, capture_output=True, check=True)  # noqa: S603
        (Path(place) / "out.csv").write_bytes(done.stdout)
        table = pd.read_csv(Path(place) / "out.csv")
    coming = table[table["observed"].isna()].sort_values(["place", "period"])
    return (
        coming[[quantile_name(level) for level in LEVELS]]
        .to_numpy(float)
        .reshape(len(histories), ahead, len(LEVELS))
        .transpose(0, 2, 1)
    )


MODELS: dict[str, Model] = {"auto": ours(True), "reference": ours(False)} | {name: peer(name) for name in PEERS}


def series_scores(coming: np.ndarray, quantiles: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Score each series: (m, 5), in the order of SCORES, from outcomes (m, ahead) and quantiles (m, q, ahead)."""
    by_level = quantiles.transpose(1, 0, 2)
    inside = [(by_level[low] <= coming) & (coming <= by_level[high]) for low, high in ((LOW_80, HIGH_80), (LOW_95, HIGH_95))]
    return np.stack(
        [
            crps(coming, by_level[1:-1]).mean(axis=1) / scale,
            np.abs(coming - by_level[MIDDLE]).mean(axis=1) / scale,
            interval_score(coming, by_level[LOW_95], by_level[HIGH_95], 0.05).mean(axis=1) / scale,
            *(100 * one.mean(axis=1) for one in inside),
        ],
        axis=1,
    )


def measure(name: str, with_libraries: bool) -> tuple[dict[tuple[str, str], np.ndarray], dict[str, int]]:
    """Score every model on full and short histories of a set: (history, model) -> scores of each series (m, 5); and who was refused how often."""
    series = read(SETS[name])
    found, refused = {}, {}
    for n in (None, *LENGTHS):
        histories = [np.exp(one.known if n is None else one.known[-n:]) for one in series]
        coming = np.array([np.exp(one.coming) for one in series])
        for model, forecast in MODELS.items():
            quantiles = forecast(histories, coming.shape[1], n is not None)
            if quantiles is None:
                continue
            if n is None:
                scale = np.array([scale_of(np.exp(one.known)) for one in series])
                found["full", model] = series_scores(coming, quantiles, scale)
            else:
                found[f"last {n}, ln", model] = series_scores(np.log(coming), np.log(quantiles), np.ones(len(series)))
        if n is None:
            more = {"auto, command line": by_command(histories, coming.shape[1])}
            if with_libraries:
                by_model, refused = libraries(histories, coming.shape[1])
                more |= by_model
            found |= {("full", model): series_scores(coming, quantiles, scale) for model, quantiles in more.items()}
    return found, refused


def page(measured: dict[str, dict[tuple[str, str], np.ndarray]], refused: dict[str, dict[str, int]]) -> str:
    """Lay the scores out, the best peer of each history beside ours with the paired difference and its standard error."""
    lines = [
        "# Accuracy",
        "",
        "Written by `make accuracy`; every run on these sets stands in [accuracy-log.csv](accuracy-log.csv). Nothing is learned on",
        "them; what a look at them prompted is said in [method.md](method.md).",
        "CRPS is twice the mean pinball loss over 5, 10 ... 95 %. Full histories: all scores in units of a series' mean absolute first",
        "difference. Short histories: the last 1 to 6 values only, scores on ln(value). Coverage in percent. A peer that fails on a series, or",
        "whose interval has no width, is replaced by the last value with a pooled sd (.039 h^.87 of ln). Differences are ours less the peer's,",
        "with their standard error over series; series share calendar years, so true errors are larger.",
    ]
    for name, scores in measured.items():
        count = len(next(iter(scores.values())))
        lines += ["", f"## {name}, {count} series", ""]
        lines += [
            "| history | model | CRPS | MASE or mean error | interval score 95 % | 80 % cover | 95 % cover | auto less this (s.e.) |"
        ]
        lines += ["|---|---|---|---|---|---|---|---|"]
        for (history, model), rows in scores.items():
            mean = rows.mean(axis=0)
            difference = scores[history, "auto"][:, 0] - rows[:, 0]
            paired = f"{difference.mean():+.4f} ({difference.std(ddof=1) / len(rows) ** 0.5:.4f})" if model != "auto" else ""
            values = " | ".join(
                [*(f"{value:.4f}" for value in mean[:2]), f"{mean[2]:.3f}", *(f"{value:.1f}" for value in mean[3:])]
            )
            lines.append(f"| {history} | {model} | {values} | {paired} |")
        if refused[name]:
            said = ", ".join(f"{model} {number}" for model, number in refused[name].items())
            lines += ["", f"Series on which a library model is not admissible, where the reference class stands for it: {said}."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, append to the log and write the page."""
    parser = argparse.ArgumentParser(description="Measure forecasts on sets that nothing was learned on; every run is logged.")
    parser.add_argument("--reason", required=True, help="why the sets are looked at")
    parser.add_argument("--libraries", action="store_true", help="the models of statsmodels and Prophet too: half an hour more")
    arguments = parser.parse_args()
    reason = arguments.reason
    absent = [file for file in SETS.values() if not (folder() / file).exists()]
    if absent:
        sys.exit(f"not measured: {', '.join(absent)} not in {folder()} (set SOURCECAST_BENCHDATA)")
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  (a fixed command)
    every = {name: measure(name, arguments.libraries) for name in SETS}
    measured = {name: scores for name, (scores, _) in every.items()}
    begun = LOG.exists()
    with LOG.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if not begun:
            writer.writeheader()
        for name, scores in measured.items():
            for (history, model), rows in scores.items():
                if model not in PEERS:
                    means = dict(
                        zip(SCORES, (*np.round(rows.mean(axis=0)[:3], 4), *np.round(rows.mean(axis=0)[3:], 1)), strict=True)
                    )
                    row = {"commit": commit, "reason": reason, "set": name, "history": history, "model": model} | means
                    writer.writerow(row)
                    print(", ".join(f"{field} {row[field]}" for field in FIELDS[2:]))
    PAGE.write_text(page(measured, {name: refused for name, (_, refused) in every.items()}), encoding="utf-8")


if __name__ == "__main__":
    main()
