"""Every stated target against the futures of the series that measures it: odds, required growth, what would suffice, or why not."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import exp, expm1, isnan, log

import pandas as pd

from data import Catalogue, InputFault, Target
from data.records import records
from forecast.belief import Belief, believe
from forecast.currency import MONEY, conversion
from forecast.evidence import evidence_of
from forecast.gates import gate_of_record
from forecast.prediction import data_weight
from scenarios.aims import Aim, aimed_log_level
from scenarios.compilation import compile_scenario, moved_target
from scenarios.outcomes import Outcomes
from scenarios.plan import Event, make_plan
from scenarios.plan import extra_growth as growth_lever
from scenarios.prepared import assumed_rates, assumed_shift
from scenarios.scenario import BASELINE, Scenario
from scenarios.scenario_names import check_names
from scenarios.simulation import simulate
from scenarios.source_changes import source_changes

LAST_YEAR = 2020
LATEST = "9999-12-31"
ANOTHER_BASIS_RATIO, ANOTHER_BASIS_YEARS = 3.0, 3  # METHOD D0.8
STALE_YEARS = 2


@dataclass(frozen=True)
class TargetAssessment:
    """One stated target and what can be said about it; the fields are those of `sourcecast targets --format json`.

    Probabilities are shares; growth is percent a year; extra growth percentage points: p points multiply each year's growth factor by
    (1 + p/100). `median`, `q10` and `q90` are levels of the series in the due year, in the target's unit. `source_change` is the largest
    change of the probability when one source is dropped, and `source_dropped` that source: a fact, or a document or file with all its facts;
    they are told of the baseline alone. `warnings` are those of levers that lead the series of the target out of the record.
    """

    target: str
    place: str
    measure: str
    scope: str
    due: int | None
    value: float | None
    value_high: float | None
    unit: str
    kind: str
    status: str
    match: str
    assessed_by: str | None
    reason: str | None
    probability: float | None = None
    probability_error: float | None = None
    probability_low: float | None = None
    probability_high: float | None = None
    median: float | None = None
    q10: float | None = None
    q90: float | None = None
    required_growth: float | None = None
    observed_growth: float | None = None
    extra_growth_50: float | None = None
    extra_growth_80: float | None = None
    first_likely_year: int | None = None
    data_weight: float | None = None
    vintage: str | None = None
    stale: bool | None = None
    alternatives: list[dict[str, float | str]] = field(default_factory=list)
    source: str = ""
    line: int | None = None
    printed: str = ""
    source_change: float | None = None
    source_dropped: str | None = None
    warnings: list[str] = field(default_factory=list)

    def as_record(self) -> dict[str, object]:
        """Return the fields as a dictionary in their fixed order."""
        return asdict(self)


def assess_targets(
    catalogue: Catalogue,
    *,
    known_by: str = "document",
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    places: Sequence[str] = (),
    extra_growth: float = 0.0,
    long_run_factor: float = 1.0,
    scenario: Scenario = BASELINE,
    progress: Callable[[float], None] | None = None,
) -> list[TargetAssessment]:
    """Assess every stated target, ordered by place, measure, scope and due year.

    Parameters
    ----------
    catalogue : Catalogue
    known_by : str
        'document': each target with what was known when its own document appeared; 'latest': everything; or a date.
    paths, seed, threads : int
    places : sequence of str
        Only targets of these places; empty for all.
    extra_growth : float
        Percentage points a year added to the growth of every series.
    long_run_factor : float
        Multiplies the uncertainty of the long-run mean growth.
    scenario : Scenario
        Levers and assumptions; every target is held against its futures, and is itself as a lever moves it.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If a target of the user's is due at or before the last year known of its series, or the scenario has what cannot be simulated.
    """
    if known_by not in ("document", "latest"):
        catalogue = catalogue.known_by(known_by)
    targets = catalogue.targets
    if places:
        targets = targets[targets["place"].isin(list(places))]
    by_vintage: dict[str, list[Target]] = {}
    scenario = check_names(scenario, catalogue)
    for row in (moved_target(row, scenario) for row in records(targets, Target)):
        by_vintage.setdefault(vintage_of(row, known_by), []).append(row)
    done: list[TargetAssessment] = []
    vintages = sorted(by_vintage)
    for number, vintage in enumerate(vintages):

        def report(share: float, number: int = number) -> None:
            if progress is not None:
                progress((number + share) / len(vintages))

        belief = believe(catalogue, vintage, long_run_factor=long_run_factor)
        done += assess_vintage(catalogue, belief, by_vintage[vintage], paths, seed, threads, extra_growth, scenario, report)
    return sorted(done, key=lambda one: (one.place, one.measure, one.scope, one.due or 0, one.target))


def vintage_of(row: Target, known_by: str) -> str:
    """Return the date that cuts what is known when a target is assessed."""
    return {"document": row.known_by or LATEST, "latest": LATEST}.get(known_by, known_by)


def assess_vintage(
    catalogue: Catalogue,
    belief: Belief,
    rows: list[Target],
    paths: int,
    seed: int,
    threads: int | None,
    extra_growth: float,
    scenario: Scenario,
    progress: Callable[[float], None],
) -> list[TargetAssessment]:
    """Assess the targets of one vintage with one run of the simulation."""
    documents = set(catalogue.sources["source"])
    rates = catalogue.known_by(belief.vintage).exchange_rates
    blanks = [blank_assessment(row, belief.vintage) for row in rows]
    aims: dict[str, Aim] = {}
    others: dict[str, list[Aim]] = {}
    answers = []
    for row, blank in zip(rows, blanks, strict=True):
        aim, answer = aim_of(row, blank, belief, rates)
        if answer.status == "due_passed" and row.source not in documents:
            raise InputFault(
                f"{row.source}, row {row.line:.0f}: the target {row.target} is due in {row.due:.0f}, but its series ends in "
                f"{answer.reason.split()[-1] if answer.reason else '?'}; a due year after that is needed"
            )
        if aim is not None:
            aims[row.target] = aim
            second = [
                aim_of(row, replace(blank, assessed_by=name), belief, rates)[0] for name in row.alternatives.split(";") if name
            ]
            others[row.target] = [other for other in second if other is not None]
        answers.append(answer)
    every = [aim for target, aim in aims.items() for aim in (aim, *others[target])]
    events = [Event(a.event, str(a.one.key), a.due, a.log_level, a.conversion) for a in every]
    if not events:
        return answers
    horizon = max(LAST_YEAR, *(event.year for event in events))
    compiled = compile_scenario(scenario, catalogue, belief, horizon)
    pushes = (*compiled.pushes, *growth_lever(belief, extra_growth))
    plan = make_plan(compiled.belief, events, horizon, pushes, rates=compiled.rates)
    outcomes = simulate(plan, paths, seed, threads, progress)
    stated = {row.target: row for row in rows}
    asked = [(stated[name], aim) for name, aim in aims.items()] if compiled.is_baseline else []
    changes = source_changes(evidence_of(catalogue, belief), asked, extra_growth)
    assessed = []
    for answer in answers:
        if answer.target not in aims:
            assessed.append(answer)
            continue
        aim = aims[answer.target]
        change, dropped = changes.get(answer.target, (None, None))
        warnings = [one.sentence for one in compiled.warnings if str(aim.one.key) in one.series]
        full = replace(with_odds(answer, aim, outcomes), source_change=change, source_dropped=dropped, warnings=warnings)
        assessed.append(replace(full, alternatives=[alternative(other, outcomes) for other in others[answer.target]]))
    return assessed


def blank_assessment(row: Target, vintage: str) -> TargetAssessment:
    """Copy a target's own columns; everything to be computed stays empty."""
    return TargetAssessment(
        row.target, row.place, row.measure, row.scope, whole(row.due), number(row.value), number(row.value_high), row.unit, row.kind,
        "no_baseline", row.match or "none", row.assessed_by or None, row.reason or None,
        vintage=vintage if vintage < LATEST else "latest", source=row.source, line=whole(row.line), printed=row.printed,
    )  # fmt: skip


def aim_of(
    row: Target, blank: TargetAssessment, belief: Belief, rates: pd.DataFrame
) -> tuple[Aim | None, TargetAssessment]:  # fmt: skip
    """Turn a target into a level that one series must reach, or say why that cannot be done."""

    def refused(status: str, reason: str, **known: object) -> tuple[None, TargetAssessment]:
        return None, replace(blank, status=status, reason=reason, **known)  # type: ignore[arg-type]

    if isnan(row.value) or row.unit == "":
        return refused("not_quantified", row.reason or "no figure is stated")
    name = blank.assessed_by or (default_series(row) if row.match == "exact" else None)
    if name is None:
        return refused("no_baseline", row.reason or "no series measures it")
    one = belief.find(name)
    if one is None and row.unit in MONEY:
        one = next((found for unit in MONEY if (found := belief.find("|".join((*name.split("|")[:3], unit))))), None)
    if one is None:
        return refused("no_baseline", f"no level of {name} is known in this vintage", assessed_by=None, match="none")
    blank = replace(blank, assessed_by=str(one.key))
    if isnan(row.due):
        return refused("withheld", row.withheld or "no year is stated by which it should be reached")
    due, origin = int(row.due), one.series.origin
    if due <= origin:
        return refused("due_passed", f"it was due by {due}; its series ends in {origin}")
    money = row.unit if row.unit in MONEY else one.key.unit
    rate = conversion(rates[rates["year"] <= due], one.key.unit, money, row.source) if one.key.unit in MONEY else None
    if one.key.unit in MONEY and rate is None:
        return refused("no_baseline", f"no exchange rate between {one.key.unit} and {row.unit} is known in this vintage")
    log_level, assumed = aimed_log_level(row, one, due, rate.log_rate if rate else 0.0)
    if log_level is None:
        return refused("no_baseline", row.reason or assumed)
    aim = Aim(row.target, one, due, log_level, rate, assumed)
    ratio = exp(log_level - float(one.series.log_level[-1]))
    seen = {
        "required_growth": aim.required_growth,
        "observed_growth": one.series.last_growth(),
        "data_weight": data_weight(belief, one, aim.horizon),
        "stale": int(belief.vintage[:4]) - origin > STALE_YEARS if belief.vintage < LATEST else False,
    }
    if row.withheld:
        return refused("withheld", "; ".join(part for part in (row.withheld, row.reason) if part), **seen)
    if ratio <= 1.0:
        return refused(
            "withheld",
            f"already passed: the last known level, of {origin}, is {1 / ratio:.2f} times the target",
            **seen,
        )
    if ratio > ANOTHER_BASIS_RATIO and aim.horizon <= ANOTHER_BASIS_YEARS:
        reason = f"the target is {ratio:.1f} times the level of {origin} within {aim.horizon} years: it must stand on another basis"
        return refused("withheld", f"{row.reason}; {reason}" if row.reason else reason, **seen)
    if thin := gate_of_record(belief, one, aim.required_growth, aim.horizon):
        return refused("withheld", f"{row.reason}; {thin}" if row.reason else thin, **seen)
    said = "; ".join(part for part in (row.reason, assumed) if part)
    return aim, replace(blank, status="assessed", reason=said or None, **seen)  # type: ignore[arg-type]


def default_series(row: Target) -> str:
    """Name the series with the target's own place, measure, scope and unit."""
    unit = row.unit if row.unit not in ("percent", "ratio") else "USD"
    return f"{row.place}|{row.measure}|{row.scope}|{unit}"


def with_odds(answer: TargetAssessment, aim: Aim, outcomes: Outcomes) -> TargetAssessment:
    """Fill in what the futures say about one target."""
    key = str(aim.one.key)
    odds = outcomes.odds(aim.event)
    if aim.conversion and aim.conversion.convention_sd:  # the margin holds the doubt about the exchange rate
        aimed = aim.log_level + aim.conversion.log_rate
        q10, median, q90 = (exp(aimed + outcomes.margin_quantile(aim.event, share)) for share in (0.1, 0.5, 0.9))
    else:
        q10, median, q90 = (float(level) for level in outcomes.quantiles(key, aim.due, [0.1, 0.5, 0.9]))
    years = range(aim.one.series.origin + 1, outcomes.plan.horizon + 1)
    _, path = assumed_rates(outcomes.plan, aim.conversion) if aim.conversion else (0.0, {})
    medians = {year: log(float(outcomes.quantiles(key, year, [0.5])[0])) + assumed_shift(path, year) for year in years}
    likely = [year for year, reached in medians.items() if reached >= aim.log_level]
    return replace(
        answer,
        probability=odds.probability,
        probability_error=odds.error,
        probability_low=odds.low,
        probability_high=odds.high,
        median=median,
        q10=q10,
        q90=q90,
        extra_growth_50=extra_growth_for(0.5, aim, outcomes),
        extra_growth_80=extra_growth_for(0.8, aim, outcomes),
        first_likely_year=likely[0] if likely else None,
    )


def extra_growth_for(probability: float, aim: Aim, outcomes: Outcomes) -> float:
    """Percentage points a year, in every year from the origin to the due one, that lift the odds to `probability`; 0 if not needed.

    A lever of p points moves ln(level) in the due year by exactly years x ln(1 + p/100), so the lower quantile of the margin says how much
    is missing.
    """
    missing = -outcomes.margin_quantile(aim.event, 1 - probability)
    return max(0.0, 100 * expm1(missing / aim.horizon))


def alternative(aim: Aim, outcomes: Outcomes) -> dict[str, float | str]:
    """Odds of the same target on another plausible series."""
    odds = outcomes.odds(aim.event)
    return {
        "assessed_by": str(aim.one.key),
        "probability": odds.probability,
        "probability_low": odds.low,
        "probability_high": odds.high,
    }


def number(value: float) -> float | None:
    """Return None for NaN."""
    return None if isnan(value) else float(value)


def whole(value: float) -> int | None:
    """Return an integer, None for NaN."""
    return None if isnan(value) else int(value)
