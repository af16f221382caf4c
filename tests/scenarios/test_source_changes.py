"""The odds without one source, against beliefs formed from a catalogue without it."""

from dataclasses import replace
from math import log, sqrt

import pytest
from scipy.stats import norm

from data import Catalogue
from forecast.belief import believe
from forecast.currency import CONVENTION_SD, YEARLY_SD, conversion
from forecast.prediction import predict
from scenarios import TargetAssessment, assess_targets
from scenarios.aims import Aim
from scenarios.source_changes import probability, source_changes
from tests.made_up import aim, catalogue_of, level, stated

EXECUTED = "contract_value_executed"
KEY = f"City A|{EXECUTED}|total|USD"


def world() -> list:
    a = level("City A", EXECUTED, 2012, 2.1e9, digits=1e7)
    return [
        a,
        stated(a, "growth", 80.0, "2012", digits=1.0),
        level("City B", EXECUTED, 2011, 1.4e9, digits=1e7, source="001"),
        level("City B", EXECUTED, 2012, 1.5e9, digits=1e7, source="001"),
        level("City C", EXECUTED, 2011, 1.0e9, digits=1e7, source="mine.csv"),
        level("City C", EXECUTED, 2012, 1.4e9, digits=1e7, source="mine.csv"),
    ]


def asked(facts: list, value: float = 6e9, **more: object) -> TargetAssessment:
    target = aim("City A", EXECUTED, 2015, value, assessed_by=KEY, **more)
    (one,) = assess_targets(catalogue_of(facts, [target]), known_by="latest", paths=200)
    return one


def closed_form(facts: list, value: float = 6e9) -> float:
    belief = believe(catalogue_of(facts))
    return predict(belief, belief.find(KEY), 2015).probability_at_least(log(value), 2015)


def test_the_largest_change_and_its_source_are_those_of_forming_the_belief_anew() -> None:
    facts = world()
    before = closed_form(facts)
    drops = {fact.fact: [one for one in facts if one is not fact] for fact in facts[1:2]}
    drops |= {source: [one for one in facts if one.source != source] for source in ("001", "mine.csv")}
    changes = {name: closed_form(rest) - before for name, rest in drops.items()}
    largest = max(changes, key=lambda name: abs(changes[name]))
    one = asked(facts)
    assert one.source_dropped == largest
    assert one.source_change == pytest.approx(changes[largest], abs=1e-8)
    assert len({round(change, 3) for change in changes.values()}) == 3  # they are not alike


def test_the_growth_of_the_city_itself_raises_its_odds() -> None:
    one = asked(world()[:2])
    assert one.source_dropped == f"City A-{EXECUTED}-2012-growth"
    assert one.source_change < 0


def test_without_the_only_figure_nothing_is_left_to_tell() -> None:
    one = asked(world()[:1], 3e9)
    assert one.status == "withheld"  # its family has one series
    assert (one.source_change, one.source_dropped) == (None, None)


def test_a_figure_printed_twice_is_not_missed_where_it_is_dropped_once() -> None:
    facts = world()[:2]
    one = asked([*facts, replace(facts[1], fact="copy")])
    assert one.source_dropped is None


def test_without_the_last_year_a_target_is_read_from_the_one_before() -> None:
    """Doubling 2012 asks for something else where 2012 is not known: the document of 2012 is dropped, that of 2011 stays."""
    known = [level("City A", EXECUTED, 2011, 1e9, digits=1e7, source="001"), level("City A", EXECUTED, 2012, 1.9e9, digits=1e7)]
    (one,) = assess_targets(
        catalogue_of(known, [aim("City A", EXECUTED, 2015, 2.0, "ratio", kind="multiple", base_period="2012", assessed_by=KEY)]),
        known_by="latest",
        paths=200,
    )

    def doubled(facts: list) -> float:
        belief = believe(catalogue_of(facts))
        series = belief.find(KEY)
        return predict(belief, series, 2015).probability_at_least(float(series.series.log_level[-1]) + log(2), 2015)

    changes = {0: doubled(known[1:]) - doubled(known), 1: doubled(known[:1]) - doubled(known)}
    largest = max(changes, key=lambda number: abs(changes[number]))
    assert one.source_change == pytest.approx(changes[largest], abs=1e-8)
    assert one.source_dropped in (known[largest].fact, known[largest].source)


def test_the_closed_form_holds_the_lever_and_the_doubt_about_the_exchange_rate() -> None:
    belief = believe(catalogue_of(world()))
    one = belief.find(KEY)
    row = aim("City A", EXECUTED, 2015, 30e9, "CNY")
    rate = conversion(catalogue_of(world()).known_by("2013-12-31").exchange_rates, "USD", "CNY")
    asks = Aim(row.target, one, 2015, log(30e9) - rate.log_rate, rate, "")
    mean, variance = predict(belief, one, 2015).log_moments()
    narrow = replace(rate, convention_sd=0.0, yearly_sd=0.0)
    wide = replace(rate, convention_sd=50 * CONVENTION_SD, yearly_sd=50 * YEARLY_SD)
    # With a doubt far wider than the rest the mixture is one normal distribution.
    sd = sqrt(variance[-1] + wide.convention_sd**2 + 3 * wide.yearly_sd**2)
    expected = norm.sf(asks.log_level, mean[-1] + 3 * log(1.05), sd)
    assert probability(belief, one, row, replace(asks, conversion=wide), 5.0) == pytest.approx(expected, abs=1e-3)
    certain = predict(belief, one, 2015).probability_at_least(asks.log_level, 2015)
    assert probability(belief, one, row, replace(asks, conversion=narrow), 0.0) == pytest.approx(certain, abs=1e-12)


def test_bundled_targets_keep_within_what_is_possible(catalogue: Catalogue) -> None:
    assessed = [one for one in assess_targets(catalogue, paths=1000) if one.status == "assessed"]
    known = set(catalogue.facts["fact"]) | set(catalogue.sources["source"])
    told = [one for one in assessed if one.source_dropped is not None]
    assert len(told) > len(assessed) / 2
    for one in assessed:
        assert (one.source_change is None) == (one.source_dropped is None)
    for one in told:
        assert one.source_dropped in known
        # Four Monte Carlo errors of a thousand futures: the odds without the source are odds too.
        assert -4 * one.probability_error <= one.probability + one.source_change <= 1 + 4 * one.probability_error


def test_the_document_that_a_family_leans_on_is_found(catalogue: Catalogue) -> None:
    """The vintage of 2013 has growth of people and firms from few documents; without each of them by hand."""
    vintage = "2013-12-31"
    (one,) = [
        one
        for one in assess_targets(catalogue, places=["Suzhou"], paths=200)
        if one.measure == "employees" and one.status == "assessed"
    ]
    known = catalogue.known_by(vintage)
    series = one.assessed_by

    def odds(facts: object) -> float:
        belief = believe(replace(known, facts=facts), vintage)
        return predict(belief, belief.find(series), one.due).probability_at_least(log(one.value), one.due)

    without = {source: odds(known.facts[known.facts["source"] != source]) for source in ("000", "001")}
    largest = max(without, key=lambda source: abs(without[source] - odds(known.facts)))
    assert one.source_dropped == largest
    # Rulings whose evidence is dropped too go with it here, and stay in `source_changes`: not the same to the last digit.
    assert one.source_change == pytest.approx(without[largest] - odds(known.facts), abs=0.02)


def test_no_targets_no_changes(catalogue: Catalogue) -> None:
    assert source_changes(catalogue, believe(catalogue), []) == {}


def test_of_many_series_no_source_is_dropped(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.source_changes.MOST_SERIES", 10)
    (one, *_) = assess_targets(catalogue, places=["Suzhou"], paths=100)
    assert (one.status, one.source_change, one.source_dropped) == ("assessed", None, None)
