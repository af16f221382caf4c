"""From beliefs to odds: scenarios, plans, addressed shocks, simulation, outcomes, stated targets."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.outcomes import Odds, Outcomes
    from scenarios.plan import Event, Plan, make_plan
    from scenarios.scenario import Scenario
    from scenarios.scenario_files import dump_scenario, load_scenario
    from scenarios.scenario_names import check_names
    from scenarios.simulation import simulate
    from scenarios.targets import TargetAssessment, assess_targets

HOMES = {
    "Event": "plan",
    "Odds": "outcomes",
    "Outcomes": "outcomes",
    "Plan": "plan",
    "Scenario": "scenario",
    "TargetAssessment": "targets",
    "assess_targets": "targets",
    "check_names": "scenario_names",
    "dump_scenario": "scenario_files",
    "load_scenario": "scenario_files",
    "make_plan": "plan",
    "simulate": "simulation",
}

__all__ = [
    "Event",
    "Odds",
    "Outcomes",
    "Plan",
    "Scenario",
    "TargetAssessment",
    "assess_targets",
    "check_names",
    "dump_scenario",
    "load_scenario",
    "make_plan",
    "simulate",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: odds need no scenario files, and reading those needs no compiler."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"scenarios.{HOMES[name]}"), name)
