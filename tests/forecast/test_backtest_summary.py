"""Rows of scores: means, groups, bands and gains by hand."""

import json
from math import sqrt

import pytest

from forecast.backtest import PLACES, YEARS, Backtest, Score
from forecast.backtest_summary import BACKTEST_FIELDS, REFERENCE, reference_rows, summarise


def score(model, series, year, crps, integral=0.5, known=2, origin=2009, hidden=YEARS, ratio=0.5, events=()):
    return Score(hidden, model, series, origin, year, known, crps, 0.5, 1.0, 2.0, integral, ratio, events)


def rows_of(*scores):
    run = Backtest(scores, ("pooled",), (2009,), {})
    return {(row["hidden"], row["model"], row["group"], row["value"]): row for row in summarise(run)}


def test_every_row_has_every_field_in_order():
    for row in rows_of(score("pooled", "a", 2010, 0.1), score("naive", "a", 2010, 0.2)).values():
        assert tuple(row) == BACKTEST_FIELDS


def test_means_and_coverage_by_hand():
    integrals = (0.5, 0.09, 0.95, 0.99, 0.3)
    scores = [score("pooled", f"s{n}", 2010, 0.1 * n, integral, ratio=n) for n, integral in enumerate(integrals)]
    row = rows_of(*scores)[YEARS, "pooled", "all", None]
    assert (row["n"], row["years"], row["crps"]) == (5, 1, pytest.approx(0.2))
    assert (row["log_score"], row["interval_score_80"], row["interval_score_95"]) == (0.5, 1.0, 2.0)
    # inside .1 to .9: two of five; inside .025 to .975: four
    assert (row["coverage_80"], row["coverage_95"]) == (0.4, 0.8)
    assert row["inflation"] == 3.0
    assert (row["pit_p"], row["events"], row["brier"]) == (None, 0, None)


def test_gains_are_paired_and_their_error_counts_years():
    scores = [score("pooled", "a", 2010, 0.1), score("pooled", "a", 2011, 0.1), score("pooled", "b", 2011, 0.3)]
    scores += [score("naive", "a", 2010, 0.2), score("naive", "a", 2011, 0.4)]
    row = rows_of(*scores)[YEARS, "pooled", "all", None]
    # gains .1 and .3 in two years; the third forecast has no counterpart: sqrt(2 x (.1^2 + .1^2)) / 2
    assert row["gain_on_naive"] == pytest.approx(0.2)
    assert row["gain_error_on_naive"] == pytest.approx(sqrt(2 * 0.02) / 2)
    assert (row["gain_on_drift"], row["gain_error_on_drift"]) == (None, None)


def test_groups_are_horizons_and_numbers_of_known_years():
    rows = rows_of(
        score("pooled", "a", 2010, 0.1, known=1),
        score("pooled", "a", 2012, 0.4, known=1),
        score("pooled", "b", 2010, 0.3, known=4),
        score("pooled", "c", 2010, 0.3, known=30),
        score("pooled", "c", 2010, 0.9, known=1, hidden=PLACES),
    )
    assert {key[2:]: row["n"] for key, row in rows.items() if key[0] == YEARS} == {
        ("all", None): 4,
        ("horizon", "1"): 3,
        ("horizon", "3"): 1,
        ("known", "1"): 2,
        ("known", "3-5"): 1,
        ("known", "11+"): 1,
    }
    assert rows[YEARS, "pooled", "known", "1"]["crps"] == pytest.approx(0.25)
    assert rows[PLACES, "pooled", "all", None]["crps"] == pytest.approx(0.9)


def test_brier_is_over_all_events():
    row = rows_of(score("pooled", "a", 2010, 0.1, events=((0.8, True), (0.4, False))), score("pooled", "b", 2010, 0.1))
    row = row[YEARS, "pooled", "all", None]
    assert (row["events"], row["brier"]) == (2, pytest.approx((0.04 + 0.16) / 2))


def test_the_reference_panel_has_the_stored_scores(tmp_path):
    stored = tmp_path / "stored.json"
    assert reference_rows(stored) == []
    score = {"crps": 0.07, "coverage_80": 81.0, "coverage_95": 94.5}
    classes = {"short": {"fewest": 1, "score": {"2": score, "12": score}}, "long": {"fewest": 8, "score": {"6": score, "8": score}}}
    stored.write_text(json.dumps({"classes": classes}), encoding="utf-8")
    row, other = reference_rows(stored)
    assert other["value"] == "8"  # each class stands for the histories that it serves
    assert tuple(row) == BACKTEST_FIELDS
    assert (row["hidden"], row["group"], row["value"], row["crps"]) == (REFERENCE, "known", "2", 0.07)
    assert (row["coverage_80"], row["coverage_95"]) == (pytest.approx(0.81), pytest.approx(0.945))


def test_the_scores_of_the_reference_class_are_at_hand():
    assert {row["value"] for row in reference_rows()} == {"1", "2", "3", "4", "6", "8", "11", "14"}
    assert all(0 < row["crps"] < 1 and 0.5 < row["coverage_80"] < 1 for row in reference_rows())
