"""The command `targets`: fields, bytes, places, dates, and the user's own targets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.cli_runs import TARGET_FIELDS, as_cell, read_csv, read_json, run, shared

STATUSES = {"assessed", "withheld", "no_baseline", "not_quantified", "due_passed"}
ALL_TARGETS = ("targets", "--paths", "1000", "--format", "json")


@pytest.fixture(scope="module")
def targets() -> list[dict[str, object]]:
    return read_json(shared(*ALL_TARGETS))


def test_every_target_has_exactly_the_published_fields_in_order(targets: list[dict[str, object]]) -> None:
    for row in targets:
        assert list(row) == TARGET_FIELDS


def test_all_stated_targets_are_listed_each_with_its_source_and_line(targets: list[dict[str, object]]) -> None:
    assert 115 <= len(targets) <= 120
    assert len({row["target"] for row in targets}) == len(targets)
    assert sum(row["assessed_by"] is not None for row in targets) >= 30
    for row in targets:
        assert row["source"] in {"000", "001", "002", "003", "004"}
        assert isinstance(row["line"], int)
        assert row["line"] > 0


def test_a_target_has_odds_or_a_reason(targets: list[dict[str, object]]) -> None:
    numbers = ("probability", "probability_error", "probability_low", "probability_high", "median", "q10", "q90")
    for row in targets:
        assert row["status"] in STATUSES
        present = {row[name] is not None for name in numbers}
        assert present == {row["status"] == "assessed"}, row["target"]
        if row["status"] == "assessed":
            assert 0 <= row["probability_low"] <= row["probability_high"] <= 1  # type: ignore[operator]
            assert 0 <= row["probability"] <= 1  # type: ignore[operator]
            assert row["q10"] < row["median"] < row["q90"]  # type: ignore[operator]
            assert row["extra_growth_50"] <= row["extra_growth_80"]  # type: ignore[operator]
        else:
            assert row["reason"], row["target"]


def test_a_well_known_target_has_the_figures_of_its_document(targets: list[dict[str, object]]) -> None:
    row = next(row for row in targets if row["target"] == "suzhou-contract_value_signed-total-2015")
    assert (row["value"], row["unit"], row["due"], row["source"], row["line"]) == (15e9, "USD", 2015, "003", 4581)
    # The vintage is the document's own: what had been published by 2013.
    assert row["vintage"] == "2013-12-31"
    # From about 5.6 to 15 billion in three years.
    assert row["required_growth"] == pytest.approx(38.9, abs=0.1)


def test_csv_holds_the_fields_and_values_of_json(targets: list[dict[str, object]]) -> None:
    rows = read_csv(shared("targets", "--paths", "1000", "--format", "csv"))
    assert list(rows[0]) == TARGET_FIELDS
    assert rows == [{name: as_cell(value) for name, value in row.items()} for row in targets]


@pytest.mark.parametrize("more", [(), ("--threads", "1"), ("--threads", "3", "--seed", "1", "--known-by", "document")])
def test_the_same_seed_gives_the_same_bytes_for_any_number_of_threads(more: tuple[str, ...]) -> None:
    assert run(*ALL_TARGETS, *more).out == shared(*ALL_TARGETS).out


def test_another_seed_gives_other_odds_but_the_same_targets(targets: list[dict[str, object]]) -> None:
    others = read_json(run(*ALL_TARGETS, "--seed", 2))
    drawn = ("probability", "probability_error", "median")
    assert [row["target"] for row in others] == [row["target"] for row in targets]
    assert [row["required_growth"] for row in others] == [row["required_growth"] for row in targets]
    for name in drawn:
        assert [row[name] for row in others] != [row[name] for row in targets]
    # The odds are the same within their own error: six of them for two independent runs.
    for one, other in zip(targets, others, strict=True):
        if one["status"] == "assessed":
            error = 6 * (one["probability_error"] + other["probability_error"])  # type: ignore[operator]
            assert abs(one["probability"] - other["probability"]) <= error, one["target"]  # type: ignore[operator]


@pytest.mark.parametrize("names", [("Dalian",), ("dALIAN",), ("大连",), (" dalian ",), ("Dalian", "大连", "DALIAN")])
def test_a_place_may_be_named_in_chinese_in_any_case_and_twice(names: tuple[str, ...], targets: list[dict[str, object]]) -> None:
    options = [part for name in names for part in ("--place", name)]
    # A place's odds do not depend on which other places are asked for.
    assert read_json(run(*ALL_TARGETS, *options)) == [row for row in targets if row["place"] == "Dalian"]


def test_the_prior_of_long_run_growth_can_be_halved_and_doubled() -> None:
    base, half, double = (
        {row["target"]: row for row in read_json(run("targets", "--place", "Wuxi", *more, "--paths", 100_000, "--format", "json"))}
        for more in ((), ("--long-run-prior", "0.5"), ("--long-run-prior", "2"))
    )
    name = "wuxi-outsourcing_revenue-total-2020"
    width = [
        float(str(rows[name]["probability_high"])) - float(str(rows[name]["probability_low"])) for rows in (half, base, double)
    ]
    assert width[0] < width[1] < width[2]


def test_a_place_without_targets_gives_an_empty_list() -> None:
    options = ("targets", "--place", "Beijing", "--paths", "100")
    assert read_json(shared(*options, "--format", "json")) == []
    assert shared(*options, "--format", "csv").out == ",".join(TARGET_FIELDS) + "\n"
    assert "0 of 0 targets assessed" in shared(*options).out


def test_one_path_is_enough_for_valid_json() -> None:
    # Rounded up to ten: one draw of the parameters.
    rows = read_json(run("targets", "--paths", 1, "--place", "Suzhou", "--format", "json"))
    assert rows == read_json(run("targets", "--paths", 10, "--place", "Suzhou", "--format", "json"))
    assert all(list(row) == TARGET_FIELDS for row in rows)


def test_an_earlier_date_hides_later_documents() -> None:
    # Only the text of autumn 2009 had appeared.
    rows = read_json(run("targets", "--known-by", "2010-06-30", "--paths", 100, "--format", "json"))
    assert {row["source"] for row in rows} == {"000"}
    assert {row["vintage"] for row in rows} == {"2010-06-30"}


def test_the_table_for_people_counts_what_was_assessed(targets: list[dict[str, object]]) -> None:
    done = shared("targets", "--paths", "1000")
    assessed = sum(row["status"] == "assessed" for row in targets)
    assert done.out.endswith(f"{assessed} of {len(targets)} targets assessed.\n")
    assert "003:4581" in done.out
    assert max(map(len, done.out.splitlines())) <= 130


# A user's own tables

NEW_TOWN = "place,measure,period,value\nNew Town,employees,2012,500\nNew Town,employees,2013,600\n"
NEW_TOWN_AIM = "place,measure,due,value\nnew town,employees,2016,900\n"


def test_a_users_target_is_assessed_on_the_users_figures(folder: Callable[..., Path]) -> None:
    tables = folder(facts=NEW_TOWN, targets=NEW_TOWN_AIM)
    done = run("targets", "--data", tables, "--no-bundled", "--paths", 1000, "--format", "json")
    [row] = read_json(done)
    assert (row["place"], row["status"], row["assessed_by"]) == ("New Town", "assessed", "New Town|employees|total|persons")
    assert (row["source"], row["line"]) == ("targets.csv", 2)
    # The note about the new name goes to standard error, where no program reads results.
    assert done.err == "note: facts.csv: new place New Town\n"


def test_quiet_silences_the_notes_and_changes_no_result(folder: Callable[..., Path]) -> None:
    arguments = ("forecast", "--data", folder(facts=NEW_TOWN), "--no-bundled", "--format", "csv")
    loud, quiet = run(*arguments), run(*arguments, "--quiet")
    assert loud.err
    assert not quiet.err
    assert loud.out == quiet.out


def test_two_folders_with_tables_of_the_same_names_both_count(tmp_path: Path) -> None:
    options: list[object] = []
    for number, place in enumerate(("New Town", "Old Town")):
        home = tmp_path / str(number)
        home.mkdir()
        (home / "facts.csv").write_text(NEW_TOWN.replace("New Town", place), encoding="utf-8")
        aim = NEW_TOWN_AIM.replace("new town", place).replace("900", str(900 + 700 * number))
        (home / "targets.csv").write_text(aim, encoding="utf-8")
        options += ["--data", home]
    new, old = read_json(run("targets", *options, "--no-bundled", "--paths", 1000, "--format", "json", "--quiet"))
    assert (new["place"], new["value"], old["place"], old["value"]) == ("New Town", 900.0, "Old Town", 1600.0)
    # The higher goal, from the same figures, is the harder one.
    assert new["probability"] > 2 * old["probability"]  # type: ignore[operator]


@pytest.mark.parametrize("name", ["[/b] A;B", "[red]O'Town :smile:", "Town, Old 镇"])
def test_a_name_with_odd_signs_is_printed_as_it_is(name: str, folder: Callable[..., Path]) -> None:
    # Square brackets and colons mean colours and pictures to the library that prints tables; a bar, which parts the keys of series, is refused.
    tables = folder(facts=NEW_TOWN.replace("New Town", f'"{name}"'), targets=NEW_TOWN_AIM.replace("new town", f'"{name}"'))
    options = ("--data", tables, "--no-bundled")
    for command in ("targets --paths 100 --quiet", "forecast --horizon +1 --quiet", "data list"):
        done = run(*command.split(), *options)
        assert (done.code, done.err) == (0, "")
        assert name in done.out
    assert "500 persons (facts.csv:2)" in run("data", "show", name, *options).out
