"""Who serves which series, who is heard beside, and what is refused."""

import numpy as np
import pytest

from forecast import believe, predict
from forecast.classical import CLASSICAL
from forecast.combination import predict_combined
from forecast.reference_prediction import predict_reference
from forecast.routing import AUTO_SHARE, answer_auto, answer_thorough, weights_in_words
from tests.made_up import catalogue_of, level

GROWING = np.exp(np.cumsum(0.08 + 0.05 * np.random.default_rng(5).standard_normal(14)))


def belief_about(measure, years, unit="persons"):
    return believe(catalogue_of([level("City A", measure, year, 1e4 * GROWING[year - 2000], unit) for year in years]))


@pytest.mark.parametrize(
    ("measure", "years", "model"),
    [
        ("employees", range(2006, 2013), "pooled"),
        ("employees", range(2005, 2013), "combination"),
        ("employees", (2000, *range(2003, 2013)), "reference"),
        ("certificates_new", (2011, 2012), "reference"),
    ],
)
def test_family_and_number_of_years_decide(measure, years, model):
    belief = belief_about(measure, years, "count" if measure == "certificates_new" else "persons")
    (one,) = belief.series
    answer = answer_auto(belief, one, 2015)
    assert answer.model == model
    expected = {
        "pooled": lambda: predict(belief, one, 2015),
        "combination": lambda: predict_combined(one.series, 2015),
        "reference": lambda: predict_reference(one.series, 2015),
    }[model]()
    assert answer.prediction.mean.tobytes() == expected.mean.tobytes()
    assert bool(answer.refused) == (model == "reference")


def test_thorough_mixes_auto_with_every_admissible_library_model():
    belief = belief_about("employees", range(2003, 2013))
    (one,) = belief.series
    answer, auto = answer_thorough(belief, one, 2014), answer_auto(belief, one, 2014)
    assert answer.model == "thorough"
    assert answer.refused == ()
    np.testing.assert_allclose(answer.prediction.yearly_weights.sum(axis=0), 1.0)
    count = auto.prediction.mean.shape[0]
    np.testing.assert_allclose(answer.prediction.yearly_weights[:count].sum(axis=0), AUTO_SHARE)
    assert answer.prediction.mean.shape[0] == count + len(CLASSICAL)


def test_thorough_falls_back_on_auto_and_says_what_was_refused():
    belief = belief_about("employees", (2011, 2012))
    (one,) = belief.series
    answer = answer_thorough(belief, one, 2014)
    assert answer.model == "pooled"
    assert len(answer.refused) == len(CLASSICAL)


def test_the_weights_are_said_in_words():
    assert "calm ones (growth scatters by 2 %, 16 years known): reference class" in weights_in_words()
    assert "damped trend" in weights_in_words()
