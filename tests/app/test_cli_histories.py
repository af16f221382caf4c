"""A planner's own histories of twenty years through the real command line: forecast, odds and simulated levels say the same."""

from pathlib import Path

import numpy as np
import pytest

from tests.app.cli_runs import read_csv, read_json, run
from tests.app.test_cli_odd_series import HEADER, SERVED, rows

DUE, PATHS = 2017, 20_000
MEASURES = ("employees", "visitors")  # of a known family, and of the planner's own
SHARES = {"q45": 0.55, "q55": 0.45, "q75": 0.25, "q95": 0.05}


def history(seed: int) -> list[int]:
    return [round(value) for value in 3e4 * np.exp(np.cumsum(0.05 + 0.08 * np.random.default_rng(seed).standard_normal(20)))]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two histories of a town."""
    home = tmp_path_factory.mktemp("tables")
    facts = "".join(rows(history(11 + number), 1993, measure=measure) for number, measure in enumerate(MEASURES))
    (home / "facts.csv").write_text(HEADER + facts, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def forecast(tables: Path) -> list[dict[str, str]]:
    """The years to come as they are forecast."""
    done = run("forecast", "--data", tables, "--no-bundled", "--horizon", "2020", "--format", "csv", "--quiet")
    return [row for row in read_csv(done) if row["observed"] == ""]


def test_the_odds_of_targets_are_those_of_the_forecast(tables: Path, forecast: list[dict[str, str]], tmp_path: Path) -> None:
    due = {row["measure"]: row for row in forecast if row["period"] == str(DUE)}
    assert {row["model"] for row in due.values()} == {"combination"}
    aims = [f"New Town,{measure},{DUE},{due[measure][name]}\n" for measure in MEASURES for name in SHARES]
    (tmp_path / "facts.csv").write_text((tables / "facts.csv").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "targets.csv").write_text("place,measure,due,value\n" + "".join(aims), encoding="utf-8")
    found = read_json(run("targets", "--data", tmp_path, "--no-bundled", "--paths", PATHS, "--format", "json", "--quiet"))
    shares = {(measure, float(due[measure][name])): share for measure in MEASURES for name, share in SHARES.items()}
    assert len(found) == len(shares)
    for row in found:
        expected = shares[row["measure"], row["value"]]  # type: ignore[index]
        assert abs(row["probability"] - expected) < 4 * row["probability_error"] + 0.002  # type: ignore[operator]
        assert row["data_weight"] == 1.0


def test_simulated_levels_are_those_of_the_forecast(tables: Path, forecast: list[dict[str, str]]) -> None:
    done = run("simulate", "stagnation", "--data", tables, "--no-bundled", "--paths", PATHS, "--format", "csv")
    for one, other in zip(forecast, read_csv(done), strict=True):
        assert [one[name] for name in ("measure", "period")] == [other[name] for name in ("measure", "period")]
        # The middle of 2,000 draws is off by a quarter of this way.
        assert float(one["q45"]) < float(other["q50"]) < float(one["q55"])
        assert float(other["q90"]) / float(other["q10"]) == pytest.approx(float(one["q90"]) / float(one["q10"]), rel=0.15)
    # Stagnation is about pooled growth: it changes nothing here, and that is said.
    assert (
        "long_run_growth does not reach New Town|employees|total|persons and 1 more series: growth there is not pooled" in done.err
    )


def test_odd_series_are_simulated_without_a_trace(tmp_path: Path) -> None:
    every = [text for name, text in SERVED.items() if name not in ("as far ahead as years go", "odd ones beside each other")]
    facts = HEADER + "".join(text.replace("New Town", f"Town {number}") for number, text in enumerate(every))
    (tmp_path / "facts.csv").write_text(facts, encoding="utf-8")
    done = run("simulate", "baseline", "--data", tmp_path, "--no-bundled", "--paths", 100, "--format", "json", "--quiet")
    assert len({row["place"] for row in read_json(done)}) == len(every)


def test_figures_that_were_rounded_say_so_and_have_wider_intervals(tmp_path: Path) -> None:
    width = {}
    for name, cells in (("written", ""), ("rounded", ",0.1")):
        table = "".join(f"Town,visitors,{year},{value}{cells}\n" for year, value in ((2010, 13.4), (2011, 13.4), (2012, 13.4)))
        file = tmp_path / "table.csv"
        file.write_text(f"place,measure,period,value{',digits' if cells else ''}\n{table}", encoding="utf-8")
        done = run("forecast", "--data", file, "--no-bundled", "--horizon", "2013", "--format", "csv", "--quiet")
        (coming,) = (row for row in read_csv(done) if row["observed"] == "")
        width[name] = float(coming["q90"]) / float(coming["q10"]) - 1
    assert width["rounded"] > 1.5 * width["written"]
