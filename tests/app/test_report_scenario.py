"""A report under a scenario: what is told beside the baseline agrees with the comparison, and the baseline tells nothing of it."""

from functools import lru_cache
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.language import language_of
from app.report_blocks import Grid, Picture, Points, chapters
from app.report_content import Report, Run, gather
from app.report_scenario import amounts_told, change_rows, effects_of
from app.reports import report_bytes
from data import load_catalogue
from scenarios import assess_targets, load_scenario
from scenarios.scenario import BASELINE
from tests.app.reporting import belief_of, report

PATHS = 500


@lru_cache
def pushed(code: str = "en") -> Report:
    catalogue, push = load_catalogue(), load_scenario("talent-push")
    assessed = assess_targets(catalogue, paths=PATHS, places=["Suzhou"], scenario=push)
    effects = effects_of(catalogue, push, "document", "9999-12-31", PATHS, 1, None, ["Suzhou"])
    return gather(catalogue, assessed, belief_of, Run(paths=PATHS), language_of(code), ["Suzhou"], effects)


def test_the_odds_told_are_those_of_the_scenario_and_the_change_is_their_difference() -> None:
    told = pushed()
    (sheet,) = told.sheets
    by_target = {one.target: one for one in sheet.assessed}
    compared = told.effects.of_place("Suzhou")
    assert {one.target for one in compared} == {one.target for one in sheet.with_odds}
    for one in compared:
        assert one.probability == by_target[one.target].probability
        assert one.difference == pytest.approx(one.probability - one.baseline)
        assert one.difference > 0
    rows = change_rows(compared, sheet.assessed, told.names, told.language)
    assert [row[3] for row in rows] == [f"{100 * one.difference:+.1f}" for one in compared]
    assert [row[1] == "–" for row in rows] == [one.data_weight == 0 for one in compared]


def test_the_chapter_names_terms_with_their_amounts_and_draws_both_fans() -> None:
    suzhou, method = chapters(pushed())
    points = next(block for block in suzhou.blocks if isinstance(block, Points))
    assert "trainees triangular [2000, 5000, 8000], retention beta [7, 3]" in points.items[0]
    chinese = next(block for block in chapters(pushed("zh"))[0].blocks if isinstance(block, Points))
    assert chinese.items[0].endswith("（每年培训人数 三角分布 [2000, 5000, 8000]，留存率 贝塔分布 [7, 3]）")
    titles = [block.title for block in suzhou.blocks if isinstance(block, Grid)]
    assert titles[:2] == ["Odds in 100, without and with the scenario", "What makes the change"]
    picture = next(block for block in suzhou.blocks if isinstance(block, Picture))
    assert all(words in picture.svg() for words in ("Baseline", "Scenario"))
    made = next(block for block in method.blocks if isinstance(block, Grid) and block.title == "Version, data and settings")
    assert ("Scenario", "Talent push") in made.rows


def test_the_fan_without_the_scenario_is_that_of_the_baseline_and_lies_below() -> None:
    jobs = next(one for one in pushed().sheets[0].series if one.view.one.key.measure == "employees")
    before, after = jobs.both
    assert list(before["year"]) == list(after["year"]) == list(jobs.fan["year"])
    assert before["q50"].iloc[-1] == pytest.approx(jobs.fan["q50"].iloc[-1], rel=0.15)
    assert (after["q50"].iloc[1:] > before["q50"].iloc[1:]).all()


def test_the_workbook_has_sheets_more() -> None:
    book = load_workbook(BytesIO(report_bytes(pushed("zh"), "xlsx")))
    assert {"情景", "变化从何而来", "情景下的未来"} <= set(book.sheetnames)
    assert "情景" not in load_workbook(BytesIO(report_bytes(report("zh"), "xlsx"))).sheetnames


def test_the_baseline_has_no_effects_and_amounts_are_read_as_they_stand() -> None:
    assert effects_of(load_catalogue(), BASELINE, "document", "9999-12-31", PATHS, 1, None, ["Suzhou"]) is None
    assert amounts_told(load_scenario("strong-renminbi"), language_of("en")) == ("path 2013 6.08, 2020 4.68", "points -1")
    assert amounts_told(load_scenario("strong-renminbi"), language_of("zh")) == ("路径 2013 6.08, 2020 4.68", "百分点 -1")
    assert "Baseline" in dict(report().manifest())["Scenario"]
