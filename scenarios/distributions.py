"""The distributions that a scenario states: where each stands, what it is called, and the address of its draws."""

from dataclasses import dataclass

from data import Target
from scenarios import levers
from scenarios.aims import Aim
from scenarios.amounts import address
from scenarios.comparison import term_name
from scenarios.doubts import stated_of
from scenarios.fields import ByYear, amount_of
from scenarios.path_aims import PathAim
from scenarios.plan import Alike, Amount, Breaks, Ceiling, CommonShock, Gain, Growth, Link, Plan, Tails
from scenarios.quantities import Constant, Quantity
from scenarios.scenario import Scenario
from scenarios.terms import Term

SECTIONS = ("levers", "assumptions")


@dataclass(frozen=True)
class Stated:
    """A distribution in a field of a term, or in a year of it: number `number` of a section of its scenario."""

    section: str
    number: int
    term: Term
    field: str
    year: int | None = None

    @property
    def quantity(self) -> Quantity:
        """The distribution."""
        found = getattr(self.term, self.field)
        quantity: Quantity = found if self.year is None else dict(found)[self.year]
        return quantity

    @property
    def name(self) -> str:
        """The field, with the year of one that has several."""
        return self.field if self.year is None else f"{self.field}, {self.year}"

    @property
    def words(self) -> str:
        """What it is called: 'growth of Hangzhou, employees, 2013-2016: points'."""
        return f"{term_name(self.term)}: {self.name}"

    def unit_for(self, row: Target) -> str:
        """Return the unit of its values: that of a target, if it is about its value, or else as the scenario states it."""
        return row.unit if isinstance(self.term, levers.Target) and self.term.target == row.target else self.unit

    @property
    def unit(self) -> str:
        """The unit of its values as the scenario states them."""
        field = type(self.term).model_fields[self.field]
        marked = amount_of(field) or next((mark.amount for mark in field.metadata if isinstance(mark, ByYear)), None)
        return str(getattr(self.term, "unit", None) or (marked.unit if marked else ""))

    @property
    def drawn(self) -> Amount:
        """Its values in the unit of the scenario, by the draws that the simulation takes; what is set by node has none (`assumed_belief.py`)."""
        return Amount(address(self.term, self.name), self.quantity.quantile)

    def fixed(self, scenario: Scenario, value: float) -> Scenario:
        """Return the scenario with a number in the place of the distribution."""
        number: object = Constant(value=value)
        if self.year is not None:
            number = tuple((year, number if year == self.year else rate) for year, rate in getattr(self.term, self.field))
        return changed(scenario, self.section, self.number, self.term.model_copy(update={self.field: number}))


def distributions(scenario: Scenario) -> list[Stated]:
    """Return the distributions of a scenario."""
    places = [(section, number, term) for section in SECTIONS for number, term in enumerate(getattr(scenario, section))]
    return [
        one
        for place in places
        for name in type(place[2]).model_fields
        for one in stated_in(*place, name)
        if not one.quantity.is_certain
    ]


def stated_in(section: str, number: int, term: Term, field: str) -> list[Stated]:
    """Return the quantities of a field: none, one, or one for each year."""
    value = getattr(term, field)
    if isinstance(value, Quantity):
        return [Stated(section, number, term, field)]
    years = value if isinstance(value, tuple) else ()
    return [
        Stated(section, number, term, field, part[0]) for part in years if isinstance(part, tuple) and isinstance(part[1], Quantity)
    ]


def changed(scenario: Scenario, section: str, number: int, term: Term | None) -> Scenario:
    """Return a scenario with another term in the place of one, or without it."""
    terms = list(getattr(scenario, section))
    terms[number : number + 1] = [] if term is None else [term]
    return scenario.model_copy(update={section: tuple(terms)})


def drawn_names(plan: Plan, aim: Aim | PathAim) -> set[str]:
    """Return the addresses of the amounts that are drawn for the series of a plan, and for an aim and its exchange rate."""
    known = {str(one.key) for one in plan.series} | {one.family for one in plan.series}
    amounts = [
        part
        for push in plan.pushes
        if isinstance(push, Alike | Breaks | Tails) or about(push) & known
        for part in vars(push).values()
    ]
    amounts.append(aim.moved)
    for one, _ in stated_of(plan.rates, aim.conversion) if aim.conversion else ():
        amounts += [*(sway.amount for sway in one.sways), *one.yearly]
    return {one.name for one in amounts if isinstance(one, Amount) and not one.is_fixed}


def about(push: Growth | Gain | Ceiling | Link | CommonShock) -> set[str]:
    """Return the series, or the families, that a push is about."""
    match push:
        case Growth():
            return set(push.series)
        case CommonShock():
            return set(push.families)
        case Link():
            return {push.target}
        case Gain() | Ceiling():
            return {push.series}
