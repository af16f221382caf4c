"""The map of places."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language import ENGLISH, language_of
from app.maps import CLASSES, LEAST_APART, apart, label_sides, odds_class, overlap, place_map, seen_when_narrow

PLACES = pd.DataFrame(
    {
        "place": ["Suzhou", "Wuxi", "Jiangxi"],
        "name": ["苏州", "无锡", "江西"],
        "kind": ["city", "city", "province"],
        "longitude": [120.58, 120.31, 115.89],
        "latitude": [31.30, 31.49, 28.68],
        "targets": [4, 2, 7],
        "assessed": [3, 1, 0],
        "own": [True, False, False],
        "low": [0.2, 0.3, np.nan],
        "high": [0.6, 0.8, np.nan],
        "odds": [0.38, 0.5, np.nan],
    }
)


@given(st.lists(st.tuples(st.floats(100, 125), st.floats(20, 45)), min_size=1, max_size=12))
def test_points_are_set_apart_and_far_ones_stay(points: list[tuple[float, float]]) -> None:
    given_points = np.array(points)
    moved = apart(given_points)
    assert np.isfinite(moved).all()
    distances = [float(np.hypot(*(a - b))) for i, a in enumerate(given_points) for b in given_points[:i]]
    if all(distance > LEAST_APART for distance in distances):
        assert np.array_equal(moved, given_points)


def test_two_points_at_one_spot_end_apart_around_it() -> None:
    moved = apart(np.array([[115.0, 28.0], [115.0, 28.0]]))
    assert float(np.hypot(*(moved[0] - moved[1]))) == pytest.approx(LEAST_APART)
    assert moved.mean(axis=0) == pytest.approx([115.0, 28.0])


def test_labels_of_neighbours_do_not_cover_each_other() -> None:
    points = np.array([[120.0, 31.0], [121.0, 31.0]])
    sides = label_sides(points, [2.0, 2.0])
    assert sides != ["right", "right"]


def test_a_narrow_map_leaves_out_the_label_of_a_close_neighbour_alone() -> None:
    points = np.array([[120.0, 31.0], [120.5, 31.3], [105.0, 25.0]])
    labels = ["Suzhou 37", "Wuxi 43", "Kunming 86"]
    assert seen_when_narrow(points, labels, ["right"] * 3, [9, 7, 10]) == [True, False, True]
    assert seen_when_narrow(points, ["", *labels[1:]], ["right"] * 3, [0, 7, 10]) == [False, True, True]


def test_boxes_share_their_common_area() -> None:
    assert overlap((0, 2, 0, 2), (1, 3, 1, 3)) == 1
    assert overlap((0, 1, 0, 1), (2, 3, 0, 1)) == 0


@pytest.mark.parametrize(("odds", "words"), [(0.0, "below 20"), (0.2, "20 to 40"), (0.799, "60 to 80"), (1.0, "80 and more")])
def test_odds_have_a_class(odds: float, words: str) -> None:
    assert odds_class(odds, ENGLISH) == words
    assert odds_class(float("nan"), ENGLISH) == "no odds"


def test_the_map_shows_every_place_and_a_number_only_where_one_may_be_given() -> None:
    chart = place_map(PLACES, language_of("zh")).to_dict()
    (rows,) = [rows for rows in chart["datasets"].values() if len(rows) == len(PLACES)]
    assert [row["label"] for row in rows] == ["苏州 38", "无锡", ""]
    text = json.dumps(chart)
    assert "http" not in text.replace(chart["$schema"], "")  # nothing is fetched from anywhere
    assert all(colour in text for _, _, colour in CLASSES)
