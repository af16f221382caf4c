"""The facts: tables of places, measures, sources, facts and targets, and how they are loaded and checked."""

from data.catalogue import Catalogue
from data.faults import InputFault
from data.loading import load_catalogue
from data.records import Fact, Target

__all__ = ["Catalogue", "Fact", "InputFault", "Target", "load_catalogue"]
