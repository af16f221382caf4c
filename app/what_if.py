"""The controls of the What-if page: which terms of a scenario they show, and the scenario when they are moved.

A control shows a lever or assumption that it can hold: of the place and measure at hand, with plain numbers within its bounds. All others
of a scenario (from a preset, a file, or another place) stay as they are and are listed apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from forecast.series import SeriesKey
from scenarios import Scenario
from scenarios.assumptions import CommonShock, ExchangeRate, LongRunGrowth, Reversion, Volatility
from scenarios.fields import ALL
from scenarios.levers import Ceiling, Fdi, Growth, Programme, Talent
from scenarios.quantities import Constant
from scenarios.scenario import replaced
from scenarios.terms import Term

POINTS, PERCENT, HALF_LIFE, FACTOR, RATE = (-20.0, 40.0), (-50.0, 30.0), (0.0, 10.0), (0.0, 3.0), (3.0, 10.0)
SWINGS, LONG_RUN = (0.0, 20.0), (-10.0, 10.0)
LONGEST_RAMP = 8
MOST_TRAINEES, MOST_INVESTMENT = 1e7, 1e14
USUAL_RETENTION = 0.7  # where the slider stands until somebody is trained; as in the preset talent-push
PAIR = "CNY/USD"
EMPLOYEES, INVESTMENT = "employees", "fdi_actual"  # measures with a lever of their own


@dataclass(frozen=True)
class About:
    """What the levers move: a series (place, measure, scope, unit), from its first year to come up to the last one shown."""

    place: str
    measure: str
    scope: str
    unit: str
    first: int
    last: int

    @property
    def years(self) -> tuple[int, int]:
        """The years to come."""
        return self.first, self.last

    @property
    def series(self) -> str:
        """The series in one line."""
        return str(SeriesKey(self.place, self.measure, self.scope, self.unit))


@dataclass(frozen=True)
class Controls:
    """What the controls show; amounts in base units, percent and points a year, None where nothing is stated.

    `swings` are the yearly standard deviation of the exchange rate in percent, `trainees` persons and `investment` currency units a year.
    """

    points: float
    years: tuple[int, int]
    ramp: int
    programme: float
    programme_years: tuple[int, int]
    ceiling: float | None
    trainees: float
    retention: float
    investment: float
    percent: float
    shock_year: int
    probability: float
    half_life: float
    factor: float
    rate: float | None
    swings: float | None
    long_run: float
    fade: float | None


def neutral(about: About) -> Controls:
    """Return controls that change nothing."""
    return Controls(
        points=0.0, years=about.years, ramp=1, programme=0.0, programme_years=about.years, ceiling=None, trainees=0.0,
        retention=USUAL_RETENTION, investment=0.0, percent=0.0, shock_year=about.first, probability=1.0, half_life=0.0, factor=1.0, rate=None,
        swings=None, long_run=0.0, fade=None,
    )  # fmt: skip


def number(value: object, low: float = 0.0, high: float = 1e15) -> float | None:
    """Return a plain number within bounds, None for all else."""
    return value.value if isinstance(value, Constant) and low <= value.value <= high else None


def within(years: tuple[int, int | None], about: About) -> tuple[int, int] | None:
    """Return years of a lever as a control shows them, None where it cannot; no end is the last year shown."""
    start, end = years[0], about.last if years[1] is None else years[1]
    return (start, end) if about.first <= start <= end <= about.last else None


def held_growth(term: Any, about: About) -> dict[str, Any]:
    """Read a growth lever."""
    points, years = number(term.points, *POINTS), within(term.years, about)
    own = (term.places, term.measure, term.scope) == ((about.place,), about.measure, "all")
    fits = own and points is not None and years is not None and term.ramp <= LONGEST_RAMP
    return {"points": points, "years": years, "ramp": term.ramp} if fits else {}


def held_programme(term: Any, about: About) -> dict[str, Any]:
    """Read a programme."""
    level, years = number(term.level), within(term.years, about)
    own = of_series(term, about)
    return {"programme": level, "programme_years": years} if own and level is not None and years is not None else {}


def held_ceiling(term: Any, about: About) -> dict[str, Any]:
    """Read a ceiling."""
    level = number(term.level)
    return {"ceiling": level} if of_series(term, about) and level is not None else {}


def held_talent(term: Any, about: About) -> dict[str, Any]:
    """Read the training of people, over all years shown."""
    trainees, retention = number(term.trainees, 0, MOST_TRAINEES), number(term.retention, 0, 1)
    own = of_measure(term, about, EMPLOYEES) and within(term.years, about) == about.years
    return {"trainees": trainees, "retention": retention} if own and trainees is not None and retention is not None else {}


def held_investment(term: Any, about: About) -> dict[str, Any]:
    """Read investment attracted, over all years shown and at once."""
    amount = number(term.amount, 0, MOST_INVESTMENT)
    own = of_measure(term, about, INVESTMENT) and within(term.years, about) == about.years
    return {"investment": amount} if own and (term.unit, term.ramp) == (about.unit, 1) and amount is not None else {}


def of_measure(term: Any, about: About, measure: str) -> bool:
    """Tell whether a lever is about the place at hand, and about a measure that it moves."""
    return (term.places, term.measure) == ((about.place,), measure) and about.measure == measure


def held_shock(term: Any, about: About) -> dict[str, Any]:
    """Read a common shock."""
    read = number(term.percent, *PERCENT), number(term.probability, 0, 1), number(term.half_life, *HALF_LIFE)
    fits = term.families == ALL and about.first <= term.year <= about.last and None not in read
    return dict(zip(("percent", "probability", "half_life"), read, strict=True)) | {"shock_year": term.year} if fits else {}


def held_volatility(term: Any, about: About) -> dict[str, Any]:  # noqa: ARG001  (all of them are asked alike)
    """Read a volatility."""
    factor = number(term.factor, *FACTOR)
    return {"factor": factor} if (term.measure, term.families) == ("all", ALL) and factor is not None else {}


def held_rate(term: Any, about: About) -> dict[str, Any]:
    """Read an exchange rate of the last year, and how far it strays."""
    if term.pair != PAIR or [year for year, _ in term.path] not in ([], [about.last]):
        return {}
    rate = number(term.path[0][1], *RATE) if term.path else None
    swings = None if term.volatility is None else number(term.volatility, SWINGS[0] / 100, SWINGS[1] / 100)
    if (rate is None) == bool(term.path) or (swings is None) == (term.volatility is not None):
        return {}
    return {"rate": rate, "swings": None if swings is None else round(100 * swings, 6)}


def held_long_run(term: Any, about: About) -> dict[str, Any]:  # noqa: ARG001
    """Read points added to the growth of the long run."""
    points = None if term.points is None else number(term.points, *LONG_RUN)
    return {"long_run": points} if term.families == ALL and points is not None else {}


def held_fade(term: Any, about: About) -> dict[str, Any]:  # noqa: ARG001
    """Read the fade of booms."""
    fade = number(term.fade, 0, 1)
    return {"fade": fade} if term.families == ALL and term.persistence is None and fade is not None else {}


HOLDERS: dict[str, Callable[[Any, About], dict[str, Any]]] = {
    "growth": held_growth, "programme": held_programme, "ceiling": held_ceiling, "talent": held_talent, "fdi": held_investment,
    "common_shock": held_shock, "volatility": held_volatility, "exchange_rate": held_rate, "long_run_growth": held_long_run,
    "reversion": held_fade,
}  # fmt: skip


def of_series(term: Any, about: About) -> bool:
    """Tell whether a lever is about the series at hand, in its unit."""
    unit = term.unit in (about.unit, None)
    return unit and (term.places, term.measure, term.scope) == ((about.place,), about.measure, about.scope)


def held(scenario: Scenario, about: About) -> tuple[Controls, tuple[Term, ...]]:
    """Return what the controls show of a scenario, and the terms that they do not hold; of several of a kind they hold the first."""
    shown, taken, others = neutral(about), set(), []
    for term in (*scenario.levers, *scenario.assumptions):
        holder = HOLDERS.get(term.kind)
        values = holder(term, about) if holder and term.kind not in taken else {}
        if values:
            taken.add(term.kind)
            shown = replace(shown, **values)
        else:
            others.append(term)
    return shown, tuple(others)


def moved(scenario: Scenario, about: About, controls: Controls) -> Scenario:
    """Return the scenario as the controls now say; what is moved from where it changes nothing becomes a term."""
    others = set(held(scenario, about)[1])
    kept = tuple(term for term in scenario.levers if term in others)
    assumed = tuple(term for term in scenario.assumptions if term in others)
    none = neutral(about)
    return Scenario(
        title=scenario.title,
        horizon=scenario.horizon,
        levers=replaced(kept, pulled(controls, none, about)),
        assumptions=replaced(assumed, supposed(controls, none, about)),
    )


def pulled(controls: Controls, none: Controls, about: About) -> list[Term]:
    """Return the levers that the controls state."""
    quantity = Constant
    place = {"places": (about.place,), "measure": about.measure}
    unit = {"unit": about.unit}
    levers: list[Term] = []
    if (controls.points, controls.years, controls.ramp) != (none.points, none.years, none.ramp):
        levers.append(Growth(**place, years=controls.years, points=quantity(value=controls.points), ramp=controls.ramp))
    if (controls.programme, controls.programme_years) != (none.programme, none.programme_years):
        level = quantity(value=controls.programme)
        levers.append(Programme(**place, **unit, scope=about.scope, years=controls.programme_years, level=level))
    if controls.ceiling is not None:
        levers.append(Ceiling(**place, **unit, scope=about.scope, level=quantity(value=max(controls.ceiling, 1.0))))
    if about.measure == EMPLOYEES and (controls.trainees, controls.retention) != (none.trainees, none.retention):
        trainees, retention = quantity(value=controls.trainees), quantity(value=controls.retention)
        levers.append(Talent(**place, years=about.years, trainees=trainees, retention=retention))
    if about.measure == INVESTMENT and controls.investment != none.investment:
        levers.append(Fdi(**place, **unit, years=about.years, amount=quantity(value=controls.investment)))
    return levers


def supposed(controls: Controls, none: Controls, about: About) -> list[Term]:
    """Return the assumptions that the controls state."""
    found: list[Term] = []
    shock = (controls.percent, controls.shock_year, controls.probability, controls.half_life)
    if shock != (none.percent, none.shock_year, none.probability, none.half_life):
        percent, probability, half_life = (
            Constant(value=one) for one in (controls.percent, controls.probability, controls.half_life)
        )
        found.append(CommonShock(year=controls.shock_year, percent=percent, probability=probability, half_life=half_life))
    if controls.factor != none.factor:
        found.append(Volatility(factor=Constant(value=controls.factor)))
    if controls.rate is not None or controls.swings is not None:
        path = () if controls.rate is None else ((about.last, Constant(value=controls.rate)),)
        swings = None if controls.swings is None else Constant(value=round(controls.swings / 100, 8))
        found.append(ExchangeRate(pair=PAIR, path=path, volatility=swings))
    if controls.long_run != none.long_run:
        found.append(LongRunGrowth(points=Constant(value=controls.long_run)))
    if controls.fade is not None:
        found.append(Reversion(fade=Constant(value=controls.fade)))
    return found


def without(scenario: Scenario, term: Term) -> Scenario:
    """Return the scenario without one of its terms."""
    levers = tuple(one for one in scenario.levers if one != term)
    assumptions = tuple(one for one in scenario.assumptions if one != term)
    return scenario.model_copy(update={"levers": levers, "assumptions": assumptions})
