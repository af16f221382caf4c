"""What can be taken away: charts as PNG and SVG, tables as CSV and XLSX."""

from io import BytesIO, StringIO

import altair as alt
import pandas as pd

from data.user_tables import guarded

PIXELS_A_POINT = 2.0
DOWNLOAD_WIDTH = 900  # of a chart that fills the page on the screen


def chart_bytes(chart: alt.TopLevelMixin, ending: str) -> bytes:
    """Return a chart as PNG or SVG."""
    sized = chart.properties(width=DOWNLOAD_WIDTH) if isinstance(chart, alt.Chart | alt.LayerChart) else chart
    if ending == "svg":
        text = StringIO()
        sized.save(text, format="svg")
        return text.getvalue().encode()
    file = BytesIO()
    sized.save(file, format=ending, scale_factor=PIXELS_A_POINT)
    return file.getvalue()


def table_bytes(table: pd.DataFrame, ending: str) -> bytes:
    """Return a table as CSV (with a byte order mark, for spreadsheets) or XLSX; text that would run as a formula is guarded."""
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = [guarded(str(cell)) for cell in safe[column].fillna("")]
    safe.columns = [guarded(str(column)) for column in safe.columns]
    if ending == "csv":
        return safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    file = BytesIO()
    safe.to_excel(file, index=False, engine="openpyxl")
    return file.getvalue()
