"""How often intervals of forecast months and quarters hold, and what the forecasts beat, on made-up series whose truth is known.

Run as `python benchmarks/seasonal_coverage.py`; the table of docs/method.md, section "Months and quarters", is its output.
"""

import sys
from itertools import product

import numpy as np

from forecast.frequencies import MONTHS, QUARTERS, Frequency, PeriodicSeries
from forecast.seasonal import predict_seasonal
from forecast.series import Floats, SeriesKey

KEY = SeriesKey("Town", "contract_value_executed", "total", "USD")
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
YEARS = (2, 3, 5, 10, 15)


def steady(random: np.random.Generator, growth: float, n: int) -> Floats:
    """A straight line with noise of 5 %."""
    return growth * np.arange(n) + random.normal(0, 0.05, n)


def wandering(random: np.random.Generator, growth: float, n: int) -> Floats:
    """A level that wanders by 3 % a period, with noise of 3 %."""
    return np.cumsum(growth + random.normal(0, 0.03, n)) + random.normal(0, 0.03, n)


def turning(random: np.random.Generator, growth: float, n: int) -> Floats:
    """A trend whose growth changes by .2 % each period, with noise of 4 %."""
    return np.cumsum(growth + np.cumsum(random.normal(0, 0.002, n))) + random.normal(0, 0.04, n)


KINDS = {
    "steady": (steady, 0.15),
    "wandering": (wandering, 0.15),
    "wandering, no seasons": (wandering, 0.0),
    "turning": (turning, 0.15),
}


def made_up(random: np.random.Generator, kind: str, frequency: Frequency, n: int) -> Floats:
    """Log levels (n,) of a series that grows by 10 ± 10 % a year, with seasonal factors whose sd is .15 or nothing."""
    make, sd = KINDS[kind]
    factors = random.normal(0, sd, frequency.per_year) if sd else np.zeros(frequency.per_year)
    return 10 + make(random, random.normal(0.1, 0.1) / frequency.per_year, n) + factors[np.arange(n) % frequency.per_year]


def trial(random: np.random.Generator, kind: str, frequency: Frequency, years: int) -> tuple[float, float, float, float]:
    """Forecast one made-up series a year and a half on: shares inside 80 and 95 % intervals, mean error of the median and of last year's."""
    per_year = frequency.per_year
    ahead, n = 3 * per_year // 2, years * per_year
    levels = made_up(random, kind, frequency, n + ahead)
    known, coming = levels[:n], levels[n:]
    series = PeriodicSeries(KEY, frequency, 0, known, np.zeros(n))
    low95, low80, middle, high80, high95 = np.log(predict_seasonal(series, ahead).quantiles(LEVELS))
    naive = np.tile(known[-per_year:], 2)[:ahead]
    inside80, inside95 = (low80 < coming) & (coming < high80), (low95 < coming) & (coming < high95)
    return float(inside80.mean()), float(inside95.mean()), float(abs(coming - middle).mean()), float(abs(coming - naive).mean())


def trials(seed: int, kind: str, frequency: Frequency, years: int, count: int) -> Floats:
    """Repeat a trial: (count, 4)."""
    random = np.random.default_rng(seed)
    return np.array([trial(random, kind, frequency, years) for _ in range(count)])


def main(count: int) -> None:
    """Print the table."""
    print("| | | 80 % | 95 % | error | seasonal naive |\n|---|---|---|---|---|---|")
    for frequency, kind in product((MONTHS, QUARTERS), KINDS):
        rows = [trials(1, kind, frequency, years, count) for years in YEARS]
        cells = [" ".join(f"{100 * row[:, column].mean():.0f}" for row in rows) for column in (0, 1)]
        cells += [" ".join(f"{row[:, column].mean():.3f}".lstrip("0") for row in rows) for column in (2, 3)]
        widest = max(100 * row[:, 0].std() / count**0.5 for row in rows)
        print(f"| {frequency.name} | {kind} | {' | '.join(cells)} |", file=sys.stdout)
        print(f"{frequency.name}, {kind}: standard error of the 80 % coverage up to {widest:.1f}", file=sys.stderr)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
