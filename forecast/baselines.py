"""What a forecast must beat: no growth, own mean growth, the last growth for ever, the mean growth of all.

Each is a normal distribution of ln(level) whose standard deviation is that of the same rule's own past errors over the whole panel. Only
figures known at the origin enter, the errors too.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from forecast.belief import Belief, SeriesBelief
from forecast.classical import NotAdmissible
from forecast.prediction import Prediction
from forecast.series import Floats, Series

LEAST_ERRORS = 5  # past errors that a standard deviation is taken from
Rule = Callable[[Series, int, float], float | None]


def no_growth(series: Series, known: int, panel_growth: float) -> float | None:
    """Expect the last level again."""
    del series, known, panel_growth
    return 0.0


def own_mean_growth(series: Series, known: int, panel_growth: float) -> float | None:
    """Expect the mean growth from the first to the last known year."""
    del panel_growth
    if known < 2:
        return None
    return float((series.log_level[known - 1] - series.log_level[0]) / (series.years[known - 1] - series.years[0]))


def last_growth(series: Series, known: int, panel_growth: float) -> float | None:
    """Expect the growth between the last two known years."""
    del panel_growth
    if known < 2:
        return None
    span = series.years[known - 1] - series.years[known - 2]
    return float((series.log_level[known - 1] - series.log_level[known - 2]) / span)


def panel_mean_growth(series: Series, known: int, panel_growth: float) -> float | None:
    """Expect the mean of all growths known of the family."""
    del series, known
    return panel_growth if np.isfinite(panel_growth) else None


RULES: dict[str, Rule] = {
    "naive": no_growth,
    "drift": own_mean_growth,
    "last growth": last_growth,
    "pooled mean": panel_mean_growth,
}


def predict_baseline(name: str, belief: Belief, one: SeriesBelief, last_year: int) -> Prediction:
    """Forecast one series by the rule of a name in `RULES`.

    Raises
    ------
    NotAdmissible
        If the rule needs more known years, or no spread can be taken from past errors.
    """
    panel = panel_of(belief, one.family)
    growth = RULES[name](one.series, len(one.series.years), mean_growth(panel, max(series.origin for series in panel)))
    if growth is None:
        raise NotAdmissible(f"the baseline {name!r} needs a growth to go by, none is known")
    spread = past_spread(name, panel)
    if not spread:
        raise NotAdmissible(f"the baseline {name!r} needs {LEAST_ERRORS} past errors of the panel to take a spread from")
    ahead = np.arange(1, last_year - one.series.origin + 1)
    years = tuple(int(one.series.origin + step) for step in ahead)
    variance = np.array([spread_at(spread, int(step)) for step in ahead]) ** 2
    return Prediction(years, np.ones(1), (one.series.log_level[-1] + growth * ahead)[None], variance[None])


def panel_of(belief: Belief, family: str) -> tuple[Series, ...]:
    """Return all series of a family, in the order of their keys."""
    return tuple(one.series for one in belief.series if one.family == family)


def growths(panel: Sequence[Series], until: int) -> Floats:
    """Log growth a year between neighbouring known years up to `until`, over all series."""
    found = [
        np.diff(series.log_level[:known]) / np.diff(series.years[:known])
        for series, known in known_counts(panel, until)
        if known > 1
    ]
    return np.concatenate(found) if found else np.zeros(0)


def known_counts(panel: Sequence[Series], until: int) -> list[tuple[Series, int]]:
    """Return each series with its number of years up to `until`."""
    return [(series, int(np.searchsorted(series.years, until, side="right"))) for series in panel]


@lru_cache(maxsize=256)
def mean_growth(panel: tuple[Series, ...], until: int) -> float:
    """Mean log growth a year of a panel up to `until`; NaN if none is known."""
    known = growths(panel, until)
    return float(known.mean()) if known.size else float("nan")


@lru_cache(maxsize=64)
def past_spread(name: str, panel: tuple[Series, ...]) -> tuple[tuple[int, float], ...]:
    """Return (horizon, root mean square error) of a rule at every earlier origin of its panel, for horizons with enough errors."""
    errors: dict[int, list[float]] = {}
    for origin in sorted({year for series in panel for year in series.years}):
        growth_of_panel = mean_growth(panel, origin)
        for series, known in known_counts(panel, origin):
            if known == 0 or series.years[known - 1] != origin:
                continue
            growth = RULES[name](series, known, growth_of_panel)
            if growth is None:
                continue
            for year, log_level in zip(series.years[known:], series.log_level[known:], strict=True):
                horizon = year - origin
                errors.setdefault(horizon, []).append(float(log_level - series.log_level[known - 1] - growth * horizon))
    return tuple(
        (horizon, float(np.sqrt(np.mean(np.square(found)))))
        for horizon, found in sorted(errors.items())
        if len(found) >= LEAST_ERRORS and np.any(found)
    )


def spread_at(spread: tuple[tuple[int, float], ...], horizon: int) -> float:
    """Return the error at a horizon; where none is known, that of the nearest shorter (or else longer) one, growing with the root of time."""
    shorter = [known for known in spread if known[0] <= horizon] or [spread[0]]
    steps, error = shorter[-1]
    return error * float(np.sqrt(horizon / steps))
