"""Learn how much to listen to each extrapolating method beside the reference class, and measure the combination on halves it has not seen.

    python benchmarks/learn_stack.py [--write]

Reads the positive, finely printed demographic and economic series of m4comp2016 (yearly), each cut at up to three origins six years apart.
The weights are those with the highest log score, drawn towards equal ones; each half is scored with the weights that the other taught. The
class is the stored one, whose few numbers were learned on these series too. No other set is read.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.accuracy import LEVELS, SCORES, series_scores
from benchmarks.public_series import TEACHERS, folder, halves, teachers
from forecast.combination import FEATURE_NAMES, MEMBERS, STORED
from forecast.history_kernels import FEATURES, METHODS, add_methods, describe, volatility_of
from forecast.prediction import Prediction
from forecast.reference_class import MOST_LEVELS
from forecast.reference_prediction import predict_reference
from forecast.scores import scale_of
from forecast.series import Series, SeriesKey

FEWEST, AHEAD, ORIGINS = 8, 6, 3
NARROWER, FARTHEST = 0.65, 3.0
TOWARDS_EQUAL = 1e-3  # of log score, for a coefficient of 1
WORST = -15.0  # of a log density: one series must not rule all
VOLATILE = 0.06  # of the standard deviation of growth: a third of the series are more volatile
EQUAL = np.full(METHODS + 1, 1 / (METHODS + 1))


@dataclass(frozen=True, eq=False)
class Lesson:
    """One history of a series and the years that followed, as logarithms; the latest origin has number 0."""

    known: np.ndarray
    coming: np.ndarray
    origin: int


def lessons() -> tuple[list[Lesson], list[Lesson]]:
    """Histories of either half of the series, from up to three origins six years apart."""
    found: tuple[list[Lesson], list[Lesson]] = ([], [])
    for half, part in enumerate(halves(teachers())):
        for one in part:
            levels = np.concatenate([one.known, one.coming])
            for number in range(ORIGINS):
                origin = len(levels) - AHEAD * (number + 1)
                if origin >= FEWEST and scale_of(np.exp(levels[:origin])) > 0:
                    found[half].append(Lesson(levels[:origin], levels[origin : origin + AHEAD], number))
    return found


def mixture(known: np.ndarray, members: np.ndarray) -> Prediction:
    """The combination with these weights of its members (METHODS + 1,)."""
    n = len(known)
    key, years = SeriesKey("any", "any", "total", "count"), tuple(range(2000 - n, 2000))
    alone = predict_reference(Series(key, years, known, np.zeros((n, n)), (True,) * n, (), ((),) * n), 1999 + AHEAD)
    count = alone.weights.size * (METHODS + 1)
    weights, mean, variance = np.empty(count), np.empty((AHEAD, count)), np.empty((AHEAD, count))
    add_methods(known, NARROWER, FARTHEST, members, alone.weights, alone.mean, alone.variance, weights, mean, variance)
    return Prediction(alone.years, weights, mean.T.copy(), variance.T.copy())


def component_scores(one: Lesson) -> np.ndarray:
    """Log density (METHODS + 1, AHEAD) of the years to come under the class and under the class moved to each method."""
    every = mixture(one.known, EQUAL)
    with np.errstate(divide="ignore"):
        densities = np.log(every.weights / EQUAL[0])[:, None] - 0.5 * np.log(2 * np.pi * every.variance)
    densities -= 0.5 * (one.coming - every.mean) ** 2 / every.variance
    return np.maximum(logsumexp(densities.reshape(METHODS + 1, -1, AHEAD), axis=1), WORST)


def described(some: list[Lesson]) -> np.ndarray:
    """What the weights hang on, (m, FEATURES)."""
    found = np.empty((len(some), FEATURES))
    for one, row in zip(some, found, strict=True):
        describe(volatility_of(one.known[-MOST_LEVELS:]), len(one.known), row)
    return found


def log_weights(coefficients: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Logarithms (m, METHODS + 1) of the weights of the members."""
    return log_softmax(np.pad(features @ coefficients.T, ((0, 0), (1, 0))), axis=1)


def learn(scores: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Coefficients (METHODS, FEATURES) with the highest log score of the mixture, from scores (m, METHODS + 1, AHEAD)."""

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        logs = log_weights(vector.reshape(METHODS, FEATURES), features)
        joint = logs[:, :, None] + scores
        mixed = logsumexp(joint, axis=1)
        surplus = np.exp(joint - mixed[:, None]).mean(axis=2) - np.exp(logs)
        slopes = -(surplus[:, 1:].T @ features).ravel() / len(scores)
        return TOWARDS_EQUAL * float(vector @ vector) - float(mixed.mean()), slopes + 2 * TOWARDS_EQUAL * vector

    return np.asarray(minimize(loss, np.zeros(METHODS * FEATURES), jac=True, method="L-BFGS-B").x.reshape(METHODS, FEATURES))


def measured(some: list[Lesson], weights: np.ndarray) -> np.ndarray:
    """Scores of each lesson with its own weights of the members (m, METHODS + 1): (m, 5), as benchmarks/accuracy.py gives them."""
    quantiles = np.array([mixture(one.known, row).quantiles(LEVELS) for one, row in zip(some, weights, strict=True)])
    scale = np.array([scale_of(np.exp(one.known)) for one in some])
    return series_scores(np.exp(np.array([one.coming for one in some])), quantiles, scale)


def table(some: list[Lesson], by_member: np.ndarray, weights: np.ndarray) -> dict[str, dict[str, float]]:
    """Mean scores of the latest and of all origins, of all series and of volatile ones, with the log score and that of the class alone."""
    scores = measured(some, weights)
    with np.errstate(divide="ignore"):
        reached = logsumexp(np.log(weights)[:, :, None] + by_member, axis=1).mean(axis=1)
    latest = np.array([one.origin == 0 for one in some])
    volatile = np.array([np.diff(one.known).std(ddof=1) > VOLATILE for one in some])
    found = {}
    for name, chosen in (
        ("latest", latest),
        ("latest, volatile", latest & volatile),
        ("all", latest | True),
        ("all, volatile", volatile),
    ):
        row = dict(zip(SCORES, scores[chosen].mean(axis=0), strict=True))
        row |= {
            "log_score": reached[chosen].mean(),
            "log_score_class_alone": by_member[chosen, 0].mean(),
            "histories": chosen.sum(),
        }
        found[name] = {key: round(float(value), 4) for key, value in row.items()}
    return found


def main(write: bool) -> None:
    """Cross-fit, print, and store if asked to."""
    if not (folder() / TEACHERS).exists():
        sys.exit(f"not measured: {TEACHERS} is not in {folder()} (set SOURCECAST_BENCHDATA)")
    parts = lessons()
    scores = [np.array([component_scores(one) for one in part]) for part in parts]
    features = [described(part) for part in parts]
    weights = [np.exp(log_weights(learn(scores[1 - half], features[1 - half]), features[half])) for half in (0, 1)]
    every, of_every = [*parts[0], *parts[1]], np.concatenate(scores)
    reached = table(every, of_every, np.concatenate(weights))
    alone = table(every, of_every, np.tile(np.eye(METHODS + 1)[0], (len(every), 1)))
    for name, rows in (("combination", reached), ("class alone", alone)):
        for origins, row in rows.items():
            print(f"{name}, {origins}: " + ", ".join(f"{key} {value:.4f}" for key, value in row.items()))
    coefficients = learn(of_every, np.concatenate(features))
    for member, row in zip(MEMBERS[1:], coefficients, strict=True):
        print(f"  {member}: " + ", ".join(f"{name} {value:.3f}" for name, value in zip(FEATURE_NAMES, row, strict=True)))
    if write:
        content = {
            "version": 3,
            "learned_on": "positive, finely printed demographic and economic series of m4comp2016 (yearly)",
            "script": "benchmarks/learn_stack.py",
            "narrower": NARROWER,
            "farthest": FARTHEST,
            "fewest": FEWEST,
            "score": reached,
            "coefficients": {
                member: {name: round(float(value), 3) for name, value in zip(FEATURE_NAMES, row, strict=True)}
                for member, row in zip(MEMBERS[1:], coefficients, strict=True)
            },
        }
        STORED.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
