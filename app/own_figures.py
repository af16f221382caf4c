"""A planner's own file in the app: a template, the faults at their cells, and the tables of the session with the figures added."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pandas as pd

from app.language import Language, mark
from data import Catalogue, InputFault
from data.sentences import Sentence, phrased
from data.text_tables import read_text_table
from data.user_files import add_user_data

TEMPLATE = pd.DataFrame(
    {
        "place": ["Suzhou", "Suzhou", "苏州"],
        "measure": ["outsourcing employees", "outsourcing employees", "服务外包合同执行额"],
        "period": ["2010", "2011", "2011"],
        "value": ["11.8", "15", "2.5"],
        "unit": ["万人", "10,000 persons", "USD billion"],
        "scope": ["total", "total", "offshore"],
    }
)
MARK = "⚠"
# Text of a file is shown on pages that read Markdown: what could ask for a picture or lead elsewhere is refused.
MARKUP = re.compile(r"!\[|\]\s*[(:\[]|<\s*[A-Za-z/!]")
REFUSED = mark("'{text}' holds what a page would take for a link, a picture or markup; write it in plain words")
LARGEST_UPLOAD = 20_000_000  # bytes; the server takes no more either (serving.py)


@dataclass(frozen=True)
class Own:
    """What became of a file: its cells as text, and the tables with its figures added or what is wrong with it.

    `cells` are faults by (row, column), row 2 being the first below the headings and '' the whole row; `faults` are those of no cell.
    """

    name: str
    text: pd.DataFrame
    catalogue: Catalogue | None
    cells: Mapping[tuple[int, str], str]
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


def safe_name(name: str) -> str:
    """Keep letters, digits and a few signs of a file's name; its ending stays."""
    path = Path(name.replace("\\", "/"))
    stem = re.sub(r"[^\w\- ]", "_", Path(path.name).stem)[:60] or "figures"
    return stem + path.suffix.casefold()[:6]


def read_own(catalogue: Catalogue, name: str, content: bytes) -> Own:
    """Read a file of figures or targets and add it to the tables; nothing is kept of a file with faults, on disk or in the tables."""
    if len(content) > LARGEST_UPLOAD:
        size = LARGEST_UPLOAD // 1_000_000
        fault = phrased("{file}: larger than {size} MB; cut it into several files", file=safe_name(name), size=size)
        return Own(safe_name(name), pd.DataFrame(), None, {}, (fault,))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(name)
        path.write_bytes(content)
        text = pd.DataFrame()
        try:
            text, _ = read_text_table(path)
            cells, headings = marked_up(text)
            if cells or headings:
                return Own(path.name, text, None, cells, headings)
            after = add_user_data(catalogue, path)
        except InputFault as fault:
            return Own(path.name, text, None, fault.cells, () if fault.cells else (without_path(fault, path),))
    return Own(path.name, text, after, {}, (), after.notes[len(catalogue.notes) :])


def without_path(fault: InputFault, path: Path) -> str:
    """Return what a fault says, with the name of the file in the place of its path."""
    told = fault.sentences[0]
    if isinstance(told, Sentence):
        return phrased(told.template, **{**told.values, "path": path.name})
    return str(told).replace(f"{path.parent}/", "")


def marked_up(text: pd.DataFrame) -> tuple[dict[tuple[int, str], str], tuple[str, ...]]:
    """Return what is wrong with cells that hold markup, by row and column, and with such headings."""
    cells: dict[tuple[int, str], str] = {
        (row + 2, str(name)): phrased(REFUSED, text=str(cell)[:60])
        for name in text.columns
        for row, cell in zip(text.index.tolist(), text[name], strict=True)
        if MARKUP.search(str(cell))
    }
    return cells, tuple(
        phrased("heading {refused}", refused=phrased(REFUSED, text=str(name)[:60]))
        for name in text.columns
        if MARKUP.search(str(name))
    )


def key_of(content: bytes, name: str) -> str:
    """Name the content of a file."""
    return blake2b(content + b"|" + safe_name(name).encode(), digest_size=16).hexdigest()


def marked(own: Own, language: Language) -> pd.DataFrame:
    """Return the rows with faults: their number, what is wrong, and their cells with a mark where it is."""
    say = language.say
    rows = []
    for row in sorted({row for row, _ in own.cells}):
        wrong = {column: text for (at, column), text in own.cells.items() if at == row}
        cells = own.text.loc[row - 2].to_dict() if row - 2 in own.text.index else {}
        shown = {str(column): f"{MARK} {cell or say('empty')}" if column in wrong else cell for column, cell in cells.items()}
        missing = {column: f"{MARK} {say('empty')}" for column in wrong if column and column not in shown}
        sentences = {column: language.tell(text) for column, text in wrong.items()}
        what = say("; ").join(
            say("{column}: {text}", column=column, text=text) if column else text for column, text in sentences.items()
        )
        rows.append({say("Row"): row, say("What is wrong"): what, **shown, **missing})
    return pd.DataFrame(rows).fillna("")


def coloured(cell: object) -> str:
    """Colour a cell with a fault; the mark says the same without colour."""
    return "background-color: #fde3df; color: #7a1f14; font-weight: 600" if str(cell).startswith(MARK) else ""


def mended(text: pd.DataFrame) -> bytes:
    """Write cells that were mended on the page as CSV, to be read again."""
    return text.to_csv(index=False, lineterminator="\n").encode("utf-8")
