"""One place: what is known, the fan to 2020, the targets as marks, a sentence for each, one lever."""

import pandas as pd
import streamlit as st

from app.cached_runs import HORIZON, catalogue, place_outcomes, place_targets
from app.charts import fan_chart
from app.fact_tables import known_levels
from app.numbers import amount, in_hundred
from app.sentences import measure_words, series_words, target_sentence
from forecast import SeriesBelief
from scenarios import Outcomes, TargetAssessment

MONEY = ("USD", "CNY", "HKD")
QUANTILES = (5, 10, 25, 50, 75, 90, 95)


def places_with_figures() -> list[str]:
    known = catalogue()
    figures = set(known.facts["place"]) | set(known.targets["place"])
    return [place for place in known.places["place"] if place in figures]


def series_label(one: SeriesBelief, names: dict[str, str]) -> str:
    what = measure_words(one.key.measure, one.key.scope, names)
    return f"{what} ({one.key.unit})" if one.key.unit in MONEY else what


def fan_table(outcomes: Outcomes, baseline: Outcomes, one: SeriesBelief) -> pd.DataFrame:
    key, origin = str(one.key), one.series.origin
    level = one.series.level(origin)
    rows = [{"year": origin, **{f"q{q:02d}": level for q in QUANTILES}, "baseline": level}]
    for year in range(origin + 1, HORIZON + 1):
        values = outcomes.quantiles(key, year, [q / 100 for q in QUANTILES])
        base = float(baseline.quantiles(key, year, [0.5])[0])
        rows.append({"year": year, **{f"q{q:02d}": float(v) for q, v in zip(QUANTILES, values, strict=True)}, "baseline": base})
    return pd.DataFrame(rows)


def target_marks(assessed: list[TargetAssessment], key: str) -> pd.DataFrame:
    rows = [
        {"year": one.due, "level": one.value, "label": f"target {amount(one.value, one.unit)}"}
        for one in assessed
        if one.assessed_by == key and one.kind in ("level", "count") and one.unit == key.split("|")[-1] and one.due
    ]
    return pd.DataFrame(rows, columns=["year", "level", "label"])


def basis(one: TargetAssessment) -> str:
    text = f"Printed “{one.printed}” in document {one.source}, line {one.line}."
    if one.assessed_by:
        proxy = ", a proxy" if one.match == "proxy" else ""
        text += f" Measured by {series_words(one.assessed_by, names)}{proxy}."
    if one.status == "assessed" and one.reason:
        text += f" {one.reason[0].upper()}{one.reason[1:]}."
    for other in one.alternatives:
        share = in_hundred(float(other["probability"]))
        text += f" On {series_words(str(other['assessed_by']), names)} it would be {share} of 100."
    return text


names = dict(zip(catalogue().measures["measure"], catalogue().measures["name_en"], strict=True))
choices = places_with_figures()
chinese = dict(zip(catalogue().places["place"], catalogue().places["name_zh"], strict=True))

with st.sidebar:
    place = st.selectbox("Place", choices, index=choices.index("Suzhou"), format_func=lambda p: f"{p} {chinese[p]}", key="place")
    extra = st.slider(
        "Extra growth, percentage points a year", -20.0, 40.0, 0.0, 0.5, key="extra",
        help="Each year's growth factor after the last known year is multiplied by (1 + points/100). 0 is the baseline.",
    )  # fmt: skip

st.title(f"{place} {chinese[place]}")
baseline, outcomes = place_outcomes(place, 0.0), place_outcomes(place, extra)
assessed, before = place_targets(place, extra), {one.target: one for one in place_targets(place, 0.0)}

st.header("Targets")
if not assessed:
    st.write("No target is stated in the documents.")
for one in sorted(assessed, key=lambda t: t.status != "assessed"):
    text = target_sentence(one, names)
    base = before[one.target]
    if extra and one.probability is not None and base.probability is not None:
        text += f" Without the extra growth it was {100 * base.probability:.0f} of 100."
    (st.info if one.status == "assessed" else st.write)(text)
    st.caption(basis(one))

st.header("What is known, and the fan to 2020")
series = {str(one.key): one for one in baseline.plan.series}
if not series:
    st.write("No level is known of this place, so nothing can be drawn.")
else:
    aimed = [one.assessed_by for one in assessed if one.assessed_by in series]
    keys = sorted(series, key=lambda key: (key not in aimed, key))
    key = st.selectbox("Series", keys, format_func=lambda key: series_label(series[key], names), key=f"series of {place}")
    shown = series[key]
    history = pd.DataFrame(
        [r for r in known_levels(catalogue(), place) if "|".join(str(r[c]) for c in ("place", "measure", "scope", "unit")) == key]
    )
    history = history.rename(columns={"period": "year"}).assign(year=lambda table: table["year"].astype(int))
    fan = fan_table(outcomes, baseline, shown)
    st.altair_chart(fan_chart(fan, history, target_marks(assessed, key), series_label(shown, names)), width="stretch")
    st.caption(
        "Points with bars: known years and their 80 % interval. Shades: 50, 80 and 90 % of the futures; line: the median; dashes: the "
        "median without extra growth; triangles: stated targets."
    )
    last = fan.iloc[-1]
    st.write(
        f"By {HORIZON} half of the futures lie between {amount(last.q25, shown.key.unit)} and {amount(last.q75, shown.key.unit)}, "
        f"four in five between {amount(last.q10, shown.key.unit)} and {amount(last.q90, shown.key.unit)}."
    )
    if len(shown.series.years) == 1:
        st.warning("Only one year is known of this series: its growth is wholly that of comparable places.")
    with st.expander("The figures as a table"):
        st.dataframe(history[["year", "level", "low", "high", "basis"]], hide_index=True)
        st.dataframe(fan, hide_index=True)
    facts = catalogue().facts.set_index("fact")
    with st.expander("The facts behind, with their sources"):
        rows = facts.loc[list(shown.series.facts)][["period", "kind", "printed", "source", "line", "note"]]
        st.dataframe(rows, hide_index=True)
