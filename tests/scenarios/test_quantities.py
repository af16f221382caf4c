"""Distributions against their definitions: distribution functions of scipy.stats, means by quadrature, ends, and what is refused."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pydantic import ValidationError
from scipy import integrate, stats

from scenarios.quantities import (
    CUT,
    DISTRIBUTIONS,
    Beta,
    Constant,
    Discrete,
    Lognormal,
    Normal,
    Pert,
    Quantity,
    Triangular,
    Uniform,
)  # fmt: skip

NUMBERS = st.floats(-1e6, 1e6)
SPREADS = st.floats(1e-3, 1e3)
SHARES = st.floats(0, 1)


@st.composite
def rising(draw: st.DrawFn, count: int) -> tuple[float, ...]:
    """Numbers in order, some of them equal; ends apart by far more than the rounding of a number of this size."""
    low, width = draw(NUMBERS), draw(SPREADS)
    return tuple(
        low + width * share for share in [0.0, *sorted(draw(st.lists(SHARES, min_size=count - 2, max_size=count - 2))), 1.0]
    )


@st.composite
def discrete(draw: st.DrawFn) -> Discrete:
    values = sorted(draw(st.lists(NUMBERS, min_size=1, max_size=6, unique=True)))
    weights = np.array(draw(st.lists(st.floats(0.01, 1), min_size=len(values), max_size=len(values))))
    return Discrete(discrete=tuple(zip(values, map(float, weights / weights.sum()), strict=True)))


SHAPES = st.floats(0.05, 500)
QUANTITIES: dict[str, st.SearchStrategy[Quantity]] = {
    "normal": st.builds(lambda mean, sd: Normal(normal=(mean, sd)), NUMBERS, SPREADS),
    "lognormal": st.builds(lambda median, sd: Lognormal(lognormal=(median, sd)), st.floats(1e-6, 1e6), st.floats(1e-3, 5)),
    "triangular": st.builds(lambda values: Triangular(triangular=values), rising(3)),
    "pert": st.builds(lambda values: Pert(pert=values), rising(3)),
    "uniform": st.builds(lambda values: Uniform(uniform=values), rising(2)),
    "discrete": discrete(),
    "beta": st.builds(lambda a, b: Beta(beta=(a, b)), SHAPES, SHAPES),
}
ANY = st.one_of(st.builds(lambda value: Constant(value=value), NUMBERS), *QUANTITIES.values())


def distribution_function(quantity: Quantity) -> stats.rv_continuous:
    """The same distribution as scipy has it."""
    match quantity:
        case Normal(normal=(mean, sd)):
            return stats.truncnorm(-CUT, CUT, mean, sd)
        case Lognormal(lognormal=(median, sd)):
            return stats.truncnorm(-CUT, CUT, np.log(median), sd)
        case Triangular(triangular=(low, mode, high)):
            return stats.triang((mode - low) / (high - low), low, high - low)
        case Pert(pert=(low, mode, high)):
            place = (mode - low) / (high - low)
            return stats.beta(1 + 4 * place, 5 - 4 * place, low, high - low)
        case Uniform(uniform=(low, high)):
            return stats.uniform(low, high - low)
        case Beta(beta=(a, b)):
            return stats.beta(a, b)
    raise AssertionError(quantity)


def test_every_distribution_is_tested() -> None:
    assert list(QUANTITIES) == list(DISTRIBUTIONS)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.one_of(*(one for name, one in QUANTITIES.items() if name != "discrete")), st.lists(SHARES, min_size=1, max_size=5))
def test_quantiles_invert_the_distribution_function(quantity: Quantity, shares: list[float]) -> None:
    """As a law of inverses, which also holds where a density is infinite: a little less has at most the share, a little more at least."""
    found = quantity.quantile(shares)
    scale = 1.0
    if isinstance(quantity, Lognormal):
        found, scale = np.log(found), quantity.lognormal[1]
    elif not isinstance(quantity, Beta):
        scale = quantity.ends[1] - quantity.ends[0]
    function = distribution_function(quantity).cdf
    small = 1e-8 * scale + 1e-14 * np.abs(found)
    assert (function(found - small) <= np.array(shares) + 1e-9).all()
    assert (function(found + small) >= np.array(shares) - 1e-9).all()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(ANY, st.lists(SHARES, min_size=2, max_size=20))
@example(Pert(pert=(0, 0.5, 1)), [0.0, 1e-320, 1e-200, 1e-150, 1e-100])  # NaN in SciPy 1.17
def test_quantiles_rise_between_the_ends(quantity: Quantity, shares: list[float]) -> None:
    low, high = quantity.ends
    found = quantity.quantile(sorted(shares))
    assert (np.diff(found) >= 0).all()
    assert ((found >= low) & (found <= high)).all()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(ANY)
def test_the_ends_are_reached(quantity: Quantity) -> None:
    low, high = quantity.ends
    assert_allclose(quantity.quantile([0.0, 1.0]), [low, high], rtol=1e-10, atol=1e-10 * (high - low))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(ANY)
def test_the_mean_is_that_of_the_quantiles(quantity: Quantity) -> None:
    """The midpoint rule errs by at most the range over twice the number of points, for the function rises."""
    points = 20_000
    middle = quantity.quantile((np.arange(points) + 0.5) / points).mean()
    low, high = quantity.ends
    assert abs(quantity.mean() - middle) <= (high - low) / (2 * points) + 1e-9 * max(abs(low), abs(high))


@pytest.mark.parametrize("sd", [0.05, 0.4, 1.0, 2.5])
def test_the_mean_of_a_cut_lognormal_is_its_integral(sd: float) -> None:
    whole = stats.norm.cdf(CUT) - stats.norm.cdf(-CUT)
    integral, _ = integrate.quad(lambda z: 7 * np.exp(sd * z) * stats.norm.pdf(z) / whole, -CUT, CUT, epsabs=0, epsrel=1e-11)
    assert_allclose(Lognormal(lognormal=(7, sd)).mean(), integral, rtol=1e-10)


def test_draws_have_the_distribution() -> None:
    """Kolmogorov-Smirnov at 0.001 each, seed fixed: the error of the first kind of all six is at most 0.006."""
    uniforms = np.random.default_rng(11).random(4000)
    for quantity in (
        Normal(normal=(0.4, 0.15)), Triangular(triangular=(1, 3, 6)), Pert(pert=(1, 2, 9)), Uniform(uniform=(-1, 4)),
        Beta(beta=(7, 3)), Beta(beta=(0.5, 0.5)),
    ):  # fmt: skip
        assert stats.kstest(quantity.quantile(uniforms), distribution_function(quantity).cdf).pvalue > 0.001


def test_discrete_values_come_as_often_as_said() -> None:
    quantity = Discrete(discrete=((-8, 0.25), (0, 0.5), (3, 0.25)))
    assert quantity.quantile([0, 0.2, 0.25, 0.26, 0.75, 0.76, 1]).tolist() == [-8, -8, -8, 0, 0, 3, 3]
    assert quantity.mean() == -1.25


@pytest.mark.parametrize(
    "quantity",
    [
        Constant(value=3), Normal(normal=(3, 0)), Lognormal(lognormal=(3, 0)), Triangular(triangular=(3, 3, 3)), Pert(pert=(3, 3, 3)),
        Uniform(uniform=(3, 3)), Discrete(discrete=((3, 1),)),
    ],
)  # fmt: skip
def test_a_distribution_of_one_value_is_that_value(quantity: Quantity) -> None:
    assert_allclose(quantity.quantile(np.linspace(0, 1, 7)), 3, rtol=1e-15)
    assert quantity.mean() == pytest.approx(3, rel=1e-15)
    assert quantity.ends == (3, 3)


def test_a_mode_may_be_an_end() -> None:
    assert_allclose(Triangular(triangular=(0, 0, 2)).quantile([0, 0.75, 1]), [0, 1, 2])
    assert_allclose(Triangular(triangular=(0, 2, 2)).quantile([0, 0.25, 1]), [0, 1, 2])
    assert_allclose(Pert(pert=(0, 0, 1)).quantile([1 - 0.5**5]), [0.5])  # the density is 5 (1 - x)^4


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_quantiles_have_the_shape_of_the_shares(shape: tuple[int, ...]) -> None:
    for quantity in (Constant(value=1), Triangular(triangular=(1, 3, 6)), Discrete(discrete=((1, 0.5), (2, 0.5)))):
        assert quantity.quantile(np.full(shape, 0.3)).shape == shape


@pytest.mark.parametrize("share", [-1e-9, 1.0000001, np.nan, np.inf])
def test_a_share_outside_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="within 0 to 1"):
        Normal(normal=(0, 1)).quantile([0.5, share])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("normal", [0, -1]),
        ("normal", [0]),
        ("normal", [0, 1, 2]),
        ("normal", [0, float("nan")]),
        ("normal", [0, float("inf")]),
        ("normal", [0, "1"]),
        ("normal", [0, True]),
        ("normal", [10**400, 1]),
        ("normal", 3),
        ("lognormal", [0, 1]),
        ("lognormal", [-1, 1]),
        ("lognormal", [1, -0.1]),
        ("lognormal", [1, 5.1]),
        ("triangular", [1, 0, 2]),
        ("triangular", [1, 3, 2]),
        ("pert", [1, 0, 2]),
        ("pert", [3, 2, 1]),
        ("uniform", [2, 1]),
        ("discrete", []),
        ("discrete", [[1, 0.5]]),
        ("discrete", [[1, 0.5], [2, 0.6]]),
        ("discrete", [[1, 0], [2, 1]]),
        ("discrete", [[1, -0.5], [2, 1.5]]),
        ("discrete", [[1, 0.5], [1, 0.5]]),
        ("discrete", [[2, 0.5], [1, 0.5]]),
        ("discrete", [1, 2]),
        ("beta", [0, 1]),
        ("beta", [1, 0.01]),
        ("beta", [1, 20_000]),
    ],
)
def test_what_is_no_distribution_is_refused(name: str, arguments: object) -> None:
    with pytest.raises(ValidationError):
        DISTRIBUTIONS[name].model_validate({name: arguments})
