"""Which missing figure would sharpen the odds of a target most: a work list for those who collect data (METHOD 1, item 11).

The law of each figure and of the level in the due year is that of forecast/figure_value.py. The odds are those of the simulation, heavy tails and
levers included: the closed form is asked at the level at which it has the same odds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt

from scipy.optimize import brentq

from forecast.belief import SeriesBelief
from forecast.figure_value import JointLaw, heard_law, joint_law
from scenarios.aims import Aim
from scenarios.doubts import assumed_rates, is_drawn
from scenarios.path_odds import MOST_PATHS
from scenarios.pushes import drawn
from scenarios.question import Question
from scenarios.simulation import PATHS_PER_DRAW

LARGEST_PLACES = 5
FURTHEST = 50.0  # in logarithms, from the middle of the level to where odds are looked for
SETTLED = 1e-6  # odds nearer to 0 or 1 than this are moved by nothing


@dataclass(frozen=True)
class FigureValue:
    """What a figure that is missing would be worth to the odds of a target.

    `why` is next (a coming year of the target's own series), earlier (a year of it that is over), place (another measure of the place) or
    family (one of the largest places). `change` is the expected absolute change of the odds when it becomes known, `variance_removed` by
    how much it lowers the variance of met or not on average and `variance_share` what share of that is. The errors are what the Monte Carlo
    error of the odds makes of them; the expectations themselves are exact.
    """

    place: str
    measure: str
    scope: str
    unit: str
    year: int
    why: str
    change: float
    change_error: float
    variance_removed: float
    variance_removed_error: float
    variance_share: float


def figure_values(question: Question, probability: float, error: float) -> list[FigureValue]:
    """Rank the missing figures by how far they would move the odds, which are given with their Monte Carlo error.

    A target that is told path by path, by sums, shares or ranks, has no level that figures could be held against: nothing is ranked.
    """
    if not isinstance(question.aim, Aim):
        return []
    one, due, belief = question.one, question.aim.due, question.compiled.belief
    extra = rate_variance(question) + pushed_variance(question) + moved_variance(question)
    found = []
    for other, year, why in candidates(question):
        doubt = sqrt(other.series.covariance[-1, -1])  # as well known as the last one
        law = joint_law(belief, one, due, other, year, doubt)
        learner = heard_law(belief, one, due, other, year, doubt) if why == "family" else law
        known, learned = (replace(each, variance=each.variance + extra).thinned(law.weights) for each in (law, learner))
        (removed, change), (low, low_change), (high, high_change) = (
            worth(known, learned, odds) for odds in (probability, probability - error, probability + error)
        )
        spread = probability * (1 - probability)
        key = other.key
        found.append(
            FigureValue(
                key.place, key.measure, key.scope, key.unit, year, why, change, abs(high_change - low_change) / 2, removed,
                abs(high - low) / 2, removed / spread if spread > 0 else 0.0,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.change, one.place, one.measure, one.scope, one.year))


def worth(law: JointLaw, learner: JointLaw, probability: float) -> tuple[float, float]:
    """Return the variance removed and the mean absolute change where the level has these odds, by what the learner makes of the figure."""
    if not SETTLED < probability < 1 - SETTLED:
        return 0.0, 0.0
    low, high = float(law.mean.min()) - FURTHEST, float(law.mean.max()) + FURTHEST
    return law.value(brentq(lambda value: law.odds(value) - probability, low, high), learner)


def rate_variance(question: Question) -> float:
    """Variance that the doubt about the exchange rate of the due year adds."""
    if not question.rate_is_doubtful or question.event is None or question.event.conversion is None:
        return 0.0
    rate = question.event.conversion
    if is_drawn(question.compiled.rates, rate):
        return float(question.rate_deviations(min(question.paths, MOST_PATHS), question.seed).var())
    yearly, _ = assumed_rates(question.compiled.rates, rate)
    return rate.convention_sd**2 + max(question.aim.due - rate.rate_year, 0) * yearly**2


def pushed_variance(question: Question) -> float:
    """Variance that distributions of the scenario's levers add, on the same paths; where levers take variance away, none."""
    if not question.compiled.pushes:
        return 0.0
    paths, one, due = min(question.paths, MOST_PATHS), question.aim.one, question.aim.due
    with_them, without = (question.futures(paths, question.seed, pushed=pushed).of(one, due) for pushed in (True, False))
    return max(float(with_them.var() - without.var()), 0.0)


def moved_variance(question: Question) -> float:
    """Variance of what is drawn of the target itself."""
    moved = question.aim.moved
    return 0.0 if moved is None else float(drawn(moved, question.seed, 0, -(-question.paths // PATHS_PER_DRAW)).var())


def candidates(question: Question) -> Iterator[tuple[SeriesBelief, int, str]]:
    """Give the figures that are missing before the due year, each with its series and why it may matter."""
    one, due, belief = question.one, question.aim.due, question.compiled.belief
    origin, family = one.series.origin, belief.families[one.family]
    for year in range(origin + 1, due):
        yield one, year, "next"
    if not question.compiled.is_assumed:  # assumptions are about what comes, and say nothing of what was
        for year in range(family.first_year - 1, origin):
            if year not in one.series.years:
                yield one, year, "earlier"
    others = [other for other in belief.series if other.family == one.family and other is not one]
    for other in others:
        if other.key.place == one.key.place:
            for year in (origin, origin + 1):
                if other.series.origin < year < due:
                    yield other, year, "place"
    alike = [other for other in others if (other.key.measure, other.key.scope, other.key.unit) == same_kind(one)]
    elsewhere = sorted(
        (other for other in alike if other.key.place != one.key.place), key=lambda other: -other.series.log_level[-1]
    )
    for other in elsewhere[:LARGEST_PLACES]:
        if other.series.origin + 1 < due:
            yield other, other.series.origin + 1, "family"


def same_kind(one: SeriesBelief) -> tuple[str, str, str]:
    """Return what a series counts, wherever it is."""
    return one.key.measure, one.key.scope, one.key.unit
