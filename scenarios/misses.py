"""When is a target missed? A box of futures, told in what a planner can watch, found on one half of the futures and judged on the other."""

from dataclasses import dataclass, field
from math import exp

import numpy as np

from forecast.series import Floats
from scenarios.box_search import BoxScore, find_box, score_box, within
from scenarios.conditioned_belief import series_of
from scenarios.distributions import distributions, drawn_names
from scenarios.path_aims import Share
from scenarios.path_odds import MOST_PATHS
from scenarios.pushes import drawn
from scenarios.question import Question
from scenarios.simulation import PATHS_PER_DRAW

LEAST_PATHS = 1000  # of which each half can hold a box
RARE = 0.05  # share of misses, or of futures without, below which no box is sought


@dataclass(frozen=True)
class Condition:
    """One limit, or two, of what a planner can watch: None where there is none on that side."""

    thing: str
    unit: str
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        """Say it: 'growth of the contracts family below 14.2 % a year'."""
        unit = f" {self.unit}" if self.unit else ""
        if self.low is None:
            return f"{self.thing} at most {self.high:,.10g}{unit}"
        if self.high is None:
            return f"{self.thing} at least {self.low:,.10g}{unit}"
        return f"{self.thing} from {self.low:,.10g} to {self.high:,.10g}{unit}"


@dataclass(frozen=True)
class Misses:
    """Where a target is missed; shares with their standard errors, judged on futures that the box was not found on.

    `missed` is the share of all futures that miss. `density` is the share missed within the box, `coverage` the share of all misses that lie
    within it, `size` its share of all futures; None where no box is told, and `sentence` says why.
    """

    sentence: str
    missed: float
    conditions: list[Condition] = field(default_factory=list)
    density: float | None = None
    density_error: float | None = None
    coverage: float | None = None
    coverage_error: float | None = None
    size: float | None = None


@dataclass(frozen=True, eq=False)
class Trait:
    """Something that a planner can watch, by path."""

    thing: str
    unit: str
    values: Floats


def misses_of(question: Question) -> Misses:
    """Find the box; even draws of the parameters are peeled, odd ones judge."""
    paths = min(max(question.paths, LEAST_PATHS), MOST_PATHS)
    missed = question.margins(paths, question.seed) < 0
    share = float(missed.mean())
    if share < RARE:
        return Misses(
            "The target is missed in nearly none of the futures, so there is nothing that its misses have in common.", share
        )
    if share > 1 - RARE:
        return Misses("The target is missed in nearly all futures, whatever else happens in them.", share)
    traits = traits_of(question, paths)
    values = np.column_stack([one.values for one in traits])
    draws = np.arange(len(missed)) // PATHS_PER_DRAW
    peeled = draws % 2 == 0
    limits = find_box(values[peeled], missed[peeled])
    conditions = [
        Condition(one.thing, one.unit, *(float(end) if np.isfinite(end) else None for end in ends))
        for one, ends in zip(traits, limits, strict=True)
        if np.isfinite(ends).any()
    ]
    if not conditions:
        return Misses("The misses have nothing in common that could be told in a few conditions.", share)
    score = score_box(within(values, limits)[~peeled], missed[~peeled], draws[~peeled])
    found = (score.density, score.density_error, score.coverage, score.coverage_error, score.size)
    return Misses(sentence(conditions, score), share, conditions, *found)


def sentence(conditions: list[Condition], score: BoxScore) -> str:
    """Say where the target is missed."""
    where = " and ".join(one.words for one in conditions)
    return (
        f"With {where}, the target is missed in {shown(score.density, score.density_error)} of 100 futures. "
        f"{100 * score.size:.0f} of 100 futures are like that, and {shown(score.coverage, score.coverage_error)} of 100 misses lie among them."
    )


def shown(share: float, error: float) -> str:
    """Write a share and its error in hundredths."""
    return f"{100 * share:.0f} ±{100 * error:.1f}"


def traits_of(question: Question, paths: int) -> list[Trait]:
    """Return what a planner can watch of each future: growth of the family, what the place adds to it, the exchange rate, what is assumed."""
    due, seed, belief = question.aim.due, question.seed, question.compiled.belief
    unpushed = question.futures(paths, seed, pushed=False)
    traits: list[Trait] = []
    for told in question.aim.series if isinstance(question.aim, Share) else (question.aim.one,):
        one = series_of(belief, str(told.key))
        origin, span = one.series.origin, due - one.series.origin
        years = f"{origin + 1} to {due}" if span > 1 else str(due)
        whose = one.key.place if told is question.aim.one else f"{one.key.place}, {one.key.scope},"
        own = unpushed.of(one, due) - float(one.series.log_level[-1])
        if belief.families[one.family].kin:  # it speaks for itself: no family grows with it
            traits.append(Trait(f"growth of {whose} in {years}", "% a year", 100 * np.expm1(own / span)))
            continue
        shared = question.family_growth(one, paths, seed)
        own -= question.family_growth(one, paths, seed, pushed=False)
        if not any(trait.thing.startswith(f"growth of the {one.family} family") for trait in traits):
            traits.append(Trait(f"growth of the {one.family} family in {years}", "% a year", 100 * np.expm1(shared / span)))
        traits.append(Trait(f"lead of {whose} over its family in {years}", "% a year", 100 * np.expm1(own / span)))
    if question.rate_is_doubtful and (rate := question.aim.conversion) is not None:
        rates = exp(rate.log_rate) * np.exp(question.rate_deviations(paths, seed))
        traits.append(Trait(f"exchange rate of {due}", f"{rate.to} for one {rate.of}", rates))
    names = drawn_names(question.plan(watched=True), question.aim)
    for stated in distributions(question.scenario):
        if stated.drawn.name in names:
            by_draw = drawn(stated.drawn, seed, 0, -(-paths // PATHS_PER_DRAW))
            traits.append(Trait(stated.words, stated.unit_for(question.row), np.repeat(by_draw, PATHS_PER_DRAW)))
    return traits
