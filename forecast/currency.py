"""Exchange rates: annual averages, a document's own rate, and the uncertainty of both."""

from dataclasses import dataclass
from math import log, sqrt

import pandas as pd

LAST = 9999
MONEY = ("USD", "CNY", "HKD")
CONVENTION_SD = 0.015  # a document may have converted at an average, a year-end or its own rate: 1 to 3 % (METHOD D1)
YEARLY_SD = 0.04  # sd of the yearly change of ln(CNY per USD), 2006 to 2016 (METHOD D1)
PEGGED_SD = 0.003  # the Hong Kong dollar moves within a band of 0.6 % either side of its link


@dataclass(frozen=True)
class Conversion:
    """ln(units of `to` per unit of `of`) at the last known year, with its uncertainty then and each year after."""

    of: str
    to: str
    log_rate: float
    rate_year: int
    convention_sd: float
    yearly_sd: float


def conversion(rates: pd.DataFrame, of: str, to: str, source: str = "", until: int = LAST) -> Conversion | None:
    """Return how money in `of` becomes money in `to` at the last year that `rates` knows, or the last one up to `until`.

    The rate that the document itself states wins over the market's annual average of that year.

    Parameters
    ----------
    rates : DataFrame
        Columns year, pair (CNY/USD: yuan for a dollar), rate, source; already cut to the vintage.
    source : str
        The document whose figures are converted, e.g. '003'.

    Returns
    -------
    Conversion or None
        None if one of the currencies has no rate.
    """
    if of == to:
        return Conversion(of, to, 0.0, 0, 0.0, 0.0)
    known = rates[rates["year"] <= until]
    first, second = (per_dollar(known, currency, source) for currency in (of, to))
    if first is None or second is None:
        return None
    managed = {"CNY": YEARLY_SD, "HKD": PEGGED_SD, "USD": 0.0}
    yearly = (managed[of] ** 2 + managed[to] ** 2) ** 0.5
    return Conversion(of, to, second[0] - first[0], max(first[1], second[1]), CONVENTION_SD, yearly)


def per_dollar(rates: pd.DataFrame, currency: str, source: str) -> tuple[float, int] | None:
    """Return ln(units of a currency per US dollar) and the year it is for."""
    if currency == "USD":
        return 0.0, 0
    rows = rates[rates["pair"] == f"{currency}/USD"]
    if rows.empty:
        return None
    last = rows[rows["year"] == rows["year"].max()]
    own = last[last["source"].str.contains(source, regex=False)] if source else last.iloc[:0]
    market = last[last["convention"] == "annual average"]
    chosen = (own if len(own) else market if len(market) else last).iloc[0]
    return log(float(chosen["rate"])), int(chosen["year"])


def rate_change(rates: pd.DataFrame, of: str, to: str, base: int, year: int) -> tuple[float, float] | None:
    """Return by how much ln(units of `to` per unit of `of`) changed from one year to another, and its standard deviation.

    By annual averages. Figures of either year may have been converted at another rate, each by itself: the doubt about the convention counts
    twice. None if one of the rates is not known.
    """
    change = 0.0
    for currency, sign in ((to, 1.0), (of, -1.0)):
        if currency == "USD":
            continue
        rows = rates[(rates["pair"] == f"{currency}/USD") & (rates["convention"] == "annual average")]
        known = dict(zip(rows["year"].astype(int), rows["rate"], strict=True))
        if base not in known or year not in known:
            return None
        change += sign * log(known[year] / known[base])
    return change, sqrt(2) * CONVENTION_SD
