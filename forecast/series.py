"""A series: place x measure x scope x unit with its reconstructed annual levels, each with an uncertainty."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class SeriesKey(NamedTuple):
    """What a series counts. The unit is a currency for money, persons or count otherwise.

    A tuple, because keys are looked up and put in order more often than anything else.
    """

    place: str
    measure: str
    scope: str
    unit: str

    def __str__(self) -> str:
        """Write the key in one line: place|measure|scope|unit."""
        return "|".join(self)

    @classmethod
    def parse(cls, text: str) -> "SeriesKey":
        """Read 'Suzhou|contract_value_signed|total|USD'."""
        parts = text.split("|")
        if len(parts) != 4:
            raise ValueError(f"a series is place|measure|scope|unit, got {text!r}")
        return cls(*parts)


@dataclass(frozen=True, eq=False)
class Series:
    """Annual levels of one key.

    Attributes
    ----------
    years : tuple of int
        The n years with a reconstructed level, rising.
    log_level : array (n,)
        Mean of ln(level); the level in the unit of the key.
    covariance : array (n, n)
        Of the log levels: years derived from one figure share its error.
    stated : tuple of bool
        Whether the year's level is printed somewhere (True) or follows from growth, multiples and sums.
    facts : tuple of str
        The facts that were used.
    behind : tuple of tuple of str
        For each year what speaks of it: facts, and laws of addition such as "offshore + onshore = total".
    set_aside : tuple of (fact, reason)
        The facts that were not, each with its reason.
    conflicts : tuple of str
        Facts that disagree by more than three standard deviations, in words.
    chi_square, freedom : float, int
        Squared residuals in standard deviations and degrees of freedom of the equations solved together; 0 where nothing is said twice.
    """

    key: SeriesKey
    years: tuple[int, ...]
    log_level: Floats
    covariance: Floats
    stated: tuple[bool, ...]
    facts: tuple[str, ...]
    behind: tuple[tuple[str, ...], ...]
    set_aside: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[str, ...] = ()
    chi_square: float = 0.0
    freedom: int = 0

    @property
    def birge(self) -> float:
        """By how much the errors were widened because figures disagree (Birge 1932); 1 where they agree."""
        return float(np.sqrt(max(1.0, self.chi_square / self.freedom))) if self.freedom else 1.0

    @property
    def origin(self) -> int:
        """The last year known."""
        return self.years[-1]

    def last_level(self) -> "Series":
        """Return the series as it would be were only its last level known."""
        last = slice(-1, None)
        parts = {name: getattr(self, name)[last] for name in ("years", "log_level", "stated", "behind")}
        return replace(self, **parts, covariance=self.covariance[last, last])

    def level(self, year: int) -> float:
        """Median level of a year, in the unit of the key."""
        return float(np.exp(self.log_level[self.years.index(year)]))

    def interval(self, year: int) -> tuple[float, float]:
        """80 % interval of the level of a year."""
        place = self.years.index(year)
        reach = 1.2815515655446004 * float(np.sqrt(self.covariance[place, place]))
        return float(np.exp(self.log_level[place] - reach)), float(np.exp(self.log_level[place] + reach))

    def last_growth(self) -> float | None:
        """Return the growth achieved last, percent a year, from the last two reconstructed years; None with one year only."""
        if len(self.years) < 2:
            return None
        span = self.years[-1] - self.years[-2]
        return float(100 * np.expm1((self.log_level[-1] - self.log_level[-2]) / span))
