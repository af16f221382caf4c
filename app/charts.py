"""Charts: tables in, altair charts out. Nothing here asks for a file or a map from outside."""

import altair as alt
import pandas as pd

from app.language import Language

BAND_COLOUR, LINE_COLOUR, POINT_COLOUR, TARGET_COLOUR, BASE_COLOUR = (
    "#7aa6c2",
    "#1f5a7a",
    "#333333",
    "#b5382a",
    "#8a8a8a",
)
BANDS = ((2.5, 97.5, 0.20), (10, 90, 0.32), (25, 75, 0.50))
# What is too long for the width of a row ends in an ellipsis.
LABEL = {"align": "left", "dx": 4, "limit": alt.ExprRef("width - 8"), "fontSize": 12, "color": POINT_COLOUR}
FEW_TICKS = alt.Axis(tickCount=alt.ExprRef("max(2, floor(width / 70))"))  # as many as the width has room for
FLAG_TEXT = {"color": TARGET_COLOUR, "dy": -14, "dx": 8, "align": "right", "fontWeight": "bold", "fontSize": 12}
LABEL_YEARS = 2  # a label ends at its flag and begins up to so many years before
LABEL_GAP = 0.07  # of the height: a line of letters in the lowest chart
YEAR_WIDTH = 30  # pixels that a year takes below an axis
SCALE_WORDS = {"en": (("1e12", " tn"), ("1e9", " bn"), ("1e6", " m")), "zh": (("1e12", "万亿"), ("1e8", "亿"), ("1e4", "万"))}


def amount_axis(language: Language) -> alt.Axis:
    """Return a vertical axis of amounts with the scale words of the language."""
    steps = (
        f"datum.value >= {size} ? format(datum.value / {size}, '~g') + '{word}' : " for size, word in SCALE_WORDS[language.code]
    )
    return alt.Axis(grid=True, labelExpr="".join(steps) + "format(datum.value, ',')")


def year_axis(years: list[int]) -> alt.Axis:
    """Return a horizontal axis of these years; where they would touch each other, every second one counted from the last is named."""
    left_out = f"width < {YEAR_WIDTH * len(years)} && ({years[-1]} - datum.value) % 2"
    return alt.Axis(values=years, labelExpr=f"{left_out} ? '' : format(datum.value, 'd')", labelOverlap=False)


def league_chart(rows: pd.DataFrame, language: Language) -> alt.LayerChart:
    """Draw the odds of targets, a row each: a bar for the range, a dot for the odds.

    Parameters
    ----------
    rows : DataFrame
        Columns label, low, high, odds (shares; NaN where only a range is known), words; drawn in their order.
    """
    hundred = rows.assign(low=100 * rows["low"], high=100 * rows["high"], odds=100 * rows["odds"].astype(float))
    base = alt.Chart(hundred)
    y = alt.Y("label:N", sort=None, title=None, axis=None)
    x = alt.X("low:Q", title=language.say("of 100 futures"), scale=alt.Scale(domain=[0, 100]))
    tips = [alt.Tooltip("label:N", title=language.say("Target")), alt.Tooltip("words:N", title=language.say("Odds in 100"))]
    bars = base.mark_bar(color=BAND_COLOUR, height=10, cornerRadius=3, yOffset=8).encode(x=x, x2="high:Q", y=y, tooltip=tips)
    dots = base.transform_filter("isValid(datum.odds)").mark_point(color=LINE_COLOUR, filled=True, size=80, opacity=1, yOffset=8)
    layers = alt.layer(bars, dots.encode(x="odds:Q", y=y, tooltip=tips), row_labels(base, y))
    return layers.properties(height=alt.Step(38)).configure_view(stroke="#dddddd")


def row_labels(base: alt.Chart, y: alt.Y) -> alt.Chart:
    """Write the label of each row above what it shows, so that a narrow screen has room for both."""
    return base.mark_text(**LABEL, dy=-8).encode(x=alt.value(0), y=y, text="label:N")


def fan_chart(fan: pd.DataFrame, history: pd.DataFrame, flags: pd.DataFrame, title: str, language: Language) -> alt.LayerChart:
    """Draw a series: known levels with their 80 % interval, the fan of futures with its median, and the targets as flags.

    Parameters
    ----------
    fan : DataFrame
        Columns year, q025, q10, q25, q50, q75, q90, q975.
    history : DataFrame
        Columns year, level, low, high, basis (stated or derived).
    flags : DataFrame
        Columns year, level, label, odds (False: drawn hollow); may be empty.
    title : str
        Name and unit of the vertical axis.
    """
    say = language.say
    shown = pd.concat([fan["year"], history["year"], flags["year"]]).astype(int)
    every = list(range(shown.min(), shown.max() + 1))  # left to itself the axis names halves of a year when there are few
    years = alt.X("year:Q", title=None, axis=year_axis(every), scale=alt.Scale(nice=False, padding=24))
    axis = amount_axis(language)
    layers: list[alt.Chart] = []
    for low, high, opacity in BANDS:
        edges = [f"q{edge:g}".replace(".", "") if edge > 5 else f"q0{10 * edge:g}" for edge in (low, high)]
        band = alt.Chart(fan).mark_area(color=BAND_COLOUR, opacity=opacity)
        layers.append(band.encode(x=years, y=alt.Y(f"{edges[0]}:Q", title=title, axis=axis), y2=f"{edges[1]}:Q"))
    tips = [
        alt.Tooltip("year:Q", format="d", title=say("Year")),
        *(
            alt.Tooltip(f"{name}:Q", format=",.3s", title=words)
            for name, words in (("q10", "10 %"), ("q50", "50 %"), ("q90", "90 %"))
        ),
    ]
    layers.append(alt.Chart(fan).mark_line(color=LINE_COLOUR, strokeWidth=2.5, point=alt.OverlayMarkDef(size=30, color=LINE_COLOUR)).encode(
        x=years, y="q50:Q", tooltip=tips))  # fmt: skip
    words = {"stated": say("known, printed"), "derived": say("known, worked out")}
    known = alt.Chart(history.assign(basis=[words[basis] for basis in history["basis"]]))
    layers.append(known.mark_rule(color=POINT_COLOUR, strokeWidth=2).encode(x=years, y="low:Q", y2="high:Q"))
    shape = alt.Shape(
        "basis:N",
        scale=alt.Scale(domain=list(words.values()), range=["circle", "diamond"]),
        legend=alt.Legend(title=None, orient="top", direction="horizontal"),
    )
    year_tips = [alt.Tooltip("year:Q", format="d", title=say("Year")), alt.Tooltip("level:Q", format=",.4s", title=say("level"))]
    dots = known.mark_point(color=POINT_COLOUR, filled=True, size=80, opacity=1)
    layers.append(dots.encode(x=years, y="level:Q", shape=shape, tooltip=year_tips))
    flags = labels_apart(flags, fan["q975"].max())
    for odds, filled in ((True, True), (False, False)):
        own = flags[flags["odds"].astype(bool) == odds]
        if own.empty:
            continue
        aims = alt.Chart(own)
        mark_of = aims.mark_point(color=TARGET_COLOUR, filled=filled, size=150, strokeWidth=2, shape="triangle-up", opacity=1)
        layers.append(mark_of.encode(x=years, y="level:Q", tooltip=[alt.Tooltip("label:N", title=say("Target"))]))
        layers.append(aims.mark_text(**FLAG_TEXT).encode(x=years, y="at:Q", text="label:N"))
    chart = alt.layer(*layers).properties(height=420)
    return chart.configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal").configure_view(stroke="#dddddd")


def labels_apart(flags: pd.DataFrame, highest: float) -> pd.DataFrame:
    """Add the column at to flags: the level at which a label stands, lifted where it would cover one of about the same year and level.

    `highest` is the highest level drawn beside them.
    """
    years, levels = flags["year"].tolist(), flags["level"].tolist()
    gap = LABEL_GAP * max([highest, *levels])
    placed: dict[int, float] = {}
    for row in sorted(range(len(levels)), key=levels.__getitem__):
        near = [at for other, at in placed.items() if abs(years[other] - years[row]) <= LABEL_YEARS]
        placed[row] = max([levels[row], *(at + gap for at in near)])
    return flags.assign(at=[placed[row] for row in range(len(levels))])


def growth_chart(own: pd.DataFrame, peers: pd.DataFrame, language: Language) -> alt.LayerChart:
    """Draw by target the growth needed and achieved beside every growth rate known of comparable series.

    Parameters
    ----------
    own : DataFrame
        Columns label, needed, had (percent a year, NaN where none is known).
    peers : DataFrame
        Columns label, growth.
    """
    say = language.say
    words = {"needed": say("needed each year"), "had": say("achieved last")}
    long = own.melt("label", ["needed", "had"], "what", "growth").dropna()
    long["what"] = long["what"].map(words)
    most = max(float(long["growth"].max()), float(peers["growth"].quantile(0.9)) if len(peers) else 0.0) * 1.1
    least = min(0.0, float(long["growth"].min()), float(peers["growth"].quantile(0.1)) if len(peers) else 0.0) * 1.1
    x = alt.X("growth:Q", title=say("growth, percent a year"), scale=alt.Scale(domain=[least, most], clamp=True, nice=False))
    y = alt.Y("label:N", sort=None, title=None, axis=None)
    tips = [alt.Tooltip("growth:Q", format=".1f", title=say("growth, percent a year"))]
    ticks = (
        alt.Chart(peers)
        .mark_tick(color=BASE_COLOUR, opacity=0.6, height=14, thickness=1.5, yOffset=9)
        .encode(x=x, y=y, tooltip=tips)
    )
    scale = alt.Scale(domain=list(words.values()), range=[TARGET_COLOUR, POINT_COLOUR])
    legend = alt.Legend(title=None, orient="top", direction="horizontal")
    shape = alt.Shape("what:N", scale=alt.Scale(domain=list(words.values()), range=["triangle-up", "circle"]), legend=legend)
    points = alt.Chart(long).mark_point(filled=True, size=120, opacity=1, yOffset=9)
    colour = alt.Color("what:N", scale=scale, legend=legend)
    layers = alt.layer(ticks, points.encode(x=x, y=y, shape=shape, color=colour, tooltip=tips), row_labels(alt.Chart(own), y))
    return layers.properties(height=alt.Step(44)).configure_view(stroke="#dddddd")
