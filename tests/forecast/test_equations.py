"""Facts as equations: months, shares, parts and totals, two documents, rulings that widen."""

from dataclasses import replace
from math import exp, hypot, log, sqrt

import numpy as np
import pandas as pd
import pytest

from forecast.currency import CONVENTION_SD
from forecast.equations import IDENTITY_SD, RESTATEMENT_SD, SOURCE_BIAS_SD, WIDEN_SD
from forecast.periods import national_share
from forecast.reconstruction import reconstruct
from tests.made_up import catalogue_of, level, stated

RELIABILITY = 0.03  # of document 003, which the made-up facts name
PRECISE = 1e4


def money(scope, value, year=2012, place="A", **more):
    fact = level(place, "contract_value_executed", year, value, digits=PRECISE, scope=scope, **more)
    return replace(fact, fact=f"{place}-{scope}-{year}-{fact.source}")


def by_scope(facts, **tables):
    return {one.key.scope: one for one in reconstruct(replace(catalogue_of(facts), **tables))}


# Months


def test_eight_months_stand_for_the_year_with_less_trust():
    part = money("total", 6.03e9, "2009-01/2009-08")
    (series,) = reconstruct(catalogue_of([part]))
    share, sd = national_share(8)
    assert series.years == (2009,)
    assert series.level(2009) == pytest.approx(6.03e9 / exp(share), rel=1e-5)
    assert sqrt(series.covariance[0, 0]) == pytest.approx(hypot(RELIABILITY, sd), rel=1e-3)


# Shares


def test_a_share_of_a_known_whole_gives_the_part():
    whole = money("total", 5.03e9)
    share = replace(
        stated(whole, "share", 41.3, "2012", digits=0.1),
        fact="share",
        scope="offshore",
        relative_to="A contract_value_executed total",
    )
    found = by_scope([whole, share])
    assert found["offshore"].level(2012) == pytest.approx(0.413 * 5.03e9, rel=1e-3)
    assert found["offshore"].stated == (False,)
    assert found["offshore"].facts == ("share",)


def test_a_share_of_the_province_gives_the_province():
    # USD 7.14 billion are 34.6 percent of Jiangsu: 20.64
    part = money("total", 7.14e9, place="Nanjing")
    share = replace(
        stated(part, "share", 34.6, "2012", digits=0.1), fact="share", relative_to="Jiangsu contract_value_executed total"
    )
    found = {one.key.place: one for one in reconstruct(catalogue_of([part, share]))}
    assert found["Jiangsu"].level(2012) == pytest.approx(20.64e9, rel=1e-3)


def test_a_share_of_another_measure_is_set_aside():
    part = money("services", 1e9)
    share = replace(stated(part, "share", 34.6, "2012"), fact="share", relative_to="A contract_value_signed total")
    (series,) = reconstruct(catalogue_of([part, share]))
    assert dict(series.set_aside) == {"share": "a share of something that is not counted here"}


# Parts add up


def test_offshore_and_onshore_add_up_to_the_total():
    found = by_scope([money("total", 1.21e9), money("offshore", 0.49e9), money("onshore", 0.71e9)])
    levels = {scope: one.level(2012) for scope, one in found.items()}
    assert levels["offshore"] + levels["onshore"] == pytest.approx(levels["total"], rel=0.002)
    # the small contradiction (1.20 against 1.21) is shared out, most of it to the total and the larger part
    assert 0.49e9 < levels["offshore"] < levels["onshore"] < levels["total"] < 1.21e9
    # each figure has become more certain by the two others
    for one in found.values():
        assert sqrt(one.covariance[0, 0]) < RELIABILITY
        assert one.freedom == 1


def test_the_law_of_addition_is_the_least_squares_solution():
    total, offshore, onshore = 1.30e9, 0.49e9, 0.71e9
    found = by_scope([money("total", total), money("offshore", offshore), money("onshore", onshore)])
    solution = np.array([np.log(found[scope].level(2012)) for scope in ("total", "offshore", "onshore")])

    def squares(logs):
        misses = (logs - np.log([total, offshore, onshore])) / RELIABILITY
        return misses @ misses + (np.logaddexp(logs[1], logs[2]) - logs[0]) ** 2 / IDENTITY_SD**2

    for step in np.eye(3):
        for size in (1e-3, -1e-3):
            assert squares(solution) < squares(solution + size * step)
    # 1.30 against 1.20 is 8 % apart, and figures of 3 %: all of them are trusted less
    assert found["total"].chi_square / found["total"].freedom > 1


def test_a_part_alone_is_not_guessed_from_its_total():
    found = by_scope([money("total", 1.21e9), money("offshore", 0.49e9)])
    assert set(found) == {"total", "offshore"}
    assert found["total"].level(2012) == pytest.approx(1.21e9, rel=1e-5)


def test_the_branches_of_offshore_add_up_to_offshore():
    facts = [money("offshore", 3.56e9), money("offshore_ito", 2.6e9), money("offshore_bpo", 0.7e9), money("offshore_kpo", 0.36e9)]
    levels = {scope: one.level(2012) for scope, one in by_scope(facts).items()}
    assert sum(levels[f"offshore_{branch}"] for branch in ("ito", "bpo", "kpo")) == pytest.approx(levels["offshore"], rel=0.002)


# Two documents


def test_another_document_may_count_differently():
    ours = money("total", 2.17e9)
    theirs = money("total", 2.04e9, 2010, source="001")
    (series,) = reconstruct(catalogue_of([ours, theirs]))
    # The last figure's document is the measure of the series; a level of another one has a bias of its own.
    assert sqrt(series.covariance[1, 1]) == pytest.approx(RELIABILITY, rel=1e-3)
    assert sqrt(series.covariance[0, 0]) == pytest.approx(hypot(RELIABILITY, SOURCE_BIAS_SD), rel=1e-3)


def test_levels_of_another_document_share_their_bias():
    facts = [money("total", 2.17e9), money("total", 1.5e9, 2010, source="001"), money("total", 1.2e9, 2009, source="001")]
    (series,) = reconstruct(catalogue_of(facts))
    assert series.covariance[0, 1] == pytest.approx(SOURCE_BIAS_SD**2, rel=1e-6)
    assert series.covariance[0, 2] == pytest.approx(0.0, abs=1e-12)


# Rulings


def test_a_ruling_widens_a_figure():
    this = money("total", 2.17e9)
    rulings = pd.DataFrame([{"ruling": "doubt", "fact": this.fact, "verdict": "widen", "corrected_value": np.nan}])
    (series,) = reconstruct(replace(catalogue_of([this]), rulings=rulings))
    assert sqrt(series.covariance[0, 0]) == pytest.approx(hypot(RELIABILITY, WIDEN_SD), rel=1e-3)
    assert series.log_level[0] == pytest.approx(log(2.17e9), rel=1e-6)


def test_an_excluded_figure_names_its_ruling():
    this, other = money("total", 2e9), money("total", 1e9, 2011)
    rulings = pd.DataFrame([{"ruling": "misprint", "fact": this.fact, "verdict": "exclude", "corrected_value": np.nan}])
    (series,) = reconstruct(replace(catalogue_of([this, other]), rulings=rulings))
    assert series.years == (2011,)
    assert dict(series.set_aside) == {this.fact: "by ruling misprint"}


# Currencies


def by_unit(facts):
    return {one.key.unit: one for one in reconstruct(catalogue_of(facts))}


def growth_of_dollars_beside_yuan(period="2011", **more):
    dollars = money("total", 4.03e9, int(period))
    growth = stated(dollars, "growth", 31.137, period, digits=0.001, **more)
    return [dollars, growth, money("total", 26.01e9, int(period), unit="CNY", source="001")]


def test_growth_printed_with_dollars_is_converted_in_a_series_of_yuan():
    series = by_unit(growth_of_dollars_beside_yuan())
    # A dollar was 6.7696 yuan on average in 2010 and 6.4630 in 2011.
    assert series["USD"].level(2011) / series["USD"].level(2010) == pytest.approx(1.31137, rel=1e-6)
    assert series["CNY"].level(2011) / series["CNY"].level(2010) == pytest.approx(1.31137 * 6.4630 / 6.7696, rel=1e-6)


def test_and_the_doubt_about_the_convention_of_both_years_stands_in_its_covariance():
    series = by_unit(growth_of_dollars_beside_yuan())
    growth = np.array([-1.0, 1.0])
    own, converted = (sqrt(growth @ series[unit].covariance @ growth) for unit in ("USD", "CNY"))
    assert own == pytest.approx(RESTATEMENT_SD, rel=1e-4)
    assert converted == pytest.approx(hypot(RESTATEMENT_SD, sqrt(2) * CONVENTION_SD), rel=1e-4)


def test_growth_whose_source_states_both_currencies_or_none_is_that_of_the_series_itself():
    facts = growth_of_dollars_beside_yuan()
    also_yuan = [*facts[:2], replace(facts[2], source="003")]
    from_elsewhere = [facts[0], replace(facts[1], source="000"), facts[2]]
    for told in (also_yuan, from_elsewhere):
        series = by_unit(told)["CNY"]
        assert series.level(2011) / series.level(2010) == pytest.approx(1.31137, rel=1e-6)


def test_growth_between_years_without_an_exchange_rate_is_set_aside():
    series = by_unit(growth_of_dollars_beside_yuan("2003"))
    assert series["USD"].years == (2002, 2003)
    assert series["CNY"].years == (2003,)
    ((_, reason),) = series["CNY"].set_aside
    assert reason == "growth of figures in USD, and no exchange rates of 2002 and 2003 are known"


def test_growth_of_persons_beside_a_count_is_not_a_matter_of_currency():
    people = level("A", "employees", 2012, 10_000, "persons")
    both = [people, stated(people, "growth", 20.0, "2012"), replace(people, fact="count", unit="count", source="001")]
    assert by_unit(both)["count"].years == (2011, 2012)
