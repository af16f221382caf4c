"""What moves the odds of a target: each uncertain thing held at its 10 % and at its 90 % point, all on the same random numbers.

A thing that is believed is learned, not shifted (`conditioned_belief.py`): what hangs together with it moves along and its own variance is gone. A
thing to come, which hangs together with nothing else, is put at its point. A distribution of a scenario becomes a number; a term without
one is taken out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import exp, expm1, sqrt

import numpy as np
from scipy.special import ndtri

from data import InputFault
from forecast.belief import Belief, FamilyBelief
from forecast.series import Floats
from scenarios.comparison import term_name
from scenarios.conditioned_belief import Unknown, moved, quantiles_of_nodes, with_family, with_nodes, with_series
from scenarios.distributions import changed, distributions
from scenarios.doubts import assumed_rates, assumed_shift, is_drawn
from scenarios.family_kernels import fill_yearly_shocks_by_draw
from scenarios.own_shocks import can_break, laws_of_block
from scenarios.plan import Event
from scenarios.prepared import prepare
from scenarios.question import Question, mean_and_error, numbers_of
from scenarios.shocks import stream_keys

ENDS = (0.1, 0.9)
SHOCKED_PATHS = 100_000  # on which the quantiles of summed own shocks are found
KINDS = {"levers": "lever", "assumptions": "assumption"}


@dataclass(frozen=True)
class Swing:
    """The odds of a target with one thing held low and high; probabilities are shares with their Monte Carlo errors.

    `kind` is belief (what is known now, and how well), coming (shocks still to come), lever or assumption. `low` and `high` are the 10 and 90 %
    points in `unit`; of a term without a distribution they are None, and the odds are those without it and with it. `swing` is the second
    less the first, with the error of paired differences.
    """

    thing: str
    kind: str
    unit: str
    low: float | None
    high: float | None
    probability_at_low: float
    error_at_low: float
    probability_at_high: float
    error_at_high: float
    swing: float
    swing_error: float


@dataclass(frozen=True, eq=False)
class Held:
    """A thing held at its two points: what it is called, its points, and the odds by draw at each."""

    thing: str
    kind: str
    unit: str
    points: tuple[float | None, float | None]
    odds: tuple[Callable[[], Floats], Callable[[], Floats]]


def tornado(question: Question, progress: Callable[[float], None] = lambda _share: None) -> list[Swing]:
    """Hold each uncertain thing low and high, the widest swing first; what cannot vary is left out."""
    things = [*believed(question), *coming(question), *stated(question)]
    swings = []
    for number, held in enumerate(things, start=1):
        low, high = (odds() for odds in held.odds)
        at_low, at_high, swing = (mean_and_error(shares) for shares in (low, high, high - low))
        swings.append(Swing(held.thing, held.kind, held.unit, *held.points, *at_low, *at_high, *swing))
        progress(number / len(things))
    return sorted(swings, key=lambda one: (-abs(one.swing), one.thing))


def believed(question: Question) -> Iterator[Held]:
    """Give what is believed of the target's family and series."""
    one, belief = question.one, question.compiled.belief
    family = belief.families[one.family]
    width = family.common_mean.shape[1]
    year = max(one.series.origin, family.first_year)
    nothing, name, place, origin = np.zeros(width), str(one.key), one.key.place, one.series.origin
    unit = np.eye(max(width, 3))
    state = unit[:3, :3]
    # Of a series that speaks for itself all growth is its own.
    lead, leads = ("growth", "growth") if family.kin else ("lead", "leads")
    if not family.kin:
        yield from learned(
            question, f"long-run growth of the {one.family} family", "% a year", Unknown(one.family, unit[0, :width]), percent
        )
        boom = unit[1 + year - family.first_year, :width]
        yield from learned(question, f"boom of the {one.family} family in {year}", "% a year", Unknown(one.family, boom), percent)
    lasting, passing = (Unknown(one.family, nothing, name, state[part]) for part in (1, 2))
    its_lasting = f"long-run growth of {place}" if family.kin else f"lasting lead of {place} over its family"
    yield from learned(question, its_lasting, "% a year", lasting, percent)
    yield from learned(question, f"passing {lead} of {place} in {origin}", "% a year", passing, percent)
    level = Unknown(one.family, nothing, name, state[0])
    yield from learned(question, f"underlying level of {origin}", one.key.unit, level, lambda value: float(np.exp(value)))
    stationary = one.own_shock / np.sqrt(1 - family.persistence**2)
    by_node = (
        (f"share of a boom of the {one.family} family left after a year", "share", family.fade),
        (f"share of {'passing growth' if family.kin else 'a passing lead'} left after a year", "share", family.persistence),
        (f"spread of the yearly {leads} of {place}", "% a year", 100 * stationary),
    )
    for thing, its_unit, values in by_node:
        low, high = quantiles_of_nodes(values, family.weights, ENDS)
        if not np.isclose(low, high):
            known = (with_nodes(belief, one.family, values, value) for value in (low, high))
            yield Held(thing, "belief", its_unit, (float(low), float(high)), pair(question, *known))


def learned(question: Question, thing: str, unit: str, unknown: Unknown, written: Callable[[float], float]) -> Iterator[Held]:
    """Give something normal at each node, if it is in doubt."""
    belief = question.compiled.belief
    low, high = map(float, unknown.quantiles(belief, ENDS))
    if high - low > 1e-9:
        known = (unknown.known(belief, value) for value in (low, high))
        yield Held(thing, "belief", unit, (written(low), written(high)), pair(question, *known))


def pair(question: Question, low: Belief, high: Belief) -> tuple[Callable[[], Floats], Callable[[], Floats]]:
    """Return how the odds at two beliefs are found."""
    return (lambda: question.shares(belief=low)), (lambda: question.shares(belief=high))


def percent(log_growth: float) -> float:
    """Write log growth in percent."""
    return 100 * expm1(log_growth)


def coming(question: Question) -> Iterator[Held]:
    """Give what is still to come, where its sum in the due year is all that counts."""
    if not question.is_straight:
        return
    one, belief, due = question.one, question.compiled.belief, question.aim.due
    family = belief.families[one.family]
    name, years = str(one.key), due - one.series.origin
    ahead = due - max(family.last_year, one.series.origin)
    z = ndtri(np.array(ENDS))
    if family.common_shock > 0 and ahead > 0:
        # Shocks before the origin of a series have been seen by it: none come before the last year of its family.
        reaches = np.cumsum(family.fade ** np.arange(ahead)[:, None], axis=0)
        spread = family.common_shock * np.sqrt((reaches**2).sum(axis=0))
        quiet = with_family(belief, replace(family, common_shock=0.0))
        yield at_points(
            question, f"shocks to the {one.family} family up to {due}", [moved(quiet, name, end * spread) for end in z], spread, z
        )
    if one.own_shock.any() and not can_break(family, question.compiled.pushes):
        ends = own_shock_quantiles(question, family, years)
        calm = with_series(belief, replace(one, own_shock=np.zeros_like(one.own_shock)))
        at = [moved(calm, name, one.own_shock * end) for end in ends]
        yield at_points(question, f"own shocks to {one.key.place} up to {due}", at, one.own_shock, ends)
    if one.level_noise.any():
        smooth = with_series(belief, replace(one, level_noise=np.zeros_like(one.level_noise)))
        at = [moved(smooth, name, end * one.level_noise) for end in z]
        yield at_points(question, f"what passes of the figure of {due}", at, one.level_noise, z)
    if question.rate_is_doubtful:
        yield exchange_rate(question, z)


def at_points(question: Question, thing: str, beliefs: list[Belief], spread: Floats, ends: Floats) -> Held:
    """Hold a sum of coming shocks at its points; they are told in percent of the level, on average over the nodes."""
    weights = question.compiled.belief.families[question.one.family].weights
    low, high = (percent(float(weights @ (spread * end))) for end in ends)
    return Held(thing, "coming", "% of the level", (low, high), pair(question, *beliefs))


def own_shock_quantiles(question: Question, family: FamilyBelief, years: int) -> Floats:
    """Points (2, K) of what own shocks of a standard deviation of one add to ln(level) over so many years, at each node."""
    n_draws, low, high = numbers_of(SHOCKED_PATHS)
    seed = question.seed
    laws, law_number = laws_of_block(family, prepare(question.plan(), seed).slots, seed, 0, n_draws)
    shocks = np.empty((3, years, len(low)), np.float32)
    for key, out in zip(stream_keys(seed, *(f"points of own shocks|{number}" for number in range(3))), shocks, strict=True):
        fill_yearly_shocks_by_draw(key, low, high, 2001, laws, law_number, out)
    places = sqrt(1 - family.between_places) * shocks[1] + sqrt(family.between_places) * shocks[2]
    own = sqrt(1 - family.same_place) * shocks[0] + sqrt(family.same_place) * places
    points = np.empty((2, len(family.persistence)))
    for persistence in np.unique(family.persistence):
        reach = (1 - persistence ** np.arange(1, years + 1)) / (1 - persistence)
        points[:, family.persistence == persistence] = np.quantile(reach @ own, ENDS)[:, None]
    return points


def exchange_rate(question: Question, ends: Floats) -> Held:
    """Hold the exchange rate of the due year at its points."""
    event = question.event
    assert event is not None  # noqa: S101  (its rate is doubtful)
    assert event.conversion is not None  # noqa: S101
    rate = event.conversion
    yearly, path = assumed_rates(question.compiled.rates, rate)
    spread = sqrt(rate.convention_sd**2 + max(event.year - rate.rate_year, 0) * yearly**2)
    low, high = (assumed_shift(path, event.year) + float(end) * spread for end in ends)
    if is_drawn(question.compiled.rates, rate):
        low, high = map(float, np.quantile(question.rate_deviations(SHOCKED_PATHS, question.seed), ENDS))

    def odds(moved_by: float) -> Callable[[], Floats]:
        at: Event = replace(event, log_value=event.log_value - moved_by, conversion=None)
        return lambda: question.shares(event=at)

    points = (exp(rate.log_rate + low), exp(rate.log_rate + high))
    return Held(f"exchange rate of {event.year}", "coming", f"{rate.to} for one {rate.of}", points, (odds(low), odds(high)))


def stated(question: Question) -> Iterator[Held]:
    """Give the terms of the scenario: each distribution at its points, each term without one taken out and put in."""
    spread = distributions(question.scenario)
    for one in spread:
        points = tuple(map(float, one.quantity.quantile(np.array(ENDS))))
        low, high = (question.under(one.fixed(question.scenario, value)) for value in points)
        yield Held(one.words, KINDS[one.section], one.unit_for(question.row), (points[0], points[1]), (low.shares, high.shares))
    for section, kind in KINDS.items():
        for number, term in enumerate(getattr(question.scenario, section)):
            if not any((one.section, one.number) == (section, number) for one in spread):
                without = question_without(question, section, number)
                if without is not None:
                    yield Held(term_name(term), kind, "", (None, None), (without.shares, question.shares))


def question_without(question: Question, section: str, number: int) -> Question | None:
    """Ask without a term of the scenario; None where the target has no odds then, as when the term moves a target that is passed already."""
    try:
        return question.under(changed(question.scenario, section, number, None))
    except InputFault:
        return None
