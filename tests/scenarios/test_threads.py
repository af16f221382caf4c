"""Pools of threads that serve one run after another: none serves two at once, and none a run after one that ended early."""

import threading

import pytest

from scenarios import threads
from scenarios.threads import POOLS_KEPT, in_order, threads_of


@pytest.fixture(autouse=True)
def spare(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """None is left from what ran before."""
    kept: list[object] = []
    monkeypatch.setattr(threads, "_spare", kept)
    return kept


def test_a_pool_serves_the_next_run_of_as_many_threads() -> None:
    with threads_of(2) as first:
        assert list(in_order(first, lambda number: number + 1, range(5), 2)) == [1, 2, 3, 4, 5]
    with threads_of(3) as other:
        assert other is not first
    with threads_of(2) as second:
        assert second is first
        assert list(in_order(second, lambda number: -number, range(3), 1)) == [0, -1, -2]


def test_runs_at_the_same_time_have_pools_of_their_own(spare: list[object]) -> None:
    with threads_of(2) as one, threads_of(2) as other:
        assert one is not other
    assert len(spare) == 2


def test_a_run_that_ended_early_leaves_its_pool_to_nobody(spare: list[object]) -> None:
    begun, go_on, late = threading.Event(), threading.Event(), []

    def first() -> None:
        begun.set()
        go_on.wait(10)

    def interrupted() -> None:
        with threads_of(1) as pool:
            pool.submit(first)
            pool.submit(late.append, 1)
            begun.wait(10)
            threading.Timer(0.05, go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not late
    assert not spare


def test_so_many_pools_are_kept_and_the_oldest_end_first(spare: list[tuple[int, object]]) -> None:
    for number in range(1, POOLS_KEPT + 3):
        with threads_of(number):
            pass
    assert [number for number, _ in spare] == list(range(3, POOLS_KEPT + 3))
