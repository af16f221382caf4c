"""What the benchmark of twenty visitors holds their answers against."""

from app.language import ENGLISH
from app.sentences import names_of
from benchmarks.app_clients import sentences
from data import Catalogue
from scenarios import assess_targets


def test_every_target_of_a_place_has_its_sentence_as_the_page_writes_it(catalogue: Catalogue) -> None:
    assessed = {one.target: one for one in assess_targets(catalogue, places=["Suzhou"], paths=500)}
    said = sentences(catalogue, assessed, names_of(catalogue, ENGLISH), "Suzhou", 2.0).splitlines()
    assert len(said) == 3
    assert all(line.startswith(("- USD", "- 300,000")) for line in said)
    assert all("of 100 futures" in line for line in said)
