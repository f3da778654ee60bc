"""What is rejected of carts, with the facts of it. How each looks on the wire is told by the entrypoints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import Rejection, Rejections


@dataclass(eq=False)
class CartNotFound(Rejection):
    """There is no such cart, or it expired, or it is somebody else's."""


@dataclass(eq=False)
class CartAlreadyOrdered(Rejection):
    """What is in the cart is an order now."""


@dataclass(eq=False)
class CartFull(Rejection):
    """A cart would hold more lines than it can."""


@dataclass(eq=False)
class VariantNotSold(Rejection):
    """The catalogue has no such variant, or sells it no longer: the one of the wanted ones at ``index``."""

    index: int


@dataclass(eq=False)
class CartLineNotFound(Rejection):
    """The cart has no such line: the one of the named ones at ``index``."""

    index: int


@dataclass(eq=False)
class TooManyUnits(Rejection):
    """With the wanted units at ``index`` a line would hold ``quantity`` units, which is more than it can."""

    index: int
    quantity: int


@dataclass(eq=False)
class LineInOtherCurrency(Rejection):
    """The wanted variant at ``index`` is sold in another currency than the cart's."""

    index: int
    currency: str
    cart_currency: str


@dataclass(eq=False)
class CartsInSeveralCurrencies(Rejection):
    """Two carts can't become one, since their prices are in these currencies."""

    currencies: Sequence[str]


def require_none(rejections: Iterable[Rejection]) -> None:
    """Passes when there are no rejections. Raises Rejections, all of them at once."""
    made = [*rejections]
    if made:
        raise Rejections(*made)
