"""Scenario files: what they hold, presets, bases, round trips, and one clear sentence for every fault of thousands."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data import Catalogue, InputFault
from data.faults import FAULTS_SHOWN
from scenarios import Scenario, dump_scenario, load_scenario
from scenarios.fields import ALL
from scenarios.quantities import Normal, Triangular
from scenarios.scenario import KINDS as TERMS
from scenarios.scenario_files import LONGEST_CHAIN, PRESETS, PRESETS_FOLDER
from scenarios.scenario_yaml import LARGEST_FILE, plain_value
from tests.scenarios.scenario_examples import BODIES, DESIGN, KINDS, SCENARIOS

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into a folder of its own and return its path."""

    def written(content: str | bytes, name: str = "mine.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def refused(path: Path, catalogue: Catalogue | None = None) -> list[str]:
    """The faults of a file, a sentence a line, each with the name of the file."""
    with pytest.raises(InputFault) as fault:
        load_scenario(path, catalogue)
    return str(fault.value).splitlines()


# What files hold


def test_the_file_of_the_design_is_read(write: Write, catalogue: Catalogue) -> None:
    scenario = load_scenario(write(DESIGN), catalogue)
    assert (scenario.title, scenario.horizon) == ("Talent push and a mild recession", 2020)
    growth, ceiling = scenario.levers
    assert (growth.places, growth.measure, growth.scope) == (("Hangzhou",), "contract_value_executed", "offshore")
    assert (growth.years, growth.points, growth.ramp) == ((2013, 2016), Triangular(triangular=(1, 3, 6)), 2)
    assert (ceiling.places, ceiling.level.mean()) == (("Wuxi",), 400_000)
    shock, rate, link, volatility = scenario.assumptions
    assert (shock.year, shock.percent.mean(), shock.probability.mean(), shock.half_life.mean(), shock.families) == (
        2014,
        -8,
        0.25,
        1.5,
        ALL,
    )
    assert [(year, one.mean()) for year, one in rate.path] == [(2013, 6.2), (2015, 6.3)]
    assert (link.from_measure, link.to_measure, link.lag) == ("employees", "contract_value_executed", 1)
    assert link.elasticity == Normal(normal=(0.4, 0.15))
    assert (volatility.measure, volatility.factor.mean()) == ("fdi_actual", 1.5)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(SCENARIOS)
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, scenario: Scenario) -> None:
    path = tmp_path_factory.mktemp("written") / "scenario.yaml"
    path.write_text(dump_scenario(scenario), encoding="utf-8")
    assert load_scenario(path) == scenario
    assert dump_scenario(load_scenario(path)) == dump_scenario(scenario)


def test_a_file_may_begin_with_a_byte_order_mark(write: Write) -> None:
    assert load_scenario(write(b"\xef\xbb\xbftitle: Marked\r\nhorizon: 2018\r\n")) == Scenario(title="Marked", horizon=2018)


def test_headings_with_nothing_below_are_empty(write: Write) -> None:
    assert load_scenario(write("title: Empty\nlevers:\nassumptions:\n  # - tails: {freedom: 5}\n")) == Scenario(title="Empty")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e3", 1000.0), ("010", 10), ("+5", 5), ("-.5", -0.5), ("6.", 6.0), ("no", "no"), ("1:30", "1:30"), ("1_000", "1_000"), ("0x1F", "0x1F"),
        (".inf", ".inf"), (".nan", ".nan"), ("2014-01-01", "2014-01-01"), ("~", None), ("", None), ("True", True), ("1,000", "1,000"), ("5 %", "5 %"),
        ("9" * 400, "9" * 400), ("1e9999", "1e9999"), ("٣", "٣"),
    ],
)  # fmt: skip
def test_words_mean_what_yaml_1_2_says_or_are_text(text: str, value: object) -> None:
    read = plain_value(text)
    assert (read, type(read)) == (value, type(value))


# Presets


def test_the_presets_are_those_of_the_folder() -> None:
    assert {path.name for path in PRESETS_FOLDER.iterdir()} == {f"{name}.yaml" for name in PRESETS}
    assert PRESETS == ("baseline", "stagnation", "strong-renminbi", "talent-push", "best-peer", "back-to-trend")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_sound_and_says_why(name: str, catalogue: Catalogue) -> None:
    scenario = load_scenario(name, catalogue)
    assert scenario == load_scenario(name.upper())
    assert scenario == load_scenario(PRESETS_FOLDER / f"{name}.yaml")
    assert bool(scenario.levers or scenario.assumptions) == (name != "baseline")
    text = (PRESETS_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    why = " ".join(line[2:] for line in text.splitlines() if line.startswith("# "))
    assert len(why.split()) >= 25
    assert max(map(len, text.splitlines())) <= 150


def test_the_renminbi_of_the_preset_rises_as_the_rates_of_2005_to_2012_did(catalogue: Catalogue) -> None:
    rates = catalogue.exchange_rates
    known = rates[(rates["pair"] == "CNY/USD") & (rates["convention"] == "annual average")].set_index("year")["rate"]
    yearly = (known[2012] / known[2005]) ** (1 / 7)
    (path,) = (one.path for one in load_scenario("strong-renminbi").assumptions if one.kind == "exchange_rate")
    for year, rate in path:
        assert rate.mean() == pytest.approx(known[2012] * yearly ** (year - 2012), abs=0.005)


def test_the_presets_are_in_the_wheel(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(PRESETS_FOLDER.parents[1])).build(directory=str(tmp_path), versions=["standard"])
    assert {f"scenarios/presets/{name}.yaml" for name in PRESETS} <= set(zipfile.ZipFile(wheel).namelist())


# Bases


def test_a_base_comes_first_and_its_file_is_looked_for_beside_the_one_that_names_it(write: Write) -> None:
    write("title: Low\nbase: stagnation\nhorizon: 2025\n", "below/low.yaml")
    write("title: Middle\nbase: low.yaml\nassumptions:\n - tails: {freedom: 5}\n", "below/middle.yaml")
    top = load_scenario(
        write("title: Top\nbase: below/middle.yaml\nassumptions:\n - reversion: {fade: 0.5}\n - breaks: {probability: 0.1}\n")
    )
    assert (top.title, top.horizon) == ("Top", 2025)
    assert [one.kind for one in top.assumptions] == ["long_run_growth", "tails", "reversion", "breaks"]
    assert top.assumptions[2].fade.mean() == 0.5


def test_two_names_of_one_place_are_one_when_a_catalogue_is_at_hand(write: Write, catalogue: Catalogue) -> None:
    lever = "title: A\n{base}levers:\n - growth: {{places: [{place}], measure: employees, years: [2013], points: {points}}}\n"
    write(lever.format(base="", place="Suzhou", points=1), "base.yaml")
    scenario = load_scenario(write(lever.format(base="base: base.yaml\n", place="苏州", points=2)), catalogue)
    assert [one.points.mean() for one in scenario.levers] == [2]


@pytest.mark.parametrize(("a", "b"), [("a.yaml", ""), ("b.yaml", "a.yaml"), ("b.yaml", "./b.yaml")])
def test_bases_in_a_circle_are_refused(write: Write, a: str, b: str) -> None:
    write(f"title: B\nbase: {b}\n", "b.yaml")
    (fault,) = refused(write(f"title: A\nbase: {a}\n", "a.yaml"))
    assert re.fullmatch(
        r"[ab]\.yaml: line 2: base: '(./)?[ab]\.yaml' found; which builds on this file; bases must not run in a circle", fault
    )


def test_a_long_chain_is_refused(write: Write) -> None:
    write("title: 0\n".replace("0", "'0'"), "0.yaml")
    for number in range(1, LONGEST_CHAIN + 1):
        write(f"title: '{number}'\nbase: {number - 1}.yaml\n", f"{number}.yaml")
    assert load_scenario(write("", "unused.yaml").parent / f"{LONGEST_CHAIN - 1}.yaml").title == str(LONGEST_CHAIN - 1)
    (fault,) = refused(write("", "unused.yaml").parent / f"{LONGEST_CHAIN}.yaml")
    assert fault.startswith(f"1.yaml: line 2: base: '0.yaml' found; a chain of at most {LONGEST_CHAIN} files")


def test_the_fault_of_a_base_is_named_where_it_is(write: Write, catalogue: Catalogue) -> None:
    write("title: B\nlevers:\n\n - growth: {places: Hangzou, measure: employees, years: [2013], points: 1}\n", "b.yaml")
    (fault,) = refused(write("title: A\nbase: b.yaml\n"), catalogue)
    assert fault.startswith("b.yaml: line 4: growth, places: unknown place 'Hangzou' (did you mean Hangzhou?)")
    (fault,) = refused(write("title: A\n# gone\nbase: stagnaton\n"))
    assert re.match(
        r"mine\.yaml: line 3: base: 'stagnaton' found; no scenario '.*stagnaton' \(did you mean stagnation\?\); allowed: ", fault
    )


def test_a_circle_of_links_that_only_the_base_closes_is_refused(write: Write) -> None:
    write("title: B\nassumptions:\n - link: {from: a, to: b, elasticity: 1}\n", "b.yaml")
    (fault,) = refused(write("title: A\nbase: b.yaml\nassumptions:\n - link: {from: b, to: a, elasticity: 1}\n"))
    assert fault == "mine.yaml: line 2: base: links without lag run in a circle together with those of this file; give one a lag"


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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stagnaton", "no scenario 'stagnaton' (did you mean stagnation?); allowed: a YAML file, or baseline, stagnation"),
        ("nosuch.yaml", "no scenario 'nosuch.yaml'; allowed: a YAML file"),
        ("", "'.': cannot be read (Is a directory)"),
        ("x" * 5000, "cannot be read (File name too long)"),
        ("a\0b", "'a\\x00b': cannot be read (embedded null byte)"),
    ],
)
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
