"""How forecasts fared, as tables and sentences."""

import pytest

from app.calibration_chart import NOMINAL
from app.language import ENGLISH, language_of
from app.record_tables import (
    calibration_sentence,
    calibration_tables,
    hidden_words,
    outcomes,
    reference_table,
    score_table,
    verdicts,
)
from data import Catalogue
from forecast.backtest import PLACES, YEARS, Backtest, backtest
from forecast.backtest_summary import ALL, reference_rows, summarise
from forecast.models import MODELS


@pytest.fixture(scope="module")
def run(catalogue: Catalogue) -> Backtest:
    return backtest(catalogue, models={"auto": MODELS["auto"]}, origins=[2011])


def test_scores_stand_in_a_row_for_each_model(run: Backtest) -> None:
    rows = summarise(run)
    for hidden in (YEARS, PLACES):
        table = score_table(rows, hidden, ENGLISH)
        wanted = [row for row in rows if row["hidden"] == hidden and row["group"] == ALL]
        assert list(table["Forecasts"]) == [row["n"] for row in wanted]
        assert hidden_words(hidden, ENGLISH)
    assert "自动选择" in set(score_table(rows, YEARS, language_of("zh"))["模型"])


def test_what_the_charts_of_calibration_draw_stands_in_tables_too(run: Backtest) -> None:
    scores = [score for score in run.scores if score.hidden == YEARS]
    fell, covered, odds = calibration_tables(scores, ENGLISH)
    assert fell["Share of outcomes"].sum() == pytest.approx(1, abs=0.01)
    assert list(covered["Promised"]) == list(NOMINAL)
    assert odds["Events"].sum() == sum(len(score.events) for score in scores)
    assert all(list(table)[-2:] == ["Chance allows from", "Chance allows to"] for table in (fell, covered, odds))
    assert list(calibration_tables(scores, language_of("zh"))[1])[:2] == ["承诺的覆盖率", "实际覆盖率"]


def test_the_bundled_facts_cannot_calibrate_and_that_is_said_with_their_number(run: Backtest) -> None:
    sentence = calibration_sentence(run, ENGLISH)
    assert "4 yearly growths of 1 year could be hidden" in sentence
    nothing = Backtest((), ("auto",), (), {})
    assert "none could be hidden" in calibration_sentence(nothing, ENGLISH)


def test_a_model_whose_intervals_are_too_narrow_is_named(run: Backtest) -> None:
    row = {"model": "auto", "hidden": YEARS, "group": ALL, "withheld": "a reason", "inflation": 3.0, "pit_p": 0.2}
    assert verdicts([row], run, ENGLISH) == [
        "Do not trust odds of the model auto: its intervals would have to be 3.00 times as wide."
    ]
    assert verdicts([row | {"withheld": None}], run, ENGLISH) == []
    assert verdicts([row | {"model": "naive"}], run, ENGLISH) == []


def test_the_reference_panel_is_shown_by_years_known() -> None:
    table = reference_table(reference_rows(), ENGLISH)
    assert len(table) == len(reference_rows())
    assert table["Inside the 80 % interval"].str.endswith(" of 100").all()


def test_no_outcome_is_recorded_yet() -> None:
    assert outcomes().empty
