"""`sourcecast links` from the command line."""

from tests.app.cli_runs import assert_refused, read_csv, read_json, run, shared

LINKS = ("links", "employees", "contract_value_executed", "--known-by", "2013-12-31")


def test_the_fields_are_the_same_in_json_and_csv() -> None:
    (row,) = read_json(shared(*LINKS, "--format", "json"))
    assert (row["from_measure"], row["to_measure"], row["scope"]) == ("employees", "contract_value_executed", "offshore")
    assert row["yaml"].startswith("- link: {from: employees")
    assert list(read_csv(shared(*LINKS, "--format", "csv"))[0]) == list(row)


def test_the_table_says_what_it_is_not_and_offers_a_line_to_paste() -> None:
    text = " ".join(shared(*LINKS).out.split())
    for words in (
        "not what would follow",
        "Nothing is linked unless a scenario says so",
        "- link: {from: employees, to: contract_value_executed",
    ):
        assert words in text


def test_bad_input_ends_with_one_sentence() -> None:
    assert_refused(run("links", "employes", "fdi_actual"), "'employes'", "did you mean employees?")
    assert_refused(run("links", "employees", "employees"), "to itself")
    assert_refused(run("links", "employees", "park_revenue"), "0 cities have figures on both", "6 or more")
