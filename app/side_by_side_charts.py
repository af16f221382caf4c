"""The chart of the page Compare: the odds of each target under each scenario, told apart by colour, shape and order."""

import altair as alt
import pandas as pd

from app.charts import LABEL, POINT_COLOUR
from app.language import Language

# Okabe and Ito (2008), the four that are told apart with every kind of colour vision and stand out from white; shapes say the same.
COLOURS = ("#333333", "#0072b2", "#c04a00", "#007a5a")
SHAPES = ("diamond", "circle", "square", "triangle-up")
ROW = 24  # pixels


def scenarios_chart(rows: pd.DataFrame, titles: list[str], language: Language) -> alt.LayerChart:
    """Draw the odds of targets: the name of the target, and below it a row a scenario with a dot, its error and the number.

    Parameters
    ----------
    rows : DataFrame
        Columns label, scenario, odds, low, high (of a hundred, none NaN); drawn in their order.
    titles : list of str
        The scenarios, in the order of their colours.
    """
    say = language.say
    headed = with_headings(rows)
    base = alt.Chart(headed)
    # The order is stated, for each layer draws some of the rows only.
    y = alt.Y("row:O", scale=alt.Scale(domain=list(headed["row"])), title=None, axis=None)
    x = alt.X("odds:Q", title=say("of 100 futures"), scale=alt.Scale(domain=[0, 100]))
    # A column of entries fits a narrow screen whatever the scenarios are called.
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=320)
    n = len(titles)
    colour = alt.Color("scenario:N", scale=alt.Scale(domain=titles, range=COLOURS[:n]), legend=legend)
    shape = alt.Shape("scenario:N", scale=alt.Scale(domain=titles, range=SHAPES[:n]), legend=legend)
    tips = [
        alt.Tooltip("scenario:N", title=say("Scenario")),
        alt.Tooltip("odds:Q", format=".1f", title=say("Odds in 100")),
        alt.Tooltip("error:Q", format=".1f", title=say("Error ±")),
    ]
    odds = base.transform_filter("!datum.heading")
    errors = odds.mark_rule(strokeWidth=3).encode(x=x, x2="high:Q", y=y, color=colour).encode(x="low:Q")
    dots = odds.mark_point(filled=True, size=110, opacity=1).encode(x=x, y=y, color=colour, shape=shape, tooltip=tips)
    beside = {"fontSize": 12, "color": POINT_COLOUR}
    right = odds.transform_filter("datum.odds <= 85").mark_text(**beside, align="left", dx=12).encode(x=x, y=y, text="said:N")
    left = odds.transform_filter("datum.odds > 85").mark_text(**beside, align="right", dx=-12).encode(x=x, y=y, text="said:N")
    heads = base.transform_filter("datum.heading").mark_text(**LABEL, fontWeight="bold").encode(x=alt.value(0), y=y, text="label:N")
    layers = alt.layer(errors, dots, right, left, heads)
    return layers.properties(height=alt.Step(ROW)).configure_view(stroke="#dddddd")


def with_headings(rows: pd.DataFrame) -> pd.DataFrame:
    """Put a row with its name above the rows of each target: column heading tells them apart, column said is the number to show."""
    parts = []
    for label, own in rows.groupby("label", sort=False):
        parts.append(
            pd.DataFrame([{"label": label, "scenario": own["scenario"].iloc[0], "odds": 0.0, "heading": True, "said": ""}])
        )
        parts.append(own.assign(heading=False, said=[f"{odds:.0f}" for odds in own["odds"]]))
    return pd.concat(parts, ignore_index=True).reset_index(names="row")
