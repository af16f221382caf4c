"""Assumed paths of exchange rates against the dollar -> what a plan takes of any two currencies."""

from collections.abc import Mapping
from itertools import pairwise
from math import hypot, log

import pandas as pd

from forecast.currency import PEGGED_SD, YEARLY_SD, per_dollar
from scenarios import assumptions
from scenarios.amounts import LogOver, address, amount_of, middle
from scenarios.plan import Amount, Rates, Sway
from scenarios.scenario import Scenario

MANAGED = {"CNY": YEARLY_SD, "HKD": PEGGED_SD}


def assumed_rates(scenario: Scenario, rates: pd.DataFrame) -> tuple[Rates, ...]:
    """Return the assumed exchange rates between any two currencies of which at least one moves against the dollar as assumed."""
    terms = {term.pair.split("/")[0]: term for term in scenario.assumptions if isinstance(term, assumptions.ExchangeRate)}
    paths = {unit: log_path(term, rates) for unit, term in terms.items()}
    sways = {unit: sways_of(term, rates) for unit, term in terms.items()}
    sds = {unit: None if term.volatility is None else middle(term.volatility) for unit, term in terms.items()}
    found = []
    for of, to in (("USD", "CNY"), ("USD", "HKD"), ("HKD", "CNY")):
        if {of, to} & set(terms):
            years = sorted({*paths.get(of, {}), *paths.get(to, {})})
            path = {year: latest(paths.get(to, {}), year) - latest(paths.get(of, {}), year) for year in years}
            given = [sds.get(unit) for unit in (of, to)]
            yearly = [MANAGED.get(unit, 0.0) if sd is None else sd for unit, sd in zip((of, to), given, strict=True)]
            usual = hypot(MANAGED.get(of, 0.0), MANAGED.get(to, 0.0))
            drawn = tuple(yearly_amount(unit, terms.get(unit)) for unit in (of, to))
            drawn = () if all(one.is_fixed for one in drawn) else drawn
            swaying = (*sways.get(to, ()), *map(turned, sways.get(of, ())))
            if path or hypot(*yearly) != usual or drawn:
                found.append(Rates(of, to, path, None if given == [None, None] else hypot(*yearly), swaying, drawn))
    return tuple(found)


def log_path(term: assumptions.ExchangeRate, rates: pd.DataFrame) -> dict[int, float]:
    """Return ln of the assumed rate over the last known one by year: equal percentages between the years given; known years keep theirs.

    Of distributions the medians.
    """
    known = last_known(term, rates)
    if known is None:
        return {}
    log_rate, rate_year = known
    return between_years(rate_year, {year: log(middle(rate)) - log_rate for year, rate in term.path if year > rate_year})


def sways_of(term: assumptions.ExchangeRate, rates: pd.DataFrame) -> tuple[Sway, ...]:
    """Return what draws of the rates of a path add to ln of it: all in their own year, and shares of it up to the years given around it."""
    known = last_known(term, rates)
    coming = [(year, rate) for year, rate in term.path if known is not None and year > known[1]]
    return tuple(
        Sway(
            Amount(address(term, f"path, {year}"), LogOver(rate)),
            between_years(known[1], {at: float(at == year) for at, _ in coming}),
        )
        for year, rate in coming
        if known is not None and not rate.is_certain
    )


def turned(sway: Sway) -> Sway:
    """Return what it adds to ln of the rate in the other direction."""
    return Sway(sway.amount, {year: -share for year, share in sway.shares.items()})


def yearly_amount(unit: str, term: assumptions.ExchangeRate | None) -> Amount:
    """Return the yearly doubt about a currency in dollars: what is assumed, or the usual one."""
    if term is None or term.volatility is None:
        return Amount(f"usual volatility of {unit}", MANAGED.get(unit, 0.0))
    return amount_of(term, "volatility")


def last_known(term: assumptions.ExchangeRate, rates: pd.DataFrame) -> tuple[float, int] | None:
    """Return ln of the last known rate of a currency against the dollar, and its year."""
    unit, other = term.pair.split("/")
    return per_dollar(rates, unit, "") if other == "USD" else None


def between_years(start: int, fixed: Mapping[int, float]) -> dict[int, float]:
    """Lay a path from 0 in a year over the values of later ones, in equal steps between them."""
    points = [(start, 0.0), *sorted(fixed.items())]
    path: dict[int, float] = {}
    for (start, low), (end, high) in pairwise(points):
        path |= {year: low + (high - low) * (year - start) / (end - start) for year in range(start + 1, end + 1)}
    return path


def latest(path: Mapping[int, float], year: int) -> float:
    """Return what a path says last up to a year."""
    return path[max(known)] if (known := [one for one in path if one <= year]) else 0.0
