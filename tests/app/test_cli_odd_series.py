"""Odd series through the real command line: a forecast in finite numbers, or one refusal that says where and why; never a traceback."""

import csv
import io
from collections.abc import Sequence
from math import isfinite
from pathlib import Path

import pytest

from app.options import MODELS
from tests.app.cli_runs import FORECAST_FIELDS, QUANTILES, Run, assert_refused, run

HEADER = "place,measure,period,value\n"
AHEAD = 6


def rows(values: Sequence[object], first: int = 1990, place: str = "New Town", measure: str = "visitors") -> str:
    """Rows of a tidy table, a value a year."""
    return "".join(f"{place},{measure},{first + age},{value}\n" for age, value in enumerate(values))


SERVED = {
    "one point": rows([5]),
    "two points": rows([5, 9]),
    "constant": rows([7] * 12),
    "constant but for the last": rows([7] * 11 + [8]),
    "a straight line": rows(range(1, 20)),
    "doubling": rows([2**age for age in range(15)]),
    "gaps": rows([5, 6]) + rows([9, 8], 2000) + rows([12], 2013),
    "years out of order": rows([8, 9], 2000) + rows([5, 6, 7], 1990),
    "a figure not available": rows([5, "n/a", 6, "nan", 7]),
    "smallest": rows(["1e-9", "2e-9", "1.5e-9"] * 4),
    "largest": rows(["1e21", "9e20", "8e20"] * 4),
    "from smallest to largest": rows(["1e-9", "1e21"]),
    "a jump": rows([10, 11, 10, 12, 11, 10, 1000, 1100, 1050, 1000, 1200, 1100]),
    "a fall": rows([1000, 1100, 1050, 1000, 1200, 1100, 10, 11, 10, 12, 11, 10]),
    "to and fro": rows([10, 1000] * 6),
    "as far back as years go": rows([5, 6, 7], 1900),
    "as far ahead as years go": rows([5, 6], 2098),
    "a hundred years": rows([100 + age + 7 * age % 5 for age in range(112)], 1901),
    "odd ones beside each other": rows([5], place="A") + rows([7] * 12, place="B") + rows([1, 100, 1, 100], 2005, place="C"),
}
REFUSED: dict[str, tuple[str, tuple[str, ...]]] = {
    "a zero": (rows([5, 0, 6]), ("row 3", "column value", "'0' found", "above 0", "n/a")),
    "a negative": (rows([5, -3, 6]), ("row 3", "column value", "'-3' found", "above 0")),
    "infinite": (rows([5, "inf"]), ("row 3", "column value", "'inf' is not a number")),
    "minus infinity": (rows(["-Infinity", 5]), ("row 2", "column value", "'-Infinity' is not a number")),
    "beyond any number": (rows([5, "1e999"]), ("row 3", "column value", "'1e999'", "larger than any number")),
    "too small": (rows([5, "1e-300"]), ("row 3", "column value", "'1e-300' found", "from 1e-09 to 1e+21")),
    "too large": (rows(["1e300", 5]), ("row 2", "column value", "'1e+300' found", "from 1e-09 to 1e+21")),
    "an empty cell": (rows([5, "", 6]), ("row 3", "column value", "empty")),
    "a year twice": (rows([5, 6]) + rows([7], 1991), ("row 4", "a second figure", "row 3")),
    "a year twice, alike": (rows([5, 6]) + rows([6], 1991), ("row 4", "a second figure", "row 3")),
    "before years count": (rows([5], 1850), ("row 2", "column period", "'1850' found", "2012")),
    "no figure at all": (rows(["n/a", "nan"]), ("no series matches", "data list")),
}


def forecast(path: Path, text: str, *options: str) -> Run:
    path.write_text(HEADER + text, encoding="utf-8")
    return run("forecast", "--data", path, "--no-bundled", "--horizon", f"+{AHEAD}", "--format", "csv", "--quiet", *options)


def assert_served(done: Run, n_series: int) -> None:
    """Every row is complete, finite, positive and in order, and every series has its coming years."""
    assert (done.code, done.err) == (0, "")
    table = list(csv.DictReader(io.StringIO(done.out)))
    for row in table:
        assert list(row) == FORECAST_FIELDS
        quantiles = [float(row[name]) for name in QUANTILES]
        assert all(isfinite(value) and value > 0 for value in (float(row["mean"]), *quantiles)), row
        assert quantiles == sorted(quantiles), row
        assert row["observed"] == "" or isfinite(float(row["observed"]))
    coming = [row for row in table if row["observed"] == ""]
    assert len(coming) == AHEAD * n_series
    # What is to come is not known: two quantiles are never one.
    assert all(len({row[name] for name in QUANTILES}) == len(QUANTILES) for row in coming)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("odd", SERVED)
def test_an_odd_series_has_a_forecast_or_the_reason_why_a_model_cannot_serve_it(odd: str, model: str, tmp_path: Path) -> None:
    text = SERVED[odd]
    done = forecast(tmp_path / "odd.csv", text, "--model", model)
    if done.code == 0:
        assert_served(done, len({line.split(",")[0] for line in text.splitlines()}) if model in EVERY else 1)
    else:
        assert model not in EVERY
        assert_refused(done, f"--model: '{model}' found", "left out", "--model auto")


EVERY = ("auto", "pooled", "reference", "combination", "thorough")  # models that serve any series


@pytest.mark.parametrize("odd", REFUSED)
def test_what_is_no_series_is_refused_in_one_sentence(odd: str, tmp_path: Path) -> None:
    text, words = REFUSED[odd]
    assert_refused(forecast(tmp_path / "odd.csv", text), *words)


def test_a_thousand_series_have_a_thousand_forecasts(tmp_path: Path) -> None:
    text = "".join(rows([100 + number, 110 + number % 7], 2000, f"Town {number}") for number in range(1000))
    assert_served(forecast(tmp_path / "many.csv", text), 1000)


def test_the_farthest_horizon_has_numbers_or_a_reason(tmp_path: Path) -> None:
    # Variances grow with the cube of the years: a mean beyond the largest number of the machine is none.
    refused = set()
    for model in MODELS:
        done = forecast(tmp_path / "line.csv", SERVED["a straight line"], "--model", model, "--horizon", "+99")
        if done.code == 0:
            assert done.err == ""
            assert all(isfinite(float(row["mean"])) for row in csv.DictReader(io.StringIO(done.out)))
        else:
            assert_refused(done, f"--model: '{model}' found", "gives a mean beyond any number here", "--model auto")
            refused.add(model)
    assert "structural" in refused
    assert not refused & set(EVERY)
