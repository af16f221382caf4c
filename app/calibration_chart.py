"""The calibration plot: how outcomes spread over their forecasts, what intervals cover, and how often stated odds came true."""

import altair as alt
import numpy as np
import pandas as pd

from app.charts import BAND_COLOUR, BASE_COLOUR, LINE_COLOUR, POINT_COLOUR
from app.language import ENGLISH, Language
from forecast.backtest import YEARS, Backtest, Score
from forecast.backtest_summary import column, covered, sharing_of
from forecast.calibration import LEAST_FOR_HISTOGRAM, histogram_bins, reliability, reliability_curve, shared_band

NOMINAL = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
SIDE = 260
SHARE_AXIS = alt.Axis(format=".0%")
UNIT = alt.Scale(domain=[0, 1])


def calibration_chart(run: Backtest, language: Language = ENGLISH) -> alt.VConcatChart:
    """Draw one row a model over all hidden years: PIT histogram, coverage against promise, and how often stated odds came true."""
    by_model = {name: [score for score in run.scores if score.hidden == YEARS and score.model == name] for name in run.models}
    rows = [
        alt.hconcat(pit_chart(scores, name, language), coverage_chart(scores, language), odds_chart(scores, language))
        for name, scores in by_model.items()
        if scores
    ]
    return (
        alt.vconcat(*rows)
        .configure_axis(labelFontSize=11, titleFontSize=12)
        .configure_title(fontSize=13, anchor="start")
        .configure_view(stroke="#dddddd")
    )


def pit_table(scores: list[Score]) -> pd.DataFrame:
    """Return the share of outcomes in each bin of the PIT with its band: columns left, right, share, low, high."""
    integral, sharing = column(scores, "integral"), sharing_of(scores)
    bins = histogram_bins(len(scores))
    members = np.minimum((integral * bins).astype(int), bins - 1)
    rows = []
    for one in range(bins):
        inside = (members == one).astype(float)
        rows.append((one / bins, (one + 1) / bins, inside.mean(), *shared_band(1 / bins, inside, sharing)))
    return pd.DataFrame(rows, columns=["left", "right", "share", "low", "high"])


def coverage_table(scores: list[Score]) -> pd.DataFrame:
    """Return the coverage of central intervals with its band: columns nominal, covered, low, high."""
    integral, sharing = column(scores, "integral"), sharing_of(scores)
    rows = []
    for nominal in NOMINAL:
        inside = covered(integral, nominal)
        rows.append((nominal, inside.mean(), *shared_band(nominal, inside, sharing)))
    return pd.DataFrame(rows, columns=["nominal", "covered", "low", "high"])


def odds_tables(scores: list[Score]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return bins of stated odds (stated, happened, low, high, events) and the rising curve closest to what happened (stated, happened)."""
    asked = [score for score in scores if score.events]
    events = np.array([event for score in asked for event in score.events], dtype=float).reshape(-1, 2)
    sharing = sharing_of([score for score in asked for _ in score.events])
    bins = reliability(events[:, 0], events[:, 1], sharing)
    stated, happened = reliability_curve(events[:, 0], events[:, 1]) if len(events) else (np.zeros(0), np.zeros(0))
    corners = np.flatnonzero(np.diff(happened, prepend=np.nan, append=np.nan) != 0)  # a step needs its two ends only
    kept = np.unique(np.concatenate([corners[corners < len(stated)], np.maximum(corners - 1, 0)[: len(stated)]])).astype(int)
    curve = pd.DataFrame({"stated": stated[kept], "happened": happened[kept]})
    columns = ["events", "stated", "happened", "low", "high"]
    return pd.DataFrame([[getattr(one, name) for name in columns] for one in bins], columns=columns), curve


def pit_chart(scores: list[Score], model: str, language: Language = ENGLISH) -> alt.LayerChart:
    """Draw the PIT histogram: flat if the forecasts are calibrated, a valley in the middle if they are too sure."""
    base = alt.Chart(pit_table(scores).assign(ground=0.0))
    x = alt.X("left:Q", title=language.say("where outcomes fell in the forecast (PIT)"), scale=UNIT)
    y = alt.Y("ground:Q", title=language.say("share"), axis=SHARE_AXIS, scale=alt.Scale(domainMin=0))
    bars = base.mark_rect(color=BAND_COLOUR, stroke="white").encode(x=x, x2="right:Q", y=y, y2="share:Q")
    band = base.mark_rect(color=BASE_COLOUR, opacity=0.25).encode(x=x, x2="right:Q", y="low:Q", y2="high:Q")
    few = language.say(" (fewer than {least}: no test)", least=LEAST_FOR_HISTOGRAM) if len(scores) < LEAST_FOR_HISTOGRAM else ""
    title = language.say("{model}: {number} forecasts of hidden years", model=model, number=len(scores)) + few
    return (bars + band).properties(title=title, width=SIDE, height=SIDE)


def coverage_chart(scores: list[Score], language: Language = ENGLISH) -> alt.LayerChart:
    """Draw the coverage of central intervals against what they promise, with the band of calibrated ones."""
    base = alt.Chart(coverage_table(scores))
    x = alt.X("nominal:Q", title=language.say("promised"), axis=SHARE_AXIS, scale=UNIT)
    band = base.mark_area(color=BASE_COLOUR, opacity=0.25).encode(
        x=x, y=alt.Y("low:Q", title=language.say("covered"), axis=SHARE_AXIS, scale=UNIT), y2="high:Q"
    )
    points = base.mark_line(color=LINE_COLOUR, point=alt.OverlayMarkDef(color=LINE_COLOUR)).encode(x=x, y="covered:Q")
    return (band + diagonal() + points).properties(title=language.say("Coverage of intervals"), width=SIDE, height=SIDE)


def odds_chart(scores: list[Score], language: Language = ENGLISH) -> alt.LayerChart:
    """Draw how often events happened against their stated odds, with the band if the odds are right and the rising curve closest to all."""
    bins, curve = odds_tables(scores)
    x = alt.X("stated:Q", title=language.say("stated odds"), axis=SHARE_AXIS, scale=UNIT)
    y = alt.Y("low:Q", title=language.say("came true"), axis=SHARE_AXIS, scale=UNIT)
    bands = alt.Chart(bins).mark_rule(color=BASE_COLOUR, opacity=0.4, strokeWidth=9).encode(x=x, y=y, y2="high:Q")
    line = alt.Chart(curve).mark_line(color=LINE_COLOUR).encode(x=x, y="happened:Q")
    size = alt.Size("events:Q", legend=None, scale=alt.Scale(range=[30, 160]))
    points = alt.Chart(bins).mark_point(color=POINT_COLOUR, filled=True, opacity=1).encode(x=x, y="happened:Q", size=size)
    title = language.say("Odds of {number} events", number=int(bins["events"].sum()))
    return (bands + diagonal() + line + points).properties(title=title, width=SIDE, height=SIDE)


def diagonal() -> alt.Chart:
    """Draw where promise and outcome agree."""
    return (
        alt.Chart(pd.DataFrame({"from": [0, 1], "to": [0, 1]}))
        .mark_line(color=BASE_COLOUR, strokeDash=[4, 4])
        .encode(x="from:Q", y="to:Q")
    )
