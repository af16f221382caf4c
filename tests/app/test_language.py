"""Every phrase has a Chinese translation that fits its text, and the catalogue holds nothing else."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from app.language import ENGLISH, FOLDER, code_of_locale, language_of
from app.phrases import Phrase, missing, phrases
from data.sentences import phrased, phrased_number

CHINESE = language_of("zh")
CJK = re.compile("[\u4e00-\u9fff]")
# Names that are the same in both languages.
SAME = re.compile(r"(\W|\d|CMM|CMMI|ISO|IT|BPO|ITO|KPO|CSV|XLSX|\{\w+\})*")


def messages() -> Iterator[Message]:
    with (FOLDER / "zh.po").open("rb") as file:
        yield from (one for one in read_po(file, locale="zh", abort_invalid=True) if one.id)


def key(one: Message) -> Phrase:
    return one.context or "", one.id if isinstance(one.id, str) else one.id[0]


def places_in(text: str) -> set[str]:
    return set(re.findall(r"\{\w+[^}]*\}", text))


def test_every_phrase_of_the_code_and_the_tables_is_translated_and_nothing_else() -> None:
    assert missing("zh") == []
    assert {key(one) for one in messages()} == set(phrases())


def test_a_phrase_without_a_translation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.phrases.phrases", lambda: [("", "Overview"), ("", "no such phrase"), ("scope", "Overview")])
    assert missing("zh") == [("", "no such phrase"), ("scope", "Overview")]


def test_translations_are_chinese_and_keep_the_open_places_and_the_bold_parts() -> None:
    for one in messages():
        strings = [one.string] if isinstance(one.string, str) else list(one.string)
        assert len(strings) == 1  # Chinese has one form for every number
        assert not one.fuzzy, one.id
        _, text = key(one)
        said = str(strings[0])
        assert CJK.search(said) or SAME.fullmatch(said), text
        wanted = places_in(text) | (places_in(one.id[1]) if isinstance(one.id, tuple | list) else set())
        assert places_in(said) == wanted, text
        assert said.count("**") == text.count("**"), text


def test_a_phrase_is_said_in_the_language_with_its_values() -> None:
    assert ENGLISH.say("{low} to {high}", low=1, high=2) == "1 to 2"
    assert CHINESE.say("{low} to {high}", low=1, high=2) == "1至2"
    assert [ENGLISH.say_number("{number} year", "{number} years", number) for number in (1, 2)] == ["1 year", "2 years"]
    assert CHINESE.say_number("{number} year", "{number} years", 3) == "3年"
    # A value is never taken for a text with open places.
    assert ENGLISH.say("See {place}", place="{nobody}") == "See {nobody}"


def test_a_sentence_of_the_data_is_told_again_with_the_sentences_within_it() -> None:
    allowed = phrased("allowed: {words}", words="{USD}, CNY")
    sentence = phrased("{file}: {note}", file="a.csv", note=phrased("{found!r} found; {allowed}", found="EUR", allowed=allowed))
    assert ENGLISH.tell(sentence) == sentence == "a.csv: 'EUR' found; allowed: {USD}, CNY"
    assert CHINESE.tell(sentence) == "a.csv：写的是'EUR'；允许：{USD}, CNY"
    for number, english in ((1, "1 row of totals left out"), (3, "3 rows of totals left out")):
        counted = phrased_number("{number} row of totals left out", "{number} rows of totals left out", number)
        assert (ENGLISH.tell(counted), CHINESE.tell(counted)) == (english, f"略去{number}个合计行")


def test_what_has_no_template_or_no_translation_is_told_as_it_is() -> None:
    assert CHINESE.tell("empty") == "empty"
    assert CHINESE.tell("{not} a template") == "{not} a template"
    assert CHINESE.tell(phrased("never heard of {it}", it="X")) == "never heard of X"


def test_the_sentences_of_the_data_are_among_the_phrases() -> None:
    assert {("", "{found!r} is not a number"), ("", "{number} row of totals left out")} <= set(phrases())


def test_words_of_the_tables_are_apart_from_texts() -> None:
    assert CHINESE.word("scope", "offshore") == "离岸"
    assert CHINESE.word("kind", "offshore") == "offshore"
    assert CHINESE.knows("scope", "offshore")
    assert not ENGLISH.knows("scope", "offshore")


@pytest.mark.parametrize(
    ("locale", "code"), [("zh", "zh"), ("zh-CN", "zh"), ("ZH-tw", "zh"), ("en-GB", "en"), ("de", "en"), ("", "en"), (None, "en")]
)
def test_the_browsers_language_is_taken_where_it_is_one_of_ours(locale: str | None, code: str) -> None:
    assert code_of_locale(locale) == code


def test_an_unknown_language_is_english() -> None:
    assert language_of("fr") is ENGLISH
