"""What the pages share: the language and the tables of the session, a chart with its table and downloads, links that ask in vain."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st

from app import links
from app.cached_runs import Tables, bundled, data_name
from app.downloads import chart_bytes, table_bytes
from app.drawings import Drawing
from app.language import LANGUAGE_NAMES, Language, code_of_locale, language_of
from app.link_stamps import PARAMETER, Odds, stamp_of, stamp_text, what_changed
from app.page_style import page_style
from app.report_html import NO_PANGO, can_print
from app.reports import KINDS
from app.vintages import DOCUMENT, LATEST

OWN = "tables with own figures"
WIDE_BOX = 310  # pixels: the longest of its words are seen whole
# Where an address begins, an icon by its name, or an arrow of signs: Markdown makes links and pictures of them even in escaped text.
MADE_UP = re.compile(r":(?=//|material|streamlit)|www(?=\.)|@|(?<!\S)[<>~-](?=[->=])")
FIGURE_SPACE = "\N{FIGURE SPACE}"
MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str) -> str:
    """Write text that came from a file or a link so that Markdown shows it as it stands: it can neither format nor lead anywhere."""
    return MARKUP.sub(r"\\\1", MADE_UP.sub("\\g<0>\N{WORD JOINER}", text))


def quoted(text: str) -> str:
    """Quote text of a link as code, in which not even an address becomes a link."""
    return f"`{text.replace('`', ' ')}`"


def language() -> Language:
    """Return the language of the session: by link, by switch, or what the browser prefers."""
    links.one_of("lang", tuple(LANGUAGE_NAMES), code_of_locale(st.context.locale))
    return language_of(st.session_state["lang"])


def language_switch(spoken: Language) -> None:
    """Show the switch of the language; the page knows its answer before it is drawn."""
    st.html(page_style(spoken), unsafe_allow_javascript=True, width="content")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.segmented_control(
            spoken.say("Language"), list(LANGUAGE_NAMES), format_func=LANGUAGE_NAMES.__getitem__, key="lang", required=True,
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip


def tables() -> Tables:
    """Return the tables of this session."""
    own: Tables | None = st.session_state.get(OWN)
    return own or bundled()


def say_refused(spoken: Language) -> None:
    """Say what the link asked for and does not exist."""
    if asked := links.in_vain():
        st.warning(
            spoken.say(
                "The link asks for what is not known here: {what}. The page shows what it can.",
                what=", ".join(map(quoted, asked[:5])),
            ),
            icon=":material/link_off:",
        )


def stamped(state: object, odds: Odds, aims: Mapping[str, str], titles: Sequence[str], spoken: Language) -> str:
    """Say what has changed since the link was made that led to this state of the page; returns the stamp for a link to it now.

    `odds`, `aims` and `titles` are as of `link_stamps.what_changed`.
    """
    name = data_name(tables())
    before = links.followed(PARAMETER, state)
    if before and (told := what_changed(before, name, odds, aims, titles, spoken)):
        st.info(told, icon=":material/history:")
    return stamp_text(stamp_of(name, odds))


def vintage_choice(shown: Tables, spoken: Language) -> str:
    """Ask which documents may be used, and return the date or `DOCUMENT`."""
    sources = shown.catalogue.sources.sort_values("known_by")
    words = {
        DOCUMENT: spoken.say("each target as of its own document"),
        LATEST: spoken.say("everything known"),
        **{date: spoken.say("documents up to {date}", date=date) for date in sources["known_by"].unique()[::-1]},
    }
    key = links.one_of("vintage", tuple(words), DOCUMENT)
    chosen: str = st.selectbox(
        spoken.say("What was known"), list(words), format_func=words.__getitem__, key=key, persist_state="session",
        help=spoken.say("Odds use only what had been published by then. Figures of a place are shown up to the same date."),
        width=WIDE_BOX,
    )  # fmt: skip
    return chosen


def shown_chart(
    chart: alt.TopLevelMixin | Drawing,
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    name: str,
    alternative: str,
    spoken: Language,
) -> None:
    """Show a chart with its text alternative, its table, which may be made once it is asked for, and both as files."""
    if isinstance(chart, Drawing):
        st.vega_lite_chart(chart.stated(), width="stretch", theme=None, alt=alternative)
    else:
        st.altair_chart(chart, width="stretch", theme=None, alt=alternative)
    to_take_away(chart, table, name, alternative, spoken)


@st.fragment
def to_take_away(
    chart: alt.TopLevelMixin | Drawing, table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, alternative: str, spoken: Language
) -> None:  # fmt: skip
    """Show a chart as a table and give both as files, once this is opened; opening it redraws nothing else."""
    label = spoken.say("The chart as a table, and files to take away")
    with st.expander(label, key=links.worded(f"{name} taken away"), on_change="rerun") as part:
        if part.open:
            shown_table(table() if callable(table) else table, name, alternative, spoken)
            chart_files(chart, name, spoken)


def chart_files(chart: alt.TopLevelMixin | Drawing, name: str, spoken: Language) -> None:
    """Give a chart as files."""
    with st.container(horizontal=True):
        for ending, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
            st.download_button(
                spoken.say("Chart as {kind}", kind=ending.upper()), partial(drawn, chart, ending), f"{name}.{ending}", kind,
                key=f"{name} {ending}", on_click="ignore",
            )  # fmt: skip


def drawn(chart: alt.TopLevelMixin | Drawing, ending: str) -> bytes:
    """Return a chart as a file."""
    return chart_bytes(chart.chart() if isinstance(chart, Drawing) else chart, ending)


def shown_table(table: pd.DataFrame, name: str, alternative: str, spoken: Language, *, whole: bool = False) -> None:
    """Show a table and give it as files; `whole` shows every word of every cell."""
    if whole:
        st.table(written(table), hide_index=True, alt=alternative)
    else:
        st.dataframe(table, hide_index=True, alt=alternative, placeholder="–")
    table_files(table, name, spoken)


def written(table: pd.DataFrame) -> pd.DataFrame:
    """Write every cell as text that Markdown shows as it stands, numbers with one digit so that they end below each other."""
    columns = {}
    for name, column in table.items():
        cells = [("–" if pd.isna(one) else f"{one:.1f}") if isinstance(one, float) else str(one) for one in column.tolist()]
        most = max(map(len, cells), default=0) if column.dtype.kind == "f" else 0
        columns[plain(str(name))] = [FIGURE_SPACE * (most - len(one)) + plain(one) for one in cells]
    return pd.DataFrame(columns)


def table_files(table: pd.DataFrame, name: str, spoken: Language) -> None:
    """Give a table as files."""
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with st.container(horizontal=True):
        for ending, kind in (("csv", "text/csv"), ("xlsx", workbook)):
            st.download_button(
                spoken.say("Table as {kind}", kind=ending.upper()), partial(table_bytes, table, ending),
                f"{name}.{ending}", kind, key=f"{name} {ending}", on_click="ignore",
            )  # fmt: skip


def report_files(written: Callable[[str], bytes], name: str, spoken: Language) -> None:
    """Give a report as files; `written` makes one by its ending, when it is asked for."""
    with st.container(horizontal=True):
        for ending, kind in KINDS.items():
            if ending != "pdf" or can_print():
                st.download_button(
                    spoken.say("Report as {kind}", kind=ending.upper()), partial(written, ending), f"{name}.{ending}", kind,
                    key=f"{name} report {ending}", on_click="ignore",
                )  # fmt: skip
    if not can_print():
        st.caption(spoken.say(NO_PANGO))
