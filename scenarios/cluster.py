"""Blocks computed by other processes, on this machine or on many, by Dask: lost workers are made up for, and few results wait at a time."""

import asyncio
import logging
import pickle
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import resource_tracker
from time import sleep
from typing import Any

from data import InputFault
from scenarios.local_workers import kept_alive
from scenarios.run_blocks import Block, Finished, Work, compute
from scenarios.run_making import Engine, EngineGone
from scenarios.run_manifest import Values, program

log = logging.getLogger("sourcecast.runs")
AHEAD = 2  # blocks handed out for each thread of the workers
LOST_OFTEN = 1000  # times that a block may lose its worker
PATIENCE = 10  # seconds in which a scheduler must answer
PAUSE = 0.2  # seconds before a lost connection is looked at again
SILENT = logging.CRITICAL + 1
BACK = 120  # seconds in which some worker must be there again after all were lost
SETTINGS = {"distributed.scheduler.allowed-failures": LOST_OFTEN, "distributed.comm.timeouts.connect": f"{PATIENCE}s"}


@contextmanager
def on_workers(number: int) -> Iterator[Engine]:
    """Start workers on this machine, each a process with one thread that no other machine can reach, and compute blocks on them.

    Raises
    ------
    InputFault
        If Dask is not installed.
    """
    distributed = imported("--workers")
    with import_module("dask").config.set(SETTINGS):
        with deaf_threads():
            cluster = distributed.LocalCluster(
                n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
            )
        address = cluster.scheduler_address
        with cluster, kept_alive(number, address), distributed.Client(cluster, set_as_default=False) as client:
            yield engine_of(client)


@contextmanager
def deaf_threads() -> Iterator[None]:
    """Let the threads begun now, and the processes that they begin, not hear Control-C, which a terminal sends to all: this one stops them."""
    resource_tracker.ensure_running()  # at its start it lets the thread that asks for it hear again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def on_scheduler(address: str) -> Iterator[Engine]:
    """Compute blocks on the workers of a scheduler.

    Raises
    ------
    InputFault
        If Dask is not installed, the scheduler does not answer, or it has no workers.
    """
    distributed = imported("--scheduler")
    with import_module("dask").config.set(SETTINGS):
        try:
            if not is_scheduler(address):
                raise OSError
            client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except OSError:
            raise InputFault(
                f"--scheduler: {address!r} found, where no scheduler answers; allowed: tcp://HOST:PORT of one that runs"
            ) from None
        with client:
            if not threads_of(client):
                raise InputFault(f"--scheduler: {address!r} found, which has no workers; start some with `dask worker {address}`")
            log.info("scheduler found", extra={"dashboard": client.dashboard_link, "threads": threads_of(client)})
            yield engine_of(client)


def is_scheduler(address: str) -> bool:
    """Tell whether a scheduler answers there; Dask would wait for ever for somebody who listens and says nothing."""
    distributed = imported("--scheduler")

    async def asked() -> bool:
        secured = distributed.Security().get_connection_args("client")
        async with distributed.rpc(address, connection_args=secured) as there:
            return bool((await there.identity())["type"] == "Scheduler")

    async def answered() -> bool:
        return await asyncio.wait_for(asked(), PATIENCE)

    try:
        return asyncio.run(answered())
    except Exception:  # whoever else listens may say anything: Dask takes the words of HTTP for a length of 3 EiB
        return False


def imported(option: str) -> Any:
    """Import Dask, whose words about what it repairs nobody needs."""
    if find_spec("distributed") is None:
        raise InputFault(f"{option}: distributed is not installed; it comes with `sourcecast[cluster]`")
    distributed = import_module("distributed")
    for name in ("distributed", "distributed.client"):  # Dask gives the latter a level of its own
        logging.getLogger(name).setLevel(SILENT)
    return distributed


def threads_of(client: Any) -> int:
    """Count the threads of all workers."""
    return sum(client.nthreads().values())


def engine_of(client: Any) -> Engine:
    """Return what computes blocks on the workers of a client, whoever of them is lost."""

    def run(work: Work, blocks: Sequence[Block]) -> Generator[tuple[Block, Finished], None, None]:
        left = list(blocks)
        for _ in range(LOST_OFTEN):
            try:
                wait_for_a_worker(client)
                for block, finished in until_lost(client, work, left):
                    left.remove(block)
                    yield block, finished
            except (OSError, CancelledError):  # what was under way went with its workers, or with the scheduler
                if client.status != "running":
                    raise EngineGone("the scheduler has vanished") from None
                sleep(PAUSE)
            if not left:
                return
        raise EngineGone("workers are lost again and again")

    return run


def wait_for_a_worker(client: Any) -> None:
    """Wait until some worker is there.

    Raises
    ------
    EngineGone
        If none comes.
    """
    try:
        client.wait_for_workers(1, timeout=BACK)
    except TimeoutError:
        gone = "the scheduler has vanished" if client.status != "running" else "all workers have vanished"
        raise EngineGone(gone) from None


def until_lost(client: Any, work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Finished]]:
    """Send the work to all workers, who pass it on to new ones, and yield blocks as they are done, until all that have the work are lost."""
    try:
        sent = client.scatter(packed(work), hash=False, broadcast=True)
    except (KeyError, ValueError):  # so the scheduler says that whom it was sending to is gone
        raise CancelledError from None
    ours, waiting = program(), deque(blocks)
    distributed = import_module("distributed")
    completed, killed = distributed.as_completed(loop=client.loop), distributed.KilledWorker
    handed_out: dict[Any, Block] = {}
    while waiting or handed_out:
        while waiting and len(handed_out) < AHEAD * max(threads_of(client), 1):
            future = client.submit(computed, sent, waiting[0], pure=False)
            handed_out[future] = waiting.popleft()
            completed.add(future)
        future = next(completed)
        try:
            theirs, finished = future.result()
        except (CancelledError, killed):  # what was sent or computed went with its workers
            if client.status != "running":
                raise
            return
        if theirs != ours:
            raise InputFault(
                "--scheduler: a worker has another program, platform or library, so its numbers may differ; install the same there"
            )
        yield handed_out.pop(future), finished


def packed(work: Work) -> bytes:
    """Pack the work in one piece; Dask would send each of its hundred thousand small arrays by itself."""
    return pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def unpacked(sent: bytes) -> Work:
    """Unpack the work, once for all blocks."""
    found: Work = pickle.loads(sent)  # noqa: S301  (from the client, whom a worker obeys anyway)
    return found


@lru_cache(maxsize=1)
def loaded_program() -> Values:
    """Return the program of this worker, which stays the one that it began with."""
    return program()


def computed(sent: bytes, block: Block) -> tuple[Values, Finished]:
    """Compute a block on a worker, which says what program it has."""
    return loaded_program(), compute(unpacked(sent), block, threads=1)
