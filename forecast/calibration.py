"""Are forecasts calibrated? Judged over many of them that are not independent: outcomes of one calendar year share its shocks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.stats import chi2

from forecast.scores import coverage_band
from forecast.series import Floats

Labels = NDArray[np.int64]

STATED_CORRELATION = 0.3  # between outcomes of one year, where too few years are known to estimate it (METHOD D10)
LEAST_YEARS = 10
LEAST_FOR_HISTOGRAM = 25  # five bins of five


@dataclass(frozen=True, eq=False)
class Sharing:
    """The calendar year (n,) of each outcome, whose shocks those of one year share.

    `apart` tells whether all were forecast one year ahead: forecasts further ahead also share years with those of the years beside them,
    so that no correlation can be estimated.
    """

    years: Labels
    apart: bool

    def of(self, chosen: NDArray[np.bool_]) -> "Sharing":
        """Return that of some of the outcomes."""
        return Sharing(self.years[chosen], self.apart)


@dataclass(frozen=True)
class ReliabilityBin:
    """Events whose stated probabilities lie close together: how often they happened, and the band if the probabilities are right."""

    events: int
    stated: float
    happened: float
    low: float
    high: float


def design_effect(values: Floats, sharing: Sharing) -> float:
    """Return by how much shared years reduce the worth of n outcomes: n / this many count (Kish 1965), at least 1.

    1 + (m - 1) rho with m the mean number of outcomes in an outcome's own year. The correlation rho of `values` (n,) within a year is
    that of an analysis of variance where ten years or more were forecast one year ahead, and 0.3 otherwise.
    """
    _, members, sizes = np.unique(sharing.years, return_inverse=True, return_counts=True)
    n, groups = len(values), len(sizes)
    if n == 0:
        return 1.0
    mean_size = float((sizes**2).sum() / n)
    rho = STATED_CORRELATION
    if sharing.apart and groups >= LEAST_YEARS and n > groups and np.ptp(values) > 0:
        means = np.bincount(members, weights=values) / sizes
        between = float((sizes * (means - values.mean()) ** 2).sum() / (groups - 1))
        inside = float(((values - means[members]) ** 2).sum() / (n - groups))
        typical = (n - mean_size) / (groups - 1)
        total = between + (typical - 1) * inside
        rho = float(np.clip((between - inside) / total, 0.0, 1.0)) if total > 0 else STATED_CORRELATION
    return 1 + (mean_size - 1) * rho


def shared_band(nominal: float, inside: Floats, sharing: Sharing) -> tuple[float, float]:
    """Return the 95 % band of the coverage if the intervals are calibrated, widened by the design effect; `inside` (n,) is 0 or 1."""
    return coverage_band(nominal, max(1, round(len(inside) / design_effect(inside, sharing))))


def histogram_bins(count: int) -> int:
    """Return into how many bins so many PITs are counted."""
    return 10 if count >= 100 else 5


def uniformity(integrals: Floats, sharing: Sharing) -> float | None:
    """Return the p-value of a chi-square test that PITs (n,) are uniform; None below 25 of them.

    Ten bins (five below 100 values); the statistic is divided by the mean design effect of the bins (Rao and Scott 1981).
    """
    n = len(integrals)
    if n < LEAST_FOR_HISTOGRAM:
        return None
    bins = histogram_bins(n)
    members = np.minimum((integrals * bins).astype(int), bins - 1)
    effect = float(np.mean([design_effect((members == one).astype(float), sharing) for one in range(bins)]))
    counts = np.bincount(members, minlength=bins)
    statistic = float(((counts - n / bins) ** 2).sum() / (n / bins)) / effect
    return float(chi2.sf(statistic, bins - 1))


def reliability(probability: Floats, happened: Floats, sharing: Sharing, bins: int = 5) -> list[ReliabilityBin]:
    """Group events (n,) into bins of equal width of their stated probability; empty ones are left out."""
    members = np.minimum((probability * bins).astype(int), bins - 1)
    found = []
    for one in range(bins):
        own = members == one
        if own.any():
            stated = float(probability[own].mean())
            found.append(
                ReliabilityBin(
                    int(own.sum()), stated, float(happened[own].mean()), *shared_band(stated, happened[own], sharing.of(own))
                )
            )
    return found


def reliability_curve(probability: Floats, happened: Floats) -> tuple[Floats, Floats]:
    """Return stated probabilities, rising, and the rising frequencies closest to what happened (Dimitriadis and others 2021)."""
    order = np.argsort(probability, kind="stable")
    return probability[order], np.asarray(isotonic_regression(happened[order]).x)


def inflation(ratios: Floats, nominal: float = 0.8) -> float | None:
    """Return the smallest factor of at least 1 on all intervals with which a share `nominal` of the outcomes is covered.

    `ratios` (n,) are the distances of the outcomes from the median in half-widths of their interval on that side. None below four of them:
    no quantile of so few is known (METHOD D10).
    """
    if len(ratios) < 4:
        return None
    return max(1.0, float(np.sort(ratios)[int(np.ceil(nominal * len(ratios) - 1e-9)) - 1]))


def mean_with_error(values: Floats, sharing: Sharing) -> tuple[float, float | None]:
    """Return the mean of `values` (n,) with its standard error when years are the independent units; None with a single year."""
    _, members, sizes = np.unique(sharing.years, return_inverse=True, return_counts=True)
    groups = len(sizes)
    mean = float(values.mean())
    if groups < 2:
        return mean, None
    sums = np.bincount(members, weights=values - mean)
    return mean, float(np.sqrt((sums**2).sum() * groups / (groups - 1)) / len(values))
