"""The calibration plot: what stands in its tables."""

import numpy as np
import pytest

from app.calibration_chart import NOMINAL, calibration_chart, coverage_table, odds_tables, pit_table
from forecast.backtest import YEARS, Backtest, Score


def scores_of(integrals, model="pooled", events=lambda n: ((0.3, n % 3 == 0), (0.1, n % 10 == 0))):
    return [
        Score(YEARS, model, f"s{n}", 2000 + n, 2001 + n, 2, 0.1, 0.1, 0.1, 0.1, float(value), 0.5, events(n))
        for n, value in enumerate(integrals)
    ]


EVEN = (np.arange(200) + 0.5) / 200


def test_even_outcomes_make_a_flat_histogram_and_full_coverage():
    pit = pit_table(scores_of(EVEN))
    assert list(pit["share"]) == pytest.approx([0.1] * 10)
    assert ((pit["low"] < 0.1) & (pit["high"] > 0.1)).all()
    assert list(pit["right"].iloc[:-1]) == pytest.approx(list(pit["left"].iloc[1:]))
    coverage = coverage_table(scores_of(EVEN))
    assert list(coverage["covered"]) == pytest.approx(list(NOMINAL))
    assert ((coverage["low"] < coverage["covered"]) & (coverage["covered"] < coverage["high"])).all()


def test_outcomes_at_the_ends_leave_the_bands():
    sure = np.where(EVEN < 0.5, 0.01, 0.99)
    assert (pit_table(scores_of(sure))["share"].iloc[[0, -1]] > pit_table(scores_of(sure))["high"].iloc[[0, -1]]).all()
    assert (coverage_table(scores_of(sure)).query("nominal < 0.95").eval("covered < low")).all()


def test_odds_are_counted_by_what_was_stated():
    bins, curve = odds_tables(scores_of(EVEN))
    assert list(bins["events"]) == [200, 200]
    assert list(bins["stated"]) == pytest.approx([0.1, 0.3])
    assert list(bins["happened"]) == pytest.approx([20 / 200, 67 / 200])
    assert (np.diff(curve["stated"]) >= 0).all()
    assert (np.diff(curve["happened"]) >= 0).all()
    assert odds_tables(scores_of(EVEN, events=lambda n: ()))[0].empty


def test_a_row_is_drawn_for_each_model_with_scores():
    run = Backtest((*scores_of(EVEN), *scores_of(EVEN[:9], "reference")), ("pooled", "reference", "ets"), (2000,), {})
    drawn = calibration_chart(run).to_dict()["vconcat"]
    assert [row["hconcat"][0]["title"] for row in drawn] == [
        "pooled: 200 forecasts of hidden years",
        "reference: 9 forecasts of hidden years (fewer than 25: no test)",
    ]
