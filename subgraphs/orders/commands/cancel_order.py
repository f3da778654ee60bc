"""Cancels an order: asks its saga to turn round."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.locked import locked_order
from subgraphs.orders.domain.cancellation import asked_for_by
from subgraphs.orders.domain.order import Cause, Person
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.rejections import OrderNotFound
from subgraphs.orders.domain.undertaking import check_cancellable


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Which order, who wants it cancelled, and why in their words."""

    order_id: UUID
    person: Person
    reason: str | None


async def cancel_order(command: CancelOrder, work: OrdersWork) -> UUID:
    """Records that an order is to be cancelled, and answers its id; its saga does the rest.

    Raises:
        OrderNotFound, NotCancellable, RefundUnderWay, ShipmentUnderWay
    """
    order, person = await locked_order(command.order_id, work), command.person
    if not person.may_see(order):
        raise OrderNotFound(order.id)
    check_cancellable(order.status, await work.sagas.undertakings(order.id))
    await work.refunds.end_for_cancellation(order.id)
    await work.shipments.end_stuck(order.id)
    actor = person.acting_on(order)
    cancellation = asked_for_by(actor, order.is_captured)
    cause = Cause(command.reason or cancellation.code, actor, person.user_id)
    await work.orders.request_cancellation(order, cancellation, cause)
    return order.id
