"""Names in scenarios: spelt as the catalogue spells them, unknown ones refused with a suggestion, two names of one thing."""

import pytest

from data import Catalogue, InputFault
from scenarios import check_names
from tests.scenarios.scenario_examples import BODIES, links, read, with_term

# Names


def test_names_come_back_as_the_catalogue_spells_them(catalogue: Catalogue) -> None:
    value = {
        "title": "Names",
        "levers": [
            {
                "growth": {
                    "places": ["苏州市", "XIAN"],
                    "measure": "服务外包从业人员",
                    "scope": "Offshore",
                    "years": [2013],
                    "points": 1,
                }
            },
            {"ceiling": {"places": "hangzhou", "measure": "CONTRACT_VALUE_SIGNED", "level": 5e9, "unit": "usd"}},
            {"target": {"target": "Suzhou-Contract_value_signed-total-2015", "due": 2016}},
        ],
        "assumptions": [
            {"exchange_rate": {"pair": "cny/usd", "volatility": 0}},
            {"link": {"from": "Employees", "to": "executed outsourcing contracts", "elasticity": 1}},
            {"volatility": {"factor": 2}},
        ],
    }
    checked = check_names(read(value), catalogue)
    growth, ceiling, target = checked.levers
    assert (growth.places, growth.measure, growth.scope) == (("Suzhou", "Xi'an"), "employees", "offshore")
    assert (ceiling.places, ceiling.measure, ceiling.unit) == (("Hangzhou",), "contract_value_signed", "USD")
    assert target.target == "suzhou-contract_value_signed-total-2015"
    rate, link, volatility = checked.assumptions
    assert (rate.pair, link.from_measure, link.to_measure) == ("CNY/USD", "employees", "contract_value_executed")
    assert volatility.measure == "all"
    assert check_names(checked, catalogue) == checked


UNKNOWN: list[tuple[str, str, dict[str, object], str]] = [
    ("levers", "growth", {"places": ["Hangzou"]}, "levers 1, growth, places: unknown place 'Hangzou' (did you mean Hangzhou?)"),
    ("levers", "growth", {"measure": "emploees"}, "growth, measure: unknown measure 'emploees' (did you mean employees?)"),
    ("levers", "growth", {"measure": "gdp"}, "growth, measure: gdp is not simulated"),
    ("levers", "growth", {"scope": "ofshore"}, "growth, scope: unknown scope 'ofshore' (did you mean offshore?)"),
    ("levers", "growth", {"places": ["Suzhou", "苏州"]}, "growth: a list in which no name stands twice"),
    (
        "levers",
        "target",
        {"target": "suzhou-contract_value_signed-total-2051"},
        "did you mean suzhou-contract_value_signed-total-2015?",
    ),
    ("levers", "ceiling", {"measure": "fdi_actual"}, "ceiling, unit: nothing found; allowed for fdi_actual: USD, CNY, HKD"),
    ("levers", "ceiling", {"unit": "USD"}, "ceiling, unit: USD found; allowed for employees: persons"),
    ("levers", "talent", {"measure": "enterprises"}, "talent, measure: enterprises found; allowed: employees, "),
    ("levers", "fdi", {"measure": "employees"}, "fdi, measure: employees found; allowed: fdi_actual, "),
    ("levers", "fdi", {"measure": "fdi_projects"}, "fdi, unit: USD found; allowed for fdi_projects: count"),
    (
        "assumptions",
        "exchange_rate",
        {"pair": "CNY/EUR"},
        "exchange_rate, pair: unknown pair 'CNY/EUR' (did you mean CNY/USD?)",
    ),
    ("assumptions", "link", {"from": "jobz"}, "assumptions 1, link, from: unknown measure 'jobz'"),
    ("assumptions", "link", {"from": "contract_value_executed", "to": "服务外包合同执行额"}, "link: two different measures"),
    (
        "assumptions",
        "correlation",
        {"places": ["Wuxi", "Suzhuo"]},
        "correlation, places: unknown place 'Suzhuo' (did you mean Suzhou?)",
    ),
]


@pytest.mark.parametrize(("section", "kind", "changes", "said"), UNKNOWN)
def test_an_unknown_name_is_refused(catalogue: Catalogue, section: str, kind: str, changes: dict[str, object], said: str) -> None:
    with pytest.raises(InputFault) as fault:
        check_names(read(with_term(section, kind, **changes)), catalogue)
    assert said in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_every_unknown_name_is_listed(catalogue: Catalogue) -> None:
    value = with_term("levers", "growth", places=["Hangzou", "Suzhuo"], measure="jobz")
    with pytest.raises(InputFault) as fault:
        check_names(read(value | {"assumptions": [{"volatility": {"measure": "x", "factor": 1}}]}), catalogue)
    assert len(str(fault.value).splitlines()) == 4


def test_two_names_of_one_thing_are_one_thing(catalogue: Catalogue) -> None:
    bodies = [BODIES["levers"]["growth"] | {"places": place} for place in ("Wuxi", "Suzhou", "苏州")]
    with pytest.raises(InputFault, match="levers 3, growth: about the same thing as number 2 of the levers"):
        check_names(read({"title": "Twice", "levers": [{"growth": body} for body in bodies]}), catalogue)


def test_names_may_close_a_circle_of_links(catalogue: Catalogue) -> None:
    pairs = [("服务外包从业人员", "contract_value_signed"), ("contract_value_signed", "employees")]
    scenario = links(*((one, other, 0) for one, other in pairs))
    with pytest.raises(InputFault, match="assumptions 1, link: 2 links without lag run in a circle"):
        check_names(scenario, catalogue)
