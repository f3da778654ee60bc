"""Shipments: what of an order can be shipped, and what becomes of the order when it is.

A refunded unit is not shipped: of a line, as many units are left to be shipped as were ordered, less those shipped,
less those refunded. Where a line was shipped in part and then refunded in part, nobody says which units the refund is
for; it is taken to be for those that are still here. So no unit leaves that was refunded before, and never more than
was ordered. What waits can't be shipped; a refund is for units that wait before it is for those that are here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.rejections import (
    AllUnitsWait,
    AuthorizationEnded,
    FirstShipmentUndecided,
    LineNotFound,
    NotDeliverable,
    NothingLeftToShip,
    NotShippable,
    OrderHeld,
    TooManyUnitsToShip,
    UnitsWait,
)
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.units import Units

_SHIPPABLE = frozenset({OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED})


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment and what is in it. ``user_id`` is who recorded it."""

    id: UUID
    order_id: UUID
    carrier: str
    tracking_code: str | None
    units: Sequence[Units]
    user_id: UUID


@dataclass(frozen=True, slots=True)
class ShipmentRequest:
    """What staff want shipped; ``units`` is None for all that is left to be shipped."""

    order_id: UUID
    units: Sequence[Units] | None
    carrier: str
    tracking_code: str | None


@dataclass(frozen=True, slots=True)
class StoredShipment:
    """A shipment with its content, and what has become of it."""

    shipment: Shipment
    status: ShipmentStatus


@dataclass(frozen=True, slots=True)
class ShipmentState:
    """A shipment and what has become of it."""

    id: UUID
    status: ShipmentStatus


@dataclass(frozen=True, slots=True)
class ShippableLine:
    """A line of an order: how many of its units are left to be shipped, how many of these wait, and until when."""

    id: UUID
    left: int
    waiting: int = 0
    expected_from: date | None = None

    @property
    def here(self) -> int:
        """How many of its units can be shipped now."""
        return max(0, self.left - self.waiting)


@dataclass(frozen=True, slots=True)
class Shippable:
    """An order as far as shipping goes. ``undecided`` is how far the shipment is whose money is taken first; None
    without one.

    ``hold`` is why nothing of it may leave, ``authorization_ended`` why its money can't be taken any more.
    """

    status: OrderStatus
    lines: Sequence[ShippableLine]
    undecided: ShipmentStatus | None
    hold: Hold | None = None
    authorization_ended: str | None = None

    @property
    def has_left(self) -> bool:
        """Whether anything is left to be shipped."""
        return any(line.left > 0 for line in self.lines)

    @property
    def has_here(self) -> bool:
        """Whether anything can be shipped now."""
        return any(line.here > 0 for line in self.lines)


def plan_shipment(request: ShipmentRequest, order: Shippable) -> Sequence[Units]:
    """What is shipped: all that is here, unless staff chose.

    Raises:
        LineNotFound, TooManyUnitsToShip, UnitsWait, and what ``check_shippable`` raises.
    """
    check_shippable(order)
    if request.units is not None:
        _check_left(request.units, order)
        return request.units
    return [Units(line.id, line.here) for line in order.lines if line.here > 0]


def check_shippable(order: Shippable) -> None:
    """Makes sure that something of an order can be shipped now.

    Raises:
        NotShippable, OrderHeld, AuthorizationEnded, FirstShipmentUndecided, NothingLeftToShip, AllUnitsWait
    """
    _check_status(order)
    if not order.has_left:
        raise NothingLeftToShip
    if not order.has_here:
        raise _all_wait(order)


def _check_status(order: Shippable) -> None:
    if order.status not in _SHIPPABLE:
        raise NotShippable(order.status)
    if order.hold:
        raise OrderHeld(order.status, order.hold)
    if order.authorization_ended:
        raise AuthorizationEnded(order.status, order.authorization_ended)
    if order.undecided in (ShipmentStatus.PENDING, ShipmentStatus.REFUSED):
        raise FirstShipmentUndecided(order.status, order.undecided)


def _all_wait(order: Shippable) -> AllUnitsWait:
    waiting = [line for line in order.lines if line.left > 0]
    days = [line.expected_from for line in waiting if line.expected_from]
    return AllUnitsWait(order.status, sum(line.left for line in waiting), min(days, default=None))


def _check_left(units: Sequence[Units], order: Shippable) -> None:
    lines = {line.id: line for line in order.lines}
    for its in units:
        line = lines.get(its.line_id)
        if line is None:
            raise LineNotFound(its.line_id)
        if its.quantity > line.here:
            raise _too_many(its.quantity, line)


def _too_many(quantity: int, line: ShippableLine) -> TooManyUnitsToShip | UnitsWait:
    if quantity > line.left or not line.waiting:
        return TooManyUnitsToShip(line.id, line.left)
    return UnitsWait(line.id, line.here, line.left - line.here, line.expected_from)


def check_deliverable(status: ShipmentStatus) -> None:
    """Makes sure that a shipment can reach its buyer now.

    Raises:
        NotDeliverable
    """
    if status is not ShipmentStatus.SHIPPED:
        raise NotDeliverable(status)
