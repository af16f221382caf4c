"""What stands in place of withheld odds: how growth went on in the reference class over the span of a target."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from app.language import ENGLISH, Language
from app.numbers import percent
from app.sentences import ELSEWHERE, aim_words
from scenarios import TargetAssessment


def class_headings(language: Language = ENGLISH) -> tuple[str, ...]:
    """Return the headings of `class_rows`."""
    say = language.say
    growth = (say("Slow tenth, middle, fast tenth"), say("Fastest"))
    return (say("Target"), say("By"), say("Needs"), say("Compared with"), say("As fast"), *growth, say("On record"))


def class_name(told: Mapping[str, Any], language: Language) -> str:
    """Name the reference class of a row: 'exports'."""
    name: str = told["of"]
    return language.say(ELSEWHERE[name])


def class_rows(
    assessed: Sequence[TargetAssessment], names: Mapping[str, str], language: Language = ENGLISH
) -> list[tuple[str, ...]]:  # fmt: skip
    """Lay out the reference class of every target whose odds are withheld; a target without a year has a row for each of several lengths."""
    return [
        (
            aim_words(one, names, language),
            str(one.due or "–"),
            "–" if one.required_growth is None else percent(one.required_growth, language),
            language.say_number("{what}, {number} year", "{what}, {number} years", told["years"], what=class_name(told, language)),
            share_words(told["as_fast"], told["episodes"], language),
            f"{told['q10']:.1f} / {told['q50']:.1f} / {percent(told['q90'], language)}",
            percent(told["fastest"], language),
            share_words(one.episodes_as_fast, one.episodes, language),
        )
        for one in assessed
        for told in one.reference_class
    ]


def share_words(as_fast: int | None, of: int | None, language: Language) -> str:
    """Write how many of so many grew as fast: '8 of 4,005'."""
    if not of:
        return "–"
    return language.say("{part} of {whole}", part="–" if as_fast is None else f"{as_fast:,}", whole=f"{of:,}")


def class_table(assessed: Sequence[TargetAssessment], names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Return `class_rows` as a table under its headings."""
    return pd.DataFrame(class_rows(assessed, names, language), columns=list(class_headings(language)))


def class_legend(language: Language = ENGLISH) -> str:
    """Say how the table is read and where its figures are from."""
    return language.say(
        "In place of odds: how growth went on after booms of other countries, in percent a year over as many years as from the last known level "
        "to the due one; without a year over several lengths, beyond 15 years over 15. As fast: how many of those stretches grew as the target "
        "needs; 0 is beyond anything seen there, a dash says that there is nothing to compare. On record: the same of comparable figures of the "
        "documents. Exports stand for contracts and for figures of any other kind, employment by sector for people and firms. Stretches overlap, "
        "and a country is no city. World Bank (World Development Indicators) and GGDC (10-Sector Database), to 2012, without China."
    )
