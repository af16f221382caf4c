"""The distributions that a scenario states: where each stands, what it is called, and the address of its draws."""

from dataclasses import dataclass

from scenarios.comparison import term_name
from scenarios.compilation import address
from scenarios.fields import amount_of
from scenarios.plan import Amount, Ceiling, CommonShock, Gain, Growth, Link, Plan, Push
from scenarios.quantities import Constant, Quantity
from scenarios.scenario import Scenario
from scenarios.terms import Term

SECTIONS = ("levers", "assumptions")


@dataclass(frozen=True)
class Stated:
    """A distribution in a field of a term: number `number` of a section of its scenario."""

    section: str
    number: int
    term: Term
    field: str

    @property
    def quantity(self) -> Quantity:
        """The distribution."""
        found: Quantity = getattr(self.term, self.field)
        return found

    @property
    def words(self) -> str:
        """What it is called: 'growth of Hangzhou, employees, 2013-2016: points'."""
        return f"{term_name(self.term)}: {self.field}"

    @property
    def unit(self) -> str:
        """The unit of its values as the scenario states them."""
        marked = amount_of(type(self.term).model_fields[self.field])
        return str(getattr(self.term, "unit", None) or (marked.unit if marked else ""))

    @property
    def drawn(self) -> Amount:
        """Its values in the unit of the scenario, by the draws that the simulation takes; what is set by node has none (`assumed_belief.py`)."""
        return Amount(address(self.term, self.field), self.quantity.quantile)

    def fixed(self, scenario: Scenario, value: float) -> Scenario:
        """Return the scenario with a number in the place of the distribution."""
        return changed(scenario, self.section, self.number, self.term.model_copy(update={self.field: Constant(value=value)}))


def distributions(scenario: Scenario) -> list[Stated]:
    """Return the distributions of a scenario."""
    places = [(section, number, term) for section in SECTIONS for number, term in enumerate(getattr(scenario, section))]
    stated = [
        Stated(*place, name) for place in places for name in type(place[2]).model_fields if is_spread(getattr(place[2], name))
    ]
    return [one for one in stated if one.quantity.ends[0] != one.quantity.ends[1]]


def is_spread(value: object) -> bool:
    """Tell whether a field holds a distribution."""
    return isinstance(value, Quantity) and not isinstance(value, Constant)


def changed(scenario: Scenario, section: str, number: int, term: Term | None) -> Scenario:
    """Return a scenario with another term in the place of one, or without it."""
    terms = list(getattr(scenario, section))
    terms[number : number + 1] = [] if term is None else [term]
    return scenario.model_copy(update={section: tuple(terms)})


def drawn_names(plan: Plan) -> set[str]:
    """Return the addresses of the amounts that are drawn for the series of a plan."""
    names, families = {str(one.key) for one in plan.series}, {one.family for one in plan.series}
    amounts = [part for push in plan.pushes if about(push) & (names | families) for part in vars(push).values()]
    return {one.name for one in amounts if isinstance(one, Amount) and not one.is_fixed}


def about(push: Push) -> set[str]:
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
