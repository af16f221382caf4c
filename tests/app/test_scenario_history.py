"""Undo and redo: a step back and forth leads to the same scenario, and a new step drops what came after."""

from app.scenario_history import LONGEST, History
from scenarios import Scenario
from scenarios.scenario import BASELINE

FIRST, SECOND = Scenario(title="first"), Scenario(title="second")


def test_steps_go_back_and_forward_and_stop_at_the_ends() -> None:
    tried = History((BASELINE,)).with_next(FIRST).with_next(SECOND)
    assert tried.undone().now == FIRST
    assert tried.undone().redone() == tried
    assert tried.undone().undone().undone().now == BASELINE
    assert tried.redone() == tried
    assert (tried.can_undo, tried.can_redo, tried.undone().can_redo) == (True, False, True)
    assert not History((BASELINE,)).can_undo


def test_a_new_step_replaces_what_came_after_and_the_same_again_is_none() -> None:
    tried = History((BASELINE,)).with_next(FIRST).undone()
    assert tried.with_next(SECOND) == History((BASELINE, SECOND), 1)
    assert tried.with_next(BASELINE) == tried


def test_the_oldest_steps_are_forgotten() -> None:
    tried = History((BASELINE,))
    for number in range(LONGEST + 5):
        tried = tried.with_next(Scenario(title=f"number {number}"))
    assert len(tried.tried) == LONGEST
    assert tried.now.title == f"number {LONGEST + 4}"
