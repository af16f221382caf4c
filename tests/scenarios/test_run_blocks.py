"""Blocks: what they hold is what the commands print, however a run is cut."""

import pickle
from collections.abc import Sequence
from dataclasses import asdict, replace
from io import BytesIO
from typing import Any

import pyarrow.parquet as pq
import pytest

from data import Catalogue
from forecast import forecast_table
from forecast.belief import believe
from scenarios import assess_targets, run_blocks, simulated_levels, simulation
from scenarios.batch import Request
from scenarios.outcomes import Outcomes
from scenarios.plan import Plan
from scenarios.run_blocks import Block, Work, chunks, compute, cut, prepare_work
from scenarios.scenario import Scenario
from tests.scenarios.run_examples import BASELINE, PUSHED, small_request, small_world


@pytest.fixture(scope="module")
def world() -> Catalogue:
    return small_world()


def rows_of(work: Work, blocks: Sequence[Block], table: str) -> list[dict[str, object]]:
    contents = [done.tables[table][0] for block in blocks if table in (done := compute(work, block, 1)).tables]
    return [row for content in contents for row in pq.read_table(BytesIO(content)).to_pylist()]


@pytest.mark.parametrize("series", [1, 2, 5])
def test_levels_and_odds_are_those_of_the_commands_however_they_are_cut(
    world: Catalogue, monkeypatch: pytest.MonkeyPatch, series: int
) -> None:
    """Links, shocks and levers reach a series whichever block it is in."""
    monkeypatch.setattr(run_blocks, "SERIES_A_BLOCK", series)
    work = prepare_work(world, small_request())
    blocks = cut(work)
    assert [block.number for block in blocks] == list(range(len(blocks)))
    for number, scenario in enumerate((BASELINE, PUSHED)):
        of = [block for block in blocks if block.of == number and block.kind != "forecasts"]
        levels = simulated_levels(world, scenario, paths=200)
        assert rows_of(work, of, "levels") == [{"scenario": scenario.title, **row} for row in levels]
        odds = [asdict(one) for one in assess_targets(world, paths=200, scenario=scenario)]
        assert rows_of(work, of, "targets") == [{"scenario": scenario.title, **row} for row in odds]
        assert all(row["probability"] is not None for row in odds)


def test_forecasts_are_those_of_the_command(world: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_blocks, "SERIES_A_BLOCK", 2)
    work = prepare_work(world, small_request(models=["auto", "reference"], horizon="+3"))
    for number, model in enumerate(("auto", "reference")):
        of = [block for block in cut(work) if block.kind == "forecasts" and block.of == number]
        whole = forecast_table.forecast_table(believe(world), "+3", model=model)
        assert rows_of(work, of, "forecasts") == [{"asked": model, **row} for row in whole]


def test_draws_have_the_quantiles_of_the_levels(world: Catalogue) -> None:
    work = prepare_work(world, small_request(PUSHED, draws=True, paths=1000))
    blocks = [block for block in cut(work) if block.kind == "outcomes"]
    levels = {(row["place"], row["measure"], row["period"]): row["q50"] for row in rows_of(work, blocks, "levels")}
    futures: dict[tuple[object, ...], list[float]] = {}
    for row in rows_of(work, blocks, "draws"):
        assert row["path"] == len(futures.setdefault((row["place"], row["measure"], row["period"]), []))
        futures[row["place"], row["measure"], row["period"]].append(row["level"])
    assert futures.keys() == levels.keys()
    for key, values in futures.items():
        ordered = sorted(values)
        assert ordered[490] < levels[key] < ordered[510]


def test_blocks_with_draws_hold_no_more_than_a_bounded_part(world: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_blocks, "BYTES_OF_DRAWS", 2 * 4 * 200 * 4)  # two series of four years and two hundred futures
    of = [len(block.series) for block in cut(prepare_work(world, small_request(BASELINE, draws=True))) if block.kind == "outcomes"]
    assert of == [2, 2, 1]


def test_places_and_measures_choose(world: Catalogue) -> None:
    def found(**changes: object) -> tuple[set[str], set[str]]:
        request: Request = small_request(PUSHED, models=[], **changes)
        work = prepare_work(world, request)
        levels, odds = (rows_of(work, cut(work), table) for table in ("levels", "targets"))
        return {f"{row['place']} {row['measure']}" for row in levels}, {str(row["target"]) for row in odds}

    assert found(places=["City 1"]) == ({"City 1 contract_value_executed", "City 1 employees"}, {"City 1-employees-2015"})
    assert found(measures=["employees"]) == ({"City 0 employees", "City 1 employees"}, {"City 1-employees-2015"})


def test_work_and_blocks_can_be_sent_to_another_process(world: Catalogue) -> None:
    work = prepare_work(world, small_request())
    again: Work = pickle.loads(pickle.dumps(work))  # noqa: S301  (our own)
    for block in cut(work):
        assert compute(again, pickle.loads(pickle.dumps(block))) == compute(work, block)  # noqa: S301


def test_a_series_that_a_model_cannot_serve_is_told(world: Catalogue) -> None:
    work = prepare_work(world, small_request(models=["ets"]))
    (block,) = [block for block in cut(work) if block.kind == "forecasts"]
    done = compute(work, block)
    assert done.tables["forecasts"][1] == 0
    ((sentence, count),) = done.notes.items()
    assert sentence.startswith("ets: left out: ")
    assert count == 5


def test_a_lever_that_leaves_the_record_is_told_once_a_series(world: Catalogue) -> None:
    """As `simulate` warns when it prints."""
    steep = {"growth": {"places": ["City 0"], "measure": "contract_value_executed", "years": [2013, 2014], "points": 90}}
    request = small_request(Scenario(title="Steep", horizon=2016, levers=(steep,)))
    work = prepare_work(world, request)
    told = [compute(work, block, 1).notes for block in cut(work) if block.kind == "outcomes"]
    (warning,) = {sentence for row in simulated_levels(world, request.scenarios[0], paths=200) for sentence in row["warnings"]}
    assert told == [{f"Steep: {warning}": 1}]


def test_levels_and_odds_of_a_place_are_of_one_simulation(world: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the same facts up to the same year, that is; a horizon of its own needs a run of its own."""
    counted: list[int] = []
    simulate = simulation.simulate

    def counting(plan: Plan, *arguments: Any, **options: Any) -> Outcomes:
        counted.append(len(plan.series))
        return simulate(plan, *arguments, **options)

    monkeypatch.setattr(simulation, "simulate", counting)
    for horizon, vintage, series in ((2020, "2014-12-31", [5]), (2016, "2014-12-31", [5, 2]), (2020, "latest", [5, 2])):
        work = prepare_work(world, small_request(Scenario(title="Alone", horizon=horizon), models=[], vintage=vintage))
        (block,) = cut(work)
        counted.clear()
        assert {name: rows for name, (_, rows) in compute(work, block).tables.items()} == {
            "levels": 5 * (horizon - 2012),
            "targets": 2,
        }
        assert sorted(counted, reverse=True) == series


def test_a_place_stays_together_unless_it_is_too_large(world: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    for most, wanted in ((3, [2, 3]), (2, [2, 2, 1]), (1, [1, 1, 1, 1, 1])):
        monkeypatch.setattr(run_blocks, "SERIES_A_BLOCK", most)
        blocks = cut(prepare_work(world, small_request(BASELINE, models=[])))
        assert [len(block.series) for block in blocks] == wanted
        assert [place for block in blocks for place in block.places] == ["City 0", "City 1"]


def test_a_year_that_others_are_due_is_simulated_for_all(world: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the first likely year would hang on what else is in the block."""
    late = replace(world, targets=world.targets.assign(due=[2030.0, 2015.0]))
    monkeypatch.setattr(run_blocks, "SERIES_A_BLOCK", 1)
    work = prepare_work(late, small_request(BASELINE, models=[]))
    odds = [asdict(one) for one in assess_targets(late, paths=200, scenario=BASELINE)]
    assert rows_of(work, cut(work), "targets") == [{"scenario": "Baseline", **row} for row in odds]


def test_chunks_leave_nothing_out() -> None:
    names = [str(number) for number in range(7)]
    assert [len(part) for part in chunks(names, 3)] == [3, 3, 1]
    assert [name for part in chunks(names, 3) for name in part] == names
