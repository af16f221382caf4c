"""All stated targets as tables: the league of those with odds, the places for the map, and what has no odds, by reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import pandas as pd

from app.language import Language, mark
from app.numbers import error_in_hundred, in_hundred, percent
from app.odds_pictures import odds_picture
from app.reasons import HEADINGS, reason_words
from app.sentences import aim_words, dated_aim, plain_reason
from data import Catalogue
from scenarios import TargetAssessment

STATUSES = {"assessed": mark("With odds"), "without": mark("Without odds")}
ORDERS = {"likely": mark("Likeliest first"), "unlikely": mark("Least likely first"), "place": mark("By place")}


@dataclass(frozen=True)
class Choice:
    """Which targets are shown; empty means all."""

    places: Sequence[str] = ()
    measures: Sequence[str] = ()
    years: Sequence[str] = ()
    status: str = ""

    def takes(self, one: TargetAssessment) -> bool:
        """Tell whether a target is among those chosen."""
        return (
            (not self.places or one.place in self.places)
            and (not self.measures or one.measure in self.measures)
            and (not self.years or str(one.due) in self.years)
            and (not self.status or (self.status == "assessed") == (one.status == "assessed"))
        )


def ordered(assessed: Sequence[TargetAssessment], order: str) -> list[TargetAssessment]:
    """Order targets that have odds."""
    with_odds = [one for one in assessed if one.status == "assessed" and one.probability is not None]
    if order == "place":
        return sorted(with_odds, key=lambda one: (one.place, one.due or 0, one.target))
    return sorted(with_odds, key=lambda one: (one.probability or 0.0, one.target), reverse=order == "likely")


def odds_words(one: TargetAssessment) -> str:
    """Write the odds of a target in futures of a hundred, a range where only that is known."""
    if one.data_weight == 0:
        return range_words(one)
    return f"{in_hundred(one.probability or 0.0)} ±{error_in_hundred(one.probability_error or 0.0)}"


def range_words(one: TargetAssessment) -> str:
    """Write how the odds vary with the assumptions."""
    return f"{in_hundred(one.probability_low or 0.0)}–{in_hundred(one.probability_high or 0.0)}"


def league_table(rows: Sequence[TargetAssessment], names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Lay targets with odds out as rows; the columns are headings in the language, `picture` draws the odds."""
    say = language.say
    return pd.DataFrame(
        [
            {
                say("Place"): names.get(one.place, one.place),
                say("Target"): dated_aim(one, names, language),
                say("Odds in 100"): odds_words(one),
                say("0 · · · 50 · · · 100"): odds_picture(one),
                say("By"): str(one.due),
                say("Range"): range_words(one),
                say("Growth needed"): percent(one.required_growth, language),
                say("Growth last"): percent(one.observed_growth, language),
            }
            for one in rows
        ]
    )


def league_rows(rows: Sequence[TargetAssessment], names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Lay the same targets out for the chart: columns label, place, low, high, odds (NaN where only a range is known), words."""
    return pd.DataFrame(
        [
            {
                "label": f"{names.get(one.place, one.place)} {one.due}: {aim_words(one, names, language)}",
                "low": one.probability_low,
                "high": one.probability_high,
                "odds": None if one.data_weight == 0 else one.probability,
                "words": odds_words(one),
            }
            for one in rows
        ],
        columns=["label", "low", "high", "odds", "words"],
    )


def place_rows(chosen: Sequence[TargetAssessment], catalogue: Catalogue, names: Mapping[str, str]) -> pd.DataFrame:
    """Sum the chosen targets up by place for the map.

    Returns
    -------
    DataFrame
        Columns place, name, kind, longitude, latitude, targets, assessed, own (whether one has growth of its own), low, high
        (means of the ranges; NaN without odds), odds (mean).
        Places without coordinates are left out.
    """
    rows = []
    for row in catalogue.places.to_dict("records"):
        own = [one for one in chosen if one.place == row["place"]]
        if not own or pd.isna(row["latitude"]) or pd.isna(row["longitude"]):
            continue
        odds = [one for one in own if one.status == "assessed" and one.probability is not None]
        means = {
            name: sum(getattr(one, field) for one in odds) / len(odds) if odds else float("nan")
            for name, field in (("low", "probability_low"), ("high", "probability_high"), ("odds", "probability"))
        }
        place = {"place": row["place"], "name": names.get(row["place"], row["place"]), "kind": row["kind"]}
        where = {"longitude": row["longitude"], "latitude": row["latitude"]}
        rows.append(
            place | where | {"targets": len(own), "assessed": len(odds), "own": any(one.data_weight for one in odds)} | means
        )
    columns = ["place", "name", "kind", "longitude", "latitude", "targets", "assessed", "own", "low", "high", "odds"]
    return pd.DataFrame(rows, columns=columns)


def map_table(places: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Say what the map shows, in words."""
    say = language.say
    odds = [mean_range(low, high, language) for low, high in zip(places["low"], places["high"], strict=True)]
    return pd.DataFrame(
        {
            say("Place"): places["name"],
            say("Targets stated"): places["targets"],
            say("With odds"): places["assessed"],
            say("Odds in 100, on average"): odds,
        }
    )


def mean_range(low: float, high: float, language: Language) -> str:
    """Write the mean range of the odds of a place, 'none' where it has none."""
    return language.say("none") if isnan(low) else f"{in_hundred(low)}–{in_hundred(high)}"


def without_odds(
    chosen: Sequence[TargetAssessment], names: Mapping[str, str], language: Language
) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Group what has no odds: heading -> reason -> targets, the commonest reason first."""
    groups = []
    for status, heading in HEADINGS.items():
        reasons: dict[str, list[str]] = {}
        for one in chosen:
            if one.status == status:
                year = f", {one.due}" if one.due else ""
                target = f"{names.get(one.place, one.place)}: {aim_words(one, names, language)}{year}"
                reasons.setdefault(reason_words(plain_reason(one.reason), language), []).append(target)
        if reasons:
            groups.append((language.say(heading), sorted(reasons.items(), key=lambda pair: -len(pair[1]))))
    return groups
