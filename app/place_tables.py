"""One place as tables: its series, the fan of futures, targets as flags, growth beside that of comparable places, facts and rulings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isnan

import numpy as np
import pandas as pd

from app.language import Language
from app.numbers import MONEY, amount
from app.reasons import reason_words
from app.sentences import PeerRecord, dated_aim, joined
from app.vintages import vintage_of
from data import Catalogue, Fact
from data.records import records
from data.rulings import Ruling, rulings
from forecast import Belief, Prediction, SeriesBelief
from forecast.baselines import growths
from forecast.currency import conversion
from forecast.episodes import episodes_elsewhere
from forecast.routing import POOLED, SIBLINGS
from forecast.series import Floats
from scenarios import TargetAssessment
from scenarios.aims import GROWTH_KINDS, LEVEL_KINDS

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
QUANTILE_NAMES = ("q025", "q10", "q25", "q50", "q75", "q90", "q975")
SHOWN_CURRENCIES = ("USD", "CNY")


@dataclass(frozen=True)
class View:
    """A series as it is shown: in its own currency, or converted by a factor for each year (the last one from then on)."""

    one: SeriesBelief
    unit: str
    factors: Mapping[int, float]

    def factor(self, year: int) -> float:
        """Return units shown per unit of the series in a year."""
        return self.factors.get(year, 1.0)


def places_with_figures(catalogue: Catalogue) -> list[str]:
    """Return the places that have facts or targets, in the order of the table of places."""
    figures = set(catalogue.facts["place"]) | set(catalogue.targets["place"])
    return [place for place in catalogue.places["place"] if place in figures]


def series_of(belief: Belief, place: str, aimed: Sequence[str]) -> list[SeriesBelief]:
    """Return the series of a place: those that targets are measured by first, in that order, then those with more known years."""
    own = [one for one in belief.series if one.key.place == place]
    ranks = {key: rank for rank, key in reversed(list(enumerate(aimed)))}
    return sorted(own, key=lambda one: (ranks.get(str(one.key), len(aimed)), -len(one.series.years), one.key))


def currencies(own: Sequence[SeriesBelief]) -> list[str]:
    """Return the units in which series of one measure and scope can be shown, their own first."""
    units = [one.key.unit for one in own]
    more = SHOWN_CURRENCIES if any(unit in MONEY for unit in units) else ()
    return list(dict.fromkeys((*units, *more)))


def view_in(own: Sequence[SeriesBelief], unit: str, rates: pd.DataFrame, last_year: int) -> View:
    """Show a series in a unit: the series that has it, else the longest one converted at each year's average rate."""
    exact = [one for one in own if one.key.unit == unit]
    if exact:
        return View(exact[0], unit, {})
    longest = max(own, key=lambda one: len(one.series.years))
    factors = {}
    for year in range(longest.series.years[0], last_year + 1):
        rate = conversion(rates, longest.key.unit, unit, until=year)
        if rate is None:
            return View(longest, longest.key.unit, {})
        factors[year] = exp(rate.log_rate)
    return View(longest, unit, factors)


def history_table(view: View) -> pd.DataFrame:
    """Return the known years: columns year, level, low, high (80 % interval), basis (stated or derived)."""
    series = view.one.series
    rows = []
    for column, year in enumerate(series.years):
        low, high = series.interval(year)
        factor = view.factor(year)
        basis = "stated" if series.stated[column] else "derived"
        rows.append((year, factor * series.level(year), factor * low, factor * high, basis))
    return pd.DataFrame(rows, columns=["year", "level", "low", "high", "basis"])


def fan_table(view: View, prediction: Prediction) -> pd.DataFrame:
    """Return the futures: columns year and `QUANTILE_NAMES`; the first row is the last known year."""
    series = view.one.series
    level = view.factor(series.origin) * series.level(series.origin)
    rows = [[series.origin, *[level] * len(QUANTILES)]]
    for year, column in zip(prediction.years, prediction.quantiles(QUANTILES).T, strict=True):
        rows.append([year, *(view.factor(year) * column)])
    return pd.DataFrame(rows, columns=["year", *QUANTILE_NAMES]).astype({"year": int})


def known_legend(language: Language) -> str:
    """Say how the known years of a chart are read."""
    return language.say("Points with bars: known years; the true figure lies within the bar in 80 of 100 cases.")


def fan_legend(language: Language) -> str:
    """Say how the fan of a chart and its known years are read."""
    futures = language.say(
        "Shades: 50, 80 and 95 of 100 possible futures; line: the middle one. Filled triangles: targets with odds; hollow ones: targets without."
    )
    return joined([known_legend(language), futures], language)


def flags(
    assessed: Sequence[TargetAssessment], view: View, belief_of: Callable[[str], Belief], language: Language
) -> pd.DataFrame:  # fmt: skip
    """Return the targets that this series decides: columns year, level, label, odds (whether odds are given).

    An aim of growth or in another currency stands at the level that its odds ask for, reckoned from what was believed in its vintage; its label
    names it as stated.
    """
    rows = []
    for one in assessed:
        if one.due and (level := flagged_level(one, one.due, view, belief_of)) is not None:
            rows.append((one.due, level, flag_label(one, language), one.status == "assessed"))
    return pd.DataFrame(rows, columns=["year", "level", "label", "odds"])


def flagged_level(one: TargetAssessment, due: int, view: View, belief_of: Callable[[str], Belief]) -> float | None:
    """Return where a target stands on the axis of a series; None if the series does not decide it."""
    key = view.one.key
    if one.kind in LEVEL_KINDS and one.value is not None and one.unit in (view.unit, key.unit):
        same = (one.measure, one.scope) == (key.measure, key.scope) or one.assessed_by == str(key)
        return one.value * (1.0 if one.unit == view.unit else view.factor(due)) if same else None
    if one.kind not in (*LEVEL_KINDS, *GROWTH_KINDS) or one.assessed_by != str(key) or one.required_growth is None:
        return None
    basis = belief_of(vintage_of(one)).find(str(key))
    if basis is None:
        return None
    origin = basis.series.origin
    return view.factor(due) * basis.series.level(origin) * (1 + one.required_growth / 100) ** (due - origin)


def flag_label(one: TargetAssessment, language: Language) -> str:
    """Name a target as it is stated, in a word or two."""
    stated = amount(one.value, one.unit, language=language)
    if one.kind == "average_growth":
        return language.say("target {amount} a year", amount=stated)
    return language.say("target {amount}", amount=stated)


def peer_rates(belief: Belief, one: SeriesBelief) -> Floats:
    """Return the growth rates known of all other series of the family, percent a year."""
    panel = [other.series for other in belief.series if other.family == one.family and other.key != one.key]
    if not panel:
        return np.zeros(0)
    return np.asarray(100 * np.expm1(growths(panel, max(series.origin for series in panel))))


def peer_record(belief: Belief, assessment: TargetAssessment) -> PeerRecord | None:
    """Count how often comparable series grew as fast as a target needs; None if no growth is needed of a known series."""
    one = belief.find(assessment.assessed_by) if assessment.assessed_by else None
    if one is None or assessment.required_growth is None or assessment.due is None:
        return None
    rates = peer_rates(belief, one)
    years = assessment.due - one.series.origin
    elsewhere = episodes_elsewhere(belief.family_of(one), years, assessment.required_growth)
    return PeerRecord(int((rates >= assessment.required_growth).sum()), len(rates), years, elsewhere)


def growth_tables(
    assessed: Sequence[tuple[TargetAssessment, Belief]], names: Mapping[str, str], language: Language
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return needed and achieved growth by target (label, needed, had) and the growth of comparable series (label, growth); percent a year."""
    own, peers = [], []
    for target, belief in assessed:
        one = belief.find(target.assessed_by or "")
        if one is None or target.required_growth is None:
            continue
        label = dated_aim(target, names, language)
        own.append((label, target.required_growth, target.observed_growth))
        peers += [(label, float(rate)) for rate in peer_rates(belief, one)]
    return pd.DataFrame(own, columns=["label", "needed", "had"]), pd.DataFrame(peers, columns=["label", "growth"])


def fan_words(fan: pd.DataFrame, history: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Put known years and futures into one table with headings in the language."""
    say = language.say
    known = history.rename(columns={"level": "q50", "low": "q10", "high": "q90"})
    known["basis"] = [say("printed") if basis == "stated" else say("worked out") for basis in known["basis"]]
    future = fan[fan["year"] > history["year"].max()].assign(basis=say("possible future"))
    table = pd.concat([known, future], ignore_index=True)[["year", "basis", "q025", "q10", "q25", "q50", "q75", "q90", "q975"]] \
        if len(future) else known.reindex(columns=["year", "basis", *QUANTILE_NAMES])  # fmt: skip
    heads = {"year": say("Year"), "basis": say("What it is"), "q50": say("middle")}
    heads |= {name: say("{share} of 100 lie below", share=f"{100 * level:g}") for name, level in zip(QUANTILE_NAMES, QUANTILES, strict=True)
              if name != "q50"}  # fmt: skip
    return table.rename(columns=heads)


def history_words(history: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Put known years alone into a table with headings in the language."""
    say = language.say
    basis = [say("printed") if one == "stated" else say("worked out") for one in history["basis"]]
    heads = {"year": say("Year"), "basis": say("What it is"), "level": say("middle")}
    heads |= {name: say("{share} of 100 lie below", share=share) for name, share in (("low", "10"), ("high", "90"))}
    return history.assign(basis=basis)[["year", "basis", "low", "level", "high"]].rename(columns=heads)


def fact_rows(view: View, catalogue: Catalogue, language: Language, *, short: bool = False) -> pd.DataFrame:
    """Return the facts behind a series, and those set aside with the reason: how each is printed and where.

    `short` names a document by its number alone.
    """
    say = language.say
    facts = {fact.fact: fact for fact in records(catalogue.facts, Fact)}
    titles = dict(zip(catalogue.sources["source"], catalogue.sources["title"], strict=True))
    used = [(name, say("used")) for name in view.one.series.facts]
    aside = [
        (name, say("set aside: {reason}", reason=reason_words(reason, language))) for name, reason in view.one.series.set_aside
    ]
    rows = []
    for name, use in [*used, *aside]:
        fact = facts.get(name)
        if fact is None:
            continue
        document = f"{titles[fact.source]} ({fact.source})" if fact.source in titles and not short else fact.source
        rows.append(
            {
                say("Year or years"): fact.period or "–",
                say("Kind"): language.word("kind", fact.kind) if language.knows("kind", fact.kind) else fact.kind.replace("_", " "),
                say("As printed"): fact.printed or amount(fact.value, fact.unit, 6, language),
                say("Document"): document,
                say("Line"): "" if isnan(fact.line) else f"{fact.line:.0f}",
                say("Use"): use,
                say("Note"): fact.note,
            }
        )
    return pd.DataFrame(rows)


def rulings_about(view: View, assessed: Sequence[TargetAssessment], catalogue: Catalogue) -> list[Ruling]:
    """Return the rulings on the facts of a series and on the targets of its place."""
    about = {*view.one.series.facts, *(name for name, _ in view.one.series.set_aside), *(one.target for one in assessed)}
    return [one for one in rulings(catalogue) if one.about in about]


def ruling_sentence(ruling: Ruling, catalogue: Catalogue, language: Language) -> str:
    """Say what was ruled on a figure and why."""
    say = language.say
    figures = catalogue.facts.set_index("fact")["unit"]
    if ruling.verdict == "correct":
        unit = str(figures.get(ruling.about, ""))
        verdict = say("read as {amount}", amount=amount(ruling.corrected_value, unit, 4, language))
    else:
        verdict = {"keep": say("kept"), "exclude": say("set aside"), "widen": say("used with less trust")}[ruling.verdict]
    return say(
        "“{printed}” (document {source}, line {line}): {verdict}. {reason}.", printed=ruling.printed, source=ruling.source, line=ruling.line,
        verdict=verdict, reason=language.word("ruling", ruling.reason).rstrip(".。"),
    )  # fmt: skip


def rest_sentence(model: str, language: Language) -> str:
    """Say what the futures of a series rest on, by the model that `auto` chose."""
    if model == POOLED:
        return language.say("The futures rest on the growth that comparable places share, corrected by the figures of this place.")
    if model == SIBLINGS:
        return language.say(
            "The futures rest on this history itself, on how the same figure grew and varied in other places, and on what many yearly series of "
            "other subjects teach."
        )
    return language.say("The futures rest on this history itself and on what many yearly series of other subjects teach.")
