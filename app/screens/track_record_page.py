"""How the forecasts fared: years already known are hidden, forecast and compared."""

import streamlit as st

from app import links
from app.cached_runs import kept_backtest, run_backtest
from app.calibration_chart import calibration_chart, coverage_chart, odds_chart, pit_chart
from app.page_parts import chart_files, language, shown_chart, shown_table, tables
from app.record_tables import (
    calibration_sentence,
    calibration_tables,
    hidden_words,
    model_words,
    outcomes,
    reference_table,
    score_table,
    verdicts,
)
from forecast.backtest import PLACES, YEARS
from forecast.backtest_summary import reference_rows, summarise

spoken, shown = language(), tables()
say = spoken.say
links.write({"lang": spoken.code})

st.title(say("Track record"))
st.header(say("What was said, and what followed"))
followed = outcomes()
if followed.empty:
    st.info(
        say(
            "No outcome is recorded: nothing that followed the documents has been added to the data, so no stated odds can be compared with it."
        )
    )
else:
    shown_table(followed, "sourcecast-outcomes", say("What was said, and what followed"), spoken)

st.header(say("Forecasts of years already known"))
st.write(
    say(
        "The test hides what is known of a year, forecasts it from the years before, and compares. Intervals that promise to cover 80 of 100 "
        "should cover about 80 of 100; if they cover fewer, the forecasts are too sure of themselves."
    )
)
run = kept_backtest(shown)
if run is None:
    st.caption(say("It takes some seconds; the answer is kept."))
    if not st.button(say("Run the test"), type="primary"):
        st.stop()
    st.button(say("Cancel"))  # a click starts the page anew, which ends the work at its next report
    bar = st.progress(0.0, say("Forecasting what is known …"))

    def report(share: float) -> None:
        bar.progress(min(share, 1.0), say("Forecasting what is known …"))

    run_backtest(shown, report)
    st.rerun()

if thin := calibration_sentence(run, spoken):
    st.warning(thin)
rows = summarise(run)
for sentence in verdicts(rows, run, spoken):
    st.error(sentence)
for hidden in (YEARS, PLACES):
    table = score_table(rows, hidden, spoken)
    if len(table):
        st.subheader(hidden_words(hidden, spoken))
        shown_table(table, f"sourcecast-backtest-{hidden}", hidden_words(hidden, spoken), spoken)
st.caption(
    say(
        "Error (CRPS): distance between forecast and outcome in logarithms, smaller is better. Brier score: of odds, smaller is better, 0.25 is "
        "what a coin gets. The lower rows are simple rules that any forecast must beat."
    )
)
if run.scores:
    st.subheader(say("Calibration"))
    st.write(
        say(
            "First: where outcomes fell within the forecasts; bars of equal height are right. Second: what intervals promise and what they cover; "
            "points on the dashed line are right. Third: odds stated and how often they came true. Grey: what chance alone allows."
        )
    )
    for model in run.models:
        scores = [score for score in run.scores if score.hidden == YEARS and score.model == model]
        if not scores:
            continue
        name = model_words(model, spoken)
        charts = (pit_chart(scores, name, spoken), coverage_chart(scores, spoken), odds_chart(scores, spoken))
        about = (say("Where outcomes fell"), say("Coverage of intervals"), say("Odds stated and how often they came true"))
        drawn = zip(st.columns(3), ("pit", "coverage", "odds"), charts, calibration_tables(scores, spoken), about, strict=True)
        for column, kind, chart, table, words in drawn:
            alternative = say("{term}: {about}", term=say("Calibration: {model}", model=name), about=words)
            with column:
                shown_chart(chart, table, f"sourcecast-calibration-{model}-{kind}", alternative, spoken)
    chart_files(calibration_chart(run, spoken), "sourcecast-calibration", spoken)
st.subheader(say("The same model on other subjects"))
st.write(
    say("Yearly series of other subjects are many enough to calibrate; each half was forecast with what the other half taught.")
)
shown_table(reference_table(reference_rows(), spoken), "sourcecast-reference", say("The same model on other subjects"), spoken)
