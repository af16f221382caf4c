"""Sobol's indices through the engine's own streams: test functions with known values, the Gaussian closed form, and laws of pick and freeze.

Indices are held against their true values within 4.5 standard errors, which are a quarter of the bootstrap's 95 % interval: one false alarm in
some 150,000 comparisons, of which there are some forty. Seeds are fixed.
"""

from dataclasses import replace
from math import inf, pi
from types import MappingProxyType

import numpy as np
import pytest

from data import Catalogue
from forecast import predict
from forecast.belief import Belief
from scenarios import Scenario
from scenarios.plan import Amount
from scenarios.pushes import drawn
from scenarios.shocks import SplitSeed, stream_keys
from scenarios.variance_shares import VarianceShare, shares_of, stream_groups, variance_shares
from tests.scenarios.questions import BASELINE, CITY, JOBS, MONEY, early, growth_lever, question, scenario_of, single_node

SAMPLES = 8192
ERRORS = 4.5


def streamed(names: list[str], low: float = 0.0, high: float = 1.0):
    """Inputs of a test function (n_inputs, n): what the engine draws for amounts of these names under a seed."""
    amounts = [Amount(name, lambda u: low + (high - low) * u) for name in names]
    return lambda seed: np.array([drawn(amount, seed, 0, SAMPLES) for amount in amounts])


def groups_of(names: list[str]) -> dict[str, frozenset[str]]:
    return {name: frozenset([f"amount|{name}"]) for name in names}


def assert_near(found: VarianceShare, first: float, total: float) -> None:
    for estimate, low, high, wanted in (
        (found.first, found.first_low, found.first_high, first),
        (found.total, found.total_low, found.total_high, total),
    ):
        assert low <= high
        assert abs(estimate - wanted) <= ERRORS * (high - low) / 3.92 + 1e-12


def test_ishigami_has_its_known_indices() -> None:
    """Ishigami and Homma (1990) with a = 7 and b = .1; closed forms in Saltelli and others (2000)."""
    names, a, b = ["first", "second", "third"], 7.0, 0.1
    inputs = streamed(names, -pi, pi)

    def run(seed: int | SplitSeed) -> np.ndarray:
        x = inputs(seed)
        return (np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0]))[None]

    parts = {"1": (1 + b * pi**4 / 5) ** 2 / 2, "2": a**2 / 8, "13": 8 * b**2 * pi**8 / 225}
    variance = sum(parts.values())
    first = {"first": parts["1"], "second": parts["2"], "third": 0.0}
    total = {"first": parts["1"] + parts["13"], "second": parts["2"], "third": parts["13"]}
    for one in variance_shares(run, groups_of(names), ("y",), 1):
        assert_near(one, first[one.group] / variance, total[one.group] / variance)


def test_the_function_g_has_its_known_indices() -> None:
    """Sobol's G: the product of (|4 x - 2| + a) / (1 + a); Saltelli and Sobol (1995)."""
    weights = {"a": 0.0, "b": 0.5, "c": 3.0, "d": 9.0, "e": 99.0}
    inputs = streamed(list(weights))

    def run(seed: int | SplitSeed) -> np.ndarray:
        x, a = inputs(seed), np.array(list(weights.values()))[:, None]
        return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=0)[None]

    parts = {name: 1 / (3 * (1 + a) ** 2) for name, a in weights.items()}
    whole = np.prod([1 + part for part in parts.values()])
    for one in variance_shares(run, groups_of(list(weights)), ("y",), 7):
        part = parts[one.group]
        assert_near(one, part / (whole - 1), part * whole / (1 + part) / (whole - 1))


def test_a_sum_of_independent_parts_has_shares_that_add_up_and_a_constant_none() -> None:
    names = ["x", "y", "z", "unused"]
    inputs = streamed(names)

    def run(seed: int | SplitSeed) -> np.ndarray:
        x = inputs(seed)
        return np.array([x[0] + 2 * x[1] + 3 * x[2], np.full(SAMPLES, 4.0)])

    found = variance_shares(run, groups_of(names), ("sum", "constant"), 3)
    of_sum = {one.group: one for one in found if one.outcome == "sum"}
    for name, weight in {"x": 1, "y": 4, "z": 9, "unused": 0}.items():
        assert_near(of_sum[name], weight / 14, weight / 14)
    assert (of_sum["unused"].first, of_sum["unused"].total) == (0.0, 0.0)
    error = sum(((one.first_high - one.first_low) / 3.92) ** 2 for one in of_sum.values()) ** 0.5
    assert abs(sum(one.first for one in of_sum.values()) - 1) < ERRORS * error
    assert {(one.first, one.total) for one in found if one.outcome == "constant"} == {(0.0, 0.0)}


@pytest.mark.parametrize(("target", "scenario"), [
    (CITY, BASELINE),
    (MONEY, scenario_of([growth_lever({"uniform": [0, 6]}, "City 3")], [{"common_shock": {"year": 2014, "percent": -20, "probability": 0.5}}])),
    (MONEY, scenario_of(assumptions=[
        {"correlation": {"places": ["City 3", "City 4"], "coefficient": {"uniform": [0.2, 0.9]}}},
        {"breaks": {"probability": {"uniform": [0, 0.4]}, "factor": 3}},
        {"exchange_rate": {"pair": "CNY/USD", "path": {2014: {"uniform": [5, 7]}}, "volatility": {"uniform": [0.01, 0.1]}}},
    ])),
    (MONEY, scenario_of([{"target": {"target": MONEY, "value": {"uniform": [5e10, 7e10]}}}], [{"tails": {"freedom": {"uniform": [3, 30]}}}])),
    (JOBS, scenario_of([{"programme": {"places": ["City 2"], "measure": "employees", "years": [2013, 2015], "level": {"uniform": [0, 20000]}}}])),
])  # fmt: skip
def test_the_groups_hold_every_stream_and_each_a_part_of_them(
    small_catalogue: Catalogue, small_belief: Belief, target: str, scenario: Scenario
) -> None:
    """All groups drawn anew give the run of the other seed to the bit, none of them that of the first, each alone another."""
    asked = question(small_catalogue, early(small_belief), target, scenario)
    groups = stream_groups(asked)
    first, second = asked.margins(500, 1), asked.margins(500, -2)
    every = frozenset().union(*groups.values())
    assert sum(len(streams) for streams in groups.values()) == len(every)
    np.testing.assert_array_equal(asked.margins(500, SplitSeed(1, -2, every)), second)
    np.testing.assert_array_equal(asked.margins(500, SplitSeed(1, -2, frozenset(["of nobody"]))), first)
    for streams in groups.values():
        assert (asked.margins(500, SplitSeed(1, -2, streams)) != first).any()


def test_a_split_seed_keys_streams_by_their_names() -> None:
    split = SplitSeed(4, 9, frozenset(["b"]))
    np.testing.assert_array_equal(stream_keys(split, "a", "b"), [stream_keys(4, "a")[0], stream_keys(9, "b")[0]])


def test_shares_of_the_level_obey_the_gaussian_closed_form(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """One node, normal shocks: ln(level) is a sum, so first-order and total shares are those of its variances."""
    belief = single_node(small_belief)
    belief = replace(belief, families=MappingProxyType({name: replace(one, tail=inf) for name, one in belief.families.items()}))
    asked = question(small_catalogue, belief)
    family, one = belief.families["contracts"], asked.one
    variance = predict(belief, one, 2015).log_moments()[1][-1]
    steps = np.arange(3)
    shocks = family.common_shock**2 * (np.cumsum(family.fade[0] ** steps) ** 2).sum()
    own = one.own_shock[0] ** 2 * (np.cumsum(family.persistence[0] ** steps) ** 2).sum() + one.level_noise[0] ** 2
    fading = family.persistence[0] * (1 - family.persistence[0] ** 3) / (1 - family.persistence[0])
    state = np.array([1.0, 3.0, fading])
    series = state @ one.covariance[0] @ state
    wanted = {
        "what is believed of the contracts family": variance - shocks - own - series,
        "shocks to the contracts family": shocks,
        "what is believed of the series": series,
        "own shocks of the series": own,
    }
    found = {one.group: one for one in shares_of(asked) if one.outcome == "level"}
    assert set(found) == set(wanted)
    for group, part in wanted.items():
        assert_near(found[group], part / variance, part / variance)


def test_a_share_alone_is_never_more_than_in_all(small_catalogue: Catalogue, small_belief: Belief) -> None:
    scenario = scenario_of([growth_lever({"uniform": [0, 12]}, "City 3")])
    found = shares_of(question(small_catalogue, small_belief, MONEY, scenario))
    groups = {one.group for one in found}
    assert {"exchange rate", "growth of City 3, contract_value_executed, 2013-2015: points"} < groups
    for one in found:
        error = ((one.first_high - one.first_low) ** 2 + (one.total_high - one.total_low) ** 2) ** 0.5 / 3.92
        assert one.first <= one.total + ERRORS * error


def test_more_samples_narrow_the_interval_and_a_seed_repeats_it(small_catalogue: Catalogue, small_belief: Belief) -> None:
    few, many = (shares_of(question(small_catalogue, small_belief, paths=paths)) for paths in (512, 8192))
    assert many == shares_of(question(small_catalogue, small_belief, paths=8192))
    for less, more in zip(few, many, strict=True):
        assert more.first_high - more.first_low < less.first_high - less.first_low


def test_the_bootstrap_covers() -> None:
    """95 % intervals of a known share over 100 seeds: 89 or more cover, fewer in one of 100 sets of seeds (binomial)."""
    names = ["x", "y"]
    amounts = [Amount(name, lambda u: u) for name in names]

    def run(seed: int | SplitSeed) -> np.ndarray:
        x = np.array([drawn(amount, seed, 0, 512) for amount in amounts])
        return (x[0] + x[0] * x[1])[None]

    # x + xy: the mean given x is 1.5 x, the variance 1/3 (1 + 1 + 1/3) - (3/4)**2.
    wanted = (2.25 / 12) / (7 / 9 - 9 / 16)
    covered = 0
    for seed in range(100):
        one = variance_shares(run, groups_of(names), ("y",), seed)[0]
        covered += one.first_low <= wanted <= one.first_high
    assert covered >= 89
