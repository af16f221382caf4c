"""`data check`: the bundled tables pass, and each check fires when a copy of them is spoilt."""

import json
import re
import shutil
from dataclasses import replace
from math import isnan, nan

import pandas as pd
import pytest

from data.catalogue import TABLE_COLUMNS, TABLES_FOLDER, bundled_catalogue
from data.checking import (
    SOURCES_VARIABLE,
    check_bundled,
    document_faults,
    documents_folder,
    figures,
    package_faults,
    printed_faults,
    reference_faults,
    stands_at,
)
from data.package import package
from data.printed import read_printed
from data.records import Fact, Target, records
from data.schemas import schema_faults
from data.user_names import UNITS_OF_KIND, UNITS_OF_QUANTITY
from tests.conftest import require
from tests.made_up import aim, level

BUNDLED = bundled_catalogue()
FACTS, TARGETS = figures(BUNDLED)


@pytest.fixture
def documents():
    folder = documents_folder()
    require(folder is not None, "the folder of the five documents")
    return folder


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """Change one cell of a copy of the bundled tables, hashes brought up to date, and return the faults found."""
    folder = tmp_path / "tables"
    shutil.copytree(TABLES_FOLDER, folder)
    for module in ("catalogue", "checking", "package"):
        monkeypatch.setattr(f"data.{module}.TABLES_FOLDER", folder)
    monkeypatch.setenv(SOURCES_VARIABLE, str(tmp_path / "nowhere"))

    def spoil(table, column, cell, row=0):
        rows = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        assert rows.loc[row, column] != cell
        rows.loc[row, column] = cell
        rows.to_csv(folder / f"{table}.csv", index=False)
        (tmp_path / "datapackage.json").write_text(json.dumps(package()), encoding="utf-8")
        return check_bundled().faults

    return spoil


# The bundled tables


def test_the_bundled_tables_pass_without_the_documents(monkeypatch, tmp_path):
    monkeypatch.setenv(SOURCES_VARIABLE, str(tmp_path / "nowhere"))
    report = check_bundled()
    assert report.faults == []
    assert report.checked[: len(TABLE_COLUMNS)] == [f"{table}: {len(getattr(BUNDLED, table))} rows" for table in TABLE_COLUMNS]
    assert report.left_out == [f"figures against the documents (set {SOURCES_VARIABLE} to their folder)"]


@pytest.mark.documents
def test_every_bundled_figure_stands_at_its_line(documents, monkeypatch):
    monkeypatch.setenv(SOURCES_VARIABLE, str(documents))
    report = check_bundled()
    assert report.faults == []
    assert report.left_out == []
    assert report.checked[-1] == f"documents: {len(FACTS) + len(TARGETS)} figures re-read at their lines"


def test_wording_and_last_digit_are_those_of_the_printed_figure():
    # Both set how far a figure is trusted, so a slip would not show in the value.
    for fact in FACTS:
        read = read_printed(fact.printed)
        in_percent = 100 if fact.unit == "percent" and read.unit == "ratio" else 1
        assert (fact.wording, fact.digits) == (read.wording, pytest.approx(in_percent * read.digits)), fact.fact
    alike = {"over": "at_least"}  # of a target both mean: this much or more
    for target in TARGETS:
        if not isnan(target.value):
            read = read_printed(target.printed)
            assert alike.get(target.wording, target.wording) == alike.get(read.wording, read.wording), target.target


def test_ranges_and_only_ranges_have_an_upper_end_above():
    for row in [*FACTS, *TARGETS]:
        assert (row.wording == "range") == (row.value_high > row.value), row.printed


def test_bundled_levels_have_the_units_a_user_may_give():
    quantities = dict(zip(BUNDLED.measures["measure"], BUNDLED.measures["quantity"], strict=True))
    for fact in FACTS:
        if fact.kind in ("level", "sum"):
            assert fact.unit in UNITS_OF_QUANTITY[quantities[fact.measure]], fact.fact
        elif fact.kind in UNITS_OF_KIND:
            assert fact.unit == UNITS_OF_KIND[fact.kind], fact.fact


# A spoilt copy


@pytest.mark.parametrize(
    ("table", "column", "cell", "fault"),
    [
        ("facts", "value", "46600000000", "the figure reads 4.65e+10, the table has 4.66e+10"),
        ("facts", "printed", "USD 46.6 billion", "the figure reads 4.66e+10, the table has 4.65e+10"),
        ("facts", "printed", "RMB 46.5 billion", "the figure is in CNY, the table has USD"),
        ("facts", "printed", "USD 46.5 to 47 billion", "the figure reads up to 4.7e+10, the table has nan"),
        ("facts", "printed", "some of it", "no figure in 'some of it', the table has 4.65e+10"),
        ("facts", "unit", "CNY", "the figure is in USD, the table has CNY"),
        ("facts", "unit", "EUR", "facts.csv: row 2, column unit: 'EUR' fails isin"),
        ("facts", "kind", "guess", "facts.csv: row 2, column kind: 'guess' fails isin"),
        ("facts", "status", "", "facts.csv: row 2, column status: '' fails isin"),
        ("facts", "period", "2012Q5", "facts.csv: row 2, column period: '2012Q5' fails str_matches"),
        ("facts", "digits", "0", "facts.csv: row 2, column digits: 0.0 fails greater_than"),
        ("facts", "line", "0", "facts.csv: row 2, column line: 0.0 fails greater_than_or_equal_to"),
        ("facts", "wording", "range", "fails a range has a value_high above value"),
        ("facts", "value_high", "47000000000", "fails a range has a value_high above value"),
        ("facts", "value", "-46500000000", "fails a level is positive"),
        ("facts", "fact", "china-fdi_projects-total-2012-level", "column fact: 'china-fdi_projects-total-2012-level' fails"),
        ("facts", "place", "Cathay", "facts.csv: row 2: unknown place 'Cathay'"),
        ("facts", "measure", "turnover", "facts.csv: row 2: unknown measure 'turnover'"),
        ("facts", "source", "005", "facts.csv: row 2: unknown source '005'"),
        ("targets", "value", "1", "the figure reads 1.54e+11, the table has 1"),
        ("targets", "place", "Cathay", "targets.csv: row 2: unknown place 'Cathay'"),
        ("targets", "reason", "", "fails a target that is not matched exactly has a reason"),
        ("targets", "match", "exact", "fails match none means assessed_by is empty"),
        ("targets", "due", "1815", "targets.csv: row 2, column due: 1815.0 fails in_range"),
        ("places", "place", "Jiangsu", "column place: 'Jiangsu' fails"),
        ("places", "latitude", "120", "places.csv: row 2, column latitude: 120.0 fails in_range"),
        ("measures", "definition", "", "measures.csv: row 2, column definition: '' fails str_length"),
        ("sources", "known_by", "2009-10", "sources.csv: row 2, column known_by: '2009-10' fails str_matches"),
        ("sources", "reliability", "1", "sources.csv: row 2, column reliability: 1.0 fails in_range"),
        ("rulings", "verdict", "maybe", "rulings.csv: row 2, column verdict: 'maybe' fails isin"),
        ("rulings", "fact", "no-such-fact", "rulings.csv: unknown fact 'no-such-fact'"),
        ("rulings", "target", "no-such-target", "rulings.csv: unknown target 'no-such-target'"),
        ("rulings", "evidence", "no-such-fact", "rulings.csv: unknown evidence 'no-such-fact'"),
        ("exchange_rates", "rate", "0", "exchange_rates.csv: row 2, column rate: 0.0 fails greater_than"),
        ("exchange_rates", "pair", "EUR/USD", "exchange_rates.csv: row 2, column pair: 'EUR/USD' fails isin"),
        ("exchange_rates", "year", "2005", "exchange_rates.csv: row 2"),
    ],
)
def test_a_spoilt_cell_is_found(spoilt, table, column, cell, fault):
    faults = spoilt(table, column, cell)
    assert any(fault in found for found in faults), faults


def test_an_unspoilt_copy_passes(spoilt):
    # Otherwise the faults above could come from the copying.
    assert spoilt("facts", "note", "another note") == []


def test_a_changed_table_no_longer_has_its_hash(tmp_path, monkeypatch):
    shutil.copytree(TABLES_FOLDER, tmp_path / "tables")
    shutil.copy(TABLES_FOLDER.parent / "datapackage.json", tmp_path)
    monkeypatch.setattr("data.checking.TABLES_FOLDER", tmp_path / "tables")
    assert package_faults() == []
    path = tmp_path / "tables" / "facts.csv"
    path.write_bytes(path.read_bytes().replace(b"46500000000", b"46500000001", 1))
    assert package_faults() == ["datapackage.json: the hash of tables/facts.csv is out of date; run python -m data.package"]


def test_a_column_missing_from_the_package_is_found(tmp_path, monkeypatch):
    shutil.copytree(TABLES_FOLDER, tmp_path / "tables")
    described = package()
    described["resources"][0]["schema"]["fields"].pop()
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    monkeypatch.setattr("data.checking.TABLES_FOLDER", tmp_path / "tables")
    assert package_faults() == ["datapackage.json: the fields of tables/places.csv are out of date"]


def test_every_fault_of_a_table_is_listed():
    rows = BUNDLED.facts.copy()
    rows.loc[[3, 5, 8], "unit"] = "EUR"
    rows.loc[5, "status"] = "rumour"
    faults = schema_faults("facts", rows)
    assert sorted(fault.partition(":")[0] for fault in faults) == [
        "row 10, column unit",
        "row 5, column unit",
        "row 7, column status",
        "row 7, column unit",
    ]


def test_references_of_targets_and_facts_are_both_followed():
    bare = replace(BUNDLED, places=BUNDLED.places[BUNDLED.places["place"] != "Hangzhou"])
    missed = reference_faults(bare)
    used = (BUNDLED.facts["place"] == "Hangzhou").sum() + (BUNDLED.targets["place"] == "Hangzhou").sum()
    assert len(missed) == used > 0
    assert {fault.partition(":")[0] for fault in missed} == {"facts.csv", "targets.csv"}


# Printed figures against their rows


@pytest.mark.parametrize("row", [level("Wuxi", "fdi_actual", 2012, 5e9), aim("Wuxi", "fdi_actual", 2015, 5e9)])
def test_a_row_must_say_what_its_printed_figure_says(row):
    good = replace(row, printed="USD 5 billion")
    assert printed_faults([good]) == []
    for column, cell in (
        ("value", 5.0001e9),
        ("value", 5e6),
        ("unit", "CNY"),
        ("printed", "USD 5 million"),
        ("printed", "5 percent"),
    ):
        assert len(printed_faults([replace(good, **{column: cell})])) >= 1, (column, cell)


def test_a_fall_may_be_printed_without_its_sign():
    assert printed_faults([level("China", "fdi_actual", 2012, -3.7, "percent", kind="growth", printed="3.7 percent")]) == []


def test_a_fraction_may_stand_as_a_share():
    share = level("China", "employees", 2012, 25.0, "percent", kind="share", printed="a quarter")
    assert printed_faults([share]) == []
    assert len(printed_faults([replace(share, value=0.25)])) == 1


def test_the_upper_end_of_a_range_is_compared():
    fact = level("Wuxi", "employees", 2012, 200.0, "persons", printed="200 to 300", value_high=300.0, wording="range")
    assert printed_faults([fact]) == []
    for high in (301.0, nan):
        assert len(printed_faults([replace(fact, value_high=high)])) == 1


# Figures in the text of the documents

TEXT = [
    "By the end of 2012, Wuxi had 24,925",
    "people in out-",
    "sourcing, more than",
    "USD 46.5 billion of con-",
    "tracts and RMB",
    "3.2 billion, up 20 per-",
    "cent. It hopes to double both, with a staff of",
    "150,000.7",
]


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        ("24,925", 1),
        ("2012", 1),
        ("USD 46.5 billion", 4),
        ("more than USD 46.5 billion", 4),
        ("usd  46.5 Billion", 4),
        ("RMB 3.2 billion", 6),
        ("20 percent", 6),
        ("double", 7),
    ],
)
def test_a_figure_is_found_at_its_line_across_line_breaks(printed, line):
    assert [number for number in range(1, len(TEXT) + 3) if stands_at(printed, TEXT, number)] == [line]


@pytest.mark.parametrize(
    "printed", ["24,926", "USD 46.6 billion", "RMB 46.5 billion", "nearly USD 46.5 billion", "tripled", "USD 46.5 million"]
)
def test_a_figure_that_is_not_in_the_text_is_nowhere_found(printed):
    assert not any(stands_at(printed, TEXT, number) for number in range(1, len(TEXT) + 3))


def test_the_mark_of_a_footnote_is_cut_off_only_where_the_row_says_so():
    for text, figure in (("150,000.7", "150,000"), ("RMB 42,363.2.12", "RMB 42,363.2"), ("2km2.4", "2km2"), ("to 152.3", "152")):
        assert stands_at(figure, [text], 1, footnote=True)
        assert not stands_at(figure, [text], 1)
    assert not stands_at("150", ["150,000.7"], 1, footnote=True)
    assert not stands_at("RMB 42,363", ["RMB 42,363.215"], 1, footnote=True)


@pytest.mark.parametrize("printed", ["4,925", "925", "24", "24,92", "6.5 billion", "5 billion", "46", "150", "50,000", "201"])
def test_a_figure_cut_out_of_a_longer_one_is_not_found(printed):
    # Spaces were once dropped from both before comparing, and "5 billion" was found in "46.5 billion".
    assert not any(stands_at(printed, TEXT, number) for number in range(1, len(TEXT) + 3))


def test_a_wrong_line_or_figure_is_told_and_every_row_is_counted(tmp_path):
    (tmp_path / "003_text.txt").write_text("\n".join(TEXT), encoding="utf-8")
    row = {"scope": "total", "source": "003", "known_by": "2013-12-31", "note": ""}
    facts = [
        {"fact": "a", "place": "Wuxi", "measure": "employees", "printed": "24,925", "line": 1.0} | row,
        {"fact": "b", "place": "Wuxi", "measure": "employees", "printed": "24,926", "line": 1.0} | row,
        {"fact": "c", "place": "Wuxi", "measure": "fdi_actual", "printed": "RMB 3.2 billion", "line": 5.0} | row,
        {"fact": "d", "place": "Wuxi", "measure": "fdi_actual", "printed": "RMB 3.2 billion", "line": 900.0} | row,
    ]
    table = pd.DataFrame(facts).reindex(columns=BUNDLED.facts.columns)
    catalogue = replace(BUNDLED, facts=table, targets=BUNDLED.targets.iloc[:0])
    counted, faults = document_faults(catalogue, tmp_path)
    assert counted == 4
    assert faults == [
        "Wuxi employees: '24,926' does not stand at 003:1",
        "Wuxi fdi_actual: 'RMB 3.2 billion' does not stand at 003:5",
        "Wuxi fdi_actual: 'RMB 3.2 billion' does not stand at 003:900",
    ]


@pytest.mark.documents
@pytest.mark.parametrize("shift", [-40, 40])
def test_figures_moved_to_other_lines_are_nearly_all_missed(documents, shift):
    # A few stand there as well by chance (a year, "15 percent"); a check that found most of them would prove nothing.
    moved = BUNDLED.facts.assign(line=(BUNDLED.facts["line"] + shift).clip(lower=1))
    counted, faults = document_faults(replace(BUNDLED, facts=moved, targets=BUNDLED.targets.iloc[:0]), documents)
    assert len(faults) > 0.95 * counted > 0


@pytest.mark.documents
def test_one_digit_changed_in_any_printed_figure_is_noticed(documents):
    last = re.compile(r"(?<![a-z])\d(?!.*(?<![a-z])\d)")  # the 2 of m2 is no digit of the figure
    spoilt = BUNDLED.facts["printed"].map(lambda text: last.sub(lambda digit: str((int(digit[0]) + 5) % 10), text))
    changed = BUNDLED.facts.assign(printed=spoilt)[spoilt != BUNDLED.facts["printed"]]
    assert len(changed) > 0.9 * len(BUNDLED.facts)
    catalogue = replace(BUNDLED, facts=changed, targets=BUNDLED.targets.iloc[:0])
    found = sum(bool(printed_faults([row])) for row in records(catalogue.facts, Fact))
    assert found == len(changed)
    counted, faults = document_faults(catalogue, documents)
    assert len(faults) > 0.98 * counted > 0


def test_a_document_that_is_not_at_hand_is_named(tmp_path, monkeypatch):
    # An empty folder once passed as "0 figures re-read", with nothing left out.
    for source in ("000", "001", "002"):
        (tmp_path / f"{source}_text.txt").write_text("", encoding="utf-8")
    monkeypatch.setenv(SOURCES_VARIABLE, str(tmp_path))
    report = check_bundled()
    assert report.left_out == [f"figures against document {source} (not in {tmp_path})" for source in ("003", "004")]


def test_the_folder_of_the_documents_is_the_one_named(tmp_path, monkeypatch):
    monkeypatch.setenv(SOURCES_VARIABLE, str(tmp_path))
    assert documents_folder() == tmp_path
    monkeypatch.setenv(SOURCES_VARIABLE, str(tmp_path / "nowhere"))
    assert documents_folder() is None


def test_records_of_targets_without_a_number_are_left_alone():
    # "among the top" has no value to compare.
    ranks = [target for target in TARGETS if isnan(target.value)]
    assert ranks
    assert isinstance(ranks[0], Target)
    assert printed_faults(ranks) == []
