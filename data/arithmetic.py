"""Contradictions that arithmetic finds between facts: figures that cannot all be true, even allowing for their rounding and wording.

Every check yields findings; each finding needs a ruling in rulings.csv under its name. `data check` recomputes them all.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from data.catalogue import Catalogue
from data.records import Fact, records, whole_of

SLACK = 0.005  # relative: a document may have rounded before it added or divided
LOOSE = 0.2  # "more than", "about" and "nearly" reach a fifth of the figure
FASTEST = 4.0  # a level that rises above four times in a year is looked at, and any that falls
PER_HEAD = {"disposable_income", "consumption_expenditure", "wage", "starting_salary", "rank", "outsourcing_rank", "talent_cost"}


@dataclass(frozen=True)
class Finding:
    """Facts that do not fit together; `finding` is the name under which a ruling answers it."""

    finding: str
    facts: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Bounds:
    """An interval of possible true values."""

    low: float
    high: float

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(self.low + other.low, self.high + other.high)

    def __mul__(self, other: "Bounds") -> "Bounds":
        return Bounds(self.low * other.low, self.high * other.high)

    def __truediv__(self, other: "Bounds") -> "Bounds":
        return Bounds(self.low / other.high, self.high / other.low)

    def meets(self, other: "Bounds") -> bool:
        """Tell whether both intervals share a value, with some slack."""
        return self.low <= other.high * (1 + SLACK) and other.low <= self.high * (1 + SLACK)


def bounds(fact: Fact) -> Bounds:
    """Return what a figure may stand for: a share or growth as a ratio, an amount in its unit."""
    low, high = {
        "range": (fact.value, fact.value_high),
        "about": (fact.value * (1 - LOOSE / 2), fact.value * (1 + LOOSE / 2)),
        "over": (fact.value, fact.value * (1 + LOOSE)),
        "at_least": (fact.value, fact.value * (1 + LOOSE)),
        "nearly": (fact.value * (1 - LOOSE), fact.value),
        "under": (fact.value * (1 - LOOSE), fact.value),
    }.get(fact.wording, (fact.value - fact.digits / 2, fact.value + fact.digits / 2))
    if fact.kind in ("growth", "average_growth"):
        return Bounds(1 + low / 100, 1 + high / 100)
    return Bounds(low / 100, high / 100) if fact.kind == "share" else Bounds(low, high)


class Index:
    """Observed facts by place, measure, scope and year."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._measures = set(catalogue.measures["measure"])
        self.facts = [fact for fact in records(catalogue.facts, Fact) if fact.status == "observed"]
        self._by_key: dict[tuple[str, str, str, str, str], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self._by_key[fact.place, fact.measure, fact.scope, fact.period, fact.kind].append(fact)

    def find(self, fact: Fact, *, scope: str | None = None, period: str | None = None, kind: str = "level") -> list[Fact]:
        """Return the facts of the same place and measure; scope and period as of `fact` if not given. Levels share its unit."""
        key = (fact.place, fact.measure, fact.scope if scope is None else scope, fact.period if period is None else period, kind)
        return [one for one in self._by_key[key] if kind != "level" or fact.kind != "level" or one.unit == fact.unit]

    def levels(self, measure: str, like: Fact | None = None) -> list[Fact]:
        """Return the levels of a measure; with `like`, those of its place, scope, period and unit."""
        if like is not None:
            return self.find(replace(like, measure=measure, kind="level")) if like.period else []
        return [fact for fact in self.facts if fact.measure == measure and fact.kind == "level"]

    def whole(self, fact: Fact) -> list[Fact]:
        """Return the levels that a share is said to be a share of: 'Suzhou fdi_actual total' in `relative_to`."""
        whole = whole_of(fact, self._measures)
        return self._by_key[*whole, fact.period, "level"] if whole else []


def arithmetic_findings(catalogue: Catalogue) -> list[Finding]:
    """Run every check of this file."""
    index = Index(catalogue)
    checks = (
        growth_chains,
        statements,
        parts_and_totals,
        parts_above_totals,
        branches,
        shares,
        share_sums,
        sums,
        averages,
        executed_and_signed,
        exports_and_offshore,
        trade,
        growth_of_parts,
        new_above_stock,
        jumps,
    )
    return [finding for check in checks for finding in check(index)] + list(places(index, catalogue))


def finding(check: str, facts: list[Fact], text: str) -> Finding:
    """Name a finding by its check and its first fact, which is its most telling one."""
    return Finding(f"{check}:{facts[0].fact}", tuple(fact.fact for fact in facts), text)


def stated(fact: Fact) -> str:
    """Cite a figure: 'USD 5.6 billion' (003:4490)."""
    return f"{repr(fact.printed) if fact.printed else f'{fact.value:,.12g} {fact.unit}'} ({fact.source}:{fact.line:.0f})"


def growth_chains(index: Index) -> Iterator[Finding]:
    """A level, its growth or multiple, and the level of the base year."""
    for growth in index.facts:
        if growth.kind not in ("growth", "multiple") or not growth.relative_to.isdigit():
            continue
        for late in index.find(growth, kind="level"):
            for early in index.find(late, period=growth.relative_to):
                if not (bounds(early) * bounds(growth)).meets(bounds(late)):
                    text = f"{stated(early)} in {early.period} with {stated(growth)} does not make {stated(late)} in {late.period}"
                    yield finding("growth", [growth, late, early], text)


def statements(index: Index) -> Iterator[Finding]:
    """Two figures for one and the same thing."""
    groups: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in index.facts:
        if fact.period:
            groups[fact.place, fact.measure, fact.scope, fact.period, fact.kind, fact.unit, fact.relative_to].append(fact)
    for group in groups.values():
        for first, second in combinations(group, 2):
            if not bounds(first).meets(bounds(second)):
                text = f"{stated(first)} and {stated(second)} are both given for {first.period}"
                yield finding("statements", [second, first], text)


def parts_and_totals(index: Index) -> Iterator[Finding]:
    """Offshore and onshore make the total."""
    for total in index.facts:
        if total.kind != "level" or total.scope != "total" or not total.period:
            continue
        for offshore in index.find(total, scope="offshore"):
            for onshore in index.find(total, scope="onshore"):
                if not (bounds(offshore) + bounds(onshore)).meets(bounds(total)):
                    text = f"{stated(offshore)} offshore and {stated(onshore)} onshore do not make {stated(total)}"
                    yield finding("parts", [total, offshore, onshore], text)


def parts_above_totals(index: Index) -> Iterator[Finding]:
    """No part is larger than its whole."""
    for part in index.facts:
        if part.kind != "level" or part.scope == "total" or not part.period:
            continue
        for total in index.find(part, scope="total"):
            if bounds(part).low > bounds(total).high * (1 + SLACK):
                yield finding(
                    "part-above-total", [part, total], f"{stated(part)} of {part.scope} is more than the total, {stated(total)}"
                )


def branches(index: Index) -> Iterator[Finding]:
    """ITO, BPO and KPO make the whole."""
    for whole in index.facts:
        if whole.kind != "level" or whole.scope not in ("total", "offshore", "onshore") or not whole.period:
            continue
        prefix = "" if whole.scope == "total" else f"{whole.scope}_"
        parts = [index.find(whole, scope=f"{prefix}{branch}") for branch in ("ito", "bpo", "kpo")]
        if all(parts):
            one = [facts[0] for facts in parts]
            if not (bounds(one[0]) + bounds(one[1]) + bounds(one[2])).meets(bounds(whole)):
                named = ", ".join(map(stated, one))
                yield finding("branches", [whole, *one], f"ITO, BPO and KPO ({named}) do not make {stated(whole)}")


def shares(index: Index) -> Iterator[Finding]:
    """A share times its whole is its part."""
    for share in index.facts:
        if share.kind != "share" or not share.period:
            continue
        for part in index.find(share, kind="level"):
            for whole in index.whole(share):
                if whole.unit == part.unit and whole is not part and not (bounds(part) / bounds(whole)).meets(bounds(share)):
                    percent = 100 * part.value / whole.value
                    text = f"{stated(part)} is {percent:.1f} percent of {stated(whole)}, not {stated(share)}"
                    yield finding("share", [share, part, whole], text)


def share_sums(index: Index) -> Iterator[Finding]:
    """Shares of ITO, BPO and KPO make 100 percent."""
    groups: dict[tuple[str, str, str, str], list[Fact]] = defaultdict(list)
    for share in index.facts:
        if share.kind == "share" and share.scope.rsplit("_")[-1] in ("ito", "bpo", "kpo"):
            groups[share.place, share.measure, share.scope[:-3], share.period].append(share)
    for group in groups.values():
        if len({share.scope for share in group}) == len(group) == 3:
            total = bounds(group[0]) + bounds(group[1]) + bounds(group[2])
            if not total.meets(Bounds(1.0, 1.0)):
                percent = sum(share.value for share in group)
                yield finding("share-sum", group, f"the shares {', '.join(map(stated, group))} make {percent:g} percent")


def sums(index: Index) -> Iterator[Finding]:
    """A sum over years is more than any year in it."""
    for total in index.facts:
        if total.kind != "sum" or "/" not in total.period:
            continue
        first, last = total.period.split("/")
        for level in index.levels(total.measure):
            same = (level.place, level.scope, level.unit) == (total.place, total.scope, total.unit)
            if not (same and level.period.isdigit() and first <= level.period <= last):
                continue
            if bounds(level).low > bounds(total).high:
                yield finding("sum", [total, level], f"{stated(level)} in {level.period} is more than the sum, {stated(total)}")


def averages(index: Index) -> Iterator[Finding]:
    """An average growth over a span makes the multiple over that span."""
    for average in index.facts:
        first, _, last = average.period.partition("/")
        if average.kind != "average_growth" or not (first and last):
            continue
        for multiple in index.find(average, period=last, kind="multiple"):
            rate, years = bounds(average), int(last) - int(first)
            if multiple.relative_to == first and not Bounds(rate.low**years, rate.high**years).meets(bounds(multiple)):
                text = f"{stated(average)} a year from {first} to {last} makes {rate.low**years:.2f} times, not {stated(multiple)}"
                yield finding("average", [multiple, average], text)


def executed_and_signed(index: Index) -> Iterator[Finding]:
    """Executed contracts above the signed ones of the same year: possible (work of earlier years), but to be looked at."""
    for executed in index.levels("contract_value_executed"):
        for signed in index.levels("contract_value_signed", like=executed):
            if bounds(executed).low > bounds(signed).high:
                text = f"{stated(executed)} executed is more than {stated(signed)} signed"
                yield finding("executed-above-signed", [executed, signed], text)


def exports_and_offshore(index: Index) -> Iterator[Finding]:
    """Exports of outsourcing far from the executed offshore contracts of the same year: probably another basis."""
    for exports in index.levels("outsourcing_exports"):
        for offshore in index.levels("contract_value_executed", like=replace(exports, scope="offshore")):
            if not Bounds(1 - LOOSE, 1 + LOOSE).meets(bounds(exports) / bounds(offshore)):
                text = f"{stated(exports)} of outsourcing exports and {stated(offshore)} of executed offshore contracts"
                yield finding("exports-and-offshore", [exports, offshore], text)


def trade(index: Index) -> Iterator[Finding]:
    """Exports and imports of services make the service trade, and offshore outsourcing is part of the exports of services."""
    for total in index.levels("service_trade"):
        for exports in index.levels("service_exports", like=total):
            for imports in index.levels("service_imports", like=total):
                if not (bounds(exports) + bounds(imports)).meets(bounds(total)):
                    text = f"exports {stated(exports)} and imports {stated(imports)} do not make {stated(total)}"
                    yield finding("trade", [total, exports, imports], text)
    for exports in index.levels("service_exports"):
        for offshore in index.levels("contract_value_executed", like=replace(exports, scope="offshore")):
            if bounds(offshore).low > bounds(exports).high:
                text = f"{stated(offshore)} of executed offshore contracts is more than all exports of services, {stated(exports)}"
                yield finding("exports", [exports, offshore], text)


def growth_of_parts(index: Index) -> Iterator[Finding]:
    """A whole grows no faster than its fastest part and no slower than its slowest."""
    parts_of = (("service_trade", ("service_exports", "service_imports"), "total"),)
    groups = [
        (whole, [one for measure in measures for one in index.find(replace(whole, measure=measure), scope=scope, kind="growth")], 2)
        for name, measures, scope in parts_of
        for whole in index.facts
        if whole.measure == name and whole.scope == "total" and whole.kind == "growth"
    ]
    groups += [
        (whole, [one for scope in ("offshore", "onshore") for one in index.find(whole, scope=scope, kind="growth")], 2)
        for whole in index.facts
        if whole.scope == "total" and whole.kind == "growth"
    ]
    for whole, parts, needed in groups:
        if len(parts) == needed:
            rates = [bounds(part) for part in parts]
            if not Bounds(min(one.low for one in rates), max(one.high for one in rates)).meets(bounds(whole)):
                named = " and ".join(map(stated, parts))
                yield finding(
                    "growth-of-parts", [whole, *parts], f"growth of {stated(whole)} lies outside that of its parts, {named}"
                )


def new_above_stock(index: Index) -> Iterator[Finding]:
    """Nobody gains more in a year than there is at its end."""
    for new in index.facts:
        if new.kind == "level" and new.measure.endswith("_new"):
            for stock in index.levels(new.measure.removesuffix("_new"), like=new):
                if bounds(new).low > bounds(stock).high:
                    yield finding(
                        "new-above-stock", [new, stock], f"{stated(new)} new in the year is more than {stated(stock)} in all"
                    )


def jumps(index: Index) -> Iterator[Finding]:
    """Two stated levels of one series, months or years apart: how fast it would have had to change."""
    groups: dict[tuple[str, str, str, str], list[Fact]] = defaultdict(list)
    for fact in index.facts:
        if fact.kind == "level" and fact.period:
            groups[fact.place, fact.measure, fact.scope, fact.unit].append(fact)
    for group in groups.values():
        ordered = sorted(group, key=lambda fact: fact.period[-7:])
        for early, late in pairwise(ordered):
            years = int(late.period.split("/")[-1][:4]) - int(early.period.split("/")[-1][:4])
            factor = bounds(late) / bounds(early)
            if years and not factor.meets(Bounds(1.0, FASTEST**years)):
                text = f"{stated(early)} in {early.period} and {stated(late)} in {late.period}: a change to {late.value / early.value:.2g} times"
                yield finding("jump", [late, early], text)


def places(index: Index, catalogue: Catalogue) -> Iterator[Finding]:
    """No place has more than the one it lies in."""
    parent = dict(zip(catalogue.places["place"], catalogue.places["parent"], strict=True))
    for part in index.facts:
        if part.kind != "level" or not part.period or not parent.get(part.place) or part.measure in PER_HEAD:
            continue
        for whole in index.find(replace(part, place=parent[part.place])):
            if bounds(part).low > bounds(whole).high:
                text = f"{stated(part)} of {part.place} is more than {stated(whole)} of {whole.place}, in which it lies"
                yield finding("place", [part, whole], text)
