"""The door to the simulation: Plan -> Outcomes. Serial kernels on fixed blocks of paths, run by a thread pool.

The same seed gives the same bytes for any number of threads: shocks are addressed, counts are integers, and sums of
floating-point numbers are added block by block in order.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from data import InputFault
from forecast.series import Floats
from scenarios import family_kernels, path_kernels
from scenarios.histogram_kernels import fold_events, fold_joint
from scenarios.outcomes import BIN_WIDTH, BINS, Counts, Histograms, Outcomes, histograms_of, joined
from scenarios.plan import Plan
from scenarios.prepared import Prepared, prepare
from scenarios.pushes import add_common_shocks, pushes_of_block

PATHS_PER_DRAW = 10
DRAWS_PER_BLOCK = 256
MAXIMUM_PATHS = 2**40
SERIES_AT_ONCE = 1000  # histograms of so many series stand in memory at a time
BLOCKS_AHEAD = 16  # for each thread
PRECISE_PATHS = 10_000_000  # the most that a wanted precision may take

Singles = NDArray[np.float32]


class Cancelled(Exception):
    """The run was stopped by its `should_stop`."""


@dataclass(frozen=True, eq=False)
class Tally:
    """What one thread counts: levels (n_series, n_years, bins), margins (n_doubtful, bins), draw_counts, passages and joints."""

    levels: Counts
    margins: Counts
    draw_counts: Counts
    passages: Counts
    joints: tuple[Counts, ...]

    def add(self, other: "Tally") -> None:
        """Add what another thread counted."""
        for mine, its in zip((*self._arrays(), *self.joints), (*other._arrays(), *other.joints), strict=True):
            mine += its

    def _arrays(self) -> tuple[Counts, ...]:
        return self.levels, self.margins, self.draw_counts, self.passages


@dataclass(frozen=True, eq=False)
class Block:
    """What a block of paths hands back in order: sums of floating-point numbers, and what is kept by draw or path."""

    sums: Floats
    watched: Singles
    shares: Floats


def simulate(
    plan: Plan,
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    *,
    keep_shares: bool = False,
) -> Outcomes:
    """Simulate a plan.

    Parameters
    ----------
    plan : Plan
    paths : int
        Number of futures, rounded up to tens: parameters are drawn anew for every ten of them.
    seed : int
    threads : int, optional
        All cores if not given. The result does not depend on it.
    progress : callable, optional
        Called with the share done, between blocks.
    should_stop : callable, optional
        Asked between blocks, every hundredth of a second or so; True ends the run with `Cancelled`.
    keep_shares : bool
        Keep the odds of each event by draw.

    Raises
    ------
    InputFault
        If paths or threads are not positive.
    """
    if not 1 <= paths <= MAXIMUM_PATHS:
        raise InputFault(f"paths: {paths} found; a number from 1 to {MAXIMUM_PATHS} is allowed")
    if threads is not None and threads < 1:
        raise InputFault(f"threads: {threads} found; 1 or more is allowed")
    n_draws = -(-paths // PATHS_PER_DRAW)
    parts = parts_of(plan)
    outcomes = Assembly(plan)
    for number, rows in enumerate(parts):

        def report(share: float, number: int = number) -> None:
            if progress is not None:
                progress((number + share) / len(parts))

        run_part(
            prepare(plan, seed, rows), seed, n_draws, threads or os.cpu_count() or 1, report, should_stop, outcomes, keep_shares
        )
    return outcomes.finished(n_draws * PATHS_PER_DRAW, seed)


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


class Assembly:
    """Outcomes in the making: the parts of a plan are put in their places."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.levels: list[Histograms] = []
        self.rows: list[int] = []
        self.margins: dict[str, Histograms] = {}
        self.draw_counts = np.zeros((len(plan.events), PATHS_PER_DRAW + 1), dtype=np.int64)
        self.passages = np.zeros((len(plan.events), plan.n_years + 1), dtype=np.int64)
        self.sums = np.zeros((len(plan.events), 2))
        self.joints: dict[str, Counts] = {}
        self.watched: dict[str, Singles] = {}
        self.shares: list[tuple[NDArray[np.int64], Floats]] = []

    def put(self, prepared: Prepared, tally: Tally, blocks: "Sums") -> None:
        """Put a part in its place."""
        plan, events = self.plan, prepared.event_numbers
        self.levels.append(histograms_of(tally.levels.reshape(-1, BINS)))
        self.rows += prepared.rows
        names = [plan.events[number].name for number, slot in zip(events, prepared.events.margin, strict=True) if slot >= 0]
        self.margins |= {name: histograms_of(counts[None]) for name, counts in zip(names, tally.margins, strict=True)}
        self.draw_counts[events] = tally.draw_counts
        self.passages[events] = tally.passages
        self.sums[events] = blocks.sums
        if not self.joints:
            self.joints = {joint.name: counts for joint, counts in zip(plan.joints, tally.joints, strict=True)}
            kept = np.concatenate(blocks.watched, axis=2) if blocks.watched else np.zeros((0, plan.n_years, 0), dtype=np.float32)
            for slot, name in enumerate(plan.watched):
                self.watched[name] = kept[slot]
        if blocks.shares:
            self.shares.append((events, np.concatenate(blocks.shares, axis=1)))

    def finished(self, paths: int, seed: int) -> Outcomes:
        """Everything as the outcomes of one run."""
        shares = None
        if self.shares:
            shares = np.zeros((len(self.plan.events), paths // PATHS_PER_DRAW))
            for events, found in self.shares:
                shares[events] = found
        order = (np.argsort(self.rows)[:, None] * self.plan.n_years + np.arange(self.plan.n_years)).ravel()
        return Outcomes(
            self.plan, paths, seed, PATHS_PER_DRAW, joined(self.levels, order), self.margins, self.draw_counts, self.passages,
            self.sums, self.joints, self.watched, shares,
        )  # fmt: skip


@dataclass(eq=False)
class Sums:
    """Sums over blocks in their order, and what is kept of each."""

    sums: Floats
    watched: list[Singles]
    shares: list[Floats]


def run_part(
    prepared: Prepared,
    seed: int,
    n_draws: int,
    threads: int,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool] | None,
    outcomes: Assembly,
    keep_shares: bool,
) -> None:
    """Run all blocks of a part and put the result into `outcomes`."""
    plan, n_events = prepared.plan, len(prepared.event_numbers)
    tallies = [new_tally(prepared, n_draws) for _ in range(threads)]
    spare: SimpleQueue[Tally] = SimpleQueue()
    for tally in tallies:
        spare.put(tally)

    def work(first_draw: int) -> Block:
        if should_stop is not None and should_stop():
            raise Cancelled
        tally = spare.get()
        try:
            return run_block(prepared, seed, first_draw, min(DRAWS_PER_BLOCK, n_draws - first_draw), tally, keep_shares)
        finally:
            spare.put(tally)

    total = Sums(np.zeros((n_events, 2)), [], [])
    starts = range(0, n_draws, DRAWS_PER_BLOCK)
    with ThreadPoolExecutor(threads) as pool:
        try:
            for done, block in enumerate(in_order(pool, work, starts, BLOCKS_AHEAD * threads), start=1):
                total.sums += block.sums
                if plan.watched:
                    total.watched.append(block.watched)
                if keep_shares:
                    total.shares.append(block.shares)
                progress(done / len(starts))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for tally in tallies[1:]:
        tallies[0].add(tally)
    outcomes.put(prepared, tallies[0], total)


def in_order(pool: ThreadPoolExecutor, work: Callable[[int], Block], starts: Sequence[int], ahead: int) -> Iterator[Block]:
    """Yield the blocks in order while at most `ahead` of them wait, so that memory does not grow with their number."""
    coming = iter(starts)
    waiting = [pool.submit(work, start) for start in islice(coming, ahead)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [pool.submit(work, start) for start in islice(coming, 1)]


def new_tally(prepared: Prepared, n_draws: int) -> Tally:
    """Counts that are all zero, wide enough for the number of paths."""
    plan, n_events = prepared.plan, len(prepared.event_numbers)
    width = np.int32 if n_draws * PATHS_PER_DRAW < 2**31 else np.int64
    return Tally(
        np.zeros((len(prepared.rows), plan.n_years, BINS), width),
        np.zeros((int(np.sum(prepared.events.margin >= 0)), BINS), width),
        np.zeros((n_events, PATHS_PER_DRAW + 1), np.int64),
        np.zeros((n_events, plan.n_years + 1), np.int64),
        tuple(np.zeros(len(joint.groups) + 1, np.int64) for joint in plan.joints),
    )


def run_block(prepared: Prepared, seed: int, first_draw: int, n_draws: int, tally: Tally, keep_shares: bool) -> Block:
    """Run one block of draws; adds to `tally`."""
    plan, n_paths, n_events = prepared.plan, n_draws * PATHS_PER_DRAW, len(prepared.event_numbers)
    low, high = np.empty(n_paths, np.uint32), np.empty(n_paths, np.uint32)
    family_kernels.fill_indices(first_draw, n_draws, PATHS_PER_DRAW, low, high)
    pushes = pushes_of_block(prepared.slots, len(prepared.rows), seed, first_draw, n_draws)
    drawn = {}
    for name, family in prepared.families.items():
        nodes, common = np.empty(n_draws, np.int64), np.empty((n_draws, family.mean.shape[1]))
        by_draw = np.empty((plan.horizon - family.first_year + 2, n_draws))
        by_path = np.empty((plan.n_years + 1, n_paths), np.float32)
        normal = prepared.laws[name][1]
        family_kernels.fill_family(first_draw, low, high, family, normal, nodes, common, by_draw, plan.first_year, by_path)
        add_common_shocks(prepared.slots, name, seed, first_draw, n_draws, low, high, by_path)
        drawn[name] = (nodes, common, by_draw, by_path)
    rates = np.empty((len(prepared.currencies), plan.n_years, n_paths), np.float32)
    for currency, deviation in zip(prepared.currencies, rates, strict=True):
        family_kernels.fill_currency(first_draw, n_draws, low, high, currency, plan.first_year, normal, deviation)
    sums = np.zeros((n_events, 2))
    effects = np.zeros((len(prepared.slots.effects), plan.n_years + 1, n_paths), np.float32)
    watched = np.full((len(plan.watched), plan.n_years, n_paths), np.nan, np.float32)
    hits, firsts = np.empty((n_events, n_paths), np.uint8), np.empty((n_events, n_paths), np.uint8)
    shares = np.empty((n_events, n_draws))
    for stage in prepared.stages:
        path_kernels.run_members(
            first_draw, low, high, plan.first_year, 1 / BIN_WIDTH, prepared.laws[stage.family], prepared.families[stage.family],
            *drawn[stage.family], stage.members, prepared.events, pushes, rates, effects, tally.levels, tally.margins, watched,
            hits, firsts, shares,
        )  # fmt: skip
    fold_events(hits, firsts, shares, tally.draw_counts, tally.passages, sums)
    for joint, met in zip(prepared.joints, tally.joints, strict=True):
        fold_joint(hits, *joint, met)
    in_path_order = watched.reshape(*watched.shape[:2], PATHS_PER_DRAW, n_draws).swapaxes(2, 3).reshape(watched.shape)
    return Block(sums, in_path_order, shares if keep_shares else shares[:, :0])
