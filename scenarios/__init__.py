"""From beliefs to odds: scenarios, plans, addressed shocks, simulation, outcomes, stated targets."""

from scenarios.comparison import Comparison, compare
from scenarios.compilation import Compiled, compile_scenario
from scenarios.outcomes import Odds, Outcomes
from scenarios.plan import Event, Plan, make_plan
from scenarios.scenario import Scenario
from scenarios.scenario_files import dump_scenario, load_scenario
from scenarios.scenario_names import check_names
from scenarios.simulated_levels import simulated_levels
from scenarios.simulation import simulate
from scenarios.targets import TargetAssessment, assess_targets

__all__ = [
    "Comparison",
    "Compiled",
    "Event",
    "Odds",
    "Outcomes",
    "Plan",
    "Scenario",
    "TargetAssessment",
    "assess_targets",
    "check_names",
    "compare",
    "compile_scenario",
    "dump_scenario",
    "load_scenario",
    "make_plan",
    "simulate",
    "simulated_levels",
]
