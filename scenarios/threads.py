"""A pool of threads that share a run: what they do is taken in order, and what waits is dropped when the run ends early."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")

POOLS_KEPT = 4  # of which those that waited longest end first: numbers of threads change seldom, and some runs go on at once
_spare: list[tuple[int, ThreadPoolExecutor]] = []  # idle, with their numbers of threads
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_spare.clear)  # threads do not come along


@contextmanager
def threads_of(number: int) -> Iterator[ThreadPoolExecutor]:
    """Give a pool of threads, which serves another run afterwards; what waits when a run ends early is not begun, and its pool ends with it."""
    pool = spare_pool(number) or ThreadPoolExecutor(number)
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    _spare.append((number, pool))
    if len(_spare) > POOLS_KEPT:
        _spare.pop(0)[1].shutdown()


def spare_pool(number: int) -> ThreadPoolExecutor | None:
    """Take an idle pool of so many threads, if there is one; several runs may ask at once."""
    for spare in _spare.copy():
        if spare[0] == number:
            try:
                _spare.remove(spare)
            except ValueError:  # another run was faster
                continue
            return spare[1]
    return None


def in_order(pool: ThreadPoolExecutor, work: Callable[[Asked], Done], asked: Sequence[Asked], ahead: int) -> Iterator[Done]:
    """Yield what is done in order while at most `ahead` of it wait, so that memory does not grow with its number."""
    coming = iter(asked)
    waiting = [pool.submit(work, one) for one in islice(coming, ahead)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [pool.submit(work, one) for one in islice(coming, 1)]
