"""Scenarios to test with: the file of the design, one small body of every lever and assumption, and any scenario at all."""

from typing import Any

from hypothesis import strategies as st

from scenarios.scenario import Scenario

DESIGN = """\
title: Talent push and a mild recession
base: baseline            # inherits another file or a preset
horizon: 2020
levers:
  - growth:       {places: [Hangzhou], measure: contract_value_executed, scope: offshore,
                   years: [2013, 2016], points: {triangular: [1, 3, 6]}, ramp: 2}   # percentage points a year
  - ceiling:      {places: [Wuxi], measure: employees, level: 400000}
assumptions:
  - common_shock: {year: 2014, percent: -8, probability: 0.25, half_life: 1.5}
  - exchange_rate: {pair: CNY/USD, path: {2013: 6.2, 2015: 6.3}, volatility: 0.04}
  - link:         {from: employees, to: contract_value_executed, elasticity: {normal: [0.4, 0.15]}, lag: 1}
  - volatility:   {measure: fdi_actual, factor: 1.5}
"""
# The smallest body of each.
BODIES: dict[str, dict[str, dict[str, Any]]] = {
    "levers": {
        "growth": {"measure": "employees", "years": [2013], "points": 3},
        "programme": {"places": ["Wuxi"], "measure": "employees", "years": [2013, 2015], "level": 5000},
        "talent": {"places": ["Wuxi"], "years": [2013], "trainees": 5000, "retention": 0.7},
        "fdi": {"places": ["Wuxi"], "years": [2013], "amount": 2e8},
        "ceiling": {"places": ["Wuxi"], "measure": "employees", "level": 400000},
        "target": {"target": "suzhou-contract_value_signed-total-2015", "due": 2016},
    },
    "assumptions": {
        "common_shock": {"year": 2014, "percent": -8},
        "exchange_rate": {"pair": "CNY/USD", "volatility": 0.04},
        "long_run_growth": {"percent": 2},
        "reversion": {"fade": 0},
        "volatility": {"factor": 1.5},
        "link": {"from": "employees", "to": "contract_value_executed", "elasticity": 0.4},
        "correlation": {"coefficient": 0.3},
        "breaks": {"probability": 0.05},
        "tails": {"freedom": 5},
    },
}
KINDS = [(section, kind) for section, bodies in BODIES.items() for kind in bodies]


def with_term(section: str, kind: str, **changes: object) -> dict[str, Any]:
    """A scenario with one lever or assumption, some of its fields changed; None takes a field away."""
    body = {name: value for name, value in (BODIES[section][kind] | changes).items() if value is not None}
    return {"title": "One", section: [{kind: body}]}


def amounts(low: float, high: float) -> st.SearchStrategy[object]:
    """Numbers and distributions within bounds."""
    numbers = st.floats(low, high)
    ends = st.lists(numbers, min_size=3, max_size=3).map(sorted)
    weights = st.sampled_from([[1.0], [0.25, 0.75], [0.5, 0.25, 0.25]])
    discrete = st.tuples(st.lists(numbers, min_size=3, max_size=3, unique=True).map(sorted), weights).map(
        lambda pair: [[value, weight] for value, weight in zip(pair[0], pair[1], strict=False)]
    )
    middle, quarter = (low + high) / 2, (high - low) / 8
    forms = [
        numbers,
        st.integers(int(low) + 1, max(int(low) + 1, int(high))).filter(lambda value: value <= high),
        ends.map(lambda values: {"triangular": values}),
        ends.map(lambda values: {"pert": values}),
        ends.map(lambda values: {"uniform": values[:2]}),
        st.floats(0, quarter * 0.99).map(lambda sd: {"normal": [middle, sd]}),
        discrete.map(lambda pairs: {"discrete": pairs}),
    ]
    if low <= 0 and high >= 1:
        forms.append(st.tuples(st.floats(0.05, 1e4), st.floats(0.05, 1e4)).map(lambda shapes: {"beta": list(shapes)}))
    return st.one_of(forms)


TEXTS = (
    st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: text and text.isprintable())
)
NAMES = st.one_of(
    st.sampled_from(["Hangzhou", "苏州", "Xi'an", "2013", "no", "null", "1e3", "a: b", "#1", "- x", "'", '"', "~"]), TEXTS
).filter(lambda name: name.casefold() != "all")
PLACES = st.one_of(st.just("all"), st.sampled_from([["Hangzhou"], ["Wuxi", "苏州"], ["Suzhou", "Xi'an", "Jiangxi"]]))
MEASURES = st.sampled_from(["employees", "contract_value_signed", "fdi_actual", "enterprises", "执行额"])
FAMILIES = st.one_of(st.just("all"), st.lists(st.sampled_from(["contracts", "people", "fdi", "other"]), min_size=1, unique=True))
YEAR = st.integers(2000, 2100)
SPAN = st.lists(YEAR, min_size=2, max_size=2).map(sorted)
YEARS = st.one_of(SPAN, st.lists(YEAR, min_size=1, max_size=1))
UNITS = st.sampled_from(["USD", "CNY", "persons"])


def terms(section: str) -> st.SearchStrategy[list[dict[str, object]]]:
    """Levers or assumptions with any values, no two of them about the same thing for sure."""
    some = st.fixed_dictionaries
    bodies: dict[str, st.SearchStrategy[dict[str, object]]] = {
        "growth": some(
            {"measure": MEASURES, "years": YEARS, "points": st.one_of(st.just("best_peer"), amounts(-50, 100))},
            optional={"places": PLACES, "scope": NAMES, "ramp": st.integers(1, 20)},
        ),
        "programme": some(
            {"places": PLACES, "measure": MEASURES, "years": SPAN, "level": amounts(0, 1e14)},
            optional={"unit": UNITS, "scope": NAMES},
        ),
        "talent": some({"places": PLACES, "years": YEARS, "trainees": amounts(0, 1e7), "retention": amounts(0, 1)}),
        "fdi": some({"places": PLACES, "years": YEARS, "amount": amounts(0, 1e14)}, optional={"unit": UNITS}),
        "ceiling": some({"places": PLACES, "measure": MEASURES, "level": amounts(1, 1e14)}, optional={"unit": UNITS}),
        "target": some({"target": NAMES, "due": YEAR}, optional={"value": amounts(0, 1e14)}),
        "common_shock": some(
            {"year": YEAR, "percent": amounts(-90, 100)},
            optional={"probability": amounts(0, 1), "half_life": amounts(0, 50), "families": FAMILIES},
        ),
        "exchange_rate": some(
            {"pair": NAMES, "path": st.dictionaries(YEAR, amounts(0.0001, 100_000), min_size=1, max_size=3)},
            optional={"volatility": amounts(0, 1)},
        ),
        "long_run_growth": some({"points": amounts(-40, 40)}, optional={"families": FAMILIES}),
        "reversion": some({"fade": amounts(0, 1)}, optional={"persistence": amounts(0, 0.99), "families": FAMILIES}),
        "volatility": some({"factor": amounts(0, 10)}, optional={"measure": MEASURES, "families": FAMILIES}),
        "link": some({"from": MEASURES, "to": st.just("jobs"), "elasticity": amounts(-5, 5)}, optional={"lag": st.integers(0, 20)}),
        "correlation": some({"places": st.sampled_from(["all", ["Wuxi", "苏州"]]), "coefficient": amounts(0, 0.99)}),
        "breaks": some({"probability": amounts(0, 1)}, optional={"factor": amounts(0, 10)}),
        "tails": some({"freedom": st.one_of(st.just("normal"), amounts(3, 100))}),
    }
    chosen = st.lists(st.sampled_from(list(BODIES[section])), unique=True, max_size=4)
    return chosen.flatmap(lambda kinds: st.tuples(*(bodies[kind].map(lambda body, kind=kind: {kind: body}) for kind in kinds))).map(
        list
    )


SCENARIOS = st.builds(
    lambda title, horizon, levers, assumptions: Scenario(title=title, horizon=horizon, levers=levers, assumptions=assumptions),
    NAMES, YEAR, terms("levers"), terms("assumptions"),
)  # fmt: skip


def read(value: dict[str, Any]) -> Scenario:
    return Scenario.model_validate(value)


def links(*pairs: tuple[str, str, int]) -> Scenario:
    return read({"title": "L", "assumptions": [{"link": {"from": a, "to": b, "elasticity": 1, "lag": lag}} for a, b, lag in pairs]})
