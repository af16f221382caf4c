"""The list of kept scenarios on the page What-if; it is a part of its own, so that a slider need not redraw it."""

from functools import partial

import streamlit as st

from app.kept_scenarios import LONGEST, Kept, file_name, packed
from app.language import Language
from app.page_parts import plain
from app.session_scenarios import (
    KEPT_FAULTS,
    change_kept,
    history,
    kept,
    kept_steps,
    load_kept,
    take,
    undo_kept,
)
from scenarios import Scenario, dump_scenario

NEW_NAME = "name to keep"


def keep_present() -> None:
    """Keep the present scenario under the name in the field; from now on it is called so."""
    name = st.session_state[NEW_NAME]
    change_kept(lambda before: before.with_one(history().now, name))
    if not st.session_state[KEPT_FAULTS]:
        take(kept().find(name) or history().now)
        st.session_state[NEW_NAME] = ""


def rename(old: str, key: str) -> None:
    """Give a kept scenario the name in its field; the present one follows if it is the same."""
    present, new = kept().find(old) == history().now, st.session_state[key]
    change_kept(lambda before: before.renamed(old, new))
    after = kept().find(new)
    if present and after is not None:
        take(after)


def delete(name: str) -> None:
    """Keep a scenario no longer."""
    change_kept(lambda before: before.without(name))


@st.fragment
def shelf(drawn: Scenario, spoken: Language) -> None:
    """Show how to keep the present scenario, and those that are kept; `drawn` is the one that the page shows, which may have to follow."""
    say, scenarios = spoken.say, kept().scenarios
    heading = say("Kept scenarios ({number})", number=len(scenarios))
    with st.expander(heading, icon=":material/bookmarks:", key="shelf"):
        st.caption(
            say(
                "Kept scenarios live in this browser session: they stay when you change pages and are gone when you close or reload the page. "
                "Download what you want to keep for longer, and load it again later."
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(say("Name"), key=NEW_NAME, max_chars=LONGEST, placeholder=history().now.title, width=280)
            st.button(say("Keep the present scenario"), icon=":material/bookmark_add:", key="keep", on_click=keep_present)
            if kept_steps().can_undo:
                st.button(say("Undo the last change of this list"), icon=":material/undo:", key="undo kept", on_click=undo_kept)
        if faults := st.session_state.get(KEPT_FAULTS):
            st.error("\n\n".join(plain(spoken.tell(fault)) for fault in faults))
        for number, one in enumerate(scenarios):
            row(number, one, spoken)
        taken_away(kept(), spoken)
    if history().now != drawn:
        st.rerun()


def row(number: int, one: Scenario, spoken: Language) -> None:
    """Show one kept scenario and what can be done with it."""
    say = spoken.say
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(one.title)}**", width="stretch")
        st.button(say("Open"), icon=":material/open_in_full:", key=f"open {number}", on_click=take, args=(one,))
        with st.popover(say("Rename"), icon=":material/edit:", key=f"rename {number}"):
            key = f"new name {number} {one.title}"
            st.text_input(say("New name of {name}", name=plain(one.title)), one.title, key=key, max_chars=LONGEST)
            st.button(say("Rename"), key=f"give {number}", on_click=rename, args=(one.title, key))
        st.download_button(
            say("Download"), partial(dump_scenario, one), file_name(one), "application/yaml", icon=":material/download:",
            key=f"download {number}", on_click="ignore",
        )  # fmt: skip
        st.button(say("Delete"), icon=":material/delete:", key=f"delete {number}", on_click=delete, args=(one.title,))


def taken_away(shelved: Kept, spoken: Language) -> None:
    """Give all kept scenarios as a file, and take files in."""
    say = spoken.say
    if shelved.scenarios:
        st.download_button(
            say("All as one ZIP file"), partial(packed, shelved.scenarios), "scenarios.zip", "application/zip", icon=":material/folder_zip:",
            key="download kept", on_click="ignore",
        )  # fmt: skip
    files = st.file_uploader(
        say("Load scenarios (YAML files, or a ZIP file of them)"),
        ["yaml", "yml", "zip"],
        accept_multiple_files=True,
        key="kept files",
        max_upload_size=5,
    )
    loaded: set[str] = st.session_state.setdefault("kept files loaded", set())
    new = [one for one in files if one.file_id not in loaded]
    if new:
        loaded |= {one.file_id for one in new}
        load_kept([(one.name, one.getvalue()) for one in new])
        st.rerun()
