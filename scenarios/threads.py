"""A pool of threads that share a run: what they do is taken in order, and what waits is dropped when the run ends early."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


@contextmanager
def threads_of(number: int) -> Iterator[ThreadPoolExecutor]:
    """Give a pool of threads; what waits when a run ends early is not begun."""
    with ThreadPoolExecutor(number) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def in_order(pool: ThreadPoolExecutor, work: Callable[[Asked], Done], asked: Sequence[Asked], ahead: int) -> Iterator[Done]:
    """Yield what is done in order while at most `ahead` of it wait, so that memory does not grow with its number."""
    coming = iter(asked)
    waiting = [pool.submit(work, one) for one in islice(coming, ahead)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [pool.submit(work, one) for one in islice(coming, 1)]
