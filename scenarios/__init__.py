"""From beliefs to odds: scenarios, plans, addressed shocks, simulation, outcomes, stated targets."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.assessment import TargetAssessment
    from scenarios.comparison import Comparison, compare
    from scenarios.compilation import Compiled, compile_scenario
    from scenarios.goal_seeking import Solution, solve
    from scenarios.joint_targets import JointOdds, joint_odds
    from scenarios.level_table import simulated_levels
    from scenarios.link_estimates import LinkEstimate, estimate_link
    from scenarios.outcomes import Odds, Outcomes
    from scenarios.plan import Event, Plan, make_plan
    from scenarios.scenario import Scenario
    from scenarios.scenario_files import dump_scenario, load_scenario, read_scenario
    from scenarios.scenario_names import check_names
    from scenarios.simulation import simulate
    from scenarios.target_sensitivity import Sensitivity, sensitivity
    from scenarios.targets import assess_targets

HOMES = {
    "Comparison": "comparison",
    "Compiled": "compilation",
    "Event": "plan",
    "JointOdds": "joint_targets",
    "LinkEstimate": "link_estimates",
    "Odds": "outcomes",
    "Outcomes": "outcomes",
    "Plan": "plan",
    "Scenario": "scenario",
    "Sensitivity": "target_sensitivity",
    "Solution": "goal_seeking",
    "TargetAssessment": "assessment",
    "assess_targets": "targets",
    "check_names": "scenario_names",
    "compare": "comparison",
    "compile_scenario": "compilation",
    "dump_scenario": "scenario_files",
    "estimate_link": "link_estimates",
    "joint_odds": "joint_targets",
    "load_scenario": "scenario_files",
    "make_plan": "plan",
    "read_scenario": "scenario_files",
    "sensitivity": "target_sensitivity",
    "simulate": "simulation",
    "simulated_levels": "level_table",
    "solve": "goal_seeking",
}

__all__ = [
    "Comparison",
    "Compiled",
    "Event",
    "JointOdds",
    "LinkEstimate",
    "Odds",
    "Outcomes",
    "Plan",
    "Scenario",
    "Sensitivity",
    "Solution",
    "TargetAssessment",
    "assess_targets",
    "check_names",
    "compare",
    "compile_scenario",
    "dump_scenario",
    "estimate_link",
    "joint_odds",
    "load_scenario",
    "make_plan",
    "read_scenario",
    "sensitivity",
    "simulate",
    "simulated_levels",
    "solve",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: odds need no scenario files, and reading those needs no compiler."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"scenarios.{HOMES[name]}"), name)
