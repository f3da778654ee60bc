"""Undoes an order whose held money was let go at the provider, where it was to be taken with the first shipment.

Once an order's units are sold nobody asks payments of its hold until a shipment is to leave. What ends it meanwhile, a
person at the provider or the bank's time, is told: nothing can be taken any more, so the order is undone.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.runtime.faults import fault_point
from subgraphs.orders.commands.locked import paid_order
from subgraphs.orders.domain.cancellation import hold_ended
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Actor, Cause
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.undertaking import is_at

# Before them the order's saga asks payments itself; at VOID and after it, it was the saga that let the hold go.
RELYING_ON_A_HOLD = frozenset({Step.COMMIT, Step.CONFIRMED})
_HOLD_ENDED = Cause("what was held for it was let go at the payment provider", Actor.SHOP)


@dataclass(frozen=True, slots=True)
class RecordVoid:
    """Of an attempt at an order."""

    order_id: UUID
    attempt: int


async def record_void(command: RecordVoid, work: OrdersWork) -> None:
    """Has an order ask payments now that waits for its buyer; undoes one that relied on what was held."""
    await work.sagas.wake(command.order_id)
    order = await paid_order(command.order_id, command.attempt, work)
    if order is None or order.is_captured or not order.may_be_cancelled:
        return
    if is_at(Kind.ORDER, RELYING_ON_A_HOLD, await work.sagas.undertakings(order.id)):
        await fault_point("orders.HOLD.before")
        await work.shipments.end_open(order.id)
        await work.orders.request_cancellation(order, hold_ended(), _HOLD_ENDED)
        await fault_point("orders.HOLD.after")
