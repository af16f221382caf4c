"""A run from request to finished folder: what is done is kept, what is left is computed, and whatever stops it, nothing is half there."""

import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from time import monotonic
from typing import Any

from data import Catalogue, InputFault
from scenarios.batch import Request
from scenarios.run_blocks import Block, Finished, Work, compute, cut, prepare_work
from scenarios.run_data import data_files
from scenarios.run_manifest import identity, run_name
from scenarios.run_store import Draft, Manifest, Store, no_room
from scenarios.run_tables import TABLES, schema_name
from scenarios.threads import in_order

log = logging.getLogger("sourcecast.runs")
log.addHandler(logging.NullHandler())  # unasked, Python would print what is a warning
AHEAD = 2  # blocks that are computed or wait to be written, for each thread
TURN = 1e-3  # seconds; where two threads both compute in Python, shorter turns cost more than they spare
Engine = Callable[[Work, Sequence[Block]], Generator[tuple[Block, Finished], None, None]]  # closed, it stops what is under way


class EngineGone(Exception):
    """Those who computed the blocks have vanished; the message says who."""


@dataclass(frozen=True)
class Made:
    """A finished run: its name and manifest, and how many blocks were computed now (none if it was there already)."""

    name: str
    manifest: Manifest
    computed: int


def in_this_process(threads: int | None = None) -> Engine:
    """Compute as many blocks at a time as there are threads, and one by several where there are fewer blocks."""

    def run(work: Work, blocks: Sequence[Block]) -> Generator[tuple[Block, Finished], None, None]:
        every = threads or os.cpu_count() or 1
        each = max(1, every // max(1, len(blocks)))
        stop = Event()

        def computed(block: Block) -> Finished:
            return compute(work, block, each, stop.is_set)

        with brief_turns(), ThreadPoolExecutor(every // each) as pool:
            try:
                yield from zip(blocks, in_order(pool, computed, blocks, AHEAD * every), strict=True)
            finally:
                stop.set()
                pool.shutdown(cancel_futures=True)

    return run


@contextmanager
def brief_turns() -> Iterator[None]:
    """Let threads take turns often: one that comes out of a kernel would wait for the interpreter longer than the kernel took."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def make_run(
    store: Store,
    catalogue: Catalogue,
    request: Request,
    engine: Engine,
    *,
    resume: bool = False,
    again: str = "the same command with --resume",
    progress: Callable[[float], None] | None = None,
) -> Made:
    """Compute a run, or what is left of it.

    Parameters
    ----------
    store : Store
    catalogue : Catalogue
    request : Request
    engine : callable
        Computes blocks: in this process, or on others.
    resume : bool
        Go on with a run that was begun, and repair one whose files are damaged.
    again : str
        What goes on with the run if it cannot be finished.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If nothing matches, the run is begun and not to be resumed, another process works on it, or there is no room on the disk.
    KeyboardInterrupt
        With a sentence that says what is kept.
    """
    what = identity(catalogue, request)
    name = run_name(what)
    started, clock = datetime.now(UTC), monotonic()
    with store.held(name):
        if name in store.names():
            manifest = store.manifest(name)
            wrong = store.damaged(name, manifest) if resume else []
            if not wrong:
                store.forget_journal(name)
                return Made(name, manifest, 0)
            log.warning("files damaged", extra={"run": name, "files": len(wrong)})
            store.reopen(name, manifest)
        with told(store, name, again):
            begun = store.blocks_done(name)
            if begun and not resume:
                done = f"run {name}: begun, with {blocks_in_words(begun)} done"
                raise InputFault(f"{done}; add --resume to go on, or `sourcecast runs delete {name}`")
            work = prepare_work(catalogue, request)
            blocks = cut(work)
            if not blocks:
                raise InputFault(
                    "no series or target matches that ends before the horizon; `sourcecast data list` shows what is known"
                )
            draft = store.draft(name)
            kept = len(draft.done)
            log.info("run begun", extra={"run": name, "blocks": len(blocks), "kept": kept})
            fill(draft, work, blocks, engine, progress or (lambda _share: None))
            manifest = manifest_of(what, name, draft, blocks) | {"facts": draft.write(data_files(catalogue))}
            seconds = round(monotonic() - clock, 3)
            manifest["timing"] = {
                "started": started.isoformat(timespec="seconds"),
                "seconds": seconds,
                "computed": len(blocks) - kept,
                "kept": kept,
            }
            store.finish(draft, manifest)
    log.info("run finished", extra={"run": name, "seconds": seconds, "blocks": len(blocks) - kept})
    return Made(name, manifest, len(blocks) - kept)


def fill(draft: Draft, work: Work, blocks: Sequence[Block], engine: Engine, progress: Callable[[float], None]) -> None:
    """Compute and keep the blocks that are not done."""
    left = [block for block in blocks if block.name not in draft.done]
    progress(1 - len(left) / len(blocks))
    clock = monotonic()
    with closing(engine(work, left)) as computed:
        for number, (block, finished) in enumerate(computed, start=1):
            files = {f"{table}/{block.name}.parquet": content for table, content in finished.tables.items()}
            counts = {"series": len(block.series), "places": len(block.places)}
            about = {"kind": block.kind, "of": of_block(work.request, block), **counts, "notes": finished.notes}
            draft.keep(block.name, about, files)
            rows = {table: content[1] for table, content in finished.tables.items()}
            said = {"run": draft.folder.name, "block": block.name, "kind": block.kind, "of": about["of"], "rows": rows}
            log.info("block finished", extra=said | {"seconds": round(monotonic() - clock, 3)})
            clock = monotonic()
            progress(1 - (len(left) - number) / len(blocks))


def of_block(request: Request, block: Block) -> str:
    """Name the scenario or model of a block."""
    return request.batch.models[block.of] if block.kind == "forecasts" else request.scenarios[block.of].title


def manifest_of(what: Mapping[str, object], name: str, draft: Draft, blocks: Sequence[Block]) -> Manifest:
    """Gather all that is told of a finished run but how long it took."""
    entries = [draft.done[block.name] for block in blocks]
    notes: Counter[str] = Counter()
    tables: dict[str, dict[str, Any]] = {table: {"schema": schema_name(table), "rows": 0, "files": 0} for table in TABLES}
    for entry in entries:
        notes.update(entry["notes"])
        for file in entry["files"]:
            table = tables[file["path"].split("/")[0]]
            table["rows"] += file["rows"]
            table["files"] += 1
    return {**what, "run": name, "tables": tables, "notes": dict(sorted(notes.items())), "blocks": entries}


@contextmanager
def told(store: Store, name: str, again: str) -> Iterator[None]:
    """Say in one sentence what is kept of a run that cannot be finished."""
    try:
        yield
    except OSError as error:
        if (why := no_room(error)) is None:
            raise
        kept = blocks_in_words(store.blocks_done(name))
        raise InputFault(f"run {name}: {why}; {kept} kept; make room and run {again}") from None
    except EngineGone as gone:
        kept = blocks_in_words(store.blocks_done(name))
        raise InputFault(f"run {name}: {gone}; {kept} kept; {again} goes on") from None
    except KeyboardInterrupt:
        kept = blocks_in_words(store.blocks_done(name))
        raise KeyboardInterrupt(f"run {name}: interrupted; {kept} kept; {again} goes on") from None


def blocks_in_words(count: int) -> str:
    """Count blocks in words."""
    return f"{count} block{'' if count == 1 else 's'}"
