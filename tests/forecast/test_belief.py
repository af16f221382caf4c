"""From a catalogue to beliefs: families, nations, and what a later vintage may not touch."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.belief import FamilyBelief, SeriesBelief, believe
from forecast.priors import NATION_OWN_FACTOR, PRIORS
from tests.made_up import catalogue_of, level

EXECUTED = "contract_value_executed"


def bytes_of(belief):
    """Every array of a belief, byte by byte."""
    parts = {}
    for name, family in belief.families.items():
        parts |= {(name, one.name): getattr(family, one.name) for one in fields(FamilyBelief)}
    for series in belief.series:
        parts |= {(str(series.key), one.name): getattr(series, one.name) for one in fields(SeriesBelief) if one.name != "series"}
        parts[str(series.key), "log_level"] = series.series.log_level
        parts[str(series.key), "covariance of levels"] = series.series.covariance
    return {name: part.tobytes() if isinstance(part, np.ndarray) else part for name, part in parts.items()}


def test_series_are_in_the_order_of_their_keys_and_can_be_found(small_belief):
    keys = [one.key for one in small_belief.series]
    assert keys == sorted(keys)
    for one in small_belief.series:
        assert small_belief.find(str(one.key)) is one
    assert small_belief.find("City A|employees|total|USD") is None


def test_every_series_belongs_to_the_family_of_its_measure(small_belief):
    assert sorted(small_belief.families) == ["contracts", "people"]
    assert {one.key.measure: one.family for one in small_belief.series} == {EXECUTED: "contracts", "employees": "people"}


def test_arrays_have_one_entry_for_each_node_and_year(belief_2013):
    for family in belief_2013.families.values():
        nodes, width = len(family.weights), 2 + family.last_year - family.first_year
        assert family.weights.sum() == pytest.approx(1.0)
        assert family.common_mean.shape == (nodes, width)
        assert np.linalg.eigvalsh(family.common_covariance).min() > 0
        for one in (series for series in belief_2013.series if series.family == family.family):
            assert (one.base.shape, one.slope.shape, one.covariance.shape) == ((nodes, 3), (nodes, 3, width), (nodes, 3, 3))
            assert np.linalg.eigvalsh(one.covariance).min() > -1e-12


def test_own_shocks_keep_the_own_deviation_stationary(small_belief):
    """sd² = persistence² sd² + shock²; the nation's is smaller and it has no lasting difference."""
    family = small_belief.families["contracts"]
    city, nation = (small_belief.find(f"{place}|{EXECUTED}|total|USD") for place in ("City C", "China"))
    sd = city.own_shock / np.sqrt(1 - family.persistence**2)
    # The one-point city has learned nothing of its own deviation.
    np.testing.assert_allclose(sd**2, city.covariance[:, 2, 2], rtol=1e-12)
    np.testing.assert_allclose(nation.own_shock, NATION_OWN_FACTOR * city.own_shock)
    np.testing.assert_allclose(nation.level_noise, NATION_OWN_FACTOR * city.level_noise)
    assert not nation.covariance[:, 1].any()


def test_a_one_point_series_has_the_growth_of_its_family(small_belief):
    one = small_belief.find(f"City C|{EXECUTED}|total|USD")
    np.testing.assert_array_equal(one.base[:, 1:], 0.0)
    np.testing.assert_array_equal(one.slope, 0.0)
    np.testing.assert_allclose(one.covariance[:, 1, 1], PRIORS["contracts"].lasting_sd ** 2)


def test_the_uncertainty_of_the_long_run_mean_is_a_factor_away(small_belief):
    facts = [level("City A", EXECUTED, 2011, 1.01e9), level("City A", EXECUTED, 2012, 1.83e9)]
    catalogue = catalogue_of(facts)
    spread = [
        np.sqrt(believe(catalogue, long_run_factor=factor).families["contracts"].common_covariance[:, 0, 0].mean())
        for factor in (0.5, 1, 2)
    ]
    prior = PRIORS["contracts"].long_run_sd
    # One growth cannot tell the long-run mean from a boom: the prior halved or doubled stays almost so.
    np.testing.assert_allclose(spread, [0.5 * prior, prior, 2 * prior], rtol=0.05)
    assert believe(catalogue).priors["contracts"] == PRIORS["contracts"]


def later_facts():
    """Facts of 2015 about a new place, a new year and an old year, with a sum of wild numbers."""
    return [
        level("Atlantis", EXECUTED, 2014, 9.9e12, known_by="2015-06-02", source="002"),
        level("Guangzhou", EXECUTED, 2014, 9.9e12, known_by="2015-06-02", source="002"),
        level("Guangzhou", EXECUTED, 2012, 1.0, known_by="2014-01-01", source="002", fact="revision"),
        level("China", "employees", 2011, 1.0, "persons", known_by="2014-01-01", source="002"),
    ]


def test_facts_published_later_change_nothing_bit_for_bit(catalogue, belief_2013):
    added = pd.concat([catalogue.facts, catalogue_of(later_facts()).facts], ignore_index=True)
    places = catalogue_of(later_facts()).places
    more = replace(catalogue, facts=added, places=places)
    assert bytes_of(believe(more, "2013-12-31")) == bytes_of(belief_2013)
    # On the day of their publication they count.
    assert bytes_of(believe(more, "2014-01-01")) != bytes_of(belief_2013)


LATER = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["Suzhou", "Wuxi", "Hangzhou", "China", "Atlantis"]),
        "measure": st.sampled_from(["fdi_actual", "fdi_contracted", "fdi_projects"]),
        "year": st.integers(2005, 2019),
        "value": st.floats(1.0, 1e15),
        "known_by": st.sampled_from(["2014-01-01", "2015-06-02", "2019-12-31"]),
    }
)


@settings(derandomize=True, deadline=None, max_examples=12)
@given(st.lists(LATER, min_size=1, max_size=6), st.integers(0, 2**31))
def test_whatever_is_published_later_changes_no_earlier_answer(catalogue, later, seed):
    """Facts added later, and every later fact changed at random, leave each bit of the vintage of 2013 as it was."""
    fdi = catalogue.facts[catalogue.facts["measure"].str.startswith("fdi")]
    known = replace(catalogue, facts=fdi)
    random = np.random.default_rng(seed)
    added = catalogue_of(
        [
            level(one["place"], one["measure"], one["year"], one["value"], known_by=one["known_by"], fact=f"later-{number}")
            for number, one in enumerate(later)
        ]
    )
    revised = fdi.assign(
        value=fdi["value"] * random.lognormal(0, 2, len(fdi)), known_by="2014-06-30", fact="revised-" + fdi["fact"]
    )
    more = replace(known, facts=pd.concat([fdi, added.facts, revised], ignore_index=True), places=added.places)
    assert bytes_of(believe(more, "2013-12-31")) == bytes_of(believe(known, "2013-12-31"))


def test_facts_known_later_could_as_well_be_absent(catalogue, belief_2013):
    facts = catalogue.facts
    early = replace(catalogue, facts=facts[facts["known_by"] <= "2013-12-31"])
    assert len(early.facts) < len(facts)
    assert bytes_of(believe(early)) == bytes_of(belief_2013)


def test_the_order_of_the_facts_does_not_matter(catalogue, belief_2013):
    shuffled = replace(catalogue, facts=catalogue.facts.sample(frac=1, random_state=5))
    other = believe(shuffled, "2013-12-31")
    assert [one.key for one in other.series] == [one.key for one in belief_2013.series]
    for name, family in belief_2013.families.items():
        np.testing.assert_allclose(other.families[name].common_mean, family.common_mean, atol=1e-9)
        np.testing.assert_allclose(other.families[name].weights, family.weights, rtol=1e-7)
    for one, two in zip(belief_2013.series, other.series, strict=True):
        np.testing.assert_allclose(two.base, one.base, atol=1e-8)


def test_families_do_not_touch_each_other(catalogue, belief_2013):
    """Without any figure on people the other families stay bit-identical."""
    people = set(catalogue.measures.loc[catalogue.measures["family"] == "people", "measure"])
    rest = believe(replace(catalogue, facts=catalogue.facts[~catalogue.facts["measure"].isin(people)]), "2013-12-31")
    assert "people" not in rest.families
    whole = bytes_of(belief_2013)
    kept = bytes_of(rest)
    assert kept == {name: part for name, part in whole.items() if name in kept}
    assert len(kept) < len(whole)
