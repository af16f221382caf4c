"""What if: levers and assumptions of a place, and what they do to the odds of its targets beside the baseline."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from app import links
from app.cached_runs import HORIZON, belief, changes, futures, targets
from app.language import Language
from app.link_stamps import PARAMETER, Odds
from app.numbers import MONEY
from app.page_parts import language, plain, shown_chart, shown_table, stamped, tables, vintage_choice
from app.page_style import ALWAYS_SEEN
from app.place_tables import View, flags, history_table, places_with_figures, series_of
from app.reasons import fault_words
from app.scenario_links import LONGEST, file_text, link_text
from app.scenario_shelf import shelf
from app.sentences import measure_words, names_of, series_words
from app.session_scenarios import TEXT, history, take_link
from app.what_if import About
from app.what_if_charts import change_chart, parts_chart, two_fans
from app.what_if_controls import controls, toolbar
from app.what_if_tables import (
    aim_of,
    change_sentence,
    fan_columns,
    fans_words,
    lines_table,
    lines_words,
    odds_table,
    odds_words,
    parts_table,
    parts_words,
    warning_words,
)
from data import InputFault
from forecast import SeriesBelief
from scenarios import Comparison, TargetAssessment
from scenarios.level_table import Futures
from scenarios.scenario import BASELINE


def results(about: About, known_by: str, names: dict[str, str], spoken: Language) -> str:
    """Show what the scenario does: odds before and after, the fan beside the baseline, the part of each term; returns the link's stamp."""
    say, shown, scenario = spoken.say, tables(), history().now
    assessed = {one.target: one for one in targets(shown, known_by) if one.place == about.place}
    try:
        compared = changes(shown, known_by, about.place, scenario)
        after = futures(shown, known_by, about.series, scenario)
    except InputFault as fault:
        st.error(say("This scenario cannot be simulated."))
        st.code(fault_words(fault.sentences, spoken), language=None, wrap_lines=True)
        return ""
    aims = {one.target: plain(aim_of(one, assessed, names, spoken)) for one in compared}
    stamp = stamped(("what-if", about.place, known_by, scenario), odds_seen(compared), aims, [], spoken)
    st.header(say("Odds before and after"))
    if not compared:
        st.write(say("No target of this place has odds."))
    else:
        with st.container(key=ALWAYS_SEEN):
            st.markdown("\n".join(f"- {change_sentence(one, aims[one.target], spoken)}" for one in compared))
    for warning in dict.fromkeys([*(sentence for one in compared for sentence in one.warnings), *after.warnings]):
        st.warning(plain(warning_words(warning, names, spoken)))
    odds = odds_table(compared, assessed, names, spoken)
    pictured = odds.dropna(subset=["before", "after"])
    if len(pictured):
        title = say("Odds of the targets under the baseline and under the scenario")
        shown_chart(change_chart(pictured, spoken), partial(odds_words, odds, spoken), f"{about.place}-what-if-odds", title, spoken)
    fan(about, known_by, after, assessed, names, spoken)
    explanation(about, compared, assessed, names, spoken)
    return stamp


def odds_seen(compared: tuple[Comparison, ...]) -> Odds:
    """Return the odds that the page tells under the scenario, by target; none where only their change is told."""
    return {one.target: (one.probability if one.data_weight else None,) for one in compared}


def explanation(
    about: About,
    compared: tuple[Comparison, ...],
    assessed: Mapping[str, TargetAssessment],
    names: dict[str, str],
    spoken: Language,
) -> None:
    """Show what makes the change: the part of each term, and assumptions apart from levers."""
    say = spoken.say
    parts = parts_table(compared, history().now, assessed, names, spoken)
    if parts.empty:
        return
    st.header(say("What makes the change"))
    st.write(
        say(
            "The part of each lever and assumption, whatever the order in which they are thought of; together they make the change."
        )
    )
    title = say("Parts of levers and assumptions in the change of the odds")
    shown_chart(parts_chart(parts, spoken), partial(parts_words, parts, spoken), f"{about.place}-what-if-parts", title, spoken)
    lines = lines_table(compared, assessed, names, spoken)
    if len(lines):
        st.subheader(say("Assumptions apart from levers"))
        st.write(say("The odds in 100 as believed, under the assumptions alone, with the levers alone, and with both."))
        title = say("Odds under assumptions and levers, apart and together")
        shown_table(lines_words(lines, spoken), f"{about.place}-what-if-lines", title, spoken, whole=True)


def fan(
    about: About,
    known_by: str,
    after: Futures,
    assessed: dict[str, TargetAssessment],
    names: dict[str, str],
    spoken: Language,
) -> None:
    """Draw the series that the levers move, with the baseline beside it."""
    shown = tables()
    one = next(one for one in belief(shown, known_by).series if str(one.key) == about.series)
    view = View(one, about.unit, {})
    origin, level = one.series.origin, one.series.level(one.series.origin)
    baseline = futures(shown, known_by, about.series, BASELINE)
    before, under = fan_columns(baseline, origin, level), fan_columns(after, origin, level)
    title = measure_words(about.measure, about.scope, names, spoken)
    st.header(spoken.say("Futures of {what}", what=plain(title)))
    words = spoken.say("{series} to {year}, under the baseline and under the scenario", series=series_words(str(one.key), names, spoken),
                       year=about.last)  # fmt: skip
    aims = flags(list(assessed.values()), view, partial(belief, shown), spoken)
    title += f" ({about.unit})" if about.unit in MONEY else ""
    chart = two_fans(before, under, history_table(view), aims, title, spoken)
    shown_chart(chart, partial(fans_words, before, under, spoken), f"{about.place}-what-if-{about.measure}", words, spoken)
    st.caption(
        spoken.say(
            "Shades: 80 of 100 possible futures; thick lines: the middle one. Grey and dashed: the baseline. Triangles: targets as stated."
        )
    )


@st.fragment
def desk(about: About, state: dict[str, str], names: dict[str, str], spoken: Language) -> None:
    """Show the controls and what they lead to; a control that is moved redraws only this."""
    say = spoken.say
    toolbar(spoken)
    left, right = st.columns([2, 3], gap="large")
    with left:
        controls(about, state["vintage"], names, spoken)
    with right, st.spinner(say("Simulating futures …")):
        stamp = results(about, state["vintage"], names, spoken)
    text = link_text(history().now)
    with st.expander(say("The scenario as a file"), key=links.worded("scenario as a file"), on_change="rerun") as part:
        if part.open:
            st.write(say("The command line reads the same file: `sourcecast compare baseline FILE`."))
            st.code(file_text(history().now), language="yaml", wrap_lines=True)
    if not text:
        st.warning(say("This scenario is too long for a link ({most} letters); pass the file on instead.", most=LONGEST))
    links.write(state | {TEXT: text, PARAMETER: stamp})


def moved_words(one: SeriesBelief, names: Mapping[str, str], spoken: Language) -> str:
    """Name what the levers move; the place has been chosen."""
    what = measure_words(one.key.measure, one.key.scope, names, spoken)
    return f"{what} ({one.key.unit})" if one.key.unit in MONEY else what


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
        slot = st.container(width=420)  # a series has a long name
        known_by = vintage_choice(shown, spoken)
    with st.spinner(say("Simulating futures …")):
        assessed = [one for one in targets(shown, known_by) if one.place == place]
        own = series_of(
            belief(shown, known_by), place, [one.assessed_by for one in assessed if one.status == "assessed" and one.assessed_by]
        )
    series = {str(one.key): one for one in own if one.series.origin + 1 < HORIZON}
    if not series:
        st.write(say("No level is known of this place, so nothing can be moved."))
        links.write({"lang": spoken.code, "vintage": known_by, "place": place, TEXT: link_text(history().now)})
        return
    with slot:
        name = st.selectbox(
            say("What the levers move"), list(series), format_func=lambda one: moved_words(series[one], names, spoken),
            key=links.one_of("series", list(series), next(iter(series))), persist_state="session",
        )  # fmt: skip
    shelf(history().now, spoken)
    key_of_series = series[name].key
    about = About(place, key_of_series.measure, key_of_series.scope, key_of_series.unit, series[name].series.origin + 1, HORIZON)
    desk(about, {"lang": spoken.code, "vintage": known_by, "place": place, "series": name}, names, spoken)


page()
