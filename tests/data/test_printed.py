"""Reading printed figures: known figures of the documents, and laws for any figure that can be written."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.printed import CURRENCIES, SCALE_WORDS, WORDINGS, PrintedFigure, exact_product, read_printed

PHRASES = [(wording, phrase) for wording, phrases in WORDINGS.items() for phrase in phrases]
SCALES = st.sampled_from(["", *SCALE_WORDS])
SIGNS = st.sampled_from(["", *CURRENCIES])
# At most four decimals: with a scale word no sensible text prints more.
NUMBERS = st.decimals(Decimal("0.0001"), Decimal(9999), allow_nan=False, places=None).map(lambda number: round(number, 4))

KNOWN = [
    ("USD 46.5 billion", PrintedFigure(46.5e9, None, "USD", "exact", 1e8)),
    ("24,925", PrintedFigure(24925, None, "", "exact", 1)),
    ("10.1 percent", PrintedFigure(10.1, None, "percent", "exact", 0.1)),
    ("38.9%", PrintedFigure(38.9, None, "percent", "exact", 0.1)),
    ("more than 4.29 million", PrintedFigure(4_290_000, None, "", "over", 10_000)),
    ("RMB 154 billion", PrintedFigure(154e9, None, "CNY", "exact", 1e9)),
    ("HK$ 2.5 million", PrintedFigure(2.5e6, None, "HKD", "exact", 1e5)),
    ("300,000m2", PrintedFigure(300_000, None, "m2", "exact", 1)),
    ("1.5 km2", PrintedFigure(1.5e6, None, "m2", "exact", 1e5)),
    ("tripled", PrintedFigure(3, None, "ratio", "exact", 1)),
    ("4.5 times", PrintedFigure(4.5, None, "ratio", "exact", 0.1)),
    ("a quarter", PrintedFigure(0.25, None, "ratio", "exact", 0.01)),
    ("twenty", PrintedFigure(20, None, "", "exact", 1)),
    ("two-digit growth", PrintedFigure(10, None, "percent", "at_least", 10)),
    ("20 to 25 percent", PrintedFigure(20, 25, "percent", "range", 1)),
    ("USD 4 to 4.5 billion", PrintedFigure(4e9, 4.5e9, "USD", "range", 1e8)),
    ("no more than 500", PrintedFigure(500, None, "", "under", 1)),
    ("USD 800 million or more", PrintedFigure(8e8, None, "USD", "at_least", 1e6)),
    ("no less than 500", PrintedFigure(500, None, "", "at_least", 1)),
    ("over\n  USD  5\nbillion", PrintedFigure(5e9, None, "USD", "over", 1e9)),
]


def grouped(number: Decimal) -> str:
    return f"{number:,f}"


@pytest.mark.parametrize(("text", "figure"), KNOWN)
def test_known_figures(text, figure):
    assert read_printed(text) == figure


def test_a_comma_with_four_digits_behind_is_read_as_its_digits_stand():
    # The misprint occurs in a document. It was once read as 1,200 with a stray zero behind.
    assert read_printed("1,2000").value == 12_000
    assert read_printed("1,200").value == 1_200
    assert read_printed("12,345,678").value == 12_345_678


@pytest.mark.parametrize("text", ["", "many", "the top", "a", "billion", "USD"])
def test_a_text_without_a_figure_is_refused(text):
    with pytest.raises(ValueError, match="no figure"):
        read_printed(text)


@settings(derandomize=True, deadline=None)
@given(NUMBERS, SCALES, SIGNS)
def test_a_written_figure_gives_its_value_unit_and_last_digit_back(number, scale, sign):
    read = read_printed(f"{sign} {grouped(number)} {scale}")
    size = Decimal(int(SCALE_WORDS.get(scale, 1)))
    assert read.value == pytest.approx(float(number * size), rel=1e-11)
    assert read.digits == pytest.approx(float(Decimal(10) ** number.as_tuple().exponent * size), rel=1e-11)
    assert read.unit == CURRENCIES.get(sign, "")
    assert read.value_high is None
    assert read.wording == "exact"


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 10**12))
def test_commas_and_letter_case_change_nothing(number):
    assert read_printed(f"usd {number}") == read_printed(f"USD {number:,}")


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 9999), st.integers(1, 9999), SCALES)
def test_two_figures_are_a_range_only_in_rising_order(first, second, scale):
    read = read_printed(f"{first} to {second} {scale}")
    if first < second:
        assert read.wording == "range"
        assert read.value_high > read.value
    else:
        assert read.value_high is None
        assert read.wording != "range"
    assert read.value == first * SCALE_WORDS.get(scale, 1)


@pytest.mark.parametrize(("wording", "phrase"), PHRASES)
def test_every_qualifier_is_heard_before_or_behind_the_figure(wording, phrase):
    assert read_printed(f"{phrase} USD 12 million").wording == wording
    assert read_printed(f"USD 12 million {phrase}").wording == wording


def test_a_qualifier_is_a_whole_word():
    assert read_printed("overseas sales of 12").wording == "exact"
    assert read_printed("handsome 12").wording == "exact"


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 4), st.sampled_from([1.0, *SCALE_WORDS.values()]))
def test_scaling_leaves_no_error_of_binary_fractions(digits, decimals, scale):
    # 4.29 * 1e6 is 4290000.000000001 in binary; such a value would not equal the one in the table.
    exact = Decimal(digits).scaleb(-decimals) * int(scale)
    assert exact_product(float(Decimal(digits).scaleb(-decimals)), scale) == float(exact)
