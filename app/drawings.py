"""Charts whose layout is made once and whose figures are put in anew: building and checking a layout takes longer than a simulation."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

Columns = Mapping[str, Sequence[Any]]  # a table; plain lists are drawn much sooner than a DataFrame


@dataclass(frozen=True, eq=False)
class Drawing:
    """A layout as Vega-Lite states it, which names its tables, and the tables."""

    layout: Mapping[str, Any]
    tables: Mapping[str, Columns]

    def stated(self) -> dict[str, Any]:
        """Return the layout with its tables, for the page; below the top it is the layout itself, which nobody may change."""
        tables = {name: pa.table({head: pa.array(column, from_pandas=True) for head, column in columns.items()})
                  for name, columns in self.tables.items()}  # fmt: skip
        return {**self.layout, "datasets": tables}

    def chart(self) -> alt.LayerChart:
        """Return the chart as altair knows it, for files."""
        rows = {name: table.to_pylist() for name, table in self.stated()["datasets"].items()}
        return alt.LayerChart.from_dict(deepcopy(dict(self.layout)) | {"datasets": rows})


def named(name: str) -> alt.Chart:
    """Begin a chart of a table that is named now and put in later."""
    return alt.Chart(alt.NamedData(name))


def columns_of(table: pd.DataFrame, *names: str) -> dict[str, list[Any]]:
    """Return some columns of a table as plain lists."""
    return {name: table[name].tolist() for name in names}
