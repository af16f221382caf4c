"""All models behind one door."""

import numpy as np
import pytest

from app.options import MODELS as OFFERED
from forecast import believe, predict
from forecast.classical import CLASSICAL, NotAdmissible, predict_classical
from forecast.combination import predict_combined
from forecast.models import BASELINES, MODELS
from forecast.reference_prediction import predict_reference
from tests.made_up import catalogue_of, level


def test_the_command_line_offers_every_model():
    assert tuple(MODELS) == OFFERED
    assert not set(MODELS) & set(BASELINES)


def test_each_name_leads_to_its_model():
    values = np.exp(np.cumsum(0.1 + 0.05 * np.random.default_rng(1).standard_normal(14)))
    belief = believe(catalogue_of([level("City A", "employees", 1999 + n, 1e4 * v, "persons") for n, v in enumerate(values)]))
    (one,) = belief.series
    expected = {"auto": predict_combined(one.series, 2015), "combination": predict_combined(one.series, 2015)}
    expected |= {"pooled": predict(belief, one, 2015), "reference": predict_reference(one.series, 2015)}
    expected |= {name: predict_classical(name, one.series, 2015) for name in CLASSICAL if "prophet" not in name}
    for name, prediction in expected.items():
        found = MODELS[name](belief, one, 2015)
        assert found.mean.tobytes() == prediction.mean.tobytes()
        assert found.years == (2013, 2014, 2015)


def test_a_model_says_what_it_cannot_serve(small_belief):
    with pytest.raises(NotAdmissible, match="10 years in a row"):
        MODELS["ets"](small_belief, small_belief.series[0], 2015)
