"""What is read off the paths: quantiles of levels, odds of events with their Monte Carlo error and their range over parameters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from forecast.series import Floats
from scenarios.plan import Plan

BIN_WIDTH = 0.002  # of ln(level): a quantile is right to 0.1 % within a bin
BINS_BELOW = 3000
BINS = 2 * BINS_BELOW + 2  # from -6 to +6 of ln(level / last known level), and one bin beyond each end
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
class Outcomes:
    """Streamed results of a run; paths themselves are not kept.

    Attributes
    ----------
    histogram : int array (n_series, n_years, bins)
        Counts of ln(level / last known level) in bins of 0.002 from -6 to 6, with one bin beyond each end.
    moments : array (n_series, n_years, 2)
        Sum and sum of squares of ln(level / last known level).
    margins : int array (n_events, bins)
        Counts of ln(level / level of the event) in the event's year and currency, in the same bins.
    hits : int array (n_events, n_draws)
        Futures with the event, by draw of the parameters.
    """

    plan: Plan
    paths: int
    seed: int
    paths_per_draw: int
    histogram: NDArray[np.signedinteger]
    moments: Floats
    margins: NDArray[np.signedinteger]
    hits: NDArray[np.int32]

    def quantiles(self, series: str, year: int, probabilities: Floats | list[float]) -> Floats:
        """Quantiles of the level of a series in a year, in its unit; NaN where they lie beyond e**6 times the last level."""
        index, column, centre = self._place(series, year)
        return np.exp(centre + log_quantiles(self.histogram[index, column], probabilities))

    def margin_quantile(self, event: str, probability: float) -> float:
        """Quantile of ln(level / level of the event): by how much futures miss (below 0) or exceed it."""
        return float(log_quantiles(self.margins[self._event(event)], [probability])[0])

    def log_mean_and_variance(self, series: str, year: int) -> tuple[float, float]:
        """Mean and variance of ln(level) of a series in a year."""
        index, column, centre = self._place(series, year)
        mean, square = self.moments[index, column] / self.paths
        return centre + float(mean), float(square - mean * mean)

    def odds(self, event: str) -> Odds:
        """Odds of an event of the plan.

        The error is that of a mean over independent draws of the parameters. The range is that of a beta distribution with the mean and the
        variance of the draws' probabilities after the binomial noise of their few paths has been taken out.
        """
        hits = self.hits[self._event(event)].astype(float)
        sizes = np.full(len(hits), float(self.paths_per_draw))
        sizes[-1] = self.paths - self.paths_per_draw * (len(hits) - 1)
        probability = float(hits.sum() / self.paths)
        if len(hits) == 1:
            spread = np.sqrt(probability * (1 - probability) / self.paths)
            return Odds(probability, float(max(spread, 3.0 / self.paths if probability in (0.0, 1.0) else 0.0)), 0.0, 1.0)
        shares = hits / sizes
        error = float(np.sqrt(np.sum(sizes**2 * (shares - probability) ** 2)) / self.paths)
        if probability in (0.0, 1.0):
            return Odds(probability, 3.0 / self.paths, probability, probability)
        noise = float(np.mean(probability * (1 - probability) / sizes))
        total = float(np.mean((shares - probability) ** 2))
        # total = between + E[p (1 - p)] / size, and E[p (1 - p)] = probability (1 - probability) - between
        between = max(total - noise, 0.0) / (1 - 1 / self.paths_per_draw) if self.paths_per_draw > 1 else total
        spread = probability * (1 - probability)
        between = min(max(between, 1e-9 * spread), 0.999 * spread)
        strength = spread / between - 1
        low, high = (float(betaincinv(probability * strength, (1 - probability) * strength, share)) for share in RANGE)
        return Odds(probability, error, low, high)

    def _event(self, name: str) -> int:
        return next(number for number, event in enumerate(self.plan.events) if event.name == name)

    def _place(self, series: str, year: int) -> tuple[int, int, float]:
        for index, one in enumerate(self.plan.series):
            if str(one.key) == series:
                if not one.series.origin < year <= self.plan.horizon:
                    raise ValueError(f"{series}: year {year} is not within {one.series.origin + 1} to {self.plan.horizon}")
                return index, year - self.plan.first_year, float(one.series.log_level[-1])
        raise ValueError(f"series {series} is not part of this run")


def log_quantiles(counts: NDArray[np.signedinteger], probabilities: Floats | list[float]) -> Floats:
    """Quantiles of binned logarithms, by interpolation within a bin; NaN where they lie beyond the last bins."""
    cumulative = np.cumsum(counts, dtype=np.int64)
    wanted = np.asarray(probabilities, dtype=float) * cumulative[-1]
    place = np.searchsorted(cumulative, wanted)
    before = np.where(place > 0, cumulative[np.maximum(place - 1, 0)], 0)
    position = place - 1 - BINS_BELOW + (wanted - before) / np.maximum(counts[place], 1)
    inside = (place > 0) & (place < BINS - 1)
    return np.where(inside, BIN_WIDTH * position, np.nan)
