"""The value of a figure that is missing: laws of conditional odds, the same belief formed again with the figure, and brute force by the engine."""

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest

from data import Catalogue, Fact
from forecast import pooling, predict
from forecast.belief import Belief, SeriesBelief, believe, family_belief, series_belief
from forecast.figure_value import JointLaw, heard_law, joint_law
from forecast.pooling import conclude, hear, replaced
from scenarios.plan import make_plan
from scenarios.simulation import simulate
from tests.made_up import catalogue_of, level, without_tails

MEASURE, SIGNED, REVENUE = "contract_value_executed", "contract_value_signed", "outsourcing_revenue"
OWN = f"Town 0|{MEASURE}|total|USD"
DOUBT = 0.04


@pytest.fixture(scope="module")
def world() -> Catalogue:
    """Towns with a series each, so that all are witnesses in full; the first has a gap and a second measure of one year."""
    rates = np.array([0.30, 0.42, 0.18, 0.35, 0.27, 0.22])
    facts = []
    for number, rate in enumerate(rates):
        size = 1e9 * (1 + number)
        facts += [level(f"Town {number}", MEASURE, year, size * (1 + rate) ** (year - 2012)) for year in (2011, 2012)]
    facts += [level("Town 0", MEASURE, 2009, 0.45e9), level("Town 1", MEASURE, 2009, 0.7e9), level("Town 0", SIGNED, 2012, 2e9)]
    return catalogue_of(facts)


@pytest.fixture(scope="module")
def belief(world: Catalogue) -> Belief:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pooling, "NEGLIGIBLE_WEIGHT", 0.0)
        return believe(world)


def found(belief: Belief, name: str = OWN) -> SeriesBelief:
    one = belief.find(name)
    assert one is not None
    return one


def law_of_figure(belief: Belief, name: str, year: int, doubt: float = DOUBT, due: int = 2015) -> JointLaw:
    return joint_law(belief, found(belief), due, found(belief, name), year, doubt)


FIGURES = [(OWN, 2013), (OWN, 2014), (OWN, 2010), (f"Town 0|{SIGNED}|total|USD", 2013), (f"Town 3|{MEASURE}|total|USD", 2013)]


@pytest.mark.parametrize(("name", "year"), FIGURES)
def test_odds_do_not_change_on_average_and_no_more_is_removed_than_there_is(belief: Belief, name: str, year: int) -> None:
    law = law_of_figure(belief, name, year)
    for threshold in np.quantile(law.mean, [0.1, 0.5, 0.9]) + np.array([-0.5, 0.0, 0.5]):
        odds, (at, weights) = law.odds(threshold), law.figures()
        assert weights.sum() == pytest.approx(1)
        assert weights @ law.odds_given(threshold, at) == pytest.approx(odds, abs=1e-7)
        removed, change = law.value(threshold)
        assert 0 < removed < odds * (1 - odds)
        assert change**2 <= removed  # Jensen


@pytest.mark.parametrize(("name", "year"), FIGURES)
def test_the_level_is_that_of_the_forecast(belief: Belief, name: str, year: int) -> None:
    law = law_of_figure(belief, name, year)
    normal = without_tails(belief)
    prediction = predict(normal, found(belief), 2015)
    np.testing.assert_allclose(law.mean, prediction.mean[:, -1], rtol=1e-12)
    np.testing.assert_allclose(law.variance, prediction.variance[:, -1], rtol=1e-12)
    if year > 2012:
        its = predict(normal, found(belief, name), year)
        np.testing.assert_allclose(law.figure_mean, its.mean[:, -1], rtol=1e-12)
        np.testing.assert_allclose(law.figure_variance, its.variance[:, -1] + DOUBT**2, rtol=1e-12)


@pytest.mark.parametrize(("name", "year"), FIGURES)
def test_a_figure_that_nobody_can_trust_is_worth_nothing_and_a_better_one_more(belief: Belief, name: str, year: int) -> None:
    threshold = float(law_of_figure(belief, name, year).mean.mean())
    values = [law_of_figure(belief, name, year, doubt).value(threshold) for doubt in (0.0, 0.1, 0.5, 1e6)]
    assert values[-1] == pytest.approx((0.0, 0.0), abs=1e-6)
    for better, worse in pairwise(values):
        assert better[0] > worse[0]
        assert better[1] > worse[1]


def test_a_figure_of_a_later_year_is_worth_more_up_to_the_due_one_which_settles_it(belief: Belief) -> None:
    threshold = float(law_of_figure(belief, OWN, 2013).mean.mean())
    removed = [law_of_figure(belief, OWN, year).value(threshold)[0] for year in (2013, 2014)]
    assert removed[0] < removed[1]


@pytest.mark.parametrize("log_figure", [np.log(0.5e9), np.log(0.6e9), np.log(0.7e9)])
def test_a_year_that_is_over_gives_what_is_believed_again_with_it(
    world: Catalogue, belief: Belief, log_figure: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the years known, with every series a full witness, conditioning and pooling anew are the same."""
    monkeypatch.setattr(pooling, "NEGLIGIBLE_WEIGHT", 0.0)
    keys = [one.key for one in belief.series if one.key.measure == MEASURE]
    members = [found(belief, str(key)) for key in keys]
    prior = belief.priors["contracts"]
    heard = hear([one.series for one in members], belief.nations, prior)
    assert set(heard.weights) == {1.0}
    alone = with_series(belief, conclude(heard), heard.series)
    own = found(alone).series
    assert own.years == (2009, 2011, 2012)
    order = np.array([0, 3, 1, 2])
    covariance = np.zeros((4, 4))
    covariance[:3, :3] = own.covariance
    covariance[3, 3] = DOUBT**2
    more = replace(
        own, years=(2009, 2010, 2011, 2012), log_level=np.append(own.log_level, log_figure)[order], covariance=covariance[np.ix_(order, order)]
    )  # fmt: skip
    number = [str(key) for key in keys].index(OWN)
    pooled = conclude(replaced(heard, [number], [more]))
    again = with_series(belief, pooled, pooled.witnesses.series)
    law = joint_law(alone, found(alone), 2015, found(alone), 2010, DOUBT)
    for threshold in (np.log(1.2e9), np.log(1.8e9), np.log(2.5e9)):
        wanted = predict(without_tails(again), found(again), 2015).probability_at_least(threshold, 2015)
        assert law.odds_given(threshold, np.array([log_figure]))[0] == pytest.approx(wanted, abs=1e-8)


@pytest.mark.parametrize("name", ["Town 3", "Town 1"])
def test_a_figure_of_another_place_is_heard_as_it_is_believed(world: Catalogue, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Town 1 has three series and counts as .42 of a witness each; what came together then jumped like the boom."""
    monkeypatch.setattr(pooling, "NEGLIGIBLE_WEIGHT", 0.0)
    more = [level("Town 1", measure, year, 3e8 * 1.3 ** (year - 2011)) for measure in (SIGNED, REVENUE) for year in (2011, 2012)]
    facts = [*(Fact(**row) for row in world.facts.to_dict("records")), *more]
    before = believe(catalogue_of(facts))
    key = f"{name}|{MEASURE}|total|USD"
    assert len({one.family for one in before.series if one.key.place in ("Town 0", "Town 1")}) == 1
    doubt = float(found(before, key).series.covariance[-1, -1]) ** 0.5
    law = joint_law(before, found(before), 2015, found(before, key), 2013, doubt)
    learner = heard_law(before, found(before), 2015, found(before, key), 2013, doubt)
    threshold = float(law.weights @ law.mean)
    at, weights = law.figures()
    for share in (0.1, 0.5, 0.9):
        log_figure = float(np.interp(share, np.cumsum(weights), at))
        again = believe(catalogue_of([*facts, level(name, MEASURE, 2013, float(np.exp(log_figure)))]))
        wanted = predict(without_tails(again), found(again), 2015).probability_at_least(threshold, 2015)
        heard, unheard = (each.odds_given(threshold, np.array([log_figure]))[0] for each in (learner, law))
        assert heard == pytest.approx(wanted, abs=0.01)
        assert share == 0.5 or abs(heard - wanted) < abs(unheard - wanted)
    assert law.value(threshold, law) == pytest.approx(law.value(threshold), abs=1e-6)


def with_series(belief: Belief, pooled: pooling.PooledFamily, series) -> Belief:
    """The belief that a pooled family is."""
    prior = belief.priors["contracts"]
    ones = tuple(series_belief(one, pooled.member(number), pooled) for number, one in enumerate(series))
    return replace(belief, families=MappingProxyType({"contracts": family_belief(pooled, prior)}), series=ones)


@pytest.mark.parametrize(("name", "year"), [one for one in FIGURES if one[1] > 2012])
def test_brute_force_by_the_engine_gives_the_same_law(belief: Belief, name: str, year: int) -> None:
    """300,000 simulated worlds with normal shocks: moments to 4.5 standard errors, a false alarm in one of some 10,000 seeds for these 12."""
    normal = replace(
        belief, families=MappingProxyType({key: replace(one, tail=float("inf")) for key, one in belief.families.items()})
    )
    outcomes = simulate(make_plan(normal, [], 2015, watched=list(dict.fromkeys([OWN, name]))), 300_000, seed=5)
    first = outcomes.plan.first_year
    target = outcomes.watched[OWN][2015 - first] + found(belief).series.log_level[-1]
    figure = outcomes.watched[name][year - first] + found(belief, name).series.log_level[-1]
    law = law_of_figure(belief, name, year, doubt=0.0)
    means = np.array([law.weights @ law.mean, law.weights @ law.figure_mean])
    product = law.weights @ (law.covariance + (law.mean - means[0]) * (law.figure_mean - means[1]))
    square = law.weights @ (law.figure_variance + (law.figure_mean - means[1]) ** 2)
    for sample, wanted in (
        (figure - means[1], 0.0),
        ((target - means[0]) * (figure - means[1]), product),
        ((figure - means[1]) ** 2, square),
    ):
        by_draw = sample.astype(float).reshape(-1, 10).mean(axis=1)
        assert abs(by_draw.mean() - wanted) < 4.5 * by_draw.std() / np.sqrt(len(by_draw))
    # Odds given the figure, by counting in 60 equally full bins: their spread is what the figure would remove.
    threshold = float(np.median(target))
    hits = (target >= threshold)[np.argsort(figure)].reshape(60, -1).mean(axis=1)
    noise = (hits * (1 - hits)).mean() * 60 / len(figure)
    removed, change = law.value(threshold)
    assert hits.var() - noise == pytest.approx(removed, abs=0.006)
    assert np.abs(hits - hits.mean()).mean() == pytest.approx(change, abs=0.01)


def test_thousands_of_nodes_are_thinned_with_hardly_a_difference(belief: Belief) -> None:
    law = law_of_figure(belief, OWN, 2013)
    assert law.thinned() is law
    many = JointLaw(**{name: np.repeat(values, 40) / (40 if name == "weights" else 1) for name, values in vars(law).items()})
    few = many.thinned()
    assert len(many.weights) > 2000 > 512 == len(few.weights)
    threshold = float(law.weights @ law.mean)
    assert few.odds(threshold) == pytest.approx(law.odds(threshold), abs=0.005)
    assert few.value(threshold) == pytest.approx(law.value(threshold), abs=0.005)


def test_figures_of_other_families_and_past_ones_of_other_series_are_refused(belief: Belief) -> None:
    other = replace(found(belief), family="people")
    with pytest.raises(ValueError, match="not of the family contracts"):
        joint_law(belief, found(belief), 2015, other, 2013, DOUBT)
    with pytest.raises(ValueError, match="known up to 2012; 2010 is over"):
        law_of_figure(belief, f"Town 3|{MEASURE}|total|USD", 2010)
