"""Aims by hand: the level that each kind of target asks of its series, and the growth that takes."""

from math import exp, log

import pytest

from forecast.belief import Belief, SeriesBelief
from scenarios.aims import Aim, aimed_log_level
from tests.made_up import aim

KEY = "City 0|contract_value_executed|total|USD"  # known in 2010, 2011 and 2012


@pytest.fixture
def one(small_belief: Belief) -> SeriesBelief:
    found = small_belief.find(KEY)
    assert found is not None
    return found


def asked(one: SeriesBelief, due: int, value: float, unit: str, log_rate: float = 0.0, **more: object) -> tuple[float | None, str]:
    return aimed_log_level(aim("City 0", "contract_value_executed", due, value, unit, **more), one, due, log_rate)


def test_a_level_is_converted_into_the_unit_of_the_series(one: SeriesBelief) -> None:
    assert asked(one, 2015, 3e9, "USD") == (pytest.approx(log(3e9)), "")
    assert asked(one, 2015, 12.6e9, "CNY", log(6.3)) == (pytest.approx(log(2e9)), "")
    assert asked(one, 2015, 5000, "persons") == (None, "its unit is persons, that of the series USD")


def test_growth_and_multiples_start_from_the_first_year_known_within_the_plan(one: SeriesBelief) -> None:
    in_2011, in_2012 = one.series.log_level[1:]
    log_level, said = asked(one, 2015, 20.0, "percent", kind="average_growth", base_period="2011")
    assert (log_level, said) == (pytest.approx(in_2011 + 4 * log(1.2)), "read as the average of 2011 to 2015")
    log_level, said = asked(one, 2015, 2.0, "ratio", kind="multiple")
    assert (log_level, said) == (pytest.approx(in_2012 + log(2)), "read as 2 times the level of 2012")
    assert asked(one, 2015, 20.0, "percent", kind="share")[0] is None


def test_the_growth_required_leads_from_the_origin_to_the_aim(one: SeriesBelief) -> None:
    known = float(one.series.log_level[-1])
    ahead = Aim("doubling", one, 2016, known + log(2), None, "")
    assert ahead.horizon == 4
    assert exp(known) * (1 + ahead.required_growth / 100) ** 4 == pytest.approx(2 * exp(known))
    assert ahead.event.name == f"doubling by {KEY}"
