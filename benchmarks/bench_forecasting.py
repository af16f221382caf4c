"""Forecasts of annual histories, quantiles for 80 and 95 % six years ahead, beside statsforecast's batch interface on one processor.

The histories are made up: lengths like those of M3 yearly, from 14 to 41 years. The peer runs in an environment of its own (`make peers`) and
measures itself, warm; without that environment nothing is compared, and that is said.
"""

import os
from time import perf_counter

import numpy as np
import pytest

from benchmarks.peers import PYTHON, peer_seconds
from forecast.combination import forecast_many

QUICK = os.environ.get("SOURCECAST_QUICK_BENCH") == "1"
COUNT, ROUNDS = (100, 3) if QUICK else (645, 15)
AHEAD, LEVELS = 6, (0.025, 0.1, 0.5, 0.9, 0.975)
PEER = "DynamicOptimizedTheta"

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="not measured: the environment of statsforecast is absent (make peers)")


@pytest.fixture(scope="module")
def histories():
    random = np.random.default_rng(1)
    lengths = random.choice([14, 16, 19, 20, 25, 34, 41], COUNT, p=[0.3, 0.15, 0.15, 0.2, 0.1, 0.05, 0.05])
    return [1000 * np.exp(np.cumsum(random.normal(0.04, 0.08, length))) for length in lengths]


@pytest.mark.parametrize(("name", "combined"), [("forecasts, auto", True), ("forecasts, reference class", False)])
def test_forecasting_ours(benchmark, histories, name, combined):
    info = {"name": name, "unit": "us a series", "peer_name": f"statsforecast {PEER}"}
    benchmark.extra_info |= info | {"side": "ours", "work": COUNT * 1e3}
    found = benchmark.pedantic(
        forecast_many, (histories, AHEAD, LEVELS), {"combined": combined}, rounds=ROUNDS, warmup_rounds=1
    )  # fmt: skip
    assert np.isfinite(found).all()


def test_forecasting_peer(benchmark, histories):
    """The peer's own seconds are waited out, for the benchmark's clock to show them without the start of its process."""
    info = {"name": "forecasts", "unit": "us a series", "peer_name": f"statsforecast {PEER}"}
    benchmark.extra_info |= info | {"side": "peer", "work": COUNT * 1e3}
    seconds = peer_seconds(PEER, histories, AHEAD, LEVELS)
    assert seconds is not None

    def wait():
        until = perf_counter() + seconds
        while perf_counter() < until:
            pass

    benchmark.pedantic(wait, rounds=1)
