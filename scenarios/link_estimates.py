"""What the cross-section says of a link between two measures: cities with more of one have more of the other. Offered, never imposed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from statsmodels.regression.linear_model import OLS

from data import Catalogue, InputFault
from forecast.belief import Belief, SeriesBelief, believe
from forecast.currency import MONEY, conversion
from forecast.series import Floats
from scenarios.compilation import source_of

NO_CITIES = ("nation", "province", "park")  # which contain others or are part of them
FEWEST = 6  # cities for a slope, a constant and an error that means something


@dataclass(frozen=True)
class LinkEstimate:
    """The elasticity of one measure with respect to another over cities, in one scope of the second.

    Attributes
    ----------
    elasticity, error : float
        Percent more of the second where there is one percent more of the first, with the standard error that allows for cities of unlike
        scatter (HC3).
    cities : tuple of str
    first_year, last_year : int
        Between which the figures of the cities lie; both figures of a city are of one year.
    scatter : float
        Standard deviation of ln of the second measure about the line.
    explained : float
        Share of the variance of ln of the second measure that the line explains.
    """

    from_measure: str
    to_measure: str
    scope: str
    elasticity: float
    error: float
    cities: tuple[str, ...]
    first_year: int
    last_year: int
    scatter: float
    explained: float

    @property
    def yaml(self) -> str:
        """The estimate as an assumption of a scenario file; the lag is the reader's to choose."""
        amount = f"{{normal: [{self.elasticity:.2f}, {self.error:.2f}]}}"
        return f"- link: {{from: {self.from_measure}, to: {self.to_measure}, elasticity: {amount}, lag: 1}}"

    def as_record(self) -> dict[str, object]:
        """Return the fields as a dictionary in their fixed order, with the YAML at the end."""
        return asdict(self) | {"cities": list(self.cities), "yaml": self.yaml}


def estimate_link(catalogue: Catalogue, from_measure: str, to_measure: str, *, known_by: str = "9999-12-31") -> list[LinkEstimate]:
    """Estimate a link from the cities that have figures on both measures in the same year, a scope of the second at a time.

    ln(second) = constant + elasticity x ln(first), by ordinary least squares over cities (money in US dollars), each at the last year that both are
    known. The first measure is of the same scope, or else the total. It says what goes together, not what would follow if one were moved: a city
    may have more of both for reasons of its own.

    Parameters
    ----------
    catalogue : Catalogue
    from_measure, to_measure : str
    known_by : str
        The date (YYYY-MM-DD) up to which facts count.

    Returns
    -------
    list of LinkEstimate
        By the number of cities, the most first; scopes with fewer than six cities are left out.

    Raises
    ------
    InputFault
        If both measures are the same, or no scope has six cities.
    """
    if from_measure == to_measure:
        raise InputFault(f"a link from {from_measure} to itself; two different measures are needed")
    belief = believe(catalogue, known_by)
    points = points_by_scope(catalogue, belief, from_measure, to_measure)
    found = [estimate(from_measure, to_measure, scope, own) for scope, own in points.items() if len(own) >= FEWEST]
    if not found:
        most = max((len(own) for own in points.values()), default=0)
        raise InputFault(
            f"{from_measure} and {to_measure}: {most} cities have figures on both in one year and scope; {FEWEST} or more are needed"
        )
    return sorted(found, key=lambda one: (-len(one.cities), one.scope))


def points_by_scope(
    catalogue: Catalogue, belief: Belief, from_measure: str, to_measure: str
) -> Mapping[str, dict[str, tuple[int, float, float]]]:
    """Return by scope of the second measure, and city, the year and the logarithms of both levels."""
    others = set(catalogue.places.loc[catalogue.places["kind"].isin(NO_CITIES), "place"])
    sources = {one.key: one for one in belief.series if one.key.measure == from_measure}
    points: dict[str, dict[str, tuple[int, float, float]]] = defaultdict(dict)
    for one in belief.series:
        key = one.key
        if key.measure != to_measure or key.place in others:
            continue
        source = source_of(key, sources)
        if source is None:
            continue
        both = set(one.series.years) & set(sources[source].series.years)
        levels = [in_dollars(catalogue, part, max(both)) for part in (sources[source], one)] if both else [None]
        if None not in levels and key.place not in points[key.scope]:  # of a scope that is known in two currencies the first counts
            points[key.scope][key.place] = (max(both), float(levels[0] or 0), float(levels[1] or 0))
    return points


def in_dollars(catalogue: Catalogue, one: SeriesBelief, year: int) -> float | None:
    """Return ln(level) in a year, money in US dollars; None if a rate is not known."""
    log_level = float(one.series.log_level[one.series.years.index(year)])
    if one.key.unit not in MONEY:
        return log_level
    rates = catalogue.exchange_rates
    rate = conversion(rates, one.key.unit, "USD", until=year)
    return None if rate is None else log_level + rate.log_rate


def estimate(from_measure: str, to_measure: str, scope: str, points: Mapping[str, tuple[int, float, float]]) -> LinkEstimate:
    """Fit the line through the cities of one scope."""
    cities = tuple(sorted(points))
    years = [points[city][0] for city in cities]
    x, y = (np.array([points[city][number] for city in cities]) for number in (1, 2))
    fit = OLS(y, with_constant(x)).fit(cov_type="HC3")
    explained = float(fit.rsquared) if np.ptp(y) else 0.0  # where all cities are alike there is nothing to explain
    return LinkEstimate(
        from_measure, to_measure, scope, float(fit.params[1]), float(fit.bse[1]), cities, min(years), max(years),
        float(np.sqrt(fit.scale)), explained,
    )  # fmt: skip


def with_constant(x: Floats) -> Floats:
    """Return the design matrix (n, 2)."""
    return np.column_stack([np.ones_like(x), x])
