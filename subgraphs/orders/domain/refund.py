"""Refunds: how much of an order can be refunded, and for what."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import Rejection
from shared.ids import derived_id
from shared.money import Money
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.rejections import (
    LineNotFound,
    MoneyNotTaken,
    NothingLeftToRefund,
    NotRefundable,
    OtherCurrency,
    TooManyUnitsToRefund,
    TooMuchToRefund,
)
from subgraphs.orders.domain.units import Units

_REFUNDABLE = frozenset(
    {OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.DELIVERED}
)


class RefundSource(StrEnum):
    """Who gave the money back."""

    REQUESTED = "REQUESTED"
    CANCELLATION = "CANCELLATION"
    PROVIDER = "PROVIDER"
    DISPUTE = "DISPUTE"


class RefundStatus(StrEnum):
    """What became of a refund."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that is refunded, and the units that it is for, if it is for units: then it may be no money.

    ``times_back`` is how often the money came back. ``has_settled_units``: what becomes of its units is done already.
    ``paid_outside``: how the shop has paid it outside of the provider.
    """

    id: UUID
    order_id: UUID
    amount_minor: int
    reason: str
    is_restocking: bool
    units: Sequence[Units]
    source: RefundSource = RefundSource.REQUESTED
    times_back: int = 0
    has_settled_units: bool = False
    paid_outside: str | None = None


@dataclass(frozen=True, slots=True)
class GivenRefund:
    """A refund of which payments tells that it failed."""

    id: UUID
    status: RefundStatus
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What staff want refunded: units, or an amount, or neither for all that is left."""

    order_id: UUID
    units: Sequence[Units]
    amount: Money | None
    is_restocking: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RefundableLine:
    """A line of an order, and how many of its units are not refunded yet, nor about to be."""

    id: UUID
    unit_price_minor: int
    left: int


@dataclass(frozen=True, slots=True)
class Refundable:
    """An order as far as refunds go. ``given_minor`` counts what was refunded and what is being refunded.

    ``disputed_minor`` is what the buyer's bank took back and has not decided on.
    """

    status: OrderStatus
    is_captured: bool
    currency: str
    total_minor: int
    given_minor: int
    lines: Sequence[RefundableLine]
    disputed_minor: int = 0

    @property
    def left_minor(self) -> int:
        """How much can still be refunded."""
        return max(self.total_minor - self.given_minor - self.disputed_minor, 0)

    @property
    def left(self) -> Money:
        """The same with its currency."""
        return Money(self.left_minor, self.currency)

    @property
    def has_units(self) -> bool:
        """Whether units are left that no refund is for."""
        return any(line.left > 0 for line in self.lines)

    @property
    def is_with_the_bank(self) -> bool:
        """Whether nothing can be refunded before the buyer's bank has decided on what it took."""
        return self.disputed_minor > 0 and self.left_minor == 0


def cancellation_id(order_id: UUID, attempt: int) -> UUID:
    """The id of the refund by which an attempt at an order is undone."""
    return derived_id(order_id, f"cancellation:{attempt}")


def plan_refund(refund_id: UUID, request: RefundRequest, order: Refundable) -> Refund:
    """What is refunded.

    Raises:
        NotRefundable, MoneyNotTaken, NothingLeftToRefund, OtherCurrency, TooMuchToRefund, LineNotFound,
        TooManyUnitsToRefund
    """
    check_refundable(order)
    if request.amount:
        return _refund(refund_id, request, _checked_amount(request.amount, order), ())
    if request.units:
        return _refund(refund_id, request, _worth(request.units, order), request.units)
    left = [Units(line.id, line.left) for line in order.lines if line.left > 0]
    return _refund(refund_id, request, order.left_minor, left)


def _refund(refund_id: UUID, request: RefundRequest, amount_minor: int, units: Sequence[Units]) -> Refund:
    return Refund(refund_id, request.order_id, amount_minor, request.reason, request.is_restocking, units)


def check_refundable(order: Refundable) -> None:
    """Makes sure that something of an order's money can be refunded now, or that units are left to be closed without
    any.

    Raises:
        NotRefundable, MoneyNotTaken, NothingLeftToRefund
    """
    is_refunded_with_units = order.status is OrderStatus.REFUNDED and order.has_units
    if not may_be_refunded(order.status) and not is_refunded_with_units:
        raise NotRefundable(order.status)
    if not order.is_captured:
        raise MoneyNotTaken(order.status)
    if order.left_minor == 0 and (order.disputed_minor or not order.has_units):
        raise NothingLeftToRefund(is_disputed=order.disputed_minor > 0)


def can_be_refunded(order: Refundable) -> bool:
    """Whether something of an order's money can be refunded now."""
    try:
        check_refundable(order)
    except Rejection:
        return False
    return order.left_minor > 0


def may_be_refunded(status: OrderStatus) -> bool:
    """Whether money of an order with this status can be refunded."""
    return status in _REFUNDABLE


def _checked_amount(amount: Money, order: Refundable) -> int:
    if amount.currency != order.currency:
        raise OtherCurrency(order.currency)
    if amount.minor > order.left_minor:
        raise _too_much(order)
    return amount.minor


def _worth(units: Sequence[Units], order: Refundable) -> int:
    """Their price, or what is left of the order's money, some of which was refunded as an amount. A bank gives its part
    back.
    """
    price_minor = _price(units, order)
    if order.disputed_minor and price_minor > order.left_minor:
        raise _too_much(order)
    return min(price_minor, order.left_minor)


def _price(units: Sequence[Units], order: Refundable) -> int:
    lines = {line.id: line for line in order.lines}
    for its in units:
        line = lines.get(its.line_id)
        if line is None:
            raise LineNotFound(its.line_id)
        if its.quantity > line.left:
            raise TooManyUnitsToRefund(its.line_id, line.left)
    return sum(lines[its.line_id].unit_price_minor * its.quantity for its in units)


def _too_much(order: Refundable) -> TooMuchToRefund:
    return TooMuchToRefund(order.left, is_disputed=order.disputed_minor > 0)
