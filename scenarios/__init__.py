"""From beliefs to odds: scenarios, plans, addressed shocks, simulation, outcomes, stated targets."""

from scenarios.assessment import TargetAssessment
from scenarios.goal_seeking import Solution, solve
from scenarios.joint_targets import JointOdds, joint_odds
from scenarios.outcomes import Odds, Outcomes
from scenarios.plan import Event, Plan, make_plan
from scenarios.scenario import Scenario
from scenarios.scenario_files import dump_scenario, load_scenario
from scenarios.scenario_names import check_names
from scenarios.simulation import simulate
from scenarios.targets import assess_targets

__all__ = [
    "Event",
    "JointOdds",
    "Odds",
    "Outcomes",
    "Plan",
    "Scenario",
    "Solution",
    "TargetAssessment",
    "assess_targets",
    "check_names",
    "dump_scenario",
    "joint_odds",
    "load_scenario",
    "make_plan",
    "simulate",
    "solve",
]
