"""One target under one scenario, laid out so that single things about it can be held, drawn anew or looked at path by path."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from data import Catalogue, InputFault, Target
from data.sentences import phrased
from forecast.belief import Belief, SeriesBelief
from forecast.series import Floats
from scenarios.aims import Aim
from scenarios.asked import gather
from scenarios.compilation import Compiled, compile_scenario, moved_target
from scenarios.conditioned_belief import series_of
from scenarios.doubts import Doubt, is_doubtful
from scenarios.family_kernels import fill_indices
from scenarios.path_aims import Futures, PathAim
from scenarios.path_odds import MOST_PATHS
from scenarios.plan import Event, Plan, make_plan
from scenarios.prepared import prepare
from scenarios.scenario import Scenario
from scenarios.shared_draws import doubts_by_path, drawn_family, in_path_order
from scenarios.shocks import SplitSeed
from scenarios.simulation import PATHS_PER_DRAW, simulate
from scenarios.targets import LAST_YEAR

Seeds = int | SplitSeed


@dataclass(frozen=True, eq=False)
class Question:
    """A target under a scenario.

    Attributes
    ----------
    belief : Belief
        What is believed without the scenario; `compiled.belief` is under its assumptions.
    row : Target
        As it is stated; the scenario may move it.
    aim : Aim or PathAim
        What the scenario's futures must reach.
    """

    catalogue: Catalogue
    belief: Belief
    row: Target
    scenario: Scenario
    aim: Aim | PathAim
    compiled: Compiled
    paths: int
    seed: int
    threads: int | None

    @property
    def one(self) -> SeriesBelief:
        """The series of the target, as it is believed under the scenario."""
        return series_of(self.compiled.belief, str(self.aim.one.key))

    @property
    def event(self) -> Event | None:
        """The aim as the simulation counts it; None for one that is told path by path."""
        return self.aim.event if isinstance(self.aim, Aim) else None

    @cached_property
    def is_straight(self) -> bool:
        """Whether ln(level) in the due year alone decides and is a sum, which no ceiling, gained level or link bends."""
        plan = self.plan()
        slots = prepare(plan, self.seed).slots
        row = [one.key for one in plan.series].index(self.aim.one.key)
        return isinstance(self.aim, Aim) and row not in {*slots.gain, *slots.ceiling, *slots.effects, *slots.links}

    @cached_property
    def rate_is_doubtful(self) -> bool:
        """Whether the due year's exchange rate is in doubt."""
        return self.aim.conversion is not None and is_doubtful(self.compiled.rates, self.aim.conversion)

    def plan(
        self, belief: Belief | None = None, event: Event | None = None, *, watched: bool = False, pushed: bool = True
    ) -> Plan:  # fmt: skip
        """Return the plan of a run up to the due year, of another belief or event, with the paths kept, or without what is pushed."""
        event = event or self.event
        names = tuple(dict.fromkeys(str(one.key) for one in self.aim.series)) if watched or event is None else ()
        return make_plan(
            belief or self.compiled.belief,
            [event] if event else [],
            self.aim.due,
            self.compiled.pushes if pushed else (),
            rates=self.compiled.rates,
            watched=names,
        )

    def shares(self, belief: Belief | None = None, event: Event | None = None) -> Floats:
        """Odds by draw of the parameters, those of `assess_targets` unless another belief or event is given."""
        plan = self.plan(belief, event)
        if self.event is None:
            futures = Futures.watched(simulate(plan, min(self.paths, MOST_PATHS), self.seed, self.threads), [self.aim])
            return np.asarray(self.aim.hits(futures).reshape(-1, PATHS_PER_DRAW).mean(axis=1))
        outcomes = simulate(plan, self.paths, self.seed, self.threads, keep_shares=True)
        assert outcomes.shares is not None  # noqa: S101  (they were asked for)
        return np.asarray(outcomes.shares[0])

    def futures(self, paths: int, seed: Seeds, *, pushed: bool = True) -> Futures:
        """Paths of all series of the aim."""
        return Futures.watched(simulate(self.plan(watched=True, pushed=pushed), paths, seed, self.threads), [self.aim])

    def margins(self, paths: int, seed: Seeds) -> Floats:
        """By how much the target is exceeded, in logarithms, by path; below 0 it is missed."""
        return self.aim.margins(self.futures(paths, seed), self.aim.due)

    def rate_deviations(self, paths: int, seed: Seeds) -> Floats:
        """By how much ln of the due year's exchange rate leaves the last known one, by path."""
        n_draws = -(-paths // PATHS_PER_DRAW)
        if not self.rate_is_doubtful:
            return np.zeros(n_draws * PATHS_PER_DRAW)
        (deviation,) = doubts_by_path(self.plan(), [Doubt(self.aim.conversion, None)], seed, n_draws, PATHS_PER_DRAW)
        return np.asarray(deviation[-1], dtype=float)

    def family_growth(self, one: SeriesBelief, paths: int, seed: Seeds, *, pushed: bool = True) -> Floats:
        """What the growth of its family adds to ln(level) of a series from its origin to the due year, by path; assumed shocks are pushed."""
        n_draws, low, high = numbers_of(paths)
        plan = self.plan(watched=True, pushed=pushed)
        drawn = drawn_family(prepare(plan, seed), one.family, seed, 0, n_draws, low, high)
        first, origin, due = plan.first_year, one.series.origin, self.aim.due
        before = plan.belief.families[one.family].first_year - 1
        known = drawn.by_draw[due - before] - drawn.by_draw[origin - before]
        shocks = drawn.by_path[due - first + 1] - drawn.by_path[origin - first + 1]
        return in_path_order(np.tile(known, PATHS_PER_DRAW) + shocks, n_draws)

    def under(self, scenario: Scenario) -> "Question":
        """Ask the same of another scenario."""
        return ask(self.catalogue, self.belief, self.row, scenario, self.paths, self.seed, self.threads)


def ask(
    catalogue: Catalogue, belief: Belief, row: Target, scenario: Scenario, paths: int, seed: int, threads: int | None
) -> Question:  # fmt: skip
    """Lay out a target under a scenario.

    Raises
    ------
    InputFault
        If no odds are given of the target.
    """
    asked = gather(catalogue, belief, [moved_target(row, scenario)])
    aim = asked.aims.get(row.target)
    if aim is None:
        reason = (asked.answers[0].reason or "?").rstrip(".")
        raise InputFault(phrased("target {target}: no odds are given: {reason}", target=row.target, reason=reason))
    compiled = compile_scenario(scenario, catalogue, belief, max(LAST_YEAR, aim.due))
    return Question(catalogue, belief, row, scenario, aim, compiled, paths, seed, threads)


def numbers_of(paths: int) -> tuple[int, NDArray[np.uint32], NDArray[np.uint32]]:
    """Return how many draws so many paths have, and the two words of the number of each path."""
    n_draws = -(-paths // PATHS_PER_DRAW)
    low, high = np.empty((2, n_draws * PATHS_PER_DRAW), np.uint32)
    fill_indices(0, n_draws, PATHS_PER_DRAW, False, low, high)
    return n_draws, low, high


def mean_and_error(shares: Floats) -> tuple[float, float]:
    """Mean over independent draws and its standard error; of a single draw that of its few paths."""
    mean = float(shares.mean())
    if len(shares) == 1:
        return mean, sqrt(abs(mean) * (1 - abs(mean)) / PATHS_PER_DRAW)
    return mean, float(shares.std(ddof=1)) / sqrt(len(shares))
