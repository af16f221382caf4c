"""The catalogue of runs: read from the manifests, lost, spoilt and out of date."""

import os
import sqlite3
from pathlib import Path

import pytest

from data import Catalogue
from scenarios import run_catalogue
from scenarios.run_catalogue import CATALOGUE, RUN_FIELDS, list_runs
from scenarios.run_store import MANIFEST, Store
from tests.scenarios.run_examples import BASELINE, PUSHED, made_in, small_request, small_world


@pytest.fixture(scope="module")
def world() -> Catalogue:
    return small_world()


@pytest.fixture
def store(tmp_path: Path, world: Catalogue) -> Store:
    made_in(tmp_path, world, small_request(BASELINE, paths=50))
    return Store(tmp_path)


def test_a_record_tells_what_the_manifest_says(store: Store) -> None:
    ((one,), faults) = list_runs(store)
    assert faults == []
    assert list(one) == list(RUN_FIELDS)
    manifest = store.manifest(str(one["run"]))
    assert (one["title"], one["state"], one["paths"], one["data"]) == ("Small", "finished", 50, manifest["data"]["hash"])
    assert (one["scenarios"], one["models"], one["levels"], one["draws"]) == (["Baseline"], ["auto"], 20, 0)


def test_manifests_are_read_once_and_again_when_they_change(
    store: Store, world: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = list_runs(store)
    asked: list[str] = []
    whole = Store.manifest
    monkeypatch.setattr(Store, "manifest", lambda self, name: asked.append(name) or whole(self, name))
    assert list_runs(store)[0] == first
    assert asked == []
    added = made_in(store.folder, world, small_request(PUSHED, paths=50)).name
    assert {one["run"] for one in list_runs(store)[0]} == {first[0]["run"], added}
    assert set(asked) == {added}
    os.utime(store.folder / added / MANIFEST, ns=(1, 1))
    list_runs(store)
    assert asked[-1] == added
    store.delete(added)
    assert list_runs(store)[0] == first


def test_a_lost_or_spoilt_catalogue_is_made_anew(store: Store) -> None:
    first, _ = list_runs(store)
    path = store.folder / CATALOGUE
    path.unlink()
    assert list_runs(store)[0] == first
    path.write_bytes(b"no database" * 500)
    assert list_runs(store)[0] == first
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE runs SET title = 'changed'")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert list_runs(store)[0] == first


def test_where_nothing_can_be_written_the_manifests_are_read(store: Store) -> None:
    first, _ = list_runs(store)
    (store.folder / CATALOGUE).unlink()
    (store.folder / CATALOGUE).mkdir()  # not even the owner of the machine can open that as a file
    assert list_runs(store)[0] == first


def test_another_process_that_never_ends_does_not_keep_the_list(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = list_runs(store)
    monkeypatch.setattr(run_catalogue, "WAIT", 0.01)
    other = sqlite3.connect(store.folder / CATALOGUE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert list_runs(store)[0] == first
    other.close()


def test_a_run_that_cannot_be_read_is_told_and_the_others_are_listed(store: Store) -> None:
    old, lost = "0123456789ab", "fedcba987654"
    for name in (old, lost, "no run"):
        (store.folder / name).mkdir()
    (store.folder / old / MANIFEST).write_text('{"schema": "urn:sourcecast:schema:manifest:7"}', encoding="utf-8")
    found, faults = list_runs(store)
    assert len(found) == 1
    assert faults == [
        f"run {old}: manifest of version 7 found; this program reads version 3",
        f"run {lost}: its manifest.json cannot be read; delete the run and compute it again",
    ]


def test_an_unfinished_run_is_listed_last(store: Store) -> None:
    draft = store.folder / ".unfinished" / "abcdef"
    draft.mkdir()
    draft.with_suffix(".journal").write_text('{"block": "000000", "files": []}\n', encoding="utf-8")
    last = list_runs(store)[0][-1]
    assert (last["run"], last["state"], last["paths"]) == ("abcdef", "unfinished, 1 blocks done", None)
