"""Refunds: how much of an order can be given back, and for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.errors import BadUserInput, UserError, UserErrors
from shared.ids import try_parse_id
from shared.money import Money, checked_currency, parse_minor
from shared.text import text_mistake, trimmed
from subgraphs.orders.domain.errors import OrderErrorCode, exceeds_remaining, invalid, order_not_found, wrong_status
from subgraphs.orders.domain.order import OrderStatus

MAX_REASON_LENGTH = 500
_MAX_LINES = 100
_REFUNDABLE = frozenset(
    {OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.DELIVERED}
)


class RefundSource(StrEnum):
    """``OrderRefundSource`` of the SDL: who gave the money back."""

    REQUESTED = "REQUESTED"
    CANCELLATION = "CANCELLATION"
    PROVIDER = "PROVIDER"
    DISPUTE = "DISPUTE"


class RefundStatus(StrEnum):
    """``OrderRefundStatus`` of the SDL."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many pieces of an order's line."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that is given back, and the pieces that it is for, if it is for pieces: then it may be no money.

    ``times_back`` is how often the money came back. ``has_settled_pieces``: what becomes of its pieces is done already.
    ``paid_outside``: how the shop has paid it outside of the provider.
    """

    id: UUID
    order_id: UUID
    amount_minor: int
    reason: str
    is_restocking: bool
    pieces: Sequence[Pieces]
    source: RefundSource = RefundSource.REQUESTED
    times_back: int = 0
    has_settled_pieces: bool = False
    paid_outside: str | None = None


@dataclass(frozen=True, slots=True)
class AskedRefund:
    """What staff typed, read: pieces, or an amount, or neither for all that is left."""

    order_id: UUID
    pieces: Sequence[Pieces]
    amount: Money | None
    is_restocking: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RefundableLine:
    """A line of an order, and how many of its pieces are not refunded yet, nor about to be."""

    id: UUID
    unit_price_minor: int
    left: int


@dataclass(frozen=True, slots=True)
class Refundable:
    """An order as far as giving money back goes. ``given_minor`` counts what was given back and what is being given back.

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
        """How much can still be given back."""
        return max(self.total_minor - self.given_minor - self.disputed_minor, 0)

    @property
    def has_pieces(self) -> bool:
        """Whether pieces are left that no refund is for."""
        return any(line.left > 0 for line in self.lines)

    @property
    def is_with_the_bank(self) -> bool:
        """Whether nothing can be given back before the buyer's bank has decided on what it took."""
        return self.disputed_minor > 0 and self.left_minor == 0


def parse_refund(typed: Mapping[str, Any]) -> AskedRefund:
    """Reads ``OrderRefundInput``.

    Raises:
        UserErrors: naming the field at fault.
    """
    order_id, lines, amount = try_parse_id(typed["order_id"]), typed.get("lines"), typed.get("amount")
    if order_id is None:
        raise UserErrors(order_not_found())
    if lines is not None and amount is not None:
        raise UserErrors(invalid("Give back either for lines or an amount: leave one of the two out.", "amount"))
    if amount is not None and typed["restock"]:
        raise UserErrors(
            invalid("An amount stands for no pieces: name the lines to put them back into stock.", "restock")
        )
    pieces = parse_pieces(lines, "lines") if lines is not None else ()
    reason = parse_reason(typed["reason"])
    return AskedRefund(order_id, pieces, _amount(amount) if amount is not None else None, typed["restock"], reason)


def parse_reason(typed: str) -> str:
    """Reads why something is done.

    Raises:
        UserErrors: when it is no text as ``shared.text`` has it.
    """
    reason = trimmed(typed)
    mistake = text_mistake("The reason", reason, MAX_REASON_LENGTH)
    if mistake is not None:
        raise UserErrors(invalid(mistake, "reason"))
    return reason


def parse_pieces(typed: Sequence[Mapping[str, Any]], field: str) -> Sequence[Pieces]:
    """Reads lines with their quantities.

    Raises:
        UserErrors: when there are none or too many, one comes twice, an id is malformed or a quantity less than 1.
    """
    if not 1 <= len(typed) <= _MAX_LINES:
        raise UserErrors(invalid(f"Name 1 to {_MAX_LINES} lines.", field))
    pieces = [_pieces(line, field, str(index)) for index, line in enumerate(typed)]
    seen: set[UUID] = set()
    for index, piece in enumerate(pieces):
        if piece.line_id in seen:
            raise UserErrors(invalid("This line comes twice; add the two up.", field, str(index), "lineId"))
        seen.add(piece.line_id)
    return pieces


def _pieces(typed: Mapping[str, Any], *field: str) -> Pieces:
    line_id = try_parse_id(typed["line_id"])
    if line_id is None:
        raise UserErrors(unknown_line(*field, "lineId"))
    if typed["quantity"] < 1:
        raise UserErrors(
            UserError(OrderErrorCode.QUANTITY_OUT_OF_RANGE, "Enter at least 1 piece.", (*field, "quantity"))
        )
    return Pieces(line_id, typed["quantity"])


def unknown_line(*field: str) -> UserError:
    """The order has no line with this id."""
    return UserError(OrderErrorCode.LINE_NOT_FOUND, "The order has no such line; ask for the order's lines.", field)


def _amount(typed: Mapping[str, str]) -> Money:
    amount = parse_amount(typed)
    if amount.minor == 0:
        raise UserErrors(invalid("Enter an amount greater than 0.", "amount", "amount"))
    return amount


def parse_amount(typed: Mapping[str, str]) -> Money:
    """Reads ``MoneyInput`` of a field ``amount``; it may be 0.

    Raises:
        UserErrors: naming the part at fault.
    """
    try:
        currency = checked_currency(typed["currency"], ("amount", "currency"))
        minor = parse_minor(typed["amount"], currency, ("amount", "amount"))
    except BadUserInput as error:
        raise UserErrors(invalid(error.message, *(error.field or ()))) from error
    if minor < 0:
        raise UserErrors(invalid("Enter an amount that is not negative.", "amount", "amount"))
    return Money(minor, currency)


def plan_refund(refund_id: UUID, asked: AskedRefund, order: Refundable) -> Refund:
    """What is given back.

    Raises:
        UserErrors: when the order's status does not allow it, or less is left.
    """
    check_refundable(order)
    if asked.amount:
        return _refund(refund_id, asked, _checked_amount(asked.amount, order), ())
    if asked.pieces:
        return _refund(refund_id, asked, _worth(asked.pieces, order), asked.pieces)
    left = [Pieces(line.id, line.left) for line in order.lines if line.left > 0]
    return _refund(refund_id, asked, order.left_minor, left)


def _refund(refund_id: UUID, asked: AskedRefund, amount_minor: int, pieces: Sequence[Pieces]) -> Refund:
    return Refund(refund_id, asked.order_id, amount_minor, asked.reason, asked.is_restocking, pieces)


def check_refundable(order: Refundable) -> None:
    """Makes sure that something of an order's money can be given back now, or that pieces are left to be closed without any.

    Raises:
        UserErrors: naming the status and the way out.
    """
    is_refunded_with_pieces = order.status is OrderStatus.REFUNDED and order.has_pieces
    if not may_be_refunded(order.status) and not is_refunded_with_pieces:
        raise UserErrors(wrong_status(_no_refund_while(order.status), "orderId"))
    if not order.is_captured:
        message = f"The order is {order.status} and its money is taken with the first parcel; cancel it by orderCancel instead."
        raise UserErrors(wrong_status(message, "orderId"))
    if order.left_minor == 0 and (order.disputed_minor or not order.has_pieces):
        raise UserErrors(exceeds_remaining(_nothing_left(order), "orderId"))


def can_be_refunded(order: Refundable) -> bool:
    """Whether something of an order's money can be given back now, by ``orderRefund``."""
    try:
        check_refundable(order)
    except UserErrors:
        return False
    return order.left_minor > 0


def may_be_refunded(status: OrderStatus) -> bool:
    """Whether money of an order with this status can be given back by a refund."""
    return status in _REFUNDABLE


def _nothing_left(order: Refundable) -> str:
    if order.disputed_minor:
        return "Nothing is left to give back: the buyer's bank has the rest until it has decided the dispute."
    return "Nothing is left to give back; look at the order's refunds."


def _no_refund_while(status: OrderStatus) -> str:
    match status:
        case OrderStatus.REFUNDED:
            return (
                "The order is REFUNDED: all of its money was given back already, and all of its pieces are dealt with."
            )
        case OrderStatus.CANCELLING | OrderStatus.CANCELLED:
            return f"The order is {status}: all that was paid is given back without a refund."
    return f"The order is {status}: nothing was paid yet. Cancel it by orderCancel instead."


def _checked_amount(amount: Money, order: Refundable) -> int:
    if amount.currency != order.currency:
        message = f"The order is in {order.currency}; enter the amount in {order.currency}."
        raise UserErrors(UserError(OrderErrorCode.CURRENCY_MISMATCH, message, ("amount", "currency")))
    if amount.minor > order.left_minor:
        raise UserErrors(exceeds_remaining(_too_much(order), "amount", "amount"))
    return amount.minor


def _worth(pieces: Sequence[Pieces], order: Refundable) -> int:
    """Their price, or what is left of the order's money, some of which was given back as an amount. A bank gives its part back."""
    price_minor = _price(pieces, order)
    if order.disputed_minor and price_minor > order.left_minor:
        raise UserErrors(exceeds_remaining(_too_much(order), "lines"))
    return min(price_minor, order.left_minor)


def _price(pieces: Sequence[Pieces], order: Refundable) -> int:
    lines = {line.id: line for line in order.lines}
    for index, piece in enumerate(pieces):
        line = lines.get(piece.line_id)
        if line is None:
            raise UserErrors(unknown_line("lines", str(index), "lineId"))
        if piece.quantity > line.left:
            message = f"Only {line.left} pieces of this line are not refunded yet; lower the quantity."
            raise UserErrors(exceeds_remaining(message, "lines", str(index), "quantity"))
    return sum(lines[piece.line_id].unit_price_minor * piece.quantity for piece in pieces)


def _too_much(order: Refundable) -> str:
    left = Money(order.left_minor, order.currency)
    if order.disputed_minor:
        return (
            f"Only {left.amount} {left.currency} can be given back while the buyer's bank has the rest;"
            " give back an amount up to that, or wait until the bank has decided."
        )
    if order.left_minor == 0:
        return "Nothing is left to give back; pieces that are left are closed by a refund of their lines."
    return f"Only {left.amount} {left.currency} of the order's money is left to give back; lower the amount."
