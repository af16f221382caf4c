"""Made-up facts and targets for tests, added to an otherwise empty catalogue."""

from dataclasses import asdict, replace
from math import nan

import pandas as pd

from data import Catalogue, Fact, Target, load_catalogue


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
    tables: dict[str, pd.DataFrame] = {"facts": pd.DataFrame([asdict(fact) for fact in facts])}
    if targets:
        tables["targets"] = pd.DataFrame([asdict(target) for target in targets])
    if unknown:
        tables["places"] = pd.concat([catalogue.places, rows], ignore_index=True)
    return replace(catalogue, **tables)
