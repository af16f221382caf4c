"""The store of runs: names, locks, manifests of other versions, deletion."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data import InputFault
from scenarios.run_store import MANIFEST, Store, write_whole
from tests.scenarios.run_examples import BASELINE, PUSHED, made_in, small_request, small_world

HOLD = """
import sys, time
from pathlib import Path
from scenarios.run_store import Store
with Store(Path(sys.argv[1])).held("run"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, list[str]]:
    folder = tmp_path_factory.mktemp("runs")
    world = small_world()
    return Store(folder), [made_in(folder, world, small_request(one, paths=50)).name for one in (BASELINE, PUSHED)]


def test_a_run_is_found_by_its_first_digits(two_runs: tuple[Store, list[str]]) -> None:
    store, names = two_runs
    assert store.names() == sorted(names)
    for name in names:
        assert store.find(name) == store.find(name[:6].upper()) == name
    with pytest.raises(InputFault, match="'zzzz' found, with which no run of"):
        store.find("zzzz")
    with pytest.raises(InputFault, match="4 or more digits"):
        store.find(names[0][:1])


def test_an_unfinished_run_is_found_by_whoever_can_use_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / ".unfinished").mkdir()
    store.journal("0123456789ab").write_text('{"block": "000000", "files": []}\n', encoding="utf-8")
    assert store.find("0123", also_unfinished=True) == "0123456789ab"
    for prefix in ("0123", "0123456789ab"):
        with pytest.raises(InputFault, match=r"run 0123456789ab: unfinished, 1 blocks done; .* goes on with --resume"):
            store.find(prefix)


def test_two_processes_cannot_work_on_one_run(tmp_path: Path) -> None:
    """The lock ends with the process that holds it, even if that is killed."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(InputFault, match="run run: another process works on it"), Store(tmp_path).held("run"):
        pass
    with Store(tmp_path).held("other"):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with Store(tmp_path).held("run"), pytest.raises(InputFault, match="another process"), Store(tmp_path).held("run"):
        pass
    assert list((tmp_path / ".unfinished").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputFault, match="no runs can be kept there"), Store(tmp_path / "file").held("run"):
        pass


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "urn:sourcecast:schema:manifest:99"}, "manifest of version 99 found; this program reads version 3"),
        ({"schema": None}, "manifest of version None found"),
        ({"data": {"hash": "0"}}, "is damaged"),
        ({"blocks": ...}, "is damaged"),
    ],
)
def test_a_manifest_of_another_version_or_content_is_refused(tmp_path: Path, change: dict[str, object], said: str) -> None:
    name = made_in(tmp_path, small_world(), small_request(BASELINE, paths=50)).name
    path = tmp_path / name / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps({key: value for key, value in manifest.items() if value is not ...}), encoding="utf-8")
    with pytest.raises(InputFault, match=said) as refused:
        Store(tmp_path).manifest(name)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(InputFault, match="run run: "):
        Store(tmp_path).manifest("run")


def test_a_deleted_run_is_gone_unless_somebody_works_on_it(tmp_path: Path) -> None:
    name = made_in(tmp_path, small_world(), small_request(BASELINE, paths=50)).name
    store = Store(tmp_path)
    with store.held(name), pytest.raises(InputFault, match="another process"):
        store.delete(name)
    store.delete(name)
    assert store.names() == []
    assert not (tmp_path / name).exists()
    assert list((tmp_path / ".unfinished").iterdir()) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"first")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]
