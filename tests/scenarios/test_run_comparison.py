"""Two runs compared: what moved, and which cause each change is given to."""

import json
from pathlib import Path

import numpy as np
import pytest

from data import Catalogue, InputFault, load_catalogue
from scenarios import run_manifest
from scenarios.batch import Batch, Request, content_of_scenario
from scenarios.run_comparison import CAUSES, MOVE_FIELDS, compare_runs, largest_moves
from scenarios.run_store import DamagedRun, Store
from scenarios.runs_between import ANOTHER_PROGRAM, scenario_of
from scenarios.scenario import Scenario
from scenarios.scenario_files import PRESETS, load_scenario
from tests.scenarios.run_examples import BASELINE, PUSH, PUSHED, made_in, small_request, small_world

PATHS = 200


@pytest.fixture(scope="module")
def old() -> Catalogue:
    return small_world()


@pytest.fixture(scope="module")
def new() -> Catalogue:
    return small_world(1.3e9)


@pytest.fixture(scope="module")
def world() -> Catalogue:
    return load_catalogue()


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
    """Before: old data, baseline; after: new data, pushed. The run that was made by hand is taken, and no other is computed."""
    store = Store(tmp_path)
    before = made_in(tmp_path, old, small_request(BASELINE, models=[])).name
    after = made_in(tmp_path, new, small_request(PUSHED, models=[])).name
    middle = made_in(tmp_path, new, small_request(BASELINE, models=[])).name
    split = compare_runs(store, before, after)
    assert (split.causes, split.between, split.unsplit) == (("data", "scenario"), (middle,), "")
    by_data = {key_of(one): one for one in largest_moves(compare_runs(store, before, middle), 1000)}
    for one in largest_moves(split, 1000):
        assert one["data"] + one["scenario"] == pytest.approx(one["change"], abs=1e-12)
        assert (one["model"], one["simulation"]) == (0.0, 0.0)
        if key_of(one) in by_data and by_data[key_of(one)]["field"] == one["field"]:
            assert one["data"] == pytest.approx(by_data[key_of(one)]["change"], abs=1e-12)
    assert store.names() == sorted([before, after, middle])


def test_what_lies_between_is_computed_and_kept(tmp_path: Path, old: Catalogue, new: Catalogue) -> None:
    """It is what a user would have computed: the old facts are read from the run that rests on them."""
    store = Store(tmp_path)
    several = {"models": ["auto"], "paths": 210}
    before = made_in(tmp_path, new, small_request(BASELINE)).name
    after = made_in(tmp_path, old, small_request(PUSHED, **several)).name
    by_hand = Store(tmp_path / "by hand")
    wanted = made_in(by_hand.folder, old, small_request(BASELINE)).name
    shares: list[float] = []
    found = compare_runs(store, before, after, shares.append)
    assert (found.causes, found.unsplit, len(found.between)) == (("data", "scenario", "simulation"), "", 2)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(store.names()) == 4
    rows = found.moves.query("table != 'forecasts'")
    np.testing.assert_allclose(rows[["data", "scenario", "simulation"]].sum(axis=1), rows["change"], rtol=0, atol=1e-12)
    same_facts = next(name for name in found.between if store.manifest(name)["request"]["scenarios"][0]["title"] == "Baseline")
    for path in ("levels/000000.parquet", "targets/000000.parquet"):
        assert (tmp_path / same_facts / path).read_bytes() == (by_hand.folder / wanted / path).read_bytes()
    again = compare_runs(store, before, after)
    assert (again.between, len(store.names())) == (found.between, 4)


@pytest.mark.parametrize(("ours", "order"), [("before", ["data", "model"]), ("after", ["model", "data"])])
def test_another_program_s_step_is_taken_where_its_run_stands(
    tmp_path: Path, old: Catalogue, new: Catalogue, ours: str, order: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {}
    for end, world in (("before", old), ("after", new)):
        with monkeypatch.context() as patch:
            if end != ours:
                patch.setattr(run_manifest, "code_hash", lambda: "another")
            names[end] = made_in(tmp_path, world, small_request(BASELINE)).name
    store = Store(tmp_path)
    found = compare_runs(store, names["before"], names["after"])
    assert (found.causes, found.unsplit, len(found.between)) == (("data", "model"), "", 1)
    between = store.manifest(found.between[0])
    assert between["data"] == store.manifest(names["before" if order[0] == "model" else "after"])["data"]
    assert between["model"] == store.manifest(names[ours])["model"]
    assert (found.moves["model"] == 0).all()  # whose hash alone has changed
    np.testing.assert_allclose(found.moves["data"], found.moves["change"], rtol=0, atol=1e-12)
    assert {"levels", "forecasts"} <= set(found.moves["table"])


def test_what_nobody_can_compute_is_said(tmp_path: Path, old: Catalogue, new: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither run is of the program at hand; or a scenario is not one that it reads."""
    store = Store(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(run_manifest, "code_hash", lambda: "another")
        before = made_in(tmp_path, old, small_request(BASELINE, models=[])).name
        after = made_in(tmp_path, new, small_request(PUSHED, models=[])).name
    found = compare_runs(store, before, after)
    assert (found.unsplit, found.between) == (ANOTHER_PROGRAM, ())
    assert len(found.moves) > 0
    assert found.moves[list(CAUSES)].isna().all(axis=None)
    with pytest.raises(InputFault, match="'Old' was kept by a program that reads scenarios differently"):
        scenario_of({"title": "Old", "horizon": 2016, "levers": [{"magic": {}}]})


def test_scenarios_are_read_from_manifests_as_they_were(world: Catalogue) -> None:
    for scenario in (PUSHED, *(load_scenario(name, world) for name in PRESETS)):
        assert scenario_of(json.loads(json.dumps(content_of_scenario(scenario)))) == scenario


def test_a_run_about_fewer_places_is_no_way(tmp_path: Path, old: Catalogue, new: Catalogue) -> None:
    """It would leave the rows of the others without parts."""
    store = Store(tmp_path)
    before = made_in(tmp_path, old, small_request(BASELINE, models=[])).name
    after = made_in(tmp_path, new, small_request(PUSHED, models=[])).name
    part = made_in(tmp_path, new, small_request(BASELINE, models=[], places=["City 0"])).name
    found = compare_runs(store, before, after)
    assert part not in found.between
    assert not found.moves[list(CAUSES)].isna().any(axis=None)
    fewer = made_in(tmp_path, new, small_request(PUSHED, models=[], places=["City 0"])).name
    assert set(compare_runs(store, before, fewer).between) <= {part, *found.between}


def key_of(one: dict[str, object]) -> tuple[object, ...]:
    return tuple(one[name] for name in ("table", "place", "measure", "period", "target"))


def test_rows_of_one_run_alone_are_counted(tmp_path: Path, old: Catalogue) -> None:
    whole = made_in(tmp_path, old, small_request(BASELINE, models=[])).name
    part = made_in(tmp_path, old, small_request(BASELINE, models=[], places=["City 0"])).name
    found = compare_runs(Store(tmp_path), whole, part)
    assert (found.moved, found.only_before, found.only_after) == (0, 3 * 4 + 1, 0)
    assert compare_runs(Store(tmp_path), part, whole).only_after == 13


def test_rows_of_scenarios_and_models_of_one_run_alone_are_counted(tmp_path: Path, old: Catalogue) -> None:
    both = made_in(tmp_path, old, small_request(models=["auto"])).name
    models = made_in(tmp_path, old, Request(Batch.model_validate({"title": "Models", "models": ["reference"]}), ())).name
    found = compare_runs(Store(tmp_path), both, models)
    assert (found.compared, found.only_before, found.only_after) == (0, 2 * (5 * 4 + 2) + 5 * 10, 5 * 10)


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
