"""A scenario in an address: the name of a preset, or its file, packed (zlib) and written in letters that an address may have (base64url)."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from data import Catalogue, InputFault
from scenarios import Scenario, dump_scenario, load_scenario, read_scenario
from scenarios.scenario_files import PRESETS
from scenarios.scenario_yaml import LARGEST_FILE

DAMAGED = "the scenario in the link is damaged; copy the whole link again"


def link_text(scenario: Scenario) -> str:
    """Write a scenario for an address."""
    if scenario == load_scenario("baseline"):
        return "baseline"
    return urlsafe_b64encode(zlib.compress(dump_scenario(scenario).encode(), 9)).decode().rstrip("=")


def linked_scenario(text: str, catalogue: Catalogue) -> Scenario:
    """Read a scenario from an address; no more is unpacked than a scenario file may have.

    Raises
    ------
    InputFault
        If it is no packed file, or the file has faults.
    """
    if text in PRESETS:
        return load_scenario(text, catalogue)
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), LARGEST_FILE + 1)
    except (ValueError, zlib.error):
        raise InputFault(DAMAGED) from None
    if not unpacking.eof:
        raise InputFault(DAMAGED)
    return read_scenario("link", content, catalogue)
