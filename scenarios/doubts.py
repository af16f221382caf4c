"""What makes the level that an event must reach differ from path to path: exchange rates in doubt, and aims that are drawn."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.currency import Conversion
from forecast.series import Floats
from scenarios.family_kernels import fill_currency
from scenarios.plan import Amount, Event, Plan, Rates
from scenarios.pushes import drawn
from scenarios.shocks import Integers, Seed, law_of, stream_keys

Singles = NDArray[np.float32]
Words = NDArray[np.uint32]


class Doubt(NamedTuple):
    """A doubtful exchange rate, what is drawn of an aim (`Event.moved`), or both."""

    rate: Conversion | None
    moved: Amount | None


class Currency(NamedTuple):
    """A doubtful exchange rate, for a block of draws.

    keys (2, 3), its last known year and doubts, yearly_sd (n_draws,), and the assumed path of its ln (n_years, n_draws) from path_first_year on.
    """

    keys: Integers
    rate_year: int
    convention_sd: float
    yearly_sd: Floats
    path: Floats
    path_first_year: int


def doubt_of(plan: Plan, event: Event) -> Doubt | None:
    """Return what makes the level of an event differ from path to path, None if nothing does."""
    rate = event.conversion
    doubt = Doubt(rate if rate is not None and is_doubtful(plan.rates, rate) else None, event.moved)
    return None if doubt == (None, None) else doubt


def is_doubtful(rates: Sequence[Rates], rate: Conversion) -> bool:
    """Whether a rate can differ from the last known one in any path, under what is assumed of rates."""
    yearly, path = assumed_rates(rates, rate)
    return bool(rate.convention_sd or yearly or path) or is_drawn(rates, rate)


def is_drawn(rates: Sequence[Rates], rate: Conversion) -> bool:
    """Whether what is assumed of a rate differs from draw to draw."""
    return any(one.is_drawn for one, _ in stated_of(rates, rate))


def stated_of(rates: Sequence[Rates], rate: Conversion) -> list[tuple[Rates, float]]:
    """Return what is assumed of a rate, with 1 if it is stated in the direction of the conversion and -1 if in the other."""
    return [(one, 1.0 if one.of == rate.of else -1.0) for one in rates if {one.of, one.to} == {rate.of, rate.to}]


def assumed_rates(rates: Sequence[Rates], rate: Conversion) -> tuple[float, dict[int, float]]:
    """Return the yearly doubt about a rate and its assumed path, in the direction of the conversion; of distributions the medians."""
    yearly, path = rate.yearly_sd, {}
    for one, sign in stated_of(rates, rate):
        yearly = yearly if one.yearly_sd is None else one.yearly_sd
        path = {year: sign * value for year, value in one.log_path.items()}
    return yearly, path


def assumed_shift(path: Mapping[int, float], year: int) -> float:
    """Return what an assumed path says of a year: between and after its own years the rate stays where it was."""
    known = [one for one in path if one <= year]
    return path[max(known)] if known else 0.0


def drawn_doubts(
    plan: Plan, doubts: Sequence[Doubt], seed: Seed, first_draw: int, n_draws: int, low: Words, high: Words
) -> Singles:  # fmt: skip
    """Draw by how much more ln(level) counts under each doubt than at the last known rate and the middle of the aim.

    Shape (doubts, n_years, n_paths), with low and high (n_paths,) the two words of the numbers of the paths of a block of draws.
    """
    found = np.zeros((len(doubts), plan.n_years, len(low)), np.float32)
    for doubt, by_path in zip(doubts, found, strict=True):
        if doubt.rate is not None:
            currency = currency_of_block(plan, doubt.rate, seed, first_draw, n_draws)
            fill_currency(first_draw, n_draws, low, high, currency, plan.first_year, law_of(), by_path)
        if doubt.moved is not None:
            by_path -= np.tile(drawn(doubt.moved, seed, first_draw, n_draws), len(low) // n_draws)
    return found


def currency_of_block(plan: Plan, rate: Conversion, seed: Seed, first_draw: int, n_draws: int) -> Currency:
    """Lay out a doubtful rate for a block of draws."""
    years = range(plan.first_year, plan.horizon + 1)
    yearly, path = assumed_rates(plan.rates, rate)
    assumed = np.repeat(np.array([assumed_shift(path, year) for year in years])[:, None], n_draws, axis=1)
    by_draw = np.full(n_draws, yearly)
    for one, sign in stated_of(plan.rates, rate):
        for sway in one.sways:
            shares = np.array([sign * assumed_shift(sway.shares, year) for year in years])
            assumed += shares[:, None] * drawn(sway.amount, seed, first_draw, n_draws)
        if one.yearly:
            by_draw = np.sqrt(sum(drawn(amount, seed, first_draw, n_draws) ** 2 for amount in one.yearly))
    keys = stream_keys(seed, f"{rate.of}/{rate.to}|convention", f"{rate.of}/{rate.to}|exchange rate")
    return Currency(keys, rate.rate_year, rate.convention_sd, by_draw, assumed, plan.first_year)
