"""Simulated levels: those of the forecast where nothing is pushed, moved by what pushes."""

from math import log

import numpy as np
import pytest

from data import Catalogue
from forecast import predict
from forecast.belief import Belief, believe
from forecast.prediction import QUANTILE_LEVELS
from scenarios import Scenario, simulated_levels
from scenarios.level_table import SIMULATION_FIELDS, futures_of
from scenarios.outcomes import BIN_WIDTH
from scenarios.scenario import BASELINE
from tests.conftest import VINTAGE_2013

PATHS = 20_000


def test_the_baseline_has_the_quantiles_and_means_of_the_forecast(small_catalogue: Catalogue, small_belief: Belief) -> None:
    rows = simulated_levels(small_catalogue, BASELINE, paths=PATHS, places=["City 1"], measures=["contract_value_executed"])
    one = small_belief.find("City 1|contract_value_executed|total|USD")
    prediction = predict(small_belief, one, 2020)
    assert [row["period"] for row in rows] == [str(year) for year in range(2013, 2021)]
    assert all(tuple(row) == SIMULATION_FIELDS for row in rows)
    exact, means = prediction.quantiles(QUANTILE_LEVELS), prediction.level_mean()
    for number, row in enumerate(rows):
        found = np.array([row[name] for name in SIMULATION_FIELDS[6:-1]])
        assert np.all(np.diff(found) > 0)
        np.testing.assert_allclose(np.log(found[5:-5]), np.log(exact[5:-5, number]), atol=0.06)
        assert row["mean"] == pytest.approx(means[number], rel=0.05)


def test_quantiles_of_bundled_series_lie_within_four_errors_and_a_bin_of_the_forecast(catalogue: Catalogue) -> None:
    """Heavy tails and all, in every year to come; errors count draws of the parameters, which paths of one draw share, so they are wide."""
    belief, draws = believe(catalogue, VINTAGE_2013), 1_000
    levels = np.array(QUANTILE_LEVELS)
    for place in ("Suzhou", "Hangzhou", "China"):
        rows = simulated_levels(catalogue, BASELINE, known_by=VINTAGE_2013, paths=10 * draws, places=[place])
        found = {(row["measure"], row["scope"], row["unit"], row["period"]): row for row in rows}
        for one in (one for one in belief.series if one.key.place == place):
            prediction = predict(belief, one, 2020)
            exact = np.log(prediction.quantiles(QUANTILE_LEVELS))
            for column, year in enumerate(prediction.years):
                row = found[one.key.measure, one.key.scope, one.key.unit, str(year)]
                simulated = np.log([row[name] for name in SIMULATION_FIELDS[6:-1]])
                error = np.sqrt(levels * (1 - levels) / draws) * np.gradient(exact[:, column], levels)
                assert np.all(np.abs(simulated - exact[:, column]) < 4 * error + BIN_WIDTH), (one.key, year)


def test_levers_move_rows_and_the_filter_only_hides_them(small_catalogue: Catalogue) -> None:
    lever = {"growth": {"places": ["City 1"], "measure": "contract_value_executed", "years": [2013, 2014], "points": 7}}
    pushed = Scenario(title="Pushed", horizon=2015, levers=(lever,))
    every = simulated_levels(small_catalogue, pushed, paths=500)
    plain = simulated_levels(small_catalogue, Scenario(title="Plain", horizon=2015), paths=500)
    for row, before in zip(every, plain, strict=True):
        moved = row["place"] == "City 1" and row["measure"] == "contract_value_executed"
        years = min(int(row["period"]) - 2012, 2) if moved else 0
        assert log(row["q50"] / before["q50"]) == pytest.approx(years * log(1.07), abs=0.0021)
    some = simulated_levels(small_catalogue, pushed, paths=500, places=["City 1"], measures=["employees"])
    assert some == [row for row in every if (row["place"], row["measure"]) == ("City 1", "employees")]
    assert simulated_levels(small_catalogue, Scenario(title="Past", horizon=2010), paths=500) == []


def test_one_series_has_the_levels_and_warnings_that_it_has_among_all_of_its_place(
    small_catalogue: Catalogue, small_belief: Belief
) -> None:
    lever = {"growth": {"places": ["City 1"], "measure": "employees", "years": [2013, 2014], "points": 60}}
    link = {"link": {"from": "employees", "to": "contract_value_executed", "elasticity": 0.5, "lag": 1}}
    pushed = Scenario(title="Pushed", horizon=2016, levers=(lever,), assumptions=(link,))
    rows = [row for row in simulated_levels(small_catalogue, pushed, paths=500) if row["place"] == "City 1"]
    for measure, unit in (("employees", "persons"), ("contract_value_executed", "USD")):
        own = [row for row in rows if row["measure"] == measure]
        found = futures_of(f"City 1|{measure}|total|{unit}", small_belief, small_catalogue, pushed, (0.1, 0.5), 500)
        assert [str(year) for year in found.years] == [row["period"] for row in own]
        np.testing.assert_array_equal(found.quantiles, [[row["q10"], row["q50"]] for row in own])
        assert set(found.warnings) == {sentence for row in rows for sentence in row["warnings"]} != set()
