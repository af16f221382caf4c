"""Names in a user's file: known ones in any language and letter case, new ones remembered and added at the end."""

from dataclasses import replace

import pandas as pd

from data.catalogue import Catalogue

UNITS_OF_KIND = {"growth": "percent", "average_growth": "percent", "multiple": "ratio", "share": "percent"}
UNITS_OF_QUANTITY = {
    "money": ("USD", "CNY", "HKD"),
    "people": ("persons",),
    "count": ("count",),
    "share": ("percent",),
    "area": ("m2",),
}
ALL_UNITS = tuple(unit for units in UNITS_OF_QUANTITY.values() for unit in units)


class Names:
    """The places, measures and documents of a catalogue, looked up thousands of times."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._places = spellings(catalogue.places, "place")
        self._measures = spellings(catalogue.measures, "measure")
        described = catalogue.measures[catalogue.measures["definition"] != ""]
        self._units = {measure: UNITS_OF_QUANTITY[quantity] for measure, quantity in described[["measure", "quantity"]].to_numpy()}
        self._new_places: list[dict[str, str]] = []
        self._new_measures: list[dict[str, str]] = []
        self.measures = set(catalogue.measures["measure"])
        self.documents = dict(zip(catalogue.sources["source"], catalogue.sources["known_by"], strict=True))

    def place(self, name: str) -> str:
        """Return the place of that name, a new one if nobody knows it."""
        if name and name.casefold() not in self._places:
            self._places[name.casefold()] = name
            self._new_places.append({"place": name, "name_en": name, "name_zh": "", "kind": "city", "parent": "", "region": ""})
        return self._places.get(name.casefold(), name)

    def measure(self, name: str, unit: str) -> str:
        """Return the measure of that name, a new one if nobody knows it; its quantity follows from the unit of its first figure."""
        if name and name.casefold() not in self._measures:
            self._measures[name.casefold()] = name
            quantity = next((quantity for quantity, units in UNITS_OF_QUANTITY.items() if unit in units), "count")
            row = {"measure": name, "name_en": name, "name_zh": "", "family": "other", "quantity": quantity}
            self._new_measures.append(row | {"flow_or_stock": "flow", "definition": ""})
        return self._measures.get(name.casefold(), name)

    def units(self, measure: str, kind: str) -> tuple[str, ...]:
        """Return the units that a figure of this measure and kind may have; a measure that only the user knows may have any."""
        return (UNITS_OF_KIND[kind],) if kind in UNITS_OF_KIND else self._units.get(measure, ALL_UNITS)

    def default_unit(self, measure: str, kind: str) -> str:
        """Return the unit of a figure without one: the only one allowed; money must name its currency; a new measure is a count."""
        units = self.units(measure, kind) if measure else ()
        return "count" if units == ALL_UNITS else units[0] if len(units) == 1 else ""

    def extended(self, file: str) -> Catalogue:
        """Return the catalogue with the new names, and a note on each."""
        notes = [f"{file}: new place {row['place']}" for row in self._new_places]
        taken = "taken for a positive yearly flow of the family 'other'"
        notes += [f"{file}: new measure {row['measure']}, {taken}" for row in self._new_measures]
        return replace(
            self._catalogue,
            places=pd.concat([self._catalogue.places, pd.DataFrame(self._new_places)], ignore_index=True),
            measures=pd.concat([self._catalogue.measures, pd.DataFrame(self._new_measures)], ignore_index=True),
            notes=(*self._catalogue.notes, *notes),
        )


def spellings(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return every spelling of every name, without regard to case; the code goes before the English and that before the Chinese name."""
    found: dict[str, str] = {}
    for column in (key, "name_en", "name_zh"):
        for spelling, name in zip(table[column], table[key], strict=True):
            if spelling:
                found.setdefault(spelling.casefold(), name)
    return found
