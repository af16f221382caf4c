"""What planners write into cells: 1,234.5, 12 %, 3.2亿元, n/a; 2012年第3季度; USD million, 万人."""

import re
import unicodedata
from calendar import month_abbr, monthrange
from functools import lru_cache
from math import isfinite, nan
from typing import NamedTuple

from data.sentences import phrased
from data.user_words import WORDS, plain

MISSING = {
    "#n/a",
    "n/a",
    "na",
    "n.a.",
    "nan",
    "null",
    "none",
    "-",
    "--",
    "—",
    "–",
    "…",
    "...",
    "无",
    "不详",
    "缺",
    "缺失",
    "暂无",
    "未公布",
    "/",
}
DIFFERENT_CELLS = 4096  # of a column of words, which a file repeats from row to row: each is read once
CURRENCIES = {
    "USD": ("usd", "us$", "$", "美元", "us dollars", "us dollar", "dollars", "dollar"),
    "CNY": ("cny", "rmb", "yuan", "¥", "人民币", "元"),
    "HKD": ("hkd", "hk$", "港元", "港币", "hong kong dollars"),
}
OTHER_UNITS = {
    "persons": ("persons", "people", "person", "人次", "人", "名"),
    "count": ("count", "number", "items", "个", "家", "项", "所"),
    "percent": ("percent", "per cent", "%", "百分之", "pct"),
    "ratio": ("ratio", "times", "倍"),
    "m2": ("m2", "sqm", "square metres", "square meters", "平方米"),
}
SCALES = {
    "万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "千": 1e3,
    "trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3, "bn": 1e9, "mn": 1e6, "tn": 1e12, "m": 1e6, "k": 1e3,
}  # fmt: skip
UNIT_OF_WORD = {word: unit for units in (CURRENCIES, OTHER_UNITS) for unit, words in units.items() for word in words}
UNIT_WORDS = sorted(UNIT_OF_WORD, key=len, reverse=True)
SCALE_WORDS = sorted(SCALES, key=len, reverse=True)
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3})?|[+-]?\.\d+")

MONTHS = {name.casefold(): number for number, name in enumerate(month_abbr) if name}
CHINESE_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
YEAR = r"(?:19|20)\d\d"
MONTH = r"(?:0[1-9]|1[0-2])"
DAY = r"((?:19|20)\d\d)[-/.年](\d\d?)[-/.月](\d\d?)日?(?: 00:00:00)?"

QUALIFIERS = {word: wording for wording, words in WORDS["wording"].items() for word in (wording, *words) if wording != "exact"}
QUALIFIERS_BY_LENGTH = sorted(QUALIFIERS, key=len, reverse=True)


class Amount(NamedTuple):
    """A number as it was written.

    `unit` and `wording` are '' where none is named, `digits` is NaN where the number is written out in full, without a scale word.
    """

    value: float
    unit: str
    digits: float
    wording: str = ""


def is_missing(text: str) -> bool:
    """Tell whether a cell says in words that there is no figure."""
    return plain(text).casefold() in MISSING


def read_amount(text: str) -> Amount:
    """Read a number with separators of thousands, a percent sign, a scale word or a unit.

    Raises
    ------
    ValueError
        If it is no number; the message names the cure.
    """
    if text.isascii() and NUMBER.fullmatch(text):  # as most cells are
        return Amount(finite(text, float(text.replace(",", "").replace(" ", ""))), "", nan)
    if text.startswith("="):
        raise ValueError(phrased("{found!r} is a formula without a result; open the file in a spreadsheet and save it", found=text))
    if any(unicodedata.category(letter) == "No" for letter in text):
        raise ValueError(
            phrased("{found!r} is not a number; take off the mark of the footnote, or write the fraction as a decimal", found=text)
        )
    folded = plain(text).casefold()
    folded, wording = without_qualifier(folded)
    if folded.startswith("(") and folded.endswith(")"):  # as accountants write what is negative
        folded = "-" + folded[1:-1].strip()
    rest, unit, scale = folded, "", 1.0
    if not NUMBER.fullmatch(folded):
        rest, unit = without_unit(folded)
        rest, scale = without_scale(rest)
        if not unit:
            rest, unit = without_unit(rest)
    if not NUMBER.fullmatch(rest):
        if re.fullmatch(r"[\d.,' ]+", rest):
            raise ValueError(phrased("{found!r} is not a number; write 1234.5 or 1,234.5", found=text))
        raise ValueError(phrased("{found!r} is not a number", found=text))
    number = rest.replace(",", "").replace(" ", "")
    digits = scale * 10.0 ** -len(number.partition("e")[0].partition(".")[2]) if scale != 1 else nan
    return Amount(finite(text, exact(float(number), scale)), unit, digits, wording)


def finite(text: str, value: float) -> float:
    """Refuse what is beyond all numbers."""
    if not isfinite(value):
        raise ValueError(phrased("{found!r} is larger than any number that is counted", found=text))
    return value


@lru_cache(DIFFERENT_CELLS)
def read_unit(text: str) -> tuple[str, float]:
    """Read a unit with its scale: 'USD million' is ('USD', 1e6), '亿元' ('CNY', 1e8), '10,000 persons' ('persons', 1e4).

    Raises
    ------
    ValueError
        If it is none.
    """
    folded = plain(text).casefold()
    scale = 1.0
    rest, unit = without_unit(folded.replace("(", "").replace(")", ""))
    rest, again = without_unit(rest)  # 亿元人民币 names its currency twice
    if count := re.match(r"[\d,]+(?= |$)", rest):
        scale, rest = float(count[0].replace(",", "")), rest[count.end() :].strip()
    rest, size = without_scale(rest)
    if rest and not unit:
        rest, unit = without_unit(rest)
    if again and again != unit:
        rest = folded
    if rest or not (unit or size != 1):
        units = ", ".join((*CURRENCIES, *OTHER_UNITS))
        raise ValueError(
            phrased("{found!r} is not a unit; allowed: {units}, with million, 万 or 亿 if need be", found=text, units=units)
        )
    return unit, scale * size


def without_qualifier(folded: str) -> tuple[str, str]:
    """Cut a word such as 约, 'over' or a final + off a number; returns the rest and the wording."""
    if folded.endswith("+"):
        return folded[:-1].strip(), "at_least"
    for word in QUALIFIERS_BY_LENGTH:
        if folded.startswith(word):
            return folded.removeprefix(word).strip(), QUALIFIERS[word]
    return folded, ""


def without_unit(folded: str) -> tuple[str, str]:
    """Cut a unit off the end or the beginning; '' if there is none."""
    rest, word = without_word(folded, UNIT_WORDS)
    return rest, UNIT_OF_WORD.get(word, "")


def without_scale(folded: str) -> tuple[str, float]:
    """Cut a scale word off the end or the beginning; 1 if there is none."""
    rest, word = without_word(folded, SCALE_WORDS)
    return rest, SCALES.get(word, 1.0)


def without_word(folded: str, words: list[str]) -> tuple[str, str]:
    """Cut the first of the words that fits off the end or the beginning."""
    for word in words:
        if folded.endswith(word):
            return folded.removesuffix(word).strip(), word
        if folded.startswith(word):
            return folded.removeprefix(word).strip(), word
    return folded, ""


def exact(number: float, scale: float) -> float:
    """Multiply without the last-bit error of binary fractions."""
    return float(f"{number * scale:.15g}") if scale != 1 else number


@lru_cache(DIFFERENT_CELLS)
def read_period(text: str) -> str:
    """Read a year, quarter, month or span: '2012', '2012Q3', '2012-09', '2009-01/2009-08', '2007/2011'.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    folded = re.sub(r"(?<=[年月季度第]) | (?=[年月季度第底末上下])", "", plain(text).casefold())
    folded = re.sub(rf"^({YEAR})\.0$", r"\1", folded)  # a year that a spreadsheet holds as a number
    if found := re.fullmatch(rf"({YEAR})年?(?:度|底|末)?", folded):
        return found[1]
    if found := re.fullmatch(rf"({YEAR})年?-?(?:(上|下)半年|h([12]))", folded):
        months = ("01", "06") if found[2] == "上" or found[3] == "1" else ("07", "12")
        return f"{found[1]}-{months[0]}/{found[1]}-{months[1]}"
    for pattern in (rf"({YEAR})[- ]?q([1-4])", rf"({YEAR})年?第?([一二三四1-4])季度?"):
        if found := re.fullmatch(pattern, folded):
            return f"{found[1]}Q{CHINESE_QUARTERS.get(found[2]) or found[2]}"
    if found := re.fullmatch(rf"(?:q([1-4])|([1-4])q)[- ]?({YEAR})", folded):
        return f"{found[3]}Q{found[1] or found[2]}"
    for pattern in (rf"({YEAR})[-/](\d\d?)", rf"({YEAR})年(\d\d?)月?", rf"({YEAR})\.(\d\d)", rf"({YEAR})({MONTH})", DAY):
        if found := re.fullmatch(pattern, folded):
            return of_month(found[1], found[2], text)
    if found := re.fullmatch(rf"([a-z]{{3}})[a-z]*[ -]?({YEAR})", folded):
        return of_month(found[2], str(MONTHS.get(found[1], 0)), text)
    if found := re.fullmatch(rf"({YEAR})年?(\d\d?)月?[-–至~](\d\d?)月", folded):
        return f"{of_month(found[1], found[2], text)}/{of_month(found[1], found[3], text)}"
    found = re.fullmatch(rf"({YEAR}(?:-{MONTH})?)年? ?[/–—至~-] ?({YEAR}(?:-{MONTH})?)年?", folded)
    if found and found[1] < found[2] and len(found[1]) == len(found[2]):
        return f"{found[1]}/{found[2]}"
    raise ValueError(
        phrased("{found!r} found; allowed: a year (2012), quarter (2012Q3), month (2012-09) or span (2007/2011)", found=text)
    )


def of_month(year: str, month: str, text: str) -> str:
    """Write a month, if there is one of that number."""
    if not 1 <= int(month) <= 12:
        raise ValueError(phrased("{found!r} found; a year has the months 1 to 12", found=text))
    return f"{year}-{int(month):02d}"


@lru_cache(DIFFERENT_CELLS)
def last_day(period: str) -> str:
    """Return the last day of a period as an ISO date: when its figure could be known at the earliest."""
    end = period.split("/")[-1]
    year = int(end[:4])
    month = 3 * int(end[5:]) if "Q" in end else int(end[5:] or 12)
    return f"{year}-{month:02d}-{monthrange(year, month)[1]}"


@lru_cache(DIFFERENT_CELLS)
def read_date(text: str) -> str:
    """Read a day: 2013-06-30, 2013/6/30 or 2013年6月30日.

    Raises
    ------
    ValueError
        If there is no such day.
    """
    found = re.fullmatch(DAY, plain(text))
    if found and 1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= monthrange(int(found[1]), int(found[2]))[1]:
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    raise ValueError(phrased("{found!r} found; allowed: a date such as 2013-06-30", found=text))


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar, written like 2013-06-30."""
    try:
        return read_date(text) == text
    except ValueError:
        return False
