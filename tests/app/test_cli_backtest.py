"""The command `backtest`: fields, tables, the plot, and what is refused."""

import json
from pathlib import Path

import altair as alt
import pytest

from forecast.backtest_summary import BACKTEST_FIELDS
from tests.app.cli_runs import Run, as_cell, assert_refused, read_csv, read_json, run, shared
from tests.made_up import grown_panel

BUNDLED = ("backtest", "--origin", "2010", "--origin", "2011", "--model", "pooled")


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("panel") / "towns.csv"
    rows = [f"{fact.place},{fact.measure},{fact.period},{fact.value:.0f},USD" for fact in grown_panel(seed=11, places=8)]
    path.write_text("\n".join(["place,measure,period,value,unit", *rows]) + "\n", encoding="utf-8")
    return path


def of_panel(panel: Path, *more: object) -> Run:
    origins = [part for year in range(2002, 2012, 3) for part in ("--origin", year)]
    return run("backtest", "--data", panel, "--no-bundled", "--model", "Pooled", "--quiet", *origins, *more)


@pytest.fixture(scope="module")
def rows(panel: Path) -> list[dict[str, object]]:
    return read_json(of_panel(panel, "--format", "json"))


def test_every_row_has_the_published_fields_in_order(rows: list[dict[str, object]]) -> None:
    assert {tuple(row) for row in rows} == {BACKTEST_FIELDS}
    scored = [row for row in rows if row["hidden"] in ("years", "places")]
    assert {row["hidden"] for row in scored} == {"years", "places"}
    assert {row["model"] for row in scored} == {"pooled", "naive", "drift", "last growth", "pooled mean"}
    for row in scored:
        low, high = row["coverage_80_low"], row["coverage_80_high"]
        assert 0 <= low <= high <= 1  # type: ignore[operator]


def test_csv_and_table_tell_the_same(panel: Path, rows: list[dict[str, object]]) -> None:
    told = read_csv(of_panel(panel, "--format", "csv"))
    assert told == [{name: as_cell(value) for name, value in row.items()} for row in rows]
    text = of_panel(panel).out
    assert "Hidden years" in text
    assert "Hidden places" in text
    (own,) = [row for row in rows if (row["hidden"], row["model"], row["group"]) == ("years", "pooled", "all")]
    assert f"{own['crps']:.3f}" in text
    assert f"{own['gain_on_naive']:+.3f} ±{own['gain_error_on_naive']:.3f}" in text
    assert max(map(len, text.splitlines())) <= 130


def test_the_bundled_facts_cannot_calibrate_and_the_reference_panel_stands_in() -> None:
    text = shared(*BUNDLED).out
    assert text.startswith("These figures cannot calibrate: ")
    assert "Reference panel" in text
    assert "should be withheld" not in text
    done = run(*BUNDLED, "--format", "json")
    assert done.err.startswith("note: These figures cannot calibrate: ")
    assert {row["hidden"] for row in read_json(done)} == {"years", "places", "reference panel"}
    assert run(*BUNDLED, "--format", "json", "--quiet").err == ""


def test_an_earlier_vintage_hides_more() -> None:
    rows = read_json(run("backtest", "--known-by", "2010-06-30", "--format", "json", "--quiet"))
    assert {row["hidden"] for row in rows} == {"reference panel"}


def test_a_model_that_serves_no_series_is_named_with_the_reason() -> None:
    text = shared("backtest", "--origin", "2011", "--model", "ets").out
    assert "ets: " in text
    assert "10 years in a row" in text


@pytest.mark.parametrize("name", ["plot.svg", "plot.png", "plot.HTML"])
def test_the_plot_is_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    assert run(*BUNDLED, "--quiet", "--plot", path).code == 0
    content = path.read_bytes()
    begin = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!DOCTYPE html>"}[path.suffix.casefold().lstrip(".")]
    assert content.lstrip().startswith(begin)
    assert b"<script src" not in content  # nothing is fetched from outside
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_the_old_plot_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plot.svg"
    path.write_text("old", encoding="utf-8")

    def interrupted(self: object, name: str, **_options: object) -> None:
        Path(name).write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(alt.VConcatChart, "save", interrupted)
    assert run(*BUNDLED, "--quiet", "--plot", path).code == 130
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--model prophecy", ["--model", "'prophecy'", "auto, pooled, reference"]),
        ("--origin 2031", ["--origin", "2031", "2007 to 2015"]),
        ("--origin soon", ["--origin", "'soon'", "integer"]),
        ("--plot plot.pdf", ["--plot", "'plot.pdf'", ".svg, .png, .html"]),
        ("--plot nowhere/plot.svg", ["--plot", "nowhere/plot.svg", "a folder that exists"]),
        ("--known-by yesterday", ["--known-by", "'yesterday'", "latest"]),
        ("--place Hangzou", ["'Hangzou'", "did you mean Hangzhou?"]),
        ("--no-bundled", ["--no-bundled", "--data"]),
    ],
)
def test_bad_input_is_refused_in_one_sentence(arguments: str, words: list[str]) -> None:
    assert_refused(run("backtest", *arguments.split()), *words)


def test_a_plot_of_nothing_is_refused(tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    one.write_text("place,measure,period,value\nWuxi,employees,2012,500\n", encoding="utf-8")
    path = tmp_path / "plot.svg"
    assert_refused(run("backtest", "--data", one, "--no-bundled", "--plot", path), "--plot", "nothing to draw")
    assert not path.exists()
    assert "no growth could be hidden" in shared("backtest", "--data", str(one), "--no-bundled").out
    assert (
        json.loads(run("backtest", "--data", one, "--no-bundled", "--quiet", "--format", "json").out)[0]["hidden"]
        == "reference panel"
    )
