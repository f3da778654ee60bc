"""Follows what becomes of an order's held money at the provider itself, where it is to be taken with the first parcel.

Once an order's pieces are sold nobody asks payments of its hold until a parcel is to leave. What ends it meanwhile, a person at the
provider or the bank's time, is heard here: nothing can be taken any more, so the order is undone.
"""

from collections.abc import Collection

from shared.runtime.faults import fault_point
from subgraphs.orders.commands.follow_payments import PaymentChanged, follow_payment, paid_order
from subgraphs.orders.domain.cancellation import hold_ended
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Actor, OrderStatus, statuses_before
from subgraphs.orders.infrastructure.cancellations import ask_to_cancel
from subgraphs.orders.infrastructure.moves import LockedOrder, note
from subgraphs.orders.infrastructure.shipments import end_parcels_under_way, give_up_refused_parcel, set_captured
from subgraphs.orders.infrastructure.undertakings import undertakings_of

# Before them the order's saga asks payments itself; at VOID and after it, it was the saga that let the hold go.
_RELYING_ON_A_HOLD = frozenset({Step.COMMIT, Step.CONFIRMED})
# At CAPTURE it is the saga that takes the money.
_NOT_TAKING = _RELYING_ON_A_HOLD | {Step.AUTHORIZE, Step.AWAIT_ACTION}


class PaymentCaptured(PaymentChanged):
    """Money was taken."""

    amount_minor: int


async def follow_void(event: PaymentChanged) -> None:
    """Has an order ask payments now that waits for its buyer; undoes one that relied on what was held."""
    await follow_payment(event)
    order = await paid_order(event)
    if order is None or order.is_captured or order.status not in statuses_before(OrderStatus.CANCELLING):
        return
    if await _is_at(order, _RELYING_ON_A_HOLD):
        await fault_point("orders.HOLD.before")
        await end_parcels_under_way(order.id)
        reason = "what was held for it was let go at the payment provider"
        await ask_to_cancel(order, hold_ended(), reason, Actor.SHOP, None)
        await fault_point("orders.HOLD.after")


async def follow_capture(event: PaymentCaptured) -> None:
    """Records that somebody took the order's money at the provider itself."""
    order = await paid_order(event)
    if order is None or order.is_captured or event.amount_minor != order.total_minor:
        return
    if await _is_at(order, _NOT_TAKING) and not await _is_taking_for_a_parcel(order):
        await set_captured(order.id)
        await give_up_refused_parcel(order.id)
        await note(
            order.id, order.status, order.status, "its money was taken at the payment provider", Actor.SHOP, None
        )


async def _is_at(order: LockedOrder, steps: Collection[Step]) -> bool:
    undertakings = (await undertakings_of([order.id])).get(order.id, ())
    return any(each.kind is Kind.ORDER and each.step in steps for each in undertakings)


async def _is_taking_for_a_parcel(order: LockedOrder) -> bool:
    undertakings = (await undertakings_of([order.id])).get(order.id, ())
    return any(each.kind is Kind.SHIPMENT and each.is_open for each in undertakings)
