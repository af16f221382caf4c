"""Count how fast growth went on after booming years elsewhere, for forecast/episodes.py.

    python benchmarks/count_booms.py [--write]

Reads what learn_booms.py reads. An episode is a stretch of 1 to 15 years of one place after a year in which the median of its group grew as in a
boom, without gaps from that year on; those that begin in different years may overlap. Counted is how many grew by each
whole percent a year, downwards rounded, and what quantiles their growth has.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.learn_booms import BOOM, FEWEST_PLACES, PEOPLE_BOOM, growth_of_groups  # noqa: E402  (the project must be found first)
from benchmarks.learn_reference_class import folder  # noqa: E402  (the project must be found first)
from forecast.episodes import CLASSES, STORED  # noqa: E402  (the project must be found first)

LONGEST = 15
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 1)
SOURCES = {
    "services": "exports of goods and services: World Bank, World Development Indicators (NE.EXP.GNFS.ZS, NY.GDP.MKTP.CD), to 2012",
    "people": "employment by sector: GGDC 10-Sector Database, to 2012",
    "fdi": "inflows of foreign direct investment: World Bank, World Development Indicators (BX.KLT.DINV.CD.WD), to 2012",
}


def growth_after(groups: dict[str, pd.DataFrame], years: int, boom: tuple[float, float]) -> tuple[np.ndarray, int]:
    """Growth (n,), percent a year, of every episode of so many years, and from how many different calendar years they start."""
    found, starts = [np.empty(0)], set()
    for table in groups.values():
        for start in range(len(table) - years):
            growth = table.to_numpy()[start : start + 1 + years]
            growth = growth[:, np.isfinite(growth).all(axis=0)]
            if growth.shape[1] >= FEWEST_PLACES and boom[0] <= np.median(growth[0]) <= boom[1]:
                found.append(100 * np.expm1(growth[1:].mean(axis=0)))
                starts.add(int(table.index[start]))
    return np.concatenate(found), len(starts)


def counted(growth: np.ndarray, starts: int) -> dict[str, object]:
    """Count episodes, the calendar years that they start from, and episodes by whole percent; quantiles of growth, and the fastest."""
    percent, number = np.unique(np.floor(growth).astype(int), return_counts=True)
    quantiles = [round(float(one), 1) for one in np.quantile(growth, QUANTILES)]
    return {
        "episodes": len(growth), "starts": starts, "quantiles": quantiles, "percent": percent.tolist(), "number": number.tolist(),
    }  # fmt: skip


def main(write: bool) -> None:
    """Count, print, and store if asked to."""
    if not (folder() / "growing" / "growing_panels.parquet").exists():
        sys.exit(f"not counted: growing_panels.parquet is not in {folder() / 'growing'} (set SOURCECAST_BENCHDATA)")
    counts = {}
    for name in sorted(set(CLASSES.values())):
        groups, boom = growth_of_groups(name), PEOPLE_BOOM if name == "people" else BOOM
        counts[name] = {str(years): counted(*growth_after(groups, years, boom)) for years in range(1, LONGEST + 1)}
        for years, one in counts[name].items():
            print(
                f"{name}, {years} years: {one['episodes']} episodes from {one['starts']} calendar years; quantiles {one['quantiles']}"
            )
    if write:
        content = {
            "version": 2,
            "learned_on": "growing_panels to 2012, without China: places after a booming year of their region (exports, FDI) or country (employment)",
            "script": "benchmarks/count_booms.py",
            "sources": SOURCES,
            "counts": counts,
        }
        text = re.sub(r"\[[^\[\]]*\]", lambda found: " ".join(found[0].split()), json.dumps(content, indent=1))  # a list a line
        STORED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
