"""The app's entry: it routes, nothing else."""

import streamlit as st

st.set_page_config(page_title="Sourcecast", layout="wide")
st.navigation([st.Page("pages/place_page.py", title="Place")]).run()
