"""Series that speak for themselves, as beliefs: their law is that of the forecast, year by year and from year to year."""

import numpy as np
import pytest

from data import Catalogue
from forecast.belief import Belief, believe
from forecast.history_beliefs import with_histories
from forecast.prediction import Prediction, predict
from forecast.reference_class import stored_class
from forecast.reference_prediction import state_at_origin
from forecast.routing import answer_auto, own_weight, speaks_for_itself
from tests.forecast.conftest import made_series
from tests.made_up import catalogue_of, level

KEY = "City A|employees|total|persons"
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


def made_levels(seed: int) -> np.ndarray:
    """Eight to thirty levels that wander, scatter about a line, have growth that lasts, or saturate."""
    random = np.random.default_rng(seed)
    n, kind = int(random.integers(8, 31)), seed % 4
    growth, spread = random.normal(0.05, 0.05), np.exp(random.normal(np.log(0.08), 0.6))
    shocks, age = spread * random.standard_normal(n), np.arange(n)
    if kind == 0:
        return 1e5 * np.exp(np.cumsum(growth + shocks))
    if kind == 1:
        return 1e5 * np.exp(growth * age + shocks)
    if kind == 2:
        lasting = np.convolve(0.6 * shocks, 0.8**age)[:n]
        return 1e5 * np.exp(np.cumsum(growth + lasting))
    return 1e5 * np.exp(3 / (1 + np.exp(-0.4 * (age - 0.6 * n))) + 0.3 * shocks)


def belief_about(levels: np.ndarray, years: list[int] | None = None, measure: str = "employees", factor: float = 1.0) -> Belief:
    """One long history, and beside it short ones of the same family."""
    known = years or list(range(2013 - len(levels), 2013))
    unit = "persons" if measure == "employees" else "count"
    facts = [
        level("City A", measure, year, factor * float(value), unit, digits=factor)
        for year, value in zip(known, levels, strict=True)
    ]
    facts += [level("City B", "employees", year, 5e4 * 1.1 ** (year - 2010), "persons") for year in (2010, 2011, 2012)]
    return believe(catalogue_of(facts))


def simulated(belief: Belief, last_year: int, key: str = KEY) -> tuple[Prediction, Prediction]:
    """What the simulation will draw from, and what the forecast says."""
    made, one = with_histories(belief, last_year), belief.find(key)
    assert one is not None
    own = made.find(key)
    assert own is not None
    return predict(made, own, last_year), answer_auto(belief, one, last_year).prediction


@pytest.mark.parametrize(
    ("measure", "kept"),
    [
        ("employees", [0, *range(3, 12)]),  # a gap: the reference class alone
        ("certificates_new", [11]),
        ("certificates_new", [10, 11]),
        ("certificates_new", [4, 5, 7, 11]),
    ],
)
def test_what_the_reference_class_says_is_kept_exactly(measure: str, kept: list[int]) -> None:
    levels = 1e5 * np.exp(np.cumsum(0.05 + 0.1 * np.random.default_rng(8).standard_normal(12)))
    belief = belief_about(levels[kept], [2001 + age for age in kept], measure)
    key = str(next(one.key for one in belief.series if one.key.place == "City A"))
    drawn, said = simulated(belief, 2022, key)
    np.testing.assert_allclose(np.log(drawn.quantiles(LEVELS)), np.log(said.quantiles(LEVELS)), atol=1e-7)


def test_the_state_and_fresh_shocks_are_the_joint_law_of_the_class() -> None:
    # A slow twin: the covariance of all levels of a kind, first one diffuse, conditioned on those known.
    series = made_series("City A", (2003, 2004, 2006, 2009, 2010), (1.0, 1.3, 1.2, 1.9, 2.4), sd=0.02, shared=0.01)
    mean, covariance = state_at_origin(series)
    nodes, ages = stored_class(len(series.years)).nodes, np.arange(12)  # years 2003 to 2014
    known = np.array(series.years) - 2003
    for j in range(len(nodes.own)):
        sums = (ages[1:] <= ages[:, None]).astype(float)
        growth = nodes.own[j] * nodes.persistence[j] ** np.abs(ages[1:, None] - ages[1:]) + nodes.long_run[j]
        law = 100.0 + sums @ growth @ sums.T + nodes.noise[j] * np.eye(12)
        gain = law[np.ix_(ages, known)] @ np.linalg.inv(law[np.ix_(known, known)] + series.covariance)
        centre = series.log_level.mean() + gain @ (series.log_level - series.log_level.mean())
        left = law - gain @ law[known]
        reach = np.array(
            [[1, h, nodes.persistence[j] * (1 - nodes.persistence[j] ** h) / (1 - nodes.persistence[j])] for h in (1, 4)]
        )
        np.testing.assert_allclose(reach @ mean[j], centre[[8, 11]], atol=1e-5)
        shocks = nodes.own[j] * (1 - nodes.persistence[j] ** 2)
        weights = [(1 - nodes.persistence[j] ** np.arange(h, h - 4, -1).clip(0)) / (1 - nodes.persistence[j]) for h in (1, 4)]
        own = shocks * np.array([[one @ other for other in weights] for one in weights]) + nodes.noise[j] * np.eye(2)
        np.testing.assert_allclose(reach @ covariance[j] @ reach.T + own, left[np.ix_([8, 11], [8, 11])], atol=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_what_the_combination_says_is_kept_exactly(seed: int) -> None:
    drawn, said = simulated(belief_about(made_levels(seed)), 2022)
    np.testing.assert_allclose(np.log(drawn.quantiles(LEVELS)), np.log(said.quantiles(LEVELS)), atol=1e-6)
    mean, variance = said.log_moments()
    for column, year in enumerate(said.years):
        for value in mean[column] + np.sqrt(variance[column]) * np.linspace(-3, 3, 7):
            assert drawn.probability_at_least(value, year) == pytest.approx(said.probability_at_least(value, year), abs=1e-6)


def test_a_nearer_horizon_changes_nothing_up_to_it() -> None:
    belief = belief_about(made_levels(2))
    near, far = (with_histories(belief, year) for year in (2014, 2030))
    width = near.families[KEY].common_mean.shape[1]
    assert near.families[KEY].common_mean.tobytes() == np.ascontiguousarray(far.families[KEY].common_mean[:, :width]).tobytes()
    assert near.families[KEY].weights.tobytes() == far.families[KEY].weights.tobytes()
    for one, other in zip(near.series, far.series, strict=True):
        assert one.base.tobytes() == other.base.tobytes()
        assert one.covariance.tobytes() == other.covariance.tobytes()


@pytest.mark.parametrize("factor", [1e-3, 1e6])
def test_the_unit_scales_what_will_be_drawn(factor: float) -> None:
    levels = made_levels(7)
    plain, scaled = (simulated(belief_about(levels, factor=by), 2018)[0] for by in (1.0, factor))
    np.testing.assert_allclose(scaled.quantiles(LEVELS), factor * plain.quantiles(LEVELS), rtol=1e-6)


def test_later_years_shift_what_will_be_drawn() -> None:
    levels = made_levels(9)
    plain = simulated(belief_about(levels), 2018)[0]
    years = list(range(2003 - len(levels), 2003))
    shifted = simulated(belief_about(levels, years), 2008)[0]
    np.testing.assert_allclose(shifted.quantiles(LEVELS), plain.quantiles(LEVELS), rtol=1e-9)


def test_only_series_that_speak_for_themselves_change_and_only_once() -> None:
    belief = belief_about(made_levels(1))
    made = with_histories(belief, 2020)
    assert with_histories(made, 2020) is made
    assert [one is other for one, other in zip(belief.series, made.series, strict=True)] == [False, True]
    assert made.families["people"] is belief.families["people"]
    assert [made.family_of(one) for one in made.series] == ["people", "people"]
    assert made.families[KEY].kin == "people"
    assert with_histories(belief, 2012) is belief  # nothing of it is to come


@pytest.mark.parametrize("vintage", ["2012-06-30", "2013-12-31", "2015-12-31", "9999-12-31"])
def test_bundled_series_of_known_families_stay_as_they_are(catalogue: Catalogue, vintage: str) -> None:
    belief = believe(catalogue, vintage)
    made = with_histories(belief, 2020)
    changed = [one for one, other in zip(belief.series, made.series, strict=True) if one is not other]
    assert {one.family for one in changed} <= {"other"}
    assert all(made.families[name] is family for name, family in belief.families.items())
    if not changed:
        assert made is belief


def test_no_other_place_weighs_on_a_series_that_speaks_for_itself() -> None:
    belief = belief_about(made_levels(3))
    weights = [own_weight(belief, one, 4) for one in belief.series]
    assert weights[0] == 1.0
    assert 0 < weights[1] < 1
    single = belief_about(np.array([500.0]), [2012], "certificates_new")
    one = next(one for one in single.series if one.family == "other")
    assert speaks_for_itself(one)
    assert own_weight(single, one, 4) == 0.0


def test_what_is_nothing_takes_no_room() -> None:
    """Thousands of series are believed at once, and what no other place says would take most of the memory."""
    made = with_histories(belief_about(made_levels(1)), 2020)
    own = made.find(KEY)
    assert own is not None
    for nothing in (own.slope, made.families[KEY].common_covariance):
        assert not nothing.any()
        assert not any(nothing.strides)
