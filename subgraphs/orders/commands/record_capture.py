"""Records that somebody took an order's money at the provider itself,
where it was to be taken with the first shipment.
"""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.locked import paid_order
from subgraphs.orders.commands.record_void import RELYING_ON_A_HOLD
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Actor, Cause, Order
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.undertaking import has_open, is_at

# At CAPTURE it is the saga that takes the money.
_NOT_TAKING = RELYING_ON_A_HOLD | {Step.AUTHORIZE, Step.AWAIT_ACTION}
_TAKEN = Cause("its money was taken at the payment provider", Actor.SHOP)


@dataclass(frozen=True, slots=True)
class RecordCapture:
    """So much, in the currency's minor unit, for an attempt at an order."""

    order_id: UUID
    attempt: int
    amount_minor: int


async def record_capture(command: RecordCapture, work: OrdersWork) -> None:
    """Changes nothing where orders took the money itself, or takes it just now."""
    order = await paid_order(command.order_id, command.attempt, work)
    if order is None or order.is_captured or command.amount_minor != order.total_minor:
        return
    if await _is_taken_elsewhere(order, work):
        await work.orders.record_capture(order.id)
        await work.shipments.end_stuck(order.id)
        await work.orders.note(order, _TAKEN)


async def _is_taken_elsewhere(order: Order, work: OrdersWork) -> bool:
    undertakings = await work.sagas.undertakings(order.id)
    return is_at(Kind.ORDER, _NOT_TAKING, undertakings) and not has_open(Kind.SHIPMENT, undertakings)
