"""datapackage.json describes the bundled tables as they are."""

import hashlib
import json
import runpy
import shutil

import pytest

from data.catalogue import TABLE_COLUMNS, TABLES_FOLDER, bundled_catalogue
from data.package import KEYS, UNITS, package

WRITTEN = json.loads((TABLES_FOLDER.parent / "datapackage.json").read_text(encoding="utf-8"))


def test_the_file_is_what_would_be_written_today():
    assert package() == WRITTEN


def test_every_table_of_the_folder_is_described_and_no_other():
    assert sorted(resource["path"] for resource in WRITTEN["resources"]) == sorted(
        f"tables/{path.name}" for path in TABLES_FOLDER.iterdir()
    )


@pytest.mark.parametrize("resource", WRITTEN["resources"], ids=lambda resource: resource["name"])
def test_hash_and_columns_are_those_of_the_file(resource):
    content = (TABLES_FOLDER.parent / resource["path"]).read_bytes()
    assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    assert [field["name"] for field in resource["schema"]["fields"]] == content.decode("utf-8").splitlines()[0].split(",")


def test_primary_keys_are_unique():
    catalogue = bundled_catalogue()
    described = {
        resource["name"]: resource["schema"]["primaryKey"]
        for resource in WRITTEN["resources"]
        if "primaryKey" in resource["schema"]
    }
    assert described == KEYS
    for table, key in described.items():
        assert getattr(catalogue, table)[key].is_unique, table


def test_every_unit_is_that_of_a_number_column():
    numeric = {column for columns in TABLE_COLUMNS.values() for column, is_number in columns.items() if is_number}
    assert set(UNITS) <= numeric


def test_writing_follows_a_changed_table_and_is_the_same_twice(tmp_path, monkeypatch):
    shutil.copytree(TABLES_FOLDER, tmp_path / "tables")
    with (tmp_path / "tables" / "rulings.csv").open("a", encoding="utf-8") as table:
        table.write("another,,,keep,,because,\n")
    monkeypatch.setattr("data.catalogue.TABLES_FOLDER", tmp_path / "tables")
    source = str(TABLES_FOLDER.parent / "package.py")
    runpy.run_path(source, run_name="__main__")
    first = (tmp_path / "datapackage.json").read_bytes()
    runpy.run_path(source, run_name="__main__")
    assert (tmp_path / "datapackage.json").read_bytes() == first
    changed = [
        now["name"] for now, before in zip(json.loads(first)["resources"], WRITTEN["resources"], strict=True) if now != before
    ]
    assert changed == ["rulings"]


def test_foreign_keys_point_at_rows_that_are_there():
    catalogue = bundled_catalogue()
    keys = [(resource["name"], key) for resource in WRITTEN["resources"] for key in resource["schema"].get("foreignKeys", [])]
    assert {table for table, _ in keys} == {"facts", "targets", "covariates"}
    for table, key in keys:
        known = getattr(catalogue, key["reference"]["resource"])[key["reference"]["fields"]]
        assert set(getattr(catalogue, table)[key["fields"]]) <= set(known), (table, key)
