"""`sourcecast solve` and `sourcecast targets --joint` from the command line."""

import pytest

from tests.app.cli_runs import assert_refused, read_csv, read_json, run, shared

TARGET = "suzhou-contract_value_signed-total-2015"
SOLVE_FIELDS = ["target", "lever", "amount", "unit", "probability", "probability_error"]
SOLVE_FIELDS += ["wanted", "amount_low", "amount_high", "baseline", "answer"]
JOINT_FIELDS = ["vintage", "place", "places_met", "targets", "probability", "probability_error"]
JOINT_FIELDS += ["probability_low", "probability_high", "product"]
SOLVE = ("solve", TARGET, "--paths", "1000")


def test_the_fields_of_a_solution_are_the_published_ones() -> None:
    (row,) = read_json(shared(*SOLVE, "--format", "json"))
    assert list(row) == SOLVE_FIELDS
    assert (row["target"], row["lever"], row["wanted"]) == (TARGET, "growth", 0.8)
    assert list(read_csv(shared(*SOLVE, "--format", "csv"))[0]) == SOLVE_FIELDS


def test_the_sentence_names_the_amount_the_bracket_and_the_check() -> None:
    text = shared(*SOLVE).out
    for words in ("percentage points a year give odds of 0.8", "two Monte Carlo errors", "Simulated again with another seed"):
        assert words in text


def test_an_amount_out_of_reach_is_an_answer_and_no_fault() -> None:
    done = run(*SOLVE, "--lever", "CEILING")
    assert done.code == 0
    assert "not reached: without any ceiling" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("solve", "suzhou-contract_value_signed"), ("unknown target", "did you mean")),
        (("solve", TARGET, "--lever", "magic"), ("--lever: 'magic' found", "growth, programme")),
        (("solve", TARGET, "--probability", "1.2"), ("--probability: 1.2 found",)),
        (("solve", TARGET, "--paths", "0"), ("--paths: 0 found",)),
        (("solve", "chengdu-enterprises-total-2014"), ("no odds are given", "already passed")),
        (("targets", "--joint", "--long-run-prior", "2"), ("--joint: found with --long-run-prior", "it stands without them")),
    ],
)
def test_bad_input_ends_with_one_sentence(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert_refused(run(*arguments), *words)


def test_targets_held_together_have_rows_of_their_own() -> None:
    options = ("targets", "--joint", "--place", "Suzhou", "--paths", "1000")
    rows = read_json(shared(*options, "--format", "json"))
    assert all(list(row) == JOINT_FIELDS for row in rows)
    assert [(row["place"], row["places_met"]) for row in rows] == [("Suzhou", None), (None, 0), (None, 1)]
    assert list(read_csv(shared(*options, "--format", "csv"))[0]) == JOINT_FIELDS
    assert "Targets held together" in shared(*options).out


def test_a_scenario_stands_behind_both() -> None:
    row = read_json(run(*SOLVE, "--scenario", "stagnation", "--format", "json"))[0]
    (base,) = read_json(shared(*SOLVE, "--format", "json"))
    assert row["amount"] > base["amount"]
    assert row["baseline"] < base["baseline"]
    options = ("targets", "--joint", "--place", "Suzhou", "--paths", "1000", "--format", "json")
    assert read_json(run(*options, "--scenario", "stagnation"))[0]["probability"] < read_json(run(*options))[0]["probability"]
