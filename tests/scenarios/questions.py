"""Questions about the targets of the small made-up world, and scenarios to ask them under."""

from dataclasses import fields, replace
from types import MappingProxyType

import numpy as np

from data import Catalogue, Target
from data.records import records
from forecast.belief import Belief, FamilyBelief, SeriesBelief
from scenarios import Scenario
from scenarios.question import Question, ask

CITY, MONEY, JOBS = "City 0-contract_value_executed-2015", "City 3-contract_value_executed-2016", "City 2-employees-2015"
BASELINE = Scenario(title="Baseline")


def question(
    catalogue: Catalogue, belief: Belief, target: str = CITY, scenario: Scenario = BASELINE, paths: int = 10_000, seed: int = 1
) -> Question:
    (row,) = [one for one in records(catalogue.targets, Target) if one.target == target]
    return ask(catalogue, belief, row, scenario, paths, seed, None)


def early(belief: Belief) -> Belief:
    """The same belief at a vintage that knows exchange rates up to 2012 alone."""
    return replace(belief, vintage="2013-12-31")


def scenario_of(levers: list[dict] = [], assumptions: list[dict] = []) -> Scenario:  # noqa: B006
    return Scenario.model_validate({"title": "One", "levers": levers, "assumptions": assumptions})


def growth_lever(points: object, place: str = "City 0") -> dict:
    return {
        "growth": {"places": [place], "measure": "contract_value_executed", "years": [2013, 2015], "points": points}
    }  # fmt: skip


def single_node(belief: Belief, node: int = 4) -> Belief:
    """The same belief with one node left: then everything is normal."""

    def cut(one: FamilyBelief | SeriesBelief, n_nodes: int):
        arrays = {field.name: getattr(one, field.name) for field in fields(one)}
        return replace(one, **{k: v[[node]] for k, v in arrays.items() if isinstance(v, np.ndarray) and len(v) == n_nodes})

    sizes = {name: len(one.weights) for name, one in belief.families.items()}
    families = {name: replace(cut(one, sizes[name]), weights=np.ones(1)) for name, one in belief.families.items()}
    return replace(belief, families=MappingProxyType(families), series=tuple(cut(one, sizes[one.family]) for one in belief.series))
