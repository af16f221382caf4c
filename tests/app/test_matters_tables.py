"""What moves the odds, in words and tables of both languages."""

import re
from dataclasses import replace
from functools import lru_cache

import pytest

from app.language import language_of
from app.matters_tables import (
    NO_BOX,
    amount_words,
    change_words,
    figure_sentence,
    figures_words,
    miss_sentence,
    solution_sentence,
    swings_words,
)
from app.sensitivity_words import thing_words, with_terms
from app.sentences import names_of
from data import load_catalogue
from scenarios import Sensitivity, Solution, load_scenario, sensitivity
from scenarios.comparison import term_name
from scenarios.distributions import distributions
from scenarios.misses import Misses

TARGET = "suzhou-contract_value_signed-total-2015"
SOLVED = Solution(TARGET, "growth", 9.06, "percentage points a year", 0.502, 0.005, 0.5, 8.63, 9.49, 0.309, "")


@lru_cache
def found() -> Sensitivity:
    return sensitivity(load_catalogue(), load_scenario("baseline"), TARGET, paths=1000)


def names(code: str) -> dict[str, str]:
    return names_of(load_catalogue(), language_of(code))


def test_the_tornado_is_that_of_the_command() -> None:
    table = swings_words(found(), names("en"), language_of("en"))
    widest = found().swings[0]
    assert table["Thing"].iloc[0] == widest.thing
    assert table["Change"].iloc[0] == pytest.approx(100 * widest.swing, abs=0.01)
    assert list(table["Change"].abs()) == sorted(table["Change"].abs(), reverse=True)
    hidden = swings_words(replace(found(), data_weight=0.0), names("en"), language_of("en"))
    assert hidden[["Odds at low", "Odds at high"]].isna().all().all()
    assert widest.thing in change_words(found(), names("en"), language_of("en"))


def test_sentences_say_the_same_numbers_in_both_languages() -> None:
    english, chinese = (miss_sentence(found().misses[0], names(code), language_of(code)) for code in ("en", "zh"))
    (one,) = found().misses
    assert one.density is not None
    for share in (one.density, one.coverage, one.size):
        assert f"{100 * share:.0f}" in english
        assert f"{100 * share:.0f}" in chinese
    assert "family" not in chinese
    assert "Suzhou" not in figure_sentence(found().figures[0], names("zh"), language_of("zh"))
    table = figures_words(found(), names("zh"), language_of("zh"))
    assert len(table) == min(10, len(found().figures))
    assert not table.isna().any().any()


def test_terms_of_a_scenario_and_their_distributions_are_said_in_the_language() -> None:
    scenario, language = load_scenario("talent-push"), language_of("zh")
    swings = sensitivity(load_catalogue(), scenario, TARGET, paths=200).swings
    told = [one.thing for one in swings if one.kind in ("lever", "assumption")]
    assert len(told) == len(distributions(scenario)) > 0
    for thing in told:
        said = thing_words(thing, with_terms(names("zh"), scenario, language), language)
        assert not re.search("[a-z]", said)
    term = scenario.levers[0]
    said = thing_words(f"{term_name(term)}: trainees", with_terms(names("en"), scenario, language_of("en")), language_of("en"))
    assert said == "talent: outsourcing employees, from 2013 (trainees)"


@pytest.mark.parametrize("sentence", NO_BOX)
def test_where_no_box_is_told_the_reason_is(sentence: str) -> None:
    told = Misses(sentence, 0.01)
    assert miss_sentence(told, names("en"), language_of("en")) == sentence
    assert miss_sentence(told, names("zh"), language_of("zh")) != sentence


def test_the_solution_is_told_with_its_bracket_and_check() -> None:
    said = solution_sentence(SOLVED, language_of("en"))
    for words in ("**9.06 percentage points a year** give 50 of 100", "8.63", "9.49", "50 (±0.5) of 100 futures"):
        assert words in said
    assert "No amount reaches 50" in solution_sentence(replace(SOLVED, amount=None), language_of("en"))
    assert "it is 31 of 100 without it" in solution_sentence(replace(SOLVED, amount=0.0), language_of("en"))
    assert "百分点" in solution_sentence(SOLVED, language_of("zh"))
    assert amount_words(8.71e9, "USD a year", language_of("en")) == "USD 8.71 billion a year"
    assert amount_words(8.71e9, "USD", language_of("zh")) == "US$87.1亿"
