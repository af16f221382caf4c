"""Which random numbers make the outcome uncertain: Sobol's indices of groups of streams, by pick and freeze.

Shocks are addressed, so a run under a `SplitSeed` that draws one group anew and keeps all else is the sample A with the column of that group taken
from B (Saltelli and others 2010). Groups of streams are independent, as the method asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import sobol_indices

from forecast.series import Floats
from scenarios.distributions import distributions, drawn_names
from scenarios.own_shocks import stream_of
from scenarios.plan import Alike, CommonShock
from scenarios.question import Question
from scenarios.shocks import SplitSeed
from scenarios.simulation import PATHS_PER_DRAW

RESAMPLES = 200
CONFIDENCE = (0.025, 0.975)
LEAST, MOST = 256, 8192  # samples: powers of two, as the estimators of SciPy ask
OUTPUTS = ("level", "met")

Run = Callable[[int | SplitSeed], Floats]
Groups = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class VarianceShare:
    """What share of the variance of an outcome a group of random numbers makes, with 95 % intervals by the bootstrap.

    `first` is the share that would go if the group were known, `total` what would be left if all others were; the difference is what it does
    together with others. `outcome` is level (the logarithm of what the target counts, over its aim) or met (the target met or not). Estimates
    scatter, and may lie a little below 0.
    """

    group: str
    outcome: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


def variance_shares(
    run: Run, groups: Groups, outcomes: tuple[str, ...], seed: int, progress: Callable[[float], None] = lambda _share: None
) -> list[VarianceShare]:
    """Estimate Sobol's indices of groups of streams.

    Parameters
    ----------
    run : callable
        Gives the outcomes (n_outcomes, n) of n independent samples for a seed; n is a power of two.
    groups : mapping of name to streams
    outcomes : tuple of str
        Their names.
    seed : int
        Of the sample A; B is drawn with another that no seed of a user's is likely to be.
    """
    other = -1 - seed
    seeds: list[int | SplitSeed] = [seed, other, *(SplitSeed(seed, other, streams) for streams in groups.values())]
    found = []
    for number, one in enumerate(seeds, start=1):
        found.append(run(one))
        progress(number / len(seeds))
    first_sample, second_sample, mixed = found[0], found[1], np.array(found[2:])
    estimate = indices(first_sample, second_sample, mixed)
    random = np.random.default_rng(seed % 2**63)
    size = first_sample.shape[1]
    picks = random.integers(size, size=(RESAMPLES, size))
    resampled = np.array([indices(first_sample[:, pick], second_sample[:, pick], mixed[..., pick]) for pick in picks])
    low, high = np.quantile(resampled, CONFIDENCE, axis=0)  # (first and total, outcomes, groups)
    return [
        VarianceShare(group, outcome, *(float(part[order, row, column]) for order in (0, 1) for part in (estimate, low, high)))
        for row, outcome in enumerate(outcomes)
        for column, group in enumerate(groups)
    ]


def indices(first_sample: Floats, second_sample: Floats, mixed: Floats) -> Floats:
    """First-order and total indices, (2, outcomes, groups), of samples A and B (outcomes, n) and A with a group of B (groups, outcomes, n)."""
    samples: Mapping[Literal["f_A", "f_B", "f_AB"], Floats] = {"f_A": first_sample, "f_B": second_sample, "f_AB": mixed}
    found = sobol_indices(func=samples, n=first_sample.shape[1])
    shape = (len(first_sample), len(mixed))
    return np.stack([np.reshape(found.first_order, shape), np.reshape(found.total_order, shape)])


def shares_of(question: Question, progress: Callable[[float], None] = lambda _share: None) -> list[VarianceShare]:
    """Estimate the indices of all groups of random numbers that a target rests on; one path is taken of each draw of the parameters."""
    size = 2 ** int(np.log2(np.clip(question.paths, LEAST, MOST)))

    def run(seed: int | SplitSeed) -> Floats:
        margins = question.margins(size * PATHS_PER_DRAW, seed)[::PATHS_PER_DRAW]
        return np.array([margins, margins >= 0], dtype=float)

    return variance_shares(run, stream_groups(question), OUTPUTS, question.seed, progress)


def stream_groups(question: Question) -> dict[str, frozenset[str]]:
    """Name the streams of a question's plan by what they stand for (`prepared.py` and `pushes.py` name them)."""
    plan = question.plan(watched=True)
    families = sorted({one.family for one in plan.series if not plan.belief.families[one.family].kin})
    alone = [one.family for one in plan.series if plan.belief.families[one.family].kin]
    own = [str(one.key) for one in plan.series]
    places = sorted({(one.key.place, plan.belief.family_of(one)) for one in plan.series})
    named = ", ".join(families)
    groups = {}
    if families:
        groups[f"what is believed of the {named} family"] = of_nodes(families)
        shared = [f"{name}|{part}" for name in families for part in ("common shock", "places")]
        lists = [push for push in plan.pushes if isinstance(push, Alike) and push.places]
        groups[f"shocks to the {named} family"] = shared + [stream_of(push, name) for push in lists for name in families]
    groups |= {
        "what is believed of the series": [f"{name}|parameters" for name in own] + of_nodes(alone),
        "own shocks of the series": [f"{name}|yearly shocks" for name in own]
        + [f"{place}|{family}|yearly shock" for place, family in places],
    }
    if question.rate_is_doubtful and (rate := question.aim.conversion) is not None:
        groups["exchange rate"] = [f"{rate.of}/{rate.to}|{part}" for part in ("convention", "exchange rate")]
    drawn = drawn_names(plan, question.aim)
    groups |= {one.words: [f"amount|{one.drawn.name}"] for one in distributions(question.scenario) if one.drawn.name in drawn}
    for push in plan.pushes:
        if isinstance(push, CommonShock) and push.probability.quantile != 1.0:
            groups[f"whether the {push.year} shock happens"] = [f"amount|{push.percent.name}|hits"]
    return {name: frozenset(streams) for name, streams in groups.items()}


def of_nodes(families: list[str]) -> list[str]:
    """Name the streams of the nodes and the common parameters of some families."""
    return [f"{name}|{part}" for name in families for part in ("node", "common parameters")]
