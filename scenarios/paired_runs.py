"""Scenarios on the targets of one vintage, each simulated once, on the same random numbers, with the odds by draw of the parameters."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from data import Catalogue, Target
from forecast.belief import Belief
from forecast.routing import own_weight
from forecast.series import Floats
from scenarios.aims import Aim
from scenarios.asked import gather
from scenarios.compilation import Compiled, compile_scenario, moved_target
from scenarios.plan import Plan, make_plan
from scenarios.scenario import BASELINE, Scenario
from scenarios.simulation import PATHS_PER_DRAW, simulate
from scenarios.targets import LAST_YEAR

RUNS_KEPT = 32  # as many as a scenario of five terms has subsets


@dataclass(frozen=True, eq=False)
class Run:
    """One scenario: the targets as it moves them; of those with odds these by draw, the data weight, and the warnings about their series."""

    stated: Mapping[str, Target]
    shares: Mapping[str, Floats]
    data_weights: Mapping[str, float]
    warnings: Mapping[str, list[str]]


class PairedRuns:
    """The targets of one vintage under any scenario."""

    def __init__(
        self, catalogue: Catalogue, belief: Belief, rows: Sequence[Target], paths: int, seed: int, threads: int | None
    ) -> None:
        self.catalogue, self.belief, self.rows, self.paths, self.seed, self.threads = catalogue, belief, rows, paths, seed, threads
        self.done: dict[tuple[object, object], Run] = {}

    @property
    def missing(self) -> Floats:
        """What stands for the odds by draw of a target that has none."""
        return np.full(-(-self.paths // PATHS_PER_DRAW), np.nan)

    def again(self) -> "PairedRuns":
        """Return runs that know what these know, of the baseline at least, and leave these as they are."""
        self.of(BASELINE)
        _ = self.noise
        runs = copy(self)
        runs.done = dict(self.done)
        return runs

    def keep(self, runs: "PairedRuns") -> None:
        """Remember what runs that began with these were asked last: when one term of a scenario is moved, half of its subsets stay."""
        others = {key: run for key, run in dict(self.done).items() if key not in runs.done}
        self.done = dict([*others.items(), *runs.done.items()][-RUNS_KEPT:])

    def of(self, scenario: Scenario) -> Run:
        """Return the run of a scenario, from memory if it was made before; neither title nor horizon changes it."""
        key = (scenario.levers, scenario.assumptions)
        run = self.done.pop(key, None) or self._run(scenario)
        self.done[key] = run  # last, as the one asked for last
        return run

    def _run(self, scenario: Scenario) -> Run:
        rows = {row.target: moved_target(row, scenario) for row in self.rows}
        as_stated = all(rows[row.target] is row for row in self.rows)
        aims = self.stated_aims if as_stated else self.aims(rows.values())
        if not aims:
            return Run(rows, {}, {}, {})
        compiled, plan = self.laid_out(scenario, aims)
        found, counted = self.shares(plan)
        shares = {target: found[aim.event.name] for target, aim in aims.items()}
        shares |= {
            target: shares[target] + self.noise.get(target, 0.0) for target, aim in aims.items() if aim.event.name in counted
        }
        warnings = {t: [w.sentence for w in compiled.warnings if str(aim.one.key) in w.series] for t, aim in aims.items()}
        weights = {target: own_weight(self.belief, aim.one, aim.horizon) for target, aim in aims.items()}
        return Run(rows, shares, weights, warnings)

    @cached_property
    def stated_aims(self) -> dict[str, Aim]:
        """The targets as stated that can be assessed; few scenarios move one."""
        return self.aims(self.rows)

    def aims(self, rows: Iterable[Target]) -> dict[str, Aim]:
        """Return the targets that can be assessed, each as a level to be reached."""
        asked = gather(self.catalogue, self.belief, list(rows))
        return {target: aim for target, aim in asked.aims.items() if isinstance(aim, Aim)}

    def laid_out(self, scenario: Scenario, aims: Mapping[str, Aim]) -> tuple[Compiled, Plan]:
        """Return a scenario as it is compiled, and its plan, which ends with the last year that is asked about."""
        events = [one.event for one in aims.values()]
        asked = max(event.year for event in events)
        last = max(LAST_YEAR, asked)
        compiled = compile_scenario(scenario, self.catalogue, self.belief, last)
        return compiled, make_plan(compiled.belief, events, asked, compiled.pushes, rates=compiled.rates)

    def shares(self, plan: Plan) -> tuple[dict[str, Floats], set[str]]:
        """Return the odds by draw of the events of a plan, and those events whose odds are counted."""
        outcomes = simulate(plan, self.paths, self.seed, self.threads, keep_shares=True)
        assert outcomes.shares is not None  # noqa: S101  (they were asked for)
        assert outcomes.exact is not None  # noqa: S101
        names = [event.name for event in plan.events]
        counted = {name for name, exact in zip(names, outcomes.exact, strict=True) if not exact}
        return dict(zip(names, outcomes.shares, strict=True)), counted

    @cached_property
    def noise(self) -> dict[str, Floats]:
        """By how much the odds of the baseline given the own shocks exceed those counted on the same paths, by draw.

        It is zero on average. Odds that can only be counted have nearly the same noise, of which adding it frees them (a control variate).
        """
        aims = self.stated_aims
        if not aims:
            return {}
        _, plan = self.laid_out(BASELINE, aims)
        (given, _), (counted, _) = self.shares(plan), self.shares(replace(plan, conditional=False))
        return {target: given[aim.event.name] - counted[aim.event.name] for target, aim in aims.items()}
