"""The facts: tables of places, measures, sources, facts and targets, and how they are loaded and checked."""

from importlib import import_module
from typing import TYPE_CHECKING

from data.faults import InputFault

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.loading import load_catalogue
    from data.records import Fact, Target

__all__ = ["Catalogue", "Fact", "InputFault", "Target", "load_catalogue"]

HOMES = {"Catalogue": "data.catalogue", "Fact": "data.records", "Target": "data.records", "load_catalogue": "data.loading"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: whoever only wants help does not wait for pandas."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
