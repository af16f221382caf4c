"""Scenario files: YAML to `Scenario` and back, with presets and inheritance."""

from io import StringIO
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from data import Catalogue, InputFault
from data.faults import suggestion
from data.sentences import phrased
from scenarios.scenario import Scenario, ScenarioFile
from scenarios.scenario_faults import refusals, within
from scenarios.scenario_names import with_known_names
from scenarios.scenario_yaml import LARGEST_FILE, Page, read_page, shown

PRESETS_FOLDER = Path(__file__).with_name("presets")
PRESETS = ("baseline", "stagnation", "strong-renminbi", "talent-push", "best-peer", "back-to-trend")
LONGEST_CHAIN = 10
PAGE_WIDTH = 10_000  # a term stays in its line


def load_scenario(name_or_path: str | Path, catalogue: Catalogue | None = None) -> Scenario:
    """Load a preset by its name, or a YAML file, with everything that it inherits.

    Parameters
    ----------
    name_or_path : str or Path
        A preset's name, or a file.
    catalogue : Catalogue, optional
        Its names are held against it, and come back as it spells them.

    Raises
    ------
    InputFault
        With every fault of a file: its line, what was found and what is allowed.
    """
    path = located(str(name_or_path), Path())
    return loaded(path, content_of(path), catalogue, (path.resolve(),))


def read_scenario(name: str, content: bytes, catalogue: Catalogue | None = None) -> Scenario:
    """Read a scenario that came from elsewhere; its base may be a preset, never a file of this machine.

    Parameters
    ----------
    name : str
        What faults call it.
    content : bytes
    catalogue : Catalogue, optional
        As of `load_scenario`.

    Raises
    ------
    InputFault
        As of `load_scenario`, and if the base is no preset.
    """
    page = read_page(name, content)
    base = stated_in(page, catalogue).base
    if base is not None and base.casefold() not in PRESETS:
        here = phrased("allowed here: {presets}", presets=", ".join(PRESETS))
        raise base_fault(page, base, here)
    return loaded(Path(name), content, catalogue, ())


def located(name: str, folder: Path) -> Path:
    """Return the file of a preset, or of a path relative to a folder."""
    return PRESETS_FOLDER / f"{name.casefold()}.yaml" if name.casefold() in PRESETS else folder / name


def content_of(path: Path) -> bytes:
    """Read no more of a file than a scenario may have."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        near = suggestion(path.name, PRESETS)
        sentence = phrased(
            "no scenario {path!r}{near}; allowed: a YAML file, or {presets}", path=str(path), near=near, presets=", ".join(PRESETS)
        )
        raise InputFault(sentence) from None
    except (OSError, ValueError) as error:  # a null byte in a path is a ValueError
        why = getattr(error, "strerror", None) or error
        raise InputFault(phrased("{path!r}: cannot be read ({why})", path=str(path), why=why)) from None


def loaded(path: Path, content: bytes, catalogue: Catalogue | None, chain: tuple[Path, ...]) -> Scenario:
    """Read a file and what it inherits; `chain` are the files that led here."""
    page = read_page(path.name, content)
    stated = stated_in(page, catalogue)
    try:
        return stated.upon(inherited(page, path, stated.base, catalogue, chain))
    except ValidationError:
        circle = phrased("links without lag run in a circle together with those of this file; give one a lag")
        raise page.refused(page.line(("base",)), within(("base",), circle)) from None


def stated_in(page: Page, catalogue: Catalogue | None) -> ScenarioFile:
    """Check what a file states."""
    try:
        stated = ScenarioFile.model_validate(page.value)
    except ValidationError as error:
        page.faults.extend(refusals(page, error))
        raise page.refusal() from None
    if catalogue is not None:
        stated, faults = with_known_names(stated, catalogue)
        if faults:
            page.faults.extend((page.line(address), within(address[2:4], text)) for address, text in faults)
            raise page.refusal()
    return stated


def inherited(page: Page, path: Path, base: str | None, catalogue: Catalogue | None, chain: tuple[Path, ...]) -> Scenario | None:
    """Load the base of a file; None if it has none."""
    if base is None:
        return None
    below = located(base, path.parent)
    if below.resolve() in chain:
        raise base_fault(page, base, phrased("which builds on this file; bases must not run in a circle"))
    if len(chain) >= LONGEST_CHAIN:
        raise base_fault(page, base, phrased("a chain of at most {most} files is allowed", most=LONGEST_CHAIN))
    try:
        content = content_of(below)
    except InputFault as fault:
        raise base_fault(page, base, fault.sentences[0]) from None
    return loaded(below, content, catalogue, (*chain, below.resolve()))


def base_fault(page: Page, base: str, sentence: str) -> InputFault:
    """Say what is wrong with the base that a file names."""
    found = phrased("{found} found; {fault}", found=shown(base), fault=sentence)
    return page.refused(page.line(("base",)), within(("base",), found))


def dump_scenario(scenario: Scenario) -> str:
    """Write a scenario as YAML that loads to the same object, a line a term; what has its default is left out."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = PAGE_WIDTH
    values = scenario.model_dump(by_alias=True, exclude_defaults=True)
    page = {
        key: [{kind: in_one_line(body) for kind, body in term.items()} for term in value] if isinstance(value, tuple) else value
        for key, value in values.items()
    }
    text = StringIO()
    yaml.dump(page, text)
    return text.getvalue()


def in_one_line(body: dict[str, object]) -> CommentedMap:
    """Mark a mapping to be written in braces."""
    marked = CommentedMap(body)
    marked.fa.set_flow_style()
    return marked
