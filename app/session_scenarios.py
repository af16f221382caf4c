"""The scenarios of a session: the present one with its steps back and forward, and those kept under names with theirs."""

from collections.abc import Callable, Sequence

import streamlit as st

from app import links
from app.kept_scenarios import Kept, read_all
from app.page_parts import tables
from app.scenario_history import History
from app.scenario_links import link_text, linked_scenario, presets
from data import InputFault
from scenarios import Scenario, load_scenario, read_scenario
from scenarios.scenario import BASELINE

HISTORY, KEPT, TEXT = "scenarios tried", "scenarios kept", "scenario"
# Sentences, which are told in the language of the reader when they are shown.
FAULTS, KEPT_FAULTS = "faults of a scenario", "faults of the kept scenarios"


def history() -> History[Scenario]:
    """Return the scenarios tried; the present one is `now`."""
    found: History[Scenario] = st.session_state.setdefault(HISTORY, History((BASELINE,)))
    return found


def step(tried: History[Scenario]) -> None:
    """Go to a step; the text of its scenario stands in the address."""
    st.session_state[HISTORY], st.session_state[TEXT], st.session_state[FAULTS] = tried, link_text(tried.now), ()


def take(scenario: Scenario) -> None:
    """Go on with a scenario."""
    step(history().with_next(scenario))


def take_preset(name: str) -> None:
    """Go on with a preset."""
    take(load_scenario(name, tables().catalogue))


def take_text(name: str, content: bytes) -> None:
    """Go on with a file, or say what is wrong with it."""
    try:
        take(read_scenario(name, content, tables().catalogue))
    except InputFault as fault:
        st.session_state[FAULTS] = fault.sentences


def take_link() -> None:
    """Go on with the scenario that the address asks for, or say what is wrong with it."""
    text = st.session_state.pop(links.asked(TEXT), None)
    if text is None or text == link_text(history().now):
        return
    try:
        take(linked_scenario(text, tables().catalogue))
    except InputFault as fault:
        st.session_state[FAULTS] = fault.sentences


def renamed(scenario: Scenario, title: str) -> Scenario:
    """Give a scenario another title if it has that of a preset, which it will not be any more."""
    titles = {one.title for one in presets().values()}
    return scenario.model_copy(update={"title": title}) if scenario.title in titles else scenario


def kept_steps() -> History[Kept]:
    """Return the lists of kept scenarios, as they came about."""
    found: History[Kept] = st.session_state.setdefault(KEPT, History((Kept(),)))
    return found


def kept() -> Kept:
    """Return the scenarios kept."""
    return kept_steps().now


def change_kept(change: Callable[[Kept], Kept]) -> None:
    """Change the list of kept scenarios, or say why not."""
    try:
        st.session_state[KEPT], st.session_state[KEPT_FAULTS] = kept_steps().with_next(change(kept())), []
    except InputFault as fault:
        st.session_state[KEPT_FAULTS] = [*fault.sentences]


def undo_kept() -> None:
    """Take back the last change of the list."""
    st.session_state[KEPT], st.session_state[KEPT_FAULTS] = kept_steps().undone(), []


def load_kept(files: Sequence[tuple[str, bytes]]) -> None:
    """Keep the scenarios of uploads, and say what is wrong with the others."""
    good, faults = read_all(files, tables().catalogue)
    change_kept(lambda before: before.with_all(good))
    st.session_state[KEPT_FAULTS] += faults
