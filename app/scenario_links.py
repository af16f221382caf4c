"""A scenario in an address: the name of a preset, or its file, packed (zlib) and written in letters that an address may have (base64url)."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import cache, lru_cache

from data import Catalogue, InputFault
from data.sentences import phrased
from scenarios import Scenario, dump_scenario, load_scenario, read_scenario
from scenarios.scenario_files import PRESETS
from scenarios.scenario_yaml import LARGEST_FILE

LONGEST = 6000  # letters of one scenario in an address; browsers and mail programs cut much longer ones
DAMAGED = phrased("the scenario in the link is damaged; copy the whole link again")
TEXTS_KEPT = 256
TOO_LONG = phrased("the scenario in the link has more than {most} letters; ask for it as a file", most=LONGEST)


@cache
def presets() -> Mapping[str, Scenario]:
    """Return the presets by name."""
    return {name: load_scenario(name) for name in PRESETS}


@lru_cache(TEXTS_KEPT)  # a page asks for the same one again and again
def file_text(scenario: Scenario) -> str:
    """Write a scenario as a file."""
    return dump_scenario(scenario)


@lru_cache(TEXTS_KEPT)
def link_text(scenario: Scenario) -> str:
    """Write a scenario for an address; nothing if it is too long for one."""
    for name, preset in presets().items():
        if scenario == preset:
            return name
    text = urlsafe_b64encode(zlib.compress(file_text(scenario).encode(), 9)).decode().rstrip("=")
    return text if len(text) <= LONGEST else ""


def linked_scenario(text: str, catalogue: Catalogue) -> Scenario:
    """Read a scenario from an address; no more is unpacked than a scenario file may have.

    Raises
    ------
    InputFault
        If it is too long or no packed file, or the file has faults.
    """
    if text in PRESETS:
        return load_scenario(text, catalogue)
    if len(text) > LONGEST:
        raise InputFault(TOO_LONG)
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), LARGEST_FILE + 1)
    except (ValueError, zlib.error):
        raise InputFault(DAMAGED) from None
    if not unpacking.eof:
        raise InputFault(DAMAGED)
    return read_scenario("link", content, catalogue)
