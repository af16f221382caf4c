"""The priors: their distributions on points, where each number comes from, and that docs/method.md says the same."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from forecast.priors import FADES, LEARNED, PRIORS, STORED, WIDE_FADE_COUNT, beta_weights, mean_and_sd

METHOD = (Path(__file__).resolve().parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
NUMBER = r"[\d.]+"


@pytest.mark.parametrize(("mean", "count"), [(0.2, 5.0), (0.5, 4.0), (0.7, 12.0)])
def test_many_points_have_the_moments_of_the_beta_distribution(mean, count):
    points = tuple(np.linspace(0.0005, 0.9995, 1000))
    found = mean_and_sd(beta_weights(points, mean, count))
    assert found == pytest.approx((mean, np.sqrt(mean * (1 - mean) / (count + 1))), abs=2e-3)


def test_weights_on_a_few_points_add_up_to_one_and_turn_round_with_the_mean():
    weights = np.array(beta_weights((0.2, 0.5, 0.8), 0.3, 5.0))
    assert weights[:, 1].sum() == pytest.approx(1.0)
    turned = np.array(beta_weights((0.2, 0.5, 0.8), 0.7, 5.0))
    np.testing.assert_allclose(turned[::-1, 1], weights[:, 1])


@pytest.mark.parametrize(
    ("family", "source", "levels"), [("contracts", "services", "3"), ("people", "people", "2"), ("fdi", "fdi", "2")]
)
def test_the_fade_is_the_learned_one_and_wider(family, source, levels):
    learned = LEARNED[source][levels]
    assert PRIORS[family].fade == beta_weights(FADES, learned["fade"], WIDE_FADE_COUNT)
    as_learned = mean_and_sd(beta_weights(FADES, learned["fade"], learned["fade_count"]))
    widened = mean_and_sd(PRIORS[family].fade)
    assert widened[1] > as_learned[1]
    assert widened[0] == pytest.approx(as_learned[0], abs=0.02)


@pytest.mark.parametrize("family", sorted(PRIORS))
def test_every_assumption_has_an_origin_and_is_the_number_in_use(family):
    prior = PRIORS[family]
    by_name = {one.name: one for one in prior.assumptions}
    assert len(by_name) == 9
    assert by_name["tails of the own yearly shocks"].value == prior.tail
    for one in prior.assumptions:
        assert one.origin in ("facts", "judgement", "reference class", "reference class, widened by judgement")
        assert len(one.reason) > 10
    assert by_name["yearly common shock from then on"].value == prior.common_shock
    assert by_name["yearly common shock while the boom arose"].sd == prior.boom_shock == 2 * prior.common_shock
    assert (by_name["fade of the common deviation"].value, by_name["fade of the common deviation"].sd) == mean_and_sd(prior.fade)
    assert by_name["persistence of the own deviation"].value == mean_and_sd(prior.persistence)[0]
    assert by_name["own passing deviation"].value == prior.own_sd


def row(begins: str) -> list[list[float]]:
    """Numbers in the cells of the row of the first table of priors that begins so, by family."""
    (line,) = re.findall(rf"^\| {re.escape(begins)}[^|]*\|(.*)\|[^|]*\|$", METHOD, flags=re.MULTILINE)
    return [[float(number) for number in re.findall(NUMBER, cell)] for cell in line.split("|")]


def test_the_table_of_the_method_shows_the_numbers_in_use():
    order = [PRIORS[name] for name in ("contracts", "people", "fdi", "other")]
    assert row("long-run mean m") == [[one.long_run_mean, one.long_run_sd] for one in order]
    assert row("F in the first year") == [[0.0, one.boom_sd] for one in order]
    assert row("yearly shock of F") == [[one.common_shock] for one in order]
    assert row("fade of F") == [[round(number, 2) for number in mean_and_sd(one.fade)] for one in order]
    assert row("own passing deviation") == [[one.own_sd] for one in order]
    assert row("persistence of a") == [[round(number, 2) for number in mean_and_sd(one.persistence)] for one in order]
    assert row("lasting difference d") == [[one.lasting_sd] for one in order]


def test_the_stored_class_says_where_it_comes_from_and_what_it_reached():
    content = json.loads(STORED.read_text(encoding="utf-8"))
    assert content["version"] == 1
    assert "without China" in content["learned_on"]
    assert content["script"] == "benchmarks/learn_booms.py"
    assert set(content["score"]) == set(content["parameters"]) == {"services", "fdi", "people", "economy"}
    for family in content["score"].values():
        for one in family.values():
            # That booms fade is what the class teaches beyond doubt: last growth as a forecast is worse by more than two standard errors.
            persists = one["forecasts"]["last growth persists"]
            assert all(more > 2 * error for more, error in zip(persists["more"], persists["more_error"], strict=True))


def test_the_table_of_what_was_learned_shows_the_stored_numbers():
    names = {"services": "exports", "fdi": "FDI", "people": "employment", "economy": "GDP"}
    content = json.loads(STORED.read_text(encoding="utf-8"))
    for family, name in names.items():
        for levels, years in (("2", "one"), ("3", "two")):
            learned, score = content["parameters"][family][levels], content["score"][family][levels]
            (line,) = re.findall(rf"^\| {name}, {years}(?: booming years?)? \|(.*)$", METHOD, flags=re.MULTILINE)
            shown = [float(number) for number in re.findall(NUMBER, line)]
            low, high = score["fade_when_parts_are_left_out"]
            expected = [score["windows"], score["years"], learned["fade"], low, high, learned["common_shock"]]
            expected += [learned["own_sd"], learned["persistence"], learned["noise"]]
            np.testing.assert_allclose(shown, expected, atol=0.0051)
