"""What the parser of YAML says of a text that it cannot read, known by its pattern, so that it can be told in another language."""

import re

from data.sentences import Sentence, pattern_of, phrased

PARSER_WORDS = (
    "mapping values are not allowed here",
    "mapping keys are not allowed here",
    "sequence entries are not allowed here",
    "could not find expected ':'",
    "found unexpected ':'",
    "found unexpected end of stream",
    "found unexpected document separator",
    "found character {sign} that cannot start any token",
    "found unknown escape character {sign}",
    "expected <block end>, but found {sign}",
    "expected the node content, but found {sign}",
    "expected ',' or {bracket}, but got {sign}",
    "expected a comment or a line break, but found {sign}",
    "expected alphabetic or numeric character, but found {sign}",
    "expected a digit, but found {sign}",
    "expected a digit or '.', but found {sign}",
    "expected URI, but found {sign}",
    "expected URI escape sequence of 2 hexdecimal numbers, but found {sign}",
    "expected escape sequence of {number} hexdecimal numbers, but found {sign}",
    "expected indentation indicator in the range 1-9, but found 0",
    "expected chomping or indentation indicators, but found {sign}",
    "more indented follow up line than first in a block scalar",
    "expected '<document start>', but found ({sign},)",
    "expected {mark}, but found {sign}",
    "expected {mark} but found {sign}",
    "found non-comment content after document end marker, ({sign},)",
    "found duplicate YAML directive",
    "found incompatible YAML document (version 1.* is required)",
    "duplicate tag handle {sign}",
    "found undefined tag handle {sign}",
)
# What it may have found, where that is no sign of the text.
PARSER_SIGNS = (
    "'<stream end>'", "'<scalar>'", "'<block mapping start>'", "'<block sequence start>'", "'<block end>'", "'<document start>'",
    "'<document end>'", "'<directive>'", "'<anchor>'", "'<alias>'", "'<tag>'",
)  # fmt: skip
PATTERNS = tuple((text, re.compile(pattern_of(text))) for text in PARSER_WORDS)


def parser_sentence(said: str) -> Sentence:
    """Return the sentence that the parser says; one that is not known here is told as its words."""
    for template, pattern in PATTERNS:
        if found := pattern.fullmatch(said):
            return phrased(
                template, **{name: phrased(one) if one in PARSER_SIGNS else one for name, one in found.groupdict().items()}
            )
    return phrased("{parser_words}", parser_words=said)
