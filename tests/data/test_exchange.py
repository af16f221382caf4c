"""Export and import: a round trip changes nothing, and nothing is ever half written."""

import os
from dataclasses import replace
from math import nan

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from data import InputFault, load_catalogue
from data.catalogue import bundled_catalogue
from data.exchange import export_facts, import_file, number_text, written
from tests.made_up import catalogue_of, level

BUNDLED = bundled_catalogue()
TIDY = 'place,measure,period,value,unit\nWuxi,fdi_actual,2011,3.2,亿美元\nWuxi,fdi_actual,2012,n/a,亿美元\nSuzhou,fdi_actual,2012,"5,000,000",USD\n'


def file_of(folder, content=TIDY, name="own.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.exists() else {}


# Round trips


def test_names_that_a_spreadsheet_would_run_come_back_as_they_were(tmp_path):
    own = file_of(tmp_path, 'place,measure,period,value,unit\n=1+1,"-2 things",2010,5,count\n')
    import_file(own, tmp_path / "own", {})
    assert b"\n=1" not in (tmp_path / "own" / "places.csv").read_bytes()
    back = load_catalogue([tmp_path / "own"], bundled=False)
    assert (back.facts["place"].item(), back.facts["measure"].item()) == ("=1+1", "-2 things")
    assert (back.places["place"].iloc[-1], back.measures["name_en"].iloc[-1]) == ("=1+1", "-2 things")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_bundled_facts_leave_and_come_back_unchanged(tmp_path, ending):
    assert export_facts(BUNDLED, tmp_path / f"all.{ending}") == len(BUNDLED.facts)
    back = load_catalogue([tmp_path / f"all.{ending}"], bundled=False)
    pd.testing.assert_frame_equal(back.facts, BUNDLED.facts)
    # and beside the bundled ones none of them counts twice
    both = load_catalogue([tmp_path / f"all.{ending}"])
    pd.testing.assert_frame_equal(both.facts, BUNDLED.facts)
    assert both.notes == (f"all.{ending}: {len(BUNDLED.facts)} facts known already, not added twice",)


def test_an_import_of_an_import_changes_nothing(tmp_path):
    import_file(file_of(tmp_path), tmp_path / "first", {})
    import_file(tmp_path / "first" / "facts.csv", tmp_path / "second", {})
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="|"), min_size=1, max_size=6).map(
    "=+-@'".join
)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(NAMES, st.floats(1e-6, 1e15), NAMES), min_size=1, max_size=4, unique_by=lambda row: row[0]))
def test_any_name_and_number_survive_the_way_out_and_in(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("trip")
    facts = [
        level(f"={name}", "employees", 2012, value, "persons", fact=f"+{number}", source="@own", note=note)
        for number, (name, value, note) in enumerate(rows)
    ]
    catalogue = catalogue_of(facts)
    for ending in ("csv", "xlsx"):
        export_facts(catalogue, folder / f"own.{ending}")
        back = load_catalogue([folder / f"own.{ending}"], bundled=False)
        pd.testing.assert_frame_equal(back.facts, catalogue.facts)


def test_no_cell_of_an_export_is_run_as_a_formula(tmp_path):
    catalogue = catalogue_of([level("=1+1", "employees", 2012, 5, "persons", note="@SUM(A1)", printed="-3.7 percent")])
    export_facts(catalogue, tmp_path / "own.csv")
    export_facts(catalogue, tmp_path / "own.xlsx")
    text = (tmp_path / "own.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in text
    assert ",=" not in text
    assert ",@" not in text
    cells = [cell for row in load_workbook(tmp_path / "own.xlsx").active.iter_rows() for cell in row]
    assert all(cell.data_type in ("s", "n") for cell in cells)
    assert {"'=1+1", "'@SUM(A1)", "'-3.7 percent"} <= {cell.value for cell in cells}


@settings(derandomize=True, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_so_that_they_come_back(value):
    assert float(number_text(value)) == value


def test_numbers_without_exponent_and_nan_as_nothing():
    assert [number_text(value) for value in (4.3e9, 0.1, nan, -3.0)] == ["4300000000", "0.1", "", "-3"]


# What an import writes


def test_an_import_makes_a_folder_that_data_takes(tmp_path):
    brought = import_file(file_of(tmp_path), tmp_path / "own", {})
    assert brought.rows == {"facts": 2}
    assert brought.notes == ("own.csv: 1 figure not available, left out",)
    assert list(contents(tmp_path / "own")) == ["facts.csv"]
    facts = load_catalogue([tmp_path / "own"], bundled=False).facts
    assert facts[["place", "period", "value", "unit", "digits", "source", "line"]].to_numpy().tolist() == [
        ["Wuxi", "2011", 3.2e8, "USD", 1e7, "own.csv", 2],
        ["Suzhou", "2012", 5e6, "USD", pytest.approx(nan, nan_ok=True), "own.csv", 4],
    ]


def test_new_names_get_tables_that_the_user_may_edit(tmp_path):
    import_file(file_of(tmp_path, "place,measure,period,value,unit\nErewhon,visitors,2012,5,万人\n"), tmp_path / "own", {})
    assert set(contents(tmp_path / "own")) == {"facts.csv", "measures.csv", "places.csv"}
    path = tmp_path / "own" / "measures.csv"
    assert "visitors,visitors,visitors,other,people,flow," in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("people,flow", "people,stock"), encoding="utf-8")
    after = load_catalogue([tmp_path / "own"])
    assert after.notes == ()
    assert after.measures.set_index("measure").loc["visitors", "flow_or_stock"] == "stock"
    # a later import leaves what was edited
    import_file(file_of(tmp_path, name="more.csv"), tmp_path / "own", {})
    assert "people,stock" in path.read_text(encoding="utf-8")


def test_a_second_file_joins_and_the_same_file_replaces_itself(tmp_path):
    import_file(file_of(tmp_path), tmp_path / "own", {})
    import_file(file_of(tmp_path, "place,measure,period,value\nWuxi,employees,2012,7\n", "people.csv"), tmp_path / "own", {})
    assert len(load_catalogue([tmp_path / "own"], bundled=False).facts) == 3
    before = contents(tmp_path / "own")
    import_file(tmp_path / "people.csv", tmp_path / "own", {})
    assert contents(tmp_path / "own") == before
    import_file(file_of(tmp_path, "place,measure,period,value\nWuxi,employees,2012,8\n", "people.csv"), tmp_path / "own", {})
    facts = load_catalogue([tmp_path / "own"], bundled=False).facts
    assert facts.loc[facts["measure"] == "employees", "value"].tolist() == [8]


def test_a_corrected_figure_replaces_itself_even_with_a_source_of_its_own(tmp_path):
    text = "place,measure,period,value,source\nSuzhou,employees,2011,11,Yearbook\nSuzhou,employees,2012,12,Yearbook\n"
    import_file(file_of(tmp_path, text, "src.csv"), tmp_path / "own", {})
    brought = import_file(file_of(tmp_path, text.replace("12,Y", "15,Y"), "src.csv"), tmp_path / "own", {})
    assert brought.notes == ("src.csv: 2 rows of an earlier file of that name replaced",)
    assert load_catalogue([tmp_path / "own"], bundled=False).facts["value"].tolist() == [11, 15]


def test_tables_that_could_not_be_read_back_are_not_written(tmp_path, monkeypatch):
    import_file(file_of(tmp_path), tmp_path / "own", {})
    before = contents(tmp_path / "own")
    monkeypatch.setattr("data.exchange.csv_text", lambda _table, name: f"{name},value\nx,many\nx,many\n")
    with pytest.raises(InputFault):
        import_file(file_of(tmp_path), tmp_path / "own", {})
    assert contents(tmp_path / "own") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "own.csv"]


def test_targets_are_imported_too(tmp_path):
    brought = import_file(file_of(tmp_path, "城市,指标,目标年,数值\n苏州,服务外包从业人员,2020,30万\n"), tmp_path / "own", {})
    assert brought.rows == {"targets": 1}
    targets = load_catalogue([tmp_path / "own"], bundled=False).targets
    assert targets[["place", "due", "value", "unit"]].to_numpy().tolist() == [["Suzhou", 2020, 300_000, "persons"]]


# What goes wrong


def test_a_fault_leaves_the_folder_as_it_was(tmp_path):
    with pytest.raises(InputFault, match="row 3, column value"):
        import_file(file_of(tmp_path, TIDY.replace("n/a", "soon")), tmp_path / "own", {})
    assert not (tmp_path / "own").exists()
    import_file(file_of(tmp_path), tmp_path / "own", {})
    before = contents(tmp_path / "own")
    with pytest.raises(InputFault):
        import_file(file_of(tmp_path, TIDY.replace("n/a", "soon")), tmp_path / "own", {})
    assert contents(tmp_path / "own") == before


def test_a_failure_while_writing_leaves_the_file_as_it_was(tmp_path):
    path = file_of(tmp_path, "old")

    def interrupted():
        with written(path) as file:
            file.write_text("ne", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert contents(tmp_path) == {"own.csv": b"old"}


def test_a_written_file_has_the_rights_of_any_other(tmp_path):
    with written(tmp_path / "new.csv") as file:
        file.write_text("new", encoding="utf-8")
    plain = file_of(tmp_path, "x", "plain.csv")
    assert os.stat(tmp_path / "new.csv").st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    ("path", "folder", "message"),
    [("absent.csv", "own", "no such file"), ("own.csv", "own.csv", "is a file; allowed: a folder"), (".", "own", "a folder found")],
)
def test_a_wrong_file_or_folder_is_refused(tmp_path, path, folder, message):
    file_of(tmp_path)
    with pytest.raises(InputFault, match=message):
        import_file(tmp_path / path, tmp_path / folder, {})


@pytest.mark.parametrize("name", ["own.ods", "own", "nowhere/own.csv"])
def test_an_export_to_nowhere_is_refused(tmp_path, name):
    with pytest.raises(InputFault, match=r"allowed: \.csv, \.xlsx|cannot be written"):
        export_facts(BUNDLED, tmp_path / name)
    assert contents(tmp_path) == {}


# Two hundred broken files

GOOD = [["place", "measure", "period", "value", "unit", "scope", "kind"]] + [
    [place, "fdi_actual", str(year), f"{year - 2000}.5", "USD million", "total", "level"]
    for place in ("Wuxi", "苏州")
    for year in (2010, 2011, 2012)
]
JUNK = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "n/a",
            "1e999",
            "-1",
            "0",
            "2012Q9",
            "31/12/2012",
            "=cmd()",
            "'",
            '"',
            "\u202e",
            "١٢",
            "²",
            "½",
            "1" * 400,
            "#N/A",
            "￥",
            "亿",
            "1e-400",
        ]
    ),
)
SPOILING = st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, len(GOOD[0]) - 1), JUNK), min_size=1, max_size=6)


@settings(derandomize=True, deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    SPOILING,
    st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]),
    st.sampled_from(",;\t"),
    st.binary(max_size=6),
    st.integers(0, 400),
)
def test_broken_files_give_clear_errors_and_no_partial_import(tmp_path_factory, spoiling, encoding, separator, bytes_in, at):
    rows = [list(row) for row in GOOD]
    for row, column, junk in spoiling:
        rows[row][column] = junk
    content = "\n".join(separator.join(row) for row in rows).encode(encoding, "surrogatepass")
    folder = tmp_path_factory.mktemp("broken")
    # Every other file gets bytes in the middle that belong to no text.
    path = file_of(folder, content[:at] + bytes_in + content[at:] if len(bytes_in) > 3 else content)
    before = contents(folder)
    brought, told = None, ""
    try:
        brought = import_file(path, folder / "own", {})
    except InputFault as fault:
        told = str(fault)
    if brought is None:
        assert told
        assert all(line.startswith("own.csv: ") and len(line) > 20 for line in told.splitlines())
        assert contents(folder) == before  # nothing was written, not even the folder
    else:
        # What was taken over is all of the file and can be read again.
        again = load_catalogue([folder / "own"], bundled=False)
        assert len(again.facts) == brought.rows.get("facts", 0)
        assert (again.facts["value"].abs() < 1e22).all()


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=20))
def test_broken_workbooks_give_clear_errors(tmp_path_factory, at, junk):
    folder = tmp_path_factory.mktemp("broken")
    export_facts(replace(BUNDLED, facts=BUNDLED.facts.head(5)), folder / "own.xlsx")
    content = (folder / "own.xlsx").read_bytes()
    path = file_of(folder, content[:at] + junk + content[at + len(junk) :], "own.xlsx")
    told = ""
    try:
        import_file(path, folder / "own", {})
    except InputFault as fault:
        told = str(fault)
    assert (folder / "own").exists() == (told == "")
    assert not told or told.startswith("own.xlsx: ")
