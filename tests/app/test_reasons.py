"""Reasons in the language of the reader."""

import pytest

from app.language import ENGLISH, language_of
from app.reasons import COMPUTED, HEADINGS, reason_words, translated
from scenarios import TargetAssessment

CHINESE = language_of("zh")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no figure on model zones", "没有示范园区的数字"),
        ("already passed: the last known level, of 2012, is 1.37 times the target", "早已超过：2012年的最后已知水平是目标的1.37倍"),
        # Two reasons of the tables of which the first has a semicolon of its own, and a computed one.
        (
            "revenue is not known; the contract value is the only series; read as the average of 2011 to 2015",
            "收入未知；合同额是唯一的序列；读作2011年至2015年的平均",
        ),
        ("a reason that a user wrote; no figure is stated", "a reason that a user wrote；没有写明数字"),
    ],
)
def test_reasons_are_said_one_by_one(reason: str, words: str) -> None:
    assert reason_words(reason, CHINESE) == words
    assert reason_words(reason, ENGLISH) == reason


def test_every_reason_given_by_the_programme_and_the_tables_is_known(assessed: tuple[TargetAssessment, ...]) -> None:
    for one in assessed:
        for english in (one.reason or "").split("; "):
            # Whatever a part is joined with, none of it may stay English.
            assert not english or english not in reason_words(one.reason or "", CHINESE), one.reason


@pytest.mark.parametrize("template", COMPUTED)
def test_a_template_finds_itself_and_keeps_its_figures(template: str) -> None:
    names = [part.split("}")[0] for part in template.split("{")[1:]]
    filled = template.format(**{name: f"{number}17" for number, name in enumerate(names, start=1)})
    words = translated(filled, CHINESE)
    assert words is not None
    assert all(f"{number}17" in words for number in range(1, len(names) + 1))


def test_every_status_without_odds_has_a_heading(assessed: tuple[TargetAssessment, ...]) -> None:
    assert {one.status for one in assessed} - {"assessed"} <= set(HEADINGS)
