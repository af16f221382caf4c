"""Reasons in the language of the reader: those of the tables and those that were computed, which are known by their pattern."""

import re
from collections.abc import Iterable

from app.language import Language, mark
from data.sentences import Sentence, pattern_of, phrased

# What scenarios and forecast say, with its figures left open.
COMPUTED = (
    mark("already passed: the last known level, of {year}, is {times} times the target"),
    mark("the target is {times} times the level of {year} within {years} years: it must stand on another basis"),
    mark("no growth of its own is known, and its family has {number} series, fewer than {least}"),
    mark("no growth of its own is known, nor of any series of its family"),
    mark("no growth of its own is known, and the {needed} % a year needed are above the record of its family, {record} %"),
    mark("it was due by {due}; its series ends in {year}"),
    mark("no level of {series} is known in this vintage"),
    mark("no exchange rate between {first} and {second} is known in this vintage"),
    mark("its unit is {unit}, that of the series {other}"),
    mark("a target of the kind {kind} has no series"),
    mark("a value of {value} cannot be aimed at"),
    mark("a rank of {value} cannot be aimed at"),
    mark("a share of {value} percent cannot be aimed at"),
    mark("read as {times} times the level of {year}"),
    mark("read as the average of {first} to {last}"),
    mark("read as the sum of {first} to {last}"),
    mark("read as the share in the total of {measure}"),
    mark("read as the rank among the {number} places with a known series of {series}"),
    mark("only {number} other places with a series of {series} are known, too few to rank among"),
    mark("what {series} should be a share of is not known: a share is that of a scope in the total of its measure"),
    mark("it was due by {due}; the series of the total ends in {year}"),
    mark("the first year of the sum is not named"),
    mark("the sum would begin in {first}, after its due year"),
    mark("the sum needs every year from {first} on; of {series} {years} is not known"),
    mark("{measure} is a stock, which does not add up over years"),
    mark("no figure is stated"),
    mark("no year is stated by which it should be reached"),
    mark("no series measures it"),
    mark("by ruling {ruling}"),
    mark("a forecast, not an observation"),
    mark("its first year is not stated"),
    mark("no level that it could be hung on"),
    mark("a copy of a figure already used"),
)
HEADINGS = {
    "withheld": mark("There is a figure, but odds would mislead"),
    "no_baseline": mark("No figure measures it"),
    "not_quantified": mark("No number is stated"),
    "due_passed": mark("Its year lies in what is known already"),
}


def reason_words(reason: str, language: Language) -> str:
    """Say a reason, which may be several joined by semicolons; what has no translation stays English."""
    parts = reason.split("; ")
    said, first = [], 0
    while first < len(parts):
        for last in range(len(parts), first, -1):
            words = translated("; ".join(parts[first:last]), language)
            if words or last == first + 1:
                said.append(words or parts[first])
                first = last
                break
    return ("；" if language.code == "zh" else "; ").join(said)


def fault_words(sentences: Iterable[str], language: Language) -> str:
    """Tell what is wrong, a sentence a line, with the reasons that stand within it."""
    return "\n".join(language.tell(with_reason(one, language)) for one in sentences)


def with_reason(sentence: str, language: Language) -> str:
    """Return a sentence with its reason in the language of the reader."""
    if not isinstance(sentence, Sentence) or "reason" not in sentence.values:
        return sentence
    return phrased(sentence.template, **{**sentence.values, "reason": reason_words(sentence.values["reason"], language)})


def translated(reason: str, language: Language) -> str | None:
    """Say one reason, None if it has no translation."""
    if language.knows("reason", reason):
        return language.word("reason", reason)
    for template in COMPUTED:
        found = re.fullmatch(pattern_of(template), reason)
        if found and language.say(template) != template:
            return language.say(template, **found.groupdict()) if found.groupdict() else language.say(template)
    return None
