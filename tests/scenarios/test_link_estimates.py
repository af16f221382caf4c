"""Links from the cross-section: known slopes, the formula on a panel made up, and what is refused."""

import numpy as np
import pytest

from data import Catalogue, InputFault
from scenarios import estimate_link, load_scenario, read_scenario
from tests.made_up import catalogue_of, level

MEASURE = "contract_value_executed"


def cities(elasticity: float, scatter: float, number: int = 12, unit: str = "USD") -> Catalogue:
    random = np.random.default_rng(3)
    facts = []
    for city in range(number):
        people = float(np.exp(random.normal(10, 1)))
        money = float(np.exp(5 + elasticity * np.log(people) + scatter * random.normal()))
        facts += [level(f"City {city}", "employees", 2011, people, "persons"), level(f"City {city}", MEASURE, 2011, money, unit)]
        facts += [level(f"City {city}", MEASURE, 2012, 1.5 * money, unit)]
    return catalogue_of(facts)


@pytest.mark.parametrize("elasticity", [-0.5, 0.0, 1.3])
def test_cities_on_a_line_give_its_slope(elasticity: float) -> None:
    """Of the same year: the growth of half to 2012, of which the first measure knows nothing, is left out."""
    (found,) = estimate_link(cities(elasticity, 0.0), "employees", MEASURE)
    assert found.elasticity == pytest.approx(elasticity, abs=0.01)
    assert found.error < 0.01
    assert (found.first_year, found.last_year, len(found.cities)) == (2011, 2011, 12)


def test_scattered_cities_give_the_least_squares_slope_with_an_error_that_covers_it() -> None:
    """The slope within 3.5 errors: a false alarm in one of some 300 seeds at 10 degrees of freedom; and the textbook's slope to a percent."""
    catalogue = cities(0.8, 0.5)
    (found,) = estimate_link(catalogue, "employees", MEASURE)
    assert abs(found.elasticity - 0.8) < 3.5 * found.error
    assert 0.05 < found.error < 0.4
    facts = catalogue.facts[catalogue.facts["period"] == "2011"]
    x, y = (np.log(facts.loc[facts["measure"] == name].sort_values("place")["value"]) for name in ("employees", MEASURE))
    assert found.elasticity == pytest.approx(np.polyfit(x, y, 1)[0], rel=0.01)
    assert found.explained == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, rel=0.02)


def test_what_is_offered_can_be_pasted_and_nothing_is_imposed() -> None:
    (found,) = estimate_link(cities(0.8, 0.5), "employees", MEASURE)
    scenario = read_scenario("link.yaml", f"title: Link\nassumptions:\n  {found.yaml}\n".encode())
    (link,) = scenario.assumptions
    assert link.elasticity.mean() == pytest.approx(found.elasticity, abs=0.006)
    assert not load_scenario("baseline").assumptions


def test_of_the_facts_it_takes_cities_alone_and_says_which(catalogue: Catalogue) -> None:
    found = estimate_link(catalogue, "employees", MEASURE, known_by="2013-12-31")
    assert [one.scope for one in found] == ["offshore"]
    assert "China" not in found[0].cities
    assert "Suzhou" in found[0].cities
    assert 0 < found[0].elasticity < 2


@pytest.mark.parametrize(
    ("source", "target", "why"), [("employees", "employees", "to itself"), ("employees", "fdi_actual", "or more are needed")]
)
def test_what_cannot_be_estimated_is_refused(source: str, target: str, why: str) -> None:
    with pytest.raises(InputFault, match=why):
        estimate_link(cities(0.5, 0.1, 5), source, target)


def test_too_few_cities_are_refused() -> None:
    with pytest.raises(InputFault, match="5 cities have figures on both in one year and scope; 6 or more"):
        estimate_link(cities(0.5, 0.1, 5), "employees", MEASURE)
