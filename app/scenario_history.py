"""States in the order in which they were tried: a step back, a step forward, and what is tried from there replaces what came after."""

from dataclasses import dataclass
from typing import Generic, TypeVar

LONGEST = 100
State = TypeVar("State")


@dataclass(frozen=True)
class History(Generic[State]):
    """The states tried (scenarios, or lists of them), and the number of the one that counts now."""

    tried: tuple[State, ...]
    at: int = 0

    @property
    def now(self) -> State:
        """The state that counts."""
        return self.tried[self.at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return self.at + 1 < len(self.tried)

    def with_next(self, state: State) -> "History[State]":
        """Try a state; the same one again is no step."""
        if state == self.now:
            return self
        tried = (*self.tried[: self.at + 1], state)[-LONGEST:]
        return History(tried, len(tried) - 1)

    def undone(self) -> "History[State]":
        """Go a step back, if there is one."""
        return History(self.tried, max(self.at - 1, 0))

    def redone(self) -> "History[State]":
        """Go a step forward, if there is one."""
        return History(self.tried, min(self.at + 1, len(self.tried) - 1))
