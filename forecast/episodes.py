"""What growth the record holds: every stretch of so many years that is known of the series of a family."""

from functools import lru_cache

import numpy as np

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
    return episodes_of_family(belief, one.family, one.key.place in belief.nations, years)


@lru_cache(maxsize=64)
def episodes_of_family(belief: Belief, family: str, nations: bool, years: int) -> Floats:
    """Return the episodes of a family's nations, or of all its other places; many targets of a family ask for the same."""
    found = []
    for one in belief.series:
        if one.family == family and (one.key.place in belief.nations) == nations:
            known = dict(zip(one.series.years, one.series.log_level, strict=True))
            found += [(known[year + years] - level) / years for year, level in known.items() if year + years in known]
    grown = np.asarray(100 * np.expm1(np.array(found)))
    grown.flags.writeable = False
    return grown
