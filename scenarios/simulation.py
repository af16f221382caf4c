"""The door to the simulation: Plan -> Outcomes. Serial kernels on fixed blocks of paths, run by a thread pool.

The same seed gives the same bytes for any number of threads: shocks are addressed, counts are integers, and sums of
floating-point numbers are added block by block in order.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from data import InputFault
from forecast.series import Floats
from scenarios import family_kernels, path_kernels
from scenarios.doubts import drawn_doubts
from scenarios.histogram_kernels import fold_events, fold_joint
from scenarios.outcomes import BIN_WIDTH, BINS, Counts, Histograms, Outcomes, added, histograms_of, joined
from scenarios.own_shocks import coupling_of_block
from scenarios.plan import Plan
from scenarios.prepared import Prepared, prepare
from scenarios.pushes import pushes_of_block
from scenarios.shared_draws import drawn_family, in_path_order
from scenarios.shocks import Seed, SplitSeed, law_of
from scenarios.spaces import Space, spaces_of
from scenarios.threads import in_order, threads_of

PATHS_PER_DRAW = 10
DRAWS_AT_ONCE = 256  # of which sums are formed: whatever the blocks, the same numbers are added in the same order
MOST_AT_ONCE = 2  # times so many draws in a block; larger ones cost less a path, smaller ones give every thread something to do
MAXIMUM_PATHS = 2**31 - 1  # counts of levels are 32-bit integers
SERIES_AT_ONCE = 160  # histograms with all their bins stand in memory for so many series at a time, once for each thread
MOST_IN_SHORT = 65_535  # paths that 16 bits can count
BLOCKS_AHEAD = 16  # for each thread
REPLICATES = 8  # of a run on Sobol points: their spread gives its error
PRECISE_PATHS = 10_000_000  # the most that a wanted precision may take

Singles = NDArray[np.float32]


class Cancelled(Exception):
    """The run was stopped by its `should_stop`."""


@dataclass(frozen=True, eq=False)
class Tally:
    """What one thread counts of one part of a run: margins (events in doubt, bins), draw_counts, passages and joints."""

    margins: Counts
    draw_counts: Counts
    passages: Counts
    joints: tuple[Counts, ...]

    def add(self, other: "Tally") -> None:
        """Add what another thread counted."""
        for mine, its in zip((*self._arrays(), *self.joints), (*other._arrays(), *other.joints), strict=True):
            mine += its

    def _arrays(self) -> tuple[Counts, ...]:
        return self.margins, self.draw_counts, self.passages


@dataclass(frozen=True, eq=False)
class Block:
    """What a block of paths hands back in order: sums (n_sums, n_events, 2) of floating-point numbers, and what is kept by draw or path."""

    sums: Floats
    watched: Singles
    shares: Floats


def simulate(
    plan: Plan,
    paths: int = 10_000,
    seed: int | SplitSeed = 1,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    *,
    precision: float | None = None,
    sobol: bool = False,
    keep_shares: bool = False,
) -> Outcomes:
    """Simulate a plan.

    Parameters
    ----------
    plan : Plan
    paths : int
        Number of futures, rounded up to tens: parameters are drawn anew for every ten of them.
    seed : int or SplitSeed
    threads : int, optional
        All cores if not given. The result does not depend on it.
    progress : callable, optional
        Called with the share done, between blocks.
    should_stop : callable, optional
        Asked within and between blocks, every few hundredths of a second; True ends the run with `Cancelled`.
    precision : float, optional
        Go on until the Monte Carlo error of every event's odds is at most this share, or ten million futures are simulated.
    sobol : bool
        Scrambled Sobol points in eight independent replicates instead of random numbers; futures are rounded up to eighties, best to 80 times
        a power of two.
    keep_shares : bool
        Keep the odds of each event by draw.

    Raises
    ------
    InputFault
        If paths, threads or precision are not positive.
    """
    if not 1 <= paths <= MAXIMUM_PATHS:
        raise InputFault(f"paths: {paths} found; a number from 1 to {MAXIMUM_PATHS} is allowed")
    if threads is not None and threads < 1:
        raise InputFault(f"threads: {threads} found; 1 or more is allowed")
    if precision is not None and not 1e-6 <= precision < 1:
        raise InputFault(f"precision: {precision:g} found; a share of at least 0.000001 and below 1 is allowed")
    seeds: list[Seed] = [f"sobol {seed}.{number}" for number in range(REPLICATES)] if sobol else [seed]
    workers = threads or os.cpu_count() or 1
    n_draws = -(-paths // (PATHS_PER_DRAW * len(seeds)))
    parts = [Part(plan, rows, seeds, workers, keep_shares) for rows in parts_of(plan)]
    done, wanted = 0, n_draws
    most_series = max(part.n_series for part in parts)
    with threads_of(workers) as pool, spaces_of(workers, most_series, plan.n_years) as spaces:
        while True:
            for number, part in enumerate(parts):

                def report(share: float, number: int = number, done: int = done, wanted: int = wanted) -> None:
                    if progress is not None:
                        progress((done + (wanted - done) * (number + share) / len(parts)) / wanted)

                part.go_on(done, wanted, pool, spaces, report, should_stop)
            outcomes = assembled(plan, parts, wanted, seed, pool)
            done = wanted
            if precision is None:
                return outcomes
            error = max((outcomes.odds(event.name).error for event in plan.events), default=0.0)
            most = PRECISE_PATHS // (PATHS_PER_DRAW * len(seeds))
            if error <= precision or done >= most:
                return outcomes
            wanted = min(max(int(1.1 * done * (error / precision) ** 2) + 1, 2 * done), most)


@dataclass(frozen=True)
class Effort:
    """How much to simulate and with which numbers; see `simulate`."""

    paths: int = 10_000
    seed: int = 1
    threads: int | None = None
    precision: float | None = None
    sobol: bool = False

    def run(
        self,
        plan: Plan,
        progress: Callable[[float], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        *,
        keep_shares: bool = False,
    ) -> Outcomes:
        """Simulate a plan with this effort."""
        return simulate(
            plan, self.paths, self.seed, self.threads, progress, should_stop, precision=self.precision, sobol=self.sobol,
            keep_shares=keep_shares,
        )  # fmt: skip


def parts_of(plan: Plan) -> list[list[int]]:
    """Cut the series of a plan into parts that fit into memory; series that events, links or `watched` connect stay together."""
    connected = {event.series for event in plan.events if plan.joints} | set(plan.watched)
    connected |= {name for push in plan.pushes for name in (getattr(push, "source", ""), getattr(push, "target", ""))}
    rows = range(len(plan.series))
    together = [row for row in rows if str(plan.series[row].key) in connected]
    single = [row for row in rows if str(plan.series[row].key) not in connected]
    room = max(SERIES_AT_ONCE - len(together), 0)
    parts = [sorted(together + single[:room])]
    parts += [single[start : start + SERIES_AT_ONCE] for start in range(room, len(single), SERIES_AT_ONCE)]
    return parts


class Part:
    """Some series of a plan under every seed, which can be carried on."""

    def __init__(self, plan: Plan, rows: Sequence[int], seeds: Sequence[Seed], threads: int, keep_shares: bool) -> None:
        self.runs = [Run(prepare(plan, seed, rows), seed, threads, keep_shares) for seed in seeds]
        self.n_series = len(rows)
        self.levels: Histograms | None = None

    def go_on(
        self, first: int, last: int, pool: ThreadPoolExecutor, spaces: Sequence[Space],
        progress: Callable[[float], None], should_stop: Callable[[], bool] | None,
    ) -> None:  # fmt: skip
        """Run the draws from `first` up to `last` under every seed."""
        own = [space.within(self.n_series) for space in spaces]
        for number, run in enumerate(self.runs):

            def report(share: float, number: int = number) -> None:
                progress((number + share) / len(self.runs))

            run.go_on(first, last, pool, own, report, should_stop)
        kind = np.uint16 if last * PATHS_PER_DRAW * len(self.runs) <= MOST_IN_SHORT else np.int32
        counts, reaches = [one.levels.reshape(-1, BINS) for one in own], [one.reach.reshape(-1, 2) for one in own]
        found = histograms_of(counts, reaches, kind, pool)
        for one in own:
            one.forget()
        self.levels = found if self.levels is None else added(self.levels, found, kind)


class Run:
    """One part of a plan under one seed: what is counted by each thread, sums in order, and what is kept."""

    def __init__(self, prepared: Prepared, seed: Seed, threads: int, keep_shares: bool) -> None:
        self.prepared, self.seed, self.threads, self.keep_shares = prepared, seed, threads, keep_shares
        self.tallies = [new_tally(prepared) for _ in range(threads)]
        self.sums = np.zeros((len(prepared.event_numbers), 2))
        self.watched: list[Singles] = []
        self.shares: list[Floats] = []

    def go_on(
        self, first: int, last: int, pool: ThreadPoolExecutor, spaces: Sequence[Space],
        progress: Callable[[float], None], should_stop: Callable[[], bool] | None,
    ) -> None:  # fmt: skip
        """Run the draws from `first` up to `last`; levels are counted in the spaces, one for each thread."""
        spare: SimpleQueue[tuple[Tally, Space]] = SimpleQueue()
        for pair in zip(self.tallies, spaces, strict=True):
            spare.put(pair)

        def stop_if_asked() -> None:
            if should_stop is not None and should_stop():
                raise Cancelled

        def work(first_draw: int) -> Block:
            tally, space = spare.get()
            try:
                return run_block(
                    self.prepared,
                    self.seed,
                    first_draw,
                    min(size, last - first_draw),
                    tally,
                    space,
                    self.keep_shares,
                    stop_if_asked,
                )
            finally:
                spare.put((tally, space))

        size = block_size(last - first, self.threads)
        starts = range(first, last, size)
        for done, block in enumerate(in_order(pool, work, starts, BLOCKS_AHEAD * self.threads), start=1):
            for sums in block.sums:
                self.sums += sums
            if self.prepared.plan.watched:
                self.watched.append(block.watched)
            if self.keep_shares:
                self.shares.append(block.shares)
            progress(done / len(starts))


def block_size(n_draws: int, threads: int) -> int:
    """Draws in a block: as many as are best for speed where that leaves enough for every thread."""
    return DRAWS_AT_ONCE * min(max(round(n_draws / (threads * DRAWS_AT_ONCE)), 1), MOST_AT_ONCE)


def assembled(plan: Plan, parts: Sequence[Part], n_draws: int, seed: int | SplitSeed, pool: ThreadPoolExecutor) -> Outcomes:
    """Put the parts of a plan in their places and the replicates of each together."""
    levels: list[Histograms] = []
    rows: list[int] = []
    margins: dict[str, Histograms] = {}
    n_seeds = len(parts[0].runs)
    draw_counts = np.zeros((len(plan.events), PATHS_PER_DRAW + 1), dtype=np.int64)
    passages = np.zeros((len(plan.events), plan.n_years + 1), dtype=np.int64)
    sums = np.zeros((n_seeds, len(plan.events), 2))
    shares = np.zeros((len(plan.events), n_draws * n_seeds)) if parts[0].runs[0].keep_shares else None
    exact = None if shares is None else np.zeros(len(plan.events), dtype=bool)
    for part in parts:
        prepared = part.runs[0].prepared
        events = prepared.event_numbers
        tally = new_tally(prepared)
        for run in part.runs:
            for one in run.tallies:
                tally.add(one)
        levels += [part.levels] if part.levels else []
        rows += prepared.rows
        names = [plan.events[number].name for number, slot in zip(events, prepared.events.margin, strict=True) if slot >= 0]
        every = np.array([[0, BINS - 1]], np.int32)
        margins |= {
            name: histograms_of([counts[None]], [every], np.int32) for name, counts in zip(names, tally.margins, strict=True)
        }
        draw_counts[events], passages[events] = tally.draw_counts, tally.passages
        for replicate, run in enumerate(part.runs):
            sums[replicate, events] = run.sums
        if shares is not None and exact is not None:
            exact[events] = prepared.events.exact
            shares[events] = np.concatenate([block for run in part.runs for block in run.shares], axis=1)
        if part is parts[0]:
            joints = {joint.name: counts for joint, counts in zip(plan.joints, tally.joints, strict=True)}
            kept = [block for run in part.runs for block in run.watched]
    order = (np.argsort(rows)[:, None] * plan.n_years + np.arange(plan.n_years)).ravel()
    watched = {name: np.concatenate([block[slot] for block in kept], axis=1) for slot, name in enumerate(plan.watched)}
    return Outcomes(
        plan, n_draws * PATHS_PER_DRAW * n_seeds, seed, PATHS_PER_DRAW, joined(levels, order, pool), margins, draw_counts, passages, sums,
        joints, watched, shares, exact,
    )  # fmt: skip


def new_tally(prepared: Prepared) -> Tally:
    """Counts that are all zero."""
    plan, n_events = prepared.plan, len(prepared.event_numbers)
    return Tally(
        np.zeros((int(np.sum(prepared.events.margin >= 0)), BINS), np.int32),
        np.zeros((n_events, PATHS_PER_DRAW + 1), np.int64),
        np.zeros((n_events, plan.n_years + 1), np.int64),
        tuple(np.zeros(len(joint.groups) + 1, np.int64) for joint in plan.joints),
    )


def run_block(
    prepared: Prepared,
    seed: Seed,
    first_draw: int,
    n_draws: int,
    tally: Tally,
    space: Space,
    keep_shares: bool,
    stop_if_asked: Callable[[], None],
) -> Block:
    """Run one block of draws; adds to `tally` and `space`."""
    plan, n_paths, n_events = prepared.plan, n_draws * PATHS_PER_DRAW, len(prepared.event_numbers)
    low, high = np.empty(n_paths, np.uint32), np.empty(n_paths, np.uint32)
    family_kernels.fill_indices(first_draw, n_draws, PATHS_PER_DRAW, isinstance(seed, str), low, high)
    pushes = pushes_of_block(prepared.slots, len(prepared.rows), seed, first_draw, n_draws)
    drawn = {name: drawn_family(prepared, name, seed, first_draw, n_draws, low, high) for name in prepared.families}
    doubts = drawn_doubts(plan, prepared.doubts, seed, first_draw, n_draws, low, high)
    couplings = {
        name: coupling_of_block(plan.belief.families[name], prepared.slots, seed, first_draw, n_draws) for name in prepared.families
    }
    sums = np.zeros((-(-n_draws // DRAWS_AT_ONCE), n_events, 2))
    effects = np.zeros((len(prepared.slots.effects), plan.n_years + 1, n_paths), np.float32)
    watched = np.full((len(plan.watched), plan.n_years, n_paths), np.nan, np.float32)
    hits, firsts = np.empty((n_events, n_paths), np.uint8), np.empty((n_events, n_paths), np.uint8)
    shares = np.empty((n_events, n_draws))
    for stage in prepared.stages:
        stop_if_asked()
        path_kernels.run_members(
            first_draw, low, high, plan.first_year, 1 / BIN_WIDTH, law_of(), prepared.families[stage.family],
            couplings[stage.family], *drawn[stage.family], stage.members, prepared.events, pushes, doubts, effects, space.levels, space.reach,
            tally.margins, watched, hits, firsts, shares,
        )  # fmt: skip
    fold_events(hits, firsts, shares, DRAWS_AT_ONCE, tally.draw_counts, tally.passages, sums)
    for joint, met in zip(prepared.joints, tally.joints, strict=True):
        fold_joint(hits, *joint, met)
    return Block(sums, in_path_order(watched, n_draws), shares if keep_shares else shares[:, :0])
