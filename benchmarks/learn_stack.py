"""Learn how much to listen to each extrapolating method beside the reference class, and measure the combination on halves it has not seen.

    python benchmarks/learn_stack.py [--write]

Reads the positive demographic and economic series of m4comp2016 (yearly). Weights by number of levels and horizon are those with the
highest log score, drawn towards equal weights. The class is the stored one, whose few numbers were learned on these series too; the weights
of each half come from the other. No other set is read.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.special import logsumexp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.public_series import TEACHERS, PublicSeries, folder, halves, teachers
from forecast.combination import MEMBERS, STORED
from forecast.history_kernels import METHODS, add_methods
from forecast.reference_class import predict_reference
from forecast.series import Series, SeriesKey

FEWEST = (8, 12, 20)  # levels from which each band starts
AHEAD = 6
NARROWER, FARTHEST = 0.75, 3.0
TOWARDS_EQUAL = 0.03  # added to each weight's share of the evidence
WORST = -15.0  # of a log density: one series must not rule all


def component_scores(one: PublicSeries) -> np.ndarray:
    """Log density (METHODS + 1, AHEAD) of the years to come under the class and under the class moved to each method."""
    n = len(one.known)
    years = tuple(range(2000 - n, 2000))
    key = SeriesKey("any", "any", "total", "count")
    alone = predict_reference(Series(key, years, one.known, np.zeros((n, n)), (True,) * n, (), ((),) * n), 1999 + AHEAD)
    shape = (AHEAD, alone.mean.shape[0] * (METHODS + 1))
    parts = np.empty(shape), np.empty(shape), np.empty(shape)
    each = np.full((METHODS + 1, AHEAD), 0.5)  # below one, so that the methods are asked; taken out again
    add_methods(one.known, NARROWER, FARTHEST, each, alone.weights, alone.mean, alone.variance, *parts)
    weights, centre, variance = (part.reshape(AHEAD, METHODS + 1, -1) for part in parts)
    misses = one.coming[:, None, None] - centre
    with np.errstate(divide="ignore"):
        densities = np.log(2 * weights) - 0.5 * misses**2 / variance - 0.5 * np.log(2 * np.pi * variance)
    return np.maximum(logsumexp(densities, axis=2).T, WORST)


def learn(scores: np.ndarray) -> np.ndarray:
    """Weights (METHODS + 1, AHEAD) with the highest log score of the mixture, drawn towards equal ones, from scores (m, METHODS + 1, AHEAD)."""
    weights = np.full(scores.shape[1:], 1 / (METHODS + 1))
    for _ in range(300):
        shares = np.log(weights) + scores
        shares = np.exp(shares - logsumexp(shares, axis=1, keepdims=True))
        weights = shares.mean(axis=0) + TOWARDS_EQUAL
        weights /= weights.sum(axis=0)
    return weights


def main(write: bool) -> None:
    """Cross-fit each band, print, and store if asked to."""
    if not (folder() / TEACHERS).exists():
        sys.exit(f"not measured: {TEACHERS} is not in {folder()} (set SOURCECAST_BENCHDATA)")
    bands = []
    for fewest, beyond in zip(FEWEST, (*FEWEST[1:], 10_000), strict=True):
        # A long history is a short one too, if its beginning is forgotten.
        cut = [PublicSeries(one.name, one.known[1 - beyond :], one.coming) for one in teachers()]
        cut = [one for one in cut if len(one.known) >= fewest]
        parts = halves(cut)
        scores = [np.array([component_scores(one) for one in part]) for part in parts]
        reached = [float(logsumexp(np.log(learn(scores[1 - half])) + scores[half], axis=1).mean()) for half in (0, 1)]
        alone = [float(scores[half][:, 0].mean()) for half in (0, 1)]
        gain = sum(reached) / 2 - sum(alone) / 2
        weights = learn(np.concatenate(scores))
        print(f"from {fewest} levels: {len(cut)} series, log score {sum(reached) / 2:.4f}, {gain:+.4f} beside the class alone")
        print("  " + ", ".join(f"{member} {row[0]:.2f} to {row[-1]:.2f}" for member, row in zip(MEMBERS, weights, strict=True)))
        bands.append(
            {
                "fewest": fewest,
                "series": len(cut),
                "log_score": round(sum(reached) / 2, 4),
                "log_score_class_alone": round(sum(alone) / 2, 4),
                "weights": {member: [round(float(one), 3) for one in row] for member, row in zip(MEMBERS, weights, strict=True)},
            }
        )
    if write:
        content = {
            "version": 1,
            "learned_on": "positive demographic and economic series of m4comp2016 (yearly)",
            "script": "benchmarks/learn_stack.py",
            "narrower": NARROWER,
            "farthest": FARTHEST,
            "bands": bands,
        }
        STORED.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
