"""Kept scenarios: names are told apart, every change gives another list, and what is taken away comes back."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from app.kept_scenarios import FULL, MOST, NAME_OF_PRESET, NAME_TAKEN, NO_NAME, Kept, file_name, packed, read_all, unpacked
from data import Catalogue, InputFault
from scenarios import Scenario, dump_scenario, load_scenario
from scenarios.scenario import BASELINE
from scenarios.scenario_yaml import LARGEST_FILE

PUSH, SLUMP = load_scenario("talent-push"), load_scenario("stagnation")


def names(kept: Kept) -> list[str]:
    return [one.title for one in kept.scenarios]


@pytest.mark.parametrize(
    ("title", "name"), [("FDI/people", "FDI_people"), ("../../etc", "______etc"), ("<b>$x$ 苏州", "_b__x_ 苏州")]
)
def test_a_file_is_called_as_its_scenario_in_letters_that_a_folder_takes(title: str, name: str) -> None:
    assert file_name(PUSH.model_copy(update={"title": title})) == f"{name}.yaml"


def test_scenarios_are_kept_replaced_renamed_and_deleted() -> None:
    kept = Kept().with_one(PUSH, " A push ").with_one(SLUMP, "A slump")
    assert names(kept) == ["A push", "A slump"]
    assert kept.with_one(SLUMP, "a PUSH").scenarios[0].assumptions == SLUMP.assumptions
    assert names(kept.renamed("A slump", "Stalled")) == ["A push", "Stalled"]
    assert names(kept.renamed("A slump", "A Slump")) == ["A push", "A Slump"]
    assert names(kept.without("A push")) == ["A slump"]
    assert names(kept) == ["A push", "A slump"]
    assert kept.find("A PUSH") == kept.scenarios[0]
    assert kept.find("nobody") is None


@pytest.mark.parametrize(
    ("name", "fault"), [("", NO_NAME), ("  ", NO_NAME), ("a\nb", NO_NAME), ("x" * 61, NO_NAME), ("baseline", NAME_OF_PRESET)]
)
def test_a_name_that_cannot_be_is_refused(name: str, fault: str) -> None:
    with pytest.raises(InputFault, match=fault[:20]):
        Kept().with_one(PUSH, name)
    with pytest.raises(InputFault, match=fault[:20]):
        Kept().with_one(PUSH, "A push").renamed("A push", name)


def test_no_two_have_the_same_name_and_there_is_an_end() -> None:
    kept = Kept().with_one(PUSH, "A").with_one(PUSH, "B")
    with pytest.raises(InputFault, match=NAME_TAKEN[:20]):
        kept.renamed("A", "b")
    full = Kept(tuple(Scenario(title=f"number {number}") for number in range(MOST)))
    with pytest.raises(InputFault, match=FULL[:20]):
        full.with_one(PUSH, "one more")
    assert full.with_one(PUSH, "Number 3").find("number 3") is not None


def test_what_is_loaded_gets_a_number_where_its_name_is_taken_by_another_one() -> None:
    kept = Kept().with_loaded(PUSH).with_loaded(PUSH)
    assert names(kept) == ["Talent push (2)"]
    other = SLUMP.model_copy(update={"title": "Talent push (2)"})
    assert names(kept.with_loaded(other)) == ["Talent push (2)", "Talent push (2) (2)"]
    assert names(Kept().with_loaded(Scenario(title="x" * 200))) == ["x" * 55]


def test_all_go_into_a_zip_file_and_come_back_the_same(catalogue: Catalogue) -> None:
    kept = Kept().with_one(PUSH, "推动 / ..\\push").with_one(SLUMP, "A slump").with_one(BASELINE, "Nothing")
    content = packed(kept.scenarios)
    assert content == packed(kept.scenarios)
    inside = ZipFile(BytesIO(content)).namelist()
    assert not any("/" in name or "\\" in name for name in inside)
    assert read_all([("all.ZIP", content)], catalogue) == (list(kept.scenarios), [])
    assert Kept().with_all(read_all([("all.zip", content)], catalogue)[0]) == kept


def test_faults_of_one_file_do_not_hinder_the_others(catalogue: Catalogue) -> None:
    bad = b"title: A\nbase: /etc/hosts\n"
    good, faults = read_all([("bad.yaml", bad), ("good.yaml", dump_scenario(PUSH).encode()), ("no.zip", b"PK\3\4")], catalogue)
    assert good == [PUSH]
    assert faults[0].startswith("bad.yaml: line 2: base: '/etc/hosts' found")
    assert faults[1] == "no.zip: damaged or locked; a ZIP file of YAML files is allowed"


def test_no_more_is_unpacked_than_scenarios_may_have(catalogue: Catalogue) -> None:
    bomb = BytesIO()
    with ZipFile(bomb, "w", 8) as archive:
        archive.writestr("../../bomb.yaml", b"#" * (50 * LARGEST_FILE))
    ((name, content),) = unpacked("bomb.zip", bomb.getvalue())
    assert (name, len(content)) == ("bomb.yaml", LARGEST_FILE + 1)
    assert "larger than" in read_all([("bomb.zip", bomb.getvalue())], catalogue)[1][0]
    many = BytesIO()
    with ZipFile(many, "w") as archive:
        for number in range(MOST + 1):
            archive.writestr(f"{number}.yaml", b"title: A")
    with pytest.raises(InputFault, match="41 scenario files found"):
        unpacked("many.zip", many.getvalue())
