"""The least amount that is enough: known roots, steps, and the ends of the bracket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.bracketing import least_amount


@given(st.floats(0.01, 0.99), st.floats(0.1, 1e9))
def test_the_root_of_a_rising_line_is_found(wanted: float, high: float) -> None:
    found = least_amount(lambda amount: amount / high, wanted, 0.0, high)
    assert found is not None
    assert found.odds >= wanted
    assert found.amount == pytest.approx(wanted * high, rel=3e-6)


@given(st.floats(-50, 50))
def test_on_a_step_the_upper_side_is_taken(step: float) -> None:
    found = least_amount(lambda amount: float(amount >= step), 0.5, -100.0, 100.0)
    assert found is not None
    assert found.odds == 1.0
    assert 0 <= found.amount - step < 1e-3


def test_what_is_enough_already_needs_nothing_and_what_never_is_has_no_amount() -> None:
    assert least_amount(lambda _: 0.9, 0.8, 3.0, 9.0) == (3.0, 0.9)
    assert least_amount(lambda _: 0.7, 0.8, 3.0, 9.0) is None
