"""What a scenario changes, in tables and words: figures are those of the comparison, and words come in both languages."""

import re

import pandas as pd
import pytest

from app.language import ENGLISH, language_of
from app.sentences import names_of
from app.what_if_charts import change_chart, parts_chart, two_fans, with_headings
from app.what_if_tables import (
    aim_of,
    change_sentence,
    fan_columns,
    fans_words,
    odds_table,
    odds_words,
    parts_table,
    parts_words,
    term_words,
    warning_words,
)
from data import Catalogue
from forecast import believe
from scenarios import Comparison, Scenario, TargetAssessment, compare, compile_scenario, load_scenario
from scenarios.level_table import futures_of
from scenarios.scenario import BASELINE
from tests.made_up import catalogue_of, level

CHINESE = language_of("zh")
SCENARIO = load_scenario("stagnation")
WARNING = (
    "levers on Suzhou|employees|total|persons and 2 more series: up to 44 % growth in 2014 is expected with them; 5 to 95 % of the 30 growth "
    "rates on record of the family people lie from 1 to 40 %"
)


@pytest.fixture(scope="module")
def compared(catalogue: Catalogue) -> list[Comparison]:
    return [one for one in compare(catalogue, [BASELINE, SCENARIO], places=["Suzhou"], paths=500) if one.scenario == SCENARIO.title]


@pytest.fixture(scope="module")
def by_target(assessed: tuple[TargetAssessment, ...]) -> dict[str, TargetAssessment]:
    return {one.target: one for one in assessed}


def test_odds_before_and_after_differ_by_the_change_and_are_left_out_where_one_year_is_known(
    compared: list[Comparison], by_target: dict[str, TargetAssessment], catalogue: Catalogue
) -> None:
    table = odds_table(compared, by_target, names_of(catalogue, ENGLISH), ENGLISH)
    assert len(table) == len(compared)
    known = table.dropna()
    assert 0 < len(known) < len(table)
    assert (known["after"] - known["before"] - known["change"]).abs().max() < 1e-9
    assert list(odds_words(table, CHINESE).columns) == ["目标", "基准", "情景", "变化", "误差±"]
    for one in compared:
        sentence = change_sentence(one, aim_of(one, by_target, names_of(catalogue, ENGLISH), ENGLISH), ENGLISH)
        assert ("→" in sentence) == bool(one.data_weight)
    charted = change_chart(known, ENGLISH).stated()
    assert len(charted["layer"]) == 3


def test_parts_add_up_to_the_change_and_stand_below_their_targets(
    compared: list[Comparison], by_target: dict[str, TargetAssessment], catalogue: Catalogue
) -> None:
    names = names_of(catalogue, ENGLISH)
    parts = parts_table(compared, SCENARIO, by_target, names, ENGLISH)
    changes = odds_table(compared, by_target, names, ENGLISH).set_index("label")["change"]
    sums = parts.groupby("target")["part"].sum()
    assert set(sums.index) == set(changes.index)
    assert (sums - changes).abs().max() < 1e-6
    rows = with_headings(parts)
    assert sum(rows["heading"]) == len(changes)
    assert rows["row"] == list(range(len(parts) + len(changes)))
    assert parts_chart(parts, CHINESE).stated()["layer"]
    assert list(parts_words(parts, CHINESE).columns) == ["目标", "杠杆或假设", "占变化的部分", "误差±"]


def test_one_term_alone_needs_no_parts(catalogue: Catalogue, by_target: dict[str, TargetAssessment]) -> None:
    one_term = load_scenario("back-to-trend")
    found = [
        one for one in compare(catalogue, [BASELINE, one_term], places=["Suzhou"], paths=100) if one.scenario == one_term.title
    ]
    assert parts_table(found, one_term, by_target, names_of(catalogue, ENGLISH), ENGLISH).empty


def test_the_baseline_is_drawn_dashed_beside_the_scenario(catalogue: Catalogue) -> None:
    belief, series = believe(catalogue), "Suzhou|employees|total|persons"
    before, after = (futures_of(series, belief, catalogue, one, (0.1, 0.5, 0.9), 100) for one in (BASELINE, SCENARIO))
    start, under = fan_columns(before, 2012, 7.0), fan_columns(after, 2012, 7.0)
    assert start["year"] == under["year"] == list(range(2012, 2021))
    assert [start[name][0] for name in ("q10", "q50", "q90")] == [7.0] * 3
    assert under["q50"][-1] < start["q50"][-1]
    table = fans_words(start, under, ENGLISH)
    assert list(table["Year"]) == start["year"][1:]
    assert list(table["Baseline, 50 %"]) == [round(level) for level in start["q50"][1:]]
    history = pd.DataFrame({"year": [2012], "level": [7.0], "low": [6.0], "high": [8.0]})
    flags = pd.DataFrame({"year": [2015], "level": [9.0], "label": ["target"]})
    for own in (flags, flags[:0]):
        drawn = two_fans(start, under, history, own, "people", ENGLISH).stated()
        dashes = [layer["encoding"]["strokeDash"]["scale"] for layer in drawn["layer"] if "strokeDash" in layer["encoding"]]
        assert dashes
        assert all((one["domain"][0], one["range"][0]) == ("Baseline", [6, 4]) for one in dashes)


def test_terms_and_warnings_are_said_in_both_languages(catalogue: Catalogue) -> None:
    english, chinese = names_of(catalogue, ENGLISH), names_of(catalogue, CHINESE)
    for name in ("stagnation", "strong-renminbi", "talent-push", "best-peer"):
        scenario = load_scenario(name)
        for term in (*scenario.levers, *scenario.assumptions):
            assert "_" not in term_words(term, english, ENGLISH)
            assert any("\u4e00" <= letter <= "\u9fff" for letter in term_words(term, chinese, CHINESE))
    said = warning_words(WARNING, english, ENGLISH)
    assert said.startswith("levers on Suzhou, outsourcing employees and 2 more series: up to 44 % growth in 2014")
    assert "苏州" in warning_words(WARNING, chinese, CHINESE)
    assert warning_words("something else", chinese, CHINESE) == "something else"


@pytest.mark.parametrize("number", [1, 3])
def test_every_warning_that_a_scenario_can_have_is_told_in_chinese(number: int) -> None:
    """Levers that lead out of the record, and assumptions about pooled growth that do not reach a series with a long history."""
    known = [level("China", "employees", 2012, 5e6, "persons"), level("Wuxi", "employees", 2012, 1e5, "persons")]
    known += [level("Suzhou", "employees", 2011 + year, 1e5 * 1.2**year, "persons") for year in (0, 1)]
    histories = [
        level(place, "certificates_new", year, 100.0 * 1.1 ** (year - 2000), "count")
        for place in ("Hangzhou", "Nanjing", "Dalian")[:number]
        for year in range(2000, 2013)
    ]
    terms = [
        {"growth": {"places": ["Suzhou", "Wuxi"][: min(number, 2)], "measure": "employees", "years": [2013], "points": 100}},
        {"long_run_growth": {"percent": 2}},
        {"reversion": {"fade": 0}},
    ]
    made_up = catalogue_of([*known, *histories])
    scenario = Scenario.model_validate({"title": "All", "levers": terms[:1], "assumptions": terms[1:]})
    warned = compile_scenario(scenario, made_up, believe(made_up)).warnings
    assert len(warned) == 3
    names = names_of(made_up, CHINESE)
    for one in warned:
        assert not re.search("[A-Za-z]", warning_words(one.sentence, names, CHINESE)), one
