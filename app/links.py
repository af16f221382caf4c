"""The state of a page stands in its address: a link restores everything, and what a link asks in vain is said."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

WRITTEN, STATE, TOLD, REFUSED = "address as written", "state as written", "widgets as told last", "asked in vain"
FOLLOWED = "followed"
LANGUAGE, PAGE, DRAWN = "lang", "page", "boxes as drawn last"
Choice = TypeVar("Choice")


def adopt() -> None:
    """Take over what the address says where it is not what we wrote there ourselves: a link was followed, or the way back."""
    address, moved = st.query_params.to_dict(), acted()
    if address == st.session_state.get(WRITTEN) or moved:
        return
    st.session_state[REFUSED] = []
    for name, text in address.items():
        st.session_state[asked(name)] = text
    st.session_state[WRITTEN] = address


def acted() -> bool:
    """Tell whether a widget was moved since the address was written: the address that comes with that may be an older one and is not heard.

    A widget may be back at what was written: moved twice, where the second move came before the answer to the first was.
    """
    state: Mapping[str, str] = st.session_state.get(STATE, {})
    values = {name: st.session_state[name] for name in state if name in st.session_state}
    told: Mapping[str, str | Sequence[str]] = st.session_state.get(TOLD, {})
    st.session_state[TOLD] = values
    if any(name in told and told[name] != value for name, value in values.items()):
        return True
    return any(text_of(value) != state[name] for name, value in values.items() if state[name] or isinstance(value, list))


def text_of(value: str | Sequence[str]) -> str:
    """Write a value for the address; several have commas between."""
    return value if isinstance(value, str) else ",".join(value)


def asked(name: str) -> str:
    """Name the place in the session where a part of the address waits until its widget is drawn."""
    return f"asked {name}"


def one_of(name: str, allowed: Sequence[str], default: str) -> str:
    """Give the widget with the key `name` its value before it is drawn: the address's, else the last one, else the default.

    Returns
    -------
    str
        The key, for the widget.
    """
    wanted = st.session_state.pop(asked(name), None)
    if wanted is not None and wanted in allowed:
        st.session_state[name] = wanted
    elif wanted is not None:
        st.session_state.setdefault(REFUSED, []).append(wanted[:60])
    if st.session_state.get(name) not in allowed:
        before = chosen_before(name, default)
        st.session_state[name] = before if before in allowed else default
    return worded(name)


def some_of(name: str, allowed: Sequence[str]) -> str:
    """Do the same for a widget of several values, which stand in the address with commas between; all that is not allowed is dropped."""
    wanted = st.session_state.pop(asked(name), None)
    if wanted is not None:
        parts = [part for part in wanted.split(",") if part]
        st.session_state[name] = [part for part in parts if part in allowed]
        st.session_state.setdefault(REFUSED, []).extend(part[:60] for part in parts if part not in allowed)
    chosen = st.session_state.get(name, [])
    if not {*chosen} <= {*allowed}:
        chosen = chosen_before(name, chosen)
    st.session_state[name] = [part for part in chosen if part in allowed]
    return worded(name)


def enter(page: str) -> None:
    """Note which page is drawn."""
    st.session_state[PAGE] = page


def worded(name: str) -> str:
    """Have the box with the key `name` show its choice in the words of the language now spoken; returns the key.

    After a switch of language a box goes on with the words that it has, in which it would also tell its choice, and on another page it shows
    its first words, unless it is given its choice anew.
    """
    drawn, where = boxes(), (st.session_state.get(LANGUAGE, ""), st.session_state.get(PAGE, ""))
    if name in st.session_state and name != LANGUAGE:
        choice = st.session_state[name]
        if name in drawn and drawn[name][1] != where:
            st.session_state[name] = choice
        drawn[name] = choice, where
    return name


def chosen_before(name: str, default: Choice) -> Choice:
    """Return what was chosen when the box was drawn last; words of another language, told while the page was on its way, are no choice."""
    before: Choice
    before, _ = boxes().get(name, (default, ("", "")))
    return before


def boxes() -> dict[str, tuple[Any, tuple[str, str]]]:
    """Return the choice of each box with the language and the page in which it was drawn, by its key."""
    found: dict[str, tuple[Any, tuple[str, str]]] = st.session_state.setdefault(DRAWN, {})
    return found


def followed(name: str, state: object) -> str:
    """Return what the link that led here says under a name, as long as the page shows the state that it showed then; else nothing."""
    text = st.session_state.pop(asked(name), None)
    if text is not None:
        st.session_state[FOLLOWED] = text, state
    said, then = st.session_state.get(FOLLOWED, ("", None))
    return str(said) if then == state else ""


def in_vain() -> list[str]:
    """Return what the address asked for and could not get, once."""
    refused: list[str] = st.session_state.get(REFUSED, [])
    st.session_state[REFUSED] = []
    return refused


def write(state: Mapping[str, str | Sequence[str]]) -> None:
    """Write the state of the page into the address; nothing happens if it stands there already."""
    texts = {name: text_of(value) for name, value in state.items()}
    address = {name: text for name, text in texts.items() if text}
    if address != st.query_params.to_dict():
        st.query_params.from_dict(address)
    st.session_state[WRITTEN], st.session_state[STATE], st.session_state[TOLD] = address, texts, {}
