"""The simulation kernel beside a vectorised NumPy twin that does the same work and yields the same outputs."""

import os

import pytest

from benchmarks.numpy_simulation import simulate_numpy
from data import load_catalogue
from forecast import believe
from scenarios.plan import Event, Plan, make_plan
from scenarios.simulation import simulate

HORIZON = 2020
QUICK = os.environ.get("SOURCECAST_QUICK_BENCH") == "1"
PATHS = 20_000 if QUICK else 100_000
ROUNDS = 3 if QUICK else 7


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Every contract series of a city in the bundled facts, each with one aim: to double within three years."""
    belief = believe(load_catalogue(), "2013-12-31")
    wanted = [
        one
        for one in belief.series
        if one.family == "contracts" and one.key.scope in ("total", "offshore") and one.key.unit == "USD"
    ]
    events = [
        Event(f"{one.key} doubles", str(one.key), one.series.origin + 3, float(one.series.log_level[-1]) + 0.693) for one in wanted
    ]
    return make_plan(belief, events, HORIZON)


def steps(plan: Plan) -> int:
    """One step = one series, year and path."""
    return PATHS * sum(plan.horizon - one.series.origin for one in plan.series)


def run(benchmark, plan: Plan, name: str, side: str, function) -> None:
    benchmark.extra_info.update(name=name, side=side, peer_name="vectorised NumPy", unit="ns a step", work=steps(plan))
    benchmark.pedantic(function, rounds=ROUNDS, iterations=1, warmup_rounds=1)


@pytest.mark.parametrize("threads", [1, 2])
def test_simulation_ours(benchmark, plan: Plan, threads: int) -> None:
    run(
        benchmark,
        plan,
        f"simulation, {threads} thread{'s' * (threads > 1)}",
        "ours",
        lambda: simulate(plan, PATHS, threads=threads),
    )


def test_simulation_peer(benchmark, plan: Plan) -> None:
    run(benchmark, plan, "simulation", "peer", lambda: simulate_numpy(plan, PATHS, 1))
