"""Odds as a small picture in a table: a bar for the range, a dot for the odds, on a line from 0 to 100 futures."""

from urllib.parse import quote

from scenarios import TargetAssessment

WIDTH, HEIGHT, EDGE = 160, 60, 8  # as high as a row has room for: a table scales pictures to its rows
TICK = 9  # half of one's length
RANGE_COLOUR, DOT_COLOUR, LINE_COLOUR = "#7aa6c2", "#1f3a4d", "#8a8a8a"


def odds_picture(one: TargetAssessment) -> str:
    """Draw the odds of a target as the address of an SVG picture; without a dot where only a range is known."""
    low, high = across(one.probability_low or 0.0), across(one.probability_high or 0.0)
    middle = HEIGHT / 2
    ticks = "".join(
        f'<line x1="{across(share):.1f}" x2="{across(share):.1f}" y1="{middle - TICK}" y2="{middle + TICK}" stroke="{LINE_COLOUR}" stroke-width="1"/>'
        for share in (0.0, 0.5, 1.0)
    )
    axis = f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{middle}" y2="{middle}" stroke="{LINE_COLOUR}" stroke-width="1"/>'
    bar = f'<rect x="{low:.1f}" y="{middle - 5}" width="{max(high - low, 1.0):.1f}" height="10" rx="3" fill="{RANGE_COLOUR}"/>'
    dot = ""
    if one.data_weight != 0:
        dot = f'<circle cx="{across(one.probability or 0.0):.1f}" cy="{middle}" r="5" fill="{DOT_COLOUR}"/>'
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return "data:image/svg+xml;utf8," + quote(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ticks}{axis}{bar}{dot}</svg>')


def across(share: float) -> float:
    """Return where a probability stands between the ends, in pixels."""
    return EDGE + share * (WIDTH - 2 * EDGE)
