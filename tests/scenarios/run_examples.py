"""Small runs to test with: a made-up world of five series, blocks of one or two series, and what a folder holds."""

import json
from pathlib import Path

import pytest

from data import Catalogue
from scenarios import run_blocks
from scenarios.batch import Batch, Request
from scenarios.run_making import Made, in_this_process, make_run
from scenarios.run_store import Store
from scenarios.scenario import Scenario
from tests.made_up import aim, catalogue_of, level

PUSH = {
    "growth": {"places": ["City 0"], "measure": "contract_value_executed", "years": [2013, 2014], "points": {"uniform": [1, 5]}}
}
LINK = {"link": {"from": "contract_value_executed", "to": "employees", "elasticity": 0.4}}
SHOCK = {"common_shock": {"year": 2014, "percent": -8, "probability": 0.25}}
BASELINE = Scenario(title="Baseline", horizon=2016)
PUSHED = Scenario(title="Pushed", horizon=2016, levers=(PUSH,), assumptions=(LINK, SHOCK))


def small_world(first: float = 1e9) -> Catalogue:
    """Three cities with contracts, two of them with jobs, and an aim for two."""
    facts = [level(f"City {n}", "contract_value_executed", 2012, (n + 1) * first) for n in range(3)]
    facts += [level(f"City {n}", "contract_value_executed", 2011, (n + 1) * first / 1.4) for n in range(3)]
    facts += [level(f"City {n}", "employees", year, 1000 * (year - 2002), "persons") for n in (0, 1) for year in (2011, 2012)]
    aims = [aim("City 0", "contract_value_executed", 2015, 2.2e9), aim("City 1", "employees", 2015, 13_000, "persons")]
    return catalogue_of(facts, aims)


def small_request(*scenarios: Scenario, **changes: object) -> Request:
    """Levels, odds and forecasts of that world."""
    loaded = scenarios or (BASELINE, PUSHED)
    values = {"title": "Small", "scenarios": [one.title for one in loaded], "models": ["auto"], "paths": 200, **changes}
    return Request(Batch.model_validate(values), loaded)


def made_in(folder: Path, catalogue: Catalogue, request: Request, **options: object) -> Made:
    """Compute a run."""
    return make_run(Store(folder), catalogue, request, in_this_process(1), **options)  # type: ignore[arg-type]


def small_blocks(patch: pytest.MonkeyPatch, series: int = 2) -> None:
    """Cut runs into many blocks."""
    patch.setattr(run_blocks, "SERIES_A_BLOCK", series)


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its name; a manifest without its timing."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    for name in found:
        if name.endswith("manifest.json"):
            manifest = json.loads(found[name])
            assert set(manifest.pop("timing")) == {"started", "seconds", "computed", "kept"}
            found[name] = json.dumps(manifest).encode()
    return found


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
