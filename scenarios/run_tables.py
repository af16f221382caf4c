"""The tables of a run as Parquet: their columns, and bytes that hang on nothing but their content."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from forecast.forecast_table import quantile_name
from forecast.prediction import QUANTILE_LEVELS

ROWS_A_GROUP = 100_000
TEXTS = pa.dictionary(pa.int32(), pa.string())
SERIES = [pa.field(name, TEXTS) for name in ("place", "measure", "scope", "unit", "period")]
NUMBERS = [pa.field(name, pa.float64()) for name in ("mean", *map(quantile_name, QUANTILE_LEVELS))]
CLASS_COUNTS = [pa.field(name, pa.int32()) for name in ("years", "starts", "episodes", "as_fast")]
CLASS_GROWTH = [pa.field(name, pa.float64()) for name in ("q10", "q25", "q50", "q75", "q90", "fastest")]
ODDS = [pa.field(name, pa.float64()) for name in ("probability", "probability_low", "probability_high")]
TARGET_TYPES = {
    "due": pa.int16(), "line": pa.int32(), "first_likely_year": pa.int16(), "episodes_as_fast": pa.int32(), "episodes": pa.int32(),
    "elsewhere_as_fast": pa.int32(), "elsewhere": pa.int32(),
    "stale": pa.bool_(), "warnings": pa.list_(pa.string()),
    "alternatives": pa.list_(pa.struct([pa.field("assessed_by", pa.string()), *ODDS])),
    "readings": pa.list_(pa.struct([pa.field("reading", pa.string()), *ODDS])),
    "reference_class": pa.list_(
        pa.struct([pa.field("of", pa.string()), pa.field("source", pa.string()), *CLASS_COUNTS, *CLASS_GROWTH])
    ),
}  # fmt: skip
TARGET_TEXTS = (
    "scenario", "target", "place", "measure", "scope", "unit", "kind", "status", "match", "assessed_by", "reason", "vintage", "source",
    "printed", "source_dropped",
)  # fmt: skip
TARGET_NUMBERS = (
    "value", "value_high", "probability", "probability_error", "probability_low", "probability_high", "median", "q10", "q90",
    "required_growth", "observed_growth", "extra_growth_50", "extra_growth_80", "data_weight", "source_change",
    "probability_lower_value", "probability_upper_value", "expected_shortfall",
)  # fmt: skip
TARGET_TYPES |= dict.fromkeys(TARGET_TEXTS, TEXTS) | dict.fromkeys(TARGET_NUMBERS, pa.float64())


def target_columns() -> list[pa.Field]:
    """Return the columns of the targets: the scenario, and the fields of an assessment in their order."""
    from scenarios.assessment import TargetAssessment

    return [pa.field(name, TARGET_TYPES[name]) for name in ("scenario", *TargetAssessment.__dataclass_fields__)]


# Of each table its version, by which programs know its columns, and these.
TABLES: Mapping[str, tuple[int, pa.Schema]] = {
    "levels": (1, pa.schema([pa.field("scenario", TEXTS), *SERIES, *NUMBERS, pa.field("warnings", pa.list_(pa.string()))])),
    "targets": (3, pa.schema(target_columns())),
    "forecasts": (
        1,
        pa.schema([pa.field("asked", TEXTS), *SERIES, *NUMBERS, pa.field("observed", pa.float64()), pa.field("model", TEXTS)]),
    ),
    "draws": (
        1,
        pa.schema([pa.field("scenario", TEXTS), *SERIES, pa.field("path", pa.int32()), pa.field("level", pa.float32())]),
    ),
}


def schema_name(table: str) -> str:
    """Name the schema of the rows of a table, with its version; `sourcecast schema` prints it."""
    return f"urn:sourcecast:schema:run-{table}:{TABLES[table][0]}"


def columns_of(name: str, rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    """Lay the rows of a table out as columns."""
    return {column: [row[column] for row in rows] for column in TABLES[name][1].names}


def table_of(name: str, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    """Make a table of a run of its columns; what is no number is null."""
    _, schema = TABLES[name]
    return pa.Table.from_arrays([pa.array(columns[field.name], field.type, from_pandas=True) for field in schema], schema=schema)


def parquet_bytes(name: str, table: pa.Table) -> bytes:
    """Write a table of a run as Parquet; equal tables give equal bytes."""
    return bytes_of(table.cast(TABLES[name][1]).replace_schema_metadata({"sourcecast": schema_name(name)}))


def bytes_of(table: pa.Table) -> bytes:
    """Write any table as Parquet."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=ROWS_A_GROUP, write_statistics=True)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def tables_in(folder: Path, files: Sequence[str]) -> Iterator[pa.Table]:
    """Read the files of a table one by one, so that no more than one is in memory."""
    for file in files:
        yield pq.ParquetFile(folder / file).read()
