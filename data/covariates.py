"""What explains rather than what is forecast: GDP, people, incomes and graduates by place and year, read off the facts."""

import csv
from io import StringIO

from data.catalogue import TABLE_COLUMNS, Catalogue
from data.records import Fact, records

# The scope that stands for a whole city, by measure.
SCOPES = {
    "gdp": ("total",),
    "population": ("total", "registered"),
    "disposable_income": ("urban_per_capita",),
    "consumption_expenditure": ("urban_per_capita",),
    "wage": ("full_time",),
    "starting_salary": ("undergraduates", "graduates"),
    "universities": ("total", "general"),
    "students": ("total",),
    "graduates": ("total",),
    "service_trade": ("total",),
}


def covariates_text(catalogue: Catalogue) -> str:
    """Return covariates.csv: one observed level a place, covariate and year; rulings applied, the first scope that there is."""
    ledger = catalogue.rulings
    excluded = set(ledger.loc[ledger["verdict"] == "exclude", "fact"])
    corrected = {
        fact: value for fact, verdict, value in ledger[["fact", "verdict", "corrected_value"]].to_numpy() if verdict == "correct"
    }
    chosen: dict[tuple[str, str, int], tuple[int, Fact]] = {}
    for fact in records(catalogue.facts, Fact):
        scopes = SCOPES.get(fact.measure, ())
        usable = fact.kind == "level" and fact.status == "observed" and fact.period.isdigit() and fact.fact not in excluded
        if usable and fact.scope in scopes:
            key = (fact.place, fact.measure, int(fact.period))
            chosen[key] = min(chosen.get(key, (99, fact)), (scopes.index(fact.scope), fact), key=lambda rank: rank[0])
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLE_COLUMNS["covariates"])
    for (place, measure, year), (_, fact) in sorted(chosen.items()):
        value = corrected.get(fact.fact, fact.value)
        writer.writerow([place, measure, year, f"{value:.15g}", fact.unit, fact.source, f"{fact.line:.0f}"])
    return text.getvalue()
