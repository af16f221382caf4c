"""The levels of every series under a scenario: one row a series and coming year, with mean and quantiles over the futures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from data import Catalogue
from forecast.belief import Belief, believe
from forecast.forecast_table import quantile_name
from forecast.prediction import QUANTILE_LEVELS
from forecast.series import Floats
from scenarios.compilation import Compiled, compile_scenario
from scenarios.lever_warnings import LeverWarning
from scenarios.outcomes import Outcomes
from scenarios.plan import Plan, make_plan, part_of
from scenarios.scenario import Scenario
from scenarios.simulation import simulate

SIMULATION_FIELDS = ("place", "measure", "scope", "unit", "period", "mean", *map(quantile_name, QUANTILE_LEVELS), "warnings")


@dataclass(frozen=True, eq=False)
class Futures:
    """One series under a scenario: the years to come (n), quantiles (n, m) of its level in its unit, and warnings about its place."""

    years: range
    quantiles: Floats
    warnings: tuple[str, ...]


def simulated_levels(
    catalogue: Catalogue,
    scenario: Scenario,
    *,
    known_by: str = "9999-12-31",
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    places: Sequence[str] = (),
    measures: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
) -> list[dict[str, object]]:
    """Simulate a scenario up to its horizon; the fields of a row are `SIMULATION_FIELDS`.

    Parameters
    ----------
    catalogue : Catalogue
    scenario : Scenario
    known_by : str
        The date (YYYY-MM-DD) up to which facts count.
    paths, seed, threads : int
    places, measures : sequences of str
        Which series; empty means all.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If the scenario has what cannot be simulated.
    """
    belief = believe(catalogue, known_by)
    rows = believed_levels(belief, catalogue, scenario, paths, seed, threads, places, progress)
    return [row for row in rows if not measures or row["measure"] in measures]


def believed_levels(
    belief: Belief,
    catalogue: Catalogue,
    scenario: Scenario,
    paths: int,
    seed: int = 1,
    threads: int | None = None,
    places: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
) -> list[dict[str, object]]:
    """Simulate a scenario of what is believed already; as `simulated_levels`, for all measures."""
    compiled, plan = laid_out(belief, catalogue, scenario, places)
    if not plan.series:
        return []
    return level_rows(simulate(plan, paths, seed, threads, progress), compiled.warnings)


def laid_out(belief: Belief, catalogue: Catalogue, scenario: Scenario, places: Sequence[str]) -> tuple[Compiled, Plan]:
    """Return a scenario as it is compiled, and the plan of all series of some places, or of all."""
    compiled = compile_scenario(scenario, catalogue, belief)
    plan = make_plan(compiled.belief, [], scenario.horizon, compiled.pushes, places=list(places) or None, rates=compiled.rates)
    return compiled, plan


def futures_of(
    series: str,
    belief: Belief,
    catalogue: Catalogue,
    scenario: Scenario,
    probabilities: Sequence[float],
    paths: int,
    seed: int = 1,
    threads: int | None = None,
) -> Futures:
    """Simulate one series of a belief, which ends before the scenario's horizon, and those whose levers reach it by links."""
    compiled, whole = laid_out(belief, catalogue, scenario, [series.split("|")[0]])
    outcomes = simulate(part_of(whole, [series]), paths, seed, threads)
    number, origin = next((n, one.series.origin) for n, one in enumerate(outcomes.plan.series) if str(one.key) == series)
    known = {str(one.key) for one in whole.series}
    return Futures(
        range(origin + 1, scenario.horizon + 1),
        outcomes.all_quantiles(probabilities)[number, origin + 1 - outcomes.plan.first_year :],
        tuple(warning.sentence for warning in compiled.warnings if known & warning.series),
    )


def level_rows(outcomes: Outcomes, warned: Sequence[LeverWarning]) -> list[dict[str, object]]:
    """Lay out the levels of every series that was simulated, a row for each series and coming year."""
    columns = level_columns(outcomes, warned, range(len(outcomes.plan.series)))
    return [dict(zip(SIMULATION_FIELDS, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def level_columns(outcomes: Outcomes, warned: Sequence[LeverWarning], series: Sequence[int]) -> dict[str, list[object]]:
    """Lay out the levels of some series, by their numbers in the plan, as columns named by `SIMULATION_FIELDS`."""
    plan = outcomes.plan
    warnings = [[one.sentence for one in warned if str(plan.series[number].key) in one.series] for number in series]
    rows = [
        (number, year, plan.series[number].key, said)
        for number, said in zip(series, warnings, strict=True)
        for year in range(plan.series[number].series.origin + 1, plan.horizon + 1)
    ]
    at = np.array([(number, year - plan.first_year) for number, year, _, _ in rows], dtype=np.intp).reshape(-1, 2).T
    quantiles = outcomes.all_quantiles(QUANTILE_LEVELS)[*at]
    named = [(key.place, key.measure, key.scope, key.unit, str(year)) for _, year, key, _ in rows]
    columns = [*map(list, zip(*named, strict=True))] if rows else [[] for _ in range(5)]
    columns += [outcomes.all_means()[*at].tolist(), *quantiles.T.tolist(), [said for *_, said in rows]]
    return dict(zip(SIMULATION_FIELDS, columns, strict=True))
