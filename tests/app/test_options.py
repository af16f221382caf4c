"""What is read from the options that several commands share."""

from pathlib import Path

import pytest

from app.options import between, choose, positive, vintage
from data import InputFault


@pytest.mark.parametrize("name", ["Hangzhou", "hangzhou", "HANGZHOU", " Hangzhou ", "杭州"])
def test_a_place_is_found_in_any_case_and_in_chinese(name: str) -> None:
    assert choose([], False, [name], []).places == ("Hangzhou",)


def test_a_measure_is_found_by_code_and_by_name() -> None:
    names = choose([], False, [], []).catalogue.measures.set_index("measure").loc["employees"]
    wanted = ["EMPLOYEES", names["name_en"].upper(), names["name_zh"]]
    assert choose([], False, [], wanted).measures == ("employees",) * 3


def test_a_scope_is_found_in_any_case() -> None:
    assert choose([], False, [], [], ["Offshore", "TOTAL"]).scopes == ("offshore", "total")


def test_names_of_the_users_own_tables_are_known(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("place,measure,scope,period,value\nNew Town,desks,night_shift,2012,5\n", encoding="utf-8")
    chosen = choose([file], False, ["new town"], ["Desks"], ["Night_Shift"])
    assert (chosen.places, chosen.measures, chosen.scopes) == (("New Town",), ("desks",), ("night_shift",))
    # A measure that only the bundled tables know stays known; its figures are left out.
    alone = choose([file], True, [], ["employees"])
    assert len(alone.catalogue.facts) == 1
    assert len(alone.catalogue.targets) == 0


def test_leaving_the_bundled_tables_out_needs_other_ones() -> None:
    with pytest.raises(InputFault, match=r"--no-bundled.*--data"):
        choose([], True, [], [])


@pytest.mark.parametrize(
    "text",
    [
        "2013-02-29",
        "2013-04-31",
        "2013-13-01",
        "0000-01-01",
        "20131231",
        "2013-W01-1",
        "２０１３-12-31",
        "2013-12-31\n",
        "",
        "Latest ",
    ],
)
def test_only_days_of_the_calendar_are_dates(text: str) -> None:
    assert vintage("2012-02-29", document=True) == "2012-02-29"
    with pytest.raises(InputFault, match=r"--known-by: .* found; allowed: a date"):
        vintage(text, document=True)


def test_each_document_has_its_own_vintage_only_where_there_are_targets() -> None:
    assert vintage("document", document=True) == "document"
    assert vintage("latest", document=True) == "latest"
    # A forecast knows one vintage; the latest is after every date.
    assert vintage("latest", document=False) > "2100-01-01"
    assert vintage("2013-12-31", document=False) == "2013-12-31"
    with pytest.raises(InputFault, match="'document' found; allowed: a date"):
        vintage("document", document=False)


def test_numbers_outside_their_range_are_refused() -> None:
    positive("--paths", 1)
    positive("--threads", None)
    between("--port", 1024, 1024, 65535)
    between("--port", 65535, 1024, 65535)
    for port in (1023, 65536):
        with pytest.raises(InputFault, match=f"--port: {port} found; allowed: 1024 to 65535"):
            between("--port", port, 1024, 65535)
    with pytest.raises(InputFault, match="--threads: 0 found; 1 or more is allowed"):
        positive("--threads", 0)
