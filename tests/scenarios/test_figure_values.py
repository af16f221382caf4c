"""Which missing figures are looked at, and what each is worth to a target's odds."""

from dataclasses import replace

import pytest

from data import Catalogue
from forecast.belief import Belief
from forecast.figure_value import joint_law
from scenarios.aims import Aim
from scenarios.conditioned_belief import series_of
from scenarios.figure_values import FigureValue, candidates, figure_values, worth
from scenarios.question import Question
from tests.scenarios.questions import BASELINE, JOBS, MONEY, growth_lever, question, scenario_of

MEASURE = "contract_value_executed"


def listed(asked: Question) -> list[tuple[str, int, str]]:
    return [(other.key.place, year, why) for other, year, why in candidates(asked)]


def valued(asked: Question) -> dict[tuple[str, int], FigureValue]:
    return {(one.place, one.year): one for one in figure_values(asked, 0.4, 0.005)}


def test_the_candidates_are_missing_and_before_the_due_year(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """City 0 is known from 2010 to 2012, and the family from 2010; the largest others are the nation and four cities."""
    found = listed(question(small_catalogue, small_belief))
    assert [one for one in found if one[0] == "City 0"] == [("City 0", 2013, "next"), ("City 0", 2014, "next")]
    others = [one for one in found if one[0] != "City 0"]
    assert others == [(place, 2013, "family") for place in ("China", "City 5", "City 4", "City 3", "City 2")]
    assert ("City 3", 2010, "earlier") in listed(question(small_catalogue, small_belief, MONEY))


def test_of_people_only_people_are_looked_at(small_catalogue: Catalogue, small_belief: Belief) -> None:
    asked = question(small_catalogue, small_belief, JOBS)
    assert {other.family for other, _, _ in candidates(asked)} == {"people"}
    assert listed(asked) == [("City 2", 2013, "next"), ("City 2", 2014, "next"), ("City 1", 2013, "family")]


def test_the_ranking_follows_the_change_and_its_parts_agree(small_catalogue: Catalogue, small_belief: Belief) -> None:
    asked = question(small_catalogue, small_belief, MONEY)
    found = figure_values(asked, 0.4, 0.005)
    changes = [one.change for one in found]
    assert changes == sorted(changes, reverse=True)
    assert (found[0].place, found[0].year) == ("City 3", 2015)  # the last of its own before the due year
    for one in found:
        assert 0 < one.variance_removed < 0.24
        assert one.variance_share == pytest.approx(one.variance_removed / 0.24)
        assert 0 < one.change_error < 0.005


def test_a_value_is_that_of_the_joint_law_where_it_has_the_odds(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """Baseline, no doubt about a rate: at the odds of the closed form the level asked is the aim itself."""
    asked = question(small_catalogue, small_belief)
    one = asked.one
    doubt = float(one.series.covariance[-1, -1]) ** 0.5
    law = joint_law(small_belief, one, 2015, one, 2013, doubt)
    assert isinstance(asked.aim, Aim)
    removed, change = law.value(asked.aim.log_level)
    (found,) = [v for v in figure_values(asked, law.odds(asked.aim.log_level), 0.0) if (v.place, v.year) == ("City 0", 2013)]
    assert (found.variance_removed, found.change) == pytest.approx((removed, change), rel=1e-6)
    assert (found.variance_removed_error, found.change_error) == (0.0, 0.0)


def test_doubt_about_a_rate_or_a_lever_lessens_what_a_figure_tells(small_catalogue: Catalogue, small_belief: Belief) -> None:
    plain = question(small_catalogue, small_belief, MONEY)
    assert isinstance(plain.aim, Aim)
    doubtful = replace(plain, aim=replace(plain.aim, conversion=replace(plain.aim.conversion, convention_sd=0.3)))
    spread = question(small_catalogue, small_belief, MONEY, scenario_of([growth_lever({"uniform": [-20, 40]}, "City 3")]))
    certain = question(small_catalogue, small_belief, MONEY, scenario_of([growth_lever(10, "City 3")]))
    own = ("City 3", 2013)
    before = valued(plain)[own].variance_removed
    assert valued(doubtful)[own].variance_removed < 0.95 * before
    assert valued(spread)[own].variance_removed < 0.95 * before
    # What a certain lever adds is no doubt; that the variance of the paths is single precision makes the last digits.
    assert valued(certain)[own].variance_removed == pytest.approx(before, rel=1e-4)


def test_the_past_is_not_looked_at_under_assumptions(small_catalogue: Catalogue, small_belief: Belief) -> None:
    assumed = scenario_of([], [{"reversion": {"families": ["contracts"], "fade": 0.3}}])
    why = {one for _, _, one in listed(question(small_catalogue, small_belief, MONEY, assumed))}
    assert "earlier" not in why
    assert "earlier" in {one for _, _, one in listed(question(small_catalogue, small_belief, MONEY, BASELINE))}


def test_odds_of_none_or_all_are_moved_by_nothing(small_belief: Belief) -> None:
    one = series_of(small_belief, f"City 0|{MEASURE}|total|USD")
    law = joint_law(small_belief, one, 2015, one, 2013, 0.02)
    assert worth(law, law, 0.0) == worth(law, law, 1.0) == (0.0, 0.0)


def test_a_figure_that_nobody_trusts_is_worth_nothing(small_catalogue: Catalogue, small_belief: Belief) -> None:
    """A rival whose last figure is worthless: its next one is no better known."""
    rival = series_of(small_belief, f"City 5|{MEASURE}|total|USD")
    worthless = replace(rival, series=replace(rival.series, covariance=rival.series.covariance + 1e12))
    belief = replace(small_belief, series=tuple(worthless if one is rival else one for one in small_belief.series))
    found = valued(question(small_catalogue, belief))["City 5", 2013]
    assert (found.change, found.variance_removed) == pytest.approx((0.0, 0.0), abs=1e-5)
