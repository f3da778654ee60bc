"""Parcels: what of an order can be sent, and what becomes of the order when it is.

A refunded piece is not sent: of a line, as many pieces are left to be sent as were ordered, less those sent, less those refunded.
Where a line was sent in part and then refunded in part, nobody says which pieces the refund is for; it is taken to be for those
that are still here. So no piece leaves that was refunded before, and never more than was ordered. What waits can't be sent;
a refund is for pieces that wait before it is for those that are here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.ids import try_parse_id
from shared.text import optional_text, text_mistake, trimmed
from subgraphs.orders.domain.authorization import attention_to_ended
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.errors import OrderErrorCode, exceeds_remaining, invalid, order_not_found, wrong_status
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Pieces, parse_pieces, unknown_line
from subgraphs.orders.domain.waiting import waits, when

MAX_TEXT_LENGTH = 100
_SHIPPABLE = frozenset({OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED})


class ShipmentStatus(StrEnum):
    """``ShipmentStatus`` of the SDL."""

    PENDING = "PENDING"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel and what is in it. ``user_id`` is who recorded it."""

    id: UUID
    order_id: UUID
    carrier: str
    tracking_code: str | None
    pieces: Sequence[Pieces]
    user_id: UUID


@dataclass(frozen=True, slots=True)
class AskedShipment:
    """What staff typed, read. ``pieces`` is None for all that is left to be sent."""

    order_id: UUID
    pieces: Sequence[Pieces] | None
    carrier: str
    tracking_code: str | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel and what has become of it."""

    id: UUID
    status: ShipmentStatus


@dataclass(frozen=True, slots=True)
class ShippableLine:
    """A line of an order: how many of its pieces are left to be sent, how many of these wait, and until when."""

    id: UUID
    left: int
    waiting: int = 0
    expected_from: date | None = None

    @property
    def here(self) -> int:
        """How many of its pieces can be sent now."""
        return max(0, self.left - self.waiting)


@dataclass(frozen=True, slots=True)
class Shippable:
    """An order as far as sending goes. ``undecided`` is how far the parcel is whose money is taken first; None without one.

    ``hold`` is why nothing of it may leave, ``authorization_ended`` why its money can't be taken any more.
    """

    status: OrderStatus
    lines: Sequence[ShippableLine]
    undecided: ShipmentStatus | None
    hold: Hold | None = None
    authorization_ended: str | None = None

    @property
    def has_left(self) -> bool:
        """Whether anything is left to be sent."""
        return any(line.left > 0 for line in self.lines)

    @property
    def has_here(self) -> bool:
        """Whether anything can be sent now."""
        return any(line.here > 0 for line in self.lines)


def parse_shipment(typed: Mapping[str, Any]) -> AskedShipment:
    """Reads ``ShipmentCreateInput``.

    Raises:
        UserErrors: naming the field at fault.
    """
    order_id, lines = try_parse_id(typed["order_id"]), typed.get("lines")
    tracking_code = optional_text(typed.get("tracking_code"))
    if order_id is None:
        raise UserErrors(order_not_found())
    return AskedShipment(
        order_id,
        None if lines is None else parse_pieces(lines, "lines"),
        _text(typed["carrier"], "The carrier", "carrier"),
        None if tracking_code is None else _text(tracking_code, "The carrier's number", "trackingCode"),
    )


def _text(typed: str, label: str, field: str) -> str:
    text = trimmed(typed)
    mistake = text_mistake(label, text, MAX_TEXT_LENGTH)
    if mistake is not None:
        raise UserErrors(invalid(mistake, field))
    return text


def parse_shipment_id(typed: str) -> UUID:
    """Reads the id of a shipment.

    Raises:
        UserErrors: when it is none.
    """
    shipment_id = try_parse_id(typed)
    if shipment_id is None:
        raise UserErrors(shipment_not_found())
    return shipment_id


def shipment_not_found() -> UserError:
    """No such shipment."""
    message = "There is no such shipment; take its id from the order's shipments."
    return UserError(OrderErrorCode.SHIPMENT_NOT_FOUND, message, ("shipmentId",))


def plan_shipment(asked: AskedShipment, order: Shippable) -> Sequence[Pieces]:
    """What goes into the parcel: all that is here, unless staff chose.

    Raises:
        UserErrors: when the order's status does not allow it, less is left, or less is here.
    """
    check_shippable(order)
    if asked.pieces is not None:
        _check_left(asked.pieces, order)
        return asked.pieces
    return [Pieces(line.id, line.here) for line in order.lines if line.here > 0]


def check_shippable(order: Shippable) -> None:
    """Makes sure that something of an order can be sent now.

    Raises:
        UserErrors: naming the status and the way out.
    """
    _check_status(order)
    if not order.has_left:
        message = "Nothing of the order is left to be shipped: all of it was shipped or refunded, or is being refunded."
        raise UserErrors(exceeds_remaining(message, "orderId"))
    if not order.has_here:
        raise UserErrors(exceeds_remaining(_all_waits(order), "orderId"))


def _check_status(order: Shippable) -> None:
    if order.status not in _SHIPPABLE:
        raise UserErrors(wrong_status(_no_shipment_while(order.status), "orderId"))
    if order.hold:
        raise UserErrors(wrong_status(f"The order is {order.status} and held. {order.hold.message}", "orderId"))
    if order.authorization_ended:
        message = f"The order is {order.status} and can't be paid. {attention_to_ended(order.authorization_ended)}"
        raise UserErrors(wrong_status(message, "orderId"))
    if order.undecided is ShipmentStatus.PENDING:
        message = f"The order is {order.status} and its money is being taken for its first parcel; ship the rest once that left."
        raise UserErrors(wrong_status(message, "orderId"))
    if order.undecided is ShipmentStatus.REFUSED:
        message = (
            f"The order is {order.status} and its money could not be taken for its first parcel; nothing of it may leave."
            " Call orderRetry when the payment is mended, or cancel the order by orderCancel."
        )
        raise UserErrors(wrong_status(message, "orderId"))


def _no_shipment_while(status: OrderStatus) -> str:
    match status:
        case OrderStatus.PENDING | OrderStatus.AWAITING_PAYMENT_ACTION:
            return f"The order is {status}; ship it when it is CONFIRMED."
        case OrderStatus.SHIPPED | OrderStatus.DELIVERED:
            return f"The order is {status}: all of it has left already."
    return f"The order is {status}: nothing of it may leave any more."


def _all_waits(order: Shippable) -> str:
    waiting = [line for line in order.lines if line.left > 0]
    pieces = sum(line.left for line in waiting)
    days = [line.expected_from for line in waiting if line.expected_from]
    way_out = (
        "cancel the order by orderCancel"
        if order.status is OrderStatus.CONFIRMED
        else "have them refunded by orderRefund"
    )
    return (
        f"Nothing of the order is here to be shipped: {waits(pieces)}, {when(min(days, default=None))}."
        f" Ship them when they have come, or {way_out}."
    )


def _check_left(pieces: Sequence[Pieces], order: Shippable) -> None:
    lines = {line.id: line for line in order.lines}
    for index, piece in enumerate(pieces):
        line = lines.get(piece.line_id)
        if line is None:
            raise UserErrors(unknown_line("lines", str(index), "lineId"))
        if piece.quantity > line.here:
            raise UserErrors(exceeds_remaining(_too_many(piece.quantity, line), "lines", str(index), "quantity"))


def _too_many(quantity: int, line: ShippableLine) -> str:
    if quantity > line.left or not line.waiting:
        return f"Only {line.left} pieces of this line are left to be shipped; lower the quantity."
    waiting = line.left - line.here
    return f"Of this line {line.here} can be shipped now and {waits(waiting)}, {when(line.expected_from)}; lower the quantity."


def check_deliverable(status: ShipmentStatus) -> None:
    """Makes sure that a parcel can reach its buyer now.

    Raises:
        UserErrors: naming the status and the way out.
    """
    match status:
        case ShipmentStatus.DELIVERED:
            raise UserErrors(
                wrong_status("The shipment is DELIVERED already; there is nothing left to do.", "shipmentId")
            )
        case ShipmentStatus.PENDING:
            message = "The shipment is PENDING: its money is being taken first. Try again when it is SHIPPED."
            raise UserErrors(wrong_status(message, "shipmentId"))
        case ShipmentStatus.REFUSED:
            message = "The shipment is REFUSED: its money could not be taken and it must not leave. Look at the order's attention."
            raise UserErrors(wrong_status(message, "shipmentId"))
