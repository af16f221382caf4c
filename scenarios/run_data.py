"""The tables of facts that a run rests on, kept in it: what was computed from them can be computed again when they have changed elsewhere."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data import Catalogue
from data.catalogue import TABLE_COLUMNS
from data.fingerprint import fingerprint
from scenarios.run_store import DamagedRun, Manifest
from scenarios.run_tables import bytes_of

FOLDER = "data"


def data_files(catalogue: Catalogue) -> dict[str, tuple[bytes, int]]:
    """Return every table of a catalogue as the content of a file and its number of rows, by the path of the file within the run."""
    tables = {name: pa.Table.from_pandas(getattr(catalogue, name), preserve_index=False) for name in TABLE_COLUMNS}
    return {
        f"{FOLDER}/{name}.parquet": (bytes_of(table.replace_schema_metadata()), table.num_rows) for name, table in tables.items()
    }


def data_of(folder: Path, manifest: Manifest) -> Catalogue:
    """Read the tables that a run rests on.

    Raises
    ------
    DamagedRun
        If they are not those that its manifest names.
    """
    found = Catalogue(**{name: pq.read_table(folder / FOLDER / f"{name}.parquet").to_pandas() for name in TABLE_COLUMNS})
    if fingerprint(found) != manifest["data"]["hash"]:
        raise DamagedRun(f"run {manifest['run']}: the tables of facts in it are not those that it rests on")
    return found
