"""Levels from facts: by hand, against a minimiser, and what must not matter."""

from dataclasses import replace
from math import hypot, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from forecast.equations import PART_YEAR_STOCK_SD, RESTATEMENT_SD, UNDATED_SD
from forecast.reconstruction import LINK_MEAN, LINK_SD, reconstruct
from tests.made_up import catalogue_of, level, stated

RELIABILITY = 0.03  # of document 003, which the made-up facts name
PRECISE = 1e4  # digits of a money figure so fine that rounding adds nothing


def money(year, value, digits=PRECISE, **more):
    """An executed contract value in US dollars."""
    return level("A", "contract_value_executed", year, value, digits=digits, **more)


def people(year, value, digits=1.0, **more):
    return level("A", "employees", year, value, "persons", digits=digits, **more)


def only(facts, **tables):
    """The one series that follows from the facts."""
    (series,) = reconstruct(replace(catalogue_of(facts), **tables))
    return series


def reasons(series):
    return dict(series.set_aside)


# By hand


def test_a_growth_rate_gives_the_level_of_the_year_before():
    series = only([this := money(2012, 5.6e9, 1e8), stated(this, "growth", 56.8, "2012", digits=0.1)])
    assert series.years == (2011, 2012)
    assert series.level(2011) == pytest.approx(5.6e9 / 1.568, rel=1e-4)
    assert series.stated == (False, True)
    # 5.6 bn printed to a tenth: sd of the logarithm .1 / 5.6 / root of 12, beside that of the document.
    of_level = hypot(0.1 / 5.6 / sqrt(12), RELIABILITY)
    of_growth = hypot(0.001 / 1.568 / sqrt(12), RESTATEMENT_SD)
    # The derived level shares the error of the stated one.
    expected = [[of_level**2 + of_growth**2, of_level**2], [of_level**2, of_level**2]]
    np.testing.assert_allclose(series.covariance, expected, rtol=1e-3)


def test_triple_the_amount_of_2009():
    series = only(
        [this := money(2012, 46.57e9, 1e7), stated(this, "multiple", 3.4, "2012", "ratio", digits=0.1, relative_to="2009")]
    )
    assert series.years == (2009, 2012)
    assert series.level(2009) == pytest.approx(46.57e9 / 3.4, rel=2e-4)


def test_a_growth_rate_may_be_relative_to_an_earlier_year():
    # 100 % more than in 2010.
    series = only([this := money(2012, 2.44e9), stated(this, "growth", 101.5, "2012", digits=0.1, relative_to="2010")])
    assert series.years == (2010, 2012)
    assert series.level(2010) == pytest.approx(2.44e9 / 2.015, rel=1e-4)


def test_average_growth_over_a_span():
    series = only([this := money(2012, 2.44e9), stated(this, "average_growth", 20.5, "2008/2012", digits=0.1)])
    assert series.years == (2008, 2012)
    assert series.level(2008) == pytest.approx(2.44e9 / 1.205**4, rel=1e-4)
    # Rounding of the rate counts four times, a restated base once.
    of_growth = hypot(4 * 0.001 / 1.205 / sqrt(12), RESTATEMENT_SD)
    assert series.covariance[0, 0] - series.covariance[1, 1] == pytest.approx(of_growth**2, rel=1e-3)


def test_the_year_missing_in_a_sum_is_the_rest(catalogue):
    # 1.1001 + 1.2001 + ? = 3.7003; 1.4001 remains for 2012 when every figure is next to certain, so that loose links do not count.
    facts = [money(2010, 1.1001e9, 1e5), this := money(2011, 1.2001e9, 1e5), stated(this, "sum", 3.7003e9, "2010/2012", "USD")]
    sources = catalogue.sources.assign(reliability=1e-5)
    series = only(facts, sources=sources)
    assert series.years == (2010, 2011, 2012)
    assert series.level(2012) == pytest.approx(1.4001e9, rel=1e-6)


def test_a_sum_over_years_without_levels_is_the_minimum_of_its_squares():
    """The whole criterion written out: one level, one sum, and loose links between neighbouring years."""
    this = money(2010, 14.31e9)
    series = only([this, stated(this, "sum", 30.03e9, "2006/2010", "USD", digits=PRECISE)])
    assert series.years == (2006, 2007, 2008, 2009, 2010)

    def criterion(x):
        of_level = (x[-1] - log(14.31)) / RELIABILITY
        of_sum = (np.log(np.exp(x).sum()) - log(30.03)) / RELIABILITY
        links = (np.diff(x) - LINK_MEAN) / LINK_SD
        return of_level**2 + of_sum**2 + links @ links

    best = minimize(criterion, np.full(5, 1.5), method="BFGS", options={"gtol": 1e-9}).x
    np.testing.assert_allclose(series.log_level, best + log(1e9), atol=1e-5)
    assert series.level(2006) < series.level(2009) < series.level(2010)


def test_two_agreeing_figures_of_one_year_are_averaged():
    first, second = money(2012, 5.60001e9), money(2012, 5.70001e9, fact="another")
    series = only([first, second])
    assert series.level(2012) == pytest.approx(sqrt(5.6 * 5.7) * 1e9, rel=1e-5)
    # They differ by .018, less than the .042 that two documents may: chi-square below one, nothing is widened.
    assert series.covariance[0, 0] == pytest.approx(RELIABILITY**2 / 2, rel=1e-4)
    assert series.conflicts == ()


def test_conflicting_figures_widen_by_the_birge_ratio():
    # With one degree of freedom chi-square is D² / (2 s²), so the variance s²/2 becomes D²/4, however good the documents.
    series = only([money(2012, 5.60001e9), money(2012, 8.40001e9, fact="another")])
    assert series.covariance[0, 0] == pytest.approx(log(8.4 / 5.6) ** 2 / 4, rel=1e-4)
    # D = .405 is 9.6 standard deviations .03 x root of 2 of a difference of two figures (METHOD D8).
    assert series.conflicts == tuple(f"{name} is 9.6 standard deviations from the others" for name in series.facts)


def test_growth_that_contradicts_the_levels_is_a_conflict():
    # The levels fell by 13.2 %, the growth printed beside them is +5.4 %: ln(1.054) - ln(.868) = .1942 apart, which is 4.0
    # standard deviations of the whole equation, root of (2 x .03² + .022²) = .0478 and a little rounding (METHOD D6).
    facts = [money(2011, 1.0001e9), this := money(2012, 0.8681e9), stated(this, "growth", 5.4, "2012", digits=0.1)]
    series = only(facts)
    assert series.conflicts == tuple(f"{name} is 4.1 standard deviations from the others" for name in series.facts)
    assert not only(facts[:2]).conflicts


def test_growth_within_three_standard_deviations_is_no_conflict():
    # -1.9 % instead: .122 apart, 2.6 standard deviations.
    facts = [money(2011, 1.0001e9), this := money(2012, 0.8681e9), stated(this, "growth", -1.9, "2012", digits=0.1)]
    assert only(facts).conflicts == ()


# What is used and what is set aside


def test_copies_change_nothing():
    facts = [this := money(2012, 5.61e9, 1e7), stated(this, "growth", 56.8, "2012", digits=0.1)]
    copies = [replace(fact, fact=f"{fact.fact} again", known_by="2014-12-31") for fact in facts]
    once, twice = only(facts), only([*facts, *copies])
    assert once.log_level.tobytes() == twice.log_level.tobytes()
    assert once.covariance.tobytes() == twice.covariance.tobytes()
    assert once.facts == twice.facts
    assert reasons(twice) == dict.fromkeys((copy.fact for copy in copies), "a copy of a figure already used")


def test_of_copies_the_most_reliable_counts_in_whatever_order(catalogue):
    reliability = catalogue.sources.set_index("source")["reliability"]
    assert reliability["002"] > reliability["003"]
    facts = [money(2012, 5.61e9, source="002", fact="press"), money(2012, 5.61e9, fact="report")]
    for order in (facts, facts[::-1]):
        series = only(order)
        assert series.facts == ("report",)
        assert series.covariance[0, 0] == pytest.approx(reliability["003"] ** 2, rel=1e-3)


def test_the_same_multiple_of_another_year_is_no_copy():
    this = money(2012, 6.01e9)
    multiple = stated(this, "multiple", 3, "2012", "ratio", digits=1.0)
    multiples = [replace(multiple, fact=f"triple of {year}", relative_to=year) for year in ("2008", "2009")]
    assert only([this, *multiples]).years == (2008, 2009, 2012)


def test_figures_that_cannot_be_used_are_set_aside_with_their_reason():
    this = money(2012, 5.61e9)
    facts = [
        this,
        replace(this, fact="plan", status="forecast", period="2015"),
        replace(this, fact="spring", period="2012-04/2012-06"),
        replace(this, fact="nothing", value=0.0),
        replace(stated(this, "share", 40.0, "2012"), fact="share"),
        replace(stated(this, "growth", 10.0, ""), fact="undated growth"),
        replace(stated(this, "sum", 9e9, "2012", "USD"), fact="sum of one year"),
        replace(stated(this, "sum", 9e9, "/2012", "USD"), fact="sum from ever"),
        replace(stated(this, "average_growth", 10.0, "2012"), fact="average of one year"),
        replace(stated(this, "multiple", 3.0, "2012", "ratio", relative_to="China employees total"), fact="multiple of what"),
        replace(stated(this, "growth", 10.0, "2008"), fact="far growth"),
    ]
    series = only(facts)
    assert series.facts == (this.fact,)
    assert reasons(series) == {
        "plan": "a forecast, not an observation",
        "spring": "months before it are missing",
        "nothing": "not a positive figure",
        "share": "a share of something that is not counted here",
        "undated growth": "has no year",
        "sum of one year": "the years it covers are not stated",
        "sum from ever": "its first year is not stated",
        "average of one year": "the years it covers are not stated",
        "multiple of what": "the year it is a multiple of is not stated",
        "far growth": "no level that it could be hung on",
    }


def test_without_a_level_there_is_no_series():
    assert reconstruct(catalogue_of([stated(money(2012, 1.0), "growth", 10.0, "2012")])) == []


def test_growth_joins_years_into_a_chain():
    this = money(2012, 8.01e9)
    series = only([this, *(stated(this, "growth", 100.3, str(year), digits=0.1) for year in (2010, 2011, 2012))])
    np.testing.assert_allclose([series.level(year) for year in series.years], 8.01e9 / 2.003 ** np.array([3, 2, 1, 0]), rtol=1e-4)


def test_currencies_are_series_of_their_own_and_share_the_growth():
    dollars = money(2012, 5.61e9)
    yuan = replace(dollars, fact="yuan", value=35.31e9, unit="CNY")
    series = reconstruct(catalogue_of([dollars, yuan, stated(dollars, "growth", 56.8, "2012", digits=0.1)]))
    assert [one.key.unit for one in series] == ["CNY", "USD"]
    for one in series:
        assert one.level(2011) == pytest.approx(one.level(2012) / 1.568, rel=1e-6)
        assert one.set_aside == ()


def test_an_undated_figure_stands_for_the_year_before_its_publication():
    # Document 003 is of 2013.
    series = only([people("", 130_000, 1e4)])
    assert series.years == (2012,)
    rounding = 1e4 / 130_000 / sqrt(12)
    assert series.covariance[0, 0] == pytest.approx(UNDATED_SD**2 + rounding**2, rel=1e-3)


def test_a_stock_in_mid_year_stands_for_its_end_with_less_trust():
    series = only([people("2012-06", 151_301)])
    assert series.years == (2012,)
    assert series.covariance[0, 0] == pytest.approx(RELIABILITY**2 + PART_YEAR_STOCK_SD**2, rel=1e-4)


def ruling(fact, verdict, value=np.nan):
    columns = {
        "ruling": "r",
        "fact": fact,
        "target": "",
        "verdict": verdict,
        "corrected_value": value,
        "reason": "",
        "evidence": "",
    }
    return pd.DataFrame([columns])


def test_rulings_correct_and_exclude():
    facts = [money(2012, 2.985e6, 1e3), money(2011, 2.431e9, 1e6)]
    corrected = only(facts, rulings=ruling(facts[0].fact, "correct", 2.985e9))
    assert corrected.level(2012) == pytest.approx(2.985e9, rel=1e-6)
    # The last printed digit grows with the value: million to billion.
    expected = hypot(1e6 / 2.985e9 / sqrt(12), RELIABILITY)
    assert corrected.covariance[1, 1] == pytest.approx(expected**2, rel=1e-6)
    assert only(facts, rulings=ruling(facts[0].fact, "exclude")).years == (2011,)


# Laws


def web_of_facts():
    """One series over-determined by all kinds of facts, and a second one."""
    this = money(2012, 46.57e9, 1e7)
    return [
        this,
        money(2011, 32.39e9, 1e7),
        money(2011, 33.1e9, 1e8, fact="another 2011", source="002"),
        stated(this, "growth", 43.8, "2012", digits=0.1),
        stated(this, "multiple", 3.4, "2012", "ratio", digits=0.1, relative_to="2009"),
        stated(this, "average_growth", 50.5, "2009/2012", digits=0.1),
        stated(this, "sum", 123.1e9, "2009/2012", "USD", digits=1e8),
        people(2012, 151_300, 100.0),
        people(2011, 120_000, wording="over"),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_facts_does_not_matter(seed):
    facts = web_of_facts()
    shuffled = [facts[i] for i in np.random.default_rng(seed).permutation(len(facts))]
    assert shuffled != facts
    for one, other in zip(reconstruct(catalogue_of(facts)), reconstruct(catalogue_of(shuffled)), strict=True):
        assert (one.key, one.years, set(one.facts)) == (other.key, other.years, set(other.facts))
        np.testing.assert_allclose(one.log_level, other.log_level, rtol=0, atol=1e-10)
        np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-8, atol=1e-14)


def test_scaling_all_money_shifts_the_logarithms_only():
    facts = web_of_facts()[:-2]
    scaled = [replace(fact, value=1000 * fact.value, digits=1000 * fact.digits) if fact.unit == "USD" else fact for fact in facts]
    one, other = only(facts), only(scaled)
    np.testing.assert_allclose(other.log_level - one.log_level, log(1000), atol=1e-9)
    np.testing.assert_allclose(other.covariance, one.covariance, rtol=1e-6)


def test_another_year_of_origin_changes_nothing_else():
    facts = web_of_facts()[:-2]

    def later(fact):
        period = "/".join(str(int(year) + 20) for year in fact.period.split("/"))
        return replace(fact, period=period, relative_to=str(int(fact.relative_to) + 20) if fact.relative_to else "")

    one, other = only(facts), only([later(fact) for fact in facts])
    assert other.years == tuple(year + 20 for year in one.years)
    np.testing.assert_allclose(other.log_level, one.log_level, atol=1e-10)


def test_a_more_precise_figure_has_less_variance():
    # 5.61 bn printed to 10, to 1 and to .1 million; 5.6 bn to 100 million.
    variances = [only([money(2012, 5.6e9, 1e8)]).covariance[0, 0]]
    variances += [only([money(2012, 5.61e9 + 1e6, digits)]).covariance[0, 0] for digits in (1e6, 1e5)]
    assert variances == sorted(variances, reverse=True)
    assert len(set(variances)) == 3


@pytest.mark.parametrize("wording", ["over", "about", "nearly", "under"])
def test_a_worded_figure_has_more_variance_than_the_same_one_printed_exactly(wording):
    exact, worded = (only([money(2012, 5.6e9, 1e8, wording=words)]) for words in ("exact", wording))
    assert worded.covariance[0, 0] > exact.covariance[0, 0]


def test_an_agreeing_figure_never_adds_variance():
    facts = [money(2011, 3.5701e9), this := money(2012, 5.6e9, 1e8)]
    before, after = only(facts), only([*facts, stated(this, "growth", 56.9, "2012", digits=0.1)])
    assert np.all(np.diag(after.covariance) < np.diag(before.covariance))


def test_all_bundled_series_are_sound(catalogue):
    series = reconstruct(catalogue)
    keys = [one.key for one in series]
    assert keys == sorted(set(keys))
    used = [fact for one in series for fact in one.facts]
    assert set(used) <= set(catalogue.facts["fact"])
    for one in series:
        assert np.all(np.isfinite(one.log_level))
        assert np.linalg.eigvalsh(one.covariance).min() > 0
        assert list(one.years) == sorted(set(one.years))
        assert not set(one.facts) & {fact for fact, _ in one.set_aside}


def test_levels_of_which_nothing_else_is_said_are_solved_like_all_others():
    """Another series, hung on by a share that says next to nothing, takes the figures through the whole of the equations."""
    levels = [people(year, value) for year, value in ((2009, 1234), (2010, 1700), (2012, 2890))]
    plain = only(levels)
    part = stated(levels[-1], "share", 50.0, "2012", scope="offshore", relative_to="A employees total", digits=49.0)
    (whole,) = [one for one in reconstruct(catalogue_of([*levels, part])) if one.key == plain.key]
    np.testing.assert_allclose(whole.log_level, plain.log_level, rtol=1e-12)
    np.testing.assert_allclose(whole.covariance, plain.covariance, rtol=1e-9, atol=1e-15)
    assert (whole.years, whole.stated, whole.behind[:2]) == (plain.years, plain.stated, plain.behind[:2])
