"""What a user's figure or target must fulfil: where one fails, what was found and what is allowed."""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import isnan

from data.records import Fact, Target, whole_of
from data.sentences import phrased
from data.user_cells import read_period
from data.user_names import Names
from data.user_words import WORDS

WORDINGS = tuple(WORDS["wording"])
STATUSES = tuple(WORDS["status"])
FACT_KINDS = tuple(kind for kind in WORDS["kind"] if kind != "rank")
TARGET_KINDS = ("level", "count", "average_growth", "multiple", "cumulative", "share", "rank")
SPAN = re.compile(r"\d{4}/\d{4}")
SMALLEST, LARGEST = 1e-9, 1e21  # beyond these nobody counts, and logarithms of sums lose their digits
# Made once: every row is checked, and few have faults.
SIZES = phrased("allowed: from {least:g} to {most:g}", least=SMALLEST, most=LARGEST)
SAY_KIND = phrased("say in a column kind what it is: growth or share")
TWO_YEARS = phrased("allowed: two years such as 2007/2011")
ONE_PERIOD = phrased("allowed: a year such as 2012, a quarter or a month")
WHOLE = phrased("a share needs its whole: a measure and a scope such as 'employees total'")
BASE_YEAR = phrased("a multiple needs the year it is relative to")
POSITIVE = phrased("a target is a positive number")
DUE_YEAR = phrased("allowed: a year from 1990 to 2100")
ONE_ABOVE = phrased("a range needs one above value")

Wrong = tuple[str, str | float, str]  # column, what was found, what is allowed


def wrong_in_fact(names: Names, row: Fact, *, stated: bool, document: bool) -> Iterator[Wrong]:
    """Name what is wrong with one figure; `stated` tells whether its kind was, `document` that it comes from one of the bundled documents."""
    if row.kind not in FACT_KINDS:
        yield "kind", row.kind, words_allowed(FACT_KINDS)
    if row.status not in STATUSES:
        yield "status", row.status, words_allowed(STATUSES)
    if row.wording not in WORDINGS:
        yield "wording", row.wording, words_allowed(WORDINGS)
    least = -100.0 if row.kind in ("growth", "average_growth") else 0.0
    if row.value <= least:
        yield "value", row.value, above(least, zero=row.value == 0)
    if row.kind in ("level", "sum") and not sized(row.value):
        yield "value", row.value, SIZES
    if lacks_upper_end(row):
        yield "value_high", row.value_high, ONE_ABOVE
    units = names.units(row.measure, row.kind) if row.measure else (row.unit,)
    if row.unit not in units:
        share = row.unit == "percent" and not stated
        yield "unit", row.unit, SAY_KIND if share else words_allowed(units)
    if document:
        return
    spans = row.kind in ("average_growth", "sum")
    if row.period and bool(SPAN.fullmatch(row.period)) != spans:
        yield "period", row.period, TWO_YEARS if spans else ONE_PERIOD
    if row.kind == "share" and whole_of(row, names.measures) is None:
        yield "relative_to", row.relative_to, WHOLE
    if row.kind == "multiple" and not row.relative_to[:4].isdigit():
        yield "relative_to", row.relative_to, BASE_YEAR


def due_year(text: str) -> int:
    """Return the year that a cell holds, 0 if it holds a quarter or month."""
    period = read_period(text)
    return int(period) if period.isdigit() else 0


def wrong_in_target(names: Names, row: Target, due: str) -> Iterator[Wrong]:
    """Name what is wrong with one target of the user."""
    if row.kind not in TARGET_KINDS:
        yield "kind", row.kind, words_allowed(TARGET_KINDS)
    if row.wording not in WORDINGS:
        yield "wording", row.wording, words_allowed(WORDINGS)
    if row.value <= 0:
        yield "value", row.value, POSITIVE
    if not sized(row.value):
        yield "value", row.value, SIZES
    if not isnan(row.due) and (row.due != due_year(due) or not 1990 <= row.due <= 2100):
        yield "due", due, DUE_YEAR
    units = names.units(row.measure, row.kind) if row.measure else (row.unit,)
    if row.unit not in units:
        yield "unit", row.unit, words_allowed(units)
    if lacks_upper_end(row):
        yield "value_high", row.value_high, ONE_ABOVE


@lru_cache
def above(least: float, *, zero: bool) -> str:
    """Say above what a number must lie, and what to write in the place of a zero."""
    if zero:
        return phrased("allowed: above {least:g} (growth starts from something: write n/a for a year with none)", least=least)
    return phrased("allowed: above {least:g}", least=least)


def sized(value: float) -> bool:
    """Tell whether a positive number is of a size that somebody may count; others are refused for their sign."""
    return not value > 0 or SMALLEST <= value <= LARGEST


@lru_cache
def words_allowed(allowed: tuple[str, ...]) -> str:
    """List the words allowed."""
    return phrased("allowed: {words}", words=", ".join(allowed))


def lacks_upper_end(row: Fact | Target) -> bool:
    """Tell whether a range has no end above its value."""
    return row.wording == "range" and not (row.value_high > row.value or isnan(row.value))
