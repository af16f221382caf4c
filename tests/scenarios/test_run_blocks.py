"""Blocks: what they hold is what the commands print, however a run is cut."""

import pickle
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO

import pyarrow.parquet as pq
import pytest

from data import Catalogue
from forecast import forecast_table
from forecast.belief import believe
from scenarios import assess_targets, run_blocks, simulated_levels
from scenarios.batch import Request
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
    monkeypatch.setattr(run_blocks, "TARGETS_A_BLOCK", series)
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
    blocks = [block for block in cut(work) if block.kind == "levels"]
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
    of = [len(block.members) for block in cut(prepare_work(world, small_request(BASELINE, draws=True))) if block.kind == "levels"]
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
    told = [compute(work, block, 1).notes for block in cut(work) if block.kind == "levels"]
    (warning,) = {sentence for row in simulated_levels(world, request.scenarios[0], paths=200) for sentence in row["warnings"]}
    assert told == [{f"Steep: {warning}": 1}]


def test_chunks_leave_nothing_out() -> None:
    names = [str(number) for number in range(7)]
    assert [len(part) for part in chunks(names, 3)] == [3, 3, 1]
    assert [name for part in chunks(names, 3) for name in part] == names
