"""One place as tables."""

from dataclasses import replace
from functools import cache, partial
from math import exp, isclose

import numpy as np
import pytest

from app.language import ENGLISH, language_of
from app.place_tables import (
    QUANTILE_NAMES,
    currencies,
    fact_rows,
    fan_table,
    fan_words,
    flags,
    growth_tables,
    history_table,
    history_words,
    peer_rates,
    peer_record,
    places_with_figures,
    ruling_sentence,
    rulings_about,
    series_of,
    view_in,
)
from app.sentences import names_of
from app.vintages import LATEST, vintage_of
from data import Catalogue
from forecast import Belief, believe, predict
from forecast.currency import conversion
from scenarios import TargetAssessment

SIGNED = "Suzhou|contract_value_signed|total|USD"


def suzhou(assessed: tuple[TargetAssessment, ...], value: float) -> TargetAssessment:
    return next(one for one in assessed if one.place == "Suzhou" and one.value == value)


def test_places_with_figures_are_those_with_facts_or_targets(catalogue: Catalogue) -> None:
    places = places_with_figures(catalogue)
    assert set(places) == set(catalogue.facts["place"]) | set(catalogue.targets["place"])
    bare = replace(catalogue, facts=catalogue.facts.iloc[:0], targets=catalogue.targets[catalogue.targets["place"] == "Wuxi"])
    assert places_with_figures(bare) == ["Wuxi"]


def test_series_come_with_those_that_targets_ask_for_first(belief_2013: Belief) -> None:
    aimed = [SIGNED, "Suzhou|employees|total|persons"]
    keys = [str(one.key) for one in series_of(belief_2013, "Suzhou", aimed)]
    assert keys[:2] == aimed
    known = [len(one.series.years) for one in series_of(belief_2013, "Suzhou", [])]
    assert known == sorted(known, reverse=True)


def test_money_can_be_shown_in_dollars_and_yuan_and_people_cannot(belief_2013: Belief) -> None:
    signed, people = belief_2013.find(SIGNED), belief_2013.find("Suzhou|employees|total|persons")
    assert signed is not None
    assert people is not None
    assert currencies([signed]) == ["USD", "CNY"]
    assert currencies([people]) == ["persons"]


def test_a_converted_series_is_the_series_times_the_rate_of_each_year(belief_2013: Belief, catalogue: Catalogue) -> None:
    signed = belief_2013.find(SIGNED)
    assert signed is not None
    rates = catalogue.exchange_rates
    own, yuan = (view_in([signed], unit, rates, 2020) for unit in ("USD", "CNY"))
    assert not own.factors
    market = rates[(rates["pair"] == "CNY/USD") & (rates["convention"] == "annual average")].set_index("year")["rate"]
    for before, after in zip(history_table(own).itertuples(), history_table(yuan).itertuples(), strict=True):
        assert isclose(after.level / before.level, market[before.year], rel_tol=1e-12)
        assert after.low < after.level < after.high
    # Without a rate nothing is converted, and the view says so by its unit.
    assert view_in([signed], "CNY", rates.iloc[:0], 2020).unit == "USD"


def test_the_fan_starts_at_the_last_known_level_and_has_the_quantiles_of_the_prediction(
    belief_2013: Belief, catalogue: Catalogue
) -> None:
    signed = belief_2013.find(SIGNED)
    assert signed is not None
    view = view_in([signed], "USD", catalogue.exchange_rates, 2020)
    prediction = predict(belief_2013, signed, 2020)
    fan = fan_table(view, prediction)
    assert list(fan["year"]) == list(range(signed.series.origin, 2021))
    assert fan.iloc[0][list(QUANTILE_NAMES)].nunique() == 1
    assert (np.diff(fan.loc[1:, list(QUANTILE_NAMES)].to_numpy(), axis=1) > 0).all()
    assert fan.loc[3, "q50"] == pytest.approx(prediction.quantile(0.5)[2])
    words = fan_words(fan, history_table(view), ENGLISH)
    assert list(words["Year"]) == [*signed.series.years, *range(signed.series.origin + 1, 2021)]
    assert "95" not in words.columns
    assert words["97.5 of 100 lie below"].notna().sum() == 2020 - signed.series.origin


def test_a_target_is_flagged_on_its_series_and_converted_with_it(
    belief_2013: Belief, catalogue: Catalogue, assessed: tuple[TargetAssessment, ...]
) -> None:
    signed = belief_2013.find(SIGNED)
    assert signed is not None
    own = [one for one in assessed if one.place == "Suzhou"]
    dollars, yuan = (
        flags(own, view_in([signed], unit, catalogue.exchange_rates, 2020), nothing_believed, ENGLISH) for unit in ("USD", "CNY")
    )
    assert dollars.to_dict("records") == [{"year": 2015, "level": 15e9, "label": "target USD 15 billion", "odds": True}]
    assert 6 < yuan.loc[0, "level"] / 15e9 < 7
    withheld = replace(suzhou(assessed, 15e9), status="withheld")
    without = flags([withheld], view_in([signed], "USD", catalogue.exchange_rates, 2020), nothing_believed, ENGLISH)
    assert list(without["odds"]) == [False]


def nothing_believed(vintage: str) -> Belief:
    raise AssertionError(f"a level in the unit of its series needs no belief of {vintage}")


def test_a_target_stated_in_another_currency_is_flagged_where_its_odds_put_it(
    catalogue: Catalogue, assessed: tuple[TargetAssessment, ...]
) -> None:
    [dalian] = [one for one in assessed if one.place == "Dalian" and one.unit == "CNY" and (one.assessed_by or "").endswith("|USD")]
    believed = cache(partial(believe, catalogue))
    one = believed(vintage_of(dalian)).find(dalian.assessed_by or "")
    assert one is not None
    assert dalian.value is not None
    rates = catalogue.known_by(vintage_of(dalian)).exchange_rates
    dollars, yuan, hong_kong = (view_in([one], unit, rates, 2020) for unit in ("USD", "CNY", "HKD"))
    [flag] = flags([dalian], dollars, believed, ENGLISH).to_dict("records")
    rate = conversion(rates, "CNY", "USD", dalian.source, until=dalian.due or 0)
    assert rate is not None
    assert flag["level"] == pytest.approx(dalian.value * exp(rate.log_rate), rel=1e-9)
    assert (flag["year"], flag["odds"]) == (dalian.due, dalian.status == "assessed")
    assert flag["label"] == "target CNY 300 billion"
    assert flags([dalian], yuan, nothing_believed, ENGLISH)["level"].tolist() == [dalian.value]
    [there] = flags([dalian], hong_kong, believed, ENGLISH).to_dict("records")
    assert 7.7 < there["level"] / flag["level"] < 7.85
    people = replace(dalian, kind="rank", value=6.0, unit="count")
    assert flags([people], dollars, believed, ENGLISH).empty


def test_an_aim_of_growth_is_flagged_at_the_level_that_its_odds_ask_for(
    catalogue: Catalogue, assessed: tuple[TargetAssessment, ...]
) -> None:
    believed = cache(partial(believe, catalogue))
    aims = [one for one in assessed if one.kind in ("average_growth", "multiple") and one.status == "assessed"]
    assert len(aims) >= 5
    for aim in aims:
        assert aim.assessed_by is not None
        one = believed(vintage_of(aim)).find(aim.assessed_by)
        assert one is not None
        view = view_in([one], one.key.unit, catalogue.exchange_rates, 2020)
        [flag] = flags([aim], view, believed, ENGLISH).to_dict("records")
        stated = f"{aim.value:g} % a year" if aim.kind == "average_growth" else f"{aim.value:g} times"
        assert (flag["year"], flag["label"], flag["odds"]) == (aim.due, f"target {stated}", True)
        origin, years = one.series.origin, (aim.due or 0) - one.series.origin
        grown = (flag["level"] / one.series.level(origin)) ** (1 / years)
        assert grown == pytest.approx(1 + (aim.required_growth or 0.0) / 100)
        another = next(other for other in believed(LATEST).series if other.key != one.key)
        assert flags([aim], replace(view, one=another), believed, ENGLISH).empty


def test_the_record_counts_the_other_series_of_the_family(belief_2013: Belief, assessed: tuple[TargetAssessment, ...]) -> None:
    target = suzhou(assessed, 15e9)
    signed = belief_2013.find(SIGNED)
    assert signed is not None
    rates = peer_rates(belief_2013, signed)
    others = [one for one in belief_2013.series if one.family == signed.family and one.key != signed.key]
    assert len(rates) == sum(len(one.series.years) - 1 for one in others)
    record = peer_record(belief_2013, target)
    assert record is not None
    assert record.known == len(rates)
    assert record.as_fast == sum(rate >= (target.required_growth or 0.0) for rate in rates)
    assert record.years == 2015 - signed.series.origin
    assert record.elsewhere is not None
    assert (record.elsewhere.as_fast, record.elsewhere.episodes) == (target.elsewhere_as_fast, target.elsewhere)
    assert peer_record(belief_2013, replace(target, assessed_by=None)) is None


def test_growth_is_laid_out_by_target(belief_2013: Belief, catalogue: Catalogue, assessed: tuple[TargetAssessment, ...]) -> None:
    target = suzhou(assessed, 15e9)
    own, peers = growth_tables([(target, belief_2013)], names_of(catalogue, ENGLISH), ENGLISH)
    assert own.loc[0, ["needed", "had"]].tolist() == [target.required_growth, target.observed_growth]
    assert set(peers["label"]) == set(own["label"])


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_fact_behind_has_its_document_and_line(belief_2013: Belief, catalogue: Catalogue, code: str) -> None:
    language = language_of(code)
    for one in series_of(belief_2013, "Guangzhou", []):
        rows = fact_rows(view_in([one], one.key.unit, catalogue.exchange_rates, 2020), catalogue, language)
        assert len(rows) == len(one.series.facts) + len(one.series.set_aside)
        assert (rows[language.say("Line")] != "").all()
        assert rows[language.say("Document")].str.contains(r"\(00\d\)").all()


def test_rulings_are_told_with_what_was_printed(belief_2013: Belief, catalogue: Catalogue) -> None:
    one = belief_2013.find("Guangzhou|contract_value_signed|offshore|USD")
    assert one is not None
    ledger = rulings_about(view_in([one], "USD", catalogue.exchange_rates, 2020), [], catalogue)
    said = [ruling_sentence(ruling, catalogue, ENGLISH) for ruling in ledger]
    assert any("“USD 2.985 million” (document 003, line " in text and "read as USD 2.985 billion" in text for text in said)
    chinese = [ruling_sentence(ruling, catalogue, language_of("zh")) for ruling in ledger]
    assert any("读作US$29.85亿" in text for text in chinese)


def test_known_years_alone_have_headings_in_the_language(belief_2013: Belief) -> None:
    view = view_in([belief_2013.find("Suzhou|contract_value_signed|total|USD")], "USD", None, 2020)
    history = history_table(view)
    table = history_words(history, language_of("zh"))
    assert not {"year", "level", "low", "high", "basis"} & set(table.columns)
    assert table.iloc[:, 3].tolist() == history["level"].tolist()
    assert (table.iloc[:, 2] <= table.iloc[:, 3]).all()
    assert (table.iloc[:, 3] <= table.iloc[:, 4]).all()
