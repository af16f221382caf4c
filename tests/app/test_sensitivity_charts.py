"""What the app shows of sensitivity: words in both languages, tables and the tornado."""

import json

import pandas as pd
import pytest

from app.language import ENGLISH, language_of
from app.sensitivity_charts import tornado_chart, tornado_table, variance_table
from app.sensitivity_words import thing_words
from data import Catalogue
from scenarios import Scenario, Sensitivity, sensitivity

CHINESE = language_of("zh")
NAMES = {"Suzhou": "苏州"}


@pytest.fixture(scope="module")
def found(catalogue: Catalogue) -> Sensitivity:
    return sensitivity(catalogue, Scenario(title="Baseline"), "suzhou-contract_value_signed-total-2015", paths=500)


def test_everything_that_is_told_of_the_baseline_has_chinese_words(found: Sensitivity) -> None:
    told = [one.thing for one in found.swings] + [one.group for one in found.variance_shares]
    told += [limit.thing for one in found.misses for limit in one.conditions] + ["% a year", "% of the level", "share"]
    assert len(set(told)) > 10
    for thing in told:
        assert thing_words(thing, {}, ENGLISH) == thing
        said = thing_words(thing, NAMES, CHINESE)
        assert said != thing
        assert "Suzhou" not in said


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ("lead of Suzhou over its family in 2013 to 2015", "2013至2015年苏州相对同族的领先"),
        ("boom of the people family in 2012", "人员与企业一族在2012年的热潮"),
        ("growth of Suzhou, employees, 2013-2015: points", "growth of Suzhou, employees, 2013-2015: points"),
    ],
)
def test_names_and_years_are_said_in_chinese_and_terms_stay(thing: str, words: str) -> None:
    assert thing_words(thing, NAMES, CHINESE) == words


def test_the_table_of_the_tornado_holds_the_widest_swings(found: Sensitivity) -> None:
    rows = tornado_table(found, {}, ENGLISH)
    widths = (rows["high"] - rows["low"]).abs()
    assert list(widths) == sorted(widths, reverse=True)
    assert rows["label"][0] == found.swings[0].thing
    assert rows["high"][0] == pytest.approx(100 * found.swings[0].probability_at_high)
    assert rows["at_low"][0].endswith("% of the level")


def test_the_table_of_shares_has_a_row_a_group(found: Sensitivity) -> None:
    rows = variance_table(found, NAMES, ENGLISH)
    assert list(rows["label"]) == list(dict.fromkeys(one.group for one in found.variance_shares))
    assert (rows["first_low"] <= rows["first_high"]).all()


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_the_tornado_draws_both_ends_and_the_odds(found: Sensitivity, language) -> None:
    rows = tornado_table(found, NAMES, language)
    drawn = json.dumps(tornado_chart(rows, 100 * found.probability, language).to_dict(), ensure_ascii=False)
    for label in rows["label"]:
        assert label in drawn
    assert f"{100 * found.probability}" in drawn
    assert language.say("Low (10 %) or left out") in drawn


def test_a_tornado_without_rows_is_empty() -> None:
    empty = pd.DataFrame(columns=["label", "low", "high", "at_low", "at_high"])
    assert tornado_chart(empty, 50.0, ENGLISH).to_dict()
