"""Figures that stand out among places: values far from all other cities, per head or growth, and equal figures for two places."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, permutations
from math import log
from statistics import median

from data.arithmetic import Bounds, Finding, Index, bounds, finding, stated
from data.catalogue import Catalogue
from data.records import Fact

ROBUST_Z = 3.5  # Iglewicz and Hoaglin (1993): beyond it a value is looked at
FEWEST = 6  # places to compare with
# Ratios that ought to be alike in all cities: measure and scope above, measure and scope below.
RATIOS = (
    ("gdp total", "population total", "GDP per head"),
    ("fdi_actual total", "gdp total", "used FDI against GDP"),
    ("fdi_actual total", "fdi_contracted total", "used against contracted FDI"),
    ("fdi_contracted total", "fdi_projects total", "contracted FDI per project"),
    ("employees total", "enterprises total", "employees per enterprise"),
    ("contract_value_executed total", "employees total", "executed contracts per employee"),
    ("contract_value_signed total", "contract_value_executed total", "signed against executed contracts"),
    ("contract_value_signed offshore", "contract_value_executed offshore", "signed against executed offshore contracts"),
    ("contract_value_executed offshore", "contract_value_executed total", "share of offshore in executed contracts"),
    ("consumption_expenditure urban_per_capita", "disposable_income urban_per_capita", "consumption against income"),
    ("wage full_time", "disposable_income urban_per_capita", "wage against income"),
    ("gdp total", "disposable_income urban_per_capita", "GDP against income per head"),
    ("service_trade total", "gdp total", "service trade against GDP"),
    ("service_exports total", "gdp total", "exports of services against GDP"),
    ("service_imports total", "service_exports total", "imports against exports of services"),
    ("service_imports foreign_exchange", "service_exports foreign_exchange", "imports against exports of services"),
    ("students total", "population total", "students per head"),
    ("students total", "universities total", "students per university"),
    ("graduates total", "students total", "graduates per student"),
    ("students_new total", "students total", "new students per student"),
    ("students postgraduate", "students total", "postgraduates per student"),
    ("students_new postgraduate", "students postgraduate", "new postgraduates per postgraduate"),
    ("graduates postgraduate", "students postgraduate", "graduates per postgraduate"),
)
YUAN = {"CNY": 1.0, "USD": 6.31, "HKD": 0.813, "persons": 1.0, "count": 1.0}  # of 2012: only to compare, never to compute
MEANINGFUL_DIGITS = 4
RARE = 0.1
YUAN_PER_DOLLAR = (6.1, 8.3)  # the range of the market rates from 2000 to 2013


def outlier_findings(catalogue: Catalogue) -> list[Finding]:
    """Run every check of this file."""
    index = Index(catalogue)
    kinds = dict(zip(catalogue.places["place"], catalogue.places["kind"], strict=True))
    cities = [fact for fact in index.facts if kinds.get(fact.place) == "city"]
    return [
        *far_levels(cities),
        *far_growth(cities),
        *far_ratios(cities),
        *above_gdp(cities),
        *exchanged(index.facts),
        *odd_currencies(cities),
        *equal_figures(cities),
    ]


def robust_scores(values: list[float]) -> list[float]:
    """Return (value - median) / (1.4826 x median absolute deviation); zeros if there is no spread."""
    centre = median(values)
    spread = 1.4826 * median(abs(value - centre) for value in values)
    return [(value - centre) / spread if spread else 0.0 for value in values]


def outliers(check: str, what: str, group: list[tuple[float, list[Fact]]]) -> Iterator[Finding]:
    """Report the members of a group whose value is far from the median."""
    if len(group) < FEWEST:
        return
    for score, (_, facts) in zip(robust_scores([value for value, _ in group]), group, strict=True):
        if abs(score) > ROBUST_Z:
            named = " and ".join(stated(fact) for fact in facts)
            text = f"{facts[0].place}: {what} ({named}) lies {score:+.1f} robust standard deviations from {len(group)} cities"
            yield finding(check, facts, text)


def far_levels(cities: list[Fact]) -> Iterator[Finding]:
    """Levels of one measure and scope, last year of each place."""
    groups: dict[tuple[str, str], dict[str, Fact]] = defaultdict(dict)
    for fact in cities:
        if fact.kind == "level" and fact.value > 0 and fact.period.isdigit() and fact.unit in YUAN:
            known = groups[fact.measure, fact.scope].get(fact.place)
            if known is None or fact.period > known.period:
                groups[fact.measure, fact.scope][fact.place] = fact
    for (measure, scope), facts in groups.items():
        yield from outliers("level", f"{scope} {measure}", [(log(f.value * YUAN[f.unit]), [f]) for f in facts.values()])


def far_growth(cities: list[Fact]) -> Iterator[Finding]:
    """Growth rates of one measure, all scopes together."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in cities:
        if fact.kind == "growth" and fact.value > -100:
            groups[fact.measure].append(fact)
    for measure, facts in groups.items():
        yield from outliers("growth-far", f"growth of {measure}", [(log(1 + f.value / 100), [f]) for f in facts])


def far_ratios(cities: list[Fact]) -> Iterator[Finding]:
    """Ratios of two measures of one place, in one year or two that follow one another."""
    levels = {
        (fact.place, f"{fact.measure} {fact.scope}", int(fact.period)): fact
        for fact in cities
        if fact.kind == "level" and fact.value > 0 and fact.unit in YUAN and fact.period.isdigit()
    }
    for above, below, what in RATIOS:
        group = []
        for (place, name, year), top in levels.items():
            bottom = next(
                (levels[place, below, near] for near in (year, year + 1, year - 1) if (place, below, near) in levels), None
            )
            if name == above and bottom is not None:
                group.append((log(top.value * YUAN[top.unit] / (bottom.value * YUAN[bottom.unit])), [top, bottom]))
        yield from outliers(f"ratio-{above}-{below}".replace(" ", "-"), what, group)


def above_gdp(cities: list[Fact]) -> Iterator[Finding]:
    """Exports of services worth more than all that a place produces."""
    for exports in cities:
        if (
            exports.measure != "service_exports"
            or exports.scope != "total"
            or exports.kind != "level"
            or not exports.period.isdigit()
        ):
            continue
        for gdp in cities:
            same = gdp.measure == "gdp" and gdp.scope == "total" and gdp.kind == "level" and gdp.place == exports.place
            near = gdp.period.isdigit() and abs(int(gdp.period) - int(exports.period)) <= 1
            if same and near and exports.value * YUAN[exports.unit] > gdp.value * YUAN[gdp.unit]:
                text = f"{exports.place}: exports of services of {stated(exports)} are more than the GDP, {stated(gdp)}"
                yield finding("above-gdp", [exports, gdp], text)


def exchanged(facts: list[Fact]) -> Iterator[Finding]:
    """One quantity in dollars and in yuan, at a rate that never was."""
    groups: dict[tuple[str, str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.kind == "level" and fact.period and fact.unit in ("USD", "CNY"):
            groups[fact.place, fact.measure, fact.scope, fact.period].append(fact)
    for group in groups.values():
        for dollars, yuan in permutations(group, 2):
            rate = bounds(yuan) / bounds(dollars)
            if (dollars.unit, yuan.unit) == ("USD", "CNY") and not rate.meets(Bounds(*YUAN_PER_DOLLAR)):
                text = f"{dollars.place}: {stated(dollars)} and {stated(yuan)} for one thing are {yuan.value / dollars.value:.2f} yuan a dollar"
                yield finding("exchange", [dollars, yuan], text)


def odd_currencies(cities: list[Fact]) -> Iterator[Finding]:
    """A currency in which hardly any other city states the same measure; Hong Kong has its own."""
    groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in cities:
        if fact.kind == "level" and fact.unit in ("USD", "CNY", "HKD"):
            groups[fact.measure, fact.scope].append(fact)
    for (measure, _), facts in groups.items():
        used = Counter(fact.unit for fact in facts)
        for fact in facts:
            own = "HKD" if fact.place == "Hong Kong" and used["CNY"] > used["USD"] else fact.unit
            if len(facts) >= FEWEST and fact.unit == own and used[fact.unit] < RARE * len(facts) and own != "HKD":
                yield finding(
                    "currency", [fact], f"{fact.place}: {measure} {stated(fact)}, where other cities use another currency"
                )


def equal_figures(cities: list[Fact]) -> Iterator[Finding]:
    """The same figure, of at least three significant digits, printed for the same measure of two places."""
    groups: dict[tuple[str, float, str], list[Fact]] = defaultdict(list)
    for fact in cities:
        if fact.kind == "level" and significant_digits(fact.value) >= MEANINGFUL_DIGITS and fact.wording == "exact":
            groups[fact.measure, fact.value, fact.unit].append(fact)
    for facts in groups.values():
        for first, second in combinations(facts, 2):
            if first.place != second.place:
                text = f"{first.place} and {second.place} both have {stated(first)}, {stated(second)}"
                yield finding("equal", [second, first], text)


def significant_digits(value: float) -> int:
    """Count the digits of a figure without leading and trailing zeros."""
    return len(f"{value:.12g}".replace(".", "").split("e")[0].strip("0"))
