"""What sensitivity speaks of, in the language of the reader: things are known by their pattern, as reasons are, or by the scenario."""

import re
from collections.abc import Mapping

from app.language import Language, mark
from app.what_if_tables import term_words
from data.sentences import pattern_of
from scenarios import Scenario
from scenarios.comparison import term_name
from scenarios.distributions import distributions

# What scenarios say, with families, places and years left open.
THINGS = (
    mark("long-run growth of the {family} family"),
    mark("boom of the {family} family in {year}"),
    mark("lasting lead of {place} over its family"),
    mark("passing lead of {place} in {year}"),
    mark("long-run growth of {place}"),
    mark("passing growth of {place} in {year}"),
    mark("underlying level of {year}"),
    mark("share of a boom of the {family} family left after a year"),
    mark("share of a passing lead left after a year"),
    mark("spread of the yearly leads of {place}"),
    mark("share of passing growth left after a year"),
    mark("spread of the yearly growth of {place}"),
    mark("shocks to the {family} family up to {year}"),
    mark("own shocks to {place} up to {year}"),
    mark("what passes of the figure of {year}"),
    mark("exchange rate of {year}"),
    mark("exchange rate"),
    mark("what is believed of the {family} family"),
    mark("shocks to the {family} family"),
    mark("what is believed of the series"),
    mark("own shocks of the series"),
    mark("whether the {year} shock happens"),
    mark("growth of the {family} family in {years}"),
    mark("lead of {place} over its family in {years}"),
    mark("growth of {place} in {years}"),
    mark("% a year"),
    mark("% of the level"),
    mark("share"),
)
PATTERNS = tuple((text, re.compile(pattern_of(text))) for text in THINGS)


def with_terms(names: Mapping[str, str], scenario: Scenario, language: Language) -> dict[str, str]:
    """Return names with those of the levers and assumptions of a scenario and of their distributions."""
    said = dict(names)
    for term in (*scenario.levers, *scenario.assumptions):
        said[term_name(term)] = term_words(term, names, language)
    for one in distributions(scenario):
        field = language.word("field", one.field).replace("_", " ")
        said[one.words] = language.say("{term} ({amounts})", term=term_words(one.term, names, language), amounts=field)
    return said


def thing_words(thing: str, names: Mapping[str, str], language: Language) -> str:
    """Say a thing, a group or a unit; `names` are those of places, and of terms (`with_terms`). What has neither stays as it is."""
    for text, pattern in PATTERNS:
        if found := pattern.fullmatch(thing):
            values = found.groupdict()
            if "place" in values:
                values["place"] = names.get(values["place"], values["place"])
            if "family" in values:
                values["family"] = language.word("family", values["family"])
            if "years" in values:
                low, to, high = values["years"].partition(" to ")
                values["years"] = language.say("{low} to {high}", low=low, high=high) if to else low
            return language.say(text, **values) if values else language.say(text)
    return names.get(thing, thing)
