"""Measure forecasts on public annual series that nothing was learned on: M3 yearly (645) and 100 complete series of M4 (1970 to 2015).

    python benchmarks/accuracy.py --reason "why this run"

Every run appends its scores to docs/accuracy-log.csv with the commit and the reason, so that it can be seen how often these sets were
looked at, and writes docs/accuracy.md, with statsforecast's models beside ours where its environment stands (`make peers`). Full
histories are scored in units of the series by its mean absolute first difference (h = 6), short ones on ln(value) after the last 1, 2, 3, 4
and 6 values. Series are taken as precisely known.
"""

import argparse
import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.peers import PEERS, peer_quantiles
from benchmarks.public_series import ROOT, folder, read
from forecast.combination import forecast_many
from forecast.scores import PINBALL_LEVELS, crps, interval_score, scale_of

LOG, PAGE = ROOT / "docs" / "accuracy-log.csv", ROOT / "docs" / "accuracy.md"
SETS = {"M3 yearly": "m3_yearly.parquet", "M4 yearly, 100 series": "m4_yearly_rt100.parquet"}
LENGTHS = (1, 2, 3, 4, 6)
LEVELS = (0.025, *(round(float(level), 2) for level in PINBALL_LEVELS), 0.975)
LOW_95, LOW_80, MIDDLE, HIGH_80, HIGH_95 = 0, 2, 10, 18, 20
FIELDS = ("commit", "reason", "set", "history", "model", "crps", "mase", "msis_95", "coverage_80", "coverage_95")
SCORES = FIELDS[5:]

Row = dict[str, object]
Model = Callable[[list[np.ndarray], int, bool], np.ndarray | None]


def ours(combined: bool) -> Model:
    """Return our model: quantiles (m, q, ahead) of the values to come."""
    return lambda histories, ahead, _: forecast_many(histories, ahead, LEVELS, combined=combined)


def peer(name: str) -> Model:
    """Return a model of statsforecast; None where its environment does not stand."""
    return lambda histories, ahead, short: peer_quantiles(name, histories, ahead, LEVELS, logarithms=short)


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


def measure(name: str) -> dict[tuple[str, str], np.ndarray]:
    """Score every model on full and short histories of a set: (history, model) -> scores of each series (m, 5)."""
    series = read(SETS[name])
    found = {}
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
    return found


def page(measured: dict[str, dict[tuple[str, str], np.ndarray]]) -> str:
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
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, append to the log and write the page."""
    parser = argparse.ArgumentParser(description="Measure forecasts on sets that nothing was learned on; every run is logged.")
    parser.add_argument("--reason", required=True, help="why the sets are looked at")
    reason = parser.parse_args().reason
    absent = [file for file in SETS.values() if not (folder() / file).exists()]
    if absent:
        sys.exit(f"not measured: {', '.join(absent)} not in {folder()} (set SOURCECAST_BENCHDATA)")
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  (a fixed command)
    measured = {name: measure(name) for name in SETS}
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
    PAGE.write_text(page(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
