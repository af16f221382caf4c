"""The distributions of a scenario: where they stand, what they are called, and which are drawn for a plan."""

from data import Catalogue
from forecast.belief import Belief
from scenarios.distributions import distributions, drawn_names
from tests.scenarios.questions import CITY, MONEY, early, question, scenario_of

TERMS = [
    {"exchange_rate": {"pair": "CNY/USD", "path": {2014: 6, 2015: {"uniform": [5, 7]}}, "volatility": {"beta": [2, 30]}}},
    {"breaks": {"probability": {"discrete": [[0.1, 1]]}, "factor": {"uniform": [1, 3]}}},
    {"correlation": {"places": ["City 5", "City 4"], "coefficient": {"pert": [0.1, 0.2, 0.9]}}},
    {"tails": {"freedom": {"uniform": [3, 9]}}},
]
AIMED = [{"target": {"target": MONEY, "value": {"uniform": [4e10, 6e10]}}}]


def test_every_distribution_is_found_and_put_to_a_number() -> None:
    scenario = scenario_of(assumptions=TERMS)
    found = distributions(scenario)
    assert [one.words for one in found] == [
        "exchange_rate of CNY/USD: path, 2015",
        "exchange_rate of CNY/USD: volatility",
        "breaks: factor",
        "correlation of City 5, City 4: coefficient",
        "tails: freedom",
    ]
    for one in found:
        left = distributions(one.fixed(scenario, 3.5))
        assert [other.words for other in left] == [other.words for other in found if other.words != one.words]
    path = dict(found[0].fixed(scenario, 6.5).assumptions[0].path)
    assert [path[year].ends[0] for year in (2014, 2015)] == [6, 6.5]


def test_what_is_drawn_for_a_plan_has_the_address_of_the_statement(small_catalogue: Catalogue, small_belief: Belief) -> None:
    scenario = scenario_of(AIMED, TERMS)
    names = {one.words: one.drawn.name for one in distributions(scenario)}
    asked = [question(small_catalogue, early(small_belief), target, scenario) for target in (MONEY, CITY)]
    in_yuan, in_dollars = (drawn_names(one.plan(), one.aim) for one in asked)
    assert in_yuan == set(names.values())
    assert in_dollars == {name for words, name in names.items() if not words.startswith(("exchange_rate", "target"))}
