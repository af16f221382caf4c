"""The laws of a family's own yearly shocks, how they hang together, and how often a place starts anew: of the belief, or drawn for a block."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from forecast.belief import FamilyBelief
from forecast.series import Floats
from scenarios.plan import Alike, Breaks, Push
from scenarios.pushes import Slots, drawn
from scenarios.shocks import Integers, Law, Seed, law_of, stream_keys

STEPS_OF_TAILS = 120  # drawn tails have 120 / k degrees of freedom: 40 laws from 3 on, with 1 / freedom right to .0042


class Coupling(NamedTuple):
    """The own shocks of a family by list of places (number 0: places in none) and draw.

    A shock is `shared` of its place's and `own` of its series'; the place's is `narrow` of its own, `wide` of that of all places and `listed`
    of that of its list, each (lists, n_draws). keys (lists, 3): streams of the lists. break_chance and break_factor (n_draws,): chance in
    each year that the own passing deviation is drawn anew, and how many times as wide as usual. The shocks of a draw, in whatever part, follow
    the row law_number (n_draws,) of laws (m, 15).
    """

    keys: Integers
    shared: Floats
    own: Floats
    narrow: Floats
    wide: Floats
    listed: Floats
    break_chance: Floats
    break_factor: Floats
    laws: Law
    law_number: Integers


def coupling_of_block(family: FamilyBelief, slots: Slots, seed: Seed, first_draw: int, n_draws: int) -> Coupling:
    """Draw it for a block; places of a list have a shock in common that leaves what each has in common with all others as it is."""
    if slots.alike or slots.breaks or slots.tails:
        return assumed_coupling(family, slots, seed, first_draw, n_draws)
    return believed_coupling(
        family.same_place, family.between_places, family.break_chance, family.break_scale, family.tail, n_draws
    )  # fmt: skip


@lru_cache(maxsize=64)  # as many blocks ask for it as a run has; whoever is given it only reads it
def believed_coupling(
    same_place: float, between: float, break_chance: float, break_scale: float, tail: float, n_draws: int
) -> Coupling:  # fmt: skip
    """Return what a family believes of its own shocks, alike in every draw; there are no lists."""
    shared, wide = np.full((1, n_draws), same_place), np.full((1, n_draws), between)
    chance, factor = np.full(n_draws, break_chance), np.full(n_draws, break_scale)
    keys, law_number = np.zeros((1, 3), np.int64), np.zeros(n_draws, np.int64)
    of_place, of_series, own, everywhere = (np.sqrt(part) for part in (shared, 1 - shared, 1 - wide, wide))
    return Coupling(
        keys, of_place, of_series, own, everywhere, np.zeros((1, n_draws)), chance, factor, law_of(tail)[None], law_number
    )  # fmt: skip


def assumed_coupling(family: FamilyBelief, slots: Slots, seed: Seed, first_draw: int, n_draws: int) -> Coupling:
    """Draw what assumptions make of the own shocks of a family."""
    same_place, between = np.full(n_draws, family.same_place), np.full(n_draws, family.between_places)
    common = same_place * between
    lists = [push for push in slots.alike if push.places]
    for push in slots.alike:
        if not push.places:
            common = drawn(push.coefficient, seed, first_draw, n_draws)
            # The share of a shock that a place's series have in common is also the most that they can have in common with other places.
            same_place = np.maximum(family.same_place, common)
            between = ratio(common, same_place)
    shared, narrow, wide, listed = ([row] for row in (same_place, 1 - between, between, np.zeros(n_draws)))
    for push in lists:
        coefficient = drawn(push.coefficient, seed, first_draw, n_draws)
        theirs = np.maximum(same_place, coefficient)
        more = np.maximum(coefficient - common, 0.0)  # less than 0 by rounding alone: `compilation.py` refuses all else
        shared.append(theirs)
        wide.append(ratio(common, theirs))
        listed.append(ratio(more, theirs))
        narrow.append(np.maximum(1 - wide[-1] - listed[-1], 0.0))
    streams = [stream_of(push, family.known_as) for push in lists]
    chance, factor = np.full(n_draws, family.break_chance), np.full(n_draws, family.break_scale)
    for broken in slots.breaks:
        chance, factor = (drawn(amount, seed, first_draw, n_draws) for amount in (broken.probability, broken.factor))
    laws, law_number = laws_of_block(family, slots, seed, first_draw, n_draws)
    of_place, of_series = np.sqrt(np.array(shared)), np.sqrt(1 - np.array(shared))
    own, everywhere, of_list = (np.sqrt(np.array(part)) for part in (narrow, wide, listed))
    keys = stream_keys(seed, "no list", *streams)
    return Coupling(keys, of_place, of_series, own, everywhere, of_list, chance, factor, laws, law_number)


def laws_of_block(family: FamilyBelief, slots: Slots, seed: Seed, first_draw: int, n_draws: int) -> tuple[Law, Integers]:
    """Return laws (m, 15) and which of them each draw has: that of the belief alone, or the nearest to each drawn freedom."""
    for push in slots.tails:
        steps = np.rint(STEPS_OF_TAILS / drawn(push.freedom, seed, first_draw, n_draws))
        found, number = np.unique(steps, return_inverse=True)
        return np.stack([law_of(STEPS_OF_TAILS / step) for step in found.tolist()]), number.astype(np.int64)
    return law_of(family.tail)[None], np.zeros(n_draws, np.int64)


def stream_of(push: Alike, family: str) -> str:
    """Name the stream of what the own shocks of a list of places have in common."""
    return f"{family}|places|{','.join(sorted(push.places))}"


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, 0 where both are."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def is_mixed(family: FamilyBelief, pushes: Iterable[Push]) -> bool:
    """Whether the shock of a place has parts in common with other places."""
    return family.between_places > 0 or any(isinstance(push, Alike) for push in pushes)


def can_break(family: FamilyBelief, pushes: Iterable[Push]) -> bool:
    """Whether an own deviation may be drawn anew in any draw."""
    return family.break_chance > 0 or any(isinstance(push, Breaks) for push in pushes)
