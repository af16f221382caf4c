"""Targets together: the odds that a place meets all of its own, and how many places do, path by path."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from data import Catalogue, Target
from data.records import records
from forecast.belief import Belief, believe
from scenarios.asked import gather
from scenarios.compilation import compile_scenario, moved_target
from scenarios.outcomes import odds_of_paths
from scenarios.path_odds import watch
from scenarios.plan import make_plan
from scenarios.scenario import BASELINE, Scenario
from scenarios.scenario_names import check_names
from scenarios.targets import rows_by_vintage


@dataclass(frozen=True)
class JointOdds:
    """The odds that a place meets all its assessed targets of one vintage, or, with `place` None, that `places_met` places do.

    `targets` counts the targets held together; `product` is what the odds would be if they did not hang together, None for numbers of places.
    Probabilities are shares.
    """

    vintage: str
    place: str | None
    places_met: int | None
    targets: int
    probability: float
    probability_error: float
    probability_low: float
    probability_high: float
    product: float | None

    def as_record(self) -> dict[str, object]:
        """Return the fields as a dictionary in their fixed order."""
        return asdict(self)


def joint_odds(
    catalogue: Catalogue,
    *,
    known_by: str = "document",
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    places: Sequence[str] = (),
    scenario: Scenario = BASELINE,
) -> list[JointOdds]:
    """Hold all assessed targets of each place together, vintage by vintage: a row for each place, then one for each number of places.

    Parameters
    ----------
    catalogue : Catalogue
    known_by, paths, seed, threads, places, scenario
        As for `assess_targets`; at most 100,000 paths are looked at.

    Raises
    ------
    InputFault
        If a target of the user's is due at or before the last year known of its series.
    """
    if known_by not in ("document", "latest"):
        catalogue = catalogue.known_by(known_by)
    targets = catalogue.targets
    if places:
        targets = targets[targets["place"].isin(list(places))]
    scenario = check_names(scenario, catalogue)
    stated = [moved_target(row, scenario) for row in records(targets, Target)]
    found = []
    for vintage, rows in sorted(rows_by_vintage(stated, known_by).items()):
        found += joint_of_vintage(catalogue, believe(catalogue, vintage), rows, scenario, paths, seed, threads)
    return found


def joint_of_vintage(
    catalogue: Catalogue, belief: Belief, rows: Sequence[Target], scenario: Scenario, paths: int, seed: int, threads: int | None
) -> list[JointOdds]:  # fmt: skip
    """Hold the targets of one vintage together."""
    asked = gather(catalogue, belief, rows)
    if not asked.aims:
        return []
    horizon = max(aim.due for aim in asked.aims.values())
    compiled = compile_scenario(scenario, catalogue, belief, horizon)
    plan = make_plan(compiled.belief, [], horizon, compiled.pushes, rates=compiled.rates)
    futures = watch(plan, list(asked.aims.values()), paths, seed, threads)
    places = sorted({asked.stated[target].place for target in asked.aims})
    vintage = next(answer.vintage or "" for answer in asked.answers)
    met_by_place: list[NDArray[np.bool_]] = []
    found = []
    for place in places:
        own = [aim for target, aim in asked.aims.items() if asked.stated[target].place == place]
        hits = np.array([aim.hits(futures) for aim in own])
        met_by_place.append(np.logical_and.reduce(hits))
        odds = odds_of_paths(met_by_place[-1], futures.paths_per_draw)
        product = float(np.prod(hits.mean(axis=1)))
        found.append(JointOdds(vintage, place, None, len(hits), odds.probability, odds.error, odds.low, odds.high, product))
    counts = np.array(met_by_place).sum(axis=0)
    for number in range(len(places) + 1):
        odds = odds_of_paths(counts == number, futures.paths_per_draw)
        found.append(JointOdds(vintage, None, number, len(asked.aims), odds.probability, odds.error, odds.low, odds.high, None))
    return found
