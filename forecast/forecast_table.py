"""Forecasts as rows: one row for each series and year, the years known first, with mean and quantiles in the series' unit."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from scipy.special import ndtri

from data import Catalogue
from forecast.belief import Belief, SeriesBelief
from forecast.classical import NotAdmissible
from forecast.frequencies import PeriodicSeries
from forecast.models import answer
from forecast.prediction import QUANTILE_LEVELS
from forecast.routing import COMBINATION, Answer, weights_in_words
from forecast.seasonal import predict_seasonal
from forecast.series import SeriesKey

SEASONAL = "seasonal"
NONE_PERIODIC: Mapping[SeriesKey, PeriodicSeries] = MappingProxyType({})


def quantile_name(level: float) -> str:
    """Name of the column of a quantile: 0.025 -> q025, 0.05 -> q05, 0.1 -> q10."""
    digits = f"{level:.3f}"[2:]
    return "q" + (digits[:2] if digits.endswith("0") else digits)


FORECAST_FIELDS = (
    "place",
    "measure",
    "scope",
    "unit",
    "period",
    "mean",
    *map(quantile_name, QUANTILE_LEVELS),
    "observed",
    "model",
)


@dataclass
class Service:
    """What became of the series asked for: how many each model served, which members it refused, and which series were left out."""

    served: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def sentences(self) -> tuple[str, ...]:
        """Say what was left out or refused, and how the members of the combination are weighed where it served."""
        said = [f"{count} series left out: {reason}" for reason, count in self.left_out.items()]
        said += [f"{count} series: {reason}" for reason, count in self.refused.items()]
        if self.served[COMBINATION]:
            said.append(
                f"{self.served[COMBINATION]} series by a combination, weighed by volatility and years known; {weights_in_words()}"
            )
        return tuple(said)


def until(catalogue: Catalogue, origin: int) -> Catalogue:
    """Keep only facts about years up to `origin`; undated facts go."""
    ends = catalogue.facts["period"].str.findall(r"(\d{4})(?:-\d\d)?").map(lambda years: int(years[-1]) if years else 9999)
    return replace(catalogue, facts=catalogue.facts[ends <= origin].reset_index(drop=True))


def forecast_table(
    belief: Belief,
    horizon: str,
    *,
    places: Sequence[str] = (),
    measures: Sequence[str] = (),
    scopes: Sequence[str] = (),
    model: str = "auto",
    service: Service | None = None,
    periodic: Mapping[SeriesKey, PeriodicSeries] = NONE_PERIODIC,
) -> list[dict[str, object]]:
    """Forecast every chosen series that the model can serve.

    Parameters
    ----------
    belief : Belief
    horizon : str
        A year ('2020') or a number of periods after each series' last one ('+6').
    places, measures, scopes : sequences of str
        Which series; empty means all.
    model : str
        A name in `forecast.models.MODELS`.
    service : Service, optional
        Filled with who served, and what was refused for which reason.
    periodic : mapping
        Series that come in their own months or quarters where the horizon counts periods ('+6'), whatever the model.
    """
    rows: list[dict[str, object]] = []
    log = service or Service()
    for one in belief.series:
        key = one.key
        if (
            (places and key.place not in places)
            or (measures and key.measure not in measures)
            or (scopes and key.scope not in scopes)
        ):
            continue
        if horizon.startswith("+") and key in periodic:
            rows += periodic_rows(periodic[key], int(horizon[1:]))
            continue
        last = one.series.origin + int(horizon[1:]) if horizon.startswith("+") else int(horizon)
        if last <= one.series.origin:
            rows += known_rows(one, model)
            continue
        try:
            given = answer(model, belief, one, last)
            coming = coming_rows(one, given)
        except NotAdmissible as reason:
            log.left_out[str(reason)] += 1
            continue
        log.served[given.model] += 1
        log.refused.update(given.refused)
        rows += [*known_rows(one, given.model), *coming]
    return rows


def known_rows(one: SeriesBelief, model: str) -> Iterator[dict[str, object]]:
    """Give the reconstructed years of a series, with the quantiles of their uncertainty."""
    for column, year in enumerate(one.series.years):
        centre, spread = one.series.log_level[column], np.sqrt(one.series.covariance[column, column])
        quantiles = np.exp(centre + spread * ndtri(np.array(QUANTILE_LEVELS)))
        yield row(one, year, float(np.exp(centre + spread**2 / 2)), quantiles, one.series.level(year), model)


def periodic_rows(one: PeriodicSeries, ahead: int) -> Iterator[dict[str, object]]:
    """Give the known and the coming months or quarters of a series."""
    for column, (centre, spread) in enumerate(zip(one.log_level, one.sd, strict=True)):
        quantiles = np.exp(centre + spread * ndtri(np.array(QUANTILE_LEVELS)))
        mean, level = float(np.exp(centre + spread**2 / 2)), float(np.exp(centre))
        yield row(one, one.frequency.period(one.first + column), mean, quantiles, level, SEASONAL)
    if ahead:
        prediction = predict_seasonal(one, ahead)
        means, quantiles = prediction.level_mean(), prediction.quantiles(QUANTILE_LEVELS)
        for column, number in enumerate(prediction.years):
            yield row(one, one.frequency.period(number), float(means[column]), quantiles[:, column], None, SEASONAL)


def coming_rows(one: SeriesBelief, given: Answer) -> list[dict[str, object]]:
    """Give the forecast years of a series.

    Raises
    ------
    NotAdmissible
        If a mean or a quantile is beyond any number, as after a jump of thirty powers of ten.
    """
    with np.errstate(over="ignore"):
        means, quantiles = given.prediction.level_mean(), given.prediction.quantiles(QUANTILE_LEVELS)
    if not (np.isfinite(means).all() and np.isfinite(quantiles).all()):
        raise NotAdmissible("the forecast goes beyond any number here; a nearer horizon may do")
    years = enumerate(given.prediction.years)
    return [row(one, year, float(means[column]), quantiles[:, column], None, given.model) for column, year in years]


def row(
    one: SeriesBelief | PeriodicSeries, period: int | str, mean: float, quantiles: np.ndarray, observed: float | None, model: str
) -> dict[str, object]:  # fmt: skip
    """Lay one row out in the order of the fields."""
    key = one.key
    values = (key.place, key.measure, key.scope, key.unit, str(period), mean, *map(float, quantiles), observed, model)
    return dict(zip(FORECAST_FIELDS, values, strict=True))
