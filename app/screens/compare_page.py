"""Up to four scenarios side by side: the odds of a place's targets under each, the changes from the first, and what makes them."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from app import links
from app.cached_runs import side_by_side, targets
from app.kept_scenarios import Kept
from app.language import Language
from app.link_stamps import PARAMETER
from app.page_parts import language, plain, shown_chart, shown_table, stamped, tables, vintage_choice
from app.place_tables import places_with_figures
from app.reasons import fault_words
from app.scenario_links import LONGEST, link_text, linked_scenario
from app.sentences import dated_aim, names_of
from app.session_scenarios import change_kept, history, kept
from app.side_by_side import MOST, address_of, choices, key_of, odds_grid, odds_rows, odds_words, parts_rows, title_of
from app.side_by_side_charts import scenarios_chart
from app.what_if_charts import parts_chart
from app.what_if_tables import full_words, parts_words, warning_words
from data import InputFault
from scenarios import Comparison, Scenario, TargetAssessment
from scenarios.scenario import BASELINE

CHOSEN, TEXT, FAULTS = "compared", "scenarios", "faults of compared scenarios"


def take_link() -> None:
    """Choose the scenarios that the address asks for; those that are not known here yet are kept, so that nothing chosen is out of sight."""
    asked = st.session_state.pop(links.asked(TEXT), None)
    if asked is None:
        return
    st.session_state[FAULTS] = []
    keys = []
    for text in [part for part in asked.split(",") if part][:MOST]:
        try:
            scenario = linked_scenario(text, tables().catalogue)
        except InputFault as fault:
            st.session_state[FAULTS].append(fault.sentences)
            continue
        if not key_of(scenario, choices(kept(), history().now)):
            change_kept(partial(Kept.with_loaded, scenario=scenario))
        known = choices(kept(), history().now)
        same = (key for key, one in known.items() if one.model_copy(update={"title": scenario.title}) == scenario)
        keys.append(key_of(scenario, known) or next(same, ""))
    if keys:
        st.session_state[CHOSEN] = list(dict.fromkeys(key for key in keys if key))


def note_choice() -> None:
    """Note what the address will say, so that an older address which comes with the choice does not overrule it."""
    found = choices(kept(), history().now)
    st.session_state[TEXT] = address_of([found[key] for key in st.session_state[CHOSEN]])


def chosen_scenarios(spoken: Language) -> dict[str, Scenario]:
    """Ask for the scenarios; returns them by what they are called."""
    say, found = spoken.say, choices(kept(), history().now)
    st.session_state.setdefault(CHOSEN, first_choice(found))
    keys = st.multiselect(
        say("Scenarios, up to four; the others are compared with the first"), list(found),
        format_func=lambda key: title_of(key, found[key], spoken), key=links.some_of(CHOSEN, list(found)), max_selections=MOST,
        placeholder=say("choose scenarios"), on_change=note_choice, persist_state="session",
    )  # fmt: skip
    titles: dict[str, Scenario] = {}
    for key in keys:
        title = title_of(key, found[key], spoken)
        titles[title if title not in titles else say("{name} (own)", name=title)] = found[key]
    return titles


def first_choice(found: Mapping[str, Scenario]) -> list[str]:
    """Choose at first: the baseline, and what the planner has made, or else stagnation."""
    own = [key for key, one in found.items() if one in (history().now, *kept().scenarios) and one != BASELINE]
    return ["baseline", *own[: MOST - 1]] if own else ["baseline", "stagnation"]


def told_warnings(compared: Sequence[Comparison], titles: Sequence[str], names: Mapping[str, str], spoken: Language) -> None:
    """Say which levers lead out of the record, once for each scenario."""
    told = dict.fromkeys((titles[int(one.scenario)], sentence) for one in compared for sentence in one.warnings)
    for title, sentence in told:
        st.warning(f"**{plain(title)}**: {plain(warning_words(sentence, names, spoken))}")


def contents(scenarios: Mapping[str, Scenario], names: Mapping[str, str], spoken: Language) -> None:
    """Tell what each scenario holds."""
    with st.expander(spoken.say("What the scenarios hold")):
        for title, scenario in scenarios.items():
            terms = [plain(full_words(term, names, spoken)) for term in (*scenario.levers, *scenario.assumptions)]
            lines = terms or [spoken.say("nothing beyond what is believed")]
            st.markdown(f"**{plain(title)}**\n" + "".join(f"\n- {line}" for line in lines))


def odds(
    compared: Sequence[Comparison],
    titles: list[str],
    place: str,
    assessed: Mapping[str, TargetAssessment],
    names: Mapping[str, str],
    spoken: Language,
) -> None:
    """Show the odds of each target under each scenario: in a table, and as a picture where they are given."""
    say = spoken.say
    rows = odds_rows(compared, titles, assessed, names, spoken)
    st.header(say("Odds"))
    st.write(
        say(
            "Each cell: in how many of 100 futures the target is met, and in brackets the change from the first scenario. All scenarios share "
            "their random numbers, so changes are known more exactly than odds. The number behind ± is the standard error."
        )
    )
    grid = odds_grid(rows, titles, spoken)
    st.table(grid.rename(columns=plain), hide_index=True, alt=say("Odds of the targets under each scenario"))
    if rows["odds"].isna().any():
        st.caption(say("Of some figures one year is known: their odds are no single number, and only changes are given."))
    pictured = rows.dropna(subset=["odds"])
    if len(pictured):
        words = say("Odds of the targets of {place} under each scenario", place=names.get(place, place))
        shown_chart(
            scenarios_chart(pictured, titles, spoken), odds_words(rows, titles[0], spoken), f"{place}-compare", words, spoken
        )
        st.caption(say("Bars: two standard errors to either side, often narrower than the mark."))


def explanation(
    compared: Sequence[Comparison],
    scenarios: Mapping[str, Scenario],
    place: str,
    assessed: Mapping[str, TargetAssessment],
    names: Mapping[str, str],
    spoken: Language,
) -> None:
    """Show what makes the change of each scenario from the baseline."""
    say = spoken.say
    parts = {
        title: parts_rows([one for one in compared if one.scenario == str(number)], scenario, assessed, names, spoken)
        for number, (title, scenario) in enumerate(scenarios.items())
    }
    if all(table.empty for table in parts.values()):
        return
    st.header(say("What makes the change"))
    st.write(
        say(
            "From the baseline to each scenario: the part of each lever and assumption, whatever the order in which they are thought of."
        )
    )
    for number, (title, table) in enumerate(parts.items()):
        if table.empty:
            continue
        st.subheader(plain(title))
        words = say("Parts of levers and assumptions in the change of the odds")
        if table.groupby("target").size().max() > 1:
            shown_chart(
                parts_chart(table, spoken), parts_words(table, spoken), f"{place}-compare-parts-{number + 1}", words, spoken
            )
        else:
            shown_table(parts_words(table, spoken), f"{place}-compare-parts-{number + 1}", words, spoken, whole=True)


def results(scenarios: Mapping[str, Scenario], place: str, known_by: str, names: Mapping[str, str], spoken: Language) -> str:
    """Show the odds and what makes them; returns the stamp of the link."""
    say, shown, titles = spoken.say, tables(), list(scenarios)
    with st.spinner(say("Simulating futures …")):
        assessed = {one.target: one for one in targets(shown, known_by) if one.place == place}
        try:
            compared = side_by_side(shown, known_by, place, tuple(scenarios.values()))
        except InputFault as fault:
            st.error(say("One of the scenarios cannot be simulated."))
            st.code(fault_words(fault.sentences, spoken), language=None, wrap_lines=True)
            return ""
    if not compared:
        st.info(say("No target of this place has odds."))
        return ""
    aims = {target: plain(dated_aim(one, names, spoken)) for target, one in assessed.items()}
    seen: dict[str, list[float | None]] = {}
    for one in compared:
        seen.setdefault(one.target, []).append(one.probability if one.data_weight else None)
    state = ("compare", place, known_by, tuple(scenarios.values()))
    stamp = stamped(state, seen, aims, list(map(plain, titles)), spoken)
    told_warnings(compared, titles, names, spoken)
    odds(compared, titles, place, assessed, names, spoken)
    explanation(compared, scenarios, place, assessed, names, spoken)
    return stamp


def page() -> None:
    """Ask for a place and scenarios, then compare them."""
    spoken, shown = language(), tables()
    say, names = spoken.say, names_of(shown.catalogue, spoken)
    take_link()
    st.title(say("Compare scenarios"))
    st.write(
        say(
            "Put scenarios beside each other: presets, those that you keep on the page What-if, and the one that is open there. The address of this "
            "page holds them all."
        )
    )
    for sentences in st.session_state.get(FAULTS, []):
        st.error(say("A scenario of the link was not taken over. What is wrong:"))
        st.code(fault_words(sentences, spoken), language=None, wrap_lines=True)
    choice = places_with_figures(shown.catalogue)
    with st.container(horizontal=True):
        key = links.one_of("place", choice, "Suzhou" if "Suzhou" in choice else choice[0])
        place = st.selectbox(say("Place"), choice, format_func=names.__getitem__, key=key, persist_state="session")
        with st.container(width=340):  # on a narrow screen it goes below the place, whole
            known_by = vintage_choice(shown, spoken)
    scenarios = chosen_scenarios(spoken)
    st.session_state[TEXT] = address_of(list(scenarios.values()))
    state = {"lang": spoken.code, "vintage": known_by, "place": place, TEXT: st.session_state[TEXT]}
    if not scenarios:
        st.info(say("Choose one scenario or more."))
        links.write(state)
        return
    contents(scenarios, names, spoken)
    stamp = results(scenarios, place, known_by, names, spoken)
    if any(not link_text(one) for one in scenarios.values()):
        st.warning(say("A scenario is too long for a link ({most} letters) and is missing from the address; pass its file on instead.",
                       most=LONGEST))  # fmt: skip
    links.write(state | {PARAMETER: stamp})


page()
