"""Runs kept in a folder: each a folder of its own with Parquet files and a manifest, which appears whole or not at all.

A run is computed in `.unfinished/NAME`, block by block, and moved to `NAME` when all is there. A block counts once it stands in the journal,
which is written after its files, so whatever ends the program, what counts is whole.
"""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from data import InputFault
from scenarios.run_manifest import IDENTITY, MANIFEST_VERSION, SCHEMA, is_run_name, json_bytes, run_name

UNFINISHED, MANIFEST, EXPORTS = ".unfinished", "manifest.json", "exports"
LEAST_PREFIX = 4
Manifest = dict[str, Any]
Entry = dict[str, Any]


class DamagedRun(InputFault):
    """A finished run whose files are not what its manifest says."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, even after a loss of power."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def no_room(error: OSError) -> str | None:
    """Say why nothing more can be written, if that is what an error says."""
    full = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the quota of disk space is used up",
        errno.EFBIG: "no larger file is allowed",
    }
    return full.get(error.errno or 0)


@dataclass(eq=False)
class Draft:
    """A run on the way: its folder, and the entries of the blocks that are done by their names."""

    folder: Path
    journal: Path
    done: dict[str, Entry] = field(default_factory=dict)

    def write(self, files: Mapping[str, tuple[bytes, int]]) -> list[Entry]:
        """Write files (path -> content and rows), and return what the manifest tells of them."""
        kept: list[Entry] = []
        for path, (content, rows) in sorted(files.items()):
            (self.folder / path).parent.mkdir(exist_ok=True)
            write_whole(self.folder / path, content)
            kept.append({"path": path, "rows": rows, "sha256": sha256(content).hexdigest()})
        return kept

    def keep(self, block: str, about: Mapping[str, object], files: Mapping[str, tuple[bytes, int]]) -> None:
        """Write the files of a block (path -> content and rows), then its entry into the journal."""
        entry = {"block": block, **about, "files": self.write(files)}
        size = self.journal.stat().st_size
        try:
            with self.journal.open("ab") as file:
                file.write(line_of(entry))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            os.truncate(self.journal, size)  # half a line would swallow the next one
            raise
        self.done[block] = entry


@dataclass(frozen=True)
class Store:
    """A folder of runs."""

    folder: Path

    def names(self) -> list[str]:
        """Return the names of the finished runs, also of those whose manifest is lost."""
        return sorted(path.name for path in self.folder.glob("[!.]*") if is_run_name(path.name) and path.is_dir())

    def unfinished(self) -> list[str]:
        """Return the names of the runs that were begun and are not finished."""
        return sorted(path.stem for path in (self.folder / UNFINISHED).glob("*.journal") if not (self.folder / path.stem).exists())

    def journal(self, name: str) -> Path:
        """Return the file that tells which blocks of a run are done."""
        return self.folder / UNFINISHED / f"{name}.journal"

    def blocks_done(self, name: str) -> int:
        """Count the blocks of an unfinished run that are done."""
        return len(entries_of(self.journal(name)))

    def forget_journal(self, name: str) -> None:
        """Take away what a finished run may have left behind when the program was ended at that moment."""
        with suppress(OSError):
            self.journal(name).unlink()

    def find(self, prefix: str, *, also_unfinished: bool = False) -> str:
        """Return the run whose name begins with some digits.

        Raises
        ------
        InputFault
            If there is none, or more than one, or it is unfinished and that is not enough.
        """
        finished, begun = (
            [name for name in names if name.startswith(prefix.casefold())] for names in (self.names(), self.unfinished())
        )
        found = finished + begun if also_unfinished or not finished else finished
        if not found:
            raise InputFault(f"run: {prefix!r} found, with which no run of {self.folder} begins; `sourcecast runs list` shows all")
        if len(found) > 1 or (len(prefix) < LEAST_PREFIX and prefix != found[0]):
            raise InputFault(
                f"run: {prefix!r} found, with which {len(found)} begin; {LEAST_PREFIX} or more digits that only one has are allowed"
            )
        if begun == found and not also_unfinished:
            raise InputFault(
                f"run {found[0]}: unfinished, {self.blocks_done(found[0])} blocks done; the command that made it goes on with --resume"
            )
        return found[0]

    def manifest(self, name: str) -> Manifest:
        """Read the manifest of a run.

        Raises
        ------
        InputFault
            If it cannot be read, or is of another version.
        """
        try:
            found = json.loads((self.folder / name / MANIFEST).read_bytes())
        except (OSError, ValueError):
            raise DamagedRun(f"run {name}: its {MANIFEST} cannot be read; delete the run and compute it again") from None
        if not isinstance(found, dict) or found.get("schema") != SCHEMA:
            stated = str(found.get("schema", "nothing") if isinstance(found, dict) else "nothing").rsplit(":", 1)[-1]
            raise InputFault(f"run {name}: manifest of version {stated} found; this program reads version {MANIFEST_VERSION}")
        if (
            not {"tables", "facts", "blocks", "notes", "timing"} <= set(found)
            or run_name({key: found.get(key) for key in IDENTITY}) != name
        ):
            raise DamagedRun(f"run {name}: its {MANIFEST} is damaged; delete the run and compute it again")
        return found

    def damaged(self, name: str, manifest: Manifest) -> list[str]:
        """Return the files of a run that are missing or not what they were."""
        files = [*(file for entry in manifest["blocks"] for file in entry["files"]), *manifest["facts"]]
        return [file["path"] for file in files if not is_intact(self.folder / name, file)]

    def check(self, name: str, manifest: Manifest) -> None:
        """Refuse a run with a damaged file.

        Raises
        ------
        DamagedRun
            In one sentence that says what to do.
        """
        if wrong := self.damaged(name, manifest):
            many = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            raise DamagedRun(
                f"run {name}: {wrong[0]}{many} missing or damaged; the command that made the run repairs it with --resume"
            )

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Keep a run for this process alone.

        Raises
        ------
        InputFault
            If another process has it, or the folder cannot be written.
        """
        path = self.folder / UNFINISHED / f"{name}.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = locked(path)
        except OSError as error:
            raise InputFault(f"{self.folder}: no runs can be kept there ({error.strerror or error})") from None
        if handle is None:
            raise InputFault(f"run {name}: another process works on it; wait until that has ended")
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink()
            os.close(handle)

    def draft(self, name: str) -> Draft:
        """Open a run that is held, with what has been done of it; what is not whole is taken away."""
        base = self.folder / UNFINISHED
        draft = Draft(base / name, self.journal(name))
        if (self.folder / name).exists():
            raise FileExistsError(name)
        draft.folder.mkdir(exist_ok=True)
        for entry in entries_of(draft.journal):
            if all(is_intact(draft.folder, file) for file in entry["files"]):
                draft.done[entry["block"]] = entry
        kept = {file["path"] for entry in draft.done.values() for file in entry["files"]}
        for path in [path for path in draft.folder.rglob("*") if path.is_file()]:
            if str(path.relative_to(draft.folder)) not in kept:
                path.unlink()
        write_whole(draft.journal, b"".join(map(line_of, draft.done.values())))
        return draft

    def finish(self, draft: Draft, manifest: Manifest) -> None:
        """Give a run its manifest and its place among the finished ones."""
        write_whole(draft.folder / MANIFEST, json_bytes(manifest))
        os.rename(draft.folder, self.folder / draft.folder.name)
        sync_folder(self.folder)
        draft.journal.unlink()

    def reopen(self, name: str, manifest: Manifest) -> None:
        """Make a finished run with damaged files an unfinished one that lacks them."""
        write_whole(self.journal(name), b"".join(map(line_of, manifest["blocks"])))
        os.rename(self.folder / name, self.folder / UNFINISHED / name)
        sync_folder(self.folder)

    def delete(self, name: str) -> None:
        """Delete a run, finished or not; it vanishes at once, even if taking its files away is interrupted.

        Raises
        ------
        InputFault
            If another process works on it, or it cannot be deleted.
        """
        base = self.folder / UNFINISHED
        with self.held(name):
            try:
                self.forget_journal(name)
                if (self.folder / name).exists():
                    shutil.rmtree(base / name, ignore_errors=True)
                    os.rename(self.folder / name, base / name)
                shutil.rmtree(base / name)
            except OSError as error:
                raise InputFault(f"run {name}: cannot be deleted ({error.strerror or error})") from None


def files_of(manifest: Manifest, table: str, of: str | None = None) -> list[str]:
    """Return the files of a table in their order, or those of one scenario or model."""
    entries = [entry for entry in manifest["blocks"] if of in (None, entry["of"])]
    return [file["path"] for entry in entries for file in entry["files"] if file["path"].startswith(f"{table}/")]


def locked(path: Path) -> int | None:
    """Lock a file that is made for it; None if another process has it. The lock ends with the process, however that ends."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        os.close(handle)  # whoever had it took the file away between the two steps


def entries_of(journal: Path) -> list[Entry]:
    """Read a journal; a line that was cut off ends it."""
    entries: list[Entry] = []
    with suppress(FileNotFoundError):
        for line in journal.read_bytes().split(b"\n"):
            try:
                entry = json.loads(line)
                entries += [entry] if entry["files"] is not None else []
            except (ValueError, TypeError, KeyError):
                break
    return entries


def line_of(entry: Entry) -> bytes:
    """Write an entry as a line of a journal."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def is_intact(folder: Path, file: Mapping[str, object]) -> bool:
    """Tell whether a file is what was written."""
    try:
        return sha256((folder / str(file["path"])).read_bytes()).hexdigest() == file["sha256"]
    except OSError:
        return False
