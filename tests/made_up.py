"""Made-up facts and targets for tests, added to an otherwise empty catalogue."""

from dataclasses import asdict, replace
from math import nan
from types import MappingProxyType

import numpy as np
import pandas as pd

from data import Catalogue, Fact, Target, load_catalogue
from forecast.belief import Belief


def level(place: str, measure: str, year: int | str, value: float, unit: str = "USD", **more: object) -> Fact:
    """A stated level, precise to six digits, with anything else changed by keyword."""
    fact = Fact(
        f"{place}-{measure}-{year}-level", place, measure, "total", str(year), "level", "observed", value, unit, "exact", nan, nan,
        "", f"{value:g}", "003", 1.0, "", "2013-12-31",
    )  # fmt: skip
    return replace(fact, **more)  # type: ignore[arg-type]


def stated(fact: Fact, kind: str, value: float, period: str, unit: str = "percent", **more: object) -> Fact:
    """A growth rate, multiple or sum about the same series as `fact`."""
    name = f"{fact.place}-{fact.measure}-{period}-{kind}"
    return replace(fact, fact=name, kind=kind, value=value, period=period, unit=unit, **more)  # type: ignore[arg-type]


def aim(place: str, measure: str, due: int, value: float, unit: str = "USD", **more: object) -> Target:
    """A stated target, at least `value` by `due`."""
    target = Target(
        f"{place}-{measure}-{due}", place, measure, "total", float(due), "stated", "level", value, nan, unit, "at_least", "",
        f"{value:g}", "003", 1.0, "", "", "exact", "", "", "", "2013-12-31",
    )  # fmt: skip
    return replace(target, **more)  # type: ignore[arg-type]


def catalogue_of(facts: list[Fact], targets: list[Target] | None = None) -> Catalogue:
    """The bundled places, measures and rates with these facts and targets only."""
    catalogue = load_catalogue(bundled=False)
    places = {fact.place for fact in facts} | {target.place for target in targets or []}
    unknown = sorted(places - set(catalogue.places["place"]))
    rows = pd.DataFrame(
        [{"place": name, "name_en": name, "name_zh": "", "kind": "city", "parent": "", "region": ""} for name in unknown]
    )
    tables: dict[str, pd.DataFrame] = {"facts": pd.DataFrame([asdict(fact) for fact in facts]).astype(catalogue.facts.dtypes)}
    if targets:
        tables["targets"] = pd.DataFrame([asdict(target) for target in targets])
    if unknown:
        tables["places"] = pd.concat([catalogue.places, rows], ignore_index=True)
    return replace(catalogue, **tables)


def grown_panel(
    seed: int, places: int = 12, first: int = 1998, last: int = 2012, measure: str = "contract_value_executed"
) -> list[Fact]:
    """Levels of towns that grow as the two-speed model says, with the middle values of its priors; every other town is known later only."""
    random = np.random.default_rng(seed)
    span, persistence = last - first, 0.35
    common = [random.normal(0, 0.15)]
    for _ in range(span):
        common.append(0.5 * common[-1] + random.normal(0, 0.08))
    long_run = random.normal(0.104, 0.02)
    facts = []
    for number in range(places):
        lasting, own, trend = random.normal(0, 0.05), random.normal(0, 0.15), random.normal(20, 1)
        begin = int(random.integers(first, last - 1)) if number % 2 else first
        for year in range(first, last + 1):
            if year > first:
                trend += long_run + common[year - first] + lasting + own
                own = persistence * own + random.normal(0, 0.15 * np.sqrt(1 - persistence**2))
            if year >= begin:
                value = round(float(np.exp(trend + random.normal(0, 0.03))))
                facts.append(level(f"Town {number:02d}", measure, year, value, digits=1.0))
    return facts


def without_tails(belief: Belief) -> Belief:
    """The same belief with normal own shocks: each node is one normal law again."""
    families = {name: replace(one, tail=float("inf")) for name, one in belief.families.items()}
    return replace(belief, families=MappingProxyType(families))
