"""Measure what series of one measure gain by hearing each other, and how much of it hangs on the numbers of forecast/siblings.py.

    python benchmarks/learn_siblings.py

A group is a measure of growing/growing_panels.parquet at one origin (1982, 1988 ... 2006: exports, FDI, royalties, GDP, employment), or the
demographic or the economic series of m4comp2016 at their last, second and third origin from the end, whole and cut at random into groups of ten and
of three. Only the last 2, 3, 4 or 6 levels are known; scored are six years of ln(level). No other set is read.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.accuracy import HIGH_80, HIGH_95, LEVELS, LOW_80, LOW_95, as_series
from benchmarks.public_series import folder, teachers
from forecast import siblings
from forecast.combination import forecast_many
from forecast.scores import coverage, crps

AHEAD = 6
LENGTHS = (2, 3, 4, 6)
ORIGINS = range(1982, 2007, 6)
FEWEST = 15  # series of a group
SEED = 2026
# what is tried: how much the class counts beside the series, in series, and how much of their median growth is carried on
TRIED = ((5, 0.0), (5, 0.25), (5, 0.5), (5, 0.75), (5, 1.0), (2, 0.5), (20, 0.5))

Group = np.ndarray  # (m, n + AHEAD) logarithms


def growing(n: int) -> Iterator[tuple[str, Group]]:
    """Yield the panels whose every series has n known levels and six more."""
    rows = pd.read_parquet(folder() / "growing" / "growing_panels.parquet")
    for measure, of_measure in rows.groupby("measure"):
        levels = np.log(of_measure.pivot_table(index="unit_id", columns="year", values="value"))
        for origin in ORIGINS:
            cut = levels.reindex(columns=range(origin - n + 1, origin + AHEAD + 1)).dropna()
            if len(cut) >= FEWEST:
                yield str(measure), cut.to_numpy()


def calm(n: int) -> Iterator[tuple[str, Group]]:
    """Yield the series that taught the class, by subject and origin; their calendar years are not known."""
    subject = pd.read_csv(folder() / "m4comp2016_types.csv").astype(str).set_index("series_id")["type"].to_dict()
    every = [(subject[one.name].lower(), np.concatenate([one.known, one.coming])) for one in teachers()]
    for name in ("demographics", "economics"):
        for back in range(AHEAD, 4 * AHEAD, AHEAD):
            cut = [levels[len(levels) - back - n :][: n + AHEAD] for of, levels in every if of == name and len(levels) >= back + n]
            yield name, np.array(cut)


def parts(groups: Iterator[tuple[str, Group]], size: int | None) -> list[tuple[str, Group]]:
    """Cut groups at random into such of a size, at most four of each; None leaves them whole."""
    random = np.random.default_rng(SEED)
    found = []
    for name, group in groups:
        if size is None:
            found.append((name, group))
        else:
            shuffled = group[random.permutation(len(group))]
            found += [(name, shuffled[start : start + size]) for start in range(0, min(4 * size, len(group) - size + 1), size)]
    return found


def score(group: Group, n: int, hear: bool) -> np.ndarray:
    """CRPS of ln(level), and coverage of 80 and 95 percent intervals, of a group with and without what its series say together."""
    histories = [np.exp(row[:n]) for row in group]
    heard = siblings.siblings_of([as_series(number, one) for number, one in enumerate(histories)]) if hear else None
    by_level = np.log(forecast_many(histories, AHEAD, LEVELS, siblings=heard)).transpose(1, 0, 2)
    coming = group[:, n:]
    covers = (coverage(coming, by_level[low], by_level[high]) for low, high in ((LOW_80, HIGH_80), (LOW_95, HIGH_95)))
    return np.array([crps(coming, by_level[1:-1]).mean(), *(100 * one for one in covers)])


def main() -> None:
    """Print, for each number of levels known, the scores of the class alone and with each setting."""
    absent = [name for name in ("growing/growing_panels.parquet", "m4comp2016_yearly.parquet") if not (folder() / name).exists()]
    if absent:
        sys.exit(f"not measured: {', '.join(absent)} not in {folder()} (set SOURCECAST_BENCHDATA)")
    for name, groups in (("growing panels", growing), ("m4comp2016", calm)):
        for size in (None, 10, 3):
            for n in LENGTHS:
                cut = parts(groups(n), size)
                said = f"{name}, {'whole' if size is None else f'groups of {size}'}, last {n} levels, {len(cut)} groups"
                print(f"{said}: class alone {mean_scores(cut, n, hear=False)}", flush=True)
                for counts, carried_on in TRIED if size != 3 else TRIED[2:3]:
                    with patch.multiple(siblings, CLASS_COUNTS=counts, CARRIED_ON=carried_on):
                        print(f"  class counts {counts}, carried on {carried_on}: {mean_scores(cut, n, hear=True)}", flush=True)


def mean_scores(groups: list[tuple[str, Group]], n: int, hear: bool) -> str:
    """Return the means over groups in words."""
    crps_, cover_80, cover_95 = np.mean([score(group, n, hear) for _, group in groups], axis=0)
    return f"CRPS {crps_:.4f}, 80 % covers {cover_80:.1f}, 95 % covers {cover_95:.1f}"


if __name__ == "__main__":
    main()
