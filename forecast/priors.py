"""What is believed before a family's own facts speak: every number with its origin and its reason.

Growth is a yearly log growth rate: 0.10 is 10.5 % a year. Origins: facts, reference class, judgement.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType


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
    nation_is_witness : bool
        Whether the nation's figures tell of F: cities' contracts add up to the nation's, their FDI does not.
    """

    family: str
    long_run_mean: float
    long_run_sd: float
    boom_sd: float
    boom_shock: float
    fade: tuple[tuple[float, float], ...]
    common_shock: float
    lasting_sd: float
    own_sd: float
    persistence: tuple[tuple[float, float], ...]
    scale: tuple[tuple[float, float], ...]
    nation_is_witness: bool
    assumptions: tuple[Assumption, ...]

    def with_long_run_sd(self, factor: float) -> "FamilyPrior":
        """Return the prior with a long-run mean `factor` times as uncertain, for checking what hangs on it."""
        return replace(self, long_run_sd=self.long_run_sd * factor)


# Beta(4, 3.5) on five points: mean 0.53, sd 0.17.
FADE = ((0.20, 0.08), (0.35, 0.21), (0.50, 0.29), (0.65, 0.27), (0.80, 0.15))
# Beta(2, 4) on three points: mean 0.33.
PERSISTENCE = ((0.10, 0.35), (0.35, 0.40), (0.60, 0.25))
SCALE = ((0.75, 0.25), (1.00, 0.50), (1.40, 0.25))

# Level noise: sd of the passing part of a year's figure as a share of own_sd, by measure. Signed contracts come in lumps, stocks hardly move.
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


def family_prior(
    family: str,
    mean: float,
    mean_sd: float,
    boom_sd: float,
    shock: float,
    own_sd: float,
    reasons: dict[str, tuple[str, str]],
) -> FamilyPrior:
    """Assemble a family's prior and the list of its assumptions for the assumptions page."""
    values = {
        "long-run mean growth": (mean, mean_sd),
        "common deviation, first year": (0.0, boom_sd),
        "yearly common shock while the boom arose": (0.0, 2 * shock),
        "fade of the common deviation": (0.53, 0.17),
        "yearly common shock from then on": (shock, 0.0),
        "lasting difference of a place": (0.0, 0.05),
        "own passing deviation": (own_sd, 0.25 * own_sd),
        "persistence of the own deviation": (0.33, 0.18),
    }
    assumptions = tuple(Assumption(name, *numbers, *(reasons | SHARED_REASONS)[name]) for name, numbers in values.items())
    return FamilyPrior(
        family,
        mean,
        mean_sd,
        boom_sd,
        2 * shock,
        FADE,
        shock,
        0.05,
        own_sd,
        PERSISTENCE,
        SCALE,
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
    "fade of the common deviation": (
        "reference class, widened by judgement",
        "growing national series keep .15 to .5 of a boom's excess after one year and little after two, calendar-year deviations .3 to .55 "
        "(benchmarks/growing.py); a new industry that booms everywhere at once fades more slowly, so the weight lies higher and the multiples "
        "of 2009 to 2012 may move it",
    ),
    "lasting difference of a place": (
        "judgement",
        "places that lead for decades are rare: cross-decade correlation of growth is .1 to .3",
    ),
    "own passing deviation": ("facts", "spread of the 2012 growth rates between cities, less their level noise"),
    "persistence of the own deviation": (
        "reference class",
        "autocovariance of growth beyond the first lag is near zero to .3 of the variance",
    ),
}

PRIORS = MappingProxyType(
    {
        "contracts": family_prior(
            "contracts", 0.104, 0.02, 0.25, 0.08, 0.15,
            {
                "long-run mean growth": ("judgement", "nominal growth of the economy as expected in 2012, about 11 % a year"),
                "yearly common shock from then on": ("reference class", "calendar-year movement of services exports: sd .086, autocorrelation .34"),
            },
        ),
        "people": family_prior(
            "people", 0.06, 0.02, 0.20, 0.05, 0.12,
            {
                "long-run mean growth": ("judgement", "less than contracts: nominal growth less growth of output for each head, about 6 % a year"),
                "yearly common shock from then on": ("judgement", "between the .007 of whole-economy employment by sector and the .08 of contracts"),
            },
        ),
        "fdi": family_prior(
            "fdi", 0.08, 0.025, 0.15, 0.07, 0.08,
            {
                "long-run mean growth": ("judgement", "between real and nominal growth of the economy, about 8 % a year"),
                "yearly common shock from then on": ("judgement", "half the .134 of national inflows: city figures are managed and move less"),
            },
        ),
        "other": family_prior(
            "other", 0.06, 0.04, 0.15, 0.08, 0.15,
            {
                "long-run mean growth": ("judgement", "nothing is known of the measure: 6 % a year, uncertain by four points"),
                "yearly common shock from then on": ("judgement", "as for contracts"),
            },
        ),
    }
)  # fmt: skip
