"""How much of a lever would be enough: the least amount that gives a target the wanted odds, on common random numbers.

Every amount is tried on the same shocks, so the odds rise with it without noise and a bracket can be halved. The amount found is then
simulated once more with another seed, which is what `probability` reports.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from math import exp, expm1, log, log1p

from data import Catalogue, InputFault, Target
from data.faults import suggestion
from data.records import records
from forecast.belief import believe
from forecast.currency import MONEY
from scenarios.aims import Aim, aimed_log_level
from scenarios.asked import gather
from scenarios.bracketing import least_amount
from scenarios.compilation import Compiled, compile_scenario, moved_target, with_lowest_ceilings
from scenarios.outcomes import Odds
from scenarios.path_aims import Cumulative, PathAim, Rank
from scenarios.path_odds import path_odds, watch
from scenarios.plan import Amount, Ceiling, Gain, Growth, Push, make_plan
from scenarios.scenario import BASELINE, Scenario
from scenarios.scenario_names import check_names
from scenarios.simulation import simulate
from scenarios.targets import rows_by_vintage

LEVERS = ("growth", "programme", "talent", "fdi", "ceiling", "target")
MOST_POINTS = 100.0  # percentage points a year: what a scenario's lever may have
MOST_LEVELS = 100.0  # times the last known level, of a programme, of people trained or of money attracted in a year
HIGHEST_CEILING = log(1e4)  # over the last known level
FURTHEST = 7.0  # that a target is moved, in logarithms
BRACKET_ERRORS = 2.0


@dataclass(frozen=True)
class Solution:
    """The amount of a lever that gives a target the wanted odds; the fields are those of `sourcecast solve --format json`.

    `amount` is None where no amount suffices; `probability` and its error are then those of the largest. Otherwise they come from a fresh
    simulation with another seed. `amount_low` and `amount_high` are the amounts whose odds on the first seed lie two Monte Carlo errors below
    and above the wanted ones, None where they lie outside what is looked through. `baseline` are the odds of the scenario without the lever.
    """

    target: str
    lever: str
    amount: float | None
    unit: str
    probability: float
    probability_error: float
    wanted: float
    amount_low: float | None
    amount_high: float | None
    baseline: float
    answer: str

    def as_record(self) -> dict[str, object]:
        """Return the fields as a dictionary in their fixed order."""
        return asdict(self)


@dataclass(frozen=True)
class Scale:
    """A lever as a scale along which the odds rise: from `low` to `high`, `amount` in `unit` at each point, and what it pushes there.

    `shift` says by how much ln of the aim is moved instead.
    """

    unit: str
    low: float
    high: float
    amount: Callable[[float], float]
    pushes: Callable[[float], tuple[Push, ...]]
    shift: Callable[[float], float] = lambda _point: 0.0


def solve(
    catalogue: Catalogue,
    target: str,
    probability: float = 0.8,
    lever: str = "growth",
    *,
    known_by: str = "document",
    paths: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    scenario: Scenario = BASELINE,
) -> Solution:
    """Find how much of a lever gives a target the wanted odds, on top of what a scenario has.

    Parameters
    ----------
    catalogue : Catalogue
    target : str
        Name of a stated target, without regard to case.
    probability : float
        The odds wanted, a share above 0 and below 1.
    lever : str
        growth (percentage points a year on its series), programme (a level gained in equal parts over the years to the due one), talent
        (people trained each year who stay), fdi (money attracted each year), ceiling (the lowest that leaves these odds) or target (the
        highest value that has them).
    known_by, paths, seed, threads
        As for `assess_targets`; a target that is told path by path is tried on at most 100,000 paths.
    scenario : Scenario
        What else is moved and supposed.

    Raises
    ------
    InputFault
        If the target is not known or has no odds, the probability is not a share, or the lever does not move what the target counts.
    """
    if not 0 < probability < 1:
        raise InputFault(f"--probability: {probability:g} found; a share above 0 and below 1 is allowed, such as 0.8")
    lever = lever.casefold()
    if lever not in LEVERS:
        raise InputFault(f"--lever: {lever!r} found{suggestion(lever, LEVERS)}; allowed: {', '.join(LEVERS)}")
    if known_by not in ("document", "latest"):
        catalogue = catalogue.known_by(known_by)
    scenario = check_names(scenario, catalogue)
    row = moved_target(find_target(catalogue, target), scenario)
    ((vintage, rows),) = rows_by_vintage([row], known_by).items()
    belief = believe(catalogue, vintage)
    asked = gather(catalogue, belief, rows)
    aim = asked.aims.get(row.target)
    if aim is None:
        raise InputFault(f"target {row.target}: no odds are given: {(asked.answers[0].reason or '?').rstrip('.')}")
    scale = scale_of(lever, asked.stated[row.target], aim)
    compiled = compile_scenario(scenario, catalogue, belief, aim.due)

    def odds(point: float, its_seed: int = seed) -> Odds:
        return odds_with(compiled, moved(aim, scale.shift(point)), scale.pushes(point), paths, its_seed, threads)

    baseline = odds_with(compiled, aim, (), paths, seed, threads)
    enough = least_point(odds, probability, scale)
    point = scale.high if enough is None else enough
    fresh = odds(point, seed + 1)
    margin = BRACKET_ERRORS * odds(point).error
    ends = [None] * 2 if enough is None else [least_point(odds, probability + sign * margin, scale) for sign in (-1, 1)]
    amount = None if enough is None else scale.amount(enough)
    low, high = sorted_ends([None if end is None else scale.amount(end) for end in ends])
    return Solution(
        row.target, lever, amount, scale.unit, fresh.probability, fresh.error, probability, low, high, baseline.probability,
        answer_of(lever, amount, scale, fresh, probability, baseline.probability),
    )  # fmt: skip


def find_target(catalogue: Catalogue, name: str) -> Target:
    """Return the target of that name, without regard to case."""
    rows = {row.target.casefold(): row for row in records(catalogue.targets, Target)}
    found = rows.get(name.strip().casefold())
    if found is None:
        near = suggestion(name, [row.target for row in rows.values()])
        raise InputFault(f"unknown target {name!r}{near}; `sourcecast targets --format json` lists the names of all targets")
    return found


def least_point(odds: Callable[[float], Odds], wanted: float, scale: Scale) -> float | None:
    """Return the first point of a scale with the wanted odds, None where there is none."""
    found = least_amount(lambda point: odds(point).probability, wanted, scale.low, scale.high)
    return None if found is None else found.amount


def sorted_ends(ends: list[float | None]) -> tuple[float | None, float | None]:
    """Put the lower amount first: the value of a target falls along its scale."""
    first, second = ends
    return (second, first) if first is not None and second is not None and second < first else (first, second)


def odds_with(
    compiled: Compiled, aim: Aim | PathAim, pushes: tuple[Push, ...], paths: int, seed: int, threads: int | None
) -> Odds:  # fmt: skip
    """Odds of one aim under a scenario and some pushes more."""
    pushes = tuple(with_lowest_ceilings([*compiled.pushes, *pushes]))
    events = [aim.event] if isinstance(aim, Aim) else []
    plan = make_plan(compiled.belief, events, aim.due, pushes, rates=compiled.rates)
    if isinstance(aim, Aim):
        return simulate(plan, paths, seed, threads).odds(aim.event.name)
    return path_odds(aim, watch(plan, [aim], paths, seed, threads))


def moved(aim: Aim | PathAim, shift: float) -> Aim | PathAim:
    """Return an aim whose level is multiplied by exp(shift)."""
    if isinstance(aim, Aim):
        return replace(aim, log_level=aim.log_level + shift)
    return replace(aim, log_value=aim.log_value + shift)


def scale_of(lever: str, row: Target, aim: Aim | PathAim) -> Scale:
    """Lay out a lever for what one target counts.

    Raises
    ------
    InputFault
        If the lever does not move it.
    """
    key = aim.one.key
    name, years = str(key), range(aim.one.series.origin + 1, aim.due + 1)
    last = aim.one.series.level(aim.one.series.origin)
    everything = MOST_LEVELS * last
    if lever == "growth":
        return Scale(
            "percentage points a year", 0.0, MOST_POINTS, same, lambda p: (Growth((name,), Amount("solved", p)),) if p else ()
        )
    if lever == "programme":
        return Scale(key.unit, 0.0, everything, same, gaining(name, dict.fromkeys(years, 1 / len(years))))
    if lever == "talent":
        if key.unit != "persons":
            raise InputFault(
                f"--lever: 'talent' found; it adds people, and the target is measured by {name}; allowed: {others(lever)}"
            )
        return Scale("persons a year", 0.0, everything, same, gaining(name, dict.fromkeys(years, 1.0)))
    if lever == "fdi":
        if not key.measure.startswith("fdi") or key.unit not in MONEY or isinstance(aim, Cumulative):
            what = f"the target is {'a sum ' if isinstance(aim, Cumulative) else ''}measured by {name}"
            raise InputFault(f"--lever: 'fdi' found; it adds investment of one year, and {what}; allowed: {others(lever)}")
        return Scale(f"{key.unit} a year", 0.0, everything, same, gaining(name, {aim.due: 1.0}))
    if lever == "ceiling":
        return Scale(
            key.unit, 0.0, HIGHEST_CEILING, lambda p: last * exp(p), lambda p: (Ceiling(name, Amount("solved", last * exp(p))),)
        )
    if isinstance(aim, Rank):
        raise InputFault(
            f"--lever: 'target' found; {row.target} is a rank, which has no amount to be moved; allowed: {others(lever)}"
        )
    return Scale(row.unit, -FURTHEST, FURTHEST, lambda p: value_at(row, aim, -p), lambda _p: (), lambda p: -p)


def same(point: float) -> float:
    """Levers whose amount is the point of their scale."""
    return point


def gaining(series: str, profile: dict[int, float]) -> Callable[[float], tuple[Push, ...]]:
    """Push a level gained; none at all for nothing."""
    return lambda amount: (Gain(series, Amount("solved", amount), profile),) if amount else ()


def others(lever: str) -> str:
    """Name the levers but one."""
    return ", ".join(one for one in LEVERS if one != lever)


def value_at(row: Target, aim: Aim | PathAim, shift: float) -> float:
    """Return the value of a target whose aim is multiplied by exp(shift)."""
    if row.kind != "average_growth" or not isinstance(aim, Aim):
        return row.value * exp(shift)
    none, doubled = (aimed_log_level(replace(row, value=growth), aim.one, aim.due, 0.0)[0] or 0.0 for growth in (0.0, 100.0))
    span = (doubled - none) / log(2)
    return 100 * expm1(log1p(row.value / 100) + shift / span)


def answer_of(lever: str, amount: float | None, scale: Scale, fresh: Odds, wanted: float, baseline: float) -> str:
    """Say the result in one sentence."""
    if amount is None:
        furthest = (
            "without any ceiling"
            if lever == "ceiling"
            else f"at the largest amount, {in_words(scale.amount(scale.high))} {scale.unit},"
        )
        return f"not reached: {furthest} the odds are {fresh.probability:.3g}, {wanted:g} are wanted"
    if lever == "ceiling":
        return f"a ceiling of {in_words(amount)} {scale.unit} or above leaves odds of {wanted:g}"
    if lever == "target":
        return f"a target of {in_words(amount)} {scale.unit} has odds of {wanted:g}"
    if amount == scale.low:
        return f"nothing is needed: the odds are {baseline:.3g} without it"
    return f"{in_words(amount)} {scale.unit} give odds of {wanted:g}; without it they are {baseline:.3g}"


def in_words(amount: float) -> str:
    """Write an amount with the three digits that its errors leave, in full: 26.1, 8,710,000,000."""
    return f"{float(f'{amount:.3g}'):,.10g}"
