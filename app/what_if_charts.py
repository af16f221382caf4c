"""Charts of the What-if page: the baseline is always drawn, in grey and dashed, beside the scenario.

Layouts are made once for each language and title, for a slider that is moved changes nothing but figures.
"""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from app.charts import (
    BAND_COLOUR,
    BASE_COLOUR,
    FEW_TICKS,
    FLAG_TEXT,
    LABEL,
    LINE_COLOUR,
    POINT_COLOUR,
    TARGET_COLOUR,
    amount_axis,
    labels_apart,
    row_labels,
)
from app.drawings import Columns, Drawing, columns_of, named
from app.language import Language

LAYOUTS_KEPT = 256


def change_chart(odds: pd.DataFrame, language: Language) -> Drawing:
    """Draw the odds of targets, a row each: a hollow dot for the baseline, a full one for the scenario.

    Parameters
    ----------
    odds : DataFrame
        Columns label, before, after, change (of a hundred); drawn in their order.
    """
    changes = columns_of(odds, "label", "before", "after")
    which = [language.say("Baseline")] * len(odds) + [language.say("Scenario")] * len(odds)
    dots = {"label": 2 * changes["label"], "which": which, "odds": changes["before"] + changes["after"]}
    return Drawing(change_layout(language), {"changes": changes, "dots": dots})


@lru_cache(LAYOUTS_KEPT)
def change_layout(language: Language) -> dict[str, Any]:
    """Lay out the odds of targets."""
    say = language.say
    base = named("changes")
    y = alt.Y("label:N", sort=None, title=None, axis=None)
    x = alt.X("odds:Q", title=say("of 100 futures"), scale=alt.Scale(domain=[0, 100]))
    tips = [
        alt.Tooltip("label:N", title=say("Target")),
        alt.Tooltip("which:N", title=say("Scenario")),
        alt.Tooltip("odds:Q", format=".1f", title=say("Odds in 100")),
    ]
    legend = alt.Legend(title=None, orient="top", direction="horizontal")
    domain = [say("Baseline"), say("Scenario")]
    colour = alt.Color("which:N", scale=alt.Scale(domain=domain, range=[BASE_COLOUR, LINE_COLOUR]), legend=legend)
    shape = alt.Shape("which:N", scale=alt.Scale(domain=domain, range=["diamond", "circle"]), legend=legend)
    lines = base.mark_rule(color=BAND_COLOUR, strokeWidth=4, yOffset=8).encode(x=alt.X("before:Q"), x2="after:Q", y=y)
    dots = named("dots").mark_point(filled=True, size=110, opacity=1, yOffset=8)
    layers = alt.layer(lines, dots.encode(x=x, y=y, color=colour, shape=shape, tooltip=tips), row_labels(base, y))
    laid_out: dict[str, Any] = layers.properties(height=alt.Step(40)).configure_view(stroke="#dddddd").to_dict()
    return laid_out


def two_fans(
    before: Columns, after: Columns, history: pd.DataFrame, flags: pd.DataFrame, title: str, language: Language
) -> Drawing:  # fmt: skip
    """Draw a series under the scenario (80 % band and middle line) and under the baseline (the same, grey and dashed).

    Parameters
    ----------
    before, after : mapping of column to list
        Columns year, q10, q50, q90.
    history : DataFrame
        Columns year, level, low, high.
    flags : DataFrame
        Columns year, level, label; may be empty.
    title : str
        Name and unit of the vertical axis.
    """
    both = {name: [*before[name], *after[name]] for name in ("year", "q10", "q50", "q90")}
    which = [language.say("Baseline")] * len(before["year"]) + [language.say("Scenario")] * len(after["year"])
    tables: dict[str, Columns] = {"futures": {**both, "which": which}, "known": columns_of(history, "year", "level", "low", "high")}
    if len(flags):
        tables["aims"] = columns_of(labels_apart(flags, max(both["q90"])), "year", "level", "label", "at")
    return Drawing(fans_layout(title, bool(len(flags)), language), tables)


@lru_cache(LAYOUTS_KEPT)
def fans_layout(title: str, flagged: bool, language: Language) -> dict[str, Any]:
    """Lay out both fans, with targets as flags or without."""
    say = language.say
    years = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1), scale=alt.Scale(nice=False, padding=24))
    words = [say("Baseline"), say("Scenario")]
    legend = alt.Legend(title=None, orient="top", direction="horizontal")
    colour = alt.Color("which:N", scale=alt.Scale(domain=words, range=[BASE_COLOUR, LINE_COLOUR]), legend=legend)
    dash = alt.StrokeDash("which:N", scale=alt.Scale(domain=words, range=[[6, 4], [1, 0]]), legend=legend)
    axis = amount_axis(language)
    tips = [alt.Tooltip("which:N", title=say("Scenario")), alt.Tooltip("year:Q", format="d", title=say("Year"))]
    tips += [
        alt.Tooltip(f"{name}:Q", format=",.3s", title=said) for name, said in (("q10", "10 %"), ("q50", "50 %"), ("q90", "90 %"))
    ]
    futures = named("futures")
    band = futures.mark_area(opacity=0.25).encode(
        x=years, y=alt.Y("q10:Q", title=title, axis=axis), y2="q90:Q", color=colour, tooltip=tips
    )
    edges = [futures.mark_line(strokeWidth=1, opacity=0.7).encode(x=years, y=f"{name}:Q", color=colour, strokeDash=dash)
             for name in ("q10", "q90")]  # fmt: skip
    middle = futures.mark_line(strokeWidth=2.5).encode(x=years, y="q50:Q", color=colour, strokeDash=dash, tooltip=tips)
    known = named("known")
    bars = known.mark_rule(color=POINT_COLOUR, strokeWidth=2).encode(x=years, y="low:Q", y2="high:Q")
    dots = known.mark_point(color=POINT_COLOUR, filled=True, size=80, opacity=1).encode(x=years, y="level:Q")
    layers = [band, *edges, middle, bars, dots]
    if flagged:
        aims = named("aims")
        layers.append(
            aims.mark_point(color=TARGET_COLOUR, filled=True, size=150, shape="triangle-up", opacity=1).encode(x=years, y="level:Q")
        )
        layers.append(aims.mark_text(**FLAG_TEXT).encode(x=years, y="at:Q", text="label:N"))
    chart = alt.layer(*layers).properties(height=400)
    chart = chart.configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal").configure_view(stroke="#dddddd")
    laid_out: dict[str, Any] = chart.to_dict()
    return laid_out


def parts_chart(parts: pd.DataFrame, language: Language) -> Drawing:
    """Draw by target what each term adds to its odds or takes from them, a bar each below the target's name.

    Parameters
    ----------
    parts : DataFrame
        Columns target, term, part (of a hundred); drawn in their order.
    """
    rows = with_headings(parts)
    return Drawing(parts_layout(len(rows["row"]), language), {"parts": rows, "zero": {"zero": [0]}})


@lru_cache(LAYOUTS_KEPT)
def parts_layout(n_rows: int, language: Language) -> dict[str, Any]:
    """Lay out parts; the order of the rows is stated, for each layer draws some of them only."""
    say = language.say
    base = named("parts")
    y = alt.Y("row:O", scale=alt.Scale(domain=list(range(n_rows))), title=None, axis=None)
    x = alt.X("part:Q", title=say("of 100 futures, more or less"), axis=FEW_TICKS)
    colour = alt.condition("datum.part < 0", alt.value(TARGET_COLOUR), alt.value(LINE_COLOUR))
    tips = [
        alt.Tooltip("label:N", title=say("Lever or assumption")),
        alt.Tooltip("part:Q", format="+.1f", title=say("Part of the change")),
    ]
    bars = base.transform_filter("!datum.heading").mark_bar(height=10, cornerRadius=2, yOffset=8)
    zero = named("zero").mark_rule(color=BASE_COLOUR).encode(x="zero:Q")
    terms = base.transform_filter("!datum.heading").mark_text(**LABEL, dy=-8).encode(x=alt.value(0), y=y, text="label:N")
    heads = (
        base.transform_filter("datum.heading")
        .mark_text(**LABEL, dy=6, fontWeight="bold")
        .encode(x=alt.value(0), y=y, text="label:N")
    )
    layers = alt.layer(zero, bars.encode(x=x, y=y, color=colour, tooltip=tips), terms, heads)
    laid_out: dict[str, Any] = layers.properties(height=alt.Step(36)).configure_view(stroke="#dddddd").to_dict()
    return laid_out


def with_headings(parts: pd.DataFrame) -> dict[str, list[object]]:
    """Put a row with its name above the rows of each target: columns row, label, part (0 for a name), heading."""
    rows: list[tuple[object, float, bool]] = []
    before = None
    for target, term, part in zip(parts["target"], parts["term"], parts["part"], strict=True):
        if target != before:
            rows.append((target, 0.0, True))
            before = target
        rows.append((term, part, False))
    return {"row": [*range(len(rows))], **dict(zip(("label", "part", "heading"), map(list, zip(*rows, strict=True)), strict=True))}
