"""Charts: what they draw, in both languages."""

import json

import numpy as np
import pandas as pd
import pytest

from app.charts import SCALE_WORDS, fan_chart, growth_chart, labels_apart, league_chart
from app.downloads import chart_bytes
from app.language import ENGLISH, language_of

FAN = pd.DataFrame({"year": [2012, 2013], **{name: [1e9, (1 + at) * 1e9] for at, name in enumerate(
    ("q025", "q10", "q25", "q50", "q75", "q90", "q975"))}})  # fmt: skip
HISTORY = pd.DataFrame(
    {"year": [2011, 2012], "level": [0.8e9, 1e9], "low": [0.7e9, 0.9e9], "high": [0.9e9, 1.1e9], "basis": ["derived", "stated"]}
)
FLAGS = pd.DataFrame({"year": [2013, 2013], "level": [2e9, 3e9], "label": ["target A", "target B"], "odds": [True, False]})
LEAGUE = pd.DataFrame(
    {"label": ["A", "B"], "low": [0.1, 0.2], "high": [0.5, 0.6], "odds": [0.3, None], "words": ["30 ±1", "20–60"]}
)
GROWTH = (
    pd.DataFrame({"label": ["A"], "needed": [38.9], "had": [np.nan]}),
    pd.DataFrame({"label": ["A"] * 3, "growth": [5.0, 20.0, 400.0]}),
)


def fields(chart: object) -> set[str]:
    return {word for word in json.dumps(chart).split('"') if word.startswith("q") and word[1:4].isdigit()}


def test_the_fan_has_three_bands_the_median_and_flags_with_and_without_odds() -> None:
    chart = fan_chart(FAN, HISTORY, FLAGS, "contracts (USD)", ENGLISH).to_dict()
    marks = [layer["mark"] for layer in chart["layer"]]
    assert [mark["type"] for mark in marks].count("area") == 3
    assert {"q025", "q975"} <= fields(chart)
    triangles = [mark for mark in marks if mark.get("shape") == "triangle-up"]
    assert [mark["filled"] for mark in triangles] == [True, False]
    bare = fan_chart(FAN, HISTORY, FLAGS.iloc[:0], "contracts (USD)", ENGLISH).to_dict()
    assert not any(layer["mark"].get("shape") for layer in bare["layer"])


def test_labels_of_flags_of_about_the_same_year_and_level_do_not_cover_each_other() -> None:
    flags = pd.DataFrame({"year": [2017, 2015, 2017, 2020, 2017], "level": [20.0, 20.5, 19.9, 20.2, 90.0], "label": list("abcde")})
    placed = labels_apart(flags, 100.0)
    assert placed["at"].tolist() == pytest.approx([26.9, 33.9, 19.9, 20.2, 90.0])
    assert placed[["year", "level", "label"]].equals(flags)
    assert labels_apart(flags[:0], 100.0).empty


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_chart_can_be_drawn_in_both_languages_and_fetches_nothing(code: str) -> None:
    language = language_of(code)
    charts = [
        fan_chart(FAN, HISTORY, FLAGS, "合同 (USD)", language),
        league_chart(LEAGUE, language),
        growth_chart(*GROWTH, language),
    ]
    for chart in charts:
        text = json.dumps(chart.to_dict())
        assert "http" not in text.replace(chart.to_dict()["$schema"], "")
        picture = chart_bytes(chart, "svg").decode()
        assert "<svg" in picture
        assert "NaN" not in picture
    words = chart_bytes(charts[0], "svg").decode()
    assert ("亿" in words) == (code == "zh")
    assert any(word in words for _, word in SCALE_WORDS[code])


def test_the_league_has_a_dot_only_where_odds_are_given() -> None:
    picture = chart_bytes(league_chart(LEAGUE, ENGLISH), "svg").decode()
    assert picture.count('aria-roledescription="point"') == 1
    assert picture.count('aria-roledescription="bar"') == 2


def test_growth_beyond_the_axis_stands_at_its_end() -> None:
    spec = growth_chart(*GROWTH, ENGLISH).to_dict()
    scale = spec["layer"][0]["encoding"]["x"]["scale"]
    assert scale["clamp"]
    assert scale["domain"][1] < 400
    assert scale["domain"][0] <= 0
