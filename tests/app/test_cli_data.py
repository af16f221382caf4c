"""The data commands: rulings, import and export, from the command line."""

from pathlib import Path

import pytest

from data import load_catalogue
from tests.app.cli_runs import as_cell, assert_refused, read_csv, read_json, run, shared

WIDE = "城市,指标,单位,2010,2011年,2012\n无锡,服务外包合同执行额,亿美元,12.5,n/a,32\n"
RULING_FIELDS = [
    "ruling", "about", "verdict", "place", "measure", "scope", "period", "printed", "corrected_value", "source", "line", "reason",
    "evidence", "findings",
]  # fmt: skip


def test_the_ledger_is_the_same_in_json_and_csv_and_readable_as_a_table() -> None:
    rows = read_json(shared("data", "rulings", "--format", "json"))
    assert len(rows) == len(load_catalogue().rulings) >= 50
    assert list(rows[0]) == RULING_FIELDS
    assert read_csv(shared("data", "rulings", "--format", "csv")) == [{n: as_cell(v) for n, v in row.items()} for row in rows]
    table = " ".join(shared("data", "rulings").out.split())
    assert f"{len(rows)} rulings" in table
    assert "'USD 2.985 million' (003:8171)" in table
    assert "correct to 2,985,000,000" in table


def test_the_ledger_of_one_place() -> None:
    rows = read_json(shared("data", "rulings", "--place", "杭州", "--format", "json"))
    assert {row["place"] for row in rows} == {"Hangzhou"}
    assert len(rows) >= 8


def test_figures_left_out_are_named_with_their_ruling_on_the_page_of_a_place() -> None:
    text = " ".join(shared("data", "show", "Hangzhou").out.split())
    assert "set aside: 'US$6,630 million' (000:13) by ruling hangzhou-2009-signed." in text
    assert "read as USD 2.045 billion: 'USD 2.045 million' (003:8172)" in " ".join(shared("data", "show", "Guangzhou").out.split())


def test_a_wide_chinese_file_is_imported_and_used(tmp_path: Path) -> None:
    (tmp_path / "contracts.csv").write_bytes(WIDE.encode("gbk"))
    done = run("data", "import", tmp_path / "contracts.csv", "--to", tmp_path / "own")
    assert (done.code, done.out) == (0, f"2 facts written to {tmp_path / 'own'}\n")
    assert done.err.splitlines() == [
        "note: contracts.csv: read as Chinese text in GBK",
        "note: contracts.csv: 1 figure not available, left out",
    ]
    arguments = ("--no-bundled", "--horizon", "2013", "--format", "json")
    rows = read_json(run("forecast", "--data", tmp_path / "own", *arguments))
    assert [(row["place"], row["period"], row["observed"]) for row in rows] == [
        ("Wuxi", "2010", pytest.approx(1.25e9, rel=0.01)),
        ("Wuxi", "2012", pytest.approx(3.2e9, rel=0.01)),
        ("Wuxi", "2013", None),
    ]
    # the file itself does as well as the folder made of it
    assert read_json(run("forecast", "--data", tmp_path / "contracts.csv", *arguments, "--quiet")) == rows


def test_columns_that_a_file_lacks_are_given_as_options(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text("place,2011,2012\nWuxi,9.5,12\n", encoding="utf-8")
    done = run(
        "data", "import", tmp_path / "jobs.csv", "--to", tmp_path / "own", "--measure", "employees", "--unit", "万人", "--quiet"
    )
    assert (done.code, done.err) == (0, "")
    assert load_catalogue([tmp_path / "own"], bundled=False).facts["value"].tolist() == [95_000, 120_000]


def test_months_become_years(tmp_path: Path) -> None:
    months = "".join(f"Wuxi,fdi_actual,2012-{month:02d},{month},USD million\n" for month in range(1, 13))
    (tmp_path / "own.csv").write_text("place,measure,period,value,unit\n" + months, encoding="utf-8")
    [row] = read_json(run("data", "show", "Wuxi", "--data", tmp_path / "own.csv", "--no-bundled", "--format", "json"))
    assert row["period"] == "2012"
    assert row["level"] == pytest.approx(78e6, rel=0.01)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_whole_catalogue_goes_out_and_comes_in_and_forecasts_alike(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"all.{ending}"
    done = run("data", "export", path)
    assert (done.code, done.out) == (0, f"{len(load_catalogue().facts)} facts written to {path}\n")
    arguments = ("forecast", "--place", "Hangzhou", "--format", "csv")
    assert run(*arguments, "--no-bundled", "--data", path, "--quiet").out == shared(*arguments).out


def test_an_export_of_one_place_holds_its_facts_only(tmp_path: Path) -> None:
    run("data", "export", tmp_path / "own.csv", "--place", "Suzhou")
    assert set(load_catalogue([tmp_path / "own.csv"], bundled=False).facts["place"]) == {"Suzhou"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "absent.csv", "--to", "own"), ["absent.csv", "no such file"]),
        (("import", "bad.csv", "--to", "own"), ["bad.csv: row 2, column 2012: 'many' is not a number"]),
        (("import", "bad.csv"), ["--to", "sourcecast data import --help"]),
        (("import", "bad.csv", "--to", "bad.csv"), ["--to", "is a file"]),
        (("import", ".", "--to", "own"), ["a folder found"]),
        (("export", "own.pdf"), [".pdf", "allowed: .csv, .xlsx"]),
        (("export", "nowhere/own.csv"), ["cannot be written"]),
        (("export", "own.csv", "--place", "Suzhu"), ["'Suzhu'", "did you mean Suzhou?"]),
        (("rulings", "--place", "Suzhu"), ["'Suzhu'", "did you mean Suzhou?"]),
    ],
)
def test_bad_input_leaves_nothing_behind(
    arguments: tuple[str, ...], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.csv").write_text("place,measure,2012\nWuxi,employees,many\n", encoding="utf-8")
    assert_refused(run("data", *arguments), *words)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]


@pytest.mark.parametrize("model", ["reference", "ets", "arima", "structural", "prophet"])
def test_a_longer_history_is_forecast_by_the_model_named(model: str, tmp_path: Path) -> None:
    values = ",".join(str(1000 * 1.1**number + 40 * (number % 3)) for number in range(12))
    header = ",".join(str(2001 + number) for number in range(12))
    (tmp_path / "own.csv").write_text(f"place,measure,{header}\nWuxi,employees,{values}\n", encoding="utf-8")
    done = run("forecast", "--data", tmp_path / "own.csv", "--no-bundled", "--horizon", "+3", "--model", model, "--format", "json")
    rows = read_json(done)
    assert [row["period"] for row in rows][-3:] == ["2013", "2014", "2015"]
    assert {row["model"] for row in rows} == {model}
    assert done.err == ""
    assert rows[-1]["q10"] < rows[-1]["q50"] < rows[-1]["q90"]  # type: ignore[operator]
    assert rows[-1]["q50"] == pytest.approx(1000 * 1.1**14, rel=0.15)
