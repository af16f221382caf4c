"""Series of one measure hear each other: weights of the highest likelihood, half of the median growth, and no others where nothing is in common."""

from dataclasses import replace

import numpy as np
import pytest

from forecast.belief import Belief, SeriesBelief, believe
from forecast.combination import forecast_many
from forecast.evidence import evidence_of
from forecast.history_beliefs import with_histories
from forecast.prediction import predict
from forecast.reference_class import GRID, stored_class
from forecast.reference_prediction import predict_reference
from forecast.routing import REFERENCE, SIBLINGS, answer_auto, own_weight
from forecast.series import Series
from forecast.siblings import CARRIED_ON, CLASS_COUNTS, MOST_HEARD, node_likelihood, siblings_by_measure, siblings_of
from tests.forecast.conftest import made_series
from tests.made_up import catalogue_of, level

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
MEASURE = "certificates_new"  # of no known family


def panel(seed: int, places: int, n: int, growth: float = 0.0, sd: float = 0.3) -> list[Series]:
    """Levels, exactly known, whose yearly growth is normal."""
    random = np.random.default_rng(seed)
    rises = np.cumsum(growth + sd * random.standard_normal((places, n)), axis=1)
    years = range(2013 - n, 2013)
    return [made_series(f"Town {number}", years, np.exp(10 + row), MEASURE, sd=0.0) for number, row in enumerate(rises)]


def believed(series: list[Series], factor: float = 1.0, later: int = 0) -> Belief:
    """What is believed of such series when they stand in a file."""
    return believe(
        catalogue_of(
            [
                level(one.key.place, MEASURE, year + later, factor * float(np.exp(value)), "count", digits=1e-9)
                for one in series
                for year, value in zip(one.years, one.log_level, strict=True)
            ]
        )
    )


def class_weights() -> np.ndarray:
    """Weights of the nodes of the class for short histories."""
    logs = stored_class(1).nodes.log_prior
    return np.asarray(np.exp(logs - np.logaddexp.reduce(logs)))


def first_of(belief: Belief) -> SeriesBelief:
    """The series of Town 0."""
    return next(one for one in belief.series if one.key.place == "Town 0")


def test_weights_have_the_highest_likelihood_with_the_class_as_five_series() -> None:
    """No weights nearby are better: others x mean log likelihood + CLASS_COUNTS x (class . log weights) is concave, and at its top."""
    members = panel(1, 12, 4)
    found = siblings_of(members)
    likelihood = np.array([node_likelihood(one, stored_class(1), found.growth) for one in members])
    of_class, weights = class_weights(), np.exp(found.log_prior)

    def score(these: np.ndarray) -> float:
        return float(found.others * np.log(likelihood @ these).mean() + CLASS_COUNTS * of_class @ np.log(these))

    assert weights.sum() == pytest.approx(1.0)
    assert score(weights) > score(of_class)
    random = np.random.default_rng(2)
    for step in (1e-3, 1e-1):
        for other in random.dirichlet(np.ones(weights.size), size=50):
            assert score((1 - step) * weights + step * other) <= score(weights) + 1e-7


def test_volatile_siblings_widen_and_calm_ones_leave_the_class_as_it_is() -> None:
    volatility = np.repeat(GRID, len(stored_class(1).kinds))
    wild, calm = (siblings_of(panel(3, 20, 3, sd=sd)) for sd in (0.5, 0.001))
    assert np.exp(wild.log_prior) @ volatility > class_weights() @ volatility + 0.5
    np.testing.assert_allclose(np.exp(calm.log_prior), class_weights())
    one = panel(4, 1, 1)[0]
    widths = [np.log(predict_reference(one, 2015, of).quantiles((0.1, 0.9))) for of in (wild, calm, None)]
    wide, plain, alone = (float(high[-1] - low[-1]) for low, high in widths)
    assert wide > 1.5 * plain
    assert plain == pytest.approx(alone)


@pytest.mark.parametrize("places", [2, 5, 50])
def test_half_of_the_growth_in_common_is_carried_on_where_many_have_it(places: int) -> None:
    members = panel(5, places, MOST_HEARD + 3, growth=0.2, sd=0.0)
    found = siblings_of(members)
    assert found.others == places - 1
    assert found.growth == pytest.approx(0.2 * CARRIED_ON * (places - 1) / (places - 1 + CLASS_COUNTS))
    one = members[0].last_level()
    told, alone = predict_reference(one, 2016, found).quantile(0.5), predict_reference(one, 2016).quantile(0.5)
    np.testing.assert_allclose(np.log(told / alone), found.growth * np.arange(1, 5), atol=0.02)


def test_one_outlier_does_not_set_the_growth_of_all() -> None:
    members = panel(6, 9, 3, growth=0.1, sd=0.02)
    jumped = replace(members[0], log_level=members[0].log_level + np.array([0.0, 0.0, np.log(100)]))
    assert siblings_of([jumped, *members[1:]]).growth == pytest.approx(siblings_of(members).growth, abs=0.01)


def test_who_has_siblings() -> None:
    some = panel(7, 3, 2)
    single = [some[0], some[1].last_level()]
    assert siblings_by_measure(single) == {}  # one growth alone is nobody's company
    (name,) = siblings_by_measure(some)
    assert name == f"{MEASURE}|total|USD"
    other = [replace(one, key=one.key._replace(unit="CNY")) for one in some[:2]]
    assert {key: of.others for key, of in siblings_by_measure([*some, *other]).items()} == {name: 2, f"{MEASURE}|total|CNY": 1}


def test_auto_hears_siblings_of_short_series_of_unknown_families_only() -> None:
    belief = believed([*panel(8, 6, 3), panel(9, 1, 12)[0]][1:])
    models = {one.key.place: answer_auto(belief, one, 2016).model for one in belief.series}
    assert models == dict.fromkeys((f"Town {number}" for number in range(1, 6)), SIBLINGS) | {"Town 0": "combination"}
    alone = believed(panel(8, 1, 3))
    assert answer_auto(alone, alone.series[0], 2016).model == REFERENCE
    known = believe(catalogue_of([level(f"City {n}", "employees", year, 5e4, "persons") for n in "AB" for year in (2011, 2012)]))
    assert not known.siblings


@pytest.mark.parametrize(("factor", "later"), [(1e6, 0), (1.0, 7)])
def test_unit_and_calendar_do_not_matter(factor: float, later: int) -> None:
    plain, changed = believed(panel(10, 8, 3)), believed(panel(10, 8, 3), factor, later)
    one, other = (
        answer_auto(of, first_of(of), year).prediction.quantiles(LEVELS) for of, year in ((plain, 2016), (changed, 2016 + later))
    )
    np.testing.assert_allclose(other, factor * one, rtol=1e-5)


def test_their_order_does_not_matter() -> None:
    members = panel(11, 8, 3)
    one, other = siblings_of(members), siblings_of(members[::-1])
    np.testing.assert_allclose(one.log_prior, other.log_prior, atol=1e-9)
    assert one.growth == pytest.approx(other.growth)


def test_many_histories_are_forecast_as_one_by_one() -> None:
    members = panel(12, 9, 5, growth=0.1)
    found = siblings_of(members)
    histories = [np.exp(one.log_level) for one in members] + [np.exp(np.cumsum(np.full(20, 0.1)))]
    many = forecast_many(histories, 4, LEVELS, siblings=found)
    for one, row in zip(members, many, strict=False):
        np.testing.assert_allclose(row, predict_reference(one, 2016, found).quantiles(LEVELS), rtol=1e-7)
    np.testing.assert_allclose(
        many[-1], forecast_many(histories[-1:], 4, LEVELS)[0], rtol=1e-9
    )  # long histories speak for themselves


def test_what_is_simulated_has_the_law_of_the_forecast() -> None:
    belief = believed(panel(13, 8, 4, growth=0.15))
    made, one = with_histories(belief, 2020), first_of(belief)
    own = made.find(str(one.key))
    assert own is not None
    drawn, said = predict(made, own, 2020), answer_auto(belief, one, 2020)
    assert said.model == SIBLINGS
    np.testing.assert_allclose(np.log(drawn.quantiles(LEVELS)), np.log(said.prediction.quantiles(LEVELS)), atol=1e-7)


def test_without_a_source_siblings_are_those_that_are_left() -> None:
    series = panel(14, 6, 3, sd=0.4)
    facts = [
        level(
            one.key.place,
            MEASURE,
            year,
            float(np.exp(value)),
            "count",
            digits=1e-9,
            source="000" if one.key.place == "Town 5" else "003",
        )
        for one in series
        for year, value in zip(one.years, one.log_level, strict=True)
    ]
    catalogue = catalogue_of(facts)
    belief = believe(catalogue)
    left_out = [fact for fact in facts if fact.source == "000"]
    expected = believe(catalogue_of([fact for fact in facts if fact.source != "000"]))
    one = first_of(expected)
    found = evidence_of(catalogue, belief).without(left_out, {one.key})
    for of, other in ((found, expected),):
        mine, theirs = (answer_auto(each, first_of(each), 2016).prediction.quantiles(LEVELS) for each in (of, other))
        np.testing.assert_allclose(mine, theirs, rtol=1e-6)
    whole = answer_auto(belief, first_of(belief), 2016).prediction.quantiles(LEVELS)
    assert np.abs(np.log(whole / theirs)).max() > 1e-3


def test_own_figures_weigh_a_part_among_siblings() -> None:
    belief = believed([*panel(15, 8, 6, sd=0.5), panel(16, 9, 1)[8]])
    weights = {one.key.place: own_weight(belief, one, 4) for one in belief.series}
    assert weights.pop("Town 8") == 0.0
    assert all(0 <= weight < 1 for weight in weights.values())
    assert max(weights.values()) > 0


def test_intervals_keep_their_promise_on_volatile_measures() -> None:
    """Forty panels of 40 places whose growth has an sd of .3 about one of .1, three levels known, four years ahead: 75 of 80 points, not 62.

    Places are drawn independently, so the standard error of a coverage is 1 point; 4 of them leave an error of the first kind of 3e-5.
    """
    covered: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(40):
        members = panel(100 + seed, 40, 7, growth=0.1)
        cut = [replace(one, years=one.years[:3], log_level=one.log_level[:3], covariance=np.zeros((3, 3))) for one in members]
        together = siblings_of(cut)
        for heard, inside in covered.items():
            found = forecast_many([np.exp(one.log_level) for one in cut], 4, (0.1, 0.9), siblings=together if heard else None)
            inside += [
                float(low <= np.exp(one.log_level[-1]) <= high) for one, (low, high) in zip(members, found[..., -1], strict=True)
            ]
    heard, alone = (float(np.mean(covered[name])) for name in (True, False))
    assert heard > 0.75 - 0.04
    assert alone < 0.62 + 0.04
