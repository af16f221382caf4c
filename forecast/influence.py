"""What each series weighs: how much its own figures say about its growth, and how much it moves what its family believes.

Leaving a series out needs no refit: what it said is subtracted from what all say together (forecast/pooling.py).
"""

from dataclasses import dataclass

import numpy as np

from forecast.belief import UNKNOWN_FAMILY, Belief, FamilyBelief, family_belief
from forecast.pooling import conclude, hear, replaced
from forecast.prediction import Prediction, extended_common
from forecast.routing import own_weight
from forecast.series import SeriesKey

HORIZON = 2020
INFLUENCE_FIELDS = (
    "place",
    "measure",
    "scope",
    "unit",
    "family",
    "points",
    "data_weight",
    "growth_change",
    "fade_change",
)


@dataclass(frozen=True)
class Influence:
    """What one series weighs.

    Attributes
    ----------
    points : int
        Years known.
    data_weight : float or None
        Share of the variance of its coming growth that its own figures removed, up to the horizon; None if it is known up to then.
    growth_change : float or None
        By how many percentage points a year the common growth of its family in the coming years changes when the series is left out; None
        if no other series is left or no year to come, and for an unknown family, by which nobody is forecast.
    fade_change : float or None
        By how much the mean of the fade, the share of a boom left after a year, changes when the series is left out; None in the same cases.
    """

    key: SeriesKey
    family: str
    points: int
    data_weight: float | None
    growth_change: float | None
    fade_change: float | None

    def as_record(self) -> dict[str, object]:
        """Return the fields in the order of INFLUENCE_FIELDS."""
        known = self.key._asdict() | vars(self)
        return {name: known[name] for name in INFLUENCE_FIELDS}


def influences(belief: Belief, horizon: int = HORIZON) -> list[Influence]:
    """Return what each series of a belief weighs, those first that move the growth of their family most.

    Parameters
    ----------
    belief : Belief
    horizon : int
        Last of the coming years: from the last year known of a family, and of a series, up to this one.
    """
    found: list[Influence] = []
    for name, family in belief.families.items():
        members = [one for one in belief.series if one.family == name]
        heard = hear([one.series for one in members], belief.nations, belief.priors[name])
        growth, fade = common_growth(family, family.last_year, horizon), mean_fade(family)
        for number, one in enumerate(members):
            years = horizon - one.series.origin
            weight = own_weight(belief, one, years) if years > 0 else None
            moved: tuple[float | None, float | None] = (None, None)
            if len(members) > 1 and name != UNKNOWN_FAMILY:
                without = family_belief(conclude(replaced(heard, [number])), belief.priors[name])
                other = common_growth(without, family.last_year, horizon)
                moved = (None if growth is None or other is None else other - growth, mean_fade(without) - fade)
            found.append(Influence(one.key, name, len(one.series.years), weight, *moved))
    return sorted(found, key=lambda one: (-abs(one.growth_change or 0.0), -(one.data_weight or 0.0), one.key))


def mean_fade(family: FamilyBelief) -> float:
    """Return the posterior mean of the fade."""
    return float(family.weights @ family.fade)


def common_growth(family: FamilyBelief, last_known: int, horizon: int) -> float | None:
    """Return the median of m + F, averaged over the years after `last_known` up to the horizon, in percent a year; None without a year."""
    if horizon <= last_known:
        return None
    mean, covariance = extended_common(family, horizon)
    share = np.zeros(mean.shape[1])
    share[0] = 1.0
    share[last_known + 2 - family.first_year : horizon + 2 - family.first_year] = 1.0 / (horizon - last_known)
    growth = Prediction((horizon,), family.weights, (mean @ share)[:, None], (share @ covariance @ share)[:, None])
    return float(100 * (growth.quantile(0.5)[0] - 1))
