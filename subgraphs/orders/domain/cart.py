"""Carts: how much fits in, what it costs, what stands between a line and an order. Amounts are whole minor units.

There is nothing to round: a line costs its price times its quantity, a cart the sum of its lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.errors import UserError
from shared.money import Money
from subgraphs.orders.domain.errors import OrderErrorCode
from subgraphs.orders.domain.references import ProductVariant

MAX_LINES = 100
MAX_QUANTITY = 999
MAX_TOTAL_MINOR = 99_999_999  # eight digits: as much as a card payment can carry


class CartLineProblemCode(StrEnum):
    """The kinds of problem of a cart's line."""

    NO_LONGER_SOLD = "NO_LONGER_SOLD"
    PRICE_CHANGED = "PRICE_CHANGED"
    INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"


@dataclass(frozen=True, slots=True)
class CartLineProblem:
    """Something that stands between a line and an order."""

    code: CartLineProblemCode
    message: str


@dataclass(frozen=True, slots=True)
class CartLine:
    """A variant in a cart. ``available`` is None while nothing is known of its stock, which is no problem."""

    id: UUID
    variant: ProductVariant
    quantity: int
    title: str
    sku: str
    unit_price: Money
    seen_price: Money
    is_sold: bool
    available: int | None

    @property
    def total(self) -> Money:
        """What the line costs now."""
        return self.unit_price.times(self.quantity)

    @property
    def problems(self) -> list[CartLineProblem]:
        """What stands between this line and an order. For what is no longer sold nothing else matters."""
        if not self.is_sold:
            return [CartLineProblem(CartLineProblemCode.NO_LONGER_SOLD, f"{self.title} is no longer sold; remove it.")]
        return [*self._price_problems(), *self._stock_problems()]

    def _price_problems(self) -> list[CartLineProblem]:
        if self.unit_price == self.seen_price:
            return []
        message = (
            f"{self.title} costs {self.unit_price.amount} {self.unit_price.currency} now instead of"
            f" {self.seen_price.amount} {self.seen_price.currency}; set its quantity again to agree."
        )
        return [CartLineProblem(CartLineProblemCode.PRICE_CHANGED, message)]

    def _stock_problems(self) -> list[CartLineProblem]:
        if self.available is None or self.quantity <= self.available:
            return []
        left = f"Only {self.available} of {self.title} can be had; lower the quantity."
        message = left if self.available else f"{self.title} is out of stock; remove it."
        return [CartLineProblem(CartLineProblemCode.INSUFFICIENT_STOCK, message)]


@dataclass(frozen=True, slots=True)
class Cart:
    """What a buyer means to buy, oldest line first."""

    id: UUID
    owner_id: UUID | None
    lines: Sequence[CartLine]
    is_ordered: bool
    created_at: datetime

    @property
    def total_quantity(self) -> int:
        """How many pieces it holds."""
        return sum(line.quantity for line in self.lines)

    @property
    def currencies(self) -> list[str]:
        """The currencies of its prices: one, unless the shop changed a variant's currency since."""
        return sorted({line.unit_price.currency for line in self.lines})

    @property
    def total(self) -> Money | None:
        """What all of it costs now; None when it is empty, or holds prices that can't be added."""
        if len(self.currencies) != 1:
            return None
        return Money(sum(line.total.minor for line in self.lines), self.currencies[0])


def quantity_error(quantity: int, *field: str) -> UserError | None:
    """The mistake in a line's quantity, if it is one."""
    if 1 <= quantity <= MAX_QUANTITY:
        return None
    message = f"A line holds 1 to {MAX_QUANTITY} pieces, not {quantity}."
    return UserError(OrderErrorCode.QUANTITY_OUT_OF_RANGE, message, field)


def count_error(count: int, field: str) -> UserError | None:
    """The mistake in how many lines one operation names, if it is one."""
    if 1 <= count <= MAX_LINES:
        return None
    return UserError(OrderErrorCode.INVALID, f"Name 1 to {MAX_LINES} lines, not {count}.", (field,))


def fullness_error(count: int) -> UserError | None:
    """The mistake of putting more lines into a cart than it can hold."""
    if count <= MAX_LINES:
        return None
    return UserError(OrderErrorCode.CART_FULL, f"A cart holds at most {MAX_LINES} lines; remove some first.", ("lines",))
