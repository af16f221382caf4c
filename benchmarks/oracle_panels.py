"""Three fixed panels of made-up places, on which the pooled growth model is compared with sampling (benchmarks/oracle.py).

A panel states everything that a posterior follows from: the prior, and for each series years, log levels and their covariance. The
numbers are rounded here, so that both sides read the same ones.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

VERSION = 1  # of panels, model and sampling: raise it with any change, and run `make oracle`
FOLDER = Path(__file__).resolve().parents[1] / "tests" / "forecast" / "oracle"
AHEAD = (1, 5)  # years after the origin

FADE = ((0.20, 0.08), (0.35, 0.21), (0.50, 0.29), (0.65, 0.27), (0.80, 0.15))
PERSISTENCE = ((0.10, 0.35), (0.35, 0.40), (0.60, 0.25))
SCALE = ((0.75, 0.25), (1.00, 0.50), (1.40, 0.25))
NOISE_SHARE = {"contract_value_executed": 0.2, "contract_value": 0.35, "contract_value_signed": 0.5, "employees": 0.2}
TRUE_FADE, TRUE_PERSISTENCE = 0.5, 0.35


@dataclass(frozen=True)
class Plan:
    """How a panel is made.

    `years` and `measures` have one entry a place, the measures in turn. The error of a figure has a part `shared_error` that all
    figures of a series have in common, a part `figure_error` of its own, and rounding to `digits` digits. `scale` is the true factor
    on own deviations and level noise, `boom` is added to F in the last year. `watched` are the numbers of the places whose state and
    coming levels are compared.
    """

    name: str
    seed: int
    prior: dict[str, Any]
    years: tuple[tuple[int, ...], ...]
    measures: tuple[str, ...]
    nations: tuple[int, ...]
    scale: float
    boom: float
    shared_error: float
    figure_error: float
    digits: int
    watched: tuple[int, ...]


def prior(mean: float, mean_sd: float, boom_sd: float, shock: float, own_sd: float) -> dict[str, Any]:
    """Write down the prior of a family (docs/method.md)."""
    return {
        "long_run_mean": mean,
        "long_run_sd": mean_sd,
        "boom_sd": boom_sd,
        "boom_shock": 2 * shock,
        "common_shock": shock,
        "lasting_sd": 0.05,
        "own_sd": own_sd,
        "nation_factor": 0.4,
        "first_level_sd": 5.0,
        "fade": [list(point) for point in FADE],
        "persistence": [list(point) for point in PERSISTENCE],
        "scale": [list(point) for point in SCALE],
    }


CONTRACTS, PEOPLE = prior(0.104, 0.02, 0.25, 0.08, 0.15), prior(0.06, 0.02, 0.20, 0.05, 0.12)
PLANS = (
    Plan(
        "boom", 20121, CONTRACTS,
        ((2011, 2012),) * 8 + ((2012,),) * 4,
        ("contract_value_executed", "contract_value_signed", "contract_value"),
        (), 1.0, 0.25, 0.03, 0.01, 3, (0, 1, 9),
    ),
    Plan(
        "gaps", 20122, PEOPLE,
        (
            (2006, 2008, 2009, 2012), (2009, 2010, 2012), (2007, 2008, 2009, 2010, 2011, 2012), (2008, 2011, 2012),
            (2006, 2007, 2009, 2010, 2012), (2010, 2011, 2012), (2008, 2009, 2011), (2007, 2010, 2012),
        ),
        ("employees",),
        (), 1.6, 0.0, 0.05, 0.03, 2, (2, 5, 6),
    ),
    Plan(
        "mixed", 20123, CONTRACTS,
        (
            (2009, 2011, 2012), (2003, 2004, 2005, 2006, 2007, 2008, 2009, 2010, 2011, 2012), (2011, 2012), (2010, 2011, 2012), (2010, 2011),
            (2012,), (2011,), (2008, 2009, 2010, 2012), (2012,), (2011, 2012),
        ),
        ("contract_value_executed", "contract_value_signed"),
        (0,), 1.0, 0.1, 0.03, 0.02, 2, (1, 4, 5),
    ),
)  # fmt: skip


def make_panel(plan: Plan) -> dict[str, Any]:
    """Draw the levels of a plan from the model and round them, as a document would."""
    rng = np.random.default_rng(plan.seed)
    p = plan.prior
    first, last = min(min(years) for years in plan.years), max(max(years) for years in plan.years)
    m = rng.normal(p["long_run_mean"], p["long_run_sd"])
    common = {first: rng.normal(0.0, p["boom_sd"])}
    for year in range(first + 1, last + 1):
        common[year] = TRUE_FADE * common[year - 1] + rng.normal(0.0, p["boom_shock"])
    common[last] += plan.boom
    series = []
    for number, years in enumerate(plan.years):
        nation = number in plan.nations
        measure = plan.measures[number % len(plan.measures)]
        own = plan.scale * p["own_sd"] * (p["nation_factor"] if nation else 1.0)
        lasting = 0.0 if nation else rng.normal(0.0, p["lasting_sd"])
        trend = {years[0]: rng.normal(0.0, 1.0)}
        passing = rng.normal(0.0, own)
        for year in range(years[0] + 1, years[-1] + 1):
            passing = TRUE_PERSISTENCE * passing + rng.normal(0.0, own * np.sqrt(1 - TRUE_PERSISTENCE**2))
            trend[year] = trend[year - 1] + m + common[year] + lasting + passing
        shared = rng.normal(0.0, plan.shared_error)
        figures, variances = [], []
        for year in years:
            noise = rng.normal(0.0, NOISE_SHARE[measure] * own)
            level = np.exp(trend[year] + noise + shared + rng.normal(0.0, plan.figure_error))
            step = 10.0 ** (np.floor(np.log10(level)) + 1 - plan.digits)
            printed = step * np.round(level / step)
            figures.append(np.log(printed))
            variances.append(plan.figure_error**2 + (step / printed) ** 2 / 12)
        series.append(
            {
                "place": "Nation" if nation else f"City {number}",
                "measure": measure,
                "nation": nation,
                "noise_share": NOISE_SHARE[measure],
                "years": list(years),
                "log_level": np.round(figures, 6).tolist(),
                "covariance": np.round(np.diag(variances) + plan.shared_error**2, 8).tolist(),
            }
        )
    return {"name": plan.name, "seed": plan.seed, "prior": plan.prior, "series": series, "watched": list(plan.watched)}
