"""What the reference class says of one series, as a forecast and as a state from which to simulate (forecast/reference_class.py)."""

import numpy as np

from forecast.history_kernels import weigh
from forecast.prediction import Prediction
from forecast.reference_class import MOST_LEVELS, Siblings, conditional, stored_class
from forecast.series import Floats, Series


def predict_reference(series: Series, last_year: int, siblings: Siblings | None = None) -> Prediction:
    """Forecast one series, of any length and with gaps, by what the reference class teaches; no other place enters but `siblings`."""
    of = stored_class(len(series.years))
    log_prior, growth = (siblings.log_prior, siblings.growth) if siblings else (of.nodes.log_prior, 0.0)
    known = slice(-MOST_LEVELS, None)
    years, ahead = np.array(series.years[known]), last_year - series.origin
    levels = np.ascontiguousarray(series.log_level[known] - growth * (years - series.origin))
    prepared = conditional(of, years, series.covariance[known, known], ahead)
    weights, centre = np.empty(log_prior.size), np.empty((log_prior.size, ahead))
    weigh(levels, log_prior, prepared.factor, prepared.gain, weights, centre)
    centre += growth * np.arange(1, ahead + 1)
    return Prediction(tuple(range(series.origin + 1, last_year + 1)), weights, centre, prepared.variance)


def state_at_origin(series: Series, siblings: Siblings | None = None) -> tuple[Floats, Floats]:
    """Return mean (J, 3) and covariance (J, 3, 3) of trend ln(level), long-run growth and own passing growth in the last known year, by node.

    With them, fresh own growth and level noise the coming levels have the law of `predict_reference`, and hang together from year to year.
    """
    of, known = stored_class(len(series.years)), slice(-MOST_LEVELS, None)
    nodes, shared = of.nodes, siblings.growth if siblings else 0.0
    years, doubt = np.array(series.years[known]), series.covariance[known, known]
    levels = series.log_level[known] - shared * (years - series.origin)
    elapsed = years - years[0]
    span = int(elapsed[-1])
    ages = np.arange(span)
    persistence, own, long_run, noise = (part[:, None] for part in (nodes.persistence, nodes.own, nodes.long_run, nodes.noise))
    sums = (ages < elapsed[1:, None]).astype(float)  # (rises, years of growth)
    growth = own[..., None] * persistence[..., None] ** np.abs(ages[:, None] - ages) + long_run[..., None]
    passing = own * persistence ** ages[::-1]
    first = noise + doubt[0, 0]  # of the first level, from which rises are counted
    with_rises = np.stack([growth.sum(axis=1) @ sums.T + first - doubt[0, 1:], long_run * elapsed[1:], passing @ sums.T], axis=1)
    before = np.zeros((len(own), 3, 3))
    before[:, 0, 0] = growth.sum(axis=(1, 2)) + first[:, 0]
    before[:, 0, 1] = before[:, 1, 0] = span * nodes.long_run
    before[:, 0, 2] = before[:, 2, 0] = passing.sum(axis=1)
    before[:, 1, 1], before[:, 2, 2] = nodes.long_run, nodes.own
    factor = conditional(of, years, doubt, 1).factor
    gain = np.linalg.solve(factor, with_rises.swapaxes(1, 2))
    white = np.linalg.solve(factor, np.broadcast_to((levels[1:] - levels[0])[:, None], (len(own), len(levels) - 1, 1)))
    mean = (gain * white).sum(axis=1) + np.array([levels[0], shared, 0.0])
    return mean, before - gain.swapaxes(1, 2) @ gain
