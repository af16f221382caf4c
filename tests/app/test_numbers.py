"""Numbers as planners read them."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language import language_of
from app.numbers import amount, error_in_hundred, in_hundred, percent, scaled

WORDS = {"": 1.0, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (5.6e9, "USD", "USD 5.6 billion"),
        (4_290_000, "persons", "4.29 million"),
        (5.005e12, "CNY", "CNY 5 trillion"),
        (250_000, "persons", "250,000"),
        (123_456, "count", "123,000"),
        (6, "count", "6"),
        (2.5, "count", "2.5"),
        (0.0, "count", "0"),
        (-5e9, "USD", "USD -5 billion"),
        (300_000, "m2", "300,000 m2"),
        (30.92, "percent", "30.92 %"),
        (4, "ratio", "4 times"),
        (None, "USD", "-"),
        (nan, "USD", "-"),
    ],
)
def test_an_amount_is_written_with_its_unit(value: float | None, unit: str, words: str) -> None:
    assert amount(value, unit) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (15e9, "USD", "US$150亿"),
        (3e11, "CNY", "¥3000亿"),
        (5.005e12, "CNY", "¥5万亿"),
        (7.06e11, "HKD", "HK$7060亿"),
        (300_000, "persons", "30万人"),
        (9_999.6, "persons", "1万人"),
        (1_384, "count", "1,380"),
        (300_000, "m2", "30万平方米"),
        (30.92, "percent", "30.92%"),
        (4, "ratio", "4倍"),
        (None, "USD", "-"),
    ],
)
def test_an_amount_is_written_in_the_chinese_habit(value: float | None, unit: str, words: str) -> None:
    assert amount(value, unit, language=language_of("zh")) == words


@given(st.floats(1e4, 9.99e14), st.integers(3, 6))
def test_a_chinese_amount_reads_back_as_the_value(value: float, digits: int) -> None:
    text = scaled(value, digits, language_of("zh"))
    word = text.lstrip("0123456789.")
    sizes = {"万": 1e4, "亿": 1e8, "万亿": 1e12}
    assert "e" not in text
    assert float(text.removesuffix(word)) * sizes[word] == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (999_499, 3, "999,000"),
        (999_500, 3, "1 million"),
        (999.4e6, 3, "999 million"),
        (999.6e6, 3, "1 billion"),
        # With more digits there is no rounding up, so the smaller word stays: not "0.9996 billion".
        (999.6e6, 4, "999.6 million"),
        (999_600, 4, "999,600"),
    ],
)
def test_a_scale_word_begins_where_rounding_reaches_it(value: float, digits: int, words: str) -> None:
    assert scaled(value, digits) == words


@given(st.floats(1, 9.99e14), st.integers(3, 6))
def test_a_written_amount_reads_back_as_the_value(value: float, digits: int) -> None:
    number, _, word = scaled(value, digits).partition(" ")
    # Nobody writes 0.9996 billion or 12345 million, nor 1e+06.
    assert "e" not in number
    assert word in ("", "trillion") or 1 <= float(number) < 1000
    # Below a million whole numbers are enough: people and firms are counted.
    whole = 0.5 if word == "" and value >= 100 else 0.0
    assert float(number.replace(",", "")) * WORDS[word] == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits), abs=whole)


def test_growth_has_one_decimal_and_no_minus_before_zero() -> None:
    assert percent(38.94) == "38.9 %"
    assert percent(-12.0) == "-12.0 %"
    assert percent(-0.01) == "0.0 %"
    assert percent(None) == "-"
    assert percent(38.94, language_of("zh")) == "38.9%"


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "<1"), (0.005, "<1"), (0.0051, "1"), (0.32, "32"), (0.9949, "99"), (0.995, ">99"), (1.0, ">99")],
)
def test_odds_never_say_none_or_all(probability: float, words: str) -> None:
    assert in_hundred(probability) == words


@given(st.floats(0, 1))
def test_odds_are_within_half_a_future_of_a_hundred(probability: float) -> None:
    words = in_hundred(probability)
    assert words not in ("0", "100")
    if words.isdigit():
        assert abs(int(words) - 100 * probability) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("error", "words"), [(0.0, "0.0"), (0.0047, "0.5"), (0.023, "2.3"), (0.0994, "9.9"), (0.0996, "10"), (0.25, "25")]
)
def test_the_error_of_the_odds_has_one_decimal_below_ten(error: float, words: str) -> None:
    assert error_in_hundred(error) == words
