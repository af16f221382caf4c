"""Each check fires on figures that cannot all be true, and keeps quiet on the same figures put right."""

from dataclasses import replace

import pytest

from data.arithmetic import Bounds, arithmetic_findings, bounds
from tests.made_up import catalogue_of, level, stated


def money(value, year=2012, measure="contract_value_executed", place="Wuxi", **more):
    fact = level(place, measure, year, value, digits=1e6, **more)
    return replace(fact, fact=f"{fact.scope}-{fact.measure}-{year}-{fact.kind}-{value:g}", period=str(year))


def share(of, percent, scope, **more):
    return replace(
        stated(of, "share", percent, of.period, digits=0.1, relative_to=f"{of.measure} {of.scope}"),
        scope=scope, fact=f"share-{scope}-{percent:g}", **more,
    )  # fmt: skip


def growth(of, percent, base="2011", kind="growth", **more):
    unit = "ratio" if kind == "multiple" else "percent"
    return stated(of, kind, percent, of.period, unit, digits=0.1, relative_to=base, **more)


def names(*facts):
    return [finding.finding.partition(":")[0] for finding in arithmetic_findings(catalogue_of(list(facts)))]


TOTAL, OFFSHORE = money(5e9), money(2e9, scope="offshore")
SUM = replace(stated(TOTAL, "sum", 12e9, "2008/2012", "USD", digits=1e8), fact="sum")
AVERAGE = stated(TOTAL, "average_growth", 40.0, "2008/2012", digits=0.1)
TRADE = [money(value, measure=f"service_{name}") for name, value in (("trade", 8e9), ("exports", 3e9), ("imports", 5e9))]
RATES = [
    replace(growth(fact, rate), fact=f"rate-{fact.measure}") for fact, rate in zip(TRADE, (30.0, 20.0, 40.0), strict=True)
]  # fmt: skip


# What is wrong, and the same put right: (check, facts with the fault, facts without)
CASES = [
    ("growth", [TOTAL, money(4e9, 2011), growth(TOTAL, 30.0)], [TOTAL, money(4e9, 2011), growth(TOTAL, 25.0)]),
    ("growth", [TOTAL, money(4e9, 2009), growth(TOTAL, 2.0, "2009", "multiple")],
     [TOTAL, money(2.5e9, 2009), growth(TOTAL, 2.0, "2009", "multiple")]),
    ("statements", [TOTAL, replace(money(5.2e9), source="001")], [TOTAL, replace(money(5.0e9, note="again"), fact="b", source="001")]),
    ("parts", [TOTAL, OFFSHORE, money(2.5e9, scope="onshore")], [TOTAL, OFFSHORE, money(3e9, scope="onshore")]),
    ("part-above-total", [TOTAL, money(6e9, scope="animation")], [TOTAL, money(4e9, scope="animation")]),
    ("branches", [TOTAL, money(3e9, scope="ito"), money(1e9, scope="bpo"), money(2e9, scope="kpo")],
     [TOTAL, money(3e9, scope="ito"), money(1e9, scope="bpo"), money(1e9, scope="kpo")]),
    ("share", [TOTAL, OFFSHORE, share(TOTAL, 30.0, "offshore")], [TOTAL, OFFSHORE, share(TOTAL, 40.0, "offshore")]),
    ("share-sum", [share(TOTAL, 50.0, "ito"), share(TOTAL, 20.0, "bpo"), share(TOTAL, 26.8, "kpo")],
     [share(TOTAL, 50.0, "ito"), share(TOTAL, 20.0, "bpo"), share(TOTAL, 30.0, "kpo")]),
    ("sum", [money(13e9, 2010), SUM], [money(3e9, 2010), SUM]),
    ("average", [TOTAL, AVERAGE, growth(TOTAL, 4.5, "2008", "multiple")], [TOTAL, AVERAGE, growth(TOTAL, 3.8, "2008", "multiple")]),
    ("exports-and-offshore", [OFFSHORE, money(5e9, measure="outsourcing_exports")], [OFFSHORE, money(2.2e9, measure="outsourcing_exports")]),
    ("executed-above-signed", [TOTAL, money(4e9, measure="contract_value_signed")], [TOTAL, money(6e9, measure="contract_value_signed")]),
    ("trade", [TRADE[0], TRADE[1], money(4e9, measure="service_imports")], TRADE),
    ("exports", [TRADE[1], money(4e9, scope="offshore")], [TRADE[1], OFFSHORE]),
    ("growth-of-parts", [replace(RATES[0], value=45.0), *RATES[1:]], RATES),
    ("new-above-stock", [money(60e6, measure="employees", unit="persons"), money(70e6, measure="employees_new", unit="persons")],
     [money(80e6, measure="employees", unit="persons"), money(70e6, measure="employees_new", unit="persons")]),
    ("jump", [TOTAL, money(6e9, "2009-01/2009-08")], [TOTAL, money(2e9, "2009-01/2009-08")]),
    ("jump", [TOTAL, money(1e9, 2011)], [TOTAL, money(2e9, 2011)]),
    ("place", [TOTAL, money(4e9, place="Jiangsu")], [TOTAL, money(9e9, place="Jiangsu")]),
]  # fmt: skip


@pytest.mark.parametrize(("check", "wrong", "right"), CASES, ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)])
def test_a_check_fires_on_a_contradiction_and_only_there(check, wrong, right):
    assert names(*wrong) == [check]
    assert names(*right) == []


def test_a_finding_cites_its_figures_and_is_named_by_the_telling_one():
    onshore = money(2.5e9, scope="onshore")
    (found,) = arithmetic_findings(catalogue_of([TOTAL, OFFSHORE, onshore]))
    assert found.finding == f"parts:{TOTAL.fact}"
    assert found.facts == (TOTAL.fact, OFFSHORE.fact, onshore.fact)
    assert "'2.5e+09' (003:1)" in found.text


def test_rounding_alone_is_no_contradiction():
    # 5.6 billion after 41 percent: 3.97, or 3.94 if it was 5.55, printed as 3.9 billion
    late, early = money(5.6e9), money(3.9e9, 2011)
    rounded = [replace(late, digits=1e8), replace(early, digits=1e8), growth(late, 41.0)]
    assert names(*rounded) == []
    assert names(rounded[0], replace(early, digits=1e6), rounded[2]) == ["growth"]


@pytest.mark.parametrize(
    ("wording", "low", "high"),
    [
        ("exact", 99.5, 100.5),
        ("about", 90, 110),
        ("over", 100, 120),
        ("at_least", 100, 120),
        ("nearly", 80, 100),
        ("under", 80, 100),
    ],
)
def test_the_wording_sets_the_bounds(wording, low, high):
    fact = level("Wuxi", "employees", 2012, 100.0, "persons", digits=1.0, wording=wording)
    assert (bounds(fact).low, bounds(fact).high) == pytest.approx((low, high))


def test_growth_and_shares_become_ratios():
    fact = level("Wuxi", "employees", 2012, 50.0, "percent", digits=1.0, kind="growth")
    assert bounds(fact) == Bounds(1.495, 1.505)
    assert bounds(replace(fact, kind="share")) == Bounds(0.495, 0.505)
    assert bounds(replace(fact, wording="range", value_high=60.0)) == Bounds(1.5, 1.6)


def test_forecasts_are_not_checked_against_facts():
    assert names(TOTAL, replace(money(9e9), status="forecast")) == []
