"""Learn how booms that many places share fade, and measure it on regions and calendar years that it has not seen.

    python benchmarks/learn_booms.py [--write]

Reads growing/growing_panels.parquet of the benchmark data (`../shared/benchdata`, or where SOURCECAST_BENCHDATA points). A group is the
countries of a region (services, FDI, economy) or the sectors of a country (people), as a measure family is many cities: one common deviation,
many own ones. A window is a group whose median growth was that of a boom in the last one or two years, and the five years that followed; it
is chosen by what was known at its origin and learned by the density of what came. Every calendar year of origin counts as one observation.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.boom_model import AHEAD, HORIZONS, Boom, Windows, forecast, log_mixture  # noqa: E402  (the project must be found first)
from benchmarks.boom_scores import (  # noqa: E402  (the project must be found first)
    Scored,
    join,
    mean_and_error,
    score_of,
    scored,
    simple_forecasts,
)
from benchmarks.boom_tails import TailScore, learn_breaks, learn_t, score_tails, show_tails, surprises, tails_as_table  # noqa: E402  (the project must be found first)
from benchmarks.learn_reference_class import folder  # noqa: E402  (the project must be found first)

STORED = ROOT / "forecast" / "boom_class.json"
TOO_NOISY = "royalty_receipts_usd"  # own deviations three times those of exports: another class
LEVELS = {"2": 1, "3": 2}  # levels known -> growths known
CHINA = ("CHN", "HKG", "MAC", "TWN")
FEWEST_PLACES, FEWEST_WINDOWS = 4, 5  # of a group; of a part of the class that is learned from
BOOM = (np.log(1.2), np.log(1.8))  # median growth of the group in every known year
PEOPLE_BOOM = (np.log(1.05), np.log(1.8))  # no country's sectors grow by 20 % together
BLOCKS = ((1960, 1984), (1985, 1999), (2000, 2012))  # of years of origin, for scores out of sample
FADES_TRIED = (0.20, 0.35, 0.65)  # none is learned: they show how much the scores tell about fades
WORST = -8.0  # of a log density: one place must not rule all
HALVES_SEED = 2026
# What was believed before anything was learned: the prior of the learning, and what it is measured against. The mean is not of our places.
JUDGED = {
    "services": Boom(0.08, 0.03, 0.25, 0.53, 7.5, 0.08, 0.05, 0.15, 0.33, 0.35),
    "fdi": Boom(0.08, 0.03, 0.15, 0.53, 7.5, 0.07, 0.05, 0.08, 0.33, 0.35),
    "people": Boom(0.03, 0.03, 0.20, 0.53, 7.5, 0.05, 0.05, 0.12, 0.33, 0.20),
    "economy": Boom(0.08, 0.03, 0.25, 0.53, 7.5, 0.08, 0.05, 0.15, 0.33, 0.35),
}


def growth_of_groups(family: str) -> dict[str, pd.DataFrame]:
    """Log growth by group: consecutive years down, places across."""
    rows = pd.read_parquet(folder() / "growing" / "growing_panels.parquet")
    rows = rows[(rows["family"] == family) & (rows["measure"] != TOO_NOISY) & ~rows["unit_id"].str[:3].isin(CHINA)]
    if family == "people":
        group = rows["unit_id"].str[:3]
    else:
        regions = pd.read_csv(Path(__file__).with_name("regions.csv")).set_index("unit")["region"]
        group = rows["unit_id"].map(regions)
    found = {}
    for name, one in rows.groupby(group):
        table = np.log(one.pivot_table(index="year", columns="unit_id", values="value"))
        found[str(name)] = table.reindex(range(int(table.index.min()), int(table.index.max()) + 1)).diff().iloc[1:]
    return found


def windows_of(groups: dict[str, pd.DataFrame], known: int, boom: tuple[float, float]) -> list[Windows]:
    """Every window with `known` booming years and all years that follow, of places without gaps, by number of places."""
    found: dict[int, list[tuple[str, int, np.ndarray]]] = {}
    for name, table in groups.items():
        for start in range(len(table) - known - AHEAD + 1):
            growth = table.to_numpy()[start : start + known + AHEAD]
            growth = growth[:, np.isfinite(growth).all(axis=0)]
            if growth.shape[1] >= FEWEST_PLACES:
                middle = np.median(growth[:known], axis=1)
                if boom[0] <= middle.min() and middle.max() <= boom[1]:
                    found.setdefault(growth.shape[1], []).append((name, int(table.index[start + known - 1]), growth))
    return [
        Windows(known, np.array([g for g, _, _ in some]), np.array([o for _, o, _ in some]), np.array([w for _, _, w in some]))
        for _, some in sorted(found.items())
    ]


def log_scores(of: Boom, windows: Windows) -> np.ndarray:
    """Mean log density (W,) of what came: for the mean of each group, and for its places."""
    seen, came = forecast(of, windows), windows.coming()
    mean = log_mixture(seen.weights, seen.group_mean, seen.group_variance, came.mean(axis=2))
    places = log_mixture(seen.weights, seen.mean, seen.variance[:, :, None], came)
    return np.maximum(mean, WORST).mean(axis=1) + np.maximum(places, WORST).mean(axis=(1, 2))


def by_year(years: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Means of the values (W, ...) of each year."""
    return np.array([values[years == year].mean(axis=0) for year in np.unique(years)])


def learn(data: list[Windows], start: Boom) -> Boom:
    """Mode of the posterior with a prior of sd 1 around `start` (in logarithms and logits), every year of origin one observation."""
    centre = start.to_vector()
    years = np.concatenate([one.origin for one in data])

    def loss(vector: np.ndarray) -> float:
        of = start.from_vector(vector)
        score = by_year(years, np.concatenate([log_scores(of, one) for one in data]))
        return float(-score.sum() + 0.5 * ((vector - centre) ** 2).sum()) / len(score)

    bounds = [(value - 3, value + 3) for value in centre]
    return start.from_vector(minimize(loss, centre, method="L-BFGS-B", bounds=bounds, options={"maxiter": 60}).x)


def cells(data: list[Windows], halves: dict[str, int]) -> Iterator[tuple[list[Windows], list[Windows]]]:
    """Windows to learn from and windows to measure on: the other half of the groups, in years that share none with those measured."""
    for first, last in BLOCKS:
        for half in (0, 1):
            other, measured = [], []
            for one in data:
                mine = np.array([halves[name] == half for name in one.group], dtype=bool)
                apart = (one.origin + AHEAD <= first - one.known) | (one.origin - one.known >= last + AHEAD)
                inside = (first <= one.origin) & (one.origin <= last)
                other += [one.take(~mine & apart)] if (~mine & apart).any() else []
                measured += [one.take(mine & inside)] if (mine & inside).any() else []
            if measured and sum(len(one.origin) for one in other) >= FEWEST_WINDOWS:
                yield other, measured


def half_of(groups: dict[str, pd.DataFrame]) -> dict[str, int]:
    """Put each group into one of two halves by chance."""
    order = np.random.default_rng(HALVES_SEED).permutation(len(groups))
    return {name: int(place % 2) for name, place in zip(sorted(groups), order, strict=True)}


def measure(data: list[Windows], halves: dict[str, int], judged: Boom) -> tuple[dict[str, Scored], list[Boom], list[TailScore]]:
    """Score what was learned, what was judged and simple forecasts on windows that were not learned from."""
    found: dict[str, list[Scored]] = {}
    learned, tails = [], []
    for other, measured in cells(data, halves):
        of = learn(other, judged)
        believed = replace(
            judged, long_run_mean=of.long_run_mean, long_run_sd=of.long_run_sd
        )  # the mean is that of the class for both
        fade_judged = replace(of, fade=judged.fade, fade_count=judged.fade_count)
        tried = {f"learned, but fade {fade:.2f}": replace(of, fade=fade) for fade in FADES_TRIED}
        for name, one in {"learned": of, "learned, but fade judged": fade_judged, **tried, "judged": believed}.items():
            found.setdefault(name, []).append(score_of(one, measured))
        for windows in measured:
            for name, seen in simple_forecasts(windows, other).items():
                found.setdefault(name, []).append(scored(seen, windows))
        tails.append(score_tails(of, other, measured))
        learned.append(of)
    return {name: join(parts) for name, parts in found.items()}, learned, tails


def as_table(scores: dict[str, Scored]) -> dict[str, dict[str, list[float]]]:
    """Mean scores over years of origin and their standard errors, for each horizon; `more` is CRPS above that of what was learned."""
    table = {}
    for name, one in scores.items():
        inside = [mean_and_error(one.origin, 100 * share) for share in (one.inside_80, one.inside_95)]
        more = mean_and_error(one.origin, one.crps - scores["learned"].crps)
        columns = {
            "crps": mean_and_error(one.origin, one.crps)[0].round(4),
            "more": more[0].round(4),
            "more_error": more[1].round(4),
            "coverage_80": inside[0][0].round(1),
            "coverage_80_error": inside[0][1].round(1),
            "coverage_95": inside[1][0].round(1),
            "coverage_95_error": inside[1][1].round(1),
        }
        table[name] = {key: values.tolist() for key, values in columns.items()}
    return table


def show(
    family: str, levels: str, data: list[Windows], of: Boom, fades: list[float], table: dict[str, dict[str, list[float]]]
) -> None:
    """Print what was learned of one family from windows with so many levels, and the scores."""
    origins = np.concatenate([one.origin for one in data])
    after = by_year(origins, np.concatenate([one.growth.mean(axis=2) for one in data])).mean(axis=0).round(2).tolist()
    known = LEVELS[levels]
    print(f"\n{family}, {levels} levels known: {len(origins)} windows of {len(np.unique(origins))} years of origin")
    print(f"  mean growth {after[:known]}, in the {AHEAD} years after {after[known:]}")
    print(f"  learned {of.rounded()}; fade {min(fades):.2f} to {max(fades):.2f} when parts are left out")
    print(f"  {'out of sample, years ahead ' + str(HORIZONS):42}{'CRPS':>19}{'more than learned':>38}{'80 %':>18}{'95 %':>18}")
    for name, one in table.items():
        more = " ".join(f"{m:.3f}±{e:.3f}" for m, e in zip(one["more"], one["more_error"], strict=True))
        inside = [
            " ".join(f"{m:.0f}±{e:.0f}" for m, e in zip(one[c], one[c + "_error"], strict=True))
            for c in ("coverage_80", "coverage_95")
        ]
        print(f"  {name:42}{' '.join(f'{one:.3f}' for one in one['crps']):>19}{more:>38}{inside[0]:>18}{inside[1]:>18}")


def main(write: bool) -> None:
    """Cross-fit, print, and store what all windows teach if asked to."""
    if not (folder() / "growing" / "growing_panels.parquet").exists():
        sys.exit(f"not measured: growing_panels.parquet is not in {folder() / 'growing'} (set SOURCECAST_BENCHDATA)")
    score: dict[str, object] = {}
    parameters: dict[str, object] = {}
    for family, judged in JUDGED.items():
        groups = growth_of_groups(family)
        score[family], parameters[family] = {}, {}
        for levels, known in LEVELS.items():
            data = windows_of(groups, known, PEOPLE_BOOM if family == "people" else BOOM)
            scores, learned, tails = measure(data, half_of(groups), judged)
            of, table = learn(data, judged), as_table(scores)
            fades = [one.fade for one in learned]
            show(family, levels, data, of, fades, table)
            surprise = surprises(of, data)
            tail, breaks = learn_t(surprise), learn_breaks(surprise)
            tail_table = tails_as_table(tails)
            show_tails(surprise, tail, breaks, tail_table)
            parameters[family][levels] = of.rounded() | {"tail": tail.rounded(), "tail_with_breaks": breaks.rounded()}
            score[family][levels] = {
                "windows": sum(len(one.origin) for one in data),
                "years": len(np.unique(np.concatenate([one.origin for one in data]))),
                "fade_when_parts_are_left_out": [round(min(fades), 2), round(max(fades), 2)],
                "horizons": list(HORIZONS),
                "forecasts": table,
                "tails": tail_table,
            }
    if write:
        content = {
            "version": 1,
            "learned_on": "growing_panels to 2012, without China: booming windows of regions (exports, FDI, GDP) and of countries (employment)",
            "script": "benchmarks/learn_booms.py",
            "score": score,
            "parameters": parameters,
        }
        text = re.sub(r"\[[^\[\]]*\]", lambda found: " ".join(found[0].split()), json.dumps(content, indent=1))  # a list a line
        STORED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
