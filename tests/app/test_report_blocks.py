"""How a report is laid out."""

from itertools import pairwise
from pathlib import Path

import pytest

from app.charts import TARGET_COLOUR
from app.language import ENGLISH
from app.report_blocks import Grid, Heading, Picture, Points, Text, chapters, points, targets_grid
from app.report_content import Run, gather
from data import load_catalogue
from forecast import believe
from tests.app.reporting import report


def test_every_place_has_a_chapter_and_the_last_tells_the_method() -> None:
    guangzhou, suzhou, method = chapters(report())
    assert (guangzhou.title, suzhou.title, method.title) == ("Guangzhou", "Suzhou", "How this was made")
    assert suzhou.summary == "3 of 4 targets with odds"
    assert len({guangzhou.name, suzhou.name, method.name}) == 3


def test_a_chapter_says_the_odds_draws_the_futures_and_gives_facts_with_their_lines() -> None:
    _, suzhou, method = chapters(report())
    texts = [block.text for block in suzhou.blocks if isinstance(block, Text)]
    assert any(text.startswith("Suzhou meets USD 15 billion of signed outsourcing contracts by 2015 in ") for text in texts)
    grids = {block.title: block for block in suzhou.blocks if isinstance(block, Grid)}
    assert len(grids["Stated targets and their odds"].rows) == 3
    assert grids["Targets without odds, and why (1)"].rows[0][2] == "no figure on enterprises of that size"
    assert "In place of withheld odds" not in grids  # none are
    assert [row[-1] for row in grids["Stated targets and their odds"].rows] == ["003:4582", "003:4581", "003:4584"]
    assert grids["The facts behind"].rows[0][3:5] == ("003", "4497")
    headings = [block.text for block in suzhou.blocks if isinstance(block, Heading)]
    assert "What is known, and what may come" in headings
    assert {block.title for block in method.blocks if isinstance(block, Grid)} == {
        "Where the figures come from",
        "Version, data and settings",
    }
    assert sum(isinstance(block, Points) for block in method.blocks) == 2


def test_words_below_a_chart_speak_of_the_last_year_that_it_shows() -> None:
    _, suzhou, _ = chapters(report())
    pairs = [(one, after) for one, after in pairwise(suzhou.blocks) if isinstance(one, Picture)]
    assert pairs
    for picture, after in pairs:
        assert picture.alternative.endswith("futures to 2015.")
        assert isinstance(after, Text)
        assert after.text.startswith("In 2015 half of the futures lie between ")


def test_in_place_of_withheld_odds_stands_how_the_reference_class_grew() -> None:
    (grid,) = (
        block for block in chapters(report())[0].blocks if isinstance(block, Grid) and block.title == "In place of withheld odds"
    )
    (row,) = grid.rows
    # 35 % a year from 2012 to 2020
    assert row[1:4] == ("2020", "35.0 %", "exports, 8 years")
    assert row[4] == "7 of 707"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_row_fits_its_table(code: str) -> None:
    grids = [block for chapter in chapters(report(code)) for block in chapter.blocks if isinstance(block, Grid)]
    assert grids
    for grid in grids:
        assert {len(grid.headings), len(grid.widths), *map(len, grid.rows)} == {len(grid.headings)}
        assert all(0 <= column < len(grid.headings) for column in grid.numbers)


def test_chinese_letters_of_a_chart_have_a_font_of_their_own() -> None:
    english, chinese = (
        next(block for chapter in chapters(report(code)) for block in chapter.blocks if isinstance(block, Picture)).svg()
        for code in ("en", "zh")
    )
    assert 'font-family="Noto Sans CJK SC' in chinese
    assert "CJK" not in english


def test_where_only_a_range_is_known_no_number_stands() -> None:
    sheet = report().sheets[1]
    cells = targets_grid(report(), sheet.with_odds).rows
    for one, row in zip(sheet.with_odds, cells, strict=True):
        assert (row[2] == "–") is (one.data_weight == 0)


def test_a_picture_shows_the_targets_and_says_what_is_known() -> None:
    pictures = [block for block in chapters(report())[1].blocks if isinstance(block, Picture)]
    assert len(pictures) == 3
    svg = pictures[0].svg()
    assert TARGET_COLOUR in svg
    assert "target USD 7 billion" in svg
    assert pictures[0].alternative == (
        "Suzhou, offshore executed outsourcing contracts (USD): known up to 2012 (USD 3.05 billion); futures to 2015."
    )
    assert pictures[0].svg() == svg


@pytest.mark.parametrize(("extra", "said"), [(None, "–"), (0.0, "0"), (3.94, "+3.9"), (-1.0, "-1.0")])
def test_points_to_be_added(extra: float | None, said: str) -> None:
    assert points(extra) == said


def test_a_report_of_ones_own_figures_alone_lists_no_documents(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("place,measure,period,value\nHere,widgets,2010,5\nHere,widgets,2011,6\n", encoding="utf-8")
    catalogue = load_catalogue([own], bundled=False)
    belief = believe(catalogue)
    made = gather(catalogue, [], lambda _: belief, Run(), ENGLISH)
    here, method = chapters(made)
    assert (here.title, here.summary) == ("Here", "")
    (facts,) = [block for block in here.blocks if isinstance(block, Grid)]
    assert [row[3:5] for row in facts.rows] == [("own.csv", "2"), ("own.csv", "3")]
    assert [block.title for block in method.blocks if isinstance(block, Grid)] == ["Version, data and settings"]
