"""What levers and assumptions push, sorted by series, and the amounts that a block of draws has."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from forecast.belief import SeriesBelief
from forecast.series import Floats
from scenarios.family_kernels import BY_DRAW, ONE_A_YEAR, fill_indices, fill_uniforms
from scenarios.plan import Alike, Amount, Breaks, Ceiling, CommonShock, Gain, Growth, Link, Plan, Tails
from scenarios.shocks import Integers, Seed, stream_keys


class Pushes(NamedTuple):
    """What levers add, by slot and draw; the *_slot arrays give the slot of each series, -1 for none.

    growth (slots, years, draws) in log growth; gain and, where it ends with its year, passing (slots, years, draws) as multiples of the last
    known level; ceiling (slots, draws) as ln over it; links of series r are link_start[r] to link_start[r + 1] - 1, each from the effect in
    slot link_source.
    """

    growth_slot: Integers
    growth: Floats
    gain_slot: Integers
    gain: Floats
    passing: Floats
    ceiling_slot: Integers
    ceiling: Floats
    effect_slot: Integers
    link_start: Integers
    link_source: Integers
    link_lag: Integers
    link_elasticity: Floats


@dataclass(frozen=True, eq=False)
class Slots:
    """Which series is pushed by what, before amounts are drawn."""

    first_year: int
    n_years: int
    growth: dict[int, list[tuple[Amount, Floats]]]
    gain: dict[int, list[tuple[Gain, Floats]]]
    ceiling: dict[int, tuple[Amount, float]]
    effects: tuple[int, ...]
    links: dict[int, list[tuple[int, int, Amount]]]
    common: tuple[CommonShock, ...]
    alike: tuple[Alike, ...] = ()
    breaks: tuple[Breaks, ...] = ()
    tails: tuple[Tails, ...] = ()


def slots_of(plan: Plan, numbers: dict[str, int], chosen: Sequence[SeriesBelief]) -> Slots:
    """Sort the pushes of a plan by the series that they are about."""
    growth: dict[int, list[tuple[Amount, Floats]]] = defaultdict(list)
    gain: dict[int, list[tuple[Gain, Floats]]] = defaultdict(list)
    ceiling: dict[int, tuple[Amount, float]] = {}
    links: dict[int, list[tuple[int, int, Amount]]] = defaultdict(list)
    years = range(plan.first_year, plan.horizon + 1)
    centre = centres(chosen)
    effects = [numbers[p.source] for p in plan.pushes if isinstance(p, Link) and {p.source, p.target} <= set(numbers)]
    effects += [numbers[p.target] for p in plan.pushes if isinstance(p, Link) and {p.source, p.target} <= set(numbers)]
    slots = tuple(dict.fromkeys(effects))
    for push in plan.pushes:
        if isinstance(push, Growth):
            shares = np.array([1.0 if push.profile is None else push.profile.get(year, 0.0) for year in years])
            for name in push.series:
                if name in numbers:
                    growth[numbers[name]].append((push.points, shares))
        elif isinstance(push, Gain) and push.series in numbers:
            row = numbers[push.series]
            gain[row].append((push, np.array([push.profile.get(year, 0.0) for year in years]) / np.exp(centre[row])))
        elif isinstance(push, Ceiling) and push.series in numbers:
            ceiling[numbers[push.series]] = (push.level, float(centre[numbers[push.series]]))
        elif isinstance(push, Link) and {push.source, push.target} <= set(numbers):
            links[numbers[push.target]].append((slots.index(numbers[push.source]), push.lag, push.elasticity))
    common = tuple(push for push in plan.pushes if isinstance(push, CommonShock))
    alike = tuple(push for push in plan.pushes if isinstance(push, Alike))
    breaks = tuple(push for push in plan.pushes if isinstance(push, Breaks))
    tails = tuple(push for push in plan.pushes if isinstance(push, Tails))
    return Slots(plan.first_year, plan.n_years, dict(growth), dict(gain), ceiling, slots, dict(links), common, alike, breaks, tails)


def centres(ones: Sequence[SeriesBelief]) -> Floats:
    """Ln of the last known level of each series."""
    return np.array([one.series.log_level[-1] for one in ones])


def pushes_of_block(slots: Slots, n_series: int, seed: Seed, first_draw: int, n_draws: int) -> Pushes:
    """Draw the amounts of all levers for a block of draws."""
    if not (slots.growth or slots.gain or slots.ceiling or slots.links):
        return no_pushes(slots.n_years, n_series, n_draws)
    return drawn_pushes(slots, n_series, seed, first_draw, n_draws)


@lru_cache(maxsize=64)  # as many blocks ask for it as a run has; whoever is given it only reads it
def no_pushes(n_years: int, n_series: int, n_draws: int) -> Pushes:
    """Return what no lever adds."""
    return drawn_pushes(Slots(0, n_years, {}, {}, {}, (), {}, ()), n_series, 0, 0, n_draws)


def drawn_pushes(slots: Slots, n_series: int, seed: Seed, first_draw: int, n_draws: int) -> Pushes:
    """Draw the amounts of some levers for a block of draws."""
    growth = np.zeros((len(slots.growth), slots.n_years, n_draws))
    for slot, terms in enumerate(slots.growth.values()):
        for points, shares in terms:
            growth[slot] += np.log1p(drawn(points, seed, first_draw, n_draws) * shares[:, None] / 100)
    gain, passing = np.zeros((2, len(slots.gain), slots.n_years, n_draws))
    for slot, gains in enumerate(slots.gain.values()):
        for one, shares in gains:
            gained = drawn(one.amount, seed, first_draw, n_draws) * drawn(one.times, seed, first_draw, n_draws)
            (gain if one.lasts else passing)[slot] += gained * shares[:, None]
    ceiling = np.zeros((len(slots.ceiling), n_draws))
    for slot, (level, centre) in enumerate(slots.ceiling.values()):
        ceiling[slot] = np.log(drawn(level, seed, first_draw, n_draws)) - centre
    links = [link for row in range(n_series) for link in slots.links.get(row, [])]
    elasticity = np.array([drawn(amount, seed, first_draw, n_draws) for _, _, amount in links]).reshape(len(links), n_draws)
    return Pushes(
        slot_numbers(tuple(slots.growth), n_series),
        growth,
        slot_numbers(tuple(slots.gain), n_series),
        gain,
        passing,
        slot_numbers(tuple(slots.ceiling), n_series),
        ceiling,
        slot_numbers(slots.effects, n_series),
        np.cumsum([0, *(len(slots.links.get(row, [])) for row in range(n_series))]),
        np.array([source for source, _, _ in links], dtype=np.int64),
        np.array([lag for _, lag, _ in links], dtype=np.int64),
        elasticity,
    )


def slot_numbers(rows: Sequence[int], n_series: int) -> Integers:
    """Return the slot of each series, -1 where it has none."""
    slots = np.full(n_series, -1, dtype=np.int64)
    slots[list(rows)] = np.arange(len(rows))
    return slots


def drawn(amount: Amount, seed: Seed, first_draw: int, n_draws: int) -> Floats:
    """Values of an amount by draw, shape (n_draws,); the same wherever the amount of this name is asked for."""
    if not callable(amount.quantile):
        return np.full(n_draws, float(amount.quantile))
    low, high = np.empty(n_draws, np.uint32), np.empty(n_draws, np.uint32)
    fill_indices(first_draw, n_draws, 1, False, low, high)
    uniforms = np.empty(n_draws)
    fill_uniforms(stream_keys(seed, f"amount|{amount.name}")[0], low, high, BY_DRAW, uniforms)
    return np.asarray(amount.quantile(uniforms), dtype=float)


def add_common_shocks(
    slots: Slots, family: str, seed: Seed, first_draw: int, n_draws: int, low: np.ndarray, high: np.ndarray, by_path: np.ndarray
) -> None:  # fmt: skip
    """Add assumed shocks to the cumulated common growth (rows from the run's first year, n_paths) of a family."""
    for shock in slots.common:
        start = shock.year - slots.first_year + 1
        if family not in shock.families or start < 1:
            continue
        uniforms = np.empty(len(low))
        fill_uniforms(stream_keys(seed, f"amount|{shock.percent.name}|hits")[0], low, high, ONE_A_YEAR, uniforms)
        size, chance, half_life = (
            np.tile(drawn(amount, seed, first_draw, n_draws), len(low) // n_draws)
            for amount in (shock.percent, shock.probability, shock.half_life)
        )
        push = np.where(uniforms < chance, np.log1p(size / 100), 0.0)
        kept = 0.5 ** (1 / half_life)
        for row in range(start, len(by_path)):
            by_path[row] += push * (1 - kept ** (row - start + 1)) / (1 - kept)
