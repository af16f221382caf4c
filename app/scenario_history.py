"""Scenarios in the order in which they were tried: a step back, a step forward, and what is tried from there replaces what came after."""

from dataclasses import dataclass

from scenarios import Scenario

LONGEST = 100


@dataclass(frozen=True)
class History:
    """The scenarios tried, and the number of the one that counts now."""

    tried: tuple[Scenario, ...]
    at: int = 0

    @property
    def now(self) -> Scenario:
        """The scenario that counts."""
        return self.tried[self.at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return self.at + 1 < len(self.tried)

    def with_next(self, scenario: Scenario) -> "History":
        """Try a scenario; the same one again is no step."""
        if scenario == self.now:
            return self
        tried = (*self.tried[: self.at + 1], scenario)[-LONGEST:]
        return History(tried, len(tried) - 1)

    def undone(self) -> "History":
        """Go a step back, if there is one."""
        return History(self.tried, max(self.at - 1, 0))

    def redone(self) -> "History":
        """Go a step forward, if there is one."""
        return History(self.tried, min(self.at + 1, len(self.tried) - 1))
