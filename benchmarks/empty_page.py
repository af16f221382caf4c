"""The least that Streamlit can show: one slider and one chart. What the app adds is measured beside it (bench_app.py)."""

import altair as alt
import pandas as pd
import streamlit as st

st.title("Empty")
height = st.slider("Height", 0.0, 40.0, 0.0, step=0.5)
st.altair_chart(
    alt.Chart(pd.DataFrame({"year": [2012, 2020], "height": [0.0, height]})).mark_line().encode(x="year:Q", y="height:Q")
)
