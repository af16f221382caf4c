"""The ledger of rulings: complete, current, and about the figures that it names."""

from dataclasses import replace

import pytest

from data.catalogue import bundled_catalogue
from data.rulings import answered, findings, ruling_faults, rulings

BUNDLED = bundled_catalogue()
COMPUTED = findings(BUNDLED)
LEDGER = rulings(BUNDLED)


def test_every_finding_is_ruled_on_and_every_ruling_is_current():
    assert ruling_faults(BUNDLED, COMPUTED) == []
    assert len(LEDGER) == len(BUNDLED.rulings) >= 50
    assert len({one.finding for one in COMPUTED}) == len(COMPUTED) >= 50


def test_a_finding_without_a_ruling_is_reported():
    name = COMPUTED[0].finding
    ledger = BUNDLED.rulings[~BUNDLED.rulings["finding"].str.contains(name, regex=False)]
    faults = ruling_faults(replace(BUNDLED, rulings=ledger), COMPUTED)
    assert f"new finding {name}: {COMPUTED[0].text}; rulings.csv has no ruling on it" in faults


def test_a_ruling_whose_finding_is_gone_is_reported():
    faults = ruling_faults(BUNDLED, COMPUTED[1:])
    assert faults == [f"rulings.csv: the finding {COMPUTED[0].finding!r} is no longer there"]


def test_a_changed_figure_makes_a_new_finding():
    # ten times the contracts of one city
    fact = "suzhou-contract_value_signed-total-2012-level"
    facts = BUNDLED.facts.assign(value=BUNDLED.facts["value"].where(BUNDLED.facts["fact"] != fact, BUNDLED.facts["value"] * 10))
    changed = replace(BUNDLED, facts=facts)
    assert any(fact in fault and fault.startswith("new finding") for fault in ruling_faults(changed, findings(changed)))


def test_the_misprints_that_a_reader_would_look_for_are_in_the_ledger():
    by_place = {(one.place, one.measure, one.verdict) for one in LEDGER}
    assert {
        ("Guangzhou", "contract_value_signed", "correct"),
        ("Guangzhou", "contract_value_executed", "correct"),
        ("Hangzhou", "contract_value_signed", "exclude"),
        ("Hangzhou", "outsourcing_revenue", "exclude"),
        ("Hangzhou", "contract_value_executed", "exclude"),
        ("Hefei", "gdp", "correct"),
        ("Suzhou", "gdp", "correct"),
        ("Hong Kong", "service_exports", "correct"),
        ("Xuzhou", "population", "widen"),
        ("Chengdu", "population", "widen"),
    } <= by_place


def test_a_ruling_carries_the_figure_it_is_about():
    (one,) = [one for one in LEDGER if one.ruling == "suzhou-gdp"]
    assert (one.place, one.measure, one.period, one.printed, one.source) == ("Suzhou", "gdp", "2012", "RMB 120.12 billion", "003")
    assert one.corrected_value == pytest.approx(1.2012e12)
    assert len(one.findings) == 2
    assert all(one.corrected_value is None for one in LEDGER if one.verdict != "correct")


def test_rulings_on_facts_that_are_not_loaded_are_left_out():
    assert rulings(replace(BUNDLED, facts=BUNDLED.facts.iloc[:0])) == []


def test_a_doubt_of_a_reader_answers_no_computed_finding():
    assert answered("reading") == ()
    assert answered("a;b") == ("a", "b")
