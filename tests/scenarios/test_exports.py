"""Exports: what they hold is what the tables hold, with units and the manifest; equal runs have equal bytes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from data import InputFault
from data.catalogue import Catalogue
from scenarios import exports
from scenarios.exports import check_formats, export_run
from scenarios.run_making import Made
from scenarios.run_store import EXPORTS, Store, files_of
from scenarios.run_tables import tables_in
from scenarios.scenario import Scenario
from tests.conftest import require
from tests.made_up import catalogue_of, level
from tests.scenarios.run_examples import BASELINE, PUSHED, content_of, flip, made_in, small_blocks, small_request, small_world

FORMATS = ["csv", "parquet", "xlsx", "netcdf"]


@pytest.fixture(scope="module")
def world() -> Catalogue:
    return small_world()


@pytest.fixture(scope="module")
def exported(world: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    require(not [name for name in exports.NETCDF_LIBRARIES if exports.find_spec(name) is None], "the extra netcdf")
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        made = made_in(folder, world, small_request(draws=True, paths=20))
    assert export_run(Store(folder), made.manifest, FORMATS) == []
    return folder / made.name, made


def frame_of(folder: Path, made: Made, table: str) -> pd.DataFrame:
    return pd.concat([one.to_pandas() for one in tables_in(folder, files_of(made.manifest, table))], ignore_index=True)


@pytest.mark.parametrize("table", ["levels", "targets", "forecasts", "draws"])
def test_csv_and_workbook_hold_the_tables(exported: tuple[Path, Made], table: str) -> None:
    folder, made = exported
    wanted = frame_of(folder, made, table)
    text = pd.read_csv(folder / EXPORTS / f"{table}.csv", dtype={"period": str})
    book = openpyxl.load_workbook(folder / EXPORTS / "results.xlsx", read_only=True)
    heading, *rows = book[table].iter_rows(values_only=True)
    sheet = pd.DataFrame(rows, columns=heading)
    for found in (text, sheet):
        assert list(found.columns) == list(wanted.columns)
        assert len(found) == len(wanted)
        for name in wanted.columns:
            if wanted[name].dtype.kind == "f":
                np.testing.assert_allclose(found[name].astype(float), wanted[name], rtol=1e-7)
        for name in {"place", "unit", "scenario", "asked", "period", "target", "path"} & set(wanted.columns):
            assert list(found[name]) == list(wanted[name])
    book.close()


def test_the_manifest_is_inside_or_beside(exported: tuple[Path, Made]) -> None:
    import xarray

    folder, made = exported
    assert json.loads((folder / EXPORTS / "manifest.json").read_text(encoding="utf-8"))["run"] == made.name
    book = openpyxl.load_workbook(folder / EXPORTS / "results.xlsx", read_only=True)
    said = dict(book["manifest"].iter_rows(values_only=True))
    book.close()
    assert (said["run"], said["data.hash"], said["request.seed"]) == (made.name, made.manifest["data"]["hash"], "1")
    with xarray.open_dataset(folder / EXPORTS / "levels-0001.nc", engine="h5netcdf") as dataset:
        assert (dataset.attrs["run"], dataset.attrs["Conventions"]) == (made.name, "CF-1.11")
        assert json.loads(dataset.attrs["manifest"])["data"] == made.manifest["data"]


def test_netcdf_holds_levels_with_units_and_bounds_of_years(exported: tuple[Path, Made]) -> None:
    import xarray

    folder, made = exported
    wanted = frame_of(folder, made, "levels").query("scenario == 'Pushed'")
    with xarray.open_dataset(folder / EXPORTS / "levels-0002.nc", engine="h5netcdf") as dataset:
        assert dataset.attrs["scenario_or_model"] == "Pushed"
        assert dataset["employees_total_persons"].attrs["units"] == "persons"
        assert dataset["contract_value_executed_total_usd"].attrs["units"] == "USD"
        assert str(dataset["time_bounds"].values[0][0])[:10] == "2013-01-01"
        assert str(dataset["time_bounds"].values[0][1])[:10] == "2014-01-01"
        for row in wanted.itertuples():
            one = dataset[f"{row.measure}_{row.scope}_{row.unit.casefold()}"].sel(place=row.place, period=row.period)
            assert float(one.sel(quantile=0.5)) == row.q50
        assert bool(np.isnan(dataset["employees_total_persons"].sel(place="City 2")).all())


def test_netcdf_holds_every_future(exported: tuple[Path, Made]) -> None:
    import xarray

    folder, made = exported
    wanted = frame_of(folder, made, "draws")
    seen = 0
    for path in sorted((folder / EXPORTS).glob("draws-*.nc")):
        with xarray.open_dataset(path, engine="h5netcdf") as dataset:
            for variable in dataset.data_vars.values():
                if variable.dims != ("period", "path"):
                    continue
                about = variable.attrs
                rows = wanted.query(
                    f"scenario == '{about['scenario']}' and place == '{about['place']}' and measure == '{about['measure']}'"
                )
                np.testing.assert_array_equal(variable.values.ravel(), rows["level"].to_numpy())
                assert about["units"] == rows["unit"].iloc[0]
                seen += len(rows)
    assert seen == len(wanted) == 2 * 5 * 4 * 20


def test_equal_runs_are_exported_to_equal_bytes(exported: tuple[Path, Made], world: Catalogue, tmp_path: Path) -> None:
    folder, made = exported
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        again = made_in(tmp_path, world, small_request(draws=True, paths=20))
    export_run(Store(tmp_path), again.manifest, FORMATS)
    one, other = content_of(folder), content_of(tmp_path / made.name)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_a_run_that_was_there_is_exported_to_the_same_bytes_and_what_was_killed_is_cleared(
    world: Catalogue, tmp_path: Path
) -> None:
    made, store = made_in(tmp_path, world, small_request(BASELINE, paths=20)), Store(tmp_path)
    export_run(store, made.manifest, ["csv", "xlsx"])
    folder = tmp_path / made.name
    first = content_of(folder)
    (folder / EXPORTS / ".levels-half.csv").write_text("half", encoding="utf-8")
    (folder / EXPORTS / "results.xlsx").unlink()
    export_run(store, store.manifest(made.name), ["csv", "xlsx"])
    assert content_of(folder) == first


def test_a_run_that_another_process_works_on_is_not_exported(world: Catalogue, tmp_path: Path) -> None:
    made, store = made_in(tmp_path, world, small_request(BASELINE, paths=20)), Store(tmp_path)
    with store.held(made.name), pytest.raises(InputFault, match="another process works on it"):
        export_run(store, made.manifest, ["csv"])
    assert not (tmp_path / made.name / EXPORTS).exists()


def test_a_damaged_run_is_not_exported(world: Catalogue, tmp_path: Path) -> None:
    made = made_in(tmp_path, world, small_request(BASELINE, paths=20))
    flip(tmp_path / made.name / files_of(made.manifest, "levels")[0])
    with pytest.raises(InputFault, match=r"levels/000000\.parquet missing or damaged; .* --resume"):
        export_run(Store(tmp_path), made.manifest, ["csv"])
    assert not (tmp_path / made.name / EXPORTS).exists()


def test_months_and_quarters_have_their_bounds() -> None:
    from scenarios.netcdf_files import days

    assert days("2000") == (0, 366)
    assert days("2001Q4") == (366 + 273, 366 + 365)
    assert days("2000-02") == (31, 60)
    assert days("2000-12") == (335, 366)


def test_a_text_that_looks_like_a_formula_is_none(tmp_path: Path) -> None:
    world = catalogue_of([level("=1+1", "employees", year, 1000.0 * (year - 2000), "persons") for year in (2011, 2012)])
    scenario = Scenario(title="@SUM(A1)", horizon=2013)
    made = made_in(tmp_path, world, small_request(scenario, models=[], paths=20))
    export_run(Store(tmp_path), made.manifest, ["csv", "xlsx"])
    folder = tmp_path / made.name / EXPORTS
    assert '"\'@SUM(A1)","\'=1+1",' in (folder / "levels.csv").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(folder / "results.xlsx")
    assert [cell.value for cell in book["levels"][2][:2]] == ["'@SUM(A1)", "'=1+1"]
    assert [cell.data_type for row in book["manifest"] for cell in row if cell.data_type == "f"] == []


def test_series_whose_names_differ_in_signs_alone_have_variables_of_their_own(tmp_path: Path) -> None:
    import xarray

    measures = ["1-a", "1_a", "v_1_a", "a", "a_mean", "指" * 120 + "甲", "指" * 120 + "乙"]
    world = catalogue_of(
        [level("City", one, year, 100.0 * (number + year - 2000)) for number, one in enumerate(measures) for year in (2011, 2012)]
    )
    known = world.measures[world.measures["measure"] == "contract_value_executed"]
    world = replace(world, measures=pd.concat([world.measures, *(known.assign(measure=one, name_zh="") for one in measures)]))
    made = made_in(tmp_path, world, small_request(BASELINE, models=[], paths=20, draws=True))
    export_run(Store(tmp_path), made.manifest, ["netcdf"])
    folder = tmp_path / made.name
    for file, table, column in (("levels-0001.nc", "levels", "q50"), ("draws-000000.nc", "draws", "level")):
        wanted = {name: list(rows[column]) for name, rows in frame_of(folder, made, table).groupby("measure", observed=True)}
        with xarray.open_dataset(folder / EXPORTS / file, engine="h5netcdf") as dataset:
            found = [one for one in dataset.data_vars.values() if {"quantile", "path"} & set(one.dims)]
            shown = [one.sel(quantile=0.5) if table == "levels" else one for one in found]
            assert {one.attrs["measure"]: list(one.values.ravel()) for one in shown} == wanted
            assert sorted(wanted) == sorted(measures)
            assert max(len(str(name).encode()) for name in dataset.variables) < 256


def test_a_manifest_that_is_longer_than_a_cell_goes_on_in_the_next_row(
    world: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_in(tmp_path, world, small_request(models=[], paths=20))
    monkeypatch.setattr(exports, "CELL_LETTERS", 7)
    export_run(Store(tmp_path), made.manifest, ["xlsx"])
    book = openpyxl.load_workbook(tmp_path / made.name / EXPORTS / "results.xlsx", read_only=True)
    said: dict[str, str] = {}
    for name, part in book["manifest"].iter_rows(values_only=True):
        said[str(name)] = said.get(str(name), "") + str(part)
    book.close()
    assert json.loads(said["request.scenarios"]) == made.manifest["request"]["scenarios"]


def test_a_place_named_like_an_error_of_a_spreadsheet_is_text(tmp_path: Path) -> None:
    world = catalogue_of([level("#N/A", "employees", year, 1000.0 * (year - 2000), "persons") for year in (2011, 2012)])
    made = made_in(tmp_path, world, small_request(BASELINE, models=[], paths=20))
    export_run(Store(tmp_path), made.manifest, ["csv", "xlsx"])
    book = openpyxl.load_workbook(tmp_path / made.name / EXPORTS / "results.xlsx")
    assert (book["levels"]["B2"].data_type, book["levels"]["B2"].value) == ("s", "'#N/A")
    assert ",'#N/A," in (tmp_path / made.name / EXPORTS / "levels.csv").read_text(encoding="utf-8").replace('"', "")


def test_a_table_that_fits_no_sheet_is_left_out_and_told(world: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_in(tmp_path, world, small_request(BASELINE, draws=True, paths=20))
    monkeypatch.setattr(exports, "SHEET_ROWS", 399)
    (said,) = export_run(Store(tmp_path), made.manifest, ["xlsx"])
    assert said == "draws: 400 rows do not fit a sheet of results.xlsx and are left out of it"
    book = openpyxl.load_workbook(tmp_path / made.name / EXPORTS / "results.xlsx", read_only=True)
    assert book.sheetnames == ["levels", "targets", "forecasts", "manifest"]
    book.close()


def test_a_library_that_is_absent_is_named_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "find_spec", lambda name: None if name == "xarray" else object())
    check_formats(["csv", "xlsx"])
    with pytest.raises(InputFault, match=r"netcdf: xarray not installed; they come with `sourcecast\[netcdf\]`"):
        check_formats(["netcdf"])


def test_a_full_disk_while_exporting_is_said_in_one_sentence(
    world: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_in(tmp_path, world, small_request(PUSHED, paths=20))

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(InputFault, match="finished, but not exported: the disk is full; the same command exports it again"):
        export_run(Store(tmp_path), made.manifest, ["csv"])
    assert list((tmp_path / made.name / EXPORTS).iterdir()) == []
