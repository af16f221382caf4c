"""The only place where the app caches: tables, beliefs and runs, keyed by the content of the tables and what was asked."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app.vintages import shown_up_to
from data import Catalogue, load_catalogue
from forecast import Belief, believe
from forecast.backtest import Backtest, backtest
from forecast.models import MODELS
from scenarios import TargetAssessment, assess_targets

PATHS = 10_000
HORIZON = 2020
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
    """Form the beliefs of a vintage; 'document' stands for everything known."""
    return _belief(tables.key, shown_up_to(known_by), tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=24)
def _belief(key: str, known_by: str, _catalogue: Catalogue) -> Belief:  # noqa: ARG001  (the key names the content)
    return believe(_catalogue, known_by)


def targets(tables: Tables, known_by: str) -> tuple[TargetAssessment, ...]:
    """Assess all stated targets, each at the vintage of its own document or all at one date."""
    return _targets(tables.key, known_by, tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=24)
def _targets(key: str, known_by: str, _catalogue: Catalogue) -> tuple[TargetAssessment, ...]:  # noqa: ARG001
    return tuple(assess_targets(_catalogue, known_by=known_by, paths=PATHS))


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
