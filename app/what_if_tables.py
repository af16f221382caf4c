"""What a scenario changes, as tables and sentences: odds before and after, the fan beside the baseline, and the part of each term."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from app.comparison_tables import NEGLIGIBLE, signed
from app.drawings import Columns
from app.language import Language, mark
from app.numbers import error_in_hundred, in_hundred
from app.sentences import dated_aim, scope_words, series_words
from data.sentences import pattern_of
from scenarios import Comparison, Scenario, TargetAssessment
from scenarios.fields import ALL
from scenarios.level_table import Futures
from scenarios.terms import Term

SHOWN_QUANTILES = ("q10", "q25", "q50", "q75", "q90")
PRESET_TITLES = {
    "baseline": mark("Baseline"),
    "stagnation": mark("Stagnation"),
    "strong-renminbi": mark("Strong renminbi"),
    "talent-push": mark("Talent push"),
    "best-peer": mark("As the best peers"),
    "back-to-trend": mark("Back to trend"),
}
OUTSIDE = mark(
    "levers on {series}: up to {growth} % growth in {year} is expected with them; 5 to 95 % of the {rates} growth rates on record of the "
    "family {family} lie from {low} to {high} %"
)
UNREACHED = mark("{term} does not reach {series}: growth there is not pooled with that of other places")
MORE = re.compile(r"(.+) and (\d+) more series")


def aim_of(one: Comparison, assessed: Mapping[str, TargetAssessment], names: Mapping[str, str], language: Language) -> str:
    """Say what is aimed at and by when, as the scenario moves it."""
    return dated_aim(replace(assessed[one.target], value=one.value, due=one.due), names, language)


def odds_table(
    compared: Sequence[Comparison], assessed: Mapping[str, TargetAssessment], names: Mapping[str, str], language: Language
) -> pd.DataFrame:
    """Return the odds before and after: columns label, before, after, change, error (of a hundred; before and after NaN where one year is known).

    Targets without odds under the scenario are left out.
    """
    rows = []
    for one in compared:
        if one.difference is None or one.probability is None or one.baseline is None:
            continue
        ends = (100 * one.baseline, 100 * one.probability) if one.data_weight else (None, None)
        error = None if one.difference_error is None else 100 * one.difference_error
        rows.append((aim_of(one, assessed, names, language), *ends, 100 * one.difference, error))
    labels, *numbers = zip(*rows, strict=True) if rows else [()] * 5
    return pd.DataFrame(
        {"label": list(labels)}
        | {name: np.array(column, float) for name, column in zip(("before", "after", "change", "error"), numbers, strict=True)}
    )


def odds_words(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Put the odds under headings in the language."""
    say = language.say
    heads = {
        "label": say("Target"),
        "before": say("Baseline"),
        "after": say("Scenario"),
        "change": say("Change"),
        "error": say("Error ±"),
    }
    return table.rename(columns=heads).round(2)


def change_sentence(one: Comparison, aim: str, language: Language) -> str:
    """Tell the odds of a target before and after with the paired difference; only this where one year alone is known of it."""
    if one.difference is None or one.probability is None or one.baseline is None:
        return language.say("{aim}: no odds are given under this scenario.", aim=aim)
    change, error = signed(one.difference), error_in_hundred(one.difference_error or 0.0)
    if not one.data_weight:
        return language.say(
            "{aim}: **{change}** of 100 futures (±{error}). One year is known of this figure, so only the change is given.",
            aim=aim, change=change, error=error,
        )  # fmt: skip
    return language.say(
        "{aim}: {before} → **{after}** of 100 futures, a change of **{change}** (±{error}).",
        aim=aim, before=in_hundred(one.baseline), after=in_hundred(one.probability), change=change, error=error,
    )  # fmt: skip


def levels_table(rows: Sequence[Mapping[str, object]], measure: str, scope: str, unit: str) -> pd.DataFrame:
    """Return the simulated levels of one series: columns year and `SHOWN_QUANTILES`."""
    own = [row for row in rows if (row["measure"], row["scope"], row["unit"]) == (measure, scope, unit)]
    table = pd.DataFrame(
        [[row["period"], *(row[name] for name in SHOWN_QUANTILES)] for row in own], columns=["year", *SHOWN_QUANTILES]
    )
    return table.astype({"year": int, **dict.fromkeys(SHOWN_QUANTILES, float)})


def from_last_known(levels: pd.DataFrame, year: int, level: float) -> pd.DataFrame:
    """Begin the futures at the last known year."""
    start = pd.DataFrame([[year, *[level] * len(SHOWN_QUANTILES)]], columns=levels.columns)
    return pd.concat([start, levels], ignore_index=True)


def fan_columns(futures: Futures, origin: int, level: float) -> dict[str, list[float]]:
    """Return the futures as columns year, q10, q50, q90, from the last known year on."""
    quantiles = np.vstack([np.full(3, level), futures.quantiles])
    return {"year": [origin, *futures.years], **dict(zip(("q10", "q50", "q90"), quantiles.T.tolist(), strict=True))}


def fans_words(before: Columns, after: Columns, language: Language) -> pd.DataFrame:
    """Put the years to come of both fans beside each other under headings in the language."""
    say = language.say
    parts = {say("Year"): before["year"][1:]}
    for head, table in ((say("Baseline"), before), (say("Scenario"), after)):
        for name, words in (("q10", "10 %"), ("q50", "50 %"), ("q90", "90 %")):
            parts[f"{head}, {words}"] = table[name][1:]
    return pd.DataFrame(parts).round(0)


def parts_table(
    compared: Sequence[Comparison],
    scenario: Scenario,
    assessed: Mapping[str, TargetAssessment],
    names: Mapping[str, str],
    language: Language,
) -> pd.DataFrame:
    """Return the part of each term in the change of each target: columns target, term, part, error (of a hundred).

    Empty unless two terms or more do something to one target; what a target does not feel is left out.
    """
    terms = (*scenario.levers, *scenario.assumptions)
    rows = []
    for one in compared:
        felt = [(term, part) for term, part in zip(terms, one.parts, strict=False) if abs(part.part) >= NEGLIGIBLE]
        if len(felt) > 1:
            aim = aim_of(one, assessed, names, language)
            rows += [(aim, term_words(term, names, language), 100 * part.part, 100 * part.error) for term, part in felt]
    return pd.DataFrame(rows, columns=["target", "term", "part", "error"])


def parts_words(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Put the parts under headings in the language, rounded as sentences tell changes."""
    say = language.say
    heads = {
        "target": say("Target"),
        "term": say("Lever or assumption"),
        "part": say("Part of the change"),
        "error": say("Error ±"),
    }
    return table.rename(columns=heads).round(1)


def lines_table(
    compared: Sequence[Comparison], assessed: Mapping[str, TargetAssessment], names: Mapping[str, str], language: Language
) -> pd.DataFrame:
    """Return the odds under assumptions and levers, apart and together: columns label, baseline, assumed, levers, both (of a hundred).

    Empty unless the scenario has levers and assumptions; targets of which one year is known are left out.
    """
    rows = [
        (
            aim_of(one, assessed, names, language),
            *(100 * line for line in (one.baseline, one.baseline_assumed, one.levers_alone, one.probability) if line is not None),
        )
        for one in compared
        if one.data_weight
    ]
    full = [row for row in rows if len(row) == 5]
    return pd.DataFrame(full, columns=["label", "baseline", "assumed", "levers", "both"])


def lines_words(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Put the four lines under headings in the language, rounded to what matters."""
    say = language.say
    heads = {
        "label": say("Target"),
        "baseline": say("Baseline"),
        "assumed": say("Assumptions alone"),
        "levers": say("Levers alone"),
        "both": say("Both"),
    }
    return table.rename(columns=heads).round(1)


def term_words(term: Term, names: Mapping[str, str], language: Language) -> str:
    """Name a lever or assumption and what it is about: 'growth: Suzhou, FDI, 2013–2016'."""
    kind = language.word("term", term.kind).replace("_", " ")
    about = [said for name in term.address if (said := words_of(name, getattr(term, name), names, language))]
    comma = "，" if language.code == "zh" else ", "
    return language.say("{term}: {about}", term=kind, about=comma.join(about)) if about else kind


def full_words(term: Term, names: Mapping[str, str], language: Language) -> str:
    """Name a lever or assumption with its amounts: 'growth: Suzhou, FDI, 2013–2016 (points 5)'."""
    what, amounts = term_words(term, names, language), amount_words(term, language)
    return language.say("{term} ({amounts})", term=what, amounts=amounts) if amounts else what


def amount_words(term: Term, language: Language) -> str:
    """Tell the amounts of a lever or assumption as a file states them: 'points 5, ramp 2'."""
    stated = term.model_dump(by_alias=True, exclude_defaults=True, exclude=set(term.address))
    comma = "，" if language.code == "zh" else ", "
    return comma.join(f"{language.word('field', name).replace('_', ' ')} {written(value)}" for name, value in stated.items())


def written(value: object) -> str:
    """Write a value of a file: a distribution by its name and numbers, a path by its years."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {written(one)}" for name, one in value.items())
    if isinstance(value, float | int):
        return f"{value:,.10g}"
    return "[" + ", ".join(map(written, value)) + "]" if isinstance(value, list | tuple) else str(value)


def words_of(field: str, value: object, names: Mapping[str, str], language: Language) -> str:
    """Name what a term is about in one of its fields; nothing for all."""
    if value in ("all", ALL):
        return ""
    if field == "years" and isinstance(value, tuple):
        return f"{value[0]}–{value[1]}" if value[1] else language.say("from {year}", year=value[0])
    if field == "scope":
        return scope_words(str(value), language)
    several = value if isinstance(value, tuple) else (value,)
    if field == "families":
        return "/".join(language.word("family", str(one)) for one in several)
    return "/".join(names.get(str(one), str(one)) for one in several)


def warning_words(sentence: str, names: Mapping[str, str], language: Language) -> str:
    """Say a warning in the language: a lever leads out of the record, or an assumption does not reach a series."""
    for template in (OUTSIDE, UNREACHED):
        if found := re.fullmatch(pattern_of(template), sentence):
            values = found.groupdict()
            more = MORE.fullmatch(values["series"])
            series = series_words(more[1] if more else values["series"], names, language)
            if more:
                series = language.say("{series} and {number} more series", series=series, number=more[2])
            values |= {name: language.word(name, values[name]) for name in ("family", "term") if name in values}
            return language.say(template, **values | {"series": series})
    return sentence
