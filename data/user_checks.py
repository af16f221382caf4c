"""What a user's figure or target must fulfil, each check with what was found and what is allowed."""

import re
from functools import lru_cache
from math import isnan

from data.records import Fact, Record, Target, whole_of
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

Check = tuple[str, str | float, bool, str]  # column, what was found, whether it is good, what is allowed


def fact_checks(names: Names, row: Fact, *, stated: bool, document: bool) -> list[Check]:
    """List the checks of one figure; `stated` tells whether its kind was, `document` that it comes from one of the bundled documents."""
    least = -100.0 if row.kind in ("growth", "average_growth") else 0.0
    units = names.units(row.measure, row.kind) if row.measure else (row.unit,)
    percent = row.unit == "percent" and "percent" not in units and not stated
    cure = SAY_KIND if percent else words_allowed(units)
    checks = [
        one_of("kind", row.kind, FACT_KINDS),
        one_of("status", row.status, STATUSES),
        one_of("wording", row.wording, WORDINGS),
        ("value", row.value, row.value > least or isnan(row.value), above(least, zero=row.value == 0)),
        ("value", row.value, row.kind not in ("level", "sum") or sized(row.value), SIZES),
        range_check(row),
        ("unit", row.unit, row.unit in units, cure),
    ]
    if document:
        return checks
    spans = row.kind in ("average_growth", "sum")
    share_of = row.kind != "share" or whole_of(row, names.measures) is not None
    return [
        *checks,
        ("period", row.period, not row.period or bool(SPAN.fullmatch(row.period)) == spans, TWO_YEARS if spans else ONE_PERIOD),
        ("relative_to", row.relative_to, share_of, WHOLE),
        ("relative_to", row.relative_to, row.kind != "multiple" or row.relative_to[:4].isdigit(), BASE_YEAR),
    ]


def due_year(text: str) -> int:
    """Return the year that a cell holds, 0 if it holds a quarter or month."""
    period = read_period(text)
    return int(period) if period.isdigit() else 0


def target_checks(names: Names, row: Target, due: str) -> list[Check]:
    """List the checks of one target of the user."""
    return [
        one_of("kind", row.kind, TARGET_KINDS),
        one_of("wording", row.wording, WORDINGS),
        ("value", row.value, row.value > 0 or isnan(row.value), POSITIVE),
        ("value", row.value, sized(row.value), SIZES),
        ("due", due, isnan(row.due) or (row.due == due_year(due) and 1990 <= row.due <= 2100), DUE_YEAR),
        one_of("unit", row.unit, names.units(row.measure, row.kind) if row.measure else (row.unit,)),
        range_check(row),
    ]


@lru_cache
def above(least: float, *, zero: bool) -> str:
    """Say above what a number must lie, and what to write in the place of a zero."""
    if zero:
        return phrased("allowed: above {least:g} (growth starts from something: write n/a for a year with none)", least=least)
    return phrased("allowed: above {least:g}", least=least)


def sized(value: float) -> bool:
    """Tell whether a positive number is of a size that somebody may count; others are refused for their sign."""
    return not value > 0 or SMALLEST <= value <= LARGEST


def one_of(column: str, found: str, allowed: tuple[str, ...]) -> Check:
    """Check a word against the words allowed."""
    return column, found, found in allowed, words_allowed(allowed)


@lru_cache
def words_allowed(allowed: tuple[str, ...]) -> str:
    """List the words allowed."""
    return phrased("allowed: {words}", words=", ".join(allowed))


def range_check(row: Record) -> Check:
    """Check that a range has two ends in order."""
    good = row.wording != "range" or row.value_high > row.value or isnan(row.value)
    return "value_high", row.value_high, good, ONE_ABOVE
