"""covariates.csv is what the facts and rulings say, and nothing else."""

from dataclasses import replace

import pandas as pd

from data.catalogue import TABLES_FOLDER, bundled_catalogue
from data.covariates import covariates_text
from tests.made_up import catalogue_of, level


def rows(catalogue):
    return [line.split(",") for line in covariates_text(catalogue).splitlines()[1:]]


def test_the_bundled_table_is_up_to_date():
    assert (TABLES_FOLDER / "covariates.csv").read_text(encoding="utf-8") == covariates_text(bundled_catalogue())


def test_one_level_a_place_measure_and_year_and_the_whole_before_a_part():
    facts = [
        level("Wuxi", "population", 2012, 4e6, "persons", scope="registered"),
        level("Wuxi", "population", 2012, 6e6, "persons", fact="whole"),
        level("Wuxi", "population", 2012, 1e6, "persons", scope="aged_6_to_65", fact="part"),
        level("Wuxi", "employees", 2012, 1e5, "persons"),
        level("Wuxi", "gdp", "2012-06", 1e11, "CNY"),
        level("Wuxi", "gdp", 2013, 9e11, "CNY", status="forecast", fact="forecast"),
    ]
    assert rows(catalogue_of(facts)) == [["Wuxi", "population", "2012", "6000000", "persons", "003", "1"]]


def test_rulings_apply():
    facts = [level("Wuxi", "gdp", 2012, 7.5e10, "CNY"), level("Hefei", "gdp", 2012, 4e11, "USD")]
    ledger = pd.DataFrame(
        {"fact": [fact.fact for fact in facts], "verdict": ["correct", "exclude"], "corrected_value": [7.568e11, float("nan")]}
    )
    assert rows(replace(catalogue_of(facts), rulings=ledger)) == [["Wuxi", "gdp", "2012", "756800000000", "CNY", "003", "1"]]
