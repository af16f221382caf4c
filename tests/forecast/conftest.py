"""Series made by hand, so that the pool can be tested without any facts."""

import numpy as np
import pytest

from forecast.belief import Belief, believe
from forecast.series import Series, SeriesKey
from tests.made_up import catalogue_of, level


def made_series(place, years, levels, measure="contract_value_executed", sd=0.03, shared=0.0):
    """Levels with independent errors `sd` and one error `shared` by all years."""
    covariance = sd**2 * np.eye(len(years)) + shared**2
    key = SeriesKey(place, measure, "total", "USD")
    return Series(
        key, tuple(years), np.log(np.array(levels, dtype=float)), covariance, (True,) * len(years), (), ((),) * len(years)
    )


@pytest.fixture(scope="session")
def one_a_place():
    """One series a place, of one to four years, with gaps, different origins and the nation: every witness counts in full."""
    return [
        made_series("China", (2009, 2011, 2012), (10.1, 24.0, 34.5)),
        made_series("City A", (2011, 2012), (1.0, 1.45), "contract_value_signed", shared=0.05),
        made_series("City B", (2010, 2011), (2.0, 2.9), "contract_value"),
        made_series("City C", (2012,), (0.7,)),
        made_series("City D", (2008, 2009, 2010, 2012), (0.2, 0.31, 0.35, 0.8), shared=0.02),
    ]


@pytest.fixture(scope="session")
def small_belief() -> Belief:
    """Two families, a nation, places with one to three years."""
    facts = [
        level("China", "contract_value_executed", 2010, 14.1e9, digits=1e8),
        level("China", "contract_value_executed", 2012, 34.7e9, digits=1e8),
        level("City A", "contract_value_executed", 2010, 0.41e9, digits=1e7),
        level("City A", "contract_value_executed", 2011, 0.62e9, digits=1e7),
        level("City A", "contract_value_executed", 2012, 0.87e9, digits=1e7),
        level("City B", "contract_value_executed", 2011, 1.44e9, digits=1e7),
        level("City B", "contract_value_executed", 2012, 2.13e9, digits=1e7),
        level("City C", "contract_value_executed", 2012, 3.07e9, digits=1e7),
        level("City A", "employees", 2011, 81_300, "persons", digits=100),
        level("City A", "employees", 2012, 95_700, "persons", digits=100),
        level("City B", "employees", 2012, 151_400, "persons", digits=100),
    ]
    return believe(catalogue_of(facts))
