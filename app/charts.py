"""Charts: tables in, altair charts out. Nothing here asks for a file or a map from outside."""

import altair as alt
import pandas as pd

BAND_COLOUR, LINE_COLOUR, POINT_COLOUR, TARGET_COLOUR, BASE_COLOUR = (
    "#7aa6c2",
    "#1f5a7a",
    "#333333",
    "#b5382a",
    "#8a8a8a",
)
BANDS = ((5, 95, 0.22), (10, 90, 0.30), (25, 75, 0.45))
SCALE_WORDS = (("1e12", "tn"), ("1e9", "bn"), ("1e6", "m"))
Y_AXIS = alt.Axis(
    grid=True,
    labelExpr="".join(f"datum.value >= {size} ? format(datum.value / {size}, '~g') + ' {word}' : " for size, word in SCALE_WORDS)
    + "format(datum.value, ',')",
)


def fan_chart(fan: pd.DataFrame, history: pd.DataFrame, targets: pd.DataFrame, title: str) -> alt.LayerChart:
    """Draw a series: known levels with their 80 % interval, the fan of futures, the baseline and the targets as marks.

    Parameters
    ----------
    fan : DataFrame
        Columns year, q05, q10, q25, q50, q75, q90, q95 and baseline (the median without the lever).
    history : DataFrame
        Columns year, level, low, high, basis.
    targets : DataFrame
        Columns year, level, label; may be empty.
    title : str
        Name and unit of the vertical axis.
    """
    years = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1), scale=alt.Scale(nice=False, padding=12))
    layers: list[alt.Chart] = []
    for low, high, opacity in BANDS:
        band = alt.Chart(fan).mark_area(color=BAND_COLOUR, opacity=opacity)
        layers.append(band.encode(x=years, y=alt.Y(f"q{low:02d}:Q", title=title, axis=Y_AXIS), y2=f"q{high:02d}:Q"))
    layers.append(alt.Chart(fan).mark_line(color=BASE_COLOUR, strokeDash=[4, 4]).encode(x=years, y="baseline:Q"))
    tips = [
        alt.Tooltip("year:Q", format="d"),
        *(alt.Tooltip(f"{name}:Q", format=",.4s") for name in ("q10", "q50", "q90")),
    ]
    layers.append(alt.Chart(fan).mark_line(color=LINE_COLOUR, strokeWidth=2.5).encode(x=years, y="q50:Q", tooltip=tips))
    known = alt.Chart(history)
    layers.append(known.mark_rule(color=POINT_COLOUR, strokeWidth=2).encode(x=years, y="low:Q", y2="high:Q"))
    shape = alt.Shape(
        "basis:N",
        scale=alt.Scale(domain=["stated", "derived"], range=["circle", "diamond"]),
        legend=alt.Legend(title="known year"),
    )
    layers.append(
        known.mark_point(color=POINT_COLOUR, filled=True, size=70, opacity=1).encode(
            x=years,
            y="level:Q",
            shape=shape,
            tooltip=[alt.Tooltip("year:Q", format="d"), alt.Tooltip("level:Q", format=",.4s"), "basis:N"],
        )
    )
    if len(targets):
        aims = alt.Chart(targets)
        layers.append(
            aims.mark_point(color=TARGET_COLOUR, filled=True, size=130, shape="triangle-up", opacity=1).encode(x=years, y="level:Q")
        )
        layers.append(aims.mark_text(color=TARGET_COLOUR, dy=-14, fontWeight="bold").encode(x=years, y="level:Q", text="label:N"))
    return alt.layer(*layers).properties(height=420).configure_axis(labelFontSize=12, titleFontSize=12)
