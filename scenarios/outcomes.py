"""What is read off the paths: quantiles of levels, odds of events with their Monte Carlo error and their range over parameters."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from forecast.series import Floats
from scenarios.histogram_kernels import add, fill_means_of_counts, fill_quantiles_of_counts, missed_by, move
from scenarios.plan import Event, Plan
from scenarios.shocks import Integers, SplitSeed

Counts = NDArray[np.integer]

BIN_WIDTH = 0.002  # of ln(level): a quantile is right to 0.1 % within a bin
BINS_BELOW = 3000
BINS = 2 * BINS_BELOW + 2  # from -6 to +6 of ln(level / last known level), and one bin beyond each end
MIDDLES: Floats = BIN_WIDTH * (np.arange(BINS, dtype=np.float64) - 0.5 - BINS_BELOW)  # of the bins
RANGE = (0.1, 0.9)


@dataclass(frozen=True)
class Odds:
    """Probability of an event with its two uncertainties.

    Attributes
    ----------
    probability, error : float
        Share of futures with the event, and its Monte Carlo standard error.
    low, high : float
        10 to 90 % range of the probability over plausible parameters.
    """

    probability: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Histograms:
    """n histograms of logarithms in bins of 0.002 from -6 to 6 with one bin beyond each end, of which only the bins in use are kept.

    The counts of number i are `counts[start[i] : start[i] + length[i]]`, from bin `first[i]` on.
    """

    first: Integers
    start: Integers
    length: Integers
    counts: Counts

    def quantiles(self, probabilities: Floats | Sequence[float], number: int | None = None) -> Floats:
        """Quantiles (n, m), or (m,) of one histogram, interpolated within a bin; NaN where they lie beyond the last bins."""
        wanted = np.asarray(probabilities, dtype=float)
        order = wanted.argsort()
        rows = slice(None) if number is None else slice(number, number + 1)
        bins = (self.first[rows], self.start[rows], self.length[rows])
        rising, found = np.empty((2, len(bins[0]), wanted.size))
        fill_quantiles_of_counts(self.counts, *bins, wanted[order], BINS, BINS_BELOW, BIN_WIDTH, rising)
        found[:, order] = rising
        return found if number is None else found[0]

    def mean_and_variance(self, number: int) -> tuple[float, float]:
        """Mean and variance of one histogram; what lies beyond the last bins counts as lying in them (Sheppard's correction)."""
        counts, middles = self.in_use(number)
        shares = counts / counts.sum()
        mean = float(shares @ middles)
        return mean, float(shares @ (middles - mean) ** 2) - BIN_WIDTH**2 / 12

    def exponential_means(self) -> Floats:
        """Mean of the exponential of what each histogram holds, shape (n,); NaN where nothing is held, or something beyond the last bins."""
        found = np.empty(len(self.first))
        fill_means_of_counts(self.counts, self.first, self.start, self.length, np.exp(MIDDLES), found)
        return found

    def in_use(self, number: int) -> tuple[Counts, Floats]:
        """Counts of the bins in use of one histogram, and the middles of these bins."""
        first, start, length = self.first[number], self.start[number], self.length[number]
        return self.counts[start : start + length], MIDDLES[first : first + length]

    def dense(self, number: int) -> Counts:
        """Counts of all bins of one histogram, shape (BINS,)."""
        every = np.zeros(BINS, dtype=self.counts.dtype)
        first, start, length = self.first[number], self.start[number], self.length[number]
        every[first : first + length] = self.counts[start : start + length]
        return every


def histograms_of(
    counts: Sequence[Counts], reaches: Sequence[Counts], dtype: type[np.integer], pool: Executor | None = None
) -> Histograms:
    """Take what was counted out of several arrays (n, BINS), which are zero again afterwards.

    Parameters
    ----------
    reaches : sequence of int arrays (n, 2)
        The lowest and the highest bin in use of each row; the lowest above the highest for none.
    dtype : type
        Of integers that hold the number of all paths.
    pool : Executor, optional
        Shares the rows among its threads: new memory costs time, and each thread can wait for its own.
    """
    first = np.minimum.reduce([reach[:, 0] for reach in reaches]).astype(np.int64)
    length = np.maximum(np.maximum.reduce([reach[:, 1] for reach in reaches]) - first + 1, 0)
    start = np.cumsum(length) - length
    gathered = np.zeros(int(length.sum()), dtype)

    def gather(rows: slice) -> None:
        for one, reach in zip(counts, reaches, strict=True):
            move(one[rows], reach[rows], first[rows], start[rows], gathered)

    cuts = np.linspace(0, len(first), len(counts) + 1).astype(int).tolist()
    for _ in (pool.map if pool else map)(gather, [slice(*ends) for ends in pairwise(cuts)]):
        pass
    return Histograms(first, start, length, gathered)


def added(one: Histograms, other: Histograms, dtype: type[np.integer]) -> Histograms:
    """Add the counts of two sets of n histograms."""
    first = np.minimum(one.first, other.first)
    length = np.maximum(one.first + one.length, other.first + other.length) - first
    start = np.cumsum(length) - length
    gathered = np.zeros(int(length.sum()), dtype)
    for part in (one, other):
        add(part.counts, part.first, part.start, part.length, first, start, gathered)
    return Histograms(first, start, length, gathered)


def joined(parts: Sequence[Histograms], order: Integers, pool: Executor | None = None) -> Histograms:
    """Put the histograms of several parts one after another and take them in another order; those of one part are not copied.

    The threads of a pool share the copying.
    """
    sizes = np.cumsum([0, *(len(part.counts) for part in parts)]).tolist()
    start = np.concatenate([part.start + size for part, size in zip(parts, sizes[:-1], strict=True)])
    first, length = (np.concatenate([getattr(part, name) for part in parts]) for name in ("first", "length"))
    counts = parts[0].counts
    if len(parts) > 1:
        counts = np.empty(sizes[-1], counts.dtype)
        places = [counts[begin:end] for begin, end in pairwise(sizes)]
        for _ in (pool.map if pool else map)(np.copyto, places, [part.counts for part in parts]):
            pass
    return Histograms(first[order], start[order], length[order], counts)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Streamed results of a run; of the paths themselves only those of watched series are kept.

    Attributes
    ----------
    levels : Histograms
        Of ln(level / last known level); number n_years * series + year - first year.
    margins : mapping of event to Histograms
        One of ln(level / level of the event) in the event's year and currency, for each event whose exchange rate is in doubt or whose level
        is drawn.
    draw_counts : int array (n_events, paths_per_draw + 1)
        Draws of the parameters by how many of their futures have the event.
    passages : int array (n_events, n_years + 1)
        Futures by the first year in which the level of the event is reached; the last column counts those that never do.
    sums : array (n_replicates, n_events, 2)
        Sum over draws, and sum of squares, of the odds of the event in a draw: given its own shocks alone where that is exact, else its hits.
        A run on Sobol points has several replicates, any other has one.
    joints : mapping of name to int array (groups + 1,)
        Futures by how many groups of the joint event are met.
    watched : mapping of series to array (n_years, paths)
        ln(level / last known level) of every path in each year from the run's first one.
    shares : array (n_events, n_draws), optional
        The odds of each event by draw, if asked for: what paired comparisons of two runs need.
    exact : bool array (n_events,), optional
        Whether these are given the own shocks alone, and not counted.
    """

    plan: Plan
    paths: int
    seed: int | SplitSeed
    paths_per_draw: int
    levels: Histograms = field(repr=False)
    margins: Mapping[str, Histograms] = field(repr=False)
    draw_counts: Counts = field(repr=False)
    passages: Counts = field(repr=False)
    sums: Floats = field(repr=False)
    joints: Mapping[str, Counts] = field(repr=False)
    watched: Mapping[str, NDArray[np.float32]] = field(repr=False)
    shares: Floats | None = field(default=None, repr=False)
    exact: NDArray[np.bool_] | None = field(default=None, repr=False)

    @property
    def n_draws(self) -> int:
        """Number of draws of the parameters."""
        return self.paths // self.paths_per_draw

    def quantiles(self, series: str, year: int, probabilities: Floats | Sequence[float]) -> Floats:
        """Quantiles of the level of a series in a year, in its unit; NaN where they lie beyond e**6 times the last level."""
        number, centre = self._level(series, year)
        return np.asarray(np.exp(centre + self.levels.quantiles(probabilities, number)))

    def all_quantiles(self, probabilities: Floats | Sequence[float]) -> Floats:
        """Quantiles of every series in every year, shape (n_series, n_years, m), in their units; NaN up to a series' origin."""
        found = self.levels.quantiles(probabilities).reshape(len(self.plan.series), self.plan.n_years, -1)
        centre = np.array([one.series.log_level[-1] for one in self.plan.series])
        return np.asarray(np.exp(centre[:, None, None] + found))

    def all_means(self) -> Floats:
        """Mean of the level of every series in every year, shape (n_series, n_years), in their units.

        NaN up to a series' origin, and where a future lies beyond e**6 times the last level.
        """
        centre = np.array([one.series.log_level[-1] for one in self.plan.series])
        means = self.levels.exponential_means().reshape(len(self.plan.series), self.plan.n_years)
        return np.asarray(np.exp(centre)[:, None] * means)

    def log_medians(self, series: str) -> dict[int, float]:
        """Median of ln(level) of a series by year, NaN where it lies beyond the last bins."""
        number = self._series_numbers[series]
        years = range(self.plan.first_year, self.plan.horizon + 1)
        return dict(zip(years, self._log_medians[number].tolist(), strict=True))

    def margin_quantiles(self, event: str, probabilities: Sequence[float]) -> list[float]:
        """Quantiles of ln(level / level of the event): by how much futures miss (below 0) or exceed it."""
        one = self._event(event)
        if event in self.margins:
            return [float(margin) for margin in self.margins[event].quantiles(probabilities, 0)]
        number, centre = self._level(one.series, one.year)
        return [float(level) + centre - one.log_value for level in self.levels.quantiles(probabilities, number)]

    def log_mean_and_variance(self, series: str, year: int) -> tuple[float, float]:
        """Mean and variance of ln(level) of a series in a year, from its bins."""
        number, centre = self._level(series, year)
        mean, variance = self.levels.mean_and_variance(number)
        return centre + mean, variance

    def first_years(self, event: str) -> dict[int | None, float]:
        """Share of futures by the first year in which the level of an event is reached; None for those that do not by the horizon."""
        counts = self.passages[self._event_numbers[event]] / self.paths
        years = [*range(self.plan.first_year, self.plan.horizon + 1), None]
        return {year: float(share) for year, share in zip(years, counts, strict=True) if share > 0}

    def odds(self, event: str) -> Odds:
        """Odds of an event of the plan.

        The error is that of a mean over independent draws of the parameters, or over the replicates of a run on Sobol points. The range is that
        of a beta distribution with the mean and the variance of the draws' probabilities after the binomial noise of their few paths has been
        taken out.
        """
        number = self._event_numbers[event]
        return odds_of_draws(self.sums[:, number], self.draw_counts[number])

    def expected_shortfall(self, event: str) -> float | None:
        """By how much futures that miss an event in its year lie below its level, on average, percent of it; None where none misses."""
        one = self._event(event)
        if event in self.margins:
            (counts, middles), shift = self.margins[event].in_use(0), 0.0
        else:
            number, centre = self._level(one.series, one.year)
            (counts, middles), shift = self.levels.in_use(number), centre - one.log_value
        missed, shortfall = missed_by(counts, middles, shift)
        return float(100 * shortfall) if missed else None

    @cached_property
    def _log_medians(self) -> Floats:
        centre = np.array([one.series.log_level[-1] for one in self.plan.series])
        return centre[:, None] + self.levels.quantiles([0.5]).reshape(len(self.plan.series), self.plan.n_years)

    @cached_property
    def _event_numbers(self) -> dict[str, int]:
        return {event.name: number for number, event in enumerate(self.plan.events)}

    @cached_property
    def _series_numbers(self) -> dict[str, int]:
        return {str(one.key): number for number, one in enumerate(self.plan.series)}

    def _event(self, name: str) -> Event:
        return self.plan.events[self._event_numbers[name]]

    def _level(self, series: str, year: int) -> tuple[int, float]:
        if series not in self._series_numbers:
            raise ValueError(f"series {series} is not part of this run")
        number = self._series_numbers[series]
        one = self.plan.series[number].series
        if not one.origin < year <= self.plan.horizon:
            raise ValueError(f"{series}: year {year} is not within {one.origin + 1} to {self.plan.horizon}")
        return number * self.plan.n_years + year - self.plan.first_year, float(one.log_level[-1])


def odds_of_draws(sums: Floats, counts: Counts) -> Odds:
    """Odds by draw of the parameters made one probability with its error and its range.

    Parameters
    ----------
    sums : array (n_replicates, 2)
        Sum over draws, and sum of squares, of the odds in a draw.
    counts : int array (paths_per_draw + 1,)
        Draws by how many of their futures have the event.
    """
    by_hits = counts.tolist()  # plain numbers: what is added here is too short for arrays, and there are many events
    size, draws, replicates = len(by_hits) - 1, sum(by_hits), len(sums)
    mean, square = (sums.sum(axis=0) / draws).tolist()
    probability = min(max(mean, 0.0), 1.0)
    if draws == 1:
        return Odds(probability, sqrt(probability * (1 - probability) / size) or 3.0 / size, 0.0, 1.0)
    if replicates > 1:
        error = float(np.std(sums[:, 0] * replicates / draws, ddof=1) / sqrt(replicates))
    else:
        error = sqrt(max(square - mean * mean, 0.0) / (draws - 1))
    if probability in (0.0, 1.0):
        return Odds(probability, 3.0 / (draws * size), probability, probability)
    share = sum(hits * number for hits, number in enumerate(by_hits)) / (draws * size)
    total = sum(number * (hits / size - share) ** 2 for hits, number in enumerate(by_hits)) / draws
    # total = between + E[p (1 - p)] / size, and E[p (1 - p)] = share (1 - share) - between
    spread = share * (1 - share)
    between = max(total - spread / size, 0.0) / (1 - 1 / size) if size > 1 else total
    of_spread = min(max(between / spread if spread else 0.0, 1e-9), 0.999)
    strength = 1 / of_spread - 1
    low, high = betaincinv(probability * strength, (1 - probability) * strength, RANGE)
    return Odds(probability, error, float(low), float(high))


def odds_of_paths(hits: NDArray[np.bool_], paths_per_draw: int) -> Odds:
    """Odds of what is told path by path, hits (paths,) in the order of the draws."""
    met = hits.reshape(-1, paths_per_draw).sum(axis=1)
    shares = met / paths_per_draw
    return odds_of_draws(np.array([[shares.sum(), (shares**2).sum()]]), np.bincount(met, minlength=paths_per_draw + 1))
