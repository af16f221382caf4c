"""Scenario files: what they hold, presets, bases, round trips, and one clear sentence for every fault of thousands."""

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from data import Catalogue
from scenarios import Scenario, dump_scenario, load_scenario
from scenarios.fields import ALL
from scenarios.quantities import Normal, Triangular
from scenarios.scenario_files import LONGEST_CHAIN, PRESETS, PRESETS_FOLDER
from scenarios.scenario_yaml import plain_value
from tests.scenarios.scenario_examples import DESIGN, SCENARIOS
from tests.scenarios.scenario_writing import Write, refused

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
