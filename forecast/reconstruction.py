"""Equations -> annual levels with their covariance, by weighted least squares on the logarithms.

Series that share quantities (a share of another place, offshore and onshore of a total) are solved together, so that parts add up. Sums
are not linear: Gauss-Newton steps solve them. Where figures disagree by more than they admit, all of them are trusted less (Birge 1932).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from data import Catalogue, Fact
from data.records import records
from forecast.equations import SOURCE_BIAS_SD, Cell, Context, Equation, context_of, equations_of
from forecast.series import Floats, Series, SeriesKey

LINK_MEAN, LINK_SD = 0.15, 0.6  # between years known only through a sum: a loose idea of growth that data override
LEAST_SD = 1e-9
CONFLICT = 3.0  # standard deviations


def reconstruct(catalogue: Catalogue) -> list[Series]:
    """Reconstruct every series that has at least one level, in the order of their keys.

    The catalogue must already be cut to the vintage (`Catalogue.known_by`).
    """
    return reconstruct_facts(records(catalogue.facts, Fact), context_of(catalogue))


def reconstruct_facts(facts: Sequence[Fact], context: Context) -> list[Series]:
    """Reconstruct the series that some facts of a vintage speak of, in the order of their keys."""
    source = {fact.fact: fact.source for fact in facts}
    equations = equations_of(facts, context)
    aside: dict[SeriesKey, list[tuple[str, str]]] = defaultdict(list)
    for key, fact, reason in equations.aside:
        aside[key].append((fact, reason))
    held, loose = anchored(equations.rows)
    for row in loose:
        for key in row.keys:
            aside[key].append((row.fact, "no level that it could be hung on"))
    return sorted((one for group in components(held) for one in solve(group, source, aside)), key=lambda one: one.key)


def anchored(rows: list[Equation]) -> tuple[list[Equation], list[Equation]]:
    """Split equations into those whose cells are connected to a level, and the rest; identities never reach a new cell."""
    reached = {cell for row in rows if row.is_level for cell in row.weights}
    reaching = [row for row in rows if not row.is_level and not is_identity(row)]
    grown = True
    while grown:
        more = {cell for row in reaching if not reached.isdisjoint(row.cells) for cell in row.cells}
        grown = not more <= reached
        reached |= more
    held = [row for row in rows if row.is_level or row.cells <= reached]
    return held, [row for row in reaching if not row.cells <= reached]


def is_identity(row: Equation) -> bool:
    """Tell whether an equation is a law of addition and no fact."""
    return bool(row.parts) and bool(row.weights)


def components(rows: list[Equation]) -> list[list[Equation]]:
    """Group equations that share a series, in the order of the first key of each group."""
    keys_of = [row.keys for row in rows]
    group_of: dict[SeriesKey, frozenset[SeriesKey]] = {}
    for keys in set(keys_of):
        merged = keys.union(*(group_of.get(key, keys) for key in keys))
        group_of |= dict.fromkeys(merged, merged)
    first = {key: min(group) for key, group in group_of.items()}
    groups: dict[SeriesKey, list[Equation]] = defaultdict(list)
    for row, keys in zip(rows, keys_of, strict=True):
        groups[first[next(iter(keys))]].append(row)
    return [groups[key] for key in sorted(groups)]


@dataclass(frozen=True, eq=False)
class Solution:
    """The log levels of all n cells of one group with their covariance (n, n), and how well its m equations agree.

    `apart` (m,): how far each figure lies from what the others say, in standard deviations of that difference.
    """

    cells: tuple[Cell, ...]
    log_level: Floats
    covariance: Floats
    apart: Floats
    chi_square: float
    freedom: int


def solve(rows: list[Equation], source: dict[str, str], aside: dict[SeriesKey, list[tuple[str, str]]]) -> list[Series]:
    """Solve one group for the log levels of all its cells, and cut the solution into series."""
    sources = tuple(source.get(row.fact, "") for row in rows)
    levels = {cell: row for row in rows if row.is_level for cell in row.weights}
    if len(levels) == len(rows) and len(set(sources)) == 1:
        return [as_stated(levels, aside)]
    solution = solution_of(tuple(rows), sources)
    return [series_of(key, solution, rows, aside[key]) for key in dict.fromkeys(key for key, _ in solution.cells)]


def as_stated(levels: dict[Cell, Equation], aside: dict[SeriesKey, list[tuple[str, str]]]) -> Series:
    """Return the series of a group in which each year has one level, all of one source, and nothing else is said: the levels are the solution."""
    cells = sorted(levels)
    rows = [levels[cell] for cell in cells]
    key, _ = cells[0]
    return Series(
        key,
        tuple([year for _, year in cells]),
        np.array([row.log_value for row in rows]),
        np.diag([max(row.sd, LEAST_SD) ** 2 for row in rows]),
        (True,) * len(rows),
        tuple([row.fact for row in levels.values()]),
        tuple([(row.fact,) for row in rows]),
        tuple(aside[key]),
    )


@lru_cache(maxsize=2048)  # from one vintage to the next few groups change
def solution_of(rows: tuple[Equation, ...], sources: tuple[str, ...]) -> Solution:
    """Solve the equations of one group, each with its source."""
    source = dict(zip((row.fact for row in rows), sources, strict=True))
    cells = sorted({cell for row in rows for cell in row.cells})
    main = main_sources(rows, source)
    biases = sorted({(row.fact, key) for row in rows for key, _ in row.cells if row.is_level and source[row.fact] != main[key]})
    column = {cell: number for number, cell in enumerate(cells)}
    equations = [*rows, *links(rows)]
    log_level = np.full(len(cells), float(np.mean([row.log_value for row in rows if row.is_level])))
    covariance_of_rows = row_covariance(equations, biases, source)
    whitening = np.linalg.inv(np.linalg.cholesky(covariance_of_rows))
    linear = not any(row.parts for row in equations)
    for _ in range(50):
        jacobian, residual = linearised(equations, column, log_level)
        step = np.linalg.lstsq(whitening @ jacobian, whitening @ residual, rcond=None)[0]
        log_level += step
        if linear or np.abs(step).max() < 1e-12:
            break
    jacobian, residual = linearised(equations, column, log_level)
    jacobian, residual = whitening @ jacobian, whitening @ residual
    covariance = np.asarray(np.linalg.inv(jacobian.T @ jacobian), dtype=np.float64)
    # A residual alone is shrunk, because the figure itself pulls the solution. A figure that nothing else speaks to (leverage 1) has a
    # residual of zero.
    leverage = np.einsum("ij,jk,ik->i", jacobian, covariance, jacobian)
    apart = residual / np.sqrt(np.maximum(1 - leverage, 1e-6))
    freedom = len(equations) - len(cells)
    chi_square = float(residual @ residual)
    covariance *= max(1.0, chi_square / freedom) if freedom else 1.0
    for shared in (log_level, covariance, apart):
        shared.setflags(write=False)
    return Solution(tuple(cells), log_level, covariance, apart, chi_square, freedom)


def series_of(key: SeriesKey, solution: Solution, rows: list[Equation], aside: list[tuple[str, str]]) -> Series:
    """Cut one series out of the solution of its group."""
    own = [number for number, (of, _) in enumerate(solution.cells) if of == key]
    years = tuple(solution.cells[number][1] for number in own)
    apart = solution.apart[: len(rows)].tolist()
    spoken = [(row, miss) for row, miss in zip(rows, apart, strict=True) if key in row.keys]
    printed = {year for row, _ in spoken if row.is_level for of, year in row.weights if of == key}
    behind: dict[int, list[str]] = {year: [] for year in years}
    for row, _ in spoken:
        for of, year in row.cells:
            if of == key:
                behind[year].append(row.fact)
    conflicts = tuple(
        f"{row.fact} is {abs(miss):.1f} standard deviations from the others" for row, miss in spoken if abs(miss) > CONFLICT
    )
    return Series(
        key,
        years,
        solution.log_level[own],
        solution.covariance[own][:, own],
        tuple(year in printed for year in years),
        tuple(row.fact for row, _ in spoken if not is_identity(row)),
        tuple(map(tuple, behind.values())),
        tuple(aside),
        conflicts,
        solution.chi_square,
        solution.freedom,
    )


def main_sources(rows: Iterable[Equation], source: dict[str, str]) -> dict[SeriesKey, str]:
    """Return for each series the source of its last stated level: the targets are stated in its terms."""
    last: dict[SeriesKey, tuple[int, str]] = {}
    for row in rows:
        for key, year in row.cells:
            if row.is_level:
                last[key] = max(last.get(key, (0, "")), (year, source.get(row.fact, "")))
            else:
                last.setdefault(key, (0, ""))
    return {key: name for key, (_, name) in last.items()}


def row_covariance(rows: list[Equation], biases: list[tuple[str, SeriesKey]], source: dict[str, str]) -> Floats:
    """Return the covariance of all equations: each its own, and levels of one series from another source a common bias."""
    covariance = np.diag([max(row.sd, LEAST_SD) ** 2 for row in rows])
    groups: dict[tuple[SeriesKey, str], list[int]] = defaultdict(list)
    number = {row.fact: index for index, row in enumerate(rows)}
    for fact, key in biases:
        groups[key, source.get(fact, "")].append(number[fact])
    for members in groups.values():
        covariance[np.ix_(members, members)] += SOURCE_BIAS_SD**2
    return covariance


def links(rows: Iterable[Equation]) -> list[Equation]:
    """Link years known only through a sum by a loose idea of growth."""
    found = {}
    for row in rows:
        if row.parts and not row.weights:
            for early, late in pairwise(sorted(row.parts)):
                found[early, late] = Equation("", LINK_MEAN * (late[1] - early[1]), LINK_SD, {late: 1.0, early: -1.0})
    return list(found.values())


def linearised(rows: list[Equation], column: dict[Cell, int], log_level: Floats) -> tuple[Floats, Floats]:
    """Return the Jacobian and the residuals of all equations at `log_level`."""
    jacobian = np.zeros((len(rows), len(column)))
    residual = np.zeros(len(rows))
    for index, row in enumerate(rows):
        predicted = 0.0
        if row.parts:
            places = [column[cell] for cell in row.parts]
            levels = np.exp(log_level[places])
            predicted = float(np.log(levels.sum()))
            jacobian[index, places] = levels / levels.sum()
        for cell, weight in row.weights.items():
            predicted += weight * log_level[column[cell]]
            jacobian[index, column[cell]] += weight
        residual[index] = row.log_value - predicted
    return jacobian, residual
