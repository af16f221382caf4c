"""What growth the record holds: every stretch of so many years that is known of the series of a family."""

import numpy as np

from forecast.baselines import panel_of
from forecast.belief import Belief, SeriesBelief
from forecast.series import Floats


def episodes(belief: Belief, one: SeriesBelief, years: int) -> Floats:
    """Return the growth, percent a year, of every episode of so many years in the record of a series' family.

    An episode runs from one known level to another of the same series; those of one series may overlap. Nations are the record of nations,
    all other places that of each other.

    Parameters
    ----------
    years : int
        Length of the episodes.

    Returns
    -------
    array (n,)
        Empty where no series is known that far apart.
    """
    nation = one.key.place in belief.nations
    found = []
    for series in panel_of(belief, one):
        if (series.key.place in belief.nations) == nation:
            known = dict(zip(series.years, series.log_level, strict=True))
            found += [(known[year + years] - level) / years for year, level in known.items() if year + years in known]
    return np.asarray(100 * np.expm1(np.array(found)))
