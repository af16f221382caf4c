"""Laws that every model keeps, whatever the series: of units, years, order and intervals; and that odd series get numbers or a reason."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import Fact
from forecast import Belief, believe
from forecast.classical import CLASSICAL, NotAdmissible, predict_classical
from forecast.combination import forecast_many, predict_combined
from forecast.models import BASELINES, MODELS, Model
from forecast.reference_prediction import predict_reference
from forecast.series import Floats, Series, SeriesKey
from tests.made_up import catalogue_of, level

AHEAD = 6
PROBABILITIES = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)  # of the intervals of 95, 90, 80 and 50 %, and the middle
# What a library fits by an optimiser has laws of its own below, on fewer series.
QUICK: dict[str, Model] = {name: model for name, model in (MODELS | BASELINES).items() if name not in (*CLASSICAL, "thorough")}
QUICK["combined"] = lambda belief, one, last_year: predict_combined(one.series, last_year)
ALONE: dict[str, Callable[..., object]] = {"reference": predict_reference, "combined": predict_combined}

Panel = list[tuple[int, list[float]]]  # of each place the first year and ln(level) of the years from then on
growth = st.floats(-0.7, 0.7) | st.sampled_from([0.0, np.log(100), -np.log(100)])
history = st.tuples(st.floats(-5, 25), st.lists(growth, max_size=14)).map(lambda drawn: list(np.cumsum([drawn[0], *drawn[1]])))
panels = st.lists(st.tuples(st.integers(1985, 2000), history), min_size=1, max_size=5)


def facts_of(panel: Panel) -> list[Fact]:
    """The panel as printed figures of towns, each year one."""
    return [
        level(f"Town {number}", "employees", first + age, float(np.exp(log_level)), "persons")
        for number, (first, log_levels) in enumerate(panel)
        for age, log_level in enumerate(log_levels)
    ]


def forecasts(belief: Belief, shift: int = 0) -> dict[tuple[str, str], Floats | str]:
    """By model and place the quantiles of ln(level), or why there are none; `shift` is how much later all years are."""
    found: dict[tuple[str, str], Floats | str] = {}
    for name, model in QUICK.items():
        for one in belief.series:
            try:
                prediction = model(belief, one, one.series.origin + AHEAD)
            except NotAdmissible as reason:
                found[name, one.key.place] = str(reason)
                continue
            assert prediction.years == tuple(range(one.series.years[-1] + 1, one.series.years[-1] + 1 + AHEAD))
            found[name, one.key.place] = np.log(prediction.quantiles(PROBABILITIES))
    return found


def assert_same(found: dict[tuple[str, str], Floats | str], base: dict[tuple[str, str], Floats | str], raised: float = 0.0) -> None:
    """Every quantile of ln(level) lies `raised` above that of the base, and who had a reason has the same."""
    assert found.keys() == base.keys()
    for name, expected in base.items():
        if isinstance(expected, str):
            assert found[name] == expected
        else:
            np.testing.assert_allclose(found[name], expected + raised, rtol=0, atol=1e-6, err_msg=str(name))


@settings(max_examples=8, deadline=None, derandomize=True)
@given(panels, st.integers(-3, 9), st.integers(-60, 60), st.randoms(use_true_random=False))
def test_unit_years_order_and_names_carry_over(panel, power, shift, random):
    facts = facts_of(panel)
    base = forecasts(believe(catalogue_of(facts)))
    # Powers of ten leave the printed digits where they are.
    scaled = [replace(fact, value=fact.value * 10.0**power) for fact in facts]
    assert_same(forecasts(believe(catalogue_of(scaled))), base, power * np.log(10))
    shifted = [(first + shift, log_levels) for first, log_levels in panel]
    assert_same(forecasts(believe(catalogue_of(facts_of(shifted)))), base)
    shuffled = random.sample(facts, len(facts))
    assert_same(forecasts(believe(catalogue_of(shuffled))), base)
    renamed = forecasts(believe(catalogue_of(facts_of(panel[::-1]))))
    back = {f"Town {number}": f"Town {len(panel) - 1 - number}" for number in range(len(panel))}
    assert_same({(model, back[place]): found for (model, place), found in renamed.items()}, base)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(panels)
def test_quantiles_never_cross_and_a_wider_level_is_a_wider_interval(panel):
    for name, quantiles in forecasts(believe(catalogue_of(facts_of(panel)))).items():
        if isinstance(quantiles, str):
            assert quantiles, name
            continue
        assert np.isfinite(quantiles).all(), name
        assert (np.diff(quantiles, axis=0) > 0).all(), name


# One series by itself: gaps, doubts, units beyond those of any table.


def series_of(log_level: list[float] | Floats, years: tuple[int, ...], doubt: float = 0.0) -> Series:
    n = len(years)
    key = SeriesKey("Town", "employees", "total", "persons")
    return Series(key, years, np.asarray(log_level, dtype=float), np.eye(n) * doubt**2, (True,) * n, (), ((),) * n)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(history, st.data(), st.floats(0, 0.3), st.floats(-300, 300), st.integers(-1000, 1000))
@pytest.mark.parametrize("name", ALONE)
def test_a_series_with_gaps_carries_unit_and_years_over(name, log_levels, data, doubt, raised, shift):
    steps = data.draw(st.lists(st.integers(1, 4), min_size=len(log_levels) - 1, max_size=len(log_levels) - 1))
    years = tuple(map(int, np.cumsum([2000, *steps])))
    base = ALONE[name](series_of(log_levels, years, doubt), years[-1] + AHEAD).quantiles(PROBABILITIES)
    assert (np.diff(base, axis=0) > 0).all()
    other = series_of(np.array(log_levels) + raised, tuple(year + shift for year in years), doubt)
    moved = ALONE[name](other, years[-1] + shift + AHEAD)
    assert moved.years == tuple(range(years[-1] + shift + 1, years[-1] + shift + 1 + AHEAD))
    np.testing.assert_allclose(np.log(moved.quantiles(PROBABILITIES)), np.log(base) + raised, rtol=0, atol=1e-6)


ODD = {
    "one point": [5.0],
    "constant": [7.0] * 12,
    "steady growth": list(0.1 * np.arange(12)),
    "a jump": [1.0] * 6 + [1.0 + np.log(100)] * 6,
    "a fall": [9.0] * 6 + [9.0 - np.log(100)] * 6,
    "to and fro": [0.0, np.log(100)] * 6,
    "a last jump": [1.0] * 11 + [1.0 + np.log(100)],
    "tiny": list(-600 + 0.05 * np.arange(12) + 0.01 * np.sin(np.arange(12))),
    "huge": list(600 + 0.05 * np.arange(12) + 0.01 * np.sin(np.arange(12))),
    "a thousand points": list(10 + 0.001 * np.arange(1000) + 0.1 * np.sin(np.arange(1000))),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ALONE)
def test_an_odd_series_gets_numbers(name, odd):
    quantiles = ALONE[name](series_of(ODD[odd], tuple(range(1000, 1000 + len(ODD[odd])))), 999 + len(ODD[odd]) + 20)
    found = quantiles.quantiles(PROBABILITIES)
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=0) > 0).all()


# Many histories at once


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(history, min_size=1, max_size=6), st.data())
@pytest.mark.parametrize("combined", [True, False])
def test_many_histories_do_not_touch_each_other_and_scale_with_their_units(combined, log_levels, data):
    histories = [np.exp(one) for one in log_levels]
    base = forecast_many(histories, AHEAD, PROBABILITIES, combined=combined)
    assert np.isfinite(base).all()
    assert (np.diff(base, axis=1) > 0).all()
    order = data.draw(st.permutations(range(len(histories))))
    np.testing.assert_array_equal(
        forecast_many([histories[n] for n in order], AHEAD, PROBABILITIES, combined=combined), base[order]
    )
    factors = np.array(data.draw(st.lists(st.floats(1e-9, 1e9), min_size=len(histories), max_size=len(histories))))
    scaled = forecast_many([f * one for f, one in zip(factors, histories, strict=True)], AHEAD, PROBABILITIES, combined=combined)
    np.testing.assert_allclose(scaled / factors[:, None, None], base, rtol=1e-6)


@pytest.mark.parametrize("combined", [True, False])
def test_odd_histories_get_numbers_at_once(combined):
    found = forecast_many([np.exp(one) for one in ODD.values()], 20, PROBABILITIES, combined=combined)
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=1) > 0).all()


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf"), -float("inf")])
def test_what_is_no_level_is_refused_with_its_history(bad):
    with pytest.raises(ValueError, match=r"^history 1: .* found; allowed: positive finite levels$"):
        forecast_many([[1.0, 2.0], [3.0, bad], [4.0]], AHEAD, PROBABILITIES)
    with pytest.raises(ValueError, match=r"^history 2 is empty"):
        forecast_many([[1.0], [2.0], []], AHEAD, PROBABILITIES)


# Models of libraries: an optimiser ends within its own tolerance.


@pytest.mark.parametrize("name", CLASSICAL)
def test_a_librarys_model_carries_unit_and_years_over(name):
    log_levels = 9 + np.cumsum(0.05 + 0.1 * np.random.default_rng(2).standard_normal(14))
    base = np.log(predict_classical(name, series_of(log_levels, tuple(range(1990, 2004))), 2009).quantiles(PROBABILITIES))
    assert (np.diff(base, axis=0) > 0).all()
    for raised in (-30.0, np.log(1000)):
        moved = predict_classical(name, series_of(log_levels + raised, tuple(range(1950, 1964))), 1969)
        assert moved.years == tuple(range(1964, 1970))
        np.testing.assert_allclose(np.log(moved.quantiles(PROBABILITIES)), base + raised, rtol=0, atol=2e-3)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", CLASSICAL)
def test_a_librarys_model_gives_numbers_or_a_reason(name, odd):
    log_levels = ODD[odd][-60:]
    series = series_of(log_levels, tuple(range(1000, 1000 + len(log_levels))))
    try:
        prediction = predict_classical(name, series, series.origin + 20)
    except NotAdmissible as reason:
        assert CLASSICAL[name].title in str(reason)  # noqa: PT017
        return
    found = prediction.quantiles(PROBABILITIES)
    assert np.isfinite(found).all()
    assert np.isfinite(prediction.level_mean()).all()
    assert (np.diff(found, axis=0) >= 0).all()
