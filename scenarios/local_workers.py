"""Workers of Dask on this machine, each a process that is begun anew whenever it ends, however early; no other machine can reach them.

Dask's own cluster gives up a worker that is lost while it starts: it waits for it to the end of time, and starts no other until then.
"""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory
from threading import Event, Thread

GLANCE = 0.5  # seconds between two looks at the processes


@contextmanager
def kept_alive(number: int, scheduler: str) -> Iterator[None]:
    """Have so many workers of one thread at a scheduler's service."""
    done = Event()
    with TemporaryDirectory(prefix="sourcecast-") as folder:
        keepers = [Thread(target=keep, args=(scheduler, folder, done)) for _ in range(number)]
        for keeper in keepers:
            keeper.start()
        try:
            yield
        finally:
            done.set()
            for keeper in keepers:
                keeper.join()


def keep(scheduler: str, folder: str, done: Event) -> None:
    """Begin a worker, and another whenever it ends, until all is done."""
    while not done.is_set():
        with begun(scheduler, folder) as worker:
            while worker.poll() is None and not done.wait(GLANCE):
                pass
            worker.kill()


def begun(scheduler: str, folder: str) -> subprocess.Popen[bytes]:
    """Begin a worker, which does not hear Control-C and ends with this process."""
    return subprocess.Popen(  # noqa: S603  (ourselves)
        [sys.executable, "-m", __name__, scheduler, folder],
        stdin=subprocess.PIPE,  # which ends with this process, however that ends
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_with_master() -> None:
    """Wait for the end of the process that began this one, and end at once: Dask would wait, and try again, for ever."""
    sys.stdin.read()
    os._exit(0)


async def serve(scheduler: str, folder: str) -> None:
    """Be a worker until the scheduler has gone."""
    worker = import_module("distributed").Worker
    async with worker(scheduler, nthreads=1, host="127.0.0.1", dashboard=False, local_directory=folder) as one:
        await one.finished()


if __name__ == "__main__":
    # Beliefs stay to the end; to look through them for cycles again and again takes longer than to compute.
    gc.set_threshold(500_000)
    Thread(target=end_with_master, daemon=True).start()
    import_module("scenarios.cluster")  # takes seconds, and is done by the time that the first block comes
    asyncio.run(serve(*sys.argv[1:]))
