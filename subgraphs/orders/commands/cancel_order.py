"""Cancels an order: asks its saga to turn round."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.errors import UserErrors
from shared.ids import try_parse_id
from subgraphs.orders.domain.cancellation import asked_for_by
from subgraphs.orders.domain.errors import order_not_found, wrong_status
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.order import OrderStatus, Person, statuses_before
from subgraphs.orders.domain.refund import parse_reason
from subgraphs.orders.infrastructure.cancellations import ask_to_cancel
from subgraphs.orders.infrastructure.moves import LockedOrder, lock_order
from subgraphs.orders.infrastructure.sagas import give_up_stuck, has_open


@dataclass(frozen=True, slots=True)
class AskedCancellation:
    """Which order, and why in the words of whoever asks."""

    order_id: UUID
    reason: str | None


def parse_cancellation(typed: Mapping[str, Any]) -> AskedCancellation:
    """Reads ``OrderCancelInput``.

    Raises:
        UserErrors: naming the field at fault.
    """
    order_id, reason = try_parse_id(typed["order_id"]), typed.get("reason")
    if order_id is None:
        raise UserErrors(order_not_found())
    return AskedCancellation(order_id, None if reason is None else parse_reason(reason))


async def cancel_order(asked: AskedCancellation, person: Person) -> None:
    """Records that an order is to be cancelled; its saga does the rest. Call it in a transaction.

    Raises:
        UserErrors: when there is no such order for this person, or it can't be cancelled any more; then nothing was changed.
    """
    order = await lock_order(asked.order_id)
    if order is None or not person.may_see(order.customer_id):
        raise UserErrors(order_not_found())
    await _check(order)
    await give_up_stuck(order.id, Kind.REFUND, Kind.SHIPMENT)
    actor = person.acting_on(order.customer_id)
    cancellation = asked_for_by(actor)
    await ask_to_cancel(order, cancellation, asked.reason or cancellation.code, actor, person.user_id)


async def _check(order: LockedOrder) -> None:
    if order.status not in statuses_before(OrderStatus.CANCELLING):
        raise UserErrors(wrong_status(_no_cancellation_of(order.status), "orderId"))
    if await has_open(order.id, Kind.REFUND):
        message = f"The order is {order.status} and a refund of it is under way; cancel it when the refund is DONE or FAILED."
        raise UserErrors(wrong_status(message, "orderId"))
    if await has_open(order.id, Kind.SHIPMENT):
        message = f"The order is {order.status} and a parcel of it is about to leave; ask for a refund when it has."
        raise UserErrors(wrong_status(message, "orderId"))


def _no_cancellation_of(status: OrderStatus) -> str:
    match status:
        case OrderStatus.CANCELLING | OrderStatus.CANCELLED:
            return f"The order is {status} already; there is nothing left to do."
        case OrderStatus.REFUNDED:
            return "The order is REFUNDED: all of its money was given back already."
    return f"The order is {status}: a part of it has left already. Ask the shop for a refund instead."
