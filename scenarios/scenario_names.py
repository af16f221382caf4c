"""The names in a scenario held against a catalogue: places, measures, scopes, targets, currencies and units."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from pydantic import ValidationError

from data import Catalogue, InputFault
from data.faults import file_faults, suggestion
from data.sentences import phrased
from data.user_names import UNITS_OF_QUANTITY, spelling, spellings
from scenarios.fields import ALL, Address
from scenarios.scenario import KINDS, Scenario, circle_sentence
from scenarios.scenario_faults import instead_of, within
from scenarios.scenario_yaml import shown
from scenarios.terms import Term

AnyScenario = TypeVar("AnyScenario", bound=Scenario)
Faults = list[tuple[Address, str]]
# Some levers move measures of one sort only.
SORTS = {"talent": ("quantity", "people"), "fdi": ("family", "fdi")}


def check_names(scenario: AnyScenario, catalogue: Catalogue) -> AnyScenario:
    """Return the scenario with every name as the catalogue spells it; names match without regard to case, in English or Chinese.

    Raises
    ------
    InputFault
        With every name that is unknown, and every unit that does not belong to its measure.
    """
    checked, faults = with_known_names(scenario, catalogue)
    if faults:
        raise file_faults(scenario.title, [within(called(address), text) for address, text in faults])
    return checked


def called(address: Address) -> list[str]:
    """Name a place within a scenario: `levers 1`, `growth`, `places`."""
    section, number, *fields = address
    return [f"{section} {int(number) + 1}", *(field for field in fields if isinstance(field, str))]


def with_known_names(scenario: AnyScenario, catalogue: Catalogue) -> tuple[AnyScenario, Faults]:
    """Return the scenario with the names of the catalogue, and every fault with its address."""
    names = names_of(catalogue)
    found: dict[str, list[Term]] = {section: [] for section in KINDS}
    faults: Faults = []
    for section, terms in found.items():
        for number, term in enumerate(getattr(scenario, section)):
            known, wrong = names.known(term)
            terms.append(known)
            faults += [((section, number, term.kind, *address), text) for address, text in wrong]
    if faults:
        return scenario, faults
    values = {name: getattr(scenario, name) for name in scenario.model_fields_set} | found
    try:
        return type(scenario)(**values), []
    except ValidationError as error:  # two names of one thing
        first = error.errors()[0]
        about = first["ctx"]
        section, number = str(about["section"]), int(about["number"])
        again = phrased(
            "about the same thing as number {number} of the {section}; put both into one",
            number=about.get("first", 0) + 1, section=section,
        )  # fmt: skip
        text = again if first["type"] == "again" else circle_sentence(about["links"])
        return scenario, [((section, number, found[section][number].kind), text)]


@lru_cache(maxsize=1)
def names_of(catalogue: Catalogue) -> "_Names":
    """Lay out the names of a catalogue, once for the many files that are held against it."""
    return _Names(catalogue)


class _Names:
    """The names of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.places = spellings(catalogue.places, "place")
        self.measures = spellings(catalogue.measures, "measure")
        rows = catalogue.measures[["measure", "family", "quantity"]].astype(str).itertuples(index=False)
        self.about = {measure: {"family": family, "quantity": quantity} for measure, family, quantity in rows}
        self.finders: dict[str, Callable[[str], str]] = {
            "places": self.place, "measure": self.measure, "from_measure": self.measure, "to_measure": self.measure,
            "scope": catalogue.find_scope, "target": self.target, "pair": self.pair,
        }  # fmt: skip

    def known(self, term: Term) -> tuple[Term, Faults]:
        """Return a term with known names, and its faults by field and number in a list."""
        values = {name: getattr(term, name) for name in type(term).model_fields}
        faults: Faults = []
        for name, find in self.finders.items():
            value = values.get(name)
            if value is None or value in ("all", ALL):
                continue
            field = str(type(term).model_fields[name].alias or name)
            kept = []
            for number, one in enumerate([value] if isinstance(value, str) else value):
                try:
                    kept.append(find(one))
                except InputFault as fault:
                    faults.append(((field,) if isinstance(value, str) else (field, number), fault.sentences[0]))
            values[name] = kept[0] if isinstance(value, str) and kept else tuple(kept)
        if faults:
            return term, faults
        try:
            return type(term)(**values), self.units(term.kind, values)
        except ValidationError as error:  # two names of one thing
            return term, [((), one["ctx"]["allowed"]) for one in error.errors()]

    def units(self, kind: str, values: dict[str, object]) -> Faults:
        """Hold the unit of a term against its measure, and the measure against what the term can move."""
        measure = str(values.get("measure", "all"))
        if measure == "all":
            return []
        about = self.about[measure]
        column, sort = SORTS.get(kind, ("", ""))
        if column and about[column] != sort:
            allowed = ", ".join(name for name, one in self.about.items() if one[column] == sort and one["family"])
            return [(("measure",), instead_of(measure, allowed))]
        units = UNITS_OF_QUANTITY[about["quantity"]]
        if "unit" not in values or values["unit"] in units or (values["unit"] is None and len(units) == 1):
            return []
        found = values["unit"] or shown(None)
        return [
            (
                ("unit",),
                phrased("{found} found; allowed for {measure}: {units}", found=found, measure=measure, units=", ".join(units)),
            )
        ]

    def place(self, name: str) -> str:
        """Return the place of that name."""
        return self.places.get(spelling(name)) or self.catalogue.find_place(name)

    def measure(self, name: str) -> str:
        """Return the measure of that name, if it is one that is simulated."""
        measure = self.measures.get(spelling(name)) or self.catalogue.find_measure(name)
        if not self.about[measure]["family"]:
            raise InputFault(
                phrased("{measure} is not simulated, for it belongs to no family of measures that grow alike", measure=measure)
            )
        return measure

    def target(self, name: str) -> str:
        """Return the target of that name."""
        known = {spelling(target): str(target) for target in self.catalogue.targets["target"]}
        if spelling(name) not in known:
            near = suggestion(name, known.values())
            raise InputFault(
                phrased("unknown target {name!r}{near}; `sourcecast targets --format json` names all", name=name, near=near)
            )
        return known[spelling(name)]

    def pair(self, name: str) -> str:
        """Return the pair of currencies of that name."""
        known = {pair.casefold(): pair for pair in map(str, self.catalogue.exchange_rates["pair"].unique())}
        if name.casefold() not in known:
            near, allowed = suggestion(name, known.values()), ", ".join(known.values())
            raise InputFault(phrased("unknown pair {name!r}{near}; allowed: {allowed}", name=name, near=near, allowed=allowed))
        return known[name.casefold()]
