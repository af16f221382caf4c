"""The door to the facts: the bundled tables with the user's own added."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from data.catalogue import Catalogue, bundled_catalogue
from data.user_files import add_user_data


def load_catalogue(extra: Sequence[Path] = (), *, bundled: bool = True) -> Catalogue:
    """Load the bundled tables and add the user's own.

    Parameters
    ----------
    extra : sequence of Path
        Each a folder with facts.csv, targets.csv, places.csv or measures.csv, or one tidy CSV file with the columns
        place, measure, period, value and optionally scope, unit, wording, value_high, kind, source, known_by.
    bundled : bool
        False leaves the bundled facts and targets out; places, measures, sources and exchange rates stay known.

    Raises
    ------
    InputFault
        With every fault of a file, its row and column.
    """
    catalogue = bundled_catalogue()
    if not bundled:
        catalogue = replace(catalogue, facts=catalogue.facts.iloc[:0], targets=catalogue.targets.iloc[:0])
    for path in extra:
        catalogue = add_user_data(catalogue, path)
    return catalogue
