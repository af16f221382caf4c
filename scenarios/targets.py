"""Every stated target against the futures of the series that measures it: odds, required growth, what would suffice, or why not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import exp, expm1, isnan

import numpy as np

from data import Catalogue, Target
from data.records import records
from forecast.belief import Belief, believe
from scenarios.aims import SPAN, Aim
from scenarios.asked import Asked, gather
from scenarios.assessment import LATEST, TargetAssessment
from scenarios.compilation import Compiled, compile_scenario, moved_target
from scenarios.doubts import assumed_rates, assumed_shift, is_drawn
from scenarios.outcomes import Odds, Outcomes
from scenarios.path_aims import Futures, PathAim
from scenarios.path_odds import extra_growth_of_paths, path_odds, shortfall_of_paths, watch
from scenarios.plan import Event, Plan, Push, Rates, make_plan
from scenarios.plan import extra_growth as growth_lever
from scenarios.scenario import BASELINE, Scenario
from scenarios.scenario_names import check_names
from scenarios.simulation import Effort
from scenarios.source_changes import source_changes

LAST_YEAR = 2020


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
    precision: float | None = None,
    sobol: bool = False,
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
    precision, sobol : float, bool
        As of `simulate`: go on to a Monte Carlo error; Sobol points instead of random numbers.
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
    scenario = check_names(scenario, catalogue)
    by_vintage = rows_by_vintage([moved_target(row, scenario) for row in records(targets, Target)], known_by)
    done: list[TargetAssessment] = []
    vintages = sorted(by_vintage)
    for number, vintage in enumerate(vintages):

        def report(share: float, number: int = number) -> None:
            if progress is not None:
                progress((number + share) / len(vintages))

        belief = believe(catalogue, vintage, long_run_factor=long_run_factor)
        effort = Effort(paths, seed, threads, precision, sobol)
        done += assess_vintage(catalogue, belief, by_vintage[vintage], effort, extra_growth, scenario, report)
    return sorted(done, key=order_of)


def order_of(one: TargetAssessment) -> tuple[str, str, str, int, str]:
    """Tell where a target stands in a list."""
    return one.place, one.measure, one.scope, one.due or 0, one.target


def rows_by_vintage(rows: Sequence[Target], known_by: str) -> dict[str, list[Target]]:
    """Sort targets by the date that cuts what is known when they are assessed; see `assess_targets`."""
    by_vintage: dict[str, list[Target]] = {}
    for row in rows:
        by_vintage.setdefault(vintage_of(row, known_by), []).append(row)
    return by_vintage


def vintage_of(row: Target, known_by: str) -> str:
    """Return the date that cuts what is known when a target is assessed."""
    return {"document": row.known_by or LATEST, "latest": LATEST}.get(known_by, known_by)


def assess_vintage(
    catalogue: Catalogue,
    belief: Belief,
    rows: list[Target],
    effort: Effort,
    extra_growth: float,
    scenario: Scenario,
    progress: Callable[[float], None],
) -> list[TargetAssessment]:
    """Assess the targets of one vintage with one run of the simulation."""
    asked = gather(catalogue, belief, rows)
    if not asked.aims:
        return asked.answers
    horizon = horizon_of_targets(rows)
    compiled = compile_scenario(scenario, catalogue, belief, horizon)
    plan = plan_of(asked, compiled, horizon, growth_lever(belief, extra_growth))
    return answers(catalogue, belief, asked, compiled, effort.run(plan, progress), effort, extra_growth)


def horizon_of_targets(rows: Sequence[Target]) -> int:
    """Return the last year that is simulated for the targets of a vintage."""
    return max([LAST_YEAR, *(int(row.due) for row in rows if not isnan(row.due))])


def plan_of(
    asked: Asked, compiled: Compiled, horizon: int, pushes: Sequence[Push] = (), *, series: Sequence[str] = (),
    watched: Sequence[str] = (),
) -> Plan:  # fmt: skip
    """Lay out a run that answers what is asked, with more pushes and more series if need be."""
    events = [aim.event for aim in asked.every() if isinstance(aim, Aim)]
    for one in asked.aims.values():
        if isinstance(one, Aim) and differs_by_draw(one, compiled.rates):
            events += [at_its_middle(one), *events_by_year(one, horizon)]
    return make_plan(
        compiled.belief, events, horizon, (*compiled.pushes, *pushes), series=series, rates=compiled.rates, watched=watched
    )


def answers(
    catalogue: Catalogue,
    belief: Belief,
    asked: Asked,
    compiled: Compiled,
    outcomes: Outcomes,
    effort: Effort,
    extra_growth: float = 0.0,
) -> list[TargetAssessment]:
    """Fill in what the futures say about all that was asked."""
    told = [aim for aim in asked.every() if isinstance(aim, PathAim)]
    futures = watch(outcomes.plan, told, effort.paths, effort.seed, effort.threads)
    sure = [(asked.stated[name], aim) for name, aim in asked.aims.items() if isinstance(aim, Aim) and compiled.is_baseline]
    changes = source_changes(catalogue, belief, sure, extra_growth)
    assessed = []
    for answer in asked.answers:
        if answer.target in asked.aims:
            key = str(asked.aims[answer.target].one.key)
            warned = answer.with_fields(warnings=[one.sentence for one in compiled.warnings if key in one.series])
            answer = with_odds(warned, asked, outcomes, futures, changes.get(answer.target, (None, None)))
        assessed.append(answer)
    return assessed


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
        return outcomes.odds(one.event.name) if isinstance(one, Aim) else path_odds(one, futures)

    odds = odds_of(aim)
    ends = [odds_of(end).probability for end in asked.ends[answer.target]]
    other_readings = asked.readings[answer.target]
    readings = {SPAN: odds} | {name: odds_of(one) for name, one in other_readings.items()} if other_readings else {}
    filled = answer.with_fields(
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
    key, drawn = str(aim.one.key), differs_by_draw(aim, outcomes.plan.rates)
    if aim.conversion and aim.conversion.convention_sd:  # the margin holds the doubt about the exchange rate
        aimed, event = aim.log_level + aim.conversion.log_rate, at_its_middle(aim) if drawn else aim.event
        q10, median, q90 = (exp(aimed + margin) for margin in outcomes.margin_quantiles(event.name, (0.1, 0.5, 0.9)))
    else:
        q10, median, q90 = (float(level) for level in outcomes.quantiles(key, aim.due, [0.1, 0.5, 0.9]))
    years = range(aim.one.series.origin + 1, outcomes.plan.horizon + 1)
    if drawn:
        likely = [event.year for event in events_by_year(aim, years[-1]) if outcomes.odds(event.name).probability >= 0.5]
    else:
        _, path = assumed_rates(outcomes.plan.rates, aim.conversion) if aim.conversion else (0.0, {})
        medians = outcomes.log_medians(key)
        likely = [year for year in years if medians[year] + assumed_shift(path, year) >= aim.log_level]
    extra_50, extra_80 = extra_growths(aim, outcomes, (0.5, 0.8))
    return answer.with_fields(
        median=median,
        q10=q10,
        q90=q90,
        extra_growth_50=extra_50,
        extra_growth_80=extra_80,
        first_likely_year=likely[0] if likely else None,
        expected_shortfall=outcomes.expected_shortfall(aim.event.name),
    )


def differs_by_draw(aim: Aim, rates: Sequence[Rates]) -> bool:
    """Whether what must be reached is another in each draw of the parameters: no median says then when it is likelier than not."""
    return aim.moved is not None or (aim.conversion is not None and is_drawn(rates, aim.conversion))


def at_its_middle(aim: Aim) -> Event:
    """Return the event of an aim, taken at the middle of what is drawn of it."""
    return replace(aim.event, name=f"middle of {aim.event.name}", moved=None)


def events_by_year(aim: Aim, horizon: int) -> list[Event]:
    """Return an aim as an event of each coming year."""
    years = range(aim.one.series.origin + 1, horizon + 1)
    return [replace(aim.event, name=f"{aim.event.name} in {year}", year=year) for year in years]


def of_paths(answer: TargetAssessment, aim: PathAim, futures: Futures, plan: Plan) -> TargetAssessment:
    """Fill in amounts, extra growth and first year of a target that is told path by path."""
    q10, median, q90 = (float(amount) for amount in np.quantile(aim.amounts(futures, aim.due), [0.1, 0.5, 0.9]))
    years = range(aim.first_open, plan.horizon + 1)
    likely = [year for year in years if np.mean(aim.margins(futures, year) >= 0) >= 0.5]
    return answer.with_fields(
        median=median,
        q10=q10,
        q90=q90,
        extra_growth_50=extra_growth_of_paths(0.5, aim, futures),
        extra_growth_80=extra_growth_of_paths(0.8, aim, futures),
        first_likely_year=likely[0] if likely else None,
        expected_shortfall=shortfall_of_paths(aim, futures),
    )


def extra_growths(aim: Aim, outcomes: Outcomes, probabilities: Sequence[float]) -> list[float]:
    """Percentage points a year, in every year from the origin to the due one, that lift the odds to each probability; 0 if not needed.

    A lever of p points moves ln(level) in the due year by exactly years x ln(1 + p/100), so the lower quantile of the margin says how much
    is missing.
    """
    margins = outcomes.margin_quantiles(aim.event.name, [1 - probability for probability in probabilities])
    return [max(0.0, 100 * expm1(-margin / aim.horizon)) for margin in margins]


def odds_record(what: dict[str, str], odds: Odds) -> dict[str, float | str]:
    """Odds of the same target in another sense, or on another plausible series."""
    return {**what, "probability": odds.probability, "probability_low": odds.low, "probability_high": odds.high}
