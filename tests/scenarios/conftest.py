"""A small made-up world with a known structure: two families, a nation, places with one to four years."""

from pathlib import Path

import numpy as np
import pytest

from data import Catalogue
from forecast.belief import Belief, believe
from scenarios.plan import Plan, make_plan
from tests.made_up import aim, catalogue_of, level
from tests.scenarios.scenario_writing import Write
from tests.scenarios.small_plans import HORIZON, city_events


@pytest.fixture(scope="session")
def small_catalogue() -> Catalogue:
    growth = np.array([0.45, 0.38, 0.52, 0.30, 0.41, 0.47])
    facts = [level("China", "contract_value_executed", 2010, 14e9), level("China", "contract_value_executed", 2012, 46.57e9)]
    for number, rate in enumerate(growth):
        facts.append(level(f"City {number}", "contract_value_executed", 2012, (1 + number) * 1e9))
        facts.append(level(f"City {number}", "contract_value_executed", 2011, (1 + number) * 1e9 / (1 + rate)))
    facts.append(level("City 0", "contract_value_executed", 2010, 0.4e9))
    facts.append(level("City 1", "employees", 2012, 150_000, "persons"))
    facts.append(level("City 2", "employees", 2011, 80_000, "persons"))
    facts.append(level("City 2", "employees", 2012, 95_000, "persons"))
    targets = [
        aim("City 0", "contract_value_executed", 2015, 2.2e9),
        aim("City 3", "contract_value_executed", 2016, 60e9, "CNY"),
        aim("City 2", "employees", 2015, 130_000, "persons"),
    ]
    return catalogue_of(facts, targets)


@pytest.fixture(scope="session")
def small_belief(small_catalogue: Catalogue) -> Belief:
    return believe(small_catalogue)


@pytest.fixture(scope="session")
def plan(small_belief: Belief) -> Plan:
    return make_plan(small_belief, city_events(small_belief), HORIZON, places=["City 1", "City 5", "China"])


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into a folder of its own and return its path."""

    def written(content: str | bytes, name: str = "mine.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written
