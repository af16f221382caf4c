"""The map of places: points on a grid of degrees. No boundary and no background is asked for from anywhere."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from app.language import Language, mark
from app.numbers import in_hundred
from app.overview_tables import mean_range

# Orange to purple can be told apart by colour-blind eyes (PuOr of ColorBrewer, its middle darkened); the labels say the odds too.
CLASSES = (
    (0.2, mark("below 20"), "#b35806"),
    (0.4, mark("20 to 40"), "#f1a340"),
    (0.6, mark("40 to 60"), "#d0cfd4"),
    (0.8, mark("60 to 80"), "#998ec3"),
    (1.01, mark("80 and more"), "#542788"),
)
NO_ODDS = mark("no odds")
LEAST_APART = 0.75  # degrees; points closer than that are set apart
HEIGHT_DEGREES, LETTER_DEGREES = 0.75, 0.32  # room that a label and its letters take at 1280 pixels
NARROW, NARROW_LETTER = 500, 0.8  # pixels below which a map is narrow, and the room of a letter there
EDGE, INK = "#333333", "#222222"


def odds_class(odds: float, language: Language) -> str:
    """Name the class of colours of a mean probability."""
    if np.isnan(odds):
        return language.say(NO_ODDS)
    return next(language.say(words) for upper, words, _ in CLASSES if odds < upper)


def apart(points: np.ndarray) -> np.ndarray:
    """Set points (n, 2) in degrees apart that would cover each other, moving each as little as needed."""
    moved = points.astype(float).copy()
    for _ in range(60):
        still = True
        for one in range(len(moved)):
            for other in range(one):
                step = moved[one] - moved[other]
                distance = float(np.hypot(*step))
                if distance < LEAST_APART - 1e-9:
                    still = False
                    direction = step / distance if distance > 1e-6 else np.array([1.0, 0.0])
                    push = direction * (LEAST_APART - distance) / 2
                    moved[one] += push
                    moved[other] -= push
        if still:
            break
    return moved


def label_sides(points: np.ndarray, widths: Sequence[float]) -> list[str]:
    """Choose for each point the side of its label (right, left, above, below) where it covers least."""
    boxes: list[tuple[float, float, float, float]] = [(x - 0.4, x + 0.4, y - 0.3, y + 0.3) for x, y in points]
    sides = []
    for (x, y), width in zip(points, widths, strict=True):
        options = {
            "right": (x + 0.5, x + 0.5 + width, y - HEIGHT_DEGREES / 2, y + HEIGHT_DEGREES / 2),
            "left": (x - 0.5 - width, x - 0.5, y - HEIGHT_DEGREES / 2, y + HEIGHT_DEGREES / 2),
            "above": (x - width / 2, x + width / 2, y + 0.4, y + 0.4 + HEIGHT_DEGREES),
            "below": (x - width / 2, x + width / 2, y - 0.4 - HEIGHT_DEGREES, y - 0.4),
        }
        best = min(options, key=lambda side: sum(overlap(options[side], box) for box in boxes))
        boxes.append(options[best])
        sides.append(best)
    return sides


def seen_when_narrow(points: np.ndarray, labels: Sequence[str], sides: Sequence[str], letters: Sequence[int]) -> list[bool]:
    """Tell which labels a narrow map has room for, those first whose places come first; what is left out stands in the table."""
    kept: list[tuple[float, float, float, float]] = []
    seen = []
    for (x, y), label, side, number in zip(points, labels, sides, letters, strict=True):
        width = NARROW_LETTER * number
        left = {"right": x + 1.2, "left": x - 1.2 - width}.get(side, x - width / 2)
        bottom = y + {"above": 0.6, "below": -0.6 - HEIGHT_DEGREES}.get(side, -HEIGHT_DEGREES / 2)
        box = (left, left + width, bottom, bottom + HEIGHT_DEGREES)
        seen.append(bool(label) and not any(overlap(box, other) for other in kept))
        if seen[-1]:
            kept.append(box)
    return seen


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Return the area that two boxes (left, right, bottom, top) share."""
    wide = min(one[1], other[1]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[2], other[2])
    return max(wide, 0.0) * max(high, 0.0)


def place_map(places: pd.DataFrame, language: Language) -> alt.LayerChart:
    """Draw places by number of targets (size) and mean odds (colour); the columns are those of `place_rows`."""
    say = language.say
    at = apart(places[["longitude", "latitude"]].to_numpy())
    labels = [
        f"{name} {in_hundred(odds)}" if own else str(name) if assessed else ""
        for name, odds, own, assessed in zip(places["name"], places["odds"], places["own"], places["assessed"], strict=True)
    ]
    letters = [sum(2 if ord(letter) > 0x2E80 else 1 for letter in label) for label in labels]
    sides = label_sides(at, [LETTER_DEGREES * number for number in letters])
    table = places.assign(
        x=at[:, 0], y=at[:, 1], label=labels, side=sides, seen=seen_when_narrow(at, labels, sides, letters),
        odds_class=[odds_class(odds, language) for odds in places["odds"]],
        odds_words=[mean_range(low, high, language) for low, high in zip(places["low"], places["high"], strict=True)],
    ).drop(columns=["low", "high", "odds"])  # fmt: skip
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=[96, 131], nice=False), axis=degrees("E"))
    y = alt.Y("y:Q", title=None, scale=alt.Scale(domain=[19.5, 49.5], nice=False), axis=degrees("N"))
    colours = alt.Scale(
        domain=[*(say(words) for _, words, _ in CLASSES), say(NO_ODDS)], range=[*(colour for _, _, colour in CLASSES), "#ffffff"]
    )
    legend = {
        "orient": "bottom",
        "direction": "horizontal",
        "columns": 3,
        "symbolStrokeWidth": 1,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleLimit": 400,
    }
    base = alt.Chart(table)
    points = base.mark_circle(stroke=EDGE, strokeWidth=1, opacity=1).encode(
        x=x, y=y,
        size=alt.Size("targets:Q", title=say("targets stated"), scale=alt.Scale(range=[60, 500]), legend=None),
        color=alt.Color("odds_class:N", title=say("odds in 100, mean of its targets"), scale=colours, legend=alt.Legend(**legend)),
        tooltip=[
            alt.Tooltip("name:N", title=say("Place")),
            alt.Tooltip("targets:Q", title=say("Targets stated")),
            alt.Tooltip("assessed:Q", title=say("With odds")),
            alt.Tooltip("odds_words:N", title=say("Odds in 100, on average")),
        ],
    )  # fmt: skip
    texts = [
        base.transform_filter(f"datum.side == '{side}' && (datum.seen || width > {NARROW})")
        .mark_text(color=INK, fontSize=11, **offset)
        .encode(x=x, y=y, text="label:N")
        for side, offset in (
            ("right", {"align": "left", "dx": 11}),
            ("left", {"align": "right", "dx": -11}),
            ("above", {"dy": -15}),
            ("below", {"dy": 16}),
        )
    ]
    return alt.layer(points, *texts).properties(height=560).configure_view(stroke="#cccccc")


def degrees(direction: str) -> alt.Axis:
    """Return an axis of degrees with faint lines."""
    return alt.Axis(labelExpr=f"datum.value + '°{direction}'", gridColor="#eeeeee", labelColor="#555555", tickCount=6)
