"""Learn the reference class of forecast/reference_class.py from annual series, and measure it on halves that it has not seen.

    python benchmarks/learn_reference_class.py [--write]

Reads the positive demographic and economic series of m4comp2016 (yearly) from the benchmark data. Each half is forecast with what the other
taught; `--write` then learns on all and stores the result with these scores. No other set is read.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.learning_kernels import mean_log_score
from benchmarks.public_series import TEACHERS, PublicSeries, folder, halves, teachers
from forecast.history_kernels import weigh
from forecast.prediction import Prediction
from forecast.reference_class import STORED, Kind, ReferenceClass, conditional, from_vector, to_vector
from forecast.scores import PINBALL_LEVELS, coverage, crps

LENGTHS, AHEAD, ORIGINS = (1, 2, 3, 4, 6, 12), 6, 3
KINDS = 3
WORST = -15.0  # of a log density: one series must not rule all
STEPS = 150
SHRINKAGE = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 4.0]) * 5e-4  # towards equal frequencies

Sample = dict[
    int, tuple[np.ndarray, np.ndarray]
]  # number of levels known n -> known (m, n) and coming (m, AHEAD), less the last known


def start() -> ReferenceClass:
    """Return a class of kinds from noisy levels to lasting growth, all alike frequent."""
    steps = np.linspace(0.0, 1.0, KINDS)
    kinds = tuple(Kind(0.7, -1.0 + 2.5 * step, 1.5 - 4.5 * step, 0.0, 0.0, 0.0) for step in steps)
    return ReferenceClass(0.04, 1.0, 0.015, kinds)


def sample(chosen: list[PublicSeries], origins: int) -> Sample:
    """Cut histories of 1, 2, 3, 4, 6 and 12 levels: from each series' last six years to come, and from up to two origins six years earlier each."""
    found: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {n: [] for n in LENGTHS}
    for one in chosen:
        levels = np.concatenate([one.known, one.coming])
        for origin in range(len(levels) - AHEAD, max(5, len(levels) - AHEAD * (origins + 1)), -AHEAD):
            for n in LENGTHS:
                if origin >= n:
                    last = levels[origin - 1]
                    found[n].append((levels[origin - n : origin] - last, levels[origin : origin + AHEAD] - last))
    return {n: (np.array([known for known, _ in rows]), np.array([coming for _, coming in rows])) for n, rows in found.items()}


def predictions(of: ReferenceClass, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights (m, J), centres (m, J, AHEAD) and variance (J, AHEAD) for histories (m, n) of consecutive years."""
    n, nodes = known.shape[1], of.nodes
    prepared = conditional(of, tuple(range(n)), np.zeros((n, n)), AHEAD)
    weights, centre = np.empty((len(known), nodes.log_prior.size)), np.empty((len(known), nodes.log_prior.size, AHEAD))
    for number, levels in enumerate(known):
        weigh(levels, nodes.log_prior, prepared.factor, prepared.gain, weights[number], centre[number])
    return weights, centre, prepared.variance


def loss(vector: np.ndarray, data: Sample) -> float:
    """Mean negative log density of the years to come, over lengths of history and horizons."""
    of, total = from_vector(vector), 0.0
    nodes = of.nodes
    for known, coming in data.values():
        n = known.shape[1]
        prepared = conditional(of, tuple(range(n)), np.zeros((n, n)), AHEAD)
        total -= mean_log_score(known, coming, nodes.log_prior, prepared.factor, prepared.gain, prepared.variance, WORST)
    return total / len(data) + float((vector[3:].reshape(KINDS, -1) ** 2 @ SHRINKAGE).sum())


def slopes(vector: np.ndarray, data: Sample) -> np.ndarray:
    """Derivatives of the loss by central differences, on all processors: the kernels do not hold the lock."""
    steps = 1e-5 * np.eye(vector.size)
    with ThreadPoolExecutor() as pool:
        sides = list(pool.map(lambda moved: loss(moved, data), [*(vector + steps), *(vector - steps)]))
    return (np.array(sides[: vector.size]) - np.array(sides[vector.size :])) / 2e-5


def learn(data: Sample, begin: ReferenceClass) -> ReferenceClass:
    """Minimise the mean log score."""
    found = minimize(loss, to_vector(begin), args=(data,), jac=slopes, method="L-BFGS-B", options={"maxiter": STEPS})
    return from_vector(found.x)


def measure(of: ReferenceClass, data: Sample) -> dict[str, dict[str, float]]:
    """Score by length of history: CRPS of ln(level), coverage of 80 and 95 percent intervals."""
    scores = {}
    for n, (known, coming) in data.items():
        weights, centre, variance = predictions(of, known)
        levels = (0.025, 0.1, *PINBALL_LEVELS, 0.9, 0.975)
        quantiles = np.array(
            [
                np.log(Prediction(tuple(range(AHEAD)), w, m, variance).quantiles(levels))
                for w, m in zip(weights, centre, strict=True)
            ]
        ).transpose(1, 0, 2)
        scores[str(n)] = {
            "crps": float(crps(coming, quantiles[2:-2]).mean()),
            "coverage_80": 100 * coverage(coming, quantiles[1], quantiles[-2]),
            "coverage_95": 100 * coverage(coming, quantiles[0], quantiles[-1]),
        }
    return scores


def main(write: bool) -> None:
    """Cross-fit, print, and store if asked to."""
    if not (folder() / TEACHERS).exists():
        sys.exit(f"not measured: {TEACHERS} is not in {folder()} (set SOURCECAST_BENCHDATA)")
    every = teachers()
    parts = halves(every)
    taught = [learn(sample(part, ORIGINS), start()) for part in parts]
    measured = [measure(taught[1 - half], sample(parts[half], 1)) for half in (0, 1)]
    score = {n: {name: round((measured[0][n][name] + measured[1][n][name]) / 2, 4) for name in measured[0][n]} for n in measured[0]}
    print(f"{len(every)} series, each half by what the other taught; CRPS of ln(level), coverage in percent")
    for n, one in score.items():
        print(f"  last {n} levels: " + ", ".join(f"{name} {value:.4f}" for name, value in one.items()))
    if write:
        found = asdict(learn(sample(every, ORIGINS), taught[0]))
        content = {
            "version": 2,
            "learned_on": f"{len(every)} positive demographic and economic series of m4comp2016 (yearly)",
            "script": "benchmarks/learn_reference_class.py",
            "score": score,
            "parameters": rounded(found),
        }
        STORED.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def rounded(content: object) -> object:
    """Round every number to six digits."""
    if isinstance(content, dict):
        return {name: rounded(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [rounded(value) for value in content]
    return float(f"{content:.6g}")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
