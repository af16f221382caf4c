"""A belief formed again without some facts equals the belief of a catalogue without them."""

from dataclasses import replace

import numpy as np
import pytest

from forecast.belief import believe
from forecast.evidence import evidence_of
from forecast.prediction import predict
from tests.made_up import catalogue_of, level, stated

EXECUTED = "contract_value_executed"


def world():
    """Two families, three sources, a share of another place, offshore and onshore, a copy, months, one series on one figure."""
    whole = level("Province", EXECUTED, 2012, 9.1e9, digits=1e7)
    a = level("City A", EXECUTED, 2012, 2.1e9, digits=1e7)
    onshore = replace(a, fact="a-onshore", scope="onshore", value=0.9e9)
    c = level("City C", EXECUTED, 2012, 3.3e9, digits=1e7)
    copy = replace(stated(a, "growth", 31.0, "2012", digits=1.0), fact="a-growth-copy", source="001")
    return [
        whole,
        stated(whole, "growth", 22.0, "2012", digits=1.0),
        a,
        stated(a, "growth", 31.0, "2012", digits=1.0),
        copy,
        level("City A", EXECUTED, 2009, 0.8e9, digits=1e7, source="000"),
        replace(a, fact="a-offshore", scope="offshore", value=1.2e9),
        onshore,
        replace(stated(onshore, "growth", 40.0, "2012", digits=1.0, source="001"), fact="a-onshore-growth"),
        replace(stated(c, "share", 36.0, "2012", digits=1.0), relative_to=f"Province {EXECUTED} total", source="001"),
        stated(c, "growth", 50.0, "2012", digits=1.0),
        level("City B", EXECUTED, 2011, 1.4e9, digits=1e7, source="000"),
        level("City B", EXECUTED, 2012, 2.1e9, digits=1e7),
        level("City B", "employees", 2011, 51_300, "persons", digits=100, source="000"),
        level("City B", "employees", 2012, 66_200, "persons", digits=100),
        level("City C", "employees", 2012, 71_000, "persons", digits=1000),
        *(
            level("City D", EXECUTED, f"2012-{month:02d}", 1e8 + 1e6 * month, digits=1e6, source="mine.csv")
            for month in range(1, 13)
        ),
        level("City D", EXECUTED, 2011, 1.1e9, digits=1e7, source="mine.csv"),
    ]


@pytest.fixture(scope="module")
def facts():
    made = world()
    assert len({fact.fact for fact in made}) == len(made)
    return made


@pytest.fixture(scope="module")
def evidence(facts):
    catalogue = catalogue_of(facts)
    return evidence_of(catalogue, believe(catalogue))


def assert_same(found, expected, keys):
    """All that is believed about the series `keys` is the same: years, levels, and the mean and variance of what is to come."""
    wanted = [one for one in expected.series if one.key in keys]
    assert [one.key for one in found.series] == [one.key for one in wanted]
    for one, two in zip(found.series, wanted, strict=True):
        assert one.series.years == two.series.years
        np.testing.assert_allclose(one.series.covariance, two.series.covariance, atol=1e-10)
        for mine, theirs in zip(predict(found, one, 2018).log_moments(), predict(expected, two, 2018).log_moments(), strict=True):
            np.testing.assert_allclose(mine, theirs, atol=1e-8)


def test_without_any_one_fact(facts, evidence):
    keys = {one.key for one in evidence.belief.series}
    for left_out in facts:
        expected = believe(catalogue_of([fact for fact in facts if fact is not left_out]))
        assert_same(evidence.without([left_out], keys), expected, keys)


@pytest.mark.parametrize("source", ["000", "001", "003", "mine.csv"])
def test_without_any_source(facts, evidence, source):
    keys = {one.key for one in evidence.belief.series}
    expected = believe(catalogue_of([fact for fact in facts if fact.source != source]))
    assert_same(evidence.without([fact for fact in facts if fact.source == source], keys), expected, keys)


def test_only_the_series_asked_for_are_told(evidence):
    (employees,) = [one.key for one in evidence.belief.series if one.key.place == "City B" and one.key.unit == "persons"]
    (left_out,) = [fact for fact in evidence.facts if fact.fact == f"City B-{EXECUTED}-2011-level"]
    belief = evidence.without([left_out], {employees})
    assert [one.key for one in belief.series] == [employees]
    assert list(belief.families) == ["people"]


def test_without_everything_nothing_is_believed(facts, evidence):
    belief = evidence.without(facts, {one.key for one in evidence.belief.series})
    assert (belief.series, dict(belief.families)) == ((), {})


def test_the_facts_of_the_vintage_only(catalogue, belief_2013):
    evidence = evidence_of(catalogue, belief_2013)
    assert {fact.source for fact in evidence.facts} == {"000", "001", "003"}
    # Nothing left out: the belief itself, to rounding.
    keys = {one.key for one in belief_2013.series if one.key.place == "Hangzhou"}
    assert_same(evidence.without((), keys), belief_2013, keys)
