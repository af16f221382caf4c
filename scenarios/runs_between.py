"""Runs that lie between two others, such as the old scenario on the new facts, computed where the program at hand can compute them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from data import InputFault
from scenarios.batch import Batch, Request, content_of_scenario
from scenarios.fields import ALL
from scenarios.run_data import data_of
from scenarios.run_making import in_this_process, make_run
from scenarios.run_manifest import Values, program
from scenarios.run_store import Manifest, Store
from scenarios.scenario import Scenario

AGAIN = "the same command"
ANOTHER_PROGRAM = "the program, platform and libraries at hand computed neither of them, and others cannot be run again"


@dataclass(frozen=True)
class Span:
    """Two runs, the titles of the scenarios (in each) and the models whose change is to be split, and the causes among which it is."""

    before: Manifest
    after: Manifest
    scenarios: Sequence[tuple[str, str]]
    models: Sequence[str]
    causes: Sequence[str]


def lay_between(store: Store, span: Span, progress: Callable[[float], None] | None = None) -> str:
    """Compute the runs that lead from one to the other in steps of one cause each, and keep them; returns why not, nothing if done.

    The program at hand computed one of the two: the step to or from the other program is taken where the other run stands, so that all that lies
    between is computed here.
    """
    order = order_of_steps(span)
    if not order:
        return ANOTHER_PROGRAM
    if not all(shared(span.before, span.after, what) for what in ("places", "measures")):
        return "they have no series in common"
    try:
        requests = [(span_end(span, order[:count], "data"), request_between(span, order[:count])) for count in range(1, len(order))]
        for number, (facts, request) in enumerate(requests):

            def so_far(share: float, number: int = number) -> None:
                if progress:
                    progress((number + share) / len(requests))

            catalogue = data_of(store.folder / facts["run"], facts)
            make_run(store, catalogue, request, in_this_process(), resume=True, again=AGAIN, progress=so_far)
    except InputFault as fault:
        return str(fault)
    return ""


def order_of_steps(span: Span) -> list[str]:
    """Return the causes in an order in which all that lies between is of the program at hand; nothing if there is none."""
    ours = program()
    by_us = [end for end in (span.before, span.after) if computed_by(end) == ours]
    if not by_us:
        return []
    others = [cause for cause in span.causes if cause != "model"]
    if "model" not in span.causes:
        return others
    return ["model", *others] if by_us == [span.after] else [*others, "model"]


def computed_by(manifest: Manifest) -> Values:
    """Return what computed a run."""
    return {name: manifest[name] for name in ("model", "platform")}


def span_end(span: Span, taken: Sequence[str], cause: str) -> Manifest:
    """Return the run from which a cause is, once some steps are taken."""
    return span.after if cause in taken else span.before


def request_between(span: Span, taken: Sequence[str]) -> Request:
    """Ask for what both runs tell of, with what the steps taken so far have changed.

    Raises
    ------
    InputFault
        If a scenario is not one that this program reads.
    """
    facts, simulated, stated = (span_end(span, taken, cause)["request"] for cause in ("data", "simulation", "scenario"))
    titles = [pair[stated is span.after["request"]] for pair in span.scenarios]
    contents = {one["title"]: one for one in stated["scenarios"]}
    batch = Batch.model_construct(  # all of it stood in a batch that was checked
        title=f"Between {span.before['run']} and {span.after['run']}",
        places=shared(span.before, span.after, "places"),
        measures=shared(span.before, span.after, "measures"),
        models=tuple(span.models),
        horizon=span.before["request"]["horizon"],
        vintage=facts["vintage"],
        paths=simulated["paths"],
        seed=simulated["seed"],
    )
    return Request(batch, tuple(scenario_of(contents[title]) for title in titles))


def shared(before: Manifest, after: Manifest, what: str) -> tuple[str, ...]:
    """Return the places, or measures, that both runs are about."""
    ends = [tuple(end["request"][what]) for end in (before, after)]
    bounded = [end for end in ends if end != ALL]
    return tuple(name for name in bounded[0] if all(name in end for end in bounded)) if bounded else ALL


def scenario_of(content: Mapping[str, object]) -> Scenario:
    """Return the scenario that a manifest holds.

    Raises
    ------
    InputFault
        If this program reads something else in it, or nothing.
    """
    try:
        found = Scenario.model_validate(with_years(content))
    except ValidationError:
        found = None
    if found is None or json.loads(json.dumps(content_of_scenario(found))) != content:
        raise InputFault(f"the scenario {content['title']!r} was kept by a program that reads scenarios differently")
    return found


def with_years(value: object) -> object:
    """Make numbers of the years that are keys, which JSON holds as texts."""
    if isinstance(value, dict):
        return {int(key) if str(key).isdigit() else key: with_years(one) for key, one in value.items()}
    return [with_years(one) for one in value] if isinstance(value, list) else value
