"""Scenarios that a planner keeps under names: a list that is never changed but replaced, so that each step can be taken back.

A scenario's name is its title. No two kept ones have the same, nor that of a preset, whatever its case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from app.own_figures import safe_name
from app.scenario_links import presets
from data import Catalogue, InputFault
from data.sentences import phrased
from data.user_names import spelling
from scenarios import Scenario, dump_scenario, read_scenario
from scenarios.fields import is_text
from scenarios.scenario_yaml import LARGEST_FILE

MOST, LONGEST = 40, 60
NO_NAME = phrased("A name has 1 to 60 letters on one line.")
NAME_OF_PRESET = phrased("That is the name of a preset; choose another one.")
NAME_TAKEN = phrased("Another kept scenario has this name; choose another one.")
FULL = phrased("Forty scenarios are kept, and no more can be; delete one first.")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the time that a ZIP file gives its files: the same content, the same bytes


@dataclass(frozen=True)
class Kept:
    """The scenarios kept, in the order in which they came."""

    scenarios: tuple[Scenario, ...] = ()

    def find(self, name: str) -> Scenario | None:
        """Return the scenario of a name."""
        return next((one for one in self.scenarios if spelling(one.title) == spelling(name)), None)

    def with_one(self, scenario: Scenario, name: str) -> "Kept":
        """Keep a scenario under a name, in place of one that has it already.

        Raises
        ------
        InputFault
            If the name is none or that of a preset, or no more can be kept.
        """
        named = scenario.model_copy(update={"title": good_name(name)})
        if self.find(name):
            return Kept(tuple(named if spelling(one.title) == spelling(name) else one for one in self.scenarios))
        if len(self.scenarios) >= MOST:
            raise InputFault(FULL)
        return Kept((*self.scenarios, named))

    def renamed(self, old: str, new: str) -> "Kept":
        """Give a kept scenario another name.

        Raises
        ------
        InputFault
            If the name is none, that of a preset, or that of another one.
        """
        if self.find(new) not in (None, self.find(old)):
            raise InputFault(NAME_TAKEN)
        title = good_name(new)
        return Kept(tuple(one.model_copy(update={"title": title}) if one.title == old else one for one in self.scenarios))

    def without(self, name: str) -> "Kept":
        """Keep a scenario no longer."""
        return Kept(tuple(one for one in self.scenarios if one.title != name))

    def with_loaded(self, scenario: Scenario) -> "Kept":
        """Keep a scenario that came from a file or a link, with a number behind its name where that is taken by another one.

        Raises
        ------
        InputFault
            If no more can be kept.
        """
        stem = scenario.title[: LONGEST - 5].strip()
        names = [stem, *(f"{stem} ({number})" for number in range(2, MOST + 3))]
        free = next(name for name in names if may_have(name) and (self.find(name) is None or same(self.find(name), scenario)))
        return self.with_one(scenario, free)

    def with_all(self, scenarios: Sequence[Scenario]) -> "Kept":
        """Keep several that came from files."""
        kept = self
        for one in scenarios:
            kept = kept.with_loaded(one)
        return kept


def may_have(name: str) -> bool:
    """Tell whether no preset has a name."""
    return spelling(name) not in {spelling(one.title) for one in presets().values()}


def good_name(name: str) -> str:
    """Return a name without blanks around it, or refuse it."""
    stripped = name.strip()
    if not is_text(stripped) or len(stripped) > LONGEST:
        raise InputFault(NO_NAME)
    if not may_have(stripped):
        raise InputFault(NAME_OF_PRESET)
    return stripped


def same(one: Scenario | None, other: Scenario) -> bool:
    """Tell whether two scenarios say the same, whatever they are called."""
    return one is not None and one.model_copy(update={"title": other.title}) == other


def file_name(scenario: Scenario) -> str:
    """Return the name of the file of a scenario."""
    return safe_name(f"{scenario.title}.yaml".replace("/", "_").replace("\\", "_"))


def packed(scenarios: Sequence[Scenario]) -> bytes:
    """Return scenarios as YAML files in one ZIP file; equal scenarios give equal bytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for number, one in enumerate(scenarios, 1):
            archive.writestr(ZipInfo(f"{number:02d} {file_name(one)}", EARLIEST), dump_scenario(one))
    return file.getvalue()


def unpacked(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """Return the scenario files in an upload: itself, or those of a ZIP file; no more is unpacked than scenarios may have.

    Raises
    ------
    InputFault
        If a ZIP file is damaged, locked or has more files than can be kept.
    """
    if not name.casefold().endswith(".zip"):
        return [(safe_name(name), content[: LARGEST_FILE + 1])]
    try:
        with ZipFile(BytesIO(content)) as archive:
            inside = [one for one in archive.infolist() if one.filename.casefold().endswith((".yaml", ".yml"))]
            if not 0 < len(inside) <= MOST:
                raise InputFault(
                    phrased(
                        "{file}: {number} scenario files found; 1 to {most} YAML files are allowed",
                        file=safe_name(name), number=len(inside), most=MOST,
                    )
                )  # fmt: skip
            return [(safe_name(one.filename), archive.open(one).read(LARGEST_FILE + 1)) for one in inside]
    except (BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, InputFault):
            raise
        raise InputFault(phrased("{file}: damaged or locked; a ZIP file of YAML files is allowed", file=safe_name(name))) from None


def read_all(files: Sequence[tuple[str, bytes]], catalogue: Catalogue) -> tuple[list[Scenario], list[str]]:
    """Read uploads; returns the scenarios that are good, and what is wrong with the others."""
    good: list[Scenario] = []
    faults: list[str] = []
    for name, content in files:
        try:
            inside = unpacked(name, content)
        except InputFault as fault:
            faults.extend(fault.sentences)
            continue
        for inner, text in inside:
            try:
                good.append(read_scenario(inner, text, catalogue))
            except InputFault as fault:
                faults.extend(fault.sentences)
    return good, faults
