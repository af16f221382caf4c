"""Numbers as planners read them: 4.29 million, USD 15 billion, 38 of 100; in Chinese 429万, US$150亿, 38."""

from math import floor, isnan, log10

from app.language import ENGLISH, Language

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
CHINESE_SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
CHINESE_SIGNS = {"USD": "US$", "CNY": "¥", "HKD": "HK$"}
MONEY = ("USD", "CNY", "HKD")


def amount(value: float | None, unit: str = "", digits: int = 3, language: Language = ENGLISH) -> str:
    """Write a figure with its unit in a few digits: amount(5.6e9, 'USD') -> 'USD 5.6 billion'."""
    if value is None or isnan(value):
        return "-"
    if unit == "percent":
        return f"{value:g}%" if language.code == "zh" else f"{value:g} %"
    if unit == "ratio":
        return language.say("{number} times", number=f"{value:g}")
    text = scaled(value, digits, language)
    if language.code == "zh":
        return f"{CHINESE_SIGNS.get(unit, '')}{text}{'平方米' if unit == 'm2' else '人' if unit == 'persons' else ''}"
    if unit in MONEY:
        return f"{unit} {text}"
    return f"{text} {unit}" if unit == "m2" else text


def scaled(value: float, digits: int, language: Language = ENGLISH) -> str:
    """Write a number with a scale word and at most `digits` significant digits; below the first scale word in full."""
    chinese = language.code == "zh"
    for size, word in CHINESE_SCALES if chinese else SCALES:
        if abs(value) >= size * (1 - 0.5 * 10.0**-digits):  # from here on it is rounded up to the next scale word
            rounded = float(f"{value / size:.{digits}g}")
            return f"{rounded:.{digits}f}".rstrip("0").rstrip(".") + word if chinese else f"{rounded:g} {word}"
    rounded = float(f"{value:.{max(digits, 1)}g}") if value else 0.0
    return f"{rounded:,.0f}" if abs(value) >= 100 else f"{rounded:g}"


def percent(value: float | None, language: Language = ENGLISH) -> str:
    """Write a growth rate: 38.9 %."""
    return "-" if value is None else f"{value:z.1f}{'' if language.code == 'zh' else ' '}%"


def in_hundred(probability: float) -> str:
    """Write a probability as futures of a hundred, whole numbers, '<1' and '>99' at the ends."""
    if probability <= 0.005:
        return "<1"
    if probability >= 0.995:
        return ">99"
    return f"{100 * probability:.0f}"


def error_in_hundred(error: float) -> str:
    """Write a Monte Carlo error in futures of a hundred, one digit."""
    value = 100 * error
    return f"{value:.1f}" if value < 9.95 else f"{value:.{max(0, -floor(log10(value)))}f}"
