"""The backtest: a calibrated panel passes, an overconfident model is caught, and nothing later enters a forecast."""

from collections import defaultdict
from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest

from data import InputFault
from forecast import believe, predict
from forecast.backtest import PLACES, YEARS, backtest, chosen_origins, hide_places, outcomes_of
from forecast.backtest_summary import cannot_calibrate, summarise
from forecast.baselines import RULES
from forecast.models import BASELINES, MODELS
from forecast.prediction import Prediction
from tests.made_up import catalogue_of, grown_panel, level, stated

EXECUTED = "contract_value_executed"


def overconfident(belief, one, last_year):
    """The pooled model with a third of its standard deviation."""
    found = predict(belief, one, last_year)
    return Prediction(found.years, found.weights, found.log_moments()[0] + 0 * found.mean, found.variance / 9)


ASKED = {"pooled": MODELS["pooled"], "overconfident": overconfident}


@pytest.fixture(scope="module")
def panel():
    return catalogue_of(grown_panel(seed=11))


@pytest.fixture(scope="module")
def run(panel):
    return backtest(panel, models=ASKED)


@pytest.fixture(scope="module")
def rows(run):
    return {(row["hidden"], row["model"], row["group"], row["value"]): row for row in summarise(run)}


@pytest.mark.parametrize("hidden", [YEARS, PLACES])
@pytest.mark.parametrize("nominal", ["80", "95"])
def test_a_panel_that_grew_as_the_model_says_is_covered(rows, hidden, nominal):
    """One panel; each of these four bands is left by chance in at most one of twenty panels."""
    row = rows[hidden, "pooled", "horizon", "1"]
    assert row[f"coverage_{nominal}_low"] <= row[f"coverage_{nominal}"] <= row[f"coverage_{nominal}_high"]
    assert row["withheld"] is None


def test_an_overconfident_model_is_caught(rows):
    row = rows[YEARS, "overconfident", "horizon", "1"]
    assert row["coverage_80"] < row["coverage_80_low"]
    assert row["pit_p"] < 0.001
    # its sds are a third of those of a calibrated model
    assert 2.0 < row["inflation"] < 4.0
    assert "times as wide" in row["withheld"]
    assert rows[YEARS, "pooled", "horizon", "1"]["log_score"] < row["log_score"]


def test_the_model_that_made_the_panel_beats_naive_and_the_last_growth(rows):
    """A gain above two standard errors over the ten years, one year ahead."""
    row = rows[YEARS, "pooled", "horizon", "1"]
    for name in ("naive", "last_growth"):
        assert row[f"gain_on_{name}"] > 2 * row[f"gain_error_on_{name}"] > 0


def test_every_model_and_baseline_forecasts_the_same_years(run):
    done = defaultdict(set)
    for score in run.scores:
        if score.hidden == YEARS:
            done[score.model].add((score.series, score.origin, score.year))
    assert set(done) == {*ASKED, *RULES}
    assert done["pooled"] == done["overconfident"] == done["naive"]
    assert done["drift"] <= done["pooled"]
    assert {score.known for score in run.scores if score.hidden == PLACES} == {1}


def test_a_year_is_forecast_once_from_each_last_year_known(run):
    names = [(score.hidden, score.model, score.series, score.origin, score.year) for score in run.scores]
    assert len(names) == len(set(names))
    assert all(0 < score.horizon <= 8 for score in run.scores)


def test_the_order_of_facts_and_places_changes_nothing(panel, run):
    origins = (2002, 2003)
    order = np.random.default_rng(1).permutation(len(panel.facts))
    mixed = replace(
        panel, facts=panel.facts.iloc[order].reset_index(drop=True), places=panel.places.iloc[::-1].reset_index(drop=True)
    )
    mixed_run = backtest(mixed, models=ASKED, origins=origins)
    assert {one.hidden for one in mixed_run.scores} == {YEARS, PLACES}
    assert mixed_run.scores == run.scores[: len(mixed_run.scores)]


def test_no_later_fact_enters_a_forecast():
    """Whatever is reported after the origin, every prediction and every stated probability is the same to the bit."""
    facts = grown_panel(seed=3, places=7)
    other = [replace(one, value=one.value * 1.7) if int(one.period) > 2008 else one for one in facts]

    def forecasts(of):
        seen = []

        def watched(model):
            def call(belief, one, last_year):
                found = model(belief, one, last_year)
                seen.append((str(one.key), found.years, found.weights.tobytes(), found.mean.tobytes(), found.variance.tobytes()))
                return found

            return call

        models = {name: watched({**MODELS, **BASELINES}[name]) for name in ("auto", "reference", "structural")}
        run = backtest(catalogue_of(of), models=models, origins=[2008])
        odds = [
            (one.model, one.series, one.year, [p for p, _ in one.events]) for one in run.scores if one.model in {*models, *RULES}
        ]
        return seen, odds, [one.crps for one in run.scores]

    first, second = forecasts(facts), forecasts(other)
    assert first[0] == second[0]
    assert first[1] == second[1]
    assert first[2] != second[2]


def test_of_a_hidden_place_its_last_level_is_left():
    this = level("City A", EXECUTED, 2012, 5.6e9)
    facts = [
        this,
        level("City A", EXECUTED, 2010, 2.1e9),
        level("City A", "employees", 2011, 900.0, "persons"),
        stated(this, "growth", 30.0, "2012"),
        level("City B", EXECUTED, 2010, 1e9),
        level("City B", EXECUTED, 2011, 2e9),
    ]
    kept = hide_places(catalogue_of(facts), ["City A"]).facts
    assert list(zip(kept["place"], kept["kind"], kept["period"], strict=True)) == [
        ("City A", "level", "2012"),
        ("City A", "level", "2011"),
        ("City B", "level", "2010"),
        ("City B", "level", "2011"),
    ]


def test_a_hidden_place_teaches_the_pool_nothing():
    """Its growth of earlier years changes no forecast of a hidden place, its own included."""
    facts = grown_panel(seed=5, places=6)
    tripled = [replace(one, value=3 * one.value) if one.place == "Town 00" and int(one.period) < 2008 else one for one in facts]
    found = []
    for of in (facts, tripled):
        run = backtest(catalogue_of(of), models={"pooled": predict}, origins=[2008], places=["Town 00"])
        found.append([(one.year, one.crps) for one in run.scores if one.hidden == PLACES and one.model == "pooled"])
    assert found[0] == found[1]
    assert found[0]


def test_choosing_places_and_measures_changes_no_score(panel, run):
    chosen = backtest(panel, models=ASKED, places=["Town 03", "Town 04"], measures=[EXECUTED])
    assert chosen.scores == tuple(one for one in run.scores if one.series.startswith(("Town 03", "Town 04")))
    assert backtest(panel, models=ASKED, measures=["employees"]).scores == ()


def test_odds_are_of_multiples_known_at_the_origin(run):
    asked = [one for one in run.scores if one.model == "pooled" and one.events]
    assert {len(one.events) for one in asked} == {4}
    for one in asked:
        stated_odds = [p for p, _ in one.events]
        assert stated_odds == sorted(stated_odds, reverse=True)
        happened = [hit for _, hit in one.events]
        assert happened == sorted(happened, reverse=True)


def test_the_interval_of_an_outcome_is_that_of_its_printed_figure():
    facts = [
        level("City A", EXECUTED, 2011, 1.3e9, digits=1e8),
        level("City A", EXECUTED, 2012, 1.56e9, digits=1e7),
        level("City B", EXECUTED, 2012, 2.0e9, wording="about", digits=1e8),
    ]
    facts.append(stated(facts[2], "growth", 25.0, "2012", relative_to="2011", digits=1.0))
    catalogue = catalogue_of(facts)
    truth = outcomes_of(catalogue)
    city = truth[f"City A|{EXECUTED}|total|USD"]
    # 1.25 to 1.35 and 1.555 to 1.565, whatever the source is trusted
    assert city[2011].half_width == pytest.approx(log(1.35 / 1.25) / 2, rel=2e-3)
    assert city[2012].half_width == pytest.approx(log(1.565 / 1.555) / 2, rel=2e-3)
    other = truth[f"City B|{EXECUTED}|total|USD"]
    # 2011 follows from growth: as uncertain as the reconstruction says
    series = next(one for one in believe(catalogue).series if one.key.place == "City B").series
    assert other[2011].half_width == pytest.approx(sqrt(3 * series.covariance[0, 0]))


def test_origins_are_the_last_ten_that_leave_something_to_forecast(panel):
    truth = outcomes_of(panel)
    assert chosen_origins(truth, ()) == tuple(range(2002, 2012))
    assert chosen_origins(truth, (2005, 2001, 2005)) == (2001, 2005)
    with pytest.raises(InputFault, match=r"--origin: 2012 found; .*: 1998 to 2011"):
        chosen_origins(truth, (2012,))
    with pytest.raises(InputFault, match="none, as no series has two known years"):
        chosen_origins({}, (2012,))


def test_the_share_done_rises(panel):
    shares = []
    backtest(panel, models={}, origins=[2009, 2010], places=["Town 01"], progress=shares.append)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] < 1


def test_enough_hidden_growths_can_calibrate(run):
    assert cannot_calibrate(run) is None


def test_the_bundled_facts_cannot_calibrate_and_say_so(catalogue):
    found = backtest(catalogue, models={"pooled": predict}, origins=[2010, 2011])
    hidden = {(one.series, one.year) for one in found.scores if one.hidden == YEARS and one.horizon == 1}
    assert f"cannot calibrate: {len(hidden)} yearly growths could be hidden, of 1 year" in cannot_calibrate(found)
    assert 0 < len(hidden) < 30
    assert all(row["withheld"] is None for row in summarise(found))


def test_nothing_to_hide_is_said():
    found = backtest(catalogue_of([level("City A", EXECUTED, 2012, 1e9)]))
    assert found.scores == ()
    assert summarise(found) == []
    assert "no growth could be hidden" in cannot_calibrate(found)
