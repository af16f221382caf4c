"""Runs that are ended, resumed, damaged and repaired: nothing is lost, done twice or half visible, and the bytes are always the same."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest

from data import Catalogue, InputFault
from scenarios import run_making
from scenarios.run_blocks import Block, Finished, Work
from scenarios.run_making import in_this_process, make_run
from scenarios.run_store import MANIFEST, DamagedRun, Store, entries_of
from scenarios.run_tables import TABLES, tables_in
from tests.scenarios.run_examples import BASELINE, content_of, flip, made_in, small_blocks, small_request, small_world

ROOT = Path(__file__).resolve().parents[2]
NO_WORK: Any = None


@pytest.fixture(scope="module")
def world() -> Catalogue:
    return small_world()


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)


@pytest.mark.parametrize("what", ["killed", "steps", "full", "limited"])
def test_a_run_that_is_ended_in_any_way_is_resumed_to_the_same_bytes(what: str, tmp_path: Path) -> None:
    """Killed at random moments (seed 1), killed at each step of writing, a full disk at each, and a limit to the size of files."""
    command = [sys.executable, "-W", "error", "-m", "tests.scenarios.interrupted_runs", what, tmp_path, "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert done.stderr == ""
    assert json.loads(done.stdout) == []


def test_a_run_is_a_folder_whose_tables_have_their_columns(world: Catalogue, tmp_path: Path, blocks: None) -> None:
    made = made_in(tmp_path, world, small_request(draws=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".unfinished", made.name]
    assert list((tmp_path / ".unfinished").iterdir()) == []
    assert made.computed == len(made.manifest["blocks"]) == 9
    rows = {name: table["rows"] for name, table in made.manifest["tables"].items()}
    assert rows == {"levels": 2 * 5 * 4, "targets": 2 * 2, "forecasts": 5 * (2 + 8), "draws": 2 * 5 * 4 * 200}
    for name, (version, schema) in TABLES.items():
        files = sorted(str(path.relative_to(tmp_path / made.name)) for path in (tmp_path / made.name / name).iterdir())
        for table in tables_in(tmp_path / made.name, files):
            assert table.schema.equals(schema, check_metadata=False)
            assert table.schema.metadata[b"sourcecast"].decode() == f"urn:sourcecast:schema:run-{name}:{version}"


def test_equal_runs_have_equal_bytes_whatever_the_threads(world: Catalogue, tmp_path: Path, blocks: None) -> None:
    request = small_request(draws=True)
    one = make_run(Store(tmp_path / "one"), world, request, in_this_process(1))
    two = make_run(Store(tmp_path / "two"), world, request, in_this_process(3))
    assert one.name == two.name
    assert content_of(tmp_path / "one") == content_of(tmp_path / "two")


@pytest.mark.parametrize(("threads", "blocks", "each"), [(1, 3, 1), (2, 3, 1), (3, 1, 3), (5, 2, 2)])
def test_threads_are_shared_out_among_blocks(monkeypatch: pytest.MonkeyPatch, threads: int, blocks: int, each: int) -> None:
    given: list[int] = []

    def noted(work: Work, block: Block, threads: int, should_stop: object) -> Finished:
        given.append(threads)
        return Finished({}, {block.name: 1})

    monkeypatch.setattr(run_making, "compute", noted)
    wanted = [Block(number, "outcomes", 0, ()) for number in range(blocks)]
    done = list(in_this_process(threads)(NO_WORK, wanted))
    assert done == [(block, Finished({}, {block.name: 1})) for block in wanted]
    assert given == [each] * blocks


def test_what_is_under_way_stops_when_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped, turn = Event(), sys.getswitchinterval()

    def until_stopped(work: Work, block: Block, threads: int, should_stop: Callable[[], bool]) -> Finished:
        until = monotonic() + 60
        while block.number and monotonic() < until and not should_stop():
            sleep(0.001)
        if block.number and should_stop():
            stopped.set()
        return Finished({}, {})

    monkeypatch.setattr(run_making, "compute", until_stopped)
    computed = in_this_process(2)(NO_WORK, [Block(number, "outcomes", 0, ()) for number in range(9)])
    next(computed)
    assert sys.getswitchinterval() < turn
    computed.close()
    assert stopped.is_set()
    assert sys.getswitchinterval() == turn


@pytest.mark.parametrize("change", [{"seed": 2}, {"paths": 210}, {"models": []}, {"title": "Other"}, {"places": ["City 0"]}])
def test_another_request_is_another_run(world: Catalogue, tmp_path: Path, change: dict[str, object]) -> None:
    names = {made_in(tmp_path, world, small_request(BASELINE, **more)).name for more in ({}, change)}
    assert len(names) == 2
    assert made_in(tmp_path, small_world(2e9), small_request(BASELINE)).name not in names


def test_a_run_that_is_there_is_not_computed_again(world: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made_in(tmp_path, world, small_request(BASELINE))
    monkeypatch.setattr(run_making, "prepare_work", None)
    for resume in (False, True):
        again = made_in(tmp_path, world, small_request(BASELINE, formats=["csv"]), resume=resume)
        assert (again.name, again.computed, again.manifest) == (first.name, 0, first.manifest)


def interrupted_after(blocks: int, folder: Path, world: Catalogue, **options: object) -> str:
    """Interrupt a run after some blocks; returns what is said."""

    def engine(work: object, left: object) -> object:
        for number, done in enumerate(in_this_process(1)(work, left)):  # type: ignore[arg-type]
            if number == blocks:
                raise KeyboardInterrupt
            yield done

    with pytest.raises(KeyboardInterrupt) as stopped:
        make_run(Store(folder), world, small_request(), engine, **options)  # type: ignore[arg-type]
    return str(stopped.value)


def test_an_interrupted_run_says_what_is_kept_and_goes_on_only_if_asked(world: Catalogue, tmp_path: Path, blocks: None) -> None:
    said = interrupted_after(3, tmp_path, world)
    store = Store(tmp_path)
    (name,) = store.unfinished()
    assert said == f"run {name}: interrupted; 3 blocks kept; the same command with --resume goes on"
    assert store.names() == []
    with pytest.raises(InputFault, match=f"run {name}: begun, with 3 blocks done; add --resume to go on"):
        made_in(tmp_path, world, small_request())
    assert "5 blocks kept" in interrupted_after(2, tmp_path, world, resume=True)
    made = made_in(tmp_path, world, small_request(), resume=True)
    assert (made.computed, made.manifest["timing"]["kept"], store.unfinished()) == (4, 5, [])


def test_a_damaged_block_of_an_unfinished_run_is_computed_again(world: Catalogue, tmp_path: Path, blocks: None) -> None:
    interrupted_after(4, tmp_path, world)
    wanted = content_of(tmp_path / "whole" / made_in(tmp_path / "whole", world, small_request()).name)
    (name,) = Store(tmp_path).unfinished()
    flip(next((tmp_path / ".unfinished" / name).rglob("*.parquet")))
    made = made_in(tmp_path, world, small_request(), resume=True)
    assert made.manifest["timing"]["kept"] == 3
    assert content_of(tmp_path / made.name) == wanted


def test_half_a_line_in_the_journal_is_a_block_that_is_not_done(world: Catalogue, tmp_path: Path, blocks: None) -> None:
    interrupted_after(4, tmp_path, world)
    (journal,) = (tmp_path / ".unfinished").glob("*.journal")
    journal.write_bytes(journal.read_bytes()[:-20])
    assert len(entries_of(journal)) == 3
    assert made_in(tmp_path, world, small_request(), resume=True).manifest["timing"]["kept"] == 3


@pytest.mark.parametrize("harm", [flip, Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_damaged_run_is_named_and_repaired(world: Catalogue, tmp_path: Path, blocks: None, harm: object) -> None:
    made = made_in(tmp_path, world, small_request())
    store, before = Store(tmp_path), content_of(tmp_path)
    store.check(made.name, made.manifest)
    harm(tmp_path / made.name / "levels" / "000001.parquet")  # type: ignore[operator]
    with pytest.raises(DamagedRun, match=r"levels/000001.parquet missing or damaged; .* repairs it with --resume"):
        store.check(made.name, made.manifest)
    repaired = made_in(tmp_path, world, small_request(), resume=True)
    assert repaired.computed == 1
    assert content_of(tmp_path) == before


def test_what_matches_nothing_is_refused_and_leaves_nothing(world: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(InputFault, match="no series or target matches"):
        made_in(tmp_path, world, small_request(BASELINE, places=["Suzhou"]))
    assert (Store(tmp_path).names(), Store(tmp_path).unfinished()) == ([], [])


def test_a_run_whose_manifest_is_lost_is_refused_until_it_is_deleted(world: Catalogue, tmp_path: Path) -> None:
    request = small_request(BASELINE, paths=20)
    name = made_in(tmp_path, world, request).name
    (tmp_path / name / MANIFEST).unlink()
    for resume in (False, True):
        with pytest.raises(InputFault, match="cannot be read; delete the run"):
            made_in(tmp_path, world, request, resume=resume)
    Store(tmp_path).delete(Store(tmp_path).find(name[:5]))
    assert made_in(tmp_path, world, request).computed
