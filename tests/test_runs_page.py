"""The examples of docs/runs.md: the batch is run, and DuckDB reads what it has kept."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli_runs import run
from tests.conftest import require

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "runs.md").read_text(encoding="utf-8")
(BATCH,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
ODDS, MEDIANS = re.findall(r"```sql\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analyst")
    (folder / "monthly.yaml").write_text(BATCH, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = run("simulate", "monthly.yaml", "--out", "runs", "--quiet")
        assert (done.code, done.err) == (0, "")
        assert run("simulate", "stagnation", "--place", "Wuxi", "--paths", 1000, "--out", "runs", "--quiet").code == 0
    return folder


def asked(query: str) -> list[list[Any]]:
    """Ask DuckDB in a process of its own, for it complains of itself when that ends."""
    code = "import duckdb, json, sys; print(json.dumps(duckdb.sql(sys.argv[1]).fetchall()))"
    done = subprocess.run([sys.executable, "-c", code, query], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_queries_of_the_page_read_the_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require(find_spec("duckdb") is not None, "DuckDB")
    monkeypatch.chdir(folder)
    (folder / "runs" / ".unfinished" / "half" / "targets").mkdir(parents=True)
    (folder / "runs" / ".unfinished" / "half" / "targets" / "000000.parquet").write_bytes(b"not to be read")
    odds = asked(ODDS)
    names = {path.parent.name for path in (folder / "runs").glob("*/manifest.json")}
    assert {row[0] for row in odds} == names
    assert len(names) == 2
    by_run = {(row[0], row[1], row[2]): row[3] for row in odds}
    wuxi = {row[2] for row in odds if row[2].startswith("wuxi")}
    assert wuxi
    for target in wuxi:  # the same scenario, seed and futures, in a batch and by itself
        assert len({value for (_, scenario, one), value in by_run.items() if (scenario, one) == ("Stagnation", target)}) == 1
    medians = asked(MEDIANS)
    assert {row[0] for row in medians} == {"Suzhou", "Wuxi"}
    assert all(low <= high for *_, low, high in medians)


def test_the_page_names_every_command_and_field() -> None:
    for word in ("runs list", "runs show", "runs diff", "runs delete", "--resume", "--verbose", "exit code 130", "exit code 2"):
        assert word in PAGE
