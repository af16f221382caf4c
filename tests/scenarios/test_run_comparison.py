"""Two runs compared: what moved, and which cause each change is given to."""

import json
from pathlib import Path

import numpy as np
import pytest

from data import Catalogue
from scenarios import run_manifest
from scenarios.run_comparison import CAUSES, MOVE_FIELDS, compare_runs, largest_moves
from scenarios.run_store import DamagedRun, Store
from scenarios.scenario import Scenario
from tests.scenarios.run_examples import BASELINE, PUSH, PUSHED, made_in, small_request, small_world

PATHS = 200


@pytest.fixture(scope="module")
def old() -> Catalogue:
    return small_world()


@pytest.fixture(scope="module")
def new() -> Catalogue:
    return small_world(1.3e9)


def test_runs_that_rest_on_the_same_have_no_difference(tmp_path: Path, old: Catalogue) -> None:
    names = [made_in(tmp_path, old, small_request(title=title)).name for title in ("One", "Two")]
    found = compare_runs(Store(tmp_path), *names)
    assert (found.causes, found.moved, found.only_before, found.only_after, len(found.moves)) == ((), 0, 0, 0, 0)
    assert found.compared == 2 * 5 * 4 * 22 + 5 * 10 * 22 + 4 * 3


@pytest.mark.parametrize("cause", CAUSES)
def test_one_cause_has_the_whole_change(
    tmp_path: Path, old: Catalogue, new: Catalogue, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made_in(tmp_path, old, small_request(BASELINE)).name
    if cause == "model":
        monkeypatch.setattr(run_manifest, "code_hash", lambda: "another")
    levers = Scenario(title="Baseline", horizon=2016, levers=(PUSH,)) if cause == "scenario" else BASELINE
    seed = 2 if cause == "simulation" else 1
    second = made_in(tmp_path, new if cause == "data" else old, small_request(levers, seed=seed)).name
    found = compare_runs(Store(tmp_path), first, second)
    assert (found.causes, found.between) == ((cause,), ())
    assert (found.moved > 0) == (cause != "model")  # whose hash alone has changed
    assert list(found.moves.columns) == list(MOVE_FIELDS)
    for row in found.moves.itertuples():
        assert getattr(row, cause) == row.change
        assert [getattr(row, other) for other in CAUSES if other != cause] == [0.0] * 3
    if cause == "data":
        moved = found.moves.query("table == 'levels' and place == 'City 0' and measure == 'contract_value_executed'")
        np.testing.assert_allclose(moved["change"], 0.3, atol=0.05)
    if cause == "scenario":
        assert set(found.moves["place"]) == {"City 0"}


def test_several_causes_are_split_by_a_run_that_lies_between(tmp_path: Path, old: Catalogue, new: Catalogue) -> None:
    """Before: old data, baseline; after: new data, pushed. Without a run between nothing is split."""
    store = Store(tmp_path)
    before = made_in(tmp_path, old, small_request(BASELINE, models=[])).name
    after = made_in(tmp_path, new, small_request(PUSHED, models=[])).name
    found = compare_runs(store, before, after)
    assert (found.causes, found.between) == (("data", "scenario"), ())
    assert len(found.moves) > 0
    assert found.moves[list(CAUSES)].isna().all(axis=None)
    middle = made_in(tmp_path, new, small_request(BASELINE, models=[])).name
    split = compare_runs(store, before, after)
    assert split.between == (middle,)
    assert split.moved == found.moved
    by_data = {key_of(one): one for one in largest_moves(compare_runs(store, before, middle), 1000)}
    for one in largest_moves(split, 1000):
        assert one["data"] + one["scenario"] == pytest.approx(one["change"], abs=1e-12)
        assert (one["model"], one["simulation"]) == (0.0, 0.0)
        if key_of(one) in by_data and by_data[key_of(one)]["field"] == one["field"]:
            assert one["data"] == pytest.approx(by_data[key_of(one)]["change"], abs=1e-12)


def key_of(one: dict[str, object]) -> tuple[object, ...]:
    return tuple(one[name] for name in ("table", "place", "measure", "period", "target"))


def test_rows_of_one_run_alone_are_counted(tmp_path: Path, old: Catalogue) -> None:
    whole = made_in(tmp_path, old, small_request(BASELINE, models=[])).name
    part = made_in(tmp_path, old, small_request(BASELINE, models=[], places=["City 0"])).name
    found = compare_runs(Store(tmp_path), whole, part)
    assert (found.moved, found.only_before, found.only_after) == (0, 3 * 4 + 1, 0)
    assert compare_runs(Store(tmp_path), part, whole).only_after == 13


def test_scenarios_are_paired_by_their_titles(tmp_path: Path, old: Catalogue) -> None:
    both = made_in(tmp_path, old, small_request(models=[])).name
    other = made_in(tmp_path, old, small_request(PUSHED, models=[], seed=2)).name
    found = compare_runs(Store(tmp_path), both, other)
    assert found.causes == ("simulation",)
    assert set(found.moves["of"]) == {"Pushed"}
    json.dumps(list(largest_moves(found, 5)), allow_nan=False)


def test_a_damaged_run_is_not_compared(tmp_path: Path, old: Catalogue) -> None:
    names = [made_in(tmp_path, old, small_request(BASELINE, seed=seed)).name for seed in (1, 2)]
    (tmp_path / names[1] / "levels" / "000000.parquet").write_bytes(b"PAR1")
    with pytest.raises(DamagedRun):
        compare_runs(Store(tmp_path), *names)
