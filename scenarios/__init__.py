"""From beliefs to odds: plans, addressed shocks, simulation, outcomes, stated targets."""

from scenarios.outcomes import Odds, Outcomes
from scenarios.plan import Event, Plan, make_plan
from scenarios.simulation import simulate
from scenarios.targets import TargetAssessment, assess_targets

__all__ = ["Event", "Odds", "Outcomes", "Plan", "TargetAssessment", "assess_targets", "make_plan", "simulate"]
