"""What is said about bad input: one clear sentence, or a list of faults in a file."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from data.sentences import phrased

FAULTS_SHOWN = 50


class InputFault(ValueError):
    """Bad input of the user: the message says where, what was found and what is allowed. The command line ends with code 2.

    `cells` are the faults of a table by row and column (empty for the whole row), all of them, if it is a table that is at fault.
    """

    cells: Mapping[tuple[int, str], str] = MappingProxyType({})


def file_faults(name: str, faults: list[str]) -> InputFault:
    """Gather every fault of one file into one exception: at most fifty are listed, then a count."""
    shown = faults[:FAULTS_SHOWN]
    rest = len(faults) - len(shown)
    lines = [f"{name}: {fault}" for fault in shown] + ([f"{name}: and {rest} more fault{'s' if rest > 1 else ''}"] if rest else [])
    return InputFault("\n".join(lines))


def cell_faults(name: str, faults: Mapping[tuple[int, str], str]) -> InputFault:
    """Gather the faults of a table, named by row and column (empty for the whole row), in the order of its rows."""
    ordered = sorted(faults.items(), key=lambda fault: fault[0][0])
    fault = file_faults(name, [f"row {row}{f', column {column}' if column else ''}: {text}" for (row, column), text in ordered])
    fault.cells = MappingProxyType(dict(ordered))
    return fault


def suggestion(wanted: str, known: Iterable[str]) -> str:
    """Return ' (did you mean X?)' for the nearest known name, or nothing."""
    names = {name.casefold(): name for name in known if name}
    near = get_close_matches(wanted.casefold(), list(names), n=1, cutoff=0.6)
    return phrased(" (did you mean {name}?)", name=names[near[0]]) if near else ""
