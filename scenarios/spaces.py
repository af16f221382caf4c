"""Where threads count levels. What is empty again after a run serves the next one: new memory takes time when it is first written to."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from scenarios.outcomes import BINS, Counts

MOST_KEPT = 64_000_000  # bytes of one space, of which only what was ever written to is memory: 160 series over 16 years
_spare: list[Counts] = []  # flat, and zero throughout


@dataclass(frozen=True, eq=False)
class Space:
    """Where one thread counts the levels of a part: counts (series, years, bins) and the bins in use (series, years, 2); zero before and after."""

    levels: Counts
    reach: Counts

    def forget(self) -> None:
        """Say that no bin is in use."""
        self.reach[...] = BINS - 1, 0

    def within(self, n_series: int) -> "Space":
        """Return the room of the first series."""
        return Space(self.levels[:n_series], self.reach[:n_series])


@contextmanager
def spaces_of(number: int, n_series: int, n_years: int) -> Iterator[list[Space]]:
    """Give a space to each of some threads; a histogram holds as many paths as a run may have.

    A run that ends early leaves counts behind, so what it was given serves no other.
    """
    size = n_series * n_years * BINS
    taken = [zeros(size) for _ in range(number)]
    shape = n_series, n_years
    spaces = [Space(one[:size].reshape(*shape, BINS), np.empty((*shape, 2), np.int32)) for one in taken]
    for space in spaces:
        space.forget()
    yield spaces
    kept = [one for one in taken if one.nbytes <= MOST_KEPT]
    _spare.extend(kept[: max((os.cpu_count() or 1) - len(_spare), 0)])


def zeros(size: int) -> Counts:
    """Return at least so many zeros, spare ones if there are; several runs may ask at once."""
    try:
        spare = _spare.pop()
    except IndexError:
        return np.zeros(size, np.int32)
    return spare if len(spare) >= size else np.zeros(size, np.int32)
