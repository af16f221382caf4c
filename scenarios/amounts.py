"""The quantities of a scenario's terms as amounts that are drawn: their units, and the address of their draws."""

from dataclasses import dataclass
from math import log

import numpy as np

from forecast.series import Floats
from scenarios.plan import Amount
from scenarios.quantities import Quantity
from scenarios.terms import Term


@dataclass(frozen=True)
class Scaled:
    """The quantile function of a quantity in other units, and not below a floor."""

    quantity: Quantity
    factor: float = 1.0
    floor: float = -np.inf

    def __call__(self, uniforms: Floats) -> Floats:
        """Return quantiles; shape as `uniforms`."""
        return np.maximum(self.factor * self.quantity.quantile(uniforms), self.floor)


@dataclass(frozen=True)
class LogOver:
    """The quantile function of ln of a quantity over its median."""

    quantity: Quantity

    def __call__(self, uniforms: Floats) -> Floats:
        """Return quantiles; shape as `uniforms`."""
        return np.log(self.quantity.quantile(uniforms)) - log(middle(self.quantity))


def address(term: Term, field: str) -> str:
    """Return the address of the draws of an amount: the same for terms about the same thing, in whatever scenario."""
    return "|".join([*map(written, term.subject), field])


def written(part: object) -> str:
    """Write what a term is about, without regard to the order of names."""
    if isinstance(part, frozenset):
        return ",".join(sorted(part))
    return "-".join(map(str, part)) if isinstance(part, tuple) else str(part)


def amount_of(term: Term, field: str, factor: float = 1.0, floor: float = -np.inf) -> Amount:
    """Return an amount of a term in other units."""
    quantity: Quantity = getattr(term, field)
    if quantity.is_certain:
        return Amount(address(term, field), max(factor * quantity.ends[0], floor))
    return Amount(address(term, field), Scaled(quantity, factor, floor))


def is_zero(amount: Amount) -> bool:
    """Tell whether an amount is 0 in every draw."""
    return amount.is_fixed and amount.quantile == 0.0


def values_of(amount: Amount, uniforms: Floats) -> Floats:
    """Return the quantiles of an amount; shape as `uniforms`."""
    return amount.quantile(uniforms) if callable(amount.quantile) else np.full(uniforms.shape, amount.quantile)


def median(amount: Amount) -> float:
    """Return the middle of an amount."""
    return float(values_of(amount, np.array([0.5]))[0])


def middle(quantity: Quantity) -> float:
    """Return the median of a quantity."""
    return quantity.ends[0] if quantity.is_certain else float(quantity.quantile(np.array([0.5]))[0])
