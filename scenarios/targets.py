"""Every stated target against the futures of the series that measures it: odds, required growth, what would suffice, or why not."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import exp, expm1, inf, isnan, log

import numpy as np

from data import Catalogue, InputFault, Target
from data.records import records
from forecast.belief import Belief, believe
from forecast.currency import MONEY, conversion
from forecast.episodes import episodes
from forecast.evidence import evidence_of
from forecast.gates import gate_of_record
from forecast.prediction import data_weight
from scenarios.aims import PATH_KINDS, SPAN, Aim, aimed_log_level, ends_of, growth_readings, middle_of, path_aim
from scenarios.outcomes import Odds, Outcomes
from scenarios.path_aims import Futures, PathAim
from scenarios.path_odds import extra_growth_of_paths, path_odds, shortfall_of_paths, watch
from scenarios.plan import Event, Plan, make_plan
from scenarios.plan import extra_growth as growth_lever
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
    change of the probability when one source is dropped, and `source_dropped` that source: a fact, or a document or file with all its facts.

    A range, "about" and "nearly" leave the figure open: `probability` is for its middle, `probability_lower_value` and
    `probability_upper_value` for its ends. `readings` are the odds of a growth target by what its growth may mean, the first the one
    assumed. `expected_shortfall`: percent below the target, on average over the futures that miss it. `episodes` counts the stretches of as
    many years in the record of the family, `episodes_as_fast` those that grew at least as required.
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
    probability_lower_value: float | None = None
    probability_upper_value: float | None = None
    readings: list[dict[str, float | str]] = field(default_factory=list)
    expected_shortfall: float | None = None
    episodes_as_fast: int | None = None
    episodes: int | None = None

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
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If a target of the user's is due at or before the last year known of its series.
    """
    if known_by not in ("document", "latest"):
        catalogue = catalogue.known_by(known_by)
    targets = catalogue.targets
    if places:
        targets = targets[targets["place"].isin(list(places))]
    by_vintage: dict[str, list[Target]] = {}
    for row in records(targets, Target):
        date = {"document": row.known_by or LATEST, "latest": LATEST}.get(known_by, known_by)
        by_vintage.setdefault(date, []).append(row)
    done: list[TargetAssessment] = []
    vintages = sorted(by_vintage)
    for number, vintage in enumerate(vintages):

        def report(share: float, number: int = number) -> None:
            if progress is not None:
                progress((number + share) / len(vintages))

        belief = believe(catalogue, vintage, long_run_factor=long_run_factor)
        done += assess_vintage(catalogue, belief, by_vintage[vintage], paths, seed, threads, extra_growth, report)
    return sorted(done, key=lambda one: (one.place, one.measure, one.scope, one.due or 0, one.target))


def assess_vintage(
    catalogue: Catalogue,
    belief: Belief,
    rows: list[Target],
    paths: int,
    seed: int,
    threads: int | None,
    extra_growth: float,
    progress: Callable[[float], None],
) -> list[TargetAssessment]:
    """Assess the targets of one vintage with one run of the simulation."""
    asked = gather(catalogue, belief, rows)
    levels = [aim for aim in asked.every() if isinstance(aim, Aim)]
    told = [aim for aim in asked.every() if isinstance(aim, PathAim)]
    if not levels and not told:
        return asked.answers
    events = [Event(a.event, str(a.one.key), a.due, a.log_level, a.conversion) for a in levels]
    horizon = max(LAST_YEAR, *(aim.due for aim in levels), *(aim.due for aim in told))
    plan = make_plan(belief, events, horizon, growth_lever(belief, extra_growth))
    outcomes = simulate(plan, paths, seed, threads, progress)
    futures = watch(plan, told, paths, seed, threads)
    sure = [(asked.stated[name], aim) for name, aim in asked.aims.items() if isinstance(aim, Aim)]
    changes = source_changes(evidence_of(catalogue, belief), sure, extra_growth)
    return [
        with_odds(answer, asked, outcomes, futures, changes.get(answer.target, (None, None)))
        if answer.target in asked.aims
        else answer
        for answer in asked.answers
    ]


@dataclass(frozen=True, eq=False)
class Asked:
    """The targets of one vintage: what is known of each before any simulation, and what is to be simulated, by target.

    `stated` holds each target with the value that its odds are for, `others` its aims on alternative series, `ends` those at the ends of a
    loosely worded figure, `readings` what else its growth may mean.
    """

    answers: list[TargetAssessment] = field(default_factory=list)
    stated: dict[str, Target] = field(default_factory=dict)
    aims: dict[str, Aim | PathAim] = field(default_factory=dict)
    others: dict[str, list[Aim | PathAim]] = field(default_factory=dict)
    ends: dict[str, list[Aim | PathAim]] = field(default_factory=dict)
    readings: dict[str, dict[str, PathAim]] = field(default_factory=dict)

    def every(self) -> list[Aim | PathAim]:
        """All aims, target by target."""
        found: list[Aim | PathAim] = []
        for target, aim in self.aims.items():
            found += [aim, *self.others[target], *self.ends[target], *self.readings[target].values()]
        return found


def gather(catalogue: Catalogue, belief: Belief, rows: Sequence[Target]) -> Asked:
    """Turn the targets of one vintage into aims, or say why that cannot be done.

    Raises
    ------
    InputFault
        If a target of the user's is due at or before the last year known of its series.
    """
    documents = set(catalogue.sources["source"])
    known = catalogue.known_by(belief.vintage)
    asked = Asked()
    for stated in rows:
        row, blank = middle_of(stated), blank_assessment(stated, belief.vintage)
        aim, answer = aim_of(row, blank, belief, known)
        if answer.status == "due_passed" and row.source not in documents:
            raise InputFault(
                f"{row.source}, row {row.line:.0f}: the target {row.target} is due in {row.due:.0f}, but its series ends in "
                f"{answer.reason.split()[-1] if answer.reason else '?'}; a due year after that is needed"
            )
        asked.answers.append(answer)
        if aim is None:
            continue
        second = [aim_of(row, replace(blank, assessed_by=name), belief, known)[0] for name in row.alternatives.split(";") if name]
        ends = [level_of(end, replace(blank, assessed_by=str(aim.one.key)), belief, known)[0] for end in ends_of(stated)]
        asked.stated[row.target], asked.aims[row.target] = row, aim
        asked.others[row.target] = [other for other in second if other is not None]
        asked.ends[row.target] = [end for end in ends if isinstance(end, Aim | PathAim)]
        asked.readings[row.target] = growth_readings(row, aim) if isinstance(aim, Aim) else {}
    return asked


def blank_assessment(row: Target, vintage: str) -> TargetAssessment:
    """Copy a target's own columns; everything to be computed stays empty."""
    return TargetAssessment(
        row.target, row.place, row.measure, row.scope, whole(row.due), number(row.value), number(row.value_high), row.unit, row.kind,
        "no_baseline", row.match or "none", row.assessed_by or None, row.reason or None,
        vintage=vintage if vintage < LATEST else "latest", source=row.source, line=whole(row.line), printed=row.printed,
    )  # fmt: skip


def aim_of(row: Target, blank: TargetAssessment, belief: Belief, known: Catalogue) -> tuple[Aim | PathAim | None, TargetAssessment]:
    """Turn a target into an aim whose odds can be given, or say why that cannot be done."""
    aim, blank = level_of(row, blank, belief, known)
    if aim is None:
        return None, blank
    one = aim.one
    seen = {
        "required_growth": aim.required_growth,
        "observed_growth": one.series.last_growth(),
        "data_weight": data_weight(belief, one, aim.horizon),
        "stale": int(belief.vintage[:4]) - one.series.origin > STALE_YEARS if belief.vintage < LATEST else False,
        **record(belief, aim),
    }
    why = why_withheld(row, aim, belief)
    if why:
        return None, replace(blank, status="withheld", reason=why, **seen)  # type: ignore[arg-type]
    said = "; ".join(part for part in (row.reason, aim.assumed) if part)
    return aim, replace(blank, status="assessed", reason=said or None, **seen)  # type: ignore[arg-type]


def level_of(
    row: Target, blank: TargetAssessment, belief: Belief, known: Catalogue
) -> tuple[Aim | PathAim | None, TargetAssessment]:  # fmt: skip
    """Find the series that measures a target and what it must reach, or say why none does."""

    def refused(status: str, reason: str, **more: object) -> tuple[None, TargetAssessment]:
        return None, replace(blank, status=status, reason=reason, **more)  # type: ignore[arg-type]

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
    due, origin, rates = int(row.due), one.series.origin, known.exchange_rates
    if due <= origin:
        return refused("due_passed", f"it was due by {due}; its series ends in {origin}")
    money = row.unit if row.unit in MONEY else one.key.unit
    rate = conversion(rates[rates["year"] <= due], one.key.unit, money, row.source) if one.key.unit in MONEY else None
    if one.key.unit in MONEY and rate is None:
        return refused("no_baseline", f"no exchange rate between {one.key.unit} and {row.unit} is known in this vintage")
    if row.kind in PATH_KINDS:
        told = path_aim(row, one, due, belief, known, rate)
        return (told, blank) if isinstance(told, PathAim) else refused("no_baseline", told)
    log_level, assumed = aimed_log_level(row, one, due, rate.log_rate if rate else 0.0)
    if log_level is None:
        return refused("no_baseline", row.reason or assumed)
    return Aim(row.target, one, due, log_level, rate, assumed), blank


def why_withheld(row: Target, aim: Aim | PathAim, belief: Belief) -> str | None:
    """Say why the odds of a target would mislead (METHOD D0.8, D10); None if they would not."""
    if row.withheld:
        return "; ".join(part for part in (row.withheld, row.reason) if part)
    origin, before = aim.one.series.origin, f"{row.reason}; " if row.reason else ""
    if isinstance(aim, Aim):
        ratio = exp(aim.log_level - float(aim.one.series.log_level[-1]))
        if ratio <= 1.0:
            return f"already passed: the last known level, of {origin}, is {1 / ratio:.2f} times the target"
        if ratio > ANOTHER_BASIS_RATIO and aim.horizon <= ANOTHER_BASIS_YEARS:
            several = f"the target is {ratio:.1f} times the level of {origin} within {aim.horizon} years"
            return f"{before}{several}: it must stand on another basis"
    elif aim.already_passed:
        return f"already passed: the years known up to {origin} fill the sum"
    required = aim.required_growth
    thin = gate_of_record(belief, aim.one, -inf if required is None else required, aim.horizon)
    return f"{before}{thin}" if thin else None


def record(belief: Belief, aim: Aim | PathAim) -> dict[str, int | None]:
    """Count the episodes of the aim's length in the record, and those that grew at least as fast as it requires."""
    required = aim.required_growth
    grown = episodes(belief, aim.one, aim.horizon)
    if required is None or not grown.size:
        return {"episodes_as_fast": None, "episodes": None}
    return {"episodes_as_fast": int((grown >= required).sum()), "episodes": grown.size}


def default_series(row: Target) -> str:
    """Name the series with the target's own place, measure, scope and unit."""
    unit = row.unit if row.unit not in ("percent", "ratio") and row.kind != "rank" else "USD"
    return f"{row.place}|{row.measure}|{row.scope}|{unit}"


def with_odds(
    answer: TargetAssessment,
    asked: Asked,
    outcomes: Outcomes,
    futures: Futures,
    change: tuple[float | None, str | None],
) -> TargetAssessment:
    """Fill in what the futures say about one target."""
    aim = asked.aims[answer.target]

    def odds_of(one: Aim | PathAim) -> Odds:
        return outcomes.odds(one.event) if isinstance(one, Aim) else path_odds(one, futures)

    odds = odds_of(aim)
    ends = [odds_of(end).probability for end in asked.ends[answer.target]]
    other_readings = asked.readings[answer.target]
    readings = {SPAN: odds} | {name: odds_of(one) for name, one in other_readings.items()} if other_readings else {}
    filled = replace(
        answer,
        probability=odds.probability,
        probability_error=odds.error,
        probability_low=odds.low,
        probability_high=odds.high,
        source_change=change[0],
        source_dropped=change[1],
        probability_lower_value=ends[0] if ends else None,
        probability_upper_value=ends[-1] if ends else None,
        readings=[odds_record({"reading": name}, one) for name, one in readings.items()],
        alternatives=[odds_record({"assessed_by": str(one.one.key)}, odds_of(one)) for one in asked.others[answer.target]],
    )
    return of_level(filled, aim, outcomes) if isinstance(aim, Aim) else of_paths(filled, aim, futures, outcomes.plan)


def of_level(answer: TargetAssessment, aim: Aim, outcomes: Outcomes) -> TargetAssessment:
    """Fill in levels, extra growth and first year of a target that is a level."""
    key = str(aim.one.key)
    if aim.conversion and aim.conversion.convention_sd:  # the margin holds the doubt about the exchange rate
        aimed = aim.log_level + aim.conversion.log_rate
        q10, median, q90 = (exp(aimed + outcomes.margin_quantile(aim.event, share)) for share in (0.1, 0.5, 0.9))
    else:
        q10, median, q90 = (float(level) for level in outcomes.quantiles(key, aim.due, [0.1, 0.5, 0.9]))
    years = range(aim.one.series.origin + 1, outcomes.plan.horizon + 1)
    likely = [year for year in years if log(float(outcomes.quantiles(key, year, [0.5])[0])) >= aim.log_level]
    return replace(
        answer,
        median=median,
        q10=q10,
        q90=q90,
        extra_growth_50=extra_growth_for(0.5, aim, outcomes),
        extra_growth_80=extra_growth_for(0.8, aim, outcomes),
        first_likely_year=likely[0] if likely else None,
        expected_shortfall=outcomes.expected_shortfall(aim.event),
    )


def of_paths(answer: TargetAssessment, aim: PathAim, futures: Futures, plan: Plan) -> TargetAssessment:
    """Fill in amounts, extra growth and first year of a target that is told path by path."""
    q10, median, q90 = (float(amount) for amount in np.quantile(aim.amounts(futures, aim.due), [0.1, 0.5, 0.9]))
    years = range(aim.first_open, plan.horizon + 1)
    likely = [year for year in years if np.mean(aim.margins(futures, year) >= 0) >= 0.5]
    return replace(
        answer,
        median=median,
        q10=q10,
        q90=q90,
        extra_growth_50=extra_growth_of_paths(0.5, aim, futures),
        extra_growth_80=extra_growth_of_paths(0.8, aim, futures),
        first_likely_year=likely[0] if likely else None,
        expected_shortfall=shortfall_of_paths(aim, futures),
    )


def extra_growth_for(probability: float, aim: Aim, outcomes: Outcomes) -> float:
    """Percentage points a year, in every year from the origin to the due one, that lift the odds to `probability`; 0 if not needed.

    A lever of p points moves ln(level) in the due year by exactly years x ln(1 + p/100), so the lower quantile of the margin says how much
    is missing.
    """
    missing = -outcomes.margin_quantile(aim.event, 1 - probability)
    return max(0.0, 100 * expm1(missing / aim.horizon))


def odds_record(what: dict[str, str], odds: Odds) -> dict[str, float | str]:
    """Odds of the same target in another sense, or on another plausible series."""
    return {**what, "probability": odds.probability, "probability_low": odds.low, "probability_high": odds.high}


def number(value: float) -> float | None:
    """Return None for NaN."""
    return None if isnan(value) else float(value)


def whole(value: float) -> int | None:
    """Return an integer, None for NaN."""
    return None if isnan(value) else int(value)
