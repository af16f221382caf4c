"""The tables of the data package for reading and for taking away."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

from app.language import mark
from data import Catalogue
from data.catalogue import TABLE_COLUMNS
from data.exchange import csv_text

TABLE_WORDS = {
    "facts": mark("Facts: every stated figure"),
    "targets": mark("Targets: every stated aim"),
    "rulings": mark("Rulings on misprints and conflicts"),
    "places": mark("Places"),
    "measures": mark("Measures"),
    "sources": mark("Documents"),
    "exchange_rates": mark("Exchange rates"),
    "covariates": mark("Economy, population, wages, graduates"),
}


def chosen_rows(catalogue: Catalogue, table: str, places: list[str]) -> pd.DataFrame:
    """Return the rows of a table, of some places only if it has places and some are chosen."""
    rows: pd.DataFrame = getattr(catalogue, table)
    return rows[rows["place"].isin(places)] if places and "place" in rows else rows


def everything(catalogue: Catalogue) -> bytes:
    """Return all tables as CSV files in one ZIP file."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for table in TABLE_COLUMNS:
            archive.writestr(f"{table}.csv", csv_text(getattr(catalogue, table), table))
    return file.getvalue()
