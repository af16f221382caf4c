"""The door to the simulation: Plan -> Outcomes. Serial kernels on fixed blocks of paths, run by a thread pool.

The same seed gives the same bytes for any number of threads: shocks are addressed, counts are integers, and sums of
floating-point numbers are added block by block in order.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from data import InputFault
from forecast.currency import Conversion
from forecast.series import Floats
from scenarios import path_kernels as kernels
from scenarios.outcomes import BIN_WIDTH, BINS, Outcomes
from scenarios.plan import Integers, Plan, covariance_factor, stream_keys

PATHS_PER_DRAW = 10
BLOCK_PATHS = 2500
MAXIMUM_PATHS = 2**40


class Cancelled(Exception):
    """The run was stopped by its `should_stop`."""


NO_CURRENCY = np.zeros((0, 0, 0))


@dataclass(frozen=True, eq=False)
class PreparedSeries:
    """One series as the kernel takes it: its arrays, and the slice of the plan's events that are about it."""

    arrays: tuple[object, ...]
    events: slice
    event_year: Integers
    event_log_value: Floats
    event_currency: Integers


@dataclass(frozen=True, eq=False)
class Prepared:
    """The arrays of a plan, ready for the kernels."""

    families: dict[str, tuple[object, ...]]
    currencies: tuple[Conversion, ...]
    currency_keys: tuple[Integers, ...]
    series: tuple[PreparedSeries, ...]


@dataclass(frozen=True, eq=False)
class Tally:
    """What one thread counts: levels (n_series, n_years, bins) and margins (n_events, bins)."""

    levels: NDArray[np.signedinteger]
    margins: NDArray[np.signedinteger]


def simulate(
    plan: Plan,
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Outcomes:
    """Simulate a plan.

    Parameters
    ----------
    plan : Plan
    paths : int
        Number of futures; parameters are drawn anew for every ten of them.
    seed : int
    threads : int, optional
        All cores if not given. The result does not depend on it.
    progress : callable, optional
        Called with the share done, between blocks.
    should_stop : callable, optional
        Asked between blocks; True ends the run with `Cancelled`.

    Raises
    ------
    InputFault
        If paths or threads are not positive.
    """
    if not 1 <= paths <= MAXIMUM_PATHS:
        raise InputFault(f"paths: {paths} found; a number from 1 to {MAXIMUM_PATHS} is allowed")
    if threads is not None and threads < 1:
        raise InputFault(f"threads: {threads} found; 1 or more is allowed")
    workers = threads or os.cpu_count() or 1
    prepared = prepare(plan, seed)
    n_draws = -(-paths // PATHS_PER_DRAW)
    counts = np.int32 if paths < 2**31 else np.int64
    tallies = [
        Tally(np.zeros((len(plan.series), plan.n_years, BINS), counts), np.zeros((len(plan.events), BINS), counts))
        for _ in range(workers)
    ]
    hits = np.zeros((len(plan.events), n_draws), dtype=np.int32)
    spare: SimpleQueue[Tally] = SimpleQueue()
    for tally in tallies:
        spare.put(tally)

    def work(first_path: int) -> Floats:
        if should_stop is not None and should_stop():
            raise Cancelled
        tally = spare.get()
        try:
            return run_block(plan, prepared, first_path, min(BLOCK_PATHS, paths - first_path), tally, hits)
        finally:
            spare.put(tally)

    moments = np.zeros((len(plan.series), plan.n_years, 2))
    starts = range(0, paths, BLOCK_PATHS)
    with ThreadPoolExecutor(workers) as pool:
        try:
            for done, block in enumerate(pool.map(work, starts), start=1):
                moments += block
                if progress is not None:
                    progress(done / len(starts))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    levels, margins = tallies[0].levels, tallies[0].margins
    for tally in tallies[1:]:
        levels += tally.levels
        margins += tally.margins
    return Outcomes(plan, paths, seed, PATHS_PER_DRAW, levels, moments, margins, hits)


def prepare(plan: Plan, seed: int) -> Prepared:
    """Lay out a plan's arrays and the keys of its streams."""
    families: dict[str, tuple[object, ...]] = {}
    for name in sorted({one.family for one in plan.series}):
        family = plan.belief.families[name]
        families[name] = (
            stream_keys(seed, f"{name}|node", f"{name}|common parameters", f"{name}|common shock"),
            family.first_year,
            np.cumsum(family.weights),
            family.fade,
            family.common_shock,
            family.common_mean,
            covariance_factor(family.common_covariance),
        )
    pairs = dict.fromkeys(
        event.conversion for event in plan.events if event.conversion is not None and event.conversion.convention_sd
    )
    currencies = tuple(pairs)
    keys = tuple(stream_keys(seed, f"{one.of}/{one.to}|convention", f"{one.of}/{one.to}|exchange rate") for one in currencies)
    series = []
    for one in plan.series:
        name = str(one.key)
        arrays = (
            stream_keys(seed, f"{name}|parameters", f"{name}|growth", f"{name}|level noise"),
            one.series.origin,
            float(one.series.log_level[-1]),
            one.base,
            one.slope,
            covariance_factor(one.covariance),
            plan.belief.families[one.family].persistence,
            one.own_shock,
            one.level_noise,
            plan.log_extra_growth(one),
        )
        numbers = plan.events_of(name)
        own = plan.events[numbers]
        series.append(
            PreparedSeries(
                arrays,
                numbers,
                np.array([event.year - one.series.origin - 1 for event in own], dtype=np.int64),
                np.array([event.log_value for event in own], dtype=np.float64),
                np.array([currencies.index(e.conversion) if e.conversion in pairs else -1 for e in own], dtype=np.int64),
            )
        )
    return Prepared(families, currencies, keys, tuple(series))


def run_block(plan: Plan, prepared: Prepared, first_path: int, n_paths: int, tally: "Tally", hits: NDArray[np.int32]) -> Floats:
    """Run one block of paths; adds to `tally` and `hits`, returns the block's moments (n_series, n_years, 2)."""
    first_draw = first_path // PATHS_PER_DRAW
    n_draws = (first_path + n_paths - 1) // PATHS_PER_DRAW - first_draw + 1
    drawn = {}
    for name, arrays in prepared.families.items():
        first_year, mean = plan.belief.families[name].first_year, plan.belief.families[name].common_mean
        nodes = np.empty(n_draws, dtype=np.int64)
        common = np.empty((n_draws, mean.shape[1]))
        growth = np.empty((max(plan.horizon - first_year + 1, mean.shape[1] - 1), n_paths))
        kernels.fill_family(first_path, n_paths, PATHS_PER_DRAW, *arrays, nodes, common, growth)
        drawn[name] = (first_year, nodes, common, growth)
    moments = np.zeros((len(plan.series), plan.n_years, 2))
    for index, (one, laid) in enumerate(zip(plan.series, prepared.series, strict=True)):
        first_year, nodes, common, growth = drawn[one.family]
        start = one.series.origin + 1
        rates = NO_CURRENCY
        if np.any(laid.event_currency >= 0):
            rates = currency_deviations(plan, prepared, start, first_path, n_paths)
        keys, *numbers = laid.arrays
        kernels.run_series(
            first_path, n_paths, PATHS_PER_DRAW, keys, *numbers, nodes, common, growth, start - first_year,
            laid.event_year, laid.event_log_value, laid.event_currency, rates, first_draw, BIN_WIDTH,
            tally.levels[index, start - plan.first_year :], moments[index, start - plan.first_year :],
            tally.margins[laid.events], hits[laid.events],
        )  # fmt: skip
    return moments


def currency_deviations(plan: Plan, prepared: Prepared, first_year: int, first_path: int, n_paths: int) -> Floats:
    """Deviations of every exchange rate (n_currencies, n_years from first_year, n_paths)."""
    deviations = np.empty((len(prepared.currencies), plan.horizon - first_year + 1, n_paths))
    for index, (one, keys) in enumerate(zip(prepared.currencies, prepared.currency_keys, strict=True)):
        kernels.fill_currency(
            first_path,
            n_paths,
            PATHS_PER_DRAW,
            keys,
            first_year,
            one.rate_year,
            one.convention_sd,
            one.yearly_sd,
            deviations[index],
        )
    return deviations
