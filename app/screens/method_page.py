"""The method in short: what is computed, from what, what the words mean, and what cannot be concluded."""

import streamlit as st

from app import links
from app.method_text import EQUATIONS, LIMITS, STEPS, glossary, priors
from app.page_parts import language, shown_table, table_files, written
from forecast.priors import PRIORS

spoken = language()
say = spoken.say
links.write({"lang": spoken.code})

st.title(say("Method and limits"))
st.header(say("What is done"))
st.markdown("\n".join(f"{number}. {say(step)}" for number, step in enumerate(STEPS, start=1)))
st.header(say("The equations"))
for words, equation in EQUATIONS:
    st.write(say(words))
    st.markdown(rf"$\displaystyle {equation}$")  # within a line: a block of its own would scroll where no key reaches it
st.header(say("What cannot be concluded"))
st.markdown("\n".join(f"- {say(limit)}" for limit in LIMITS))
st.header(say("What is assumed before the figures speak"))
st.write(
    say(
        "Each number with its origin: the facts, a reference class (what many other series teach) or a judgement. Growth is yearly log growth."
    )
)
assumed, family = priors(PRIORS, spoken), say("Family")
for name, rows in assumed.groupby(family, sort=False):  # a table each, so that a narrow screen has room for the reasons
    st.subheader(name)
    st.table(written(rows.drop(columns=family)), hide_index=True, alt=say("What is assumed: {family}", family=name))
table_files(assumed, "sourcecast-priors", spoken)
st.header(say("Words"))
shown_table(glossary(spoken), "sourcecast-words", say("Words"), spoken, whole=True)
