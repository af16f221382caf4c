"""What growing national series teach about booms: how much of one is left a year later, and how calendar years move all of them.

    python benchmarks/growing.py

Reads growing/growing_panels.parquet of the benchmark data (`../shared/benchdata`, or where SOURCECAST_BENCHDATA points). The priors of
forecast/priors.py that name the reference class rest on what this prints.
"""

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

BOOMS = ((0.15, 0.25), (0.25, 0.40), (0.40, 0.70))  # mean log growth of three years in a row, each above 5 %
FIRST_YEAR = 1970
UNITS_A_YEAR = 20


def growth_by_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Log growth from one calendar year to the next; years down, series across."""
    keys = ["measure", "unit_id"]
    rows = rows.sort_values([*keys, "year"])
    growth = np.log(rows["value"]).groupby([rows[key] for key in keys]).diff()
    growth[rows.groupby(keys)["year"].diff() != 1] = np.nan
    table = rows.assign(growth=growth).pivot_table(index="year", columns=keys, values="growth")
    return table[table.index >= FIRST_YEAR]


def describe_common(growth: pd.DataFrame) -> str:
    """Movement of the median growth over calendar years: its sd and its autocorrelation at one to three years."""
    median = growth.median(axis=1)[growth.notna().sum(axis=1) >= UNITS_A_YEAR]
    deviation = (median - median.mean()).to_numpy()
    variance = (deviation**2).mean()
    lags = [(deviation[lag:] * deviation[:-lag]).sum() / len(deviation) / variance for lag in (1, 2, 3)]
    return f"calendar years: sd {variance**0.5:.3f}, autocorrelation {', '.join(f'{one:.2f}' for one in lags)}"


def booms(growth: pd.DataFrame, low: float, high: float) -> np.ndarray:
    """Rows of (mean log growth of three booming years, growth of the next five)."""
    found = []
    for values in growth.to_numpy().T:
        for start in range(len(values) - 7):
            boom = values[start : start + 3]
            if np.isfinite(boom).all() and low <= boom.mean() < high and boom.min() > 0.05:
                found.append([boom.mean(), *values[start + 3 : start + 8]])
    return np.array(found)


def main() -> int:
    """Print one paragraph for each family of measures."""
    folder = Path(os.environ.get("SOURCECAST_BENCHDATA", Path(__file__).resolve().parents[2] / "shared" / "benchdata"))
    path = folder / "growing" / "growing_panels.parquet"
    if not path.is_file():
        print(
            f"not measured: {path.name} is absent (set SOURCECAST_BENCHDATA to the folder of the benchmark data)", file=sys.stderr
        )
        return 1
    for family, rows in pd.read_parquet(path).groupby("family"):
        growth = growth_by_year(rows)
        usual = float(np.nanmedian(growth.to_numpy()))
        print(f"{family}: {growth.shape[1]} series, median growth {usual:.3f}; {describe_common(growth)}")
        for low, high in BOOMS:
            found = booms(growth, low, high)
            if len(found) >= 10:
                left = (np.nanmean(found[:, 1:], axis=0) - usual) / (found[:, 0].mean() - usual)
                print(
                    f"  booms of {low:.2f} to {high:.2f} ({len(found)}): share of the excess left after 1 to 5 years {np.round(left, 2)}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
