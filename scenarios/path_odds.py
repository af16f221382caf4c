"""Odds of aims that are told path by path, and what would lift them."""

from collections.abc import Sequence

import numpy as np

from scenarios.aims import Aim
from scenarios.bracketing import least_amount
from scenarios.outcomes import Odds, odds_of_paths
from scenarios.path_aims import Futures, PathAim
from scenarios.plan import Plan, make_plan
from scenarios.simulation import simulate

MOST_PATHS = 100_000  # that are kept, four bytes for each path, year and series
MOST_POINTS = 1000.0  # percentage points a year that extra growth is looked for up to


def watch(plan: Plan, aims: Sequence[Aim | PathAim], paths: int, seed: int, threads: int | None = None) -> Futures:
    """Run a plan again for the series of some aims and keep their paths, the first 100,000; they are those of the plan's own run."""
    names = tuple(sorted({str(one.key) for aim in aims for one in aim.series}))
    if not names:
        return Futures(plan.first_year, 1, {})
    kept = make_plan(plan.belief, [], plan.horizon, plan.pushes, rates=plan.rates, watched=names)
    return Futures.watched(simulate(kept, min(paths, MOST_PATHS), seed, threads), aims)


def path_odds(aim: PathAim, futures: Futures) -> Odds:
    """Odds by counting the paths that meet the aim."""
    return odds_of_paths(aim.hits(futures), futures.paths_per_draw)


def extra_growth_of_paths(probability: float, aim: PathAim, futures: Futures) -> float | None:
    """Percentage points a year on the aim's own series that lift the odds to `probability`; 0 if not needed, None if nothing does."""
    own = str(aim.one.key)
    found = least_amount(lambda points: float(np.mean(aim.hits(futures.with_growth(own, points)))), probability, 0.0, MOST_POINTS)
    return None if found is None else found.amount


def shortfall_of_paths(aim: PathAim, futures: Futures) -> float | None:
    """By how much futures that miss the aim lie below it, on average, percent of it; None where none misses."""
    margins = aim.margins(futures, aim.due)
    missed = margins[margins < 0]
    return float(-100 * np.expm1(missed).mean()) if missed.size else None
