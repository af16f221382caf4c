"""The widgets of the page What-if: what is done with the whole scenario, and its levers and assumptions.

What nobody sees is not drawn: the browser takes longer to draw widgets anew than the simulation takes.
"""

from functools import partial
from typing import Any

import streamlit as st

from app import links
from app.cached_runs import belief, link_estimates
from app.kept_scenarios import file_name
from app.language import Language
from app.link_offers import followers, offer_sentence, offered_link, with_link
from app.numbers import MONEY
from app.own_figures import safe_name
from app.page_parts import plain, tables
from app.reasons import fault_words
from app.session_scenarios import FAULTS, history, renamed, step, take, take_preset, take_text
from app.vintages import shown_up_to
from app.what_if import (
    EMPLOYEES,
    FACTOR,
    HALF_LIFE,
    INVESTMENT,
    LONG_RUN,
    LONGEST_RAMP,
    MOST_INVESTMENT,
    MOST_TRAINEES,
    PERCENT,
    POINTS,
    RATE,
    SWINGS,
    About,
    Controls,
    held,
    moved,
    without,
)
from app.what_if_tables import PRESET_TITLES, full_words
from scenarios import dump_scenario
from scenarios.assumptions import ASSUMPTIONS
from scenarios.levers import LARGEST_LEVEL, LEVERS
from scenarios.link_estimates import FEWEST
from scenarios.scenario import BASELINE
from scenarios.scenario_yaml import LARGEST_FILE
from scenarios.terms import Term

FIELDS = tuple(Controls.__dataclass_fields__)
IN_UNITS = ("programme", "ceiling", "investment")  # fields with an amount in the unit of the series
MILLION = 1e6
DRAWN = "controls as drawn last"


def take_controls(about: About, title: str) -> None:
    """Go on with what the controls say; a preset that is changed is no longer that preset."""
    before, _ = held(history().now, about)
    values = {name: getattr(before, name) for name in FIELDS}  # those that are not drawn stay as they are
    for name in FIELDS:
        if key_of(name) in st.session_state:
            value = st.session_state[key_of(name)]
            values[name] = value * size_of(about.unit) if name in IN_UNITS and value is not None else value
    take(moved(renamed(history().now, title), about, Controls(**values)))


def take_out(term: Term, title: str) -> None:
    """Go on without one of the terms."""
    take(without(renamed(history().now, title), term))


def take_file() -> None:
    """Go on with the scenario of an uploaded file, and close the menu, which would hide what is wrong with it."""
    file = st.session_state["scenario file"]
    if file is not None:
        take_text(safe_name(file.name), file.getvalue()[: LARGEST_FILE + 1])
        st.session_state["import"] = False


def take_link_over(link: Term, title: str) -> None:
    """Go on with a link that was offered."""
    take(with_link(renamed(history().now, title), link))


def key_of(name: str) -> str:
    """Return the key of a control."""
    return f"what-if {name}"


def size_of(unit: str) -> float:
    """Return in what money and people are asked for: millions and persons."""
    return MILLION if unit in MONEY else 1.0


def explained(kind: str, spoken: Language) -> str:
    """Return what a lever or assumption means."""
    term = {**LEVERS, **ASSUMPTIONS}[kind]
    return term.chinese if spoken.code == "zh" else term.english


def toolbar(spoken: Language) -> None:
    """Show what is done with the whole scenario: start from a preset, back, forward, reset, a file in and out."""
    say, tried = spoken.say, history()
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(say("Start from a preset"), icon=":material/playlist_add:", key="presets", on_change="rerun") as part:
            for name, title in PRESET_TITLES.items() if part.open else ():
                st.button(say(title), key=f"preset {name}", on_click=take_preset, args=(name,), width="stretch")
        st.button(
            say("Undo"), icon=":material/undo:", key="undo", disabled=not tried.can_undo, on_click=lambda: step(tried.undone())
        )
        st.button(
            say("Redo"), icon=":material/redo:", key="redo", disabled=not tried.can_redo, on_click=lambda: step(tried.redone())
        )
        st.button(say("Reset"), icon=":material/restart_alt:", key="reset", on_click=take, args=(BASELINE,))
        st.download_button(
            say("Export"), partial(dump_scenario, tried.now), file_name(tried.now), "application/yaml", icon=":material/download:",
            key="export", on_click="ignore",
        )  # fmt: skip
        with st.popover(say("Import"), icon=":material/upload:", key="import", on_change="rerun") as part:
            if part.open:
                words = say("A scenario file (YAML)")
                st.file_uploader(words, ["yaml", "yml"], key="scenario file", max_upload_size=1, on_change=take_file)
    if faults := st.session_state.get(FAULTS):
        st.error(say("The scenario was not taken over. What is wrong:"))
        st.code(fault_words(faults, spoken), language=None, wrap_lines=True)


def controls(about: About, known_by: str, names: dict[str, str], spoken: Language) -> None:
    """Show levers and assumptions apart, as the scenario has them, and a link as the cities have it."""
    say = spoken.say
    values, others = held(history().now, about)
    size = size_of(about.unit)
    moving: dict[str, Any] = {"on_change": take_controls, "args": (about, say("My scenario"))}
    first, second = st.tabs([say("Levers"), say("Assumptions")], key="levers or assumptions", on_change="rerun")
    drawn = (about, first.open, spoken.code)
    for name in FIELDS:
        value, key = getattr(values, name), key_of(name)
        value = value / size if name in IN_UNITS and value is not None else value
        # A control that is drawn is given its value where it has another one only: given anew, it would undo a move made meanwhile.
        if st.session_state.get(DRAWN) != drawn or key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = value
    st.session_state[DRAWN] = drawn
    with first:
        if first.open:
            st.caption(say("What a planner moves."))
            levers(about, moving, spoken)
    with second:
        if second.open:
            st.caption(say("What is supposed about all places, and nobody here can move."))
            assumptions(about, values, moving, spoken)
            link_offer(about, known_by, names, spoken)
    if others:
        st.subheader(say("Also in this scenario"))
        for number, term in enumerate(others):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(full_words(term, names, spoken)), width="stretch")
                st.button(say("Take out"), key=f"take out {number}", on_click=take_out, args=(term, say("My scenario")))
    st.caption(
        say(
            "More can be stated in a scenario file: other places, targets moved, links between measures, correlations, breaks, tails, and "
            "distributions in place of numbers. Export the scenario, add to it, and import it; what has no control here is listed."
        )
    )


def levers(about: About, moving: dict[str, Any], spoken: Language) -> None:
    """Show what a planner moves."""
    say, size = spoken.say, size_of(about.unit)
    unit = say("million {unit}", unit=about.unit) if about.unit in MONEY else say("number")
    st.slider(
        say("More growth, points a year"),
        *POINTS,
        step=0.5,
        format="%g",
        key=key_of("points"),
        help=explained("growth", spoken),
        **moving,
    )
    st.slider(say("In the years"), *about.years, key=key_of("years"), **moving)
    st.slider(say("Years until it is in full"), 1, LONGEST_RAMP, key=key_of("ramp"), **moving)
    st.number_input(
        say("One-off programme, {unit}", unit=unit), 0.0, LARGEST_LEVEL / size, format="%.10g", key=key_of("programme"),
        help=explained("programme", spoken), **moving,
    )  # fmt: skip
    st.slider(say("It arrives in the years"), *about.years, key=key_of("programme_years"), **moving)
    if about.measure == EMPLOYEES:
        st.number_input(
            say("People trained, persons a year"), 0.0, MOST_TRAINEES, step=1000.0, format="%.10g", key=key_of("trainees"),
            help=explained("talent", spoken), **moving,
        )  # fmt: skip
        st.slider(say("Share of them who stay"), 0.0, 1.0, step=0.05, format="%g", key=key_of("retention"), **moving)
    if about.measure == INVESTMENT:
        st.number_input(
            say("Investment attracted, {unit} a year", unit=unit), 0.0, MOST_INVESTMENT / size, format="%.10g", key=key_of("investment"),
            help=explained("fdi", spoken), **moving,
        )  # fmt: skip
    st.number_input(
        say("Ceiling, {unit}", unit=unit), 1.0 / size, LARGEST_LEVEL / size, value=None, format="%.10g", key=key_of("ceiling"),
        placeholder=say("none"), help=explained("ceiling", spoken), **moving,
    )  # fmt: skip


def assumptions(about: About, values: Controls, moving: dict[str, Any], spoken: Language) -> None:
    """Show what is supposed."""
    say = spoken.say
    st.slider(
        say("Shock to all places, percent"), *PERCENT, step=1.0, format="%g", key=key_of("percent"), help=explained("common_shock", spoken), **moving
    )  # fmt: skip
    st.slider(say("Year of the shock"), *about.years, key=key_of("shock_year"), **moving)
    st.slider(say("Chance that it happens"), 0.0, 1.0, step=0.05, format="%g", key=key_of("probability"), **moving)
    st.slider(say("Years until it is half over"), *HALF_LIFE, step=0.5, format="%g", key=key_of("half_life"), **moving)
    st.slider(
        say("Volatility, times the usual"), *FACTOR, step=0.1, format="%g", key=key_of("factor"), help=explained("volatility", spoken), **moving
    )  # fmt: skip
    st.slider(
        say("Growth in the long run, points a year more or less"), *LONG_RUN, step=0.5, format="%g", key=key_of("long_run"),
        help=explained("long_run_growth", spoken), **moving,
    )  # fmt: skip
    rate = say("Yuan for a dollar in {year}", year=about.last)
    chosen("rate", rate, RATE, 0.1, "exchange_rate", values.rate, moving, spoken)
    swings = say("Swings of the exchange rate, percent a year")
    chosen("swings", swings, SWINGS, 0.5, "exchange_rate", values.swings, moving, spoken)
    chosen("fade", say("Share of a boom left after a year"), (0.0, 1.0), 0.1, "reversion", values.fade, moving, spoken)


def link_offer(about: About, known_by: str, names: dict[str, str], spoken: Language) -> None:
    """Offer a link from the measure at hand to another of the place, as the cities have it; nothing is linked unless it is taken over."""
    say, shown = spoken.say, tables()
    others = sorted(one.key.measure for one in belief(shown, shown_up_to(known_by)).series if one.key.place == about.place)
    follower = st.selectbox(
        say("Link to another measure: what do the cities say?"), followers(history().now, about.measure, others), index=None,
        format_func=lambda one: names.get(one, one), placeholder=say("none"), key=links.worded(f"{key_of('link')} {about.measure}"),
        help=explained("link", spoken),
    )  # fmt: skip
    if follower is None:
        return
    offers = link_estimates(shown, known_by, about.measure, follower)
    if not offers:
        st.caption(say("Too few cities have both figures in one year for an estimate; {fewest} are needed.", fewest=FEWEST))
        return
    st.caption(plain(offer_sentence(offers[0], names, spoken)))
    if (link := offered_link(offers[0])) is not None:
        st.button(
            say("Take this link over, a year later"), key="take link over", on_click=take_link_over, args=(link, say("My scenario"))
        )


def chosen(
    name: str,
    label: str,
    ends: tuple[float, float],
    step_size: float,
    kind: str,
    value: float | None,
    moving: dict[str, Any],
    spoken: Language,
) -> None:
    """Ask for a number that may also stay as it is believed."""
    steps = {round(ends[0] + step_size * number, 1) for number in range(round((ends[1] - ends[0]) / step_size) + 1)}
    options: list[float | None] = [None, *sorted(steps | ({value} if value is not None else set()))]
    st.select_slider(
        label, options, format_func=lambda one: spoken.say("as believed") if one is None else f"{one:g}", key=key_of(name),
        help=explained(kind, spoken), **moving,
    )  # fmt: skip
