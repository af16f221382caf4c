"""A small report for the tests of its formats, made once for each language."""

from functools import lru_cache

from app.language import language_of
from app.report_content import Report, Run, gather
from data import load_catalogue
from forecast import Belief, believe
from scenarios import assess_targets

PLACES = ("Guangzhou", "Suzhou")


@lru_cache
def report(code: str = "en", places: tuple[str, ...] = PLACES) -> Report:
    catalogue = load_catalogue()
    assessed = assess_targets(catalogue, paths=500, places=places)
    return gather(catalogue, assessed, belief_of, Run(paths=500), language_of(code), places)


@lru_cache
def belief_of(known_by: str) -> Belief:
    return believe(load_catalogue(), known_by)
