"""What of the public series may teach."""

import numpy as np
import pytest

from benchmarks.public_series import COARSE, TEACHERS, folder, printed_step, teachers
from tests.conftest import require


@pytest.mark.parametrize(
    ("levels", "step"),
    [
        ([13.4, 13.0, 13.25], 0.01 / 13.25),
        ([1200.0, 1300.0, 1250.0], 10 / 1250),
        ([0.1 + 0.2, 0.3, 0.4], 0.1 / 0.3),
        ([7.0], 1 / 7),
    ],
)
def test_the_step_of_a_print_is_one_unit_of_the_finest_digit(levels, step):
    assert printed_step(np.array(levels)) == pytest.approx(step)


def test_a_unit_of_measure_changes_no_step():
    levels = np.array([940.66, 1084.86, 1244.98])
    assert printed_step(1000 * levels) == pytest.approx(printed_step(levels))


def test_nobody_teaches_whose_rounding_looks_like_growth():
    require((folder() / TEACHERS).exists(), "the series that teach (SOURCECAST_BENCHDATA)")
    every = teachers()
    assert len(every) > 500
    assert all(one.step < COARSE for one in every)
    standing_still = [np.mean(np.diff(one.known) == 0) for one in every]
    assert np.mean(np.array(standing_still) > 0.1) < 0.05
