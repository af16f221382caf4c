"""Sentences that keep what they were made of."""

import copy
import pickle

import pytest

from data.sentences import Sentence, phrased, phrased_number


def kept(sentence):
    return str(sentence), sentence.template, sentence.many, sentence.values


def test_a_sentence_is_its_english_text_and_keeps_template_and_values():
    inner = phrased("allowed: {words}", words="a, b")
    outer = phrased("{found!r} found; {allowed}", found="c", allowed=inner)
    assert outer == "'c' found; allowed: a, b"
    assert f"row 2: {outer}" == "row 2: 'c' found; allowed: a, b"
    assert outer.template == "{found!r} found; {allowed}"
    assert outer.values["allowed"] is inner
    assert kept(inner) == ("allowed: a, b", "allowed: {words}", "", {"words": "a, b"})


@pytest.mark.parametrize(("number", "text"), [(1, "1 row of a"), (2, "2 rows of a"), (0, "0 rows of a")])
def test_a_sentence_about_a_number_has_a_template_for_one_and_one_for_many(number, text):
    sentence = phrased_number("{number} row of {file}", "{number} rows of {file}", number, file="a")
    assert kept(sentence) == (text, "{number} row of {file}", "{number} rows of {file}", {"number": number, "file": "a"})


def test_what_a_user_wrote_is_never_taken_for_a_template():
    assert phrased("{found!r} is not a unit", found="{found.__class__}") == "'{found.__class__}' is not a unit"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301  (our own)
def test_a_sentence_can_be_copied_and_sent(again):
    sentence = phrased("new place {name}", name="X")
    assert kept(again(sentence)) == kept(sentence)
    assert isinstance(again(sentence), Sentence)
