"""All stated targets at a glance: a map, a league table of odds, filters, and what cannot be assessed and why."""

import streamlit as st

from app import links
from app.cached_runs import targets
from app.charts import league_chart
from app.maps import place_map
from app.overview_tables import (
    ORDERS,
    STATUSES,
    Choice,
    league_rows,
    league_table,
    map_table,
    ordered,
    place_rows,
    without_odds,
)  # fmt: skip
from app.page_parts import language, plain, shown_chart, tables, vintage_choice
from app.sentences import names_of

MAP_WIDTH = 860  # pixels at most: a wider one would stretch the country
# A narrow screen shows place, target and odds side by side; the target has up to four lines.
ROW, PLACE_WIDTH, TARGET_WIDTH = 84, 92, 172  # Streamlit breaks lines in rows of more than 64 pixels only

spoken, shown = language(), tables()
say, names = spoken.say, names_of(shown.catalogue, spoken)

st.title(say("How likely are the stated targets?"))
st.write(
    say(
        "Cities and provinces have stated targets for outsourcing, jobs and investment. For each target this page tells in how many of 100 "
        "possible futures it is met, judged by what was known when it was stated."
    )
)
filters = st.container(horizontal=True)
with filters:
    known_by = vintage_choice(shown, spoken)
with st.spinner(say("Simulating futures …")):
    every = targets(shown, known_by)
with filters:
    places = sorted({one.place for one in every}, key=lambda place: names.get(place, place))
    measures = sorted({one.measure for one in every}, key=lambda measure: names.get(measure, measure))
    years = sorted({str(one.due) for one in every if one.due})
    chosen_places = st.multiselect(
        say("Places"), places, format_func=names.__getitem__, key=links.some_of("places", places), placeholder=say("all"),
        persist_state="session",
    )  # fmt: skip
    chosen_measures = st.multiselect(
        say("Measures"), measures, format_func=names.__getitem__, key=links.some_of("measures", measures), placeholder=say("all"),
        persist_state="session",
    )  # fmt: skip
    chosen_years = st.multiselect(
        say("Due years"), years, key=links.some_of("years", years), placeholder=say("all"), persist_state="session"
    )
    status = st.selectbox(
        say("Status"), ["", *STATUSES], format_func=lambda one: say(STATUSES[one]) if one else say("all"),
        key=links.one_of("status", ("", *STATUSES), ""), persist_state="session",
    )  # fmt: skip

chosen = [one for one in every if Choice(chosen_places, chosen_measures, chosen_years, status).takes(one)]
with_odds = sum(one.status == "assessed" for one in chosen)
st.write(
    say("**{number} targets** chosen: **{with_odds} with odds**, {without} without.", number=len(chosen), with_odds=with_odds,
        without=len(chosen) - with_odds)
)  # fmt: skip

st.header(say("Odds of each target"))
order = st.selectbox(
    say("Order"), list(ORDERS), format_func=lambda one: say(ORDERS[one]), key=links.one_of("order", tuple(ORDERS), "likely"), width=300,
    persist_state="session",
)  # fmt: skip
league = ordered(chosen, order)


def open_row() -> None:
    """Go to the place of the row that was clicked."""
    st.session_state["place to open"] = league[st.session_state["opened"]["row"]]


if not league:
    st.info(say("None of the chosen targets has odds."))
else:
    st.write(
        say(
            "The dot is the number of 100 futures in which the target is met; the bar is how far this moves under other plausible "
            "assumptions. A bar without a dot: one year is known, so only a range can be given. Choose a place to see why."
        )
    )
    table = league_table(league, names, spoken)
    picture = say("0 · · · 50 · · · 100")
    as_table, as_chart = st.tabs([say("As a table"), say("As a chart")])
    with as_table:
        st.dataframe(
            table, hide_index=True, row_height=ROW, height=min(ROW * len(table) + 40, 740), alt=say("Odds of each target"),
            column_config={
                say("Place"): st.column_config.ButtonColumn(
                    type="tertiary", on_click=open_row, key="opened", pinned=True, alignment="left", width=PLACE_WIDTH
                ),
                say("Target"): st.column_config.TextColumn(width=TARGET_WIDTH),
                picture: st.column_config.ImageColumn(width=180),
            },
        )  # fmt: skip
    with as_chart:
        shown_chart(
            league_chart(league_rows(league, names, spoken), spoken), table.drop(columns=picture), "sourcecast-targets",
            say("Odds of each target with their range"), spoken,
        )  # fmt: skip

st.header(say("Where the targets are"))
points = place_rows(chosen, shown.catalogue, names)
if points.empty:
    st.info(say("None of the chosen places has coordinates."))
else:
    st.write(
        say(
            "A point is a place, larger where more targets are stated; the colour and the number beside the name are the mean odds of its "
            "targets that have odds. Points that would cover each other are set apart; boundaries are not drawn."
        )
    )
    with st.container(width=MAP_WIDTH):
        said = say("Map of places with the odds of their targets")
        shown_chart(place_map(points, spoken), map_table(points, spoken), "sourcecast-map", said, spoken)

groups = without_odds(chosen, names, spoken)
if groups:
    st.header(say("What cannot be assessed, and why"))
    st.write(say("No number is given where it would be a guess."))
for heading, reasons in groups:
    count = sum(len(listed) for _, listed in reasons)
    with st.expander(f"**{heading}** ({count})"):
        for reason, listed in reasons:
            st.markdown(f"**{plain(reason[0].upper() + reason[1:])}**\n" + "".join(f"\n- {plain(one)}" for one in listed))

links.write(
    {"lang": spoken.code, "vintage": known_by, "places": chosen_places, "measures": chosen_measures, "years": chosen_years, "status": status,
     "order": order}
)  # fmt: skip
if opened := st.session_state.pop("place to open", None):
    scope = {"measure": opened.measure, "scope": opened.scope}
    if opened.assessed_by:
        scope = dict(zip(("measure", "scope", "currency"), opened.assessed_by.split("|")[1:], strict=True))
    st.switch_page("screens/place_page.py", query_params={"lang": spoken.code, "vintage": known_by, "place": opened.place, **scope})
