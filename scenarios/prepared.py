"""A plan laid out for the kernels: dense arrays by family, the keys of all streams, slots for what levers push."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data import InputFault
from data.sentences import phrased
from forecast.belief import SeriesBelief
from forecast.prediction import extended_common, trend_moments
from forecast.series import Floats
from scenarios.doubts import Doubt, assumed_rates, assumed_shift, doubt_of, is_drawn
from scenarios.family_kernels import fill_factors
from scenarios.own_shocks import can_break, is_mixed
from scenarios.plan import Event, Joint, Plan
from scenarios.pushes import Slots, centres, slots_of
from scenarios.shocks import Integers, Seed, stream_keys

Flags = NDArray[np.bool_]

NO_KEYS: Integers = np.zeros((0, 3), np.int64)
SERIES_A_CALL = 100  # a block of so many series takes a few hundredths of a second, after which a run can be stopped


class Family(NamedTuple):
    """What `fill_family` and `run_members` need of a family with K nodes and D common parameters.

    keys (4, 3): streams of the node, of the common parameters, of the yearly shock and of the shock that all places share. fade, cumulative
    weights, persistence (K,); mean (K, D), factor (K, D, D) of the common parameters, D - 1 years of growth known from first_year on. Where
    mixed, places have shocks in common; where broken, own deviations may be drawn anew (`own_shocks.py`).
    """

    keys: Integers
    first_year: int
    cumulative: Floats
    fade: Floats
    shock: float
    mean: Floats
    factor: Floats
    persistence: Floats
    mixed: bool
    broken: bool


class Members(NamedTuple):
    """The n series of one family, with places of the same number together.

    row: number among the series of the run; start: years from the run's first one to the first simulated; keys (n, 2, 3): streams of the
    parameters and of the yearly shocks; group: number of the place in group_keys, and in group_list that of its list (0: none); base (n, K, 3),
    slope (n, K, 3, D), factor (n, K, 3, 3), own_shock, noise (n, K) as in `SeriesBelief`, stationary_sd (n, K) of the passing deviation; watch:
    slot of a series whose paths are kept, -1 for none.
    """

    row: Integers
    start: Integers
    keys: Integers
    group: Integers
    group_keys: Integers
    group_list: Integers
    base: Floats
    slope: Floats
    factor: Floats
    own_shock: Floats
    noise: Floats
    stationary_sd: Floats
    watch: Integers


class Events(NamedTuple):
    """The events of a run; those of series number r are start[r] to start[r + 1] - 1.

    due: years from the run's first one; threshold: ln of the level to be reached over the last known one; doubt and margin: numbers of
    the doubt about it and of its histogram, -1 for none; by: reached in any year up to the due one. Where exact, the odds given the own shocks
    are normal: mean (n, K) of the trend above the threshold and per_sd (n, K), one over the standard deviation of the rest.
    """

    start: Integers
    due: Integers
    threshold: Floats
    doubt: Integers
    margin: Integers
    by: Flags
    exact: Flags
    mean: Floats
    per_sd: Floats


class Stage(NamedTuple):
    """Series of one family that can be run together, once earlier stages are done; `streams` and `group_streams` name what their keys are of."""

    family: str
    members: Members
    streams: tuple[str, ...]
    group_streams: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A plan, or a part of its series, ready for the kernels."""

    plan: Plan
    rows: tuple[int, ...]
    event_numbers: Integers
    families: dict[str, Family]
    stages: tuple[Stage, ...]
    events: Events
    slots: Slots
    doubts: tuple[Doubt, ...]
    joints: tuple[tuple[Integers, Integers], ...]


def prepare(plan: Plan, seed: Seed, rows: Sequence[int] | None = None) -> Prepared:
    """Lay out the given series of a plan (all by default) with the keys of a seed; nothing random happens here."""
    laid_out = layout(plan, tuple(range(len(plan.series)) if rows is None else rows))
    families = {
        name: one._replace(keys=stream_keys(seed, *streams_of(name, plan.belief.families[name].known_as)))
        for name, one in laid_out.families.items()
    }
    return replace(laid_out, families=families, stages=tuple(keyed(stage, seed) for stage in laid_out.stages))


def keyed(stage: Stage, seed: Seed) -> Stage:
    """Give a stage the keys of a seed."""
    keys = stream_keys(seed, *stage.streams).reshape(-1, 2, 3)
    return stage._replace(members=stage.members._replace(keys=keys, group_keys=stream_keys(seed, *stage.group_streams)))


def streams_of(family: str, known_as: str) -> tuple[str, ...]:
    """Name the streams that a family shares."""
    return f"{family}|node", f"{family}|common parameters", f"{family}|common shock", f"{known_as}|places"


@lru_cache(maxsize=4)  # the replicates of a run on Sobol points differ in their seeds alone, as runs of one plan do
def layout(plan: Plan, rows: tuple[int, ...]) -> Prepared:
    """Lay out some series of a plan but for the keys, which are of no stream yet."""
    chosen = [plan.series[row] for row in rows]
    numbers = {str(one.key): number for number, one in enumerate(chosen)}
    event_numbers = np.array([n for n, event in enumerate(plan.events) if event.series in numbers], dtype=np.int64)
    events = [plan.events[number] for number in event_numbers]
    slots = slots_of(plan, numbers, chosen)
    names = sorted({one.family for one in chosen})
    families = {name: family_arrays(plan, name) for name in names}
    doubts = tuple(dict.fromkeys(doubt for event in events if (doubt := doubt_of(plan, event)) is not None))
    return Prepared(
        plan,
        rows,
        event_numbers,
        families,
        tuple(stages_of(plan, chosen, slots)),
        event_arrays(plan, chosen, events, doubts, slots),
        slots,
        doubts,
        tuple(joint_arrays(joint, events) for joint in plan.joints),
    )


def family_arrays(plan: Plan, name: str) -> Family:
    """Lay out what a family shares."""
    family = plan.belief.families[name]
    return Family(
        NO_KEYS,
        family.first_year,
        np.cumsum(family.weights),
        family.fade,
        family.common_shock,
        family.common_mean,
        covariance_factor(family.common_covariance),
        family.persistence,
        is_mixed(family, plan.pushes),
        can_break(family, plan.pushes),
    )


def stages_of(plan: Plan, chosen: Sequence[SeriesBelief], slots: Slots) -> list[Stage]:
    """Order series so that the source of a link comes before its target, by family and place within that."""
    depth = dict.fromkeys(range(len(chosen)), 0)
    for _ in slots.links:
        for target, links in slots.links.items():
            depth[target] = max(depth[slots.effects[source]] + 1 for source, _, _ in links)
    for target, links in slots.links.items():
        if any(depth[target] <= depth[slots.effects[source]] for source, _, _ in links):
            series = chosen[target].key
            raise InputFault(phrased("links: {series} reaches itself; links must not run in a circle", series=series))
    order = sorted(depth, key=lambda row: (depth[row], chosen[row].family, chosen[row].key))
    stages = []
    for (_, name), group in groupby(order, key=lambda row: (depth[row], chosen[row].family)):
        rows = list(group)
        for start in range(0, len(rows), SERIES_A_CALL):
            stages.append(stage_of(plan, name, rows[start : start + SERIES_A_CALL], chosen, slots))
    return stages


def stage_of(plan: Plan, name: str, rows: list[int], chosen: Sequence[SeriesBelief], slots: Slots) -> Stage:
    """Lay out some series of a family."""
    ones = [chosen[row] for row in rows]
    family = plan.belief.families[name]
    places = sorted({one.key.place for one in ones})
    numbers = {place: number for number, place in enumerate(places)}
    stationary = np.array([one.own_shock for one in ones]) / np.sqrt(1 - family.persistence**2)
    watched = {key: slot for slot, key in enumerate(plan.watched)}
    listed = {place: number for number, push in enumerate((one for one in slots.alike if one.places), 1) for place in push.places}
    members = Members(
        np.array(rows),
        np.array([one.series.origin + 1 - plan.first_year for one in ones]),
        NO_KEYS,
        np.array([numbers[one.key.place] for one in ones]),
        NO_KEYS,
        np.array([listed.get(place, 0) for place in places]),
        np.array([one.base for one in ones]) - centres(ones)[:, None, None] * np.array([1.0, 0.0, 0.0]),
        np.array([one.slope for one in ones]),
        covariance_factor(np.array([one.covariance for one in ones])),
        np.array([one.own_shock for one in ones]),
        np.array([one.level_noise for one in ones]),
        stationary,
        np.array([watched.get(str(one.key), -1) for one in ones]),
    )
    streams = tuple(f"{one.key}|{of}" for one in ones for of in ("parameters", "yearly shocks"))
    return Stage(name, members, streams, tuple(f"{place}|{family.known_as}|yearly shock" for place in places))


def event_arrays(
    plan: Plan, chosen: Sequence[SeriesBelief], events: Sequence[Event], doubts: Sequence[Doubt], slots: Slots
) -> Events:  # fmt: skip
    """Lay out the events, with the moments of those whose odds are exact given the own shocks."""
    numbers = {str(one.key): number for number, one in enumerate(chosen)}
    owner = np.array([numbers[event.series] for event in events], dtype=np.int64)
    widest = max((len(plan.belief.families[one.family].weights) for one in chosen), default=0)
    mean, per_sd = np.zeros((len(events), widest)), np.zeros((len(events), widest))
    shocked = {family for shock in slots.common for family in shock.families}
    bent = {*slots.gain, *slots.ceiling, *slots.effects, *slots.links}
    thresholds = np.array([event.log_value - chosen[row].series.log_level[-1] for event, row in zip(events, owner, strict=True)])
    its_doubts = [doubt_of(plan, event) for event in events]
    doubtful = [doubt is not None for doubt in its_doubts]
    exact = np.zeros(len(events), dtype=bool)
    alike: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for number, (event, row) in enumerate(zip(events, owner, strict=True)):
        one = chosen[row]
        straight = row not in bent and one.family not in shocked and not can_break(plan.belief.families[one.family], plan.pushes)
        one_aim = event.moved is None and (event.conversion is None or not is_drawn(plan.rates, event.conversion))
        exact[number] = plan.conditional and not event.by and straight and one_aim
        if exact[number]:
            alike[one.family, one.series.origin, event.year].append(number)
    for (name, _, year), members in alike.items():
        family, ones = plan.belief.families[name], [chosen[owner[number]] for number in members]
        (trends,), (variances,) = (
            moment.swapaxes(0, 1) for moment in trend_moments(family, ones, [year], extended_common(family, year))
        )
        variances += np.array([one.level_noise for one in ones]) ** 2
        for row, number in enumerate(members):
            rate = events[number].conversion
            if rate is not None and doubtful[number]:
                yearly, path = assumed_rates(plan.rates, rate)
                variances[row] += rate.convention_sd**2 + max(year - rate.rate_year, 0) * yearly**2
                trends[row] += assumed_shift(path, year)
        count = len(family.weights)
        mean[members, :count] = trends - np.array([[events[number].log_value] for number in members])
        per_sd[members, :count] = 1 / np.sqrt(variances)
    margins = np.cumsum(doubtful) - 1
    return Events(
        np.searchsorted(owner, np.arange(len(chosen) + 1)),
        np.array([event.year - plan.first_year for event in events], dtype=np.int64),
        thresholds,
        np.array([-1 if doubt is None else doubts.index(doubt) for doubt in its_doubts], dtype=np.int64),
        np.where(doubtful, margins, -1).astype(np.int64),
        np.array([event.by for event in events], dtype=bool),
        exact,
        mean,
        per_sd,
    )


def joint_arrays(joint: Joint, events: Sequence[Event]) -> tuple[Integers, Integers]:
    """Lay out a joint event: where each group starts, and the numbers of its events."""
    numbers = {event.name: number for number, event in enumerate(events)}
    members = [numbers[name] for group in joint.groups for name in group if name in numbers]
    return np.cumsum([0, *(len(group) for group in joint.groups)]), np.array(members, dtype=np.int64)


def covariance_factor(covariance: Floats) -> Floats:
    """Lower triangular factors of a stack of covariance matrices (..., n, n) that may be singular (a variance of zero)."""
    factor = np.zeros_like(covariance)
    size = covariance.shape[-1]
    fill_factors(covariance.reshape(-1, size, size), factor.reshape(-1, size, size))
    return factor
