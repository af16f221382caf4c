"""YAML text as plain values, each with its line. Only what a scenario needs: mappings, lists, numbers and text; no tags, anchors or aliases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)  # fmt: skip
from ruamel.yaml.reader import ReaderError

from data.faults import InputFault, file_faults
from data.sentences import Sentence, phrased
from scenarios.fields import Address
from scenarios.yaml_words import parser_sentence

LARGEST_FILE = 200_000  # bytes
DEEPEST = 12
LONGEST_SHOWN = 60
NULLS = {"", "~", "null", "Null", "NULL"}
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
WHOLE = re.compile(r"[-+]?[0-9]{1,300}")
DECIMAL = re.compile(r"[-+]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})([eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Page:
    """A file read: its name, its value, the line of every key and entry by its address, and the faults met, each with its line."""

    name: str
    value: object
    lines: dict[Address, int]
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line(self, address: Address) -> int:
        """Return the line of an address, or of the nearest thing above it that stands in the file."""
        while address and address not in self.lines:
            address = address[:-1]
        return self.lines.get(address, 1)

    def refusal(self) -> InputFault:
        """Gather the faults in the order of their lines."""
        return file_faults(self.name, [at_line(line, text) for line, text in sorted(self.faults)])

    def refused(self, line: int, text: str) -> InputFault:
        """Say the one fault at which reading ends."""
        return file_faults(self.name, [at_line(line, text)])


def at_line(line: int, text: str) -> Sentence:
    """Put the number of a line before what is wrong there."""
    return phrased("line {line}: {fault}", line=line, fault=printable(text))


def read_page(name: str, content: bytes) -> Page:
    """Read a YAML file.

    Raises
    ------
    InputFault
        If it is too large, not UTF-8, empty, no YAML, or more than a scenario needs.
    """
    if len(content) > LARGEST_FILE:
        raise file_faults(name, [phrased("larger than {size} kB; a scenario is a short text", size=LARGEST_FILE // 1000)])
    page = Page(name, None, {})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise page.refused(line, phrased("not UTF-8; save the file with the encoding UTF-8")) from None
    yaml = YAML(typ="safe", pure=True)
    try:
        value = _Reader(page, yaml.parse(text)).document()
    except InputFault:
        raise
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        sign = f"U+{error.character:04X}"
        raise page.refused(line, phrased("the sign {sign} is not allowed in YAML; delete it", sign=sign)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise page.refused(mark.line + 1 if mark else 1, unreadable(str(error.problem or error.context))) from None
    except (YAMLError, ValueError, OverflowError) as error:  # the parser takes "\U00110000" for a letter
        raise page.refused(yaml.reader.line + 1, unreadable(str(error))) from None
    if value is None:
        raise file_faults(name, [phrased("empty; a scenario has at least a title, such as `title: A mild recession`")])
    if page.faults:
        raise page.refusal()
    return Page(name, value, page.lines)


class _Reader:
    """Builds values from the events of the parser; it never goes deeper than allowed and follows no alias, so a small file stays small."""

    def __init__(self, page: Page, events: Iterator[Event]) -> None:
        self.page = page
        self.events = events

    def document(self) -> object:
        """Read the only document; None if there is none."""
        value: object = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refused(event, phrased("a second document (---) found; a file holds one scenario"))
            elif isinstance(event, NodeEvent):
                value = self.node(event, ())
        return value

    def node(self, event: Any, address: Address) -> object:
        """Read what begins with an event."""
        self.page.lines.setdefault(address, event.start_mark.line + 1)
        self.refuse_marks(event)
        if isinstance(event, ScalarEvent):
            return event.value if event.style else plain_value(event.value)
        if len(address) >= DEEPEST:
            raise self.refused(event, phrased("nested more than {most} deep; a scenario needs less", most=DEEPEST))
        return self.mapping(address) if isinstance(event, MappingStartEvent) else self.sequence(address)

    def sequence(self, address: Address) -> list[object]:
        """Read the entries of a list."""
        entries: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            entries.append(self.node(event, (*address, len(entries))))
        return entries

    def mapping(self, address: Address) -> dict[str | int, object]:
        """Read keys and values; a key that stands twice is a fault, and the first counts."""
        entries: dict[str | int, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            self.refuse_marks(event)
            if not isinstance(event, ScalarEvent):
                sentence = phrased("a list or a mapping found where a key is expected; a key is a word or a year")
                raise self.refused(event, sentence)
            text = str(event.value)
            key = int(text) if not event.style and WHOLE.fullmatch(text) else text
            line = event.start_mark.line + 1
            first = self.page.lines.setdefault((*address, key), line)
            value = self.node(next(self.events), (*address, key))
            if key in entries:
                twice = phrased("key {key} found twice, first in line {first}; delete one", key=shown(key), first=first)
                self.page.faults.append((line, twice))
            else:
                entries[key] = value
        return entries

    def refuse_marks(self, event: Any) -> None:
        """Refuse aliases, anchors and tags."""
        if isinstance(event, AliasEvent) or event.anchor is not None:
            sentence = phrased("anchors and aliases (& and *) are not read; write it out, or put it in quotes if it is text")
            raise self.refused(event, sentence)
        if event.tag is not None:
            raise self.refused(event, phrased("tags (!) are not read; leave it out, or put it in quotes if it is text"))

    def refused(self, event: Event, sentence: str) -> InputFault:
        """Name the line at which reading ends."""
        return self.page.refused(event.start_mark.line + 1, sentence)


def unreadable(said: str) -> Sentence:
    """Say what the parser says."""
    return phrased("not readable as YAML: {said}", said=parser_sentence(printable(said)))


def plain_value(text: str) -> object:
    """Return what a word without quotes means in YAML 1.2: nothing, true or false, a number, or text."""
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def printable(text: str) -> str:
    """Keep a sentence on one line, whatever signs a file put into it."""
    return text if text.isprintable() else repr(" ".join(text.split()))[1:-1]


def shown(value: object) -> str:
    """Show a value of a file in a sentence, much as it was written, cut if it is long."""
    if value is None:
        return phrased("nothing")
    text = repr(value) if isinstance(value, str) else printable(written(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 4]} ..."


def written(value: object) -> str:
    """Write a value in the braces and brackets of YAML."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {written(one)}' for key, one in value.items())}}}"
    return f"[{', '.join(map(written, value))}]" if isinstance(value, list) else str(value)
