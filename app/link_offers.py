"""What the cities say of a link from the measure at hand to another of its place, offered on the page What-if and never imposed."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from app.language import Language
from app.sentences import measure_words
from scenarios import LinkEstimate, Scenario
from scenarios.assumptions import Link
from scenarios.scenario import replaced
from scenarios.terms import Term

LAG = 1  # years; the cross-section says nothing of it


def followers(scenario: Scenario, measure: str, others: Sequence[str]) -> list[str]:
    """Return the measures that a link may lead to: others, but for those whose links lead back to the measure, for links run in no circle."""
    links = [(one.from_measure, one.to_measure) for one in scenario.assumptions if isinstance(one, Link)]
    leading = {measure}
    while before := {start for start, end in links if end in leading} - leading:
        leading |= before
    return [one for one in dict.fromkeys(others) if one not in leading]


def offered_link(offer: LinkEstimate) -> Link | None:
    """Return an estimate as an assumption, None where so wide a distribution is not allowed."""
    amount = {"normal": [round(offer.elasticity, 2), round(offer.error, 2)]}
    try:
        return Link.model_validate({"from": offer.from_measure, "to": offer.to_measure, "elasticity": amount, "lag": LAG})
    except ValidationError:
        return None


def with_link(scenario: Scenario, link: Term) -> Scenario:
    """Return a scenario with a link, in the place of one between the same measures."""
    return Scenario(
        title=scenario.title,
        horizon=scenario.horizon,
        levers=scenario.levers,
        assumptions=replaced(scenario.assumptions, (link,)),
    )


def offer_sentence(offer: LinkEstimate, names: Mapping[str, str], spoken: Language) -> str:
    """Tell an estimate with its error and its cities, and what it does not say."""
    years = f"{offer.first_year}–{offer.last_year}" if offer.first_year < offer.last_year else f"{offer.last_year}"
    return spoken.say(
        "{cities} cities, figures of {years}: where there is one percent more of {source}, there is {elasticity} ± {error} percent more of {target}. "
        "That is what goes together, not what would follow: a city may have more of both for reasons of its own.",
        cities=len(offer.cities), years=years, elasticity=f"{offer.elasticity:.2f}", error=f"{offer.error:.2f}",
        source=measure_words(offer.from_measure, "total", names, spoken), target=measure_words(offer.to_measure, offer.scope, names, spoken),
    )  # fmt: skip
