"""Forecasts of years that are known but were hidden, scored: rolling origins, and places of which only the last level is left.

At each origin the facts are cut to the years up to it, beliefs are formed anew and every series is forecast to the years known later. The
year that a figure speaks of decides; when it was published is known of documents only (`Catalogue.known_by` cuts by that first), so a figure
printed later about an early year, and rulings made with hindsight, may enter.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType

import numpy as np

from data import Catalogue, Fact, InputFault
from data.records import records
from forecast.baselines import growths, panel_of
from forecast.belief import Belief, SeriesBelief, believe
from forecast.classical import NotAdmissible
from forecast.forecast_table import until
from forecast.models import BASELINES, MODELS, Model
from forecast.periods import is_part_of_year
from forecast.prediction import Prediction
from forecast.reconstruction import reconstruct
from forecast.scores import PINBALL_LEVELS, crps, interval_score, log_score, probability_integral
from forecast.series import Floats, Series, SeriesKey
from forecast.wording import stated_moments

YEARS, PLACES = "years", "places"  # what was hidden
FURTHEST = 8  # years ahead: as far as the targets reach
MOST_ORIGINS = 10
FOLDS = 5  # groups in which places are hidden
EVENT_QUANTILES = (0.25, 0.5, 0.75, 0.9)  # of the yearly growth known in the panel: the multiples whose P is scored
LEAST_GROWTHS = 5  # known in the panel, below which no multiple is asked for
LEVELS = np.array([0.025, *PINBALL_LEVELS, 0.975])
LOW_80, MEDIAN, HIGH_80 = (int(np.argmin(np.abs(LEVELS - level))) for level in (0.1, 0.5, 0.9))


@dataclass(frozen=True)
class Outcome:
    """What a hidden year was: ln(level) and the half-width of the interval that its printed figure leaves open."""

    log_level: float
    half_width: float


@dataclass(frozen=True)
class Score:
    """One forecast of one hidden year; crps, log_score and the interval scores are of ln(level).

    Attributes
    ----------
    origin, year, known : int
        The series' last year known to the forecast, the year forecast, and how many years were known.
    integral : float
        The PIT, randomised inside the interval of a rounded outcome; an interval covers the outcome where it covers this.
    ratio : float
        Distance of the outcome from the median in half-widths of the 80 % interval on that side.
    events : tuple of (probability, happened)
        P that the level reaches each multiple of the last one, and whether it did.
    """

    hidden: str
    model: str
    series: str
    origin: int
    year: int
    known: int
    crps: float
    log_score: float
    interval_80: float
    interval_95: float
    integral: float
    ratio: float
    events: tuple[tuple[float, bool], ...]

    @property
    def horizon(self) -> int:
        """Years ahead."""
        return self.year - self.origin


@dataclass(frozen=True)
class Backtest:
    """All scores of a run, the models and baselines that were asked, and how often each could not serve and why."""

    scores: tuple[Score, ...]
    models: tuple[str, ...]
    origins: tuple[int, ...]
    refused: Mapping[tuple[str, str], int]


def backtest(
    catalogue: Catalogue,
    *,
    models: Mapping[str, Model] = MODELS,
    origins: Sequence[int] = (),
    places: Sequence[str] = (),
    measures: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
) -> Backtest:
    """Forecast what is known of later years from each origin, by the models and the baselines, and score it.

    Parameters
    ----------
    catalogue : Catalogue
        Already cut to a vintage, if one is wanted.
    models : mapping of name to Model
    origins : sequence of int
        Years; the last ten with figures before and after them if empty.
    places, measures : sequences of str
        Which series are scored; empty means all. The pool is not cut.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    InputFault
        If an origin has no figures of one series both up to it and after it.
    """
    run = Run(outcomes_of(catalogue), {**models, **BASELINES}, tuple(places), tuple(measures))
    chosen = chosen_origins(run.truth, origins)
    for number, origin in enumerate(chosen):
        cut = until(catalogue, origin)
        served = run.forecast(believe(cut), origin, YEARS)
        names = sorted(set(cut.facts["place"]))
        for fold in range(FOLDS):
            if progress is not None:
                progress((number + fold / FOLDS) / len(chosen))
            away = set(names[fold::FOLDS])
            if away & served:
                run.forecast(believe(hide_places(cut, away)), origin, PLACES, away)
    return Backtest(tuple(run.scores), tuple(models), chosen, MappingProxyType(run.refused))


@dataclass
class Run:
    """What a backtest is asked, and what it has found so far."""

    truth: dict[str, dict[int, Outcome]]
    models: dict[str, Model]
    places: tuple[str, ...]
    measures: tuple[str, ...]
    scores: list[Score] = field(default_factory=list)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    done: set[tuple[str, SeriesKey, int, int]] = field(default_factory=set)

    def forecast(self, belief: Belief, origin: int, hidden: str, only: Collection[str] = ()) -> set[str]:
        """Score every series of a belief (of the places `only`, if given), and return the places that had something to forecast."""
        served = set()
        for one in belief.series:
            key, last = one.key, one.series.origin
            wanted = (not self.places or key.place in self.places) and (not self.measures or key.measure in self.measures)
            if not wanted or (only and key.place not in only):
                continue
            # The same last year known at a later origin gives no second forecast of a year.
            years = [year for year in self.truth.get(str(key), {}) if origin < year <= last + FURTHEST]
            coming = {year: self.truth[str(key)][year] for year in years if (hidden, key, last, year) not in self.done}
            if coming:
                served.add(key.place)
                self.done |= {(hidden, key, last, year) for year in coming}
                self.scores += scores_of(belief, one, coming, self.models, hidden, self.refused)
        return served


def outcomes_of(catalogue: Catalogue) -> dict[str, dict[int, Outcome]]:
    """Return every known year of every series."""
    facts = {fact.fact: fact for fact in records(catalogue.facts, Fact)}
    return {
        str(series.key): {
            year: Outcome(float(series.log_level[column]), half_width(series, column, facts))
            for column, year in enumerate(series.years)
        }
        for series in reconstruct(catalogue)
    }


def half_width(series: Series, column: int, facts: Mapping[str, Fact]) -> float:
    """Half the width, in ln(level), of the interval that rounding and wording leave open; of a derived year that of its uncertainty.

    How far the source can be trusted does not count here: it is the printed figure that was to be forecast.
    """
    stated = [facts[name] for name in series.behind[column] if name in facts]
    spreads = [
        stated_moments(fact)[1] for fact in stated if fact.kind == "level" and fact.period and not is_part_of_year(fact.period)
    ]
    sd = min(spreads) if spreads else float(np.sqrt(series.covariance[column, column]))
    return float(np.sqrt(3)) * sd  # of a uniform distribution with this standard deviation


def chosen_origins(truth: Mapping[str, Mapping[int, Outcome]], origins: Sequence[int]) -> tuple[int, ...]:
    """Return the origins asked for, rising, or the last ten that leave something to forecast."""
    spans = [(min(years), max(years)) for years in truth.values() if len(years) > 1]
    possible = sorted({year for first, last in spans for year in range(first, last)})
    for origin in origins:
        if origin not in possible:
            allowed = f"{possible[0]} to {possible[-1]}" if possible else "none, as no series has two known years"
            raise InputFault(f"--origin: {origin} found; years with figures of one series up to them and after them: {allowed}")
    return tuple(sorted(set(origins)) or possible[-MOST_ORIGINS:])


def hide_places(catalogue: Catalogue, places: Collection[str]) -> Catalogue:
    """Leave of these places only the levels of the last year of each series."""
    facts = catalogue.facts
    years = facts["period"].str.findall(r"\d{4}").map(lambda found: int(found[-1]) if found else 0)
    away = facts["place"].isin(list(places))
    levels = away & (facts["kind"] == "level") & (facts["status"] == "observed")
    last = years[levels].groupby([facts.loc[levels, column] for column in ("place", "measure", "scope", "unit")]).transform("max")
    kept = ~away | (levels & (years == last.reindex(facts.index)))
    return replace(catalogue, facts=facts[kept].reset_index(drop=True))


def scores_of(
    belief: Belief, one: SeriesBelief, coming: Mapping[int, Outcome], models: Mapping[str, Model], hidden: str,
    refused: Counter[tuple[str, str]],
) -> list[Score]:  # fmt: skip
    """Score one series' hidden years by every model that can serve it."""
    thresholds = event_growths(belief, one)
    found = []
    for name, model in models.items():
        try:
            prediction = model(belief, one, max(coming))
        except NotAdmissible as reason:
            refused[name, str(reason)] += 1
            continue
        columns = [prediction.years.index(year) for year in coming]
        wanted = Prediction(
            tuple(coming), prediction.yearly_weights[:, columns], prediction.mean[:, columns], prediction.variance[:, columns]
        )
        quantiles = np.log(wanted.quantiles(tuple(LEVELS)))
        for column, (year, outcome) in enumerate(coming.items()):
            found.append(scored(name, hidden, one.series, wanted, quantiles[:, column], year, outcome, thresholds))
    return found


def event_growths(belief: Belief, one: SeriesBelief) -> Floats:
    """Return the yearly log growths whose multiples of the last level are asked for; empty where too little growth is known."""
    panel = panel_of(belief, one.family)
    known = growths(panel, max(series.origin for series in panel))
    return np.quantile(known, EVENT_QUANTILES) if len(known) >= LEAST_GROWTHS else np.zeros(0)


def scored(
    model: str, hidden: str, series: Series, prediction: Prediction, quantiles: Floats, year: int, outcome: Outcome, fast: Floats
) -> Score:  # fmt: skip
    """Score one forecast; `quantiles` (levels,) are of ln(level)."""
    actual = np.array(outcome.log_level)
    low, high = outcome.log_level - outcome.half_width, outcome.log_level + outcome.half_width
    side = quantiles[HIGH_80] - quantiles[MEDIAN] if actual > quantiles[MEDIAN] else quantiles[MEDIAN] - quantiles[LOW_80]
    aims = float(series.log_level[-1]) + (year - series.origin) * fast
    return Score(
        hidden,
        model,
        str(series.key),
        series.origin,
        year,
        len(series.years),
        float(crps(actual, quantiles[1:-1])),
        log_score(prediction, year, low, high),
        float(interval_score(actual, quantiles[LOW_80], quantiles[HIGH_80], 0.2)),
        float(interval_score(actual, quantiles[0], quantiles[-1], 0.05)),
        probability_integral(prediction, year, low, high, placed(str(series.key), series.origin, year)),
        float(abs(actual - quantiles[MEDIAN]) / side),
        tuple((prediction.probability_at_least(float(aim), year), bool(actual >= aim)) for aim in aims),
    )


def placed(series: str, origin: int, year: int) -> float:
    """Return a uniform random number that hangs on the name of a forecast alone: neither order nor company changes it."""
    return int.from_bytes(blake2b(f"{series}|{origin}|{year}".encode(), digest_size=8).digest()) / 2**64
