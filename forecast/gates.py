"""When odds would mislead and are withheld (METHOD D10), each rule with its reason in words."""

from functools import lru_cache

import numpy as np

from forecast.baselines import growths, panel_of
from forecast.belief import Belief, SeriesBelief

LEAST_PEERS = 8
MOST_INFLATION = 2.0
LEAST_UNIFORMITY = 0.01


def gates_of_scores(inflation: float | None, uniformity: float | None) -> list[str]:
    """Return why the odds of a model should be withheld, from how its forecasts of known years came out; empty if they should not.

    Parameters
    ----------
    inflation : float or None
        Factor on the intervals with which 80 % of the outcomes are covered.
    uniformity : float or None
        p-value of the test that the PITs are uniform.
    """
    found = []
    if inflation is not None and inflation > MOST_INFLATION:
        found.append(
            f"intervals would have to be {inflation:.2f} times as wide to cover 80 % ({MOST_INFLATION:g} times is allowed)"
        )
    if uniformity is not None and uniformity < LEAST_UNIFORMITY:
        found.append(f"the forecasts are not calibrated (test of the PIT: p = {uniformity:.1g}, {LEAST_UNIFORMITY:g} is allowed)")
    return found


def gate_of_record(belief: Belief, one: SeriesBelief, required: float, own_weight: float) -> str | None:
    """Return why no odds can be given of a series whose growth is wholly that of others; None if they can, or if it has growth of its own.

    Parameters
    ----------
    required : float
        Growth needed, percent a year; compared with every yearly growth known of the family. Only a growth above all of them counts as
        outside the record: one below all of them is reached by whatever was seen.
    own_weight : float
        Data weight of the series (`forecast.routing.own_weight`).
    """
    if own_weight > 0:
        return None
    size, fastest = record_of(belief, one.family)
    if size < LEAST_PEERS:
        return f"no growth of its own is known, and its family has {size} series, fewer than {LEAST_PEERS}"
    if fastest is None:
        return "no growth of its own is known, nor of any series of its family"
    if required > fastest:
        return f"no growth of its own is known, and the {required:.1f} % a year needed are above the record of its family, {fastest:.1f} %"
    return None


@lru_cache(maxsize=64)  # many targets ask for the same
def record_of(belief: Belief, family: str) -> tuple[int, float | None]:
    """Return how many series a family has, and the fastest growth known of it [percent a year]."""
    panel = panel_of(belief, family)
    known = growths(panel, max(series.origin for series in panel))
    return len(panel), float(100 * np.expm1(known.max())) if known.size else None
