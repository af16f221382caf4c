"""Sensitivity of a target's odds: what moves them, which random numbers make them uncertain, when the target is missed, which figure would help."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from data import Catalogue
from forecast.belief import believe
from forecast.routing import own_weight
from scenarios.aims import Aim
from scenarios.figure_values import FigureValue, figure_values
from scenarios.goal_seeking import find_target
from scenarios.misses import Misses, misses_of
from scenarios.question import Question, ask, mean_and_error
from scenarios.scenario import Scenario
from scenarios.scenario_names import check_names
from scenarios.targets import rows_by_vintage
from scenarios.tornado import Swing, tornado
from scenarios.variance_shares import VarianceShare, shares_of

STEPS = (0.3, 0.9, 0.95, 1.0)  # share of the work done after each part


@dataclass(frozen=True)
class Sensitivity:
    """What moves the odds of one target under one scenario; the fields are those of `sourcecast sensitivity --format json`.

    `swings` is the tornado, `variance_shares` are Sobol's indices, `misses` holds the box in which the target is missed, `figures` ranks the
    missing figures. What cannot be told of a target is left out, with a sentence in `notes`. Where
    `data_weight` is 0 only one year of the series is known: the level of its odds would mislead, what moves them does not.
    """

    target: str
    scenario: str
    series: str
    due: int
    probability: float
    probability_error: float
    data_weight: float
    swings: list[Swing]
    variance_shares: list[VarianceShare]
    misses: list[Misses]
    figures: list[FigureValue]
    notes: list[str]

    def as_record(self) -> dict[str, object]:
        """Return the fields as a dictionary in their fixed order."""
        return asdict(self)


def sensitivity(
    catalogue: Catalogue,
    scenario: Scenario,
    target: str,
    *,
    known_by: str = "document",
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Sensitivity:
    """Tell what moves the odds of a target.

    Parameters
    ----------
    catalogue : Catalogue
    scenario : Scenario
    target : str
        Name of a stated target, without regard to case.
    known_by, paths, seed, threads
        As for `assess_targets`. The tornado takes `paths` futures for each point, the variance shares as many independent draws for each
        group, rounded down to a power of two, 8,192 at most.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If the target is not known or has no odds, or the scenario has what cannot be simulated.
    """

    def step(number: int) -> Callable[[float], None]:
        before, after = (0.0, *STEPS)[number], STEPS[number]
        return lambda share: progress(before + share * (after - before)) if progress is not None else None

    scenario = check_names(scenario, catalogue)
    if known_by not in ("document", "latest"):
        catalogue = catalogue.known_by(known_by)
    row = find_target(catalogue, target)
    (vintage,) = rows_by_vintage([row], known_by)
    question = ask(catalogue, believe(catalogue, vintage), row, scenario, paths, seed, threads)
    probability, error = mean_and_error(question.shares())
    swings = tornado(question, step(0))
    variances = shares_of(question, step(1))
    misses = misses_of(question)
    step(2)(1.0)
    figures = figure_values(question, probability, error)
    step(3)(1.0)
    return Sensitivity(
        row.target, scenario.title, str(question.aim.one.key), question.aim.due, probability, error, weight_of(question), swings, variances, [misses],
        figures, notes_of(question),
    )  # fmt: skip


def weight_of(question: Question) -> float:
    """Return the data weight of the target's series."""
    return own_weight(question.belief, question.aim.one, question.aim.horizon)


def notes_of(question: Question) -> list[str]:
    """Say what could not be told, and why."""
    said = []
    if not isinstance(question.aim, Aim):
        said.append("The target is told path by path: shocks to come are not held apart, and missing figures are not ranked.")
    elif not question.is_straight:
        said.append(
            "A ceiling, a gained level or a link bends its growth: shocks to come are not held apart, and the figures are ranked as if none did."
        )
    if weight_of(question) == 0:
        said.append(
            f"Only one year is known of {question.one.key}: how likely the target is, is told by a range (`sourcecast targets`)."
        )
    return said
