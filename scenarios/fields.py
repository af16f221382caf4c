"""What the fields of levers and assumptions hold: amounts, years, names. Each refuses in one sentence what it does not allow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    Discriminator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    Tag,
    WithJsonSchema,
)  # fmt: skip
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from data.sentences import Sentence, phrased
from data.user_names import spelling
from scenarios.quantities import Beta, Constant, Discrete, Lognormal, Normal, Pert, Quantity, Triangular, Uniform

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NAME = 200
ALL = ("all",)
FAMILIES = ("contracts", "people", "fdi", "other")
UNITS = ("USD", "CNY", "HKD", "persons", "count")
YEAR_SCHEMA = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
NAME_SCHEMA = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
SPAN = phrased("[start, end] with start <= end, both from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR)
Json = dict[str, Any]
Address = tuple[str | int, ...]  # where something stands in a file: keys and numbers of entries, from the top


def refused(allowed: str) -> PydanticCustomError:
    """Refuse a value; the sentence says what is allowed, what was found is added where the file is known.

    Pydantic keeps a sentence whole among the values of its message alone.
    """
    return PydanticCustomError("refused", "{allowed}", {"allowed": allowed})


def only_key(value: object) -> str | None:
    """Return the key of a mapping with one key: the name of a distribution, a lever or an assumption."""
    key = next(iter(value)) if isinstance(value, Mapping) and len(value) == 1 else None
    return key if isinstance(key, str) else None


def distribution_name(value: object) -> str | None:
    """Return the name of a distribution, before it is read and after."""
    return next(iter(type(value).model_fields)) if isinstance(value, Quantity) else only_key(value)


Distribution = TypeAliasType(
    "Distribution",
    Annotated[
        Annotated[Normal, Tag("normal")]
        | Annotated[Lognormal, Tag("lognormal")]
        | Annotated[Triangular, Tag("triangular")]
        | Annotated[Pert, Tag("pert")]
        | Annotated[Uniform, Tag("uniform")]
        | Annotated[Discrete, Tag("discrete")]
        | Annotated[Beta, Tag("beta")],
        Discriminator(distribution_name),
    ],
)


def plain_number(value: float) -> int | float:
    """Write a whole number without a decimal point."""
    return int(value) if value.is_integer() else value


def compact(value: Quantity | str) -> object:
    """Write a quantity as a file states it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Constant):
        return plain_number(value.value)
    ((name, arguments),) = value.model_dump().items()
    return {name: [[plain_number(part) for part in one] if name == "discrete" else plain_number(one) for one in arguments]}


@dataclass(frozen=True)
class Amount:
    """Marks a field that holds a quantity: its unit, and between what all its values lie; or one word in its place."""

    unit: Sentence
    low: float
    high: float
    word: str = ""

    @property
    def allowed(self) -> Sentence:
        """What a file may say."""
        return phrased(
            "a number, or a distribution such as {{triangular: [low, mode, high]}}, from {low:,.10g} to {high:,.10g} [{unit}]{word}",
            low=self.low, high=self.high, unit=self.unit, word=phrased(", or {word}", word=self.word) if self.word else "",
        )  # fmt: skip

    def read(self, value: object, inner: core_schema.ValidatorFunctionWrapHandler) -> Quantity | str:
        """Read a number, a distribution or the word."""
        if isinstance(value, str) and value.casefold() == self.word:
            return self.word
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not self.low <= value <= self.high:  # NaN is refused too
                raise refused(self.allowed)
            return Constant(value=value)
        if not isinstance(value, Quantity | Mapping):
            raise refused(self.allowed)
        quantity: Quantity = value if isinstance(value, Constant) else inner(value)
        low, high = quantity.ends
        if not self.low <= low <= high <= self.high:
            raise refused(
                phrased("{allowed}; these values reach from {low:,.4g} to {high:,.4g}", allowed=self.allowed, low=low, high=high)
            )
        return quantity

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by `read`, write by `compact`."""
        written = core_schema.plain_serializer_function_ser_schema(compact)
        return core_schema.no_info_wrap_validator_function(self.read, handler.generate_schema(Distribution), serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        """Offer a number within the bounds, a distribution, or the word."""
        forms = [{"type": "number", "minimum": self.low, "maximum": self.high}, handler(schema)]
        return {"anyOf": [*forms, *([{"const": self.word}] if self.word else [])]}


def amount_of(field: FieldInfo) -> Amount | None:
    """Return what marks a field as a quantity, None if nothing does."""
    parts = [*field.metadata, *getattr(field.annotation, "__args__", ())]
    marks = [mark for part in parts for mark in (part, *getattr(part, "__metadata__", ())) if isinstance(mark, Amount)]
    return marks[0] if marks else None


def whole(low: int, high: int, what: Sentence) -> tuple[object, ...]:
    """Describe a whole number within bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise refused(phrased("{what} from {low} to {high}", what=what, low=low, high=high))
        return value

    return PlainValidator(read), WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})


def is_text(value: object) -> bool:
    """Tell whether something is one line of printable letters."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable() and value == value.strip()


def read_text(value: object) -> str:
    """Take a text."""
    if not is_text(value):
        raise refused(phrased("a text of 1 to {most} letters on one line", most=LONGEST_NAME))
    return str(value)


def read_name(value: object) -> str:
    """Take the name of one thing."""
    if read_text(value).casefold() == "all":
        raise refused(phrased("one name; all is not possible here"))
    return str(value)


def read_name_or_all(value: object) -> str:
    """Take the name of one thing, or `all`."""
    return "all" if read_text(value).casefold() == "all" else str(value)


def choice(*words: str) -> Callable[[object], str]:
    """Return what takes one of some words, without regard to case."""
    known = {word.casefold(): word for word in words}

    def read(value: object) -> str:
        if not isinstance(value, str) or value.casefold() not in known:
            raise refused(phrased("one of {words}", words=", ".join(words)))
        return known[value.casefold()]

    return read


def read_names(value: object) -> tuple[str, ...]:
    """Take `all`, a name, or a list of different names."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names or not all(map(is_text, names)):
        raise refused(phrased("all, a name, or a list of names such as [Hangzhou, Wuxi]"))
    if len({spelling(name) for name in names}) < len(names):
        raise refused(phrased("a list in which no name stands twice"))
    if "all" in {spelling(name) for name in names}:
        if len(names) > 1:
            raise refused(phrased("all alone, or a list of names without it"))
        return ALL
    return tuple(names)


def read_families(value: object) -> tuple[str, ...]:
    """Take `all`, a family of measures, or a list of them."""
    names = tuple(name.casefold() for name in read_names(value))
    if not set(names) <= {*FAMILIES, "all"}:
        raise refused(phrased("all, or a list of families out of {families}", families=", ".join(FAMILIES)))
    return names


def written_names(names: tuple[str, ...]) -> str | list[str]:
    """Write `all` as a word and anything else as a list."""
    return "all" if names == ALL else list(names)


def read_years(value: object) -> tuple[int, int | None]:
    """Take [start, end], or [start] for years without an end."""
    years = [*value, None][:2] if isinstance(value, list | tuple) and 1 <= len(value) <= 2 else [None]
    given = [year for year in years if year is not None]
    good = all(isinstance(year, int) and not isinstance(year, bool) and FIRST_YEAR <= year <= LAST_YEAR for year in given)
    if years[0] is None or not good or given != sorted(given):
        raise refused(phrased("{span}, or [start] for no end", span=SPAN))
    return years[0], years[1]


def written_years(years: tuple[int, int | None]) -> list[int]:
    """Write years as a list of one or two."""
    return [year for year in years if year is not None]


def read_span(value: object) -> tuple[int, int]:
    """Take [start, end]."""
    try:
        start, end = read_years(value)
    except PydanticCustomError:
        end = None
    if end is None:
        raise refused(SPAN)
    return start, end


def names_schema(one: Json) -> Json:
    """One name or a list of different ones; the names of cities may be many."""
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}


Year = Annotated[int, *whole(FIRST_YEAR, LAST_YEAR, phrased("a year"))]
Years = Annotated[
    tuple[int, int | None],
    PlainValidator(read_years),
    PlainSerializer(written_years),
    WithJsonSchema({"type": "array", "items": YEAR_SCHEMA, "minItems": 1, "maxItems": 2}),
]
Span = Annotated[
    tuple[int, int],
    PlainValidator(read_span),
    PlainSerializer(written_years),
    WithJsonSchema({"type": "array", "items": YEAR_SCHEMA, "minItems": 2, "maxItems": 2}),
]
Text = Annotated[str, PlainValidator(read_text), WithJsonSchema(NAME_SCHEMA)]
Name = Annotated[str, PlainValidator(read_name), WithJsonSchema(NAME_SCHEMA)]
NameOrAll = Annotated[str, PlainValidator(read_name_or_all), WithJsonSchema(NAME_SCHEMA)]
Names = Annotated[
    tuple[str, ...], PlainValidator(read_names), PlainSerializer(written_names), WithJsonSchema(names_schema(NAME_SCHEMA))
]
Families = Annotated[
    tuple[str, ...],
    PlainValidator(read_families),
    PlainSerializer(written_names),
    WithJsonSchema(names_schema({"enum": [*FAMILIES, "all"]})),
]
Unit = Annotated[str, PlainValidator(choice(*UNITS)), WithJsonSchema({"enum": list(UNITS)})]


@dataclass(frozen=True)
class ByYear:
    """Marks a field that holds quantities by year: a mapping in a file, pairs in the order of the years in the object."""

    amount: Amount

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate a mapping, keep pairs, write a mapping."""
        years = core_schema.dict_schema(handler.generate_schema(Year), self.amount.__get_pydantic_core_schema__(source, handler))
        pairs = core_schema.no_info_after_validator_function(lambda by_year: tuple(sorted(by_year.items())), years)
        return core_schema.no_info_before_validator_function(
            lambda value: dict(value) if isinstance(value, tuple) else value,
            pairs,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda kept: {year: compact(one) for year, one in kept}),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        """A mapping with years as keys."""
        return {
            "type": "object",
            "patternProperties": {r"^2[01]\d\d$": {"type": ["number", "object"]}},
            "additionalProperties": False,
        }
