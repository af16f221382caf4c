"""The public annual series of the benchmark data (`../shared/benchdata`, or where SOURCECAST_BENCHDATA points), as logarithms."""

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TEACHERS = "m4comp2016_yearly.parquet"
COARSE = 0.003  # step of the print as a share of the level: what 13.4, 13.4, 13.5 does is rounding and not growth


@dataclass(frozen=True, eq=False)
class PublicSeries:
    """One series: log levels known and to come, and one unit of the last printed digit as a share of the typical level."""

    name: str
    known: np.ndarray
    coming: np.ndarray
    step: float


def folder() -> Path:
    named = os.environ.get("SOURCECAST_BENCHDATA")
    return Path(named) if named else ROOT.parent / "shared" / "benchdata"


def read(file: str) -> list[PublicSeries]:
    """Every positive series of a file, in the order of their names."""
    rows = pd.read_parquet(folder() / file).sort_values(["series_id", "period"])
    found = []
    for name, one in rows.groupby("series_id"):
        if (one["value"] > 0).all():
            known, coming = (np.log(one.loc[one["split"] == part, "value"].to_numpy(float)) for part in ("train", "test"))
            found.append(PublicSeries(str(name), known, coming, printed_step(one["value"].to_numpy(float))))
    return found


def printed_step(levels: np.ndarray) -> float:
    """One unit of the last digit that any of the levels is printed with, as a share of their median."""
    last = min(int(Decimal(f"{level:.12g}").normalize().as_tuple().exponent) for level in levels)
    return float(10.0**last / np.median(levels))


def teachers() -> list[PublicSeries]:
    """The series that the class is learned on: positive demographic and economic ones, finely printed, without repeats, six years of either part."""
    wanted = set(pd.read_csv(folder() / "m4comp2016_demoecon_ids.csv").iloc[:, 0].astype(str))
    fine = [one for one in read(TEACHERS) if one.name in wanted and one.step < COARSE]
    return [one for one in fine if len(one.known) >= 6 and len(one.coming) == 6]


def halves(every: list[PublicSeries], seed: int = 2026) -> tuple[list[PublicSeries], list[PublicSeries]]:
    """Two halves at random, each to be forecast by what the other taught."""
    order = np.random.default_rng(seed).permutation(len(every))
    return [every[number] for number in order[::2]], [every[number] for number in order[1::2]]
