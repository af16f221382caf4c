"""Writes covariates.csv from the facts, and datapackage.json from the tables. Run `python -m data.package` after changing a table."""

import hashlib
import json

from data.catalogue import TABLE_COLUMNS, TABLES_FOLDER, bundled_catalogue
from data.covariates import covariates_text

KEYS = {
    "places": "place",
    "measures": "measure",
    "sources": "source",
    "facts": "fact",
    "targets": "target",
    "rulings": "ruling",
}
REFERENCES = {
    "facts": {"place": "places", "measure": "measures", "source": "sources"},
    "targets": {"place": "places", "measure": "measures", "source": "sources"},
    "covariates": {"place": "places", "source": "sources"},
}
UNITS = {
    "value": "unit of the row",
    "value_high": "unit of the row",
    "digits": "unit of the row",
    "latitude": "degree",
    "longitude": "degree",
}


def package() -> dict[str, object]:
    """Describe every bundled table."""
    resources = []
    for table, columns in TABLE_COLUMNS.items():
        path = TABLES_FOLDER / f"{table}.csv"
        fields = [
            {"name": name, "type": "number" if numeric else "string"} | ({"unit": UNITS[name]} if name in UNITS else {})
            for name, numeric in columns.items()
        ]
        schema: dict[str, object] = {"fields": fields}
        if table in KEYS:
            schema["primaryKey"] = KEYS[table]
        if table in REFERENCES:
            schema["foreignKeys"] = [
                {"fields": column, "reference": {"resource": other, "fields": KEYS[other]}}
                for column, other in REFERENCES[table].items()
            ]
        resources.append(
            {
                "name": table,
                "path": f"tables/{table}.csv",
                "format": "csv",
                "encoding": "utf-8",
                "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
                "schema": schema,
            }
        )
    return {
        "name": "sourcecast",
        "title": "Outsourcing contracts, employment and foreign direct investment of Chinese cities as stated by 2017, and their targets",
        "licenses": [{"name": "Apache-2.0"}],
        "resources": resources,
    }


if __name__ == "__main__":
    (TABLES_FOLDER / "covariates.csv").write_text(covariates_text(bundled_catalogue()), encoding="utf-8")
    target = TABLES_FOLDER.parent / "datapackage.json"
    target.write_text(json.dumps(package(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
