"""Terms of scenarios compiled on the small made-up world, and the paths that follow."""

import numpy as np

from data import Catalogue
from forecast.belief import Belief
from scenarios import Scenario
from scenarios.compilation import Compiled, compile_scenario
from scenarios.plan import make_plan
from scenarios.simulation import simulate

KEY = "City 0|contract_value_executed|total|USD"
OTHER = "City 4|contract_value_executed|total|USD"
JOBS = "City 2|employees|total|persons"
CONTRACTS = "City 2|contract_value_executed|total|USD"
HORIZON = 2018
PATHS = 600
SINGLE = 2e-5  # single precision of ln(level)


def scenario(*, levers: tuple = (), assumptions: tuple = ()) -> Scenario:
    return Scenario(title="Test", horizon=HORIZON, levers=levers, assumptions=assumptions)


def growth(**changes: object) -> dict[str, object]:
    return {"growth": {"places": ["City 0"], "measure": "contract_value_executed", "years": [2014, 2016], "points": 5} | changes}


def compiled(small: Catalogue, belief: Belief, **terms: tuple) -> Compiled:
    return compile_scenario(scenario(**terms), small, belief)


def paths_of(made: Compiled, *series: str, paths: int = PATHS) -> dict[str, np.ndarray]:
    """ln(level over the last known one) of every path, (years, paths)."""
    plan = make_plan(made.belief, [], HORIZON, made.pushes, places=None, rates=made.rates, watched=series)
    return dict(simulate(plan, paths, 3).watched)
