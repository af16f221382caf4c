"""What is said about bad input: one clear sentence, or a list of faults in a file."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from data.sentences import phrased, phrased_number

FAULTS_SHOWN = 50


class InputFault(ValueError):
    """Bad input of the user: the message says where, what was found and what is allowed. The command line ends with code 2.

    `sentences` are its lines; those that are a `Sentence` can be told in another language.
    `cells` are the faults of a table by row and column (empty for the whole row), all of them, if it is a table that is at fault.
    """

    sentences: tuple[str, ...]
    cells: Mapping[tuple[int, str], str] = MappingProxyType({})

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def file_faults(name: str, faults: Sequence[str]) -> InputFault:
    """Gather every fault of one file into one exception: at most fifty are listed, then a count."""
    shown = list(faults[:FAULTS_SHOWN])
    if rest := len(faults) - len(shown):
        shown.append(phrased_number("and {number} more fault", "and {number} more faults", rest))
    return InputFault(*(phrased("{file}: {fault}", file=name, fault=fault) for fault in shown))


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
