"""The only place where the app caches: tables, beliefs and runs, keyed by the content of the tables and what was asked."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app.vintages import DOCUMENT, LATEST, shown_up_to
from data import Catalogue, InputFault, load_catalogue
from data.fingerprint import fingerprint
from forecast import Belief, believe
from forecast.backtest import Backtest, backtest
from forecast.models import MODELS
from scenarios import (
    Comparison,
    LinkEstimate,
    Scenario,
    Sensitivity,
    Solution,
    TargetAssessment,
    assess_targets,
    check_names,
    estimate_link,
    sensitivity,
    solve,
)
from scenarios.comparison import compared, order, targets_by_vintage
from scenarios.level_table import Futures, futures_of
from scenarios.paired_runs import PairedRuns
from scenarios.scenario import BASELINE

PATHS = 10_000
HORIZON = 2020
FAN = (0.1, 0.5, 0.9)  # the quantiles that What-if draws
BACKTESTS_KEPT = 8
SENSITIVITIES_KEPT = 64
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


def data_name(tables: Tables) -> str:
    """Return the fingerprint of the tables."""
    return _data_name(tables.key, tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=24)
def _data_name(key: str, _catalogue: Catalogue) -> str:  # noqa: ARG001
    return fingerprint(_catalogue)


def belief(tables: Tables, known_by: str) -> Belief:
    """Form the beliefs of a vintage; 'document' stands for everything known."""
    return _belief(tables.key, shown_up_to(known_by), tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=24)
def _belief(key: str, known_by: str, _catalogue: Catalogue) -> Belief:  # noqa: ARG001  (the key names the content)
    return believe(_catalogue, known_by)


def link_estimates(tables: Tables, known_by: str, from_measure: str, to_measure: str) -> tuple[LinkEstimate, ...]:
    """Estimate a link from the cities by scope, those with the most cities first; none where too few have both figures."""
    return _link_estimates(tables.key, shown_up_to(known_by), from_measure, to_measure, tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=256)
def _link_estimates(
    key: str,  # noqa: ARG001
    known_by: str,
    from_measure: str,
    to_measure: str,
    _catalogue: Catalogue,
) -> tuple[LinkEstimate, ...]:
    try:
        return tuple(estimate_link(_catalogue, from_measure, to_measure, known_by=known_by))
    except InputFault:
        return ()


def targets(tables: Tables, known_by: str) -> tuple[TargetAssessment, ...]:
    """Assess all stated targets, each at the vintage of its own document or all at one date."""
    return _targets(tables.key, known_by, tables.catalogue)


@st.cache_resource(show_spinner=False, max_entries=24)
def _targets(key: str, known_by: str, _catalogue: Catalogue) -> tuple[TargetAssessment, ...]:  # noqa: ARG001
    return tuple(assess_targets(_catalogue, known_by=known_by, paths=PATHS))


def content_of(scenario: Scenario) -> str:
    """Return what a scenario says, whatever it is called."""
    return scenario.model_dump_json(exclude={"title"})


def changes(tables: Tables, known_by: str, place: str, scenario: Scenario) -> tuple[Comparison, ...]:
    """Compare the odds of the targets of a place under a scenario with those of the baseline, on the same random numbers."""
    return tuple(one for one in side_by_side(tables, known_by, place, (BASELINE, scenario)) if one.scenario == "1")


def side_by_side(tables: Tables, known_by: str, place: str, scenarios: tuple[Scenario, ...]) -> tuple[Comparison, ...]:
    """Compare the odds of the targets of a place under scenarios with those under the first; they are called '0', '1' and so on."""
    return _side_by_side(tuple(map(content_of, scenarios)), tables.key, known_by, place, tables, scenarios)


@st.cache_resource(show_spinner=False, max_entries=256)
def _side_by_side(
    contents: tuple[str, ...],  # noqa: ARG001
    key: str,  # noqa: ARG001
    known_by: str,
    place: str,
    _tables: Tables,
    _scenarios: tuple[Scenario, ...],
) -> tuple[Comparison, ...]:
    named = [check_names(one.model_copy(update={"title": str(number)}), _tables.catalogue) for number, one in enumerate(_scenarios)]
    found = []
    for known in paired(_tables, known_by, place):
        runs = known.again()
        found += compared(runs, named)
        known.keep(runs)
    return tuple(sorted(found, key=lambda one: (*order(one), one.scenario)))


def paired(tables: Tables, known_by: str, place: str) -> tuple[PairedRuns, ...]:
    """Return the targets of a place by vintage, ready to be simulated under any scenario; the baseline is simulated once for all."""
    return _paired(tables.key, known_by, place, tables)


@st.cache_resource(show_spinner=False, max_entries=128)
def _paired(key: str, known_by: str, place: str, _tables: Tables) -> tuple[PairedRuns, ...]:  # noqa: ARG001
    dated = known_by not in (DOCUMENT, LATEST)
    catalogue = _tables.catalogue.known_by(known_by) if dated else _tables.catalogue
    rows = targets_by_vintage(catalogue, known_by, (place,))
    return tuple(PairedRuns(catalogue, belief(_tables, date), rows[date], PATHS, 1, None) for date in sorted(rows))


def futures(tables: Tables, known_by: str, series: str, scenario: Scenario) -> Futures:
    """Simulate the levels of a series under a scenario up to `HORIZON`; `DOCUMENT` stands for everything known."""
    date = LATEST if known_by == DOCUMENT else known_by
    return _futures(content_of(scenario), tables.key, date, series, tables, scenario)


@st.cache_resource(show_spinner=False, max_entries=256)
def _futures(
    content: str,  # noqa: ARG001
    key: str,  # noqa: ARG001
    date: str,
    series: str,
    _tables: Tables,
    _scenario: Scenario,
) -> Futures:
    to_the_end = _scenario.model_copy(update={"horizon": HORIZON})
    return futures_of(series, belief(_tables, date), _tables.catalogue, to_the_end, FAN, PATHS)


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


@st.cache_resource(show_spinner=False)
def _sensitivities() -> OrderedDict[tuple[str, ...], Sensitivity]:
    return OrderedDict()


def kept_sensitivity(tables: Tables, known_by: str, scenario: Scenario, target: str) -> Sensitivity | None:
    """Return what moves the odds of a target if it has been computed."""
    return _sensitivities().get((tables.key, known_by, content_of(scenario), target))


def run_sensitivity(tables: Tables, known_by: str, scenario: Scenario, target: str, progress: Callable[[float], None]) -> None:
    """Compute what moves the odds of a target and keep it; `progress` may end it by raising."""
    found = sensitivity(tables.catalogue, scenario, target, known_by=known_by, paths=PATHS, progress=progress)
    kept = _sensitivities()
    kept[tables.key, known_by, content_of(scenario), target] = found
    while len(kept) > SENSITIVITIES_KEPT:
        kept.popitem(last=False)


def enough(tables: Tables, known_by: str, scenario: Scenario, target: str, lever: str, wanted: float) -> Solution:
    """Find how much of a lever gives a target the wanted odds under a scenario."""
    return _enough(tables.key, known_by, content_of(scenario), target, lever, wanted, tables.catalogue, scenario)


@st.cache_resource(show_spinner=False, max_entries=256)
def _enough(
    key: str,  # noqa: ARG001
    known_by: str,
    content: str,  # noqa: ARG001
    target: str,
    lever: str,
    wanted: float,
    _catalogue: Catalogue,
    _scenario: Scenario,
) -> Solution:
    return solve(_catalogue, target, wanted, lever, known_by=known_by, paths=PATHS, scenario=_scenario)
