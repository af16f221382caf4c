"""What tests of the command line share: running a command in this process, reading what it printed, the published fields."""

import csv
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import app.cli
import app.commands_targets
import app.serving

ROOT = Path(app.cli.__file__).parents[1]

# fmt: off
TARGET_FIELDS = [
    "target", "place", "measure", "scope", "due", "value", "value_high", "unit",
    "kind", "status", "match", "assessed_by", "reason", "probability", "probability_error", "probability_low",
    "probability_high", "median", "q10", "q90", "required_growth", "observed_growth", "extra_growth_50", "extra_growth_80",
    "first_likely_year", "data_weight", "vintage", "stale", "alternatives", "source", "line", "printed",
    "source_change", "source_dropped", "probability_lower_value", "probability_upper_value", "readings", "expected_shortfall",
    "episodes_as_fast", "episodes", "warnings", "elsewhere_as_fast", "elsewhere", "reference_class",
]

# fmt: on
QUANTILES = ["q025", *(f"q{percent:02d}" for percent in range(5, 100, 5)), "q975"]
FORECAST_FIELDS = ["place", "measure", "scope", "unit", "period", "mean", *QUANTILES, "observed", "model"]


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Run:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["sourcecast", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            app.cli.main()
    return Run(end.value.code or 0, out.getvalue(), err.getvalue())


@cache
def shared(*arguments: str) -> Run:
    """Run a command once for several tests; it must succeed without a word on standard error."""
    done = run(*arguments)
    assert (done.code, done.err) == (0, "")
    return done


def read_json(done: Run) -> list[dict[str, object]]:
    """Read standard output as strict JSON: NaN and Infinity are no JSON."""

    def refuse(word: str) -> None:
        pytest.fail(f"{word} in JSON")

    return json.loads(done.out, parse_constant=refuse)


def read_csv(done: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.out)))


def as_cell(value: object) -> str:
    """The CSV cell of a JSON value: empty for null, nested values as JSON, numbers to the last bit."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def assert_refused(done: Run, *words: str) -> None:
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("sourcecast: ")
    assert done.err.count("\n") == 1
    assert done.err.endswith("\n")
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err
    assert "internal error" not in done.err
