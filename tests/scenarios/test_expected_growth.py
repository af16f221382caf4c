"""Expected growth against the closed form, the lifts to the best peers, and the record."""

import numpy as np
import pytest

from forecast import predict
from forecast.belief import Belief
from scenarios.expected_growth import expected_growths, peer_lifts, records_of


def test_growth_is_the_difference_of_expected_logarithms(small_belief: Belief) -> None:
    growths = expected_growths(small_belief, 2018)
    for one in small_belief.series:
        mean, _ = predict(small_belief, one, 2018).log_moments()
        found = growths[str(one.key)]
        assert list(found) == list(range(one.series.origin + 1, 2019))
        np.testing.assert_allclose(list(found.values())[1:], np.diff(mean), atol=1e-10)
        assert found[one.series.origin + 1] == pytest.approx(mean[0] - one.series.log_level[-1], abs=0.1)


def test_lifts_lead_up_to_the_peers_and_never_down(small_belief: Belief) -> None:
    lifts, growths = peer_lifts(small_belief, 2018), expected_growths(small_belief, 2018)
    for year in (2013, 2018):
        cities = {
            one.key.place: growths[str(one.key)][year]
            for one in small_belief.series
            if one.family == "contracts" and one.key.place != "China"
        }
        best = np.quantile(list(cities.values()), 0.9)
        for place, growth in cities.items():
            lift = lifts[place, "contracts"][year]
            assert lift >= 0
            assert growth + lift == pytest.approx(max(best, growth), abs=1e-9)
    assert {len(by_year) for by_year in lifts.values()} == {6}


def test_the_record_is_that_of_the_levels(small_belief: Belief) -> None:
    records = records_of(small_belief, {"people", "fdi"})
    assert set(records) == {"people"}  # of FDI no growth is known here
    record = records["people"]
    # one series of employees with two years: 80,000 and 95,000
    assert (record.rates, record.low) == (1, record.high)
    assert record.low == pytest.approx(np.log(95 / 80), abs=0.01)
