"""What is believed before a family's own facts speak: every number with its origin and its reason.

Growth is a yearly log growth rate: 0.10 is 10.5 % a year. Origins: facts, reference class, judgement. What booms of other places teach is
learned by benchmarks/learn_booms.py and read from boom_class.json beside this file.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

STORED = Path(__file__).with_name("boom_class.json")
Weighted = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Assumption:
    """One number of the model: value, standard deviation (0 if it is not spread), origin and reason."""

    name: str
    value: float
    sd: float
    origin: str
    reason: str


@dataclass(frozen=True)
class FamilyPrior:
    """Prior of the growth of one measure family; the symbols are those of docs/method.md.

    Attributes
    ----------
    long_run_mean, long_run_sd : float
        m, the yearly log growth to which everything returns.
    boom_sd, boom_shock : float
        Standard deviation of the common deviation F in the first year with figures, and of its yearly innovation up to the last one.
    fade : tuple of (value, weight)
        lambda, the share of F left after a year.
    common_shock : float
        Standard deviation of the yearly innovation of F.
    lasting_sd : float
        Standard deviation of d, the lasting difference of a place.
    own_sd : float
        Stationary standard deviation of a, the place's own passing deviation.
    persistence : tuple of (value, weight)
        phi, the share of a left after a year.
    scale : tuple of (value, weight)
        Factor on own_sd and on the level noise: how volatile these series really are.
    tail : float
        Degrees of freedom of the own yearly shocks, Student's t truncated at 8 scales: simulated so, fitted as if normal.
    nation_is_witness : bool
        Whether the nation's figures tell of F: cities' contracts add up to the nation's, their FDI does not.
    """

    family: str
    long_run_mean: float
    long_run_sd: float
    boom_sd: float
    boom_shock: float
    fade: Weighted
    common_shock: float
    lasting_sd: float
    own_sd: float
    persistence: Weighted
    scale: Weighted
    tail: float
    nation_is_witness: bool
    assumptions: tuple[Assumption, ...]

    def with_long_run_sd(self, factor: float) -> "FamilyPrior":
        """Return the prior with a long-run mean `factor` times as uncertain, for checking what hangs on it."""
        return replace(self, long_run_sd=self.long_run_sd * factor)


FADES = (0.05, 0.20, 0.35, 0.50, 0.65, 0.80)
PERSISTENCES = (0.10, 0.35, 0.60)
PERSISTENCE_COUNT = 6.0  # a + b of its Beta distribution
# The learned fade is that of national series: a + b of its Beta distribution is lowered to this, so that our own figures may move it more.
WIDE_FADE_COUNT = 4.0
SCALE = ((0.75, 0.25), (1.00, 0.50), (1.40, 0.25))

# Level noise: sd of the passing part of a year's figure as a share of own_sd, by measure. Signed contracts come in lumps, stocks hardly move.
# By measure a judgement; the classes of boom_class.json have .2 (employment) to .4 (exports, inflows), which is this range.
# At most half: a larger one would let a strong year lower the forecast (the response to the last growth must be monotone, METHOD D0.2).
LUMPY, DOUBTFUL, SMOOTH = 0.5, 0.35, 0.2
LEVEL_NOISE = MappingProxyType(
    {
        "contract_value_signed": LUMPY,
        "contract_value": DOUBTFUL,
        "contracts": LUMPY,
        "fdi_contracted": LUMPY,
        "fdi_projects": LUMPY,
        "employees_new": LUMPY,
        "enterprises_new": LUMPY,
    }
)
# The nation averages over its places: smaller shocks of its own, no lasting difference from the family (METHOD D0.3).
NATION_OWN_FACTOR = 0.4
# Figures of one place and family move together (about .7): n of them count as n / (1 + .7 (n - 1)) witnesses.
SAME_PLACE_CORRELATION = 0.7


def beta_weights(points: tuple[float, ...], mean: float, count: float) -> Weighted:
    """Put a Beta distribution of this mean and a + b = count on points, with weights that add up to 1."""
    at = np.array(points)
    log_density = (mean * count - 1) * np.log(at) + ((1 - mean) * count - 1) * np.log(1 - at)
    weights = np.exp(log_density - log_density.max())
    return tuple(zip(points, map(float, weights / weights.sum()), strict=True))


def mean_and_sd(weighted: Weighted) -> tuple[float, float]:
    """Return mean and standard deviation of a distribution on points."""
    points, weights = np.array(weighted).T
    mean = float(weights @ points)
    return mean, float(np.sqrt(weights @ (points - mean) ** 2))


def family_prior(
    family: str,
    mean: float,
    mean_sd: float,
    boom_sd: float,
    shock: float,
    own_sd: float,
    learned: dict[str, Any],
    reasons: dict[str, tuple[str, str]],
) -> FamilyPrior:
    """Assemble a family's prior and the list of its assumptions for the assumptions page."""
    fade = beta_weights(FADES, learned["fade"], WIDE_FADE_COUNT)
    persistence = beta_weights(PERSISTENCES, learned["persistence"], PERSISTENCE_COUNT)
    values = {
        "long-run mean growth": (mean, mean_sd),
        "common deviation, first year": (0.0, boom_sd),
        "yearly common shock while the boom arose": (0.0, 2 * shock),
        "fade of the common deviation": mean_and_sd(fade),
        "yearly common shock from then on": (shock, 0.0),
        "lasting difference of a place": (0.0, 0.05),
        "own passing deviation": (own_sd, 0.25 * own_sd),
        "persistence of the own deviation": mean_and_sd(persistence),
        "tails of the own yearly shocks": (learned["tail"]["freedom"], 0.0),
    }
    assumptions = tuple(Assumption(name, *numbers, *(SHARED_REASONS | reasons)[name]) for name, numbers in values.items())
    return FamilyPrior(
        family,
        mean,
        mean_sd,
        boom_sd,
        2 * shock,
        fade,
        shock,
        0.05,
        own_sd,
        persistence,
        SCALE,
        learned["tail"]["freedom"],
        family in ("contracts", "people"),
        assumptions,
    )


SHARED_REASONS = {
    "common deviation, first year": (
        "judgement",
        "wide: whether the first year with figures was a boom is for the facts to say",
    ),
    "yearly common shock while the boom arose": (
        "judgement",
        "twice the later one: these facts were collected because the sector boomed, so how long it lasted says less about how it will fade",
    ),
    "lasting difference of a place": (
        "judgement",
        "places that lead for decades are rare: cross-decade correlation of growth is .1 to .3; countries of booming regions show .03 to .04",
    ),
    "own passing deviation": ("facts", "spread of the 2012 growth rates between cities, less their level noise"),
    "persistence of the own deviation": (
        "reference class",
        "learned from places in booming groups, with the spread of a Beta distribution with a + b = 6",
    ),
    "tails of the own yearly shocks": (
        "reference class",
        "degrees of freedom of Student's t learned from places in booming groups; truncated at 8 scales, with the standard deviation as it is",
    ),
}

LEARNED = MappingProxyType(json.loads(STORED.read_text(encoding="utf-8"))["parameters"])
# By levels known: contracts boomed for years on end (the nation's multiples of 2009 to 2012), of the rest one growth is known.
EXPORTS, EMPLOYMENT, INFLOWS = LEARNED["services"]["3"], LEARNED["people"]["2"], LEARNED["fdi"]["2"]


def fade_reason(learned: dict[str, Any], of_what: str, doubt: str) -> tuple[str, str]:
    """Say where the fade comes from and by how much it is widened."""
    return (
        "reference class, widened by judgement",
        f"learned from {of_what}: mean {learned['fade']:.2f}, a + b of its Beta distribution {learned['fade_count']:.1f}, "
        f"lowered to {WIDE_FADE_COUNT:.0f}: {doubt}",
    )


PRIORS = MappingProxyType(
    {
        "contracts": family_prior(
            "contracts", 0.104, 0.02, 0.25, EXPORTS["common_shock"], 0.15, EXPORTS,
            {
                "long-run mean growth": ("judgement", "nominal growth of the economy as expected in 2012, about 11 % a year"),
                "fade of the common deviation": fade_reason(
                    EXPORTS, "regions whose exports boomed for two years",
                    "exports in dollars turn with exchange rates and prices, contracts of a new industry need not; the nation's multiples may speak",
                ),
                "yearly common shock from then on": ("reference class", "learned from the exports of regions after two booming years"),
            },
        ),
        "people": family_prior(
            "people", 0.06, 0.02, 0.20, 0.05, 0.12, EMPLOYMENT,
            {
                "long-run mean growth": ("judgement", "less than contracts: nominal growth less growth of output for each head, about 6 % a year"),
                "fade of the common deviation": fade_reason(
                    EMPLOYMENT, "countries whose sectors' employment grew by 5 % and more",
                    "no country's employment booms as jobs of a new industry did",
                ),
                "yearly common shock from then on": (
                    "judgement", f"between the {EMPLOYMENT['common_shock']:.3f} of whole countries' employment and that of contracts",
                ),
            },
        ),
        "fdi": family_prior(
            "fdi", 0.08, 0.025, 0.15, 0.07, 0.08, INFLOWS | {"persistence": 0.33},
            {
                "long-run mean growth": ("judgement", "between real and nominal growth of the economy, about 8 % a year"),
                "fade of the common deviation": fade_reason(
                    INFLOWS, "regions whose inflows boomed for a year", "figures of cities are managed and move less than national inflows",
                ),
                "persistence of the own deviation": (
                    "judgement",
                    f"the {INFLOWS['persistence']:.2f} of national inflows is that of lumps; with it and our level noise a strong year would "
                    "lower the forecast, and managed figures of cities move evenly",
                ),
                "yearly common shock from then on": (
                    "judgement", f"half the {INFLOWS['common_shock']:.3f} of regions' inflows: city figures are managed and move less",
                ),
            },
        ),
        "other": family_prior(
            "other", 0.06, 0.04, 0.15, EXPORTS["common_shock"], 0.15, EXPORTS,
            {
                "long-run mean growth": ("judgement", "nothing is known of the measure: 6 % a year, uncertain by four points"),
                "fade of the common deviation": fade_reason(EXPORTS, "regions whose exports boomed for two years", "nothing is known of the measure"),
                "yearly common shock from then on": ("judgement", "as for contracts"),
            },
        ),
    }
)  # fmt: skip
