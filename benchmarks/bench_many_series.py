"""Thousands of short series from one file: forecast to 2020 and held against a target each, beside statsforecast's RandomWalkWithDrift.

The file is made up: series of 2 to 8 years, four measures a place, a target each. Both programs are started anew and timed from their start to
their end, reading the file included; the peer gives a forecast with intervals of 80 and 95 % and no odds, ours levels and the odds of every
target (`sourcecast simulate --out`). The peer runs in an environment of its own (`make peers`).
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from benchmarks.peers import PYTHON, FileRun, peer_of_file

ROOT = Path(__file__).resolve().parents[1]
QUICK = os.environ.get("SOURCECAST_QUICK_BENCH") == "1"
COUNT, FEWER = (1000, 300) if QUICK else (10_000, 1000)
MEASURES = (("contract_value_executed", "USD"), ("employees", "persons"), ("fdi_actual", "USD"), ("enterprises", "count"))
ORIGIN, DUE = 2012, 2020
PEER, PEER_NAME = f"{COUNT:,} series", "statsforecast RandomWalkWithDrift"
FEW, MANY, WORKERS = "1,000 paths", "10,000 paths", "10,000 paths and two workers"
OURS = {FEW: ("--paths", "1000"), MANY: ()} | ({} if QUICK else {WORKERS: ("--workers", "2")})

pytestmark = [
    pytest.mark.skipif(not PYTHON.exists(), reason="not measured: the environment of statsforecast is absent (make peers)"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="not measured: peak memory is read from /proc"),
]


def write_series(folder: Path, count: int, seed: int = 2013) -> tuple[Path, Path]:
    """Write a file of figures and one of targets, in the layout that a planner would bring."""
    random = np.random.default_rng(seed)
    figures, targets = ["place,measure,period,value,unit"], ["place,measure,due,value,unit"]
    for number in range(count):
        place, (measure, unit) = f"Town {number // len(MEASURES):05d}", MEASURES[number % len(MEASURES)]
        growth = random.normal(0.1, 0.1, int(random.integers(2, 9)))
        levels = np.exp(random.normal(14, 1) + np.cumsum(growth))
        years = range(ORIGIN + 1 - len(levels), ORIGIN + 1)
        figures += [f"{place},{measure},{year},{level:.0f},{unit}" for year, level in zip(years, levels, strict=True)]
        targets.append(f"{place},{measure},{DUE},{random.uniform(1.2, 3) * levels[-1]:.0f},{unit}")
    paths = folder / "figures.csv", folder / "targets.csv"
    for path, lines in zip(paths, (figures, targets), strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths


PROGRAM = """
import sys
from pathlib import Path
from app.cli import main
try:
    main()
finally:
    print(Path("/proc/self/status").read_text(), file=sys.stderr)
"""


def run_ours(files: Sequence[Path], out: Path, options: Sequence[str]) -> FileRun:
    """Run the command that forecasts and assesses everything in some files."""
    data = [part for file in files for part in ("--data", str(file))]
    arguments = ["simulate", "baseline", *data, "--no-bundled", "--out", str(out), "--quiet", *options]
    began = perf_counter()
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    seconds = perf_counter() - began
    assert done.returncode == 0, done.stderr
    peak = re.search(r"VmHWM:\s+(\d+)", done.stderr)
    assert peak is not None
    return FileRun(seconds, int(peak[1]) / 1024)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_series(tmp_path_factory.mktemp("many"), COUNT)


@pytest.fixture(scope="module")
def ours(files, tmp_path_factory) -> dict[str, FileRun]:
    """Each way of running it once, after a small run that compiles what is not compiled yet; `fewer` is on a part of the series."""
    folder = tmp_path_factory.mktemp("fewer")
    fewer = write_series(folder, FEWER)
    run_ours(fewer, folder / "first", ("--paths", "100"))
    found = {"fewer": run_ours(fewer, folder / "runs", ("--paths", "1000"))}
    return found | {name: run_ours(files, folder / name.replace(" ", "-"), options) for name, options in OURS.items()}


@pytest.fixture(scope="module")
def peers(files, ours) -> dict[str, FileRun]:
    """The peer on one core, and beside what ours does by two workers on two."""
    del ours  # which comes first, so that both find the file in memory
    return {name: peer_of_file(files[0], DUE - ORIGIN, 2 if name == WORKERS else 1) for name in (MANY, WORKERS) if name in OURS}


def show(benchmark, name: str, side: str, peer_name: str, unit: str, value: float) -> None:
    """Say what was found by the programs themselves, which the benchmark's clock has not seen."""
    benchmark.extra_info.update(name=name, side=side, peer_name=peer_name, unit=unit, value=value)
    benchmark.pedantic(lambda: None, rounds=1)


@pytest.mark.parametrize("name", OURS)
def test_many_series_ours(benchmark, ours, name):
    show(benchmark, f"{PEER}, {name}", "ours", PEER_NAME, "s", ours[name].seconds)


@pytest.mark.parametrize("name", [name for name in OURS if name != FEW])
def test_many_series_peer(benchmark, peers, name):
    show(benchmark, PEER if name == MANY else f"{PEER}, {name}", "peer", PEER_NAME, "s", peers[name].seconds)


@pytest.mark.parametrize("side", ["ours", "peer"])
def test_memory(benchmark, ours, peers, side):
    found = ours if side == "ours" else peers
    show(benchmark, f"peak memory of {PEER}", side, PEER_NAME, "MB", found[MANY].megabytes)


@pytest.mark.parametrize("side", ["ours", "peer"])
def test_growth(benchmark, ours, side):
    """Time a series, the start of the program included: more series may not cost more each."""
    run, count = (ours[FEW], COUNT) if side == "ours" else (ours["fewer"], FEWER)
    show(benchmark, f"cost of {PEER}", side, f"{FEWER:,} series", "ms a series", 1e3 * run.seconds / count)
