"""A run as a list of plain statements: which series, which events are watched, and what levers and assumptions do to them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from forecast.belief import Belief, SeriesBelief
from forecast.currency import Conversion
from forecast.history_beliefs import with_histories
from forecast.series import Floats


@dataclass(frozen=True)
class Event:
    """A level to be reached: ln(level of `series`), converted if need be, is at least `log_value`, in `year` or in any year up to it.

    `log_value` is in the unit of the series at the last known rate; `conversion` adds the uncertainty of that rate, and `moved` what each
    draw of the parameters adds to it.
    """

    name: str
    series: str
    year: int
    log_value: float
    conversion: Conversion | None = None
    by: bool = False
    moved: "Amount | None" = None


@dataclass(frozen=True)
class Joint:
    """Groups of events; a group is met where all its events are. How many groups are met is counted, path by path."""

    name: str
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Amount:
    """A number, or a distribution by its quantile function; `name` is the address of its draws, one for each draw of the parameters."""

    name: str
    quantile: float | Callable[[Floats], Floats]

    @property
    def is_fixed(self) -> bool:
        """Whether every draw has the same value."""
        return not callable(self.quantile)


@dataclass(frozen=True)
class Growth:
    """Percentage points a year on the growth of some series: p points multiply a year's growth factor by 1 + p/100.

    `profile` is the share of the points in each year, 0 where it has none; without a profile every year has all of them.
    """

    series: tuple[str, ...]
    points: Amount
    profile: Mapping[int, float] | None = None


@dataclass(frozen=True)
class Gain:
    """A level gained, in the unit of the series: the share `profile` of it in each year. It grows with the rest from then on.

    `times` multiplies the amount, as the share of trainees who stay. What does not last is gained in its years alone, and does not grow.
    """

    series: str
    amount: Amount
    profile: Mapping[int, float]
    times: Amount = Amount("one", 1.0)
    lasts: bool = True


@dataclass(frozen=True)
class Ceiling:
    """A level that cannot be passed by growing: positive growth is multiplied by 1 - level/ceiling."""

    series: str
    level: Amount


@dataclass(frozen=True)
class Link:
    """What levers add to ln(level) of one series reaches another, times the elasticity, `lag` years later."""

    source: str
    target: str
    elasticity: Amount
    lag: int


@dataclass(frozen=True)
class CommonShock:
    """A shock that may hit families in a year: growth falls by `percent`, and half of that push is left after each half-life in years."""

    families: tuple[str, ...]
    year: int
    percent: Amount
    probability: Amount
    half_life: Amount


@dataclass(frozen=True)
class Alike:
    """The own yearly shocks of any two of some places correlate so much, those of all places if none are named; for all families."""

    coefficient: Amount
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Breaks:
    """Each year with a probability the own passing deviation of a series is drawn anew, `factor` times as wide as usual; for all families."""

    probability: Amount
    factor: Amount


@dataclass(frozen=True)
class Tails:
    """The own yearly shocks of a draw follow Student's law with so many degrees of freedom; for all families."""

    freedom: Amount


Push = Growth | Gain | Ceiling | Link | CommonShock | Alike | Breaks | Tails


@dataclass(frozen=True)
class Sway:
    """What the draw of a rate in one year adds to ln of an exchange rate in each year: a share of the amount."""

    amount: Amount
    shares: Mapping[int, float]


@dataclass(frozen=True)
class Rates:
    """An assumption on an exchange rate: ln of its level in given years against the last known one, and its yearly doubt.

    Of distributions `log_path` and `yearly_sd` are those of their medians; `sways` are what their draws add to the path, and the yearly doubt of
    a draw is the root of the sum of the squares of `yearly`, if there are any.
    """

    of: str
    to: str
    log_path: Mapping[int, float]
    yearly_sd: float | None = None
    sways: tuple[Sway, ...] = ()
    yearly: tuple[Amount, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether it differs from draw to draw."""
        return bool(self.sways or self.yearly)


@dataclass(frozen=True, eq=False)
class Plan:
    """One run: the series, the events watched (in the order of their series), the joint events, the pushes and the horizon.

    `watched` names series of which the outcome of every path is kept. Where `conditional`, odds are those given the own shocks alone wherever
    that is exact; else they are counted.
    """

    belief: Belief
    series: tuple[SeriesBelief, ...]
    events: tuple[Event, ...]
    horizon: int
    joints: tuple[Joint, ...] = ()
    pushes: tuple[Push, ...] = ()
    rates: tuple[Rates, ...] = ()
    watched: tuple[str, ...] = ()
    conditional: bool = True

    @cached_property
    def first_year(self) -> int:
        """First year that any series is simulated for."""
        return min((one.series.origin for one in self.series), default=self.horizon - 1) + 1

    @cached_property
    def rows(self) -> dict[str, int]:
        """The number of each series by its name."""
        return {str(one.key): number for number, one in enumerate(self.series)}

    @property
    def n_years(self) -> int:
        """Number of years from `first_year` to the horizon."""
        return self.horizon - self.first_year + 1


def make_plan(
    belief: Belief,
    events: Sequence[Event],
    horizon: int,
    pushes: Sequence[Push] = (),
    *,
    places: Sequence[str] | None = (),
    series: Sequence[str] = (),
    joints: Sequence[Joint] = (),
    rates: Sequence[Rates] = (),
    watched: Sequence[str] = (),
) -> Plan:
    """Gather what a run needs; a series that speaks for itself is simulated as it is forecast (`with_histories`).

    Parameters
    ----------
    belief : Belief
    events : sequence of Event
        Each about a series of the belief, in a year after its origin and not after the horizon.
    horizon : int
        Last year simulated.
    pushes : sequence of Push
        What levers and assumptions do; those about series that are not part of the run are left out.
    places : sequence of str, optional
        Simulate all series of these places too, not only those that an event, a link or `watched` is about; None for all. No shock
        depends on it.
    series : sequence of str
        Simulate these too.
    joints, rates : sequences
    watched : sequence of str
        Series of which every path is kept.

    Raises
    ------
    ValueError
        If an event or a watched series has no series with an origin before the horizon, or the year of an event is not simulated.
    """
    belief = with_histories(belief, horizon)
    wanted = with_sources({event.series for event in events} | set(watched) | set(series), pushes)
    if places is None:
        every: Iterable[SeriesBelief] = belief.series
    else:
        named = [one for name in wanted if (one := belief.find(name)) is not None]
        of_places = [one for one in belief.series if one.key.place in places] if places else []
        every = sorted({*named, *of_places}, key=lambda one: one.key)
    chosen = tuple(one for one in every if one.series.origin < horizon)
    known = {str(one.key): one.series.origin for one in chosen}
    for name in watched:
        if name not in known:
            raise ValueError(f"no series {name} with an origin before {horizon}")
    for event in events:
        if event.series not in known:
            raise ValueError(f"event {event.name}: no series {event.series} with an origin before {horizon}")
        if not known[event.series] < event.year <= horizon:
            raise ValueError(f"event {event.name}: year {event.year} is not within {known[event.series] + 1} to {horizon}")
    place = {name: number for number, name in enumerate(known)}
    ordered = sorted(events, key=lambda event: (place[event.series], event.name))
    return Plan(belief, chosen, tuple(ordered), horizon, tuple(joints), tuple(pushes), tuple(rates), tuple(watched))


def with_sources(names: Collection[str], pushes: Sequence[Push]) -> set[str]:
    """Return some series with those whose levers reach them by links."""
    wanted = set(names)
    links = [push for push in pushes if isinstance(push, Link)]
    while sources := {link.source for link in links if link.target in wanted} - wanted:
        wanted |= sources
    return wanted


def part_of(plan: Plan, names: Collection[str], watched: Sequence[str] = ()) -> Plan:
    """Cut a plan without events down to some series and the sources of their links; no outcome of theirs depends on the others."""
    wanted = with_sources(names, plan.pushes)
    rows = sorted(plan.rows[name] for name in wanted if name in plan.rows)
    return replace(plan, series=tuple(plan.series[row] for row in rows), watched=tuple(watched))


def extra_growth(belief: Belief, points: float, series: Sequence[str] = ()) -> tuple[Growth, ...]:
    """Return the growth lever that adds `points` percentage points in every year to the given series, all of them by default."""
    if points == 0.0:
        return ()
    names = tuple(series) or tuple(str(one.key) for one in belief.series)
    return (Growth(names, Amount("extra growth", points)),)
