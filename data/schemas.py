"""The pandera schema of each table: allowed words, ranges and keys. References between tables are checked in checking.py."""

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from data.text_tables import TEXT

DATE = r"\d{4}(-\d\d){0,2}"
PERIOD = r"((\d{4}(-\d\d)?)?(/\d{4}(-\d\d)?)?)?"
WORDINGS = ["exact", "about", "nearly", "over", "at_least", "under", "range"]
UNITS = ["USD", "CNY", "HKD", "persons", "count", "percent", "ratio", "m2"]


def text(*checks: pa.Check, unique: bool = False) -> pa.Column:
    """Return a text column; empty cells are ''."""
    return pa.Column(TEXT, list(checks), unique=unique)


def number(*checks: pa.Check, empty: bool = False) -> pa.Column:
    """Return a number column."""
    return pa.Column(float, list(checks), nullable=empty)


filled = pa.Check.str_length(min_value=1)


SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "places": pa.DataFrameSchema(
        {
            "place": text(filled, unique=True),
            "name_en": text(filled),
            "name_zh": text(),
            "kind": text(pa.Check.isin(["nation", "province", "city", "park"])),
            "latitude": number(pa.Check.in_range(-90, 90), empty=True),
            "longitude": number(pa.Check.in_range(-180, 180), empty=True),
        }
    ),
    "measures": pa.DataFrameSchema(
        {
            "measure": text(filled, unique=True),
            "name_en": text(filled),
            "name_zh": text(filled),
            "family": text(pa.Check.isin(["contracts", "people", "fdi", "other", ""])),
            "quantity": text(pa.Check.isin(["money", "people", "count", "share", "area"])),
            "flow_or_stock": text(pa.Check.isin(["flow", "stock"])),
            "definition": text(filled),
        }
    ),
    "sources": pa.DataFrameSchema(
        {
            "source": text(filled, unique=True),
            "title": text(filled),
            "published": text(pa.Check.str_matches(f"^{DATE}$")),
            "known_by": text(pa.Check.str_matches(r"^\d{4}-\d\d-\d\d$")),
            "reliability": number(pa.Check.in_range(0.001, 0.5)),
        }
    ),
    "facts": pa.DataFrameSchema(
        {
            "fact": text(filled, unique=True),
            "place": text(filled),
            "measure": text(filled),
            "scope": text(filled),
            "period": text(pa.Check.str_matches(f"^{PERIOD}$")),
            "kind": text(pa.Check.isin(["level", "growth", "average_growth", "multiple", "sum", "share"])),
            "status": text(pa.Check.isin(["observed", "forecast"])),
            "value": number(),
            "unit": text(pa.Check.isin(UNITS)),
            "wording": text(pa.Check.isin(WORDINGS)),
            "value_high": number(empty=True),
            "digits": number(pa.Check.gt(0)),
            "printed": text(filled),
            "line": number(pa.Check.ge(1)),
        },
        checks=[
            pa.Check(
                lambda table: (table["kind"] != "level") | (table["value"] > 0),
                name="a level is positive",
                error="a level is positive",
            ),
            pa.Check(
                lambda table: (table["wording"] == "range") == (table["value_high"] > table["value"]),
                error="a range has a value_high above value",
            ),
        ],
    ),
    "targets": pa.DataFrameSchema(
        {
            "target": text(filled, unique=True),
            "place": text(filled),
            "measure": text(filled),
            "scope": text(filled),
            "due": number(pa.Check.in_range(2009, 2030), empty=True),
            "due_basis": text(pa.Check.isin(["stated", "inferred", ""])),
            "kind": text(pa.Check.isin(["level", "average_growth", "multiple", "share", "count", "cumulative", "rank"])),
            "value": number(empty=True),
            "value_high": number(empty=True),
            "unit": text(pa.Check.isin([*UNITS, ""])),
            "wording": text(pa.Check.isin(WORDINGS)),
            "printed": text(filled),
            "line": number(pa.Check.ge(1)),
            "match": text(pa.Check.isin(["exact", "proxy", "none"])),
        },
        checks=[
            pa.Check(
                lambda table: (table["match"] == "exact") | (table["reason"] != ""),
                error="a target that is not matched exactly has a reason",
            ),
            pa.Check(
                lambda table: table["match"].isin(["none"]) == (table["assessed_by"] == ""),
                error="match none means assessed_by is empty",
            ),
        ],
    ),
    "rulings": pa.DataFrameSchema(
        {
            "ruling": text(filled, unique=True),
            "verdict": text(pa.Check.isin(["keep", "correct", "exclude", "widen"])),
            "corrected_value": number(empty=True),
            "reason": text(filled),
            "finding": text(filled),
        },
        checks=[
            pa.Check(
                lambda table: (table["verdict"] == "correct") == table["corrected_value"].notna(),
                error="a correction has a value, and nothing else has one",
            ),
            pa.Check(
                lambda table: (table["fact"] == "") != (table["target"] == ""),
                error="a ruling is about one fact or one target",
            ),
        ],
    ),
    "exchange_rates": pa.DataFrameSchema(
        {
            "year": number(pa.Check.in_range(1990, 2030)),
            "pair": text(pa.Check.isin(["CNY/USD", "HKD/USD"])),
            "rate": number(pa.Check.gt(0)),
            "convention": text(filled),
            "source": text(filled),
        },
        unique=["year", "pair", "source"],
    ),
    "covariates": pa.DataFrameSchema({"place": text(filled), "covariate": text(filled), "period": number(), "value": number()}),
}


def schema_faults(table: str, rows: pd.DataFrame) -> list[str]:
    """List every cell that breaks the schema of its table."""
    try:
        SCHEMAS[table].validate(rows, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        return [
            f"row {'?' if pd.isna(row) else int(row) + 2}, column {column}: {found!r} fails {check}"
            for row, column, found, check in cases[["index", "column", "failure_case", "check"]].to_numpy()
        ]
    return []
