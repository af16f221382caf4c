"""Scenario files with faults: each is said in one sentence with file, line and field, and nothing else happens."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data import Catalogue, InputFault
from data.faults import FAULTS_SHOWN
from scenarios import Scenario, dump_scenario, load_scenario
from scenarios.scenario import KINDS as TERMS
from scenarios.scenario_yaml import LARGEST_FILE
from tests.scenarios.scenario_examples import BODIES, DESIGN, KINDS, SCENARIOS
from tests.scenarios.scenario_writing import Write, refused

# Faults, one sentence each

GROWTH = "title: T\nlevers:\n  - growth: {{measure: employees, years: [2013], points: {}}}\n"
RATES = "title: T\nassumptions:\n  - exchange_rate: {{pair: CNY/USD, path: {}}}\n"
POINTS = (
    "a number, or a distribution such as {triangular: [low, mode, high]}, from -50 to 100 [percentage points a year], or best_peer"
)

FAULTS = [
    (
        "titel: T\ntitle: T\n",
        "line 1: unknown key 'titel' (did you mean title?); allowed: title, horizon, levers, assumptions, base",
    ),
    ("horizon: 2020\n", "line 1: title is missing: what the scenario is called"),
    ("title: 5\n", "line 1: title: 5 found; allowed: a text of 1 to 200 letters on one line"),
    ("title: ''\n", "line 1: title: '' found; allowed: a text"),
    ("title: T\nhorizon: 20201\n", "line 2: horizon: 20201 found; allowed: a year from 2000 to 2100"),
    ("title: T\nhorizon: soon\n", "line 2: horizon: 'soon' found; allowed: a year"),
    ("title: T\n2013: 5\n", "line 2: unknown key 2013; allowed: title"),
    ("title: T\nlevers: growth\n", "line 2: levers: 'growth' found; allowed: a list, each entry after a dash"),
    ("title: T\nlevers:\n  growth: {}\n", "line 2: levers: {growth: {}} found; allowed: a list, each entry after a dash"),
    (
        "title: T\nlevers:\n  - grwth: {}\n",
        "line 3: unknown lever 'grwth' (did you mean growth?); allowed: growth, programme, talent",
    ),
    ("title: T\nlevers:\n  - tails: {freedom: 5}\n", "line 3: tails is of the assumptions; move it below `assumptions:`"),
    ("title: T\nassumptions:\n  - growth: {}\n", "line 3: growth is of the levers; move it below `levers:`"),
    ("title: T\nlevers:\n  - growth:\n    points: 3\n", "line 3: growth: growth, points found; allowed: one lever after each dash"),
    ("title: T\nlevers:\n  - 7\n", "line 3: levers: 7 found; allowed: one lever after each dash"),
    ("title: T\nlevers:\n  -\n", "line 3: levers: nothing found; allowed: one lever after each dash"),
    ("title: T\nlevers:\n  - growth: 3\n", "line 3: growth: 3 found; allowed: its fields, out of places, measure"),
    ("title: T\nassumptions:\n  - tails:\n", "line 3: tails: freedom is missing: degrees of freedom, or normal"),
    (
        GROWTH.format("1, rmap: 2"),
        "line 3: growth: unknown key 'rmap' (did you mean ramp?); allowed: places, measure, scope, years, points, ramp",
    ),
    (GROWTH.format("many"), f"line 3: growth, points: 'many' found; allowed: {POINTS}"),
    (GROWTH.format("'3'"), f"line 3: growth, points: '3' found; allowed: {POINTS}"),
    (GROWTH.format("3 %"), f"line 3: growth, points: '3 %' found; allowed: {POINTS}"),
    (GROWTH.format(".inf"), f"line 3: growth, points: '.inf' found; allowed: {POINTS}"),
    (GROWTH.format("true"), f"line 3: growth, points: True found; allowed: {POINTS}"),
    (GROWTH.format("101"), f"line 3: growth, points: 101 found; allowed: {POINTS}"),
    (GROWTH.format(""), f"line 3: growth, points: nothing found; allowed: {POINTS}"),
    (GROWTH.format("[1, 2]"), f"line 3: growth, points: [1, 2] found; allowed: {POINTS}"),
    (
        GROWTH.format("{normal: [0, 20]}"),
        f"points: {{normal: [0, 20]}} found; allowed: {POINTS}; these values reach from -80 to 80",
    ),
    (
        GROWTH.format("{trangular: [1, 3, 6]}"),
        "line 3: growth, points: unknown distribution 'trangular' (did you mean triangular?); allowed: normal",
    ),
    (
        GROWTH.format("{triangular: [1, 6, 3]}"),
        "points, triangular: [1, 6, 3] found; allowed: [low, mode, high] with low <= mode <= high",
    ),
    (GROWTH.format("{triangular: [1, 3]}"), "points, triangular: [1, 3] found; allowed: [low, mode, high]"),
    (GROWTH.format("{triangular: [1, x, 3]}"), "points, triangular: [1, x, 3] found; allowed: [low, mode, high]"),
    (
        GROWTH.format("{discrete: [[1, .5], [2, .6]]}"),
        "points, discrete: [[1, 0.5], [2, 0.6]] found; allowed: [[value, probability], ...]",
    ),
    (GROWTH.format("{normal: 3}"), "points, normal: 3 found; allowed: [mean, sd]"),
    (
        GROWTH.replace("[2013]", "[2016, 2013]").format("1"),
        "line 3: growth, years: [2016, 2013] found; allowed: [start, end] with start <= end",
    ),
    (GROWTH.replace("[2013]", "2013").format("1"), "line 3: growth, years: 2013 found; allowed: [start, end]"),
    (
        GROWTH.format("1, places: [Wuxi, wuxi]"),
        "line 3: growth, places: [Wuxi, wuxi] found; allowed: a list in which no name stands twice",
    ),
    (GROWTH.format("1, ramp: 0"), "line 3: growth, ramp: 0 found; allowed: a whole number of years from 1 to 20"),
    ("title: T\nlevers:\n  - target: {target: x}\n", "line 3: target: {target: x} found; allowed: a value, a due year, or both"),
    (RATES.format("{1999: 6}"), "line 3: exchange_rate, path: 1999 found; allowed: a year from 2000 to 2100"),
    (RATES.format("{normal: 6}"), "line 3: exchange_rate, path, normal: 'normal' found; allowed: a year from 2000 to 2100"),
    (
        RATES.format("{2014: {normal: 6}}"),
        "line 3: exchange_rate, path, 2014, normal: 6 found; allowed: [mean, sd] with an sd of 0 or more",
    ),
    (
        RATES.format("{2014: x}"),
        "line 3: exchange_rate, path, 2014: 'x' found; allowed: a number, or a distribution such as {triangular: [low, mode, "
        "high]}, from 0.0001 to 100,000",
    ),
    (RATES.format("[6, 7]"), "line 3: exchange_rate, path: [6, 7] found; allowed: numbers by year, such as {2013: 6.2, 2015: 6.3}"),
    (
        "title: T\nassumptions:\n  - tails: {freedom: 5}\n  - tails: {freedom: 6}\n",
        "line 4: tails: about the same thing as that in line 3",
    ),
    (
        "title: T\nassumptions:\n - link: {from: a, to: b, elasticity: 1}\n - link: {from: b, to: a, elasticity: 1}\n",
        "line 3: link: 2 links without lag run in a circle; give one a lag",
    ),
    # The text itself
    ("", "empty; a scenario has at least a title"),
    ("# only a comment\n", "empty; a scenario has at least a title"),
    ("---\n...\n", "empty; a scenario has at least a title"),
    ("- title: T\n", "line 1: [{title: T}] found; allowed: a scenario, which begins with a title"),
    ("Talent push\n", "line 1: 'Talent push' found; allowed: a scenario, which begins with a title"),
    ("title: T\ntitle: U\n", "line 2: key 'title' found twice, first in line 1; delete one"),
    ("title: T\n---\ntitle: U\n", "line 2: a second document (---) found; a file holds one scenario"),
    ("title: &t T\n", "line 1: anchors and aliases (& and *) are not read"),
    ("title: T\nbase: *t\n", "line 2: anchors and aliases (& and *) are not read"),
    ("title: !!str T\n", "line 1: tags (!) are not read"),
    ("title: !!python/object/apply:os.getcwd []\n", "line 1: tags (!) are not read"),
    ("title: T\n? [a]\n: 5\n", "line 2: a list or a mapping found where a key is expected"),
    ("title: T\nlevers: [\n", "line 3: not readable as YAML: "),
    ("title: T\n\thorizon: 5\n", "line 2: not readable as YAML: "),
    ("title: T\nhorizon: 'x\n", "line 3: not readable as YAML: "),
    ("title: a\x07b\n", "line 1: the sign U+0007 is not allowed in YAML; delete it"),
    ("%YAML 9.1\n---\ntitle: T\n", "line 1: not readable as YAML: "),
    (b"title: T\nbase: \xb1\xb1\xbe\xa9\n", "line 2: not UTF-8; save the file with the encoding UTF-8"),
    ("title: T\n".encode("utf-16"), "line 1: not UTF-8"),
    ("title: T\nlevers: " + "[" * 13 + "]" * 13, "line 2: nested more than 12 deep"),
    ("[" * 100_000, "line 1: nested more than 12 deep"),
    (b" " * (LARGEST_FILE + 1), "larger than 200 kB; a scenario is a short text"),
]


@pytest.mark.parametrize(("content", "said"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_said_in_one_sentence(write: Write, content: str | bytes, said: str) -> None:
    (fault,) = refused(write(content))
    assert fault.startswith("mine.yaml: ")
    assert said in fault
    assert fault.isprintable()


def test_a_misspelt_name_is_named_with_its_line(write: Write, catalogue: Catalogue) -> None:
    fields = "      places:\n        - Wuxi\n        - Hangzou\n      measure: emploees\n      years: [2013]\n      points: 1\n"
    text = f"title: T\nlevers:\n  - growth:\n{fields}"
    first, second = refused(write(text), catalogue)
    assert first.startswith("mine.yaml: line 6: growth, places: unknown place 'Hangzou' (did you mean Hangzhou?)")
    assert second.startswith("mine.yaml: line 7: growth, measure: unknown measure 'emploees' (did you mean employees?)")


def test_all_faults_of_a_file_are_listed_up_to_fifty(write: Write) -> None:
    text = "title: T\nlevers:\n" + "  - ceiling: {places: Wuxi, measure: employees, level: none}\n" * 60
    faults = refused(write(text))
    assert len(faults) == FAULTS_SHOWN + 1
    assert [int(re.findall(r"line (\d+)", fault)[0]) for fault in faults[:-1]] == list(range(3, 3 + FAULTS_SHOWN))
    assert faults[-1] == "mine.yaml: and 10 more faults"


NO_FILES = [
    ("stagnaton", "no scenario 'stagnaton' (did you mean stagnation?); allowed: a YAML file, or baseline, stagnation"),
    ("nosuch.yaml", "no scenario 'nosuch.yaml'; allowed: a YAML file"),
    ("", "'.': cannot be read (Is a directory)"),
    ("x" * 5000, "cannot be read (File name too long)"),
    ("a\0b", "'a\\x00b': cannot be read (embedded null byte)"),
]


@pytest.mark.parametrize(("name", "said"), NO_FILES)
def test_what_is_no_file_is_refused(name: str, said: str) -> None:
    with pytest.raises(InputFault) as fault:
        load_scenario(name)
    assert said in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


# Broken files

WORDS = [
    "{", "}", "[", "]", ": ", ",", "- ", "\n", "  ", "\t", "#", "'", '"', "|\n", ">\n", "&a", "*a", "!", "!!int", "%", "---\n", "...\n", "?", "@",
    "growth", "places", "null", "true", "-", "1e999", "2013", ".nan", "9" * 400, "杭州", "\x00", "\x85", "\u2028", "\ufeff", "all", "`",
    "triangular", "base: x", "<<: ", "normal: [0, -1]", "~",
]  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A good file with some pieces cut out, doubled or put in."""
    text = draw(st.one_of(st.just(DESIGN), SCENARIOS.map(dump_scenario)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + draw(st.sampled_from([*WORDS, text[start:end] * 2])) + text[draw(st.sampled_from([start, end])) :]
    return text.encode("utf-8", "surrogatepass")


LINELESS = ("empty; ", "larger than ")


def assert_read_or_refused(content: bytes, folder: Path, catalogue: Catalogue | None) -> None:
    """Whatever a file holds, it is a scenario, or each line of what is said names file, line and fault."""
    path = folder / "broken.yaml"
    path.write_bytes(content)
    try:
        assert isinstance(load_scenario(path, catalogue), Scenario)
    except InputFault as fault:
        lines = str(fault).split("\n")
        last = content.count(b"\n") + content.count(b"\r") + content.decode("utf-8", "replace").count("\x85") + len(lines) + 2
        assert 1 <= len(lines) <= FAULTS_SHOWN + 1
        for line in lines:
            name, _, text = line.partition(": ")
            assert name == "broken.yaml"
            assert text.startswith(LINELESS) or text.startswith("and ") or re.match(r"line (\d+): .{5}", text), text
            assert text.isprintable(), text
            if found := re.match(r"line (\d+): ", text):
                assert 1 <= int(found[1]) <= last + content.decode("utf-8", "replace").count("\u2028")


@settings(derandomize=True, deadline=None, max_examples=500)
@given(broken())
def test_a_mutated_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, content: bytes) -> None:
    assert_read_or_refused(content, tmp_path_factory.getbasetemp(), catalogue)


IMPOSSIBLE = ([], [[]], {"nobody": 1}, {"normal": [0, -1]}, {"uniform": [-1e15, 1e15]}, {"trangular": [1, 2, 3]}, True, 1e16, -1e16)


@st.composite
def one_fault(draw: st.DrawFn) -> tuple[str, str]:
    """A file whose terms stand in a line each, one of them with a field that cannot be; and how the sentence about it begins."""
    section, kind = draw(st.sampled_from(KINDS))
    model = TERMS[section][kind]
    field = draw(st.sampled_from([one.alias or name for name, one in model.model_fields.items()]))
    body = BODIES[section][kind] | {field: draw(st.sampled_from(IMPOSSIBLE))}
    others = [other for other in BODIES[section] if other != kind]
    lines = [
        json.dumps({other: BODIES[section][other]}) for other in draw(st.lists(st.sampled_from(others), unique=True, max_size=5))
    ]
    place = draw(st.integers(0, len(lines)))
    lines.insert(place, json.dumps({kind: body}))
    head = ["# A comment"] * draw(st.integers(0, 3)) + ["title: One", f"{section}:"]
    return "\n".join([*head, *(f"  - {line}" for line in lines), ""]), f"line {len(head) + place + 1}: {kind}, {field}"


@settings(derandomize=True, deadline=None, max_examples=500)
@given(one_fault())
def test_a_field_that_cannot_be_is_named_with_its_file_and_line(
    tmp_path_factory: pytest.TempPathFactory, faulty: tuple[str, str]
) -> None:
    content, where = faulty
    path = tmp_path_factory.getbasetemp() / "faulty.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputFault) as fault:
        load_scenario(path)
    (said,) = str(fault.value).split("\n")
    assert said.startswith(f"faulty.yaml: {where}")
    assert "allowed: " in said


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))))
@example(b"\x00")
@example(b"? ")
@example(b"\xff\xfe")
@example(b"{{{{")
@example(b"!<")
@example(b"%TAG ! x")
@example(b'"\\U00110000"')
@example(b'"\\ud800"')
def test_random_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    assert_read_or_refused(content, tmp_path_factory.getbasetemp(), None)
