"""Simulation-based calibration of the whole engine (METHOD, battery 3): worlds drawn from the priors, facts with our own gaps, believed in and
simulated; what really came must rank evenly among the futures, and targets must be met as often as their odds say.

200 worlds; `make sbc` takes 1,000. Each test has an error of the first kind of .1 %.
"""

import os
from dataclasses import replace
from math import inf, log

import numpy as np
import pytest
from scipy import stats

from data import Fact
from forecast.belief import believe
from forecast.priors import LEVEL_NOISE, PRIORS, SMOOTH, FamilyPrior
from scenarios import Event, make_plan, simulate
from tests.made_up import catalogue_of, level

WORLDS = int(os.environ.get("SOURCECAST_SBC", "200"))
MEASURE, ORIGIN, DUE = "contract_value_executed", 2012, 2015
FIRST_KNOWN = (2012,) * 6 + (2011,) * 10 + (2010,) * 2  # as here: a third with one year, most with two, a few with three
PATHS = 1_000


def world(prior: FamilyPrior, random: np.random.Generator) -> tuple[list[Fact], float, np.ndarray]:
    """Facts up to the origin, the long-run mean and ln(level) of every place in the due year, all drawn from the prior."""
    fade, persistence, scale = (
        float(random.choice([value for value, _ in weighted], p=[weight for _, weight in weighted]))
        for weighted in (prior.fade, prior.persistence, prior.scale)
    )
    own = prior.own_sd * scale
    noise = own * LEVEL_NOISE.get(MEASURE, SMOOTH)
    long_run = random.normal(prior.long_run_mean, prior.long_run_sd)
    first = min(FIRST_KNOWN)
    common = {first + 1: random.normal(0, prior.boom_sd)}
    for year in range(first + 2, DUE + 1):
        common[year] = fade * common[year - 1] + random.normal(0, prior.boom_shock if year <= ORIGIN else prior.common_shock)
    facts, due = [], []
    for number, begin in enumerate(FIRST_KNOWN):
        trend, lasting, passing = random.normal(20, 1), random.normal(0, prior.lasting_sd), random.normal(0, own)
        for year in range(begin, DUE + 1):
            if year > begin:
                trend += long_run + common[year] + lasting + passing
                passing = persistence * passing + random.normal(0, own * np.sqrt(1 - persistence**2))
            reported = trend + random.normal(0, noise)
            if year <= ORIGIN:
                facts.append(level(f"Town {number:02d}", MEASURE, year, float(np.exp(reported)), source="own.csv"))
        due.append(reported)
    return facts, long_run, np.array(due)


@pytest.fixture(scope="module")
def calibrated() -> dict[str, np.ndarray]:
    """For each world: ranks of what came, of the long-run mean, and odds with outcomes."""
    prior = replace(PRIORS["contracts"], tail=inf)
    found: dict[str, list[object]] = {"one year known": [], "two years known": [], "long-run mean": [], "odds": []}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forecast.belief.PRIORS", {**PRIORS, "contracts": prior})
        for number in range(WORLDS):
            random = np.random.default_rng([20131, number])
            facts, long_run, due = world(prior, random)
            belief = believe(catalogue_of(facts))
            one, two = (f"Town {place:02d}|{MEASURE}|total|USD" for place in (0, 6))
            known = belief.find(two)
            assert known is not None
            aim = float(known.series.log_level[-1]) + (DUE - ORIGIN) * log(1.25) + random.normal(0, 0.2)
            plan = make_plan(belief, [Event("aim", two, DUE, aim)], DUE, watched=[one, two])
            outcomes = simulate(plan, PATHS, seed=number, threads=1)
            for name, key, place in (("one year known", one, 0), ("two years known", two, 6)):
                series = belief.find(key)
                assert series is not None
                futures = outcomes.watched[key][DUE - plan.first_year] + series.series.log_level[-1]
                found[name].append(np.mean(futures < due[place]))
            family = belief.families["contracts"]
            sd = np.sqrt(family.common_covariance[:, 0, 0])
            found["long-run mean"].append(family.weights @ stats.norm.cdf((long_run - family.common_mean[:, 0]) / sd))
            found["odds"].append((outcomes.odds("aim").probability, due[6] >= aim))
    return {name: np.array(values, dtype=float) for name, values in found.items()}


@pytest.mark.parametrize("name", ["one year known", "two years known", "long-run mean"])
def test_what_came_ranks_evenly_among_the_futures(calibrated: dict[str, np.ndarray], name: str) -> None:
    counts = np.histogram(calibrated[name], bins=10, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > 0.001, counts
    # The chi-square test sees tails; this one sees a shift.
    assert stats.kstest(calibrated[name], "uniform").pvalue > 0.001


def test_targets_are_met_as_often_as_their_odds_say(calibrated: dict[str, np.ndarray]) -> None:
    odds, met = calibrated["odds"].T
    score = (met - odds).sum() / np.sqrt((odds * (1 - odds)).sum())
    assert abs(score) < 3.29
    # Spiegelhalter's test: odds that are too bold or too timid, not only too high or too low.
    weight = 1 - 2 * odds
    boldness = ((met - odds) * weight).sum() / np.sqrt((weight**2 * odds * (1 - odds)).sum())
    assert abs(boldness) < 3.29
    assert np.mean((met - odds) ** 2) < np.mean((met - met.mean()) ** 2)  # better than the base rate
