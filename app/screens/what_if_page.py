"""What if: levers and assumptions of a place, and what they do to the odds of its targets beside the baseline."""

from functools import partial
from typing import Any

import streamlit as st

from app import links
from app.cached_runs import HORIZON, belief, changes, levels, targets
from app.language import Language
from app.numbers import MONEY
from app.own_figures import safe_name
from app.page_parts import language, shown_chart, tables, vintage_choice
from app.place_tables import View, flags, history_table, places_with_figures, series_of
from app.scenario_history import History
from app.scenario_links import link_text, linked_scenario
from app.sentences import measure_words, names_of, series_words
from app.what_if import FACTOR, HALF_LIFE, LONGEST_RAMP, PERCENT, POINTS, RATE, About, Controls, held, moved, without
from app.what_if_charts import change_chart, parts_chart, two_fans
from app.what_if_tables import (
    PRESET_TITLES,
    aim_of,
    change_sentence,
    from_last_known,
    levels_table,
    levels_words,
    odds_table,
    odds_words,
    parts_table,
    parts_words,
    term_words,
    warning_words,
)
from data import InputFault
from scenarios import Scenario, TargetAssessment, dump_scenario, load_scenario, read_scenario
from scenarios.assumptions import ASSUMPTIONS
from scenarios.levers import LEVERS
from scenarios.scenario import BASELINE
from scenarios.scenario_yaml import LARGEST_FILE
from scenarios.terms import Term

HISTORY, FAULTS, TEXT = "scenarios tried", "faults of a scenario", "scenario"
FIELDS = tuple(Controls.__dataclass_fields__)
MILLION = 1e6


def history() -> History:
    """Return the scenarios of the session."""
    found: History = st.session_state.setdefault(HISTORY, History((BASELINE,)))
    return found


def keep(tried: History) -> None:
    """Keep the scenarios of the session; the text of the one that counts stands in the address."""
    st.session_state[HISTORY], st.session_state[TEXT], st.session_state[FAULTS] = tried, link_text(tried.now), ""


def take(scenario: Scenario) -> None:
    """Go on with a scenario."""
    keep(history().with_next(scenario))


def take_preset(name: str) -> None:
    """Go on with a preset."""
    take(load_scenario(name, tables().catalogue))


def take_text(name: str, content: bytes) -> None:
    """Go on with a file, or say what is wrong with it."""
    try:
        take(read_scenario(name, content, tables().catalogue))
    except InputFault as fault:
        st.session_state[FAULTS] = str(fault)


def take_link() -> None:
    """Go on with the scenario that the address asks for, or say what is wrong with it."""
    text = st.session_state.pop(links.asked(TEXT), None)
    if text is None or text == link_text(history().now):
        return
    try:
        take(linked_scenario(text, tables().catalogue))
    except InputFault as fault:
        st.session_state[FAULTS] = str(fault)


def take_controls(about: About, title: str) -> None:
    """Go on with what the controls say; a preset that is changed is no longer that preset."""
    values = {name: st.session_state[key_of(name)] for name in FIELDS}
    size = size_of(about.unit)
    values |= {name: None if values[name] is None else values[name] * size for name in ("programme", "ceiling")}
    take(moved(renamed(history().now, title), about, Controls(**values)))


def take_out(term: Term, title: str) -> None:
    """Go on without one of the terms."""
    take(without(renamed(history().now, title), term))


def renamed(scenario: Scenario, title: str) -> Scenario:
    """Give a scenario another title if it has that of a preset, which it will not be any more."""
    presets = {load_scenario(name).title for name in PRESET_TITLES}
    return scenario.model_copy(update={"title": title}) if scenario.title in presets else scenario


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
        with st.popover(say("Start from a preset"), icon=":material/playlist_add:"):
            for name, title in PRESET_TITLES.items():
                st.button(say(title), key=f"preset {name}", on_click=take_preset, args=(name,), width="stretch")
        st.button(
            say("Undo"), icon=":material/undo:", key="undo", disabled=not tried.can_undo, on_click=lambda: keep(tried.undone())
        )
        st.button(
            say("Redo"), icon=":material/redo:", key="redo", disabled=not tried.can_redo, on_click=lambda: keep(tried.redone())
        )
        st.button(say("Reset"), icon=":material/restart_alt:", key="reset", on_click=take, args=(BASELINE,))
        file_name = safe_name(f"{tried.now.title}.yaml")
        st.download_button(
            say("Export"), partial(dump_scenario, tried.now), file_name, "application/yaml", icon=":material/download:", key="export",
            on_click="ignore",
        )  # fmt: skip
        with st.popover(say("Import"), icon=":material/upload:"):
            file = st.file_uploader(say("A scenario file (YAML)"), ["yaml", "yml"], key="scenario file")
    if file is not None and st.session_state.get("scenario file taken") != file.file_id:
        st.session_state["scenario file taken"] = file.file_id
        take_text(safe_name(file.name), file.getvalue()[: LARGEST_FILE + 1])
        st.rerun()
    if faults := st.session_state.get(FAULTS):
        st.error(say("The scenario was not taken over. What is wrong:"))
        st.code(faults, language=None, wrap_lines=True)


def controls(about: About, names: dict[str, str], spoken: Language) -> None:
    """Show levers and assumptions apart, as the scenario has them."""
    say = spoken.say
    values, others = held(history().now, about)
    size = size_of(about.unit)
    for name in FIELDS:
        value = getattr(values, name)
        st.session_state[key_of(name)] = value / size if name in ("programme", "ceiling") and value is not None else value
    moving: dict[str, Any] = {"on_change": take_controls, "args": (about, say("My scenario"))}
    first, second = st.tabs([say("Levers: what a planner moves"), say("Assumptions: what is supposed")])
    unit = say("million {unit}", unit=about.unit) if about.unit in MONEY else say("number")
    with first:
        st.slider(
            say("More growth, points a year"), *POINTS, step=0.5, key=key_of("points"), help=explained("growth", spoken), **moving
        )
        st.slider(say("In the years"), *about.years, key=key_of("years"), **moving)
        st.slider(say("Years until it is in full"), 1, LONGEST_RAMP, key=key_of("ramp"), **moving)
        st.number_input(
            say("One-off programme, {unit}", unit=unit), 0.0, 1e14 / size, format="%.10g", key=key_of("programme"),
            help=explained("programme", spoken), **moving,
        )  # fmt: skip
        st.slider(say("It arrives in the years"), *about.years, key=key_of("programme_years"), **moving)
        st.number_input(
            say("Ceiling, {unit}", unit=unit), 1.0 / size, 1e14 / size, value=None, format="%.10g", key=key_of("ceiling"), placeholder=say("none"),
            help=explained("ceiling", spoken), **moving,
        )  # fmt: skip
    with second:
        st.slider(
            say("Shock to all places, percent"),
            *PERCENT,
            step=1.0,
            key=key_of("percent"),
            help=explained("common_shock", spoken),
            **moving,
        )
        st.slider(say("Year of the shock"), *about.years, key=key_of("shock_year"), **moving)
        st.slider(say("Chance that it happens"), 0.0, 1.0, step=0.05, key=key_of("probability"), **moving)
        st.slider(say("Years until it is half over"), *HALF_LIFE, step=0.5, key=key_of("half_life"), **moving)
        st.slider(
            say("Volatility, times the usual"),
            *FACTOR,
            step=0.1,
            key=key_of("factor"),
            help=explained("volatility", spoken),
            **moving,
        )
        chosen("rate", say("Yuan for a dollar in {year}", year=about.last), RATE, "exchange_rate", values.rate, moving, spoken)
        chosen("fade", say("Share of a boom left after a year"), (0.0, 1.0), "reversion", values.fade, moving, spoken)
    if others:
        st.subheader(say("Also in this scenario"))
        for number, term in enumerate(others):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(term_words(term, names, spoken), width="stretch")
                st.button(say("Take out"), key=f"take out {number}", on_click=take_out, args=(term, say("My scenario")))


def chosen(
    name: str, label: str, ends: tuple[float, float], kind: str, value: float | None, moving: dict[str, Any], spoken: Language
) -> None:
    """Ask for a number that may also stay as it is believed."""
    steps = {round(ends[0] + 0.1 * number, 1) for number in range(round(10 * (ends[1] - ends[0])) + 1)}
    options: list[float | None] = [None, *sorted(steps | ({value} if value is not None else set()))]
    st.select_slider(
        label, options, format_func=lambda one: spoken.say("as believed") if one is None else f"{one:g}", key=key_of(name),
        help=explained(kind, spoken), **moving,
    )  # fmt: skip


def results(about: About, known_by: str, names: dict[str, str], spoken: Language) -> None:
    """Show what the scenario does: odds before and after, the fan beside the baseline, the part of each term."""
    say, shown, scenario = spoken.say, tables(), history().now
    assessed = {one.target: one for one in targets(shown, known_by) if one.place == about.place}
    try:
        compared = changes(shown, known_by, about.place, scenario)
        after = levels(shown, known_by, about.place, scenario)
    except InputFault as fault:
        st.error(say("This scenario cannot be simulated."))
        st.code(str(fault), language=None, wrap_lines=True)
        return
    st.header(say("Odds before and after"))
    if not compared:
        st.write(say("No target of this place has odds."))
    for one in compared:
        st.markdown(f"- {change_sentence(one, aim_of(one, assessed, names, spoken), spoken)}")
    told: list[object] = [*(one.warnings for one in compared), *(row["warnings"] for row in after)]
    for warning in dict.fromkeys(sentence for some in told if isinstance(some, list) for sentence in some):
        st.warning(warning_words(warning, names, spoken))
    odds = odds_table(compared, assessed, names, spoken)
    pictured = odds.dropna(subset=["before", "after"])
    if len(pictured):
        title = say("Odds of the targets under the baseline and under the scenario")
        shown_chart(change_chart(pictured, spoken), odds_words(odds, spoken), f"{about.place}-what-if-odds", title, spoken)
    fan(about, known_by, after, assessed, names, spoken)
    parts = parts_table(compared, scenario, assessed, names, spoken)
    if len(parts):
        st.header(say("What makes the change"))
        st.write(
            say(
                "The part of each lever and assumption, whatever the order in which they are thought of; together they make the change."
            )
        )
        title = say("Parts of levers and assumptions in the change of the odds")
        shown_chart(parts_chart(parts, spoken), parts_words(parts, spoken), f"{about.place}-what-if-parts", title, spoken)


def fan(
    about: About,
    known_by: str,
    after: tuple[dict[str, object], ...],
    assessed: dict[str, TargetAssessment],
    names: dict[str, str],
    spoken: Language,
) -> None:
    """Draw the series that the levers move, with the baseline beside it."""
    shown = tables()
    one = next(
        one
        for one in series_of(belief(shown, known_by), about.place, [])
        if (one.key.measure, one.key.scope, one.key.unit) == (about.measure, about.scope, about.unit)
    )
    view = View(one, about.unit, {})
    origin, level = one.series.origin, one.series.level(one.series.origin)
    before, under = (
        levels_table(rows, about.measure, about.scope, about.unit)
        for rows in (levels(shown, known_by, about.place, BASELINE), after)
    )
    table = levels_words(before, under, spoken)
    before, under = from_last_known(before, origin, level), from_last_known(under, origin, level)
    title = measure_words(about.measure, about.scope, names, spoken)
    st.header(spoken.say("Futures of {what}", what=title))
    words = spoken.say("{series} to {year}, under the baseline and under the scenario", series=series_words(str(one.key), names, spoken),
                       year=about.last)  # fmt: skip
    aims = flags(list(assessed.values()), view, spoken)
    title += f" ({about.unit})" if about.unit in MONEY else ""
    chart = two_fans(before, under, history_table(view), aims, title, spoken)
    shown_chart(chart, table, f"{about.place}-what-if-{about.measure}", words, spoken)
    st.caption(
        spoken.say(
            "Shades: 80 of 100 possible futures; thick lines: the middle one. Grey and dashed: the baseline. Triangles: targets as stated."
        )
    )


@st.fragment
def desk(about: About, state: dict[str, str], names: dict[str, str], spoken: Language) -> None:
    """Show the controls and what they lead to; a control that is moved redraws only this."""
    toolbar(spoken)
    left, right = st.columns([2, 3], gap="large")
    with left:
        controls(about, names, spoken)
    with right, st.spinner(spoken.say("Simulating futures …")):
        results(about, state["vintage"], names, spoken)
    with st.expander(spoken.say("The scenario as a file")):
        st.write(spoken.say("The command line reads the same file: `sourcecast compare baseline FILE`."))
        st.code(dump_scenario(history().now), language="yaml", wrap_lines=True)
    links.write(state | {TEXT: link_text(history().now)})


def page() -> None:
    """Ask for the place and what the levers move, then show the rest."""
    spoken, shown = language(), tables()
    say, names = spoken.say, names_of(shown.catalogue, spoken)
    choices = places_with_figures(shown.catalogue)
    take_link()
    st.title(say("What if …?"))
    st.write(
        say(
            "Move a lever or suppose something else, and see what becomes of the odds. Both futures rest on the same random numbers, so the "
            "change is known more exactly than either of the odds. The address of this page holds the scenario."
        )
    )
    with st.container(horizontal=True):
        key = links.one_of("place", choices, "Suzhou" if "Suzhou" in choices else choices[0])
        place = st.selectbox(say("Place"), choices, format_func=names.__getitem__, key=key, persist_state="session")
        slot = st.container()
        known_by = vintage_choice(shown, spoken)
    with st.spinner(say("Simulating futures …")):
        assessed = [one for one in targets(shown, known_by) if one.place == place]
        own = series_of(
            belief(shown, known_by), place, [one.assessed_by for one in assessed if one.status == "assessed" and one.assessed_by]
        )
    series = {str(one.key): one for one in own if one.series.origin + 1 < HORIZON}
    if not series:
        st.write(say("No level is known of this place, so nothing can be moved."))
        links.write({"lang": spoken.code, "vintage": known_by, "place": place})
        return
    with slot:
        name = st.selectbox(
            say("What the levers move"), list(series), format_func=lambda one: series_words(one, names, spoken),
            key=links.one_of("series", list(series), next(iter(series))), persist_state="session",
        )  # fmt: skip
    key_of_series = series[name].key
    about = About(place, key_of_series.measure, key_of_series.scope, key_of_series.unit, series[name].series.origin + 1, HORIZON)
    desk(about, {"lang": spoken.code, "vintage": known_by, "place": place, "series": name}, names, spoken)


page()
