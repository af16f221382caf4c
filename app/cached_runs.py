"""The only place where the app caches: tables, beliefs and runs, keyed by the content of the tables and what was asked."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from data import Catalogue, load_catalogue
from forecast import Belief, believe
from forecast.backtest import Backtest, backtest
from forecast.models import MODELS
from scenarios import Comparison, Scenario, TargetAssessment, assess_targets, compare, dump_scenario, simulated_levels
from scenarios.scenario import BASELINE

PATHS = 10_000
HORIZON = 2020
LATEST = "9999-12-31"
DOCUMENT = "document"  # each target with what was known when its own document appeared
WHAT_IF = "What-if"
BACKTESTS_KEPT = 8
BACKTEST_MODELS = ("auto", "reference")


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of a session: the bundled ones, or with a user's own added; `key` names their content, '' is the bundled ones alone."""

    key: str
    catalogue: Catalogue


@st.cache_resource(show_spinner=False)
def bundled() -> Tables:
    """Load the bundled tables once."""
    return Tables("", load_catalogue())


def belief(tables: Tables, known_by: str) -> Belief:
    """Form the beliefs of a vintage; `DOCUMENT` stands for everything known."""
    return _belief(tables.key, LATEST if known_by == DOCUMENT else known_by, tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=24)
def _belief(key: str, known_by: str, _catalogue: Catalogue) -> Belief:  # noqa: ARG001  (the key names the content)
    return believe(_catalogue, known_by)


def vintage_of(assessment: TargetAssessment) -> str:
    """Return the date of the beliefs that a target was assessed by."""
    return assessment.vintage if assessment.vintage not in (None, "latest") else LATEST


def targets(tables: Tables, known_by: str) -> tuple[TargetAssessment, ...]:
    """Assess all stated targets, each at the vintage of its own document or all at one date."""
    return _targets(tables.key, known_by, tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=24)
def _targets(key: str, known_by: str, _catalogue: Catalogue) -> tuple[TargetAssessment, ...]:  # noqa: ARG001
    return tuple(assess_targets(_catalogue, known_by=known_by, paths=PATHS))


def content_of(scenario: Scenario) -> str:
    """Return what a scenario says, whatever it is called."""
    return dump_scenario(scenario.model_copy(update={"title": WHAT_IF}))


def changes(tables: Tables, known_by: str, place: str, scenario: Scenario) -> tuple[Comparison, ...]:
    """Compare the odds of the targets of a place under a scenario with those of the baseline, on the same random numbers."""
    return _changes(f"{tables.key}|{content_of(scenario)}", known_by, place, tables.catalogue, scenario)


@st.cache_resource(show_spinner=False, max_entries=512)
def _changes(key: str, known_by: str, place: str, _tables: Catalogue, _one: Scenario) -> tuple[Comparison, ...]:  # noqa: ARG001
    named = _one.model_copy(update={"title": WHAT_IF})
    date = "latest" if known_by == LATEST else known_by
    compared = compare(_tables, [BASELINE, named], known_by=date, paths=PATHS, places=(place,))
    return tuple(one for one in compared if one.scenario == WHAT_IF)


def levels(tables: Tables, known_by: str, place: str, scenario: Scenario) -> tuple[dict[str, object], ...]:
    """Simulate the levels of a place under a scenario up to `HORIZON`; `DOCUMENT` stands for everything known."""
    date = LATEST if known_by == DOCUMENT else known_by
    return _levels(f"{tables.key}|{content_of(scenario)}", date, place, tables.catalogue, scenario)


@st.cache_resource(show_spinner=False, max_entries=512)
def _levels(key: str, date: str, place: str, _tables: Catalogue, _one: Scenario) -> tuple[dict[str, object], ...]:  # noqa: ARG001
    to_the_end = _one.model_copy(update={"horizon": HORIZON})
    return tuple(simulated_levels(_tables, to_the_end, known_by=date, paths=PATHS, places=(place,)))


@st.cache_resource(show_spinner=False)
def _backtests() -> OrderedDict[str, Backtest]:
    return OrderedDict()


def kept_backtest(tables: Tables) -> Backtest | None:
    """Return the backtest of these tables if it has been run."""
    return _backtests().get(tables.key)


def run_backtest(tables: Tables, progress: Callable[[float], None]) -> Backtest:
    """Run the backtest of these tables and keep it; `progress` may end it by raising."""
    run = backtest(tables.catalogue, models={name: MODELS[name] for name in BACKTEST_MODELS}, progress=progress)
    kept = _backtests()
    kept[tables.key] = run
    while len(kept) > BACKTESTS_KEPT:
        kept.popitem(last=False)
    return run
