"""The catalogue of a folder of runs: a small SQLite file that is read from the manifests, and read again where it is lost or old."""

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from data import InputFault
from scenarios.run_store import MANIFEST, Manifest, Store

CATALOGUE = "catalogue.sqlite"
CATALOGUE_VERSION = 1
WAIT = 10.0  # seconds for another process to be done
RUN_FIELDS = {
    "run": "TEXT PRIMARY KEY",
    "title": "TEXT",
    "state": "TEXT",
    "started": "TEXT",
    "seconds": "REAL",
    "version": "TEXT",
    "code": "TEXT",
    "data": "TEXT",
    "vintage": "TEXT",
    "scenarios": "TEXT",
    "models": "TEXT",
    "paths": "INTEGER",
    "seed": "INTEGER",
    "levels": "INTEGER",
    "targets": "INTEGER",
    "forecasts": "INTEGER",
    "draws": "INTEGER",
}
Record = dict[str, object]


def list_runs(store: Store) -> tuple[list[Record], list[str]]:
    """Return a record a run, the oldest first and what is unfinished last, and what is to be said of runs that cannot be read."""
    found, faults = finished_runs(store)
    ordered = sorted(found, key=lambda one: (str(one["started"]), str(one["run"])))
    return [listed(one) for one in ordered] + [begun(store, name) for name in store.unfinished()], faults


def finished_runs(store: Store) -> tuple[list[Record], list[str]]:
    """Bring the catalogue up to date and read it; where it cannot be written, the manifests are read instead."""
    path = store.folder / CATALOGUE
    for where in (path, path, ":memory:"):
        try:
            with closing(sqlite3.connect(where, timeout=WAIT)) as connection, connection:
                return in_catalogue(connection, store)
        except sqlite3.OperationalError:
            continue  # no right or no room to write, or another process never ends
        except sqlite3.DatabaseError:
            with suppress(OSError):
                path.unlink()  # it holds nothing that the manifests do not
    raise InputFault(f"{store.folder}: the catalogue of runs cannot be read")


def in_catalogue(connection: sqlite3.Connection, store: Store) -> tuple[list[Record], list[str]]:
    """Take over what is new and drop what is gone."""
    connection.row_factory = sqlite3.Row
    if connection.execute("PRAGMA user_version").fetchone()[0] != CATALOGUE_VERSION:
        connection.execute("DROP TABLE IF EXISTS runs")
        columns = ", ".join(f"{name} {kind}" for name, kind in RUN_FIELDS.items())
        connection.execute(f"CREATE TABLE runs ({columns}, stamp TEXT)")
        connection.execute(f"PRAGMA user_version = {CATALOGUE_VERSION}")
    known = dict(connection.execute("SELECT run, stamp FROM runs").fetchall())
    stamps = {name: stamp_of(store.folder / name / MANIFEST) for name in store.names()}
    connection.executemany("DELETE FROM runs WHERE run = ?", [(name,) for name in known if known[name] != stamps.get(name)])
    faults = []
    for name, stamp in stamps.items():
        if known.get(name) != stamp:
            try:
                values = [*record_of(store.manifest(name)).values(), stamp]
            except InputFault as fault:
                faults += [str(fault)] if (store.folder / name).exists() else []  # it may just have been deleted
                continue
            connection.execute(f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608  (question marks)
    rows = connection.execute(f"SELECT {', '.join(RUN_FIELDS)} FROM runs").fetchall()  # noqa: S608  (our own names)
    return [dict(row) for row in rows], faults


def stamp_of(path: Path) -> str:
    """Return what changes when a manifest is written anew; nothing if it is not there."""
    with suppress(OSError):
        state = path.stat()
        return f"{state.st_mtime_ns}-{state.st_size}"
    return ""


def record_of(manifest: Manifest) -> Record:
    """Lay out what the catalogue tells of a run, in the order of `RUN_FIELDS`."""
    request, tables, timing = manifest["request"], manifest["tables"], manifest["timing"]
    return {
        "run": manifest["run"],
        "title": request["title"],
        "state": "finished",
        "started": timing["started"],
        "seconds": timing["seconds"],
        "version": manifest["model"]["version"],
        "code": manifest["model"]["code"],
        "data": manifest["data"]["hash"],
        "vintage": request["vintage"],
        "scenarios": json.dumps([one["title"] for one in request["scenarios"]], ensure_ascii=False),
        "models": json.dumps(request["models"]),
        "paths": request["paths"],
        "seed": request["seed"],
        **{name: tables[name]["rows"] for name in ("levels", "targets", "forecasts", "draws")},
    }


def listed(record: Record) -> Record:
    """Make lists of what the catalogue holds as text."""
    return record | {name: json.loads(str(record[name])) for name in ("scenarios", "models")}


def begun(store: Store, name: str) -> Record:
    """Tell of an unfinished run how much of it is done."""
    blank: Record = dict.fromkeys(RUN_FIELDS)
    return blank | {"run": name, "state": f"unfinished, {store.blocks_done(name)} blocks done", "scenarios": [], "models": []}
