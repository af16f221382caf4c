"""What pydantic refuses in a scenario file, said in one sentence each: line, field, what was found, what is allowed."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data.faults import suggestion
from data.sentences import Sentence, phrased
from scenarios.fields import FIRST_YEAR, Address, amount_of
from scenarios.quantities import DISTRIBUTIONS
from scenarios.scenario import KINDS, ScenarioFile, circle_sentence
from scenarios.scenario_yaml import Page, printable, shown
from scenarios.terms import Term

SINGULAR = {"levers": phrased("lever"), "assumptions": phrased("assumption")}
UNKNOWN_KEY = ("extra_forbidden", "invalid_key")


def refusals(page: Page, error: ValidationError) -> list[tuple[int, str]]:
    """Return every fault with its line."""
    return [refusal(page, one) for one in error.errors()]


def refusal(page: Page, error: ErrorDetails) -> tuple[int, str]:
    """Return one fault with its line."""
    location, about = error["loc"], error.get("ctx", {})
    if error["type"] == "again":
        address: Address = (about["section"], about["number"])
        first = page.line((about["section"], about["first"]))
        text = phrased("about the same thing as that in line {line}; put both into one", line=first)
    elif error["type"] == "circle":
        address, text = (about["section"], about["number"]), circle_sentence(about["links"])
    else:
        address = address_of(page.value, location)
        text = sentence(page, error, address)
    where = words(page.value, address[:-1] if error["type"] in UNKNOWN_KEY else address)
    return page.line(address), within(where, text)


def within(where: Sequence[object], text: str) -> str:
    """Put the keys that lead to a place before what is wrong there."""
    return phrased("{keys}: {fault}", keys=printable(", ".join(map(str, where))), fault=text) if where else text


def instead_of(found: str, allowed: str) -> Sentence:
    """Say what is allowed instead of what was found."""
    return phrased("{found} found; allowed: {allowed}", found=found, allowed=allowed)


def address_of(value: Any, location: tuple[int | str, ...]) -> Address:
    """Follow a location of pydantic as far as the file goes; it also names choices that do not stand in the file."""
    address: list[int | str] = []
    for part in location:
        if part in (value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()):
            value = value[part]
            address.append(part)
    return tuple(address)


def words(value: object, address: Address) -> list[int | str]:
    """Return the part of an address that a reader needs beside the line: from the kind of the term on, without numbers in lists."""
    if len(address) == 2:
        entry = at(value, address)
        return [*(key for key in entry if key in KINDS[str(address[0])])] if isinstance(entry, dict) else [address[0]]
    return [part for part in address[2:] if isinstance(part, str) or part >= FIRST_YEAR] if len(address) > 2 else list(address)


def owner(location: tuple[int | str, ...]) -> type[Term] | type[ScenarioFile] | None:
    """Return the model that a location lies in."""
    if len(location) >= 3 and location[0] in KINDS:
        return KINDS[str(location[0])].get(str(location[2]))
    return ScenarioFile if len(location) <= 1 else None


def fields_of(model: type[Term] | type[ScenarioFile]) -> dict[str, Any]:
    """Return the fields of a model by their names in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def sentence(page: Page, error: ErrorDetails, address: Address) -> Sentence:
    """Say what was found and what is allowed."""
    kind, location = error["type"], error["loc"]
    model = owner(location)
    fields = fields_of(model) if model else {}
    distribution = next((str(part) for part in location[4:] if part in DISTRIBUTIONS), "")
    if distribution and location[-1] != "[key]":  # a distribution where a year is expected is no year
        arguments = shown(at(page.value, address[: address.index(distribution) + 1]))
        return instead_of(arguments, DISTRIBUTIONS[distribution].arguments)
    if kind == "missing":
        field = fields[str(location[-1])]
        return phrased("{key} is missing: {meaning}", key=location[-1], meaning=phrased(field.description))
    if kind in UNKNOWN_KEY:
        near = suggestion(str(location[-1]), fields)
        return phrased(
            "unknown key {found}{near}; allowed: {allowed}", found=shown(location[-1]), near=near, allowed=", ".join(fields)
        )
    if kind in ("union_tag_invalid", "union_tag_not_found") and len(location) == 2:
        return unknown_term(str(location[0]), error)
    if kind == "union_tag_invalid":
        tag = str(error["ctx"]["tag"])
        return phrased(
            "unknown distribution {found}{near}; allowed: {allowed}",
            found=shown(tag), near=suggestion(tag, DISTRIBUTIONS), allowed=", ".join(DISTRIBUTIONS),
        )  # fmt: skip
    allowed = error["ctx"]["allowed"] if kind == "refused" else expected(location, fields)
    return instead_of(shown(error["input"]), allowed)


def expected(location: tuple[int | str, ...], fields: dict[str, Any]) -> Sentence:
    """Say what is allowed where something of another shape was found."""
    if not location:
        return phrased("a scenario, which begins with a title such as `title: A mild recession`")
    if len(location) == 1:
        return phrased("a list, each entry after a dash")
    if len(location) == 3:
        return phrased("its fields, out of {fields}", fields=", ".join(fields))
    amount = amount_of(fields[str(location[3])]) if str(location[3]) in fields else None
    return amount.allowed if amount else phrased("numbers by year, such as {{2013: 6.2, 2015: 6.3}}")


def unknown_term(section: str, error: ErrorDetails) -> Sentence:
    """Say what can be a lever or an assumption."""
    one, kinds = SINGULAR[section], KINDS[section]
    if error["type"] == "union_tag_not_found":
        keys = printable(", ".join(map(str, error["input"]))) if isinstance(error["input"], dict) else shown(error["input"])
        allowed = phrased(
            "one {kind} after each dash, such as `- {example}: {{...}}`, with its fields in braces or further in",
            kind=one, example=next(iter(kinds)),
        )  # fmt: skip
        return instead_of(keys or shown(None), allowed)
    tag = str(error["ctx"]["tag"])
    other = next(name for name in KINDS if name != section)
    if tag in KINDS[other]:
        return phrased("{term} is of the {other}; move it below `{other}:`", term=tag, other=other)
    return phrased(
        "unknown {kind} {found}{near}; allowed: {allowed}",
        kind=one, found=shown(tag), near=suggestion(tag, kinds), allowed=", ".join(kinds),
    )  # fmt: skip


def at(value: Any, address: Address) -> object:
    """Return what stands at an address."""
    for part in address:
        value = value[part]
    return value
