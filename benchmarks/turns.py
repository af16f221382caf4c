"""Seconds of pieces of work that take turns, so that all meet the same machine: for ratios that must hold with a narrow margin."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any


def medians(work: dict[Any, Callable[[], object]], rounds: int, often: dict[Any, int] | None = None) -> dict[Any, float]:
    """Median seconds of each piece of work, by its name; a first turn is not counted.

    Parameters
    ----------
    work : dict
        What is to be done, by name.
    rounds : int
        Turns that are counted.
    often : dict, optional
        How many times in a row a piece is done each turn, each time counted; once if it is not named.
    """
    seconds: dict[Any, list[float]] = {name: [] for name in work}
    for turn in range(1 + rounds):
        for name, do in work.items():
            for _ in range((often or {}).get(name, 1)):
                began = perf_counter()
                do()
                if turn:
                    seconds[name].append(perf_counter() - began)
    return {name: median(found) for name, found in seconds.items()}


def wait_out(benchmark: Any, seconds: float) -> None:
    """Wait for the seconds that were measured in turns, for the benchmark's clock to show them."""

    def wait() -> None:
        until = perf_counter() + seconds
        while perf_counter() < until:
            pass

    benchmark.pedantic(wait, rounds=1)
