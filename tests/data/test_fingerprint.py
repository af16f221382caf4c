"""The name of the content of the tables."""

from dataclasses import replace

from data import Catalogue
from data.fingerprint import fingerprint


def test_equal_tables_have_equal_names_and_any_change_another(catalogue: Catalogue) -> None:
    name = fingerprint(catalogue)
    assert len(name) == 64
    assert fingerprint(replace(catalogue, facts=catalogue.facts.copy())) == name
    changed = catalogue.facts.copy()
    changed.loc[0, "value"] += 1
    assert fingerprint(replace(catalogue, facts=changed)) != name
    assert fingerprint(replace(catalogue, targets=catalogue.targets.iloc[1:])) != name
