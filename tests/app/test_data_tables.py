"""The tables for reading and for taking away."""

from io import BytesIO
from zipfile import ZipFile

import pandas as pd

from app.data_tables import TABLE_WORDS, chosen_rows, everything
from data import Catalogue
from data.catalogue import TABLE_COLUMNS, TABLES_FOLDER


def test_every_table_can_be_chosen() -> None:
    assert set(TABLE_WORDS) == set(TABLE_COLUMNS)


def test_rows_are_cut_to_places_where_there_are_places(catalogue: Catalogue) -> None:
    assert set(chosen_rows(catalogue, "facts", ["Suzhou"])["place"]) == {"Suzhou"}
    assert len(chosen_rows(catalogue, "facts", [])) == len(catalogue.facts)
    assert len(chosen_rows(catalogue, "exchange_rates", ["Suzhou"])) == len(catalogue.exchange_rates)


def test_all_tables_come_in_one_file_with_every_row(catalogue: Catalogue) -> None:
    with ZipFile(BytesIO(everything(catalogue))) as archive:
        assert set(archive.namelist()) == {f"{table}.csv" for table in TABLE_COLUMNS}
        for table in TABLE_COLUMNS:
            own = pd.read_csv(BytesIO(archive.read(f"{table}.csv")), dtype={"source": str})
            bundled = pd.read_csv(TABLES_FOLDER / f"{table}.csv", dtype={"source": str})
            pd.testing.assert_frame_equal(own[list(bundled.columns)], bundled)
