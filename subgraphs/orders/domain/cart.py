"""Carts: how much fits in, what it costs, what stands between a line and an order. Amounts are whole minor units.

There is nothing to round: a line costs its price times its quantity, a cart the sum of its lines. The rule for the day
when something is divided is in docs/architecture/money.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.money import Money
from subgraphs.orders.domain.cart_problems import (
    Backordered,
    CartProblem,
    InsufficientStock,
    LineProblem,
    NoLongerSold,
    PriceChanged,
    SeveralCurrencies,
    TotalTooLarge,
)
from subgraphs.orders.domain.references import ProductVariant

MAX_LINES = 100
MAX_QUANTITY = 999
MAX_TOTAL_MINOR = 99_999_999  # eight digits: as much as a card payment can carry


@dataclass(frozen=True, slots=True)
class CartLifetime:
    """After how many days without a change a cart is removed: an anonymous one, and one that has an owner."""

    anonymous_days: int = 30
    owned_days: int = 90

    def days_of(self, owner_id: UUID | None) -> int:
        """The days of this owner's carts, or of anonymous ones."""
        return self.anonymous_days if owner_id is None else self.owned_days


DEFAULT_LIFETIME = CartLifetime()


@dataclass(frozen=True, slots=True)
class Backorder:
    """What is not in stock can be ordered and follows: on ``available_from``, if that is known.

    ``remaining`` is how many more units may be ordered so; None: without limit.
    """

    available_from: date | None
    remaining: int | None = None

    def has_room_for(self, units: int) -> bool:
        """Whether so many units may be ordered that are not in stock."""
        return self.remaining is None or units <= self.remaining


@dataclass(frozen=True, slots=True)
class CartLine:
    """A variant in a cart.

    ``available`` is None while nothing is known of its stock, which is no problem; ``backorder`` is None for what
    can't be ordered while it is out of stock.
    """

    id: UUID
    variant: ProductVariant
    quantity: int
    title: str
    sku: str
    unit_price: Money
    seen_price: Money
    is_sold: bool
    available: int | None
    backorder: Backorder | None = None

    @property
    def total(self) -> Money:
        """What the line costs now."""
        return self.unit_price.times(self.quantity)

    @property
    def problems(self) -> list[LineProblem]:
        """What stands between this line and an order. For what is no longer sold nothing else matters."""
        if not self.is_sold:
            return [NoLongerSold(self.title)]
        return [*self._price_problems(), *self._stock_problems()]

    @property
    def waiting_quantity(self) -> int:
        """How many units are not in stock and would follow later; 0 for a line that can't be ordered as it is."""
        missing = self._missing
        return missing if self.backorder and self.backorder.has_room_for(missing) else 0

    @property
    def expected_from(self) -> date | None:
        """When those are expected; None when nobody knows."""
        return self.backorder.available_from if self.backorder and self.waiting_quantity else None

    @property
    def _missing(self) -> int:
        return 0 if self.available is None else max(0, self.quantity - self.available)

    def _price_problems(self) -> list[LineProblem]:
        if self.unit_price == self.seen_price:
            return []
        return [PriceChanged(self.title, self.seen_price, self.unit_price)]

    def _stock_problems(self) -> list[LineProblem]:
        if self.available is None or not self._missing:
            return []
        if self.backorder and self.waiting_quantity:
            return [Backordered(self.title, self.available, self.backorder.available_from)]
        later = self.backorder.remaining or 0 if self.backorder else 0
        return [InsufficientStock(self.title, self.available, later)]


@dataclass(frozen=True, slots=True)
class Cart:
    """What a buyer means to buy, oldest line first. ``expires_at`` is None once it was ordered."""

    id: UUID
    owner_id: UUID | None
    lines: Sequence[CartLine]
    is_ordered: bool
    created_at: datetime
    expires_at: datetime | None

    @property
    def total_quantity(self) -> int:
        """How many units it holds."""
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

    @property
    def problems(self) -> list[CartProblem]:
        """What stands between all of it and one order; that of a line is the line's."""
        if len(self.currencies) > 1:
            return [SeveralCurrencies(self.currencies)]
        if self.total and self.total.minor > MAX_TOTAL_MINOR:
            return [TotalTooLarge(Money(MAX_TOTAL_MINOR, self.total.currency))]
        return []
