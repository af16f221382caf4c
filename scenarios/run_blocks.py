"""A run cut into blocks: plain descriptions, and one pure function that makes the tables of a block, in this process or in any other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from threading import Lock

import numpy as np
import pyarrow as pa

from data import Catalogue, Target
from data.records import records
from forecast.belief import Belief, believe
from forecast.forecast_table import NONE_PERIODIC, Service, forecast_table
from forecast.frequencies import PeriodicSeries, periodic_series
from forecast.series import SeriesKey
from scenarios.asked import gather
from scenarios.assessment import TargetAssessment
from scenarios.batch import DEFAULT_HORIZON, Request
from scenarios.compilation import Compiled, compile_scenario, moved_target
from scenarios.level_table import level_columns
from scenarios.outcomes import Outcomes
from scenarios.run_tables import TABLES, columns_of, parquet_bytes, table_of
from scenarios.simulation import Effort
from scenarios.targets import answers, horizon_of_targets, order_of, plan_of, rows_by_vintage

SERIES_A_BLOCK = 250  # and as many targets: about a second of work with 10,000 futures
BYTES_OF_DRAWS = 64_000_000  # of the futures that a block keeps, four bytes for each series, year and future
ONE_AT_A_TIME = Lock()  # what all blocks share is made by the first that asks; the others wait
Part = tuple[tuple[str, ...], tuple[str, ...]]  # series, and places whose targets are assessed


@dataclass(frozen=True)
class Block:
    """Some series under one scenario with the targets of some places, or some series by one model; blocks are independent of each other."""

    number: int
    kind: str
    of: int
    series: tuple[str, ...]
    places: tuple[str, ...] = ()

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
    found: list[tuple[str, int, tuple[str, ...], tuple[str, ...]]] = []
    for scenario in range(len(work.request.scenarios)):
        found += [("outcomes", scenario, *part) for part in parts_of_scenario(work, scenario)]
    for model in range(len(work.request.batch.models)):
        found += [("forecasts", model, part, ()) for part in chunks(list(chosen_series(work)), SERIES_A_BLOCK)]
    return [Block(number, *one) for number, one in enumerate(found)]


def chunks(names: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """Cut names into parts of equal size."""
    return (tuple(names[start : start + most]) for start in range(0, len(names), most))


def parts_of_scenario(work: Work, scenario: int) -> list[Part]:
    """Cut what a scenario is asked for so that no part has too many series or targets; a place stays together where it can."""
    horizon, targets = work.request.scenarios[scenario].horizon, targets_of_places(work, scenario)
    wanted = {name: origin for name, origin in chosen_series(work).items() if origin < horizon}
    most = SERIES_A_BLOCK
    if work.request.batch.draws and wanted:
        kept = 4 * work.request.batch.paths * (horizon - min(wanted.values()))
        most = max(1, min(most, BYTES_OF_DRAWS // kept))
    of_places = {place: list(names) for place, names in groupby(wanted, key=lambda name: name.split("|")[0])}
    parts: list[Part] = []
    room = 0
    for place in sorted(of_places.keys() | targets.keys()):
        asked = (place,) if place in targets else ()
        for series in list(chunks(of_places.get(place, []), most)) or [()]:
            size = max(len(series), len(targets[place]) if asked else 0)
            if size > room:
                parts.append(((), ()))
                room = most
            parts[-1] = (parts[-1][0] + series, parts[-1][1] + asked)
            room, asked = room - size, ()
    return parts


@lru_cache(maxsize=2)  # every block asks for its places
def targets_of_places(work: Work, scenario: int) -> dict[str, list[tuple[str, Target]]]:
    """Return the targets of each place, each with the date that cuts what is known of it."""
    found: dict[str, list[tuple[str, Target]]] = defaultdict(list)
    for vintage, rows in targets_by_vintage(work.catalogue, work.request, scenario).items():
        for row in rows:
            found[row.place].append((vintage, row))
    return dict(found)


@lru_cache(maxsize=2)
def target_horizons(work: Work, scenario: int) -> dict[str, int]:
    """Return the last year that is simulated for the targets of each vintage."""
    by_vintage: dict[str, list[Target]] = defaultdict(list)
    for stated in targets_of_places(work, scenario).values():
        for vintage, row in stated:
            by_vintage[vintage].append(row)
    return {vintage: horizon_of_targets(rows) for vintage, rows in by_vintage.items()}


def compute(work: Work, block: Block, threads: int | None = None, should_stop: Callable[[], bool] | None = None) -> Finished:
    """Compute a block; the same bytes wherever and however often, for any number of threads."""
    notes: Counter[str] = Counter()
    of_models = block.kind == "forecasts"
    tables = {"forecasts": forecasts(work, block, notes)} if of_models else outcomes(work, block, threads, notes, should_stop)
    return Finished(
        {name: (parquet_bytes(name, table), table.num_rows) for name, table in tables.items()}, dict(sorted(notes.items()))
    )


@lru_cache(maxsize=8)  # blocks come scenario by scenario
def compiled_for(work: Work, scenario: int, vintage: str, horizon: int) -> Compiled:
    """Compile a scenario for what is believed at a date, up to a year."""
    return compile_scenario(work.request.scenarios[scenario], work.catalogue, work.beliefs[vintage], horizon)


def outcomes(
    work: Work, block: Block, threads: int | None, notes: Counter[str], should_stop: Callable[[], bool] | None
) -> dict[str, pa.Table]:
    """Simulate some series with the targets of some places; what rests on the same facts up to the same year is simulated once for both."""
    request, stated = work.request, work.request.scenarios[block.of]
    batch, title = request.batch, stated.title
    effort = Effort(batch.paths, batch.seed, threads)
    rows: dict[tuple[str, int], list[Target]] = defaultdict(list)
    with ONE_AT_A_TIME:
        targets, until = targets_of_places(work, block.of), target_horizons(work, block.of)
    for place in block.places:
        for vintage, row in targets[place]:
            rows[vintage, until[vintage]].append(row)
    of_levels = (request.known_by, stated.horizon)
    tables: dict[str, pa.Table] = {}
    assessed: list[TargetAssessment] = []
    for vintage, horizon in sorted({*rows, *([of_levels] if block.series else [])}):
        series = block.series if (vintage, horizon) == of_levels else ()
        with ONE_AT_A_TIME:
            compiled = compiled_for(work, block.of, vintage, horizon)
        asked = gather(work.catalogue, work.beliefs[vintage], rows[vintage, horizon])
        plan = plan_of(asked, compiled, horizon, series=series, watched=series if batch.draws else ())
        if not plan.series:
            assessed += asked.answers
            continue
        found = effort.run(plan, should_stop=should_stop)
        assessed += answers(work.catalogue, work.beliefs[vintage], asked, compiled, found, effort)
        if series:
            tables |= tables_of_levels(found, compiled, series, title, notes)
    if block.places:
        said = [{"scenario": title, **vars(one)} for one in sorted(assessed, key=order_of)]
        tables["targets"] = table_of("targets", columns_of("targets", said))
    return tables


def tables_of_levels(
    found: Outcomes, compiled: Compiled, series: Sequence[str], title: str, notes: Counter[str]
) -> dict[str, pa.Table]:
    """Lay out the levels of some series and, if they were watched, every future of each."""
    wanted = set(series)
    columns = level_columns(found, compiled.warnings, [n for n, one in enumerate(found.plan.series) if str(one.key) in wanted])
    notes.update(f"{title}: {one.sentence}" for one in compiled.warnings for name in one.series if name in wanted)
    tables = {"levels": table_of("levels", {"scenario": [title] * len(columns["place"]), **columns})}
    return tables | ({"draws": draws(found, title)} if found.plan.watched else {})


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


def forecasts(work: Work, block: Block, notes: Counter[str]) -> pa.Table:
    """Forecast some series by a model."""
    model, known = work.request.batch.models[block.of], work.beliefs[work.request.known_by]
    wanted = set(block.series)
    belief = replace(known, series=tuple(one for one in known.series if str(one.key) in wanted))
    service = Service()
    periodic = work.periodic if model == "auto" else NONE_PERIODIC
    rows = forecast_table(belief, horizon_of(work.request), model=model, service=service, periodic=periodic)
    notes.update({f"{model}: left out: {reason}": count for reason, count in service.left_out.items()})
    notes.update({f"{model}: {reason}": count for reason, count in service.refused.items()})
    if model == "auto":
        notes.update(f"auto: in years only: {work.yearly[one.key]}" for one in belief.series if one.key in work.yearly)
    return table_of("forecasts", columns_of("forecasts", [{"asked": model, **row} for row in rows]))
