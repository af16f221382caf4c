"""Belief: all that the forecast hands to the simulation, and how it comes from the facts of one vintage."""

import copyreg
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from data import Catalogue
from forecast.pooling import Elimination, PooledFamily, pool
from forecast.priors import PRIORS, SAME_PLACE_CORRELATION, FamilyPrior
from forecast.reconstruction import reconstruct
from forecast.reference_class import Siblings
from forecast.series import Floats, Series, SeriesKey
from forecast.siblings import measure_of, siblings_by_measure

UNKNOWN_FAMILY = "other"


def read_only(values: dict[str, Any]) -> MappingProxyType[str, Any]:
    """Return a view that cannot be changed."""
    return MappingProxyType(values)


# A belief is formed once and sent to other processes, and Python does not say how such views are to be packed.
copyreg.pickle(MappingProxyType, lambda view: (read_only, (dict(view),)))


@dataclass(frozen=True, eq=False)
class FamilyBelief:
    """What all series of a family share: K nodes with weights, D = 1 + years of the common vector (m, then F by year).

    Attributes
    ----------
    weights, fade, persistence : arrays (K,)
    common_mean (K, D), common_covariance (K, D, D) : arrays
        Posterior of (m, F[first_year] ... F[last_year]); log growth a year.
    common_shock : float
        Standard deviation of the yearly innovation of F after last_year.
    tail : float
        Degrees of freedom of the own yearly shocks (Student's t truncated at 8 scales, scaled to their standard deviation); infinity: normal.
    same_place, between_places : float
        Correlation of the own yearly shocks of one place's series, and of all places.
    break_chance, break_scale : float
        Chance in each year that a series' own passing deviation is drawn anew, and how many times as wide as usual.
    kin : str
        The family that a series with nodes of its own belongs to (forecast/history_beliefs.py); empty for all others.
    """

    family: str
    first_year: int
    last_year: int
    weights: Floats
    fade: Floats
    persistence: Floats
    common_mean: Floats
    common_covariance: Floats
    common_shock: float
    tail: float = float("inf")
    same_place: float = 0.0
    between_places: float = 0.0
    break_chance: float = 0.0
    break_scale: float = 2.0
    kin: str = ""

    @property
    def known_as(self) -> str:
        """Name of the family that it is, or that its one series belongs to."""
        return self.kin or self.family


@dataclass(frozen=True, eq=False)
class SeriesBelief:
    """What is believed about one series, by node of its family.

    The state at the origin (trend of ln(level), lasting difference d, own passing deviation a) given the common vector c is normal
    with mean `base + slope @ c` and covariance `covariance`.

    Attributes
    ----------
    base (K, 3), slope (K, 3, D), covariance (K, 3, 3) : arrays
    own_shock, level_noise : arrays (K,)
        Standard deviation of the yearly innovation of a, and of the level noise in each year.
    """

    series: Series
    family: str
    base: Floats
    slope: Floats
    covariance: Floats
    own_shock: Floats
    level_noise: Floats

    @property
    def key(self) -> SeriesKey:
        """The series that this belief is about."""
        return self.series.key


@dataclass(frozen=True, eq=False)
class Belief:
    """The beliefs of one vintage about every series with at least one level, in the order of their keys; `nations` are places.

    `siblings` is what series of unknown family say together, by measure (forecast/siblings.py).
    """

    vintage: str
    families: MappingProxyType[str, FamilyBelief]
    series: tuple[SeriesBelief, ...]
    priors: MappingProxyType[str, FamilyPrior] = field(repr=False)
    nations: frozenset[str] = frozenset()
    siblings: MappingProxyType[str, Siblings] = field(default_factory=lambda: read_only({}), repr=False)

    def find(self, key: str) -> SeriesBelief | None:
        """Return the belief about 'place|measure|scope|unit', None if there is none."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, SeriesBelief]:
        return {str(one.key): one for one in self.series}

    def siblings_of(self, one: SeriesBelief) -> Siblings | None:
        """Return what the other series of its measure say of a series; None if there is none, or its family is known."""
        return self.siblings.get(measure_of(one.key))

    def family_of(self, one: SeriesBelief) -> str:
        """Name the family that a series belongs to, also where it has nodes of its own."""
        return self.families[one.family].known_as


def believe(catalogue: Catalogue, known_by: str = "9999-12-31", *, long_run_factor: float = 1.0) -> Belief:
    """Form the beliefs of a vintage from the facts published by then.

    Parameters
    ----------
    catalogue : Catalogue
    known_by : str
        The date (YYYY-MM-DD) that cuts the facts, for the series and for the pool alike.
    long_run_factor : float
        Multiplies the uncertainty of the long-run mean: 0.5 and 2 show what hangs on that prior.
    """
    known = catalogue.known_by(known_by)
    series = reconstruct(known)
    family_of = known.measures.set_index("measure")["family"].to_dict()
    nations = frozenset(known.places.loc[known.places["kind"] == "nation", "place"])
    families: dict[str, FamilyBelief] = {}
    beliefs: list[SeriesBelief] = []
    priors = {name: prior.with_long_run_sd(long_run_factor) for name, prior in PRIORS.items()}
    for name in sorted({family_of[s.key.measure] for s in series}):
        prior = priors[name]
        members = [s for s in series if family_of[s.key.measure] == name]
        pooled = pool(members, nations, prior)
        families[name] = family_belief(pooled, prior)
        beliefs += [series_belief(members[number], said, pooled) for number, said in pooled.members()]
    ordered = tuple(sorted(beliefs, key=lambda one: one.key))
    siblings = siblings_by_measure(one.series for one in ordered if one.family == UNKNOWN_FAMILY)
    return Belief(known_by, MappingProxyType(families), ordered, MappingProxyType(priors), nations, read_only(siblings))


def family_belief(pooled: PooledFamily, prior: FamilyPrior) -> FamilyBelief:
    """Express a pooled family as arrays over its nodes."""
    return FamilyBelief(
        pooled.family,
        pooled.first_year,
        pooled.last_year,
        pooled.weights,
        pooled.nodes.fade,
        pooled.nodes.persistence,
        pooled.common_mean,
        pooled.common_covariance,
        prior.common_shock,
        prior.tail,
        SAME_PLACE_CORRELATION,
    )


def series_belief(series: Series, said: Elimination, pooled: PooledFamily) -> SeriesBelief:
    """Express what the pool knows about one of its series, by what that says, as arrays over the nodes."""
    return SeriesBelief(series, pooled.family, said.base, said.slope, said.covariance, said.own_shock, said.level_noise)
