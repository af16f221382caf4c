"""How the own shocks of a family hang together where nothing is assumed of them: the same as what is drawn of no assumption."""

import numpy as np
import pytest

from forecast import Belief
from scenarios.own_shocks import assumed_coupling, coupling_of_block
from scenarios.pushes import Slots, drawn_pushes, pushes_of_block
from tests.scenarios.small_plans import with_families

NOTHING = Slots(2013, 8, {}, {}, {}, (), {}, ())


@pytest.mark.parametrize("changes", [{}, {"tail": 4.0}, {"between_places": 0.0}, {"break_chance": 0.1, "break_scale": 2.0}])
def test_what_is_believed_of_own_shocks_is_what_no_assumption_draws(small_belief: Belief, changes: dict[str, float]) -> None:
    for family in with_families(small_belief, **changes).families.values():
        believed = coupling_of_block(family, NOTHING, 1, 256, 16)._asdict()
        assumed = assumed_coupling(family, NOTHING, 1, 256, 16)._asdict()
        del believed["keys"], assumed["keys"]  # of lists, of which there are none
        for name, part in believed.items():
            np.testing.assert_array_equal(part, assumed[name], err_msg=name)
            assert part.dtype == assumed[name].dtype


def test_no_lever_adds_what_no_pushes_are() -> None:
    for kept, new in zip(pushes_of_block(NOTHING, 5, 1, 256, 16), drawn_pushes(NOTHING, 5, 1, 256, 16), strict=True):
        np.testing.assert_array_equal(kept, new)
        assert kept.shape == new.shape
        assert kept.dtype == new.dtype
