"""Numbers as planners read them: 4.29 million, USD 15 billion, 38 of 100."""

from math import floor, isnan, log10

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def amount(value: float | None, unit: str = "", digits: int = 3) -> str:
    """Write a figure with its unit in a few digits: amount(5.6e9, 'USD') -> 'USD 5.6 billion'."""
    if value is None or isnan(value):
        return "-"
    if unit == "percent":
        return f"{value:g} %"
    if unit == "ratio":
        return f"{value:g} times"
    text = scaled(value, digits)
    if unit in ("USD", "CNY", "HKD"):
        return f"{unit} {text}"
    return f"{text} {unit}" if unit == "m2" else text


def scaled(value: float, digits: int) -> str:
    """Write a number with a scale word and at most `digits` significant digits; below a million in full."""
    for size, word in SCALES:
        if abs(value) >= size * (1 - 0.5 * 10.0**-digits):  # from here on it is rounded up to the next scale word
            return f"{float(f'{value / size:.{digits}g}'):g} {word}"
    rounded = float(f"{value:.{max(digits, 1)}g}") if value else 0.0
    return f"{rounded:,.0f}" if abs(value) >= 100 else f"{rounded:g}"


def percent(value: float | None) -> str:
    """Write a growth rate: 38.9 %."""
    return "-" if value is None else f"{value:z.1f} %"


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
