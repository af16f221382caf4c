"""The only place where the app caches: tables, beliefs and runs, keyed by what they depend on."""

import streamlit as st

from data import Catalogue, load_catalogue
from forecast import Belief, believe
from scenarios import Outcomes, TargetAssessment, assess_targets, make_plan, simulate
from scenarios.plan import extra_growth as growth_lever

PATHS = 10_000
HORIZON = 2020


@st.cache_resource(show_spinner=False)
def catalogue() -> Catalogue:
    """Load the bundled tables once."""
    return load_catalogue()


@st.cache_resource(show_spinner=False)
def latest_belief() -> Belief:
    """Form the beliefs from everything known."""
    return believe(catalogue())


@st.cache_resource(show_spinner=False, max_entries=64)
def place_outcomes(place: str, extra_growth: float) -> Outcomes:
    """Simulate all series of a place with a growth lever, percentage points a year."""
    belief = latest_belief()
    keys = [str(one.key) for one in belief.series if one.key.place == place]
    plan = make_plan(belief, [], HORIZON, growth_lever(belief, extra_growth, keys), places=[place])
    return simulate(plan, PATHS)


@st.cache_resource(show_spinner=False, max_entries=64)
def place_targets(place: str, extra_growth: float) -> list[TargetAssessment]:
    """Assess the targets of a place, each at the vintage of its own document."""
    return assess_targets(catalogue(), paths=PATHS, places=[place], extra_growth=extra_growth)
