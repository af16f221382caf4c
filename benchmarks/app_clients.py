"""Twenty visitors of the page What-if at once, over WebSockets as a browser speaks to Streamlit: each moves its slider every three seconds.

Every answer is held against what the same place and slider gave another visitor, and in the end against the library itself: one mixed-up
answer fails the run. Memory is that of the server.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from app.language import ENGLISH
from app.page_parts import plain
from app.place_tables import series_of
from app.sentences import names_of
from app.what_if import About, moved, neutral
from app.what_if_tables import aim_of, change_sentence
from benchmarks.app_server import APP, memory, served, wait_until_healthy
from data import Catalogue, load_catalogue
from forecast import believe
from scenarios import TargetAssessment, assess_targets, compare
from scenarios.scenario import BASELINE

CLIENTS, SECONDS, EVERY, FIRST_LOOK = 20, 120, 3.0, 30
PLACES = ("Suzhou", "Wuxi", "Hangzhou", "Nanjing", "Dalian", "Guangzhou", "Xi'an", "Ningbo", "Changsha", "Shenzhen")
HORIZON = 2020
SLIDER = "More growth, points a year"


@dataclass
class Visitor:
    """What a visitor asked and was told."""

    number: int
    place: str
    widgets: dict[str, WidgetState] = field(default_factory=dict)
    fragment: str = ""
    slider: str = ""
    page: str = ""
    answers: list[tuple[float, str, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def values(self) -> list[float]:
        """The values that this visitor moves the slider to, others than its neighbours'."""
        return [round(0.5 * ((7 * n + 3 * self.number) % 60) - 5, 1) for n in range(1000)]


async def told(socket, visitor: Visitor) -> str:
    """Listen until a run has ended; returns what the page says of the odds."""
    said, fragment = "", ""
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket.recv(), 120))
        kind = message.WhichOneof("type")
        if kind == "new_session":
            visitor.page = message.new_session.page_script_hash
        elif kind == "delta":
            fragment = message.delta.fragment_id
            if message.delta.WhichOneof("type") != "new_element":
                continue
            element = message.delta.new_element
            what = element.WhichOneof("type")
            if what == "exception":
                visitor.faults.append(f"exception: {element.exception.type}")
            elif what == "markdown" and "of 100 futures" in element.markdown.body and element.markdown.body.startswith("- "):
                said = element.markdown.body
            elif what == "slider" and element.slider.label == SLIDER:
                visitor.slider, visitor.fragment = element.slider.id, fragment
        elif kind == "script_finished":
            return said


def rerun(visitor: Visitor, value: float | None) -> bytes:
    """Ask for the whole page, or for the slider's fragment with a value."""
    query = urlencode({"place": visitor.place, "lang": "en"})
    state = ClientState(query_string=query, page_name="what-if" if value is None else "", page_script_hash=visitor.page)
    if value is not None:
        state.fragment_id = visitor.fragment
        widget = WidgetState(id=visitor.slider)
        widget.double_array_value.data.append(value)
        state.widget_states.widgets.append(widget)
    return BackMsg(rerun_script=state).SerializeToString()


async def visit(address: str, visitor: Visitor, until: float) -> None:
    """Open the page and move the slider until the time is over."""
    url = address.replace("http", "ws") + "/_stcore/stream"
    async with websockets.connect(url, subprotocols=["streamlit"], origin=address, max_size=None) as socket:
        await socket.send(rerun(visitor, None))
        await told(socket, visitor)
        while not visitor.slider:  # the page may start anew once it has written its address
            await told(socket, visitor)
        await asyncio.sleep(EVERY * visitor.number / CLIENTS)
        for value in visitor.values():
            began = time.perf_counter()
            if time.time() > until:
                return
            await socket.send(rerun(visitor, value))
            said = await told(socket, visitor)
            visitor.answers.append((value, said, time.perf_counter() - began))
            await asyncio.sleep(max(EVERY - (time.perf_counter() - began), 0))


async def crowd(address: str, process: int) -> tuple[list[Visitor], list[tuple[float, float]]]:
    """Let all visit at once; returns them and the server's memory by second."""
    visitors = [Visitor(number, PLACES[number % len(PLACES)]) for number in range(CLIENTS)]
    for (
        place
    ) in PLACES:  # one visitor each before, so that beliefs and baselines are there as on a server that has been up for a while
        await visit(address, Visitor(0, place), time.time() - 1)
    began = time.time()
    seen: list[tuple[float, float]] = []

    async def watch() -> None:
        while time.time() < began + SECONDS:
            seen.append((time.time() - began, memory(process)))
            await asyncio.sleep(1)

    ended = await asyncio.gather(*(visit(address, one, began + SECONDS) for one in visitors), watch(), return_exceptions=True)
    for visitor, result in zip(visitors, ended, strict=False):
        if isinstance(result, BaseException):
            visitor.faults.append(f"{type(result).__name__}: {result}")
    seen.append((time.time() - began, memory(process)))
    return visitors, seen


def mixed_up(visitors: list[Visitor]) -> list[str]:
    """Return the answers that differ from what the library says of the same place and slider; a tenth of them is computed anew."""
    by_question: dict[tuple[str, float], set[str]] = {}
    for one in visitors:
        for value, said, _ in one.answers:
            by_question.setdefault((one.place, value), set()).add(said)
    wrong = [f"{question}: {len(answers)} different answers" for question, answers in by_question.items() if len(answers) != 1]
    catalogue = load_catalogue()
    names = names_of(catalogue, ENGLISH)
    assessed = {one.target: one for one in assess_targets(catalogue, places=list(PLACES))}
    for (place, value), answers in list(by_question.items())[::10]:
        wrong += [
            f"{place}, {value}: {said[:80]}" for said in answers if said != sentences(catalogue, assessed, names, place, value)
        ]
    return wrong


def sentences(catalogue: Catalogue, assessed: dict[str, TargetAssessment], names: dict[str, str], place: str, points: float) -> str:
    """Return what the page should say, as it writes it: the series that the slider moves is the first that a target is measured by."""
    own = [one for one in assessed.values() if one.place == place]
    first = series_of(believe(catalogue), place, [one.assessed_by for one in own if one.status == "assessed" and one.assessed_by])
    one = next(one for one in first if one.series.origin + 1 < HORIZON)
    about = About(place, one.key.measure, one.key.scope, one.key.unit, one.series.origin + 1, HORIZON)
    scenario = moved(BASELINE, about, replace(neutral(about), points=points)).model_copy(update={"title": "moved"})
    rows = [row for row in compare(catalogue, [BASELINE, scenario], places=[place]) if row.scenario == "moved"]
    return "\n".join(f"- {change_sentence(row, plain(aim_of(row, assessed, names, ENGLISH)), ENGLISH)}" for row in rows)


def measure() -> dict[str, float]:
    """Run the crowd; returns what was found."""
    with served(APP) as (address, process):
        wait_until_healthy(address)
        visitors, seen = asyncio.run(crowd(address, process))
    waits = sorted(wait for one in visitors for _, _, wait in one.answers)
    early = next(size for second, size in seen if second >= FIRST_LOOK)
    wrong = mixed_up(visitors)
    for fault in [*(f"{one.number}: {fault}" for one in visitors for fault in one.faults), *wrong]:
        print(fault)
    return {
        "moves": len(waits), "errors": sum(len(one.faults) for one in visitors), "mixed up": len(wrong),
        "median wait, s": waits[len(waits) // 2], "longest wait, s": waits[-1],
        "memory after 30 s, MiB": early, "memory at the end, MiB": seen[-1][1], "memory, end over 30 s": seen[-1][1] / early,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
