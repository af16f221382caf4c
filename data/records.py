"""Rows of the tables as typed records, for the code that reasons about single facts and targets."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import TypeVar

import pandas as pd


@dataclass(frozen=True)
class Fact:
    """One stated figure; the fields are the columns of facts.csv, with the date from which it may be used."""

    fact: str
    place: str
    measure: str
    scope: str
    period: str
    kind: str
    status: str
    value: float
    unit: str
    wording: str
    value_high: float
    digits: float
    relative_to: str
    printed: str
    source: str
    line: float
    note: str
    known_by: str


@dataclass(frozen=True)
class Target:
    """One stated aim; the fields are the columns of targets.csv, with the date from which it may be used."""

    target: str
    place: str
    measure: str
    scope: str
    due: float
    due_basis: str
    kind: str
    value: float
    value_high: float
    unit: str
    wording: str
    base_period: str
    printed: str
    source: str
    line: float
    assessed_by: str
    alternatives: str
    match: str
    reason: str
    withheld: str
    note: str
    known_by: str


Record = TypeVar("Record", Fact, Target)


def records(table: pd.DataFrame, kind: type[Record]) -> list[Record]:
    """Return the rows of a table of facts or targets as records."""
    # Column by column: pandas makes dictionaries of rows cell by cell, eight times as slowly.
    columns = [table[one.name].to_numpy(dtype=object).tolist() for one in fields(kind)]
    return [kind(*row) for row in zip(*columns, strict=True)]


def whole_of(share: Fact, measures: Collection[str]) -> tuple[str, str, str] | None:
    """Read from `relative_to` what a share is a share of: place, measure and scope; None if it names no known measure.

    'Suzhou fdi_actual total' names all three, 'fdi_actual total' means the place of the share itself.
    """
    words = share.relative_to.split()
    if len(words) < 2 or words[-2] not in measures:
        return None
    return " ".join(words[:-2]) or share.place, words[-2], words[-1]
