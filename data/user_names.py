"""Names in a user's file: known ones in any language and letter case, new ones remembered and added at the end."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import pandas as pd

from data.catalogue import Catalogue
from data.faults import suggestion
from data.sentences import Sentence, phrased
from data.user_words import plain

UNITS_OF_KIND = {"growth": "percent", "average_growth": "percent", "multiple": "ratio", "share": "percent", "rank": "count"}
UNITS_OF_QUANTITY = {
    "money": ("USD", "CNY", "HKD"),
    "people": ("persons",),
    "count": ("count",),
    "share": ("percent",),
    "area": ("m2",),
}
NOTES_SHOWN = 10
ALL_UNITS = tuple(unit for units in UNITS_OF_QUANTITY.values() for unit in units)


class Names:
    """The places, measures and documents of a catalogue, looked up thousands of times."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._places = spellings(catalogue.places, "place")
        self._measures = spellings(catalogue.measures, "measure")
        described = catalogue.measures[catalogue.measures["definition"] != ""]
        self._quantities = dict(zip(described["measure"], described["quantity"], strict=True))
        self._new_places: list[dict[str, str]] = []
        self._new_measures: dict[str, dict[str, str]] = {}
        self.measures = set(catalogue.measures["measure"])
        self.documents = dict(zip(catalogue.sources["source"], catalogue.sources["known_by"], strict=True))

    def place(self, name: str) -> str:
        """Return the place of that name, a new one if nobody knows it."""
        folded = spelling(name)
        if name and folded not in self._places:
            self._places[folded] = name
            self._new_places.append({"place": name, "name_en": name, "name_zh": "", "kind": "city", "parent": "", "region": ""})
        return self._places.get(folded, name)

    def measure(self, name: str, unit: str, kind: str) -> str:
        """Return the measure of that name, a new one if nobody knows it; its quantity follows from the unit of its first amount."""
        folded = spelling(name)
        if name and folded not in self._measures:
            self._measures[folded] = name
            row = {"measure": name, "name_en": name, "name_zh": "", "family": "other", "quantity": "count"}
            self._new_measures[name] = row | {"flow_or_stock": "flow", "definition": ""}
        known = self._measures.get(folded, name)
        if known not in self._quantities and kind not in UNITS_OF_KIND and known:
            quantity = next((quantity for quantity, units in UNITS_OF_QUANTITY.items() if unit in units), "")
            if quantity and known in self._new_measures:
                self._quantities[known] = self._new_measures[known]["quantity"] = quantity
        return known

    def units(self, measure: str, kind: str) -> tuple[str, ...]:
        """Return the units that a figure of this measure and kind may have; a measure that only the user knows may have any."""
        if kind in UNITS_OF_KIND:
            return (UNITS_OF_KIND[kind],)
        return UNITS_OF_QUANTITY[self._quantities[measure]] if measure in self._quantities else ALL_UNITS

    def default_unit(self, measure: str, kind: str) -> str:
        """Return the unit of a figure without one: the only one allowed; money must name its currency; a new measure is a count."""
        units = self.units(measure, kind) if measure else ()
        return "count" if units == ALL_UNITS else units[0] if len(units) == 1 else ""

    def extended(self, file: str) -> Catalogue:
        """Return the catalogue with the new names, and a note on each."""
        new_places = [row["place"] for row in self._new_places]
        known = self._catalogue.places["place"]
        places = [
            phrased("new place {name}{suggestion}", name=name, suggestion=suggestion(name, known))
            for name in new_places[:NOTES_SHOWN]
        ]
        new_measures = list(self._new_measures)
        measures = [
            phrased(
                "new measure {name}{suggestion}, taken for a positive yearly flow of the family 'other'",
                name=name,
                suggestion=suggestion(name, self.measures),
            )
            for name in new_measures[:NOTES_SHOWN]
        ]
        notes = [
            phrased("{file}: {note}", file=file, note=note)
            for shown, every in ((places, new_places), (measures, new_measures))
            for note in (*shown, *more_than_shown(every))
        ]
        return replace(
            self._catalogue,
            places=pd.concat([self._catalogue.places, pd.DataFrame(self._new_places)], ignore_index=True),
            measures=pd.concat([self._catalogue.measures, pd.DataFrame(self._new_measures.values())], ignore_index=True),
            notes=(*self._catalogue.notes, *notes),
        )


def spellings(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return every spelling of every name, without regard to case; the code goes before the English and that before the Chinese name."""
    found: dict[str, str] = {}
    for column in (key, "name_en", "name_zh"):
        for text, name in zip(table[column], table[key], strict=True):
            if text:
                found.setdefault(spelling(text), name)
    return found


@lru_cache(4096)  # the rows of a place follow each other
def spelling(name: str) -> str:
    """Return what counts of a name: no case, no apostrophes, no spaces, and not that it is a city or a province."""
    folded = re.sub(r"['’‘` ]", "", plain(name).casefold())
    return re.sub(r"(?<=.)(?:city|municipality|province|市|省)$", "", folded)


def more_than_shown(every: Sequence[str]) -> list[Sentence]:
    """Count those of many that no note is shown of."""
    return [phrased("and {number} more like this", number=len(every) - NOTES_SHOWN)] if len(every) > NOTES_SHOWN else []
