"""What levers and assumptions have in common: a name, what it means, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from data.user_names import spelling
from scenarios.fields import ALL, Json, compact, only_key
from scenarios.quantities import Quantity


def described(schema: Json, model: "type[Term]") -> None:
    """Describe a term in a JSON schema by its paragraph, and its defaults as a file states them."""
    schema["description"] = model.english
    for name, field in model.model_fields.items():
        if isinstance(field.default, Quantity):
            schema["properties"][name]["default"] = compact(field.default)
        elif field.default == ALL:
            schema["properties"][name]["default"] = "all"


class Term(BaseModel):
    """A lever or an assumption: what it is called, what it means, and the fields that say what it is about."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        validate_by_name=True,
        validate_by_alias=True,
        json_schema_extra=described,
    )
    kind: ClassVar[str]
    address: ClassVar[tuple[str, ...]]
    english: ClassVar[str]
    chinese: ClassVar[str]

    @property
    def subject(self) -> tuple[object, ...]:
        """What it is about, without regard to how names are spelt or ordered; no two terms of a scenario have the same."""
        return (self.kind, *(folded(getattr(self, name)) for name in self.address))


def folded(value: object) -> object:
    """Return what counts of a name, of names, or of years."""
    if isinstance(value, str):
        return spelling(value)
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return frozenset(map(spelling, value))
    return value


def term_kind(value: object) -> str | None:
    """Return the kind of a lever or assumption, before it is read and after."""
    return value.kind if isinstance(value, Term) else only_key(value)


@dataclass(frozen=True)
class Named:
    """Marks a lever or assumption that a file writes below its name: `growth: {...}`."""

    kind: str

    def body(self, value: object) -> object:
        """Take the name off; nothing below it means that every field has its default."""
        if isinstance(value, Term):
            return value
        body = value[self.kind] if isinstance(value, Mapping) else value
        return {} if body is None else body

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate what stands below the name, write the name above it."""
        written = core_schema.wrap_serializer_function_ser_schema(lambda term, inner: {self.kind: inner(term)})
        return core_schema.no_info_before_validator_function(self.body, handler(source), serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        """A mapping with one key."""
        below = handler(schema)
        return {"type": "object", "properties": {self.kind: below}, "required": [self.kind], "additionalProperties": False}
