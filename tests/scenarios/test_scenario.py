"""Levers, assumptions and scenarios: what they hold, what they refuse, how they inherit, the schema, and the page about them."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from data import Catalogue
from forecast.priors import PRIORS
from scenarios import Scenario, load_scenario
from scenarios.assumptions import ASSUMPTIONS, CommonShock, ExchangeRate, Link
from scenarios.fields import ALL, FAMILIES, UNITS, amount_of
from scenarios.levers import LEVERS, Growth
from scenarios.quantities import Beta, Constant, Triangular
from scenarios.scenario import BASELINE, ScenarioFile, scenario_schema
from scenarios.scenario_guide import PAGE, guide
from tests.scenarios.scenario_examples import BODIES, KINDS, SCENARIOS, links, read, with_term

TERMS = LEVERS | ASSUMPTIONS


def only(scenario: Scenario) -> Any:
    (term,) = (*scenario.levers, *scenario.assumptions)
    return term


# Every lever and assumption


def test_there_is_an_example_of_every_kind() -> None:
    assert {section: set(bodies) for section, bodies in BODIES.items()} == {"levers": set(LEVERS), "assumptions": set(ASSUMPTIONS)}


@pytest.mark.parametrize(("section", "kind"), KINDS)
def test_the_smallest_body_is_enough(section: str, kind: str) -> None:
    assert only(read(with_term(section, kind))).kind == kind


@pytest.mark.parametrize(("section", "kind"), KINDS)
def test_nothing_needed_may_be_left_out_and_nothing_unknown_put_in(section: str, kind: str) -> None:
    for name in BODIES[section][kind]:
        with pytest.raises(ValidationError):
            read(with_term(section, kind, **{name: None}))
    with pytest.raises(ValidationError, match="Extra inputs"):
        read(with_term(section, kind, colour="red"))


@pytest.mark.parametrize("kind", TERMS)
def test_everything_is_explained_in_both_languages(kind: str) -> None:
    term = TERMS[kind]
    assert len(term.english.split()) >= 20
    assert term.english.endswith(".")
    assert len(re.findall(r"[\u4e00-\u9fff]", term.chinese)) >= 20
    assert term.chinese.endswith("。")
    assert all(field.description for field in term.model_fields.values())
    assert set(term.address) <= set(term.model_fields)


AMOUNTS = [
    (section, kind, name, amount)
    for section, kind in KINDS
    for name, field in TERMS[kind].model_fields.items()
    if (amount := amount_of(field)) is not None
]


def test_every_lever_and_assumption_has_an_amount_with_unit_and_bounds() -> None:
    assert {kind for _, kind, *_ in AMOUNTS} == set(TERMS)
    assert all(amount.unit and amount.low < amount.high for *_, amount in AMOUNTS)


@pytest.mark.parametrize(("section", "kind", "name", "amount"), AMOUNTS)
def test_an_amount_lies_within_its_bounds(section: str, kind: str, name: str, amount: Any) -> None:
    def stated(value: object) -> Scenario:
        other = {"percent": None} if (kind, name) == ("long_run_growth", "points") else {}
        return read(with_term(section, kind, **other | {name: value}))

    for value in (amount.low, amount.high, {"uniform": [amount.low, amount.high]}):
        assert getattr(only(stated(value)), name).ends[1] in (amount.low, amount.high)
    width = amount.high - amount.low
    below, above = amount.low - 0.01 * width, amount.high + 0.01 * width
    middle = (amount.low + amount.high) / 2
    for value in (
        below,
        above,
        float("nan"),
        {"uniform": [below, middle]},
        {"uniform": [middle, above]},
        {"normal": [middle, width / 7]},
    ):
        with pytest.raises(ValidationError, match="from"):
            stated(value)
    for value in ("3", "much", True, [1, 2, 3], {}, {"gauss": [1, 2]}, {"normal": [1, 2], "beta": [1, 2]}):
        with pytest.raises(ValidationError):
            stated(value)


def test_words_stand_in_place_of_some_amounts() -> None:
    assert only(read(with_term("levers", "growth", points="best_peer"))).points == "best_peer"
    assert only(read(with_term("assumptions", "tails", freedom="Normal"))).freedom == "normal"
    with pytest.raises(ValidationError):
        read(with_term("levers", "growth", points="normal"))


@pytest.mark.parametrize(
    "years", [[1999, 2013], [2013, 2101], [2014, 2013], [], [2013, 2014, 2015], 2013, [None, 2013], ["2013"], [True]]
)
def test_years_are_within_2000_to_2100_and_in_order(years: object) -> None:
    with pytest.raises(ValidationError, match=r"\[start, end\]"):
        read(with_term("levers", "growth", years=years))


def test_years_may_have_no_end() -> None:
    assert only(read(with_term("levers", "growth", years=[2013]))).years == (2013, None)
    assert only(read(with_term("levers", "growth", years=[2013, None]))).years == (2013, None)
    assert only(read(with_term("levers", "growth", years=[2100, 2100]))).years == (2100, 2100)
    with pytest.raises(ValidationError, match=r"\[start, end\]"):
        read(with_term("levers", "programme", years=[2013]))


@pytest.mark.parametrize(
    "places", [[], "", ["Wuxi", ""], ["Wuxi", "wuxi city"], ["all", "Wuxi"], 5, [5], ["a\nb"], {"Wuxi": 1}, [["Wuxi"]]]
)
def test_places_are_all_or_a_list_of_different_names(places: object) -> None:
    with pytest.raises(ValidationError):
        read(with_term("levers", "growth", places=places))


def test_one_place_needs_no_list() -> None:
    assert only(read(with_term("levers", "growth", places="Wuxi"))).places == ("Wuxi",)
    assert only(read(with_term("levers", "growth", places="All"))).places == ALL


@pytest.mark.parametrize(
    ("section", "kind", "changes"),
    [
        ("levers", "growth", {"ramp": 0}),
        ("levers", "growth", {"ramp": 1.5}),
        ("levers", "growth", {"ramp": True}),
        ("levers", "ceiling", {"measure": "all"}),
        ("levers", "ceiling", {"unit": "EUR"}),
        ("levers", "target", {"due": None}),
        ("levers", "target", {"due": 1999}),
        ("assumptions", "common_shock", {"families": ["jobs"]}),
        ("assumptions", "common_shock", {"year": "2014"}),
        ("assumptions", "exchange_rate", {"volatility": None}),
        ("assumptions", "exchange_rate", {"path": {1999: 6}}),
        ("assumptions", "exchange_rate", {"path": {2014: 0}}),
        ("assumptions", "exchange_rate", {"path": [6, 7]}),
        ("assumptions", "long_run_growth", {"points": 1}),
        ("assumptions", "long_run_growth", {"percent": None}),
        ("assumptions", "reversion", {"fade": None}),
        ("assumptions", "link", {"to": "Employees"}),
        ("assumptions", "link", {"lag": -1}),
        ("assumptions", "correlation", {"places": "Wuxi"}),
    ],
)
def test_what_makes_no_sense_is_refused(section: str, kind: str, changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        read(with_term(section, kind, **changes))


def test_the_families_are_those_of_the_priors() -> None:
    assert set(FAMILIES) == set(PRIORS)


def test_the_units_are_those_of_the_measures(catalogue: Catalogue) -> None:
    from data.user_names import UNITS_OF_QUANTITY

    forecast = catalogue.measures[catalogue.measures["family"] != ""]
    assert set(UNITS) == {unit for quantity in forecast["quantity"] for unit in UNITS_OF_QUANTITY[quantity]}


# Scenarios


def test_a_scenario_is_frozen_and_a_key() -> None:
    one, same = read(with_term("levers", "growth")), read(with_term("levers", "growth"))
    assert one == same
    assert hash(one) == hash(same)
    assert one != read(with_term("levers", "growth", points=4))
    with pytest.raises(ValidationError, match="frozen"):
        one.title = "Another"
    with pytest.raises(ValidationError, match="frozen"):
        only(one).points = Constant(value=1)


def test_a_scenario_is_made_in_python_as_in_a_file() -> None:
    made = Scenario(
        title="Made",
        levers=(Growth(places=["Wuxi"], measure="employees", years=[2013], points=Triangular(triangular=(1, 3, 6))),),
        assumptions=(CommonShock(year=2014, percent=-8), Link(from_measure="a", to_measure="b", elasticity={"beta": [1, 2]})),
    )
    assert made.levers[0].years == (2013, None)
    assert made.assumptions[0].probability.mean() == 1
    assert made.assumptions[1].elasticity == Beta(beta=(1, 2))
    rates = ExchangeRate(pair="CNY/USD", path={2015: 6.3, 2013: 6.2})
    assert [(year, rate.mean()) for year, rate in rates.path] == [(2013, 6.2), (2015, 6.3)]
    assert ExchangeRate(pair="CNY/USD", path=rates.path) == rates


def test_two_terms_about_the_same_thing_are_refused() -> None:
    first = BODIES["levers"]["growth"] | {"places": ["Wuxi", "Suzhou"]}
    for second, refused in [
        ({"places": ["suzhou city", "WUXI"], "points": 9}, True),
        ({"years": [2014]}, False),
        ({"scope": "ITO"}, False),
    ]:
        value = {"title": "Two", "levers": [{"growth": first}, {"growth": first | second}]}
        if refused:
            with pytest.raises(ValidationError) as error:
                read(value)
            assert error.value.errors()[0]["ctx"] == {"section": "levers", "number": 1, "first": 0}
        else:
            assert len(read(value).levers) == 2


def test_links_in_a_circle_need_a_lag() -> None:
    for circle in [("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d")]:
        pairs = list(zip(circle, (*circle[1:], circle[0]), strict=True))
        with pytest.raises(ValidationError) as error:
            links(("x", "a", 0), ("b", "y", 0), *((one, other, 0) for one, other in pairs))
        assert error.value.errors()[0]["ctx"]["links"] == len(circle)
        assert links(*((one, other, int(number == 0)) for number, (one, other) in enumerate(pairs)))
    assert links(("a", "b", 0), ("a", "c", 0), ("b", "d", 0), ("c", "d", 0))


def test_a_file_adds_to_its_base_and_replaces_what_is_about_the_same_thing() -> None:
    def growth(points: float, **changes: object) -> dict[str, object]:
        return {"growth": BODIES["levers"]["growth"] | {"points": points} | changes}

    base = read(
        {
            "title": "Base",
            "horizon": 2030,
            "levers": [growth(1), growth(2, scope="ITO")],
            "assumptions": [{"tails": {"freedom": 5}}],
        }
    )
    own = ScenarioFile.model_validate(
        {
            "title": "Own",
            "levers": [growth(3, scope="bpo"), growth(4, scope="ito")],
            "assumptions": [{"tails": {"freedom": "normal"}}],
        }
    )
    both = own.upon(base)
    assert type(both) is Scenario
    assert [(term.scope, term.points.mean()) for term in both.levers] == [("all", 1), ("bpo", 3), ("ito", 4)]
    assert [term.freedom for term in both.assumptions] == ["normal"]
    assert (both.title, both.horizon) == ("Own", 2030)
    assert ScenarioFile(title="Own", horizon=2020).upon(base).horizon == 2020
    assert ScenarioFile(title="Own").upon(None).horizon == 2020


@settings(derandomize=True, deadline=None, max_examples=30)
@given(SCENARIOS, SCENARIOS)
def test_inheriting_twice_is_inheriting_once(base: Scenario, own: Scenario) -> None:
    stated = ScenarioFile.model_validate(own.model_dump(by_alias=True))
    both = stated.upon(base)
    assert stated.upon(both) == both
    assert stated.upon(own) == own
    nothing_new = ScenarioFile(title=base.title).upon(base)
    assert nothing_new == base


# The schema and the page

SCHEMA = Draft202012Validator(scenario_schema())


def test_the_schema_is_one_and_names_no_host_but_that_of_the_standard() -> None:
    text = json.dumps(scenario_schema())
    Draft202012Validator.check_schema(scenario_schema())
    assert set(re.findall(r"https?://([^/\"]+)", text)) == {"json-schema.org"}
    assert scenario_schema()["$id"] == "urn:sourcecast:schema:scenario"


def test_everything_in_the_schema_is_described() -> None:
    schema = scenario_schema()
    for name, term in TERMS.items():
        described = schema["$defs"][term.__name__]
        assert described["description"] == term.english, name
        assert all(field["description"] for field in described["properties"].values()), name
    assert schema["$defs"]["Breaks"]["properties"]["factor"]["default"] == 2
    assert schema["$defs"]["Growth"]["properties"]["places"]["default"] == "all"
    assert {"title", "base", "horizon", "levers", "assumptions"} == set(schema["properties"])


def json_keys(value: object) -> object:
    """The same value with texts as keys, as JSON has them."""
    return json.loads(json.dumps(value))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(SCENARIOS)
def test_what_is_a_scenario_satisfies_the_schema(scenario: Scenario) -> None:
    assert list(SCHEMA.iter_errors(json_keys(scenario.model_dump(by_alias=True, exclude_defaults=True)))) == []


@pytest.mark.parametrize(("section", "kind"), KINDS)
def test_the_schema_refuses_what_is_no_scenario(section: str, kind: str) -> None:
    assert SCHEMA.is_valid(json_keys(with_term(section, kind)))
    for name, value in BODIES[section][kind].items():
        if (not (kind == "target" and name == "due") and name not in ("percent", "fade", "volatility")) or kind == "common_shock":
            assert not SCHEMA.is_valid(json_keys(with_term(section, kind, **{name: None}))), name
        assert not SCHEMA.is_valid(json_keys(with_term(section, kind, **{name: {"gauss": [value]}}))), name
    assert not SCHEMA.is_valid(json_keys(with_term(section, kind, colour="red")))
    assert not SCHEMA.is_valid({"title": "One", section: [{f"{kind}s": BODIES[section][kind]}]})


def test_the_page_is_what_the_classes_say() -> None:
    """After a change, run `python -m scenarios.scenario_guide`."""
    assert PAGE.read_text(encoding="utf-8") == guide()
    assert max(map(len, guide().splitlines())) <= 220  # a row of a table cannot be broken
    for term in TERMS.values():
        assert f"### {term.kind}\n" in guide()


def test_the_baseline_is_its_preset() -> None:
    """No file is read for it, so it must be what its file says."""
    assert load_scenario("baseline") == BASELINE
