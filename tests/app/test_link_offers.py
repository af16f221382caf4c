"""Links as the cities have them: what is offered, what is said of it, and the scenario that takes one over."""

from dataclasses import replace

import pytest

from app.language import ENGLISH, language_of
from app.link_offers import followers, offer_sentence, offered_link, with_link
from scenarios import LinkEstimate, Scenario

OFFER = LinkEstimate("employees", "contract_value_executed", "offshore", 0.8449, 0.1151, ("A", "B", "C"), 2009, 2012, 0.5, 0.8)
NAMES = {"employees": "outsourcing employees", "contract_value_executed": "executed outsourcing contracts"}


def linked(*pairs: tuple[str, str]) -> Scenario:
    links = [{"link": {"from": start, "to": end, "elasticity": 0.5, "lag": 1}} for start, end in pairs]
    return Scenario.model_validate(
        {"title": "Links", "levers": [{"ceiling": {"places": "all", "measure": "employees", "level": 9}}], "assumptions": links}
    )


def test_an_offer_is_a_distribution_a_year_later() -> None:
    link = offered_link(OFFER)
    assert link is not None
    scenario = with_link(linked(), link)
    assert scenario.model_dump(by_alias=True)["assumptions"] == (
        {"link": {"from": "employees", "to": "contract_value_executed", "elasticity": {"normal": [0.84, 0.12]}, "lag": 1}},
    )
    assert scenario.levers == linked().levers
    assert offered_link(replace(OFFER, error=2.0)) is None  # four errors reach beyond an elasticity of 5


def test_a_link_taken_over_replaces_that_between_the_same_measures() -> None:
    before, link = linked(("employees", "contract_value_executed"), ("employees", "fdi_actual")), offered_link(OFFER)
    assert link is not None
    assert with_link(before, link).assumptions == (before.assumptions[1], link)


@pytest.mark.parametrize(
    ("links", "offered"),
    [
        ([], ["b", "c", "d"]),
        ([("b", "a")], ["c", "d"]),
        ([("c", "b"), ("b", "a")], ["d"]),
        ([("a", "b"), ("b", "c")], ["b", "c", "d"]),
    ],
)
def test_nothing_is_offered_that_would_run_in_a_circle(links: list[tuple[str, str]], offered: list[str]) -> None:
    assert followers(linked(*links), "a", ["a", "b", "b", "c", "d"]) == offered


def test_the_offer_tells_its_error_and_its_cities_in_both_languages() -> None:
    said = offer_sentence(OFFER, NAMES, ENGLISH)
    assert said.startswith(
        "3 cities, figures of 2009–2012: where there is one percent more of outsourcing employees, there is 0.84 ± 0.12 percent more of "
        "offshore executed outsourcing contracts. That is what goes together, not what would follow"
    )
    assert "figures of 2012:" in offer_sentence(replace(OFFER, first_year=2012), NAMES, ENGLISH)
    assert "0.84 ± 0.12" in offer_sentence(OFFER, NAMES, language_of("zh"))
