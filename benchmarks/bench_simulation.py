"""The simulation beside vectorised NumPy that does the same work, beside its own plain twin, and beside its floor: the shocks alone.

One step is one series, year and path. Costs against paths, series and years stand beside another size of the same run, so that a ratio of 1
means that a step costs the same.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.numpy_simulation import simulate_numpy
from benchmarks.turns import medians, wait_out
from data import load_catalogue
from forecast import Belief, believe
from forecast.prediction import QUANTILE_LEVELS
from scenarios.plan import Event, Plan, make_plan
from scenarios.shock_kernels import fill_shocks, fill_words
from scenarios.shocks import law_of, stream_keys
from scenarios.simulation import PATHS_PER_DRAW, simulate
from tests.reference.simulation_reference import Twin

ROOT = Path(__file__).resolve().parents[1]
HORIZON = 2020
QUICK = os.environ.get("SOURCECAST_QUICK_BENCH") == "1"
PATHS = 10_000
ROUNDS = 3 if QUICK else 7
STEADY = 5 if QUICK else 9  # turns of what is short: of three, one disturbed second decides
MANY, FEW = (1_000_000, 100_000) if QUICK else (10_000_000, 100_000)
FEW_RUNS = 5 if QUICK else 40  # of few paths in a turn: a machine that changes its pace changes it for both
BLOCK = 2560
NUMPY = "vectorised NumPy"


@pytest.fixture(scope="module")
def belief() -> Belief:
    """Everything known to the report of 2013."""
    return believe(load_catalogue(), "2013-12-31")


def doubling(belief: Belief, every: int) -> list[Event]:
    """Every so many series with an aim: to double within three years."""
    wanted = belief.series[::every]
    return [
        Event(f"{one.key} doubles", str(one.key), one.series.origin + 3, float(one.series.log_level[-1]) + 0.693) for one in wanted
    ]


@pytest.fixture(scope="module")
def plan(belief: Belief) -> Plan:
    """The whole bundled baseline, with as many aims as there are stated targets with a series."""
    return make_plan(belief, doubling(belief, 8), HORIZON, places=None)


@pytest.fixture(scope="module")
def place(belief: Belief) -> Plan:
    """The series of one place."""
    events = [event for event in doubling(belief, 1) if event.series.startswith("Suzhou|")]
    return make_plan(belief, events, HORIZON)


def steps(plan: Plan, paths: int) -> int:
    """Number of series, years and paths."""
    return paths * sum(plan.horizon - one.series.origin for one in plan.series)


def shocks_drawn(plan: Plan, paths: int) -> int:
    """Yearly numbers that a run draws: two for each step, one for each place and family, one for each family."""
    years = plan.horizon - plan.first_year + 1
    shared = {(one.key.place, one.family) for one in plan.series} | {one.family for one in plan.series}
    return 2 * steps(plan, paths) + paths * years * len(shared)


def measure(benchmark, name, side, peer_name, work, function, unit="ns a step", rounds=ROUNDS) -> None:
    benchmark.extra_info.update(name=name, side=side, peer_name=peer_name, unit=unit, work=work)
    benchmark.pedantic(function, rounds=rounds, iterations=1, warmup_rounds=int(rounds > 1))


@pytest.mark.parametrize("threads", [1, 2])
def test_simulation_ours(benchmark, plan: Plan, threads: int) -> None:
    name = f"simulation, {threads} thread{'s' * (threads > 1)}"
    measure(
        benchmark, name, "ours", NUMPY, steps(plan, PATHS),
        lambda: simulate(plan, PATHS, threads=threads).all_quantiles(QUANTILE_LEVELS),
    )  # fmt: skip


def test_simulation_peer(benchmark, plan: Plan) -> None:
    measure(
        benchmark,
        "simulation",
        "peer",
        NUMPY,
        steps(plan, PATHS),
        lambda: simulate_numpy(plan, PATHS, 1, QUANTILE_LEVELS),
        rounds=1 if QUICK else 3,
    )


def draw_shocks(n: int, *, law: bool) -> None:
    """Draw n shocks in blocks as the kernels do, or only their words."""
    key, normal = stream_keys(1, "floor")[0], law_of()
    low, high = np.arange(BLOCK, dtype=np.uint32), np.zeros(BLOCK, np.uint32)
    words, shocks = np.empty((4, BLOCK), np.uint32), np.empty(BLOCK, np.float32)
    for block in range(n // (4 * BLOCK)):
        fill_words(key, low, high, block, 1, words)
        if law:
            for lane in words:
                fill_shocks(lane, normal, shocks)


@pytest.mark.parametrize("law", [False, True])
def test_shocks_ours(benchmark, law: bool) -> None:
    name = "shocks, Philox and normal law" if law else "shocks, Philox alone"
    measure(benchmark, name, "ours", "NumPy, float32 normals", 1_000_000, lambda: draw_shocks(1_000_000, law=law), "ns each")


def test_shocks_peer(benchmark) -> None:
    generator = np.random.Generator(np.random.SFC64(1))
    measure(
        benchmark, "shocks", "peer", "NumPy, float32 normals", 1_000_000,
        lambda: generator.standard_normal(1_000_000, dtype=np.float32), "ns each",
    )  # fmt: skip


@pytest.fixture(scope="module")
def in_turns(plan: Plan, place: Plan) -> dict[str, float]:
    """Median seconds of what stands in the narrow ratios below."""
    count = steps(plan, PATHS)
    fast, plain = (np.random.Generator(bits(1)) for bits in (np.random.SFC64, np.random.PCG64))
    one_size = {
        "whole run": lambda: simulate(plan, PATHS, threads=1).all_quantiles(QUANTILE_LEVELS),
        "its shocks alone": lambda: draw_shocks(shocks_drawn(plan, PATHS), law=True),
        "fastest normals": lambda: fast.standard_normal(count, dtype=np.float32),
        "default normals": lambda: plain.standard_normal(count, dtype=np.float32),
    }
    threads = {"two threads": lambda: simulate(plan, FEW, threads=2), "one thread": lambda: simulate(plan, FEW, threads=1)}
    sizes = {"many paths": lambda: simulate(place, MANY), "few paths": lambda: simulate(place, FEW)}
    return medians(one_size, STEADY) | medians(threads, ROUNDS) | medians(sizes, ROUNDS, {"few paths": FEW_RUNS})


RUN, NORMALS, SHOCKS = "whole run beside bare normals", "NumPy, one float32 normal a step", "its shocks alone"
NARROW = [
    # name, ours, peer, as what the peer is shown
    ("simulation over floor, 1 thread", "whole run", "its shocks alone", SHOCKS),
    (f"{RUN}, 1 thread", "whole run", "fastest normals", NORMALS),
    (f"{RUN} of the default generator, 1 thread", "whole run", "default normals", NORMALS),
    (f"two threads, {FEW:,} paths", "two threads", "one thread", "one thread"),
    (f"cost of {MANY:,} paths", "many paths", "few paths", f"{FEW:,} paths"),
]


@pytest.mark.parametrize("side", ["ours", "peer"])
@pytest.mark.parametrize("row", NARROW, ids=[row[0] for row in NARROW])
def test_narrow_ratios(
    benchmark, in_turns: dict[str, float], plan: Plan, place: Plan, row: tuple[str, str, str, str], side: str
) -> None:
    """The whole run beside its shocks alone and beside one normal a step; two threads beside one, with as many paths as leave what only one
    thread does in a small share; many paths beside few."""
    name, ours, peer, shown = row
    work = {
        "many paths": steps(place, MANY),
        "few paths": steps(place, FEW),
        "two threads": steps(plan, FEW),
        "one thread": steps(plan, FEW),
    }
    of = ours if side == "ours" else peer
    benchmark.extra_info.update(name=name, side=side, peer_name=shown, unit="ns a step", work=work.get(of, steps(plan, PATHS)))
    wait_out(benchmark, in_turns[of])


def test_twin_ours(benchmark, place: Plan) -> None:
    measure(benchmark, "few paths", "ours", "plain Python", steps(place, 200), lambda: simulate(place, 200, threads=1))


def test_twin_peer(benchmark, place: Plan) -> None:
    def walk() -> None:
        twin = Twin(place, 1, PATHS_PER_DRAW)
        for path in range(20):
            for number in range(len(place.series)):
                twin.levels(number, path)

    measure(benchmark, "few paths", "peer", "plain Python", steps(place, 20), walk, rounds=3)


@pytest.mark.parametrize(("side", "horizon"), [("ours", 2030), ("peer", 2015)])
def test_many_years(benchmark, belief: Belief, side: str, horizon: int) -> None:
    plan = make_plan(belief, [], horizon, places=None)
    measure(benchmark, "cost to 2030", side, "to 2015", steps(plan, PATHS), lambda: simulate(plan, PATHS))


@pytest.mark.parametrize("side", ["ours", "peer"])
def test_many_series(benchmark, plan: Plan, place: Plan, side: str) -> None:
    one = plan if side == "ours" else place
    paths = PATHS if side == "ours" else 10 * PATHS
    measure(benchmark, "cost of all series", side, "one place", steps(one, paths), lambda: simulate(one, paths))


def errors(plan: Plan, sobol: bool) -> float:
    """Root mean square Monte Carlo error of the odds of a plan's events, over seeds."""
    found = [[simulate(plan, PATHS, seed, sobol=sobol).odds(event.name).probability for event in plan.events] for seed in range(20)]
    return float(np.sqrt(np.mean(np.var(found, axis=0, ddof=1))))


@pytest.mark.parametrize("method", ["given own shocks", "Sobol"])
def test_time_to_an_error_ours(benchmark, place: Plan, method: str) -> None:
    """Time x squared error: what a given error costs; its square root would be the error at a given cost."""
    error = errors(place, method == "Sobol")
    measure(
        benchmark, f"time to an error of .002, {method}", "ours", "counting hits", (error / 0.002) ** -2 * 1e6,
        lambda: simulate(place, PATHS, sobol=method == "Sobol"), "ms",
    )  # fmt: skip


def test_time_to_an_error_peer(benchmark, place: Plan) -> None:
    outcomes = [simulate(place, PATHS, seed) for seed in range(20)]
    hits = np.arange(PATHS_PER_DRAW + 1)
    counted = [one.draw_counts @ hits / one.paths for one in outcomes]
    error = float(np.sqrt(np.mean(np.var(counted, axis=0, ddof=1))))
    measure(
        benchmark, "time to an error of .002", "peer", "counting hits", (error / 0.002) ** -2 * 1e6,
        lambda: simulate(place, PATHS), "ms",
    )  # fmt: skip


PEAK = """
import re, sys
from pathlib import Path
from data import load_catalogue
from forecast import believe
from scenarios import make_plan, simulate
belief = believe(load_catalogue(), "2013-12-31")
simulate(make_plan(belief, [], 2020, places=["Suzhou"]), int(sys.argv[1]), threads=2)
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()).group(1))
"""


@pytest.mark.parametrize(("side", "paths"), [("ours", MANY), ("peer", FEW)])
def test_peak_memory(benchmark, side: str, paths: int) -> None:
    """Peak memory of a process that simulates one place; where the system tells it (what getrusage says may be the parent's)."""
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory is read from /proc, which this system has not")
    done = subprocess.run([sys.executable, "-c", PEAK, str(paths)], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    benchmark.extra_info.update(
        name=f"peak memory of {MANY:,} paths", side=side, peer_name=f"{FEW:,} paths", unit="MB", value=int(done.stdout) / 1024
    )
    benchmark.pedantic(lambda: None, rounds=1)
