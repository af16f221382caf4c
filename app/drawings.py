"""Charts whose layout is made once and whose figures are put in anew: building and checking a layout takes longer than a simulation."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd


@dataclass(frozen=True, eq=False)
class Drawing:
    """A layout as Vega-Lite states it, which names its tables, and the tables."""

    layout: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def stated(self) -> dict[str, Any]:
        """Return the layout with its tables, for the page."""
        return deepcopy(dict(self.layout)) | {"datasets": dict(self.tables)}

    def chart(self) -> alt.LayerChart:
        """Return the chart as altair knows it, for files."""
        rows = {name: table.astype(object).where(table.notna(), None).to_dict("records") for name, table in self.tables.items()}
        return alt.LayerChart.from_dict(deepcopy(dict(self.layout)) | {"datasets": rows})


def named(name: str) -> alt.Chart:
    """Begin a chart of a table that is named now and put in later."""
    return alt.Chart(alt.NamedData(name))
