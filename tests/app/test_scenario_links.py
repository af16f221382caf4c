"""A scenario in an address comes back the same, and what is no scenario is refused in one sentence."""

import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest

from app.scenario_links import LONGEST, link_text, linked_scenario
from data import Catalogue, InputFault
from scenarios import Scenario, load_scenario
from scenarios.levers import Growth
from scenarios.quantities import Constant
from scenarios.scenario_files import PRESETS
from scenarios.scenario_yaml import LARGEST_FILE


def packed(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content)).decode()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_goes_through_an_address_and_back(name: str, catalogue: Catalogue) -> None:
    scenario = load_scenario(name, catalogue)
    assert linked_scenario(link_text(scenario), catalogue) == scenario
    assert linked_scenario(name, catalogue) == scenario


def test_presets_go_by_their_names_and_others_packed(catalogue: Catalogue) -> None:
    assert [link_text(load_scenario(name)) for name in PRESETS] == list(PRESETS)
    own = load_scenario("talent-push").model_copy(update={"title": "Mine"})
    text = link_text(own)
    assert linked_scenario(text, catalogue) == own
    assert all(letter.isalnum() or letter in "-_" for letter in text)


def test_a_scenario_too_long_for_a_link_has_none_and_a_longer_link_is_refused(catalogue: Catalogue) -> None:
    random = np.random.default_rng(1)
    levers = [
        Growth(places=(place,), measure=measure, years=(year, year), points=Constant(value=random.uniform(-20, 40)))
        for place in catalogue.places["place"]
        for measure in ("employees", "contract_value_signed")
        for year in range(2013, 2017)
    ]
    long = Scenario(title="Long", levers=tuple(levers))
    assert link_text(long) == ""
    with pytest.raises(InputFault, match=f"more than {LONGEST} letters"):
        linked_scenario("A" * (LONGEST + 1), catalogue)


@pytest.mark.parametrize("text", ["", "x", "中文", "../../etc/passwd", "%%%%", packed(b"title: A")[:-6]])
def test_a_damaged_link_is_refused(text: str, catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match="damaged"):
        linked_scenario(text, catalogue)


def test_a_link_that_unpacks_to_more_than_a_file_may_have_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match="damaged"):
        linked_scenario(packed(b"#" * (10 * LARGEST_FILE)), catalogue)


def test_the_faults_of_a_packed_file_are_named_and_no_file_is_opened(catalogue: Catalogue) -> None:
    with pytest.raises(InputFault, match="line 2: base: '/etc/hosts' found; allowed here: baseline"):
        linked_scenario(packed(b"title: A\nbase: /etc/hosts"), catalogue)
    with pytest.raises(InputFault, match="did you mean"):
        linked_scenario(
            packed(b"title: A\nlevers:\n- growth: {places: [Suzho], measure: employees, years: [2013], points: 1}"), catalogue
        )
