"""What a user waits for before a program does anything: `sourcecast --help` and a second `sourcecast targets`, beside the bare import of
numba and pandas, which every program that computes with them waits for.

Ours and the bare import take turns, so that both meet the same machine; the kernels and the bytecode of both are written by a first round,
which is not counted. The ratio is that of the medians; 1 / 3 means three times the wait of the bare import.
"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from benchmarks.turns import medians, wait_out

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3 if os.environ.get("SOURCECAST_QUICK_BENCH") == "1" else 7
BARE = ("-c", "import numba, pandas")
OURS = {"start, help": ("-m", "app.cli", "--help"), "start, targets": ("-m", "app.cli", "targets")}


def run(arguments: tuple[str, ...]) -> None:
    """Run Python to its end."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, check=True)  # noqa: S603


@pytest.fixture(scope="module")
def seconds() -> dict[tuple[str, ...], float]:
    """Median seconds of each program."""
    return medians({program: partial(run, program) for program in (BARE, *OURS.values())}, ROUNDS)


@pytest.mark.parametrize(("name", "side", "program"), [("start", "peer", BARE), *((name, "ours", of) for name, of in OURS.items())])
def test_start(benchmark, seconds, name, side, program):
    benchmark.extra_info |= {"name": name, "side": side, "peer_name": "import numba, pandas", "unit": "ms", "work": 1e6}
    wait_out(benchmark, seconds[program])
