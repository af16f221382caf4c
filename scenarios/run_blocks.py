"""A run cut into blocks: plain descriptions, and one pure function that makes the tables of a block, in this process or in any other."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import numpy as np
import pyarrow as pa

from data import Catalogue, Target
from data.records import records
from forecast.belief import Belief, believe
from forecast.forecast_table import NONE_PERIODIC, Service, forecast_table
from forecast.frequencies import PeriodicSeries, periodic_series
from forecast.series import SeriesKey
from scenarios.batch import DEFAULT_HORIZON, Request
from scenarios.compilation import Compiled, compile_scenario, moved_target
from scenarios.level_table import level_columns
from scenarios.outcomes import Outcomes
from scenarios.plan import Plan, make_plan, part_of
from scenarios.run_tables import TABLES, columns_of, parquet_bytes, table_of
from scenarios.simulation import Effort, simulate
from scenarios.targets import assess_vintage, order_of, rows_by_vintage

SERIES_A_BLOCK = 250  # about a second of work with 10,000 futures
TARGETS_A_BLOCK = 200
BYTES_OF_DRAWS = 64_000_000  # of the futures that a block keeps, four bytes for each series, year and future


@dataclass(frozen=True)
class Block:
    """Some series of one scenario or model, or the targets of some places under a scenario; blocks are independent of each other."""

    number: int
    kind: str
    of: int
    members: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its files."""
        return f"{self.number:06d}"


@dataclass(frozen=True, eq=False)
class Work:
    """All that blocks need: computed once, and sent to whoever computes them.

    `beliefs` are kept by the date that cuts what is known; `periodic` are series in months or quarters, `yearly` those that have some and are
    forecast in years all the same.
    """

    request: Request
    catalogue: Catalogue
    beliefs: Mapping[str, Belief]
    periodic: Mapping[SeriesKey, PeriodicSeries]
    yearly: Mapping[SeriesKey, str]


@dataclass(frozen=True)
class Finished:
    """What became of a block: the content and the number of rows of its tables, and how many series something is said of."""

    tables: dict[str, tuple[bytes, int]]
    notes: dict[str, int]


def prepare_work(catalogue: Catalogue, request: Request) -> Work:
    """Form the beliefs of every vintage that a run needs."""
    known = request.known_by
    check_scenarios(catalogue, request)
    dates = {known} | (set(targets_by_vintage(catalogue, request, 0)) if request.scenarios else set())
    beliefs = {date: believe(catalogue, date) for date in sorted(dates)}
    own = "auto" in request.batch.models and horizon_of(request).startswith("+")
    periodic, yearly = periodic_series(beliefs[known], catalogue) if own else (NONE_PERIODIC, {})
    return Work(request, catalogue, beliefs, periodic, yearly)


def check_scenarios(catalogue: Catalogue, request: Request) -> None:
    """Compile every scenario without any series, so that a fault of the last one is told before the first one has run."""
    nothing = believe(replace(catalogue, facts=catalogue.facts.iloc[:0]), request.known_by)
    for number, stated in enumerate(request.scenarios):
        compile_scenario(stated, catalogue, nothing)
        targets_by_vintage(catalogue, request, number)


def horizon_of(request: Request) -> str:
    """Return the horizon of forecasts."""
    return request.batch.horizon or DEFAULT_HORIZON


def chosen_series(work: Work) -> dict[str, int]:
    """Return the series that a run is about, in the order of their keys, with the last year known of each."""
    places, measures = work.request.places, work.request.measures
    every = [(one.key, one.series.origin) for one in work.beliefs[work.request.known_by].series]
    return {
        str(key): origin
        for key, origin in every
        if (not places or key.place in places) and (not measures or key.measure in measures)
    }


def targets_by_vintage(catalogue: Catalogue, request: Request, scenario: int) -> dict[str, list[Target]]:
    """Return the targets of a run, as a scenario moves them, by the date that cuts what is known of each."""
    known_by = request.targets_known_by
    targets = (catalogue if known_by == "document" else catalogue.known_by(known_by)).targets
    for column, wanted in (("place", request.places), ("measure", request.measures)):
        if wanted:
            targets = targets[targets[column].isin(list(wanted))]
    return rows_by_vintage([moved_target(row, request.scenarios[scenario]) for row in records(targets, Target)], known_by)


def cut(work: Work) -> list[Block]:
    """Cut a run into blocks, the same ones whoever computes them."""
    found: list[tuple[str, int, tuple[str, ...]]] = []
    origins = chosen_series(work)
    for scenario, stated in enumerate(work.request.scenarios):
        wanted = {name: origin for name, origin in origins.items() if origin < stated.horizon}
        most = SERIES_A_BLOCK
        if work.request.batch.draws and wanted:
            kept = 4 * work.request.batch.paths * (stated.horizon - min(wanted.values()))
            most = max(1, min(most, BYTES_OF_DRAWS // kept))
        found += [("levels", scenario, part) for part in chunks(list(wanted), most)]
        found += [("targets", scenario, places) for places in places_of_targets(work, scenario)]
    for model in range(len(work.request.batch.models)):
        found += [("forecasts", model, part) for part in chunks(list(origins), SERIES_A_BLOCK)]
    return [Block(number, *one) for number, one in enumerate(found)]


def chunks(names: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """Cut names into parts of equal size."""
    return (tuple(names[start : start + most]) for start in range(0, len(names), most))


def places_of_targets(work: Work, scenario: int) -> list[tuple[str, ...]]:
    """Cut the places that have targets so that each part has some two hundred of those."""
    counts = sorted((place, len(rows)) for place, rows in targets_of_places(work, scenario).items())
    before = np.cumsum([0, *(count for _, count in counts)])[:-1]
    numbered = zip(before // TARGETS_A_BLOCK, counts, strict=True)
    return [tuple(place for _, (place, _) in group) for _, group in groupby(numbered, key=lambda one: one[0])]


@lru_cache(maxsize=2)  # every block asks for its places
def targets_of_places(work: Work, scenario: int) -> dict[str, list[tuple[str, Target]]]:
    """Return the targets of each place, each with the date that cuts what is known of it."""
    found: dict[str, list[tuple[str, Target]]] = defaultdict(list)
    for vintage, rows in targets_by_vintage(work.catalogue, work.request, scenario).items():
        for row in rows:
            found[row.place].append((vintage, row))
    return dict(found)


def compute(work: Work, block: Block, threads: int | None = None) -> Finished:
    """Compute a block; the same bytes wherever and however often, for any number of threads."""
    notes: Counter[str] = Counter()
    if block.kind == "levels":
        tables = levels(work, block, threads, notes)
    elif block.kind == "targets":
        tables = {"targets": targets(work, block, threads)}
    else:
        tables = {"forecasts": forecasts(work, block, notes)}
    return Finished(
        {name: (parquet_bytes(name, table), table.num_rows) for name, table in tables.items()}, dict(sorted(notes.items()))
    )


@lru_cache(maxsize=2)  # blocks come scenario by scenario
def planned(work: Work, scenario: int) -> tuple[Compiled, Plan]:
    """Compile a scenario, with all series of the places that are asked for."""
    stated = work.request.scenarios[scenario]
    compiled = compile_scenario(stated, work.catalogue, work.beliefs[work.request.known_by])
    places = list(work.request.places) or None
    return compiled, make_plan(compiled.belief, [], stated.horizon, compiled.pushes, places=places, rates=compiled.rates)


def levels(work: Work, block: Block, threads: int | None, notes: Counter[str]) -> dict[str, pa.Table]:
    """Simulate some series: their levels and, if asked for, every future of each."""
    batch, title = work.request.batch, work.request.scenarios[block.of].title
    compiled, plan = planned(work, block.of)
    part = part_of(plan, block.members, block.members if batch.draws else ())
    outcomes = simulate(part, batch.paths, batch.seed, threads)
    wanted = set(block.members)
    columns = level_columns(outcomes, compiled.warnings, [n for n, one in enumerate(part.series) if str(one.key) in wanted])
    notes.update(f"{title}: {one.sentence}" for one in compiled.warnings for name in one.series if name in wanted)
    tables = {"levels": table_of("levels", {"scenario": [title] * len(columns["place"]), **columns})}
    return tables | ({"draws": draws(outcomes, title)} if batch.draws else {})


def draws(outcomes: Outcomes, title: str) -> pa.Table:
    """Lay out the level of each watched series in each coming year and future."""
    plan = outcomes.plan
    series = {str(one.key): one for one in plan.series}
    numbers = np.arange(outcomes.paths, dtype=np.int32)
    parts = []
    for name, log_levels in outcomes.watched.items():
        one = series[name]
        for year in range(one.series.origin + 1, plan.horizon + 1):
            level = np.exp(log_levels[year - plan.first_year].astype(float) + float(one.series.log_level[-1]))
            said = (title, one.key.place, one.key.measure, one.key.scope, one.key.unit, str(year))
            same = [pa.DictionaryArray.from_arrays(np.zeros(outcomes.paths, np.int32), [text]) for text in said]
            parts.append(pa.Table.from_arrays([*same, numbers, level.astype(np.float32)], schema=TABLES["draws"][1]))
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def targets(work: Work, block: Block, threads: int | None) -> pa.Table:
    """Assess the targets of some places under a scenario."""
    request = work.request
    scenario, batch = request.scenarios[block.of], request.batch
    known_by = request.targets_known_by
    catalogue = work.catalogue if known_by == "document" else work.catalogue.known_by(known_by)
    by_vintage: dict[str, list[Target]] = defaultdict(list)
    for place in block.members:
        for vintage, row in targets_of_places(work, block.of)[place]:
            by_vintage[vintage].append(row)
    found = []
    for vintage, rows in sorted(by_vintage.items()):
        effort = Effort(batch.paths, batch.seed, threads)
        found += assess_vintage(catalogue, work.beliefs[vintage], rows, effort, 0.0, scenario, lambda _share: None)
    return table_of(
        "targets", columns_of("targets", [{"scenario": scenario.title, **vars(one)} for one in sorted(found, key=order_of)])
    )


def forecasts(work: Work, block: Block, notes: Counter[str]) -> pa.Table:
    """Forecast some series by a model."""
    model, known = work.request.batch.models[block.of], work.beliefs[work.request.known_by]
    wanted = set(block.members)
    belief = replace(known, series=tuple(one for one in known.series if str(one.key) in wanted))
    service = Service()
    periodic = work.periodic if model == "auto" else NONE_PERIODIC
    rows = forecast_table(belief, horizon_of(work.request), model=model, service=service, periodic=periodic)
    notes.update({f"{model}: left out: {reason}": count for reason, count in service.left_out.items()})
    notes.update({f"{model}: {reason}": count for reason, count in service.refused.items()})
    if model == "auto":
        notes.update(f"auto: in years only: {work.yearly[one.key]}" for one in belief.series if one.key in work.yearly)
    return table_of("forecasts", columns_of("forecasts", [{"asked": model, **row} for row in rows]))
