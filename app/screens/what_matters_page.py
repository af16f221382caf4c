"""What matters for one target: what moves its odds, when it is missed, which figure would help most, and how much of a lever would be enough."""

from collections.abc import Mapping

import streamlit as st

from app import links
from app.cached_runs import enough, kept_sensitivity, run_sensitivity, targets
from app.language import Language
from app.matters_tables import (
    LEVER_WORDS,
    change_words,
    figure_sentence,
    figures_words,
    miss_sentence,
    solution_sentence,
    swings_words,
)
from app.page_parts import language, plain, shown_chart, shown_table, tables, vintage_choice
from app.reasons import fault_words
from app.sensitivity_charts import tornado_chart, tornado_table
from app.sensitivity_words import with_terms
from app.sentences import dated_aim, names_of
from app.session_scenarios import history, kept
from app.side_by_side import choices, title_of
from data import InputFault
from scenarios import Scenario, Sensitivity, TargetAssessment

CHOSEN = "weighed"  # the scenario under which a target is looked at
WANTED = tuple(map(str, range(5, 100, 5)))  # odds of 100 that can be wanted
FIRST_WANTED = "80"


def chosen_scenario(spoken: Language) -> Scenario:
    """Ask for the scenario; returns it."""
    found = choices(kept(), history().now)
    key = links.one_of(CHOSEN, tuple(found), "baseline")
    st.selectbox(
        spoken.say("Scenario"),
        list(found),
        format_func=lambda one: title_of(one, found[one], spoken),
        key=key,
        persist_state="session",
    )
    return found[st.session_state[key]]


def weighed(scenario: Scenario, target: str, known_by: str, spoken: Language) -> Sensitivity | None:
    """Return what moves the odds, from memory; where it is not there, compute it when asked to, and start anew."""
    say, shown = spoken.say, tables()
    found = kept_sensitivity(shown, known_by, scenario, target)
    if found is not None:
        return found
    st.caption(say("It takes some seconds; the answer is kept."))
    if not st.button(say("Find out what matters"), type="primary"):
        return None
    st.button(say("Cancel"))  # a click starts the page anew, which ends the work at its next report
    bar = st.progress(0.0, say("Simulating futures …"))

    def report(share: float) -> None:
        bar.progress(min(share, 1.0), say("Simulating futures …"))

    try:
        run_sensitivity(shown, known_by, scenario, target, report)
    except InputFault as fault:
        st.error(say("This scenario cannot be simulated."))
        st.code(fault_words(fault.sentences, spoken), language=None, wrap_lines=True)
    else:
        st.rerun()
    return None


def told(found: Sensitivity, names: Mapping[str, str], spoken: Language) -> None:
    """Show what moves the odds, when the target is missed, and which figure would help."""
    say, name = spoken.say, found.target
    st.header(say("What moves the odds"))
    st.write(plain(change_words(found, names, spoken)))
    title, table = say("What moves the odds"), swings_words(found, names, spoken)
    if found.data_weight:
        chart = tornado_chart(tornado_table(found, names, spoken), 100 * found.probability, spoken)
        shown_chart(chart, table, f"{name}-matters", title, spoken)
    else:
        st.caption(say("One year is known of this figure: only changes are given."))
        shown_table(table, f"{name}-matters", title, spoken)
    st.caption(
        say(
            "Each thing is held at a low and at a high value (10 and 90 of 100 lie below), all else is as it is. What is believed is learned: what "
            "hangs together with it moves along."
        )
    )
    st.header(say("When is it missed?"))
    for one in found.misses:
        st.write(plain(miss_sentence(one, names, spoken)))
    if found.figures:
        st.header(say("Which figure would help most?"))
        st.write(plain(figure_sentence(found.figures[0], names, spoken)))
        shown_table(
            figures_words(found, names, spoken), f"{name}-figures", say("Missing figures that would sharpen the odds"), spoken
        )


def what_is_enough(scenario: Scenario, target: str, known_by: str, spoken: Language) -> None:
    """Ask for a lever and the odds wanted, and say how much of it would be enough."""
    say = spoken.say
    st.header(say("How much would be enough?"))
    with st.container(horizontal=True):
        key = links.one_of("lever", tuple(LEVER_WORDS), "growth")
        lever = st.selectbox(
            say("Lever"), list(LEVER_WORDS), format_func=lambda one: say(LEVER_WORDS[one]), key=key, persist_state="session"
        )
        key = links.one_of("wanted", WANTED, FIRST_WANTED)
        wanted: str = st.select_slider(say("Odds wanted, of 100"), WANTED, key=key, persist_state="session")
    with st.spinner(say("Simulating futures …")):
        try:
            found = enough(tables(), known_by, scenario, target, lever, int(wanted) / 100)
        except InputFault:
            st.info(say("This lever does not move what the target counts."))
            return
    st.write(solution_sentence(found, spoken))


def page() -> None:
    """Ask for a target and a scenario, then tell."""
    spoken, shown = language(), tables()
    say, names = spoken.say, names_of(shown.catalogue, spoken)
    st.title(say("What matters"))
    st.write(
        say(
            "For one target: what moves its odds, when it is missed, which missing figure would sharpen the odds, and what would be enough."
        )
    )
    known_by = vintage_choice(shown, spoken)
    with_odds: dict[str, TargetAssessment] = {one.target: one for one in targets(shown, known_by) if one.status == "assessed"}
    if not with_odds:
        st.info(say("No target has odds with what was known then."))
        links.write({"lang": spoken.code, "vintage": known_by})
        return
    key = links.one_of("target", tuple(with_odds), next(iter(with_odds)))
    target: str = st.selectbox(
        say("Target"), list(with_odds), key=key, persist_state="session",
        format_func=lambda one: say("{term}: {about}", term=names[with_odds[one].place], about=dated_aim(with_odds[one], names, spoken)),
    )  # fmt: skip
    scenario = chosen_scenario(spoken)
    state = {"lang": spoken.code, "vintage": known_by, "target": target, CHOSEN: st.session_state[CHOSEN]}
    found = weighed(scenario, target, known_by, spoken)
    if found is not None:
        told(found, with_terms(names, scenario, spoken), spoken)
    what_is_enough(scenario, target, known_by, spoken)
    links.write(state | {name: st.session_state[name] for name in ("lever", "wanted")})


page()
