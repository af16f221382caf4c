"""The command `forecast`: fields, horizons, and which series it shows."""

import pytest

from tests.app.cli_runs import FORECAST_FIELDS, QUANTILES, as_cell, read_csv, read_json, run, shared

SUZHOU = ("forecast", "--place", "Suzhou", "--format", "json")


@pytest.fixture(scope="module")
def suzhou() -> list[dict[str, object]]:
    return read_json(shared(*SUZHOU))


def test_a_forecast_has_exactly_the_published_fields_in_order(suzhou: list[dict[str, object]]) -> None:
    for row in suzhou:
        assert list(row) == FORECAST_FIELDS
    rows = read_csv(shared("forecast", "--place", "Suzhou", "--format", "csv"))
    assert rows == [{name: as_cell(value) for name, value in row.items()} for row in suzhou]


def test_quantiles_rise_and_every_number_is_positive(suzhou: list[dict[str, object]]) -> None:
    for row in suzhou:
        levels = [row[name] for name in QUANTILES]
        assert levels == sorted(levels)  # type: ignore[type-var]
        assert 0 < levels[0] < row["mean"] < levels[-1]  # type: ignore[operator]


def years_of(rows: list[dict[str, object]]) -> dict[tuple[object, ...], tuple[list[int], list[int]]]:
    """For each series the years known and the years forecast."""
    years: dict[tuple[object, ...], tuple[list[int], list[int]]] = {}
    for row in rows:
        known, coming = years.setdefault((row["place"], row["measure"], row["scope"], row["unit"]), ([], []))
        (coming if row["observed"] is None else known).append(int(str(row["period"])))
    return years


def test_a_horizon_in_years_ends_there_for_every_series(suzhou: list[dict[str, object]]) -> None:
    for known, coming in years_of(suzhou).values():
        assert coming == list(range(known[-1] + 1, 2021))


def test_a_horizon_with_a_plus_counts_from_each_series_last_year(suzhou: list[dict[str, object]]) -> None:
    rows = read_json(shared(*SUZHOU, "--horizon", "+6"))
    assert years_of(rows).keys() == years_of(suzhou).keys()
    for known, coming in years_of(rows).values():
        assert coming == list(range(known[-1] + 1, known[-1] + 7))


def test_a_forecast_is_exact_so_that_seed_and_paths_do_not_move_it() -> None:
    assert run(*SUZHOU, "--seed", 7, "--paths", 5, "--threads", 1).out == shared(*SUZHOU).out


def test_measure_and_scope_choose_among_the_series_in_any_case(suzhou: list[dict[str, object]]) -> None:
    wanted = [row for row in suzhou if row["measure"] == "contract_value_executed" and row["scope"] == "offshore"]
    assert wanted
    assert read_json(run(*SUZHOU, "--measure", "Contract_Value_Executed", "--scope", "OFFSHORE", "--model", "Auto")) == wanted


def test_an_origin_hides_every_later_year() -> None:
    options = ("forecast", "--place", "Dalian", "--format", "json")
    every, early = (years_of(read_json(done)) for done in (shared(*options), run(*options, "--origin", 2011)))
    assert early
    assert max(known[-1] for known, _ in every.values()) > 2011
    assert max(known[-1] for known, _ in early.values()) <= 2011
    assert {coming[-1] for _, coming in early.values()} == {2020}


def test_the_forecast_table_for_people_has_series_and_levels_in_words() -> None:
    text = shared("forecast", "--place", "Suzhou", "--measure", "contract_value_signed").out
    assert text.count("Suzhou, signed outsourcing contracts (USD)") == 1
    assert "5.6 billion" in text
    assert "nan" not in text.casefold()
