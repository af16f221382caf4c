"""Forecasts as rows."""

from math import exp, log, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from forecast import predict
from forecast.forecast_table import FORECAST_FIELDS, forecast_table, quantile_name, until
from forecast.prediction import QUANTILE_LEVELS
from tests.made_up import catalogue_of, level, stated

EXECUTED = "contract_value_executed"
QUANTILES = [name for name in FORECAST_FIELDS if name.startswith("q")]


@pytest.fixture(scope="module")
def rows(small_belief):
    return forecast_table(small_belief, "2015")


def test_names_of_quantiles():
    assert [quantile_name(level) for level in (0.025, 0.05, 0.1, 0.5, 0.95, 0.975)] == ["q025", "q05", "q10", "q50", "q95", "q975"]
    assert len(set(QUANTILES)) == len(QUANTILE_LEVELS) == 21


def test_every_row_has_every_field_in_order(rows):
    assert {tuple(row) for row in rows} == {FORECAST_FIELDS}


def test_known_years_come_first_then_the_coming_ones(small_belief, rows):
    for one in small_belief.series:
        mine = [row for row in rows if (row["place"], row["measure"]) == (one.key.place, one.key.measure)]
        assert [row["period"] for row in mine] == [str(year) for year in (*one.series.years, *range(one.series.origin + 1, 2016))]
        assert [row["observed"] is not None for row in mine] == [int(row["period"]) <= one.series.origin for row in mine]


def test_quantiles_of_a_row_rise_and_the_mean_lies_above_the_median(rows):
    for row in rows:
        values = [row[name] for name in QUANTILES]
        assert np.all(np.diff(values) > 0)
        assert row["mean"] > row["q50"]


def test_a_known_year_is_a_lognormal_around_its_level(small_belief, rows):
    one = small_belief.find(f"City B|{EXECUTED}|total|USD")
    row = next(row for row in rows if (row["place"], row["measure"], row["period"]) == ("City B", EXECUTED, "2011"))
    # 1.44 bn printed to ten million, in a document trusted to 3 %.
    sd = sqrt((1e7 / 1.44e9) ** 2 / 12 + 0.03**2)
    assert row["observed"] == one.series.level(2011) == pytest.approx(1.44e9, rel=1e-4)
    assert row["q90"] == pytest.approx(exp(log(1.44e9) + norm.ppf(0.9) * sd), rel=1e-4)
    assert row["mean"] == pytest.approx(exp(log(1.44e9) + sd**2 / 2), rel=1e-4)


def test_a_coming_year_is_the_prediction(small_belief, rows):
    prediction = predict(small_belief, small_belief.find(f"City B|{EXECUTED}|total|USD"), 2015)
    row = next(row for row in rows if (row["place"], row["measure"], row["period"]) == ("City B", EXECUTED, "2014"))
    assert row["mean"] == prediction.level_mean()[1]
    assert [row[name] for name in QUANTILES] == pytest.approx(
        [prediction.quantile(level)[1] for level in QUANTILE_LEVELS], rel=1e-7
    )


def test_a_horizon_may_count_years_from_the_last_one_known(small_belief, rows):
    # All series end in 2012.
    assert forecast_table(small_belief, "+3") == rows


@pytest.mark.parametrize("horizon", ["2012", "2009", "+0"])
def test_a_horizon_already_known_gives_known_years_only(small_belief, horizon):
    assert {row["observed"] is None for row in forecast_table(small_belief, horizon)} == {False}


def test_places_measures_and_scopes_choose(small_belief, rows):
    chosen = forecast_table(small_belief, "2015", places=["City A"], measures=["employees"], scopes=["total"])
    assert chosen == [row for row in rows if (row["place"], row["measure"]) == ("City A", "employees")]
    assert len(chosen) == 5
    assert forecast_table(small_belief, "2015", scopes=["offshore"]) == []


def test_until_keeps_only_facts_about_years_up_to_the_origin():
    this = level("A", EXECUTED, 2012, 5.6e9)
    facts = [
        this,
        level("A", EXECUTED, 2010, 2.1e9),
        level("A", "employees", "2011-11", 100.0, "persons"),
        level("A", "employees", "", 120.0, "persons"),
        stated(this, "average_growth", 30.0, "2008/2012"),
        stated(this, "sum", 9.9e9, "2007/2010", "USD"),
    ]
    kept = until(catalogue_of(facts), 2011)
    assert list(kept.facts["period"]) == ["2010", "2011-11", "2007/2010"]
    assert list(until(catalogue_of(facts), 2012).facts["period"]) == ["2012", "2010", "2011-11", "2008/2012", "2007/2010"]
