"""The combination: weights by volatility and length, one history as many, and series that the methods are not heard on."""

import json

import numpy as np
import pytest

from forecast.combination import MEMBERS, STORED, forecast_many, predict_combined, prepared_histories, refusal, stored_stack
from forecast.history_kernels import METHODS
from forecast.reference_class import stored_class
from forecast.reference_prediction import predict_reference
from forecast.series import Series, SeriesKey

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
GROWING = np.cumsum(np.random.default_rng(3).normal(0.05, 0.1, 30)) + 4.0


def series_of(log_level, years=None):
    n = len(log_level)
    years = tuple(range(2000, 2000 + n)) if years is None else years
    return Series(
        SeriesKey("A", "b", "total", "USD"), years, np.asarray(log_level, dtype=float), np.zeros((n, n)), (True,) * n, (), ((),) * n
    )


@pytest.mark.parametrize("length", [1, 2, 7, 8, 12, 20, 30])
@pytest.mark.parametrize("combined", [True, False])
def test_many_histories_are_forecast_as_one_by_one(length, combined):
    history = GROWING[-length:]
    many = forecast_many([np.exp(GROWING[:9]), np.exp(history)], 5, LEVELS, combined=combined)[1]
    predict = predict_combined if combined else predict_reference
    one = predict(series_of(history), 2000 + length + 4).quantiles(LEVELS)
    np.testing.assert_allclose(many, one, rtol=1e-7)


@pytest.mark.parametrize("volatility", [0.0, 0.001, 0.05, 0.5, 30.0])
@pytest.mark.parametrize("count", [8, 20, 60, 1000])
def test_weights_sum_to_one_and_nobody_is_silenced(volatility, count):
    weights = stored_stack().weights(volatility, count)
    assert weights.sum() == pytest.approx(1.0)
    assert (weights > 0).all()


def test_volatile_histories_hear_the_methods_more_and_the_damped_trend_needs_years():
    stack, damped = stored_stack(), MEMBERS.index("damped trend")
    for count in (8, 16, 40):
        assert stack.weights(0.02, count)[0] > stack.weights(0.1, count)[0] > stack.weights(0.3, count)[0]
    for volatility in (0.02, 0.1, 0.3):
        assert stack.weights(volatility, 8)[damped] < stack.weights(volatility, 16)[damped] < stack.weights(volatility, 40)[damped]


def test_few_lessons_lie_beyond_the_bounds_so_the_weights_stay_there():
    stack = stored_stack()
    np.testing.assert_array_equal(stack.weights(0.5, 60), stack.weights(5.0, 600))


@pytest.mark.parametrize("factor", [1e-6, 1e9])
def test_the_unit_scales_the_forecast(factor):
    plain, scaled = (forecast_many([by * np.exp(GROWING)], 4, LEVELS) for by in (1.0, factor))
    np.testing.assert_allclose(scaled, factor * plain, rtol=1e-7)


def test_the_mixture_holds_each_member_with_its_weight():
    """Each fifth of the normals belongs to a member; the first is the class itself."""
    found, alone = predict_combined(series_of(GROWING[:12]), 2014), predict_reference(series_of(GROWING[:12]), 2014)
    by_member = found.weights.reshape(METHODS + 1, -1).sum(axis=1)
    volatility = np.diff(GROWING[:12]).std(ddof=1)
    np.testing.assert_allclose(by_member, stored_stack().weights(volatility, 12), rtol=1e-9)
    np.testing.assert_allclose(found.mean.reshape(METHODS + 1, -1, 3)[0], alone.mean)
    drift = np.exp(GROWING[11]) + np.arange(1, 4) * (np.exp(GROWING[11]) - np.exp(GROWING[0])) / 11
    centre = (found.weights[:, None] * found.mean).reshape(METHODS + 1, -1, 3)[MEMBERS.index("drift")].sum(axis=0) / by_member[-1]
    np.testing.assert_allclose(centre, np.log(drift), rtol=1e-9)


def test_a_method_may_not_run_away():
    """Drift would fall below zero; it is held at three standard deviations of the class."""
    falling = np.log(np.concatenate([[1000.0, 900, 700, 600, 400], np.linspace(300, 20, 5)]))
    found, alone = predict_combined(series_of(falling), 2015), predict_reference(series_of(falling), 2015)
    mean, variance = alone.log_moments()
    assert (found.mean.reshape(METHODS + 1, -1, 6).mean(axis=1) > mean - 10 * np.sqrt(variance)).all()
    assert np.isfinite(found.quantiles(LEVELS)).all()


def test_who_is_not_heard_and_why():
    assert refusal(series_of(GROWING[:8])) is None
    assert "8 years" in str(refusal(series_of(GROWING[:7])))
    gapped = series_of(GROWING[:8], years=(2000, *range(2002, 2009)))
    assert "gaps" in str(refusal(gapped))
    assert predict_combined(gapped, 2010).mean.shape[0] == stored_class(8).nodes.log_prior.size


@pytest.mark.parametrize("bad", [[], [1.0, -2.0], [1.0, np.nan], [np.inf], [0.0]])
def test_a_history_that_is_no_history_is_named(bad):
    with pytest.raises(ValueError, match="history 1"):
        forecast_many([np.array([1.0, 2.0]), np.array(bad)], 2, LEVELS)


@pytest.mark.parametrize(("histories", "ahead"), [([], 2), ([np.array([1.0])], 0)])
def test_nothing_to_forecast_is_refused(histories, ahead):
    with pytest.raises(ValueError, match="at least one of each"):
        forecast_many(histories, ahead, LEVELS)


def test_conditions_are_prepared_once():
    assert prepared_histories(3) is prepared_histories(3)


def test_the_stored_weights_say_where_they_come_from():
    content = json.loads(STORED.read_text(encoding="utf-8"))
    assert "m4comp2016" in content["learned_on"]
    assert content["script"] == "benchmarks/learn_stack.py"
    assert content["fewest"] == stored_stack().fewest == 8
    assert set(content["score"]) == {"latest", "latest, volatile", "all", "all, volatile"}
    gains = {name: row["log_score"] - row["log_score_class_alone"] for name, row in content["score"].items()}
    assert gains.pop("latest, volatile") > -0.005  # there the class alone is as good: .199 beside .196
    assert min(gains.values()) > 0
    assert all(76 <= row["coverage_80"] <= 86 for row in content["score"].values())
