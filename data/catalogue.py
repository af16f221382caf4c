"""All tables of a run in one frozen object: the bundled ones, extended or replaced by the user's own."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from data.faults import InputFault, cell_faults, suggestion
from data.sentences import phrased
from data.text_tables import read_text_table

TABLES_FOLDER = Path(__file__).parent / "tables"

# Column -> whether it holds numbers. The order is the order in the files.
TABLE_COLUMNS: dict[str, dict[str, bool]] = {
    "places": dict.fromkeys(["place", "name_en", "name_zh", "kind", "parent", "region"], False)
    | dict.fromkeys(["latitude", "longitude"], True),
    "measures": dict.fromkeys(["measure", "name_en", "name_zh", "family", "quantity", "flow_or_stock", "definition"], False),
    "sources": dict.fromkeys(["source", "title", "publisher", "published", "known_by"], False) | {"reliability": True},
    "facts": dict.fromkeys(["fact", "place", "measure", "scope", "period", "kind", "status"], False)
    | {"value": True, "unit": False, "wording": False, "value_high": True, "digits": True}
    | dict.fromkeys(["relative_to", "printed", "source"], False)
    | {"line": True, "note": False},
    "targets": dict.fromkeys(["target", "place", "measure", "scope"], False)
    | {"due": True, "due_basis": False, "kind": False, "value": True, "value_high": True}
    | dict.fromkeys(["unit", "wording", "base_period", "printed", "source"], False)
    | {"line": True}
    | dict.fromkeys(["assessed_by", "alternatives", "match", "reason", "withheld", "note"], False),
    "rulings": {"ruling": False, "fact": False, "target": False, "verdict": False, "corrected_value": True}
    | {"reason": False, "evidence": False, "finding": False},
    "exchange_rates": {"year": True, "pair": False, "rate": True, "convention": False, "source": False},
    "covariates": {"place": False, "covariate": False, "period": True, "value": True, "unit": False, "source": False, "line": True},
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Every table of a run. Text columns hold '' where a cell is empty, number columns NaN.

    `facts` and `targets` carry a column `known_by` (ISO date), the date from which the row may be used.
    """

    places: pd.DataFrame
    measures: pd.DataFrame
    sources: pd.DataFrame
    facts: pd.DataFrame
    targets: pd.DataFrame
    rulings: pd.DataFrame
    exchange_rates: pd.DataFrame
    covariates: pd.DataFrame
    notes: tuple[str, ...] = ()

    def known_by(self, date: str) -> "Catalogue":
        """Return the catalogue of a vintage: only facts, targets and rates published by `date` (YYYY-MM-DD).

        A ruling belongs to it when everything that it rests on had been published.
        """
        return vintage_of(self, date)

    def find_place(self, name: str) -> str:
        """Return the place called `name`, in English or Chinese, without regard to case."""
        return self._find(self.places, "place", name)

    def find_measure(self, name: str) -> str:
        """Return the measure called `name`, by code or name in English or Chinese, without regard to case."""
        return self._find(self.measures, "measure", name)

    def find_scope(self, name: str) -> str:
        """Return the scope called `name`, without regard to case."""
        known = {scope.casefold(): scope for table in (self.facts, self.targets) for scope in map(str, table["scope"])}
        scope = known.get(name.strip().casefold())
        if scope is None:
            near = suggestion(name, known.values())
            raise InputFault(
                phrased("unknown scope {name!r}{near}; `sourcecast data show PLACE` shows those of a place", name=name, near=near)
            )
        return scope

    @staticmethod
    def _find(table: pd.DataFrame, key: str, name: str) -> str:
        wanted = name.strip().casefold()
        for column in (key, "name_en", "name_zh"):
            hit = table.loc[(table[column].str.casefold() == wanted) & (table[column] != ""), key]
            if len(hit):
                return str(hit.iloc[0])
        names = [*table[key], *table["name_en"], *table["name_zh"]]
        near = suggestion(name, names)
        raise InputFault(
            phrased("unknown place {name!r}{near}; `sourcecast data list` shows all places", name=name, near=near)
            if key == "place"
            else phrased("unknown measure {name!r}{near}; `sourcecast data list` shows all measures", name=name, near=near)
        )


@lru_cache(maxsize=4)  # whoever assesses a vintage asks for it several times
def vintage_of(catalogue: Catalogue, date: str) -> Catalogue:
    """Cut a catalogue to a vintage; see `Catalogue.known_by`."""
    rates = catalogue.exchange_rates
    documents = catalogue.sources.set_index("source")["known_by"]
    ends = rates["year"].map(lambda year: f"{int(year) + 1}-01-01")
    known = rates["source"].map(documents).where(rates["source"].isin(documents.index), ends)
    facts = catalogue.facts[catalogue.facts["known_by"] <= date].reset_index(drop=True)
    told = {"", *facts["fact"]}
    rests = [told.issuperset(names.split(";")) for names in catalogue.rulings["evidence"]]
    return replace(
        catalogue,
        facts=facts,
        rulings=catalogue.rulings[rests].reset_index(drop=True),
        targets=catalogue.targets[catalogue.targets["known_by"] <= date].reset_index(drop=True),
        exchange_rates=rates[known <= date].reset_index(drop=True),
    )


def read_table(path: Path, table: str) -> pd.DataFrame:
    """Read one table of the data package from CSV.

    Raises
    ------
    InputFault
        If the file cannot be read as CSV, a column is missing, or a number column holds something else.
    """
    text, _ = read_text_table(path)
    columns = TABLE_COLUMNS[table]
    missing = [column for column in columns if column not in text.columns]
    if missing:
        raise InputFault(f"{path.name}: missing column {', '.join(missing)}; a table of {table} has {', '.join(columns)}")
    return with_numbers(text, [column for column, numeric in columns.items() if numeric], path.name)


def with_numbers(text: pd.DataFrame, columns: list[str], name: str) -> pd.DataFrame:
    """Turn the named text columns into numbers ('' becomes NaN); all faults are reported together."""
    table, faults = read_numbers(text, columns)
    if faults:
        raise cell_faults(name, faults)
    return table


def read_numbers(text: pd.DataFrame, columns: list[str]) -> tuple[pd.DataFrame, dict[tuple[int, str], str]]:
    """Turn the named text columns into numbers, '' and what is no number into NaN; the latter are returned by row and column."""
    table = text.copy()
    faults: dict[tuple[int, str], str] = {}
    for column in columns:
        cells = table[column].astype(str).str.strip()
        numbers = pd.to_numeric(cells.where(cells != "", None), errors="coerce").astype(float)
        bad = (cells != "") & (numbers.isna() | numbers.abs().eq(float("inf")))
        faults |= {(row + 2, column): f"{cells[row]!r} is not a number" for row in table.index[bad]}
        table[column] = numbers.mask(bad)
    return table, faults


def bundled_catalogue() -> Catalogue:
    """Return the tables that come with the project; they are read once and must not be changed in place."""
    return tables_of(TABLES_FOLDER, tuple((TABLES_FOLDER / f"{table}.csv").stat().st_mtime_ns for table in TABLE_COLUMNS))


@lru_cache(maxsize=1)
def tables_of(folder: Path, _changed: tuple[int, ...]) -> Catalogue:
    """Read all tables of a folder; the times of their last change make it read them anew."""
    places, measures, sources, facts, targets, rulings, exchange_rates, covariates = (
        read_table(folder / f"{table}.csv", table) for table in TABLE_COLUMNS
    )
    return dated(Catalogue(places, measures, sources, facts, targets, rulings, exchange_rates, covariates))


def dated(catalogue: Catalogue) -> Catalogue:
    """Give facts and targets the date from which their source could be used."""
    documents = catalogue.sources.set_index("source")["known_by"]
    return replace(
        catalogue,
        facts=catalogue.facts.assign(known_by=catalogue.facts["source"].map(documents)),
        targets=catalogue.targets.assign(known_by=catalogue.targets["source"].map(documents)),
    )
