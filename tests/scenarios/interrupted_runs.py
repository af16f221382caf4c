"""Runs that are ended in every way, in processes of their own: killed, without room, and at every single step of writing.

A script, for what is forked must not have the threads of a test session: it prepares everything once and forks for each try. It writes a list of
what went wrong. Arguments: what to do, a folder, a seed.
"""

import json
import os
import random
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from scenarios import run_making
from scenarios.run_blocks import Block, Finished, Work, cut, prepare_work
from scenarios.run_making import in_this_process, make_run
from scenarios.run_store import Store, entries_of
from tests.scenarios.run_examples import BASELINE, content_of, small_blocks, small_request, small_world

WHAT = sys.argv[1]
EVERY_STEP = WHAT in ("steps", "full")  # then few blocks are enough
WORLD, REQUEST = small_world(), small_request(*([BASELINE] if EVERY_STEP else []))
KNOWN: dict[Block, Finished] = {}
TRACE = "computed.txt"
ENDED = 77


def one_run(folder: Path) -> str:
    """Compute the run, or what is left of it, and note each block that is begun; what is in `KNOWN` is not computed again."""
    compute = in_this_process(1)

    def traced(work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Finished]]:
        for block in blocks:
            with (folder / TRACE).open("a") as file:
                file.write(f"{block.name}\n")
            yield (block, KNOWN[block]) if block in KNOWN else next(iter(compute(work, [block])))

    return make_run(Store(folder), WORLD, REQUEST, traced, resume=True).name


def forked(work: Callable[[], object], kill_after: float | None = None) -> int:
    """Run something in a process of its own, perhaps killed after some seconds; returns how it ended."""
    with warnings.catch_warnings():
        # From Python 3.12 on it warns of threads, here those that pyarrow keeps, which it sees to itself.
        warnings.filterwarnings("ignore", message=".*multi-threaded", category=DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except Exception as fault:
            Path(sys.argv[2], "fault.txt").write_text(f"{type(fault).__name__}: {fault}", encoding="utf-8")
            os._exit(2)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def checked(folder: Path, wanted: dict[str, bytes], name: str, what: str) -> Iterator[str]:
    """Finish a run that was ended and say what is wrong with it."""
    if (folder / name).exists() and content_of(folder / name) != wanted:
        yield f"{what}: something unfinished is visible"
    done = [entry["block"] for entry in entries_of(folder / ".unfinished" / f"{name}.journal")]
    (folder / TRACE).unlink(missing_ok=True)
    one_run(folder)
    again = (folder / TRACE).read_text().split() if (folder / TRACE).exists() else []
    if set(again) & set(done):
        yield f"{what}: blocks done twice: {set(again) & set(done)}"
    if content_of(folder / name) != wanted:
        yield f"{what}: another result"
    one_run(folder)  # nothing is left to do but to tidy up
    if list((folder / ".unfinished").iterdir()):
        yield f"{what}: left behind: {[path.name for path in (folder / '.unfinished').iterdir()]}"


def killed(base: Path, wanted: dict[str, bytes], name: str, usual: float, seed: int) -> Iterator[str]:
    """Kill runs at random moments, several times each, and finish them."""
    chance = random.Random(seed)
    for number in range(4):
        folder = base / f"killed-{number}"
        folder.mkdir()
        for _ in range(3):
            forked(lambda folder=folder: one_run(folder), chance.uniform(0, 0.7 * usual))
        yield from checked(folder, wanted, name, f"killed {number}")


def at_every_step(base: Path, wanted: dict[str, bytes], name: str, end: Callable[[], None], what: str) -> Iterator[str]:
    """End runs at the first, second, ... step of writing, until one ends by itself; this is about writing, so blocks are computed once."""
    work = prepare_work(WORLD, REQUEST)
    KNOWN.update(in_this_process(1)(work, cut(work)))
    for step in range(1, 1000):
        folder = base / f"{what}-{step}"
        folder.mkdir()

        def stepping(folder: Path = folder, step: int = step) -> None:
            left = [step]
            with pytest.MonkeyPatch.context() as patch:
                for call in ("fsync", "replace", "rename", "unlink"):
                    patch.setattr(os, call, counted(getattr(os, call), left, end))
                one_run(folder)

        code = forked(stepping)
        if code == 0:
            if step < 20:
                yield f"{what}: only {step} steps"
            return
        said = (base / "fault.txt").read_text(encoding="utf-8") if code != ENDED else ""
        if said and not (code == 2 and said.startswith("InputFault: run") and "the disk is full" in said and "--resume" in said):
            yield f"{what} at step {step}: ended with {code}, saying {said}"
        yield from checked(folder, wanted, name, f"{what} at step {step}")
    yield f"{what}: never ended"


def counted(call: Callable[..., object], left: list[int], end: Callable[[], None]) -> Callable[..., object]:
    """Let a call do its work until none are left."""

    def counting(*arguments: object, **options: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            end()
        return call(*arguments, **options)

    return counting


def no_room() -> None:
    raise OSError(28, "No space left on device")


def too_large(base: Path, wanted: dict[str, bytes], name: str) -> Iterator[str]:
    """Let no file become larger than most blocks are."""
    folder = base / "limited"
    folder.mkdir()
    sizes = sorted(len(content) for path, content in wanted.items() if path.endswith(".parquet"))

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (sizes[-2], resource.RLIM_INFINITY))
        one_run(folder)

    code = forked(limited)
    said = (base / "fault.txt").read_text(encoding="utf-8")
    if code != 2 or "InputFault" not in said or "no larger file is allowed" not in said or "--resume" not in said:
        yield f"limited: ended with {code}, saying {said}"
    yield from checked(folder, wanted, name, "limited")


def main() -> None:
    base, seed = Path(sys.argv[2]), int(sys.argv[3])
    work = prepare_work(WORLD, REQUEST)  # once for all that is forked
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch, 5 if EVERY_STEP else 2)
        patch.setattr(run_making, "prepare_work", lambda _catalogue, _request: work)
        (base / "whole").mkdir()
        one_run(base / "whole")  # compiles
        (base / "usual").mkdir()
        started = time.monotonic()
        name = one_run(base / "usual")
        usual = time.monotonic() - started
        wanted = content_of(base / "whole" / name)
        tries = {
            "killed": lambda: killed(base, wanted, name, usual, seed),
            "steps": lambda: at_every_step(base, wanted, name, lambda: os._exit(ENDED), "ended"),
            "full": lambda: at_every_step(base, wanted, name, no_room, "full"),
            "limited": lambda: too_large(base, wanted, name),
        }
        sys.stdout.write(json.dumps(list(tries[WHAT]())))


if __name__ == "__main__":
    main()
