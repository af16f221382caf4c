"""The growth model of forecast/pooling.py at one node, conditioned in one piece: the slow twin of its elimination.

Every unknown is written as a constant plus a combination of independent normal causes, year by year from the model equations.
The joint covariance of all unknowns and figures follows, and the figures are conditioned on.
"""

from dataclasses import dataclass
from math import log, pi

import numpy as np

from forecast.pooling import DIFFUSE_VARIANCE
from forecast.priors import LEVEL_NOISE, NATION_OWN_FACTOR, SMOOTH

ONE = "one"  # the name under which a quantity keeps its constant

Quantity = dict[str, float]


def combine(*terms: tuple[float, Quantity]) -> Quantity:
    """Add up factor x quantity."""
    total: Quantity = {}
    for factor, quantity in terms:
        for name, coefficient in quantity.items():
            total[name] = total.get(name, 0.0) + factor * coefficient
    return total


@dataclass
class JointNode:
    """The model at one node; `common` is (m, F by year), `states` (trend, d, a at the origin) and `coming` levels by series."""

    variances: Quantity
    common: list[Quantity]
    states: list[list[Quantity]]
    coming: list[dict[int, Quantity]]
    figures: list[Quantity]
    values: list[float]

    def moments(self, wanted: list[Quantity], others: list[Quantity]) -> tuple[np.ndarray, np.ndarray]:
        """Prior mean of `wanted` and its covariance with `others`."""
        names = list(self.variances)
        variance = np.array([self.variances[name] for name in names])
        left, right = (np.array([[one.get(name, 0.0) for name in names] for one in group]) for group in (wanted, others))
        return np.array([one.get(ONE, 0.0) for one in wanted]), (left * variance) @ right.T

    def posterior(self, wanted: list[Quantity]) -> tuple[np.ndarray, np.ndarray]:
        """Mean and covariance of `wanted` given all figures."""
        mean, covariance = self.moments(wanted, wanted)
        expected, of_figures = self.moments(self.figures, self.figures)
        _, cross = self.moments(wanted, self.figures)
        return mean + cross @ np.linalg.solve(of_figures, self.values - expected), covariance - cross @ np.linalg.solve(
            of_figures, cross.T
        )

    def log_likelihood(self) -> float:
        """Log density of all figures."""
        expected, covariance = self.moments(self.figures, self.figures)
        miss = self.values - expected
        return float(-0.5 * (miss @ np.linalg.solve(covariance, miss) + np.linalg.slogdet(covariance)[1] + len(miss) * log(2 * pi)))


def joint_node(series, nations, prior, fade, persistence, scale, horizon) -> JointNode:
    """Write the model down for all series up to `horizon`."""
    variances: Quantity = {}

    def cause(name: str, variance: float) -> Quantity:
        variances[name] = variance
        return {name: 1.0}

    first = min(one.years[0] for one in series) + 1
    last = max(first, *(one.origin for one in series))
    m = combine((prior.long_run_mean, {ONE: 1.0}), (1.0, cause("m", prior.long_run_sd**2)))
    deviation = {first: cause(f"F {first}", prior.boom_sd**2)}
    for year in range(first + 1, horizon + 1):
        shock = prior.boom_shock if year <= last else prior.common_shock
        deviation[year] = combine((fade, deviation[year - 1]), (1.0, cause(f"w {year}", shock**2)))
    states, coming, figures, values = [], [], [], []
    for one in series:
        nation, name = one.key.place in nations, str(one.key)
        factor = scale * (NATION_OWN_FACTOR if nation else 1.0)
        own = factor * prior.own_sd
        noise = own * LEVEL_NOISE.get(one.key.measure, SMOOTH)
        start = one.years[0]
        trend = {start: combine((one.log_level[0], {ONE: 1.0}), (1.0, cause(f"{name} start", DIFFUSE_VARIANCE)))}
        lasting = cause(f"{name} d", 0.0 if nation else prior.lasting_sd**2)
        passing = {start: cause(f"{name} a {start}", own**2)}
        for year in range(start + 1, horizon + 1):
            shock = cause(f"{name} e {year}", own**2 * (1 - persistence**2))
            passing[year] = combine((persistence, passing[year - 1]), (1.0, shock))
            trend[year] = combine((1.0, trend[year - 1]), (1.0, m), (1.0, deviation[year]), (1.0, lasting), (1.0, passing[year]))
        reported = {year: combine((1.0, trend[year]), (1.0, cause(f"{name} v {year}", noise**2))) for year in trend}
        # Errors of figures and their derivation: correlated, so written as combinations of unit causes.
        root = np.linalg.cholesky(one.covariance)
        errors = [cause(f"{name} figure {number}", 1.0) for number in range(len(one.years))]
        for row, year in enumerate(one.years):
            figures.append(combine((1.0, reported[year]), *zip(root[row], errors, strict=True)))
            values.append(float(one.log_level[row]))
        states.append([trend[one.origin], lasting, passing[one.origin]])
        coming.append({year: reported[year] for year in range(one.origin + 1, horizon + 1)})
    common = [m, *(deviation[year] for year in range(first, last + 1))]
    return JointNode(variances, common, states, coming, figures, values)
