"""Forecasts in months and quarters from the command line."""

from pathlib import Path

import numpy as np
import pytest

from tests.app.cli_runs import FORECAST_FIELDS, read_csv, read_json, run

BEHIND = "series in months or quarters: by their own past errors alone, for no class of such series was learned"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wuxi to March 2013 in months, Suzhou to the first quarter of 2012, half a year of Dalian, two years of Xi'an."""
    random = np.random.default_rng(3)
    lines = ["place,measure,period,value,unit"]
    for number in range(51):
        value = 6e7 * np.exp(0.012 * number + 0.2 * np.sin(number * np.pi / 6) + random.normal(0, 0.03))
        lines.append(f"Wuxi,contract_value_executed,{2009 + number // 12}-{number % 12 + 1:02d},{value:.0f},USD")
    for number in range(9):
        value = 100000 * np.exp(0.03 * number + random.normal(0, 0.02))
        lines.append(f"Suzhou,employees,{2010 + number // 4}Q{number % 4 + 1},{value:.0f},persons")
    lines += [f"Dalian,employees,2012-{month:02d},{90000 + 137 * month**2},persons" for month in range(1, 7)]
    lines += ["Xi'an,employees,2011,100000,persons", "Xi'an,employees,2012,120000,persons"]
    path = tmp_path_factory.mktemp("figures") / "figures.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def forecast(figures: Path, *options: object) -> list[dict[str, object]]:
    return read_json(run("forecast", "--data", figures, "--no-bundled", "--format", "json", "--quiet", *options))


def coming(rows: list[dict[str, object]], place: str) -> list[object]:
    return [row["period"] for row in rows if row["place"] == place and row["observed"] is None]


def test_a_number_of_periods_counts_those_of_each_series(figures: Path) -> None:
    rows = forecast(figures, "--horizon", "+4")
    assert coming(rows, "Wuxi") == ["2013-04", "2013-05", "2013-06", "2013-07"]
    assert coming(rows, "Suzhou") == ["2012Q2", "2012Q3", "2012Q4", "2013Q1"]
    assert coming(rows, "Dalian") == coming(rows, "Xi'an") == ["2013", "2014", "2015", "2016"]
    assert {str(row["place"]): row["model"] for row in rows} == {
        "Wuxi": "seasonal", "Suzhou": "seasonal", "Dalian": "pooled", "Xi'an": "pooled",
    }  # fmt: skip
    known = [row["period"] for row in rows if row["place"] == "Wuxi" and row["observed"] is not None]
    assert (len(known), known[0], known[-1]) == (51, "2009-01", "2013-03")
    quantiles = [name for name in FORECAST_FIELDS if name.startswith("q")]
    for row in rows:
        assert list(row) == FORECAST_FIELDS
        assert (np.diff([row[name] for name in quantiles]) > 0).all()


def test_what_stands_behind_and_why_others_stay_in_years_is_said_once(figures: Path) -> None:
    done = run("forecast", "--data", figures, "--no-bundled", "--horizon", "+2", "--format", "csv")
    assert done.code == 0
    assert done.err.splitlines() == [f"note: 2 {BEHIND}", "note: 1 series in years only: fewer than 24 months are known"]
    assert {row["period"] for row in read_csv(done)} >= {"2013-05", "2012Q3", "2014"}
    alone = run("forecast", "--data", figures, "--no-bundled", "--horizon", "+2", "--place", "Xi'an")
    assert (alone.code, alone.err) == (0, "")


@pytest.mark.parametrize("options", [("--horizon", "2014"), ("--horizon", "+1", "--model", "pooled")])
def test_a_year_as_horizon_or_a_named_model_asks_for_years(figures: Path, options: tuple[str, ...]) -> None:
    rows = forecast(figures, *options)
    assert all(len(str(row["period"])) == 4 for row in rows)
    assert "2014" in coming(rows, "Wuxi")


def test_an_origin_cuts_months_after_its_year(figures: Path) -> None:
    rows = forecast(figures, "--horizon", "+2", "--origin", "2012", "--place", "Wuxi")
    assert coming(rows, "Wuxi") == ["2013-01", "2013-02"]
    assert max(str(row["period"]) for row in rows if row["observed"] is not None) == "2012-12"


def test_the_table_has_periods(figures: Path) -> None:
    text = run("forecast", "--data", figures, "--no-bundled", "--horizon", "+1", "--place", "Suzhou", "--quiet").out
    assert "Period" in text
    assert "2012Q2" in text
