"""What stands in place of withheld odds, as rows."""

from dataclasses import asdict, replace

import pytest

from app.class_tables import class_headings, class_legend, class_rows, class_table
from app.language import ENGLISH, language_of
from forecast.episodes import Elsewhere
from scenarios import TargetAssessment

TOLD = Elsewhere("people", "a table", 3, 57, 4005, 8, -1.8, 1.5, 4.7, 8.1, 12.9, 45.5)
TIANJIN = TargetAssessment(
    "tianjin", "Tianjin", "employees", "total", 2015, 2e5, None, "persons", "level", "withheld", "proxy", "a|b|c|d", "not named",
    required_growth=38.49, episodes_as_fast=1, episodes=2, reference_class=[asdict(TOLD)],
)  # fmt: skip
NAMES = {"employees": "outsourcing employees"}


def test_a_row_says_what_is_needed_and_how_many_grew_so() -> None:
    (row,) = class_rows([TIANJIN], NAMES)
    assert row == (
        "200,000 outsourcing employees", "2015", "38.5 %", "employment by sector, 3 years", "8 of 4,005", "-1.8 / 4.7 / 12.9 %", "45.5 %",
        "1 of 2",
    )  # fmt: skip
    assert len(row) == len(class_headings())


def test_what_is_not_known_is_a_dash_and_odds_that_stand_have_no_row() -> None:
    undated = replace(
        TIANJIN, due=None, required_growth=None, episodes=None, episodes_as_fast=None,
        reference_class=[asdict(replace(TOLD, years=years, as_fast=None)) for years in (1, 3)],
    )  # fmt: skip
    rows = class_rows([replace(TIANJIN, reference_class=[]), undated], NAMES)
    assert [row[1:5] for row in rows] == [
        ("–", "–", "employment by sector, 1 year", "– of 4,005"),
        ("–", "–", "employment by sector, 3 years", "– of 4,005"),
    ]
    assert {row[-1] for row in rows} == {"–"}


@pytest.mark.parametrize("code", ["en", "zh"])
def test_headings_and_legend_are_in_the_language(code: str) -> None:
    language = language_of(code)
    table = class_table([TIANJIN], NAMES, language)
    assert list(table.columns) == list(class_headings(language))
    assert (class_legend(language) == class_legend(ENGLISH)) is (code == "en")
    assert ("各行业就业，3年" in table.iloc[0].tolist()) is (code == "zh")
