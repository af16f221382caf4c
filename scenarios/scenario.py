"""A scenario: levers and assumptions with values, checked and frozen."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticCustomError

from data.sentences import Sentence, phrased
from scenarios.assumptions import ASSUMPTIONS, Assumption, Link
from scenarios.fields import Text, Year
from scenarios.levers import LEVERS, Lever
from scenarios.terms import Term

KINDS = {"levers": LEVERS, "assumptions": ASSUMPTIONS}
DEFAULT_HORIZON = 2020


def or_none(value: object) -> object:
    """Take a heading with nothing below it for an empty list."""
    return [] if value is None else value


class Scenario(BaseModel):
    """Levers and assumptions with values.

    Attributes
    ----------
    title : str
    horizon : int
        Last year simulated.
    levers, assumptions : tuple
        Levers add up. Of assumptions about the same thing, such as one for all families and one for people, the last one counts.

    Raises
    ------
    pydantic.ValidationError
        If a value is not allowed, two terms are about the same thing, or links without lag run in a circle.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    title: Text = Field(description="what the scenario is called")
    horizon: Year = Field(DEFAULT_HORIZON, description=f"last year simulated; that of the base, or {DEFAULT_HORIZON}")
    levers: Annotated[tuple[Lever, ...], BeforeValidator(or_none)] = Field((), description="what a planner moves")
    assumptions: Annotated[tuple[Assumption, ...], BeforeValidator(or_none)] = Field((), description="what the modeller supposes")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for section, terms in (("levers", self.levers), ("assumptions", self.assumptions)):
            subjects = [term.subject for term in terms]
            for number, subject in enumerate(subjects):
                first = subjects.index(subject)
                if first < number:
                    raise PydanticCustomError("again", "again", {"section": section, "number": number, "first": first})
        if circle := circle_without_lag(self.assumptions):
            raise PydanticCustomError("circle", "circle", {"section": "assumptions", "number": circle[0], "links": len(circle)})
        return self


class ScenarioFile(Scenario):
    """A scenario as a file states it: what it inherits is not yet put in."""

    base: Text | None = Field(None, description="a preset, or another file relative to this one, that this scenario builds on")

    def upon(self, base: Scenario | None) -> Scenario:
        """Put the terms of the base first; a term of this file replaces that of the base that is about the same thing."""
        if base is None:
            return Scenario(title=self.title, horizon=self.horizon, levers=self.levers, assumptions=self.assumptions)
        return Scenario(
            title=self.title,
            horizon=self.horizon if "horizon" in self.model_fields_set else base.horizon,
            levers=replaced(base.levers, self.levers),
            assumptions=replaced(base.assumptions, self.assumptions),
        )


def replaced(inherited: Sequence[Term], own: Sequence[Term]) -> tuple[Any, ...]:
    """Return the inherited terms that no own one replaces, then the own ones."""
    subjects = {term.subject for term in own}
    return (*(term for term in inherited if term.subject not in subjects), *own)


def circle_without_lag(assumptions: Sequence[Term]) -> list[int]:
    """Return the numbers of links that reach the measure they start from within the same year; nothing could be computed from them."""
    links = {number: one for number, one in enumerate(assumptions) if isinstance(one, Link) and one.lag == 0}
    for start, link in links.items():
        walks = [[start]]
        seen = {start}
        while walks:
            walk = walks.pop()
            reached = links[walk[-1]].subject[2]
            if reached == link.subject[1]:
                return walk
            for number, other in links.items():
                if other.subject[1] == reached and number not in seen:
                    seen.add(number)
                    walks.append([*walk, number])
    return []


def circle_sentence(links: int) -> Sentence:
    """Say what is wrong with such links."""
    return phrased("{links} links without lag run in a circle; give one a lag", links=links)


def scenario_schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file, by which editors complete and check it."""
    schema = ScenarioFile.model_json_schema(by_alias=True)
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": "urn:sourcecast:schema:scenario",
        "title": "Sourcecast scenario",
        "description": "Levers and assumptions with values; docs/scenarios.md says what they mean.",
    }
    return head | {key: value for key, value in schema.items() if key not in head}


BASELINE = Scenario.model_construct(title="Baseline", horizon=DEFAULT_HORIZON)
