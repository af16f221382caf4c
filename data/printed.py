"""Reading a printed figure: 'more than USD 5.6 billion' becomes a value in base units with its wording and last digit."""

import re
from dataclasses import dataclass

SCALE_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
NUMBER_WORDS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
}  # fmt: skip
RATIO_WORDS = {
    "double": 2,
    "doubled": 2,
    "doubling": 2,
    "twice": 2,
    "triple": 3,
    "tripled": 3,
    "half": 0.5,
    "quarter": 0.25,
}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
# The first phrase found counts: "or above" holds "above", "no less than" holds "less than", "no more than" holds "more than".
WORDINGS = {
    "at_least": ("at least", "no less than", "or more", "or above", "or over"),
    "under": ("less than", "under", "below", "fewer than", "up to", "no more than", "not exceeding", "no higher than", "one of the"),
    "over": ("more than", "over", "above", "exceed", "exceeds", "exceeded", "exceeding", "in excess of", "surpassed", "surpassing"),
    "nearly": ("nearly", "almost", "close to"),
    "about": ("about", "around", "approximately", "some", "roughly"),
}  # fmt: skip
CURRENCIES = {"usd": "USD", "us$": "USD", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "hkd": "HKD", "hk$": "HKD"}

# The second form is a misprint that occurs ("1,2000"): read as its digits stand.
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+,\d{4}|\d+(?:\.\d+)?")


@dataclass(frozen=True)
class PrintedFigure:
    """A figure as it was read: numbers in base units, unit empty where the text names none.

    `digits` is the size of the last printed digit in base units: 'USD 5.6 billion' has 100000000.
    """

    value: float
    value_high: float | None
    unit: str
    wording: str
    digits: float


def read_printed(text: str) -> PrintedFigure:
    """Read one printed figure.

    Raises
    ------
    ValueError
        If the text holds no number and no number word.
    """
    folded = " ".join(text.split()).casefold()
    if digits := re.search(r"\b(two|three|four)-digit\b", folded):
        smallest = 10.0 ** (NUMBER_WORDS[digits.group(1)] - 1)
        return PrintedFigure(smallest, None, "percent" if "growth" in folded else "", "at_least", smallest)
    if parts := fraction(folded):
        return PrintedFigure(exact_product(parts[0], 1 / parts[1]), None, "ratio", worded(folded), parts[0] / parts[1] ** 2)
    tokens = NUMBER.findall(re.sub(r"m2\b", "m", folded))
    numbers = [float(token.replace(",", "")) for token in tokens]
    decimals = max((len(token.partition(".")[2]) for token in tokens), default=0)
    unit = next((code for sign, code in CURRENCIES.items() if sign in folded), "")
    if not numbers:
        numbers = [float(RATIO_WORDS[word]) for word in re.findall(r"[a-z]+", folded) if word in RATIO_WORDS]
        unit = "ratio" if numbers else unit
        decimals = 2 if numbers and numbers[0] < 1 else 0  # "half" is meant to a hundredth
    if not numbers:
        words = {**ORDINALS, **NUMBER_WORDS}
        numbers = [float(words[word]) for word in re.findall(r"[a-z]+", folded) if word in words and word != "a"]
    if not numbers:
        raise ValueError(f"no figure in {text!r}")
    scale = next((size for word, size in SCALE_WORDS.items() if re.search(rf"{word}\b", folded)), 1.0)
    if "percent" in folded or "%" in folded:
        unit = "percent"
    elif not unit and re.search(r"\b(times|fold)\b", folded):
        unit = "ratio"
    elif square := re.search(r"(k?)m2\b", folded):
        unit, scale = "m2", 1e6 if square.group(1) else scale
    values = [exact_product(number, scale) for number in numbers]
    high = values[1] if len(values) > 1 and values[1] > values[0] else None
    wording = "range" if high is not None else worded(folded)
    return PrintedFigure(values[0], high, unit, wording, exact_product(10.0**-decimals, scale))


def fraction(folded: str) -> tuple[int, int] | None:
    """Return numerator and denominator of '1/17' or 'one-tenth'; its last digit is then what one part more would change."""
    if written := re.search(r"\b(\d+)/(\d+)\b", folded):
        return int(written.group(1)), int(written.group(2))
    if named := re.search(rf"\bone[ -]({'|'.join(ORDINALS)})\b", folded):
        return 1, ORDINALS[named.group(1)]
    return None


def worded(folded: str) -> str:
    """Name the wording of a figure's qualifier: exact, about, nearly, over, at_least or under."""
    for wording, phrases in WORDINGS.items():
        if any(re.search(rf"\b{phrase}\b", folded) for phrase in phrases):
            return wording
    return "exact"


def exact_product(number: float, scale: float) -> float:
    """Multiply without the last-bit error of binary fractions: 4.29 million is 4290000."""
    return float(f"{number * scale:.12g}")
