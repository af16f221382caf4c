"""A scenario in an address comes back the same, and what is no scenario is refused in one sentence."""

import zlib
from base64 import urlsafe_b64encode

import pytest

from app.scenario_links import link_text, linked_scenario
from data import Catalogue, InputFault
from scenarios import load_scenario
from scenarios.scenario_files import PRESETS
from scenarios.scenario_yaml import LARGEST_FILE


def packed(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content)).decode()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_goes_through_an_address_and_back(name: str, catalogue: Catalogue) -> None:
    scenario = load_scenario(name, catalogue)
    text = link_text(scenario)
    assert linked_scenario(text, catalogue) == scenario
    assert all(letter.isalnum() or letter in "-_" for letter in text)
    assert linked_scenario(name, catalogue) == scenario


@pytest.mark.parametrize("text", ["", "x", "中文", "../../etc/passwd", "%%%%", packed(b"title: A")[:-6]])
def test_a_damaged_link_is_refused(text: str, catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match="damaged"):
        linked_scenario(text, catalogue)


def test_a_link_that_unpacks_to_more_than_a_file_may_have_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match="damaged"):
        linked_scenario(packed(b"#" * (100 * LARGEST_FILE)), catalogue)


def test_the_faults_of_a_packed_file_are_named_and_no_file_is_opened(catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match="line 2: base: '/etc/hosts' found; allowed here: baseline"):
        linked_scenario(packed(b"title: A\nbase: /etc/hosts"), catalogue)
    with pytest.raises(InputFault, match="did you mean"):
        linked_scenario(
            packed(b"title: A\nlevers:\n- growth: {places: [Suzho], measure: employees, years: [2013], points: 1}"), catalogue
        )
