"""When odds are withheld."""

import pytest

from forecast import believe
from forecast.gates import gate_of_record, gates_of_scores
from forecast.routing import own_weight
from tests.made_up import catalogue_of, level


@pytest.mark.parametrize(
    ("inflation", "uniformity", "words"),
    [
        (None, None, []),
        (2.0, 0.01, []),
        (2.4, 0.5, ["2.40 times as wide"]),
        (1.0, 0.004, ["p = 0.004"]),
        (9.0, 1e-9, ["9.00 times", "p = 1e-09"]),
    ],
)
def test_the_gates_of_the_scores(inflation, uniformity, words):
    found = gates_of_scores(inflation, uniformity)
    assert len(found) == len(words)
    for reason, word in zip(found, words, strict=True):
        assert word in reason


def belief_of(growths, lonely=8):
    """One-year places, and places that grew by these percentages."""
    facts = [level(f"Lonely {number}", "employees", 2012, 5000.0, "persons") for number in range(lonely)]
    for number, growth in enumerate(growths):
        facts.append(level(f"Town {number}", "employees", 2011, 1000.0, "persons"))
        facts.append(level(f"Town {number}", "employees", 2012, 1000.0 + 10 * growth, "persons"))
    return believe(catalogue_of(facts))


def gate(belief, place, required):
    one = belief.find(f"{place}|employees|total|persons")
    return gate_of_record(belief, one, required, own_weight(belief, one, 3))


def test_growth_within_the_record_of_others_is_assessed():
    assert gate(belief_of([20, 30]), "Lonely 1", 29.9) is None
    assert gate(belief_of([20, 30]), "Lonely 1", -5.0) is None


def test_growth_above_the_record_is_withheld():
    assert "above the record of its family, 30.0 %" in gate(belief_of([20, 30]), "Lonely 1", 30.1)


def test_a_record_without_any_growth_is_none():
    assert "nor of any series of its family" in gate(belief_of([]), "Lonely 1", 5.0)


def test_fewer_than_eight_series_are_too_few():
    assert "7 series, fewer than 8" in gate(belief_of([20, 30], lonely=5), "Lonely 1", 5.0)
    assert gate(belief_of([20, 30], lonely=6), "Lonely 1", 5.0) is None


def test_a_series_with_growth_of_its_own_passes():
    assert gate(belief_of([20, 30], lonely=0), "Town 1", 99.0) is None
