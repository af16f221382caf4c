"""A number or a distribution, as a scenario states it: `3`, `{triangular: [1, 3, 6]}`, `{normal: [0.4, 0.15]}`.

Every distribution has ends, so that what a field allows is allowed of all its values: normal and lognormal are cut at four standard deviations,
beyond which 6 in 100,000 would lie.
"""

from abc import abstractmethod
from itertools import pairwise
from math import exp
from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from scipy.special import betaincinv, ndtr, ndtri

from data.sentences import Sentence, phrased
from forecast.series import Floats

LARGEST = 1e15
CUT = 4.0  # standard deviations
BEYOND = float(ndtr(-CUT))
SMALLEST_SHAPE, LARGEST_SHAPE = 0.05, 1e4  # of a beta distribution


def number(value: object) -> float:
    """Take a finite number; text and true or false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:  # NaN is refused too
        raise PydanticCustomError("number", "a number is allowed, in size up to 1e15")
    return float(value)


Number = Annotated[float, PlainValidator(number), WithJsonSchema({"type": "number", "minimum": -LARGEST, "maximum": LARGEST})]


class Quantity(BaseModel):
    """A number or a distribution; `arguments` says how a file states it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    arguments: ClassVar[Sentence]

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if not self.possible():
            raise PydanticCustomError("arguments", "what is allowed stands in `arguments`")
        return self

    @abstractmethod
    def possible(self) -> bool:
        """Tell whether the arguments make a distribution."""

    @property
    @abstractmethod
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value."""

    @property
    def is_certain(self) -> bool:
        """Whether there is one value only."""
        low, high = self.ends
        return low == high

    @abstractmethod
    def mean(self) -> float:
        """The mean."""

    @abstractmethod
    def inverse(self, uniforms: Floats) -> Floats:
        """The quantile function, but for rounding at the ends."""

    def quantile(self, uniforms: ArrayLike) -> Floats:
        """Return the value below which each share of the distribution lies; shape as `uniforms`, rising with them.

        Raises
        ------
        ValueError
            If a share is not within 0 to 1.
        """
        shares = np.asarray(uniforms, dtype=float)
        if not ((shares >= 0) & (shares <= 1)).all():
            raise ValueError("uniforms must be within 0 to 1")
        return np.clip(self.inverse(shares), *self.ends)


class Constant(Quantity):
    """A number that is certain."""

    arguments: ClassVar[Sentence] = phrased("a number")
    value: Number

    def possible(self) -> bool:
        """Every number is."""
        return True

    @property
    def ends(self) -> tuple[float, float]:
        """The number, twice."""
        return self.value, self.value

    def mean(self) -> float:
        """The number."""
        return self.value

    def inverse(self, uniforms: Floats) -> Floats:
        """The number, whatever the share."""
        return np.full(uniforms.shape, self.value)


class Normal(Quantity):
    """{normal: [mean, sd]}, cut at four standard deviations."""

    arguments: ClassVar[Sentence] = phrased("[mean, sd] with an sd of 0 or more")
    normal: tuple[Number, Number]

    def possible(self) -> bool:
        """A standard deviation is not negative."""
        return self.normal[1] >= 0

    @property
    def ends(self) -> tuple[float, float]:
        """Four standard deviations below and above the mean."""
        mean, sd = self.normal
        return mean - CUT * sd, mean + CUT * sd

    def mean(self) -> float:
        """The mean; the cut is the same on both sides."""
        return self.normal[0]

    def inverse(self, uniforms: Floats) -> Floats:
        """Inverse of the cut normal distribution function."""
        mean, sd = self.normal
        return mean + sd * cut_normal(uniforms)


class Lognormal(Quantity):
    """{lognormal: [median, sd of the logarithm]}, cut at four standard deviations."""

    arguments: ClassVar[Sentence] = phrased("[median, sd of the logarithm] with a median above 0 and an sd from 0 to 5")
    lognormal: tuple[Number, Number]

    def possible(self) -> bool:
        """The median is positive; a larger spread leads beyond all numbers."""
        median, sd = self.lognormal
        return median > 0 and 0 <= sd <= 5

    @property
    def ends(self) -> tuple[float, float]:
        """The median divided and multiplied by the exponential of four standard deviations."""
        median, sd = self.lognormal
        return median * exp(-CUT * sd), median * exp(CUT * sd)

    def mean(self) -> float:
        """The mean of the cut distribution (Johnson, Kotz and Balakrishnan 1994, chapter 14)."""
        median, sd = self.lognormal
        return median * exp(sd**2 / 2) * float(ndtr(CUT - sd) - ndtr(-CUT - sd)) / (1 - 2 * BEYOND)

    def inverse(self, uniforms: Floats) -> Floats:
        """The median times the exponential of a cut normal."""
        median, sd = self.lognormal
        return median * np.exp(sd * cut_normal(uniforms))


def cut_normal(uniforms: Floats) -> Floats:
    """Quantiles of the standard normal cut at four standard deviations."""
    return np.asarray(ndtri(BEYOND + uniforms * (1 - 2 * BEYOND)))


def beta_quantile(a: float, b: float, uniforms: Floats) -> Floats:
    """Quantiles of the beta distribution; for shares below some 1e-150, which nobody draws, SciPy 1.17 has NaN."""
    return np.asarray(betaincinv(a, b, np.where(uniforms > 0, np.maximum(uniforms, 1e-30), 0.0)))


class Triangular(Quantity):
    """{triangular: [low, mode, high]}."""

    arguments: ClassVar[Sentence] = phrased("[low, mode, high] with low <= mode <= high")
    triangular: tuple[Number, Number, Number]

    def possible(self) -> bool:
        """The mode lies between the ends."""
        low, mode, high = self.triangular
        return low <= mode <= high

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high."""
        return self.triangular[0], self.triangular[2]

    def mean(self) -> float:
        """A third of the sum."""
        return sum(self.triangular) / 3

    def inverse(self, uniforms: Floats) -> Floats:
        """From the low end below the mode, from the high end above it."""
        low, mode, high = self.triangular
        rise, fall, width = mode - low, high - mode, high - low
        below = low + np.sqrt(uniforms * rise) * np.sqrt(width)
        above = high - np.sqrt((1 - uniforms) * fall) * np.sqrt(width)
        return np.asarray(np.where(uniforms * width <= rise, below, above))


class Pert(Quantity):
    """{pert: [low, mode, high]}: smooth, the mode weighs four times as much as an end (Malcolm and others 1959)."""

    arguments: ClassVar[Sentence] = phrased("[low, mode, high] with low <= mode <= high")
    pert: tuple[Number, Number, Number]

    def possible(self) -> bool:
        """The mode lies between the ends."""
        low, mode, high = self.pert
        return low <= mode <= high

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high."""
        return self.pert[0], self.pert[2]

    def mean(self) -> float:
        """A sixth of low, four times the mode, and high."""
        low, mode, high = self.pert
        return (low + 4 * mode + high) / 6

    def inverse(self, uniforms: Floats) -> Floats:
        """A beta distribution between the ends with shapes 1 + 4 (mode - low) / width and 1 + 4 (high - mode) / width."""
        low, mode, high = self.pert
        width = high - low
        place = (mode - low) / width if width else 0.5
        return low + width * beta_quantile(1 + 4 * place, 1 + 4 * (1 - place), uniforms)


class Uniform(Quantity):
    """{uniform: [low, high]}."""

    arguments: ClassVar[Sentence] = phrased("[low, high] with low <= high")
    uniform: tuple[Number, Number]

    def possible(self) -> bool:
        """The ends stand in their order."""
        low, high = self.uniform
        return low <= high

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high."""
        return self.uniform

    def mean(self) -> float:
        """The middle."""
        return sum(self.uniform) / 2

    def inverse(self, uniforms: Floats) -> Floats:
        """A straight line."""
        low, high = self.uniform
        return low + (high - low) * uniforms


class Discrete(Quantity):
    """{discrete: [[value, probability], ...]}."""

    arguments: ClassVar[Sentence] = phrased(
        "[[value, probability], ...] with rising values and probabilities above 0 that add up to 1"
    )
    discrete: tuple[tuple[Number, Number], ...]

    def possible(self) -> bool:
        """Every value stands once, and the probabilities are all there is."""
        values, probabilities = [value for value, _ in self.discrete], [probability for _, probability in self.discrete]
        rising = all(before < after for before, after in pairwise(values))
        return rising and min(probabilities, default=-1.0) > 0 and abs(sum(probabilities) - 1) <= 1e-6

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value."""
        return self.discrete[0][0], self.discrete[-1][0]

    def mean(self) -> float:
        """The values weighted by their probabilities."""
        values, probabilities = np.array(self.discrete).T
        return float(np.average(values, weights=probabilities))

    def inverse(self, uniforms: Floats) -> Floats:
        """The first value up to which the probabilities add up to the share."""
        values, probabilities = np.array(self.discrete).T
        reached = np.cumsum(probabilities[:-1]) / probabilities.sum()
        return np.asarray(values[np.searchsorted(reached, uniforms, side="left")])


class Beta(Quantity):
    """{beta: [a, b]} on 0 to 1, with mean a / (a + b)."""

    arguments: ClassVar[Sentence] = phrased("[a, b], each from {least:g} to {most:g}", least=SMALLEST_SHAPE, most=LARGEST_SHAPE)
    beta: tuple[Number, Number]

    def possible(self) -> bool:
        """Shapes beyond these have no quantiles that can be relied on."""
        return all(SMALLEST_SHAPE <= shape <= LARGEST_SHAPE for shape in self.beta)

    @property
    def ends(self) -> tuple[float, float]:
        """0 and 1."""
        return 0.0, 1.0

    def mean(self) -> float:
        """The share of a."""
        return self.beta[0] / sum(self.beta)

    def inverse(self, uniforms: Floats) -> Floats:
        """Inverse of the regularised incomplete beta function."""
        return beta_quantile(*self.beta, uniforms)


DISTRIBUTIONS: dict[str, type[Quantity]] = {
    "normal": Normal, "lognormal": Lognormal, "triangular": Triangular, "pert": Pert, "uniform": Uniform, "discrete": Discrete, "beta": Beta,
}  # fmt: skip
