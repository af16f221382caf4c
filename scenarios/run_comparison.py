"""Two runs side by side: which numbers moved, and whether data, model, scenario or simulation moved them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np
import pandas as pd

from forecast.forecast_table import quantile_name
from forecast.prediction import QUANTILE_LEVELS
from forecast.series import Floats
from scenarios.fields import ALL
from scenarios.run_store import Manifest, Store, files_of
from scenarios.run_tables import tables_in
from scenarios.runs_between import Span, lay_between, shared

CAUSES = ("data", "model", "scenario", "simulation")
LEVELS = ("mean", *map(quantile_name, QUANTILE_LEVELS))
SERIES = ("place", "measure", "scope", "unit")
KEYS = {"levels": (*SERIES, "period"), "targets": (*SERIES, "target"), "forecasts": (*SERIES, "period")}
NUMBERS = {"levels": LEVELS, "targets": ("probability", "probability_low", "probability_high"), "forecasts": LEVELS}
MIDDLE = {"levels": "q50", "targets": "probability", "forecasts": "q50"}
MOVED = 1e-9  # relative: what two kinds of processor may differ by
MOVE_FIELDS = ("table", "of", *SERIES, "period", "target", "field", "before", "after", "change", *CAUSES)
Signature = tuple[str, ...]
Part = tuple[str, str]  # a run, and one of its scenarios or models
Way = tuple[list[str], list[Part]]  # causes in their order, and what lies between


@dataclass(frozen=True, eq=False)
class Meeting:
    """A scenario or model of one run beside that of the other."""

    table: str
    first: str
    second: str
    before: Manifest
    after: Manifest

    @cached_property
    def ends(self) -> tuple[Signature, Signature]:
        """What decides the numbers of each."""
        return signature(self.before, self.table, self.first), signature(self.after, self.table, self.second)

    @cached_property
    def differ(self) -> list[str]:
        """The causes in which they differ."""
        return [cause for cause, one, other in zip(CAUSES, *self.ends, strict=True) if one != other]


@dataclass(frozen=True, eq=False)
class Difference:
    """What moved between two runs.

    Attributes
    ----------
    causes : tuple of str
        In what the runs differ: data, model, scenario, simulation.
    between : tuple of str
        The runs by which changes are split; empty if there is nothing to split or nothing to split it by.
    unsplit : str
        Why what could be split is not; empty if it is.
    compared, moved, only_before, only_after : int
        Numbers that both runs have, those of them that moved, and rows that only one run has.
    moves : DataFrame
        A row for each row of the tables that moved, that with the largest change first; columns `MOVE_FIELDS`. `field` is its median or its
        odds or, where these stay, the number that moved most; `change` is relative (of odds a difference), and so is each cause's part in
        it, NaN where that is unknown.
    """

    causes: tuple[str, ...]
    between: tuple[str, ...]
    unsplit: str
    compared: int
    moved: int
    only_before: int
    only_after: int
    moves: pd.DataFrame


def compare_runs(store: Store, before: str, after: str, progress: Callable[[float], None] | None = None) -> Difference:
    """Compare two finished runs.

    Where they differ in one thing, the whole change is its. Where they differ in several, the change is split by runs of the same folder that
    have some of these things from one run and the rest from the other. Those that are missing are computed and kept, if the program at hand can
    compute them; otherwise the change is not split.

    Raises
    ------
    InputFault
        If a run is damaged or of another version.
    """
    manifests = {name: store.manifest(name) for name in (before, after)}
    for name, manifest in manifests.items():
        store.check(name, manifest)
    ends = manifests[before], manifests[after]
    meetings = [Meeting(table, *pair, *ends) for table in KEYS for pair in pairs(*ends, table)]
    ways, unsplit = ways_of(store, meetings, progress)
    moves: list[pd.DataFrame] = []
    counts = np.zeros(4, dtype=np.int64)
    for meeting, (order, steps) in zip(meetings, ways, strict=True):
        table, second = meeting.table, meeting.second
        parts = [rows_of(store, (before, meeting.first), table), *(rows_of(store, one, table) for one in steps)]
        found, counted = moves_between(table, second, parts, rows_of(store, (after, second), table), order)
        moves.append(found)
        counts += counted
    for table in KEYS:  # what only one run has a scenario or model for
        paired = pairs(*ends, table)
        for side, manifest in enumerate(ends):
            alone = set(titles(manifest, table)) - {pair[side] for pair in paired}
            counts[2 + side] += sum(len(rows_of(store, (manifest["run"], of), table)) for of in alone)
    causes = {cause for meeting in meetings for cause in meeting.differ}
    between = {run for _, steps in ways for run, _ in steps}
    every = pd.concat(moves, ignore_index=True) if moves else pd.DataFrame(columns=list(MOVE_FIELDS))
    largest = np.argsort(-every["change"].abs().to_numpy(dtype=float), kind="stable")
    ordered = every.iloc[largest].reset_index(drop=True)
    kept = tuple(cause for cause in CAUSES if cause in causes)
    compared, moved, only_before, only_after = map(int, counts)
    return Difference(kept, tuple(sorted(between)), unsplit, compared, moved, only_before, only_after, ordered)


def titles(manifest: Manifest, table: str) -> list[str]:
    """Return the scenarios, or the models, of a run."""
    request = manifest["request"]
    return list(request["models"]) if table == "forecasts" else [one["title"] for one in request["scenarios"]]


def pairs(before: Manifest, after: Manifest, table: str) -> list[tuple[str, str]]:
    """Pair what is called alike in both runs; two runs of one scenario each are compared whatever it is called."""
    first, second = titles(before, table), titles(after, table)
    if table != "forecasts" and len(first) == len(second) == 1:
        return [(first[0], second[0])]
    return [(one, one) for one in first if one in second]


def signature(manifest: Manifest, table: str, of: str) -> Signature:
    """Return what decides the numbers of a part of a run, in the order of `CAUSES`; a forecast knows neither scenario nor simulation."""
    request = manifest["request"]
    stated = [{**one, "title": ""} for one in request["scenarios"] if one["title"] == of] if table != "forecasts" else [of]
    simulated = [request["paths"], request["seed"]] if table != "forecasts" else []
    known = [manifest["data"]["hash"], request["vintage"]]
    return tuple(json.dumps(one, sort_keys=True) for one in (known, [manifest["model"], manifest["platform"]], stated, simulated))


def ways_of(store: Store, meetings: Sequence[Meeting], progress: Callable[[float], None] | None) -> tuple[list[Way], str]:
    """Find the way of each meeting, after computing what is missing, and say why some have none."""
    ways = [way(store, one) for one in meetings]
    stuck = [one for one, (order, _) in zip(meetings, ways, strict=True) if one.differ and not order]
    if not stuck:
        return ways, ""
    causes = {cause for one in stuck for cause in one.differ}
    scenarios = dict.fromkeys((one.first, one.second) for one in stuck if one.table != "forecasts")
    models = dict.fromkeys(one.first for one in stuck if one.table == "forecasts")
    in_order = [cause for cause in CAUSES if cause in causes]
    why = lay_between(store, Span(stuck[0].before, stuck[0].after, [*scenarios], [*models], in_order), progress)
    return (ways, why) if why else ([way(store, one) for one in meetings], "")


def way(store: Store, meeting: Meeting) -> Way:
    """Find runs that lead from one end to the other in steps of one cause each: the causes in their order, and the runs between.

    No causes are returned where there is no such way.
    """
    ends, differ = meeting.ends, meeting.differ
    if len(differ) < 2:
        return differ, []
    known: dict[Signature, Part] = {}
    for name in store.names():
        try:
            manifest = store.manifest(name)
        except ValueError:  # of another version, or damaged: it is no help
            continue
        if tells_of(manifest, meeting):
            known |= {signature(manifest, meeting.table, of): (name, of) for of in titles(manifest, meeting.table)}
    for order in permutations(differ):
        stops = []
        for count in range(1, len(order)):
            at = tuple(new if cause in order[:count] else old for cause, old, new in zip(CAUSES, *ends, strict=True))
            stops.append(known.get(at))
        found = [one for one in stops if one is not None and not store.damaged(one[0], store.manifest(one[0]))]
        if len(found) == len(stops):
            return list(order), found
    return [], []


def tells_of(manifest: Manifest, meeting: Meeting) -> bool:
    """Tell whether a run is about all places and measures that both runs are about."""
    return all(
        set(manifest["request"][what]) >= set(shared(meeting.before, meeting.after, what)) or manifest["request"][what] == [*ALL]
        for what in ("places", "measures")
    )


def rows_of(store: Store, part: Part, table: str) -> pd.DataFrame:
    """Read the numbers of one scenario or model of a run, by their keys."""
    name, of = part
    files = files_of(store.manifest(name), table, of)
    columns = [*KEYS[table], *NUMBERS[table]]
    frames = [one.select(columns).to_pandas() for one in tables_in(store.folder / name, files)]
    if not frames:
        return pd.DataFrame(columns=columns).set_index(list(KEYS[table]))
    every: pd.DataFrame = pd.concat([frame.astype(dict.fromkeys(KEYS[table], str)) for frame in frames], ignore_index=True)
    return every.set_index(list(KEYS[table]))


def moves_between(
    table: str, of: str, steps: Sequence[pd.DataFrame], last: pd.DataFrame, order: Sequence[str]
) -> tuple[pd.DataFrame, tuple[int, int, int, int]]:
    """Compare the first of some steps with the last one, and split what moved among them.

    `order` are the causes of the steps; none if the change cannot be split.
    """
    shared = steps[0].index.intersection(last.index, sort=False)
    ways = [one.reindex(shared).to_numpy(dtype=float) for one in (*steps, last)]
    before, after = ways[0], ways[-1]
    scale = np.abs(before) if table != "targets" else np.ones_like(before)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(before == after, 0.0, (after - before) / scale)
    appeared = np.isnan(before) != np.isnan(after)
    change[np.isnan(before) & np.isnan(after)] = 0.0
    moved = (np.abs(change) > MOVED) | appeared
    counts = (
        int((~np.isnan(before) & ~np.isnan(after)).sum()),
        int(moved.sum()),
        len(steps[0]) - len(shared),
        len(last) - len(shared),
    )
    rows = np.flatnonzero(moved.any(axis=1))
    size = np.where(moved, np.where(np.isnan(change), np.inf, np.abs(change)), -1.0)[rows]
    middle = NUMBERS[table].index(MIDDLE[table])
    most = np.where(moved[rows, middle], middle, size.argmax(axis=1)) if rows.size else np.empty(0, dtype=int)

    def at(values: Floats) -> Floats:
        return np.asarray(values[rows, most])

    found = shared[rows].to_frame(index=False)
    found = found.assign(
        table=table, of=of, field=np.array(NUMBERS[table])[most], before=at(before), after=at(after), change=at(change)
    )
    parts: Mapping[str, Floats] = shares(order, [at(one) for one in ways], at(scale))
    found = found.assign(**{cause: parts.get(cause, np.full(len(found), 0.0 if order else np.nan)) for cause in CAUSES})
    return found.reindex(columns=list(MOVE_FIELDS)), counts


def shares(order: Sequence[str], values: Sequence[Floats], scale: Floats) -> dict[str, Floats]:
    """Return the part of each cause in a change, which add up to it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return {cause: (values[step + 1] - values[step]) / scale for step, cause in enumerate(order)}


def largest_moves(found: Difference, most: int) -> Iterator[dict[str, object]]:
    """Return the rows that moved most as records; what is not defined is None."""
    for row in found.moves.head(most).to_dict("records"):
        yield {str(key): None if isinstance(value, float) and not np.isfinite(value) else value for key, value in row.items()}
