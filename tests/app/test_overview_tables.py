"""The overview as tables."""

from dataclasses import replace
from math import isnan

import pytest

from app.language import ENGLISH, language_of
from app.overview_tables import Choice, league_rows, league_table, map_table, odds_words, ordered, place_rows, without_odds
from app.sentences import names_of
from data import Catalogue
from scenarios import TargetAssessment

CHINESE = language_of("zh")


def test_the_choice_takes_what_fits_all_its_parts(assessed: tuple[TargetAssessment, ...]) -> None:
    assert all(Choice().takes(one) for one in assessed)
    chosen = [one for one in assessed if Choice(("Suzhou", "Wuxi"), (), ("2015",), "assessed").takes(one)]
    assert chosen
    assert {one.place for one in chosen} <= {"Suzhou", "Wuxi"}
    assert {(one.due, one.status) for one in chosen} == {(2015, "assessed")}
    with_odds, without = (sum(Choice(status=status).takes(one) for one in assessed) for status in ("assessed", "without"))
    assert with_odds + without == len(assessed)
    assert with_odds == sum(one.status == "assessed" for one in assessed)
    assert [one.measure for one in assessed if Choice(measures=("enterprises",)).takes(one)] == ["enterprises"] * sum(
        one.measure == "enterprises" for one in assessed
    )


def test_the_league_has_all_targets_with_odds_in_the_order_asked(assessed: tuple[TargetAssessment, ...]) -> None:
    likely, unlikely, places = (ordered(assessed, order) for order in ("likely", "unlikely", "place"))
    odds = [one.probability or 0.0 for one in likely]
    assert odds == sorted(odds, reverse=True)
    assert [one.probability for one in unlikely] == sorted(odds)
    assert [one.place for one in places] == sorted(one.place for one in likely)
    assert {one.target for one in likely} == {one.target for one in assessed if one.status == "assessed"}


def test_the_league_tells_odds_with_their_range_and_a_range_alone_where_one_year_is_known(
    assessed: tuple[TargetAssessment, ...], catalogue: Catalogue
) -> None:
    rows = ordered(assessed, "likely")
    table = league_table(rows, names_of(catalogue, ENGLISH), ENGLISH)
    assert list(table["Odds in 100"]) == [odds_words(one) for one in rows]
    single = [one.data_weight == 0 for one in rows]
    assert any(single)
    assert not all(single)
    assert ["±" not in words for words in table["Odds in 100"]] == single
    drawn = league_rows(rows, names_of(catalogue, ENGLISH), ENGLISH)
    assert [isnan(odds) for odds in drawn["odds"].astype(float)] == single
    assert drawn["label"].is_unique
    assert (drawn["low"] <= drawn["high"]).all()


def test_the_league_speaks_chinese(assessed: tuple[TargetAssessment, ...], catalogue: Catalogue) -> None:
    table = league_table(ordered(assessed, "likely"), names_of(catalogue, CHINESE), CHINESE)
    assert "苏州" in set(table["地方"])
    assert "2015年服务外包合同签约额US$150亿" in set(table["目标"])


def test_places_are_summed_up_over_their_targets(assessed: tuple[TargetAssessment, ...], catalogue: Catalogue) -> None:
    rows = place_rows(assessed, catalogue, names_of(catalogue, ENGLISH)).set_index("place")
    suzhou = [one for one in assessed if one.place == "Suzhou"]
    with_odds = [one for one in suzhou if one.status == "assessed"]
    assert rows.loc["Suzhou", "targets"] == len(suzhou)
    assert rows.loc["Suzhou", "assessed"] == len(with_odds)
    assert rows.loc["Suzhou", "odds"] == pytest.approx(sum(one.probability or 0.0 for one in with_odds) / len(with_odds))
    assert rows["targets"].sum() == len(assessed)  # every place with a target has coordinates
    assert rows.loc[rows["assessed"] == 0, ["odds", "low", "high"]].isna().all(axis=None)
    words = map_table(rows.reset_index(), ENGLISH)
    assert (words["Odds in 100, on average"] == "none").sum() == (rows["assessed"] == 0).sum()


def test_a_place_without_coordinates_is_not_on_the_map(assessed: tuple[TargetAssessment, ...], catalogue: Catalogue) -> None:
    places = catalogue.places.assign(latitude=catalogue.places["latitude"].where(catalogue.places["place"] != "Suzhou"))
    rows = place_rows(assessed, replace(catalogue, places=places), names_of(catalogue, ENGLISH))
    assert "Suzhou" not in set(rows["place"])


def test_what_has_no_odds_is_grouped_by_reason_and_shows_no_odds(
    assessed: tuple[TargetAssessment, ...], catalogue: Catalogue
) -> None:
    groups = without_odds(assessed, names_of(catalogue, ENGLISH), ENGLISH)
    listed = [one for _, reasons in groups for _, targets in reasons for one in targets]
    assert len(listed) == sum(one.status != "assessed" for one in assessed)
    for _, reasons in groups:
        counts = [len(targets) for _, targets in reasons]
        assert counts == sorted(counts, reverse=True)
    assert any("Suzhou: 90 outsourcing enterprises with over 1,000 employees, 2015" in one for one in listed)
    assert not any("of 100" in one for one in listed)
