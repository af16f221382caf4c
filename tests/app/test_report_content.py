"""What a report holds."""

import pytest

from app.language import ENGLISH
from app.report_content import Run, gather
from data import Catalogue
from data.fingerprint import fingerprint
from scenarios import TargetAssessment
from tests.app.reporting import belief_of, report


def test_a_sheet_tells_every_target_of_its_place_and_the_series_they_are_measured_by() -> None:
    guangzhou, suzhou = report().sheets
    catalogue = report().catalogue
    for sheet in (guangzhou, suzhou):
        assert {one.target for one in sheet.assessed} == set(catalogue.targets["target"][catalogue.targets["place"] == sheet.place])
        assert len(sheet.with_odds) + len(sheet.without) == len(sheet.assessed)
        assert set(sheet.records) == {one.target for one in sheet.with_odds}
        assert {str(one.view.one.key) for one in sheet.series} == {one.assessed_by for one in sheet.assessed if one.assessed_by}
    assert suzhou.series[0].view.one.key.place == "Suzhou"


def test_a_place_without_targets_shows_the_series_of_most_years() -> None:
    (sheet,) = report(places=("Jiangsu",)).sheets
    assert sheet.assessed == ()
    (one,) = sheet.series
    others = [other for other in belief_of("9999-12-31").series if other.key.place == "Jiangsu"]
    assert len(one.view.one.series.years) == max(len(other.series.years) for other in others)


def test_the_book_has_every_place_of_which_something_is_known_and_names_the_rest(
    catalogue: Catalogue, assessed: tuple[TargetAssessment, ...]
) -> None:
    book = gather(catalogue, assessed, belief_of, Run(), ENGLISH)
    told = {sheet.place for sheet in book.sheets}
    assert told == set(catalogue.targets["place"]) | {one.key.place for one in belief_of("9999-12-31").series}
    assert told.isdisjoint(book.silent)
    assert told | set(book.silent) == set(catalogue.facts["place"]) | told
    assert sum(len(sheet.assessed) for sheet in book.sheets) == len(assessed)


def test_an_earlier_vintage_shows_only_what_was_known(catalogue: Catalogue, assessed: tuple[TargetAssessment, ...]) -> None:
    early = gather(catalogue, assessed, belief_of, Run("2013-12-31"), ENGLISH, ["Jiangxi"])
    late = gather(catalogue, assessed, belief_of, Run(), ENGLISH, ["Jiangxi"])
    years = [{year for one in made.sheets[0].series for year in one.view.one.series.years} for made in (early, late)]
    assert max(years[0], default=0) <= 2013 < max(years[1])
    assert ("What was known", "documents up to 2013-12-31") in early.manifest()
    assert ("What was known", "each target as of its own document") in late.manifest()


def test_the_manifest_tells_what_is_needed_to_make_it_again() -> None:
    told = dict(report().manifest())
    assert told["Tables (SHA-256)"] == fingerprint(report().catalogue)
    assert (told["Scenario"], told["Simulated futures"], told["Seed"], told["Places"]) == (
        "Baseline",
        "500",
        "1",
        "Guangzhou, Suzhou",
    )
    assert told["Version"].startswith("sourcecast ")


@pytest.mark.parametrize(("code", "title"), [("en", "Suzhou: targets and odds"), ("zh", "苏州：目标及其可能性")])
def test_a_report_of_one_place_is_named_by_it(code: str, title: str) -> None:
    assert report(code, ("Suzhou",)).title() == title
