"""Odds as small pictures."""

import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote

import pytest

from app.odds_pictures import EDGE, WIDTH, odds_picture
from tests.app.test_sentences import SUZHOU, replace

SVG = "{http://www.w3.org/2000/svg}"


def drawn(**changes: object) -> ElementTree.Element:
    head, picture = odds_picture(replace(SUZHOU, **changes)).split(",", 1)
    assert head == "data:image/svg+xml;utf8"
    return ElementTree.fromstring(unquote(picture))  # noqa: S314  (our own picture)


@pytest.mark.parametrize(("odds", "at"), [(0.0, EDGE), (0.5, WIDTH / 2), (1.0, WIDTH - EDGE)])
def test_the_dot_stands_at_the_odds(odds: float, at: float) -> None:
    dot = drawn(probability=odds).find(f"{SVG}circle")
    assert dot is not None
    assert float(dot.attrib["cx"]) == pytest.approx(at, abs=0.1)


def test_the_bar_covers_the_range() -> None:
    bar = drawn(probability_low=0.25, probability_high=0.75).find(f"{SVG}rect")
    assert bar is not None
    inside = WIDTH - 2 * EDGE
    assert float(bar.attrib["x"]) == pytest.approx(EDGE + 0.25 * inside, abs=0.1)
    assert float(bar.attrib["width"]) == pytest.approx(inside / 2, abs=0.1)


def test_where_only_a_range_is_known_there_is_no_dot() -> None:
    assert drawn(data_weight=0.0).find(f"{SVG}circle") is None
