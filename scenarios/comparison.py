"""Scenarios side by side: the odds of every target under each, their differences on common random numbers, and what makes them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from math import isnan, sqrt

import numpy as np

from data import Catalogue, InputFault, Target
from data.records import records
from forecast.belief import believe
from forecast.series import Floats
from scenarios.attribution import Parts, shapley
from scenarios.fields import ALL
from scenarios.paired_runs import PairedRuns
from scenarios.scenario import BASELINE, Scenario
from scenarios.scenario_names import check_names
from scenarios.targets import vintage_of
from scenarios.terms import Term


@dataclass(frozen=True)
class Part:
    """What one lever or assumption does to the odds: its share of the whole change, that share's error, and the change by it alone."""

    section: str
    term: str
    part: float
    error: float
    alone: float


@dataclass(frozen=True)
class Comparison:
    """One target under one scenario; probabilities are shares, and differences those of shares.

    `difference` is that to the first scenario, with the error of the mean of paired differences. The four lines are `baseline`,
    `baseline_assumed` (its assumptions without its levers), `levers_alone` and `probability` (both); the middle two are None unless the
    scenario has both. `parts` add up to `probability` - `baseline`; `interaction` is what that has beyond the sum of what each does alone.
    """

    scenario: str
    target: str
    place: str
    measure: str
    scope: str
    due: int | None
    value: float | None
    unit: str
    probability: float | None
    probability_error: float | None
    difference: float | None
    difference_error: float | None
    baseline: float | None
    baseline_assumed: float | None
    levers_alone: float | None
    parts: list[Part] = field(default_factory=list)
    interaction: float | None = None
    data_weight: float | None = None
    warnings: list[str] = field(default_factory=list)

    def as_record(self) -> dict[str, object]:
        """Return the fields as a dictionary in their fixed order."""
        return asdict(self)


def compare(
    catalogue: Catalogue,
    scenarios: Sequence[Scenario],
    *,
    known_by: str = "document",
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    places: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
) -> list[Comparison]:
    """Compare scenarios on every stated target that one of them gives odds of, by target and then in the order of the scenarios.

    Parameters
    ----------
    catalogue : Catalogue
    scenarios : sequence of Scenario
        One or more; the first is what the others are compared with.
    known_by : str
        As of `assess_targets`.
    paths, seed, threads : int
    places : sequence of str
        Only targets of these places; empty for all.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If no scenario is given, two have the same title, or one has what cannot be simulated.
    """
    if not scenarios:
        raise InputFault("no scenario found; one or more are needed")
    titles = [one.title for one in scenarios]
    if again := {title for title in titles if titles.count(title) > 1}:
        raise InputFault(f"scenarios: {sorted(again)[0]!r} found twice; titles must differ")
    scenarios = [check_names(one, catalogue) for one in scenarios]
    if known_by not in ("document", "latest"):
        catalogue = catalogue.known_by(known_by)
    by_vintage = targets_by_vintage(catalogue, known_by, places)
    found: list[Comparison] = []
    for number, vintage in enumerate(sorted(by_vintage)):
        runs = PairedRuns(catalogue, believe(catalogue, vintage), by_vintage[vintage], paths, seed, threads)
        found += compared(runs, scenarios)
        if progress is not None:
            progress((number + 1) / len(by_vintage))
    return sorted(found, key=lambda one: (*order(one), titles.index(one.scenario)))


def order(one: Comparison) -> tuple[str, str, str, int, str]:
    """Return by what targets are put in order."""
    return one.place, one.measure, one.scope, one.due or 0, one.target


def targets_by_vintage(catalogue: Catalogue, known_by: str, places: Sequence[str]) -> dict[str, list[Target]]:
    """Return the targets of some places, or all, by the date that cuts what is known of them."""
    found: dict[str, list[Target]] = {}
    for row in records(catalogue.targets, Target):
        if not places or row.place in places:
            found.setdefault(vintage_of(row, known_by), []).append(row)
    return found


def compared(runs: PairedRuns, scenarios: Sequence[Scenario]) -> list[Comparison]:
    """Compare scenarios on the targets of a vintage."""
    first = runs.of(scenarios[0])
    asked = [target for target in (row.target for row in runs.rows) if any(target in runs.of(one).shares for one in scenarios)]
    rows = []
    for scenario in scenarios:
        whole, nothing = runs.of(scenario), runs.of(BASELINE)
        both = scenario.levers and scenario.assumptions
        assumed = runs.of(scenario.model_copy(update={"levers": ()})).shares if both else {}
        moved = runs.of(scenario.model_copy(update={"assumptions": ()})).shares if both else {}
        parts = parts_of(runs, scenario, [target for target in asked if target in whole.shares and target in nothing.shares])
        for target in asked:
            stated = whole.stated.get(target) or next(row for row in runs.rows if row.target == target)
            shares = whole.shares.get(target)
            probability, error = mean_and_error(shares)
            difference = None if shares is None or target not in first.shares else shares - first.shares[target]
            change, change_error = mean_and_error(difference)
            of_terms, interaction = parts.get(target, ([], None))
            due = None if isnan(stated.due) else int(stated.due)
            base, under, alone = (mean_and_error(found.get(target))[0] for found in (nothing.shares, assumed, moved))
            rows.append(
                Comparison(
                    scenario.title, target, stated.place, stated.measure, stated.scope, due, stated.value, stated.unit, probability, error,
                    change, change_error, base, under, alone, of_terms, interaction, whole.data_weights.get(target), whole.warnings.get(target, []),
                )
            )  # fmt: skip
    return rows


def mean_and_error(shares: Floats | None) -> tuple[float | None, float | None]:
    """Mean over draws and its standard error; None where there is nothing."""
    if shares is None:
        return None, None
    error = float(shares.std(ddof=1)) / sqrt(len(shares)) if len(shares) > 1 else None
    return float(shares.mean()), error


def parts_of(runs: PairedRuns, scenario: Scenario, targets: Sequence[str]) -> dict[str, tuple[list[Part], float]]:
    """Attribute the change of the odds of some targets, from the baseline, to the terms of a scenario."""
    terms = [("levers", term) for term in scenario.levers] + [("assumptions", term) for term in scenario.assumptions]
    n_levers = len(scenario.levers)

    def value(chosen: frozenset[int]) -> Floats:
        levers = tuple(term for number, term in enumerate(scenario.levers) if number in chosen)
        assumptions = tuple(term for number, term in enumerate(scenario.assumptions, n_levers) if number in chosen)
        shares = runs.of(scenario.model_copy(update={"levers": levers, "assumptions": assumptions})).shares
        return np.array([shares.get(target, runs.missing) for target in targets])

    if not terms or not targets:
        return {target: ([], 0.0) for target in targets}
    found: Parts = shapley(len(terms), value, runs.seed)
    return {
        target: (
            [
                Part(section, term_name(term), float(found.part[n, m]), float(found.error[n, m]), float(found.alone[n, m]))
                for n, (section, term) in enumerate(terms)
            ],
            float(found.interaction[m]),
        )
        for m, target in enumerate(targets)
    }


def term_name(term: Term) -> str:
    """Name a term by its kind and what it is about, such as 'growth of Hangzhou, employees, 2013-2016'."""
    about = [getattr(term, name) for name in term.address]
    said = [name_in_words(one) for one in about if one not in ("all", ALL)]
    return f"{term.kind} of {', '.join(said)}" if said else term.kind


def name_in_words(about: object) -> str:
    """Write a name, names, or years of which the last may be open."""
    if isinstance(about, tuple) and isinstance(about[0], int):
        return f"{about[0]}-{about[1] or ''}"
    return ", ".join(map(str, about)) if isinstance(about, tuple) else str(about)
