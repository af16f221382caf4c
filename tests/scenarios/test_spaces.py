"""Memory that serves one run after another: empty before each, and none of a run that ended early."""

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from scenarios import spaces
from scenarios.plan import Plan
from scenarios.simulation import Cancelled, simulate
from scenarios.spaces import BINS, spaces_of
from tests.scenarios.small_plans import BLOCK_PATHS


@pytest.fixture(autouse=True)
def spare(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[np.ndarray]]:
    """None is left from what ran before."""
    kept: list[np.ndarray] = []
    monkeypatch.setattr(spaces, "_spare", kept)
    yield kept
    assert not any(one.any() for one in kept)


def levels(plan: Plan, **options: object) -> bytes:
    """All counts of a run."""
    found = simulate(plan, 2 * BLOCK_PATHS, **options).levels  # type: ignore[arg-type]
    return found.first.tobytes() + found.length.tobytes() + found.counts.tobytes()


def test_a_run_in_used_memory_counts_the_same(plan: Plan, spare: list[np.ndarray]) -> None:
    """After one of fewer series and years, and after one of more threads."""
    alone = levels(plan)
    spare.clear()
    fewer = replace(plan, series=plan.series[:1], events=(), horizon=plan.horizon - 2)
    simulate(fewer, 100, threads=3)
    assert spare
    assert levels(plan) == alone
    assert levels(plan, threads=1) == alone


def test_a_run_that_ended_early_leaves_its_memory_to_nobody(plan: Plan, spare: list[np.ndarray]) -> None:
    alone = levels(plan)
    answers = iter([False])
    with pytest.raises(Cancelled):
        simulate(plan, 2 * BLOCK_PATHS, threads=1, should_stop=lambda: next(answers, True))
    assert levels(plan) == alone
    assert spare


def test_what_is_kept_has_a_bound(spare: list[np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    """One space a core, and none that is too large; a small one is not given for a large one."""
    with spaces_of(3 * (os.cpu_count() or 1), 2, 3) as given:
        assert given[0].levels.shape == (2, 3, BINS)
    assert len(spare) == (os.cpu_count() or 1)
    with spaces_of(1, 4, 3) as given:
        assert given[0].levels.shape == (4, 3, BINS)
    spare.clear()
    monkeypatch.setattr(spaces, "MOST_KEPT", 4 * 2 * 3 * BINS - 1)
    with spaces_of(1, 2, 3):
        pass
    assert not spare
