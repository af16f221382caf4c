"""What planners write into cells, in English and Chinese, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.user_cells import is_date, is_missing, last_day, read_amount, read_date, read_period, read_unit
from data.user_words import column_of, word_of


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1234.5", 1234.5, ""),
        ("1,234.5", 1234.5, ""),
        ("1 234 567", 1234567, ""),
        ("１，２３４", 1234, ""),
        ("-3.7", -3.7, ""),
        ("−3.7", -3.7, ""),
        ("(3.7)", -3.7, ""),
        ("4.3e9", 4.3e9, ""),
        (".5", 0.5, ""),
        ("12.5%", 12.5, "percent"),
        ("12.5 ％", 12.5, "percent"),
        ("30.92 percent", 30.92, "percent"),
        ("3.2亿", 3.2e8, ""),
        ("3.2 亿元", 3.2e8, "CNY"),
        ("1.2万亿元", 1.2e12, "CNY"),
        ("29.8亿美元", 2.98e9, "USD"),
        ("15万人", 150_000, "persons"),
        ("USD 3.2 billion", 3.2e9, "USD"),
        ("US$3.2bn", 3.2e9, "USD"),
        ("$ 3,200 million", 3.2e9, "USD"),
        ("RMB 5,000", 5000, "CNY"),
        ("￥5,000", 5000, "CNY"),
        ("HK$ 7 million", 7e6, "HKD"),
        ("12 港元", 12, "HKD"),
        ("3 times", 3, "ratio"),
        ("3倍", 3, "ratio"),
        ("12万人次", 120_000, "persons"),
        ("US$ 3.2m", 3.2e6, "USD"),
        ("120,000m2", 120_000, "m2"),
        ("1.1 million people", 1_100_000, "persons"),
    ],
)
def test_a_number_is_read_as_it_is_meant(text, value, unit):
    amount = read_amount(text)
    assert (amount.value, amount.unit) == (value, unit)


@pytest.mark.parametrize(
    "text", ["five", "1,2000", "1.234,5", "12,34", "1_000", "inf", "1e999", "--3", "3-4", "USD", "亿", "5 EUR", "#REF!"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a number|larger than any"):
        read_amount(text)


def test_a_decimal_comma_brings_the_cure():
    with pytest.raises(ValueError, match=r"write 1234.5 or 1,234.5"):
        read_amount("1.234,5")


@pytest.mark.parametrize(("text", "digits"), [("3.2亿", 1e7), ("3.25 billion", 1e7), ("15万", 1e4)])
def test_a_scale_word_says_how_far_a_figure_was_rounded(text, digits):
    assert read_amount(text).digits == pytest.approx(digits)
    assert read_amount("320000000").digits != read_amount("320000000").digits  # NaN: written out in full


@settings(derandomize=True, deadline=None)
@given(st.floats(-1e15, 1e15))
def test_any_number_that_python_writes_is_read_back(value):
    assert read_amount(repr(value)).value == value
    assert read_amount(f"{value:,.6f}").value == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("text", ["n/a", "N/A", "#N/A", "na", "-", "—", "…", "无", "不详", " NaN ", "null"])
def test_words_for_no_figure(text):
    assert is_missing(text)
    assert not is_missing("0")
    assert not is_missing("")


@pytest.mark.parametrize(
    ("text", "unit", "scale"),
    [
        ("USD", "USD", 1),
        ("usd", "USD", 1),
        ("USD million", "USD", 1e6),
        ("million USD", "USD", 1e6),
        ("亿美元", "USD", 1e8),
        ("万元", "CNY", 1e4),
        ("百万美元", "USD", 1e6),
        ("100 million yuan", "CNY", 1e8),
        ("10,000 persons", "persons", 1e4),
        ("万人", "persons", 1e4),
        ("家", "count", 1),
        ("%", "percent", 1),
        ("billion", "", 1e9),
        ("港币", "HKD", 1),
        ("亿元人民币", "CNY", 1e8),
        ("人民币亿元", "CNY", 1e8),
        ("亿元（人民币）", "CNY", 1e8),
        ("RMB 100 million", "CNY", 1e8),
        ("US$ m", "USD", 1e6),
    ],
)
def test_a_unit_is_read_with_its_scale(text, unit, scale):
    assert read_unit(text) == (unit, scale)


@pytest.mark.parametrize("text", ["EUR", "furlongs", "million furlongs", "USD/CNY", "7"])
def test_what_is_no_unit_is_refused(text):
    with pytest.raises(ValueError, match="is not a unit; allowed: USD"):
        read_unit(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2012", "2012"),
        ("2012.0", "2012"),
        ("2012年", "2012"),
        ("２０１２年度", "2012"),
        ("2012 年", "2012"),
        ("2012年底", "2012"),
        ("2012年上半年", "2012-01/2012-06"),
        ("2012H2", "2012-07/2012-12"),
        ("201209", "2012-09"),
        ("2012.09", "2012-09"),
        ("2012.10", "2012-10"),
        ("2014年12月31日", "2014-12"),
        ("2012Q3", "2012Q3"),
        ("2012-Q3", "2012Q3"),
        ("2012 q3", "2012Q3"),
        ("Q3 2012", "2012Q3"),
        ("3Q2012", "2012Q3"),
        ("2012年第三季度", "2012Q3"),
        ("2012年3季度", "2012Q3"),
        ("2012-09", "2012-09"),
        ("2012/9", "2012-09"),
        ("2012年9月", "2012-09"),
        ("2012-09-30", "2012-09"),
        ("Sep 2012", "2012-09"),
        ("September 2012", "2012-09"),
        ("2007/2011", "2007/2011"),
        ("2007-2011", "2007/2011"),
        ("2007–2011", "2007/2011"),
        ("2007年至2011年", "2007/2011"),
        ("2009-01/2009-08", "2009-01/2009-08"),
        ("2009年1-8月", "2009-01/2009-08"),
    ],
)
def test_a_period_is_read_however_it_is_written(text, period):
    assert read_period(text) == period
    assert read_period(period) == period


@pytest.mark.parametrize(
    "text",
    ["12", "3012", "2012Q5", "2012-13", "2011/2007", "2012/2012", "last year", "", "201", "20123", "32012", "2012.1", "FY2011/12"],
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="found; "):
        read_period(text)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2012", "2012-12-31"),
        ("2012Q1", "2012-03-31"),
        ("2012-02", "2012-02-29"),
        ("2009-01/2009-08", "2009-08-31"),
        ("2007/2011", "2011-12-31"),
    ],
)
def test_a_figure_is_known_when_its_period_is_over(period, day):
    assert last_day(period) == day


@pytest.mark.parametrize("text", ["2013-06-30", "2013/6/30", "2013.6.30", "2013年6月30日"])
def test_a_day_is_read(text):
    assert read_date(text) == "2013-06-30"
    assert is_date(text) == (text == "2013-06-30")


@pytest.mark.parametrize("text", ["2013-02-30", "20130630", "2013-13-01", "today", ""])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="allowed: a date"):
        read_date(text)
    assert not is_date(text)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Place", "place"),
        (" 城市 ", "place"),
        ("City", "place"),
        ("年份", "period"),
        ("Known by", "known_by"),
        ("数值", "value"),
        ("GDP", ""),
    ],
)
def test_headers_in_english_and_chinese(header, column):
    assert column_of(header, ("place", "period", "value", "known_by")) == column


def test_a_synonym_counts_only_where_the_table_has_the_column():
    assert column_of("目标年", ("due",)) == "due"
    assert column_of("目标年", ("period",)) == ""


@pytest.mark.parametrize(
    ("column", "text", "word"),
    [
        ("kind", "同比", "growth"),
        ("kind", "Average growth", "average_growth"),
        ("kind", "guess", "guess"),
        ("wording", "超过", "over"),
        ("wording", "at least", "at_least"),
        ("scope", "离岸", "offshore"),
        ("scope", "All", "total"),
        ("scope", "New Parks", "new_parks"),
        ("status", "预测", "forecast"),
    ],
)
def test_words_in_cells(column, text, word):
    assert word_of(column, text) == word


@pytest.mark.parametrize("text", ["11.8¹", "11.8①", "118000²", "½"])
def test_the_mark_of_a_footnote_is_no_digit(text):
    # 11.8① once was 11.81.
    with pytest.raises(ValueError, match="mark of the footnote"):
        read_amount(text)


def test_a_formula_without_a_result_brings_the_cure():
    with pytest.raises(ValueError, match="a formula without a result; open the file"):
        read_amount("=D2*1.1")


@pytest.mark.parametrize(
    ("text", "value", "wording"),
    [
        ("约11.8万人", 118_000, "about"),
        ("超过300", 300, "over"),
        ("over 300", 300, "over"),
        ("300+", 300, "at_least"),
        ("300", 300, ""),
    ],
)
def test_a_qualifier_before_a_number_is_its_wording(text, value, wording):
    amount = read_amount(text)
    assert (amount.value, amount.wording) == (value, wording)


@pytest.mark.parametrize(
    ("text", "value"), [("1,234.5", 1234.5), ("1 234", 1234.0), ("-3", -3.0), ("1e6", 1e6), ("1E6", 1e6), (".5", 0.5)]
)
def test_a_bare_number_is_read_like_the_same_in_full_width(text, value):
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in text)
    assert read_amount(text).value == read_amount(wide).value == value
    assert (read_amount(text).unit, read_amount(text).wording) == ("", "")
