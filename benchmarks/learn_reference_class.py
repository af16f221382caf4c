"""Learn the reference class, for short histories and for long ones, and measure it on halves that it has not seen.

    python benchmarks/learn_reference_class.py [short|long] [--write]

Reads the positive, finely printed demographic and economic series of m4comp2016 (yearly) from the benchmark data. Each half is forecast
with what the other taught; `--write` then learns on all and stores the result with these scores. No other set is read.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.learning_kernels import log_score_slopes
from benchmarks.public_series import TEACHERS, PublicSeries, folder, halves, teachers
from forecast.history_kernels import condition, weigh
from forecast.prediction import Prediction
from forecast.reference_class import STORED, Kind, ReferenceClass, conditional, from_vector, stored_class, to_vector
from forecast.scores import PINBALL_LEVELS, coverage, crps

AHEAD, ORIGINS = 6, 3
KINDS = 3
WORST = -15.0  # of a log density: one series must not rule all
STEPS = 150
STEP = 1e-5  # of a parameter, for derivatives
SHRINKAGE = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 4.0]) * 5e-4  # of slopes towards none, of frequencies towards equal ones
LIMITS = [(-4.5, 0.5), (-1.0, 0.47), (-7.0, -2.0)]  # of ln typical, ln spread and ln long_run_sd; then those of a kind
KIND_LIMITS = [(-5, 5), (-8, 3), (-1, 1), (-16, 3), (-1, 1), (-4, 4), (-3, 3), (-1.5, 1.5)]


@dataclass(frozen=True)
class Lessons:
    """What one class is learned from.

    Attributes
    ----------
    fewest : int
        Levels from which on the class serves.
    lengths : tuple of int
        Numbers of levels known.
    sloped : bool
        Whether a kind's own growth and level noise may hang on the volatility in other ways than as its square.
    start : function
        Returns where the search begins.
    """

    fewest: int
    lengths: tuple[int, ...]
    sloped: bool
    start: Callable[[], ReferenceClass]


Sample = dict[
    int, tuple[np.ndarray, np.ndarray]
]  # number of levels known n -> known (m, n) and coming (m, AHEAD), less the last known


def plain_start() -> ReferenceClass:
    """Return a class of kinds from noisy levels to lasting growth, all alike frequent."""
    steps = np.linspace(0.0, 1.0, KINDS)
    kinds = tuple(Kind(0.7, -1.0 + 2.5 * step, 0.0, 1.5 - 4.5 * step, 0.0, 0.0, 0.0, 0.0) for step in steps)
    return ReferenceClass(0.04, 1.0, 0.015, kinds)


CLASSES = {
    "short": Lessons(1, (1, 2, 3, 4, 6, 12), False, plain_start),
    "long": Lessons(8, (6, 8, 11, 14), True, lambda: stored_class(1)),
}


def sample(chosen: list[PublicSeries], lessons: Lessons, origins: int) -> Sample:
    """Cut histories of the lengths wanted: from each series' last six years to come, and from up to two origins six years earlier each."""
    found: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {n: [] for n in lessons.lengths}
    for one in chosen:
        levels = np.concatenate([one.known, one.coming])
        for origin in range(len(levels) - AHEAD, max(5, len(levels) - AHEAD * (origins + 1)), -AHEAD):
            for n in lessons.lengths:
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


def node_parameters(vector: np.ndarray) -> np.ndarray:
    """Log prior, logit of the persistence, and logarithms of the variances of each node: (J, 5)."""
    nodes = from_vector(vector).nodes
    logs = (np.log(one) for one in (nodes.own, nodes.noise, nodes.long_run))
    return np.stack([nodes.log_prior, logit(nodes.persistence), *logs], axis=1)


def conditions(parameters: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Factor, gain and variance (J, ...) of nodes with such parameters for n consecutive levels."""
    count = len(parameters)
    factor, gain, variance = np.zeros((count, n - 1, n - 1)), np.zeros((count, AHEAD, n - 1)), np.zeros((count, AHEAD))
    own, noise, long_run = np.exp(parameters[:, 2:].T)
    condition(np.arange(n), np.zeros((n, n)), AHEAD, own, expit(parameters[:, 1]), noise, long_run, factor, gain, variance)
    return factor, gain, variance


def loss(vector: np.ndarray, data: Sample) -> tuple[float, np.ndarray]:
    """Mean negative log density of the years to come, over lengths of history and horizons, and its derivatives."""
    parameters = node_parameters(vector)
    moved = [parameters, *(parameters + STEP * row for row in np.eye(parameters.shape[1])[1:])]
    score, slopes = 0.0, np.zeros_like(parameters)
    for n, (known, coming) in data.items():
        prepared = (np.stack(parts) for parts in zip(*(conditions(one, n) for one in moved), strict=True))
        score += log_score_slopes(known, coming, parameters[:, 0].copy(), *prepared, STEP, WORST, slopes)
    steps = STEP * np.eye(vector.size)
    of_nodes = np.array([node_parameters(vector + step) - node_parameters(vector - step) for step in steps]) / (2 * STEP)
    kinds = vector[3:].reshape(KINDS, -1)
    pull = np.concatenate([np.zeros(3), (2 * SHRINKAGE * kinds).ravel()])
    penalty = float((kinds**2 @ SHRINKAGE).sum())
    return penalty - score / len(data), pull - (of_nodes * slopes).sum(axis=(1, 2)) / len(data)


def learn(data: Sample, lessons: Lessons) -> ReferenceClass:
    """Minimise the mean log score."""
    kind_limits = [limit if lessons.sloped or number not in (2, 4) else (0, 0) for number, limit in enumerate(KIND_LIMITS)]
    limits = [*LIMITS, *kind_limits * KINDS]
    begin = np.clip(to_vector(lessons.start()), *np.array(limits).T)
    found = minimize(loss, begin, args=(data,), jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": STEPS})
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


def cross_fit(every: list[PublicSeries], lessons: Lessons) -> dict[str, dict[str, float]]:
    """Score each half by what the other taught."""
    parts = halves(every)
    taught = [learn(sample(part, lessons, ORIGINS), lessons) for part in parts]
    measured = [measure(taught[1 - half], sample(parts[half], lessons, 1)) for half in (0, 1)]
    return {n: {name: round((measured[0][n][name] + measured[1][n][name]) / 2, 4) for name in measured[0][n]} for n in measured[0]}


def main(names: list[str], write: bool) -> None:
    """Cross-fit the classes named, print, and store if asked to."""
    if not (folder() / TEACHERS).exists():
        sys.exit(f"not measured: {TEACHERS} is not in {folder()} (set SOURCECAST_BENCHDATA)")
    every = teachers()
    content = json.loads(STORED.read_text(encoding="utf-8"))
    for name in names:
        lessons = CLASSES[name]
        score = cross_fit(every, lessons)
        print(f"{name} histories: {len(every)} series, each half by what the other taught; CRPS of ln(level), coverage in percent")
        for n, one in score.items():
            print(f"  last {n} levels: " + ", ".join(f"{key} {value:.4f}" for key, value in one.items()))
        if write:
            found = asdict(learn(sample(every, lessons, ORIGINS), lessons))
            content["learned_on"] = f"{len(every)} positive, finely printed demographic and economic series of m4comp2016 (yearly)"
            content["classes"][name] = {"fewest": lessons.fewest, "score": score, "parameters": rounded(found)}
            STORED.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def rounded(content: object) -> object:
    """Round every number to six digits."""
    if isinstance(content, dict):
        return {name: rounded(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [rounded(value) for value in content]
    return float(f"{content:.6g}")


if __name__ == "__main__":
    main([name for name in CLASSES if name in sys.argv[1:]] or list(CLASSES), "--write" in sys.argv[1:])
