"""Learn the reference class of forecast/reference_class.py from annual series, and measure it on halves that it has not seen.

    python benchmarks/learn_reference_class.py [--write]

Reads m4comp2016_yearly.parquet of the benchmark data (`../shared/benchdata`, or where SOURCECAST_BENCHDATA points): the positive demographic
and economic series. Each half is forecast with what the other taught; `--write` then learns on all and stores the result with these scores.
No other set is read.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import logsumexp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from forecast.prediction import Prediction  # noqa: E402  (the project must be found first)
from forecast.reference_class import (  # noqa: E402  (the project must be found first)
    STORED,
    ReferenceClass,
    conditional,
    from_vector,
    predict_growth,
    to_vector,
)
from forecast.scores import PINBALL_LEVELS, coverage, crps  # noqa: E402  (the project must be found first)

LENGTHS, AHEAD = (1, 2, 3, 4, 6), 6
START = ReferenceClass(0.02, 1.0, 0.02, 0.0, 0.0, 0.77, 0.4, 0.0, -0.36, 1.5, 0.0, 0.0)
WORST = -15.0  # of a log density: one series must not rule all
HALVES_SEED = 2026

Halves = dict[
    int, tuple[np.ndarray, np.ndarray]
]  # number of known levels -> differences (m, n - 1), cumulated growth to come (m, 6)


def folder() -> Path:
    named = os.environ.get("SOURCECAST_BENCHDATA")
    return Path(named) if named else ROOT.parent / "shared" / "benchdata"


def series() -> list[tuple[np.ndarray, np.ndarray]]:
    """Log levels known and to come of every positive demographic and economic series with six years of each."""
    wanted = set(pd.read_csv(folder() / "m4comp2016_demoecon_ids.csv").iloc[:, 0].astype(str))
    rows = pd.read_parquet(folder() / "m4comp2016_yearly.parquet")
    rows = rows[rows["series_id"].astype(str).isin(wanted)].sort_values(["series_id", "period"])
    found = []
    for _, one in rows.groupby("series_id"):
        known, coming = (one.loc[one["split"] == split, "value"].to_numpy(float) for split in ("train", "test"))
        if len(known) >= max(LENGTHS) and len(coming) == AHEAD and (one["value"] > 0).all():
            found.append((np.log(known), np.log(coming)))
    return found


def histories(chosen: list[tuple[np.ndarray, np.ndarray]]) -> Halves:
    """Cut every series to its last 1, 2, 3, 4 and 6 levels."""
    return {
        n: (
            np.array([np.diff(known[-n:]) for known, _ in chosen]).reshape(len(chosen), n - 1),
            np.array([coming - known[-1] for known, coming in chosen]),
        )
        for n in LENGTHS
    }


def mean_log_score(vector: np.ndarray, data: Halves) -> float:
    """Mean negative log density of the years to come, over lengths of history and horizons."""
    of, total = from_vector(vector), 0.0
    for n, (differences, coming) in data.items():
        spans = (1,) * (n - 1)
        prepared = conditional(of, spans, np.zeros((n, n)), AHEAD)
        weights, mean = predict_growth(prepared, spans, differences)
        log_density = -0.5 * (coming[:, None] - mean) ** 2 / prepared.variance - 0.5 * np.log(2 * np.pi * prepared.variance)
        with np.errstate(divide="ignore"):
            mixture = logsumexp(np.log(weights)[:, :, None] + log_density, axis=1)
        total -= float(np.maximum(mixture, WORST).mean())
    return total / len(data)


def learn(data: Halves) -> ReferenceClass:
    """Minimise the mean log score."""
    return from_vector(minimize(mean_log_score, to_vector(START), args=(data,), method="L-BFGS-B", options={"maxiter": 60}).x)


def measure(of: ReferenceClass, data: Halves) -> dict[str, dict[str, float]]:
    """Score by length of history: CRPS of ln(level), coverage of 80 and 95 percent intervals."""
    scores = {}
    for n, (differences, coming) in data.items():
        spans = (1,) * (n - 1)
        prepared = conditional(of, spans, np.zeros((n, n)), AHEAD)
        weights, mean = predict_growth(prepared, spans, differences)
        levels = (0.025, 0.1, *PINBALL_LEVELS, 0.9, 0.975)
        quantiles = np.array(
            [
                np.log(Prediction(tuple(range(AHEAD)), w, m, prepared.variance).quantiles(levels))
                for w, m in zip(weights, mean, strict=True)
            ]
        ).transpose(1, 0, 2)
        scores[str(n)] = {
            "crps": round(float(crps(coming, quantiles[2:-2]).mean()), 4),
            "coverage_80": round(100 * coverage(coming, quantiles[1], quantiles[-2]), 1),
            "coverage_95": round(100 * coverage(coming, quantiles[0], quantiles[-1]), 1),
        }
    return scores


def main(write: bool) -> None:
    """Cross-fit, print, and store if asked to."""
    if not (folder() / "m4comp2016_yearly.parquet").exists():
        sys.exit(f"not measured: m4comp2016_yearly.parquet is not in {folder()} (set SOURCECAST_BENCHDATA)")
    every = series()
    order = np.random.default_rng(HALVES_SEED).permutation(len(every))
    halves = [histories([every[number] for number in order[half::2]]) for half in (0, 1)]
    measured = [measure(learn(halves[1 - half]), halves[half]) for half in (0, 1)]
    score = {n: {name: round((measured[0][n][name] + measured[1][n][name]) / 2, 4) for name in measured[0][n]} for n in measured[0]}
    print(f"{len(every)} series, each half by what the other taught; CRPS of ln(level), coverage in percent")
    for n, one in score.items():
        print(f"  last {n} levels: CRPS {one['crps']:.4f}, 80: {one['coverage_80']:.1f}, 95: {one['coverage_95']:.1f}")
    if write:
        content = {
            "version": 1,
            "learned_on": f"{len(every)} positive demographic and economic series of m4comp2016 (yearly)",
            "script": "benchmarks/learn_reference_class.py",
            "score": score,
            "parameters": {name: float(f"{value:.6g}") for name, value in asdict(learn(histories(every))).items()},
        }
        STORED.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
