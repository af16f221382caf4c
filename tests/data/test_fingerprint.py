"""The name of the content of the tables."""

from dataclasses import replace

import numpy as np
import pandas as pd

from data import Catalogue
from data.catalogue import TABLE_COLUMNS
from data.fingerprint import csv_of, fingerprint
from data.text_tables import TEXT


def test_equal_tables_have_equal_names_and_any_change_another(catalogue: Catalogue) -> None:
    name = fingerprint(catalogue)
    assert len(name) == 64
    assert fingerprint(replace(catalogue, facts=catalogue.facts.copy())) == name
    changed = catalogue.facts.copy()
    changed.loc[0, "value"] += 1
    assert fingerprint(replace(catalogue, facts=changed)) != name
    assert fingerprint(replace(catalogue, targets=catalogue.targets.iloc[1:])) != name


def test_a_table_is_written_as_pandas_writes_it(catalogue: Catalogue) -> None:
    # Runs kept by earlier versions are known by the hash of what pandas wrote.
    random = np.random.default_rng(1)
    numbers = [0.0, -0.0, 1e15, 1e16, 1e22, 1e-4, 1e-5, 5e-324, 1.7e308, 123456789012345680.0, np.nan, np.inf, -np.inf]
    numbers += (random.normal(size=2000) * 10 ** random.uniform(-30, 30, 2000)).tolist()
    texts = (["", "a,b", 'say "so"', "two\nlines", " blank ", "苏州", "cr\rcr", np.nan, "'"] * len(numbers))[: len(numbers)]
    odd = pd.DataFrame({"text": pd.Series(texts, dtype=TEXT), "arrow": pd.Series(texts, dtype="str"), "number": numbers})
    tables = [odd, odd[["text"]], odd.iloc[:0], *(getattr(catalogue, name) for name in TABLE_COLUMNS)]
    for table in tables:
        assert csv_of(table) == table.to_csv(index=False, lineterminator="\n")
