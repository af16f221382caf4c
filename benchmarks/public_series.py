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
    """One series: log levels known and to come, and what collectors call its subject."""

    name: str
    subject: str
    known: np.ndarray
    coming: np.ndarray


def folder() -> Path:
    named = os.environ.get("SOURCECAST_BENCHDATA")
    return Path(named) if named else ROOT.parent / "shared" / "benchdata"


def read(file: str) -> list[PublicSeries]:
    """Every positive series of a file, in the order of their names; of repeats the first."""
    rows = pd.read_parquet(folder() / file).sort_values(["series_id", "period"])
    found: dict[tuple[float, ...], PublicSeries] = {}
    for name, one in rows.groupby("series_id"):
        if (one["value"] > 0).all():
            known, coming = (np.log(one.loc[one["split"] == split, "value"].to_numpy(float)) for split in ("train", "test"))
            found.setdefault((*known, *coming), PublicSeries(str(name), "", known, coming))
    return list(found.values())


def teachers() -> list[PublicSeries]:
    """The series that everything is learned on, with their subjects."""
    types = pd.read_csv(folder() / "m4comp2016_types.csv").set_index("series_id")["type"]
    every = read(TEACHERS)
    return [
        PublicSeries(one.name, str(types[one.name]), one.known, one.coming)
        for one in every
        if len(one.known) >= 6 and len(one.coming) == 6
    ]


def halves(every: list[PublicSeries], seed: int = 2026) -> tuple[list[PublicSeries], list[PublicSeries]]:
    """Two halves at random, each to be forecast by what the other taught."""
    order = np.random.default_rng(seed).permutation(len(every))
    return [every[number] for number in order[::2]], [every[number] for number in order[1::2]]


def volatility(one: PublicSeries) -> float:
    """Standard deviation of its yearly log growth, over all its years."""
    return float(np.diff(np.concatenate([one.known, one.coming])).std())


def even_weights(volatilities: np.ndarray, low: float = 0.02, high: float = 0.3, bands: int = 8) -> np.ndarray:
    """Weights by which calm and volatile series teach alike: equal sums in bands of equal width of ln(volatility) from `low` to `high`.

    Most public series are calm, those of cities are not; a planner's may be either.
    """
    place = np.clip(np.log(np.maximum(volatilities, 1e-12) / low) / np.log(high / low) * bands, 0, bands - 1).astype(int)
    weights = 1 / np.bincount(place, minlength=bands)[place]
    return np.asarray(weights / weights.sum())
