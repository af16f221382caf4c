"""Measure forecasts on public annual series that nothing was learned on: M3 yearly (645) and 100 complete series of M4 (1970 to 2015).

    python benchmarks/accuracy.py --reason "why this run"

Every run appends its scores to docs/accuracy-log.csv with the commit and the reason, so that it can be seen how often these sets were
looked at. Full histories are scored in units of the series by its mean absolute first difference (h = 6), short ones on ln(value) after the
last 1, 2, 3, 4 and 6 values. Series are taken as precisely known.
"""

import argparse
import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.learn_reference_class import folder  # noqa: E402  (the project must be found first)
from forecast.reference_class import predict_reference  # noqa: E402  (the project must be found first)
from forecast.scores import PINBALL_LEVELS, coverage, crps, interval_score, scale_of  # noqa: E402  (the project must be found first)
from forecast.series import Series, SeriesKey  # noqa: E402  (the project must be found first)

LOG = ROOT / "docs" / "accuracy-log.csv"
SETS = {"M3 yearly": "m3_yearly.parquet", "M4 yearly, 100 series": "m4_yearly_rt100.parquet"}
LENGTHS = (1, 2, 3, 4, 6)
LEVELS = (0.025, 0.1, *PINBALL_LEVELS, 0.9, 0.975)
FIELDS = ("commit", "reason", "set", "history", "model", "crps", "mase", "msis_95", "coverage_80", "coverage_95")

Row = dict[str, object]


def series_of(values: np.ndarray) -> Series:
    """Make a series of a history whose values are taken as known."""
    n = len(values)
    years = tuple(range(2000 - n, 2000))
    return Series(SeriesKey("any", "any", "total", "count"), years, np.log(values), np.zeros((n, n)), (True,) * n, (), ((),) * n)


def quantiles_after(values: np.ndarray, ahead: int) -> np.ndarray:
    """Quantiles (q, h) of the values to come."""
    return predict_reference(series_of(values), 1999 + ahead).quantiles(LEVELS)


def histories(name: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Values known and to come of every positive series of a set."""
    rows = pd.read_parquet(folder() / SETS[name]).sort_values(["series_id", "period"])
    found = []
    for _, one in rows.groupby("series_id"):
        known, coming = (one.loc[one["split"] == split, "value"].to_numpy(float) for split in ("train", "test"))
        if (one["value"] > 0).all():
            found.append((known, coming))
    return found


def scored(pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray, float]]) -> Row:
    """Return mean scores over series, each with its outcomes (h,), quantiles (q, h), medians (h,) and unit."""
    rows = [
        (
            crps(coming, quantiles[2:-2]).mean() / scale,
            np.abs(coming - median).mean() / scale,
            interval_score(coming, quantiles[0], quantiles[-1], 0.05).mean() / scale,
            coverage(coming, quantiles[1], quantiles[-2]),
            coverage(coming, quantiles[0], quantiles[-1]),
        )
        for coming, quantiles, median, scale in pairs
    ]
    means = np.array(rows).mean(axis=0)
    names = ("crps", "mase", "msis_95", "coverage_80", "coverage_95")
    return dict(zip(names, (*np.round(means[:3], 4), *np.round(100 * means[3:], 1)), strict=True))


def measure(name: str) -> list[Row]:
    """Score full and short histories of a set."""
    every = histories(name)
    middle = LEVELS.index(0.5)
    full = []
    for known, coming in every:
        quantiles = quantiles_after(known, len(coming))
        full.append((coming, quantiles, quantiles[middle], scale_of(known)))
    found = [{"set": name, "history": "full", "model": "reference"} | scored(full)]
    for n in LENGTHS:
        short = []
        for known, coming in every:
            quantiles = np.log(quantiles_after(known[-n:], len(coming)))
            short.append((np.log(coming), quantiles, quantiles[middle], 1.0))
        found.append({"set": name, "history": f"last {n}, ln", "model": "reference"} | scored(short))
    return found


def main() -> None:
    """Measure, print, and append to the log."""
    parser = argparse.ArgumentParser(description="Measure forecasts on sets that nothing was learned on; every run is logged.")
    parser.add_argument("--reason", required=True, help="why the sets are looked at")
    reason = parser.parse_args().reason
    absent = [file for file in SETS.values() if not (folder() / file).exists()]
    if absent:
        sys.exit(f"not measured: {', '.join(absent)} not in {folder()} (set SOURCECAST_BENCHDATA)")
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  (a fixed command)
    rows = [{"commit": commit, "reason": reason} | row for name in SETS for row in measure(name)]
    begun = LOG.exists()
    with LOG.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if not begun:
            writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        print(", ".join(f"{name} {row[name]}" for name in FIELDS[2:]))


if __name__ == "__main__":
    main()
