"""The app's entry: it reads the address, routes, and nothing else."""

import streamlit as st

from app import links
from app.page_parts import language, language_switch, say_refused

st.set_page_config(page_title="Sourcecast", layout="wide", initial_sidebar_state="collapsed")
links.adopt()
spoken = language()
page = st.navigation(
    [
        st.Page("screens/overview_page.py", title=spoken.say("Overview"), url_path="overview", default=True),
        st.Page("screens/place_page.py", title=spoken.say("Place"), url_path="place"),
        st.Page("screens/what_if_page.py", title=spoken.say("What-if"), url_path="what-if"),
        st.Page("screens/compare_page.py", title=spoken.say("Compare"), url_path="compare"),
        st.Page("screens/what_matters_page.py", title=spoken.say("What matters"), url_path="what-matters"),
        st.Page("screens/track_record_page.py", title=spoken.say("Track record"), url_path="track-record"),
        st.Page("screens/data_page.py", title=spoken.say("Data"), url_path="data"),
        st.Page("screens/method_page.py", title=spoken.say("Method and limits"), url_path="method"),
    ],
    position="top",
)
links.enter(page.url_path)
language_switch(spoken)
page.run()
say_refused(spoken)
