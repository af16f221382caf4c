"""Scenarios side by side: figures are those of the comparison, in the table as in the chart, and choices go through an address."""

import pandas as pd
import pytest

from app.kept_scenarios import Kept
from app.language import ENGLISH, language_of
from app.scenario_links import linked_scenario
from app.sentences import names_of
from app.side_by_side import (
    ODDS_COLUMNS,
    PRESENT,
    address_of,
    choices,
    key_of,
    odds_grid,
    odds_rows,
    odds_words,
    parts_rows,
    title_of,
)
from app.side_by_side_charts import COLOURS, SHAPES, scenarios_chart, with_headings
from data import Catalogue
from scenarios import Comparison, Scenario, TargetAssessment, compare, load_scenario
from scenarios.scenario import BASELINE
from scenarios.scenario_files import PRESETS

CHINESE = language_of("zh")
SCENARIOS = (BASELINE, load_scenario("stagnation"), load_scenario("back-to-trend"))
TITLES = ["Baseline", "Stagnation", "Mine"]


@pytest.fixture(scope="module")
def compared(catalogue: Catalogue) -> list[Comparison]:
    numbered = [one.model_copy(update={"title": str(number)}) for number, one in enumerate(SCENARIOS)]
    return compare(catalogue, numbered, places=["Suzhou"], paths=500)


@pytest.fixture(scope="module")
def by_target(assessed: tuple[TargetAssessment, ...]) -> dict[str, TargetAssessment]:
    return {one.target: one for one in assessed}


@pytest.fixture(scope="module")
def rows(compared: list[Comparison], by_target: dict[str, TargetAssessment], catalogue: Catalogue) -> pd.DataFrame:
    return odds_rows(compared, TITLES, by_target, names_of(catalogue, ENGLISH), ENGLISH)


def test_rows_hold_the_odds_and_changes_of_the_comparison(compared: list[Comparison], rows: pd.DataFrame) -> None:
    assert list(rows.columns) == list(ODDS_COLUMNS)
    assert len(rows) == len(compared)
    for one, row in zip(compared, rows.to_dict("records"), strict=True):
        assert row["scenario"] == TITLES[int(one.scenario)]
        assert row["change"] == pytest.approx(100 * (one.difference or 0.0))
        assert pd.isna(row["odds"]) == (not one.data_weight)
    known = rows.dropna(subset=["odds"])
    assert 0 < len(known) < len(rows)
    assert ((known["low"] >= 0) & (known["low"] <= known["odds"]) & (known["odds"] <= known["high"]) & (known["high"] <= 100)).all()
    assert (rows.loc[rows["scenario"] == "Baseline", "change"] == 0).all()


def test_the_grid_has_a_row_a_target_and_changes_in_brackets(rows: pd.DataFrame) -> None:
    grid = odds_grid(rows, TITLES, ENGLISH)
    assert list(grid.columns) == ["Target", *TITLES]
    assert len(grid) == rows["label"].nunique()
    assert not grid["Baseline"].str.contains(r"\(").any()
    assert grid["Mine"].str.contains(r"\([+-]\d+\.\d ±\d+\.\d\)").all()
    first = rows.iloc[0]
    assert grid["Baseline"].iloc[0].startswith(f"{first['odds']:.0f} ±")


def test_what_a_scenario_gives_no_odds_of_has_a_dash(rows: pd.DataFrame) -> None:
    gone = rows.copy()
    gone.loc[gone["scenario"] == "Mine", ["odds", "change", "error", "change_error"]] = float("nan")
    assert set(odds_grid(gone, TITLES, ENGLISH)["Mine"]) == {"–"}


def test_words_are_of_the_language_and_nothing_is_lost_in_the_file(rows: pd.DataFrame) -> None:
    table = odds_words(rows, "基准", CHINESE)
    assert len(table) == len(rows)
    assert "与“基准”相比的变化" in table.columns
    assert (table["情景"] == rows["scenario"]).all()


def test_parts_of_a_scenario_add_up_to_its_change_from_the_baseline(
    compared: list[Comparison], by_target: dict[str, TargetAssessment], catalogue: Catalogue
) -> None:
    names = names_of(catalogue, ENGLISH)
    for number, scenario in enumerate(SCENARIOS):
        own = [one for one in compared if one.scenario == str(number)]
        parts = parts_rows(own, scenario, by_target, names, ENGLISH)
        assert parts.empty == (number == 0)
        for one in own:
            whole = 100 * ((one.probability or 0.0) - (one.baseline or 0.0))
            felt = sum(100 * part.part for part in one.parts)
            assert felt == pytest.approx(whole, abs=1e-6)
        assert parts["part"].sum() == pytest.approx(sum(100 * part.part for one in own for part in one.parts), abs=0.2)


def test_the_chart_tells_scenarios_apart_by_shape_and_colour_and_says_the_numbers(rows: pd.DataFrame) -> None:
    known = rows.dropna(subset=["odds"])
    drawn = with_headings(known)
    assert drawn["heading"].sum() == known["label"].nunique()
    assert list(drawn.loc[~drawn["heading"], "said"]) == [f"{odds:.0f}" for odds in known["odds"]]
    chart = scenarios_chart(known, TITLES, ENGLISH).to_dict()
    dots = chart["layer"][1]["encoding"]
    assert dots["color"]["scale"] == {"domain": TITLES, "range": list(COLOURS[:3])}
    assert dots["shape"]["scale"]["range"] == list(SHAPES[:3])


def test_presets_kept_ones_and_the_present_one_can_be_chosen() -> None:
    mine, other = Scenario(title="Mine"), Scenario(title="My scenario", horizon=2018)
    kept = Kept((mine,))
    assert list(choices(kept, BASELINE)) == [*PRESETS, "own Mine"]
    assert list(choices(kept, mine)) == [*PRESETS, "own Mine"]
    found = choices(kept, other)
    assert (key_of(other, found), key_of(mine, found), key_of(Scenario(title="?"), found)) == (PRESENT, "own Mine", "")
    assert title_of("stagnation", found["stagnation"], CHINESE) == "停滞"
    assert title_of(PRESENT, other, ENGLISH) == "My scenario (now on What-if)"
    assert title_of("own Mine", mine, ENGLISH) == "Mine"


def test_choices_go_through_an_address(catalogue: Catalogue) -> None:
    own = load_scenario("talent-push").model_copy(update={"title": "Mine, with a comma"})
    texts = address_of([BASELINE, own, load_scenario("best-peer")]).split(",")
    assert (texts[0], texts[2]) == ("baseline", "best-peer")
    assert linked_scenario(texts[1], catalogue) == own
