"""Predictions: the closed form with both speeds by hand, the joint twin, and laws of any forecast."""

from dataclasses import replace
from math import exp, log, sqrt
from types import MappingProxyType

import numpy as np
import pytest
from scipy.stats import lognorm, norm

from forecast.belief import Belief, FamilyBelief, SeriesBelief, family_belief, series_belief
from forecast.pooling import eliminate, pool
from forecast.prediction import (
    QUANTILE_LEVELS,
    Prediction,
    data_weight,
    extended_common,
    own_shock_variances,
    predict,
    trend_moments,
)
from forecast.priors import PRIORS
from forecast.reconstruction import reconstruct
from tests.conftest import VINTAGE_2013
from tests.forecast.conftest import made_series
from tests.made_up import without_tails
from tests.reference.pooling_reference import joint_node

EXECUTED = "contract_value_executed"
CONTRACTS = PRIORS["contracts"]


def belief_of(series, nations=frozenset({"China"}), prior=CONTRACTS):
    """The belief that follows from series of one family, in the order given."""
    pooled = pool(series, set(nations), prior)
    members = [series_belief(one, pooled.member(i), pooled) for i, one in enumerate(series)]
    families = MappingProxyType({prior.family: family_belief(pooled, prior)})
    return Belief("9999-12-31", families, tuple(members), MappingProxyType({prior.family: prior}))


# One node by hand

FADE, PERSISTENCE = 0.6, 0.35
OMEGA, SIGMA, NOISE = 0.08, 0.14, 0.05
M, F, D, A, TREND = 0.104, 0.21, 0.02, 0.06, 3.0
VAR_M, VAR_F, VAR_D, VAR_A, VAR_TREND = 0.0004, 0.003, 0.002, 0.015, 0.0009


@pytest.fixture(scope="module")
def one_node():
    """A family and a series of one node whose unknowns are independent of each other."""
    family = FamilyBelief(
        "contracts", 2012, 2012, np.ones(1), np.array([FADE]), np.array([PERSISTENCE]), np.array([[M, F]]), np.diag([VAR_M, VAR_F])[None], OMEGA
    )  # fmt: skip
    series = SeriesBelief(
        made_series("City", (2011, 2012), (15.0, 20.0)), "contracts", np.array([[TREND, D, A]]), np.zeros((1, 3, 2)),
        np.diag([VAR_TREND, VAR_D, VAR_A])[None], np.array([SIGMA]), np.array([NOISE]),
    )  # fmt: skip
    return Belief("", MappingProxyType({"contracts": family}), (series,), MappingProxyType({"contracts": CONTRACTS}))


def still_to_come(kept, horizon):
    """What a deviation of one still adds in `horizon` years: kept + kept² + ... (D_h of METHOD D3)."""
    return kept * (1 - kept**horizon) / (1 - kept)


def test_mean_and_variance_with_both_speeds_by_hand(one_node):
    prediction = predict(one_node, one_node.series[0], 2020)
    assert prediction.years == tuple(range(2013, 2021))
    for horizon in range(1, 9):
        slow, fast = still_to_come(FADE, horizon), still_to_come(PERSISTENCE, horizon)
        mean = TREND + horizon * (M + D) + slow * F + fast * A
        known = VAR_TREND + horizon**2 * (VAR_M + VAR_D) + slow**2 * VAR_F + fast**2 * VAR_A
        # A shock of year j of h works on for h - j years: 1 + kept + ... = (1 - kept^(h - j + 1)) / (1 - kept).
        shocks = sum(
            (OMEGA * (1 - FADE**j) / (1 - FADE)) ** 2 + (SIGMA * (1 - PERSISTENCE**j) / (1 - PERSISTENCE)) ** 2
            for j in range(1, horizon + 1)
        )
        assert prediction.mean[0, horizon - 1] == pytest.approx(mean, abs=1e-12)
        assert prediction.variance[0, horizon - 1] == pytest.approx(known + shocks + NOISE**2, rel=1e-12)


def test_the_worked_example_of_the_method():
    """METHOD D3: persistence .35, shocks of .15, five years ahead give a variance of .2167."""
    assert own_shock_variances(np.array([0.35]), np.array([0.15]), 5)[-1, 0] == pytest.approx(0.2167, abs=5e-5)


def test_the_closed_form_equals_paths_written_out(one_node):
    """200,000 paths year by year; four standard errors, error of the first kind below .02 % in all for two figures."""
    rng, paths = np.random.default_rng(12), 200_000
    m, common = M + sqrt(VAR_M) * rng.standard_normal(paths), F + sqrt(VAR_F) * rng.standard_normal(paths)
    lasting, own = D + sqrt(VAR_D) * rng.standard_normal(paths), A + sqrt(VAR_A) * rng.standard_normal(paths)
    trend = TREND + sqrt(VAR_TREND) * rng.standard_normal(paths)
    for _ in range(4):
        common = FADE * common + OMEGA * rng.standard_normal(paths)
        own = PERSISTENCE * own + SIGMA * rng.standard_normal(paths)
        trend = trend + m + common + lasting + own
    level = trend + NOISE * rng.standard_normal(paths)
    mean, variance = (moment[3] for moment in predict(one_node, one_node.series[0], 2016).log_moments())
    assert abs(level.mean() - mean) < 4 * sqrt(variance / paths)
    assert abs(level.var() / variance - 1) < 4 * sqrt(2 / paths)


def test_one_node_is_a_lognormal(one_node):
    prediction = predict(one_node, one_node.series[0], 2014)
    mean, sd = prediction.mean[0, 1], sqrt(prediction.variance[0, 1])
    for level in QUANTILE_LEVELS:
        assert prediction.quantile(level)[1] == pytest.approx(exp(mean + sd * norm.ppf(level)), rel=1e-9)
    assert prediction.level_mean()[1] == pytest.approx(lognorm.mean(sd, scale=exp(mean)))
    assert prediction.probability_at_least(log(30), 2014) == pytest.approx(norm.sf(log(30), mean, sd))


# Against the joint twin


def test_predictions_equal_the_joint_conditioning_at_every_node(one_a_place):
    belief = without_tails(belief_of(one_a_place))
    family = belief.families["contracts"]
    nodes = pool(one_a_place, {"China"}, CONTRACTS).nodes
    for k in range(0, len(family.weights), 4):
        twin = joint_node(one_a_place, {"China"}, CONTRACTS, nodes.fade[k], nodes.persistence[k], nodes.scale[k], 2017)
        for one, coming in zip(belief.series, twin.coming, strict=True):
            mean, covariance = twin.posterior(list(coming.values()))
            prediction = predict(belief, one, 2017)
            assert prediction.years == tuple(coming)
            np.testing.assert_allclose(prediction.mean[k], mean, atol=1e-8)
            np.testing.assert_allclose(prediction.variance[k], np.diag(covariance), atol=1e-8)


# Mixtures


def test_moments_of_a_mixture_by_hand():
    two = Prediction((2013,), np.array([0.25, 0.75]), np.array([[0.0], [1.0]]), np.array([[0.04], [0.09]]))
    mean, variance = two.log_moments()
    # Mean .75; variance .25 x .04 + .75 x .09 + .25 x .75 x 1².
    assert (mean[0], variance[0]) == pytest.approx((0.75, 0.01 + 0.0675 + 0.1875))
    assert two.level_mean()[0] == pytest.approx(0.25 * exp(0.02) + 0.75 * exp(1.045))
    assert two.probability_at_least(0.5, 2013) == pytest.approx(0.25 * norm.sf(2.5) + 0.75 * norm.cdf(0.5 / 0.3))


def test_the_mean_level_is_the_mean_of_its_quantiles(small_belief):
    prediction = predict(small_belief, small_belief.find(f"City A|{EXECUTED}|total|USD"), 2015)
    middles = (np.arange(1000) + 0.5) / 1000
    np.testing.assert_allclose(
        np.mean([prediction.quantile(share) for share in middles], axis=0), prediction.level_mean(), rtol=2e-3
    )


def test_quantiles_rise_with_their_probability_and_undo_it(belief_2013):
    for one in belief_2013.series[::10]:
        prediction = predict(belief_2013, one, one.series.origin + 6)
        quantiles = np.array([prediction.quantile(level) for level in QUANTILE_LEVELS])
        assert np.all(np.diff(quantiles, axis=0) > 0)
        for level, values in zip(QUANTILE_LEVELS, quantiles, strict=True):
            reached = [
                prediction.probability_at_least(log(value), year) for value, year in zip(values, prediction.years, strict=True)
            ]
            np.testing.assert_allclose(reached, 1 - level, atol=1e-9)


# Laws


def test_every_forecast_grows_less_certain_with_time(belief_2013):
    for one in belief_2013.series:
        assert np.all(np.diff(predict(belief_2013, one, one.series.origin + 8).log_moments()[1]) > 0)


def test_a_longer_horizon_changes_no_earlier_year(small_belief):
    for one in small_belief.series:
        short, long = predict(small_belief, one, 2014), predict(small_belief, one, 2020)
        # To rounding: a longer common vector is added up in another order.
        np.testing.assert_allclose(long.mean[:, : len(short.years)], short.mean, rtol=1e-14)
        np.testing.assert_allclose(long.variance[:, : len(short.years)], short.variance, rtol=1e-13)


def with_last_growth(one, change):
    """The same last level, reached by a last growth higher by `change`: every earlier level is lower."""
    return replace(one, log_level=one.log_level - change * (np.array(one.years) < one.origin))


@pytest.mark.parametrize("number", [0, 2, 4])
def test_higher_last_growth_gives_a_higher_forecast_of_figures_with_little_noise(one_a_place, number):
    """METHOD D0.2: the response to the last growth is monotone, at every horizon and over a wide range."""
    quiet = [replace(one, key=one.key._replace(measure=EXECUTED)) for one in one_a_place]
    medians = []
    for change in (-0.4, -0.2, 0.0, 0.2, 0.4):
        changed = [with_last_growth(one, change) if i == number else one for i, one in enumerate(quiet)]
        belief = belief_of(changed)
        medians.append(np.log(predict(belief, belief.series[number], changed[number].origin + 6).quantile(0.5)))
    assert np.all(np.diff(medians, axis=0) > 0.01)
    # Growth fades: in the sixth year less than six times the change is left.
    assert np.all(np.ptp(medians, axis=0) < 0.8 * np.arange(1, 7))


@pytest.mark.parametrize("family", sorted(PRIORS))
def test_a_stronger_last_year_lowers_the_forecast_of_no_bundled_series(catalogue, family):
    """METHOD D0.2, at every horizon and for every measure: level noise must not outweigh what lasts of a year's growth."""
    known = catalogue.known_by(VINTAGE_2013)
    families = dict(zip(known.measures["measure"], known.measures["family"], strict=True))
    members = [one for one in reconstruct(known) if families[one.key.measure] == family]
    pooled = pool(members, {"China"}, PRIORS[family])
    kept = pooled.nodes.persistence
    for one in members:
        variants = (one, with_last_growth(one, 0.2))
        said = eliminate(variants, pooled.nodes, PRIORS[family], {"China"}, pooled.first_year, pooled.last_year)
        (_, before), (_, after) = said
        for horizon in range(1, 9):
            # The common vector is held fixed; through it a stronger year can only raise the forecast further.
            effect = np.stack([np.ones_like(kept), np.full_like(kept, horizon), still_to_come(kept, horizon)], axis=1)
            assert pooled.weights @ np.einsum("ki,ki->k", effect, after.base - before.base) >= 0, (one.key, horizon)


def test_growth_of_the_others_raises_a_one_point_city(one_a_place):
    medians = []
    for change in (0.0, 0.2):
        changed = [with_last_growth(one, change) for one in one_a_place]
        belief = belief_of(changed)
        medians.append(predict(belief, belief.series[3], 2016).quantile(0.5))
    assert np.all(medians[1] > medians[0])


def test_the_level_of_a_one_point_city_is_its_own(one_a_place):
    belief = belief_of(one_a_place)
    lonely = belief.series[3]
    (origin,) = lonely.series.log_level
    mean, _ = predict(belief, lonely, 2013).log_moments()
    family = belief.families["contracts"]
    expected = family.weights @ (family.common_mean[:, 0] + family.fade * family.common_mean[:, -1])
    assert mean[0] - origin == pytest.approx(expected, abs=1e-9)


def test_in_the_long_run_growth_returns_to_the_long_run_mean(one_a_place):
    """With m known and no lasting difference the yearly growth fifty years ahead is m."""
    prior = replace(CONTRACTS.with_long_run_sd(1e-3), lasting_sd=1e-4)
    belief = belief_of(one_a_place, prior=prior)
    for one in belief.series:
        mean, _ = predict(belief, one, 2062).log_moments()
        # Fade .8 leaves 1e-5 of a boom after fifty years.
        assert mean[-1] - mean[-2] == pytest.approx(prior.long_run_mean, abs=1e-4)
        assert abs(mean[0] - one.series.log_level[-1] - prior.long_run_mean) > 0.02


def test_scale_and_calendar_do_not_matter(one_a_place):
    """Other units and other years: the same forecast, shifted."""
    moved = [replace(one, years=tuple(year + 7 for year in one.years), log_level=one.log_level + log(6.3)) for one in one_a_place]
    first, second = belief_of(one_a_place), belief_of(moved)
    for one, two in zip(first.series, second.series, strict=True):
        before, after = predict(first, one, 2018), predict(second, two, 2025)
        assert after.years == tuple(year + 7 for year in before.years)
        np.testing.assert_allclose(after.quantile(0.9), 6.3 * before.quantile(0.9), rtol=1e-8)


# Data weight


def test_one_point_has_no_weight_in_its_growth(small_belief):
    for horizon in (1, 3, 8):
        assert data_weight(small_belief, small_belief.find(f"City C|{EXECUTED}|total|USD"), horizon) == 0.0


def test_more_points_have_more_weight():
    years, levels = (2008, 2009, 2010, 2011, 2012), (0.2, 0.31, 0.38, 0.6, 0.8)
    weights = []
    for points in range(1, 6):
        belief = belief_of([made_series("City", years[-points:], levels[-points:])])
        weights.append(data_weight(belief, belief.series[0], 3))
    assert weights == sorted(weights)
    assert weights[0] == 0.0
    assert weights[1] > 0.02
    assert weights[-1] < 1.0


def test_coarser_figures_have_less_weight():
    weights = []
    for sd in (0.01, 0.1, 0.3):
        belief = belief_of([made_series("City", (2010, 2011, 2012), (0.38, 0.6, 0.8), sd=sd)])
        weights.append(data_weight(belief, belief.series[0], 2))
    assert weights[0] > weights[1] > weights[2] > 0


def test_a_nation_gains_no_weight_from_a_difference_it_cannot_have():
    """Figures so coarse that they say nothing: no weight, although d is known to be zero."""
    belief = belief_of([made_series("China", (2011, 2012), (20.0, 30.0), sd=30.0)])
    assert data_weight(belief, belief.series[0], 3) < 1e-3


def test_the_share_of_one_node_by_hand(one_node):
    """The prior of d has sd .05, that of a is what its shocks sustain; the own shocks to come are in both variances."""
    horizon = 3
    reach = still_to_come(PERSISTENCE, horizon)
    shocks = sum((SIGMA * (1 - PERSISTENCE**j) / (1 - PERSISTENCE)) ** 2 for j in range(1, horizon + 1))
    before = (horizon * 0.05) ** 2 + reach**2 * SIGMA**2 / (1 - PERSISTENCE**2) + shocks
    after = horizon**2 * VAR_D + reach**2 * VAR_A + shocks
    assert data_weight(one_node, one_node.series[0], horizon) == pytest.approx(1 - after / before)


def test_several_series_of_one_origin_have_the_moments_that_each_has():
    belief = belief_of([made_series(f"City {n}", (2010, 2011, 2012), (0.3, 0.5 + n / 10, 0.8)) for n in range(3)])
    (family,) = belief.families.values()
    extended = extended_common(family, 2016)
    mean, variance = trend_moments(family, belief.series, (2013, 2016), extended)
    for number, one in enumerate(belief.series):
        (alone,), (its,) = trend_moments(family, [one], (2013, 2016), extended)
        np.testing.assert_allclose(mean[number], alone, rtol=1e-13)
        np.testing.assert_allclose(variance[number], its, rtol=1e-13)
    assert np.abs(mean[0] - mean[1]).max() > 0.01
