"""One place: its targets in sentences, what is known with the fan to 2020, growth needed beside growth achieved, and the facts behind."""

from functools import partial

import streamlit as st

from app import links
from app.cached_runs import HORIZON, PATHS, belief, targets
from app.charts import fan_chart, growth_chart
from app.class_tables import class_legend, class_table
from app.link_stamps import PARAMETER
from app.numbers import MONEY, amount
from app.page_parts import (
    WIDE_BOX,
    language,
    plain,
    report_files,
    shown_chart,
    shown_table,
    stamped,
    tables,
    vintage_choice,
)
from app.place_tables import (
    currencies,
    fact_rows,
    fan_legend,
    fan_table,
    fan_words,
    flags,
    growth_tables,
    history_table,
    history_words,
    peer_record,
    places_with_figures,
    rest_sentence,
    ruling_sentence,
    rulings_about,
    series_of,
    view_in,
)
from app.report_content import Run
from app.reports import place_report
from app.sentences import (
    basis_sentence,
    dated_aim,
    effort_sentence,
    elsewhere_sentence,
    growth_sentence,
    joined,
    measure_words,
    names_of,
    peer_sentence,
    scope_words,
    target_sentence,
    weight_sentence,
)
from app.vintages import shown_up_to, vintage_of
from forecast.routing import answer_auto

spoken, shown = language(), tables()
say, names = spoken.say, names_of(shown.catalogue, spoken)
titles = dict(zip(shown.catalogue.sources["source"], shown.catalogue.sources["title"], strict=True))
other_names = dict(
    zip(shown.catalogue.places["place"], shown.catalogue.places["name_en" if spoken.code == "zh" else "name_zh"], strict=True)
)

choices = places_with_figures(shown.catalogue)
with st.container(horizontal=True):
    key = links.one_of("place", choices, "Suzhou" if "Suzhou" in choices else choices[0])
    place = st.selectbox(
        say("Place"), choices, format_func=lambda one: f"{names[one]} {other_names[one]}", key=key, persist_state="session"
    )
    known_by = vintage_choice(shown, spoken)

st.title(plain(f"{names[place]} {other_names[place]}"))
with st.spinner(say("Simulating futures …")):
    assessed = [one for one in targets(shown, known_by) if one.place == place]
latest = shown_up_to(known_by)
beliefs = {vintage: belief(shown, vintage) for vintage in (latest, *(vintage_of(one) for one in assessed))}
known = beliefs[latest]
with_odds = [(one, beliefs[vintage_of(one)]) for one in assessed if one.status == "assessed"]
report_files(
    partial(place_report, shown.catalogue, assessed, beliefs.__getitem__, Run(known_by, paths=PATHS), spoken, place), place, spoken
)

odds = {one.target: (one.probability if one.data_weight else None,) for one, _ in with_odds}
stamp = stamped(
    ("place", place, known_by), odds, {one.target: plain(dated_aim(one, names, spoken)) for one, _ in with_odds}, [], spoken
)

st.header(say("Targets"))
if not assessed:
    st.write(say("No target is stated in the documents chosen."))
for target, believed in with_odds:
    with st.container(border=True):
        st.subheader(plain(dated_aim(target, names, spoken)))
        record = peer_record(believed, target)
        st.markdown(f"**{plain(target_sentence(target, names, spoken))}**")
        rates = [peer_sentence(record, spoken), elsewhere_sentence(record, spoken)] if record else []
        st.write(joined([growth_sentence(target, spoken), *rates], spoken))
        st.write(joined([effort_sentence(target, spoken), weight_sentence(target, spoken)], spoken))
        st.caption(plain(basis_sentence(target, names, titles, spoken)))
without = [one for one in assessed if one.status != "assessed"]
if without:
    with st.expander(say("Targets without odds, and why ({number})", number=len(without)), expanded=not with_odds):
        for target in without:
            st.write(plain(target_sentence(target, names, spoken)))
            st.caption(plain(basis_sentence(target, names, titles, spoken)))
    if any(one.reference_class for one in without):
        st.subheader(say("In place of withheld odds"))
        title = say("How growth went on after booms of other countries")
        shown_table(class_table(without, names, spoken), f"{place}-reference-class", title, spoken, whole=True)
        st.caption(class_legend(spoken))

if with_odds:
    st.header(say("Growth needed, growth achieved"))
    st.write(
        say(
            "Each thin line is a growth rate known of a comparable figure elsewhere; those beyond the ends of the axis stand at its ends."
        )
    )
    own, peers = growth_tables(with_odds, names, spoken)
    heads = {"label": say("Target"), "needed": say("needed each year"), "had": say("achieved last")}
    shown_chart(
        growth_chart(own, peers, spoken),
        own.rename(columns=heads).round(1),
        f"{place}-growth",
        say("Growth needed and achieved by target"),
        spoken,
    )

st.header(say("What is known, and what may come up to {year}", year=HORIZON))
by_rank = sorted((one for one in assessed if one.assessed_by), key=lambda one: (one.status != "assessed", one.due or 0))
series = series_of(known, place, [one.assessed_by for one in by_rank if one.assessed_by])
if not series:
    st.write(say("No level is known of this place, so nothing can be drawn."))
    links.write({"lang": spoken.code, "vintage": known_by, "place": place, PARAMETER: stamp})
    st.stop()

with st.container(horizontal=True):
    measures = list(dict.fromkeys(one.key.measure for one in series))
    measure = st.selectbox(
        say("Measure"), measures, format_func=lambda one: names.get(one, one), key=links.one_of("measure", measures, measures[0]),
        persist_state="session", width=WIDE_BOX,
    )  # fmt: skip
    scopes = list(dict.fromkeys(one.key.scope for one in series if one.key.measure == measure))
    scope = st.selectbox(
        say("Scope"), scopes, format_func=lambda one: scope_words(one, spoken), key=links.one_of("scope", scopes, scopes[0]),
        persist_state="session",
    )  # fmt: skip
    own_series = [one for one in series if (one.key.measure, one.key.scope) == (measure, scope)]
    units = currencies(own_series)
    currency = units[0]
    if len(units) > 1:
        currency = st.selectbox(say("Currency"), units, key=links.one_of("currency", units, units[0]), persist_state="session")

known_rates = shown.catalogue.known_by(latest).exchange_rates
view = view_in(own_series, currency, known_rates, HORIZON)
history = history_table(view)
title = measure_words(measure, scope, names, spoken) + (f" ({view.unit})" if view.unit in MONEY else "")
if view.one.series.origin < HORIZON:
    answer = answer_auto(known, view.one, HORIZON)
    fan = fan_table(view, answer.prediction)
    marks = flags(assessed, view, beliefs.__getitem__, spoken)
    ends = sorted({str(year) for year in marks["year"] if year > view.one.series.origin} | {str(HORIZON)})
    until = str(HORIZON)
    if len(ends) > 1:
        key = links.one_of("until", ends, str(HORIZON))
        until = st.segmented_control(say("Show up to"), ends, key=key, required=True, persist_state="session") or str(HORIZON)
    chart = fan_chart(fan[fan["year"] <= int(until)], history, marks[marks["year"] <= int(until)], title, spoken)
    shown_chart(chart, fan_words(fan, history, spoken), f"{place}-{measure}-{scope}", f"{names[place]}: {title}", spoken)
    st.caption(fan_legend(spoken))
    last = fan.iloc[-1]
    low, quarter, three, high = (amount(last[name], view.unit, language=spoken) for name in ("q10", "q25", "q75", "q90"))
    st.write(
        say("In {year} half of the futures lie between {quarter} and {three}, four in five between {low} and {high}.", year=HORIZON,
            quarter=quarter, three=three, low=low, high=high)
    )  # fmt: skip
    st.write(rest_sentence(answer.model, spoken))
else:
    shown_table(history_words(history, spoken), f"{place}-{measure}-{scope}", title, spoken)
if view.factors:
    st.caption(
        say("Converted from {unit} at the average rate of each year; later years at the last known rate.", unit=view.one.key.unit)
    )
if len(view.one.series.years) == 1:
    st.warning(say("Only one year is known of this figure: its growth is wholly that of comparable places."))
for conflict in view.one.series.conflicts:
    st.warning(say("Figures disagree: {conflict}", conflict=plain(str(conflict))))

st.header(say("The facts behind"))
st.write(say("Every figure that speaks of this series, as it is printed, with its document and line."))
shown_table(fact_rows(view, shown.catalogue, spoken), f"{place}-{measure}-{scope}-facts", say("The facts behind"), spoken)
ledger = rulings_about(view, assessed, shown.catalogue)
if ledger:
    st.subheader(say("Rulings applied"))
    st.write(say("Where a figure is misprinted or contradicts others, a ruling says how it is read and why."))
    st.markdown("\n".join(f"- {ruling_sentence(ruling, shown.catalogue, spoken)}" for ruling in ledger))

links.write(
    {
        "lang": spoken.code,
        "vintage": known_by,
        "place": place,
        "measure": measure,
        "scope": scope,
        "currency": currency if len(units) > 1 else "",
        "until": until if view.one.series.origin < HORIZON else "",
        PARAMETER: stamp,
    }
)
