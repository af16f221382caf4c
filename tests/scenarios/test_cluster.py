"""Blocks on Dask: the same bytes as in one process, whatever happens to workers; schedulers that vanish or never were."""

import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from data import Catalogue, InputFault
from scenarios import cluster, run_manifest
from scenarios.cluster import on_scheduler, on_workers
from scenarios.run_blocks import Block, Finished, Work
from scenarios.run_making import Engine, in_this_process, make_run
from scenarios.run_store import Store
from tests.conftest import require
from tests.scenarios.run_examples import BASELINE, content_of, small_blocks, small_request, small_world

PRESENT = find_spec("distributed") is not None
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def world() -> Catalogue:
    return small_world()


@pytest.fixture(autouse=True)
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch, 1)


@pytest.fixture
def within() -> Iterator[Any]:
    """A scheduler with a worker of two threads in this process."""
    require(PRESENT, "the extra cluster")
    import distributed

    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, host="127.0.0.1", dashboard_address="127.0.0.1:0", protocol="tcp"
    ) as found:
        yield found


def after(number: int, engine: Engine, do: Any) -> Engine:
    """Do something once some blocks are done."""

    def run(work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Finished]]:
        for count, done in enumerate(engine(work, blocks), start=1):
            yield done
            if count == number:
                do()

    return run


def kill_workers(at_least: int, at_most: int) -> None:
    """Kill some of the workers that this process began, once so many are there."""
    import psutil

    found: list[Any] = []
    until = monotonic() + 100
    while len(found) < at_least and monotonic() < until:
        found = []
        for one in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it may be gone by now
                if "scenarios.local_workers" in one.cmdline() and one.status() != psutil.STATUS_ZOMBIE:
                    found.append(one)
    assert len(found) >= at_least
    for one in found[:at_most]:
        with suppress(psutil.Error):
            one.kill()


def kill_what_starts(seconds: float) -> None:
    """Kill all workers, and for some time every worker that is to replace them."""
    until = monotonic() + seconds
    while monotonic() < until:
        kill_workers(0, 9)


def test_killed_workers_change_nothing(world: Catalogue, tmp_path: Path) -> None:
    """First one worker is killed, then both at once, with all that was sent to them."""
    require(PRESENT, "the extra cluster")
    request = small_request(paths=5000)
    alone = make_run(Store(tmp_path / "alone"), world, request, in_this_process(1))
    with on_workers(2) as engine:
        broken = after(6, after(3, engine, lambda: kill_workers(2, 1)), lambda: kill_workers(2, 9))
        made = make_run(Store(tmp_path / "many"), world, request, broken)
    assert made.name == alone.name
    assert made.computed == 15
    assert content_of(tmp_path / "many") == content_of(tmp_path / "alone")


def test_workers_killed_while_they_start_are_replaced(world: Catalogue, tmp_path: Path) -> None:
    """From the very beginning, and again later."""
    require(PRESENT, "the extra cluster")
    request = small_request(paths=5000)
    make_run(Store(tmp_path / "alone"), world, request, in_this_process(1))
    with on_workers(2) as engine:
        kill_what_starts(3)
        made = make_run(Store(tmp_path / "many"), world, request, after(3, engine, lambda: kill_what_starts(3)))
    assert made.computed == 15
    assert content_of(tmp_path / "many") == content_of(tmp_path / "alone")


def test_workers_end_with_whom_they_serve() -> None:
    """Also where that is killed and can tell nobody."""
    require(PRESENT, "the extra cluster")
    import psutil

    program = "from scenarios.cluster import on_workers\nwith on_workers(1): print('ready', flush=True), input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as master:
        assert master.stdout is not None
        assert master.stdout.readline() == b"ready\n"
        workers: list[Any] = []
        until = monotonic() + 100
        while not workers and monotonic() < until:
            workers = [one for one in psutil.Process(master.pid).children() if "scenarios.local_workers" in one.cmdline()]
        master.kill()
    assert len(workers) == 1
    assert psutil.wait_procs(workers, timeout=100)[1] == []


def test_a_scheduler_that_vanishes_leaves_a_run_to_be_resumed(world: Catalogue, tmp_path: Path, within: Any) -> None:
    request = small_request()
    with on_scheduler(within.scheduler_address) as engine, pytest.raises(InputFault) as fault:
        make_run(Store(tmp_path / "many"), world, request, after(4, engine, within.close))
    name = Store(tmp_path / "many").unfinished()[0]
    assert str(fault.value) == f"run {name}: the scheduler has vanished; 4 blocks kept; the same command with --resume goes on"
    make_run(Store(tmp_path / "many"), world, request, in_this_process(1), resume=True)
    make_run(Store(tmp_path / "alone"), world, request, in_this_process(1))
    assert content_of(tmp_path / "many") == content_of(tmp_path / "alone")


def test_dask_says_nothing_of_its_own(within: Any) -> None:
    cluster.imported("--scheduler")
    names = ["distributed", *(f"distributed.{one}" for one in ("client", "comm.tcp", "protocol.core", "scheduler", "utils"))]
    assert [name for name in names if logging.getLogger(name).isEnabledFor(logging.CRITICAL)] == []


def test_few_blocks_are_handed_out_at_a_time(
    world: Catalogue, tmp_path: Path, within: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Back-pressure: the client never holds more results than it has handed out blocks."""
    import distributed

    submit, handed_out = distributed.Client.submit, []

    def counting(self: Any, *arguments: Any, **options: Any) -> Any:
        handed_out.append(submit(self, *arguments, **options))
        return handed_out[-1]

    most: list[int] = []
    monkeypatch.setattr(distributed.Client, "submit", counting)
    with on_scheduler(within.scheduler_address) as engine:

        def watched(work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Finished]]:
            for count, done in enumerate(engine(work, blocks)):
                most.append(len(handed_out) - count)
                yield done

        make_run(Store(tmp_path), world, small_request(), watched)
    assert len(most) == len(handed_out) == 15
    assert max(most) <= cluster.AHEAD * 2


def test_a_worker_with_another_program_is_refused(
    world: Catalogue, tmp_path: Path, within: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "loaded_program", lambda: {"model": "theirs"})
    with on_scheduler(within.scheduler_address) as engine, pytest.raises(InputFault, match="a worker has another program"):
        make_run(Store(tmp_path), world, small_request(BASELINE), engine)
    assert run_manifest.program() == run_manifest.program()


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(64)], ids=["silent", "http", "zeros"])
def test_somebody_else_who_listens_is_said_in_one_sentence_and_soon(words: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    require(PRESENT, "the extra cluster")
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    monkeypatch.setattr(cluster, "SETTINGS", {"distributed.comm.timeouts.connect": "1s"})
    ended = Event()

    class Other(BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(words)
            ended.wait(60)

    began = monotonic()
    with ThreadingTCPServer(("127.0.0.1", 0), Other) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            address = f"tcp://127.0.0.1:{server.server_address[1]}"
            with pytest.raises(InputFault, match="where no scheduler answers; allowed: tcp://HOST:PORT"), on_scheduler(address):
                pass
        finally:
            ended.set()
            server.shutdown()
    assert monotonic() - began < 30


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "tcp://", "http://127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_said_in_one_sentence(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    require(PRESENT, "the extra cluster")
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    monkeypatch.setattr(cluster, "SETTINGS", {"distributed.comm.timeouts.connect": "1s"})
    with pytest.raises(InputFault, match="where no scheduler answers; allowed: tcp://HOST:PORT"), on_scheduler(address):
        pass


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with (
        pytest.raises(InputFault, match=r"--workers: distributed is not installed; it comes with `sourcecast\[cluster\]`"),
        on_workers(2),
    ):
        pass
