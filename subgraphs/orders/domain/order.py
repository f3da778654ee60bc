"""Orders: which status may follow which, their numbers, and what of them is frozen."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from subgraphs.orders.domain.guest import Guest


class OrderStatus(StrEnum):
    """What becomes of an order."""

    PENDING = "PENDING"
    AWAITING_PAYMENT_ACTION = "AWAITING_PAYMENT_ACTION"
    CONFIRMED = "CONFIRMED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"


# The one table of status transitions: whoever changes a status goes by it, and the database is asked to change only
# from these.
TRANSITIONS: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset(
        {OrderStatus.AWAITING_PAYMENT_ACTION, OrderStatus.CONFIRMED, OrderStatus.CANCELLING, OrderStatus.CANCELLED}
    ),
    # Back to PENDING once the buyer has acted: the rest is the shop's.
    OrderStatus.AWAITING_PAYMENT_ACTION: frozenset(
        {OrderStatus.PENDING, OrderStatus.CANCELLING, OrderStatus.CANCELLED}
    ),
    OrderStatus.CONFIRMED: frozenset(
        {OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.CANCELLING, OrderStatus.REFUNDED}
    ),
    OrderStatus.PARTIALLY_SHIPPED: frozenset({OrderStatus.SHIPPED, OrderStatus.REFUNDED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED, OrderStatus.REFUNDED}),
    OrderStatus.DELIVERED: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.CANCELLING: frozenset({OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.PENDING}),  # it came to nothing, and its buyer pays again
    OrderStatus.REFUNDED: frozenset(),
}

# The one way back, which no saga goes: money that was refunded comes back, and the buyer is owed it.
TRANSITIONS_BACK: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.REFUNDED: frozenset(
        {OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.DELIVERED}
    ),
}


class Actor(StrEnum):
    """Who changed an order: its buyer, somebody who works for the shop, or the shop's own rules."""

    BUYER = "BUYER"
    STAFF = "STAFF"
    SHOP = "SHOP"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks for something; ``is_staff`` when the token's scopes allow it for any order.

    ``user_id`` is their account, ``guest_id`` whose they are as the holder of an order's token; they may have neither.
    """

    user_id: UUID | None
    is_staff: bool
    guest_id: UUID | None = None

    def may_see(self, order: "Order") -> bool:
        """Whether an order exists for them."""
        return self.is_staff or self.is_buyer_of(order)

    def is_buyer_of(self, order: "Order") -> bool:
        """Whether it is their own: their account's, or the one that their token opens."""
        return _is_same(self.user_id, order.customer_id) or _is_same(self.guest_id, order.guest_id)

    def acting_on(self, order: "Order") -> Actor:
        """As whom they act on an order."""
        return Actor.BUYER if self.is_buyer_of(order) else Actor.STAFF


def _is_same(one: UUID | None, other: UUID | None) -> bool:
    """Whether both are there and equal; how long that takes tells nothing."""
    return one is not None and other is not None and secrets.compare_digest(one.bytes, other.bytes)


def may_become(before: OrderStatus, after: OrderStatus) -> bool:
    """Whether an order may have the second status after the first."""
    return after in TRANSITIONS[before] or after in TRANSITIONS_BACK.get(before, ())


def statuses_before(status: OrderStatus) -> list[OrderStatus]:
    """The statuses that may have this one after them."""
    return [before for before, followers in TRANSITIONS.items() if status in followers]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something becomes of an order, and whose doing it is: what its history tells."""

    reason: str
    actor: Actor
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order as changes of it see it: while it is locked, nobody else changes it. Amounts are in the currency's minor
    unit.
    """

    id: UUID
    customer_id: UUID | None
    status: OrderStatus
    currency: str
    total_minor: int
    refunded_minor: int
    is_captured: bool
    attempt: int
    guest_id: UUID | None = None

    @property
    def is_all_refunded(self) -> bool:
        """Whether nothing is left of its money."""
        return self.refunded_minor == self.total_minor

    @property
    def may_be_cancelled(self) -> bool:
        """Whether its status allows it to become CANCELLING."""
        return may_become(self.status, OrderStatus.CANCELLING)

    def with_status(self, status: OrderStatus) -> "Order":
        """The same order after a status transition.

        Raises:
            RuntimeError: when its status forbids that.
        """
        if not may_become(self.status, status):
            raise RuntimeError(f"order {self.id} is {self.status} and can't become {status}")
        return replace(self, status=status)


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """What was bought, at the name and price of that time."""

    id: UUID
    variant_id: UUID
    sku: str
    title: str
    quantity: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """The part of an order that never changes, but for ``attempt``: how often it was tried, from 1.

    And but for ``customer_id``: what a guest bought is nobody's account's, until one has proved to have the address.
    """

    id: UUID
    number: str
    customer_id: UUID | None
    email: str
    currency: str
    total_minor: int
    lines: Sequence[OrderedLine]
    attempt: int = 1
    guest: Guest | None = None

    @property
    def payer_id(self) -> UUID:
        """Who pays, the same for as long as the order is: the guest or the account that placed it."""
        payer = self.guest.id if self.guest else self.customer_id
        assert payer is not None, "an order has a buyer"
        return payer


# Crockford's base 32: no I, L, O and U, which people misread.
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUP = 4


def new_order_number() -> str:
    """A number that people can read out, such as "M-7K3F-9Q2X".

    It tells nothing of other orders; one in 2^40 is taken.
    """
    groups = ("".join(secrets.choice(_SYMBOLS) for _ in range(_GROUP)) for _ in range(2))
    return "-".join(("M", *groups))
