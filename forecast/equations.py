"""Facts -> equations between log levels: each level, growth rate, multiple, sum or share says something about some years of some series.

Sources of the rules: docs/method.md, sections "Worded figures" and "Reconstruction"; METHOD D1, D6, D7 and D8.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import hypot, log
from typing import NamedTuple

import pandas as pd

from data import Catalogue, Fact
from data.records import whole_of
from forecast.currency import MONEY, rate_change
from forecast.periods import is_part_of_year, months_from_january, national_share, yearly
from forecast.series import SeriesKey
from forecast.wording import stated_moments

RESTATEMENT_SD = 0.022  # a growth rate may stand on a restated base: sd 0.05 with probability 0.2 (METHOD D6)
UNDATED_SD = 0.10  # an undated figure is dated to the year before its publication: half a year's growth either way
PART_YEAR_STOCK_SD = 0.05  # a stock in mid-year stands for the end of that year
PART_YEAR_GROWTH_SD = 0.10  # growth of some months stands for that of the year
IDENTITY_SD = 0.003  # parts are rounded before they are printed
SOURCE_BIAS_SD = 0.05  # two documents may count differently (METHOD D8)
OWN_FIGURE_SD = 0.001  # a planner's own figure counts as it is written, to its digits
WIDEN_SD = 0.20  # of ln(value): what the ruling "widen" adds to a figure

Cell = tuple[SeriesKey, int]  # a year of a series; the unknown of the equations is its log level


class Equation(NamedTuple):
    """One fact: ln(sum of the levels of `parts`) + sum of weight x log level = `log_value`, with a standard deviation."""

    fact: str
    log_value: float
    sd: float
    weights: dict[Cell, float]
    parts: tuple[Cell, ...] = ()
    is_level: bool = False

    def __hash__(self) -> int:
        return hash((self.fact, self.log_value, self.sd))  # equal equations have these equal; a dictionary has no hash

    @property
    def cells(self) -> frozenset[Cell]:
        """Every year of every series that the fact speaks of."""
        return frozenset((*self.weights, *self.parts))

    @property
    def keys(self) -> frozenset[SeriesKey]:
        """Every series that the fact speaks of."""
        return frozenset(key for key, _ in (*self.weights, *self.parts))


@dataclass
class Equations:
    """All equations of a vintage, and the facts set aside, each with its series and the reason."""

    rows: list[Equation] = field(default_factory=list)
    aside: list[tuple[SeriesKey, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Context:
    """What an equation must know besides its fact: the tables of a vintage, and the rulings by fact."""

    family: dict[str, str]
    places: set[str]
    stocks: set[str]
    reliability: dict[str, float]
    published: dict[str, str]
    excluded: dict[str, str]
    corrected: dict[str, float]
    widened: dict[str, float]
    exchange_rates: pd.DataFrame
    shares_of_year: dict[str, tuple[float, float]] = field(default_factory=dict)

    def whole(self, share: Fact) -> tuple[str, str, str] | None:
        """Return the series that a share is a share of, if it is one of the same measure."""
        whole = whole_of(share, (share.measure,))
        return whole if whole and whole[0] in self.places else None


def context_of(catalogue: Catalogue) -> Context:
    """Gather what equations must know; the catalogue must already be cut to the vintage (`Catalogue.known_by`)."""
    sources = catalogue.sources["source"]
    return Context(
        dict(zip(catalogue.measures["measure"], catalogue.measures["family"], strict=True)),
        set(catalogue.places["place"]),
        set(catalogue.measures.loc[catalogue.measures["flow_or_stock"] == "stock", "measure"]),
        dict(zip(sources, catalogue.sources["reliability"], strict=True)),
        dict(zip(sources, catalogue.sources["published"].str[:4], strict=True)),
        *ruled_facts(catalogue),
        catalogue.exchange_rates,
    )


def equations_of(facts: Iterable[Fact], context: Context) -> Equations:
    """Write every fact of a measure that belongs to a family as an equation, or set it aside with the reason."""
    context = replace(context, shares_of_year={})  # they depend on which months are known
    groups: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if context.family.get(fact.measure):
            ruled = corrected_fact(fact, context.corrected[fact.fact]) if fact.fact in context.corrected else fact
            groups[fact.place, fact.measure, fact.scope].append(ruled)
    units = {name: {f.unit for f in group if f.kind == "level" and f.status == "observed"} for name, group in groups.items()}
    found = Equations()
    for name in sorted(groups):
        wholes = {whole for fact in groups[name] if fact.kind == "share" and (whole := context.whole(fact)) is not None}
        for unit in sorted(units[name].union(*(units.get(whole, set()) for whole in wholes))):
            series_equations(SeriesKey(*name, unit), groups[name], context, found)
    found.rows += identities(found.rows)
    return found


def ruled_facts(catalogue: Catalogue) -> tuple[dict[str, str], dict[str, float], dict[str, float]]:
    """Return the facts that a ruling sets aside with its reason, the values put in place of misprints, and what widens others."""
    by_verdict = {
        verdict: catalogue.rulings[catalogue.rulings["verdict"] == verdict] for verdict in ("exclude", "correct", "widen")
    }
    exclude, correct, widen = by_verdict.values()
    return (
        {f: f"by ruling {name}" for f, name in zip(exclude["fact"], exclude["ruling"], strict=True)},
        dict(zip(correct["fact"], correct["corrected_value"], strict=True)),
        dict.fromkeys(widen["fact"], WIDEN_SD),
    )


def corrected_fact(fact: Fact, value: float) -> Fact:
    """Put a ruled value in place of a misprint; the last digit keeps its place relative to the value."""
    return replace(fact, value=value, digits=fact.digits * value / fact.value)


def series_equations(key: SeriesKey, group: list[Fact], context: Context, found: Equations) -> None:
    """Add the equations of one key, and the facts that were set aside and why."""
    kept: dict[tuple[object, ...], Equation] = {}
    usable = [row for row in group if row.fact not in context.excluded]
    found.aside += [
        (key, row.fact, context.excluded[row.fact])
        for row in group
        if row.fact in context.excluded and unusable(key, row, context) != ""
    ]
    years = yearly(usable, stock=key.measure in context.stocks)
    context.shares_of_year.update(years.shares)
    found.aside += [(key, row.fact, reason) for row, reason in years.aside if row.unit == key.unit]
    for row in years.facts:
        reason = unusable(key, row, context)
        if reason is not None:
            if reason:
                found.aside.append((key, row.fact, reason))
            continue
        one = equation(key, row, context)
        other = currency_of_growth(key, row, group)
        if other != key.unit:
            (_, year), (_, base) = one.weights
            change = rate_change(context.exchange_rates, other, key.unit, base, year)
            if change is None:
                found.aside.append(
                    (key, row.fact, f"growth of figures in {other}, and no exchange rates of {base} and {year} are known")
                )
                continue
            one = one._replace(log_value=one.log_value + change[0], sd=hypot(one.sd, change[1]))
        # The years of a growth rate or multiple say what it is relative to. Text, because no NaN equals another.
        related = () if one.is_level else tuple(one.weights)
        copy_of = (row.kind, row.period, related, row.value, str(row.value_high), row.unit, row.wording)
        if copy_of in kept:
            one, copy = sorted((kept[copy_of], one), key=lambda fact: (fact.sd, fact.fact))
            found.aside.append((key, copy.fact, "a copy of a figure already used"))
        kept[copy_of] = one
    found.rows += kept.values()


def currency_of_growth(key: SeriesKey, row: Fact, group: list[Fact]) -> str:
    """Return the currency of what a growth rate or multiple tells the growth of: that of the levels which its source states."""
    if key.unit not in MONEY or row.kind not in ("growth", "average_growth", "multiple"):
        return key.unit
    stated = {fact.unit for fact in group if fact.source == row.source and fact.kind in ("level", "sum")}
    return min(stated) if stated and key.unit not in stated else key.unit


def unusable(key: SeriesKey, row: Fact, context: Context) -> str | None:
    """Return why a fact cannot enter this series; '' when it belongs to the series in another unit; None if it can."""
    stock = key.measure in context.stocks
    part, ends = is_part_of_year(row.period), row.period.split("/")
    amounts = row.kind in ("level", "sum")
    if amounts and row.unit != key.unit:
        return ""
    if row.status != "observed":
        return "a forecast, not an observation"
    if not row.value > 0 and (amounts or row.kind == "share"):
        return "not a positive figure"
    if row.period == "" and row.kind != "level":
        return "has no year"
    if row.kind in ("sum", "average_growth") and len(ends) != 2:
        return "the years it covers are not stated"
    if row.kind in ("sum", "average_growth") and not all(ends):
        return "its first year is not stated"
    if row.kind in ("sum", "average_growth", "share", "multiple") and part:
        return "covers part of a year only"
    if row.kind == "growth" and part and not months_from_january(row.period) and not stock:
        return "covers part of a year only"
    if row.kind == "level" and part and not stock and not months_from_january(row.period):
        return "the months it covers are not stated"
    if row.kind == "multiple" and not row.relative_to[:4].isdigit():
        return "the year it is a multiple of is not stated"
    if row.kind == "share" and context.whole(row) is None:
        return "a share of something that is not counted here"
    return None


def equation(key: SeriesKey, row: Fact, context: Context) -> Equation:
    """Write one usable fact as an equation between log levels."""
    percent = row.kind in ("growth", "average_growth")
    mean, spread = stated_moments(row, percent=percent)
    spread = hypot(spread, context.widened.get(row.fact, 0.0))
    years = [int(part[:4]) for part in row.period.split("/") if part]
    reliability = context.reliability.get(row.source, OWN_FIGURE_SD)
    if row.kind == "level":
        if not years:
            cell = (key, int(context.published.get(row.source, "")) - 1)
            return Equation(row.fact, mean, hypot(spread, UNDATED_SD), {cell: 1.0}, is_level=True)
        if not is_part_of_year(row.period):
            share, doubt = 0.0, 0.0
        elif key.measure in context.stocks:
            share, doubt = 0.0, PART_YEAR_STOCK_SD
        else:
            share, doubt = context.shares_of_year.get(row.fact) or national_share(months_from_january(row.period))
        return Equation(row.fact, mean - share, hypot(spread, reliability, doubt), {(key, years[-1]): 1.0}, is_level=True)
    if row.kind == "sum":
        parts = tuple((key, year) for year in range(years[0], years[1] + 1))
        return Equation(row.fact, mean, hypot(spread, reliability), {}, parts)
    if row.kind == "share":
        whole = context.whole(row)
        assert whole is not None  # noqa: S101  (unusable() has seen to it)
        weights = {(key, years[-1]): 1.0, (SeriesKey(*whole, key.unit), years[-1]): -1.0}
        return Equation(row.fact, mean - log(100), hypot(spread, RESTATEMENT_SD), weights)
    if row.kind == "average_growth":
        span = years[1] - years[0]
        return Equation(row.fact, span * mean, hypot(span * spread, RESTATEMENT_SD), {(key, years[1]): 1.0, (key, years[0]): -1.0})
    doubt = PART_YEAR_GROWTH_SD if is_part_of_year(row.period) else 0.0
    base = int(row.relative_to[:4]) if row.relative_to[:4].isdigit() else years[-1] - 1
    return Equation(row.fact, mean, hypot(spread, RESTATEMENT_SD, doubt), {(key, years[-1]): 1.0, (key, base): -1.0})


def identities(rows: list[Equation]) -> list[Equation]:
    """Offshore and onshore add up to the total, and ITO, BPO and KPO to what they are branches of, in every year known of all of them."""
    keys = {key for row in rows for cells in (row.weights, row.parts) for key, _ in cells}
    scopes: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for key in keys:
        scopes[key.place, key.measure, key.unit].add(key.scope)
    splits_of = {key: ways for key in keys if (ways := splits(key, scopes[key.place, key.measure, key.unit]))}
    if not splits_of:
        return []
    known = {cell for row in rows for cell in row.cells}
    found = []
    for whole, year in sorted(cell for cell in known if cell[0] in splits_of):
        for split in splits_of[whole]:
            parts = tuple((part, year) for part in split)
            if known.issuperset(parts):
                name = f"{' + '.join(part.scope for part in split)} = {whole.scope}"
                found.append(Equation(name, 0.0, IDENTITY_SD, {(whole, year): -1.0}, parts))
    return found


def splits(whole: SeriesKey, known: set[str]) -> list[tuple[SeriesKey, ...]]:
    """Return the ways to split a series into parts, all of scopes that are known."""
    branch = "" if whole.scope == "total" else f"{whole.scope}_"
    ways = [tuple(f"{branch}{part}" for part in ("ito", "bpo", "kpo"))]
    if whole.scope == "total":
        ways.append(("offshore", "onshore"))
    return [tuple(whole._replace(scope=scope) for scope in way) for way in ways if known.issuperset(way)]
