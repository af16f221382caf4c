"""The public annual series of the benchmark data (`../shared/benchdata`, or where SOURCECAST_BENCHDATA points), as logarithms."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TEACHERS = "m4comp2016_yearly.parquet"


@dataclass(frozen=True, eq=False)
class PublicSeries:
    """One series: log levels known and to come."""

    name: str
    known: np.ndarray
    coming: np.ndarray


def folder() -> Path:
    named = os.environ.get("SOURCECAST_BENCHDATA")
    return Path(named) if named else ROOT.parent / "shared" / "benchdata"


def read(file: str) -> list[PublicSeries]:
    """Every positive series of a file, in the order of their names."""
    rows = pd.read_parquet(folder() / file).sort_values(["series_id", "period"])
    found = []
    for name, one in rows.groupby("series_id"):
        if (one["value"] > 0).all():
            found.append(
                PublicSeries(
                    str(name), *(np.log(one.loc[one["split"] == part, "value"].to_numpy(float)) for part in ("train", "test"))
                )
            )
    return found


def teachers() -> list[PublicSeries]:
    """The series that the class is learned on: positive demographic and economic ones, without repeats, with six years of either part."""
    wanted = set(pd.read_csv(folder() / "m4comp2016_demoecon_ids.csv").iloc[:, 0].astype(str))
    return [one for one in read(TEACHERS) if one.name in wanted and len(one.known) >= 6 and len(one.coming) == 6]


def halves(every: list[PublicSeries], seed: int = 2026) -> tuple[list[PublicSeries], list[PublicSeries]]:
    """Two halves at random, each to be forecast by what the other taught."""
    order = np.random.default_rng(seed).permutation(len(every))
    return [every[number] for number in order[::2]], [every[number] for number in order[1::2]]
