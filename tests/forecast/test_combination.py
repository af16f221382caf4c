"""The combination: weights by length and horizon, one history as many, and series that the methods are not heard on."""

import json

import numpy as np
import pytest

from forecast.combination import MEMBERS, STORED, forecast_many, predict_combined, prepared_histories, refusal, stored_stack
from forecast.history_kernels import METHODS
from forecast.reference_class import predict_reference, stored_class
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


def test_weights_sum_to_one_and_short_histories_hear_the_class_alone():
    stack = stored_stack()
    for levels in (1, 7, 8, 12, 20, 500):
        weights = stack.weights(levels, 9)
        np.testing.assert_allclose(weights.sum(axis=0), 1.0)
        assert (weights >= 0).all()
        assert (weights[:, 6:] == weights[:, 5:6]).all()
    assert stack.weights(stack.fewest - 1, 3).tolist() == np.eye(METHODS + 1)[:, :1].repeat(3, axis=1).tolist()


def test_the_mixture_holds_each_member_with_its_weight():
    """Each fifth of the normals belongs to a member; the first is the class itself."""
    found, alone = predict_combined(series_of(GROWING[:12]), 2014), predict_reference(series_of(GROWING[:12]), 2014)
    by_member = found.weights.reshape(METHODS + 1, -1, 3).sum(axis=1)
    np.testing.assert_allclose(by_member, stored_stack().weights(12, 3), rtol=1e-9)
    np.testing.assert_allclose(found.mean.reshape(METHODS + 1, -1, 3)[0], alone.mean)
    drift = np.exp(GROWING[11]) + np.arange(1, 4) * (np.exp(GROWING[11]) - np.exp(GROWING[0])) / 11
    centre = (found.weights * found.mean).reshape(METHODS + 1, -1, 3)[MEMBERS.index("drift")].sum(axis=0) / by_member[-1]
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
    assert predict_combined(gapped, 2010).mean.shape[0] == stored_class().nodes.log_prior.size


@pytest.mark.parametrize("bad", [[], [1.0, -2.0], [1.0, np.nan], [np.inf], [0.0]])
def test_a_history_that_is_no_history_is_named(bad):
    with pytest.raises(ValueError, match="history 1"):
        forecast_many([np.array([1.0, 2.0]), np.array(bad)], 2, LEVELS)


@pytest.mark.parametrize(("histories", "ahead"), [([], 2), ([np.array([1.0])], 0)])
def test_nothing_to_forecast_is_refused(histories, ahead):
    with pytest.raises(ValueError, match="at least one of each"):
        forecast_many(histories, ahead, LEVELS)


def test_conditions_are_prepared_once():
    assert prepared_histories(stored_class(), 3) is prepared_histories(stored_class(), 3)


def test_the_stored_weights_say_where_they_come_from():
    content = json.loads(STORED.read_text(encoding="utf-8"))
    assert "m4comp2016" in content["learned_on"]
    assert content["script"] == "benchmarks/learn_stack.py"
    assert [band["fewest"] for band in content["bands"]] == [8, 12, 20]
