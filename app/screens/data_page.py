"""The data: tables to read and take away, and figures of one's own for this session."""

from functools import partial

import pandas as pd
import streamlit as st

from app import links
from app.cached_runs import Tables, bundled
from app.data_tables import TABLE_WORDS, chosen_rows, everything
from app.downloads import table_bytes
from app.own_figures import LARGEST_UPLOAD, TEMPLATE, coloured, key_of, marked, mended, read_own
from app.page_parts import OWN, WIDE_BOX, language, plain, table_files, tables
from app.sentences import names_of

SENTENCE = "9rem"  # of a column that holds sentences, also on a narrow screen
MENDED_AT_MOST = 2000  # rows that the editor on the page takes

spoken, shown = language(), tables()
say, names = spoken.say, names_of(shown.catalogue, spoken)


def check(name: str, content: bytes) -> None:
    """Read a file; good figures join the tables of this session, otherwise what was there before stays."""
    own = read_own(bundled().catalogue, name, content)
    st.session_state["own file"] = own
    if own.catalogue is not None:
        st.session_state[OWN] = Tables(key_of(content, name), own.catalogue)


def forget() -> None:
    """Leave the user's own figures out again."""
    for name in (OWN, "own file", "uploaded"):
        st.session_state.pop(name, None)
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1  # an upload widget with another key is empty


st.title(say("Data"))
st.header(say("Figures of your own"))
st.write(
    say(
        "A table with one figure in each row: place, measure, period and value; scope and unit if you like. Headings and names may be English "
        "or Chinese. The figures stay in this session alone: nobody else sees them, and they are gone when you close the page."
    )
)
with st.container(horizontal=True):
    st.download_button(say("Template as CSV"), table_bytes(TEMPLATE, "csv"), "template.csv", "text/csv", on_click="ignore")
    st.download_button(say("Template as XLSX"), partial(table_bytes, TEMPLATE, "xlsx"), "template.xlsx", on_click="ignore")
file = st.file_uploader(
    say("A CSV or XLSX file, at most {size} MB", size=LARGEST_UPLOAD // 1_000_000),
    ["csv", "tsv", "txt", "xlsx"],
    key=f"upload {st.session_state.get('uploads', 0)}",
)
if file is not None and st.session_state.get("uploaded") != file.file_id:
    st.session_state["uploaded"] = file.file_id
    with st.spinner(say("Checking each cell …")):
        check(file.name, file.getvalue())
    shown = tables()

own = st.session_state.get("own file")
if own is not None and own.catalogue is None:
    st.error(say("{file} was not taken over. What is wrong:", file=plain(own.name)))
    for fault in own.faults:
        st.markdown(f"- {plain(spoken.tell(fault))}")
    if own.cells:
        cells = marked(own, spoken).map(lambda cell: plain(str(cell))).rename(columns=plain).style.map(coloured)
        wrong = pd.Index([plain(say("What is wrong"))])
        st.table(cells.set_properties(wrong, **{"min-width": SENTENCE}).hide(axis="index"))
    if own.cells and len(own.text) <= MENDED_AT_MOST:
        st.write(say("Mend the cells here, or in your file and upload it again."))
        text = st.data_editor(own.text, hide_index=True, key=f"mend {key_of(mended(own.text), own.name)}")
        if st.button(say("Check again"), type="primary"):
            check(f"{own.name.rpartition('.')[0]}.csv", mended(text))
            st.rerun()
if own is not None and own.catalogue is not None:
    added = (
        len(own.catalogue.facts) - len(bundled().catalogue.facts) + len(own.catalogue.targets) - len(bundled().catalogue.targets)
    )
    st.success(
        spoken.say_number(
            "{number} figure of {file} is used on all pages of this session.",
            "{number} figures of {file} are used on all pages of this session.", added, file=plain(own.name),
        )
    )  # fmt: skip
    for note in own.notes:
        st.caption(plain(spoken.tell(note)))
    own_places = list(dict.fromkeys(own.catalogue.facts["place"].iloc[len(bundled().catalogue.facts) :]))
    for place in own_places[:12]:
        name = names_of(own.catalogue, spoken)[place]
        query = {"lang": spoken.code, "place": place, "vintage": "9999-12-31"}
        st.page_link(
            "screens/place_page.py",
            label=say("See {place}", place=plain(name)),
            icon=":material/arrow_forward:",
            query_params=query,
        )
if st.session_state.get(OWN) is not None:
    st.button(say("Leave my figures out again"), on_click=forget)

st.header(say("The tables"))
with st.container(horizontal=True):
    table = st.selectbox(
        say("Table"), list(TABLE_WORDS), format_func=lambda one: say(TABLE_WORDS[one]), key=links.one_of("table", tuple(TABLE_WORDS), "facts"),
        persist_state="session", width=WIDE_BOX,
    )  # fmt: skip
    places = list(shown.catalogue.places["place"])
    chosen = st.multiselect(
        say("Places"), places, format_func=lambda one: names.get(one, one), key=links.some_of("places", places), placeholder=say("all"),
        persist_state="session",
    )  # fmt: skip
rows = chosen_rows(shown.catalogue, table, chosen)
st.write(say("{number} rows; values stand in base units, as printed.", number=len(rows)))
st.dataframe(rows, hide_index=True, alt=say(TABLE_WORDS[table]), height=420, placeholder="–")
table_files(rows, table, spoken)
st.download_button(
    say("All tables as one ZIP file"),
    partial(everything, shown.catalogue),
    "sourcecast-tables.zip",
    "application/zip",
    on_click="ignore",
)
links.write({"lang": spoken.code, "table": table, "places": chosen})
