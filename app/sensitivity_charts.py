"""Charts of sensitivity: the tornado, and the shares of the variance."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from app.charts import BAND_COLOUR, BASE_COLOUR, LINE_COLOUR, row_labels
from app.language import Language
from app.sensitivity_tables import LEAST_SWING, MOST_ROWS, point_words
from app.sensitivity_words import thing_words
from scenarios import Sensitivity


def tornado_table(found: Sensitivity, names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Return the rows of a tornado, the widest first: label, low and high (odds of a hundred), at_low and at_high (the points in words)."""
    rows = [
        {
            "label": thing_words(one.thing, names, language),
            "low": 100 * one.probability_at_low,
            "high": 100 * one.probability_at_high,
            "at_low": point_words(one, one.low, language),
            "at_high": point_words(one, one.high, language),
        }
        for one in found.swings
        if abs(one.swing) >= LEAST_SWING
    ]
    return pd.DataFrame(rows[:MOST_ROWS], columns=["label", "low", "high", "at_low", "at_high"])


def tornado_chart(rows: pd.DataFrame, odds: float, language: Language) -> alt.LayerChart:
    """Draw what each thing does to the odds: a dot with it low, a dot with it high, and a line where the odds are.

    Parameters
    ----------
    rows : DataFrame
        As of `tornado_table`, drawn in their order.
    odds : float
        The odds with nothing held, of a hundred.
    """
    say = language.say
    words = {"low": say("Low (10 %) or left out"), "high": say("High (90 %) or there")}
    points = pd.concat(
        [
            rows.assign(which=words["low"], odds=rows["low"], point=rows["at_low"]),
            rows.assign(which=words["high"], odds=rows["high"], point=rows["at_high"]),
        ],
        ignore_index=True,
    )
    base = alt.Chart(rows)
    y = alt.Y("label:N", sort=None, title=None, axis=None)
    x = alt.X("odds:Q", title=say("of 100 futures"), scale=alt.Scale(domain=[0, 100]))
    tips = [
        alt.Tooltip("label:N", title=say("Thing")),
        alt.Tooltip("point:N", title=say("Held at")),
        alt.Tooltip("odds:Q", format=".1f", title=say("Odds in 100")),
    ]
    legend = alt.Legend(title=None, orient="top", direction="horizontal")
    domain = list(words.values())
    colour = alt.Color("which:N", scale=alt.Scale(domain=domain, range=[BASE_COLOUR, LINE_COLOUR]), legend=legend)
    shape = alt.Shape("which:N", scale=alt.Scale(domain=domain, range=["diamond", "circle"]), legend=legend)
    middle = alt.Chart(pd.DataFrame({"odds": [odds]})).mark_rule(color=BASE_COLOUR, strokeDash=[4, 3]).encode(x=x)
    bars = base.mark_rule(color=BAND_COLOUR, strokeWidth=4, yOffset=8).encode(x=alt.X("low:Q"), x2="high:Q", y=y)
    dots = alt.Chart(points).mark_point(filled=True, size=110, opacity=1, yOffset=8)
    layers = alt.layer(middle, bars, dots.encode(x=x, y=y, color=colour, shape=shape, tooltip=tips), row_labels(base, y))
    return layers.properties(height=alt.Step(40)).configure_view(stroke="#dddddd")


def variance_table(found: Sensitivity, names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Return the shares of the variance of met or not, a row a group: label, first, total and their ends, in hundredths."""
    rows = [
        {
            "label": thing_words(one.group, names, language),
            **{name: 100 * getattr(one, name) for name in ("first", "first_low", "first_high", "total", "total_low", "total_high")},
        }
        for one in found.variance_shares
        if one.outcome == "met"
    ]
    return pd.DataFrame(rows)
