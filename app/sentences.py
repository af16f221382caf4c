"""What is said about one target, in plain sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.language import ENGLISH, Language, mark
from app.numbers import MONEY, amount, error_in_hundred, in_hundred, percent
from app.reasons import reason_words
from data import Catalogue
from scenarios import TargetAssessment

if TYPE_CHECKING:  # a listing of data needs no forecast
    from forecast.episodes import Elsewhere

ELSEWHERE = {"services": mark("exports"), "people": mark("employment by sector"), "fdi": mark("foreign investment")}
ACRONYMS = {"ito", "bpo", "kpo", "it", "cmm", "cmmi", "cmmi3", "cmmi5", "usd", "cny"}


@dataclass(frozen=True)
class PeerRecord:
    """How many of the yearly growth rates known of comparable series were at least as high as the one needed, over so many years.

    `elsewhere` counts stretches of as many years after booms in other countries.
    """

    as_fast: int
    known: int
    years: int
    elsewhere: "Elsewhere | None" = None


def names_of(catalogue: Catalogue, language: Language) -> dict[str, str]:
    """Return the name of every place and measure in a language; a name that only the user knows is its own."""
    column = "name_zh" if language.code == "zh" else "name_en"
    pairs = [(table[key], table[column]) for key, table in (("place", catalogue.places), ("measure", catalogue.measures))]
    return {key: name or key for keys, names in pairs for key, name in zip(keys, names, strict=True)}


def scope_words(scope: str, language: Language = ENGLISH) -> str:
    """Name a scope: 'offshore ITO'."""
    if language.knows("scope", scope):
        return language.word("scope", scope)
    return " ".join(word.upper() if word in ACRONYMS else word for word in scope.split("_"))


def measure_words(measure: str, scope: str, names: Mapping[str, str], language: Language = ENGLISH) -> str:
    """Name what is counted: 'offshore signed outsourcing contracts'."""
    name = names.get(measure, measure.replace("_", " "))
    return name if scope == "total" else language.say("{scope} {measure}", scope=scope_words(scope, language), measure=name)


def series_words(key: str, names: Mapping[str, str], language: Language = ENGLISH) -> str:
    """Name a series by its key: "Xi'an, outsourcing exports (USD)"."""
    return named_series(*key.split("|"), names=names, language=language)


def named_series(
    place: str, measure: str, scope: str, unit: str, *, names: Mapping[str, str], language: Language = ENGLISH
) -> str:  # fmt: skip
    """Name a series by the parts of its key, which may hold any sign."""
    what = measure_words(measure, scope, names, language)
    if unit in MONEY:
        return language.say("{place}, {measure} ({unit})", place=names.get(place, place), measure=what, unit=unit)
    return language.say("{place}, {measure}", place=names.get(place, place), measure=what)


def aim_words(assessment: TargetAssessment, names: Mapping[str, str], language: Language = ENGLISH) -> str:
    """Say what is aimed at: 'USD 15 billion of signed outsourcing contracts'."""
    what = measure_words(assessment.measure, assessment.scope, names, language)
    if assessment.value is None:
        return what
    value = amount(assessment.value, assessment.unit, language=language)
    if assessment.value_high is not None:
        value = language.say("{low} to {high}", low=value, high=amount(assessment.value_high, assessment.unit, language=language))
    if assessment.kind == "average_growth":
        return language.say("{value} average growth a year of {measure}", value=value, measure=what)
    if assessment.kind == "multiple":
        return language.say("a {times}-fold rise of {measure}", times=f"{assessment.value:g}", measure=what)
    if assessment.kind == "rank" and not assessment.measure.endswith("_rank"):  # the name of others says that it is one
        return language.say("rank {place} in {measure}", place=f"{assessment.value:g}", measure=what)
    if assessment.kind == "cumulative":
        return language.say("{value} of {measure}, over the years", value=value, measure=what)
    if assessment.kind == "share":
        return language.say("a share of {value} in {measure}", value=value, measure=what)
    if assessment.unit in MONEY:
        return language.say("{value} of {measure}", value=value, measure=what)
    return language.say("{value} {measure}", value=value + counter_word(assessment, what, language), measure=what)


def counter_word(assessment: TargetAssessment, what: str, language: Language) -> str:
    """Return the word that Chinese puts behind a number of things."""
    if language.code != "zh" or assessment.unit != "count":
        return ""
    return "家" if what.endswith("企业") else "个"


def dated_aim(assessment: TargetAssessment, names: Mapping[str, str], language: Language = ENGLISH) -> str:
    """Say what is aimed at and by when."""
    aim = aim_words(assessment, names, language)
    return language.say("{aim} by {year}", aim=aim, year=assessment.due) if assessment.due else aim


def target_sentence(assessment: TargetAssessment, names: Mapping[str, str], language: Language = ENGLISH) -> str:
    """Tell the odds of a target with both uncertainties, or why no odds are given."""
    aim = dated_aim(assessment, names, language)
    place = names.get(assessment.place, assessment.place)
    if assessment.status != "assessed" or assessment.probability is None:
        reason = reason_words(plain_reason(assessment.reason), language)
        return language.say("{place}, {aim}: no odds are given: {reason}.", place=place, aim=aim, reason=reason)
    low, high = in_hundred(assessment.probability_low or 0.0), in_hundred(assessment.probability_high or 0.0)
    if assessment.data_weight == 0:
        return language.say(
            "{place} meets {aim} in {low} to {high} of 100 simulated futures, depending on how growth is assumed to go on. Only a range is "
            "given: one year is known of this figure, so its growth is that of comparable places.",
            place=place, aim=aim, low=low, high=high,
        )  # fmt: skip
    return language.say(
        "{place} meets {aim} in {odds} of 100 simulated futures. Other plausible assumptions about growth give {low} to {high}; the number "
        "of simulated futures alone leaves ±{error}.",
        place=place, aim=aim, odds=in_hundred(assessment.probability), low=low, high=high,
        error=error_in_hundred(assessment.probability_error or 0.0),
    )  # fmt: skip


def growth_sentence(assessment: TargetAssessment, language: Language = ENGLISH) -> str:
    """Set the growth that a target needs against the growth achieved last."""
    needs = percent(assessment.required_growth, language)
    if assessment.observed_growth is None:
        said = language.say("It needs {needs} growth a year; no growth of its own is known.", needs=needs)
    else:
        had = percent(assessment.observed_growth, language)
        said = language.say("It needs {needs} growth a year; the last known growth was {had}.", needs=needs, had=had)
    stale = language.say("The last known figure was more than two years old when the target was stated.")
    return joined([said, stale] if assessment.stale else [said], language)


def peer_sentence(record: PeerRecord, language: Language = ENGLISH) -> str:
    """Say how often comparable places grew as fast as needed."""
    if not record.known:
        return language.say("No growth of comparable places is known.")
    said = language.say(
        "Of {known} growth rates known of comparable figures, {as_fast} were at least as high.",
        known=record.known,
        as_fast=record.as_fast,
    )
    if record.years < 2:
        return said
    kept = language.say("Most are of a single year; here it takes {years} years in a row.", years=record.years)
    return joined([said, kept], language)


def elsewhere_sentence(record: PeerRecord, language: Language = ENGLISH) -> str:
    """Say how often growth went on as fast after booms in other countries."""
    found = record.elsewhere
    if found is None:
        return ""
    if record.years == 1:
        return language.say(
            "Elsewhere, in the year after a boom ({what} of other countries): {as_fast} of {episodes} grew as fast.",
            what=language.say(ELSEWHERE[found.of]), as_fast=found.as_fast, episodes=found.episodes,
        )  # fmt: skip
    return language.say(
        "Elsewhere, in the {years} years after a boom ({what} of other countries): {as_fast} of {episodes} grew as fast on average.",
        years=record.years, what=language.say(ELSEWHERE[found.of]), as_fast=found.as_fast, episodes=found.episodes,
    )  # fmt: skip


def effort_sentence(assessment: TargetAssessment, language: Language = ENGLISH) -> str:
    """Say how much more growth would make a target as likely as not, and likely."""
    even, likely = assessment.extra_growth_50, assessment.extra_growth_80
    if even is None or likely is None:
        return ""
    if likely == 0:
        return language.say("It is met in more than 80 of 100 futures without any more growth.")
    if even == 0:
        return language.say(
            "It is likelier than not; {points} percentage points more growth each year would make it 80 of 100.",
            points=f"{likely:.1f}",
        )
    return language.say(
        "{even} percentage points more growth each year would make it 50 of 100, {likely} points 80 of 100.",
        even=f"{even:.1f}", likely=f"{likely:.1f}",
    )  # fmt: skip


def weight_sentence(assessment: TargetAssessment, language: Language = ENGLISH) -> str:
    """Say how much the place's own figures tell."""
    if not assessment.data_weight:
        return ""
    if assessment.data_weight == 1:
        return language.say("Its growth is forecast from its own figures; no other place enters.")
    share = f"{100 * assessment.data_weight:.0f}"
    return language.say(
        "Its own figures settle {share} of 100 parts of what is open about its growth; the rest is taken from comparable places.",
        share=share,
    )


def basis_sentence(
    assessment: TargetAssessment, names: Mapping[str, str], titles: Mapping[str, str], language: Language = ENGLISH
) -> str:
    """Say where a target is printed, which series measures it and how it was read."""
    title = titles.get(assessment.source, "")
    document = language.say("{title} (document {number})", title=title, number=assessment.source) if title else assessment.source
    parts = [
        language.say(
            "Printed “{text}” in {document}, line {line}.", text=assessment.printed, document=document, line=assessment.line
        )
    ]
    if not assessment.printed:  # a user's own
        parts = [language.say("From {document}, row {line}.", document=document, line=assessment.line)]
    if assessment.assessed_by:
        series = series_words(assessment.assessed_by, names, language)
        if assessment.match == "proxy":
            parts.append(language.say("Measured by {series}, the nearest figure there is.", series=series))
        else:
            parts.append(language.say("Measured by {series}.", series=series))
    if assessment.status == "assessed" and assessment.reason:
        reason = reason_words(assessment.reason.rstrip("."), language)
        parts.append(f"{reason[0].upper()}{reason[1:]}{'。' if language.code == 'zh' else '.'}")
    for other in assessment.alternatives:
        series = series_words(str(other["assessed_by"]), names, language)
        odds = in_hundred(float(other["probability"]))
        parts.append(language.say("Measured by {series} it would be {odds} of 100.", series=series, odds=odds))
    if assessment.source_change is not None and assessment.source_dropped and abs(assessment.source_change) >= 0.1:
        change = f"{100 * assessment.source_change:+.0f}"
        dropped = assessment.source_dropped
        parts.append(
            language.say("Without document {source} the odds would change by {change} of 100.", source=dropped, change=change)
            if dropped in titles
            else language.say(
                "Without the figure {source} the odds would change by {change} of 100.", source=dropped, change=change
            )
        )
    return joined(parts, language)


def joined(sentences: list[str], language: Language) -> str:
    """Put sentences behind each other."""
    return ("" if language.code == "zh" else " ").join(one for one in sentences if one)


def plain_reason(reason: str | None) -> str:
    """Fit a reason into a sentence."""
    return (reason or "no series measures it").rstrip(".")
