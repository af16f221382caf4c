"""Sentences that remember how they were made, so that a reader of another language can be told the same; here they are English."""

import re
from collections.abc import Mapping
from typing import Any


class Sentence(str):
    """An English sentence that keeps the template it was made of, and its values, which may be sentences themselves.

    `many` is the template for another number than one of `values['number']`, '' where no number is told.
    """

    __slots__ = ("many", "template", "values")
    template: str
    many: str
    values: Mapping[str, Any]


def phrased(template: str, /, **values: object) -> Sentence:
    """Make a sentence: `values` fill the {places} of the template, which is written out here so that it is found for translation."""
    return made(template, "", template, values)


def phrased_number(one: str, many: str, number: int, /, **values: object) -> Sentence:
    """Make a sentence about a number of things, which also fills {number}."""
    return made(one, many, one if number == 1 else many, {"number": number, **values})


def made(template: str, many: str, english: str, values: Mapping[str, object]) -> Sentence:
    """Fill an English template and keep what the sentence was made of."""
    sentence = Sentence(english.format(**values))
    sentence.template, sentence.many, sentence.values = template, many, values
    return sentence


def pattern_of(template: str) -> str:
    """Return the regular expression of a text with open places."""
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(template))
